package suggest

import (
	"cmp"
	"slices"
	"sync"
	"unicode/utf8"

	"gorod/internal/city/topic"
)

// Proposal is a topic with the probability that it is the right one.
type Proposal struct {
	Topic topic.ID `json:"topic"`
	P     float64  `json:"p"`
}

// Word is a word of a text and how much it spoke for a topic.
type Word struct {
	Text   string  `json:"text"`
	Weight float64 `json:"weight"`
}

// Model is a trained model. It is never changed and safe for many goroutines.
//
// It always knows texts. One that was trained on an archive knows also what
// author, place and time say, and how to weigh all that: see Past.
type Model struct {
	text     linear
	net      *net     // nil: too few examples for one
	archive  *archive // nil: texts only
	object   []topic.ID
	category []topic.ID // by class; 0: not known
	branches branches
	levels   [levels]judged
	prints   []uint32 // of the texts that it was trained on, sorted

	scratch sync.Pool
}

// archive are the parts of a model that was trained on earlier messages.
type archive struct {
	joint    linear // of text and context
	coarse   coarse // the same of objects and of categories
	forest   forest
	rarity   rarity
	confused steps           // from the topic that joint named first to the right one
	texts    int             // by which rarity was counted
	marks    [][pins]float32 // by class: logarithm of P(mark | topic)

	sifted sync.Once // what is made of the forest when it is first asked
	sieve  *sieve    // nil: it has other trees
}

// judged is what a model was found to be on messages that it had not seen, by
// what is known of them.
type judged struct {
	curve  curve
	limits Limits
}

// The levels of what may be known of a message.
const (
	ofWords    = iota // the text alone, by its own part
	ofText            // the text, and alike messages
	ofHabit           // text, time, author, place
	ofQuestion        // and the author's answer to a question
	ofMark            // and how the place was marked
	levels
)

// maxTopics is how many topics a model can tell apart.
const maxTopics = 4096

// Topics are those that the model knows, by id.
func (m *Model) Topics() []topic.ID { return slices.Clone(m.text.topics) }

// ObjectOf is the first level of the tree over a topic, as it was when the model
// was trained; 0: not known.
func (m *Model) ObjectOf(t topic.ID) topic.ID {
	if c := m.text.find(t); c >= 0 {
		return m.object[c]
	}
	return 0
}

// Limits are the thresholds that were found when the model was judged: of text,
// time, author and place, or of the text alone where it knows no more.
func (m *Model) Limits() Limits {
	if m.archive == nil {
		return m.levels[ofWords].limits
	}
	return m.levels[ofHabit].limits
}

// LimitsFor are the thresholds for what is known of one message.
func (m *Model) LimitsFor(in Input) Limits {
	w := whereOf(&in)
	return m.levels[m.levelOf(&in, &w)].limits
}

// levelOf says which level of knowledge a message has for this model.
func (m *Model) levelOf(in *Input, w *where) int {
	switch {
	case in.Object != 0:
		return ofQuestion
	case m.archive == nil:
		return ofWords
	case w.pin != NoPin:
		return ofMark
	case w.author != 0 || w.placed:
		return ofHabit
	}
	return ofText
}

func (m *Model) borrow() *thought {
	if t, ok := m.scratch.Get().(*thought); ok {
		return t
	}
	k := len(m.text.topics)
	return &thought{
		text: make([]float32, k), heard: make([]float32, k), joint: make([]float32, k), p: make([]float32, k),
	}
}

// Suggest gives the n most probable topics by the text alone, the best first. Of
// a text without a single known feature it knows nothing and gives none.
func (m *Model) Suggest(in Input, n int) []Proposal {
	t := m.borrow()
	defer m.scratch.Put(t)
	t.tokens, t.stems = tokenize(in.Text)
	if known := m.read(t); !known || n <= 0 {
		return nil
	}
	softmax(t.text)
	m.levels[ofWords].curve.bend(t.text)
	return m.best(t.text, n)
}

// read fills t.text with the raw scores of the text that was cut into t.tokens:
// the mean of what both readers say. known tells whether either knows any of it.
func (m *Model) read(t *thought) (known bool) {
	t.take(t.tokens, t.stems)
	known = m.text.score(&t.vector, &t.linear, t.text)
	return m.net.mix(&t.net, t.tokens, t.stems, t.heard, t.text) || known
}

// expect makes topics more or less probable beforehand.
func (m *Model) expect(prior map[topic.ID]float64) {
	share := float32(1)
	if m.net != nil {
		share -= m.net.share // what of a bias is left in the mean of scores
	}
	for c, t := range m.text.topics {
		m.text.bias[c] += float32(prior[t]) / share
	}
}

