package see_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
)

const secret = "k7secret9planted"

// logged serves one request through the middleware and gives the answer and
// the lines of the log.
func logged(t *testing.T, handler http.HandlerFunc, r *http.Request) (*httptest.ResponseRecorder, []map[string]any, string) {
	t.Helper()
	var out bytes.Buffer
	log, err := see.Logger(&out, "json", "debug")
	if err != nil {
		t.Fatal(err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /follow/{secret}", handler)
	mux.HandleFunc("GET /follow/{secret}", handler)
	routeOf := func(r *http.Request) string { _, pattern := mux.Handler(r); return pattern }
	rec := httptest.NewRecorder()
	see.Requests(log, nil, routeOf)(mux).ServeHTTP(rec, r)
	var lines []map[string]any
	for text := range strings.Lines(out.String()) {
		var line map[string]any
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatalf("line %q: %v", text, err)
		}
		lines = append(lines, line)
	}
	return rec, lines, out.String()
}

func TestARequestIsOneLine(t *testing.T) {
	t.Parallel()
	rec, lines, _ := logged(t, func(w http.ResponseWriter, r *http.Request) {
		line := see.LineOf(r.Context())
		line.Who("moderator 17")
		line.Add(slog.Int("photos", 3))
		w.WriteHeader(http.StatusCreated)
		io.WriteString(w, "four")
	}, httptest.NewRequest("POST", "/follow/abc", nil))
	if len(lines) != 1 {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	l := lines[0]
	want := map[string]any{"msg": "request", "method": "POST", "route": "POST /follow/{secret}", "status": 201.0,
		"bytes": 4.0, "who": "moderator 17", "photos": 3.0, "level": "INFO"}
	for key, value := range want {
		if l[key] != value {
			t.Errorf("%s is %v, want %v", key, l[key], value)
		}
	}
	if id := rec.Header().Get(see.HeaderID); len(id) != 10 || l["id"] != id {
		t.Errorf("answer says id %q, line says %v", id, l["id"])
	}
	if _, ok := l["took"].(float64); !ok {
		t.Errorf("took is %v", l["took"])
	}
}

func TestASecretInARequestIsNeverLogged(t *testing.T) {
	t.Parallel()
	ask := func(change func(r *http.Request)) *http.Request {
		r := httptest.NewRequest("POST", "/follow/abc", strings.NewReader("x=1"))
		change(r)
		return r
	}
	cases := map[string]*http.Request{
		"path":            httptest.NewRequest("POST", "/follow/"+secret, nil),
		"unmatched path":  httptest.NewRequest("POST", "/"+secret+"/x/y", nil),
		"query":           httptest.NewRequest("POST", "/follow/abc?key="+secret, nil),
		"header":          ask(func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+secret) }),
		"cookie":          ask(func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "session", Value: secret}) }),
		"referrer":        ask(func(r *http.Request) { r.Header.Set("Referer", "https://city.example/follow/"+secret) }),
		"request id":      ask(func(r *http.Request) { r.Header.Set(see.HeaderID, secret) }),
		"body":            httptest.NewRequest("POST", "/follow/abc", strings.NewReader(secret)),
		"host":            ask(func(r *http.Request) { r.Host = secret + ".example" }),
		"invented method": ask(func(r *http.Request) { r.Method = strings.ToUpper(secret) }),
	}
	handlers := map[string]http.HandlerFunc{
		"answered": func(w http.ResponseWriter, r *http.Request) { io.Copy(io.Discard, r.Body) },
		"refused": func(w http.ResponseWriter, r *http.Request) {
			see.LineOf(r.Context()).Fail(fault.Invalid.Field("text", "problem.text", secret))
			w.WriteHeader(http.StatusUnprocessableEntity)
		},
		"failed": func(w http.ResponseWriter, r *http.Request) {
			see.LineOf(r.Context()).Fail(errors.New("disk is full"))
			w.WriteHeader(http.StatusInternalServerError)
		},
		"panicked": func(http.ResponseWriter, *http.Request) { panic("no such row") },
	}
	for place, r := range cases {
		for outcome, handler := range handlers {
			_, lines, text := logged(t, handler, r.Clone(r.Context()))
			if len(lines) != 1 {
				t.Errorf("%s, %s: %d lines", place, outcome, len(lines))
			}
			if strings.Contains(strings.ToLower(text), secret) {
				t.Errorf("%s, %s: the secret is in the log: %s", place, outcome, text)
			}
		}
	}
}

