package generate

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"sort"
	"strings"
	"time"
)

//go:embed fitted.json
var fittedBody []byte

// Fitted is what was learnt from recorded histories: numbers alone.
type Fitted struct {
	Histories int           `json:"histories"`
	Topics    []FittedTopic `json:"topics"`
	Hours     []int         `json:"hours"`  // messages by hour of the week, from Monday 00:00
	Months    shares        `json:"months"` // messages a day against the mean, of months that were recorded whole
	Sequences []Sequence    `json:"sequences"`
	Quantiles []float64     `json:"quantiles"`
	// Delays are minutes between two steps, at the quantiles.
	Delays      map[string][]float64 `json:"delays"`
	PlannedDays []float64            `json:"planned_days"` // of interim answers
	Marks       map[string]int       `json:"marks"`
	Joined      map[int]int          `json:"joined"` // problems by how many joined
	Authors     struct {
		Mean  float64 `json:"mean"` // messages of one
		Curve curve   `json:"curve"`
	} `json:"authors"`
	Houses struct {
		Curve curve `json:"curve"`
	} `json:"houses"`
}

// FittedTopic is how often a topic comes, how slow its first answer is against
// the middle of all, and how much more often it comes in a month.
type FittedTopic struct {
	ID     int64   `json:"id"`
	N      int     `json:"n"`
	Pace   float64 `json:"pace"`
	Months shares  `json:"months"`
}

// shares are factors by month, 1 where nothing is known.
type shares map[int]float64

func (s shares) of(m time.Month) float64 {
	if f, ok := s[int(m)]; ok {
		return f
	}
	return 1
}

// Sequence is the steps of N histories, a letter each; fit_histories.py says
// which.
type Sequence struct {
	Steps string `json:"steps"`
	N     int    `json:"n"`
}

// curve tells how many messages the members up to a share of all have, the
// mean being 1, from the quietest to the busiest.
type curve [][2]float64

// at is the weight of the member at a share.
func (c curve) at(share float64) float64 {
	i := sort.Search(len(c), func(i int) bool { return c[i][0] >= share })
	return c[min(i, len(c)-1)][1]
}

// pick draws a member by weight and gives its share of all, 0 to 1.
func (c curve) pick(dice *rand.Rand) float64 {
	u, from := dice.Float64(), 0.0
	for _, part := range c {
		width := part[0] - from
		if weight := width * part[1]; u < weight {
			return from + width*u/weight
		} else {
			u -= weight
		}
		from = part[0]
	}
	return dice.Float64()
}

// ReadFitted reads the table that comes with the program.
func ReadFitted() (*Fitted, error) {
	f := &Fitted{}
	if err := json.Unmarshal(fittedBody, f); err != nil {
		return nil, fmt.Errorf("read fitted histories: %w", err)
	}
	if len(f.Hours) != 168 || len(f.Topics) == 0 || len(f.Sequences) == 0 || len(f.Authors.Curve) == 0 || len(f.Houses.Curve) == 0 {
		return nil, fmt.Errorf("read fitted histories: a part is missing")
	}
	return f, nil
}

// quantile draws from values at f.Quantiles.
func (f *Fitted) quantile(dice *rand.Rand, values []float64) float64 {
	u := dice.Float64()
	i := sort.SearchFloat64s(f.Quantiles, u)
	if i == 0 {
		return values[0]
	}
	low, high := f.Quantiles[i-1], f.Quantiles[i]
	return values[i-1] + (values[i]-values[i-1])*(u-low)/(high-low)
}

// alike is the pair whose delays stand for one that was too rare for quantiles of
// its own; "" where none does.
func alike(pair string) string {
	switch pair {
	case "di":
		return "ag"
	case "pa", "oa", "sx", "sw", "sq", "ya", "za":
		return "sa"
	case "po":
		return "pd"
	case "og":
		return "ag"
	case "oi":
		return "ai"
	case "or":
		return "ar"
	case "pi":
		return "ri"
	case "ti":
		return "ta"
	case "pv":
		return "pc"
	case "yt", "zt":
		return "st"
	case "gr", "ir":
		return "pr"
	case "ig", "gg", "up", "ug":
		return "gp"
	}
	return ""
}

// delay draws how long a step waits after the one before.
func (f *Fitted) delay(dice *rand.Rand, before, step byte) time.Duration {
	pair := string([]byte{before, step})
	values, ok := f.Delays[pair]
	if !ok {
		values, ok = f.Delays[alike(pair)]
	}
	if !ok {
		values = f.Delays["gp"] // about a day
	}
	return time.Duration(f.quantile(dice, values) * float64(time.Minute))
}

// course is a table of sequences to draw from.
type course struct {
	steps []string
	sums  []int
}

func newCourse(list []Sequence) course {
	c := course{}
	total := 0
	for _, s := range list {
		total += s.N
		c.steps = append(c.steps, s.Steps)
		c.sums = append(c.sums, total)
	}
	return c
}

func (c course) pick(dice *rand.Rand) string {
	at := dice.IntN(c.sums[len(c.sums)-1])
	return c.steps[sort.SearchInts(c.sums, at+1)]
}

// courses are all sequences, and for each that had not ended those that it may
// have become.
type courses struct {
	all   course
	after map[string]course
}

func (f *Fitted) courses() courses {
	c := courses{all: newCourse(f.Sequences), after: map[string]course{}}
	for _, open := range f.Sequences {
		if ended(open.Steps) {
			continue
		}
		longer := slices.DeleteFunc(slices.Clone(f.Sequences), func(s Sequence) bool {
			return len(s.Steps) <= len(open.Steps) || !strings.HasPrefix(s.Steps, open.Steps)
		})
		if len(longer) > 0 {
			c.after[open.Steps] = newCourse(longer)
		}
	}
	return c
}

func ended(steps string) bool {
	return strings.HasSuffix(steps, "c") || strings.HasSuffix(steps, "l") || strings.HasSuffix(steps, "v")
}

// confirmedShare is how many of those that ended were confirmed; the others
// fell silent.
const confirmedShare = 0.54

// pick draws the steps of a whole history, to its end.
func (c courses) pick(dice *rand.Rand) string {
	steps := c.all.pick(dice)
	for !ended(steps) {
		if longer, ok := c.after[steps]; ok {
			steps = longer.pick(dice)
			continue
		}
		steps += next(dice, steps)
	}
	return steps
}

// next is the plainest way on from an open end that no recorded history shows.
func next(dice *rand.Rand, steps string) string {
	switch steps[len(steps)-1] {
	case 's', 't', 'd':
		return "a"
	case 'a', 'r', 'o', 'u':
		return "g"
	case 'g', 'i':
		return "p"
	}
	if i := strings.LastIndexAny(steps, "gi"); i < 0 || steps[i] == 'i' {
		return "g"
	}
	if dice.Float64() < confirmedShare {
		return "c"
	}
	return "l"
}
