package board

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

const (
	// MapWindow is how many of the newest problems a map looks at for a filter by
	// which cells are not counted: below it the map is exact, beyond it shows the
	// newest and says so.
	MapWindow = 20_000
	// mapWords is the same for a search, whose matches cost more.
	mapWords = 5000
	// fewRows is how many problems a tile may hold for its rows to be counted
	// instead of cells, which are no finer than 19 metres.
	fewRows = 3000
	// deepest is the finest level that rows are counted by: half a metre.
	deepest = 25
	// rowZoom is from which zoom on the cells of a tile are finer than those that
	// are counted by days.
	rowZoom = 17
	// fewHidden is how many problems a cell may hold for the one of them that
	// fits a filter to be looked for.
	fewHidden = 500
)

// Tile reads what a tile of a filter shows; x and y are counted from the
// north-west, as in all web maps. Box, After and Limit of the filter mean
// nothing here. An address off the map is Missing.
//
// A filter by object, standing, lateness and days is read from counts that are
// kept, so a tile costs the same in a town and in a metropolis. Of any other,
// up to MapWindow problems are found and kept for some seconds.
func (s *Service) Tile(ctx context.Context, city int64, f Filter, z, x, y int) (Scene, error) {
	if z < 0 || z > MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return Scene{}, fault.Missing.New("board.no_tile")
	}
	f = f.onMap(city)
	var tile Scene
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		number := cellNumber(uint32(x), uint32(y))
		list, newest, err := s.cellsOf(tx, city, f, c.Zone, z, []geo.Range{runOf(number, z)}, min(z+tileBits, deepest))
		if err != nil {
			return err
		}
		tile.Newest = newest
		tile.Spots, err = spotsOf(tx, city, f, list, dayOf(tx.Now(), c.Zone))
		return err
	})
	if err != nil {
		return Scene{}, fmt.Errorf("read tile %d/%d/%d: %w", z, x, y, err)
	}
	return tile, nil
}

// Map reads what to draw in a box of any size at a zoom (MapLibre's, with tiles
// of 512 pixels): for pictures, which know no tiles. Cells are 64 to 128 pixels
// wide, larger where a box is more than a screen.
func (s *Service) Map(ctx context.Context, city int64, f Filter, zoom float64) (Scene, error) {
	if f.Box == nil || !f.Box.Valid() {
		return Scene{}, fault.Invalid.Field("box", "board.bad_box")
	}
	box := *f.Box
	f = f.onMap(city)
	var scene Scene
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		level := int(min(max(zoom, 0), MaxZoom)) + tileBits
		for level > 0 && cellsIn(box, level) > cellLimit {
			level--
		}
		list, newest, err := s.cellsOf(tx, city, f, c.Zone, max(level-tileBits, 0), cover(box, level), level)
		if err != nil {
			return err
		}
		all, err := spotsOf(tx, city, f, list, dayOf(tx.Now(), c.Zone))
		for _, spot := range all {
			if box.Contains(spot.Point) {
				scene.Spots = append(scene.Spots, spot)
			}
		}
		scene.Newest = newest
		return err
	})
	if err != nil {
		return Scene{}, fmt.Errorf("read map: %w", err)
	}
	return scene, nil
}

// onMap leaves of a filter what narrows a map.
func (f Filter) onMap(city int64) Filter {
	f.Box, f.After, f.Limit = nil, Cursor{}, 0
	return f.plain(city)
}

// found is a cluster of a level with what has to be looked for in it.
type found struct {
	cluster
	level int
	days  *days // nil: of all time
	held  int64 // how many problems the cell holds, whatever fits
}

// cellsOf reads what fits a filter in runs of cells that hold whole cells of
// level z, by cells of a level or, where those are not counted, somewhat coarser
// ones. It is the one way to the counts of the map.
func (s *Service) cellsOf(tx *sqldb.Tx, city int64, f Filter, zone *time.Location, z int, runs []geo.Range, level int) ([]found, int, error) {
	if f.kept() {
		d, whole, ok, err := periodOf(tx, city, f, zone)
		if err != nil {
			return nil, 0, err
		}
		if ok {
			list, err := countedCells(tx, city, f, d, whole, z, runs, level)
			return list, 0, err
		}
	}
	chosen, err := s.selections.get(tx, city, f)
	if err != nil {
		return nil, 0, err
	}
	var list []found
	for _, r := range runs {
		for _, c := range grouped(cut(chosen.hits, r), level) {
			list = append(list, found{cluster: c, level: level, held: c.n})
		}
	}
	return list, chosen.newest, nil
}

