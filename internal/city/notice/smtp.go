package notice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"gorod/internal/platform/job"
	"gorod/internal/platform/see"
)

// Security says how the connection to a mail server is kept private.
type Security string

// The kinds of security. The zero value is StartTLS.
const (
	StartTLS Security = "starttls" // demanded: without it nothing is sent
	TLS      Security = "tls"      // from the first byte, port 465
	Plain    Security = "plain"    // only for a server on the same machine
)

// Mailer is a Post over SMTP. Each letter takes a connection of its own.
type Mailer struct {
	Host     string
	Port     int // 0: 587, with TLS 465
	User     string
	Password see.Secret
	Security Security
	From     string // address
	Name     string // the city's, as people see it
	Timeout  time.Duration
}

const mailTimeout = 30 * time.Second

// Deliver implements Post.
func (m Mailer) Deliver(ctx context.Context, letter Mail) error {
	msg, err := m.message(letter)
	if err != nil {
		return err
	}
	client, err := mail.NewClient(m.Host, m.options()...)
	if err != nil {
		return fmt.Errorf("set up mail client: %w", err)
	}
	return withoutAddress(client.DialAndSendWithContext(ctx, msg))
}

func (m Mailer) options() []mail.Option {
	options := []mail.Option{mail.WithTimeout(mailTimeout), mail.WithHELO(domain(m.From)), mail.WithoutNoop()}
	if m.Timeout != 0 {
		options = append(options, mail.WithTimeout(m.Timeout))
	}
	switch m.Security {
	case TLS:
		options = append(options, mail.WithSSLPort(false))
	case Plain:
		options = append(options, mail.WithTLSPolicy(mail.NoTLS))
	default:
		options = append(options, mail.WithTLSPortPolicy(mail.TLSMandatory))
	}
	if m.Port != 0 {
		options = append(options, mail.WithPort(m.Port))
	}
	if m.User != "" {
		options = append(options, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.User), mail.WithPassword(m.Password.Reveal()))
	}
	return options
}

func (m Mailer) message(letter Mail) (*mail.Msg, error) {
	msg := mail.NewMsg()
	if err := msg.FromFormat(m.Name, m.From); err != nil {
		return nil, fmt.Errorf("sender's address of the city: %w", err)
	}
	if err := msg.To(string(letter.To)); err != nil {
		return nil, fmt.Errorf("the recipient's address cannot be read: %w", job.ErrHopeless)
	}
	msg.Subject(letter.Subject)
	msg.SetDate()
	msg.SetMessageIDWithValue(letter.ID + "@" + domain(m.From))
	msg.SetGenHeader(mail.HeaderContentLang, letter.Language)
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	if letter.Unsubscribe != "" {
		// Only https may be one-click; a demo on http has the plain header.
		if err := msg.SetListUnsubscribeOneClick(letter.Unsubscribe); err != nil {
			msg.SetListUnsubscribe(letter.Unsubscribe)
		}
	}
	msg.SetBodyString(mail.TypeTextPlain, letter.Text)
	if letter.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, letter.HTML)
	}
	return msg, nil
}

func domain(address string) string {
	_, host, _ := strings.Cut(address, "@")
	return host
}

// withoutAddress keeps of a server's refusal its numbers: its words often
// repeat the recipient.
func withoutAddress(err error) error {
	var refused *mail.SendError
	if !errors.As(err, &refused) {
		if err != nil {
			return fmt.Errorf("reach mail server: %w", err)
		}
		return nil
	}
	code := refused.ErrorCode()
	if code >= 500 && !refused.IsTemp() {
		return fmt.Errorf("the mail server refused the letter for good: %d: %w", code, job.ErrHopeless)
	}
	return fmt.Errorf("the mail server refused the letter for now: %d", code)
}
