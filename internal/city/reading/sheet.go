package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sheet is a text made ready to be read: in lower case, with plain digits,
// dashes and spaces, without invisible characters, cut into tokens; and for each
// of its bytes the place in the original.
type sheet struct {
	original string
	plain    string
	at       []int32 // of each byte of plain, and of its end
	tokens   []token
	digits   int // how many plain has
}

// token is a word, a number, or one other character that is no space.
type token struct {
	from, to int32
	sort     sort
	capital  bool   // a word that begins with a capital letter
	shouted  bool   // a word of two and more capital letters
	latin    bool   // a word with Latin letters only
	word     string // a word with its look-alikes made Russian; a number; a character
}

type sort uint8

const (
	wordToken sort = iota
	numberToken
	otherToken
	coverToken // something that was masked before
)

// cover stands in the plain text for a mark of Mask.
const cover = '\x01'

// read prepares a text. It costs one pass and nothing is looked for yet.
func read(s string) *sheet {
	t := &sheet{original: s}
	var b strings.Builder
	b.Grow(len(s) + 8)
	t.at = make([]int32, 0, len(s)+8)
	var caps []bool // of each byte of plain: was it a capital
	caps = make([]bool, 0, len(s)+8)
	put := func(r rune, from int, capital bool) {
		before := b.Len()
		b.WriteRune(r)
		for range b.Len() - before {
			t.at = append(t.at, int32(from))
			caps = append(caps, capital)
		}
	}
	for i := 0; i < len(s); {
		if s[i] == '[' {
			if n := markAt(s[i:]); n > 0 {
				put(cover, i, false)
				i += n
				continue
			}
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if plain := simple(r); plain >= 0 {
			put(plain, i, plain != r && unicode.IsUpper(r))
		}
		i += size
	}
	t.at = append(t.at, int32(len(s)))
	t.plain = b.String()
	t.cut(caps)
	return t
}

// markAt is the length of the mark that a text begins with; 0: none.
func markAt(s string) int {
	for _, m := range marks {
		if strings.HasPrefix(s, m.ru) {
			return len(m.ru)
		}
		if strings.HasPrefix(s, m.en) {
			return len(m.en)
		}
	}
	return 0
}

// simple folds one character; -1 leaves it out.
func simple(r rune) rune {
	switch {
	case r >= 'а' && r <= 'я' || r >= 'a' && r <= 'z' || r == '\n' || r >= '!' && r <= '@':
		return r
	case r >= 'А' && r <= 'Я':
		return r - 'А' + 'а'
	case r >= 'A' && r <= 'Z':
		return r - 'A' + 'a'
	case r == 'ё' || r == 'Ё':
		return 'е'
	case r < utf8.RuneSelf:
		if r <= ' ' {
			return ' '
		}
		return r
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case strings.ContainsRune("‐‑‒–—―−⸺⸻", r):
		return '-'
	case r == '@' || r == '＠':
		return '@'
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Cf, r) || r == '\u0301':
		return -1
	}
	return unicode.ToLower(r)
}

// cut parts the plain text into tokens.
func (t *sheet) cut(caps []bool) {
	s := t.plain
	t.tokens = make([]token, 0, len(s)/8+4)
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == ' ' || r == '\n':
			i += size
		case r == cover:
			t.add(token{from: int32(i), to: int32(i + size), sort: coverToken})
			i += size
		case isDigit(r):
			end := i
			for end < len(s) && isDigit(rune(s[end])) {
				end++
			}
			t.digits += end - i
			t.add(token{from: int32(i), to: int32(end), sort: numberToken, word: s[i:end]})
			i = end
		case unicode.IsLetter(r):
			i = t.cutWord(i, caps)
		default:
			t.add(token{from: int32(i), to: int32(i + size), sort: otherToken, word: s[i : i+size]})
			i += size
		}
	}
}

func (t *sheet) add(k token) { t.tokens = append(t.tokens, k) }

// cutWord adds the word that begins at a byte and says where it ends.
func (t *sheet) cutWord(from int, caps []bool) int {
	s := t.plain
	end, letters, capitals := from, 0, 0
	latin, cyrillic := false, false
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		if !unicode.IsLetter(r) {
			break
		}
		if isCyrillic(r) {
			cyrillic = true
		} else {
			latin = true
		}
		letters++
		if caps[end] {
			capitals++
		}
		end += size
	}
	k := token{from: int32(from), to: int32(end), sort: wordToken, word: s[from:end], latin: latin && !cyrillic,
		capital: caps[from], shouted: letters > 1 && capitals == letters}
	if latin && cyrillic {
		k.word = strings.Map(russian, k.word)
	}
	t.add(k)
	return end
}

// russian gives the Russian letter that a small Latin one, or its capital,
// looks like; others stay.
func russian(r rune) rune {
	if i := strings.IndexRune("abcehkmoptxy", r); i >= 0 {
		return []rune("авсенкмортху")[i]
	}
	return r
}

// span is the original of a piece of the plain text.
func (t *sheet) span(from, to int, kind Kind) Span {
	end := int(t.at[to])
	// What is left out between two characters (a joiner, a stress mark) goes
	// with the first of them; white space that followed does not.
	return Span{Start: int(t.at[from]), End: end, Kind: kind}
}

func isCyrillic(r rune) bool {
	return r >= 'А' && r <= 'я' || r >= utf8.RuneSelf && unicode.Is(unicode.Cyrillic, r)
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }
