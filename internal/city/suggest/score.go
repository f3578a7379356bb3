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

	// Judged is by all that is known of a message at sending (of a model that knows
	// texts only: by its text), Text by the text and alike messages, Question with
	// an answer where one would be asked for, Mark with the kind of mark. Those that
	// were not judged are of no examples.
	Judged   Score `json:"judged"`
	Text     Score `json:"text,omitzero"`
	Question Score `json:"question,omitzero"`
	Mark     Score `json:"mark,omitzero"`
	// Champion is how the model then in use did on the messages of Judged; of no
	// examples where there was none.
	Champion Score `json:"champion,omitzero"`
	// Asked is the share of judged messages of which a question would be asked.
	Asked  float64 `json:"asked,omitempty"`
	Limits Limits  `json:"limits"`
	// Archive says that it knows more than texts.
	Archive bool `json:"archive,omitempty"`
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

// Judge holds a model against examples, by their texts alone.
func (m *Model) Judge(examples []Example) Score {
	p := m.rawTexts(examples)
	verdicts := make([]verdict, len(examples))
	for i, e := range examples {
		m.levels[ofWords].curve.bend(p[i])
		verdicts[i] = m.verdictOf(p[i], e.Topic)
	}
	return score(verdicts, m.levels[ofWords].limits)
}

// JudgeArchive holds a model against messages by all that was known when each
// was sent: what was sent before, and of themselves no topic and no mark.
func (m *Model) JudgeArchive(before, messages []Message) Score {
	p := m.Past()
	for _, msg := range before {
		p.Remember(msg)
	}
	verdicts := make([]verdict, len(messages))
	t := m.borrow()
	defer m.scratch.Put(t)
	for i, msg := range messages {
		msg.Pin, msg.Object = NoPin, 0
		p.think(t, &msg.Input)
		verdicts[i] = m.verdictOf(t.p, msg.Topic)
		p.Remember(msg)
	}
	return score(verdicts, m.Limits())
}

// rawTexts gives the probabilities of the text part before they are bent.
func (m *Model) rawTexts(examples []Example) [][]float32 {
	t := m.borrow()
	defer m.scratch.Put(t)
	out := make([][]float32, len(examples))
	for i, e := range examples {
		t.tokens, t.stems = tokenize(e.Text)
		m.read(t)
		softmax(t.text)
		out[i] = slices.Clone(t.text)
	}
	return out
}

func (m *Model) verdictOf(p []float32, right topic.ID) verdict {
	v := verdict{right: unseen}
	if c := m.text.find(right); c >= 0 {
		v.right = max(unseen, float64(p[c]))
	}
	best := m.best(p, shown)
	for i, proposal := range best {
		v.three += proposal.P
		if proposal.Topic == right {
			v.place = i + 1
		}
	}
	if len(best) > 0 {
		v.first = best[0].P
	}
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
