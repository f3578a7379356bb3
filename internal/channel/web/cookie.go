package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
)

// The cookies. None of them follows a person from site to site; those that
// open something are unreadable for scripts.
const (
	sessionCookie = "gorod_session" // token of a session
	secondCookie  = "gorod_second"  // ticket between password and code of the second factor
	followCookie  = "gorod_follow"  // problems whose follow link was opened, signed
	deviceCookie  = "gorod_device"  // a browser in which somebody without an account joined, signed
	langCookie    = "gorod_lang"
	prefsCookie   = "gorod_prefs" // how the person reads; scripts read it too
	flashCookie   = "gorod_flash" // what was just done, shown once
)

// cookieName puts the prefix before a name that makes browsers refuse the
// cookie from anybody but this very host over TLS.
func (s *Server) cookieName(name string) string {
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) secure() bool { return strings.HasPrefix(s.Settings.PublicURL, "https://") }

// setCookie sets a cookie of this site. A lifetime of zero ends with the
// browser; a negative one deletes it.
func (s *Server) setCookie(w http.ResponseWriter, name, value string, life time.Duration, forScripts bool) {
	c := &http.Cookie{Name: name, Value: value, Path: "/", HttpOnly: !forScripts, Secure: s.secure(), SameSite: http.SameSiteLaxMode}
	switch {
	case life < 0:
		c.MaxAge = -1
	case life > 0:
		c.MaxAge = int(life / time.Second)
	}
	http.SetCookie(w, c)
}

// signer signs what browsers keep for us and makes pseudonyms; each purpose
// has a key of its own.
type signer struct{ master []byte }

func (k signer) mac(purpose, body string) []byte {
	m := hmac.New(sha256.New, k.master)
	m.Write([]byte("gorod web " + purpose + ":"))
	m.Write([]byte(body))
	return m.Sum(nil)
}

// sign puts a mark behind a body that only this server can make.
func (k signer) sign(purpose, body string) string {
	return body + "." + base64.RawURLEncoding.EncodeToString(k.mac(purpose, body)[:16])
}

// open gives the body of what sign made.
func (k signer) open(purpose, signed string) (string, bool) {
	i := strings.LastIndexByte(signed, '.')
	if i < 0 || !hmac.Equal([]byte(k.sign(purpose, signed[:i])), []byte(signed)) {
		return "", false
	}
	return signed[:i], true
}

// pseudonym stands for a network address: the same for the same address,
// nothing without the key. Of IPv6 the network counts, one home has all of it.
func (k signer) pseudonym(address string) string {
	if ip, err := netip.ParseAddr(address); err == nil {
		ip = ip.Unmap().WithZone("")
		if ip.Is6() {
			if network, err := ip.Prefix(64); err == nil {
				address = network.String()
			}
		}
	}
	return hex.EncodeToString(k.mac("address", address)[:10])
}

// deviceLife is how long a browser is known as one that joined: longer than the
// longest term and the silence after it.
const deviceLife = 365 * 24 * time.Hour

// deviceOf reads the browser's own mark; "" where it has none yet.
func (s *Server) deviceOf(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(deviceCookie))
	if err != nil {
		return ""
	}
	device, _ := s.keys.open("device", c.Value)
	return device
}

// knowDevice gives the browser of a guest who joins a mark by which it is known
// again. It is made from the random key of the form, so that a form that was
// sent twice at once joins once.
func (s *Server) knowDevice(w http.ResponseWriter, v *visit, formKey string) {
	if v.Who.ID != 0 {
		return
	}
	if v.Who.Device == "" {
		v.Who.Device = hex.EncodeToString(s.keys.mac("device of form", formKey)[:16])
	}
	s.setCookie(w, s.cookieName(deviceCookie), s.keys.sign("device", v.Who.Device), deviceLife, false)
}

// addressOf is the network address of who asks: the connection's, or, behind a
// proxy that is trusted, the last one that no trusted proxy added.
func (s *Server) addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	passed := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(passed) - 1; i >= 0 && s.trusts(host); i-- {
		next := strings.TrimSpace(passed[i])
		if _, err := netip.ParseAddr(next); err != nil {
			break
		}
		host = next
	}
	return host
}

