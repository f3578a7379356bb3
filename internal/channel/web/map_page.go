package web

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
)

// The ways in which the map shows a selection; the first is that of an address
// that names none.
const (
	modePoints = ""
	modeArea   = "area"
	modeBelow  = "municipality"
	modeHex    = "hex"
)

func modes() []string { return []string{modePoints, modeArea, modeBelow, modeHex} }

// modeOf is the mode of an address; one that is none is the first.
func modeOf(q url.Values) string {
	switch mode := q.Get("mode"); mode {
	case modeArea, modeBelow, modeHex:
		return mode
	}
	return modePoints
}

// mapOf is what a list page has more with the map; bare without the picture,
// which a script that has drawn the map has no use for.
func (s *Server) mapOf(ctx context.Context, v *visit, p *view.ListPage, book *dictionary, f board.Filter, q url.Values, bare bool) error {
	p.Mode = modeOf(q)
	p.Map = view.MapSlot{
		Style: mapStyleURL(v), Lat: v.City.Center.Lat, Lon: v.City.Center.Lon, Zoom: zoomFor(v.City.Bounds), Mode: p.Mode,
		At: viewOf(q), Icons: s.assets.URL("objects.svg"), Objects: objectIcons(book),
		Query: strings.TrimPrefix(listURL("", q, "view", "", "after", "", "box", "", "n", "", "mode", "", "at", ""), "?"),
	}
	p.MapNewest = board.MapWindow
	for _, mode := range modes() {
		name := mode
		if name == modePoints {
			name = "points"
		}
		p.Modes = append(p.Modes, view.MapLink{Text: s.say(v, "map."+name), URL: listURL("/map", q, "mode", mode, "after", ""), On: mode == p.Mode})
	}
	p.Legend = s.legendOf(v, q)
	if p.Mode == modeArea || p.Mode == modeBelow {
		var err error
		if p.Areas, err = s.areaRows(ctx, v, book, f, q, p.Mode); err != nil {
			return err
		}
	}
	if bare {
		return nil
	}
	var err error
	p.Picture, err = s.pictureOf(ctx, v, f, q)
	return err
}

// areaRows are the numbers of the heat by district or municipality, the fullest
// first: what the map shows as shades.
func (s *Server) areaRows(ctx context.Context, v *visit, book *dictionary, f board.Filter, q url.Values, mode string) ([]view.AreaRow, error) {
	kind, param := board.ByDistrict, "area"
	if mode == modeBelow {
		kind, param = board.ByMunicipality, "municipality"
	}
	counts, _, err := s.Board.Areas(ctx, v.City.ID, f, kind)
	if err != nil {
		return nil, err
	}
	most := 0
	var rows []view.AreaRow
	for _, a := range book.list {
		if a.Kind != kind {
			continue
		}
		c := counts[string(a.ID)]
		rows = append(rows, view.AreaRow{ID: string(a.ID), Name: v.text(a.Name), Page: areaURL(a.ID), Count: c.Count, Open: c.Open, Late: c.Late,
			URL: listURL("/map", q, param, string(a.ID), "mode", "", "box", "", "at", "", "after", "")})
		most = max(most, c.Count)
	}
	for i := range rows {
		rows[i].Step = shade(rows[i].Count, most)
	}
	slices.SortStableFunc(rows, func(a, b view.AreaRow) int { return b.Count - a.Count })
	return rows, nil
}

// shade is how dark a number is drawn, 0 to 4, by the square root of its share
// (asset/ts/map_view.ts does the same).
func shade(count, most int) int {
	if count <= 0 {
		return 0
	}
	for n := 1; n < 4; n++ {
		if count < max(n, int(math.Ceil(float64(most)*float64(n*n)/16)))+1 {
			return n
		}
	}
	return 4
}

// viewOf is the view that an address asks for, at=lat,lon,zoom; empty where
// there is none that could be shown.
func viewOf(q url.Values) string {
	parts := strings.Split(q.Get("at"), ",")
	if len(parts) != 3 {
		return ""
	}
	limits := [3]float64{85, 180, 24}
	for i, part := range parts {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil || !(n >= -limits[i] && n <= limits[i]) {
			return ""
		}
	}
	return strings.Join(parts, ",")
}

// objectIcons says which picture stands for which object: "1 house 2 yard".
func objectIcons(book *dictionary) string {
	var b strings.Builder
	seen := map[int64]bool{}
	for _, t := range book.all {
		if id := int64(t.Object); !seen[id] {
			seen[id] = true
			fmt.Fprintf(&b, "%d %s ", id, iconOf(t.ObjectName))
		}
	}
	return strings.TrimSpace(b.String())
}

// legendOf are the lines of the legend, each a filter; the chosen one takes
// itself back.
func (s *Server) legendOf(v *visit, q url.Values) []view.MapLink {
	var list []view.MapLink
	for _, line := range []struct{ key, tone, state, late string }{
		{"open", "work", string(board.Open), ""},
		{"late", "late", "", "1"},
		{"answered", "done", string(board.Answered), ""},
		{"solved", "done", string(board.Solved), ""},
		{"silent", "plain", string(board.Silent), ""},
	} {
		on := q.Get("state") == line.state && q.Get("late") == line.late
		link := view.MapLink{Text: s.say(v, "map.legend_"+line.key), Tone: line.tone, On: on}
		if on {
			line.state, line.late = "", ""
		}
		link.URL = listURL("/map", q, "state", line.state, "late", line.late, "after", "")
		list = append(list, link)
	}
	return list
}

// periodsOf are the quick choices of time, by the days of the city: whole days,
// today included.
func (s *Server) periodsOf(v *visit, q url.Values) []view.MapLink {
	today := v.Now.In(v.zone())
	link := func(text, from string) view.MapLink {
		return view.MapLink{Text: text, On: q.Get("from") == from && q.Get("to") == "", URL: listURL("/map", q, "from", from, "to", "", "after", "")}
	}
	list := []view.MapLink{link(s.say(v, "map.any_day"), "")}
	for _, days := range []int{7, 30, 90} {
		list = append(list, link(s.say(v, "map.last_days", days), today.AddDate(0, 0, 1-days).Format(time.DateOnly)))
	}
	return list
}
