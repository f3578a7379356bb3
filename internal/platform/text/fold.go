package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold brings a text to the form in which it is compared: compatibility
// normalised (NFKC), lower case, ё as е, stress marks and invisible characters
// removed, quotes and dashes of one kind each, № as #, white space collapsed.
//
// Latin letters that look like Russian ones become Russian where the rest of
// the word is Russian («Cвет»), and where one of them stands right after a
// digit (12A), as the letter of a house does.
//
// Folding what is folded changes nothing.
func Fold(s string) string {
	// Scripts far from ours can need several rounds, because lower case may
	// undo normalisation; Russian and English never need a second.
	const rounds = 4
	for range rounds {
		folded, settled := foldOnce(s)
		if settled || folded == s {
			return folded
		}
		s = folded
	}
	return s
}

// foldOnce is one round of Fold; settled tells that another would change
// nothing.
func foldOnce(s string) (folded string, settled bool) {
	runes := letters(s)
	russify(runes)
	var b strings.Builder
	b.Grow(len(s))
	settled = true
	gap := false
	for _, r := range runes {
		if r = foldRune(r); r == ' ' {
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		settled = settled && (r < 0x80 || r >= 'а' && r <= 'я')
		b.WriteRune(r)
	}
	return b.String(), settled
}

// letters normalises and leaves out what is not seen or only sits on a letter.
func letters(s string) []rune {
	s = norm.NFKC.String(strings.Map(seen, strings.ToValidUTF8(s, " ")))
	runes := make([]rune, 0, len(s))
	for _, r := range s {
		if r < 0x300 || r >= 'А' && r <= 'я' || !unicode.Is(unicode.M, r) {
			runes = append(runes, r)
		}
	}
	return runes
}

// seen drops format characters (zero-width spaces and joiners, direction
// marks, soft hyphens) and saves № from being normalised to "No".
func seen(r rune) rune {
	switch {
	case r == '№':
		return '#'
	case (r < 'А' || r > 'я') && r >= 0x80 && unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// foldRune folds one character that needs no neighbours.
func foldRune(r rune) rune {
	switch {
	case r >= 'а' && r <= 'я' || r >= 'a' && r <= 'z':
		return r
	case r >= 'А' && r <= 'Я':
		return r - 'А' + 'а'
	}
	switch r {
	case 'ё', 'Ё':
		return 'е'
	case '«', '»', '„', '“', '”', '‟', '‹', '›', '″':
		return '"'
	case '‘', '’', '‚', '‛', '′', '`', '´':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−', '⸺', '⸻':
		return '-'
	}
	if unicode.IsSpace(r) || unicode.IsControl(r) {
		return ' '
	}
	return unicode.ToLower(r)
}

// russify replaces, in place, the Latin look-alikes of every word that is
// otherwise Russian.
func russify(runes []rune) {
	for i := 0; i < len(runes); i++ {
		if !unicode.IsLetter(runes[i]) {
			continue
		}
		start := i
		for i < len(runes) && unicode.IsLetter(runes[i]) {
			i++
		}
		word := runes[start:i]
		if afterDigit := start > 0 && isDigit(runes[start-1]) && len(word) == 1; afterDigit || isRussian(word) {
			russifyWord(word)
		}
	}
}

// isRussian tells whether a word has a Cyrillic letter and nothing else but
// look-alikes: an address glued to a word («подъездеhttps») is left alone.
func isRussian(word []rune) bool {
	cyrillic := false
	for _, r := range word {
		if isCyrillic(r) {
			cyrillic = true
		} else if lookAlike(r) == 0 {
			return false
		}
	}
	return cyrillic
}

func russifyWord(word []rune) {
	for i, r := range word {
		if c := lookAlike(r); c != 0 {
			word[i] = c
		}
	}
}

// lookAlike gives the Russian letter that looks like this Latin one, 0 where
// there is none. Capitals and small letters differ: B is В, b is nothing.
func lookAlike(r rune) rune {
	if r < 0x80 {
		return lookAlikes[r]
	}
	return 0
}

var lookAlikes = [0x80]rune{
	'A': 'А', 'B': 'В', 'C': 'С', 'E': 'Е', 'H': 'Н', 'K': 'К', 'M': 'М', 'O': 'О', 'P': 'Р', 'T': 'Т', 'X': 'Х', 'Y': 'У',
	'a': 'а', 'c': 'с', 'e': 'е', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у',
}

func isCyrillic(r rune) bool {
	return r >= 'А' && r <= 'я' || r >= 0x80 && unicode.Is(unicode.Cyrillic, r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
