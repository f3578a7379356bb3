package geo

import (
	"math/bits"
	"slices"
)

// cellBits is how finely each axis is cut: 2³¹ steps are 2 cm of longitude at
// the equator and 1 cm of latitude. Two axes make 62 bits, which fit a signed
// BIGINT without its sign.
const cellBits = 31

// Cell is the number of p's cell in z-order (Morton): the bits of longitude and
// latitude interleaved, longitude in the even ones. Points that are near
// usually have near numbers, and whatever lies in a box lies in the few ranges
// of numbers that Cover gives. It is never negative; a point off the earth gets
// the cell of the nearest border.
func Cell(p Point) int64 { return int64(interleave(gridOf(p))) }

// gridOf gives the column and row of p.
func gridOf(p Point) (x, y uint32) {
	return step(p.Lon+180, 360), step(p.Lat+90, 180)
}

func step(v, of float64) uint32 {
	const last = 1<<cellBits - 1
	if !(v > 0) { // also what is no number
		return 0
	}
	return uint32(min(v/of*(1<<cellBits), last))
}

func interleave(x, y uint32) uint64 { return spread(x) | spread(y)<<1 }

// spread puts a zero before each bit.
func spread(v uint32) uint64 {
	x := uint64(v)
	x = (x | x<<16) & 0x0000ffff0000ffff
	x = (x | x<<8) & 0x00ff00ff00ff00ff
	x = (x | x<<4) & 0x0f0f0f0f0f0f0f0f
	x = (x | x<<2) & 0x3333333333333333
	return (x | x<<1) & 0x5555555555555555
}

// Range is a run of cells, both ends included, for «cell BETWEEN $1 AND $2».
type Range struct{ From, To int64 }

// Cover gives at most limit ranges (at least one), ascending and apart, that
// hold every cell of the box; none for a box the wrong way round. They hold
// other cells too, so the query checks the coordinates as well. With 16 ranges
// the boxes of screens read a quarter of their area too much in the median and
// at worst once their area, with 8 a half and at worst twice
// (TestCoverReadsLittleTooMuch measures it).
//
// A box's cells are a rectangle of columns and rows, and the first and last
// cell of a rectangle are those of its corners. Cutting it at the highest bit in
// which the corners differ leaves a gap between the halves that need not be
// read (LITMAX and BIGMIN of Tropf and Herzog, 1981). The rectangle with the
// most to gain is cut first.
func Cover(box Box, limit int) []Range {
	x0, y0 := gridOf(box.Min)
	x1, y1 := gridOf(box.Max)
	if x0 > x1 || y0 > y1 {
		return nil
	}
	parts := []part{newPart(x0, y0, x1, y1)}
	gaps := 0
	// A cut without a gap costs no range but time: hence the second bound.
	for cuts := 0; gaps+1 < limit && cuts < 4*limit; cuts++ {
		i := mostWasteful(parts)
		if parts[i].waste == 0 {
			break
		}
		low, high := parts[i].cut()
		if low.to+1 < high.from {
			gaps++
		}
		parts[i] = low
		parts = slices.Insert(parts, i+1, high)
	}
	return merge(parts)
}

// part is a rectangle of cells and the range between its corners.
type part struct {
	x0, y0, x1, y1 uint32
	from, to       uint64
	waste          uint64 // cells of the range outside the rectangle
}

func newPart(x0, y0, x1, y1 uint32) part {
	from, to := interleave(x0, y0), interleave(x1, y1)
	cells := (uint64(x1-x0) + 1) * (uint64(y1-y0) + 1)
	return part{x0, y0, x1, y1, from, to, to - from + 1 - cells}
}

// cut halves the rectangle at the highest bit in which its corners differ.
func (p part) cut() (low, high part) {
	bit := bits.Len64(p.from^p.to) - 1
	mask := uint32(1)<<(bit/2) - 1
	if bit%2 == 0 {
		middle := p.x1 &^ mask
		return newPart(p.x0, p.y0, middle-1, p.y1), newPart(middle, p.y0, p.x1, p.y1)
	}
	middle := p.y1 &^ mask
	return newPart(p.x0, p.y0, p.x1, middle-1), newPart(p.x0, middle, p.x1, p.y1)
}

func mostWasteful(parts []part) int {
	worst := 0
	for i, p := range parts {
		if p.waste > parts[worst].waste {
			worst = i
		}
	}
	return worst
}

// merge makes ranges of parts in ascending order, one of those that touch.
func merge(parts []part) []Range {
	var ranges []Range
	for _, p := range parts {
		if n := len(ranges); n > 0 && ranges[n-1].To+1 == int64(p.from) {
			ranges[n-1].To = int64(p.to)
		} else {
			ranges = append(ranges, Range{From: int64(p.from), To: int64(p.to)})
		}
	}
	return ranges
}
