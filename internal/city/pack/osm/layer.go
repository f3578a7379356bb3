package osm

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"

	"gorod/internal/platform/geo"

	"gorod/internal/city/pack/folder"
)

// How much of a line the map may lose, in degrees of latitude: a metre for the
// ground, a third of it for houses.
const (
	groundTolerance = 1e-5
	houseTolerance  = 3e-6
)

// Areas below these, in square metres, are not drawn.
const (
	smallestGreen = 100
	smallestWater = 20
	smallestHouse = 4
)

// feature is a feature of GeoJSON.
type feature = folder.Feature

// mapLayer collects one layer of the map.
type mapLayer struct {
	features []feature
	small    int
}

// writeLayers makes the map's own geometry, cut at the bounds of the city. The
// order is that of the elements: relations, then ways, by number.
func (b *build) writeLayers() error {
	layers := map[string]*mapLayer{}
	for _, name := range []string{"water", "green", "buildings", "roads", "rail", "bridges"} {
		layers[name] = &mapLayer{}
	}
	b.findNodeHouses()
	coast := 0
	var broken left
	for _, list := range [][]*element{b.hold.relations, b.hold.ways} {
		for _, e := range list {
			if e.tags.get("natural") == "coastline" {
				coast++
			}
			if why := b.drawArea(layers, e); why != "" {
				broken.add(e.key() + " " + e.tags.get("name") + ": " + why)
			}
			if e.kind == 'w' {
				b.drawLines(layers, e)
			}
		}
	}
	var items []string
	for _, name := range sortedKeys(layers) {
		l := layers[name]
		item := fmt.Sprintf("%s: %d", name, len(l.features))
		if l.small > 0 {
			item += fmt.Sprintf(", and %d too small to draw", l.small)
		}
		items = append(items, item)
		if len(l.features) == 0 {
			continue
		}
		if err := b.WriteFeatures("base/"+name+".geojson", l.features); err != nil {
			return err
		}
	}
	if broken.n > 0 {
		items = append(items, "left out or drawn in part, for a ring does not close: "+broken.String())
	}
	if coast > 0 {
		items = append(items, fmt.Sprintf("%d pieces of coastline: the sea itself is not drawn", coast))
	}
	b.note("Map", "Cut at the bounds of the city; lines are simplified by a metre, houses by a third of one, positions rounded to 0.1 m. "+
		"Roads and rails in tunnels are left out. © OpenStreetMap contributors, ODbL 1.0.", items...)
	return nil
}

// drawArea draws what an element is as an area. broken says what is wrong with
// it.
func (b *build) drawArea(layers map[string]*mapLayer, e *element) (broken string) {
	water, green, house := waterKind(e.tags), greenKind(e.tags), building(e.tags)
	if water == "" && green == "" && !house {
		return ""
	}
	shape, broken := b.shape(e)
	if len(shape) == 0 {
		if at, ok := b.somewhere(e); ok && !b.box.Contains(point(at)) {
			return ""
		}
		return broken
	}
	if !reaches(b.box, shape) {
		return ""
	}
	properties := map[string]any{}
	if name := e.tags.any("name:ru", "name"); name != "" && !house {
		properties["name"] = name
	}
	name, tolerance, smallest := "buildings", houseTolerance, smallestHouse
	switch {
	case house:
		b.describe(properties, e, shape)
	case water != "":
		name, tolerance, smallest = "water", groundTolerance, smallestWater
		properties["kind"] = water
	default:
		name, tolerance, smallest = "green", groundTolerance, smallestGreen
		properties["kind"] = green
	}
	layer := layers[name]
	if sizeOf(shape)*squareMetres < float64(smallest) {
		layer.small++
		return broken
	}
	drawn := b.drawn(shape, tolerance)
	if len(drawn) > 0 {
		layer.features = append(layer.features, feature{Properties: properties, Geometry: geometryOf(drawn)})
	}
	return broken
}

