package conf

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"gorod/internal/platform/see"
)

// option is one setting: its name, what it is without being set, how a text
// becomes its value. Errors of set never quote the text of a secret.
type option struct {
	key    string
	def    string
	help   string
	secret bool
	set    func(s *Settings, text string) error
	show   func(text string) string // nil: as it is
}

// variable is the name of the option in the environment.
func (o option) variable() string {
	return prefix + strings.ToUpper(strings.ReplaceAll(o.key, ".", "_"))
}

// shown is the value as it may be printed.
func (o option) shown(text string) string {
	switch {
	case text == "":
		return ""
	case o.secret:
		return see.Masked
	case o.show != nil:
		return o.show(text)
	}
	return text
}

// options is the one table of settings. The order is the one in which they
// are printed.
func options() []option {
	return append(append(serving(), sending()...), telling()...)
}

func serving() []option {
	return []option{
		{key: "listen", def: "127.0.0.1:8080", help: "address and port to serve on; :8080 is every address",
			set: func(s *Settings, text string) error { return address(&s.Listen, text) }},
		{key: "public_url", def: "", help: "where people find the city, for links in mail: https://gorod.example; empty: http:// and the listening address",
			set: func(s *Settings, text string) error { return site(&s.PublicURL, text) }},
		{key: "trusted_proxies", def: "", help: "networks whose X-Forwarded-For is believed, with commas: 10.0.0.0/8, ::1",
			set: func(s *Settings, text string) error { return networks(&s.TrustedProxies, text) }},
		{key: "data", def: "", help: "folder for the database, photos and the key of this Gorod; empty: the folder of a SQLite database that is named, else data",
			set: func(s *Settings, text string) error { return folder(&s.Data, text) }},
		{key: "database", def: "", help: "path of a SQLite file or postgres://user:password@host/name; empty: gorod.db in the data folder",
			show: withoutUser, set: func(s *Settings, text string) error { return database(&s.Database, text) }},
		{key: "demo", def: "false", help: "true: sends nothing outside, shows what would be sent, offers a sign-in for each role",
			set: func(s *Settings, text string) error { return yesNo(&s.Demo, text) }},
		{key: "secret_key", def: "", secret: true, help: "at least 32 characters that sign sessions; the same on every node; empty: made once and kept in the data folder",
			set: func(s *Settings, text string) error { return longSecret(&s.SecretKey, text) }},
		{key: "workers", def: "2", help: "jobs done at once, 1 to 64",
			set: func(s *Settings, text string) error { return number(&s.Workers, text, 1, 64) }},
	}
}

func sending() []option {
	return []option{
		{key: "mail.smtp", def: "", help: "host and port of the mail server: mail.example:587; empty: no mail is sent",
			set: func(s *Settings, text string) error { return hostPort(&s.Mail.SMTP, text) }},
		{key: "mail.from", def: "", help: "address that mail comes from",
			set: func(s *Settings, text string) error { return mailAddress(&s.Mail.From, text) }},
		{key: "mail.user", def: "", help: "user of the mail server; empty: no sign-in",
			set: func(s *Settings, text string) error { s.Mail.User = text; return nil }},
		{key: "mail.password", def: "", secret: true, help: "password of that user",
			set: func(s *Settings, text string) error { s.Mail.Password = see.Secret(text); return nil }},
		{key: "mail.tls", def: "starttls", help: "starttls, tls (from the first byte, port 465) or none (only to this machine)",
			set: func(s *Settings, text string) error { return oneOf(&s.Mail.TLS, text, "starttls", "tls", "none") }},
		{key: "sms.gateway", def: "", help: "address of the SMS gateway: https://sms.example/send; empty: no SMS is sent",
			show: withoutUser, set: func(s *Settings, text string) error { return web(&s.SMS.Gateway, text) }},
		{key: "sms.token", def: "", secret: true, help: "token for the SMS gateway",
			set: func(s *Settings, text string) error { s.SMS.Token = see.Secret(text); return nil }},
		{key: "sms.from", def: "", help: "name that an SMS comes from, as agreed with the gateway",
			set: func(s *Settings, text string) error { s.SMS.From = text; return nil }},
	}
}

