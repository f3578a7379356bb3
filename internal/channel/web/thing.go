package web

import (
	"context"
	"errors"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// Objects of the city in the form. The input is called thing: object is the
// first level of the tree of topics.
const (
	thingInput = "thing"
	// noThing is its value where the author says that it is none of those offered.
	noThing = "none"
	// mostThings is how many objects the form offers.
	mostThings = 3
	// mostAtThing is how many open problems of an object the form lists.
	mostAtThing = 2
)

// thingOf is the object that the form names, where its kind is one of those that
// the topic is about: a choice made for another topic does not count.
func (s *Server) thingOf(ctx context.Context, v *visit, d *draft) (string, error) {
	id := d.form.get(thingInput)
	if id == "" || id == noThing || !d.sorted {
		return "", nil
	}
	o, _, err := s.Places.Object(ctx, v.City.ID, id)
	if errors.Is(err, fault.Missing) || err == nil && slices.Contains(d.sort.Objects, o.Kind) {
		return id, nil // one that is not there is refused where it is sent
	}
	return "", err
}

// thingsOf are the objects near the place of a draft that its topic may be
// about.
func (s *Server) thingsOf(ctx context.Context, v *visit, d *draft) (view.Things, error) {
	chosen := d.form.get(thingInput)
	kept := view.Things{Kept: chosen}
	d = d.guessed()
	where, placed := d.placeDraft()
	if !placed || !d.sorted || where.Mark == place.OnBuilding {
		return kept, nil
	}
	near, err := s.Places.ObjectsFor(ctx, v.City.ID, d.sort.Objects, where.Point, mostThings)
	if err != nil || len(near) == 0 {
		return kept, err
	}
	kinds, err := s.Places.Kinds(ctx, v.City.ID)
	if err != nil {
		return view.Things{}, err
	}
	list := view.Things{None: chosen == noThing}
	for _, o := range near {
		kind, _ := kinds.Find(o.Object.Kind)
		t := s.thing(v, o.Object, kind)
		t.Metres, t.Checked = int(math.Round(o.Metres)), t.ID == chosen
		if err := s.openAt(ctx, v, &t); err != nil {
			return list, err
		}
		list.List = append(list.List, t)
	}
	return list, nil
}

// openAt puts the newest open problems of an object on it.
func (s *Server) openAt(ctx context.Context, v *visit, t *view.Thing) error {
	open, err := s.Problems.AtObject(ctx, v.City.ID, t.ID)
	if err != nil || len(open) == 0 {
		return err
	}
	n, err := s.namesFor(ctx, v, nil, nil)
	if err != nil {
		return err
	}
	for i, it := range open {
		if i == mostAtThing {
			t.More = len(open) - i
			break
		}
		st := it.State
		t.Open = append(t.Open, view.ThingProblem{Number: st.Number, URL: problemURL(st.Number), Topic: n.topic(st.Topic.ID),
			State: stateNow(st, v.Now), Joins: !v.owns(it) && st.Status != problem.Answered})
	}
	return nil
}

// thing is an object in words.
func (s *Server) thing(v *visit, o place.Object, kind place.ObjectKind) view.Thing {
	t := view.Thing{ID: o.ID, Kind: v.text(kind.Name), Number: o.Number, Name: v.text(o.Name), Letter: kind.Letter}
	if t.Kind == "" {
		t.Kind = kind.ID
	}
	for _, f := range kind.Fields {
		value := o.Fields[f.ID]
		if value == "" {
			continue
		}
		switch f.Type {
		case place.FlagField:
			value = s.say(v, "thing.flag_"+value)
		case place.NumberField:
			if v.Lang == locale.RU {
				value = strings.Replace(value, ".", ",", 1)
			}
		case place.DateField:
			if day, err := time.Parse(time.DateOnly, value); err == nil {
				value = locale.Date(v.Lang, day, time.Time{})
			}
		}
		if unit := v.text(f.Unit); unit != "" {
			value += "\u00a0" + unit
		}
		t.Fields = append(t.Fields, view.ThingField{Name: v.text(f.Name), Value: value})
	}
	return t
}

// listThings answers GET /objects?topic=&lat=&lon= (or house=, place=point) with
// the objects that a message about this topic at this place may be about.
func (s *Server) listThings(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	q.Del("text")
	if q.Get("house") == "" {
		if _, err := pointIn(r); err != nil {
			return err
		}
	}
	d := draftOf(&form{values: q})
	if err := s.lookUp(r, v, d); err != nil {
		return err
	}
	found, err := s.thingsOf(r.Context(), v, d)
	if err != nil {
		return err
	}
	list := []thingBody{}
	for _, t := range found.List {
		list = append(list, s.thingBodyOf(v, t))
	}
	writeJSON(w, http.StatusOK, map[string]any{"objects": list})
	return nil
}

// thingBody is an object as the form's script draws it.
type thingBody struct {
	ID     string    `json:"id"`
	URL    string    `json:"url"`
	Title  string    `json:"title"` // «Фонарь Л-001»
	About  string    `json:"about"` // «12 м, ул. Мостовая, высота 8 м»
	Number string    `json:"number,omitempty"`
	Metres int       `json:"metres"`
	Open   []atThing `json:"open,omitempty"`
	More   string    `json:"more,omitempty"`
}

// atThing is an open problem at an object.
type atThing struct {
	Number int64  `json:"number"`
	URL    string `json:"url"`
	About  string `json:"about"`
	Join   string `json:"join,omitempty"`
}

func (s *Server) thingBodyOf(v *visit, t view.Thing) thingBody {
	b := thingBody{ID: t.ID, URL: t.URL(), Title: t.Title(), Number: t.Number, Metres: t.Metres,
		About: joinComma(append([]string{s.say(v, "home.metres", t.Metres)}, t.Facts()...))}
	for _, p := range t.Open {
		one := atThing{Number: p.Number, URL: p.URL, About: joinComma([]string{p.Topic, s.stateWords(v, p.State)})}
		if p.Joins {
			one.Join = s.say(v, "near.join")
		}
		b.Open = append(b.Open, one)
	}
	if t.More > 0 {
		b.More = s.say(v, "thing.more", t.More)
	}
	return b
}

// showThing is the page of one object.
func (s *Server) showThing(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	ctx := r.Context()
	o, kind, err := s.Places.Object(ctx, v.City.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	t := s.thing(v, o, kind)
	p := view.ObjectPage{Base: s.base(v, "map", t.Title()), Thing: t, Report: reportOn(o)}
	p.Path = t.URL()
	var owners []org.ID
	if o.Owner != "" {
		owners = []org.ID{org.ID(o.Owner)}
	}
	n, err := s.namesFor(ctx, v, owners, nil)
	if err != nil {
		return err
	}
	for _, owner := range owners {
		p.Owner = n.organisation(owner)
	}
	beside, err := s.Places.BesideOf(ctx, v.City.ID, o.Point)
	if err != nil {
		return err
	}
	if beside != "" {
		p.Address = s.say(v, "web.near_house", shortAddress(v, beside))
	}
	if p.Still, err = s.still(ctx, v, o.Point); err != nil {
		return err
	}
	if p.Still != nil {
		labelled := *p.Still
		labelled.Label = s.say(v, "problem_page.map_alt", t.Title())
		p.Still = &labelled
	}
	items, err := s.Problems.OfObject(ctx, v.City.ID, o.ID)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.State.Status.Open() {
			p.Lines = append(p.Lines, s.itemLine(n, it))
		} else {
			p.Past = append(p.Past, s.itemLine(n, it))
		}
	}
	return s.show(w, p)
}

// reportOn is the form with an object and its place filled in.
func reportOn(o place.Object) string {
	q := url.Values{thingInput: {o.ID}, "lat": {degrees(o.Point.Lat)}, "lon": {degrees(o.Point.Lon)}, "mark": {string(place.FreePoint)}}
	return "/?" + q.Encode()
}

// thingFor is the object of a place; nothing where it has none, or where the pack
// has forgotten it.
func (s *Server) thingFor(ctx context.Context, v *visit, p place.Place) (view.Thing, error) {
	if p.Object == "" {
		return view.Thing{}, nil
	}
	o, kind, err := s.Places.Object(ctx, v.City.ID, p.Object)
	if errors.Is(err, fault.Missing) {
		return view.Thing{}, nil
	}
	if err != nil {
		return view.Thing{}, err
	}
	return s.thing(v, o, kind), nil
}
