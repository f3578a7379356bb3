package geo

import (
	"math"

	"github.com/paulmach/orb"
)

// Shape is an area of one or more polygons, which may have holes. Coordinates
// are longitude, latitude, as in GeoJSON. Rings may turn either way; what an
// odd number of them encloses is inside.
type Shape orb.MultiPolygon

// Bounds is the smallest box around the shape.
func (s Shape) Bounds() Box {
	bound := orb.MultiPolygon(s).Bound()
	return Box{Min: Point{Lat: bound.Min[1], Lon: bound.Min[0]}, Max: Point{Lat: bound.Max[1], Lon: bound.Max[0]}}
}

// Index finds which of its shapes hold a point. It never changes and may be
// used by many goroutines.
//
// The map is cut into horizontal slabs of equal height; a slab keeps, for each
// shape that reaches into it, the edges that do. A point is inside a shape when
// a line from it to the east crosses an odd number of edges.
type Index struct {
	south, north float64
	perDegree    float64 // slabs a degree of latitude
	slabs        [][]strip
}

// strip is what one shape has in one slab.
type strip struct {
	shape      int
	west, east float64 // of its edges
	edges      []edge
}

// edge goes from its southern end up. Neighbours that share a border list its
// edges in opposite order; going up always, both compute the same crossing to
// the last bit, and a point on the border belongs to exactly one of them.
type edge struct{ x0, y0, x1, y1 float64 }

// crosses tells whether the line from p eastwards crosses the edge. The upper
// end does not count: a vertex belongs to one of the two edges that meet in it.
func (e *edge) crosses(p Point) bool {
	return e.y0 <= p.Lat && p.Lat < e.y1 && p.Lon < e.x0+(p.Lat-e.y0)*(e.x1-e.x0)/(e.y1-e.y0)
}

// NewIndex makes an index; At answers with positions in shapes.
func NewIndex(shapes []Shape) *Index {
	edges := make([][]edge, len(shapes))
	total := 0
	x := &Index{south: math.Inf(1), north: math.Inf(-1)}
	for i, shape := range shapes {
		edges[i] = edgesOf(shape)
		total += len(edges[i])
		for _, e := range edges[i] {
			x.south, x.north = min(x.south, e.y0), max(x.north, e.y1)
		}
	}
	if total == 0 {
		return x
	}
	x.cutInto(slabsFor(edges, total, x.north-x.south))
	for i := range edges {
		x.add(i, edges[i])
	}
	return x
}

// edgesOf lists the edges of all rings; level ones are crossed by no line that
// goes east and are left out, like those that are no numbers.
func edgesOf(shape Shape) []edge {
	var edges []edge
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i, to := range ring {
				from := ring[(i+len(ring)-1)%len(ring)]
				switch {
				case !isFinite(from) || !isFinite(to):
				case from[1] < to[1]:
					edges = append(edges, edge{from[0], from[1], to[0], to[1]})
				case from[1] > to[1]:
					edges = append(edges, edge{to[0], to[1], from[0], from[1]})
				}
			}
		}
	}
	return edges
}

func isFinite(p orb.Point) bool {
	return math.Abs(p[0]) <= math.MaxFloat64 && math.Abs(p[1]) <= math.MaxFloat64
}

// slabsFor chooses the number of slabs: many, so that a slab has few edges, but
// not so many that tall edges fill the memory by standing in all of them.
func slabsFor(edges [][]edge, total int, height float64) int {
	const most, copies, lowest = 4096, 8, 1e-9
	if height < lowest {
		return 1
	}
	var tall float64 // heights of all edges together, in heights of the map
	for _, of := range edges {
		for _, e := range of {
			tall += (e.y1 - e.y0) / height
		}
	}
	n := min(total, most)
	for n > 1 && tall*float64(n) > copies*float64(total) {
		n /= 2
	}
	return n
}

func (x *Index) cutInto(slabs int) {
	x.slabs = make([][]strip, slabs)
	x.perDegree = float64(slabs) / (x.north - x.south)
}

// slabOf is the slab of a latitude within the bounds.
func (x *Index) slabOf(lat float64) int {
	if len(x.slabs) == 1 {
		return 0
	}
	return min(int((lat-x.south)*x.perDegree), len(x.slabs)-1)
}

func (x *Index) add(shape int, edges []edge) {
	for _, e := range edges {
		for i := x.slabOf(e.y0); i <= x.slabOf(e.y1); i++ {
			slab := x.slabs[i]
			if n := len(slab); n == 0 || slab[n-1].shape != shape {
				slab = append(slab, strip{shape: shape, west: math.Inf(1), east: math.Inf(-1)})
				x.slabs[i] = slab
			}
			s := &slab[len(slab)-1]
			s.west, s.east = min(s.west, e.x0, e.x1), max(s.east, e.x0, e.x1)
			s.edges = append(s.edges, e)
		}
	}
}

// At gives the positions, ascending, of the shapes that hold p; none where no
// shape does. Where shapes share a border with the same vertices, a point on it
// is in exactly one of them; on the outer border western and southern sides
// belong to the shape, eastern and northern ones do not.
func (x *Index) At(p Point) []int {
	if !(p.Lat >= x.south && p.Lat < x.north) {
		return nil
	}
	var found []int
	for i := range x.slabs[x.slabOf(p.Lat)] {
		s := &x.slabs[x.slabOf(p.Lat)][i]
		if p.Lon < s.west || p.Lon >= s.east {
			continue
		}
		inside := false
		for j := range s.edges {
			if s.edges[j].crosses(p) {
				inside = !inside
			}
		}
		if inside {
			found = append(found, s.shape)
		}
	}
	return found
}
