package reading

import (
	"strings"
	"unicode/utf8"
)

// class is a set of groups of words, one bit each.
type class uint64

// lexicon tells of which groups a word is. A term that ends in «*» is the
// beginning of words.
type lexicon struct {
	whole     map[string]class
	beginning map[string]class
	longest   int // of the beginnings, in bytes
	shortest  int
}

// newLexicon reads groups of terms parted by spaces.
func newLexicon(groups map[class]string) lexicon {
	l := lexicon{whole: map[string]class{}, beginning: map[string]class{}, shortest: 1 << 10}
	for c, terms := range groups {
		for term := range strings.FieldsSeq(terms) {
			start, open := strings.CutSuffix(term, "*")
			if !open {
				l.whole[term] |= c
				continue
			}
			l.beginning[start] |= c
			l.longest = max(l.longest, len(start))
			l.shortest = min(l.shortest, len(start))
		}
	}
	return l
}

// of gives the groups of a word.
func (l lexicon) of(word string) class {
	c := l.whole[word]
	for end := l.shortest; end <= len(word) && end <= l.longest; end++ {
		if end == len(word) || utf8.RuneStart(word[end]) {
			c |= l.beginning[word[:end]]
		}
	}
	return c
}
