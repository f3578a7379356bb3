package suggest

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"gorod/internal/city/topic"
)

// The format of a model, little endian; lengths and differences are varints:
//
//	"GSUG" version
//	n, n × (difference to the topic before, its object, its category)
//	by level: knots, each (at, heat), and four limits
//	the text part: shares(kinds), n × (bias, scale), buckets with weights, each:
//	distance to the one before, n, n × (distance of the class to the one before,
//	weight)
//	the net (net_codec.go)
//	1, if more than texts is known: the joint part, as above; the parts of objects
//	and of categories: how many there are, then as above; the forest: by
//	feature its cuts, then trees, each by node (feature+1, bin, left, right) or
//	(0, value); how many texts rarities were counted of, and by term the
//	distance to the one before and in how many it was; by class three marks
//	prints of the texts that it was trained on: n, n × distance to the one before
//	SHA-256 of all that
//
// A model of another version is none: see Decode.
const (
	codecMagic   = "GSUG"
	codecVersion = 3
	// maxModel bounds what Decode reads.
	maxModel = 64 << 20
)

var errModel = errors.New("this is no model")

// ErrOldModel is Decode's answer to a model that another version of this program
// wrote. Its weights mean something else here: it has to be trained anew.
var ErrOldModel = errors.New("this model is of another version")

