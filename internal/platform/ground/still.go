package ground

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"
)

// Path is everything of one class in a still picture, as the d of an SVG path.
type Path struct{ Class, D string }

// Classes are what a still picture has, the lowest first.
func Classes() []string {
	return []string{"green", "water", "stream", "building", "rail", "path", "lane", "street", "main"}
}

// Picture is the frame of a still picture: a box of degrees, drawn flat, and
// how many units it is wide and high.
type Picture struct {
	West, North, East, South float64
	Width, Height            int
}

// At is where a point lies in the picture, in units from its upper left corner.
func (p Picture) At(lon, lat float64) (x, y float64) {
	return (lon - p.West) / (p.East - p.West) * float64(p.Width), (p.North - lat) / (p.North - p.South) * float64(p.Height)
}

// metresPerDegree of latitude, on a sphere of 6,371 km.
const metresPerDegree = 111_195

// perUnit is how many metres a unit of the picture is.
func (p Picture) perUnit() float64 { return (p.North - p.South) * metresPerDegree / float64(p.Height) }

// bleed is how far beyond its edge a picture is drawn, in units: more than half
// the widest line.
const bleed = 20

// tooFine is the number of metres a unit from which a class is left out.
func tooFine(class string) float64 {
	switch class {
	case "building", "path":
		return 3
	case "lane":
		return 6
	case "stream", "street":
		return 25
	}
	return math.Inf(1)
}

// Paths draws what lies in the frame of a picture, one path a class, in the
// order of Classes. Whole units only: a picture of a few blocks is some
// kilobytes.
func (g *Ground) Paths(p Picture) []Path {
	if p.Width <= 0 || p.Height <= 0 || !(p.East > p.West) || !(p.North > p.South) {
		return nil
	}
	dx, dy := (p.East-p.West)/float64(p.Width)*bleed, (p.North-p.South)/float64(p.Height)*bleed
	box := stepsOf(orb.Bound{Min: orb.Point{p.West - dx, p.South - dy}, Max: orb.Point{p.East + dx, p.North + dy}})
	pens := map[string]*pen{}
	for _, l := range g.layers {
		l.within(box, func(f *feature) {
			class := classOf(l.name, g.words[f.class], f.form)
			if class == "" || p.perUnit() > tooFine(class) {
				return
			}
			to := pens[class]
			if to == nil {
				to = &pen{picture: p}
				pens[class] = to
			}
			l.shape(f, func(line [][2]int32) { to.draw(line, f.form == areas) })
		})
	}
	var paths []Path
	for _, class := range Classes() {
		if to := pens[class]; to != nil && to.b.Len() > 0 {
			paths = append(paths, Path{class, to.b.String()})
		}
	}
	return paths
}

// classOf is what a feature is drawn as in a still picture; "" for nothing.
func classOf(layer, class string, f form) string {
	switch {
	case f == points || layer == Areas:
		return ""
	case layer == "buildings":
		return "building"
	case layer == "roads" || layer == "bridges":
		if class == "main" || class == "lane" || class == "path" {
			return class
		}
		return "street"
	case layer == "water" && f == lines:
		return "stream"
	case slices.Contains(Classes(), layer):
		return layer
	}
	return ""
}

// pen draws lines into one path.
type pen struct {
	picture Picture
	b       strings.Builder
}

func (p *pen) draw(shape [][2]int32, closed bool) {
	line := make(orb.LineString, len(shape))
	for i, s := range shape {
		x, y := p.picture.At(float64(s[0])/steps, float64(s[1])/steps)
		line[i] = orb.Point{x, y}
	}
	bound := orb.Bound{Min: orb.Point{-bleed, -bleed}, Max: orb.Point{float64(p.picture.Width) + bleed, float64(p.picture.Height) + bleed}}
	parts := orb.MultiLineString{line}
	switch {
	case inside(bound, line):
	case closed:
		parts[0] = orb.LineString(clip.Ring(bound, orb.Ring(line)))
	default:
		parts = clip.LineString(bound, line)
	}
	for _, part := range parts {
		if len(part) > 2 && p.picture.perUnit() > 1 {
			part = simplify.DouglasPeucker(0.7).LineString(part)
		}
		p.write(part, closed)
	}
}

// write draws one line in whole units, the first point absolute, the others as
// steps.
func (p *pen) write(line orb.LineString, closed bool) {
	points := rounded(line)
	if closed && len(points) > 1 && points[0] == points[len(points)-1] {
		points = points[:len(points)-1]
	}
	if len(points) < 2 || closed && len(points) < 3 {
		return
	}
	b := appendPair([]byte{'M'}, points[0][0], points[0][1])
	for i, at := range points[1:] {
		b = appendPair(append(b, 'l'), at[0]-points[i][0], at[1]-points[i][1])
	}
	if closed {
		b = append(b, 'z')
	}
	p.b.Write(b)
}

func appendPair(b []byte, x, y int64) []byte {
	b = strconv.AppendInt(b, x, 10)
	if y >= 0 {
		b = append(b, ' ')
	}
	return strconv.AppendInt(b, y, 10)
}
