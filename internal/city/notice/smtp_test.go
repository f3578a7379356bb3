package notice_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/notice"
	"gorod/internal/platform/job"
	"gorod/internal/platform/see"
)

// mailServer speaks SMTP once on a free port: it answers RCPT as told and gives
// the letter that it received.
func mailServer(t *testing.T, recipient string) (port int, letter <-chan string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	received := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		in := bufio.NewReader(conn)
		fmt.Fprint(conn, "220 test\r\n")
		for {
			line, err := in.ReadString('\n')
			if err != nil {
				return
			}
			switch verb := strings.ToUpper(line[:4]); verb {
			case "EHLO":
				fmt.Fprint(conn, "250-test\r\n250 8BITMIME\r\n")
			case "RCPT":
				fmt.Fprint(conn, recipient+"\r\n")
			case "DATA":
				fmt.Fprint(conn, "354 go on\r\n")
				var body strings.Builder
				for {
					line, err := in.ReadString('\n')
					if err != nil || line == ".\r\n" {
						break
					}
					body.WriteString(strings.TrimPrefix(line, "."))
				}
				received <- body.String()
				fmt.Fprint(conn, "250 taken\r\n")
			case "QUIT":
				fmt.Fprint(conn, "221 bye\r\n")
				return
			default:
				fmt.Fprint(conn, "250 ok\r\n")
			}
		}
	}()
	return listener.Addr().(*net.TCPAddr).Port, received
}

func mailer(port int) notice.Mailer {
	return notice.Mailer{Host: "127.0.0.1", Port: port, Security: notice.Plain, From: "robot@zarechny.example", Name: "Город Заречный", Timeout: 5 * time.Second}
}

func sample() notice.Mail {
	return notice.Mail{ID: "notice-1-7", To: "anna@z.example", Language: "ru", Subject: "№ 24 017: пришёл ответ", Text: "Здравствуйте!\n\nСветло.",
		HTML: "<p>Здравствуйте!</p>", Unsubscribe: "https://zarechny.example/off/p1-abc"}
}

func TestALetterArrivesWholeInTextAndHTML(t *testing.T) {
	t.Parallel()
	port, received := mailServer(t, "250 ok")
	must(t, mailer(port).Deliver(context.Background(), sample()))
	letter, err := mail.ReadMessage(strings.NewReader(<-received))
	must(t, err)
	subject, err := new(mime.WordDecoder).DecodeHeader(letter.Header.Get("Subject"))
	must(t, err)
	from, err := mail.ParseAddress(letter.Header.Get("From"))
	must(t, err)
	for name, pair := range map[string][2]string{
		"Subject":               {subject, "№ 24 017: пришёл ответ"},
		"To":                    {letter.Header.Get("To"), "<anna@z.example>"},
		"From name":             {from.Name, "Город Заречный"},
		"Message-ID":            {letter.Header.Get("Message-ID"), "<notice-1-7@zarechny.example>"},
		"List-Unsubscribe":      {letter.Header.Get("List-Unsubscribe"), "<https://zarechny.example/off/p1-abc>"},
		"List-Unsubscribe-Post": {letter.Header.Get("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click"},
		"Auto-Submitted":        {letter.Header.Get("Auto-Submitted"), "auto-generated"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %q, want %q", name, pair[0], pair[1])
		}
	}
	_, params, err := mime.ParseMediaType(letter.Header.Get("Content-Type"))
	must(t, err)
	parts := multipart.NewReader(letter.Body, params["boundary"])
	for _, want := range []string{"Здравствуйте!\n\nСветло.", "<p>Здравствуйте!</p>"} {
		part, err := parts.NextRawPart()
		must(t, err)
		body, err := io.ReadAll(quotedprintable.NewReader(part))
		must(t, err)
		if got := strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", "\n"); got != want {
			t.Errorf("part %q, want %q", got, want)
		}
	}
}

