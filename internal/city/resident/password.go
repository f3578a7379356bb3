package resident

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"

	"gorod/internal/platform/fault"
)

// Argon is the cost of a password's hash.
type Argon struct {
	Memory uint32 // KiB
	Passes uint32
	Lanes  uint8
}

// DefaultArgon is the cost that OWASP names first for Argon2id: 19 MiB, two
// passes, one lane; about 45 ms on a core of 2024.
func DefaultArgon() Argon { return Argon{Memory: 19 << 10, Passes: 2, Lanes: 1} }

const (
	minPassword = 12  // characters; ФСТЭК audits ask for it
	maxPassword = 256 // characters
	hashBytes   = 32
	atOnce      = 2 // hashes computed at one time: 38 MiB and both cores at most
)

// hashed is a password as it is stored: the PHC text
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
type hashed struct {
	cost Argon
	salt []byte
	sum  []byte
}

func (h hashed) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.cost.Memory, h.cost.Passes, h.cost.Lanes,
		base64.RawStdEncoding.EncodeToString(h.salt), base64.RawStdEncoding.EncodeToString(h.sum))
}

// parsePHC reads a stored hash. Costs beyond 1 GiB or 100 passes are refused: a
// broken row must not stop the server.
func parsePHC(phc string) (hashed, error) {
	var h hashed
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != "v="+strconv.Itoa(argon2.Version) {
		return h, fmt.Errorf("not an Argon2id hash of version %d", argon2.Version)
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.cost.Memory, &h.cost.Passes, &h.cost.Lanes); err != nil || n != 3 {
		return h, fmt.Errorf("read cost of password hash: %q", parts[3])
	}
	c := h.cost
	if c.Memory < 8*uint32(c.Lanes) || c.Memory > 1<<20 || c.Passes < 1 || c.Passes > 100 || c.Lanes < 1 {
		return h, fmt.Errorf("cost of password hash is out of bounds: %q", parts[3])
	}
	var err error
	if h.salt, err = base64.RawStdEncoding.Strict().DecodeString(parts[4]); err != nil {
		return h, fmt.Errorf("read salt of password hash: %w", err)
	}
	if h.sum, err = base64.RawStdEncoding.Strict().DecodeString(parts[5]); err != nil {
		return h, fmt.Errorf("read password hash: %w", err)
	}
	if len(h.salt) < 8 || len(h.salt) > 64 || len(h.sum) < 16 || len(h.sum) > 64 {
		return h, fmt.Errorf("password hash has a salt of %d and a sum of %d bytes", len(h.salt), len(h.sum))
	}
	if h.String() != phc {
		return h, fmt.Errorf("password hash is not written in its canonical form")
	}
	return h, nil
}

// hasher computes hashes, a few at a time.
type hasher struct {
	cost  Argon
	seats chan struct{}
}

func newHasher(cost Argon) *hasher {
	return &hasher{cost: cost, seats: make(chan struct{}, atOnce)}
}

// compute waits for a seat and then for the hash. The password is taken in its
// composed form: «й» typed on a Mac is the «й» of a PC.
func (h *hasher) compute(ctx context.Context, password string, salt []byte, cost Argon, size uint32) ([]byte, error) {
	select {
	case h.seats <- struct{}{}:
		defer func() { <-h.seats }()
	case <-ctx.Done():
		return nil, fmt.Errorf("wait to check a password: %w", ctx.Err())
	}
	return argon2.IDKey(norm.NFC.Bytes([]byte(password)), salt, cost.Passes, cost.Memory, cost.Lanes, size), nil
}

// hash makes the PHC text of a password.
func (h *hasher) hash(ctx context.Context, password string, salt []byte) (string, error) {
	sum, err := h.compute(ctx, password, salt, h.cost, hashBytes)
	if err != nil {
		return "", err
	}
	return hashed{cost: h.cost, salt: salt, sum: sum}.String(), nil
}

// verify compares a password with a stored hash and tells whether the hash has
// another cost than ours and should be made anew. Without a stored hash the
// same work is done and nothing matches: time tells no login from another.
func (h *hasher) verify(ctx context.Context, password, phc string) (matches, old bool, err error) {
	known := hashed{cost: h.cost, salt: make([]byte, 16), sum: make([]byte, hashBytes)}
	if phc != "" {
		if known, err = parsePHC(phc); err != nil {
			return false, false, err
		}
	}
	sum, err := h.compute(ctx, password, known.salt, known.cost, uint32(len(known.sum)))
	if err != nil {
		return false, false, err
	}
	matches = subtle.ConstantTimeCompare(sum, known.sum) == 1 && phc != ""
	return matches, known.cost != h.cost, nil
}

// checkPassword refuses a password that is too easy to guess (field
// "password"). No letter, digit or sign is asked for: length is what counts.
func checkPassword(password string, p Person) error {
	n := utf8.RuneCountInString(password)
	switch folded := strings.ToLower(password); {
	case n < minPassword:
		return fault.Invalid.Field("password", "resident.password_short", minPassword)
	case n > maxPassword || !utf8.ValidString(password):
		return fault.Invalid.Field("password", "resident.password_long", maxPassword)
	case distinct(folded) < 5:
		return fault.Invalid.Field("password", "resident.password_plain")
	case p.Login != "" && strings.Contains(folded, p.Login):
		return fault.Invalid.Field("password", "resident.password_login")
	}
	return nil
}

func distinct(s string) int {
	seen := map[rune]bool{}
	for _, c := range s {
		seen[c] = true
	}
	return len(seen)
}
