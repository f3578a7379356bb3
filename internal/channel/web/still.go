package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// The still map of a place is drawn from the pack's own geometry, one unit a
// metre: so many metres across and down.
const (
	stillWidth  = 600
	stillHeight = 360
)

// stillMaps keep the geometry of the last versions and the maps drawn last.
type stillMaps struct {
	mu      sync.Mutex
	grounds map[[2]int64]*ground
	drawn   map[stillKey]*view.Still
}

type stillKey struct {
	city, version int64
	x, y          int64 // the place in steps of stillStep
}

// stillStep is how finely places are told apart, in degrees: a metre.
const stillStep = 1e-5

const (
	maxGrounds = 4
	// maxStills bounds the drawn maps: about 4 KB each.
	maxStills = 1000
)

// ground is the geometry of a version, by what it is drawn as.
type ground struct{ shapes []groundShape }

type groundShape struct {
	class string
	bound orb.Bound
	lines []orb.LineString // of an area: its rings
	area  bool
}

// stillClasses are what is drawn, the lowest first: the class of a path and the
// layer of the pack it comes from.
func stillClasses() []string {
	return []string{"green", "water", "stream", "building", "rail", "path", "lane", "street", "main"}
}

// still draws the place of a problem; nil where the pack has no geometry near.
// It is drawn once a place and kept.
func (s *Server) still(ctx context.Context, v *visit, at geo.Point) (*view.Still, error) {
	if !at.Valid() || at == (geo.Point{}) {
		return nil, nil
	}
	key := stillKey{v.City.ID, v.City.Version, int64(math.Round(at.Lon / stillStep)), int64(math.Round(at.Lat / stillStep))}
	s.stills.mu.Lock()
	defer s.stills.mu.Unlock()
	if drawn, ok := s.stills.drawn[key]; ok {
		return drawn, nil
	}
	g, err := s.groundOf(ctx, v)
	if err != nil {
		return nil, err
	}
	if s.stills.drawn == nil || len(s.stills.drawn) >= maxStills {
		s.stills.drawn = map[stillKey]*view.Still{}
	}
	drawn := g.draw(geo.Point{Lat: float64(key.y) * stillStep, Lon: float64(key.x) * stillStep})
	s.stills.drawn[key] = drawn
	return drawn, nil
}

// stillOf is the small map of a problem that is shown.
func (s *Server) stillOf(ctx context.Context, v *visit, p view.ProblemPage, at geo.Point) (*view.Still, error) {
	if p.Hidden {
		return nil, nil
	}
	drawn, err := s.still(ctx, v, at)
	if drawn == nil || err != nil {
		return nil, err
	}
	labelled := *drawn
	labelled.Label = s.say(v, "problem_page.map_alt", p.Address)
	return &labelled, nil
}

// groundOf reads the geometry of the city's version; the lock is held.
func (s *Server) groundOf(ctx context.Context, v *visit) (*ground, error) {
	key := [2]int64{v.City.ID, v.City.Version}
	if g, ok := s.stills.grounds[key]; ok {
		return g, nil
	}
	g := &ground{}
	for _, layer := range []string{"green", "water", "buildings", "rail", "roads", "bridges"} {
		body, err := s.Packs.BaseMap(ctx, v.City.ID, layer)
		if errors.Is(err, fault.Missing) {
			continue // a pack has the layers that it has
		}
		if err != nil {
			return nil, err
		}
		if err := g.read(layer, body); err != nil {
			return nil, fmt.Errorf("read layer %s: %w", layer, err)
		}
	}
	if s.stills.grounds == nil || len(s.stills.grounds) >= maxGrounds {
		s.stills.grounds = map[[2]int64]*ground{}
	}
	s.stills.grounds[key] = g
	return g, nil
}

