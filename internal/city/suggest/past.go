package suggest

import (
	"math"
	"slices"
	"sync"

	"gorod/internal/city/topic"
)

// Past is what is remembered of earlier messages for one model: who sent them,
// where, about what, and in which words. It keeps hashes, no texts and no names.
// Many may ask at once; who remembers waits for them.
type Past struct {
	model *Model

	lock   sync.RWMutex
	memory *memory
	counts *counts
	latest int64 // when the newest message was sent
	most   int   // messages that it holds
}

// mostRemembered is how many messages a Past holds: the newest. St. Petersburg
// sends as many in a year.
const mostRemembered = 100_000

// Past gives an empty one. A model that knows texts only remembers nothing.
func (m *Model) Past() *Past {
	return &Past{model: m, memory: newMemory(&m.branches), counts: newCounts(&m.branches), most: mostRemembered, latest: math.MinInt64}
}

// Len is how many messages are remembered.
func (p *Past) Len() int {
	p.lock.RLock()
	defer p.lock.RUnlock()
	return len(p.memory.list)
}

// Remember adds a message, in the order of sending. One whose Problem is
// remembered already gets its new topic. It never refuses: a topic that the
// model does not know leaves nothing.
func (p *Past) Remember(msg Message) {
	if p.model.archive == nil {
		return
	}
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	t.tokens, t.stems = tokenize(msg.Text)
	p.model.archive.rarity.sign(&t.sight.sign, t.tokens, t.stems)
	w, known := whereOf(&msg.Input), p.model.known(&msg)

	p.lock.Lock()
	defer p.lock.Unlock()
	if n, again := p.memory.byProblem[msg.Problem]; again && msg.Problem != 0 {
		p.memory.recall(n, known)
		return
	}
	p.memory.add(msg.Problem, &w, &t.sight.sign, known)
	p.latest = max(p.latest, w.at)
	if len(p.memory.list) > p.most+p.most/10 {
		p.memory = p.memory.newestOf(p.most)
		p.counts = newCounts(&p.model.branches)
	}
}

// known are the classes that a message had.
func (m *Model) known(msg *Message) []change {
	if len(msg.Known) == 0 {
		return []change{{class: int16(m.text.find(msg.Topic))}}
	}
	list := make([]change, len(msg.Known))
	for i, k := range msg.Known {
		_, offset := k.At.Zone()
		list[i] = change{at: k.At.Unix() + int64(offset), class: int16(m.text.find(k.Topic))}
	}
	return list
}

// Recall gives a remembered problem another topic.
func (p *Past) Recall(problem int64, t topic.ID) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if n, found := p.memory.byProblem[problem]; found && problem != 0 {
		p.memory.recall(n, []change{{class: int16(p.model.text.find(t))}})
	}
}

// Forget drops a problem: neither its words nor its author stay.
func (p *Past) Forget(problem int64) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if n, found := p.memory.byProblem[problem]; found && problem != 0 {
		p.memory.forget(n)
	}
}

// overlapping is the key after which the n newest messages come, at most the
// given one: what is read from there on finds messages that were committed late.
func (p *Past) overlapping(n int, last int64) int64 {
	p.lock.RLock()
	defer p.lock.RUnlock()
	if at := len(p.memory.list) - n; at >= 0 && p.memory.list[at].problem != 0 {
		return min(last, p.memory.list[at].problem)
	}
	return min(last, 0)
}

// newestOf is a memory of the n newest messages.
func (m *memory) newestOf(n int) *memory {
	next := newMemory(m.tree)
	for i := max(0, len(m.list)-n); i < len(m.list); i++ {
		r := &m.list[i]
		if r.class == gone && !r.changed {
			continue
		}
		w := where{at: r.at, author: r.author, district: r.district, area: r.area, spot: r.spot, placed: r.placed, timed: true}
		known := append([]change{{class: r.class}}, m.later[int32(i)]...)
		next.add(r.problem, &w, &sign{terms: m.termsOf(r), length: r.length}, known)
	}
	return next
}

// Suggest gives the n most probable topics by everything that is known, the best
// first.
func (p *Past) Suggest(in Input, n int) []Proposal {
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	if !p.think(t, &in) || n <= 0 {
		return nil
	}
	return p.model.best(t.p, n)
}

// Advise says what to show of an input and whether a question would help.
func (p *Past) Advise(in Input) Advice {
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	if !p.think(t, &in) {
		return Advice{}
	}
	best := p.model.best(t.p, shown+1) // one of them may be Nothing
	limits := p.model.levels[t.level].limits
	a := Advice{Best: real(best), Shown: Decide(best, limits)}
	if in.Object == 0 && len(best) > 0 && best[0].Topic != Nothing && p.model.gain(t.p) >= limits.Ask {
		a.Ask = p.model.question(t.p)
	}
	return a
}

