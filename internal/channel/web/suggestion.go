package web

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"strconv"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/reading"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// propose gives the topics that a text may be about: the model's, or, in a city
// that has none, those that share its words.
func (s *Server) propose(ctx context.Context, v *visit, in suggest.Input) (list []offer, advice suggest.Advice, err error) {
	advice, err = s.Suggest.Propose(ctx, v.City.ID, in)
	if ctx.Err() != nil {
		return nil, advice, err
	}
	if err != nil { // a model that cannot be read keeps nobody from sending
		s.log.ErrorContext(ctx, "suggest", "city", v.City.ID, "error", err)
		advice = suggest.Advice{}
	}
	if len(advice.Shown) == 0 && in.Object != 0 {
		advice.Shown = advice.Best // who has answered is not left with nothing
	}
	if advice.Model == 0 {
		list, err = s.searchTopics(ctx, v, in.Text)
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
	Icon   string      `json:"icon,omitempty"`   // address of a picture
	Covers string      `json:"covers,omitempty"` // what it is about, in a line
	Due    string      `json:"due,omitempty"`    // RFC 3339
	Says   string      `json:"says,omitempty"`   // «Ответ до 8 декабря»
	Photo  string      `json:"photo,omitempty"`
	First  []pieceBody `json:"first,omitempty"` // what to do before writing
	Advice string      `json:"advice,omitempty"`
	Season string      `json:"season,omitempty"` // why it is not taken now
	Widget string      `json:"widget"`           // building, near, point
	Fields []fieldBody `json:"fields,omitempty"`
	Closed bool        `json:"closed,omitempty"` // Season says why
}

// pieceBody is a part of a sentence; one with call is a telephone number.
type pieceBody struct {
	Text string `json:"text"`
	Call bool   `json:"call,omitempty"`
}

type fieldBody struct {
	Name     string       `json:"name"`
	Label    string       `json:"label"`
	Hint     string       `json:"hint,omitempty"`
	Type     string       `json:"type,omitempty"`
	Required bool         `json:"required,omitempty"`
	Long     bool         `json:"long,omitempty"`
	Max      string       `json:"max,omitempty"` // the last day of a date
	Options  []optionBody `json:"options,omitempty"`
}

// optionBody is one answer of a field.
type optionBody struct {
	Value string `json:"value"`
	Label string `json:"label"`
}

// suggestBody answers POST /suggest.
type suggestBody struct {
	Topics   []topicBody   `json:"topics"`
	Offered  string        `json:"offered,omitempty"` // what the form carries of these topics to the sending
	Danger   bool          `json:"danger"`
	None     string        `json:"none,omitempty"` // why nothing is proposed
	Next     []nextBody    `json:"next,omitempty"`
	Calls    []nextBody    `json:"calls,omitempty"` // whom to call in danger
	Ask      *askBody      `json:"ask,omitempty"`
	Answered *answeredBody `json:"answered,omitempty"`
	Notices  []noticeBody  `json:"notices,omitempty"`
	Parts    []string      `json:"parts,omitempty"` // the problems that the text seems to speak of
}

// askBody is the one question; its answer is sent back as object with asked.
type askBody struct {
	Asked   string       `json:"asked"`
	Objects []objectBody `json:"objects"`
}

type objectBody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Icon string `json:"icon,omitempty"`
}

type answeredBody struct {
	Name string `json:"name,omitempty"` // empty: none of what was offered
}

// noticeBody is what reading the text has found.
type noticeBody struct {
	Kind   string      `json:"kind"` // personal, rude
	Text   string      `json:"text"`
	Quotes []quoteBody `json:"quotes,omitempty"`
}

