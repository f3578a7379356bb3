package reading

import (
	"cmp"
	"slices"
)

// piece is a range of the plain text that holds personal data.
type piece struct {
	from, to int
	kind     Kind
}

// maxPasses bounds how often a text is looked through. What a pass finds is
// covered before the next, so that a masked text holds nothing that only the
// mask brings to light; two passes are the rule.
const maxPasses = 8

// personal finds the personal data of a text.
func (t *sheet) personal() []Span {
	var all []piece
	for range maxPasses {
		var found []piece
		add := func(from, to int, kind Kind) { found = append(found, piece{from, to, kind}) }
		t.numbers(add)
		t.names(add)
		t.spoken(add)
		if len(found) == 0 {
			break
		}
		// Rules stand in the order of their strength; the stable sort keeps it
		// among pieces with one start.
		slices.SortStableFunc(found, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
		found = joined(found)
		all = append(all, found...)
		t = t.covered(found)
	}
	slices.SortFunc(all, func(a, b piece) int { return cmp.Compare(a.from, b.from) })
	spans := make([]Span, 0, len(all))
	for _, p := range all {
		spans = append(spans, t.span(p.from, p.to, p.kind))
	}
	return spans
}

// joined joins pieces, sorted by their start, that overlap: the first one's
// kind stays, and nothing that any of them covers is lost.
func joined(pieces []piece) []piece {
	kept := pieces[:0]
	for _, p := range pieces {
		if last := len(kept) - 1; last >= 0 && p.from < kept[last].to {
			kept[last].to = max(kept[last].to, p.to)
		} else {
			kept = append(kept, p)
		}
	}
	return kept
}

// covered is the text with pieces of it covered, as a mark of each would.
func (t *sheet) covered(pieces []piece) *sheet {
	plain := []byte(t.plain)
	next := &sheet{original: t.original, at: t.at, tokens: make([]token, 0, len(t.tokens))}
	k := 0
	for _, p := range pieces {
		for i := p.from; i < p.to; i++ {
			plain[i] = cover
		}
		for k < len(t.tokens) && int(t.tokens[k].to) <= p.from {
			next.tokens = append(next.tokens, t.tokens[k])
			k++
		}
		next.tokens = append(next.tokens, token{from: int32(p.from), to: int32(p.to), sort: coverToken})
		for k < len(t.tokens) && int(t.tokens[k].from) < p.to {
			k++
		}
	}
	next.tokens = append(next.tokens, t.tokens[k:]...)
	next.plain = string(plain)
	for _, token := range next.tokens {
		if token.sort == numberToken {
			next.digits += len(token.word)
		}
	}
	return next
}
