package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// areaRoutes are the pages of districts and municipalities.
func (s *Server) areaRoutes() []route {
	return []route{
		{pattern: "GET /areas", do: s.showAreas},
		{pattern: "GET /areas.csv", do: s.areasCSV, rate: rateSuggest},
		{pattern: "GET /areas/compare", do: s.compareAreas},
		{pattern: "GET /areas/compare.csv", do: s.compareCSV, rate: rateSuggest},
		{pattern: "GET /area/{id}", do: s.showArea},
		{pattern: "GET /area/{id}/numbers.csv", do: s.areaCSV, rate: rateSuggest},
		{pattern: "GET /area/{id}/months.csv", do: s.areaMonthsCSV, rate: rateSuggest},
		{pattern: "GET /area/{id}/topics.csv", do: s.areaTopicsCSV, rate: rateSuggest},
	}
}

func areaURL(id place.AreaID) string { return "/area/" + url.PathEscape(string(id)) }

// areaHow is where the ways of counting are explained.
const areaHow = "/about"

// regionOf is an area as the board counts it.
func regionOf(a place.Area) board.Region {
	if a.Kind == place.Municipality {
		return board.Region{Municipality: string(a.ID)}
	}
	return board.Region{District: string(a.ID)}
}

// areaQuery is the filter of lists that leaves an area.
func areaQuery(a place.Area, more ...string) url.Values {
	q := url.Values{}
	if a.Kind == place.Municipality {
		q.Set("municipality", string(a.ID))
	} else {
		q.Set("area", string(a.ID))
	}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

// hasPage tells whether an area has a page: the city itself has the statistics.
func hasPage(a place.Area) bool { return a.Kind == place.District || a.Kind == place.Municipality }

// areaAt finds the area that the path names.
func (s *Server) areaAt(r *http.Request, v *visit) (place.Area, *dictionary, error) {
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return place.Area{}, nil, err
	}
	a := book.areas[place.AreaID(r.PathValue("id"))]
	if !hasPage(a) {
		return a, book, fault.Missing.New("errors_page.missing_what")
	}
	return a, book, nil
}

// areaPeriods are the periods of the pages of areas: those of the statistics
// that end today.
func areaPeriods(v *visit) []period { return periods(v)[:3] }

// areaPeriodOf is the period that an address asks for.
func areaPeriodOf(v *visit, q url.Values) period {
	all := areaPeriods(v)
	if i := slices.IndexFunc(all, func(p period) bool { return p.key == q.Get("period") }); i >= 0 {
		return all[i]
	}
	return all[0]
}

// periodLinks are the periods as links that keep the rest of an address.
func (s *Server) periodLinks(v *visit, path string, q url.Values, on period) []view.Option {
	var list []view.Option
	for _, p := range areaPeriods(v) {
		to := url.Values{}
		for name := range q {
			to.Set(name, q.Get(name))
		}
		to.Set("period", p.key)
		list = append(list, view.Option{Value: path + "?" + to.Encode(), Label: s.say(v, "web.period."+p.key), Checked: p.key == on.key})
	}
	return list
}

// Of the page of an area: months of the trend, topics of each list, problems.
const (
	areaMonths = 12
	areaTopics = 5
	areaNewest = 10
)

func (s *Server) showArea(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	a, book, err := s.areaAt(r, v)
	if err != nil {
		return err
	}
	ctx := r.Context()
	name := v.text(a.Name)
	p := view.AreaPage{Base: s.base(v, "stats", name), Name: name, Kind: a.Kind, How: areaHow}
	if parent := book.areas[a.Parent]; hasPage(parent) {
		p.Parent = view.Next{Text: v.text(parent.Name), URL: areaURL(parent.ID)}
	}
	s.areaLinks(a, &p)
	long, err := s.areaFigures(ctx, v, a, &p)
	if err != nil {
		return err
	}
	if err := s.areaMonthsOf(ctx, v, a, &p); err != nil {
		return err
	}
	worstTopics(v, book, a, long.ByTopic, &p)
	if p.Below, err = s.areasBelow(ctx, v, book, a); err != nil {
		return err
	}
	if err := s.areaHomes(ctx, v, a, &p); err != nil {
		return err
	}
	if err := s.areaNews(ctx, v, a, &p); err != nil {
		return err
	}
	return s.show(w, p)
}

