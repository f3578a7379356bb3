package web

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"
)

// handler puts the middleware around the routes. From the outside in:
//
//  1. see.Requests   the id and the one line of a request; the last net for panics
//  2. recovered      a panic becomes a page like any mistake of ours
//  3. secured        headers that hold for every answer, refusals included
//  4. packed         compression, where it can tell nothing
//  5. cross-origin   a form that another site sends is refused (403)
//  6. the route's own (serve): body limit; city, session, language and reading
//     settings; language switch; rate limit; handler; its error as an answer
//
// The body limit stands before anything reads a body; the rate limit after the
// visitor is known, so that its refusal speaks their language.
func (s *Server) handler() http.Handler {
	cross := http.NewCrossOriginProtection()
	if s.Settings.PublicURL != "" {
		// An origin that cannot be parsed protects nobody: it is a mistake at start.
		if err := cross.AddTrustedOrigin(s.Settings.PublicURL); err != nil {
			s.log.Warn("public address is no origin", "error", err.Error())
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.answerError(w, r, fault.Denied.New("web.other_site"))
	}))
	h := cross.Handler(s.mux)
	return see.Requests(s.log, s.Metrics, s.routeOf)(s.recovered(secured(packed(h))))
}

// routeOf is the pattern of a request's route, for the log.
func (s *Server) routeOf(r *http.Request) string {
	_, pattern := s.mux.Handler(r)
	return pattern
}

// recovered turns a panic into the page of a mistake of ours.
func (s *Server) recovered(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if p == http.ErrAbortHandler {
				panic(p) // net/http closes the connection on this one
			}
			s.answerError(w, r, fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
		}()
		next.ServeHTTP(w, r)
	})
}

// policy is what a page may load: from this site alone. Photos before sending
// are shown from memory (blob:), map icons are made there (data:), the map's
// worker is a script of ours.
const policy = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// secured sets what holds for every answer.
func secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=(), usb=()")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}

// handle is a handler of a route: what it returns is answered by answerError.
type handle func(w http.ResponseWriter, r *http.Request) error

// smallBody is what a form without files may weigh.
const smallBody = 1 << 20

// serve makes an http.Handler of a route: see handler for the order.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := bodyLimit(rt, r)
		body := &bounded{ReadCloser: http.MaxBytesReader(w, r.Body, limit), raw: r.Body, w: w}
		defer body.linger()
		r.Body = body
		if r.ContentLength > limit {
			body.refuse()
			s.answerError(w, r, tooLarge(limit))
			return
		}
		if rt.bare {
			s.finish(w, r, rt.do)
			return
		}
		r, err := s.arrive(r)
		if err != nil {
			s.answerError(w, r, err)
			return
		}
		s.welcome(w, r, rt)
	})
}

// welcome goes on once the visitor is known.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request, rt route) {
	v := s.visitOf(r)
	s.note(r, v)
	allowMap(w, v.City.Settings.Map)
	if s.switchLanguage(w, r, v) {
		return
	}
	if rt.rate != "" && !s.rates.allow(rt.rate, v.Sender) {
		w.Header().Set("Retry-After", "60")
		s.answerError(w, r, fault.Limited.New("web.too_fast"))
		return
	}
	if v.Person.MustEnrol && !rt.owing {
		s.leadToDoor(w, r, v)
		return
	}
	if (rt.staff || rt.personal) && v.Person.MustChange && !rt.door {
		s.leadToDoor(w, r, v) // a password of one day opens nothing but the door to another
		return
	}
	if rt.staff && !v.Who.Staff() {
		s.refuseGuest(w, r, v)
		return
	}
	s.takeFlash(w, r, v)
	if w.Header().Get("Cache-Control") == "" {
		w.Header().Set("Cache-Control", "private, no-cache")
	}
	if rt.personal || rt.staff {
		personal(w)
	}
	s.finish(w, r, rt.do)
}

func (s *Server) finish(w http.ResponseWriter, r *http.Request, do handle) {
	if err := do(w, r); err != nil {
		s.answerError(w, r, err)
	}
}

// refuseGuest sends a guest to the staff's door, and others away.
func (s *Server) refuseGuest(w http.ResponseWriter, r *http.Request, v *visit) {
	if v.Who.ID == 0 && r.Method == http.MethodGet && !wantsJSON(r) {
		http.Redirect(w, r, "/signin/staff?back="+escape(v.path), http.StatusSeeOther)
		return
	}
	s.answerError(w, r, fault.Denied.New("web.staff_only"))
}

// note tells the request's line who asks, by number and role.
func (s *Server) note(r *http.Request, v *visit) {
	switch {
	case v.Who.ID == 0:
		see.LineOf(r.Context()).Who("guest")
	case v.Who.Staff():
		see.LineOf(r.Context()).Who(string(v.Who.Roles[0]) + ":" + strconv.FormatInt(v.Who.ID, 10))
	default:
		see.LineOf(r.Context()).Who("resident:" + strconv.FormatInt(v.Who.ID, 10))
	}
}

// personal marks an answer that belongs to one person: not kept by anything on
// the way, and not compressed (see the package's rules).
func personal(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Robots-Tag", "noindex")
}

// langLife is how long the chosen language is remembered.
const langLife = 365 * 24 * time.Hour

// switchLanguage takes ?lang= out of the address and remembers it.
func (s *Server) switchLanguage(w http.ResponseWriter, r *http.Request, v *visit) bool {
	if r.Method != http.MethodGet || r.URL.Query().Get("lang") == "" {
		return false
	}
	lang := locale.Lang(r.URL.Query().Get("lang"))
	if slices.Contains(languages(v.City), lang) {
		s.setCookie(w, langCookie, string(lang), langLife, false)
	}
	http.Redirect(w, r, v.path, http.StatusSeeOther)
	return true
}

// tooLarge is the refusal of a body beyond its limit.
func tooLarge(limit int64) error { return &http.MaxBytesError{Limit: limit} }

func isTooLarge(err error) bool {
	var large *http.MaxBytesError
	return errors.As(err, &large)
}

// wantsJSON tells a script's request from a page's.
func wantsJSON(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Accept"), "application/json")
}
