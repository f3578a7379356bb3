package conf

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"gorod/internal/platform/see"
)

// Settings are what a Gorod was told. Made by Load; only read afterwards.
type Settings struct {
	Listen         string // address:port
	PublicURL      string // scheme://host without a slash at the end; never empty
	TrustedProxies []netip.Prefix
	Data           string // folder; never empty
	Database       string // path or postgres://…; never empty
	Demo           bool
	SecretKey      see.Secret // empty: the app keeps one in Data
	Workers        int        // jobs at once
	Mail           Mail
	SMS            SMS
	Log            Log
	Metrics        Metrics

	origins []origin
}

// Mail says how mail goes out; SMTP empty: it does not.
type Mail struct {
	SMTP     string // host:port
	From     string
	User     string
	Password see.Secret
	TLS      string // starttls, tls, none
}

// SMS says how SMS go out; Gateway empty: they do not.
type SMS struct {
	Gateway string // address of the web
	Token   see.Secret
	From    string
}

// Log says how the program's log is written: arguments of see.Logger.
type Log struct {
	Format string
	Level  string
}

// Metrics says who may read the figures.
type Metrics struct {
	Token see.Secret
}

// origin is a value as it may be shown and where it came from.
type origin struct{ key, value, from string }

// defaultData is the data folder where neither it nor a SQLite database is named.
const defaultData = "data"

// derive fills what follows from other settings. Photos and key belong to a
// database: they are looked for beside it, wherever the command is given.
func (s *Settings) derive() {
	if s.Data == "" {
		s.Data = defaultData
		if s.Database != "" && !strings.Contains(s.Database, "://") {
			s.Data = filepath.Dir(s.Database)
		}
	}
	if s.Database == "" {
		s.Database = filepath.Join(s.Data, "gorod.db")
	}
	if s.PublicURL == "" {
		s.PublicURL = "http://" + reachable(s.Listen)
	}
}

// reachable is the listening address as a browser on this machine writes it.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// check finds settings that contradict each other.
func (s *Settings) check() []error {
	var errs []error
	if s.Mail.SMTP != "" && s.Mail.From == "" {
		errs = append(errs, errors.New("mail.from is needed where mail.smtp is set"))
	}
	if (s.Mail.User == "") != (s.Mail.Password == "") {
		errs = append(errs, errors.New("mail.user and mail.password go together: one of them is missing"))
	}
	if s.Mail.TLS == "none" && s.Mail.SMTP != "" && !loopback(s.Mail.SMTP) {
		errs = append(errs, errors.New("mail.tls none would send people's letters over the net as open text; it is for a mail server on this machine"))
	}
	if s.SMS.Token != "" && s.SMS.Gateway == "" {
		errs = append(errs, errors.New("sms.gateway is needed where sms.token is set"))
	}
	return errs
}

func loopback(hostPort string) bool {
	host, _, err := net.SplitHostPort(hostPort)
	return err == nil && (host == "localhost" || net.ParseIP(host).IsLoopback())
}

// Print writes a table of all settings: key, value, where it came from.
// Secrets are masked, and users and passwords inside addresses.
func (s *Settings) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(table, "key\tvalue\torigin")
	for _, o := range s.origins {
		fmt.Fprintf(table, "%s\t%s\t%s\n", o.key, o.value, o.from)
	}
	return table.Flush()
}

// Example writes a settings file with every setting, its meaning and its
// default, all of it commented out.
func Example(w io.Writer) error {
	var b strings.Builder
	b.WriteString("# Settings of Gorod. Each may also stand in the environment: mail.smtp is GOROD_MAIL_SMTP.\n")
	for _, o := range options() {
		fmt.Fprintf(&b, "\n# %s\n# %s = %q\n", o.help, o.key, o.def)
	}
	_, err := io.WriteString(w, b.String())
	return err
}
