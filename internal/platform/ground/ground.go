package ground

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Areas is the name of the layer of districts and municipalities.
const Areas = "areas"

// steps is how many steps of a coordinate are in a degree: a tenth of a metre.
const steps = 1e6

// Ground is the geometry under one city's map.
type Ground struct {
	layers []*layer
	words  []string // the table of all words; the first is empty
	known  map[string]uint32
}

// layer is one layer, in the order of its file.
type layer struct {
	name     string
	features []feature
	body     []byte // shapes, one after the other
	grid     map[cell][]uint32
	wide     []uint32 // features that touch too many cells
}

// feature is what is asked of a feature before its shape is unpacked.
type feature struct {
	box                           [4]int32 // west, south, east, north in steps
	at                            uint32   // of its shape in the body
	class, kind, name, number, id uint32   // in the table of words
	form                          form
}

type form uint8

const (
	points form = iota + 1
	lines
	areas
)

// cell is a square of gridStep in which features are looked up.
type cell struct{ x, y int32 }

const (
	gridStep = 10_000 // steps: 1.1 km from south to north
	maxCells = 64     // that one feature is listed in
)

// ErrTooLarge tells that a layer has more geometry than can be kept.
var ErrTooLarge = errors.New("layer has more than 4 GB of geometry")

// New makes an empty ground.
func New() *Ground {
	return &Ground{words: []string{""}, known: map[string]uint32{"": 0}}
}

// add takes a feature in.
func (g *Ground) add(l *layer, f source, p *parser) error {
	if f.geometry == "" {
		return nil
	}
	s, err := p.shape(f)
	if err != nil || len(s.lines) == 0 {
		return err
	}
	if len(l.body) > math.MaxUint32 {
		return ErrTooLarge
	}
	made := feature{box: s.box(), form: s.form, at: uint32(len(l.body)), class: f.class, kind: f.kind, name: f.name, number: f.number, id: f.id}
	l.body = s.pack(l.body)
	n := uint32(len(l.features))
	l.features = append(l.features, made)
	l.list(n, made.box)
	return nil
}

// word keeps a word among the words.
func (g *Ground) word(said []byte) uint32 {
	if n, ok := g.known[string(said)]; ok {
		return n
	}
	n := uint32(len(g.words))
	g.words = append(g.words, string(said))
	g.known[g.words[n]] = n
	return n
}

// list puts a feature into the cells that its box touches.
func (l *layer) list(n uint32, box [4]int32) {
	low, high := cellOf(box[0], box[1]), cellOf(box[2], box[3])
	if (int64(high.x-low.x)+1)*(int64(high.y-low.y)+1) > maxCells {
		l.wide = append(l.wide, n)
		return
	}
	for x := low.x; x <= high.x; x++ {
		for y := low.y; y <= high.y; y++ {
			l.grid[cell{x, y}] = append(l.grid[cell{x, y}], n)
		}
	}
}

func cellOf(x, y int32) cell {
	return cell{int32(math.Floor(float64(x) / gridStep)), int32(math.Floor(float64(y) / gridStep))}
}

// within gives the features whose boxes touch a box, in the order of the file.
func (l *layer) within(box [4]int32, each func(*feature)) {
	low, high := cellOf(box[0], box[1]), cellOf(box[2], box[3])
	cells := (int64(high.x) - int64(low.x) + 1) * (int64(high.y) - int64(low.y) + 1)
	if cells > int64(len(l.grid)) {
		for i := range l.features {
			if f := &l.features[i]; touch(f.box, box) {
				each(f)
			}
		}
		return
	}
	found := slices.Clone(l.wide)
	for x := low.x; x <= high.x; x++ {
		for y := low.y; y <= high.y; y++ {
			found = append(found, l.grid[cell{x, y}]...)
		}
	}
	slices.Sort(found)
	for _, n := range slices.Compact(found) {
		if f := &l.features[n]; touch(f.box, box) {
			each(f)
		}
	}
}

func touch(a, b [4]int32) bool {
	return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

// stepsOf is a box of degrees in steps.
func stepsOf(b orb.Bound) [4]int32 {
	return [4]int32{step(b.Min[0]), step(b.Min[1]), step(b.Max[0]), step(b.Max[1])}
}

func step(degrees float64) int32 {
	return int32(math.Round(max(-400, min(degrees, 400)) * steps))
}

// Has tells whether there is a layer of that name with anything in it.
func (g *Ground) Has(name string) bool {
	return slices.ContainsFunc(g.layers, func(l *layer) bool { return l.name == name && len(l.features) > 0 })
}

// Size is about how many bytes the ground takes in memory.
func (g *Ground) Size() int {
	const ofFeature, ofCell = 44, 48
	n := 0
	for _, l := range g.layers {
		n += len(l.body) + len(l.features)*ofFeature + len(l.grid)*ofCell
		for _, list := range l.grid {
			n += 4 * cap(list)
		}
	}
	for _, w := range g.words {
		n += 2*len(w) + 40
	}
	return n
}

// Features is how many features there are in all layers.
func (g *Ground) Features() int {
	n := 0
	for _, l := range g.layers {
		n += len(l.features)
	}
	return n
}

// shape unpacks the lines of a feature into points of steps.
func (l *layer) shape(f *feature, each func(line [][2]int32)) {
	b := l.body[f.at:]
	count, n := binary.Uvarint(b)
	b = b[n:]
	var line [][2]int32
	for range count {
		length, n := binary.Uvarint(b)
		b = b[n:]
		line = line[:0]
		var x, y int64
		for range length {
			dx, n := binary.Varint(b)
			dy, m := binary.Varint(b[n:])
			b = b[n+m:]
			x, y = x+dx, y+dy
			line = append(line, [2]int32{int32(x), int32(y)})
		}
		each(line)
	}
}
