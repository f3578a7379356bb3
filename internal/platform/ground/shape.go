package ground

import (
	"encoding/binary"
	"math"
	"slices"
)

// shape is the geometry of a feature: points, lines or rings. The rings of
// several polygons follow each other; the even-odd rule makes holes of them.
type shape struct {
	form  form
	lines [][][2]int32
}

// shape reads the coordinates of a feature and goes back to where it was. Kinds
// that are not drawn give an empty shape. It is good until the next is read.
func (p *parser) shape(f source) (shape, error) {
	var s shape
	switch f.geometry {
	case "Point", "MultiPoint":
		s.form = points
	case "LineString", "MultiLineString":
		s.form = lines
	case "Polygon", "MultiPolygon":
		s.form = areas
	default:
		return s, nil
	}
	was, whole := p.at, p.raw
	defer func() { p.at, p.raw = was, whole }()
	p.at, p.raw, p.form, p.lines, p.spare = 0, whole[f.from:f.to], s.form, p.lines[:0], p.spare[:0]
	if f.geometry == "Point" {
		x, y, err := p.position()
		if err != nil {
			return s, err
		}
		s.lines = [][][2]int32{{{x, y}}}
		return s, nil
	}
	if err := p.lists(0, 0); err != nil {
		return s, err
	}
	s.lines = p.lines
	return s, nil
}

// least is how many points a line must have to be drawn; a ring is closed by
// its first point once more.
func (f form) least() int {
	switch f {
	case lines:
		return 2
	case areas:
		return 4
	}
	return 1
}

// maxDepth is that of a MultiPolygon.
const maxDepth = 2

// lists reads a list of lists, or a list of positions, which is a line: the nth
// of its list.
func (p *parser) lists(depth, nth int) error {
	if depth > maxDepth || !p.take('[') {
		return errCoordinates
	}
	if p.take(']') {
		return nil
	}
	if p.isPosition() {
		return p.line(nth)
	}
	for i := 0; ; i++ {
		if err := p.lists(depth+1, i); err != nil {
			return err
		}
		if p.take(']') {
			return nil
		}
		if !p.take(',') {
			return errCoordinates
		}
	}
}

// isPosition looks whether a bracket and a number come.
func (p *parser) isPosition() bool {
	was := p.at
	defer func() { p.at = was }()
	if !p.take('[') {
		return false
	}
	p.blank()
	return p.at < len(p.raw) && (p.raw[p.at] == '-' || p.raw[p.at] >= '0' && p.raw[p.at] <= '9')
}

// line reads positions up to the end of their list, without repetitions. The
// first ring of a polygon is its outline and runs clockwise, the others are
// holes and run against it.
func (p *parser) line(nth int) error {
	from := len(p.spare)
	for {
		x, y, err := p.position()
		if err != nil {
			return err
		}
		if n := len(p.spare); n == from || p.spare[n-1] != [2]int32{x, y} {
			p.spare = append(p.spare, [2]int32{x, y})
		}
		if p.take(']') {
			break
		}
		if !p.take(',') {
			return errCoordinates
		}
	}
	line := p.spare[from:len(p.spare):len(p.spare)]
	if len(line) < p.form.least() {
		return nil
	}
	if p.form == areas && (turn(line) < 0) != (nth == 0) {
		slices.Reverse(line)
	}
	p.lines = append(p.lines, line)
	return nil
}

// turn is twice the area of a ring: positive where it runs against the clock.
func turn(ring [][2]int32) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		a, b := ring[i-1], ring[i]
		sum += float64(a[0])*float64(b[1]) - float64(b[0])*float64(a[1])
	}
	return sum
}

// position reads longitude and latitude; a height is passed over.
func (p *parser) position() (x, y int32, err error) {
	if !p.take('[') {
		return 0, 0, errCoordinates
	}
	var got [2]float64
	for i := 0; ; i++ {
		v, err := p.number()
		if err != nil {
			return 0, 0, err
		}
		if i < 2 {
			got[i] = v
		}
		if p.take(']') {
			if i < 1 {
				return 0, 0, errCoordinates
			}
			break
		}
		if !p.take(',') {
			return 0, 0, errCoordinates
		}
	}
	return step(got[0]), step(got[1]), nil
}

// box is what the shape spans.
func (s shape) box() [4]int32 {
	b := [4]int32{math.MaxInt32, math.MaxInt32, math.MinInt32, math.MinInt32}
	for _, line := range s.lines {
		for _, p := range line {
			b[0], b[1] = min(b[0], p[0]), min(b[1], p[1])
			b[2], b[3] = max(b[2], p[0]), max(b[3], p[1])
		}
	}
	return b
}

// pack appends the lines as differences.
func (s shape) pack(to []byte) []byte {
	to = binary.AppendUvarint(to, uint64(len(s.lines)))
	for _, line := range s.lines {
		to = binary.AppendUvarint(to, uint64(len(line)))
		var x, y int64
		for _, p := range line {
			to = binary.AppendVarint(to, int64(p[0])-x)
			to = binary.AppendVarint(to, int64(p[1])-y)
			x, y = int64(p[0]), int64(p[1])
		}
	}
	return to
}
