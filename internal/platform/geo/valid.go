package geo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Check tells what makes a shape doubtful: a ring that crosses itself, or a hole
// that is not in its polygon (RFC 7946, 3.1.6). Index.At still answers for such a
// shape, by an odd number of crossings, which may not be what was meant. Rings
// that touch themselves or each other in a point are sound.
func (s Shape) Check() error {
	for i, polygon := range s {
		for j, ring := range polygon {
			if at, other, found := crossing(ring); found {
				return fmt.Errorf("polygon %d, ring %d crosses itself: edge %d and edge %d, near longitude %g, latitude %g",
					i, j, at, other, ring[at][0], ring[at][1])
			}
			if j > 0 && !within(ring, polygon[0]) {
				return fmt.Errorf("polygon %d, ring %d is a hole outside of its polygon", i, j)
			}
		}
	}
	return nil
}

// within tells whether any vertex of a hole lies in the outer ring: those on its
// border may go either way.
func within(hole, outer orb.Ring) bool {
	index := NewIndex([]Shape{{{outer}}})
	for i, p := range hole {
		q := p
		if i > 0 { // the middle of an edge, for holes whose vertices all touch
			q = orb.Point{(p[0] + hole[i-1][0]) / 2, (p[1] + hole[i-1][1]) / 2}
		}
		if len(index.At(Point{Lat: p[1], Lon: p[0]})) > 0 || len(index.At(Point{Lat: q[1], Lon: q[0]})) > 0 {
			return true
		}
	}
	return false
}

// mostPairs bounds how many pairs of edges are compared for one ring. Rings of
// real borders need about ten pairs an edge; what needs more is let through.
const mostPairs = 30_000_000

// crossing finds two edges of a ring that cross, the later one first. The edges
// are sorted into a grid with about as many cells as there are edges, and only
// those that share a cell are compared.
func crossing(ring orb.Ring) (at, other int, found bool) {
	n := len(ring) - 1
	if n < 4 {
		return 0, 0, false // a triangle crosses nothing
	}
	bound := ring.Bound()
	side := math.Ceil(math.Sqrt(float64(n)))
	width, height := max(bound.Max[0]-bound.Min[0], 1e-12)/side, max(bound.Max[1]-bound.Min[1], 1e-12)/side
	cells := map[[2]int32][]int32{}
	pairs := 0
	for i := range n {
		a, b := ring[i], ring[i+1]
		y0, y1 := int32((min(a[1], b[1])-bound.Min[1])/height), int32((max(a[1], b[1])-bound.Min[1])/height)
		for y := y0; y <= y1; y++ {
			low := bound.Min[1] + float64(y)*height
			west, east := span(a, b, low, low+height)
			x0, x1 := int32((west-bound.Min[0])/width), int32((east-bound.Min[0])/width)
			for x := x0; x <= x1; x++ {
				cell := [2]int32{x, y}
				for _, j := range cells[cell] {
					if cross(a, b, ring[j], ring[j+1]) {
						return i, int(j), true
					}
				}
				pairs += len(cells[cell]) + 1
				cells[cell] = append(cells[cell], int32(i))
			}
		}
		if pairs > mostPairs {
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// span is how far an edge reaches west and east between two latitudes that it
// passes, a little more at their ends.
func span(a, b orb.Point, low, high float64) (west, east float64) {
	west, east = min(a[0], b[0]), max(a[0], b[0])
	if a[1] == b[1] {
		return west, east
	}
	slack := (high - low) / 100
	at := func(lat float64) float64 {
		return a[0] + (min(max(lat, min(a[1], b[1])), max(a[1], b[1]))-a[1])*(b[0]-a[0])/(b[1]-a[1])
	}
	from, to := at(low-slack), at(high+slack)
	return max(west, min(from, to)), min(east, max(from, to))
}

// cross tells whether two edges cross in their insides.
func cross(a, b, c, d orb.Point) bool {
	side := func(p, q, r orb.Point) float64 { return (q[0]-p[0])*(r[1]-p[1]) - (q[1]-p[1])*(r[0]-p[0]) }
	return side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0
}
