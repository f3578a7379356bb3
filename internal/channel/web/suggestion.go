package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// propose gives the topics that a text may be about: the model's, or, in a city
// that has none, those that share its words.
func (s *Server) propose(ctx context.Context, v *visit, text string) (list []offer, advice suggest.Advice, err error) {
	advice, err = s.Suggest.Propose(ctx, v.City.ID, suggest.Input{Text: text})
	if err != nil {
		return nil, advice, err
	}
	if advice.Model == 0 {
		list, err = s.searchTopics(ctx, v, text)
		return list, advice, err
	}
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return nil, advice, err
	}
	find := func(id topic.ID) (topic.Topic, bool) { t, ok := book.topics[id]; return t, ok }
	for _, o := range suggest.Mark(advice.Shown, find, v.Now.In(v.zone())) {
		if !o.Closed {
			list = append(list, offer{topic: o.Sort})
		}
	}
	return list, advice, nil
}

// maxOffers is how many topics are proposed.
const maxOffers = 3

func (s *Server) searchTopics(ctx context.Context, v *visit, text string) ([]offer, error) {
	found, err := s.Topics.Search(ctx, v.City.ID, string(v.Lang), text)
	if err != nil {
		return nil, err
	}
	var list []offer
	for _, t := range found[:min(len(found), maxOffers)] {
		list = append(list, offer{topic: t})
	}
	return list, nil
}

// topicBody is a proposed topic as a script reads it.
type topicBody struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Path   string      `json:"path"`
	Due    string      `json:"due,omitempty"`  // RFC 3339
	Says   string      `json:"says,omitempty"` // «Ответ до 8 декабря»
	Photo  string      `json:"photo,omitempty"`
	Advice string      `json:"advice,omitempty"`
	Widget string      `json:"widget"` // building, near, point
	Fields []fieldBody `json:"fields,omitempty"`
	Closed bool        `json:"closed,omitempty"` // out of season: Advice says when
}

type fieldBody struct {
	Name     string `json:"name"`
	Label    string `json:"label"`
	Hint     string `json:"hint,omitempty"`
	Type     string `json:"type,omitempty"`
	Required bool   `json:"required,omitempty"`
}

// suggestBody answers GET /suggest?text=.
type suggestBody struct {
	Topics []topicBody `json:"topics"`
	Danger bool        `json:"danger"`
	None   string      `json:"none,omitempty"` // why nothing is proposed
	Next   []nextBody  `json:"next,omitempty"`
}

// nextBody is what a person may do instead, or before.
type nextBody struct {
	Kind string `json:"kind"` // mend, call, appeal, site
	Text string `json:"text"`
	URL  string `json:"url,omitempty"`
	Do   string `json:"do,omitempty"` // the words of the link
}

func nextBodies(steps []view.Next) []nextBody {
	var list []nextBody
	for _, n := range steps {
		if n.Phone != "" {
			n.URL = "tel:" + n.Phone
		}
		list = append(list, nextBody{n.Kind, n.Text, n.URL, n.Do})
	}
	return list
}

// maxSuggestText is how much of a text is looked at while typing, in bytes of
// the address: browsers and proxies cut longer ones.
const maxSuggestText = 4000

// suggestTopics proposes topics for what was typed so far; with topic=ID it
// tells about one topic that was picked by hand.
func (s *Server) suggestTopics(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	text := strings.TrimSpace(q.Get("text"))
	if len(text) > maxSuggestText {
		text = text[:maxSuggestText]
	}
	if !utf8.ValidString(text) {
		return fault.Invalid.Field("text", "web.bad_encoding")
	}
	body := suggestBody{Topics: []topicBody{}, Danger: dangerous(text)}
	if text == "" && q.Get("topic") == "" {
		writeJSON(w, http.StatusOK, body)
		return nil
	}
	d := &draft{form: &form{values: q}, text: text, topic: topic.ID(whole(q.Get("topic")))}
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	offers := d.offers
	if d.sorted {
		offers = []offer{{topic: d.sort}}
	}
	for _, o := range offers {
		one, err := s.topicBodyOf(r.Context(), v, o.topic)
		if err != nil {
			return err
		}
		body.Topics = append(body.Topics, one)
	}
	if d.none {
		body.None = s.say(v, "web.no_topic")
	}
	next := d.next
	if body.Danger {
		calls, err := s.nextSteps(r.Context(), v, "emergency", "")
		if err != nil {
			return err
		}
		next = append(calls, next...)
	}
	body.Next = nextBodies(next)
	writeJSON(w, http.StatusOK, body)
	return nil
}

func (s *Server) topicBodyOf(ctx context.Context, v *visit, t topic.Topic) (topicBody, error) {
	var p view.HomePage
	d := &draft{form: &form{values: map[string][]string{}}, sort: t, sorted: true}
	s.homeTopic(v, d, &p)
	c := s.topicChoice(v, t)
	body := topicBody{ID: c.ID, Name: c.Name, Path: c.Path, Photo: p.PhotoNeed, Advice: p.Advice,
		Widget: string(t.Widget), Closed: !t.InSeason(v.Now.In(v.zone()))}
	for _, f := range p.Fields {
		body.Fields = append(body.Fields, fieldBody{Name: f.Name, Label: f.Label, Hint: f.Hint, Type: f.Type, Required: f.Required})
	}
	due, err := s.dueNow(ctx, v, t)
	if err == nil && !due.IsZero() {
		body.Due = due.In(v.zone()).Format("2006-01-02T15:04:05Z07:00")
		body.Says = s.say(v, "home.answer_by", s.day(v, due))
	}
	return body, err
}

