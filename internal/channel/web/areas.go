package web

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
)

// figuresIn are the figures of an area in a table of all.
func figuresIn(table board.RegionTable, a place.Area) board.Figures {
	all := table.Districts
	if a.Kind == place.Municipality {
		all = table.Municipalities
	}
	if f, ok := all[string(a.ID)]; ok {
		return f
	}
	return board.Figures{Median: -1, Checked: -1}
}

// areaLine is a line of a table of areas.
func areaLine(v *visit, a place.Area, table board.RegionTable) view.AreaLine {
	f := figuresIn(table, a)
	return view.AreaLine{Below: a.Kind == place.Municipality, StatsRow: view.StatsRow{Name: v.text(a.Name), URL: areaURL(a.ID),
		Received: f.Received, Answered: f.Answered, Median: said(f, f.Median), OnTime: onTimeOf(f), Disputed: said(f, f.DisputedShare()), Overdue: f.OverdueNow}}
}

// areaColumns are the columns by which the table of areas can be sorted.
func areaColumns() []string {
	return []string{"name", "received", "answered", "median", "on_time", "disputed", "overdue"}
}

func areaFigure(l view.AreaLine, key string) int {
	switch key {
	case "received":
		return l.Received
	case "answered":
		return l.Answered
	case "median":
		return l.Median
	case "on_time":
		return l.OnTime
	case "disputed":
		return l.Disputed
	}
	return l.Overdue
}

// sortAreas sorts lines by a column, with a minus before it for the other way.
// What too few answers say comes last, whichever way.
func sortAreas(lines []view.AreaLine, sort string) {
	key, less := strings.TrimPrefix(sort, "-"), strings.HasPrefix(sort, "-")
	slices.SortStableFunc(lines, func(a, b view.AreaLine) int {
		byName := strings.Compare(a.Name, b.Name)
		if key == "name" {
			if less {
				return -byName
			}
			return byName
		}
		x, y := areaFigure(a, key), areaFigure(b, key)
		if x < 0 || y < 0 {
			return cmp.Or(cmp.Compare(min(y, 0), min(x, 0)), byName)
		}
		if less {
			x, y = y, x
		}
		return cmp.Or(cmp.Compare(x, y), byName)
	})
}

// areaLines are all districts in an order, each with its municipalities under it
// in the same order. A municipality without a district stands by itself.
func areaLines(v *visit, book *dictionary, table board.RegionTable, sort string) []view.AreaLine {
	var top []view.AreaLine
	below := map[string][]view.AreaLine{}
	for _, a := range book.list {
		if !hasPage(a) {
			continue
		}
		line := areaLine(v, a, table)
		if parent := book.areas[a.Parent]; line.Below && parent.Kind == place.District {
			below[areaURL(parent.ID)] = append(below[areaURL(parent.ID)], line)
			continue
		}
		line.Below = false
		top = append(top, line)
	}
	sortAreas(top, sort)
	var all []view.AreaLine
	for _, line := range top {
		under := below[line.URL]
		sortAreas(under, sort)
		all = append(append(all, line), under...)
	}
	return all
}

// areaSort is the order that an address asks for, else by name.
func areaSort(q url.Values) string {
	if sort := q.Get("sort"); slices.Contains(areaColumns(), strings.TrimPrefix(sort, "-")) {
		return sort
	}
	return "name"
}

// showAreas lists all districts and municipalities: period=, sort=.
func (s *Server) showAreas(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	chosen, sort := areaPeriodOf(v, q), areaSort(q)
	table, err := s.Board.RegionTable(r.Context(), v.City.ID, chosen.from, chosen.to)
	if err != nil {
		return err
	}
	kept := url.Values{}
	if sort != "name" {
		kept.Set("sort", sort)
	}
	p := view.AreasPage{Base: s.base(v, "stats", s.say(v, "area.title")), Rows: areaLines(v, book, table, sort), Periods: s.periodLinks(v, "/areas", kept, chosen),
		Updated: s.say(v, "web.updated", s.ago(v, table.Made)), CSV: "/areas.csv?period=" + chosen.key, Compare: "/areas/compare", Map: "/map?view=map&mode=area", How: areaHow}
	for _, key := range areaColumns() {
		head := view.SortHead{Key: key, Number: key != "name"}
		next := "-" + key
		if sort == "-"+key || key == "name" && sort != "name" {
			next = key
		}
		head.URL = "/areas?" + url.Values{"sort": {next}, "period": {chosen.key}}.Encode()
		switch sort {
		case key:
			head.Order = "ascending"
		case "-" + key:
			head.Order = "descending"
		}
		p.Heads = append(p.Heads, head)
	}
	p.NoIndex = q.Get("sort") != ""
	return s.show(w, p)
}