// describe tells what a building is: its house, number and floors.
func (b *build) describe(properties map[string]any, e *element, shape geo.Shape) {
	if name := e.tags.any("name:ru", "name"); name != "" {
		properties["name"] = name
	}
	if number := e.tags.get("addr:housenumber"); number != "" {
		properties["number"] = number
	}
	if floors := countOf(e.tags.get("building:levels"), 200); floors != "" && floors != "0" {
		properties["floors"], _ = strconv.Atoi(floors)
	}
	if id := houseID(e); b.houseIDs[id] {
		properties["house"] = id
		return
	}
	if h := b.houseIn(shape); h != nil {
		properties["house"], properties["number"] = h.id, h.tags.get("addr:housenumber")
	}
}

// findNodeHouses prepares houseIn.
func (b *build) findNodeHouses() {
	b.houseIDs = make(map[int64]bool, len(b.houses))
	for _, h := range b.houses {
		b.houseIDs[h.id] = true
		if !h.outline {
			b.nodeHouses = append(b.nodeHouses, h)
		}
	}
	slices.SortStableFunc(b.nodeHouses, func(a, c *house) int {
		switch {
		case a.at[1] < c.at[1]:
			return -1
		case a.at[1] > c.at[1]:
			return 1
		}
		return 0
	})
}

// houseIn is the house that is known by a node inside a shape, nil none.
func (b *build) houseIn(shape geo.Shape) *house {
	bounds := shape.Bounds()
	from := sort.Search(len(b.nodeHouses), func(i int) bool { return b.nodeHouses[i].at[1] >= bounds.Min.Lat })
	for _, h := range b.nodeHouses[from:] {
		if h.at[1] > bounds.Max.Lat {
			break
		}
		if bounds.Contains(point(h.at)) && holds(shape, h.at) {
			return h
		}
	}
	return nil
}

// drawLines draws what a way is as a line: a road, a bridge, rails, a river.
func (b *build) drawLines(layers map[string]*mapLayer, e *element) {
	class, rail, water := roadClass(e.tags), railKind(e.tags), lineOfWater(e.tags)
	if tunnel := e.tags.get("tunnel"); yes(tunnel) && tunnel != "building_passage" {
		class = ""
	}
	if class == "" && rail == "" && water == "" {
		return
	}
	line, _ := b.hold.line(e)
	if len(line) < 2 || !overlap(b.box, line.Bound()) {
		return
	}
	properties := map[string]any{}
	name := e.tags.any("name:ru", "name")
	if name != "" {
		properties["name"] = name
	}
	layer := ""
	switch {
	case class != "":
		layer = "roads"
		properties["class"] = class
		if yes(e.tags.get("bridge")) {
			layer = "bridges"
			properties["kind"] = "bridge"
		}
		if plain, kind := splitStreet(name); name != "" {
			properties["name"] = spelt(plain, kind)
			if s := b.streets[streetKey{plain, kind, b.settlementAt(line[len(line)/2])}]; s != nil && s.id != 0 {
				properties["street"] = s.id
			}
		}
	case rail != "":
		layer = "rail"
		properties["kind"] = rail
	default:
		layer = "water"
		properties["kind"] = water
	}
	var parts []json.RawMessage
	for _, part := range clip.LineString(b.bound(), line.Clone()) {
		if part = thin(part, groundTolerance); len(part) > 1 {
			parts = append(parts, positions(part))
		}
	}
	switch len(parts) {
	case 0:
	case 1:
		layers[layer].features = append(layers[layer].features, feature{Properties: properties, Geometry: geometry("LineString", parts[0])})
	default:
		layers[layer].features = append(layers[layer].features, feature{Properties: properties, Geometry: geometry("MultiLineString", listOf(parts))})
	}
}

func (b *build) bound() orb.Bound {
	return orb.Bound{Min: orb.Point{b.box.Min.Lon, b.box.Min.Lat}, Max: orb.Point{b.box.Max.Lon, b.box.Max.Lat}}
}

