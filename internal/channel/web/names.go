package web

import (
	"context"
	"strings"
	"sync"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/media"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// dictionary is what does not change within a version of a city's data: its
// topics and areas. It is made once a version.
type dictionary struct {
	all    []topic.Topic // closed ones too
	topics map[topic.ID]topic.Topic
	areas  map[place.AreaID]place.Area
	list   []place.Area
}

// dictionaries keeps the last few.
type dictionaries struct {
	mu    sync.Mutex
	known map[[2]int64]*dictionary
}

// maxDictionaries is how many versions are kept: each city's, and the one before.
const maxDictionaries = 16

func (s *Server) dictionary(ctx context.Context, v *visit) (*dictionary, error) {
	key := [2]int64{v.City.ID, v.City.Version}
	s.books.mu.Lock()
	defer s.books.mu.Unlock()
	if d, ok := s.books.known[key]; ok {
		return d, nil
	}
	all, err := s.Topics.All(ctx, v.City.ID)
	if err != nil {
		return nil, err
	}
	areas, err := s.Places.Areas(ctx, v.City.ID)
	if err != nil {
		return nil, err
	}
	d := &dictionary{all: all, topics: map[topic.ID]topic.Topic{}, areas: map[place.AreaID]place.Area{}, list: areas}
	for _, t := range all {
		d.topics[t.ID] = t
	}
	for _, a := range areas {
		d.areas[a.ID] = a
	}
	if s.books.known == nil || len(s.books.known) >= maxDictionaries {
		s.books.known = map[[2]int64]*dictionary{}
	}
	s.books.known[key] = d
	return d, nil
}

// names says what ids mean, in the visitor's language.
type names struct {
	v    *visit
	book *dictionary
	orgs map[org.ID]org.Organisation
	// photos by key; a key that is not here is not shown.
	photos map[int64]media.Photo
	thing  view.Thing // the object that the one problem of the page is about
}

// namesFor finds what a page will call by name.
func (s *Server) namesFor(ctx context.Context, v *visit, orgs []org.ID, photos []int64) (*names, error) {
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return nil, err
	}
	n := &names{v: v, book: book, orgs: map[org.ID]org.Organisation{}, photos: map[int64]media.Photo{}}
	if len(orgs) == 0 && len(photos) == 0 {
		return n, nil
	}
	return n, s.DB.View(ctx, func(tx *sqldb.Tx) error { return s.nameIn(tx, n, orgs, photos) })
}

// nameIn adds organisations and photos to names. A pack may forget an
// organisation; its id is shown then.
func (s *Server) nameIn(tx *sqldb.Tx, n *names, orgs []org.ID, photos []int64) error {
	if len(orgs) > 0 {
		found, err := s.Orgs.SomeIn(tx, n.v.City.ID, orgs)
		if err != nil {
			return err
		}
		n.orgs = found
	}
	list, err := s.Media.PhotosIn(tx, n.v.City.ID, photos)
	if err != nil {
		return err
	}
	for _, p := range list {
		n.photos[p.ID] = p
	}
	return nil
}

// topic is the name of a topic.
func (n *names) topic(id topic.ID) string { return n.v.text(n.book.topics[id].Name) }

// path is «object · category» of a topic.
func (n *names) path(t topic.Topic) string { return t.Path(string(n.v.Lang), n.v.City.Main) }

// area is the name of a district or municipality.
func (n *names) area(id place.AreaID) string { return n.v.text(n.book.areas[id].Name) }

// org is what an organisation is called in lists.
func (n *names) org(id org.ID) string {
	if o, ok := n.orgs[id]; ok {
		return o.ShortName(string(n.v.Lang), n.v.City.Main)
	}
	return string(id)
}

// organisation is an organisation and how to reach it.
func (n *names) organisation(id org.ID) view.Organisation {
	o := n.orgs[id]
	return view.Organisation{Name: n.org(id), Phone: o.Phone, Email: o.Email}
}