func TestARefusalIsLoggedByItsKind(t *testing.T) {
	t.Parallel()
	_, lines, _ := logged(t, func(w http.ResponseWriter, r *http.Request) {
		see.LineOf(r.Context()).Fail(fmt.Errorf("send: %w", fault.Conflict.New("problem.changed", "typed words")))
		w.WriteHeader(http.StatusConflict)
	}, httptest.NewRequest("POST", "/follow/a", nil))
	if lines[0]["fault"] != "conflict" || lines[0]["phrase"] != "problem.changed" || lines[0]["error"] != nil {
		t.Errorf("line is %v", lines[0])
	}
}

func TestAFailureIsLoggedWithItsError(t *testing.T) {
	t.Parallel()
	_, lines, _ := logged(t, func(w http.ResponseWriter, r *http.Request) {
		see.LineOf(r.Context()).Fail(errors.New("disk is full"))
		w.WriteHeader(http.StatusInternalServerError)
	}, httptest.NewRequest("GET", "/follow/a", nil))
	if l := lines[0]; l["error"] != "disk is full" || l["fault"] != "internal" || l["level"] != "ERROR" {
		t.Errorf("line is %v", l)
	}
}

func TestAPanicBecomesALineAndAnAnswer(t *testing.T) {
	t.Parallel()
	rec, lines, _ := logged(t, func(http.ResponseWriter, *http.Request) { panic("lost the thread") },
		httptest.NewRequest("GET", "/follow/a", nil))
	if rec.Code != 500 || lines[0]["status"] != 500.0 {
		t.Errorf("answered %d, logged %v", rec.Code, lines[0]["status"])
	}
	if said, _ := lines[0]["error"].(string); !strings.Contains(said, "lost the thread") || !strings.Contains(said, "see_test.go") {
		t.Errorf("error is %q", said)
	}
}

func TestAHandlerMayBreakOffItsAnswer(t *testing.T) {
	t.Parallel()
	defer func() {
		if p := recover(); p != http.ErrAbortHandler {
			t.Errorf("net/http is told %v", p)
		}
	}()
	logged(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, httptest.NewRequest("GET", "/follow/a", nil))
	t.Error("the panic was swallowed")
}

func TestAnAskerWhoLeftIsTold(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, lines, _ := logged(t, func(http.ResponseWriter, *http.Request) {}, httptest.NewRequest("GET", "/follow/a", nil).WithContext(ctx))
	if lines[0]["status"] != 499.0 {
		t.Errorf("status is %v", lines[0]["status"])
	}
}

func TestAnAnswerStillStreams(t *testing.T) {
	t.Parallel()
	rec, lines, _ := logged(t, func(w http.ResponseWriter, r *http.Request) {
		if err := http.NewResponseController(w).Flush(); err != nil {
			t.Error(err)
		}
		io.Copy(w, strings.NewReader("a photo"))
	}, httptest.NewRequest("GET", "/follow/a", nil))
	if !rec.Flushed || lines[0]["bytes"] != 7.0 || lines[0]["status"] != 200.0 {
		t.Errorf("flushed %v, line %v", rec.Flushed, lines[0])
	}
}

func TestOutsideARequestALineIsThrownAway(t *testing.T) {
	t.Parallel()
	line := see.LineOf(context.Background())
	line.Who("nobody")
	line.Fail(errors.New("unheard"))
}

