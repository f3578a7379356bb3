package place

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// typedQuery is an address as it was typed so far.
type typedQuery struct{ words []word }

// What a word of a street is worth, and what it costs when it was not typed.
const (
	sameWord      = 40
	sameStem      = 34
	shortened     = 30
	startOfWord   = 24
	cutWord       = 18
	sameKind      = 12
	otherKind     = -40 // «Садовая улица» is not «Садовый переулок», but near
	sameTown      = 6
	missingWord   = -12
	missingDigits = -20 // «линия» alone is all of them
	missingShort  = -2  // initials: В.О.
	numberFirst   = -10 // «12 Садовая»
)

// matchStreet tells whether a street can be meant by a query, how well it fits,
// and what the rest says of the house. Every word that was typed must mean
// something; numbers says whether numbers may belong to the street's name.
func (q typedQuery) matchStreet(s *street, name []word, numbers bool) (score int, rest asked, ok bool) {
	var taken [mostTyped]bool
	matched, last := 0, -1
	for _, have := range name {
		i, worth := q.findWord(have, taken[:], numbers)
		if i < 0 {
			score += missing(have)
			continue
		}
		taken[i] = true
		last = max(last, i)
		score += worth
		if !have.short() && !have.digits() {
			matched++
		}
	}
	if matched == 0 && !q.onlyDigitsNamed(s, name, taken[:]) {
		return 0, rest, false
	}
	more, rest, ok := q.rest(s, taken[:], last)
	return score + more, rest, ok
}

// onlyDigitsNamed allows «17 линия», whose own word is a number, if its kind was
// typed.
func (q typedQuery) onlyDigitsNamed(s *street, name []word, taken []bool) bool {
	numbered, kind := false, false
	for i, w := range q.words {
		numbered = numbered || taken[i] && w.digits()
		kind = kind || w.kind != "" && slices.Contains(s.kinds, w.kind)
	}
	return numbered && kind && !slices.ContainsFunc(name, func(w word) bool { return !w.digits() && !w.short() })
}

func missing(w word) int {
	switch {
	case w.digits():
		return missingDigits
	case w.short():
		return missingShort
	}
	return missingWord
}

// findWord looks for a word of a street among those typed and not yet taken.
func (q typedQuery) findWord(have word, taken []bool, numbers bool) (at, worth int) {
	at = -1
	for i, w := range q.words {
		if taken[i] {
			continue
		}
		if gain := q.compare(i, w, have, numbers); gain > worth {
			at, worth = i, gain
		}
	}
	return at, worth
}

// compare weighs the i-th typed word against a word of a street; 0 means that it
// is another.
func (q typedQuery) compare(i int, w, have word, numbers bool) int {
	switch {
	case have.digits():
		if !w.digits() || w.text != have.text || !numbers && !w.ordinal {
			return 0
		}
		if w.ordinal {
			return sameWord + 1 // «7-я» rather than the 7 of a house
		}
		return sameWord
	case w.digits():
		return 0
	case w.text == have.text:
		return sameWord
	case len(w.stem) > 5 && w.stem == have.stem: // three letters in UTF-8
		return sameStem
	case begins(w.text, have.text):
		return shortened
	case q.unfinished(i) && strings.HasPrefix(have.text, w.text):
		// Of two streets the one of which more is typed fits better.
		return startOfWord + 10*len(w.text)/len(have.text)
	case strings.HasPrefix(have.text, w.text) && utf8.RuneCountInString(w.text) >= 4:
		return cutWord // «ветер 12»: typed to save time
	}
	return 0
}

// unfinished tells whether a word may still grow: the last one does, unless it
// is a single letter after a number.
func (q typedQuery) unfinished(i int) bool {
	if i != len(q.words)-1 {
		return false
	}
	return i == 0 || !q.words[i].short() || !q.words[i-1].digits()
}

// rest reads what is left when the words of the street are taken out.
func (q typedQuery) rest(s *street, taken []bool, last int) (score int, a asked, ok bool) {
	for i := 0; i < len(q.words); i++ {
		if taken[i] {
			continue
		}
		w := q.words[i]
		switch {
		case w.digits() && w.ordinal:
			return 0, a, false // the ordinal of another street
		case w.digits() || w.short() && len(a.plain) > 0 && !q.opens(i):
			if len(a.plain) == 0 && i < last {
				score += numberFirst
			}
			a.plain = append(a.plain, w.text)
		case w.kind != "":
			score += kindScore(s, w)
		case roleOf(w.text) != noRole:
			i += q.part(i, taken, &a)
		default:
			gain := q.loose(i, s)
			if gain == 0 {
				return 0, a, false
			}
			score += gain
		}
	}
	if n := len(q.words); !taken[n-1] && (q.words[n-1].digits() || q.words[n-1].short()) {
		a.unfinished = q.words[n-1].text
	}
	return score, a, true
}

// opens tells whether a single letter announces a part of the address rather
// than being one: «к 3», «с 2», «л а», «д 5».
func (q typedQuery) opens(i int) bool {
	if roleOf(q.words[i].text) == noRole || i+1 == len(q.words) {
		return false
	}
	next := q.words[i+1]
	return next.digits() || next.short() && roleOf(q.words[i].text) == letter
}

func kindScore(s *street, w word) int {
	if len(s.kinds) == 0 {
		return 0 // the register does not say
	}
	if slices.Contains(s.kinds, w.kind) {
		return sameKind
	}
	return otherKind
}

// part reads the word that announces a part of the address, and the value that
// follows; it tells how many further words it used.
func (q typedQuery) part(i int, taken []bool, a *asked) (used int) {
	role := roleOf(q.words[i].text)
	if role == noise || i+1 == len(q.words) || taken[i+1] {
		return 0
	}
	value := q.words[i+1]
	if !value.digits() && utf8.RuneCountInString(value.text) > 2 {
		return 0
	}
	switch role {
	case building:
		a.building = value.text
	case structure:
		a.structure = value.text
	case letter:
		a.letter = value.text
	}
	return 1
}

// loose weighs a word that is neither of the street nor of the house: the town,
// or the beginning of a kind or of «корпус». 0 means that it means nothing here.
func (q typedQuery) loose(i int, s *street) int {
	w := q.words[i]
	for _, have := range s.settlement {
		if gain := q.compare(i, w, have, true); gain > 0 {
			return sameTown
		}
	}
	if w.text == s.initials {
		return sameTown // «ПС» for П.С.
	}
	if !q.unfinished(i) {
		return 0
	}
	for _, kind := range s.kinds {
		if strings.HasPrefix(kind, w.text) {
			return sameKind
		}
	}
	for _, name := range []string{"корпус", "строение", "литера", "дом", "квартира"} {
		if strings.HasPrefix(name, w.text) {
			return 1
		}
	}
	return 0
}
