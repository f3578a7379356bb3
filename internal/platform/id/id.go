// Package id makes the names of things.
//
// A thing has three: a small integer that joins tables and never leaves the
// database, a UUIDv7 for machines outside, and, where people must read it
// aloud, a short number (see problem). Secrets that open a door (a follow
// link, a sign-in link) are made here too, and are kept only as hashes.
//
// Time and randomness are passed in, so that a replay or a test makes the
// same names every time.
package id

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"fmt"
	"io"
	"time"
)

// Source makes identifiers. The zero Source uses the machine's randomness.
type Source struct {
	// Rand is where randomness comes from; crypto/rand when nil.
	Rand io.Reader
}

func (s Source) read(b []byte) {
	r := s.Rand
	if r == nil {
		r = rand.Reader
	}
	if _, err := io.ReadFull(r, b); err != nil {
		// Without randomness every secret would be guessable: stopping is right.
		panic("id: no randomness: " + err.Error())
	}
}

// UUID makes a version 7 UUID (RFC 9562, 5.7): 48 bits of milliseconds, then
// randomness, so that ids made later sort later.
func (s Source) UUID(now time.Time) string {
	var b [16]byte
	s.read(b[6:])
	ms := uint64(now.UnixMilli())
	b[0], b[1], b[2] = byte(ms>>40), byte(ms>>32), byte(ms>>24)
	b[3], b[4], b[5] = byte(ms>>16), byte(ms>>8), byte(ms)
	b[6] = b[6]&0x0f | 0x70
	b[8] = b[8]&0x3f | 0x80
	h := hex.EncodeToString(b[:])
	return h[0:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ValidUUID tells whether text is a UUID in the canonical lower-case form.
func ValidUUID(text string) bool {
	if len(text) != 36 {
		return false
	}
	for i := range len(text) {
		c := text[i]
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9' || c >= 'a' && c <= 'f':
		default:
			return false
		}
	}
	return true
}

// Crockford's alphabet without I, L, O and U: nothing in it is misread aloud.
var readable = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Secret makes a secret of 160 random bits, 32 letters and digits.
func (s Source) Secret() string {
	var b [20]byte
	s.read(b[:])
	return readable.EncodeToString(b[:])
}

// Code makes a short code of so many decimal digits, for typing from an SMS.
func (s Source) Code(digits int) string {
	out := make([]byte, digits)
	var b [1]byte
	for i := 0; i < digits; {
		s.read(b[:])
		if b[0] < 250 { // 250 = 25*10: every digit equally likely
			out[i] = '0' + b[0]%10
			i++
		}
	}
	return string(out)
}

// Salt makes 16 random bytes.
func (s Source) Salt() []byte {
	b := make([]byte, 16)
	s.read(b)
	return b
}

// Hash is what a secret is stored as: SHA-256, hexadecimal. Secrets carry 160
// random bits, so no slow hash is needed; short codes are limited by attempts.
func Hash(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Commitment binds an event to a personal text without holding it: the hash of
// the salt and the text. When text and salt are erased it says nothing more.
func Commitment(salt []byte, text string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d:", len(salt))
	h.Write(salt)
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}
