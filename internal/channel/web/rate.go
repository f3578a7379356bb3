package web

import (
	"encoding/hex"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"gorod/internal/city/problem"
)

// rateClass names what is counted together, for each address.
type rateClass string

// The classes. They keep one address from wearing out the city; what a person
// may do in a day is a rule of the capabilities.
const (
	rateSignIn  rateClass = "sign-in" // doors: guesses are expensive
	rateSuggest rateClass = "suggest" // asked while typing
	rateTile    rateClass = "tile"    // a view of the map is a dozen of them
	rateSend    rateClass = "send"    // anything that writes
	rateUpload  rateClass = "upload"  // decoding pictures is the most work there is
)

// rateOf is how many a second go on for ever and how many at once, generous:
// a mobile operator's address stands for hundreds of people.
func rateOf(class rateClass) (perSecond rate.Limit, burst int) {
	switch class {
	case rateSignIn:
		return rate.Every(2 * time.Second), 20
	case rateSuggest:
		return 10, 60
	case rateTile:
		return 60, 600
	case rateUpload:
		return 2, 40
	}
	return 1, 60
}

// maxRates bounds the memory of the limits; beyond it the idle are forgotten.
const maxRates = 50_000

// rates counts by class and address pseudonym.
type rates struct {
	off  bool
	now  func() time.Time
	mu   sync.Mutex
	seen map[rateKey]*rate.Limiter
}

type rateKey struct {
	class rateClass
	who   string
}

func newRates(off bool, now func() time.Time) *rates {
	return &rates{off: off, now: now, seen: map[rateKey]*rate.Limiter{}}
}

// allow counts one try and tells whether it may go on.
func (r *rates) allow(class rateClass, who string) bool {
	if r.off {
		return true
	}
	now := r.now()
	r.mu.Lock()
	defer r.mu.Unlock()
	key := rateKey{class, who}
	l, ok := r.seen[key]
	if !ok {
		if len(r.seen) >= maxRates {
			r.forget(now)
		}
		l = rate.NewLimiter(rateOf(class))
		r.seen[key] = l
	}
	return l.AllowN(now, 1)
}

// forget drops who has not asked for so long that nothing is counted; if that
// frees nothing, everybody: a flood must not eat the memory.
func (r *rates) forget(now time.Time) {
	for key, l := range r.seen {
		if l.TokensAt(now) >= float64(l.Burst()) {
			delete(r.seen, key)
		}
	}
	if len(r.seen) >= maxRates {
		clear(r.seen)
	}
}

// senderCookie names a browser for the limit of a day. It says nothing of the
// person and is forgotten two days after the last message.
const senderCookie = "gorod_sender"

const senderLife = 48 * time.Hour

// senderOf is under whom a message without an account counts. A browser that
// keeps no cookies is another one each time: there the address's bound holds.
func (s *Server) senderOf(w http.ResponseWriter, r *http.Request, v *visit) problem.Sender {
	if v.Who.ID != 0 {
		return problem.Sender{}
	}
	name := s.cookieName(senderCookie)
	device := ""
	if c, err := r.Cookie(name); err == nil {
		device, _ = s.keys.open("sender", c.Value)
	}
	if device == "" {
		device = s.newKey()
	}
	s.setCookie(w, name, s.keys.sign("sender", device), senderLife, false)
	return problem.Sender{Device: hex.EncodeToString(s.keys.mac("sender device", device)[:10]), Address: v.Sender}
}
