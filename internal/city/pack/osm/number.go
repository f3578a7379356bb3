package osm

import (
	"strings"
	"unicode"
)

// houseNumber is the number of a house in its parts.
type houseNumber struct {
	house     string // 12, 1/21, 10А, 5-7
	building  string // корпус
	structure string // строение
	letter    string // литера
}

// partWords are what parts of a number are called, the longer first.
var partWords = []struct {
	word string
	part int
}{
	{"корпус", 1}, {"корп", 1}, {"кор", 1}, {"строение", 2}, {"строен", 2}, {"стр", 2}, {"сооружение", 2}, {"соор", 2},
	{"литера", 3}, {"литер", 3}, {"лит", 3}, {"владение", 0}, {"влад", 0}, {"вл", 0}, {"дом", 0}, {"д", 0}, {"к", 1}, {"с", 2},
}

// parseNumber takes the number of a house apart: «10к3», «10 к3 с1», «10 литА»,
// «1/21», «10А», «дом 10, корпус 3, литера А». Of several numbers («1;3») the
// first is taken. ok is false where there is no number in it.
func parseNumber(s string) (n houseNumber, ok bool) {
	s, _, _ = strings.Cut(s, ";")
	parts := [4]string{}
	part, named := 0, false
	for _, token := range numberTokens(s) {
		if token == "," {
			continue
		}
		if word, known := partOf(token, parts[0] != ""); known {
			part, named = word, true
			continue
		}
		switch {
		case parts[part] == "":
			parts[part] = token
		case !named && part == 0 && isLetters(token): // «10 А»
			parts[0] += token
		case token == "/" || token == "-" || strings.HasSuffix(parts[part], "/") || strings.HasSuffix(parts[part], "-"):
			parts[part] += token
		case isLetters(token) && len([]rune(token)) == 1: // «к3А»
			parts[part] += token
		default:
			return houseNumber{}, false
		}
		named = false
	}
	for i := range parts {
		parts[i] = strings.ToUpper(strings.Trim(parts[i], "/-"))
	}
	n = houseNumber{parts[0], parts[1], parts[2], parts[3]}
	return n, n.house != "" && strings.ContainsFunc(n.house, unicode.IsDigit)
}

// partOf tells which part of a number a word announces. What may be a letter of
// the number itself («10 К») announces only after a number.
func partOf(token string, after bool) (part int, known bool) {
	lower := strings.ToLower(strings.TrimSuffix(token, "."))
	for _, w := range partWords {
		if lower == w.word {
			return w.part, after || w.part == 0
		}
	}
	return 0, false
}

// numberTokens parts digits from letters: «10к3» is 10, к, 3. A letter right
// after a number that nothing follows stays with it: «10А», «10с» are numbers.
func numberTokens(s string) []string {
	var tokens []string
	runes := []rune(s)
	for i := 0; i < len(runes); {
		r, start := runes[i], i
		switch {
		case unicode.IsDigit(r):
			for i < len(runes) && unicode.IsDigit(runes[i]) {
				i++
			}
			// A single letter at the end of a word.
			if i < len(runes) && unicode.IsLetter(runes[i]) && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1]) && !unicode.IsDigit(runes[i+1]) && !opens(runes[i:])) {
				i++
			}
		case unicode.IsLetter(r):
			for i < len(runes) && unicode.IsLetter(runes[i]) {
				i++
			}
			// «12Ак1»: the second letter belongs to what follows.
			if i-start == 2 && i < len(runes) && opens(runes[start+1:]) {
				tokens = append(tokens, string(runes[start:start+1]), string(runes[start+1:i]))
				continue
			}
			tokens = append(tokens, letters(string(runes[start:i]))...)
			continue
		case r == '/' || r == '-' || r == '\\' || r == '–':
			i++
			if r == '\\' {
				tokens = append(tokens, "/")
			} else if r == '–' {
				tokens = append(tokens, "-")
			} else {
				tokens = append(tokens, string(r))
			}
			continue
		default: // space, comma, point, №
			i++
			if r == ',' {
				tokens = append(tokens, ",")
			}
			continue
		}
		tokens = append(tokens, string(runes[start:i]))
	}
	return tokens
}

// opens tells whether a letter, here right after a number, announces a part:
// «10к 3», «10с. 1».
func opens(runes []rune) bool {
	letter := unicode.ToLower(runes[0])
	if letter != 'к' && letter != 'с' {
		return false
	}
	for _, r := range runes[1:] {
		switch {
		case unicode.IsDigit(r):
			return true
		case r != ' ' && r != '.':
			return false
		}
	}
	return false
}

// letters parts a word that has what it announces with it: «литА».
func letters(word string) []string {
	lower := strings.ToLower(word)
	for _, prefix := range []string{"литера", "лит"} {
		if rest, ok := strings.CutPrefix(lower, prefix); ok && len([]rune(rest)) == 1 && rest != "е" {
			runes := []rune(word)
			return []string{"лит", string(runes[len(runes)-1:])}
		}
	}
	return []string{word}
}

func isLetters(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// String is the number as addresses have it after the street.
func (n houseNumber) String() string {
	s := "д. " + n.house
	for _, part := range []struct{ word, text string }{{"корп.", n.building}, {"стр.", n.structure}, {"лит.", n.letter}} {
		if part.text != "" {
			s += ", " + part.word + " " + part.text
		}
	}
	return s
}
