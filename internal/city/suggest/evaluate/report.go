package evaluate

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"gorod/internal/city/topic"
)

// Report is how a model did. Shares are 0 to 1; its JSON names are those of
// `gorod evaluate --json`.
type Report struct {
	Know Know `json:"know"`
	Part
	// Chosen is how many residents chose the right topic themselves.
	Chosen float64 `json:"chosen"`
	Unseen Part    `json:"unseen"`
	// MacroF1 is of MacroTopics topics.
	MacroF1     float64 `json:"macro_f1"`
	MacroTopics int     `json:"macro_topics"`
	ECE         float64 `json:"ece"`
	// Sure is the model's own threshold, for most messages: it depends on what is
	// known of one. ShareAtP95 were decided alone by it, PrecisionAtP95 of those
	// rightly.
	Sure                float64 `json:"sure"`
	ShareAtP95          float64 `json:"share_at_p95"`
	PrecisionAtP95      float64 `json:"precision_at_p95"`
	ShareAtP95Hindsight float64 `json:"share_at_p95_hindsight"`
	Asked               float64 `json:"asked"`
	OffList             float64 `json:"off_list"`
	CPU                 float64 `json:"cpu_ms"`      // milliseconds a message
	Context             float64 `json:"context_ms"`  // milliseconds a message
	Remember            float64 `json:"remember_ms"` // milliseconds a message remembered
	Remembered          int     `json:"remembered"`
	ByWords             ByWords `json:"by_words"`
	Weeks               []Week  `json:"weeks"`
	// Topics are those that went wrong most often, the worst first.
	Topics      []TopicScore `json:"topics"`
	Objects     Confusion    `json:"objects"`
	Reliability []Claim      `json:"reliability"`
}

// Part is how a model did on n messages.
type Part struct {
	N    int     `json:"n"`
	Top1 float64 `json:"top1"`
	Top3 float64 `json:"top3"`
}

// ByWords is by the number of words of a text.
type ByWords struct {
	Two    Part `json:"1-2"`
	Five   Part `json:"3-5"`
	Ten    Part `json:"6-10"`
	Twenty Part `json:"11-20"`
	More   Part `json:"21+"`
}

// Week begins on a Monday.
type Week struct {
	From string `json:"from"` // 2021-03-01
	Part
}

// TopicScore is how a model did on the messages of one topic.
type TopicScore struct {
	Topic topic.ID `json:"topic"`
	Part
	F1 float64 `json:"f1"`
	// Taken is the topic that was proposed first most often instead, TakenN times.
	Taken  topic.ID `json:"taken,omitempty"`
	TakenN int      `json:"taken_n,omitempty"`
}

// Confusion counts messages of an object by the object of the first proposal:
// Counts[i][j] are of Objects[i], proposed as Objects[j]. Object 0 is an unknown
// one, or no proposal.
type Confusion struct {
	Objects []topic.ID `json:"objects"`
	Counts  [][]int    `json:"counts"`
}

// Claim is one bin of reliability: what its first proposals claimed on average
// and how many were right.
type Claim struct {
	N     int     `json:"n"`
	Said  float64 `json:"said"`
	Right float64 `json:"right"`
}

const (
	// eceBins are of equal mass.
	eceBins = 15
	// macroLeast is how many messages a topic of macro-F1 has at least.
	macroLeast = 5
	// worstTopics is how many topics are told.
	worstTopics = 20
	// alonePrecision is how often a topic that is shown alone has to be right.
	alonePrecision = 0.95
)

// tally counts a Part.
type tally struct{ n, one, three int }

func (t *tally) add(v verdict) {
	t.n++
	if v.place == 1 {
		t.one++
	}
	if v.place > 0 {
		t.three++
	}
}

func (t *tally) part() Part { return Part{t.n, share(t.one, t.n), share(t.three, t.n)} }

// share is a of b, and 0 of nothing.
func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// report puts together what was measured.
func (e *exam) report() Report {
	r := Report{Know: e.know, Sure: usual(e.list), Remembered: e.remembered}
	var all, unseen tally
	chosen, alone, right := 0, 0, 0
	for _, v := range e.list {
		all.add(v)
		if !v.seen {
			unseen.add(v)
		}
		if v.chosen == v.topic {
			chosen++
		}
		if v.first != 0 && v.p >= v.sure {
			alone++
			if v.place == 1 {
				right++
			}
		}
	}
	r.Part, r.Unseen, r.Chosen = all.part(), unseen.part(), share(chosen, all.n)
	r.ShareAtP95, r.PrecisionAtP95 = share(alone, all.n), share(right, alone)
	r.ShareAtP95Hindsight = hindsight(e.list)
	r.Asked, r.OffList = share(e.asked, all.n), share(e.offList, all.n)
	r.CPU, r.Context = milliseconds(e.scoring, all.n), milliseconds(e.context, all.n)
	r.Remember = milliseconds(e.keeping, e.remembered)
	r.ByWords, r.Weeks = byWords(e.list), weeks(e.list)
	topics := topicScores(e.list)
	r.MacroF1, r.MacroTopics = macroF1(topics)
	r.Topics = worst(topics)
	r.Objects = confusion(e.list)
	r.Reliability, r.ECE = reliability(e.list)
	return r
}

// usual is the threshold of most messages.
func usual(list []verdict) float64 {
	counts, most := map[float64]int{}, 0.0
	for _, v := range list {
		counts[v.sure]++
		if n := counts[v.sure]; n > counts[most] || n == counts[most] && v.sure < most {
			most = v.sure
		}
	}
	return most
}

