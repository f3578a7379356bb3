package web

import (
	"context"
	"math"
	"net/url"
	"slices"
	"sync"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/ground"
)

// The still map of a place is drawn from the pack's own geometry, one unit a
// metre: so many metres across and down.
const (
	stillWidth  = 600
	stillHeight = 360
)

// stillMaps keep the maps of places that were drawn last.
type stillMaps struct {
	mu    sync.Mutex
	drawn map[stillKey]*view.Still
}

type stillKey struct {
	city, version int64
	x, y          int64 // the place in steps of stillStep
}

// stillStep is how finely places are told apart, in degrees: a metre.
const stillStep = 1e-5

// maxStills bounds the drawn maps: about 4 KB each.
const maxStills = 1000

// still draws the place of a problem; nil where the pack has no geometry near.
// It is drawn once a place and kept.
func (s *Server) still(ctx context.Context, v *visit, at geo.Point) (*view.Still, error) {
	if !at.Valid() || at == (geo.Point{}) {
		return nil, nil
	}
	key := stillKey{v.City.ID, v.City.Version, int64(math.Round(at.Lon / stillStep)), int64(math.Round(at.Lat / stillStep))}
	s.stills.mu.Lock()
	drawn, ok := s.stills.drawn[key]
	s.stills.mu.Unlock()
	if ok {
		return drawn, nil
	}
	g, err := s.groundOf(ctx, v.City)
	if err != nil {
		return nil, err
	}
	drawn = drawStill(g, geo.Point{Lat: float64(key.y) * stillStep, Lon: float64(key.x) * stillStep})
	s.stills.mu.Lock()
	defer s.stills.mu.Unlock()
	if s.stills.drawn == nil || len(s.stills.drawn) >= maxStills {
		s.stills.drawn = map[stillKey]*view.Still{}
	}
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

// drawStill draws the surroundings of a point; nil where a lawn alone would
// tell nobody where they are.
func drawStill(g *ground.Ground, at geo.Point) *view.Still {
	still := pathsOf(g, pictureAround(at))
	if !slices.ContainsFunc(still.Paths, func(p view.StillPath) bool { return slices.Contains(landmarks(), p.Class) }) {
		return nil
	}
	return &still
}

// landmarks are the classes by which people find their way; without any of them
// there is no map.
func landmarks() []string { return []string{"water", "building", "rail", "lane", "street", "main"} }

func pathsOf(g *ground.Ground, p ground.Picture) view.Still {
	still := view.Still{Width: p.Width, Height: p.Height}
	for _, path := range g.Paths(p) {
		still.Paths = append(still.Paths, view.StillPath{Class: path.Class, D: path.D})
	}
	return still
}

// metresPerDegree of latitude, on a sphere of 6,371 km.
const metresPerDegree = 111_195

// pictureAround is the frame of so many metres around a point.
func pictureAround(at geo.Point) ground.Picture {
	dy := stillHeight / 2.0 / metresPerDegree
	dx := stillWidth / 2.0 / metresPerDegree / math.Cos(at.Lat*math.Pi/180)
	return ground.Picture{West: at.Lon - dx, North: at.Lat + dy, East: at.Lon + dx, South: at.Lat - dy, Width: stillWidth, Height: stillHeight}
}

// The picture of a list: what the map shows, for who has no scripts, and on
// paper.
const (
	pictureWidth  = 720
	pictureHeight = 520
)

// toFrame widens a box so that it has the picture's sides.
func toFrame(b geo.Box) geo.Box {
	mid := geo.Point{Lat: (b.Min.Lat + b.Max.Lat) / 2, Lon: (b.Min.Lon + b.Max.Lon) / 2}
	perLon := math.Cos(mid.Lat * math.Pi / 180) // how much shorter a degree of longitude is
	wide, high := (b.Max.Lon-b.Min.Lon)*perLon, b.Max.Lat-b.Min.Lat
	const ratio = float64(pictureWidth) / pictureHeight
	wide, high = max(wide, high*ratio), max(high, wide/ratio)
	return boxAround(mid, wide/perLon, high)
}

// boxAround is a box of so many degrees, kept on the earth.
func boxAround(mid geo.Point, wide, high float64) geo.Box {
	wide, high = min(wide, 40), min(high, 20)
	lon := max(-180+wide/2, min(mid.Lon, 180-wide/2))
	lat := max(-85+high/2, min(mid.Lat, 85-high/2))
	short := func(x float64) float64 { return math.Round(x*1e5) / 1e5 } // a metre is enough for an address
	return geo.Box{Min: geo.Point{Lat: short(lat - high/2), Lon: short(lon - wide/2)}, Max: geo.Point{Lat: short(lat + high/2), Lon: short(lon + wide/2)}}
}

// closest is how narrow a box of the picture may become, in degrees: a house.
const closest = 0.0005

// pictureOf draws the selection of a list: the ground, a sign for each problem
// or group, and where one may go from here.
func (s *Server) pictureOf(ctx context.Context, v *visit, f board.Filter, q url.Values) (*view.Picture, error) {
	asked := v.City.Bounds
	if f.Box != nil {
		asked = *f.Box
	}
	box := toFrame(asked)
	g, err := s.groundOf(ctx, v.City)
	if err != nil {
		return nil, err
	}
	frame := ground.Picture{West: box.Min.Lon, South: box.Min.Lat, East: box.Max.Lon, North: box.Max.Lat, Width: pictureWidth, Height: pictureHeight}
	p := &view.Picture{Still: pathsOf(g, frame)}
	if f.Box == nil {
		f.Box = &box
	}
	zoom := math.Log2(pictureWidth * 360 / (512 * (box.Max.Lon - box.Min.Lon)))
	f.After, f.Limit = board.Cursor{}, 0
	scene, err := s.Board.Map(ctx, v.City.ID, f, zoom)
	if err != nil {
		return nil, err
	}
	n, err := s.namesFor(ctx, v, nil, nil)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, spot := range scene.Spots {
		x, y := frame.At(spot.Point.Lon, spot.Point.Lat)
		if x < 0 || y < 0 || x > pictureWidth || y > pictureHeight {
			continue
		}
		p.Marks = append(p.Marks, s.markOf(v, n, spot, int(x), int(y), box, q))
		total += max(spot.Count, 1)
	}
	p.Label = s.say(v, "map.picture", total)
	p.Moves = s.movesOf(v, box, q)
	return p, nil
}

// markOf is one sign of the picture: a problem, or a group into which its link
// goes.
func (s *Server) markOf(v *visit, n *names, spot board.Spot, x, y int, box geo.Box, q url.Values) view.Pin {
	if spot.Number != 0 {
		state := stateOf(spot.Status, time.Time{}, spot.Late, false)
		return view.Pin{X: x, Y: y, Number: spot.Number, Tone: state.Tone(), URL: problemURL(spot.Number), Label: s.say(v, "map.mark", n.topic(spot.Topic), spot.Number)}
	}
	wide, high := (box.Max.Lon-box.Min.Lon)/3, (box.Max.Lat-box.Min.Lat)/3
	into := boxAround(spot.Point, wide, high)
	mark := view.Pin{X: x, Y: y, Count: spot.Count, URL: boxURL(q, into), Label: s.say(v, "map.mark_many", spot.Count)}
	if wide < closest {
		mark.URL = listURL("/map", q, "box", into.String(), "view", "", "after", "", "at", "")
	}
	return mark
}

func boxURL(q url.Values, box geo.Box) string {
	return listURL("/map", q, "box", box.String(), "view", "map", "after", "", "at", "")
}

// movesOf are the links around the picture.
func (s *Server) movesOf(v *visit, box geo.Box, q url.Values) []view.MapLink {
	wide, high := box.Max.Lon-box.Min.Lon, box.Max.Lat-box.Min.Lat
	mid := geo.Point{Lat: (box.Min.Lat + box.Max.Lat) / 2, Lon: (box.Min.Lon + box.Max.Lon) / 2}
	move := func(key string, east, north, size float64) view.MapLink {
		to := boxAround(geo.Point{Lat: mid.Lat + north*high, Lon: mid.Lon + east*wide}, wide*size, high*size)
		return view.MapLink{Text: s.say(v, "map."+key), URL: boxURL(q, to)}
	}
	var list []view.MapLink
	if wide > closest {
		list = append(list, move("closer", 0, 0, 0.5))
	}
	return append(list, move("farther", 0, 0, 2), move("north", 0, 0.5, 1), move("south", 0, -0.5, 1), move("west", -0.5, 0, 1), move("east", 0.5, 0, 1))
}
