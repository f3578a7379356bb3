package board

import (
	"cmp"
	"maps"
	"math"
	"slices"

	"gorod/internal/city/problem"
	"gorod/internal/platform/geo"
)

// Standing is the group of states that lists and the map are narrowed by;
// silence is one of its own, for it is no consent. The empty one is of problems
// that went no further: refused, withdrawn.
type Standing string

// The standings.
const (
	Open     Standing = "open"
	Answered Standing = "answered"
	Solved   Standing = "solved"
	Silent   Standing = "silent"
)

// Standings are those that lists can be narrowed by, in the order of a
// problem's life.
func Standings() []Standing { return []Standing{Open, Answered, Solved, Silent} }

// standingOf is where a status stands.
func standingOf(s problem.Status) Standing {
	switch s {
	case problem.Moderation, problem.Question, problem.Work, problem.Interim, problem.Review:
		return Open
	case problem.Answered:
		return Answered
	case problem.Confirmed, problem.Controlled:
		return Solved
	case problem.Silent:
		return Silent
	}
	return ""
}

// The levels at which cells are counted: each side of the map is halved so many
// times. Cells of the finest are 19 metres wide at 60° north, those of the
// coarsest 5 km, by two; whoever looks from farther adds up the coarsest, of
// which a metropolis has some hundreds.
const (
	finest   = 20
	coarsest = 12
)

// A span is a run of days of sending by which the cells of a level are counted.
// Its number holds which size it has and its place among those of the size; 0
// is all time. Sizes grow by eight, so any period is a few spans of each.
const (
	spanBits  = 20 // of a span's place among those of its size
	sizeSteps = 4
)

// sizeOf is how many days a span of a size has: 1, 8, 64, 512 for 1 to 4.
func sizeOf(size int) int64 { return 1 << (3 * (size - 1)) }

// spanAt is the span of a size that a day lies in; size 0 is all time.
func spanAt(day int64, size int) int64 {
	if size == 0 {
		return 0
	}
	return int64(size)<<spanBits | day/sizeOf(size)
}

// smallest is the least size of spans that a level is counted by; smaller ones
// would have a row for nearly every problem, and of the days left over there
// the rows of the problems are few enough to be read. 0: all time alone.
func smallest(level int) int {
	switch {
	case level <= 12:
		return 1
	case level <= 16:
		return 2
	case level <= 18:
		return 3
	}
	return 0
}

// sizesAt are the sizes of spans that a level is counted by.
func sizesAt(level int) []int {
	sizes := []int{0}
	if least := smallest(level); least > 0 {
		for size := least; size <= sizeSteps; size++ {
			sizes = append(sizes, size)
		}
	}
	return sizes
}

// days is a period of days of sending in the city's zone, the last one excluded.
type days struct{ from, to int64 }

// spansOf cuts a period into spans of a least size (0: none) and larger, and
// gives the days left over at its ends.
func spansOf(d days, least int) (spans []int64, rest []days) {
	if d.from >= d.to {
		return nil, nil
	}
	if least == 0 {
		return nil, []days{d}
	}
	unit := sizeOf(least)
	first, last := (d.from+unit-1)/unit*unit, d.to/unit*unit
	if first >= last {
		return nil, []days{d}
	}
	if d.from < first {
		rest = append(rest, days{d.from, first})
	}
	if last < d.to {
		rest = append(rest, days{last, d.to})
	}
	for day := first; day < last; {
		size := least
		for size < sizeSteps && day%sizeOf(size+1) == 0 && day+sizeOf(size+1) <= last {
			size++
		}
		spans = append(spans, spanAt(day, size))
		day += sizeOf(size)
	}
	return spans, rest
}

// counts are how many problems there are, and of them so many in each standing;
// late ones are open ones whose promise has passed.
type counts struct {
	n, open, late, answered, solved, silent int64
}

func (c counts) plus(o counts, sign int64) counts {
	return counts{c.n + sign*o.n, c.open + sign*o.open, c.late + sign*o.late, c.answered + sign*o.answered, c.solved + sign*o.solved, c.silent + sign*o.silent}
}

// of is how many a filter by standing and lateness lets through.
func (c counts) of(f Filter) int64 {
	if f.Late {
		if f.Standing != "" && f.Standing != Open {
			return 0
		}
		return c.late
	}
	switch f.Standing {
	case Open:
		return c.open
	case Answered:
		return c.answered
	case Solved:
		return c.solved
	case Silent:
		return c.silent
	}
	return c.n
}

// only leaves of the counts what a filter by standing and lateness lets through.
func (c counts) only(f Filter) counts {
	n := c.of(f)
	switch {
	case n == 0:
		return counts{}
	case f.Late:
		return counts{n: n, open: n, late: n}
	}
	switch f.Standing {
	case Open:
		return counts{n: n, open: n, late: c.late}
	case Answered:
		return counts{n: n, answered: n}
	case Solved:
		return counts{n: n, solved: n}
	case Silent:
		return counts{n: n, silent: n}
	}
	return c
}

