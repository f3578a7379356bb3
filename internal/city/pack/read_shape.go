package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// checkShape tells what is wrong with the outline of an area: coordinates the
// wrong way round, a border that crosses itself, a hole outside.
func (r *reading) checkShape(file string, f feature, shape geo.Shape) bool {
	if r.swapped(shape.Bounds()) {
		r.fail(file, f.line, "geometry", "pack.swapped_shape")
		return false
	}
	if err := shape.Check(); err != nil {
		r.fail(file, f.line, "geometry", "pack.geometry", err.Error())
		return false
	}
	return true
}

// swapped tells whether a box lies outside the city and would lie in it if
// latitude and longitude changed places.
func (r *reading) swapped(box geo.Box) bool {
	turn := func(p geo.Point) geo.Point { return geo.Point{Lat: p.Lon, Lon: p.Lat} }
	bounds := r.pack.City.Bounds
	return bounds.Valid() && !bounds.Contains(box.Min) && !bounds.Contains(box.Max) && bounds.Contains(turn(box.Min)) && bounds.Contains(turn(box.Max))
}

// checkLayer tells what is wrong with a feature of the base map. What the map can
// still draw is a warning.
func (r *reading) checkLayer(file string, f feature) {
	if err := f.checkGeometry(); err != nil {
		r.fail(file, f.line, "geometry", "pack.geometry", err.Error())
		return
	}
	var body struct {
		Geometry struct {
			Type        string          `json:"type"`
			Coordinates json.RawMessage `json:"coordinates"`
		} `json:"geometry"`
	}
	if json.Unmarshal(f.raw, &body) != nil {
		return // checkGeometry has told
	}
	if box, ok := boxOf(body.Geometry.Coordinates); ok && r.swapped(box) {
		r.fail(file, f.line, "geometry", "pack.swapped_shape")
		return
	}
	shape, err := polygonsOf(body.Geometry.Type, body.Geometry.Coordinates)
	if err != nil {
		r.fail(file, f.line, "geometry", "pack.geometry", err.Error())
		return
	}
	if err := shape.Check(); err != nil {
		r.warn(file, f.line, "geometry", "pack.geometry", err.Error())
	}
}

// polygonsOf reads the outline of a polygon; nothing for lines and points.
func polygonsOf(kind string, coordinates json.RawMessage) (geo.Shape, error) {
	var shape orb.MultiPolygon
	switch kind {
	case "Polygon":
		shape = make(orb.MultiPolygon, 1)
		if err := json.Unmarshal(coordinates, &shape[0]); err != nil {
			return nil, err
		}
	case "MultiPolygon":
		if err := json.Unmarshal(coordinates, &shape); err != nil {
			return nil, err
		}
	}
	for i, polygon := range shape {
		for j, ring := range polygon {
			if len(ring) < 4 || ring[0] != ring[len(ring)-1] {
				return nil, fmt.Errorf("polygon %d, ring %d is not closed, or has under four positions", i, j)
			}
		}
	}
	return geo.Shape(shape), nil
}

// boxOf is the box around all positions of a geometry, however deep they lie.
func boxOf(coordinates json.RawMessage) (box geo.Box, ok bool) {
	decoder := json.NewDecoder(bytes.NewReader(coordinates))
	var numbers []float64
	for {
		token, err := decoder.Token()
		if err != nil {
			return box, ok
		}
		switch v := token.(type) {
		case float64:
			numbers = append(numbers, v)
		case json.Delim:
			if v == ']' && len(numbers) >= 2 {
				p := geo.Point{Lat: numbers[1], Lon: numbers[0]}
				if !ok {
					box, ok = geo.Box{Min: p, Max: p}, true
				}
				box.Min = geo.Point{Lat: min(box.Min.Lat, p.Lat), Lon: min(box.Min.Lon, p.Lon)}
				box.Max = geo.Point{Lat: max(box.Max.Lat, p.Lat), Lon: max(box.Max.Lon, p.Lon)}
			}
			numbers = numbers[:0]
		}
	}
}

