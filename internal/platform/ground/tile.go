package ground

import (
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"
)

// The zooms for which there are tiles: a browser enlarges those of MaxZoom.
const (
	MinZoom = 5
	MaxZoom = 15
)

// Labels is the layer of a tile with the words of areas and points.
const Labels = "labels"

const (
	extent = 4096 // units across a tile
	margin = 64   // units that are drawn beyond its edge: half the widest line
	pixel  = 8    // units of a pixel: a tile is drawn 512 pixels wide
)

// ErrNoTile tells that there is no tile of such numbers.
var ErrNoTile = errors.New("no such tile")

// housesFrom is the zoom from which houses are in tiles: most of a city's shapes.
const housesFrom = 13

// fromZoom is the zoom from which features of a layer are in tiles.
func (g *Ground) fromZoom(l *layer, f *feature) int {
	switch l.name {
	case "buildings":
		return housesFrom
	case "rail":
		return 10
	case "metro":
		return 11
	case "roads", "bridges":
		switch g.words[f.class] {
		case "main":
			return 9
		case "lane":
			return 13
		case "path":
			return 14
		}
		return 11
	}
	return MinZoom
}

// frame turns steps into units of a tile.
type frame struct {
	zoom        int
	west, north float64 // of the tile, in units of the world
	scale       float64 // units around the world
	bound       orb.Bound
}

func frameOf(z, x, y int) frame {
	return frame{
		zoom: z, west: float64(x) * extent, north: float64(y) * extent, scale: math.Exp2(float64(z)) * extent,
		bound: orb.Bound{Min: orb.Point{-margin, -margin}, Max: orb.Point{extent + margin, extent + margin}},
	}
}

// point is a place in the tile (Web Mercator).
func (f frame) point(p [2]int32) orb.Point {
	lon, lat := float64(p[0])/steps, float64(p[1])/steps
	s := math.Sin(lat * math.Pi / 180)
	return orb.Point{
		(lon+180)/360*f.scale - f.west,
		(0.5-math.Log((1+s)/(1-s))/(4*math.Pi))*f.scale - f.north,
	}
}

// box is what the tile shows with its margin, in steps.
func (f frame) box() [4]int32 {
	lon := func(x float64) float64 { return (x+f.west)/f.scale*360 - 180 }
	lat := func(y float64) float64 {
		return math.Atan(math.Sinh(math.Pi*(1-2*(y+f.north)/f.scale))) * 180 / math.Pi
	}
	return stepsOf(orb.Bound{Min: orb.Point{lon(-margin), lat(extent + margin)}, Max: orb.Point{lon(extent + margin), lat(-margin)}})
}

// size is the larger side of a box of steps in units of the tile, about.
func (f frame) size(box [4]int32) float64 {
	a, b := f.point([2]int32{box[0], box[3]}), f.point([2]int32{box[2], box[1]})
	return max(b[0]-a[0], b[1]-a[1])
}

// Tile draws a vector tile. A tile in which there is nothing is empty; numbers
// outside the range are ErrNoTile.
func (g *Ground) Tile(z, x, y int) ([]byte, error) {
	if z < MinZoom || z > MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, ErrNoTile
	}
	f := frameOf(z, x, y)
	box := f.box()
	var tile []byte
	labels := newWriter(Labels)
	for _, l := range g.layers {
		if l.name == "buildings" && z < housesFrom {
			continue
		}
		w := newWriter(l.name)
		l.within(box, func(one *feature) {
			if g.fromZoom(l, one) > z {
				return
			}
			g.draw(w, f, l, one)
			g.label(labels, f, l, one)
		})
		tile = w.appendTo(tile)
	}
	return labels.appendTo(tile), nil
}

