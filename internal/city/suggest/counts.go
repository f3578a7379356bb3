package suggest

import "math"

// counts are how often topics were reported: always and lately, by area, by
// part of the week, by place. Decided messages are counted when they are two days
// old, when 95 % have been moderated; what is chosen these days at once.
type counts struct {
	tree *branches

	decided int // records up to here are counted
	all     tally
	recent  tally // of the last ten days, mostly
	tickAt  int64
	area    map[uint32]*tally
	hours   [partsOfWeek]tally
	far     map[square]*tally
	close   map[square]*tally

	followed steps // from an author's topic to their next one

	chosen int
	day    tally // of the last 36 hours, mostly
	inDay  map[uint32]*tally
	dayAt  int64
}

// steps count how often one class led to another.
type steps struct {
	from map[int16]float64
	to   map[pair]float64
}

type pair struct{ from, to int16 }

func newSteps() steps { return steps{from: map[int16]float64{}, to: map[pair]float64{}} }

func (s *steps) add(from, to int) {
	s.from[int16(from)]++
	s.to[pair{int16(from), int16(to)}]++
}

// tally counts topics by class.
type tally struct {
	n  float64
	of map[int16]float64
}

func (t *tally) add(class int) {
	if t.of == nil {
		t.of = map[int16]float64{}
	}
	t.n++
	t.of[int16(class)]++
}

func (t *tally) fade(keep float64) {
	t.n *= keep
	for c, n := range t.of {
		t.of[c] = n * keep
	}
}

func newCounts(tree *branches) *counts {
	return &counts{tree: tree, area: map[uint32]*tally{}, far: map[square]*tally{}, close: map[square]*tally{}, inDay: map[uint32]*tally{}, followed: newSteps()}
}

// tallyOf is the tally of a key, made when it is missing.
func tallyOf[K comparable](of map[K]*tally, key K) *tally {
	t := of[key]
	if t == nil {
		t = &tally{}
		of[key] = t
	}
	return t
}

const (
	decidedAfter = 2 * 86400 // seconds
	recentDays   = 10.0
	dayHours     = 36.0
)

// due tells whether advance would change anything that matters.
func (k *counts) due(m *memory, now int64) bool {
	return float64(now-k.tickAt) > 0.1*86400 || float64(now-k.dayAt) > 1800 ||
		k.decided < len(m.list) && m.list[k.decided].at+decidedAfter < now ||
		k.chosen < len(m.list) && m.list[k.chosen].at < now
}

// advance counts what is known at a moment, of the messages below n.
func (k *counts) advance(m *memory, now int64, n int) {
	if days := float64(now-k.tickAt) / 86400; days > 0.1 {
		k.recent.fade(math.Exp(-days / recentDays))
		k.tickAt = now
	}
	if hours := float64(now-k.dayAt) / 3600; hours > 0.5 {
		keep := math.Exp(-hours / dayHours)
		k.day.fade(keep)
		for _, t := range k.inDay {
			t.fade(keep)
		}
		k.dayAt = now
	}
	for ; k.decided < n && m.list[k.decided].at+decidedAfter < now; k.decided++ {
		if c := m.classAt(int32(k.decided), now); c >= 0 {
			k.decide(m, int32(k.decided), c)
		}
	}
	for ; k.chosen < n && m.list[k.chosen].at < now; k.chosen++ {
		if c := m.classAt(int32(k.chosen), now); c >= 0 {
			k.day.add(c)
			tallyOf(k.inDay, m.list[k.chosen].district).add(c)
		}
	}
}

func (k *counts) decide(m *memory, i int32, c int) {
	r := &m.list[i]
	if mine := before(m.byAuthor[r.author], i); r.author != 0 && len(mine) > 0 {
		if last := m.classAt(mine[len(mine)-1], r.at+decidedAfter); last >= 0 {
			k.followed.add(last, c)
		}
	}
	k.all.add(c)
	k.recent.add(c)
	k.hours[hourOf(r.at)].add(c)
	if r.area != 0 {
		tallyOf(k.area, r.area).add(c)
	}
	if r.placed {
		tallyOf(k.far, r.spot.far()).add(c)
		tallyOf(k.close, r.spot.close()).add(c)
	}
}

// prior is how often a topic is reported.
func (k *counts) prior(c int) float64 { return (k.all.of[int16(c)] + 0.5) / (k.all.n + 1) }

// ratio is the logarithm of how much more often a topic is in a tally than
// always; weight is how many messages the prior counts for.
func (t *tally) ratio(c int, prior, weight float64) float32 {
	return logOf((t.of[int16(c)] + weight*prior) / (t.n + weight) / prior)
}

// objects adds up the topics of each object.
func (t *tally) objects(tree *branches, sums []float64) {
	for c, n := range t.of {
		sums[tree.object[c]] += n
	}
}

func logOf(x float64) float32 { return float32(math.Log(x)) }
