package geo

import (
	"cmp"
	"math"
	"slices"
)

// Points finds the nearest of many points. It never changes and may be used by
// many goroutines.
//
// The points lie in a grid of square cells, a few in each; a search looks at
// the rings of cells around its point until nothing nearer can come.
type Points struct {
	points        []Point
	origin        Point
	size          Point // of a cell, degrees
	columns, rows int
	starts        []int32 // of each cell's points in order; one more at the end
	order         []int32 // positions of the points, cell by cell
}

// Hit is a point that was found: its position in what NewPoints was given, and
// how far it is.
type Hit struct {
	Index  int
	Metres float64
}

// NewPoints makes an index over a copy of the points; those that are not valid
// are never found.
func NewPoints(points []Point) *Points {
	x := &Points{points: slices.Clone(points)}
	bounds, n := boundsOf(points)
	if n == 0 {
		return x
	}
	x.layOut(bounds, n)
	x.sortIntoCells(n)
	return x
}

// boundsOf is the box around the valid points, and their number.
func boundsOf(points []Point) (bounds Box, n int) {
	bounds = Box{Min: Point{math.Inf(1), math.Inf(1)}, Max: Point{math.Inf(-1), math.Inf(-1)}}
	for _, p := range points {
		if p.Valid() {
			n++
			bounds.Min = Point{min(bounds.Min.Lat, p.Lat), min(bounds.Min.Lon, p.Lon)}
			bounds.Max = Point{max(bounds.Max.Lat, p.Lat), max(bounds.Max.Lon, p.Lon)}
		}
	}
	return bounds, n
}

// layOut chooses square cells so that one has about three points.
func (x *Points) layOut(bounds Box, n int) {
	const perCell, most = 3, 1 << 12
	x.origin = bounds.Min
	height, width := bounds.Max.Lat-bounds.Min.Lat, bounds.Max.Lon-bounds.Min.Lon
	squeeze := max(math.Cos(radians((bounds.Min.Lat+bounds.Max.Lat)/2)), 0.01)
	side := max(math.Sqrt(height*width*squeeze*perCell/float64(n)), (height+width*squeeze)/float64(min(n, most)), 1e-6)
	x.size = Point{Lat: side, Lon: side / squeeze}
	x.rows = int(height/x.size.Lat) + 1
	x.columns = int(width/x.size.Lon) + 1
}

// sortIntoCells lists the points by cell (a counting sort).
func (x *Points) sortIntoCells(n int) {
	x.starts = make([]int32, x.rows*x.columns+1)
	for _, p := range x.points {
		if p.Valid() {
			x.starts[x.cellOf(p)+1]++
		}
	}
	for i := 1; i < len(x.starts); i++ {
		x.starts[i] += x.starts[i-1]
	}
	next := slices.Clone(x.starts)
	x.order = make([]int32, n)
	for i, p := range x.points {
		if p.Valid() {
			cell := x.cellOf(p)
			x.order[next[cell]] = int32(i)
			next[cell]++
		}
	}
}

func (x *Points) cellOf(p Point) int {
	row, column := x.locate(p)
	return row*x.columns + column
}

// locate gives the row and column of p, which may lie outside the grid.
func (x *Points) locate(p Point) (row, column int) {
	return int(math.Floor((p.Lat - x.origin.Lat) / x.size.Lat)), int(math.Floor((p.Lon - x.origin.Lon) / x.size.Lon))
}

// Near gives at most n points within maxMetres of p, the nearest first; of two
// equally near the one with the lower position.
func (x *Points) Near(p Point, n int, maxMetres float64) []Hit {
	if n <= 0 || !p.Valid() || len(x.order) == 0 {
		return nil
	}
	row, column := x.locate(p)
	var hits []Hit
	for ring := x.firstRing(row, column); ring <= x.lastRing(row, column); ring++ {
		limit := maxMetres
		if len(hits) == n {
			limit = min(limit, hits[n-1].Metres)
		}
		if x.ringMetres(p, row, column, ring) > limit {
			break
		}
		x.eachCell(row, column, ring, func(cell int) {
			for _, i := range x.order[x.starts[cell]:x.starts[cell+1]] {
				hit := Hit{Index: int(i), Metres: p.Distance(x.points[i])}
				if hit.Metres <= maxMetres {
					hits = keepNearest(hits, hit, n)
				}
			}
		})
	}
	return hits
}

// keepNearest inserts a hit in its place and drops the last of more than n.
func keepNearest(hits []Hit, hit Hit, n int) []Hit {
	at, _ := slices.BinarySearchFunc(hits, hit, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Index, b.Index))
	})
	if at == n {
		return hits
	}
	hits = slices.Insert(hits, at, hit)
	return hits[:min(len(hits), n)]
}

// firstRing is how far the grid is from a cell, which may lie outside it.
func (x *Points) firstRing(row, column int) int {
	return max(0, -row, row-x.rows+1, -column, column-x.columns+1)
}

func (x *Points) lastRing(row, column int) int {
	return max(row, x.rows-1-row, column, x.columns-1-column)
}

// ringMetres is what a point of the ring, or of one further out, is away at
// least. A little is taken off for the two formulas of Distance.
func (x *Points) ringMetres(p Point, row, column, ring int) float64 {
	if ring == 0 {
		return 0
	}
	south := p.Lat - (x.origin.Lat + float64(row-ring+1)*x.size.Lat)
	north := x.origin.Lat + float64(row+ring)*x.size.Lat - p.Lat
	west := p.Lon - (x.origin.Lon + float64(column-ring+1)*x.size.Lon)
	east := x.origin.Lon + float64(column+ring)*x.size.Lon - p.Lon
	// The way to a meridian is shorter than along the parallel.
	toMeridian := math.Asin(math.Cos(radians(p.Lat)) * math.Sin(radians(min(west, east, 90))))
	return 0.99 * min(metresPerDegree*min(south, north), earthRadius*toMeridian)
}

// eachCell visits the cells of the grid whose row or column is exactly ring
// away.
func (x *Points) eachCell(row, column, ring int, visit func(cell int)) {
	left, right := max(column-ring, 0), min(column+ring, x.columns-1)
	for r := max(row-ring, 0); r <= min(row+ring, x.rows-1); r++ {
		if r == row-ring || r == row+ring {
			for c := left; c <= right; c++ {
				visit(r*x.columns + c)
			}
			continue
		}
		if column-ring >= 0 && column-ring < x.columns {
			visit(r*x.columns + column - ring)
		}
		if column+ring >= 0 && column+ring < x.columns {
			visit(r*x.columns + column + ring)
		}
	}
}
