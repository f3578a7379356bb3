package suggest

import (
	"math"
	"slices"
)

// veil says what is hidden of a message, so that the forest also learns what to
// make of those of whom less is known: texts without a place, writers without a
// name.
type veil uint8

// The veils.
const (
	bare    veil = iota // all is known
	nobody              // no author
	nowhere             // no place
	both
)

// veilOf hides something of one message of five, besides showing all of it.
func veilOf(i int) veil {
	switch h := uint32(i) * 2654435761 >> 16 % 100; {
	case h < 10:
		return both
	case h < 15:
		return nobody
	case h < 20:
		return nowhere
	}
	return bare
}

func (v veil) over(w where) where {
	if v == nobody || v == both {
		w.author = 0
	}
	if v == nowhere || v == both {
		w.placed, w.spot, w.district, w.area = false, square{}, 0, 0
	}
	return w
}

// showing is one message under one veil, as it goes into the ledger.
type showing struct {
	at     int // of the message
	veil   veil
	where  where
	list   []int // the candidates
	values []float32
	first  int       // the class that the joint part names first
	last   int32     // that of the author's last message
	text   []float32 // probabilities of the linear parts, where they are wanted
	joint  []float32
}

// exam is what the newest stage was said to be.
type exam struct {
	first    int // message
	group    int // of the ledger
	row      int
	showings []showing
}

// collect turns the messages from..to into groups of the ledger. What comes of
// memory and linear parts is gathered side by side; what is counted, one after
// the other.
func (c *course) collect(from, to int, weight float32, keep *exam) {
	var all []showing
	for i := from; i < to; i++ {
		all = append(all, showing{at: i})
		if v := veilOf(i); v != bare {
			all = append(all, showing{at: i, veil: v})
		}
	}
	var e evidence
	e.byJoint = []int{0}
	for block := range slices.Chunk(all, gatherBlock) {
		parallel(c.options.Workers, len(block), func(a, b int) {
			w := c.worker()
			for i := a; i < b; i++ {
				w.show(&block[i], keep != nil)
			}
		})
		for i := range block {
			s := &block[i]
			c.counts.advance(c.memory, s.where.at, s.at)
			around := e.find(c.counts, &s.where)
			e.last.class, e.byJoint[0] = s.last, s.first
			right := int32(-1)
			for k, class := range s.list {
				e.count(s.values[k*features:(k+1)*features], c.counts, &c.model.archive.confused, &around, class)
				if c.model.text.topics[class] == c.messages[s.at].Topic {
					right = int32(c.ledger.rows() + k)
				}
			}
			c.ledger.add(s.values)
			c.ledger.right = append(c.ledger.right, right)
			c.ledger.weight = append(c.ledger.weight, weight)
			c.ledger.group = append(c.ledger.group, int32(c.ledger.rows()))
			if class := c.model.text.find(c.messages[s.at].Topic); s.veil == bare {
				c.model.archive.confused.add(s.first, class)
			}
			s.values = nil
		}
	}
	if keep != nil {
		keep.showings = all
	}
}

// observer is one who shows messages, with their working memory.
type observer struct {
	*course
	thought
	a, b, c, d scratch
}

func (c *course) worker() *observer {
	k := len(c.model.text.topics)
	o := &observer{
		course: c, a: scratch{p: make([]float32, k)}, b: scratch{p: make([]float32, k)},
		c: scratch{p: make([]float32, c.model.branches.objects)}, d: scratch{p: make([]float32, c.model.branches.categories)},
	}
	o.heard = make([]float32, k)
	return o
}

