package suggest

import (
	"math"
	"slices"

	"gorod/internal/city/topic"
)

// Report says what a model was made of and how it did on examples that it had
// not seen.
type Report struct {
	Examples int `json:"examples"` // trained on
	Lessons  int `json:"lessons"`  // of them decided messages of the city
	Topics   int `json:"topics"`
	Features int `json:"features"`
	Weights  int `json:"weights"`
	Bytes    int `json:"bytes"` // of the encoded model
	// Until is the key of the newest decided message in it; 0: there is none.
	Until int64 `json:"until"`

	Judged      Score   `json:"judged"`
	Temperature float64 `json:"temperature"`
	Limits      Limits  `json:"limits"`
}

// Score is how a model did on n examples.
type Score struct {
	N       int     `json:"n"`
	Top1    float64 `json:"top1"`     // share whose topic was proposed first
	Top3    float64 `json:"top3"`     // share whose topic was among the first three
	LogLoss float64 `json:"log_loss"` // mean of -ln P(the right topic)
	ECE     float64 `json:"ece"`      // expected calibration error, 15 bins of equal mass
	// Alone is the share of examples of which one topic would be shown, Right
	// how many of those are right, Lost the share of which none would be.
	Alone float64 `json:"alone"`
	Right float64 `json:"right"`
	Lost  float64 `json:"lost"`
}

// unseen is the probability given to a topic that the model does not know.
const unseen = 1e-6

// verdict is what a model said of one example.
type verdict struct {
	first float64 // probability of its first proposal
	three float64 // of its first three together
	right float64 // of the right topic
	place int     // 1: proposed first; 0: not among three
}

// Judge holds a model against examples.
func (m *Model) Judge(examples []Example) Score {
	verdicts := make([]verdict, len(examples))
	for i, e := range examples {
		verdicts[i] = m.verdict(e)
	}
	return score(verdicts, m.limits)
}

func (m *Model) verdict(e Example) verdict {
	o := m.borrow()
	defer m.scratch.Put(o)
	m.scores(o, Input{Text: e.Text})
	m.probabilities(o.scores)
	return verdictOf(o.scores, m.topics, e.Topic, m.best(o.scores, shown))
}

func verdictOf(p []float32, topics []topic.ID, right topic.ID, best []Proposal) verdict {
	v := verdict{right: unseen}
	if c, known := slices.BinarySearch(topics, right); known {
		v.right = max(unseen, float64(p[c]))
	}
	for i, proposal := range best {
		v.three += proposal.P
		if proposal.Topic == right {
			v.place = i + 1
		}
	}
	v.first = best[0].P
	return v
}

func score(verdicts []verdict, limits Limits) Score {
	s := Score{N: len(verdicts)}
	if s.N == 0 {
		return s
	}
	alone, right := 0.0, 0.0
	for _, v := range verdicts {
		s.LogLoss -= math.Log(v.right)
		if v.place == 1 {
			s.Top1++
		}
		if v.place > 0 {
			s.Top3++
		}
		switch {
		case v.first >= limits.Sure:
			alone++
			if v.place == 1 {
				right++
			}
		case v.three <= limits.Lost:
			s.Lost++
		}
	}
	n := float64(s.N)
	s.LogLoss, s.Top1, s.Top3, s.Lost, s.Alone = s.LogLoss/n, s.Top1/n, s.Top3/n, s.Lost/n, alone/n
	if alone > 0 {
		s.Right = right / alone
	}
	s.ECE = calibrationError(verdicts)
	return s
}

// calibrationError is the mean distance between what a model said of its first
// proposal and how often that was right, over 15 bins of equal mass.
func calibrationError(verdicts []verdict) float64 {
	const bins = 15
	sorted := slices.Clone(verdicts)
	slices.SortStableFunc(sorted, func(a, b verdict) int { return compare(a.first, b.first) })
	sum := 0.0
	for bin := range bins {
		said, was := 0.0, 0.0
		for _, v := range sorted[len(sorted)*bin/bins : len(sorted)*(bin+1)/bins] {
			said += v.first
			if v.place == 1 {
				was++
			}
		}
		sum += math.Abs(said - was)
	}
	return sum / float64(len(sorted))
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// calibrate finds the temperature by which the model's probabilities on judge
// mean what they say, and the limits by which proposals are shown.
func (m *Model) calibrate(judge []Example) Report {
	if len(judge) == 0 {
		return Report{Temperature: m.temperature, Limits: m.limits}
	}
	raw := make([][]float32, len(judge))
	for i, e := range judge {
		o := m.borrow()
		m.scores(o, Input{Text: e.Text})
		raw[i] = slices.Clone(o.scores)
		m.scratch.Put(o)
	}
	m.temperature = coolest(func(temperature float64) float64 { return m.loss(raw, judge, temperature) })
	verdicts := make([]verdict, len(judge))
	for i, e := range judge {
		m.probabilities(raw[i])
		verdicts[i] = verdictOf(raw[i], m.topics, e.Topic, m.best(raw[i], shown))
	}
	m.limits = limitsOf(verdicts)
	return Report{Judged: score(verdicts, m.limits), Temperature: m.temperature, Limits: m.limits}
}

// loss is the log-loss of raw scores at a temperature.
func (m *Model) loss(raw [][]float32, judge []Example, temperature float64) float64 {
	sum := 0.0
	for i, e := range judge {
		c, known := slices.BinarySearch(m.topics, e.Topic)
		if !known {
			continue // the same at every temperature
		}
		top := float64(slices.Max(raw[i]))
		all := 0.0
		for _, s := range raw[i] {
			all += math.Exp((float64(s) - top) / temperature)
		}
		sum += math.Log(all) - (float64(raw[i][c])-top)/temperature
	}
	return sum
}

// coolest finds the temperature of the least loss by golden section; the loss
// has one valley.
func coolest(loss func(temperature float64) float64) float64 {
	const ratio = 0.6180339887498949
	low, high := math.Log(0.05), math.Log(5.0)
	at := func(x float64) float64 { return loss(math.Exp(x)) }
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := at(a), at(b)
	for range 24 {
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = at(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = at(b)
		}
	}
	return math.Exp((low + high) / 2)
}
