package suggest

import (
	"cmp"
	"math"
	"slices"
	"sync"

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
// Weights are whole numbers of -127 to 127 times a scale a topic, kept by
// bucket: those of bucket b stand at start[b]..start[b+1].
type Model struct {
	topics      []topic.ID // sorted
	bias        []float32
	scale       []float32
	share       [kinds]float32
	start       []uint32
	class       []uint16
	weight      []int8
	temperature float64
	limits      Limits

	scratch sync.Pool
}

// maxTopics is how many topics a model can tell apart.
const maxTopics = 4096

// opinion is the working memory of one suggestion.
type opinion struct {
	vector
	sums   []int32
	scores []float32
}

func (m *Model) borrow() *opinion {
	if o, ok := m.scratch.Get().(*opinion); ok {
		return o
	}
	return &opinion{sums: make([]int32, len(m.topics)), scores: make([]float32, len(m.topics))}
}

// Topics are those that the model knows, by id.
func (m *Model) Topics() []topic.ID { return slices.Clone(m.topics) }

// Limits are the thresholds that were found when the model was judged.
func (m *Model) Limits() Limits { return m.limits }

// Suggest gives the n most probable topics, the best first. Of a text without
// a single known feature it knows nothing and gives none.
func (m *Model) Suggest(in Input, n int) []Proposal {
	o := m.borrow()
	defer m.scratch.Put(o)
	if known := m.scores(o, in); !known || n <= 0 {
		return nil
	}
	m.probabilities(o.scores)
	return m.best(o.scores, n)
}

// scores fills o.scores with the raw scores of a text; known tells whether any
// feature of it was seen in training.
func (m *Model) scores(o *opinion, in Input) (known bool) {
	o.read(in.Text)
	copy(o.scores, m.bias)
	for kind := range kinds {
		ids := o.of(kind)
		clear(o.sums)
		for _, id := range ids {
			from, to := m.start[id], m.start[id+1]
			known = known || from != to
			weights := m.weight[from:to]
			for i, c := range m.class[from:to] {
				o.sums[c] += int32(weights[i])
			}
		}
		x := valueOf(m.share[kind], len(ids))
		for c, sum := range o.sums {
			o.scores[c] += x * m.scale[c] * float32(sum)
		}
	}
	return known
}

// probabilities turns scores into calibrated probabilities, in place.
func (m *Model) probabilities(scores []float32) {
	cool := float32(1 / m.temperature)
	for i := range scores {
		scores[i] *= cool
	}
	softmax(scores)
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
		if m.topics[c] == Nothing && v < nothingSure {
			continue
		}
		if len(top) == n && float64(v) <= top[n-1].P {
			continue
		}
		at := len(top)
		for at > 0 && top[at-1].P < float64(v) {
			at--
		}
		top = slices.Insert(top, at, Proposal{Topic: m.topics[c], P: float64(v)})
		top = top[:min(len(top), n)]
	}
	return top
}

// Explain gives the n words of a text that spoke most for a topic, the most
// telling first: how much each raised this topic above the average of all. A
// word that spoke against it is not among them.
func (m *Model) Explain(in Input, t topic.ID, n int) []Word {
	class, known := slices.BinarySearch(m.topics, t)
	if !known || n <= 0 {
		return nil
	}
	o := m.borrow()
	defer m.scratch.Put(o)
	o.read(in.Text)
	tokens, stems := tokenize(in.Text)
	var found []Word
	for i, token := range tokens {
		if token == "" || slices.ContainsFunc(found, func(w Word) bool { return w.Text == token }) {
			continue
		}
		said := m.speaks(o, words, class, []uint32{wordID(stems[i])})
		said += m.speaks(o, grams, class, appendGrams(nil, token))
		if i > 0 { // a pair is said by both of its words
			said += m.speaks(o, pairs, class, []uint32{pairID(stems[i-1], stems[i])}) / 2
		}
		if i+1 < len(stems) {
			said += m.speaks(o, pairs, class, []uint32{pairID(stems[i], stems[i+1])}) / 2
		}
		if said > 0 {
			found = append(found, Word{Text: token, Weight: said})
		}
	}
	slices.SortStableFunc(found, func(a, b Word) int { return cmp.Compare(b.Weight, a.Weight) })
	return found[:min(n, len(found))]
}

// speaks is what features of one kind add to the score of a class, above what
// they add to the average class.
func (m *Model) speaks(o *opinion, kind, class int, ids []uint32) float64 {
	var own, all float64
	for _, id := range ids {
		for i := m.start[id]; i < m.start[id+1]; i++ {
			c := m.class[i]
			w := float64(m.scale[c]) * float64(m.weight[i])
			all += w
			if int(c) == class {
				own += w
			}
		}
	}
	return float64(valueOf(m.share[kind], len(o.of(kind)))) * (own - all/float64(len(m.topics)))
}

// model rounds and prunes what was trained: the weights that move scores least
// go first, weighed by how many texts have their feature.
func (t *trainer) model() *Model {
	k := len(t.topics)
	m := &Model{
		topics: t.topics, bias: slices.Clone(t.bias), scale: make([]float32, k), share: t.options.knobs.share,
		start: make([]uint32, buckets+1), temperature: 1, limits: defaultLimits(),
	}
	t.center(m.bias)
	for r := range t.rows() {
		for c, w := range t.weights[r*k : r*k+k] {
			m.scale[c] = max(m.scale[c], float32(math.Abs(float64(w))))
		}
	}
	for c := range m.scale {
		m.scale[c] = max(m.scale[c], 1e-6) / 127
	}
	floor := t.floor()
	for r := range t.rows() {
		b := t.bucket[r]
		for c, w := range t.weights[r*k : r*k+k] {
			q := math.Round(float64(w / m.scale[c]))
			if q == 0 || float32(math.Abs(float64(w))) < floor {
				continue
			}
			m.class = append(m.class, uint16(c))
			m.weight = append(m.weight, int8(q))
		}
		m.start[b+1] = uint32(len(m.class))
	}
	for b := range buckets {
		m.start[b+1] = max(m.start[b+1], m.start[b])
	}
	return m
}

// center takes the mean out of scores: it changes no probability, and keeps
// the rounding fine.
func (t *trainer) center(list []float32) {
	var sum float32
	for _, v := range list {
		sum += v
	}
	for i := range list {
		list[i] -= sum / float32(len(list))
	}
}

// floor is the size below which weights are left out so that the model keeps
// its budget. It is read off a histogram.
func (t *trainer) floor() float32 {
	const bins, top = 4096, 4
	var counts [bins]int
	for _, w := range t.weights {
		counts[min(bins-1, int(math.Abs(float64(w))/top*bins))]++
	}
	kept := 0
	for bin := bins - 1; bin > 0; bin-- {
		if kept += counts[bin]; kept > t.options.knobs.budget {
			return float32(bin+1) * top / bins
		}
	}
	return t.options.knobs.least
}
