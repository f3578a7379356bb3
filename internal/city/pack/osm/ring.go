package osm

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/paulmach/orb"

	"gorod/internal/platform/geo"
)

// shapeOf gives the polygons of a closed way or of a relation. broken says what
// is wrong with it, "" nothing: what is not broken is in the shape all the same.
func (h *hold) shapeOf(e *element) (shape geo.Shape, broken string) {
	if e.kind == 'w' {
		line, missing := h.line(e)
		switch {
		case missing > 0:
			return nil, fmt.Sprintf("%d of its nodes are not in the extract", missing)
		case len(line) < 4 || line[0] != line[len(line)-1]:
			return nil, "its line is not closed"
		}
		return geo.Shape{{orb.Ring(line)}}, ""
	}
	outer, brokenOuter := h.rings(e, 'o')
	inner, brokenInner := h.rings(e, 'i')
	shape, stray := nest(outer, inner)
	switch {
	case brokenOuter != "":
		broken = brokenOuter
	case brokenInner != "":
		broken = "a hole: " + brokenInner
	case stray > 0:
		broken = fmt.Sprintf("%d holes lie outside", stray)
	case len(shape) == 0:
		broken = "it has no ring"
	}
	return shape, broken
}

// piece is a way of a relation that waits for its neighbours.
type piece struct {
	way         *element
	first, last int64
	used        bool
}

// rings joins the ways of a role into closed rings by the nodes where they end.
// broken names the first that did not close.
func (h *hold) rings(e *element, role byte) (rings []orb.Ring, broken string) {
	var list []*piece
	ends := map[int64][]*piece{}
	seen := map[int64]bool{}
	lost := int64(0)
	for _, m := range h.members[e.from:e.to] {
		if m.role != role || seen[m.way] {
			continue
		}
		seen[m.way] = true
		way := h.wayByID[m.way]
		if way == nil || way.to-way.from < 2 {
			lost = m.way
			continue
		}
		p := &piece{way: way, first: h.refs[way.from], last: h.refs[way.to-1]}
		list = append(list, p)
		ends[p.first] = append(ends[p.first], p)
		if p.last != p.first {
			ends[p.last] = append(ends[p.last], p)
		}
	}
	if lost != 0 {
		broken = fmt.Sprintf("way %d is not in the extract", lost)
	}
	for _, p := range list {
		if p.used {
			continue
		}
		closed, why := h.follow(p, ends)
		rings = append(rings, closed...)
		if broken == "" {
			broken = why
		}
	}
	return rings, broken
}

// step is a way as a ring goes along it.
type step struct {
	way  *element
	back bool
}

// follow goes from a piece along its neighbours and cuts off a ring whenever it
// comes to a node where it was: rings may touch each other.
func (h *hold) follow(p *piece, ends map[int64][]*piece) (rings []orb.Ring, broken string) {
	p.used = true
	path := []step{{way: p.way}}
	nodes := []int64{p.first, p.last} // the ends of the steps
	at := map[int64]int{p.first: 0}
	for {
		node := nodes[len(nodes)-1]
		if start, met := at[node]; met {
			ring, why := h.ring(path[start:])
			if why == "" {
				rings = append(rings, ring)
			} else if broken == "" {
				broken = why
			}
			for _, n := range nodes[start+1 : len(nodes)-1] {
				delete(at, n)
			}
			path, nodes = path[:start], nodes[:start+1]
			if len(path) == 0 {
				return rings, broken
			}
		} else {
			at[node] = len(nodes) - 1
		}
		i := slices.IndexFunc(ends[node], func(q *piece) bool { return !q.used })
		if i < 0 {
			return rings, fmt.Sprintf("its line ends at node %d and does not close", node)
		}
		q := ends[node][i]
		ends[node] = ends[node][i+1:] // those before are used
		q.used = true
		back := q.first != node
		path = append(path, step{q.way, back})
		if back {
			nodes = append(nodes, q.first)
		} else {
			nodes = append(nodes, q.last)
		}
	}
}

