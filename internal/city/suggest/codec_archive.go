package suggest

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"slices"

	"gorod/internal/city/topic"
)

func (a *archive) append(b []byte) []byte {
	b = a.joint.append(b)
	b = a.coarse.append(b)
	b = a.forest.append(b)
	b = binary.AppendUvarint(b, uint64(a.texts))
	terms := slices.Sorted(maps.Keys(a.rarity.of))
	b = binary.AppendUvarint(b, uint64(len(terms)))
	before := uint32(0)
	for _, term := range terms {
		b = binary.AppendUvarint(b, uint64(term-before))
		b = binary.AppendUvarint(b, uint64(a.rarity.texts(a.texts, term)))
		before = term
	}
	b = a.confused.append(b)
	for _, marks := range a.marks {
		for pin := OnBuilding; pin < pins; pin++ {
			b = appendFloat(b, marks[pin])
		}
	}
	return b
}

// texts is in how many of all texts a term was.
func (r *rarity) texts(all int, term uint32) int {
	return int(math.Round(float64(all+1) / math.Exp(float64(r.of[term]))))
}

func (f *forest) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(f.cuts)))
	for _, cuts := range f.cuts {
		b = binary.AppendUvarint(b, uint64(len(cuts)))
		for _, v := range cuts {
			b = appendFloat(b, v)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(f.trees)))
	for _, t := range f.trees {
		b = binary.AppendUvarint(b, uint64(len(t)))
		for _, n := range t {
			b = binary.AppendUvarint(b, uint64(n.feature+1))
			if n.feature < 0 {
				b = appendFloat(b, n.value)
				continue
			}
			b = append(b, n.bin)
			b = binary.AppendUvarint(b, uint64(n.left))
			b = binary.AppendUvarint(b, uint64(n.right))
		}
	}
	return b
}

func (r *reader) archive(topics []topic.ID) *archive {
	a := &archive{joint: r.linear(topics), coarse: r.coarse(), forest: r.forest()}
	a.texts = r.number(math.MaxInt32)
	a.rarity = rarity{of: map[uint32]float32{}, unseen: unseenRarity(a.texts)}
	term := 0
	for n := r.number(len(r.rest)); n > 0 && !r.bad; n-- {
		step := r.number(math.MaxUint32 - term)
		r.bad = r.bad || step == 0 && len(a.rarity.of) > 0
		term += step
		texts := r.number(a.texts + 2)
		r.bad = r.bad || texts == 0
		a.rarity.of[uint32(term)] = rarityOf(a.texts, int32(max(1, texts)))
	}
	a.confused = r.steps(len(topics))
	a.marks = make([][pins]float32, len(topics))
	for c := range a.marks {
		for pin := OnBuilding; pin < pins; pin++ {
			a.marks[c][pin] = r.float()
			r.bad = r.bad || a.marks[c][pin] > 1
		}
	}
	return a
}

// maxTrees and maxNodes bound a forest that is read.
const maxTrees, maxNodes = 2000, 512

func (r *reader) forest() forest {
	var f forest
	r.bad = r.bad || r.number(features+1) != features
	for k := 0; k < features && !r.bad; k++ {
		cuts := make([]float32, r.number(bins))
		for i := range cuts {
			cuts[i] = r.float()
			r.bad = r.bad || i > 0 && !(cuts[i] >= cuts[i-1])
		}
		f.cuts = append(f.cuts, cuts)
	}
	for n := r.number(maxTrees + 1); n > 0 && !r.bad; n-- {
		f.trees = append(f.trees, r.tree())
	}
	return f
}

// tree reads a tree: every way through it goes on to later nodes, so that it has
// an end.
func (r *reader) tree() tree {
	t := make(tree, r.number(maxNodes+1))
	r.bad = r.bad || len(t) == 0
	for i := range t {
		n := &t[i]
		if n.feature = int16(r.number(features+1)) - 1; n.feature < 0 {
			n.value = r.float()
			continue
		}
		n.bin = r.take(1)[0]
		n.left, n.right = int16(r.number(len(t))), int16(r.number(len(t)))
		r.bad = r.bad || int(n.left) <= i || int(n.right) <= i
	}
	return t
}

func (s *steps) append(b []byte) []byte {
	keys := slices.SortedFunc(maps.Keys(s.to), func(a, b pair) int {
		if d := cmp.Compare(a.from, b.from); d != 0 {
			return d
		}
		return cmp.Compare(a.to, b.to)
	})
	b = binary.AppendUvarint(b, uint64(len(keys)))
	for _, k := range keys {
		b = binary.AppendUvarint(b, uint64(k.from))
		b = binary.AppendUvarint(b, uint64(k.to))
		b = binary.AppendUvarint(b, uint64(s.to[k]))
	}
	return b
}

func (r *reader) steps(classes int) steps {
	s := newSteps()
	for n := r.number(len(r.rest)); n > 0 && !r.bad; n-- {
		k := pair{int16(r.number(classes)), int16(r.number(classes))}
		times := r.number(math.MaxInt32)
		r.bad = r.bad || times == 0 || s.to[k] != 0
		s.from[k.from] += float64(times)
		s.to[k] = float64(times)
	}
	return s
}
