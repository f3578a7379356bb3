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

// The levels at which cells are counted: each axis of the earth is halved so
// many times. From the finest, cells of 19 metres at 60° north, to the coarsest
// of 5 km, by two; whoever looks from farther adds up the coarsest, of which a
// metropolis has some hundreds.
const (
	finest   = 20
	coarsest = 12
)

// cellBits is how many halvings of both axes a stored cell has (geo.Cell).
const cellBits = 62

// cellAt is the cell of a level that a cell lies in.
func cellAt(cell int64, level int) int64 { return cell >> shiftOf(level) }

func shiftOf(level int) int { return cellBits - 2*level }

// boxOf is the rectangle of a cell.
func boxOf(cell int64, level int) geo.Box {
	width, height := 360/float64(int64(1)<<level), 180/float64(int64(1)<<level)
	west, south := float64(gathered(cell))*width-180, float64(gathered(cell>>1))*height-90
	return geo.Box{Min: geo.Point{Lat: south, Lon: west}, Max: geo.Point{Lat: south + height, Lon: west + width}}
}

// gathered takes every second bit of a cell, from the lowest on.
func gathered(cell int64) uint32 {
	x := uint64(cell) & 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// overlap tells whether two boxes have a point in common.
func overlap(a, b geo.Box) bool {
	return a.Min.Lat <= b.Max.Lat && b.Min.Lat <= a.Max.Lat && a.Min.Lon <= b.Max.Lon && b.Min.Lon <= a.Max.Lon
}

// cellLimit bounds how many cells a map gets.
const cellLimit = 600

// levelFor chooses the stored level for a zoom, and how many bits each axis
// loses beyond it. Cells are 90 to 180 pixels wide: at zoom z the world is
// 512·2^z pixels across (MapLibre). A box larger than a screen gets larger
// cells, so that no count is cut off.
func levelFor(zoom float64, box geo.Box) (level, merge int) {
	bits := 2
	for bits < finest && float64(bits) < zoom+1.5 && cellsIn(box, bits+1) <= cellLimit {
		bits++
	}
	level = max(bits+bits%2, coarsest)
	return level, level - bits
}

// cellsIn is how many cells a box touches when each axis is cut 2^bits times.
func cellsIn(box geo.Box, bits int) float64 {
	across := func(degrees, of float64) float64 { return degrees/of*float64(int64(1)<<bits) + 2 }
	return across(box.Max.Lon-box.Min.Lon, 360) * across(box.Max.Lat-box.Min.Lat, 180)
}

// coverRanges is how many runs of cells a box is read in.
const coverRanges = 8

// cover gives the runs of a level's cells that hold the box, apart and
// ascending.
func cover(box geo.Box, level int) []geo.Range {
	var ranges []geo.Range
	for _, r := range geo.Cover(box, coverRanges) {
		r.From, r.To = cellAt(r.From, level), cellAt(r.To, level)
		if n := len(ranges); n > 0 && ranges[n-1].To >= r.From-1 {
			ranges[n-1].To = max(ranges[n-1].To, r.To)
			continue
		}
		ranges = append(ranges, r)
	}
	return ranges
}

// whole gives the stored cells of runs of a level.
func whole(ranges []geo.Range, level int) []geo.Range {
	all := make([]geo.Range, len(ranges))
	for i, r := range ranges {
		all[i] = geo.Range{From: r.From << shiftOf(level), To: (r.To+1)<<shiftOf(level) - 1}
	}
	return all
}

// cluster is what a cell holds: how many, where their middle is, and the key of
// the only one.
type cluster struct {
	cell             int64
	n, lat, lon, key int64
}

// grain is how fine the sums of coordinates are, in parts of a degree.
const grain = 1e7

func grains(degrees float64) int64 { return int64(math.Floor(degrees * grain)) }

func (c cluster) point() geo.Point {
	return geo.Point{Lat: (float64(c.lat)/float64(c.n) + 0.5) / grain, Lon: (float64(c.lon)/float64(c.n) + 0.5) / grain}
}

// merged adds up cells that fall together when each axis loses some bits. Cells
// come in ascending order and so leave in it.
func merged(list []cluster, bits int) []cluster {
	var sum []cluster
	for _, c := range list {
		c.cell >>= 2 * bits
		if n := len(sum); n > 0 && sum[n-1].cell == c.cell {
			last := &sum[n-1]
			last.n, last.lat, last.lon, last.key = last.n+c.n, last.lat+c.lat, last.lon+c.lon, last.key+c.key
			continue
		}
		sum = append(sum, c)
	}
	return sum
}

// slot is the key of a counted cell.
type slot struct {
	level    int64
	object   int64
	standing Standing
	cell     int64
}

// tally collects what a transaction changes in the cells, so that each cell is
// written once, in one order for everybody.
type tally map[slot]cluster

// take puts the contribution of a row, sign +1, or takes it back, sign −1.
func (t tally) take(k known, sign int64) {
	if k.visible == 0 {
		return
	}
	objects, standings := []int64{0}, []Standing{""}
	if k.object != 0 {
		objects = append(objects, k.object)
	}
	if k.standing != "" {
		standings = append(standings, k.standing)
	}
	for level := coarsest; level <= finest; level += 2 {
		for _, object := range objects {
			for _, standing := range standings {
				at := slot{int64(level), object, standing, cellAt(k.cell, level)}
				c := t[at]
				c.n, c.lat, c.lon, c.key = c.n+sign, c.lat+sign*grains(k.lat), c.lon+sign*grains(k.lon), c.key+sign*k.problem
				t[at] = c
			}
		}
	}
}

// changed are the cells that are not what they were, in the order of their keys.
func (t tally) changed() []slot {
	maps.DeleteFunc(t, func(_ slot, c cluster) bool { return c == cluster{} })
	return slices.SortedFunc(maps.Keys(t), func(a, b slot) int {
		return cmp.Or(cmp.Compare(a.level, b.level), cmp.Compare(a.object, b.object), cmp.Compare(a.standing, b.standing), cmp.Compare(a.cell, b.cell))
	})
}