// Overlaps are looked for by sample: so many vertices of an area at most, each of
// which has to lie so many metres inside the other. Outlines of neighbours are
// simplified apart and overlap by less.
const (
	sampledVertices = 200
	overlapSlack    = 50
)

// checkOverlaps warns of areas of one kind that overlap: a point there belongs to
// the one that stands later in the pack.
func (r *reading) checkOverlaps() {
	told := map[[2]int]bool{}
	edges := map[int]*geo.Lines{}
	for i, a := range r.pack.Areas {
		if a.Kind == place.WholeCity {
			continue
		}
		for _, p := range sample(a.Shape) {
			for _, j := range r.index.At(p) {
				b := r.pack.Areas[j]
				pair := [2]int{min(i, j), max(i, j)}
				if j == i || b.Kind != a.Kind || told[pair] {
					continue
				}
				if edges[j] == nil {
					edges[j] = geo.NewLines(linesOf(b.Shape))
				}
				if len(edges[j].Near(p, overlapSlack)) > 0 {
					continue
				}
				told[pair] = true
				r.warn(r.fileOfArea(a.ID), r.lines["areas"][i], "geometry", "pack.areas_overlap", string(a.ID), string(b.ID))
			}
		}
	}
}

// sample are vertices of a shape, and the middles between every second pair, for
// areas of the same outline.
func sample(shape geo.Shape) []geo.Point {
	var list []geo.Point
	for _, polygon := range shape {
		ring := polygon[0]
		step := max(1, len(ring)/sampledVertices*len(shape))
		for i := 0; i < len(ring); i += step {
			opposite := ring[(i+len(ring)/2)%len(ring)]
			list = append(list, geo.Point{Lat: ring[i][1], Lon: ring[i][0]}, geo.Point{Lat: (ring[i][1] + opposite[1]) / 2, Lon: (ring[i][0] + opposite[0]) / 2})
		}
	}
	own := geo.NewIndex([]geo.Shape{shape})
	kept := list[:0]
	for i, p := range list {
		if i%2 == 0 || len(own.At(p)) > 0 { // a middle may lie outside a bent area
			kept = append(kept, p)
		}
	}
	return kept
}

func linesOf(shape geo.Shape) [][]geo.Point {
	var lines [][]geo.Point
	for _, polygon := range shape {
		for _, ring := range polygon {
			line := make([]geo.Point, len(ring))
			for i, p := range ring {
				line[i] = geo.Point{Lat: p[1], Lon: p[0]}
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// outsiders measures how far points outside an area are from its border. Borders
// may have 100,000 vertices and all houses may be outside, so only the first are
// measured exactly beyond a kilometre.
type outsiders struct {
	edges map[place.AreaID]*geo.Lines
	exact int
}

// mostExact is how many distances beyond a kilometre are measured exactly.
const mostExact = 100

func (o *outsiders) metres(id place.AreaID, shape geo.Shape, p geo.Point) float64 {
	if o.edges[id] == nil {
		o.edges[id] = geo.NewLines(linesOf(shape))
	}
	if hits := o.edges[id].Near(p, farHouse); len(hits) > 0 {
		metres := hits[0].Metres
		for _, h := range hits {
			metres = min(metres, h.Metres)
		}
		return metres
	}
	if o.exact++; o.exact <= mostExact {
		return metresTo(shape, p)
	}
	return farHouse + 1
}

// tellOutsiders warns of houses that no area of the city holds, all at once.
func (r *reading) tellOutsiders(lines []int, ids []string) {
	if len(lines) == 0 {
		return
	}
	const named = 20
	r.report.add(Problem{File: "houses.csv", Line: lines[0], Column: r.columns["houses.csv"]["lat"], Field: "lat", Severity: Warning,
		Reason: "pack.houses_nowhere", Args: []any{len(lines), joinIDs(ids[:min(len(ids), named)], len(ids) > named)}, Lines: lines})
}

func joinIDs(ids []string, more bool) string {
	var b bytes.Buffer
	for i, id := range ids {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(id)
	}
	if more {
		b.WriteString(" …")
	}
	return b.String()
}

var errNoPosition = errors.New("coordinates are no positions on the earth")
