package place

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// pick is a house that fits.
type pick struct {
	house   int32
	score   int
	fit     Fit
	guessed bool
	asked   string
}

const (
	// mostStreets is how many of the streets that fit are looked through.
	mostStreets = 200
	// mostTyped is how many words of a query are read, mostBytes how much of it.
	mostTyped = 16
	mostBytes = 400
	// mostOthers is how many other houses of a street stand for one that it
	// does not have.
	mostOthers = 3
)

// What a pick is before how well its words fit: a house of a street that was
// typed, another of its houses, a house of a street that is only spelt like it,
// and another of those.
const (
	certainly = 3000
	otherwise = 2000
	perhaps   = 1000
)

// find gives the houses that fit best.
func (x *addresses) find(query string, limit int, near *areaNames) []pick {
	if len(query) > mostBytes {
		query = strings.ToValidUTF8(query[:mostBytes], "")
	}
	queries := queriesOf(query, near)
	if len(queries) == 0 || limit <= 0 {
		return nil
	}
	picks := x.search(queries, limit)
	if !slices.ContainsFunc(picks, func(p pick) bool { return p.score >= certainly }) {
		for i := range queries {
			queries[i].guess = true
		}
		picks = x.search(append(queries, x.glued(queries[0])...), limit)
	}
	return picks
}

// queriesOf reads what was typed: as it stands and, where it has Latin words, as
// if the keyboard had been left in them, and by ear.
func queriesOf(query string, near *areaNames) []typedQuery {
	typed := words(query)
	if len(typed) == 0 {
		return nil
	}
	cut := func(list []word) []word { return list[:min(len(list), mostTyped)] }
	list := []typedQuery{{words: cut(typed), near: near}}
	if !isLatin(query) {
		return list
	}
	if other := words(otherLayout(query)); len(other) > 0 {
		list = append(list, typedQuery{words: cut(other), near: near})
	}
	heard, latin := slices.Clone(cut(typed)), make([]bool, len(cut(typed)))
	for i, w := range heard {
		if r, _ := utf8.DecodeRuneInString(w.text); r >= 'a' && r <= 'z' && w.kind == "" && roleOf(w.text) == noRole {
			heard[i], latin[i] = wordOf(text.Fold(fromLatin(w.text))), true
		}
	}
	return append(list, typedQuery{words: heard, latin: latin, near: near})
}

// glued reads a query with a space that is too much or missing: «ново садовая»,
// «улицаленина».
func (x *addresses) glued(q typedQuery) []typedQuery {
	var list []typedQuery
	for i, w := range q.words {
		if w.digits() || w.short() {
			continue
		}
		if i+1 < len(q.words) {
			next := q.words[i+1]
			if joined := w.text + next.text; !next.digits() && x.lexicon.at(joined) >= 0 {
				list = append(list, typedQuery{words: slices.Concat(q.words[:i], []word{wordOf(joined)}, q.words[i+2:]), near: q.near, guess: true})
			}
		}
		if x.lexicon.at(w.text) >= 0 || len(q.words) == mostTyped {
			continue
		}
		if left, right, ok := x.parted(w.text); ok {
			list = append(list, typedQuery{words: slices.Concat(q.words[:i], []word{wordOf(left), wordOf(right)}, q.words[i+1:]), near: q.near, guess: true})
		}
	}
	return list[:min(len(list), 4)]
}

// parted finds the two words of which one was typed.
func (x *addresses) parted(typed string) (left, right string, ok bool) {
	known := func(s string) bool {
		return utf8.RuneCountInString(s) >= 3 && x.lexicon.at(s) >= 0 || kindOf(s) != ""
	}
	for at := range typed {
		if left, right = typed[:at], typed[at:]; known(left) && known(right) {
			return left, right, true
		}
	}
	return "", "", false
}

// fit is a street that can be meant.
type fit struct {
	street int32
	reading
	picks []pick // houses that fit
}

// search gives the houses that fit queries best.
func (x *addresses) search(queries []typedQuery, limit int) []pick {
	var fits []fit
	for i := range queries {
		fits = x.streetsFor(fits, &queries[i])
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return cmp.Compare(b.score, a.score) })
	fits = fits[:min(len(fits), mostStreets)]
	for i := range fits {
		share := limit
		if fits[i].asked.nothing() {
			// Nothing but a street yet: some houses of each that fits.
			share = max(1, limit/len(fits))
		}
		fits[i].picks = x.picksOf(&fits[i], share)
	}
	picks := weighPicks(fits)
	sure := slices.ContainsFunc(picks, func(p pick) bool { return p.score >= certainly && p.fit != Begun })
	if !sure {
		picks = x.addOthers(picks, fits, func(f fit) bool { return !f.guess && !f.partial }, otherwise)
	}
	if len(picks) == 0 {
		picks = x.addOthers(picks, fits, func(f fit) bool { return f.score >= fits[0].score-5 }, 0)
	}
	slices.SortStableFunc(picks, func(a, b pick) int { return cmp.Compare(b.score, a.score) })
	return dropRepeats(picks, limit)
}