// ring is the line of steps that come back to where they began.
func (h *hold) ring(path []step) (orb.Ring, string) {
	var ring orb.Ring
	for _, s := range path {
		line, missing := h.line(s.way)
		if missing > 0 {
			return nil, fmt.Sprintf("%d nodes of way %d are not in the extract", missing, s.way.id)
		}
		if s.back {
			line.Reverse()
		}
		for _, p := range line {
			if len(ring) == 0 || ring[len(ring)-1] != p {
				ring = append(ring, p)
			}
		}
	}
	if len(ring) < 4 || ring[0] != ring[len(ring)-1] || areaOf(ring) == 0 {
		return nil, fmt.Sprintf("the ring of way %d has no area", path[0].way.id)
	}
	return ring, ""
}

// nest puts each hole into the ring that holds it; stray is how many lie in
// none. Rings are ordered by size, so that the result does not depend on the
// order of members.
func nest(outer, inner []orb.Ring) (shape geo.Shape, stray int) {
	slices.SortStableFunc(outer, func(a, b orb.Ring) int { return cmp.Compare(areaOf(b), areaOf(a)) })
	shapes := make([]geo.Shape, len(outer))
	for i, ring := range outer {
		shape = append(shape, orb.Polygon{ring})
		shapes[i] = geo.Shape{{ring}}
	}
	if len(inner) == 0 {
		return shape, 0
	}
	index := geo.NewIndex(shapes)
	for _, hole := range inner {
		p, _ := pointInside(geo.Shape{{hole}})
		in := index.At(geo.Point{Lat: p[1], Lon: p[0]})
		if len(in) == 0 {
			stray++
			continue
		}
		smallest := slices.Max(in) // they stand in the order of their size
		shape[smallest] = append(shape[smallest], hole)
	}
	return shape, stray
}

// areaOf is the area of a ring in square degrees of latitude, squeezed for its
// distance from the equator; never negative.
func areaOf(ring orb.Ring) float64 {
	if len(ring) == 0 {
		return 0
	}
	var sum float64
	origin := ring[0] // near numbers keep their digits
	for i := range ring {
		a, b := ring[i], ring[(i+1)%len(ring)]
		sum += (a[0]-origin[0])*(b[1]-origin[1]) - (b[0]-origin[0])*(a[1]-origin[1])
	}
	return math.Abs(sum) / 2 * math.Cos(origin[1]*math.Pi/180)
}

// sizeOf is the area of a shape without its holes.
func sizeOf(shape geo.Shape) float64 {
	var size float64
	for _, polygon := range shape {
		for i, ring := range polygon {
			if i == 0 {
				size += areaOf(ring)
			} else {
				size -= areaOf(ring)
			}
		}
	}
	return size
}

// squareMetres is a square degree of areaOf in square metres.
const squareMetres = 111_195.0 * 111_195.0

// pointInside gives a point that lies in the shape, far from its sides: the
// middle of the widest stretch of some lines across its largest ring. ok is
// false where the shape has no inside.
func pointInside(shape geo.Shape) (p orb.Point, ok bool) {
	if len(shape) == 0 || len(shape[0]) == 0 {
		return orb.Point{}, false
	}
	largest := slices.MaxFunc(shape, func(a, b orb.Polygon) int { return cmp.Compare(areaOf(a[0]), areaOf(b[0])) })
	bound := largest[0].Bound()
	best := -1.0
	for _, share := range []float64{0.5, 0.4, 0.6, 0.25, 0.75, 0.1, 0.9} {
		lat := bound.Min[1] + share*(bound.Max[1]-bound.Min[1])
		var cuts []float64
		for _, ring := range largest {
			for i := range ring {
				a, b := ring[i], ring[(i+1)%len(ring)]
				if (a[1] <= lat) != (b[1] <= lat) {
					cuts = append(cuts, a[0]+(lat-a[1])*(b[0]-a[0])/(b[1]-a[1]))
				}
			}
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			// The lines through the middle go first, and win where the others are
			// hardly wider.
			if width := cuts[i+1] - cuts[i]; width > best*1.3 && width > 0 {
				best, p = width, orb.Point{(cuts[i] + cuts[i+1]) / 2, lat}
			}
		}
	}
	return p, best > 0
}
