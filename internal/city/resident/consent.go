package resident

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
)

// ConsentText is the text that is shown for a purpose. Its version is the hash
// of its words, so that nobody can change one and keep the other.
type ConsentText struct {
	Purpose  string // contact, publish_photo, newsletter: file names of the pack
	Language string
	Version  string
	Text     string
	Since    time.Time // when it was first loaded
	Current  bool
}

// VersionOf is the version of a text: the first 128 bits of its SHA-256.
func VersionOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:16])
}

// Consent is one permission for one purpose.
type Consent struct {
	ID        int64
	Person    int64 // 0: given with a message that was sent without an account
	Problem   int64 // the message; 0: given by an account
	Purpose   string
	Version   string
	Language  string
	Text      string
	At        time.Time
	Address   string    // network address as it was seen; "" once erased
	Withdrawn time.Time // zero while it holds
}

// Agreement is a consent as it is given.
type Agreement struct {
	Purpose  string
	Language string
	Version  string // of the text that was on the page
}