func telling() []option {
	return []option{
		{key: "log.format", def: "auto", help: "text, json or auto: text on a terminal, else json",
			set: func(s *Settings, text string) error { return oneOf(&s.Log.Format, text, "auto", "text", "json") }},
		{key: "log.level", def: "info", help: "debug, info, warn or error",
			set: func(s *Settings, text string) error {
				return oneOf(&s.Log.Level, text, "debug", "info", "warn", "error")
			}},
		{key: "metrics.token", def: "", secret: true, help: "bearer that may read /metrics; empty: only this machine may",
			set: func(s *Settings, text string) error { s.Metrics.Token = see.Secret(text); return nil }},
	}
}

// folder is a path; empty is what follows from the other settings.
func folder(to *string, text string) error {
	if text != "" && strings.TrimSpace(text) == "" {
		return errors.New("is nothing but space")
	}
	*to = text
	return nil
}

func yesNo(to *bool, text string) error {
	v, err := strconv.ParseBool(text)
	if err != nil {
		return fmt.Errorf("%q is neither true nor false", text)
	}
	*to = v
	return nil
}

func number(to *int, text string, least, most int) error {
	v, err := strconv.Atoi(text)
	if err != nil || v < least || v > most {
		return fmt.Errorf("%q is no number from %d to %d", text, least, most)
	}
	*to = v
	return nil
}

func oneOf(to *string, text string, words ...string) error {
	for _, word := range words {
		if text == word {
			*to = text
			return nil
		}
	}
	return fmt.Errorf("%q is none of %s", text, strings.Join(words, ", "))
}

func longSecret(to *see.Secret, text string) error {
	if text != "" && len(text) < 32 {
		return fmt.Errorf("has %d characters, needs 32", len(text))
	}
	*to = see.Secret(text)
	return nil
}

// address is where to listen: the host may be left out.
func address(to *string, text string) error {
	_, port, err := net.SplitHostPort(text)
	if err != nil || !validPort(port, 0) {
		return fmt.Errorf("%q is not address:port", text)
	}
	*to = text
	return nil
}

// hostPort is where to connect to; empty is nowhere. Whoever takes it for an
// address of the web may have put a password in: errors do not quote it.
func hostPort(to *string, text string) error {
	if text != "" {
		host, port, err := net.SplitHostPort(text)
		if err != nil || host == "" || strings.ContainsAny(host, "/@") || !validPort(port, 1) {
			return errors.New("is not host:port, as in mail.example:587")
		}
	}
	*to = text
	return nil
}

func validPort(text string, least int) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= least && n <= 65535
}

// web is an address of the web; it may hold a user, so errors do not quote it.
func web(to *string, text string) error {
	if text != "" {
		u, err := url.Parse(text)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
			return errors.New("is not an address that begins with http:// or https://")
		}
	}
	*to = text
	return nil
}

// site is the address of a city: a host of its own, since paths begin at /.
func site(to *string, text string) error {
	var clean string
	if err := web(&clean, text); err != nil {
		return err
	}
	if u, err := url.Parse(clean); clean != "" && (err != nil || u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.Trim(u.Path, "/") != "") {
		return errors.New("must be scheme and host only, as in https://gorod.example")
	}
	*to = strings.TrimRight(clean, "/")
	return nil
}

func database(to *string, text string) error {
	if scheme, _, ok := strings.Cut(text, "://"); ok {
		if u, err := url.Parse(text); err != nil || scheme != "postgres" && scheme != "postgresql" || u.Path == "" {
			return errors.New("is neither the path of a file nor postgres://user@host/name")
		}
	}
	*to = text
	return nil
}

func mailAddress(to *string, text string) error {
	if name, host, ok := strings.Cut(text, "@"); text != "" && (!ok || name == "" || host == "" || strings.ContainsAny(text, " <>\r\n")) {
		return fmt.Errorf("%q is no mail address", text)
	}
	*to = text
	return nil
}

func networks(to *[]netip.Prefix, text string) error {
	var list []netip.Prefix
	for part := range strings.SplitSeq(text, ",") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if addr, err := netip.ParseAddr(part); err == nil {
			list = append(list, netip.PrefixFrom(addr, addr.BitLen()))
			continue
		}
		p, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("%q is no network such as 10.0.0.0/8", part)
		}
		list = append(list, p.Masked())
	}
	*to = list
	return nil
}

// withoutUser is an address as it may be printed: neither user nor password
// nor parameters, which may be a token.
func withoutUser(text string) string {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok {
		return text // a path
	}
	rest, _, _ = strings.Cut(rest, "?")
	rest, _, _ = strings.Cut(rest, "#")
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		rest = see.Masked + rest[i:]
	}
	return scheme + "://" + rest
}
