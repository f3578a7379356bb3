package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/text"
)

// pageSizes are how many lines a page may have, the usual first.
func pageSizes() []int { return []int{20, 100} }

// listFilter is the filter of an address: q, topic (ID, c-ID of a category, o-ID
// of an object), area, state, late (=1), from, to, box, n, after. A box that is none is
// left out: nobody types it.
func (s *Server) listFilter(v *visit, q url.Values) (board.Filter, view.FieldErrors) {
	var wrong view.FieldErrors
	f := board.Filter{Text: cut(strings.TrimSpace(q.Get("q")), 200), District: cut(q.Get("area"), 60), Municipality: cut(q.Get("municipality"), 60), Limit: pageSizes()[0]}
	switch key := q.Get("topic"); {
	case strings.HasPrefix(key, "o-"):
		f.Object = topic.ID(whole(key[2:]))
	case strings.HasPrefix(key, "c-"):
		f.Category = topic.ID(whole(key[2:]))
	default:
		f.Topic = topic.ID(whole(key))
	}
	if state := board.Standing(q.Get("state")); slices.Contains(board.Standings(), state) {
		f.Standing = state
	}
	f.Late = q.Get("late") == "1"
	if n, err := strconv.Atoi(q.Get("n")); err == nil && slices.Contains(pageSizes(), n) {
		f.Limit = n
	}
	if box, err := geo.ParseBox(q.Get("box")); err == nil {
		f.Box = &box
	}
	day := func(name string, add int) time.Time {
		typed := q.Get(name)
		if typed == "" {
			return time.Time{}
		}
		d, err := time.ParseInLocation("2006-01-02", typed, v.zone())
		if err != nil || d.Year() < 2000 || d.Year() > 2200 {
			wrong = append(wrong, view.FieldError{Name: name, Text: s.say(v, "web.bad_day")})
			return time.Time{}
		}
		return d.AddDate(0, 0, add)
	}
	f.From, f.To = day("from", 0), day("to", 1)
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		wrong = append(wrong, view.FieldError{Name: "to", Text: s.say(v, "web.days_crossed")})
		f.From, f.To = time.Time{}, time.Time{}
	}
	created, key, ok := strings.Cut(q.Get("after"), "-")
	if ok {
		f.After = board.Cursor{Created: whole(created), Problem: whole(key)}
	}
	return f, wrong
}

// cut is the beginning of what was typed, as valid text.
func cut(typed string, runes int) string {
	return text.Excerpt(strings.ToValidUTF8(typed, ""), runes)
}

func (s *Server) showList(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f, wrong := s.listFilter(v, q)
	list, err := s.Board.List(r.Context(), v.City.ID, f)
	if err != nil {
		return err
	}
	p := view.ListPage{Base: s.base(v, "map", s.say(v, "list.title")), Total: list.Total, Exact: list.Exact, Until: list.Until, Errors: wrong}
	if p.Lines, err = s.linesOf(r.Context(), v, list.Lines); err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	s.listLinks(&p, q, list.Next)
	p.Filter = s.filterOf(v, book, q)
	p.WithMap = q.Get("view") == "map"
	p.Days = s.periodsOf(v, q)
	w.Header().Add("Vary", "X-Part")
	if p.WithMap {
		if err := s.mapOf(r.Context(), v, &p, book, f, q, r.Header.Get("X-Part") == "list"); err != nil {
			return err
		}
	}
	p.NoIndex = p.Filter.Active > 0 || !f.After.Zero()
	if len(wrong) > 0 {
		return s.showAgain(w, p)
	}
	return s.show(w, p)
}

// listLinks are the neighbours of a list: next page, table, feed, map.
func (s *Server) listLinks(p *view.ListPage, q url.Values, next board.Cursor) {
	if !next.Zero() {
		p.Next = listURL("/map", q, "after", fmt.Sprintf("%d-%d", next.Created, next.Problem))
	}
	if q.Get("after") != "" {
		p.First = listURL("/map", q, "after", "")
	}
	p.CSV = listURL("/map.csv", q, "view", "", "mode", "", "at", "", "after", "")
	p.Feed = listURL("/map.atom", q, "view", "", "mode", "", "at", "", "after", "")
	p.MapURL = listURL("/map", q, "view", "map", "after", "")
	p.ListURL = listURL("/map", q, "view", "", "mode", "", "at", "")
	p.Many = q.Get("n") == strconv.Itoa(pageSizes()[1])
	switch {
	case p.Many:
		p.SizeURL = listURL("/map", q, "n", "", "after", "")
	case p.Next != "" || p.First != "":
		p.SizeURL = listURL("/map", q, "n", strconv.Itoa(pageSizes()[1]), "after", "")
	}
	if _, err := geo.ParseBox(q.Get("box")); err == nil {
		p.Box, p.WholeURL = q.Get("box"), listURL("/map", q, "box", "", "after", "")
	}
}

