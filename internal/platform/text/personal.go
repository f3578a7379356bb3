package text

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is a kind of personal data.
type Kind string

const (
	// Phone is a Russian telephone number; 8 800 lines belong to no person and
	// are left out.
	Phone Kind = "phone"
	// Email is an e-mail address.
	Email Kind = "email"
	// Flat is the number of a flat, or a list of them. A range («кв. 40–80»)
	// names a staircase, no household, and is left out.
	Flat Kind = "flat"
	// Card is a number that a bank card may have: 13 to 19 digits with the
	// right check digit.
	Card Kind = "card"
)

// Span is a piece of a text, s[Start:End] in bytes, and what it holds.
type Span struct {
	Start, End int
	Kind       Kind
}

// PersonalData finds telephones, e-mail addresses, numbers of flats and of bank
// cards, in their order and without overlaps. It reads through unusual spaces,
// dashes, digits and invisible characters. It errs to both sides (names are not
// found at all): what it finds is a proposal to a moderator and a default for
// what is published, not a proof.
func PersonalData(s string) []Span {
	plain, places := simplify(s)
	if !strings.ContainsAny(plain, "@0123456789") {
		return nil
	}
	digits := len(onlyDigits(plain))
	var spans []Span
	for _, rule := range rules {
		if !rule.may(plain, digits) {
			continue
		}
		rule.find(plain, func(from, to int) {
			spans = append(spans, Span{Start: places[from].start, End: places[to-1].end, Kind: rule.kind})
		})
	}
	// Rules stand in the order of their strength; the stable sort keeps it
	// among spans with one start.
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	return joined(spans)
}

// joined joins spans, sorted by their start, that overlap: the first one's
// kind stays, and nothing that any of them covers is lost.
func joined(spans []Span) []Span {
	kept := spans[:0]
	for _, span := range spans {
		if last := len(kept) - 1; last >= 0 && span.Start < kept[last].End {
			kept[last].End = max(kept[last].End, span.End)
		} else {
			kept = append(kept, span)
		}
	}
	return kept
}

// place is where a character of the simplified text stands in the original.
type place struct{ start, end int }

// simplify gives the text in lower case with plain digits, dashes and spaces
// and without invisible characters, and for each of its bytes the place it came
// from. Line breaks stay: nothing personal runs across them.
func simplify(s string) (plain string, places []place) {
	var b strings.Builder
	b.Grow(len(s))
	places = make([]place, 0, len(s))
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		if r = simpleRune(r); r >= 0 {
			before := b.Len()
			b.WriteRune(r)
			for range b.Len() - before {
				places = append(places, place{at, at + size})
			}
		}
		at += size
	}
	return b.String(), places
}

func simpleRune(r rune) rune {
	switch {
	case r == '\n':
		return r
	case unicode.IsSpace(r):
		return ' '
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r >= 0x80 && unicode.Is(unicode.Cf, r):
		return -1
	}
	return foldRune(r)
}

// Mask replaces the characters of each span by «•», all but the first two; the
// digits of a flat are hidden wherever they stand. Spans may come in any order
// and overlap; what lies outside the text is left out, and a bound inside a
// character takes the whole of it.
func Mask(s string, spans []Span) string {
	const kept = 2
	spans = slices.DeleteFunc(slices.Clone(spans), func(span Span) bool { return span.Start >= span.End })
	slices.SortStableFunc(spans, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	spans = joined(spans)
	var b strings.Builder
	hidden := 0 // characters of the span at hand
	for at := 0; at < len(s); {
		r, size := utf8.DecodeRuneInString(s[at:])
		for len(spans) > 0 && spans[0].End <= at {
			spans, hidden = spans[1:], 0
		}
		if len(spans) > 0 && spans[0].Start < at+size {
			if hidden++; hidden > kept || spans[0].Kind == Flat && unicode.IsDigit(r) {
				r = '•'
			}
		}
		b.WriteRune(r)
		at += size
	}
	return b.String()
}
