package text

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// ErrEncoding says that a submitted text is not UTF-8.
var ErrEncoding = errors.New("text is not valid UTF-8")

// ErrTooLong says by how much a submitted text is too long, in characters
// (Unicode code points) after cleaning.
type ErrTooLong struct{ Max, Have int }

// Error is for logs.
func (e ErrTooLong) Error() string {
	return fmt.Sprintf("text has %d characters, at most %d are taken", e.Have, e.Max)
}

// maxBlankLines is how many empty lines in a row a text may keep.
const maxBlankLines = 3

// Clean makes a submitted text of several lines fit to be stored and shown:
// composed (NFC), lines ended by \n, no control characters, no characters that
// are invisible or turn the direction of writing (emoji keep their joiners), no
// space around it or at the ends of lines, no more than three blank lines in a
// row. Cleaning what is clean changes nothing.
//
// The error is ErrEncoding or, above maxRunes characters, an ErrTooLong.
func Clean(s string, maxRunes int) (string, error) {
	s, err := scrub(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	blank := 0
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString(strings.Repeat("\n", 1+min(blank, maxBlankLines)))
		} else {
			line = strings.TrimLeftFunc(line, unicode.IsSpace)
		}
		blank = 0
		b.WriteString(line)
	}
	return bounded(b.String(), maxRunes)
}

// Trim cleans a submitted text of one line (a name, an address) as Clean does,
// and besides makes any white space in it, line breaks too, a single space.
func Trim(s string, maxRunes int) (string, error) {
	s, err := scrub(s)
	if err != nil {
		return "", err
	}
	return bounded(strings.Join(strings.Fields(s), " "), maxRunes)
}

func bounded(s string, maxRunes int) (string, error) {
	if have := utf8.RuneCountInString(s); have > maxRunes {
		return "", ErrTooLong{Max: maxRunes, Have: have}
	}
	return s, nil
}

// scrub removes single characters that have no place in a text.
func scrub(s string) (string, error) {
	if !utf8.ValidString(s) {
		return "", ErrEncoding
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return norm.NFC.String(strings.Map(scrubRune, s)), nil
}

func scrubRune(r rune) rune {
	const joiner, nonJoiner = '\u200d', '\u200c'
	switch {
	case r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029':
		return '\n'
	case r == '\t':
		return ' '
	case r == '\n' || r == joiner || r == nonJoiner:
		return r
	case unicode.Is(unicode.Cc, r) || unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}

// Excerpt gives at most so many characters of a text on one line, cut after a
// whole word and ended by «…» where something was left out; the mark counts.
// A single word that is too long is cut inside.
func Excerpt(s string, runes int) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\ufffd")), " ")
	if utf8.RuneCountInString(s) <= max(runes, 0) {
		return s
	}
	if runes <= 0 {
		return ""
	}
	cut := firstRunes(s, runes-1)
	if !strings.HasPrefix(s[len(cut):], " ") {
		if space := strings.LastIndexByte(cut, ' '); space > 0 {
			cut = cut[:space]
		} else {
			cut = wholeCharacters(cut, s[len(cut):])
		}
	}
	return strings.TrimRightFunc(cut, hangs) + "…"
}

// hangs tells whether a character looks forlorn before «…».
func hangs(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",.;:-–—(«\"…", r) }

// wholeCharacters takes back the last letter of cut when what follows sits on
// it or is joined to it.
func wholeCharacters(cut, rest string) string {
	const joiner = '\u200d'
	next, _ := utf8.DecodeRuneInString(rest)
	for cut != "" {
		last, size := utf8.DecodeLastRuneInString(cut)
		if last != joiner && next != joiner && !unicode.Is(unicode.M, next) {
			break
		}
		cut, next = cut[:len(cut)-size], last
	}
	return cut
}