// Encode writes the model; the same model always gives the same bytes.
func (m *Model) Encode() []byte {
	b := append(make([]byte, 0, 2*m.text.size+64*len(m.text.topics)+1024), codecMagic...)
	b = append(b, codecVersion)
	b = binary.AppendUvarint(b, uint64(len(m.text.topics)))
	var before topic.ID
	for c, id := range m.text.topics {
		b = binary.AppendVarint(b, int64(id-before))
		b = binary.AppendVarint(b, int64(m.object[c]))
		b = binary.AppendVarint(b, int64(m.category[c]))
		before = id
	}
	for _, l := range m.levels {
		b = binary.AppendUvarint(b, uint64(len(l.curve.knots)))
		for _, k := range l.curve.knots {
			b = appendFloat(appendFloat(b, k.at), k.heat)
		}
		for _, v := range []float64{l.limits.Sure, l.limits.Lost, l.limits.Faint, l.limits.Ask} {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
		}
	}
	b = m.net.append(m.text.append(b))
	if m.archive == nil {
		b = append(b, 0)
	} else {
		b = m.archive.append(append(b, 1))
	}
	b = appendPrints(b, m.prints)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func appendFloat(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

func (l *linear) append(b []byte) []byte {
	for _, v := range l.share {
		b = appendFloat(b, v)
	}
	for c := range l.topics {
		b = appendFloat(appendFloat(b, l.bias[c]), l.scale[c])
	}
	b = binary.AppendUvarint(b, uint64(len(l.from)))
	last, row := -1, 0
	for id := range l.known.all {
		b = binary.AppendUvarint(b, uint64(id-last-1))
		n := 0
		l.row(row, func(int, int8) { n++ })
		b = binary.AppendUvarint(b, uint64(n))
		before := -1
		l.row(row, func(class int, weight int8) {
			b = append(binary.AppendUvarint(b, uint64(class-before-1)), byte(weight))
			before = class
		})
		last, row = id, row+1
	}
	return b
}

// Decode reads a model. Whatever is not exactly what Encode wrote is refused;
// what another version of this program wrote is ErrOldModel.
func Decode(b []byte) (*Model, error) {
	m, err := decodeModel(b)
	if err != nil {
		return nil, fmt.Errorf("read model of %d bytes: %w", len(b), err)
	}
	return m, nil
}

func decodeModel(b []byte) (*Model, error) {
	if len(b) < len(codecMagic)+1+sha256.Size || len(b) > maxModel || string(b[:len(codecMagic)]) != codecMagic {
		return nil, errModel
	}
	if v := b[len(codecMagic)]; v != codecVersion {
		return nil, fmt.Errorf("its format is %d, this program knows %d: %w", v, codecVersion, ErrOldModel)
	}
	body := b[:len(b)-sha256.Size]
	if sha256.Sum256(body) != [sha256.Size]byte(b[len(body):]) {
		return nil, errors.New("its checksum is wrong")
	}
	r := reader{rest: body[len(codecMagic)+1:]}
	m := &Model{}
	r.topics(m)
	for i := range m.levels {
		m.levels[i] = r.level()
	}
	m.text = r.linear(m.text.topics)
	m.net = r.net(len(m.text.topics))
	if r.number(2) == 1 {
		m.archive = r.archive(m.text.topics)
	}
	m.prints = r.prints()
	if r.bad || len(r.rest) != 0 {
		return nil, errModel
	}
	m.grow()
	if m.archive != nil && !m.archive.coarse.fits(&m.branches) {
		return nil, errModel
	}
	return m, nil
}

// reader takes values off a slice and remembers when one was not right.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n int) []byte {
	if r.bad || len(r.rest) < n {
		r.bad = true
		return make([]byte, n)
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) float() float32 {
	v := math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
	r.bad = r.bad || v-v != 0 // neither infinite nor no number
	return v
}

func (r *reader) double() float64 {
	v := math.Float64frombits(binary.LittleEndian.Uint64(r.take(8)))
	r.bad = r.bad || v-v != 0
	return v
}

// number reads a whole number below a bound.
func (r *reader) number(below int) int {
	v, n := binary.Uvarint(r.rest)
	if r.bad || n <= 0 || v >= uint64(max(below, 0)) {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return int(v)
}

func (r *reader) signed() int64 {
	v, n := binary.Varint(r.rest)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) topics(m *Model) {
	n := r.number(maxTopics + 1)
	r.bad = r.bad || n == 0
	var before topic.ID
	for c := 0; c < n && !r.bad; c++ {
		id := before + topic.ID(r.signed())
		r.bad = r.bad || c > 0 && id <= before
		m.text.topics = append(m.text.topics, id)
		m.object = append(m.object, topic.ID(r.signed()))
		m.category = append(m.category, topic.ID(r.signed()))
		before = id
	}
}

func (r *reader) level() judged {
	var j judged
	n := r.number(maxKnots + 1)
	r.bad = r.bad || n == 0
	for i := 0; i < n && !r.bad; i++ {
		k := knot{r.float(), r.float()}
		r.bad = r.bad || !(k.heat > 0) || i > 0 && k.at <= j.curve.knots[i-1].at
		j.curve.knots = append(j.curve.knots, k)
	}
	j.limits = Limits{Sure: r.double(), Lost: r.double(), Faint: r.double(), Ask: r.double()}
	return j
}

// maxKnots bounds a curve that is read.
const maxKnots = 64

func (r *reader) linear(topics []topic.ID) linear {
	l := newLinear(topics)
	for i := range l.share {
		l.share[i] = r.float()
	}
	for range topics {
		l.bias, l.scale = append(l.bias, r.float()), append(l.scale, r.float())
	}
	r.weights(&l)
	return l
}

func (r *reader) weights(l *linear) {
	used := r.number(buckets + 1)
	bucket := -1
	var classes []uint16
	var weights []int8
	for ; used > 0 && !r.bad; used-- {
		bucket += 1 + r.number(buckets-bucket-1)
		n := r.number(len(l.topics) + 1)
		r.bad = r.bad || n == 0
		class := -1
		classes, weights = classes[:0], weights[:0]
		for ; n > 0 && !r.bad; n-- {
			class += 1 + r.number(len(l.topics)-class-1)
			weight := int8(r.take(1)[0])
			r.bad = r.bad || weight == 0
			classes, weights = append(classes, uint16(class)), append(weights, weight)
		}
		if !r.bad {
			l.add(bucket, classes, weights)
		}
	}
	l.settle()
}