func TestAJobIsOneLine(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, _ := see.Logger(&out, "json", "info")
	registry := prometheus.NewRegistry()
	metrics, err := see.NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	done := see.Jobs(log, metrics)
	done(context.Background(), see.Job{Kind: "notice.send", ID: 7, Attempt: 2}, time.Second, errors.New("gateway is away"))
	done(context.Background(), see.Job{Kind: "notice.send", ID: 8, Attempt: 1}, time.Second, nil)
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 2 || !strings.Contains(lines[0], `"result":"failed"`) || !strings.Contains(lines[0], `"attempt":2`) ||
		!strings.Contains(lines[0], "gateway is away") || !strings.Contains(lines[1], `"result":"done"`) {
		t.Errorf("log is %s", out.String())
	}
	if page := scrape(t, registry); !strings.Contains(page, `gorod_job_seconds_count{kind="notice.send",result="failed"} 1`) {
		t.Errorf("metrics are %s", page)
	}
}

func scrape(t *testing.T, registry *prometheus.Registry) string {
	t.Helper()
	rec := httptest.NewRecorder()
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.RemoteAddr = "127.0.0.1:5000"
	see.MetricsPage(registry, "").ServeHTTP(rec, r)
	return rec.Body.String()
}

func TestRequestsAreCountedByRouteAndClass(t *testing.T) {
	t.Parallel()
	registry := see.Registry()
	metrics, err := see.NewMetrics(registry)
	if err != nil {
		t.Fatal(err)
	}
	handler := see.Requests(slog.New(slog.DiscardHandler), metrics, func(*http.Request) string { return "GET /problem/{number}" })(http.NotFoundHandler())
	for range 3 {
		handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/problem/"+secret, nil))
	}
	page := scrape(t, registry)
	if !strings.Contains(page, `gorod_request_seconds_count{class="4xx",method="GET",route="GET /problem/{number}"} 3`) {
		t.Errorf("metrics are %s", page)
	}
	if !strings.Contains(page, "go_goroutines") || strings.Contains(page, secret) {
		t.Error("metrics lack Go's figures or hold a path")
	}
	if _, err := see.NewMetrics(registry); err == nil {
		t.Error("one registry took the figures twice")
	}
}

func TestMetricsAreForWhoMayReadThem(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, from, token, header, value string
		want                             int
	}{
		{"this machine", "127.0.0.1:1", "", "", "", 200},
		{"this machine, six", "[::1]:1", "", "", "", 200},
		{"another machine", "192.0.2.7:1", "", "", "", 404},
		{"through a proxy here", "127.0.0.1:1", "", "X-Forwarded-For", "192.0.2.7", 404},
		{"with the token", "192.0.2.7:1", "t0ken", "Authorization", "Bearer t0ken", 200},
		{"with a wrong token", "127.0.0.1:1", "t0ken", "Authorization", "Bearer token", 404},
		{"without the token", "127.0.0.1:1", "t0ken", "", "", 404},
		{"an address of nobody", "nowhere", "", "", "", 404},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest("GET", "/metrics", nil)
			r.RemoteAddr = c.from
			if c.header != "" {
				r.Header.Set(c.header, c.value)
			}
			rec := httptest.NewRecorder()
			see.MetricsPage(prometheus.NewRegistry(), see.Secret(c.token)).ServeHTTP(rec, r)
			if rec.Code != c.want {
				t.Errorf("answered %d, want %d", rec.Code, c.want)
			}
		})
	}
}