func milliseconds(d time.Duration, n int) float64 {
	return float64(d.Microseconds()) / 1000 / float64(max(n, 1))
}

// hindsight is the greatest share whose first proposals were right often
// enough, by the best threshold for these messages.
func hindsight(list []verdict) float64 {
	sorted := slices.DeleteFunc(slices.Clone(list), func(v verdict) bool { return v.first == 0 })
	slices.SortFunc(sorted, func(a, b verdict) int { return cmp.Compare(b.p, a.p) })
	right, best := 0, 0
	for i, v := range sorted {
		if v.place == 1 {
			right++
		}
		if i+1 < len(sorted) && sorted[i+1].p == v.p {
			continue // one threshold takes both or neither
		}
		if float64(right) >= alonePrecision*float64(i+1) {
			best = i + 1
		}
	}
	return share(best, len(list))
}

func byWords(list []verdict) ByWords {
	var t [5]tally
	for _, v := range list {
		switch {
		case v.words <= 2:
			t[0].add(v)
		case v.words <= 5:
			t[1].add(v)
		case v.words <= 10:
			t[2].add(v)
		case v.words <= 20:
			t[3].add(v)
		default:
			t[4].add(v)
		}
	}
	return ByWords{t[0].part(), t[1].part(), t[2].part(), t[3].part(), t[4].part()}
}

// weeks are of the zone of the times.
func weeks(list []verdict) []Week {
	byDay := map[string]*tally{}
	for _, v := range list {
		monday := v.at.AddDate(0, 0, -(int(v.at.Weekday())+6)%7).Format(time.DateOnly)
		if byDay[monday] == nil {
			byDay[monday] = &tally{}
		}
		byDay[monday].add(v)
	}
	out := []Week{}
	for _, monday := range slices.Sorted(maps.Keys(byDay)) {
		out = append(out, Week{monday, byDay[monday].part()})
	}
	return out
}

// topicScores are of all topics that messages have, by id.
func topicScores(list []verdict) []TopicScore {
	tallies := map[topic.ID]*tally{}
	claimed := map[topic.ID]int{}            // how often a topic was proposed first
	taken := map[topic.ID]map[topic.ID]int{} // by topic: what was first instead
	for _, v := range list {
		claimed[v.first]++
		if tallies[v.topic] == nil {
			tallies[v.topic], taken[v.topic] = &tally{}, map[topic.ID]int{}
		}
		tallies[v.topic].add(v)
		if v.place != 1 && v.first != 0 {
			taken[v.topic][v.first]++
		}
	}
	out := make([]TopicScore, 0, len(tallies))
	for _, id := range slices.Sorted(maps.Keys(tallies)) {
		t := tallies[id]
		s := TopicScore{Topic: id, Part: t.part(), F1: share(2*t.one, t.n+claimed[id])}
		for _, other := range slices.Sorted(maps.Keys(taken[id])) {
			if n := taken[id][other]; n > s.TakenN {
				s.Taken, s.TakenN = other, n
			}
		}
		out = append(out, s)
	}
	return out
}

func macroF1(topics []TopicScore) (mean float64, n int) {
	sum := 0.0
	for _, t := range topics {
		if t.N >= macroLeast {
			sum += t.F1
			n++
		}
	}
	return sum / float64(max(n, 1)), n
}

// worst are the topics by how many messages went wrong.
func worst(topics []TopicScore) []TopicScore {
	wrong := func(t TopicScore) float64 { return float64(t.N) * (1 - t.Top1) }
	list := slices.DeleteFunc(topics, func(t TopicScore) bool { return t.Top1 == 1 })
	slices.SortStableFunc(list, func(a, b TopicScore) int { return cmp.Compare(wrong(b), wrong(a)) })
	return list[:min(worstTopics, len(list))]
}

// confusion has the objects with most messages first.
func confusion(list []verdict) Confusion {
	counts := map[topic.ID]int{}
	for _, v := range list {
		counts[v.object]++
		counts[v.taken] += 0
	}
	c := Confusion{Objects: slices.Sorted(maps.Keys(counts))}
	slices.SortStableFunc(c.Objects, func(a, b topic.ID) int { return cmp.Compare(counts[b], counts[a]) })
	place := map[topic.ID]int{}
	for i, id := range c.Objects {
		place[id] = i
		c.Counts = append(c.Counts, make([]int, len(c.Objects)))
	}
	for _, v := range list {
		c.Counts[place[v.object]][place[v.taken]]++
	}
	return c
}

// reliability sorts the first proposals by what they claim and parts them into
// bins of equal mass; a message without a proposal claims nothing.
func reliability(list []verdict) (bins []Claim, ece float64) {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b verdict) int { return cmp.Compare(a.p, b.p) })
	bins = []Claim{}
	for b := range eceBins {
		part := sorted[len(sorted)*b/eceBins : len(sorted)*(b+1)/eceBins]
		if len(part) == 0 {
			continue
		}
		right, said := 0, 0.0
		for _, v := range part {
			said += v.p
			if v.place == 1 {
				right++
			}
		}
		c := Claim{len(part), said / float64(len(part)), share(right, len(part))}
		bins = append(bins, c)
		ece += float64(c.N) / float64(len(list)) * max(c.Said-c.Right, c.Right-c.Said)
	}
	return bins, ece
}