func (s *Server) trusts(address string) bool {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	return slices.ContainsFunc(s.Settings.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(ip) })
}

// followLife is how long an opened follow link is remembered: a day at most
// stands open on a shared machine.
const followLife = 24 * time.Hour

// maxFollowed is how many problems one browser follows at once.
const maxFollowed = 8

// followedOf reads which problems the visitor may act on as their author.
func (s *Server) followedOf(r *http.Request, v *visit) map[int64]int64 {
	c, err := r.Cookie(s.cookieName(followCookie))
	if err != nil {
		return nil
	}
	body, ok := s.keys.open("follow", c.Value)
	if !ok {
		return nil
	}
	followed := map[int64]int64{}
	for part := range strings.SplitSeq(body, "_") {
		f := strings.Split(part, "-")
		if len(f) != 4 {
			continue
		}
		city, number, problem, until := whole(f[0]), whole(f[1]), whole(f[2]), whole(f[3])
		if city == v.City.ID && v.Now.Unix() < until {
			followed[number] = problem
		}
	}
	return followed
}

func whole(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// follow remembers that the visitor is the author of a problem.
func (s *Server) follow(w http.ResponseWriter, v *visit, number, problem int64) {
	if v.followed == nil {
		v.followed = map[int64]int64{}
	}
	v.followed[number] = problem
	until := v.Now.Add(followLife).Unix()
	numbers := make([]int64, 0, len(v.followed))
	for n := range v.followed {
		if n != number {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers) // the newest problems are kept
	numbers = append([]int64{number}, numbers...)
	var parts []string
	for _, n := range numbers[:min(len(numbers), maxFollowed)] {
		parts = append(parts, fmt.Sprintf("%d-%d-%d-%d", v.City.ID, n, v.followed[n], until))
	}
	s.setCookie(w, s.cookieName(followCookie), s.keys.sign("follow", strings.Join(parts, "_")), followLife, false)
}

// flash shows a sentence on the next page. Arguments are shown as text.
func (s *Server) flash(w http.ResponseWriter, phrase string, args ...string) {
	parts := append([]string{phrase}, args...)
	for i := range parts {
		parts[i] = url.QueryEscape(parts[i])
	}
	s.setCookie(w, flashCookie, strings.Join(parts, "|"), time.Minute, false)
}

// takeFlash reads the sentence and forgets it. A cookie is anybody's text, so
// only phrases of the catalogue come out.
func (s *Server) takeFlash(w http.ResponseWriter, r *http.Request, v *visit) {
	c, err := r.Cookie(flashCookie)
	if err != nil || r.Method != http.MethodGet {
		return
	}
	parts := strings.Split(c.Value, "|")
	for i := range parts {
		if parts[i], err = url.QueryUnescape(parts[i]); err != nil {
			return
		}
	}
	s.setCookie(w, flashCookie, "", -1, false)
	if !s.cat.Has(v.Lang, parts[0]) {
		return
	}
	args := make([]any, len(parts)-1)
	for i, a := range parts[1:] {
		args[i] = a
	}
	v.flash = s.say(v, parts[0], args...)
}

// prefsOf reads how the person reads; what is not known is the ordinary look.
func prefsOf(r *http.Request) view.Prefs {
	c, err := r.Cookie(prefsCookie)
	if err != nil {
		return view.Prefs{}
	}
	parts := strings.Split(c.Value, ".")
	if len(parts) != 5 {
		return view.Prefs{}
	}
	return checkedPrefs(view.Prefs{Size: parts[0], Font: parts[1], Spacing: parts[2], Colors: parts[3], Images: parts[4]})
}

// checkedPrefs drops values that do not exist.
func checkedPrefs(p view.Prefs) view.Prefs {
	known := func(value *string, allowed ...string) {
		if !slices.Contains(allowed, *value) {
			*value = ""
		}
	}
	known(&p.Size, "large", "huge")
	known(&p.Font, "serif")
	known(&p.Spacing, "wide", "wider")
	known(&p.Colors, "black", "white", "blue", "brown")
	known(&p.Images, "off")
	return p
}

func prefsText(p view.Prefs) string {
	return strings.Join([]string{p.Size, p.Font, p.Spacing, p.Colors, p.Images}, ".")
}
