package suggest

import (
	"math"
	"testing"
)

// verdicts are n messages of which the model said p; the first right of them
// were.
func verdicts(n, right int, p float64) []verdict {
	list := make([]verdict, n)
	for i := range list {
		list[i] = verdict{first: p, three: p, right: p}
		if i < right {
			list[i].place = 1
		}
	}
	return list
}

func TestCalibrationError(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		list []verdict
		exp  float64
	}{
		"means what it says":   {verdicts(1500, 1500, 1), 0},
		"always wrong":         {verdicts(1500, 0, 0.7), 0.7},
		"says less than it is": {verdicts(1500, 1500, 0.6), 0.4},
		"one example":          {verdicts(1, 1, 0.75), 0.25},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := calibrationError(tt.list); math.Abs(got-tt.exp) > 1e-9 {
				t.Errorf("got %v, want %v", got, tt.exp)
			}
		})
	}
}

func TestLimitsComeFromWhatWasJudged(t *testing.T) {
	t.Parallel()
	list := append(verdicts(200, 198, 0.97), verdicts(200, 150, 0.8)...)
	list = append(list, verdicts(200, 60, 0.2)...)
	got := limitsOf(list)
	if got.Sure != 0.97 {
		t.Errorf("sure from %v on", got.Sure)
	}
	if got.Lost != 0.2 {
		t.Errorf("lost up to %v", got.Lost)
	}
	s := score(list, Limits{Sure: 0.9, Lost: 0.3})
	for what, v := range map[string][2]float64{
		"first": {s.Top1, 408.0 / 600}, "alone": {s.Alone, 1.0 / 3}, "right": {s.Right, 0.99}, "lost": {s.Lost, 1.0 / 3},
	} {
		if math.Abs(v[0]-v[1]) > 1e-9 {
			t.Errorf("%s: %v, want %v", what, v[0], v[1])
		}
	}
}

func TestOneTopicAloneIsNeverShownWithoutProof(t *testing.T) {
	t.Parallel()
	if got := limitsOf(verdicts(10, 10, 0.5)); got != (Limits{Sure: defaultLimits().Sure, Lost: lostLeast, Faint: faint, Ask: askDefault}) {
		t.Errorf("ten examples set the limits: %v", got)
	}
	if got := limitsOf(verdicts(500, 300, 0.99)); got.Sure <= 0.99 {
		t.Errorf("wrong in 40 of 100 and shown alone from %v on", got.Sure)
	}
}

func TestTemperatureIsTheValleyOfTheLoss(t *testing.T) {
	t.Parallel()
	for _, exp := range []float64{0.3, 1, 2.5} {
		got := coolest(func(x float64) float64 { return math.Pow(math.Log(x/exp), 2) })
		if math.Abs(got-exp) > 0.01*exp {
			t.Errorf("got %v, want %v", got, exp)
		}
	}
}

func TestPromotion(t *testing.T) {
	t.Parallel()
	champion := Score{N: 100, Top1: 0.7, LogLoss: 1}
	for name, tt := range map[string]struct {
		challenger Score
		exp        bool
	}{
		"the same":                      {champion, true},
		"better":                        {Score{Top1: 0.72, LogLoss: 0.9}, true},
		"worse":                         {Score{Top1: 0.68, LogLoss: 1.1}, false},
		"surer, a trifle less right":    {Score{Top1: 0.695, LogLoss: 0.9}, true},
		"surer, much less right":        {Score{Top1: 0.65, LogLoss: 0.9}, false},
		"more often right, but unsound": {Score{Top1: 0.72, LogLoss: 1.2}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := notWorse(tt.challenger, champion); got != tt.exp {
				t.Errorf("promoted: %v", got)
			}
		})
	}
}
