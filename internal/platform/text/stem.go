package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/russian"
)

// Tokens cuts a text into folded words and numbers, in their order. A number
// and a letter part where they touch (12к3 is 12, к, 3; 2ой is 2, ой), so do
// Russian and other letters, and the letter of a house glued to its name:
// 10литБ is 10, лит, б. All other characters part words and are dropped.
func Tokens(s string) []string {
	s = Fold(s)
	var tokens []string
	start, last := 0, gap
	cut := func(end int) {
		if last != gap {
			tokens = appendToken(tokens, s[start:end], start > 0 && isDigit(rune(s[start-1])))
		}
		start = end
	}
	for i, r := range s {
		if sort := sortOf(r); sort != last {
			cut(i)
			last = sort
		}
	}
	cut(len(s))
	return tokens
}

// sort is what a token may consist of; characters of different sorts part.
type sort uint8

const (
	gap sort = iota
	digits
	cyrillic
	otherLetters
)

func sortOf(r rune) sort {
	switch {
	case isDigit(r):
		return digits
	case r >= 'а' && r <= 'я':
		return cyrillic
	case r < 0x80 && (r < 'a' || r > 'z'):
		return gap
	case unicode.IsDigit(r):
		return digits
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic
	case unicode.IsLetter(r):
		return otherLetters
	}
	return gap
}

// appendToken appends a token, parting литб after a number. «10литр» is ten
// litres, so only the letters that houses really have are parted.
func appendToken(tokens []string, token string, afterDigit bool) []string {
	const litera = "лит"
	if letter, ok := strings.CutPrefix(token, litera); ok && afterDigit &&
		utf8.RuneCountInString(letter) == 1 && strings.Contains("абвгдежзиклмн", letter) {
		return append(tokens, litera, letter)
	}
	return append(tokens, token)
}

// Stem gives the stem of one word: Russian by Snowball, anything else folded
// only. Forms of a word have one stem: «лестница» and «лестницу» are «лестниц».
func Stem(word string) string { return stem(Fold(word)) }

func stem(folded string) string {
	r, _ := utf8.DecodeRuneInString(folded)
	if sortOf(r) != cyrillic {
		return folded
	}
	env := snowballstem.NewEnv(folded)
	russian.Stem(env)
	return env.Current()
}

// maxStem bounds a stem, in letters: PostgreSQL refuses a lexeme above 2 KB,
// and no word is that long.
const maxStem = 64

// Stems gives the stems of all tokens of a text in their order, repetitions
// included, each at most 64 letters long. Joined by spaces they are what both
// engines index, and what a query is turned into.
func Stems(s string) []string {
	stems := Tokens(s)
	for i, token := range stems {
		stems[i] = firstRunes(stem(token), maxStem)
	}
	return stems
}

// firstRunes gives the first n characters of s.
func firstRunes(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}