func TestARefusalOfAMailServerRepeatsNoAddress(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		answer   string
		hopeless bool
	}{
		{"550 5.1.1 <anna@z.example>: no such user here", true},
		{"450 4.2.1 anna@z.example is over quota", false},
	} {
		port, _ := mailServer(t, c.answer)
		err := mailer(port).Deliver(context.Background(), sample())
		if err == nil || strings.Contains(err.Error(), "anna") || errors.Is(err, job.ErrHopeless) != c.hopeless {
			t.Errorf("%s gave %v", c.answer, err)
		}
		if err != nil && !strings.Contains(err.Error(), c.answer[:3]) {
			t.Errorf("the code is lost: %v", err)
		}
	}
}

func TestABrokenAddressIsHopeless(t *testing.T) {
	t.Parallel()
	letter := sample()
	letter.To = "anna@z.example\r\nBcc: boris@z.example"
	err := mailer(1).Deliver(context.Background(), letter)
	if !errors.Is(err, job.ErrHopeless) || strings.Contains(err.Error(), "anna") {
		t.Errorf("got %v", err)
	}
}

func TestAServerWithoutEncryptionGetsNothing(t *testing.T) {
	t.Parallel()
	port, received := mailServer(t, "250 ok")
	m := mailer(port)
	m.Security = notice.StartTLS
	if err := m.Deliver(context.Background(), sample()); err == nil {
		t.Error("sent in the clear")
	}
	select {
	case <-received:
		t.Error("a letter arrived")
	default:
	}
}

func TestAnSMSIsPostedAsTheProviderWantsIt(t *testing.T) {
	t.Parallel()
	var got, kind, key string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got, kind, key = string(body), r.Header.Get("Content-Type"), r.Header.Get("Authorization")
		fmt.Fprint(w, `{"status":"OK"}`)
	}))
	t.Cleanup(server.Close)
	g := notice.HTTPGateway{URL: server.URL, Expect: `"OK"`,
		Fields:  map[string]see.Secret{"to": "{digits}", "msg": "{text}", "api_id": "key-1"},
		Headers: map[string]see.Secret{"Authorization": "Bearer key-2"}}
	must(t, g.Send(context.Background(), "+79213456789", "код & {phone}"))
	if got != "api_id=key-1&msg=%D0%BA%D0%BE%D0%B4+%26+%7Bphone%7D&to=79213456789" || kind != "application/x-www-form-urlencoded" || key != "Bearer key-2" {
		t.Errorf("posted %s as %s with %s", got, kind, key)
	}
	g.JSON, g.Fields = true, map[string]see.Secret{"phone": "{phone}", "text": "{text}"}
	must(t, g.Send(context.Background(), "+79213456789", `"<код>"`))
	if got != "{\"phone\":\"+79213456789\",\"text\":\"\\\"\\u003cкод\\u003e\\\"\"}\n" || kind != "application/json" {
		t.Errorf("posted %s as %s", got, kind)
	}
	if s := fmt.Sprintf("%+v", g); strings.Contains(s, "key-2") {
		t.Error("the key is printed")
	}
}

func TestAGatewaysRefusalRepeatsNothing(t *testing.T) {
	t.Parallel()
	status := 200
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status == http.StatusFound {
			http.Redirect(w, r, "http://elsewhere.example/?phone=79213456789", status)
			return
		}
		w.WriteHeader(status)
		fmt.Fprint(w, "79213456789 is not a phone")
	}))
	t.Cleanup(server.Close)
	g := notice.HTTPGateway{URL: server.URL + "/?key=secret-key", Expect: "OK", Fields: map[string]see.Secret{"to": "{phone}"}}
	for code, hopeless := range map[int]bool{200: false, 302: false, 400: true, 422: true, 401: false, 429: false, 503: false} {
		status = code
		err := g.Send(context.Background(), "+79213456789", "код")
		if err == nil || errors.Is(err, job.ErrHopeless) != hopeless || strings.Contains(err.Error(), "345") {
			t.Errorf("%d: %v", code, err)
		}
	}
	server.Close()
	for _, url := range []string{g.URL, "://secret-key"} {
		g.URL = url
		if err := g.Send(context.Background(), "+79213456789", "код"); err == nil || strings.Contains(err.Error(), "secret-key") {
			t.Errorf("a silent gateway: %v", err)
		}
	}
}
