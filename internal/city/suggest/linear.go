package suggest

import (
	"slices"

	"gorod/internal/city/topic"
)

// linear is one part of a model: a softmax over hashed features. It is never
// changed once it was trained.
//
// Weights are whole numbers of -127 to 127 times a scale a topic. Those of a
// bucket are a row. Most texts meet few rows that speak of few topics and many
// that speak of most: the latter are kept whole, a byte a topic, and summed many
// at a time.
type linear struct {
	topics []topic.ID // sorted
	bias   []float32
	scale  []float32
	share  [kinds]float32
	size   int // weights that are not 0

	known rank     // buckets that have a row
	from  []uint32 // by row: where it begins in whole (with rowWhole) or in spare
	whole []int8   // rows of width bytes
	// spare are the other rows: blocks of a head (weights in it, at which page of
	// 256 topics, whether another block follows) and by weight its topic within the
	// page and the weight.
	spare []uint16
	width int // topics, rounded up to a multiple of 16
}

const (
	rowWhole  = 1 << 31
	blockMore = 1 << 15
	pageTopic = 1 << 8 // topics of a page
	blockMost = 127    // weights of a block
	// wholeShare: a row is kept whole when it speaks of more than one topic of so
	// many.
	wholeShare = 4
)

// linearWork is what scoring one vector needs.
type linearWork struct {
	rows  []uint32 // those that are kept whole
	whole []int16
	spare []int32
}

// newLinear has no weights yet.
func newLinear(topics []topic.ID) linear {
	return linear{topics: topics, known: newRank(buckets), width: (len(topics) + 15) &^ 15}
}

// add appends the weights of a bucket, which is greater than those added before,
// by class in rising order; settle has to follow the last.
func (l *linear) add(bucket int, classes []uint16, weights []int8) {
	if len(classes) == 0 {
		return
	}
	l.known.add(bucket)
	l.size += len(classes)
	if len(classes)*wholeShare > len(l.topics) {
		l.from = append(l.from, rowWhole|uint32(len(l.whole)/l.width))
		at := len(l.whole)
		l.whole = slices.Grow(l.whole, l.width)[:at+l.width]
		clear(l.whole[at:])
		for i, c := range classes {
			l.whole[at+int(c)] = weights[i]
		}
		return
	}
	l.from = append(l.from, uint32(len(l.spare)))
	head := -1
	for i, c := range classes {
		page := c / pageTopic
		if head < 0 || l.spare[head]>>8 != page || l.spare[head]&0xff == blockMost {
			if head >= 0 {
				l.spare[head] |= blockMore
			}
			head = len(l.spare)
			l.spare = append(l.spare, page<<8)
		}
		l.spare[head]++
		l.spare = append(l.spare, c%pageTopic<<8|uint16(uint8(weights[i])))
	}
}

// settle gives back what was taken too much while weights were added.
func (l *linear) settle() {
	l.known.count()
	l.from, l.whole, l.spare = exact(l.from), exact(l.whole), exact(l.spare)
}

func exact[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }

// row goes through the weights of a row by class.
func (l *linear) row(r int, yield func(class int, weight int8)) {
	from := l.from[r]
	if from&rowWhole != 0 {
		at := int(from&^rowWhole) * l.width
		for c, w := range l.whole[at : at+len(l.topics)] {
			if w != 0 {
				yield(c, w)
			}
		}
		return
	}
	for more := true; more; {
		head := l.spare[from]
		block := l.spare[from+1:][:head&0xff]
		for _, e := range block {
			yield(int(head>>8&0x7f)*pageTopic+int(e>>8), int8(e))
		}
		from += 1 + uint32(len(block))
		more = head&blockMore != 0
	}
}

// wholeMost is how many whole rows a sum of 16 bits holds.
const wholeMost = 256

// score writes the raw scores of a vector into scores; known tells whether any
// feature of it was seen in training.
func (l *linear) score(v *vector, w *linearWork, scores []float32) (known bool) {
	copy(scores, l.bias)
	for kind := range kinds {
		ids := v.of(kind)
		if len(ids) == 0 {
			continue
		}
		w.spare, w.rows = cleared(w.spare, len(l.topics)), w.rows[:0]
		for _, id := range ids {
			if r := l.known.of(id); r >= 0 {
				known = true
				if from := l.from[r]; from&rowWhole != 0 {
					w.rows = append(w.rows, from&^rowWhole)
				} else {
					l.addSpare(w.spare, from)
				}
			}
		}
		for some := range slices.Chunk(w.rows, wholeMost) {
			w.whole = cleared(w.whole, l.width)
			sumRows(w.whole, l.whole, some)
			for c, sum := range w.whole[:len(w.spare)] {
				w.spare[c] += int32(sum)
			}
		}
		x := valueOf(l.share[kind], len(ids))
		scale := l.scale[:len(w.spare)]
		scores := scores[:len(w.spare)]
		for c, sum := range w.spare {
			scores[c] += x * scale[c] * float32(sum)
		}
	}
	return known
}

// addSpare adds a row that is not kept whole.
func (l *linear) addSpare(sums []int32, from uint32) {
	for {
		head := l.spare[from]
		block := l.spare[from+1:][:head&0xff]
		page := sums[int(head>>8&0x7f)*pageTopic:]
		for _, e := range block {
			page[e>>8] += int32(int8(e))
		}
		if head&blockMore == 0 {
			return
		}
		from += 1 + uint32(len(block))
	}
}

// speaks is what features of one kind add to the score of a class, above what
// they add to the average class. n is how many of the kind the message has.
func (l *linear) speaks(kind, n, class int, ids ...uint32) float64 {
	var own, all float64
	for _, id := range ids {
		r := l.known.of(id)
		if r < 0 {
			continue
		}
		l.row(r, func(c int, weight int8) {
			w := float64(l.scale[c]) * float64(weight)
			all += w
			if c == class {
				own += w
			}
		})
	}
	return float64(valueOf(l.share[kind], n)) * (own - all/float64(len(l.topics)))
}

// find is the class of a topic; -1: it is not known.
func (l *linear) find(t topic.ID) int {
	c, known := slices.BinarySearch(l.topics, t)
	if !known {
		return -1
	}
	return c
}