// draw puts a feature into the tile.
func (g *Ground) draw(w *writer, f frame, l *layer, one *feature) {
	if one.form == points || one.form == areas && f.size(one.box) < 2*pixel {
		return // points are words only
	}
	w.begin(one.form)
	l.shape(one, func(steps [][2]int32) {
		line := make(orb.LineString, len(steps))
		for i, p := range steps {
			line[i] = f.point(p)
		}
		if one.form == areas {
			w.ring(f.ring(line))
			return
		}
		for _, part := range f.lines(line) {
			w.line(part)
		}
	})
	if !w.drawn() {
		return
	}
	w.tag("class", g.words[one.class])
	w.tag("kind", g.words[one.kind])
	if one.form == lines {
		w.tag("name", g.words[one.name])
	}
	w.tag("id", g.words[one.id])
	w.end()
}

// simplest is how far a simplified line may run from the true one, in units.
const simplest = pixel / 3.0

// ring cuts a ring to the tile.
func (f frame) ring(line orb.LineString) orb.LineString {
	if !inside(f.bound, line) {
		line = orb.LineString(clip.Ring(f.bound, orb.Ring(line)))
	}
	if len(line) > 8 && f.zoom < MaxZoom {
		line = simplify.DouglasPeucker(simplest).LineString(line)
	}
	return line
}

// lines cuts a line to the tile.
func (f frame) lines(line orb.LineString) orb.MultiLineString {
	parts := orb.MultiLineString{line}
	if !inside(f.bound, line) {
		parts = clip.LineString(f.bound, line)
	}
	for i, part := range parts {
		if len(part) > 2 && f.zoom < MaxZoom {
			parts[i] = simplify.DouglasPeucker(simplest).LineString(part)
		}
	}
	return parts
}

func inside(b orb.Bound, line orb.LineString) bool {
	for _, p := range line {
		if !b.Contains(p) {
			return false
		}
	}
	return true
}

// wordy is how wide an area must be, in units, for its name to be written.
const wordy = 40 * pixel

// numbersFrom is the zoom from which house numbers are in tiles.
const numbersFrom = MaxZoom

// label writes the words of an area or a point, in the tile that holds it.
func (g *Ground) label(w *writer, f frame, l *layer, one *feature) {
	name, number := g.words[one.name], g.words[one.number]
	switch {
	case one.form == lines || name == "" && number == "":
		return
	case l.name == "buildings" && f.zoom < numbersFrom:
		return
	case one.form == areas && l.name != "buildings" && f.size(one.box) < wordy:
		return
	}
	at, ok := f.middle(l, one)
	if !ok || at[0] < 0 || at[1] < 0 || at[0] >= extent || at[1] >= extent {
		return
	}
	w.begin(points)
	w.line(orb.LineString{at})
	w.tag("of", l.name)
	w.tag("kind", g.words[one.kind])
	w.tag("name", name)
	w.tag("number", number)
	w.end()
}

// middle is a point inside of an area: the middle of the longest run of the
// line through the middle of its box, in the outline and not in a hole.
func (f frame) middle(l *layer, one *feature) (orb.Point, bool) {
	y := (float64(one.box[1]) + float64(one.box[3])) / 2
	var crossings []float64
	var alone [2]int32
	l.shape(one, func(line [][2]int32) {
		alone = line[0]
		for i := 1; i < len(line); i++ {
			a, b := line[i-1], line[i]
			if (float64(a[1]) > y) != (float64(b[1]) > y) {
				crossings = append(crossings, float64(a[0])+(y-float64(a[1]))/float64(b[1]-a[1])*float64(b[0]-a[0]))
			}
		}
	})
	if one.form == points {
		return f.point(alone), true
	}
	if len(crossings) < 2 {
		return orb.Point{}, false
	}
	at, widest := 0.0, -1.0
	slices.Sort(crossings)
	for i := 0; i+1 < len(crossings); i += 2 {
		if run := crossings[i+1] - crossings[i]; run > widest {
			at, widest = (crossings[i]+crossings[i+1])/2, run
		}
	}
	return f.point([2]int32{int32(at), int32(y)}), true
}
