package suggest

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gorod/internal/city/topic"
)

// Week is a week of a calendar, Monday to Sunday, counted from that of
// 29 December 1969. Statistics are kept by weeks: the days of one differ too
// much to be compared.
type Week int64

// WeekOf is the week of a moment by the calendar of its location.
func WeekOf(at time.Time) Week {
	y, m, d := at.Date()
	days := time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / (24 * 60 * 60)
	return Week(floorDiv(days+3, 7)) // 1 January 1970 was a Thursday
}

// Monday is the week's first day, at midnight in a zone.
func (w Week) Monday(zone *time.Location) time.Time {
	return time.Date(1970, 1, 1+int(w)*7-3, 0, 0, 0, 0, zone)
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// Taken is which of the proposals the author took, from 1; 0: the topic was
// chosen by hand.
func (a Audit) Taken() int {
	if a.Manual {
		return 0
	}
	return a.placeOf(a.Chosen)
}

// Final is the topic that the message has now: that of staff, else the author's.
func (a Audit) Final() topic.ID {
	if a.CorrectedTo != 0 {
		return a.CorrectedTo
	}
	return a.Chosen
}

// Right is which of the proposals is the final topic, from 1; 0: none.
func (a Audit) Right() int { return a.placeOf(a.Final()) }

func (a Audit) placeOf(t topic.ID) int {
	return 1 + slices.IndexFunc(a.Offered, func(p Proposal) bool { return p.Topic == t })
}

// outcome is what the statistics count of a record, packed into a number so
// that an index of week, topic and outcome answers them without a row: how many
// were offered, which was taken, which is right (two bits each), then one bit
// each: corrected, asked, decided.
type outcome int64

// The bits of an outcome. The migration that fills old rows knows them too.
const (
	outcomeTaken     = 2
	outcomeRight     = 4
	outcomeCorrected = outcome(1) << 6
	outcomeAsked     = outcome(1) << 7
	outcomeDecided   = outcome(1) << 8
	outcomePlace     = 3 // two bits
)

func (a Audit) outcome() outcome {
	few := func(n int) outcome { return outcome(min(n, outcomePlace)) }
	o := few(len(a.Offered)) | few(a.Taken())<<outcomeTaken | few(a.Right())<<outcomeRight
	if a.Final() != a.Chosen {
		o |= outcomeCorrected
	}
	if a.Asked != 0 {
		o |= outcomeAsked
	}
	if a.DecidedAt != 0 {
		o |= outcomeDecided
	}
	return o
}

// Figures count messages by what was proposed and what became of it.
type Figures struct {
	Messages int
	// What was proposed and what its author did. Offered = First + Other +
	// ByHand; Messages = Offered + Nothing.
	Offered int // at least one topic was shown
	First   int // the first was taken
	Other   int // the second or third
	ByHand  int // offered, but chosen in the tree
	Nothing int // nothing was shown: chosen in the tree
	Asked   int // the page asked one question, and it was answered
	// What staff corrected, by what the author had taken.
	Corrected        int
	CorrectedFirst   int
	CorrectedOther   int
	CorrectedByHand  int
	CorrectedNothing int
	// Judged are messages that had a proposal and that a moderator accepted: only
	// there is known what was right. RightFirst and RightAny count of them those
	// whose final topic was the first of the shown, or any.
	Judged     int
	RightFirst int
	RightAny   int
	// Saved is how many taps of the tree were spared; see SavedTaps.
	Saved int
}

// SavedTaps is what a proposal that was taken and was right spares its author:
// the tree has three levels, object, category and reason, a tap each; the
// proposal takes one. A question that was answered costs a tap, and a topic
// that staff had to change spared nobody anything.
const SavedTaps = 2

func (f *Figures) add(o outcome, n int) {
	f.Messages += n
	shown, taken, right := o&outcomePlace, o>>outcomeTaken&outcomePlace, o>>outcomeRight&outcomePlace
	corrected := o&outcomeCorrected != 0
	count := func(all, wrong *int) {
		*all += n
		if corrected {
			*wrong += n
			f.Corrected += n
		}
	}
	switch {
	case shown == 0:
		count(&f.Nothing, &f.CorrectedNothing)
	case taken == 0:
		count(&f.ByHand, &f.CorrectedByHand)
	case taken == 1:
		count(&f.First, &f.CorrectedFirst)
	default:
		count(&f.Other, &f.CorrectedOther)
	}
	f.Offered = f.First + f.Other + f.ByHand
	if taken > 0 && !corrected {
		f.Saved += SavedTaps * n
	}
	if o&outcomeAsked != 0 {
		f.Asked += n
		f.Saved -= n
	}
	if shown == 0 || o&outcomeDecided == 0 {
		return
	}
	f.Judged += n
	if right == 1 {
		f.RightFirst += n
	}
	if right > 0 {
		f.RightAny += n
	}
}

func (f *Figures) join(g Figures) {
	f.Messages += g.Messages
	f.Offered, f.First, f.Other = f.Offered+g.Offered, f.First+g.First, f.Other+g.Other
	f.ByHand, f.Nothing, f.Asked = f.ByHand+g.ByHand, f.Nothing+g.Nothing, f.Asked+g.Asked
	f.Corrected, f.CorrectedFirst = f.Corrected+g.Corrected, f.CorrectedFirst+g.CorrectedFirst
	f.CorrectedOther, f.CorrectedByHand = f.CorrectedOther+g.CorrectedOther, f.CorrectedByHand+g.CorrectedByHand
	f.CorrectedNothing += g.CorrectedNothing
	f.Judged, f.RightFirst, f.RightAny = f.Judged+g.Judged, f.RightFirst+g.RightFirst, f.RightAny+g.RightAny
	f.Saved += g.Saved
}

// Statistics are the figures of a stretch of weeks.
type Statistics struct {
	From, To Week // To is the last one, included
	All      Figures
	ByWeek   []Figures // From first, each week of the stretch
	ByTopic  map[topic.ID]Figures
	// Worse are the topics whose first proposal is less often right in the last
	// whole weeks than before, beyond chance, the greatest fall first.
	Worse []Drift
}

// tallied is the figures of one topic in one week.
type tallied struct {
	week  Week
	topic topic.ID
	Figures
}

// statisticsOf sums cells up. With only, a topic, everything is of that topic.
func statisticsOf(from, to Week, only topic.ID, cells []tallied) Statistics {
	st := Statistics{From: from, To: to, ByWeek: make([]Figures, to-from+1), ByTopic: map[topic.ID]Figures{}}
	for _, c := range cells {
		if c.week < from || c.week > to || only != 0 && c.topic != only {
			continue
		}
		st.All.join(c.Figures)
		st.ByWeek[c.week-from].join(c.Figures)
		sum := st.ByTopic[c.topic]
		sum.join(c.Figures)
		st.ByTopic[c.topic] = sum
	}
	return st
}

// The stretches that drift compares: the last whole weeks with those before.
const (
	DriftLate  = 4
	DriftEarly = 12
)

// Drift is a topic that got worse: of so many messages judged so many had the
// right topic first, in the last DriftLate weeks and in the DriftEarly before.
type Drift struct {
	Topic       topic.ID
	Late, Early Rate
	// Fall is by how much the share fell; Least is the end of its interval that is
	// nearer to nothing: at least so much it fell beyond chance. 0 to 1.
	Fall, Least float64
}

// Rate is so many of so many.
type Rate struct{ Hits, N int }

// Share is Hits of N, 0 to 1; 0 of nothing.
func (r Rate) Share() float64 {
	if r.N == 0 {
		return 0
	}
	return float64(r.Hits) / float64(r.N)
}

// surely is the quantile of the normal distribution for an interval of 99 %:
// of 200 topics that did not change one at most is named by chance.
const surely = 2.576

// Interval is Wilson's score interval of the share, at 95 %.
func (r Rate) Interval() (low, high float64) { return r.wilson(1.96) }

func (r Rate) wilson(z float64) (low, high float64) {
	if r.N == 0 {
		return 0, 1
	}
	n, p := float64(r.N), r.Share()
	middle := (p + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	return max(0, middle-half), min(1, middle+half)
}

// worse compares two rates by Newcombe's interval of the difference of two
// shares (the method of Wilson's scores, 1998) at 99 %; ok is false where it
// holds nothing, which may be chance.
func worse(id topic.ID, late, early Rate) (d Drift, ok bool) {
	if late.N == 0 || early.N == 0 {
		return d, false
	}
	d = Drift{Topic: id, Late: late, Early: early, Fall: early.Share() - late.Share()}
	lowEarly, _ := early.wilson(surely)
	_, highLate := late.wilson(surely)
	d.Least = d.Fall - math.Hypot(early.Share()-lowEarly, highLate-late.Share())
	return d, d.Least > 0
}

// drifts finds what got worse up to the last whole week. Cells hold at least
// DriftLate + DriftEarly weeks before it.
func drifts(last Week, cells []tallied) []Drift {
	late, early := map[topic.ID]Rate{}, map[topic.ID]Rate{}
	for _, c := range cells {
		to := early
		switch age := last - c.week; {
		case age < 0 || age >= DriftLate+DriftEarly:
			continue
		case age < DriftLate:
			to = late
		}
		r := to[c.topic]
		to[c.topic] = Rate{r.Hits + c.RightFirst, r.N + c.Judged}
	}
	var found []Drift
	for id, r := range late {
		if d, ok := worse(id, r, early[id]); ok {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b Drift) int { return cmp.Or(cmp.Compare(b.Least, a.Least), cmp.Compare(a.Topic, b.Topic)) })
	return found
}