type quoteBody struct {
	Said string `json:"said"`
	What string `json:"what"`
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

// suggestTopics answers POST /suggest with topics for what was typed so far. The
// text travels in the body: an address would be kept by the browser, by proxies
// and in their logs.
func (s *Server) suggestTopics(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	return s.tellTopics(w, r, v, draftOf(f))
}

// tellTopic answers GET /suggest?topic=ID about one topic.
func (s *Server) tellTopic(w http.ResponseWriter, r *http.Request) error {
	d := draftOf(&form{values: url.Values{"topic": {r.URL.Query().Get("topic")}}})
	return s.tellTopics(w, r, s.visitOf(r), d)
}

func (s *Server) tellTopics(w http.ResponseWriter, r *http.Request, v *visit, d *draft) error {
	body := suggestBody{Topics: []topicBody{}}
	if d.text == "" && d.topic == 0 {
		writeJSON(w, http.StatusOK, body)
		return nil
	}
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
	body.Offered = s.carried(v, d)
	if err := s.warnings(r.Context(), v, d, &body); err != nil {
		return err
	}
	writeJSON(w, http.StatusOK, body)
	return nil
}

// warnings adds the question, what reading the text has found, and what to do
// before or instead.
func (s *Server) warnings(ctx context.Context, v *visit, d *draft, body *suggestBody) error {
	var p view.HomePage
	if err := s.askOf(ctx, v, d, &p); err != nil {
		return err
	}
	if p.Question.Asked != "" {
		body.Ask = &askBody{Asked: p.Question.Asked}
		for _, o := range p.Question.Options {
			body.Ask.Objects = append(body.Ask.Objects, objectBody{o.ID, o.Name, s.iconURL(o.Icon)})
		}
	}
	if p.Answered.Asked != "" {
		body.Answered = &answeredBody{p.Answered.Name}
	}
	for _, n := range s.noticesOf(v, d.text) {
		one := noticeBody{Kind: n.Kind, Text: n.Text}
		for _, q := range n.Quotes {
			one.Quotes = append(one.Quotes, quoteBody(q))
		}
		body.Notices = append(body.Notices, one)
	}
	body.Parts = d.partsOf()
	dangers := reading.Dangers(d.text)
	body.Danger = len(dangers) > 0
	body.Next = nextBodies(d.next)
	if !body.Danger {
		return nil
	}
	calls, err := s.calls(ctx, v, dangers)
	body.Calls = nextBodies(calls)
	return err
}

func (s *Server) topicBodyOf(ctx context.Context, v *visit, t topic.Topic) (topicBody, error) {
	var p view.HomePage
	d := &draft{form: &form{values: url.Values{}}, sort: t, sorted: true}
	if err := s.homeTopic(ctx, v, d, &p); err != nil {
		return topicBody{}, err
	}
	c := s.topicChoice(v, t)
	body := topicBody{ID: c.ID, Name: c.Name, Path: c.Path, Icon: s.iconURL(c.Icon), Covers: c.Covers, Photo: p.PhotoNeed, Advice: p.Advice,
		Season: p.Season, Widget: string(t.Widget), Closed: p.Season != ""}
	for _, piece := range p.CallFirst {
		body.First = append(body.First, pieceBody(piece))
	}
	for _, f := range p.Fields {
		one := fieldBody{Name: f.Name, Label: f.Label, Hint: f.Hint, Type: f.Type, Required: f.Required, Long: f.Long, Max: f.Max}
		for _, o := range f.Options {
			one.Options = append(one.Options, optionBody{o.Value, o.Label})
		}
		body.Fields = append(body.Fields, one)
	}
	if body.Closed {
		return body, nil
	}
	due, err := s.dueNow(ctx, v, t)
	if err == nil && !due.IsZero() {
		body.Due = due.In(v.zone()).Format("2006-01-02T15:04:05Z07:00")
		body.Says = s.say(v, "home.answer_by", s.day(v, due))
	}
	return body, err
}

// houseBody is a house that was found.
type houseBody struct {
	ID      int64   `json:"id"`
	Address string  `json:"address"`
	Area    string  `json:"area,omitempty"`
	Lat     float64 `json:"lat"`
	Lon     float64 `json:"lon"`
	Metres  int     `json:"metres,omitempty"`
	Fit     string  `json:"fit,omitempty"`     // how its number agrees with what was typed: place.Fit
	Guessed bool    `json:"guessed,omitempty"` // its street is only spelt alike
}

// hereBody names a point: for «Я здесь» and for a mark on the map.
type hereBody struct {
	Inside   bool        `json:"inside"`
	Label    string      `json:"label"`
	Accuracy string      `json:"accuracy,omitempty"` // in words; satellites lie here, so it is always shown
	Rough    bool        `json:"rough,omitempty"`    // too inaccurate to be believed without a look
	Houses   []houseBody `json:"houses"`
	Kind     string      `json:"kind,omitempty"`    // yard, street, park, water, rail, house, open
	Street   string      `json:"street,omitempty"`  // the nearest
	Areas    []string    `json:"areas,omitempty"`   // names, the smallest first
	Objects  []hereThing `json:"objects,omitempty"` // of the city, the nearest first
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
	if err := s.tellHere(r.Context(), v, p, near, &body); err != nil {
		return err
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