func TestMaskedTypesMaskThemselves(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	for _, format := range []string{"text", "json"} {
		log, _ := see.Logger(&out, format, "info")
		log.Info("m", "a", see.Phone("+79210001122"), "b", see.Email("who@city.example"), "c", see.Secret(secret))
		log.Info("m", "phone", "+79210001122", "reply_email", "who@city.example", "Cookie", secret, "follow_token", secret, "URL", "/"+secret)
	}
	all := out.String() + fmt.Sprint(see.Secret(secret)) + fmt.Sprintf("%v %+v %#v %q", see.Secret(secret), struct{ S see.Secret }{see.Secret(secret)}, see.Secret(secret), see.Secret(secret))
	packed, err := json.Marshal(map[string]any{"s": see.Secret(secret)})
	if err != nil {
		t.Fatal(err)
	}
	all += string(packed)
	for _, word := range []string{"7921", "who@", secret} {
		if strings.Contains(all, word) {
			t.Errorf("%q is in %s", word, all)
		}
	}
	if got := see.Secret("").LogValue().String(); got != "" {
		t.Errorf("no secret is shown as %q", got)
	}
	if got := see.Secret(secret).Reveal(); got != secret {
		t.Errorf("revealed %q", got)
	}
}

func TestALoggerIsNotMadeOfNonsense(t *testing.T) {
	t.Parallel()
	if _, err := see.Logger(io.Discard, "json", "loud"); err == nil {
		t.Error("level loud was taken")
	}
	if _, err := see.Logger(io.Discard, "xml", "info"); err == nil {
		t.Error("format xml was taken")
	}
	var out bytes.Buffer
	log, err := see.Logger(&out, "auto", "info")
	if err != nil {
		t.Fatal(err)
	}
	log.Debug("quiet")
	log.Info("heard")
	if !strings.HasPrefix(out.String(), "{") || strings.Contains(out.String(), "quiet") {
		t.Errorf("log is %s", out.String())
	}
}

func TestHealthzAsksNobody(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	see.Healthz().ServeHTTP(rec, httptest.NewRequest("GET", "/healthz", nil))
	if rec.Code != 200 || rec.Body.String() != "ok\n" {
		t.Errorf("answered %d %q", rec.Code, rec.Body)
	}
}

func TestReadyzTellsWhatIsAmissAndNoSecret(t *testing.T) {
	t.Parallel()
	well := see.Check{Name: "queue", Test: func(context.Context) error { return nil }}
	cases := []struct {
		name  string
		check see.Check
		ready bool
	}{
		{"well", see.Check{Name: "database", Test: func(context.Context) error { return nil }}, true},
		{"failing", see.Check{Name: "database", Test: func(context.Context) error { return errors.New("postgres://u:" + secret + "@h") }}, false},
		{"panicking", see.Check{Name: "database", Test: func(context.Context) error { panic(secret) }}, false},
		{"too slow", see.Check{Name: "database", Timeout: time.Millisecond, Test: func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rec := httptest.NewRecorder()
			see.Readyz(c.check, well).ServeHTTP(rec, httptest.NewRequest("GET", "/readyz", nil))
			var body struct {
				Ready  bool
				Checks map[string]struct{ OK bool }
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if body.Ready != c.ready || body.Checks["database"].OK != c.ready || !body.Checks["queue"].OK || (rec.Code == 200) != c.ready {
				t.Errorf("answered %d %s", rec.Code, rec.Body)
			}
			if strings.Contains(rec.Body.String(), secret) {
				t.Errorf("the secret is in %s", rec.Body)
			}
		})
	}
}

func TestACheckThatHangsIsNotStartedAgain(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	starts := make(chan struct{}, 2)
	ready := see.Readyz(see.Check{Name: "disk", Timeout: time.Millisecond, Test: func(context.Context) error {
		starts <- struct{}{}
		<-release
		return nil
	}})
	for range 2 {
		rec := httptest.NewRecorder()
		ready.ServeHTTP(rec, httptest.NewRequest("GET", "/readyz", nil))
		if rec.Code != 503 {
			t.Errorf("answered %d", rec.Code)
		}
	}
	<-starts
	close(release)
	if n := len(starts); n != 0 {
		t.Errorf("started %d times more", n)
	}
}
