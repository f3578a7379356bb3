package see

import (
	"log/slog"
	"strings"
)

// Masked is what stands in a log for what may not be there.
const Masked = "•••"

// Phone is a person's telephone number. In a log it is masked; in a page or an
// SMS it is itself.
type Phone string

// LogValue masks the number and still tells whether there is one.
func (p Phone) LogValue() slog.Value { return masked(string(p)) }

// Email is a person's address. In a log it is masked.
type Email string

// LogValue masks the address and still tells whether there is one.
func (e Email) LogValue() slog.Value { return masked(string(e)) }

// Secret opens something: a password, a token, a key. However it is printed,
// by fmt, slog or encoding/json, it is masked; Reveal is the one way to it.
type Secret string

// Reveal is the secret itself, for the one call that needs it.
func (s Secret) Reveal() string { return string(s) }

// LogValue masks the secret in a log.
func (s Secret) LogValue() slog.Value { return masked(string(s)) }

// String masks the secret in fmt.
func (s Secret) String() string { return masked(string(s)).String() }

// GoString masks the secret in fmt's %#v.
func (s Secret) GoString() string { return s.String() }

// MarshalText masks the secret in JSON, TOML and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func masked(text string) slog.Value {
	if text == "" {
		return slog.StringValue("")
	}
	return slog.StringValue(Masked)
}

// private are words that betray an attribute which has no place in a log.
var private = [...]string{
	"authorization", "cookie", "email", "password", "phone", "query", "secret", "token", "url", "useragent",
}

// plainName writes the name of an attribute as private has it. It is made once:
// each attribute of each line goes through it.
var plainName = strings.NewReplacer("_", "", "-", "")

// withoutPrivate masks attributes by their names: the net below the types.
func withoutPrivate(_ []string, a slog.Attr) slog.Attr {
	name := plainName.Replace(strings.ToLower(a.Key))
	for _, word := range private {
		if strings.Contains(name, word) && a.Value.Kind() != slog.KindGroup {
			return slog.Attr{Key: a.Key, Value: masked(a.Value.String())}
		}
	}
	return a
}
