package suggest

import (
	"math"
	"math/bits"
)

// sieve is a forest made ready to score many candidates at once. A tree has at
// most sixteen leaves, numbered from the left: for a candidate they are sixteen
// bits, all set at first. Each node that a candidate passes on the right clears
// the leaves on its left, whichever way leads there; of what is left the lowest
// is the leaf that a walk would end at. So nothing is jumped to, and a processor
// does it for eight candidates at a time.
type sieve struct {
	cuts   [features][bins]int32 // by feature: keys of the upper ends of bins
	nodes  []sieveNode           // tree after tree
	ends   []uint32              // by tree: where its nodes end
	values [][treeLeaves]float32 // by tree and leaf
}

// sieveNode is a question.
type sieveNode struct {
	at   uint32 // the byte at which the bins of its feature begin
	bin  int16  // up to it: left
	left uint16 // leaves on its left
}

const (
	lanes      = 24 // candidates that are scored together
	treeLeaves = 16
)

// newSieve gives nil for a forest that has other trees than are grown here.
func newSieve(f *forest) *sieve {
	s := &sieve{ends: make([]uint32, len(f.trees)), values: make([][treeLeaves]float32, len(f.trees))}
	for k := range s.cuts {
		for i := range s.cuts[k] {
			s.cuts[k][i] = math.MaxInt32
		}
		for i, v := range f.cuts[k] {
			s.cuts[k][i] = keyOf(v)
		}
	}
	for i, t := range f.trees {
		if !s.add(t, i) {
			return nil
		}
		s.ends[i] = uint32(len(s.nodes))
	}
	return s
}

// add takes a tree up; false: it has too many leaves, or is not a tree.
func (s *sieve) add(t tree, number int) bool {
	leaves := 0
	var walk func(i int16) (set uint16, fits bool)
	walk = func(i int16) (set uint16, fits bool) {
		if t[i].feature < 0 {
			if leaves == treeLeaves {
				return 0, false
			}
			s.values[number][leaves] = t[i].value
			leaves++
			return 1 << (leaves - 1), true
		}
		left, fits := walk(t[i].left)
		if !fits {
			return 0, false
		}
		s.nodes = append(s.nodes, sieveNode{at: uint32(t[i].feature) * lanes * 2, bin: int16(t[i].bin), left: left})
		right, fits := walk(t[i].right)
		return left | right, fits
	}
	_, fits := walk(0)
	return fits
}

// keyOf gives whole numbers in the order of the numbers.
func keyOf(v float32) int32 {
	v += 0 // of -0 too
	k := int32(math.Float32bits(v))
	return k ^ int32(uint32(k>>31)>>1)
}

// sieveWork is what scoring some candidates needs.
type sieveWork struct {
	bins   [features][lanes]int16
	leaves [][lanes]uint16 // by tree
}

// score gives the scores of candidates, whose features stand row by row: what
// forest.score gives.
func (s *sieve) score(w *sieveWork, values, out []float32) {
	for len(out) > 0 {
		n := min(len(out), lanes)
		s.some(w, values[:n*features], out[:n])
		values, out = values[n*features:], out[n:]
	}
}

func (s *sieve) some(w *sieveWork, values, out []float32) {
	for k := range features {
		s.bin(&s.cuts[k], &w.bins[k], values[k:], len(out))
	}
	if len(w.leaves) < len(s.ends) {
		w.leaves = make([][lanes]uint16, len(s.ends))
	}
	if len(s.ends) > 0 {
		s.part(&w.bins, w.leaves[:len(s.ends)])
	}
	for i := range out {
		out[i] = startOf(values[i*features:])
	}
	for t := range s.values {
		leaves, of := &w.leaves[t], &s.values[t]
		for i := range out {
			out[i] += of[bits.TrailingZeros16(leaves[i%lanes])%treeLeaves]
		}
	}
}

// bin finds the bins of one feature of n candidates: that of binOf.
func (s *sieve) bin(cuts *[bins]int32, to *[lanes]int16, values []float32, n int) {
	last, bin := float32(math.NaN()), int64(0)
	for i := range n {
		v := values[i*features]
		if v != last {
			last, bin = v, binOfKey(cuts, keyOf(v))
		}
		to[i%lanes] = int16(bin)
	}
}

// binOfKey counts the cuts below a key, halving without a jump.
func binOfKey(cuts *[bins]int32, key int32) int64 {
	at := int64(0)
	for half := int64(bins / 2); half > 0; half /= 2 {
		at += (int64(cuts[(at+half-1)%bins]) - int64(key)) >> 63 & half
	}
	return at
}

// plain does what sieve does in words of any processor.
func (s *sieve) plain(bins *[features][lanes]int16, leaves [][lanes]uint16) {
	from := uint32(0)
	for t := range leaves {
		alive := &leaves[t]
		for i := range alive {
			alive[i] = math.MaxUint16
		}
		for _, n := range s.nodes[from:s.ends[t]] {
			row := &bins[n.at/(lanes*2)]
			for i, bin := range row {
				if bin > n.bin {
					alive[i] &^= n.left
				}
			}
		}
		from = s.ends[t]
	}
}
