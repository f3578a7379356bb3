package suggest

import (
	"cmp"
	"math"
	"slices"
)

// curve bends probabilities until they mean what they say: each distribution
// is raised to a power that depends on how sure it was, which changes neither its
// order nor its sum. heat is by the probability of the first proposal: the knots
// rise, between them it is drawn straight.
type curve struct {
	knots []knot
}

type knot struct {
	at   float32 // probability of the first proposal as it was
	heat float32 // 1: as it is; above: less sure
}

// straight changes nothing.
func straight() curve { return curve{knots: []knot{{0.5, 1}}} }

func (c curve) heatAt(p float32) float32 {
	for i, k := range c.knots {
		if p > k.at {
			continue
		}
		if i == 0 {
			return k.heat
		}
		before := c.knots[i-1]
		return before.heat + (k.heat-before.heat)*(p-before.at)/(k.at-before.at)
	}
	return c.knots[len(c.knots)-1].heat
}

// bend changes a distribution in place.
func (c curve) bend(p []float32) {
	top := slices.Max(p)
	if top <= 0 {
		return
	}
	if heat := c.heatAt(top); heat != 1 {
		cool(p, top, heat)
	}
}

// cool raises a distribution to the power 1/heat.
func cool(p []float32, top, heat float32) {
	for i, v := range p {
		if v > 0 {
			p[i] = float32(math.Exp(math.Log(float64(v/top)) / float64(heat)))
		}
	}
	scale(p)
}

const (
	// knotMass is how many judged messages a knot needs, manyKnots how many there
	// are at most.
	knotMass, manyKnots = 400, 10
	coldest, hottest    = 0.25, 4
)

// spectrum is a distribution as heat changes it: the logarithms of its values as
// shares of the greatest, those that matter.
type spectrum struct {
	logs []float64
	top  float64
	own  float64 // that of the right topic; 1: it is not known
	hit  bool    // the right topic is the first
}

const matters = 1e-5

func spectrumOf(p []float32, right int) spectrum {
	s := spectrum{top: float64(slices.Max(p)), own: 1}
	if s.top <= 0 {
		return s
	}
	for _, v := range p {
		if float64(v) > matters*s.top {
			s.logs = append(s.logs, math.Log(float64(v)/s.top))
		}
	}
	if right >= 0 {
		s.own = math.Log(max(float64(p[right])/s.top, unseen))
		s.hit = s.own == 0
	}
	return s
}

// sum is what the values are shares of, at a heat.
func (s *spectrum) sum(heat float64) float64 {
	sum := 0.0
	for _, v := range s.logs {
		sum += math.Exp(v / heat)
	}
	return sum
}

// curveOf fits a curve to what a model said of judged messages: raw are its
// distributions, right the classes of the right topics, -1 where it knows none.
func curveOf(raw [][]float32, right []int) curve {
	list := make([]spectrum, len(raw))
	for i, p := range raw {
		list[i] = spectrumOf(p, right[i])
	}
	list = slices.DeleteFunc(list, func(s spectrum) bool { return s.top <= 0 })
	if len(list) == 0 {
		return straight()
	}
	slices.SortStableFunc(list, func(a, b spectrum) int { return cmp.Compare(a.top, b.top) })
	knots := min(manyKnots, len(list)/knotMass)
	if knots < 2 {
		heat := coolest(func(heat float64) float64 { return loss(list, heat) })
		return curve{knots: []knot{{0.5, float32(heat)}}}
	}
	var c curve
	for k := range knots {
		bin := list[len(list)*k/knots : len(list)*(k+1)/knots]
		at := 0.0
		for _, s := range bin {
			at += s.top / float64(len(bin))
		}
		if n := len(c.knots); n > 0 && float32(at) <= c.knots[n-1].at {
			continue
		}
		c.knots = append(c.knots, knot{float32(at), heatOf(bin)})
	}
	return c
}

// heatOf finds the heat by which the first proposals of some messages are as
// probable, on average, as they are right.
func heatOf(bin []spectrum) float32 {
	was := 0.0
	for _, s := range bin {
		if s.hit {
			was++
		}
	}
	low, high := math.Log(coldest), math.Log(hottest)
	for range 16 {
		heat := math.Exp((low + high) / 2)
		said := 0.0
		for i := range bin {
			said += 1 / bin[i].sum(heat)
		}
		if said > was {
			low = math.Log(heat)
		} else {
			high = math.Log(heat)
		}
	}
	return float32(math.Exp((low + high) / 2))
}

// loss is the log-loss of distributions at a heat.
func loss(list []spectrum, heat float64) float64 {
	sum := 0.0
	for i := range list {
		if s := &list[i]; s.own <= 0 { // where it is not known, all heats are the same
			sum += math.Log(s.sum(heat)) - s.own/heat
		}
	}
	return sum
}

// coolest finds the heat of the least loss by golden section; the loss has one
// valley.
func coolest(loss func(heat float64) float64) float64 {
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

// calibrate judges the text part, and finds its curve and limits.
func (m *Model) calibrate(judge []Example) Report {
	if len(judge) == 0 {
		return Report{Limits: m.Limits()}
	}
	right := make([]int, len(judge))
	for i, e := range judge {
		right[i] = m.text.find(e.Topic)
	}
	raw := m.rawTexts(judge)
	answers := copies(raw)
	report := m.settle(ofWords, raw, right)
	report.Question, report.Asked = m.answered(ofWords, raw, answers, right)
	return report
}

// answered settles the level of the question: those that would be asked, by their
// answers. All together are judged with at most one question each.
func (m *Model) answered(level int, bent, raw [][]float32, right []int) (all Score, asked float64) {
	limits := m.levels[level].limits
	m.levels[ofQuestion] = m.levels[level]
	var list [][]float32
	var classes []int
	var verdicts []verdict
	for i, p := range bent {
		if class := right[i]; class >= 0 && m.object[class] != 0 && m.gain(p) >= limits.Ask {
			m.narrow(raw[i], m.object[class], NoPin)
			list, classes = append(list, raw[i]), append(classes, class)
			continue
		}
		verdicts = append(verdicts, m.verdictOf(p, m.topicOf(right[i])))
	}
	if len(list) == 0 {
		return Score{}, 0
	}
	m.settle(ofQuestion, list, classes)
	for i, p := range list {
		verdicts = append(verdicts, m.verdictOf(p, m.topicOf(classes[i])))
	}
	return score(verdicts, limits), float64(len(list)) / float64(len(bent))
}

// settle finds the curve and the limits of a level by judged messages; it bends
// the distributions.
func (m *Model) settle(level int, raw [][]float32, right []int) Report {
	c := curveOf(raw, right)
	verdicts := make([]verdict, len(raw))
	gains := make([]float64, len(raw))
	for i, p := range raw {
		c.bend(p)
		verdicts[i], gains[i] = m.verdictOf(p, m.topicOf(right[i])), m.gain(p)
	}
	limits := limitsOf(verdicts)
	limits.Ask = askOf(gains)
	m.levels[level] = judged{curve: c, limits: limits}
	return Report{Judged: score(verdicts, limits), Limits: limits}
}

// askOf is the gain from which on a question is asked of askMost of all judged
// messages.
func askOf(gains []float64) float64 {
	if len(gains) < support {
		return askDefault
	}
	sorted := slices.Clone(gains)
	slices.Sort(sorted)
	return max(askLeast, sorted[len(sorted)-int(askMost*float64(len(sorted)))])
}
