package generate

import (
	"math/rand/v2"
	"sort"
	"time"

	"gorod/internal/city/topic"
)

// growth is how much more comes each hour than in the one before: 12 % in a
// year.
const growth = 1 + 0.1133/(365.25*24)

// calendar spreads messages over time: by hour of the week, by month, growing
// from year to year.
type calendar struct {
	start time.Time
	sums  []float64 // up to the end of each hour
}

func newCalendar(f *Fitted, zone *time.Location, from, to time.Time) calendar {
	c := calendar{start: from.Truncate(time.Hour)}
	total, rise := 0.0, 1.0
	for at := c.start; at.Before(to); at = at.Add(time.Hour) {
		here := at.In(zone)
		day := (int(here.Weekday()) + 6) % 7
		total += float64(f.Hours[day*24+here.Hour()]) * f.Months.of(here.Month()) * rise
		rise *= growth
		c.sums = append(c.sums, total)
	}
	return c
}

// at is when the i-th of n messages is sent: later ones come later.
func (c calendar) at(dice *rand.Rand, i, n int64) time.Time {
	where := (float64(i) + dice.Float64()) / float64(n) * c.sums[len(c.sums)-1]
	hour := min(sort.SearchFloat64s(c.sums, where), len(c.sums)-1)
	before := 0.0
	if hour > 0 {
		before = c.sums[hour-1]
	}
	part := 0.0
	if width := c.sums[hour] - before; width > 0 {
		part = (where - before) / width
	}
	return c.start.Add(time.Duration(hour)*time.Hour + time.Duration(part*float64(time.Hour))).Truncate(time.Microsecond)
}

// rare is how many messages a topic of the pack is given that the recording did
// not show.
const rare = 3

// menu is the topics to draw from, by month.
type menu struct {
	topics   []topic.Topic
	pace     []float64
	sums     [13][]float64
	branches map[topic.ID][]int // positions by category
}

func newMenu(f *Fitted, all []topic.Topic) menu {
	known := map[int64]FittedTopic{}
	for _, t := range f.Topics {
		known[t.ID] = t
	}
	m := menu{branches: map[topic.ID][]int{}}
	total := [13]float64{}
	for _, t := range all {
		if !t.Open {
			continue
		}
		fit, ok := known[int64(t.ID)]
		if !ok {
			fit = FittedTopic{N: rare, Pace: 1}
		}
		m.branches[t.Category] = append(m.branches[t.Category], len(m.topics))
		m.topics, m.pace = append(m.topics, t), append(m.pace, fit.Pace)
		for month := time.January; month <= time.December; month++ {
			total[month] += float64(fit.N) * fit.Months.of(month)
			m.sums[month] = append(m.sums[month], total[month])
		}
	}
	return m
}

// pick draws the topic of a message that is sent on a day; the number is its
// position.
func (m menu) pick(dice *rand.Rand, day time.Time) int {
	sums := m.sums[day.Month()]
	for range 30 {
		i := min(sort.SearchFloat64s(sums, dice.Float64()*sums[len(sums)-1]), len(sums)-1)
		if m.topics[i].InSeason(day) {
			return i
		}
	}
	for i, t := range m.topics {
		if t.InSeason(day) {
			return i
		}
	}
	return 0
}

// other draws another topic, one that people mix up with it where there is one.
func (m menu) other(dice *rand.Rand, than int) int {
	list := m.branches[m.topics[than].Category]
	if len(list) > 1 {
		for {
			if i := list[dice.IntN(len(list))]; i != than {
				return i
			}
		}
	}
	if len(m.topics) == 1 {
		return than
	}
	return (than + 1 + dice.IntN(len(m.topics)-1)) % len(m.topics)
}