// nearBody is an open problem close by.
type nearBody struct {
	Number int64  `json:"number"`
	URL    string `json:"url"`
	Topic  string `json:"topic"`
	Metres int    `json:"metres"`
	Since  string `json:"since"` // in words
	State  string `json:"state"` // the chip's code
	Joined int    `json:"joined"`
}

// listNear answers GET /near?lat=&lon=&topic=.
func (s *Server) listNear(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	p, err := pointIn(r)
	if err != nil {
		return err
	}
	near, err := s.nearOf(r.Context(), v, problem.NearQuery{Point: p, Topic: topic.ID(whole(r.URL.Query().Get("topic"))), Metres: nearMetres, Limit: 3, Visible: true})
	if err != nil {
		return err
	}
	list := []nearBody{}
	for _, n := range near {
		list = append(list, nearBody{n.Number, n.URL, n.Topic, n.Metres, s.ago(v, n.Since), n.State.Code, n.Joined})
	}
	writeJSON(w, http.StatusOK, map[string]any{"near": list})
	return nil
}

// houseBody is a house that was found.
type houseBody struct {
	ID      int64   `json:"id"`
	Address string  `json:"address"`
	Area    string  `json:"area,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Metres  int     `json:"metres,omitempty"`
}

// findAddresses answers GET /addresses?q= while an address is typed.
func (s *Server) findAddresses(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	found, err := s.Places.Search(r.Context(), v.City.ID, r.URL.Query().Get("q"), maxHouses)
	if err != nil {
		return err
	}
	list := []houseBody{}
	for _, f := range found {
		list = append(list, houseBody{ID: int64(f.House.ID), Address: shortAddress(v, f.House.Address), Area: v.text(f.Area), Lat: f.House.Point.Lat, Lon: f.House.Point.Lon})
	}
	writeJSON(w, http.StatusOK, map[string]any{"houses": list})
	return nil
}

// hereBody names a point: for «Я здесь» and for a mark on the map.
type hereBody struct {
	Inside   bool        `json:"inside"`
	Label    string      `json:"label"`
	Accuracy string      `json:"accuracy,omitempty"` // in words; satellites lie here, so it is always shown
	Rough    bool        `json:"rough,omitempty"`    // too inaccurate to be believed without a look
	Houses   []houseBody `json:"houses"`
}

const (
	houseReach  = 300 // metres: how far a house may be to name a point
	roughMetres = 100 // an accuracy beyond this is worth a warning
)

// nameHere answers GET /here?lat=&lon=&accuracy=.
func (s *Server) nameHere(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	p, err := pointIn(r)
	if err != nil {
		return err
	}
	body := hereBody{Inside: s.Places.Inside(r.Context(), v.City.ID, p), Houses: []houseBody{}}
	if !body.Inside {
		body.Label = s.say(v, "web.outside", v.text(v.City.Name))
		writeJSON(w, http.StatusOK, body)
		return nil
	}
	near, err := s.Places.Near(r.Context(), v.City.ID, p, 3, houseReach)
	if err != nil {
		return err
	}
	for _, h := range near {
		body.Houses = append(body.Houses, houseBody{ID: int64(h.House.ID), Address: h.House.Address, Lat: h.House.Point.Lat, Lon: h.House.Point.Lon, Metres: int(h.Metres + 0.5)})
	}
	body.Label = s.say(v, "web.on_map", coordinates(p))
	if len(near) > 0 {
		body.Label = s.say(v, "web.near_house", near[0].House.Address)
	}
	if accuracy, err := strconv.ParseFloat(r.URL.Query().Get("accuracy"), 64); err == nil && accuracy > 0 && accuracy < 1e6 {
		body.Accuracy = s.say(v, "web.accuracy", int(math.Ceil(accuracy)))
		body.Rough = accuracy > roughMetres
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// pointIn reads lat and lon of an address.
func pointIn(r *http.Request) (geo.Point, error) {
	q := r.URL.Query()
	lat, err1 := strconv.ParseFloat(q.Get("lat"), 64)
	lon, err2 := strconv.ParseFloat(q.Get("lon"), 64)
	p := geo.Point{Lat: lat, Lon: lon}
	if err1 != nil || err2 != nil || !p.Valid() {
		return geo.Point{}, fault.Invalid.Field("place", "web.bad_point")
	}
	return p, nil
}

// coordinates are a point as people copy it into a map.
func coordinates(p geo.Point) string { return fmt.Sprintf("%.5f, %.5f", p.Lat, p.Lon) }

// geoAround is what «near you» means in lists: half a kilometre.
func geoAround(p geo.Point) geo.Box { return geo.Around(p, 500) }
