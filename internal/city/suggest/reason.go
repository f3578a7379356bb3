package suggest

import (
	"cmp"
	"math"
	"slices"

	"gorod/internal/city/topic"
)

// Explain gives the n things that spoke most for a topic, the most telling
// first: words by what they add to its score, all else by how much likelier the
// topic is with it than without. What spoke against it is not among them.
func (p *Past) Explain(in Input, t topic.ID, n int) []Reason {
	var list []Reason
	for _, w := range p.model.Explain(in, t, n) {
		list = append(list, Reason{Kind: SaidWord, Text: w.Text, Weight: w.Weight})
	}
	if p.model.text.find(t) >= 0 && n > 0 {
		list = append(list, p.circumstances(in, t)...)
	}
	slices.SortStableFunc(list, func(a, b Reason) int { return cmp.Compare(b.Weight, a.Weight) })
	return list[:min(max(n, 0), len(list))]
}

// circumstances are what spoke for a topic beside the words.
func (p *Past) circumstances(in Input, t topic.ID) []Reason {
	class := p.model.text.find(t)
	with := p.logOdds(in, class)
	var list []Reason
	add := func(r Reason, without Input) {
		if r.Weight = with - p.logOdds(without, class); r.Weight > leastReason {
			list = append(list, r)
		}
	}
	if in.Object != 0 && p.model.object[class] == in.Object {
		without := in
		without.Object = 0
		add(Reason{Kind: SaidObject}, without)
	}
	if p.model.archive == nil {
		return list
	}
	w := whereOf(&in)
	mine, spots, close := p.told(&in, &w, class)
	if mine >= 0 {
		without := in
		without.Author = ""
		add(Reason{Kind: SaidAuthor, Topic: p.model.text.topics[mine]}, without)
	}
	if w.placed {
		without, r := in, Reason{Kind: SaidAround}
		without.Lat, without.Lon, without.District, without.Area = 0, 0, "", ""
		if spots {
			r = Reason{Kind: SaidSpot, Topic: t}
		}
		add(r, without)
	}
	if w.pin != NoPin {
		without := in
		without.Pin = NoPin
		add(Reason{Kind: SaidPin}, without)
	}
	if close > 0 {
		list = append(list, Reason{Kind: SaidSimilar, Weight: close})
	}
	return list
}

// leastReason is the weight below which a reason is not worth its words.
const leastReason = 0.1

// told finds what earlier messages told of a topic: the class of the author's
// own one (the same topic, else their most alike one; -1: none), whether it was
// reported at the spot, and by how much alike messages spoke for it.
func (p *Past) told(in *Input, w *where, class int) (mine int, spot bool, close float64) {
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	t.tokens, t.stems = tokenize(in.Text)
	p.fetch(t, w)
	defer p.lock.RUnlock()
	mine = -1
	best := float32(-1)
	for _, m := range t.sight.mine {
		like := m.like
		if int(m.class) == class {
			like += 1
		}
		if like > best {
			mine, best = int(m.class), like
		}
	}
	spot = slices.ContainsFunc(t.sight.spots, func(s seen) bool { return int(s.class) == class })
	var own, all float64
	for _, m := range t.sight.close {
		vote := math.Pow(float64(m.like), 3)
		all += vote
		if int(m.class) == class {
			own += vote
		}
	}
	return mine, spot, own / (all + 0.05)
}

func (p *Past) logOdds(in Input, class int) float64 {
	t := p.model.borrow()
	defer p.model.scratch.Put(t)
	v := 0.0
	if p.think(t, &in) {
		v = float64(t.p[class])
	}
	v = min(max(v, unseen), 1-unseen)
	return math.Log(v / (1 - v))
}