// show gathers all of a message but what is counted.
func (o *observer) show(s *showing, keep bool) {
	m := o.model
	s.where = s.veil.over(o.wheres[s.at])
	o.tokens, o.stems = tokenize(o.messages[s.at].Text)
	m.archive.rarity.sign(&o.sight.sign, o.tokens, o.stems)
	o.memory.look(&o.sight, &s.where, int32(s.at))
	o.memory.search(&o.sight, &s.where, int32(s.at))
	n := o.examples + s.at
	l := o.course.joint.train[n]
	if s.veil != bare {
		short := l.textOnly()
		o.vector.ids, o.vector.ends = append(o.vector.ids[:0], short.ids...), short.ends
		m.branches.readContext(&o.vector, &o.glimpse, o.stems, &o.sight, &s.where)
		l.vector = o.vector
	}
	o.own = own{object: o.course.object.says(&l, &o.c), category: o.course.category.says(&l, &o.d)}
	text, joint := o.reads(n), o.course.joint.says(&l, &o.b)
	o.gather(&m.branches, &o.sight, text, joint)
	s.list, s.first, s.last = slices.Clone(o.candidates()), o.byJoint[0], o.last.class
	s.values = make([]float32, len(s.list)*features)
	for i, class := range s.list {
		o.fill(s.values[i*features:(i+1)*features], &m.branches, class, text, joint, len(o.stems))
	}
	if keep {
		s.joint = exponents(joint)
		if s.veil == bare {
			s.text = exponents(text)
		}
	}
}

func exponents(logs []float32) []float32 {
	p := make([]float32, len(logs))
	for i, v := range logs {
		p[i] = float32(math.Exp(float64(v)))
	}
	return p
}

// reads gives the log-probabilities of a lesson by both readers of its text.
func (o *observer) reads(n int) []float32 {
	t := o.course.text
	t.gather(&t.train[n], &o.a)
	t.add(&o.a)
	o.model.net.mix(&o.net, o.tokens, o.stems, o.heard, o.a.p)
	logSoftmax(o.a.p)
	return o.a.p
}

// says gives the log-probabilities of a lesson.
func (t *trainer) says(l *lesson, w *scratch) []float32 {
	t.gather(l, w)
	t.add(w)
	logSoftmax(w.p)
	return w.p
}

// examine settles all levels of the model by what it said of the newest stage.
func (c *course) examine(x *exam) Report {
	m := c.model
	var row [features]uint8
	raw, right := [levels][][]float32{}, [levels][]int{}
	add := func(level int, p []float32, class int) {
		raw[level], right[level] = append(raw[level], p), append(right[level], class)
	}
	marked := false
	at := x.row
	for i := range x.showings {
		s := &x.showings[i]
		scores := make([]float32, len(s.list))
		for k := range scores {
			m.archive.forest.score(c.ledger.row(at+k), row[:], scores[k:k+1])
		}
		at += len(s.list)
		softmax(scores)
		for class := range s.joint {
			s.joint[class] *= elsewhere
		}
		for k, class := range s.list {
			s.joint[class] += (1 - elsewhere) * scores[k]
		}
		class := m.text.find(c.messages[s.at].Topic)
		switch s.veil {
		case bare:
			add(ofWords, s.text, class)
			add(ofHabit, s.joint, class)
			if pin := c.wheres[s.at].pin; pin != NoPin {
				marked = true
				p := slices.Clone(s.joint)
				m.narrow(p, 0, pin)
				add(ofMark, p, class)
			}
		case both:
			add(ofText, s.joint, class)
		}
	}
	answers := copies(raw[ofHabit])
	report := m.settle(ofHabit, raw[ofHabit], right[ofHabit])
	if fresh := c.options.fresh - x.first; fresh > 0 {
		var verdicts []verdict
		for i, p := range raw[ofHabit][fresh:] {
			verdicts = append(verdicts, m.verdictOf(p, m.topicOf(right[ofHabit][fresh+i])))
		}
		report.Judged = score(verdicts, report.Limits)
	}
	report.Archive = true
	report.Text = m.settle(ofText, raw[ofText], right[ofText]).Judged
	m.settle(ofWords, raw[ofWords], right[ofWords])
	m.levels[ofMark] = m.levels[ofHabit]
	if marked {
		report.Mark = m.settle(ofMark, raw[ofMark], right[ofMark]).Judged
	}
	report.Question, report.Asked = m.answered(ofHabit, raw[ofHabit], answers, right[ofHabit])
	return report
}

func copies(list [][]float32) [][]float32 {
	out := make([][]float32, len(list))
	for i, p := range list {
		out[i] = slices.Clone(p)
	}
	return out
}
