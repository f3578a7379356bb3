package suggest

import (
	"slices"
	"time"

	"gorod/internal/city/topic"
)

// shown is how many proposals a page shows at most.
const shown = 3

// Nothing is the topic of texts that no topic is about: greetings, lost cats,
// keys pressed at random. The pack has examples of it, and a model that knows
// it can say that nothing fits. It is never proposed.
const Nothing topic.ID = 0

// Limits say from which probability on proposals are shown.
type Limits struct {
	Sure  float64 `json:"sure"`  // the first stands alone
	Lost  float64 `json:"lost"`  // three together up to this: none is shown
	Faint float64 `json:"faint"` // a second or third below this is left out
	// Ask is how much more often the first proposal has to be right with the
	// author's answer for the question to be asked.
	Ask float64 `json:"ask"`
}

const (
	// sureRight is how often a topic that is shown alone has to be right. Of the
	// topics that residents picked by hand from the whole list 88 % were.
	sureRight = 0.95
	// lostRight is how often the right topic has to be among those shown: where
	// it mostly is not, reading them only costs time.
	lostRight = 0.5
	// faint: on February 2021 this spares one proposal in eight, and 7 messages
	// in 1,000 lose their right topic by it.
	faint = 0.02
	// never is above every probability: judged, and never right enough.
	never = 2
	// lostLeast and lostMost bound it: what is less likely than one in five helps
	// nobody, and the few judged examples of a new city must not silence a model
	// that is right one time in three.
	lostLeast, lostMost = 0.2, 0.35
	// askMost is the share of judged messages that a question may be asked of;
	// askDefault stands until a model was judged, askLeast below what is judged: an
	// answer that hardly helps is not worth a question.
	askMost, askDefault, askLeast = 0.35, 0.2, 0.02
	// support is how many judged examples a threshold needs.
	support = 50
)

func defaultLimits() Limits { return Limits{Sure: 0.9, Lost: 0.3, Faint: faint, Ask: askDefault} }

// limitsOf reads the limits off what a model said of judged examples: the
// lowest probability from which on the first proposals were right often enough,
// and the highest up to which three proposals were not.
func limitsOf(verdicts []verdict) Limits {
	limits := defaultLimits()
	sorted := slices.Clone(verdicts)
	slices.SortStableFunc(sorted, func(a, b verdict) int { return compare(b.first, a.first) })
	right := 0
	if len(sorted) >= support {
		limits.Sure = never
	}
	for i, v := range sorted {
		if v.place == 1 {
			right++
		}
		if i+1 < len(sorted) && sorted[i+1].first == v.first {
			continue
		}
		if n := i + 1; n >= support && float64(right) >= sureRight*float64(n) {
			limits.Sure = v.first
		}
	}
	slices.SortStableFunc(sorted, func(a, b verdict) int { return compare(a.three, b.three) })
	limits.Lost = 0
	among := 0
	for i, v := range sorted {
		if v.place > 0 {
			among++
		}
		if i+1 < len(sorted) && sorted[i+1].three == v.three {
			continue
		}
		if n := i + 1; n >= support && float64(among) < lostRight*float64(n) {
			limits.Lost = v.three
		}
	}
	limits.Lost = min(max(limits.Lost, lostLeast), lostMost)
	return limits
}

// Decide picks what to show of proposals, the best first: one when it is sure,
// up to three when it is not, none when the model is lost or Nothing fits best.
func Decide(proposals []Proposal, limits Limits) []Proposal {
	if len(proposals) > 0 && proposals[0].Topic == Nothing {
		return nil
	}
	proposals = real(proposals)
	if len(proposals) == 0 {
		return nil
	}
	if proposals[0].P >= limits.Sure {
		return proposals[:1]
	}
	sum := 0.0
	for _, p := range proposals {
		sum += p.P
	}
	if sum <= limits.Lost {
		return nil
	}
	for i, p := range proposals[1:] {
		if p.P < limits.Faint {
			return proposals[:i+1]
		}
	}
	return proposals
}

// real are the best proposals without Nothing.
func real(proposals []Proposal) []Proposal {
	out := make([]Proposal, 0, shown)
	for _, p := range proposals {
		if p.Topic != Nothing && len(out) < shown {
			out = append(out, p)
		}
	}
	return out
}

// Offer is a proposal as a page shows it. A topic that is closed or out of its
// season is offered too: the page explains what to do instead, which helps more
// than a wrong topic that happens to be open.
type Offer struct {
	Proposal
	Sort      topic.Topic
	Closed    bool
	OutSeason bool
}

// Mark looks proposals up in the tree and marks what cannot be chosen on a date
// of the city's zone. A topic that the tree has no longer is left out.
func Mark(proposals []Proposal, find func(topic.ID) (topic.Topic, bool), date time.Time) []Offer {
	var offers []Offer
	for _, p := range proposals {
		if t, known := find(p.Topic); known {
			offers = append(offers, Offer{Proposal: p, Sort: t, Closed: !t.Open, OutSeason: !t.InSeason(date)})
		}
	}
	return offers
}