// drawn is a shape as the map has it: cut at the bounds and simplified. Rings
// that lose their area go.
func (b *build) drawn(shape geo.Shape, tolerance float64) geo.Shape {
	var drawn geo.Shape
	for _, polygon := range shape {
		cut := polygon.Clone()
		if bound := cut.Bound(); !b.box.Contains(point(bound.Min)) || !b.box.Contains(point(bound.Max)) {
			cut = clip.Polygon(b.bound(), cut)
		}
		var rings orb.Polygon
		for i, ring := range cut {
			thinned := orb.Ring(thin(orb.LineString(ring), tolerance))
			if len(thinned) < 4 || areaOf(thinned) == 0 {
				if i == 0 {
					break // the holes go with it
				}
				continue
			}
			rings = append(rings, thinned)
		}
		if len(rings) > 0 {
			drawn = append(drawn, rings)
		}
	}
	return drawn
}

// chunk bounds the work of simplifying, which may grow with the square of the
// length.
const chunk = 1000

// thin simplifies a line and rounds it to six digits.
func thin(line orb.LineString, tolerance float64) orb.LineString {
	var out orb.LineString
	for len(line) > 0 {
		part := line[:min(chunk, len(line))]
		more := len(part) < len(line)
		if more {
			line = line[len(part)-1:] // parts share a node
		} else {
			line = nil
		}
		for _, p := range simplify.DouglasPeucker(tolerance).LineString(part.Clone()) {
			p = orb.Point{math.Round(p[0]*1e6) / 1e6, math.Round(p[1]*1e6) / 1e6}
			if len(out) == 0 || out[len(out)-1] != p {
				out = append(out, p)
			}
		}
	}
	return out
}

func reaches(box geo.Box, shape geo.Shape) bool {
	return overlap(box, orb.MultiPolygon(shape).Bound())
}

func overlap(box geo.Box, b orb.Bound) bool {
	return b.Min[0] <= box.Max.Lon && b.Max[0] >= box.Min.Lon && b.Min[1] <= box.Max.Lat && b.Max[1] >= box.Min.Lat
}

// centre is the middle of the corners of the largest ring, weighed by its area.
func centre(shape geo.Shape) orb.Point {
	if len(shape) == 0 || len(shape[0]) == 0 {
		return orb.Point{}
	}
	ring := slices.MaxFunc(shape, func(a, b orb.Polygon) int {
		switch x, y := areaOf(a[0]), areaOf(b[0]); {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})[0]
	origin := ring[0]
	var x, y, sum float64
	for i := 0; i+1 < len(ring); i++ {
		ax, ay, bx, by := ring[i][0]-origin[0], ring[i][1]-origin[1], ring[i+1][0]-origin[0], ring[i+1][1]-origin[1]
		cross := ax*by - bx*ay
		x, y, sum = x+(ax+bx)*cross, y+(ay+by)*cross, sum+cross
	}
	if sum == 0 {
		return origin
	}
	return orb.Point{origin[0] + x/(3*sum), origin[1] + y/(3*sum)}
}

func point(p orb.Point) geo.Point { return geo.Point{Lat: p[1], Lon: p[0]} }

func rounded(p orb.Point) orb.Point {
	return orb.Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
}

func degrees(v float64) string { return strconv.FormatFloat(math.Round(v*1e7)/1e7, 'f', -1, 64) }

// geometryOf writes a shape as a polygon, or as several.
func geometryOf(shape geo.Shape) json.RawMessage {
	polygons := make([]json.RawMessage, len(shape))
	for i, polygon := range shape {
		rings := make([]json.RawMessage, len(polygon))
		for j, ring := range polygon {
			rings[j] = positions(orb.LineString(ring))
		}
		polygons[i] = listOf(rings)
	}
	if len(polygons) == 1 {
		return geometry("Polygon", polygons[0])
	}
	return geometry("MultiPolygon", listOf(polygons))
}

func geometry(kind string, coordinates json.RawMessage) json.RawMessage {
	return json.RawMessage(`{"type":"` + kind + `","coordinates":` + string(coordinates) + `}`)
}

func listOf(parts []json.RawMessage) json.RawMessage {
	list := []byte{'['}
	for i, part := range parts {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, part...)
	}
	return append(list, ']')
}

func positions(line orb.LineString) json.RawMessage {
	list := []byte{'['}
	for i, p := range line {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, '[')
		list = append(list, degrees(p[0])...)
		list = append(list, ',')
		list = append(list, degrees(p[1])...)
		list = append(list, ']')
	}
	return append(list, ']')
}
