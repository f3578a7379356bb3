package board

import (
	"math"

	"gorod/internal/platform/geo"
)

// The grid of the map is that of web maps: the square of Web Mercator, each side
// halved level times. A cell's number interleaves the bits of its column (even
// bits) and its row from the north (odd ones), so that the tile (z, x, y) is the
// cell of level z with that column and row, and every finer cell in it has the
// tile's number as its beginning: whatever lies in a tile is one run of numbers.

// cellBits is how many halvings of both axes a stored cell has (geo.Cell).
const cellBits = 62

// maxLatitude is where the square of Web Mercator ends, in degrees.
const maxLatitude = 85.0511287798066

// southward is the row of a latitude: 0 on the northern side of the square, 1 on
// the southern.
func southward(lat float64) float64 {
	sine := math.Sin(min(max(lat, -maxLatitude), maxLatitude) * math.Pi / 180)
	return min(max(0.5-math.Log((1+sine)/(1-sine))/(4*math.Pi), 0), 1)
}

// latitudeAt is the latitude of a row: the inverse of southward.
func latitudeAt(row float64) float64 {
	return math.Atan(math.Sinh(math.Pi*(1-2*row))) * 180 / math.Pi
}

// flat is a point of the grid in the degrees that geo.Cell cuts evenly.
func flat(p geo.Point) geo.Point {
	return geo.Point{Lat: southward(p.Lat)*180 - 90, Lon: p.Lon}
}

// Cell is the number of a point's cell at the finest, as board_fact keeps it: for
// those who fill it (boardtest).
func Cell(p geo.Point) int64 { return cellOf(p) }

// cellOf is the cell of a point at the finest.
func cellOf(p geo.Point) int64 { return geo.Cell(flat(p)) }

// cellAt is the cell of a level that a cell lies in.
func cellAt(cell int64, level int) int64 { return cell >> shiftOf(level) }

func shiftOf(level int) int { return cellBits - 2*level }

// cellNumber is the cell of a level by its column and row.
func cellNumber(column, row uint32) int64 {
	spread := func(v uint32) (all uint64) {
		for bit := range 32 {
			all |= uint64(v>>bit&1) << (2 * bit)
		}
		return all
	}
	return int64(spread(column) | spread(row)<<1)
}

// gathered takes every second bit of a cell, from the lowest on: its column,
// and of the cell less its last bit, its row.
func gathered(cell int64) uint32 {
	x := uint64(cell) & 0x5555555555555555
	x = (x | x>>1) & 0x3333333333333333
	x = (x | x>>2) & 0x0f0f0f0f0f0f0f0f
	x = (x | x>>4) & 0x00ff00ff00ff00ff
	x = (x | x>>8) & 0x0000ffff0000ffff
	return uint32(x | x>>16)
}

// boxOf is the rectangle of a cell of a level.
func boxOf(cell int64, level int) geo.Box {
	side := float64(int64(1) << level)
	column, row := float64(gathered(cell)), float64(gathered(cell>>1))
	return geo.Box{
		Min: geo.Point{Lat: latitudeAt((row + 1) / side), Lon: column/side*360 - 180},
		Max: geo.Point{Lat: latitudeAt(row / side), Lon: (column+1)/side*360 - 180},
	}
}

// runOf is the run of cells at the finest that a cell of a level holds.
func runOf(cell int64, level int) geo.Range {
	return geo.Range{From: cell << shiftOf(level), To: (cell+1)<<shiftOf(level) - 1}
}

// coverRanges is how many runs of cells a box is read in.
const coverRanges = 8

// cover gives the runs of cells at the finest that hold a box, apart and
// ascending, each rounded to cells of a level.
func cover(box geo.Box, level int) []geo.Range {
	north, south := flat(box.Max), flat(box.Min)
	even := geo.Box{Min: geo.Point{Lat: north.Lat, Lon: box.Min.Lon}, Max: geo.Point{Lat: south.Lat, Lon: box.Max.Lon}}
	var ranges []geo.Range
	for _, r := range geo.Cover(even, coverRanges) {
		r.From, r.To = runOf(cellAt(r.From, level), level).From, runOf(cellAt(r.To, level), level).To
		if n := len(ranges); n > 0 && ranges[n-1].To >= r.From-1 {
			ranges[n-1].To = max(ranges[n-1].To, r.To)
			continue
		}
		ranges = append(ranges, r)
	}
	return ranges
}
