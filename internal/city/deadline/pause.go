package deadline

import (
	"slices"
	"time"
)

// stop is a stretch in which the term stood still: pauses that touch are one.
type stop struct {
	from, to time.Time
	first    Date    // the day of the question, given back
	resumed  Date    // the day of the answer, which counts
	unknown  Unknown // set while open, and when the day of the answer is not known
}

// holds tells whether no date can be told for a term because of this stop. Hours
// need the instants only, so a missing year does not matter to them.
func (s stop) holds(t Term) bool {
	return s.unknown.Reason == Paused || s.unknown.Reason != "" && !t.continuous()
}

// stops puts pauses in order and joins those that overlap. A pause that ends
// before it begins held up nothing.
func (r Rules) stops(pauses []Pause) []stop {
	if len(pauses) == 0 {
		return nil
	}
	pauses = slices.Clone(pauses)
	slices.SortFunc(pauses, func(a, b Pause) int { return a.From.Compare(b.From) })
	var joined []Pause
	for _, p := range pauses {
		if !p.To.IsZero() && !p.To.After(p.From) {
			continue
		}
		last := len(joined) - 1
		switch {
		case last < 0 || !joined[last].To.IsZero() && p.From.After(joined[last].To):
			joined = append(joined, p)
		case joined[last].To.IsZero():
			// An open question swallows all later ones.
		case p.To.IsZero() || p.To.After(joined[last].To):
			joined[last].To = p.To
		}
	}
	stops := make([]stop, len(joined))
	for i, p := range joined {
		stops[i] = r.stop(p)
	}
	return stops
}

func (r Rules) stop(p Pause) stop {
	s := stop{from: p.From, to: p.To, first: DateOf(p.From, r.Zone)}
	if p.To.IsZero() {
		s.unknown = Unknown{Reason: Paused}
		return s
	}
	// The author's answer is an event like any other: where what comes after
	// hours counts as received on the next working day, so does this.
	s.resumed, _, s.unknown = r.receive(p.To)
	return s
}

// stopped tells whether a question was open at the end of a day.
func stopped(d Date, stops []stop) bool {
	for _, s := range stops {
		if !d.Before(s.first) && d.Before(s.resumed) {
			return true
		}
	}
	return false
}

// lapse lets a continuous term run from an instant, standing still in stops.
func lapse(from time.Time, length time.Duration, stops []stop) time.Time {
	due := from.Add(length)
	for _, s := range stops {
		if s.from.After(due) {
			break
		}
		if begun := later(s.from, from); s.to.After(begun) {
			due = due.Add(s.to.Sub(begun))
		}
	}
	return due
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
