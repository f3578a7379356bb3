package suggest

import (
	"math"
	"slices"
)

// The features of a candidate topic: what the linear parts say of it, what the
// author, the spot and the surroundings had of it, and how all that is spread.
// A vote is a sum of cubes of likeness, as a share of all votes.
const (
	fText    = iota // log-probability by the text
	fTextGap        // to the best one
	fTextRank
	fTextBest // that of the best one
	fObject   // log-probability of its object by the text
	fInObject // of the topic within its object
	fJoint    // the same by text and context
	fJointGap
	fJointRank
	fJointObject
	fCategory // log-probability of its category by text and context
	fInCategory
	fMineShare // of the author's messages
	fMineCount
	fMineFast  // share, fading with 4 messages
	fMineSlow  // with 30
	fMineHours // logarithm of the hours since the last one
	fMinePlace // how many messages ago that was
	fMineLike  // likeness of the most alike
	fMineVote
	fMineCell    // share of those at this spot
	fMineSession // of those of the last two hours
	fMineObject  // of the author's messages, by object
	fMineFar     // of the author's messages around here
	fMine        // how many messages the author has sent
	fMineBest    // likeness of the most alike of any topic
	fMinePure    // share of the author's most frequent topic
	fMineMinutes // logarithm of the hours since the author's last message
	fSpotShare
	fSpotLike
	fSpotVote
	fSpotDays   // logarithm of the days since the last one
	fSpotObject // share of its object
	fSpots      // how many messages the spot has
	fNearShare  // at the spots around
	fNearObject // share of its object within some 200 metres
	fNearRatio  // logarithm of how much more often it is there than anywhere
	fFarObject  // within some 600 metres
	fFarRatio
	fFarVote // of alike messages within some hundred metres
	fFarLike
	fAreaRatio   // in the municipality
	fPrior       // logarithm of its share of all messages
	fWeekRatio   // in the last ten days
	fDayRatio    // of what was chosen in the last 36 hours
	fDistrictDay // in the district
	fHourRatio   // in this part of the week
	fArchiveVote // of the most alike messages of all
	fArchiveLike
	fArchiveBest
	fWords         // stems in the text
	fInJointObject // log-probability within its object by text and context
	fContext       // what the context adds to that of the text
	fEntropy       // of what text and context say
	fSecond        // the gap between their two best
	fObjectNo      // number of its object
	fLastLike      // likeness of the author's last message
	fLastFar       // logarithm of the metres to it
	fLastTime      // of the minutes since
	fLastSame      // it had this topic
	fFollow        // logarithm of how much more often authors go on to it
	fMineVoteFast  // vote of the author's messages, fading with 8 of them
	fArchiveRecent // of the most alike, fading with 15 days
	fArchiveNear   // with 1.5 km
	fArchiveFinal  // of those that have been decided
	fConfused      // logarithm of how often it was right where the same came first
	fOwnObject     // log-probability of its object by the part of objects
	fOwnCategory
	fOwnMix // within its object by text and context, with the mean of both for the object
	features
)

// none is the value of a distance to what there is not.
const none = 99

// voice is what earlier messages say of one topic.
type voice struct {
	count, fast, slow, hours, place, like, vote, here, session, around float32 // the author's
	spot, near, spotLike, spotVote, spotDays                           float32
	farLike, farVote, archiveLike, archiveVote                         float32
	voteFast, archiveRecent, archiveNear, archiveFinal                 float32
}

// evidence is working memory: what is known of one message, by topic.
type evidence struct {
	voices  []voice // by class
	sum     voice   // of all topics; like: the greatest
	mine    float32 // messages of the author
	recent  float32 // hours since the last of them, as logarithm
	pure    float32
	best    float32 // likeness of the most alike of all
	last    seen    // the author's last message; class -1: there is none
	entropy float32
	object  struct {
		text, joint, mine, spot []float64 // by object
		far, close              []float64
	}
	category []float64 // by category
	own      own
	order    []int // the likeliest classes by the text, the likeliest first
	byJoint  []int
	odds     []float64 // working memory: probabilities by class
	picked   []bool
	list     []int // the candidates
}

