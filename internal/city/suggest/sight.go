package suggest

import (
	"cmp"
	"slices"
)

// seen is an earlier message as it concerns one that is being written.
type seen struct {
	class int32
	at    int32   // its number in the memory
	like  float32 // of the texts, 0 to 1
	near  float32 // metres, of those around
	ago   int64   // seconds
	here  bool    // at the same spot
	mine  bool    // by the same author
	cell  uint8   // which of the nine around it is in
}

// sight is everything that the memory tells of one message: fetched once, read
// by the context of the joint part and by the evidence of the forest.
type sight struct {
	sign
	cell   uint8  // that is being read
	mine   []seen // the author's, newest first
	spots  []seen // at the spot and the eight around, cell by square, each newest first
	region []seen // within some hundred metres, cell by square, each newest first
	close  []seen // in the same words, the most alike first

	sums    []float32
	touched []int32
	best    []neighbour
	entries []entry
}

// How much is read of the memory for one message.
const (
	readMine     = 300
	readSpot     = 60 // of each spot
	readRegion   = 60 // of each cell
	readPostings = 8000
	neighbours   = 24
)

// glance fetches what the context needs: less than look.
func (m *memory) glance(s *sight, w *where, n int32) {
	s.mine, s.spots, s.region, s.close = s.mine[:0], s.spots[:0], s.region[:0], s.close[:0]
	if w.author != 0 {
		s.mine = m.newest(s.mine, s, w, before(m.byAuthor[w.author], n), contextMine)
	}
	if w.placed {
		for c := range w.spot.around {
			s.cell++
			s.spots = m.newest(s.spots, s, w, before(m.bySpot[c], n), contextSpot)
		}
	}
}

// look fetches what the messages with numbers below n tell of one at w, whose
// sign was taken. It only reads the memory.
func (m *memory) look(s *sight, w *where, n int32) {
	s.mine, s.spots, s.region, s.close = s.mine[:0], s.spots[:0], s.region[:0], s.close[:0]
	if w.author != 0 {
		s.mine = m.newest(s.mine, s, w, before(m.byAuthor[w.author], n), readMine)
	}
	if w.placed {
		for c := range w.spot.around {
			s.cell++
			s.spots = m.newest(s.spots, s, w, before(m.bySpot[c], n), readSpot)
		}
		for c := range w.spot.far().around {
			list := before(m.byFar[c], n)
			s.region = m.newest(s.region, s, w, list[max(0, len(list)-readRegion):], readRegion)
		}
	}
}

// around are a cell and the eight around it.
func (c square) around(yield func(square) bool) {
	for dx := int32(-1); dx <= 1; dx++ {
		for dy := int32(-1); dy <= 1; dy++ {
			if !yield(square{c.x + dx, c.y + dy}) {
				return
			}
		}
	}
}

// newest appends up to limit messages of a list that were sent before w.
func (m *memory) newest(out []seen, s *sight, w *where, list []int32, limit int) []seen {
	for i := len(list) - 1; i >= 0 && limit > 0; i-- {
		r := &m.list[list[i]]
		if r.at >= w.at {
			continue
		}
		c := m.classAt(list[i], w.at)
		if c < 0 {
			continue
		}
		out = append(out, seen{
			class: int32(c), at: list[i], ago: w.at - r.at, like: s.like(m.termsOf(r), r.length),
			here: w.placed && r.placed && r.spot == w.spot, mine: w.author != 0 && r.author == w.author,
			near: r.metres(w), cell: s.cell,
		})
		limit--
	}
	return out
}

// metres is how far a message was from w; where either has no place, very far.
func (r *record) metres(w *where) float32 {
	if !r.placed || !w.placed {
		return 1e6
	}
	return float32(r.spot.metres(w.spot))
}

// neighbour is an earlier message and how like it is.
type neighbour struct {
	at   int32
	like float32
}

// entry is a term of a text with the messages that have it: a list, or one.
type entry struct {
	list   []int32
	only   int32
	weight float32
}

func (e *entry) size() int { return max(1, len(e.list)) }

// search fetches the messages with numbers below n that are most like a text.
// Rare terms are read first; a common one is not read once the budget is spent.
func (m *memory) search(s *sight, w *where, n int32) {
	s.touch(m, n)
	// Sums are of the query's weights only: the full cosine is taken of the best.
	out := s.best[:0]
	const keep = 4 * neighbours
	for _, d := range s.touched {
		v := s.sums[d]
		s.sums[d] = 0
		if len(out) == keep && v <= out[keep-1].like {
			continue
		}
		at := len(out)
		for at > 0 && (out[at-1].like < v || out[at-1].like == v && out[at-1].at < d) {
			at--
		}
		out = slices.Insert(out, at, neighbour{d, v})
		out = out[:min(len(out), keep)]
	}
	for i := range out {
		r := &m.list[out[i].at]
		out[i].like = s.like(m.termsOf(r), r.length)
	}
	slices.SortStableFunc(out, func(a, b neighbour) int { return cmp.Compare(b.like, a.like) })
	s.best = out
	for _, d := range out[:min(len(out), neighbours)] {
		r := &m.list[d.at]
		if c := m.classAt(d.at, w.at); c >= 0 && r.at < w.at {
			s.close = append(s.close, seen{class: int32(c), at: d.at, like: d.like, ago: w.at - r.at, near: r.metres(w)})
		}
	}
}

// touch sums the weights of the terms that messages share with a text.
func (s *sight) touch(m *memory, n int32) {
	if len(s.sums) < len(m.list) {
		s.sums = make([]float32, len(m.list)+len(m.list)/8+64)
	}
	s.entries = s.entries[:0]
	for i, term := range s.terms {
		list, only := m.postings.read(term)
		if list = before(list, n); len(list) == 0 && (only < 0 || only >= n) {
			continue
		}
		s.entries = append(s.entries, entry{list, only, s.weight[i]})
	}
	slices.SortStableFunc(s.entries, func(a, b entry) int { return a.size() - b.size() })
	budget := readPostings
	s.touched = s.touched[:0]
	for i := range s.entries {
		e := &s.entries[i]
		if budget -= e.size(); budget < 0 {
			break
		}
		if len(e.list) == 0 {
			s.add(e.only, e.weight)
		}
		for _, d := range e.list {
			s.add(d, e.weight)
		}
	}
}

func (s *sight) add(d int32, weight float32) {
	if s.sums[d] == 0 {
		s.touched = append(s.touched, d)
	}
	s.sums[d] += weight
}
