package resident

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"time"

	"gorod/internal/platform/see"
)

// Ways says by which ways residents come in; it is data of the city's pack.
type Ways struct{ SMS, Email bool }

// From is where a request comes from, as the channel saw it.
type From struct {
	// Address is the network address. It is stored as it is only with a consent,
	// which the law asks for; everywhere else a pseudonym stands for it.
	Address  string
	Agent    string // AgentClass
	Language string // in which the person reads just now
}

// Ticket is what the browser that asked for a code keeps until the code is
// typed; without it the code opens nothing.
type Ticket struct {
	ID      string // secret; empty after AskLink, whose link needs none
	To      string // masked, for the page
	Expires time.Time
	Again   time.Time // when another one may be asked for without being refused
}

// Entered is what a sign-in gives.
type Entered struct {
	// Second: the password was right, and a code of the second factor is asked
	// for. It is the ticket for EnterSecond, which the browser that typed the
	// password keeps until Until; nothing else is set, nobody is signed in yet.
	Second string
	Token  string // for the cookie; shown once, stored as a hash
	Until  time.Time
	Person Person
	New    bool // the account was made just now
	// Added: no new session; the phone or address was added to the account of
	// who was signed in already.
	Added bool
}

// Kind says by which way an entry goes.
type Kind string

// The kinds of entries.
const (
	Code Kind = "code" // by SMS
	Link Kind = "link" // by e-mail
)

// Letter is what has to be sent so that somebody can come in.
type Letter struct {
	Kind     Kind
	To       string
	Secret   see.Secret // the code, or the secret of the link
	Language string
	Expires  time.Time
}

// entry is one sign-in of a resident on its way.
type entry struct {
	id       int64
	kind     Kind
	door     string // hash of the ticket, or of the link's secret
	code     string // keyed hash of the code; "" of a link
	contact  string
	person   int64 // whose account the contact shall be added to; 0: sign-in
	tries    int64
	created  int64
	expires  int64
	used     int64
	language string
	address  string // pseudonym
	sealed   string
}

// keys are made of the service's one key, one for each purpose.
type keys struct{ master []byte }

const minKey = 32

func (k keys) mac(purpose, text string) []byte {
	m := hmac.New(sha256.New, k.master)
	m.Write([]byte("gorod resident " + purpose + ":"))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// code is what a code is stored as. Six digits are no secret against a plain
// hash; the key, which is not in the database, makes them one.
func (k keys) code(city, entry int64, code string) string {
	return hex.EncodeToString(k.mac("code", fmt.Sprintf("%d:%d:%s", city, entry, code)))
}

// pseudonym stands for a network address: the same for the same address, and
// nothing without the key. Of IPv6 the network counts, one home has all of it.
func (k keys) pseudonym(address string) string {
	if address == "" {
		return ""
	}
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		bits := 32
		if ip.Is6() {
			bits = 64
		}
		if network, err := ip.Prefix(bits); err == nil {
			address = network.String()
		}
	}
	return hex.EncodeToString(k.mac("address", address)[:8])
}

// seal encrypts a secret that belongs to a row of a city; each purpose has a key
// of its own: "letter" for what waits for the gateway, "second" for the secret
// of an authenticator app. Salt gives the nonce.
func (k keys) seal(purpose string, city, row int64, secret string, salt []byte) (string, error) {
	box, err := k.box(purpose)
	if err != nil {
		return "", err
	}
	nonce := salt[:box.NonceSize()]
	return hex.EncodeToString(box.Seal(nonce, nonce, []byte(secret), about(city, row))), nil
}

var errSealed = errors.New("sealed with another key, or damaged")

func (k keys) unseal(purpose string, city, row int64, sealed string) (see.Secret, error) {
	box, err := k.box(purpose)
	if err != nil {
		return "", err
	}
	body, err := hex.DecodeString(sealed)
	if err != nil || len(body) < box.NonceSize() {
		return "", errSealed
	}
	plain, err := box.Open(nil, body[:box.NonceSize()], body[box.NonceSize():], about(city, row))
	if err != nil {
		return "", errSealed
	}
	return see.Secret(plain), nil
}

func (k keys) box(purpose string) (cipher.AEAD, error) {
	block, err := aes.NewCipher(k.mac(purpose, ""))
	if err != nil {
		return nil, fmt.Errorf("make cipher: %w", err)
	}
	return cipher.NewGCM(block)
}

func about(city, row int64) []byte {
	return []byte(strconv.FormatInt(city, 10) + ":" + strconv.FormatInt(row, 10))
}
