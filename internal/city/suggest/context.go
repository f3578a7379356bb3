package suggest

import (
	"encoding/binary"
	"slices"
)

// The context of a message is turned into buckets of the joint part: who sent it
// and what they sent before, where it is and what was reported there, when it was
// sent, and the crosses of its words with author, object and district.

// contextID is the bucket of a feature of the context.
func contextID(kind byte, parts ...int64) uint32 {
	h := hashByte(hashByte(hashStart, 'C'), kind)
	var b [8]byte
	for _, p := range parts {
		binary.LittleEndian.PutUint64(b[:], uint64(p))
		for _, x := range b {
			h = hashByte(h, x)
		}
	}
	return bucketOf(h)
}

const (
	crossWords   = 40  // of a text are crossed with its context
	contextMine  = 100 // messages of the author are looked at
	contextCount = 30  // of them are counted
	contextSpot  = 10  // messages of each spot
)

// glimpse is working memory of readContext.
type glimpse struct {
	words  []int64
	counts []int
}

// readContext appends the context of a message to its vector, by what was
// fetched of the memory.
func (t *branches) readContext(v *vector, g *glimpse, stems []string, s *sight, w *where) {
	g.words = g.words[:0]
	for _, stem := range stems {
		g.words = append(g.words, int64(hashText(hashByte(hashStart, 'w'), stem)))
	}
	slices.Sort(g.words)
	g.words = slices.Compact(g.words)
	g.words = g.words[:min(len(g.words), crossWords)]

	usual := t.readHabit(v, g, len(stems), s, w)
	v.close(habits)
	object := -1
	if w.placed || w.district != 0 || w.area != 0 {
		object = t.readPlace(v, g, s, w)
	}
	v.close(places)
	if w.timed {
		v.ids = append(v.ids, contextID('h', w.at/3600%24/3), contextID('k', (w.at/86400+4)%7), contextID('H', int64(hourOf(w.at))))
	}
	v.close(times)
	for _, x := range g.words {
		if usual >= 0 {
			v.ids = append(v.ids, contextID('A', int64(w.author), x), contextID('M', int64(t.object[usual]), x))
		}
		if w.placed {
			v.ids = append(v.ids, contextID('O', int64(object), x))
		}
		if w.district != 0 {
			v.ids = append(v.ids, contextID('D', int64(w.district), x))
		}
	}
	v.close(crosses)
}

// most is the class with the highest count, of equals the first, and its count.
func most(counts []int) (class, n int) {
	class = -1
	for c, k := range counts {
		if k > n {
			class, n = c, k
		}
	}
	return class, n
}

// readHabit appends what the author sent before; usual is their most frequent
// topic, -1: they sent nothing.
func (t *branches) readHabit(v *vector, g *glimpse, stems int, s *sight, w *where) (usual int) {
	mine := s.mine[:min(len(s.mine), contextMine)]
	n := len(mine)
	if w.author != 0 {
		v.ids = append(v.ids, contextID('n', int64(min(4, n))))
	}
	if n == 0 {
		return -1
	}
	g.counts = cleared(g.counts, len(t.object))
	alike, here := -1, -1
	best := float32(0)
	for i, m := range mine {
		c := int(m.class)
		if i < contextCount {
			g.counts[c]++
		}
		if m.like > best {
			best, alike = m.like, c
		}
		if here < 0 && m.here {
			here = c
		}
	}
	last := int64(mine[0].class)
	usual, times := most(g.counts)
	v.ids = append(v.ids,
		contextID('a', int64(w.author)), contextID('1', last), contextID('m', last, int64(min(3, stems/3))),
		contextID('t', int64(usual)), contextID('T', int64(usual), int64(4*times/min(n, contextCount))))
	if n > 1 {
		v.ids = append(v.ids, contextID('2', int64(mine[1].class)))
	}
	if n > 2 {
		v.ids = append(v.ids, contextID('3', int64(mine[2].class)))
	}
	if alike >= 0 {
		v.ids = append(v.ids, contextID('s', int64(alike)), contextID('S', int64(alike), int64(best*5)))
	}
	if here >= 0 {
		v.ids = append(v.ids, contextID('q', int64(here)))
	}
	return usual
}

// readPlace appends where it is and what was reported there; object is the one
// that was reported around most, -1: nothing was.
func (t *branches) readPlace(v *vector, g *glimpse, s *sight, w *where) (object int) {
	if w.district != 0 {
		v.ids = append(v.ids, contextID('d', int64(w.district)))
	}
	if w.area != 0 {
		v.ids = append(v.ids, contextID('r', int64(w.area)))
	}
	if !w.placed {
		return -1
	}
	for _, size := range []int32{1, 2, 4, 10, 30} {
		v.ids = append(v.ids, contextID('c', int64(size), int64(floorOf(w.spot.x, 2*size)), int64(floorOf(w.spot.y, size))))
	}
	g.counts = cleared(g.counts, t.objects)
	n, inSpot := 0, 0
	for i, m := range s.spots {
		if i > 0 && s.spots[i-1].cell != m.cell {
			inSpot = 0
		}
		if inSpot++; inSpot > contextSpot {
			continue
		}
		g.counts[t.object[m.class]]++
		n++
		if m.here {
			v.ids = append(v.ids, contextID('p', int64(m.class)))
		}
	}
	object, times := most(g.counts)
	share := int64(0)
	if n > 0 {
		share = int64(3 * times / n)
	}
	v.ids = append(v.ids, contextID('o', int64(object), share))
	return object
}

// cleared is a list of n zeros, in the room of the old one where it suffices.
func cleared[T any](list []T, n int) []T {
	if cap(list) < n {
		return make([]T, n)
	}
	list = list[:n]
	clear(list)
	return list
}