// read takes the areas and lines of a layer in; points and what else there may
// be are not drawn.
func (g *ground) read(layer string, body []byte) error {
	var all struct {
		Features []struct {
			Properties struct {
				Class string `json:"class"`
			} `json:"properties"`
			Geometry struct {
				Type        string          `json:"type"`
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(body, &all); err != nil {
		return err
	}
	for i, f := range all.Features {
		if err := g.add(layerClass(layer, f.Properties.Class), f.Geometry.Type, f.Geometry.Coordinates); err != nil {
			return fmt.Errorf("feature %d: %w", i, err)
		}
	}
	return nil
}

// add takes one shape in.
func (g *ground) add(class, kind string, coordinates json.RawMessage) error {
	var areas orb.MultiPolygon
	var lines orb.MultiLineString
	var err error
	switch kind {
	case "Polygon":
		areas = make(orb.MultiPolygon, 1)
		err = json.Unmarshal(coordinates, &areas[0])
	case "MultiPolygon":
		err = json.Unmarshal(coordinates, &areas)
	case "LineString":
		lines = make(orb.MultiLineString, 1)
		err = json.Unmarshal(coordinates, &lines[0])
	case "MultiLineString":
		err = json.Unmarshal(coordinates, &lines)
	}
	for _, p := range areas {
		g.addArea(class, p)
	}
	for _, l := range lines {
		g.addLine(class, l)
	}
	return err
}

// layerClass is what a feature of a layer is drawn as. Roads of no known class
// are streets, as on the map.
func layerClass(layer, class string) string {
	switch layer {
	case "buildings":
		return "building"
	case "roads", "bridges":
		switch class {
		case "main", "lane", "path":
			return class
		}
		return "street"
	}
	return layer
}

func (g *ground) addArea(class string, p orb.Polygon) {
	shape := groundShape{class: class, bound: p.Bound(), area: true}
	for _, ring := range p {
		shape.lines = append(shape.lines, orb.LineString(ring))
	}
	g.shapes = append(g.shapes, shape)
}

func (g *ground) addLine(class string, l orb.LineString) {
	if class == "water" {
		class = "stream"
	}
	g.shapes = append(g.shapes, groundShape{class: class, bound: l.Bound(), lines: []orb.LineString{l}})
}

// draw makes one path of each class within the frame around a point.
func (g *ground) draw(at geo.Point) *view.Still {
	f := frameAround(at)
	paths := map[string]*strings.Builder{}
	for _, shape := range g.shapes {
		if !shape.bound.Intersects(f.bound) {
			continue
		}
		to := paths[shape.class]
		if to == nil {
			to = &strings.Builder{}
			paths[shape.class] = to
		}
		for _, line := range shape.lines {
			f.write(to, line, shape.area)
		}
	}
	still := &view.Still{Width: stillWidth, Height: stillHeight}
	for _, class := range stillClasses() {
		if b := paths[class]; b != nil && b.Len() > 0 {
			still.Paths = append(still.Paths, view.StillPath{Class: class, D: b.String()})
		}
	}
	if !slices.ContainsFunc(still.Paths, func(p view.StillPath) bool { return slices.Contains(landmarks(), p.Class) }) {
		return nil // a lawn alone tells nobody where they are
	}
	return still
}

// landmarks are the classes by which people find their way; without any of them
// there is no map.
func landmarks() []string { return []string{"water", "building", "rail", "lane", "street", "main"} }

// frame turns degrees into metres from its north-western corner.
type frame struct {
	bound orb.Bound // with a margin, so that no border of a clip is seen
	west  float64
	north float64
	perX  float64 // degrees of longitude a metre
	perY  float64
}

// stillMargin is how far beyond the frame shapes are cut, in metres: more than
// half the widest line.
const stillMargin = 20

func frameAround(at geo.Point) *frame {
	const metresPerDegree = 111_195 // of latitude, on a sphere of 6,371 km
	f := &frame{perY: 1.0 / metresPerDegree}
	f.perX = f.perY / max(math.Cos(at.Lat*math.Pi/180), 0.01)
	f.west, f.north = at.Lon-stillWidth/2*f.perX, at.Lat+stillHeight/2*f.perY
	f.bound = orb.Bound{
		Min: orb.Point{f.west - stillMargin*f.perX, f.north - (stillHeight+stillMargin)*f.perY},
		Max: orb.Point{f.west + (stillWidth+stillMargin)*f.perX, f.north + stillMargin*f.perY},
	}
	return f
}

func (f *frame) write(to *strings.Builder, line orb.LineString, area bool) {
	if area {
		f.writeRun(to, orb.LineString(clip.Ring(f.bound, orb.Ring(line.Clone()))), true)
		return
	}
	for _, part := range clip.LineString(f.bound, line.Clone()) {
		f.writeRun(to, part, false)
	}
}

// writeRun writes a run of points as relative steps of whole metres; steps of
// nothing are left out, and so is what comes to nothing.
func (f *frame) writeRun(to *strings.Builder, run orb.LineString, closed bool) {
	var b []byte
	var last [2]int
	steps := 0
	for i, p := range run {
		x, y := int(math.Round((p[0]-f.west)/f.perX)), int(math.Round((f.north-p[1])/f.perY))
		switch {
		case i == 0:
			b = appendPair(append(b, 'M'), x, y)
		case x == last[0] && y == last[1]:
			continue
		default:
			b = appendPair(append(b, 'l'), x-last[0], y-last[1])
			steps++
		}
		last = [2]int{x, y}
	}
	if steps == 0 || closed && steps < 2 {
		return
	}
	if closed {
		b = append(b, 'z')
	}
	to.Write(b)
}

func appendPair(b []byte, x, y int) []byte {
	b = strconv.AppendInt(b, int64(x), 10)
	if y >= 0 {
		b = append(b, ' ')
	}
	return strconv.AppendInt(b, int64(y), 10)
}
