package suggest

import "math/bits"

// rank numbers the members of a set of whole numbers in their order, in two bits
// a possible member: a model knows a tenth of all buckets.
type rank []rankWord

type rankWord struct {
	has    uint64
	before uint32 // members of the words before
}

func newRank(below int) rank { return make(rank, (below+63)/64) }

// add makes a number a member; it is greater than those added before.
func (r rank) add(id int) { r[id/64].has |= 1 << (id % 64) }

// count has to follow the last add.
func (r rank) count() {
	n := 0
	for i := range r {
		r[i].before = uint32(n)
		n += bits.OnesCount64(r[i].has)
	}
}

// of is the place of a number among the members; -1: it is none.
func (r rank) of(id uint32) int {
	w := &r[id/64]
	bit := uint64(1) << (id % 64)
	if w.has&bit == 0 {
		return -1
	}
	return int(w.before) + bits.OnesCount64(w.has&(bit-1))
}

// all goes through the members in order.
func (r rank) all(yield func(id int) bool) {
	for i := range r {
		for has := r[i].has; has != 0; has &= has - 1 {
			if !yield(i*64 + bits.TrailingZeros64(has)) {
				return
			}
		}
	}
}
