package suggest

import (
	"slices"

	"gorod/internal/city/topic"
)

// linear is one part of a model: a softmax over hashed features. It is never
// changed once it was trained.
//
// Weights are whole numbers of -127 to 127 times a scale a topic, kept by
// bucket: those of bucket b stand at start[b]..start[b+1].
type linear struct {
	topics []topic.ID // sorted
	bias   []float32
	scale  []float32
	share  [kinds]float32
	start  []uint32
	class  []uint16
	weight []int8
}

// score writes the raw scores of a vector into scores, which is as long as
// sums; known tells whether any feature of it was seen in training.
func (l *linear) score(v *vector, sums []int32, scores []float32) (known bool) {
	copy(scores, l.bias)
	for kind := range kinds {
		ids := v.of(kind)
		if len(ids) == 0 {
			continue
		}
		clear(sums)
		for _, id := range ids {
			from, to := l.start[id], l.start[id+1]
			known = known || from != to
			weights := l.weight[from:to]
			for i, c := range l.class[from:to] {
				sums[c] += int32(weights[i])
			}
		}
		x := valueOf(l.share[kind], len(ids))
		for c, sum := range sums {
			scores[c] += x * l.scale[c] * float32(sum)
		}
	}
	return known
}

// speaks is what features of one kind add to the score of a class, above what
// they add to the average class. n is how many of the kind the message has.
func (l *linear) speaks(kind, n, class int, ids ...uint32) float64 {
	var own, all float64
	for _, id := range ids {
		for i := l.start[id]; i < l.start[id+1]; i++ {
			c := l.class[i]
			w := float64(l.scale[c]) * float64(l.weight[i])
			all += w
			if int(c) == class {
				own += w
			}
		}
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
