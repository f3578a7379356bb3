package reading

import (
	"cmp"
	"slices"
)

// dangers tells of each kind of danger where it is told first.
func (t *sheet) dangers() []Danger {
	classes := make([]class, len(t.tokens))
	var all class
	lexicon := words()
	for i, k := range t.tokens {
		if k.sort == wordToken {
			classes[i] = lexicon.of(k.word)
			all |= classes[i]
		}
	}
	var found []Danger
	for _, r := range rules() {
		if all&r.first == 0 || !r.may(all) || slices.ContainsFunc(found, func(d Danger) bool { return d.Kind == r.kind }) {
			continue
		}
		if from, to, ok := r.find(classes); ok {
			span := t.span(int(t.tokens[from].from), int(t.tokens[to].to), "")
			found = append(found, Danger{Kind: r.kind, Call: r.call, Start: span.Start, End: span.End})
		}
	}
	return found
}

// may tells whether a text with these groups can hold the rule at all.
func (r dangerRule) may(all class) bool {
	for _, w := range r.with {
		if all&w == 0 {
			return false
		}
	}
	return true
}

// find gives the first and the last token of the first place that the rule
// fits.
func (r dangerRule) find(classes []class) (from, to int, ok bool) {
	reach := cmp.Or(r.reach, usualReach)
	for i, c := range classes {
		if c&r.first == 0 || near(classes, i, -beforeReach, -1, r.before&^negated) >= 0 || near(classes, i, -1, -1, r.before&negated|r.just) >= 0 || near(classes, i, -reach, reach, r.not) >= 0 {
			continue
		}
		from, to, ok = i, i, true
		for _, w := range r.with {
			k := near(classes, i, -reach, reach, w)
			if k < 0 {
				ok = false
				break
			}
			from, to = min(from, k), max(to, k)
		}
		if ok {
			return from, to, true
		}
	}
	return 0, 0, false
}

// near finds the token of a group that stands nearest to a place, between two
// distances from it, itself left out; -1: none.
func near(classes []class, at, before, after int, group class) int {
	if group == 0 {
		return -1
	}
	for d := 1; d <= max(-before, after); d++ {
		if k := at + d; d <= after && k < len(classes) && classes[k]&group != 0 {
			return k
		}
		if k := at - d; d <= -before && k >= 0 && classes[k]&group != 0 {
			return k
		}
	}
	return -1
}