// gather sums up what was fetched for a message, by topic.
func (e *evidence) gather(t *branches, s *sight, text, joint []float32) {
	k := len(t.object)
	e.voices = cleared(e.voices, k)
	for c := range e.voices {
		v := &e.voices[c]
		v.hours, v.place, v.spotDays = none, none, none
	}
	e.sum, e.best = voice{}, 0
	e.object.mine = cleared(e.object.mine, t.objects)
	e.object.spot = cleared(e.object.spot, t.objects)
	e.gatherMine(t, s.mine)
	e.gatherSpots(t, s.spots)
	e.gatherRegion(s.region)
	e.gatherClose(s.close)
	e.last = seen{class: -1}
	if len(s.mine) > 0 {
		e.last = s.mine[0]
	}
	e.odds = exps(e.odds, text)
	e.object.text = spread(cleared(e.object.text, t.objects), t.object, e.odds)
	e.odds = exps(e.odds, joint)
	e.object.joint = spread(cleared(e.object.joint, t.objects), t.object, e.odds)
	e.category = spread(cleared(e.category, t.categories), t.category, e.odds)
	e.entropy = 0
	for c, v := range joint {
		e.entropy -= v * float32(e.odds[c])
	}
	e.order, e.byJoint = likeliest(e.order, text), likeliest(e.byJoint, joint)
}

// How fast votes of the most alike messages fade: with days and metres. Those
// older than two days are decided.
const closeDays, closeMetres = 15, 1500

func (e *evidence) gatherClose(close []seen) {
	for _, m := range close {
		v, vote := &e.voices[m.class], m.like*m.like*m.like
		v.archiveVote += vote
		e.sum.archiveVote += vote
		v.archiveLike = max(v.archiveLike, m.like)
		e.best = max(e.best, m.like)
		recent := m.like * m.like * float32(math.Exp(-float64(m.ago)/86400/closeDays))
		v.archiveRecent += recent
		e.sum.archiveRecent += recent
		near := m.like * m.like * float32(math.Exp(-float64(m.near)/closeMetres))
		v.archiveNear += near
		e.sum.archiveNear += near
		if m.ago > decidedAfter {
			v.archiveFinal += m.like
			e.sum.archiveFinal += m.like
		}
	}
}

// exps are the probabilities of logarithms.
func exps(p []float64, logs []float32) []float64 {
	p = cleared(p, len(logs))
	for c, v := range logs {
		p[c] = math.Exp(float64(v))
	}
	return p
}

// spread sums probabilities by the branch that a topic is on.
func spread(sums []float64, branch []int, p []float64) []float64 {
	for c, v := range p {
		sums[branch[c]] += v
	}
	return sums
}

// likeliest are as many of the classes as may become candidates, the likeliest
// first, of equals the first.
func likeliest(order []int, logs []float32) []int {
	order = slices.Grow(order[:0], candidatesBy+1)
	for c, v := range logs {
		at := len(order)
		if at == candidatesBy && v <= logs[order[at-1]] {
			continue
		}
		order = append(order, c)
		for ; at > 0 && logs[order[at-1]] < v; at-- {
			order[at] = order[at-1]
		}
		order[at] = c
		order = order[:min(len(order), candidatesBy)]
	}
	return order
}

// rankOf is how many classes come before one.
func rankOf(logs []float32, class int) int {
	n, own := 0, logs[class]
	for _, v := range logs[:class] {
		if v >= own {
			n++
		}
	}
	for _, v := range logs[class:] {
		if v > own {
			n++
		}
	}
	return n
}

