package resident

import (
	"crypto/subtle"
	"encoding/base32"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"gorod/internal/platform/see"
)

// SecondMode says whether the staff of a city prove twice who they are.
type SecondMode string

// The modes. In a city whose mode is off nobody is asked for a code, not even
// who has set one up; what was set up is kept for when the mode changes.
const (
	SecondOff      SecondMode = "off"
	SecondOffered  SecondMode = "offered"
	SecondRequired SecondMode = "required"
)

// SecondModes lists every mode.
func SecondModes() []SecondMode { return []SecondMode{SecondOff, SecondOffered, SecondRequired} }

// Policy is what a city says of the second factor; it is data of its pack.
type Policy struct {
	Mode SecondMode // "" is offered
	// Roles are those that cannot do without where the mode is required; none
	// means all of the staff.
	Roles []Role
}

// PolicyOf is the policy of a mode and roles as a pack spells them.
func PolicyOf(mode string, roles []string) Policy {
	p := Policy{Mode: SecondMode(mode)}
	for _, r := range roles {
		p.Roles = append(p.Roles, Role(r))
	}
	return p
}

// Used tells whether the city knows of a second factor at all.
func (p Policy) Used() bool { return p.Mode != SecondOff }

// Requires tells whether somebody with these roles cannot do without.
func (p Policy) Requires(roles []Role) bool {
	if p.Mode != SecondRequired || len(roles) == 0 {
		return false
	}
	return len(p.Roles) == 0 || slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(p.Roles, r) })
}

// SecondFactor is how it stands with a person's own second factor.
type SecondFactor struct {
	Used     bool      // the city's policy knows of it
	Required bool      // the person cannot do without
	On       bool      // it is asked for at sign-in
	Since    time.Time // when it was set up
	Left     int       // recovery codes that still work
	Enrolment
}

// Enrolment is a second factor that is being set up in one session. Its texts
// mask themselves in a log; they are zero when none is.
type Enrolment struct {
	Secret  see.Secret // base32 in groups of four, for typing into the app
	URI     see.Secret // otpauth://totp/…, for a picture that the app reads
	Expires time.Time
}

const (
	secondPeriod = 30 * time.Second // RFC 6238; every app knows it
	secondSkew   = 1                // steps that a phone's clock may be off, either way
	secondDigits = 6
	secondBytes  = 20 // of the secret; RFC 4226 asks for 160 bits

	recoveryCodes = 10
	recoveryBytes = 10 // 80 random bits, 16 letters and digits
	// recoveryAgain is how long the same form shows the same codes again: an
	// answer that was lost on its way must not cost them.
	recoveryAgain = 10 * time.Minute
)

// second is a second factor as it is stored.
type second struct {
	sealed  string
	since   int64 // 0: being set up
	step    int64
	session int64 // in which it is being set up
	until   int64
}

// pending tells whether it is being set up in this session.
func (f second) pending(session int64, now time.Time) bool {
	return f.since == 0 && f.session == session && f.until > now.UnixMicro()
}

// stepOf is the time step of RFC 6238.
func stepOf(now time.Time) int64 { return now.Unix() / int64(secondPeriod/time.Second) }

// fits finds the time step that a code of six digits belongs to, the window
// included; used tells that it belongs to one that is not newer than last,
// 0 that it belongs to none.
func fits(secret []byte, code string, now time.Time, last int64) (step int64, used bool, err error) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	for at := stepOf(now) - secondSkew; at <= stepOf(now)+secondSkew; at++ {
		want, err := hotp.GenerateCodeCustom(text, uint64(at), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return 0, false, fmt.Errorf("compute code: %w", err)
		}
		if subtle.ConstantTimeCompare([]byte(want), []byte(code)) != 1 {
			continue
		}
		if at > last {
			return at, false, nil
		}
		used = true
	}
	return 0, used, nil
}

// typedCode reads what a person typed where a code is asked for: six digits of
// the app, or a recovery code, with or without its hyphens. What is neither
// gives two empty texts.
func typedCode(typed string) (app, recovery string) {
	if len(typed) > 100 {
		return "", ""
	}
	plain := strings.Map(func(c rune) rune {
		switch {
		case c == ' ' || c == '-' || c == '\t' || c == '\u00a0' || c == '–' || c == '‑':
			return -1
		case c == 'o' || c == 'O': // not in the alphabet of the codes: misread
			return '0'
		case c == 'i' || c == 'I' || c == 'l' || c == 'L':
			return '1'
		case c >= 'A' && c <= 'Z':
			return c + 'a' - 'A'
		}
		return c
	}, typed)
	digits := !strings.ContainsFunc(plain, func(c rune) bool { return c < '0' || c > '9' })
	switch {
	case digits && len(plain) == secondDigits:
		return plain, ""
	case len(plain) == recoveryBytes*8/5 && !strings.ContainsFunc(plain, func(c rune) bool { return !strings.ContainsRune(readable, c) }):
		return "", plain
	}
	return "", ""
}

// readable is Crockford's alphabet, that of package id.
const readable = "0123456789abcdefghjkmnpqrstvwxyz"

// recovery makes the ten codes of a person that belong to one sent form: the
// same form gives the same codes, and without the key nobody can tell them.
func (k keys) recovery(city, person int64, form string) []string {
	encoding := base32.NewEncoding(readable).WithPadding(base32.NoPadding)
	codes := make([]string, recoveryCodes)
	for i := range codes {
		codes[i] = encoding.EncodeToString(k.mac("recovery", fmt.Sprintf("%d:%d:%d:%s", city, person, i, form))[:recoveryBytes])
	}
	return codes
}

// grouped puts a mark between groups of four.
func grouped(s, mark string) string {
	var groups []string
	for part := range slices.Chunk([]byte(s), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, mark)
}

// shown are recovery codes as a person is given them.
func shown(codes []string) []see.Secret {
	out := make([]see.Secret, len(codes))
	for i, c := range codes {
		out[i] = see.Secret(grouped(c, "-"))
	}
	return out
}

// enrolment is what an app needs to be told of a secret.
func enrolment(secret []byte, issuer, account string, until int64) Enrolment {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	// A colon parts issuer and account in the label.
	issuer = strings.ReplaceAll(issuer, ":", " ")
	q := url.Values{"secret": {text}, "issuer": {issuer}, "period": {"30"}, "digits": {"6"}, "algorithm": {"SHA1"}}
	uri := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + account,
		// Apps read %20 as a space, not every one reads «+».
		RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return Enrolment{Secret: see.Secret(grouped(text, " ")), URI: see.Secret(uri.String()), Expires: moment(until)}
}

var errSecondSecret = errors.New("secret of a second factor has another length")

// secondSecret opens a sealed secret.
func (k keys) secondSecret(city, person int64, sealed string) ([]byte, error) {
	secret, err := k.unseal("second", city, person, sealed)
	if err != nil {
		return nil, err
	}
	if len(secret) != secondBytes {
		return nil, errSecondSecret
	}
	return []byte(secret.Reveal()), nil
}