// one counts a single row.
func one(standing Standing, late bool) counts {
	c := counts{n: 1}
	switch standing {
	case Open:
		c.open = 1
		if late {
			c.late = 1
		}
	case Answered:
		c.answered = 1
	case Solved:
		c.solved = 1
	case Silent:
		c.silent = 1
	}
	return c
}

// cluster is what a cell holds: how many, the sums of their coordinates and of
// their keys, so that the middle is known, and of a single one who it is.
type cluster struct {
	cell int64
	counts
	lat, lon, key int64
}

// grain is how fine the sums of coordinates are, in parts of a degree.
const grain = 1e7

func grains(degrees float64) int64 { return int64(math.Floor(degrees * grain)) }

func (c cluster) point() geo.Point {
	return geo.Point{Lat: (float64(c.lat)/float64(c.n) + 0.5) / grain, Lon: (float64(c.lon)/float64(c.n) + 0.5) / grain}
}

func (c cluster) plus(o cluster, sign int64) cluster {
	c.counts = c.counts.plus(o.counts, sign)
	c.lat, c.lon, c.key = c.lat+sign*o.lat, c.lon+sign*o.lon, c.key+sign*o.key
	return c
}

// summed adds up clusters of the same cell; the result is in ascending order.
func summed(list []cluster) []cluster {
	slices.SortStableFunc(list, func(a, b cluster) int { return cmp.Compare(a.cell, b.cell) })
	var sum []cluster
	for _, c := range list {
		if n := len(sum); n > 0 && sum[n-1].cell == c.cell {
			sum[n-1] = sum[n-1].plus(c, 1)
			continue
		}
		sum = append(sum, c)
	}
	return sum
}

func total(list []cluster) (n int64) {
	for _, c := range list {
		n += c.n
	}
	return n
}

// slot is the key of a counted cell; object 0 counts all of them.
type slot struct {
	level, object, span, cell int64
}

// areaSlot is the key of a counted area; object 0 counts all of them.
type areaSlot struct {
	kind, area   string
	object, span int64
}

// The kinds of areas that are counted.
const (
	byDistrict     = "district"
	byMunicipality = "municipality"
)

// areaLeast is the least size of spans by which areas are counted.
const areaLeast = 2

// tally collects what a transaction changes in the cells and the areas, so that
// each row is written once, in one order for everybody.
type tally struct {
	cells map[slot]cluster
	areas map[areaSlot]counts
}

func newTally() *tally { return &tally{cells: map[slot]cluster{}, areas: map[areaSlot]counts{}} }

// take puts the contribution of a row, sign +1, or takes it back, sign −1.
func (t *tally) take(k known, sign int64) {
	if k.visible == 0 {
		return
	}
	objects := []int64{0}
	if k.object != 0 {
		objects = append(objects, k.object)
	}
	add := cluster{counts: one(k.standing, k.late == 1), lat: grains(k.lat), lon: grains(k.lon), key: k.problem}
	for _, object := range objects {
		for level := coarsest; level <= finest; level += 2 {
			for _, size := range sizesAt(level) {
				at := slot{int64(level), object, spanAt(k.day, size), cellAt(k.cell, level)}
				t.cells[at] = t.cells[at].plus(add, sign)
			}
		}
		for _, area := range [][2]string{{byDistrict, k.district}, {byMunicipality, k.municipality}} {
			if area[1] == "" {
				continue
			}
			for _, size := range areaSizes() {
				at := areaSlot{area[0], area[1], object, spanAt(k.day, size)}
				t.areas[at] = t.areas[at].plus(add.counts, sign)
			}
		}
	}
}

// areaSizes are the sizes of spans by which areas are counted.
func areaSizes() []int {
	sizes := []int{0}
	for size := areaLeast; size <= sizeSteps; size++ {
		sizes = append(sizes, size)
	}
	return sizes
}

// changedCells are the cells that are not what they were, in the order of their
// keys.
func (t *tally) changedCells() []slot {
	maps.DeleteFunc(t.cells, func(_ slot, c cluster) bool { return c == cluster{} })
	return slices.SortedFunc(maps.Keys(t.cells), func(a, b slot) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.object, b.object), cmp.Compare(a.span, b.span), cmp.Compare(a.cell, b.cell))
	})
}

// changedAreas are the areas that are not what they were, in the order of their
// keys.
func (t *tally) changedAreas() []areaSlot {
	maps.DeleteFunc(t.areas, func(_ areaSlot, c counts) bool { return c == counts{} })
	return slices.SortedFunc(maps.Keys(t.areas), func(a, b areaSlot) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.area, b.area), cmp.Compare(a.object, b.object), cmp.Compare(a.span, b.span))
	})
}
