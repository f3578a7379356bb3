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
//	"GSUG" version  temperature  limits(3)  shares(kinds)
//	n, n × (difference to the topic before, bias, scale)
//	buckets with weights, each: distance to the one before, n, n × (distance
//	of the class to the one before, weight)
//	SHA-256 of all that
const (
	codecMagic   = "GSUG"
	codecVersion = 1
	// maxModel bounds what Decode reads.
	maxModel = 64 << 20
)

var errModel = errors.New("this is no model")

// Encode writes the model; the same model always gives the same bytes.
func (m *Model) Encode() []byte {
	b := append(make([]byte, 0, 2*len(m.weight)+64*len(m.topics)+1024), codecMagic...)
	b = append(b, codecVersion)
	for _, v := range []float64{m.temperature, m.limits.Sure, m.limits.Lost, m.limits.Faint} {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	for _, v := range m.share {
		b = appendFloat(b, v)
	}
	b = binary.AppendUvarint(b, uint64(len(m.topics)))
	var before topic.ID
	for c, id := range m.topics {
		b = binary.AppendVarint(b, int64(id-before))
		b = appendFloat(appendFloat(b, m.bias[c]), m.scale[c])
		before = id
	}
	b = m.appendWeights(b)
	sum := sha256.Sum256(b)
	return append(b, sum[:]...)
}

func appendFloat(b []byte, v float32) []byte {
	return binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
}

func (m *Model) appendWeights(b []byte) []byte {
	used := uint64(0)
	for i := range buckets {
		if m.start[i] != m.start[i+1] {
			used++
		}
	}
	b = binary.AppendUvarint(b, used)
	last := -1
	for i := range buckets {
		from, to := m.start[i], m.start[i+1]
		if from == to {
			continue
		}
		b = binary.AppendUvarint(b, uint64(i-last-1))
		b = binary.AppendUvarint(b, uint64(to-from))
		before := -1
		for j := from; j < to; j++ {
			b = binary.AppendUvarint(b, uint64(int(m.class[j])-before-1))
			b = append(b, byte(m.weight[j]))
			before = int(m.class[j])
		}
		last = i
	}
	return b
}

// Decode reads a model. Whatever is not exactly what Encode wrote is refused.
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
		return nil, fmt.Errorf("its format is %d, this program knows %d", v, codecVersion)
	}
	body := b[:len(b)-sha256.Size]
	if sha256.Sum256(body) != [sha256.Size]byte(b[len(body):]) {
		return nil, errors.New("its checksum is wrong")
	}
	r := reader{rest: body[len(codecMagic)+1:]}
	m := &Model{start: make([]uint32, buckets+1)}
	m.temperature = r.double()
	m.limits = Limits{Sure: r.double(), Lost: r.double(), Faint: r.double()}
	for i := range m.share {
		m.share[i] = r.float()
	}
	r.topics(m)
	r.weights(m)
	if r.bad || len(r.rest) != 0 || !(m.temperature > 0) {
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
		m.topics = append(m.topics, id)
		m.bias = append(m.bias, r.float())
		m.scale = append(m.scale, r.float())
		before = id
	}
}

func (r *reader) weights(m *Model) {
	used := r.number(buckets + 1)
	// A weight takes two bytes or more, nearly always two: what is left bounds
	// how many there are, and little is taken too much.
	m.class, m.weight = make([]uint16, 0, len(r.rest)/2), make([]int8, 0, len(r.rest)/2)
	bucket := -1
	for ; used > 0 && !r.bad; used-- {
		next := bucket + 1 + r.number(buckets-bucket-1)
		r.fill(m, bucket+1, next)
		bucket = next
		n := r.number(len(m.topics) + 1)
		r.bad = r.bad || n == 0
		class := -1
		for ; n > 0 && !r.bad; n-- {
			class += 1 + r.number(len(m.topics)-class-1)
			m.class = append(m.class, uint16(class))
			m.weight = append(m.weight, int8(r.take(1)[0]))
		}
	}
	r.fill(m, bucket+1, buckets)
}

// fill says where the weights of the buckets from..to begin.
func (r *reader) fill(m *Model, from, to int) {
	for b := from; b <= to && !r.bad; b++ {
		m.start[b] = uint32(len(m.class))
	}
}