// countedCells reads the counts that are kept.
func countedCells(tx *sqldb.Tx, city int64, f Filter, d days, whole bool, z int, runs []geo.Range, level int) ([]found, error) {
	object, period := int64(f.Object), &d
	if whole {
		period = nil
	}
	near, err := nearEnough(tx, city, object, whole, z, runs)
	if err != nil {
		return nil, err
	}
	if near {
		if whole {
			d = days{-1 << 40, 1 << 40}
		}
		list, err := loose(tx, city, object, view{into: level, runs: runs}, d, false)
		return wanted(list, f, level, period), err
	}
	if whole {
		level = min(level, finest)
	} else {
		level = min(level, 18)
	}
	stored := max(level+level%2, coarsest)
	v := view{level: stored, into: level, runs: runs}
	spans, rest := []int64{0}, []days(nil)
	if !whole {
		spans, rest = spansOf(d, smallest(stored))
	}
	list, err := clusters(tx, city, object, v, spans)
	if err != nil {
		return nil, err
	}
	for _, r := range rest {
		more, err := loose(tx, city, object, v, r, true)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return wanted(list, f, level, period), nil
}

// nearEnough tells whether a view has so few problems, or is so near, that its
// rows are counted.
func nearEnough(tx *sqldb.Tx, city, object int64, whole bool, z int, runs []geo.Range) (bool, error) {
	if z < rowZoom {
		return false, nil
	}
	if z > finest || !whole {
		return true, nil
	}
	list, err := clusters(tx, city, object, view{level: finest, into: 0, runs: runs}, []int64{0})
	return total(list) <= fewRows, err
}

func wanted(list []cluster, f Filter, level int, period *days) []found {
	list = summed(list)
	held := make(map[int64]int64, len(list))
	for _, c := range list {
		held[c.cell] = c.n
	}
	var out []found
	for _, c := range only(list, f) {
		out = append(out, found{cluster: c, level: level, days: period, held: held[c.cell]})
	}
	return out
}

// spotsOf makes what is drawn of clusters: of those with one problem, the
// problem.
func spotsOf(tx *sqldb.Tx, city int64, f Filter, list []found, today int64) ([]Spot, error) {
	var keys []int64
	for i := range list {
		c := &list[i]
		if c.n == 1 && c.key == 0 && c.held <= fewHidden {
			key, err := hidden(tx, city, f, runOf(c.cell, c.level), c.days)
			if err != nil {
				return nil, err
			}
			c.key = key
		}
		if c.n == 1 && c.key != 0 {
			keys = append(keys, c.key)
		}
	}
	spots, err := byKeys(tx, city, keys, spotColumns, scanSpot)
	if err != nil {
		return nil, err
	}
	singles := make(map[int64]spot, len(spots))
	for _, p := range spots {
		singles[p.key] = p
	}
	out := make([]Spot, 0, len(list))
	for _, c := range list {
		one, ok := singles[c.key]
		if c.n != 1 || !ok {
			one = spot{Spot: Spot{Point: c.point()}}
		}
		one.Counts = c.counts.public()
		one.Age = ageOf(one.answered, today)
		out = append(out, one.Spot)
	}
	return out, nil
}

// Count tells how many problems the map and its list show of a filter.
func (s *Service) Count(ctx context.Context, city int64, f Filter) (Tally, error) {
	f = f.onMap(city)
	var out Tally
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		n, known, err := keptCount(tx, city, f, c.Zone)
		if err != nil {
			return err
		}
		if !known {
			chosen, err := s.selections.get(tx, city, f)
			if err != nil {
				return err
			}
			for _, h := range chosen.hits {
				n = n.plus(one(h.standing, h.late == 1), 1)
			}
			out.Newest = chosen.newest
		}
		out.Counts = n.only(f).public()
		return nil
	})
	if err != nil {
		return Tally{}, fmt.Errorf("count map: %w", err)
	}
	return out, nil
}

// selectionAge is how long a selection is shown again, selectionsKept how many
// are kept: 1 MB each at most.
const (
	selectionAge   = 10 * time.Second
	selectionsKept = 24
)

// selections are the filters that were asked for lately, each found once.
type selections struct {
	mu    sync.Mutex
	known map[string]*kept
}

// kept is a selection that the first who asks for it finds.
type kept struct {
	mu sync.Mutex
	selection
	found bool
}

// get finds what fits a filter, or gives what was found some seconds ago.
func (l *selections) get(tx *sqldb.Tx, city int64, f Filter) (selection, error) {
	entry := l.entry(fmt.Sprintf("%d %+v", city, f), tx.Now())
	entry.mu.Lock()
	defer entry.mu.Unlock()
	if age := tx.Now().Sub(entry.made); entry.found && age >= 0 && age < selectionAge {
		return entry.selection, nil
	}
	from, err := find(tx, city, f, MapWindow+1, MapWindow, mapWords)
	if err != nil {
		return selection{}, err
	}
	hits, err := from.hits(tx, MapWindow)
	if err != nil {
		return selection{}, err
	}
	_, more, err := from.last(tx)
	if err != nil {
		return selection{}, err
	}
	s := selection{made: tx.Now(), hits: sorted(hits)}
	switch {
	case len(hits) == MapWindow:
		s.newest = MapWindow
	case more:
		s.newest = from.window
	}
	entry.selection, entry.found = s, true
	return s, nil
}

// entry is where a selection is kept; when there are too many, the older go.
func (l *selections) entry(key string, now time.Time) *kept {
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.known[key]; ok {
		return e
	}
	if l.known == nil || len(l.known) >= selectionsKept {
		l.known = map[string]*kept{}
	}
	e := &kept{}
	l.known[key] = e
	return e
}

// Line is a problem in short, by its public number; Missing where there is none
// that everyone may see.
func (s *Service) Line(ctx context.Context, city, number int64) (Line, error) {
	var line Line
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		line, err = lineAt(tx, city, number)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return Line{}, fault.Missing.New("problem.missing")
	}
	if err != nil {
		return Line{}, fmt.Errorf("read line of problem %d: %w", number, err)
	}
	return line, nil
}
