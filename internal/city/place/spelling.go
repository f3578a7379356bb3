package place

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// How far a word may be from the one that was meant: nothing in short words,
// which differ from others by a letter, one slip from four letters, two from eight.
const (
	oneSlip  = 4
	twoSlips = 8
	// longestWord is how many letters of a typed word are compared.
	longestWord = 32
)

// slipsOf is how many slips a word of so many letters forgives.
func slipsOf(letters int) int {
	switch {
	case letters >= twoSlips:
		return 2
	case letters >= oneSlip:
		return 1
	}
	return 0
}

// lettersOf is the set of letters of a word. A slip changes at most two members
// of it, so that most words can be told apart without comparing them.
func lettersOf(word string) uint64 {
	var set uint64
	for _, r := range word {
		switch {
		case r >= 'а' && r <= 'я':
			set |= 1 << (r - 'а')
		case r >= 'a' && r <= 'z':
			set |= 1 << (32 + r - 'a')
		default:
			set |= 1 << 63
		}
	}
	return set
}

// mayBe tells whether words with these letters can be within so many slips.
func mayBe(a, b uint64, slips int) bool { return bits.OnesCount64(a^b) <= 2*slips }

// slips counts what turns a typed word into another: a letter left out, put in,
// put for another, or two neighbours swapped. More than most is most+1. With
// start the other word may go on.
func slips(typed, have []rune, most int, start bool) int {
	if len(typed) > longestWord || len(have) > longestWord {
		return most + 1
	}
	if len(typed)-len(have) > most || !start && len(have)-len(typed) > most {
		return most + 1
	}
	var rows [3][longestWord + 1]int
	before, above, row := &rows[0], &rows[1], &rows[2]
	for j := range len(have) + 1 {
		above[j] = j
	}
	for i, r := range typed {
		row[0] = i + 1
		least := row[0]
		for j, h := range have {
			cost := 1
			if r == h {
				cost = 0
			}
			row[j+1] = min(above[j]+cost, above[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && r == have[j-1] && typed[i-1] == h {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > most {
			return most + 1
		}
		before, above, row = above, row, before
	}
	least := above[len(have)]
	for j := range len(have) {
		if start {
			least = min(least, above[j])
		}
	}
	return min(least, most+1)
}

// soundOf writes a word as it is heard: signs and double letters left out, и, й
// and ы the same. Words with one sound are one word, spelt by ear or in Latin.
func soundOf(word string) string {
	var b strings.Builder
	b.Grow(len(word))
	var last rune
	for _, r := range strings.ReplaceAll(word, "тс", "ц") {
		switch r {
		case 'ь', 'ъ':
			continue
		case 'й', 'ы':
			r = 'и'
		case 'э':
			r = 'е'
		case 'щ':
			r = 'ш'
		}
		if r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// isLatin tells whether a text has a Latin word: two letters in a row.
func isLatin(s string) bool {
	run := 0
	for _, r := range s {
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			if run++; run == 2 {
				return true
			}
		} else {
			run = 0
		}
	}
	return false
}

// otherLayout reads what was typed on a keyboard that was left in Latin letters:
// «ktybyf 5» is «ленина 5». Marks at the end of a word stay marks.
func otherLayout(s string) string {
	const latin = "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
	cyrillic := []rune("йцукенгшщзхъфывапролджэячсмитьбюё")
	var b strings.Builder
	for i, word := range strings.Fields(s) {
		if i > 0 {
			b.WriteByte(' ')
		}
		body := strings.TrimRight(word, ",.;")
		if len(body) == 3 && body[1] == '.' { // initials: «d.j.» is «в.о.»
			b.WriteString(otherLayout(body[:1]) + "." + otherLayout(body[2:]))
			continue
		}
		if !strings.ContainsFunc(body, func(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }) {
			body = word
			b.WriteString(body)
			continue
		}
		for _, r := range body {
			if r >= 'A' && r <= 'Z' {
				r |= 0x20
			}
			if at := strings.IndexRune(latin, r); at >= 0 && r < utf8.RuneSelf {
				r = cyrillic[at]
			}
			b.WriteRune(r)
		}
		b.WriteString(word[len(body):])
	}
	return b.String()
}

// fromLatin writes a folded Latin word in Russian letters, as passports and
// road signs have it: «tkachey» is «ткачей».
func fromLatin(word string) string {
	pairs := []string{
		"shch", "щ", "sch", "щ", "zh", "ж", "kh", "х", "ts", "ц", "ch", "ч", "sh", "ш",
		"yu", "ю", "ju", "ю", "iu", "ю", "ya", "я", "ja", "я", "ia", "ия", "yo", "е", "jo", "е", "ye", "е", "je", "е",
		"a", "а", "b", "б", "c", "ц", "d", "д", "e", "е", "f", "ф", "g", "г", "h", "х", "i", "и", "j", "й", "k", "к", "l", "л", "m", "м",
		"n", "н", "o", "о", "p", "п", "q", "к", "r", "р", "s", "с", "t", "т", "u", "у", "v", "в", "w", "в", "x", "кс", "y", "ы", "z", "з", "'", "ь",
	}
	return strings.NewReplacer(pairs...).Replace(word)
}

// colloquial gives the root of a name shortened with -ка, as «Лиговка» is
// Лиговский and «Молодёжка» Молодёжный; "" where there is none.
func colloquial(word string) string {
	for _, end := range []string{"ка", "ке", "ку", "ки"} {
		if root, ok := strings.CutSuffix(word, end); ok && utf8.RuneCountInString(root) >= 4 {
			return root
		}
	}
	return ""
}

// gender is that of an adjective in the form that registers use: f, m, n; 0
// where the ending does not tell.
func gender(word string) byte {
	switch {
	case strings.HasSuffix(word, "ая"), strings.HasSuffix(word, "яя"):
		return 'f'
	case strings.HasSuffix(word, "ый"), strings.HasSuffix(word, "ий"):
		return 'm'
	case strings.HasSuffix(word, "ое"), strings.HasSuffix(word, "ее"):
		return 'n'
	}
	return 0
}

// otherGender tells whether two forms of a word cannot be the same street:
// «Садовая» is not «Садовый», while «Садовой» may be either.
func otherGender(typed, have string) bool {
	t, h := gender(typed), gender(have)
	return t != 0 && h != 0 && t != h
}
