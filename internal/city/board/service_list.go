package board

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

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
	f = f.plain(city)
	var page Page
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		from, err := find(tx, city, f, f.Limit+1, listWindow, wordWindow)
		if err != nil {
			return err
		}
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		page, err = read(tx, city, f, from, c.Zone)
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
		level := levelFor(*f.Box)
		runs := cover(*f.Box, level)
		inside, err := clusters(tx, city, 0, view{level: level, into: 0, runs: runs}, []int64{0})
		if err != nil {
			return source{}, err
		}
		if total(inside) <= boxWindow {
			return byCell(city, f, runs), nil
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

// read reads a page from where its problems are found.
func read(tx *sqldb.Tx, city int64, f Filter, from source, zone *time.Location) (Page, error) {
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
		err = page.count(tx, city, f, from, zone)
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
func (p *Page) count(tx *sqldb.Tx, city int64, f Filter, from source, zone *time.Location) error {
	if f.Box == nil {
		n, known, err := keptCount(tx, city, f, zone)
		if err != nil {
			return err
		}
		if known {
			p.Total, p.Exact = int(n.of(f)), true
			return nil
		}
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

// plain leaves out a text that has no words to look for.
func (f Filter) plain(city int64) Filter {
	if len(queryStems(city, f.Text)) == 0 {
		f.Text = ""
	}
	return f
}

// wordsAlone tells whether a filter asks for nothing but words.
func (f Filter) wordsAlone() bool {
	return len(f.equals()) == 0 && f.Box == nil && f.From.IsZero() && f.To.IsZero()
}

// kept tells whether the counts are kept by all that the filter asks, beside its
// period.
func (f Filter) kept() bool {
	return f.Text == "" && f.Category == 0 && f.Topic == 0 && f.District == "" && f.Municipality == "" && f.House == 0
}

// period is the days of a filter within those of the city; whole tells that it
// asks for no period. Not ok is one whose ends are no midnights of the zone.
func periodOf(tx *sqldb.Tx, city int64, f Filter, zone *time.Location) (d days, whole, ok bool, err error) {
	if f.From.IsZero() && f.To.IsZero() {
		return days{}, true, true, nil
	}
	if !midnight(f.From, zone) || !midnight(f.To, zone) {
		return days{}, false, false, nil
	}
	if d, err = dayBounds(tx, city); err != nil {
		return days{}, false, false, err
	}
	if !f.From.IsZero() {
		d.from = max(d.from, dayOf(f.From, zone))
	}
	if !f.To.IsZero() {
		d.to = min(d.to, dayOf(f.To, zone))
	}
	return d, false, true, nil
}

// midnight tells whether a moment is the beginning of a day, or none.
func midnight(t time.Time, zone *time.Location) bool {
	return t.IsZero() || dayOf(t, zone) != dayOf(t.Add(-time.Microsecond), zone)
}

// keptCount counts what fits a filter by the counts that are kept, where they
// know it.
func keptCount(tx *sqldb.Tx, city int64, f Filter, zone *time.Location) (counts, bool, error) {
	if !f.kept() {
		return counts{}, false, nil
	}
	d, whole, ok, err := periodOf(tx, city, f, zone)
	if err != nil || !ok {
		return counts{}, false, err
	}
	spans := []int64{0}
	if !whole {
		spans, _ = spansOf(d, smallest(coarsest)) // to the day: nothing is left over
	}
	n, err := inAll(tx, city, int64(f.Object), spans)
	return n, true, err
}

// levelFor is a level at which a box has few cells.
func levelFor(box geo.Box) int {
	level := finest
	for level > coarsest && cellsIn(box, level) > cellLimit {
		level -= 2
	}
	return level
}

// cellLimit bounds how many cells of a box are counted.
const cellLimit = 600

// cellsIn is how many cells a box touches when each side of the map is halved so
// many times.
func cellsIn(box geo.Box, level int) float64 {
	side := float64(int64(1) << level)
	return ((box.Max.Lon-box.Min.Lon)/360*side + 2) * ((southward(box.Min.Lat)-southward(box.Max.Lat))*side + 2)
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
