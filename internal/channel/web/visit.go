package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// visit is who asks, where and how they read: found once a request.
type visit struct {
	City   place.City
	Lang   locale.Lang
	Who    resident.Who
	Person resident.Person // zero for a guest
	Prefs  view.Prefs
	Now    time.Time // the one "now" of the request
	Token  string    // of the session; "" for a guest
	// From is where the request comes from, for records that the law asks for.
	From resident.From
	// Sender stands for the network address in limits: a pseudonym.
	Sender string
	flash  string
	path   string
	form   *form // what was posted, once it was read
	// followed maps numbers of problems to keys: those whose follow link was
	// opened here.
	followed map[int64]int64
}

type visitKey struct{}

// visitOf is the visit of a request that passed the middleware. It is never
// nil: before that it is a guest's in the main language.
func (s *Server) visitOf(r *http.Request) *visit {
	if v, ok := r.Context().Value(visitKey{}).(*visit); ok {
		return v
	}
	return &visit{Lang: locale.Match(r.Header.Get("Accept-Language"), locale.Langs()), Now: s.DB.Now(), path: "/"}
}

// arrive finds out who visits.
func (s *Server) arrive(r *http.Request) (*http.Request, error) {
	v := s.visitOf(r)
	r = r.WithContext(context.WithValue(r.Context(), visitKey{}, v))
	if r.Method == http.MethodGet {
		v.path = ownPath(r.URL)
	}
	address := s.addressOf(r)
	v.Sender = s.keys.pseudonym(address)
	v.Prefs = prefsOf(r)
	city, err := s.cityOf(r)
	if err != nil {
		return r, err
	}
	v.City = city
	v.Lang = languageOf(r, city)
	v.Who = resident.Who{City: city.ID, Device: s.deviceOf(r)}
	v.From = resident.From{Address: address, Agent: resident.AgentClass(r.UserAgent()), Language: string(v.Lang)}
	v.followed = s.followedOf(r, v)
	return r, s.signedIn(r, v)
}

// signedIn finds the person of the session cookie. A session that has ended
// makes a guest, not an error.
func (s *Server) signedIn(r *http.Request, v *visit) error {
	c, err := r.Cookie(s.cookieName(sessionCookie))
	if err != nil || c.Value == "" {
		return nil
	}
	who, person, err := s.Residents.Who(r.Context(), v.City.ID, c.Value)
	if errors.Is(err, fault.Missing) || errors.Is(err, fault.Denied) || errors.Is(err, fault.Closed) {
		return nil
	}
	if err != nil {
		return err
	}
	v.Who, v.Person, v.Token = who, person, c.Value
	return nil
}

// As is the person as one who acts on a problem: its author where its follow
// link was opened here.
func (v *visit) As(number int64) resident.Who {
	who := v.Who
	who.Problem = v.followed[number]
	return who
}

// head is the person as the page's head shows them; who gave no name is «Я».
func (s *Server) head(v *visit) view.Who {
	if v.Who.ID == 0 {
		return view.Who{}
	}
	w := view.Who{Name: v.Person.Name, Staff: v.Who.Staff()}
	if w.Name == "" {
		w.Name = s.say(v, "web.me")
	}
	for _, role := range v.Who.Roles {
		w.Roles = append(w.Roles, string(role))
	}
	return w
}

// text is a text of the pack in the visitor's language, else in the main one.
func (v *visit) text(names map[string]string) string {
	if s := names[string(v.Lang)]; s != "" {
		return s
	}
	return names[v.City.Main]
}

// cityOf finds the city that a host name serves.
func (s *Server) cityOf(r *http.Request) (place.City, error) {
	cities, err := s.Places.Cities(r.Context())
	if err != nil {
		return place.City{}, err
	}
	host, _, _ := strings.Cut(strings.ToLower(r.Host), ":")
	if key, ok := s.Settings.Hosts[host]; ok {
		if i := slices.IndexFunc(cities, func(c place.City) bool { return c.Key == key }); i >= 0 {
			return cities[i], nil
		}
		return place.City{}, fault.Missing.New("place.no_city")
	}
	if len(cities) == 0 {
		return place.City{}, fault.Broken.New("web.no_city")
	}
	return cities[0], nil
}

// languages are those that both the city and the program speak.
func languages(city place.City) []locale.Lang {
	var both []locale.Lang
	for _, l := range locale.Langs() {
		if slices.Contains(city.Languages, string(l)) {
			both = append(both, l)
		}
	}
	if len(both) == 0 {
		return []locale.Lang{locale.RU}
	}
	return both
}

func languageOf(r *http.Request, city place.City) locale.Lang {
	offered := languages(city)
	if c, err := r.Cookie(langCookie); err == nil && slices.Contains(offered, locale.Lang(c.Value)) {
		return locale.Lang(c.Value)
	}
	return locale.Match(r.Header.Get("Accept-Language"), offered)
}

// ownPath is path and query of a page without what must not be repeated.
func ownPath(u *url.URL) string {
	q := u.Query()
	q.Del("lang")
	q.Del("secret")
	own := url.URL{Path: u.Path, RawQuery: q.Encode()}
	return own.RequestURI()
}

// backOf is an address to return to: of this site only, else "".
func backOf(typed string) string {
	if !strings.HasPrefix(typed, "/") || strings.HasPrefix(typed, "//") || strings.ContainsAny(typed, "\\\r\n\t") {
		return ""
	}
	u, err := url.Parse(typed)
	if err != nil || u.Host != "" || u.Scheme != "" {
		return ""
	}
	return typed
}

// numberIn reads the public number of a problem in the path.
func numberIn(r *http.Request) (int64, error) {
	n, err := strconv.ParseInt(r.PathValue("number"), 10, 64)
	if err != nil || n <= 0 {
		return 0, fault.Missing.New("problem.missing")
	}
	return n, nil
}

// say is a phrase in the visitor's language.
func (s *Server) say(v *visit, key string, args ...any) string { return s.cat.T(v.Lang, key, args...) }

// Base is what every page has. Title is already in the visitor's language.
func (s *Server) base(v *visit, active, title string) view.Base {
	return view.Base{
		Lang: v.Lang, City: v.text(v.City.Name), Path: v.path, Title: title, Active: active,
		Who: s.head(v), Prefs: v.Prefs, Now: v.Now, Zone: v.City.Zone, Flash: v.flash,
		Languages: languages(v.City), Demo: s.Settings.Demo, Past: s.Settings.Past,
	}
}

// newKey makes the idempotency key of a form.
func (s *Server) newKey() string { return s.IDs.Secret() }