// areaLinks are the ways from an area.
func (s *Server) areaLinks(a place.Area, p *view.AreaPage) {
	q := areaQuery(a)
	p.ListURL, p.Feed = listURL("/map", q), listURL("/map.atom", q)
	p.LateURL = listURL("/map", areaQuery(a, "late", "1"))
	p.CSV, p.MonthsCSV, p.TopicsCSV = areaURL(a.ID)+"/numbers.csv", areaURL(a.ID)+"/months.csv", areaURL(a.ID)+"/topics.csv?period=year"
	p.Watch, p.Embed = "/watch/new?area="+escape(string(a.ID)), "/embed?area="+escape(string(a.ID))
	p.Compare = "/areas/compare?a=" + escape(string(a.ID))
	if a.Kind == place.District {
		p.Houses, p.Outages = "/houses?area="+escape(string(a.ID)), "/outages?area="+escape(string(a.ID))
	}
}

// areaFigures fills the table of periods and gives the longest of them.
func (s *Server) areaFigures(ctx context.Context, v *visit, a place.Area, p *view.AreaPage) (board.RegionStatistics, error) {
	var heads []view.Next
	var all []board.Figures
	var last board.RegionStatistics
	for _, one := range areaPeriods(v) {
		st, err := s.Board.RegionStatistics(ctx, v.City.ID, regionOf(a), one.from, one.to)
		if err != nil {
			return st, err
		}
		heads, all, last = append(heads, view.Next{Text: s.say(v, "web.period."+one.key)}), append(all, st.All), st
	}
	p.Figures = figuresTable(heads, all)
	p.Updated = s.say(v, "web.updated", s.ago(v, last.Made))
	return last, nil
}

// figuresTable sets figures beside each other.
func figuresTable(heads []view.Next, all []board.Figures) view.AreaTable {
	t := view.AreaTable{Heads: heads}
	for _, row := range []struct {
		key, kind string
		of        func(board.Figures) int
	}{
		{"received", "count", func(f board.Figures) int { return f.Received }},
		{"answered", "count", func(f board.Figures) int { return f.Answered }},
		{"on_time", "percent", onTimeOf},
		{"median", "days", func(f board.Figures) int { return said(f, f.Median) }},
		{"disputed", "percent", func(f board.Figures) int { return said(f, f.DisputedShare()) }},
		{"confirmed", "count", func(f board.Figures) int { return f.Confirmed }},
		{"controlled", "count", func(f board.Figures) int { return f.Controlled }},
		{"silent", "count", func(f board.Figures) int { return f.Silent }},
		{"overdue", "count", func(f board.Figures) int { return f.OverdueNow }},
	} {
		figures := view.AreaFigures{Key: row.key}
		for i, f := range all {
			cell := view.AreaCell{Of: heads[i].Text, Kind: row.kind, N: row.of(f)}
			if cell.N < 0 {
				cell.Kind, cell.N = "few", 0
			}
			figures.Cells = append(figures.Cells, cell)
		}
		t.Rows = append(t.Rows, figures)
	}
	return t
}

// said is a share or a median of answers, or -1 where fewer than
// board.FewAnswers were given.
func said(f board.Figures, n int) int {
	if f.Answered < board.FewAnswers {
		return -1
	}
	return n
}

// onTimeOf is the share of kept promises, or -1 where there were fewer than
// board.FewAnswers.
func onTimeOf(f board.Figures) int {
	if f.Promised < board.FewAnswers {
		return -1
	}
	return f.OnTimeShare()
}

// areaMonthsOf fills the trend; months before the first message are left out.
func (s *Server) areaMonthsOf(ctx context.Context, v *visit, a place.Area, p *view.AreaPage) error {
	months, err := s.Board.RegionMonths(ctx, v.City, regionOf(a), v.Now, areaMonths)
	if err != nil {
		return err
	}
	for len(months) > 0 && months[0].Received == 0 && months[0].Answered == 0 {
		months = months[1:]
	}
	most := 1
	for _, m := range months {
		most = max(most, m.Received, m.Answered)
	}
	for i, m := range months {
		p.Months = append(p.Months, view.AreaMonth{Label: s.say(v, "web.month."+strconv.Itoa(int(m.From.Month()))) + " " + strconv.Itoa(m.From.Year()),
			Received: m.Received, Answered: m.Answered, Running: i == len(months)-1,
			Bar: view.Bar{Share: float64(m.Received) / float64(most)}, Done: view.Bar{Share: float64(m.Answered) / float64(most), Tone: "done"}})
	}
	p.None = len(months) == 0
	return nil
}