func (e *evidence) gatherMine(t *branches, mine []seen) {
	e.mine, e.recent, e.pure = float32(len(mine)), none, 0
	for n, m := range mine {
		v := &e.voices[m.class]
		fast, slow := float32(math.Exp(-float64(n)/4)), float32(math.Exp(-float64(n)/30))
		hours := float32(math.Log1p(float64(m.ago) / 3600))
		if n == 0 {
			e.recent = hours
		}
		v.count++
		v.fast += fast
		v.slow += slow
		e.sum.fast += fast
		e.sum.slow += slow
		v.hours, v.place = min(v.hours, hours), min(v.place, float32(n))
		vote := m.like * m.like * m.like
		v.like = max(v.like, m.like)
		v.vote += vote
		e.sum.vote += vote
		e.sum.like = max(e.sum.like, m.like)
		if n < contextMine {
			fading := m.like * m.like * float32(math.Exp(-float64(n)/8))
			v.voteFast += fading
			e.sum.voteFast += fading
		}
		if m.here {
			v.here++
			e.sum.here++
		}
		if m.ago < 2*3600 {
			v.session++
			e.sum.session++
		}
		e.object.mine[t.object[m.class]] += float64(slow)
		e.pure = max(e.pure, v.count/(e.mine+1))
	}
}

func (e *evidence) gatherSpots(t *branches, spots []seen) {
	for _, m := range spots {
		v := &e.voices[m.class]
		v.near++
		e.sum.near++
		if m.here {
			v.spot++
			e.sum.spot++
			e.object.spot[t.object[m.class]]++
			v.spotDays = min(v.spotDays, float32(math.Log1p(float64(m.ago)/86400)))
		}
		vote := m.like * m.like * m.like
		v.spotLike = max(v.spotLike, m.like)
		v.spotVote += vote
		e.sum.spotVote += vote
	}
}

// regionFades is the distance, in metres, over which a message around counts 1/e.
const regionFades = 250

func (e *evidence) gatherRegion(region []seen) {
	for _, m := range region {
		if m.like == 0 && !m.mine {
			continue
		}
		v := &e.voices[m.class]
		near := float32(math.Exp(-float64(m.near) / regionFades))
		if m.mine {
			v.around += near
			e.sum.around++
		}
		vote := m.like * m.like * near
		v.farLike = max(v.farLike, m.like*near)
		v.farVote += vote
		e.sum.farVote += vote
	}
}

// How many topics are worth ranking.
const (
	candidatesBy   = 10 // the likeliest by each linear part
	candidatesSeen = 4  // by each kind of vote
	candidatesMost = 22
	leastVote      = 0.02
)

// candidates picks the classes worth ranking.
func (e *evidence) candidates() []int {
	e.picked = cleared(e.picked, len(e.voices))
	e.list = e.list[:0]
	for i := range min(candidatesBy, len(e.order)) {
		e.pick(e.order[i])
		e.pick(e.byJoint[i])
	}
	e.pickBy(e.sum.vote+0.05, func(v *voice) float32 { return v.vote })
	e.pickBy(e.sum.fast+0.3, func(v *voice) float32 { return v.fast })
	e.pickBy(e.sum.slow+0.3, func(v *voice) float32 { return v.slow })
	e.pickBy(e.sum.archiveVote+0.05, func(v *voice) float32 { return v.archiveVote })
	e.pickBy(e.sum.spotVote+0.05, func(v *voice) float32 { return v.spotVote })
	slices.Sort(e.list)
	return e.list
}

func (e *evidence) pick(c int) {
	if !e.picked[c] && len(e.list) < candidatesMost {
		e.picked[c] = true
		e.list = append(e.list, c)
	}
}

func (e *evidence) pickBy(all float32, of func(*voice) float32) {
	for range candidatesSeen {
		best, most := -1, leastVote*all
		for c := range e.voices {
			if v := of(&e.voices[c]); v > most && !e.picked[c] {
				best, most = c, v
			}
		}
		if best < 0 {
			return
		}
		e.pick(best)
	}
}