// address is the place in words: the house, or the landmark, or the street.
func (s *Server) address(v *visit, p place.Place) string {
	switch {
	case p.Address == "" && p.Landmark != "":
		return p.Landmark
	case p.Address == "" && p.Beside != "":
		return s.say(v, "web.near_house", shortAddress(v, p.Beside))
	case p.Address == "":
		return s.say(v, "web.in_the_open")
	case p.Mark == place.NearBuilding:
		return s.say(v, "web.near_house", shortAddress(v, p.Address))
	}
	return shortAddress(v, p.Address)
}

// shortAddress leaves out the city's own name: everyone here knows it.
func shortAddress(v *visit, address string) string {
	first, rest, found := strings.Cut(address, ", ")
	if !found {
		return address
	}
	for _, prefix := range []string{"г. ", "г.", "город "} {
		if name, ok := strings.CutPrefix(first, prefix); ok && name == v.City.Name[v.City.Main] {
			return rest
		}
	}
	return address
}

// line is a problem in a list that everyone may see.
func (s *Server) line(n *names, l board.Line) view.Line {
	line := view.Line{
		Number: l.Number, URL: problemURL(l.Number), Topic: n.topic(l.Topic), Address: shortAddress(n.v, l.Address),
		Area: n.area(place.AreaID(l.District)), State: stateOf(l.Status, l.Due, l.Overdue(n.v.Now), l.Disputed),
		Created: l.Created, Joined: l.Joined, Lat: l.Point.Lat, Lon: l.Point.Lon,
	}
	if line.Address == "" {
		line.Address = s.say(n.v, "web.in_the_open")
	}
	if p, ok := n.photos[l.Photo]; ok {
		photo := publicPhoto(p)
		line.Photo = &photo
	}
	return line
}

// linesOf turns a page of the board into lines.
func (s *Server) linesOf(ctx context.Context, v *visit, lines []board.Line) ([]view.Line, error) {
	var photos []int64
	for _, l := range lines {
		if l.Photo != 0 {
			photos = append(photos, l.Photo)
		}
	}
	n, err := s.namesFor(ctx, v, nil, photos)
	if err != nil {
		return nil, err
	}
	list := make([]view.Line, len(lines))
	for i, l := range lines {
		list[i] = s.line(n, l)
	}
	return list, nil
}

// itemLine is a problem of the visitor's own in a list.
func (s *Server) itemLine(n *names, it problem.Item) view.Line {
	st := it.State
	return view.Line{
		Number: st.Number, URL: problemURL(st.Number), Topic: n.topic(st.Topic.ID), Address: s.address(n.v, st.Place),
		Area: n.area(st.Place.District), State: stateNow(st, n.v.Now), Created: st.Created.Time(), Joined: st.Joined,
		Hidden: !st.Visible(), Lat: st.Place.Point.Lat, Lon: st.Place.Point.Lon,
	}
}

// stateNow is where a problem stands, with how late it is.
func stateNow(s problem.State, now time.Time) view.State {
	due := s.Due()
	l := board.Line{Status: s.Status}
	if due != 0 {
		l.Due = due.Time()
		l.Late = s.Status.Open() && s.Status != problem.Answered && now.After(l.Due)
	}
	return stateOf(s.Status, l.Due, l.Overdue(now), len(s.Messages) > 1)
}

// stateOf names a status as the chip does.
func stateOf(st problem.Status, due time.Time, late int, disputed bool) view.State {
	state := view.State{Code: string(st), LateDays: late, Due: due}
	switch st {
	case problem.Moderation:
		if disputed {
			state.Code = "disputed"
		}
	case problem.Confirmed:
		state.Code = "closed_author"
	case problem.Controlled:
		state.Code = "closed_controller"
	case problem.Silent:
		state.Code = "closed_auto"
	case problem.Work, problem.Interim, problem.Review, problem.Question, problem.Answered,
		problem.Rejected, problem.Withdrawn, problem.Draft:
	}
	return state
}
