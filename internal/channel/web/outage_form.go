package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/locale"
)

// outageKnown is how near a house must be for its outages to explain what is
// reported at a point, in metres.
const outageKnown = 40

// houseMeant is the house that a form is about: the chosen one, else the
// nearest to the point; false: none.
func (s *Server) houseMeant(ctx context.Context, v *visit, d *draft) (place.HouseID, bool, error) {
	if d.housed {
		return d.house.ID, true, nil
	}
	at := d.point()
	if !at.known() {
		return 0, false, nil
	}
	near, err := s.Places.Near(ctx, v.City.ID, at.Point, 1, outageKnown)
	if err != nil || len(near) == 0 {
		return 0, false, err
	}
	return near[0].House.ID, true, nil
}

// explainIn adds to the form what is known about what is being reported: the
// outages that explain it, and whom to call first.
func (s *Server) explainIn(ctx context.Context, v *visit, d *draft, p *view.HomePage) error {
	if !d.sorted {
		return nil
	}
	resource, err := s.Houses.ResourceOf(ctx, v.City.ID, d.sort.ID)
	if err != nil {
		return err
	}
	first := v.text(d.sort.First) != ""
	if resource == "" && !first {
		return nil
	}
	id, found, err := s.houseMeant(ctx, v, d)
	if err != nil || !found {
		return err
	}
	if resource != "" {
		known, err := s.Houses.Known(ctx, v.City.ID, id, d.sort.ID, v.Now)
		if err != nil {
			return err
		}
		if p.Explained, err = s.knownOf(ctx, v, id, known); err != nil {
			return err
		}
	}
	if !d.urgent(v, resource) {
		return nil
	}
	duty, err := s.Houses.DispatcherOf(ctx, v.City.ID, id)
	p.Duty = view.Duty{Phone: duty.Phone, City: duty.City, Known: len(p.Explained) > 0}
	return err
}

// urgent tells whether a dispatcher comes before a message: what the house
// lacks, and topics whose advice sends to a telephone other than 112.
func (d *draft) urgent(v *visit, resource house.Resource) bool {
	if resource != "" {
		return true
	}
	first := v.text(d.sort.First)
	return d.sort.Widget == topic.OnBuilding && v.City.Settings.Dispatcher != "" && strings.Contains(first, v.City.Settings.Dispatcher)
}

// knownOf are outages as the form tells them.
func (s *Server) knownOf(ctx context.Context, v *visit, id place.HouseID, known []house.Outage) ([]view.KnownOutage, error) {
	if len(known) == 0 {
		return nil, nil
	}
	n, err := s.namesFor(ctx, v, orgsOfOutages(known), nil)
	if err != nil {
		return nil, err
	}
	var list []view.KnownOutage
	for _, o := range known {
		end, guessed := o.End()
		list = append(list, view.KnownOutage{ID: o.ID, Resource: string(o.Resource), Kind: string(o.Kind), To: end, Open: guessed,
			Who: n.whoSwitched(o), Reason: strings.TrimRight(o.Reason, ". "), URL: houseURL(id)})
	}
	return list, nil
}

// knownSeen is the name of the hidden inputs that say which outages were shown.
const knownSeen = "outage"

// tellFirst shows the outage that explains a message instead of sending it, when
// its author has not seen it; the next press sends. A script shows it while the
// place is chosen, so its sending is never held up.
func (s *Server) tellFirst(w http.ResponseWriter, r *http.Request, v *visit, d *draft) (told bool, err error) {
	if wantsJSON(r) {
		return false, nil
	}
	var known view.HomePage
	if err := s.explainIn(r.Context(), v, d, &known); err != nil {
		return false, err
	}
	seen := d.form.all(knownSeen)
	fresh := slices.ContainsFunc(known.Explained, func(k view.KnownOutage) bool { return !slices.Contains(seen, strconv.FormatInt(k.ID, 10)) })
	if !fresh {
		return false, nil
	}
	page, err := s.homeOf(r, v, d)
	if err != nil {
		return false, err
	}
	page.Path, page.ExplainAsk, page.Explained = "/", page.Explained, nil
	return true, s.show(w, page)
}

// knownBody is what the form's script is told of outages and of whom to call.
type knownBody struct {
	Outages []knownOutageBody `json:"outages"`
	Duty    *dutyBody         `json:"duty,omitempty"`
}

type knownOutageBody struct {
	ID    int64  `json:"id"`
	Title string `json:"title"`           // «Горячей воды в доме нет по графику. Включат: …»
	Who   string `json:"who,omitempty"`   // «Отключает: Теплосеть»
	Phone string `json:"phone,omitempty"` // of who did
	Why   string `json:"why,omitempty"`
	Still string `json:"still"` // what to do when the time has passed
	Look  string `json:"look"`  // words of the link
	URL   string `json:"url"`   // of the house
}

type dutyBody struct {
	Phone string `json:"phone"`
	Call  string `json:"call"`
	Why   string `json:"why"`
}

// tellKnown answers GET /known?topic=&house= (or lat=&lon=) with what is known
// of what is about to be reported.
func (s *Server) tellKnown(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	d := draftOf(&form{values: url.Values{"topic": q["topic"], "house": q["house"], "lat": q["lat"], "lon": q["lon"]}})
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	var p view.HomePage
	if err := s.explainIn(r.Context(), v, d, &p); err != nil {
		return err
	}
	body := knownBody{Outages: []knownOutageBody{}}
	for _, k := range p.Explained {
		one := knownOutageBody{ID: k.ID, Title: s.knownTitle(v, k), Phone: k.Who.Phone, Why: k.Reason, Still: s.say(v, "house_page.known_still"),
			Look: s.say(v, "house_page.known_look"), URL: k.URL}
		if k.Who.Name != "" {
			one.Who = s.say(v, "house_page.switched_off") + " " + k.Who.Name
		}
		body.Outages = append(body.Outages, one)
	}
	if p.Duty.Phone != "" {
		body.Duty = &dutyBody{Phone: p.Duty.Phone, Call: s.say(v, p.Duty.CallKey()), Why: s.say(v, p.Duty.WhyKey())}
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// knownTitle is the sentence about an outage.
func (s *Server) knownTitle(v *visit, k view.KnownOutage) string {
	gone := s.say(v, "house_page.gone_"+k.Resource)
	if k.Open {
		return s.say(v, "house_page.known_open_"+k.Kind, gone)
	}
	return s.say(v, "house_page.known_"+k.Kind, gone, s.moment(v, k.To))
}

// moment is a time as a sentence has it.
func (s *Server) moment(v *visit, at time.Time) string {
	return locale.DateTime(v.Lang, at.In(v.zone()), v.Now.In(v.zone()))
}

// knownAt are the outages that explained a message when it was written, for the
// moderator's desk.
func (s *Server) knownAt(ctx context.Context, n *names, st problem.State, at time.Time) ([]view.KnownOutage, error) {
	if st.Place.House == 0 {
		return nil, nil
	}
	known, err := s.Houses.Known(ctx, n.v.City.ID, st.Place.House, st.Topic.ID, at)
	if err != nil {
		return nil, err
	}
	return s.knownOf(ctx, n.v, st.Place.House, known)
}
