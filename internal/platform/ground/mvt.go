package ground

import (
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// writer makes one layer of a tile (Mapbox Vector Tile 2.1, a protocol buffer).
type writer struct {
	name     string
	features []byte
	count    int
	keys     table
	values   table

	form     form
	geometry []byte
	x, y     int64 // the pen
	tags     []byte
}

// table numbers words in the order in which they come.
type table struct {
	at   map[string]uint64
	list []string
}

func (t *table) of(word string) uint64 {
	if n, ok := t.at[word]; ok {
		return n
	}
	if t.at == nil {
		t.at = map[string]uint64{}
	}
	n := uint64(len(t.list))
	t.at[word] = n
	t.list = append(t.list, word)
	return n
}

func newWriter(name string) *writer { return &writer{name: name} }

// Commands of a geometry.
const (
	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func (w *writer) begin(f form) {
	w.form, w.geometry, w.tags, w.x, w.y = f, w.geometry[:0], w.tags[:0], 0, 0
}

func (w *writer) drawn() bool { return len(w.geometry) > 0 }

func (w *writer) command(id, count int) {
	w.geometry = binary.AppendUvarint(w.geometry, uint64(count<<3|id))
}

// to moves the pen.
func (w *writer) to(p [2]int64) {
	w.geometry = binary.AppendVarint(w.geometry, p[0]-w.x)
	w.geometry = binary.AppendVarint(w.geometry, p[1]-w.y)
	w.x, w.y = p[0], p[1]
}

// rounded are the points in whole units, without repetitions.
func rounded(line orb.LineString) [][2]int64 {
	out := make([][2]int64, 0, len(line))
	for _, p := range line {
		at := [2]int64{int64(math.Round(p[0])), int64(math.Round(p[1]))}
		if n := len(out); n == 0 || out[n-1] != at {
			out = append(out, at)
		}
	}
	return out
}

// line draws a line, or a point.
func (w *writer) line(l orb.LineString) {
	points := rounded(l)
	if len(points) < w.form.least() {
		return
	}
	w.command(moveTo, 1)
	w.to(points[0])
	if len(points) == 1 {
		return
	}
	w.command(lineTo, len(points)-1)
	for _, p := range points[1:] {
		w.to(p)
	}
}

// ring draws a ring, unless nothing of it is left.
func (w *writer) ring(l orb.LineString) {
	points := rounded(l)
	if n := len(points); n > 1 && points[0] == points[n-1] {
		points = points[:n-1]
	}
	if len(points) < 3 {
		return
	}
	w.command(moveTo, 1)
	w.to(points[0])
	w.command(lineTo, len(points)-1)
	for _, p := range points[1:] {
		w.to(p)
	}
	w.command(closePath, 1)
}

// tag adds a property; an empty one is left out.
func (w *writer) tag(key, value string) {
	if value == "" {
		return
	}
	w.tags = binary.AppendUvarint(w.tags, w.keys.of(key))
	w.tags = binary.AppendUvarint(w.tags, w.values.of(value))
}

// end takes the feature into the layer.
func (w *writer) end() {
	kind := map[form]uint64{points: 1, lines: 2, areas: 3}[w.form]
	var b []byte
	if len(w.tags) > 0 {
		b = field(b, 2, w.tags)
	}
	b = number(b, 3, kind)
	b = field(b, 4, w.geometry)
	w.features = field(w.features, 2, b)
	w.count++
}

// appendTo adds the layer to a tile; an empty one is left out.
func (w *writer) appendTo(tile []byte) []byte {
	if w.count == 0 {
		return tile
	}
	b := field(nil, 1, []byte(w.name))
	b = append(b, w.features...)
	for _, key := range w.keys.list {
		b = field(b, 3, []byte(key))
	}
	for _, value := range w.values.list {
		b = field(b, 4, field(nil, 1, []byte(value)))
	}
	b = number(b, 5, extent)
	b = number(b, 15, 2) // the version of the format
	return field(tile, 3, b)
}

// field appends bytes under a field's number.
func field(to []byte, n int, body []byte) []byte {
	to = binary.AppendUvarint(to, uint64(n<<3|2))
	to = binary.AppendUvarint(to, uint64(len(body)))
	return append(to, body...)
}

// number appends a number under a field's number.
func number(to []byte, n int, v uint64) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(to, uint64(n<<3)), v)
}