// thought is the working memory of one suggestion.
type thought struct {
	vector
	glimpse
	evidence
	sight  sight
	tokens []string
	stems  []string
	level  int
	linear linearWork
	sieve  sieveWork
	net    netWork
	heard  []float32
	text   []float32 // by class, as all three
	joint  []float32
	p      []float32
	values []float32
	scores []float32
	row    [features]uint8
}

// think finds how likely each topic is; known is false where nothing is known of
// the input that would say.
func (p *Past) think(t *thought, in *Input) (known bool) {
	m, w := p.model, whereOf(in)
	t.level = m.levelOf(in, &w)
	t.tokens, t.stems = tokenize(in.Text)
	known = m.read(t)
	if m.archive == nil {
		copy(t.p, t.text)
		softmax(t.p)
	} else {
		seen := p.fetch(t, &w)
		defer p.lock.RUnlock()
		if known = known || seen; known {
			p.weigh(t, &w)
		} else {
			clear(t.p)
		}
	}
	m.narrow(t.p, in.Object, w.pin)
	m.levels[t.level].curve.bend(t.p)
	return known && slices.Max(t.p) > 0
}

// fetch looks up what the past tells of a message, and leaves it locked for
// reading; seen tells whether it is anything.
func (p *Past) fetch(t *thought, w *where) (seen bool) {
	p.ready(w)
	p.model.archive.rarity.sign(&t.sight.sign, t.tokens, t.stems)
	n := int32(len(p.memory.list))
	p.memory.look(&t.sight, w, n)
	p.memory.search(&t.sight, w, n)
	return len(t.sight.mine)+len(t.sight.spots)+len(t.sight.close) > 0
}

// ready locks the past for reading, when its counts are those of the moment.
func (p *Past) ready(w *where) {
	p.lock.RLock()
	if !w.timed {
		w.at = p.latest + 1
	}
	for now := p.counted(w); p.counts.due(p.memory, now); now = p.counted(w) {
		p.lock.RUnlock()
		p.lock.Lock()
		p.counts.advance(p.memory, p.counted(w), len(p.memory.list))
		p.lock.Unlock()
		p.lock.RLock()
		if !w.timed {
			w.at = p.latest + 1
		}
	}
}

// counted is the moment that counts are taken at: they fade no further than a
// month after the newest message.
func (p *Past) counted(w *where) int64 {
	if p.latest == math.MinInt64 {
		return 0
	}
	return min(w.at, p.latest+30*86400)
}

// weigh turns what was fetched into probabilities.
func (p *Past) weigh(t *thought, w *where) {
	m := p.model
	a := m.archive
	m.branches.readContext(&t.vector, &t.glimpse, t.stems, &t.sight, w)
	a.joint.score(&t.vector, &t.linear, t.joint)
	logSoftmax(t.text)
	logSoftmax(t.joint)
	t.own = a.coarse.score(t.own, &t.vector, &t.linear)
	t.gather(&m.branches, &t.sight, t.text, t.joint)
	list := t.candidates()
	t.values = cleared(t.values, len(list)*features)
	around := t.find(p.counts, w)
	for i, c := range list {
		row := t.values[i*features : (i+1)*features]
		t.fill(row, &m.branches, c, t.text, t.joint, len(t.stems))
		t.count(row, p.counts, &a.confused, &around, c)
	}
	t.scores = cleared(t.scores, len(list))
	a.rankAll(t)
	softmax(t.scores)
	for c, v := range t.odds { // those of the joint part
		t.p[c] = elsewhere * float32(v)
	}
	for i, c := range list {
		t.p[c] += (1 - elsewhere) * t.scores[i]
	}
}

// elsewhere is the share of the probability that is left to topics that are no
// candidates: the right one is not among them in 1.7 % of messages.
const elsewhere = 0.02

// narrow uses what the author said of the place: the object it is about, and how
// it was marked.
func (m *Model) narrow(p []float32, object topic.ID, pin Pin) {
	if object == 0 && (pin == NoPin || m.archive == nil) {
		return
	}
	for c := range p {
		if object != 0 && m.object[c] != object {
			p[c] = 0
		}
		if pin != NoPin && m.archive != nil {
			p[c] *= float32(math.Exp(float64(m.archive.marks[c][pin])))
		}
	}
	scale(p)
}

func scale(p []float32) {
	var sum float32
	for _, v := range p {
		sum += v
	}
	if sum <= 0 {
		return
	}
	for i := range p {
		p[i] /= sum
	}
}

func logSoftmax(s []float32) {
	top := slices.Max(s)
	sum := 0.0
	for _, v := range s {
		sum += math.Exp(float64(v - top))
	}
	z := top + float32(math.Log(sum))
	for i := range s {
		s[i] -= z
	}
}
