package suggest

import "slices"

// memory is what a Past holds of earlier messages, in the order of sending. Of a
// text it keeps the hashes of its terms.
type memory struct {
	tree  *branches
	list  []record
	terms []uint32 // of all records, one behind the other

	later     map[int32][]change // of records whose topic was changed
	byProblem map[int64]int32
	byAuthor  map[uint64][]int32
	bySpot    map[square][]int32
	byFar     map[square][]int32
	postings  postings
}

// record is an earlier message.
type record struct {
	at       int64 // seconds of the city's own clock
	problem  int64
	author   uint64
	spot     square
	from     uint32 // its terms stand at from..from+n
	n        uint16
	class    int16 // of the topic that it was sent with; gone: forgotten
	district uint32
	area     uint32
	length   float32
	placed   bool
	changed  bool // later says to what
}

// change is the topic of a message from a moment on.
type change struct {
	at    int64
	class int16
}

// gone is the class of a record that was forgotten, and of a topic that the
// model does not know.
const gone = -1

func newMemory(tree *branches) *memory {
	return &memory{
		tree: tree, later: map[int32][]change{}, byProblem: map[int64]int32{}, byAuthor: map[uint64][]int32{},
		bySpot: map[square][]int32{}, byFar: map[square][]int32{}, postings: postings{of: map[uint32]int32{}},
	}
}

// classAt is the topic that a message had at a moment.
func (m *memory) classAt(i int32, at int64) int {
	r := &m.list[i]
	if !r.changed {
		return int(r.class)
	}
	class := r.class
	for _, c := range m.later[i] {
		if c.at <= at {
			class = c.class
		}
	}
	return int(class)
}

func (m *memory) termsOf(r *record) []uint32 { return m.terms[r.from : r.from+uint32(r.n)] }

// maxTerms bounds what is kept of one text.
const maxTerms = 400

// add remembers a message that was sent after all others.
func (m *memory) add(problem int64, w *where, g *sign, known []change) {
	n := int32(len(m.list))
	terms := g.terms[:min(len(g.terms), maxTerms)]
	r := record{
		at: w.at, problem: problem, author: w.author, spot: w.spot, district: w.district, area: w.area, placed: w.placed,
		from: uint32(len(m.terms)), n: uint16(len(terms)), length: g.length, class: known[0].class,
	}
	m.terms = append(m.terms, terms...)
	m.list = append(m.list, r)
	if problem != 0 {
		m.byProblem[problem] = n
	}
	m.recall(n, known)
	if r.author != 0 {
		m.byAuthor[r.author] = append(m.byAuthor[r.author], n)
	}
	if r.placed {
		m.bySpot[r.spot] = append(m.bySpot[r.spot], n)
		m.byFar[r.spot.far()] = append(m.byFar[r.spot.far()], n)
	}
	for _, term := range terms {
		m.postings.add(term, n)
	}
}

// recall says anew which topics a message had.
func (m *memory) recall(n int32, known []change) {
	r := &m.list[n]
	r.class, r.changed = known[0].class, len(known) > 1
	if r.changed {
		m.later[n] = slices.Clone(known[1:])
	} else {
		delete(m.later, n)
	}
}

// forget leaves nothing of a message but its place in the list.
func (m *memory) forget(n int32) {
	r := &m.list[n]
	for _, term := range m.termsOf(r) {
		m.postings.drop(term, n)
	}
	clear(m.termsOf(r))
	drop(m.byAuthor, r.author, n)
	if r.placed {
		drop(m.bySpot, r.spot, n)
		drop(m.byFar, r.spot.far(), n)
	}
	delete(m.byProblem, r.problem)
	delete(m.later, n)
	*r = record{at: r.at, from: r.from, n: 0, class: gone}
}

// drop takes a number out of a list of a map, and an empty list out of the map.
func drop[K comparable](of map[K][]int32, key K, n int32) {
	list := of[key]
	if i, found := slices.BinarySearch(list, n); found {
		list = slices.Delete(list, i, i+1)
	}
	if len(list) == 0 {
		delete(of, key)
		return
	}
	of[key] = list
}

// before cuts a list off at a number.
func before(list []int32, n int32) []int32 {
	if len(list) == 0 || list[len(list)-1] < n {
		return list
	}
	end, _ := slices.BinarySearch(list, n)
	return list[:end]
}

// branches are the two upper levels of the tree over the topics of a model.
type branches struct {
	object, category    []int // by class: numbers from 0 on
	objects, categories int
}

// postings say which messages have a term. Most terms are in one message only:
// such a message stands in the map itself, as its complement.
type postings struct {
	of    map[uint32]int32
	lists [][]int32
}

func (p *postings) add(term uint32, n int32) {
	at, known := p.of[term]
	switch {
	case !known:
		p.of[term] = ^n
	case at < 0:
		p.of[term] = int32(len(p.lists))
		p.lists = append(p.lists, []int32{^at, n})
	default:
		p.lists[at] = append(p.lists[at], n)
	}
}

func (p *postings) drop(term uint32, n int32) {
	at, known := p.of[term]
	switch {
	case !known:
	case at == ^n:
		delete(p.of, term)
	case at >= 0:
		if i, found := slices.BinarySearch(p.lists[at], n); found {
			p.lists[at] = slices.Delete(p.lists[at], i, i+1)
		}
	}
}

// read gives the messages of a term: a list, or the only one; none: -1.
func (p *postings) read(term uint32) (list []int32, only int32) {
	at, known := p.of[term]
	switch {
	case !known:
		return nil, -1
	case at < 0:
		return nil, ^at
	}
	return p.lists[at], -1
}