// listURL is an address with the filter of q, some of it changed; an empty
// value takes a parameter out.
func listURL(path string, q url.Values, change ...string) string {
	out := url.Values{}
	for _, name := range []string{"q", "topic", "area", "municipality", "state", "late", "from", "to", "box", "n", "view", "mode", "at", "after"} {
		if value := q.Get(name); value != "" {
			out.Set(name, value)
		}
	}
	for i := 0; i+1 < len(change); i += 2 {
		out.Del(change[i])
		if change[i+1] != "" {
			out.Set(change[i], change[i+1])
		}
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// choices are what the form of a list offers: the same for everyone who reads
// in a language, so it is made once a version of the city's data.
type choices struct {
	topics, areas, states []view.Option
}

// choiceBook keeps the choices of the last versions and languages.
type choiceBook struct {
	mu    sync.Mutex
	known map[choiceKey]*choices
}

type choiceKey struct {
	city, version int64
	lang          locale.Lang
}

func (s *Server) choicesOf(v *visit, book *dictionary) *choices {
	key := choiceKey{v.City.ID, v.City.Version, v.Lang}
	s.forms.mu.Lock()
	defer s.forms.mu.Unlock()
	if c, ok := s.forms.known[key]; ok {
		return c
	}
	c := &choices{topics: branches(v, book)}
	for _, a := range book.list {
		if a.Kind == place.District {
			c.areas = append(c.areas, view.Option{Value: string(a.ID), Label: v.text(a.Name)})
		}
	}
	for _, g := range board.Standings() {
		c.states = append(c.states, view.Option{Value: string(g), Label: s.say(v, "web.group."+string(g))})
	}
	if s.forms.known == nil || len(s.forms.known) >= maxDictionaries {
		s.forms.known = map[choiceKey]*choices{}
	}
	s.forms.known[key] = c
	return c
}

// branches are the objects and categories of the tree.
func branches(v *visit, book *dictionary) []view.Option {
	var list []view.Option
	seen := map[string]bool{}
	add := func(key, name string) {
		if !seen[key] {
			seen[key] = true
			list = append(list, view.Option{Value: key, Label: name})
		}
	}
	for _, t := range book.all {
		add("o-"+strconv.FormatInt(int64(t.Object), 10), v.text(t.ObjectName))
		add("c-"+strconv.FormatInt(int64(t.Category), 10), v.text(t.ObjectName)+" · "+v.text(t.CategoryName))
	}
	return list
}

// chosen is a list of options with one of them chosen.
func chosen(list []view.Option, value string) []view.Option {
	i := slices.IndexFunc(list, func(o view.Option) bool { return o.Value == value })
	if value == "" || i < 0 {
		return list
	}
	list = slices.Clone(list)
	list[i].Checked = true
	return list
}

// filterOf is the filter as the form shows it.
func (s *Server) filterOf(v *visit, book *dictionary, q url.Values) view.Filter {
	all := s.choicesOf(v, book)
	f := view.Filter{
		Text: q.Get("q"), From: q.Get("from"), To: q.Get("to"), Late: q.Get("late") == "1", Topics: chosen(all.topics, q.Get("topic")),
		Areas: chosen(all.areas, q.Get("area")), States: chosen(all.states, q.Get("state")),
	}
	if one, ok := book.topics[topic.ID(whole(q.Get("topic")))]; ok {
		f.Topics = append([]view.Option{{Value: q.Get("topic"), Label: v.text(one.Name), Checked: true}}, f.Topics...)
	}
	for _, name := range []string{"q", "topic", "area", "state", "late", "from", "to"} {
		if q.Get(name) != "" {
			f.Active++
			if name != "q" {
				f.Folded++
			}
		}
	}
	return f
}

// maxRows is how many rows a table of a list holds; whoever wants all of them
// narrows the days or takes the open data.
const maxRows = 1000

// eachLine gives the lines of a filtered list to a function, page by page.
func (s *Server) eachLine(r *http.Request, v *visit, most int, each func(board.Line) error) error {
	f, wrong := s.listFilter(v, r.URL.Query())
	if len(wrong) > 0 {
		return fault.Invalid.New("web.bad_day")
	}
	f.Limit = 100
	for n := 0; n < most; {
		page, err := s.Board.List(r.Context(), v.City.ID, f)
		if err != nil {
			return err
		}
		for _, l := range page.Lines[:min(len(page.Lines), most-n)] {
			if err := each(l); err != nil {
				return err
			}
		}
		n += len(page.Lines)
		if page.Next.Zero() {
			return nil
		}
		f.After = page.Next
	}
	return nil
}

// listCSV is the list as a table. Its columns keep their English names in every
// language: programs read them.
func (s *Server) listCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"number", "created", "topic_id", "topic", "district", "address", "lat", "lon", "state", "due", "joined", "url"}}
	err = s.eachLine(r, v, maxRows, func(l board.Line) error {
		line := s.line(n, l)
		rows = append(rows, []string{
			strconv.FormatInt(l.Number, 10), rfc(l.Created, v), strconv.FormatInt(int64(l.Topic), 10), line.Topic, line.Area, line.Address,
			degrees(l.Point.Lat), degrees(l.Point.Lon), line.State.Code, rfc(l.Due, v), strconv.Itoa(l.Joined), s.Settings.PublicURL + line.URL,
		})
		return nil
	})
	if err != nil {
		return err
	}
	return sendTable(w, "list.csv", rows)
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

func rfc(t time.Time, v *visit) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.zone()).Format(time.RFC3339)
}

func (s *Server) listFeed(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	home := s.Settings.PublicURL
	feed := atomFeed{Lang: string(v.Lang), ID: home + listURL("/map.atom", r.URL.Query(), "mode", "", "at", ""), Title: s.say(v, "list.title") + " · " + v.text(v.City.Name),
		Updated: rfc(v.Now, v), Links: []atomLink{{"self", home + listURL("/map.atom", r.URL.Query(), "mode", "", "at", "")}, {"", home + listURL("/map", r.URL.Query())}}}
	if err := s.eachLine(r, v, 50, func(l board.Line) error {
		feed.Entries = append(feed.Entries, s.atomOf(n, l))
		return nil
	}); err != nil {
		return err
	}
	return sendAtom(w, feed)
}
