package web

import (
	"encoding/csv"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/text"
)

// groups are the states that the filter offers, each several statuses. Silence
// is a state of its own: it is no consent.
func groups() []struct {
	key      string
	statuses []problem.Status
} {
	return []struct {
		key      string
		statuses []problem.Status
	}{
		{"open", []problem.Status{problem.Moderation, problem.Question, problem.Work, problem.Interim, problem.Review}},
		{"answered", []problem.Status{problem.Answered}},
		{"solved", []problem.Status{problem.Confirmed, problem.Controlled}},
		{"silent", []problem.Status{problem.Silent}},
	}
}

// listFilter is the filter of an address: q, topic (ID, c-ID of a category, o-ID
// of an object), area, state, from, to, after.
func (s *Server) listFilter(v *visit, q url.Values) (board.Filter, view.FieldErrors) {
	var wrong view.FieldErrors
	f := board.Filter{Text: cut(strings.TrimSpace(q.Get("q")), 200), District: cut(q.Get("area"), 60), Limit: 20}
	switch key := q.Get("topic"); {
	case strings.HasPrefix(key, "o-"):
		f.Object = topic.ID(whole(key[2:]))
	case strings.HasPrefix(key, "c-"):
		f.Category = topic.ID(whole(key[2:]))
	default:
		f.Topic = topic.ID(whole(key))
	}
	for _, g := range groups() {
		if g.key == q.Get("state") {
			f.Statuses = g.statuses
		}
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
	p := view.ListPage{Base: s.base(v, "map", s.say(v, "list.title")), Total: list.Total, Exact: list.Exact, Errors: wrong}
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
	p.Map = view.MapSlot{Style: mapStyleURL(v), Lat: v.City.Center.Lat, Lon: v.City.Center.Lon, Zoom: zoomFor(v.City.Bounds), Data: listURL("/map/points", q, "view", "", "after", "")}
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
	p.CSV = listURL("/map.csv", q, "view", "", "after", "")
	p.Feed = listURL("/map.atom", q, "view", "", "after", "")
	p.MapURL = listURL("/map", q, "view", "map")
	p.ListURL = listURL("/map", q, "view", "")
}

// listURL is an address with the filter of q, some of it changed; an empty
// value takes a parameter out.
func listURL(path string, q url.Values, change ...string) string {
	out := url.Values{}
	for _, name := range []string{"q", "topic", "area", "state", "from", "to", "view", "after"} {
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

// filterOf is the filter as the form shows it.
func (s *Server) filterOf(v *visit, book *dictionary, q url.Values) view.Filter {
	f := view.Filter{Text: q.Get("q"), From: q.Get("from"), To: q.Get("to")}
	seen := map[string]bool{}
	for _, t := range book.all {
		for _, branch := range []struct {
			key  string
			name string
		}{
			{"o-" + strconv.FormatInt(int64(t.Object), 10), v.text(t.ObjectName)},
			{"c-" + strconv.FormatInt(int64(t.Category), 10), v.text(t.ObjectName) + " · " + v.text(t.CategoryName)},
		} {
			if !seen[branch.key] {
				seen[branch.key] = true
				f.Topics = append(f.Topics, view.Option{Value: branch.key, Label: branch.name, Checked: branch.key == q.Get("topic")})
			}
		}
	}
	if one, ok := book.topics[topic.ID(whole(q.Get("topic")))]; ok {
		f.Topics = append([]view.Option{{Value: q.Get("topic"), Label: v.text(one.Name), Checked: true}}, f.Topics...)
	}
	for _, a := range book.list {
		if a.Kind == place.District {
			f.Areas = append(f.Areas, view.Option{Value: string(a.ID), Label: v.text(a.Name), Checked: string(a.ID) == q.Get("area")})
		}
	}
	for _, g := range groups() {
		f.States = append(f.States, view.Option{Value: g.key, Label: s.say(v, "web.group."+g.key), Checked: g.key == q.Get("state")})
	}
	for _, name := range []string{"q", "topic", "area", "state", "from", "to"} {
		if q.Get(name) != "" {
			f.Active++
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
	return s.writeCSV(w, "list.csv", rows)
}

// writeCSV writes a table. A cell that a spreadsheet would take for a formula
// gets an apostrophe before it.
func (s *Server) writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i, cell := range row {
			if cell != "" && strings.ContainsRune("=+@\t\r", rune(cell[0])) {
				row[i] = "'" + cell
			}
		}
		if err := out.Write(row); err != nil {
			return nil // who left does not read it
		}
	}
	out.Flush()
	return nil
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 6, 64) }

func rfc(t time.Time, v *visit) string {
	if t.IsZero() {
		return ""
	}
	return t.In(v.zone()).Format(time.RFC3339)
}

// The Atom feed (RFC 4287) of a list.
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Links   []atomLink  `xml:"link"`
		Entries []atomEntry `xml:"entry"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr,omitempty"`
		Href string `xml:"href,attr"`
	}
	atomEntry struct {
		ID      string   `xml:"id"`
		Title   string   `xml:"title"`
		Updated string   `xml:"updated"`
		Link    atomLink `xml:"link"`
		Author  string   `xml:"author>name"`
		Summary string   `xml:"summary,omitempty"`
	}
)

