package board

import (
	"cmp"
	"slices"
	"time"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// MaxZoom is the nearest zoom that tiles are made for.
const MaxZoom = 22

// tileBits is how many halvings of a tile's sides its cells are apart: eight by
// eight of them, 64 pixels wide on a screen whose tiles have 512.
const tileBits = 3

// Spot is something to draw on the map: one problem, or how many there are in a
// cell. Each problem is in one spot of one tile of a zoom.
type Spot struct {
	Point geo.Point
	Counts
	Number int64 // of a single problem; 0: a cell of several
	Status problem.Status
	Topic  topic.ID
	Object topic.ID
	Age    int // of a single problem, see AgeOf
}

// Counts are how many problems there are, and how many of them are open, late
// (open and past their promise) and done (solved, or closed without reaction).
type Counts struct {
	Count, Open, Late, Done int
}

func (c counts) public() Counts {
	return Counts{Count: int(c.n), Open: int(c.open), Late: int(c.late), Done: int(c.solved + c.silent)}
}

// Scene is what a tile or another part of the map shows.
type Scene struct {
	Spots []Spot
	// Newest says that only so many of the newest problems that fit the filter
	// are looked at; 0: all are.
	Newest int
}

// Tally is how many problems fit a filter.
type Tally struct {
	Counts
	// Newest says that only so many of the newest problems that fit the filter
	// are counted, as the tiles show them; 0: all are.
	Newest int
}

// The ages of problems by the days since their first final answer, for those
// that fade: AgeOf gives how many of these have passed.
func fading() [3]int64 { return [3]int64{7, 30, 90} }

// AgeOf is 0 for a problem that was answered within a week or never, 1 within a
// month, 2 within a quarter, 3 before. Days are numbered since 1970.
func ageOf(answered, today int64) int {
	if answered == 0 {
		return 0
	}
	age := 0
	for _, limit := range fading() {
		if today-answered >= limit {
			age++
		}
	}
	return age
}

// spot is a problem as a tile needs it, and its key.
type spot struct {
	Spot
	key, answered int64
}

// cut is the part of a sorted list of hits whose cells lie in a run.
func cut(hits []placed, r geo.Range) []placed {
	find := func(cell int64) int {
		i, _ := slices.BinarySearchFunc(hits, cell, func(h placed, cell int64) int { return cmp.Compare(h.cell, cell) })
		return i
	}
	return hits[find(r.From):find(r.To+1)]
}

// placed is a hit and its cell.
type placed struct {
	cell int64
	hit
}

// sorted puts hits in the order of their cells.
func sorted(hits []hit) []placed {
	list := make([]placed, len(hits))
	for i, h := range hits {
		list[i] = placed{cellOf(h.point), h}
	}
	slices.SortFunc(list, func(a, b placed) int { return cmp.Or(cmp.Compare(a.cell, b.cell), cmp.Compare(a.problem, b.problem)) })
	return list
}

// grouped counts sorted hits by cells of a level, ascending.
func grouped(hits []placed, level int) []cluster {
	var list []cluster
	for _, h := range hits {
		c := cluster{cell: cellAt(h.cell, level), counts: one(h.standing, h.late == 1), lat: grains(h.point.Lat), lon: grains(h.point.Lon), key: h.problem}
		if n := len(list); n > 0 && list[n-1].cell == c.cell {
			list[n-1] = list[n-1].plus(c, 1)
			continue
		}
		list = append(list, c)
	}
	return list
}

// only leaves of clusters what a filter by standing and lateness lets through.
// The middle stays that of the whole cell; of a cell in which one of several
// fits, the key is not known: 0.
func only(list []cluster, f Filter) []cluster {
	var kept []cluster
	for _, c := range list {
		few := c.counts.only(f)
		if few.n == 0 {
			continue
		}
		if few.n < c.n {
			middle := c.point()
			c.lat, c.lon, c.key = grains(middle.Lat)*few.n, grains(middle.Lon)*few.n, 0
		}
		c.counts = few
		kept = append(kept, c)
	}
	return kept
}

// selections keep what filters by which cells are not counted let through, for
// the tiles of one view of the map are asked for at once.
type selection struct {
	made   time.Time
	hits   []placed
	newest int
}