// compared are the areas that an address asks to be set side by side: a, b, c, d.
// Each is taken once.
func compared(book *dictionary, q url.Values) []place.Area {
	var list []place.Area
	for _, name := range compareInputs() {
		a := book.areas[place.AreaID(q.Get(name))]
		if hasPage(a) && !slices.ContainsFunc(list, func(had place.Area) bool { return had.ID == a.ID }) {
			list = append(list, a)
		}
	}
	return list
}

// compareInputs are the names of the areas in an address.
func compareInputs() []string { return []string{"a", "b", "c", "d"} }

func (s *Server) compareAreas(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	ctx := r.Context()
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return err
	}
	chosen, list := areaPeriodOf(v, q), compared(book, q)
	kept := url.Values{}
	for i, a := range list {
		kept.Set(compareInputs()[i], string(a.ID))
	}
	p := view.ComparePage{Base: s.base(v, "stats", s.say(v, "area.compare_title")), Period: chosen.key, Periods: s.periodLinks(v, "/areas/compare", kept, chosen),
		How: areaHow, From: chosen.from, To: chosen.to.AddDate(0, 0, -1), Choices: compareChoices(v, book, list)}
	p.NoIndex = len(list) > 0
	if len(list) == 0 {
		return s.show(w, p)
	}
	table, err := s.Board.RegionTable(ctx, v.City.ID, chosen.from, chosen.to)
	if err != nil {
		return err
	}
	sizes, err := s.Houses.Sizes(ctx, v.City.ID)
	if err != nil {
		return err
	}
	var heads []view.Next
	var all []board.Figures
	for _, a := range list {
		heads, all = append(heads, view.Next{Text: v.text(a.Name), URL: areaURL(a.ID)}), append(all, figuresIn(table, a))
		p.Notes = append(p.Notes, view.AreaNote{Area: v.text(a.Name), AreaHomes: view.AreaHomes(sizes[a.ID])})
	}
	p.Table = figuresTable(heads, all)
	p.Table.Rows = append(p.Table.Rows, ratesOf(heads, all, p.Notes)...)
	p.Updated = s.say(v, "web.updated", s.ago(v, table.Made))
	kept.Set("period", chosen.key)
	p.CSV = "/areas/compare.csv?" + kept.Encode()
	return s.show(w, p)
}

// compareChoices are the selects of the form, with what was chosen.
func compareChoices(v *visit, book *dictionary, list []place.Area) []view.AreaChoice {
	var options []view.Option
	parents := slices.DeleteFunc(slices.Clone(book.list), func(a place.Area) bool { return !hasPage(a) })
	slices.SortFunc(parents, func(a, b place.Area) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(v.text(a.Name), v.text(b.Name)))
	})
	for _, a := range parents {
		label := v.text(a.Name)
		if parent := book.areas[a.Parent]; a.Kind == place.Municipality && hasPage(parent) {
			label += " — " + v.text(parent.Name)
		}
		options = append(options, view.Option{Value: string(a.ID), Label: label})
	}
	var choices []view.AreaChoice
	for i, name := range compareInputs() {
		c := view.AreaChoice{Name: name, At: i + 1, Options: options}
		if i < len(list) {
			c.Options = chosen(options, string(list[i].ID))
		}
		choices = append(choices, c)
	}
	return choices
}

// What messages are set against: so many houses and flats, and how many of them
// an area needs before that says anything.
const (
	perHouses    = 100
	perFlats     = 10_000
	fewestHouses = 20
	fewestFlats  = 500
)

// ratesOf are messages by houses and by flats, under the numbers of these.
func ratesOf(heads []view.Next, all []board.Figures, homes []view.AreaNote) []view.AreaFigures {
	rows := []view.AreaFigures{{Key: "houses"}, {Key: "per_houses"}, {Key: "flats"}, {Key: "per_flats"}}
	for i, f := range all {
		h := homes[i]
		for at, cell := range []view.AreaCell{countOrNone(h.Houses), rateCell(f, h.Houses, perHouses, fewestHouses), countOrNone(h.Flats), flatsCell(f, h.AreaHomes)} {
			cell.Of = heads[i].Text
			rows[at].Cells = append(rows[at].Cells, cell)
		}
	}
	return rows
}

func countOrNone(n int) view.AreaCell {
	if n == 0 {
		return view.AreaCell{Kind: "none"}
	}
	return view.AreaCell{Kind: "count", N: n}
}

// rateCell is how many messages came for each so many of something.
func rateCell(f board.Figures, of, per, fewest int) view.AreaCell {
	switch {
	case of == 0:
		return view.AreaCell{Kind: "none"}
	case of < fewest || f.Received < board.FewAnswers:
		return view.AreaCell{Kind: "few"}
	}
	return view.AreaCell{Kind: "rate", Rate: perOf(f.Received, of, per)}
}