func (s *Server) listFeed(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	home := s.Settings.PublicURL
	feed := atomFeed{Lang: string(v.Lang), ID: home + listURL("/map.atom", r.URL.Query()), Title: s.say(v, "list.title") + " · " + v.text(v.City.Name),
		Updated: rfc(v.Now, v), Links: []atomLink{{"self", home + listURL("/map.atom", r.URL.Query())}, {"", home + listURL("/map", r.URL.Query())}}}
	err = s.eachLine(r, v, 50, func(l board.Line) error {
		line := s.line(n, l)
		feed.Entries = append(feed.Entries, atomEntry{ID: home + line.URL, Title: line.Topic + ", " + line.Address, Updated: rfc(l.Created, v),
			Link: atomLink{"", home + line.URL}, Author: s.say(v, "web.resident"), Summary: l.Excerpt})
		return nil
	})
	if err != nil {
		return err
	}
	if len(feed.Entries) > 0 {
		feed.Updated = feed.Entries[0].Updated
	}
	w.Header().Set("Content-Type", "application/atom+xml; charset=utf-8")
	body, err := xml.Marshal(feed)
	if err != nil {
		return fmt.Errorf("write feed: %w", err)
	}
	_, _ = w.Write(append([]byte(xml.Header), body...)) // who left does not read it
	return nil
}

// mapPoints answers GET /map/points?box=&zoom= with the filter of the list, as
// GeoJSON: single problems, or counts by cell where there are many.
func (s *Server) mapPoints(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f, wrong := s.listFilter(v, q)
	if len(wrong) > 0 {
		return fault.Invalid.New("web.bad_day")
	}
	box, err := geo.ParseBox(q.Get("box"))
	if err != nil {
		return fault.Invalid.Field("box", "web.bad_point").Because(err)
	}
	zoom, err := strconv.ParseFloat(q.Get("zoom"), 64)
	if err != nil || !(zoom >= 0 && zoom <= 24) {
		zoom = 12
	}
	f.Box = &box
	spots, err := s.Board.Map(r.Context(), v.City.ID, f, zoom)
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	features := make([]map[string]any, 0, len(spots))
	for _, spot := range spots {
		properties := map[string]any{"count": spot.Count}
		if spot.Count == 1 && spot.Number != 0 {
			properties["number"], properties["state"] = spot.Number, stateOf(spot.Status, time.Time{}, 0, false).Code
			properties["topic"], properties["url"] = n.topic(spot.Topic), problemURL(spot.Number)
		}
		features = append(features, map[string]any{"type": "Feature", "properties": properties,
			"geometry": map[string]any{"type": "Point", "coordinates": []float64{spot.Point.Lon, spot.Point.Lat}}})
	}
	writeJSON(w, http.StatusOK, map[string]any{"type": "FeatureCollection", "features": features})
	return nil
}