// nothingSure is from which probability on Nothing counts: a topic that is
// guessed wrongly costs a resident less than one that is not offered.
const nothingSure = 0.5

// best picks the n greatest; of equals the smaller id comes first. Nothing is
// among them only where it is more likely than all topics together.
func (m *Model) best(p []float32, n int) []Proposal {
	n = min(n, len(p))
	top := make([]Proposal, 0, n+1)
	for c, v := range p {
		if v <= 0 || m.text.topics[c] == Nothing && v < nothingSure {
			continue
		}
		if len(top) == n && float64(v) <= top[n-1].P {
			continue
		}
		at := len(top)
		for at > 0 && top[at-1].P < float64(v) {
			at--
		}
		top = slices.Insert(top, at, Proposal{Topic: m.text.topics[c], P: float64(v)})
		top = top[:min(len(top), n)]
	}
	return top
}

// Explain gives the n words of a text that spoke most for a topic, the most
// telling first: how much each raised this topic above the average of all. A
// word that spoke against it is not among them; a small word («не», «на», «это»)
// only where no other spoke for it.
func (m *Model) Explain(in Input, t topic.ID, n int) []Word {
	class := m.text.find(t)
	if class < 0 || n <= 0 {
		return nil
	}
	var v vector
	tokens, stems := tokenize(in.Text)
	v.take(tokens, stems)
	speaks := func(kind int, ids ...uint32) float64 { return m.text.speaks(kind, len(v.of(kind)), class, ids...) }
	var found []Word
	for i, token := range tokens {
		if token == "" || slices.ContainsFunc(found, func(w Word) bool { return w.Text == token }) {
			continue
		}
		said := speaks(words, wordID(stems[i])) + speaks(grams, appendGrams(nil, token)...)
		if i > 0 { // a pair is said by both of its words
			said += speaks(pairs, pairID(stems[i-1], stems[i])) / 2
		}
		if i+1 < len(stems) {
			said += speaks(pairs, pairID(stems[i], stems[i+1])) / 2
		}
		if said > 0 {
			found = append(found, Word{Text: token, Weight: said})
		}
	}
	if slices.ContainsFunc(found, func(w Word) bool { return !isSmall(w.Text) }) {
		found = slices.DeleteFunc(found, func(w Word) bool { return isSmall(w.Text) })
	}
	slices.SortStableFunc(found, func(a, b Word) int { return cmp.Compare(b.Weight, a.Weight) })
	return found[:min(n, len(found))]
}

// isSmall tells whether a folded word tells a reader nothing by itself: one of
// two letters or fewer, a preposition, a conjunction, a pronoun.
func isSmall(word string) bool {
	if utf8.RuneCountInString(word) <= 2 {
		return true
	}
	switch word {
	case "для", "или", "что", "чтобы", "как", "так", "это", "этот", "эта", "эти", "этого", "этой", "все", "всех", "при",
		"под", "над", "без", "про", "через", "между", "перед", "около", "возле", "вдоль", "после", "где", "там", "тут", "здесь",
		"уже", "еще", "нет", "был", "была", "было", "были", "есть", "нас", "нам", "наш", "наша", "наше", "нашем", "нашей", "вас", "вам",
		"ваш", "мне", "меня", "мой", "моя", "они", "она", "оно", "его", "нее", "них", "который", "которая", "которое", "которые",
		"тоже", "также", "только", "очень", "когда", "пока", "если", "хотя", "ведь", "даже", "себя", "том", "тот", "того",
		"the", "and", "for", "that", "this", "with", "not":
		return true
	}
	return false
}

// grow makes the branches of the classes.
func (m *Model) grow() {
	m.branches = branches{}
	m.branches.object, m.branches.objects = numbered(m.object)
	m.branches.category, m.branches.categories = numbered(m.category)
}

// numbered numbers what differs from 0 on.
func numbered(ids []topic.ID) (number []int, n int) {
	of := map[topic.ID]int{}
	for _, id := range ids {
		if _, known := of[id]; !known {
			of[id] = len(of)
		}
		number = append(number, of[id])
	}
	return number, len(of)
}

// Tree says of a topic to which object and category it belongs: the two levels
// above it. 0: it does not know.
type Tree interface {
	ObjectOf(topic.ID) topic.ID
	CategoryOf(topic.ID) topic.ID
}

// plant takes from a tree what the model has to know of it; nil: nothing.
func (m *Model) plant(tree Tree) {
	m.object, m.category = make([]topic.ID, len(m.text.topics)), make([]topic.ID, len(m.text.topics))
	for c, id := range m.text.topics {
		if tree != nil && id != Nothing {
			m.object[c], m.category[c] = tree.ObjectOf(id), tree.CategoryOf(id)
		}
	}
	m.grow()
}