// weighPicks gathers the houses that fit. Where a street was typed in full that
// has no such house, a house of a street with a longer name is only a guess.
func weighPicks(fits []fit) []pick {
	full, has := false, false
	for _, f := range fits {
		if !f.guess && !f.partial {
			full = true
			has = has || slices.ContainsFunc(f.picks, func(p pick) bool { return !p.guessed })
		}
	}
	var picks []pick
	for _, f := range fits {
		for _, p := range f.picks {
			p.guessed = p.guessed || f.guess || f.partial && full && !has
			if p.guessed {
				p.score += perhaps
			} else {
				p.score += certainly
			}
			picks = append(picks, p)
		}
	}
	return picks
}

// addOthers adds the nearest numbers of streets that do not have the one typed.
func (x *addresses) addOthers(picks []pick, fits []fit, of func(fit) bool, worth int) []pick {
	const mostStreets = 4
	streets := 0
	for _, f := range fits {
		if streets == mostStreets || !of(f) || f.asked.nothing() {
			continue
		}
		streets++
		s := x.streets[f.street]
		var others []pick
		for i := s.from; i < s.to; i++ {
			if away := f.asked.away(x.key(i)); away < farAway && x.in(i, f.asked.areas) {
				others = append(others, pick{i, worth + f.score - min(away, 200), OtherHouse, f.guess, f.asked.String()})
			}
		}
		slices.SortStableFunc(others, func(a, b pick) int {
			return cmp.Compare(f.asked.away(x.key(a.house)), f.asked.away(x.key(b.house)))
		})
		picks = append(picks, others[:min(len(others), mostOthers)]...)
	}
	return picks
}

// dropRepeats keeps the best of each house; picks come best first.
func dropRepeats(picks []pick, limit int) []pick {
	var kept []pick
	seen := map[int32]bool{}
	for _, p := range picks {
		if len(kept) == limit {
			break
		}
		if !seen[p.house] {
			seen[p.house] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// picksOf lists the houses of a street that fit.
func (x *addresses) picksOf(f *fit, share int) []pick {
	s := x.streets[f.street]
	var picks []pick
	for i := s.from; i < s.to; i++ {
		if f.asked.nothing() && len(picks) == share {
			break
		}
		if score, fit, ok := f.asked.match(x.key(i)); ok {
			picks = append(picks, pick{i, f.score + score, fit, !x.in(i, f.asked.areas), f.asked.String()})
		}
	}
	if f.asked.nothing() {
		return picks
	}
	for _, i := range s.corners {
		key := x.key(i)
		score, fit, ok := f.asked.match(swapped(key))
		if !ok && len(f.asked.plain) > 1 {
			score, fit, ok = f.asked.match(key) // 2/97 is said of both streets
		}
		if ok && fit != Begun {
			picks = append(picks, pick{i, f.score + score - lessAtCorner, Corner, !x.in(i, f.asked.areas), f.asked.String()})
		}
	}
	return picks
}

// lessAtCorner is what a house of the street itself is better than one at its
// corner.
const lessAtCorner = 15

// in tells whether a house is in one of the areas; none are everywhere.
func (x *addresses) in(house int32, areas []int32) bool {
	w := x.within[house]
	return len(areas) == 0 || slices.Contains(areas, w[0]) || slices.Contains(areas, w[1])
}

// streetsFor adds the streets that a query can mean.
func (x *addresses) streetsFor(fits []fit, q *typedQuery) []fit {
	q.weigh(x)
	seen := make([]bool, len(x.streets))
	for i, w := range q.words {
		if w.short() && !w.digits() && !q.unfinished(i) {
			continue // an initial, a mark of a part: it goes with another word
		}
		for at, g := range q.gains[i] {
			if g == 0 {
				continue
			}
			for _, street := range x.lexicon.streetsOf(at) {
				if !seen[street] {
					seen[street] = true
					fits = x.readings(fits, q, street)
				}
			}
		}
	}
	return fits
}

// readings adds the ways in which a query means a street.
func (x *addresses) readings(fits []fit, q *typedQuery, at int32) []fit {
	s := &x.streets[at]
	for _, name := range s.names {
		// A number may belong to the street or to the house: «7 советская».
		for _, numbers := range []bool{true, false} {
			if r, ok := q.read(x, s, name, numbers); ok {
				if s.main {
					r.score++
				}
				fits = append(fits, fit{street: at, reading: r})
			}
			if !x.hasDigits(name) {
				break
			}
		}
	}
	return fits
}

func (x *addresses) hasDigits(name []int32) bool {
	return slices.ContainsFunc(name, func(w int32) bool { text := x.lexicon.text[w]; return text[0] >= '0' && text[0] <= '9' })
}
