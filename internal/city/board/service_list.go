package board

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

const (
	// listWindow is how many rows of an index a list looks through at most for
	// a filter of several conditions: 1 to 2 ms.
	listWindow = 3000
	// wordWindow is how many of the newest matches a search looks through for
	// those that meet the other conditions too.
	wordWindow = 500
	// boxWindow is how many problems a box may have for a list of it to be read
	// whole and sorted.
	boxWindow = 2500
	// totalBound is where counting a list stops: «не меньше 1000».
	totalBound = 1000
)

// List reads a page of what everyone may see, newest first. What it reads is
// bounded, however large the city is: Page.Until says where that shows.
func (s *Service) List(ctx context.Context, city int64, f Filter) (Page, error) {
	if f.Limit <= 0 {
		f.Limit = 20
	}
	f.Limit = min(f.Limit, 100)
	var page Page
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		from, err := find(tx, city, f, f.Limit+1, listWindow, wordWindow)
		if err != nil {
			return err
		}
		page, err = read(tx, city, f, from)
		return err
	})
	if err != nil {
		return Page{}, fmt.Errorf("read list: %w", err)
	}
	return page, nil
}

// find chooses where to read what fits a filter; limit is how many are wanted.
func find(tx *sqldb.Tx, city int64, f Filter, limit, window, words int) (source, error) {
	if stems := queryStems(city, f.Text); len(stems) > 0 {
		return findWords(tx, city, f, stems, limit, words)
	}
	if f.Box != nil {
		level, _ := levelFor(finest, *f.Box)
		ranges := cover(*f.Box, level)
		inside, err := clusters(tx, city, level, Filter{}, ranges)
		if err != nil {
			return source{}, err
		}
		if total(inside) <= boxWindow {
			return byCell(city, f, whole(ranges, level)), nil
		}
	}
	return byTime(city, f, window), nil
}

// findWords searches for the words as they are; only where nobody wrote them,
// the last one is taken for the beginning of a word, which costs more.
func findWords(tx *sqldb.Tx, city int64, f Filter, stems []string, limit, window int) (source, error) {
	if f.wordsAlone() {
		window = limit
	}
	from := byWords(tx.Engine(), city, f, query(tx.Engine(), stems, false), window)
	if utf8.RuneCountInString(stems[len(stems)-1]) < shortestBeginning+len(marked(city, []string{""})[0]) {
		return from, nil
	}
	every := byWords(tx.Engine(), city, Filter{After: f.After}, query(tx.Engine(), stems, false), 1)
	n, err := every.countWords(tx, 1)
	if err != nil || n > 0 {
		return from, err
	}
	return byWords(tx.Engine(), city, f, query(tx.Engine(), stems, true), window), nil
}

// shortestBeginning is how many letters the beginning of a word must have.
const shortestBeginning = 3

func total(list []cluster) (n int64) {
	for _, c := range list {
		n += c.n
	}
	return n
}

// read reads a page from where its problems are found.
func read(tx *sqldb.Tx, city int64, f Filter, from source) (Page, error) {
	var page Page
	hits, err := from.hits(tx, f.Limit+1)
	if err != nil {
		return page, err
	}
	if len(hits) > f.Limit {
		hits = hits[:f.Limit]
		page.Next = cursorOf(hits[f.Limit-1])
	} else {
		last, more, err := from.last(tx)
		if err != nil {
			return page, err
		}
		if more {
			page.Next, page.Until = cursorOf(last), time.UnixMicro(last.created).UTC()
		}
		page.Total, page.Exact = len(hits), !more
	}
	if page.Lines, err = linesOf(tx, city, hits); err != nil {
		return page, err
	}
	switch {
	case !f.After.Zero():
		page.Total, page.Exact = 0, false
	case !page.Next.Zero() && page.Until.IsZero():
		err = page.count(tx, city, f, from)
	}
	return page, err
}

func cursorOf(h hit) Cursor { return Cursor{Created: h.created, Problem: h.problem} }

// linesOf reads the lines of hits, in their order.
func linesOf(tx *sqldb.Tx, city int64, hits []hit) ([]Line, error) {
	keys := make([]int64, len(hits))
	at := make(map[int64]int, len(hits))
	for i, h := range hits {
		keys[i], at[h.problem] = h.problem, i
	}
	list, err := byKeys(tx, city, keys, lineColumns, scanLine)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Line) int { return at[a.Problem] - at[b.Problem] })
	return list, nil
}

// count tells how many fit where one page does not hold them: all, where the
// cells of the map know it, else up to totalBound, or as far as the list looks.
func (p *Page) count(tx *sqldb.Tx, city int64, f Filter, from source) error {
	if f.kept() && f.Box == nil {
		n, err := inAll(tx, city, f)
		p.Total, p.Exact = int(n), true
		return err
	}
	if f.wordsAlone() && from.words != "" {
		n, err := from.countWords(tx, totalBound+1)
		p.Total, p.Exact = min(int(n), totalBound), n <= totalBound
		return err
	}
	n, err := from.count(tx, totalBound+1)
	if err != nil {
		return err
	}
	_, more, err := from.last(tx)
	p.Total, p.Exact = min(int(n), totalBound), n <= totalBound && !more
	return err
}

// wordsAlone tells whether a filter asks for nothing but words.
func (f Filter) wordsAlone() bool {
	return len(f.equals()) == 0 && f.Box == nil && f.From.IsZero() && f.To.IsZero()
}

