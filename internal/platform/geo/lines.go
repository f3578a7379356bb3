package geo

import (
	"math"
	"slices"
)

// Lines finds which of many lines (streets, walls, shores) lie near a point. It
// never changes and may be used by many goroutines.
//
// The edges of all lines lie in a grid of square cells; a long edge is cut into
// pieces no longer than a cell, so that a cell knows every edge that may cross
// it. Memory: 36 bytes an edge and 16 bytes a used cell (see BenchmarkLines).
type Lines struct {
	pieces []piece
	cells  map[[2]int32][]int32 // positions in pieces
	size   Point                // of a cell, degrees
}

// piece is an edge, or a part of one.
type piece struct {
	a, b Point
	line int32
}

// cellMetres is the side of a cell: about what is asked for at once.
const cellMetres = 100

// NewLines makes an index; Near answers with positions in lines. Points that are
// not on the earth end a line.
func NewLines(lines [][]Point) *Lines {
	x := &Lines{cells: map[[2]int32][]int32{}}
	if at, ok := firstValid(lines); ok {
		squeeze := max(math.Cos(radians(at.Lat)), 0.01)
		x.size = Point{Lat: cellMetres / metresPerDegree, Lon: cellMetres / metresPerDegree / squeeze}
	}
	for i, line := range lines {
		for j := 1; j < len(line); j++ {
			if line[j-1].Valid() && line[j].Valid() {
				x.add(int32(i), line[j-1], line[j])
			}
		}
	}
	x.pieces = slices.Clip(x.pieces)
	return x
}

func firstValid(lines [][]Point) (Point, bool) {
	for _, line := range lines {
		for _, p := range line {
			if p.Valid() {
				return p, true
			}
		}
	}
	return Point{}, false
}

// add cuts an edge into pieces of a cell at most and notes each in the cells of
// its box. An edge around half the earth is drawn coarser: it is a mistake.
func (x *Lines) add(line int32, a, b Point) {
	const most = 10_000
	n := int(min(max(math.Abs(b.Lat-a.Lat)/x.size.Lat, math.Abs(b.Lon-a.Lon)/x.size.Lon)+1, most))
	for i := range n {
		from, to := between(a, b, float64(i)/float64(n)), between(a, b, float64(i+1)/float64(n))
		at := int32(len(x.pieces))
		x.pieces = append(x.pieces, piece{from, to, line})
		low, high := x.cellOf(Point{min(from.Lat, to.Lat), min(from.Lon, to.Lon)}), x.cellOf(Point{max(from.Lat, to.Lat), max(from.Lon, to.Lon)})
		for row := low[0]; row <= high[0] && row-low[0] < 4; row++ {
			for column := low[1]; column <= high[1] && column-low[1] < 4; column++ {
				x.cells[[2]int32{row, column}] = append(x.cells[[2]int32{row, column}], at)
			}
		}
	}
}

func between(a, b Point, t float64) Point {
	return Point{Lat: a.Lat + t*(b.Lat-a.Lat), Lon: a.Lon + t*(b.Lon-a.Lon)}
}

func (x *Lines) cellOf(p Point) [2]int32 {
	return [2]int32{int32(math.Floor(p.Lat / x.size.Lat)), int32(math.Floor(p.Lon / x.size.Lon))}
}

// LineHit is a line that was found and how far it is from the point.
type LineHit struct {
	Line   int
	Metres float64
}

// maxLineReach bounds how far Near and Rays look, in metres.
const maxLineReach = 1000

// Near gives the lines within so many metres of p (at most a kilometre), each
// once, the nearest first, of equally near ones the lower position.
func (x *Lines) Near(p Point, metres float64) []LineHit {
	var hits []LineHit
	x.around(p, metres, func(e *piece) {
		d := metresToEdge(p, e.a, e.b)
		if d > metres {
			return
		}
		i := slices.IndexFunc(hits, func(h LineHit) bool { return h.Line == int(e.line) })
		switch {
		case i < 0:
			hits = append(hits, LineHit{int(e.line), d})
		case d < hits[i].Metres:
			hits[i].Metres = d
		}
	})
	slices.SortFunc(hits, func(a, b LineHit) int {
		if a.Metres != b.Metres {
			return int(math.Copysign(1, a.Metres-b.Metres))
		}
		return a.Line - b.Line
	})
	return hits
}

// Rays tells how many of n rays from p, spread evenly, meet a line within so many
// metres: how enclosed a point is.
func (x *Lines) Rays(p Point, n int, metres float64) int {
	met := make([]bool, max(n, 0))
	squeeze := math.Cos(radians(p.Lat))
	flat := func(q Point) (dx, dy float64) {
		return (q.Lon - p.Lon) * squeeze * metresPerDegree, (q.Lat - p.Lat) * metresPerDegree
	}
	x.around(p, metres, func(e *piece) {
		ax, ay := flat(e.a)
		bx, by := flat(e.b)
		for i := range met {
			sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			met[i] = met[i] || meets(sin*metres, cos*metres, ax, ay, bx, by)
		}
	})
	count := 0
	for _, m := range met {
		if m {
			count++
		}
	}
	return count
}

// meets tells whether the way from the origin to r crosses the edge from a to b.
func meets(rx, ry, ax, ay, bx, by float64) bool {
	ex, ey := bx-ax, by-ay
	cross := rx*ey - ry*ex
	if cross == 0 {
		return false
	}
	t, u := (ax*ey-ay*ex)/cross, (ax*ry-ay*rx)/cross
	return t >= 0 && t <= 1 && u >= 0 && u <= 1
}

func (x *Lines) around(p Point, metres float64, visit func(*piece)) {
	if len(x.pieces) == 0 || !p.Valid() || !(metres >= 0) {
		return
	}
	box := Around(p, min(metres, maxLineReach))
	low, high := x.cellOf(box.Min), x.cellOf(box.Max)
	for row := low[0]; row <= high[0]; row++ {
		for column := low[1]; column <= high[1]; column++ {
			for _, i := range x.cells[[2]int32{row, column}] {
				visit(&x.pieces[i])
			}
		}
	}
}

// metresToEdge is how far p is from the nearest point of an edge.
func metresToEdge(p, a, b Point) float64 {
	squeeze := math.Cos(radians(p.Lat))
	ax, ay := (a.Lon-p.Lon)*squeeze, a.Lat-p.Lat
	ex, ey := (b.Lon-a.Lon)*squeeze, b.Lat-a.Lat
	t := 0.0
	if length := ex*ex + ey*ey; length > 0 {
		t = min(max(-(ax*ex+ay*ey)/length, 0), 1)
	}
	return metresPerDegree * math.Hypot(ax+t*ex, ay+t*ey)
}