// worstTopics fills the three lists of topics.
func worstTopics(v *visit, book *dictionary, a place.Area, figures map[topic.ID]board.Figures, p *view.AreaPage) {
	top := func(count func(board.Figures) int, more ...string) []view.AreaTopic {
		var ids []topic.ID
		for id, f := range figures {
			if count(f) > 0 {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, func(x, y topic.ID) int {
			return cmp.Or(cmp.Compare(count(figures[y]), count(figures[x])), cmp.Compare(x, y))
		})
		var list []view.AreaTopic
		for _, id := range ids[:min(len(ids), areaTopics)] {
			key := strconv.FormatInt(int64(id), 10)
			name := cmp.Or(v.text(book.topics[id].Name), "№ "+key)
			n := count(figures[id])
			list = append(list, view.AreaTopic{Name: name, N: n, Of: figures[id].Answered, URL: listURL("/map", areaQuery(a, append([]string{"topic", key}, more...)...)),
				Bar: view.Bar{Share: float64(n) / float64(count(figures[ids[0]]))}})
		}
		return list
	}
	p.Received = top(func(f board.Figures) int { return f.Received })
	p.Overdue = top(func(f board.Figures) int { return f.OverdueNow }, "late", "1")
	p.Disputed = top(func(f board.Figures) int { return f.Disputed })
}

// areasBelow are the municipalities of a district with the figures of the first
// period.
func (s *Server) areasBelow(ctx context.Context, v *visit, book *dictionary, a place.Area) ([]view.AreaLine, error) {
	if a.Kind != place.District {
		return nil, nil
	}
	first := areaPeriods(v)[0]
	table, err := s.Board.RegionTable(ctx, v.City.ID, first.from, first.to)
	if err != nil {
		return nil, err
	}
	var lines []view.AreaLine
	for _, one := range book.list {
		if one.Parent == a.ID && hasPage(one) {
			lines = append(lines, areaLine(v, one, table))
		}
	}
	slices.SortFunc(lines, func(x, y view.AreaLine) int { return cmp.Compare(x.Name, y.Name) })
	return lines, nil
}

// areaHomes tells how large an area is and what is off in it now.
func (s *Server) areaHomes(ctx context.Context, v *visit, a place.Area, p *view.AreaPage) error {
	sizes, err := s.Houses.Sizes(ctx, v.City.ID)
	if err != nil {
		return err
	}
	p.Homes = view.AreaHomes(sizes[a.ID])
	if p.Outages == "" {
		return nil
	}
	current, err := s.Houses.Current(ctx, v.City.ID, v.Now, house.OutageFilter{Area: a.ID, Limit: outagesShown})
	for _, o := range current {
		if o.Status(v.Now) == house.Active {
			p.Off++
		}
	}
	return err
}

// areaNews are the newest problems of an area and its map.
func (s *Server) areaNews(ctx context.Context, v *visit, a place.Area, p *view.AreaPage) error {
	f := board.Filter{Limit: areaNewest}
	if a.Kind == place.Municipality {
		f.Municipality = string(a.ID)
	} else {
		f.District = string(a.ID)
	}
	list, err := s.Board.List(ctx, v.City.ID, f)
	if err != nil {
		return err
	}
	if p.Lines, err = s.linesOf(ctx, v, list.Lines); err != nil {
		return err
	}
	box, err := s.Places.AreaBounds(ctx, v.City.ID, a.ID)
	if err != nil {
		return err
	}
	box = toFrame(box)
	q := areaQuery(a, "view", "map")
	mid := geo.Point{Lat: (box.Min.Lat + box.Max.Lat) / 2, Lon: (box.Min.Lon + box.Max.Lon) / 2}
	at := strconv.FormatFloat(mid.Lat, 'f', 4, 64) + "," + strconv.FormatFloat(mid.Lon, 'f', 4, 64) + "," + strconv.FormatFloat(zoomFor(box), 'f', 1, 64)
	p.MapURL = listURL("/map", q, "at", at)
	f.Box = &box
	p.Picture, err = s.pictureOf(ctx, v, f, q)
	if p.Picture != nil {
		p.Picture.Moves = nil // the map itself is one press away
	}
	return err
}