// kept tells whether the cells of the map are counted by what the filter asks.
func (f Filter) kept() bool {
	return f.Text == "" && f.Category == 0 && f.Topic == 0 && f.District == "" && f.House == 0 && f.From.IsZero() && f.To.IsZero()
}

// maxWords bounds what a search looks for.
const maxWords = 8

func queryStems(city int64, words string) []string {
	stems := text.Stems(words)
	return marked(city, stems[:min(len(stems), maxWords)])
}

// Words are what the search keeps of the texts of a city.
func Words(city int64, texts string) string {
	return strings.Join(marked(city, text.Stems(texts)), " ")
}

// marked puts the mark of a city before each word, so that a search reads the
// words of one city alone, whatever others share the database.
func marked(city int64, stems []string) []string {
	mark := []byte("g")
	for rest := city; rest > 0; rest /= 16 {
		mark = append(mark, byte('a'+rest%16))
	}
	mark = append(mark, 'q') // no digit is: no mark begins another
	list := make([]string, len(stems))
	for i, stem := range stems {
		list[i] = string(mark) + stem
	}
	return list
}

const (
	// spotLimit is how many single problems a map draws before it counts them
	// by cells.
	spotLimit = 400
	// MapWindow is how many of the newest problems a map looks through for a
	// filter by which cells are not counted.
	MapWindow = 2000
)

// Map reads what to draw in a box at a zoom level: single problems where they
// are few, else counts by cell. The cells are counted beforehand, by object and
// standing; of any other filter the newest problems are drawn, and the scene
// says so.
func (s *Service) Map(ctx context.Context, city int64, f Filter, zoom float64) (Scene, error) {
	if f.Box == nil || !f.Box.Valid() {
		return Scene{}, fault.Invalid.Field("box", "board.bad_box")
	}
	f.After, f.Limit = Cursor{}, 0
	if len(queryStems(city, f.Text)) == 0 {
		f.Text = ""
	}
	var scene Scene
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if f.kept() {
			scene.Spots, err = draw(tx, city, f, zoom)
		} else {
			scene, err = drawNewest(tx, city, f, zoom)
		}
		return err
	})
	if err != nil {
		return Scene{}, fmt.Errorf("read map: %w", err)
	}
	return scene, nil
}

// draw reads the scene from the counted cells.
func draw(tx *sqldb.Tx, city int64, f Filter, zoom float64) ([]Spot, error) {
	level, merge := levelFor(zoom, *f.Box)
	ranges := cover(*f.Box, level)
	cells, err := clusters(tx, city, level, f, ranges)
	if err != nil {
		return nil, err
	}
	near := slices.DeleteFunc(slices.Clone(cells), func(c cluster) bool { return !overlap(boxOf(c.cell, level), *f.Box) })
	if total(near) <= spotLimit && total(cells) <= boxWindow {
		return spotsIn(tx, city, f, whole(ranges, level), spotLimit)
	}
	return spotsOf(tx, city, merged(near, merge), *f.Box)
}

// spotsOf draws cells whose middle lies in the box; of those with one problem,
// the problem.
func spotsOf(tx *sqldb.Tx, city int64, cells []cluster, box geo.Box) ([]Spot, error) {
	var spots []Spot
	var single []int64
	for _, c := range cells {
		switch {
		case c.n == 1:
			single = append(single, c.key)
		case box.Contains(c.point()):
			spots = append(spots, Spot{Point: c.point(), Count: int(c.n)})
		}
	}
	list, err := byKeys(tx, city, single, spotColumns, scanSpot)
	for _, s := range list {
		if box.Contains(s.Point) {
			spots = append(spots, s)
		}
	}
	return spots, err
}

// drawNewest reads the newest that fit and counts them here.
func drawNewest(tx *sqldb.Tx, city int64, f Filter, zoom float64) (Scene, error) {
	from, err := find(tx, city, f, MapWindow, MapWindow, MapWindow)
	if err != nil {
		return Scene{}, err
	}
	hits, err := from.hits(tx, MapWindow)
	if err != nil {
		return Scene{}, err
	}
	var scene Scene
	_, more, err := from.last(tx)
	if err != nil {
		return Scene{}, err
	}
	if more || len(hits) == MapWindow {
		scene.Newest = MapWindow
	}
	if len(hits) <= spotLimit {
		scene.Spots, err = spotsOf(tx, city, singles(hits), *f.Box)
		return scene, err
	}
	level, merge := levelFor(zoom, *f.Box)
	scene.Spots, err = spotsOf(tx, city, merged(grouped(hits, level), merge), *f.Box)
	return scene, err
}

// singles takes each hit for a cell of its own.
func singles(hits []hit) []cluster {
	list := make([]cluster, len(hits))
	for i, h := range hits {
		list[i] = cluster{n: 1, lat: grains(h.point.Lat), lon: grains(h.point.Lon), key: h.problem}
	}
	return list
}

// grouped counts hits by cells of a level, ascending.
func grouped(hits []hit, level int) []cluster {
	list := singles(hits)
	for i, h := range hits {
		list[i].cell = cellAt(geo.Cell(h.point), level)
	}
	slices.SortFunc(list, func(a, b cluster) int { return int(min(max(a.cell-b.cell, -1), 1)) })
	return merged(list, 0)
}