// flatsCell is messages by flats, where these are known of half of the houses or
// more: else the messages of all houses would be set against the flats of a few.
func flatsCell(f board.Figures, h view.AreaHomes) view.AreaCell {
	if h.Flats > 0 && 2*h.Known < h.Houses {
		return view.AreaCell{Kind: "few"}
	}
	return rateCell(f, h.Flats, perFlats, fewestFlats)
}

// perOf is n for each per of all, to a tenth.
func perOf(n, all, per int) float64 {
	return math.Round(10*float64(n)*float64(per)/float64(all)) / 10
}

// areaTable is figures as a table for programs, a row an area.
func areaTable(v *visit, list []place.Area, p period, table board.RegionTable, sizes map[place.AreaID]house.Size) [][]string {
	rows := [][]string{append(statsHead("area_id", "area", "kind", "parent_id", "from", "to"), "houses", "houses_with_known_flats", "flats_in_them", "messages_per_100_houses", "messages_per_10000_flats_in_them")}
	for _, a := range list {
		f, size := figuresIn(table, a), sizes[a.ID]
		cells := statsCells(f, string(a.ID), v.text(a.Name), a.Kind, string(a.Parent), p.from.Format(time.DateOnly), p.to.AddDate(0, 0, -1).Format(time.DateOnly))
		rows = append(rows, append(cells, strconv.Itoa(size.Houses), strconv.Itoa(size.Known), strconv.Itoa(size.Flats), rateText(rateCell(f, size.Houses, perHouses, fewestHouses)), rateText(flatsCell(f, view.AreaHomes(size)))))
	}
	return rows
}

// rateText is a rate as a page says it, empty where it says none.
func rateText(c view.AreaCell) string {
	if c.Kind != "rate" {
		return ""
	}
	return strconv.FormatFloat(c.Rate, 'f', -1, 64)
}

// sendAreas answers with the figures of areas as a table.
func (s *Server) sendAreas(ctx context.Context, w http.ResponseWriter, v *visit, name string, list []place.Area, p period) error {
	table, err := s.Board.RegionTable(ctx, v.City.ID, p.from, p.to)
	if err != nil {
		return err
	}
	sizes, err := s.Houses.Sizes(ctx, v.City.ID)
	if err != nil {
		return err
	}
	return sendTable(w, name, areaTable(v, list, p, table, sizes))
}

func (s *Server) areasCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	list := slices.DeleteFunc(slices.Clone(book.list), func(a place.Area) bool { return !hasPage(a) })
	return s.sendAreas(r.Context(), w, v, "areas.csv", list, areaPeriodOf(v, r.URL.Query()))
}

func (s *Server) compareCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	return s.sendAreas(r.Context(), w, v, "areas-compared.csv", compared(book, r.URL.Query()), areaPeriodOf(v, r.URL.Query()))
}

// areaCSV gives the numbers of an area, a row a period.
func (s *Server) areaCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	a, _, err := s.areaAt(r, v)
	if err != nil {
		return err
	}
	rows := [][]string{statsHead("area_id", "area", "period", "from", "to")}
	for _, p := range areaPeriods(v) {
		st, err := s.Board.RegionStatistics(r.Context(), v.City.ID, regionOf(a), p.from, p.to)
		if err != nil {
			return err
		}
		rows = append(rows, statsCells(st.All, string(a.ID), v.text(a.Name), p.key, p.from.Format(time.DateOnly), p.to.AddDate(0, 0, -1).Format(time.DateOnly)))
	}
	return sendTable(w, "area.csv", rows)
}

func (s *Server) areaMonthsCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	a, _, err := s.areaAt(r, v)
	if err != nil {
		return err
	}
	months, err := s.Board.RegionMonths(r.Context(), v.City, regionOf(a), v.Now, areaMonths)
	if err != nil {
		return err
	}
	rows := [][]string{{"area_id", "area", "month", "received", "answered"}}
	for _, m := range months {
		rows = append(rows, []string{string(a.ID), v.text(a.Name), m.From.Format("2006-01"), strconv.Itoa(m.Received), strconv.Itoa(m.Answered)})
	}
	return sendTable(w, "area-months.csv", rows)
}

func (s *Server) areaTopicsCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	a, book, err := s.areaAt(r, v)
	if err != nil {
		return err
	}
	p := areaPeriodOf(v, r.URL.Query())
	st, err := s.Board.RegionStatistics(r.Context(), v.City.ID, regionOf(a), p.from, p.to)
	if err != nil {
		return err
	}
	rows := [][]string{statsHead("area_id", "topic_id", "topic")}
	for _, t := range book.all {
		if f, ok := st.ByTopic[t.ID]; ok {
			rows = append(rows, statsCells(f, string(a.ID), strconv.FormatInt(int64(t.ID), 10), v.text(t.Name)))
		}
	}
	return sendTable(w, "area-topics.csv", rows)
}
