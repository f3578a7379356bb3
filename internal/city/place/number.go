package place

import (
	"slices"
	"strconv"
	"strings"

	"gorod/internal/platform/text"
)

// Fit tells how the number of a house agrees with what was typed.
type Fit string

// The kinds of fit.
const (
	Exact      Fit = "exact"  // number, building and structure are those that were typed; a letter may be more
	Longer     Fit = "longer" // what was typed fits, the address says more: 12 and 12 корпус 3, 1 and 1/21
	Begun      Fit = "begun"  // only the beginning of its number was typed so far: 1 and 10
	Corner     Fit = "corner" // a house of another street that stands at the one typed too, under its second number
	OtherHouse Fit = "other"  // there is no such house: one of the nearest numbers of the street
	OnlyStreet Fit = "street" // no number was typed
)

// asked is what a query says of the house, once the street is taken out of it.
type asked struct {
	plain     []string // the number and what follows without a name: 12 3 а
	building  string
	structure string
	letter    string
	// unfinished is the token that may still grow; "" none.
	unfinished string
	areas      []int32 // districts that were named; none: anywhere
}

func (a asked) nothing() bool {
	return len(a.plain) == 0 && a.building == "" && a.structure == "" && a.letter == ""
}

// number is the number of a house taken apart, in the order number, building,
// structure, letter.
type number [4][]string

// numberOf takes a register's house apart. The end of a range, 11 of 9-11, is
// kept with its dash: it is a number of the house as good as the first.
func numberOf(h House) number {
	n := number{nil, text.Tokens(h.Building), text.Tokens(h.Structure), text.Tokens(h.Letter)}
	for i, part := range strings.Split(text.Fold(h.Number), "-") {
		for j, token := range text.Tokens(part) {
			if i > 0 && j == 0 && token[0] >= '0' && token[0] <= '9' {
				token = "-" + token
			}
			n[0] = append(n[0], token)
		}
	}
	return n
}

// key is a number as the index keeps it: 1/21|||д.
func (n number) key() string {
	var parts [4]string
	for i := range n {
		parts[i] = strings.Join(n[i], "/")
	}
	return strings.Join(parts[:], "|")
}

// What a house is worth for what was asked, and what it costs when it says more
// than was asked. Almost every old house has a letter, so a letter costs least.
const (
	wholeNumber = 20
	rangeEnd    = 18
	startOfIt   = 8
	wholePart   = 6
	startOfPart = 3
	extraNumber = 3
	extraPart   = 4
	extraLetter = 1
)

// canBe is a quick look whether a house may fit: most houses of a street do not.
func (a asked) canBe(key string) bool {
	if len(a.plain) == 0 {
		return true
	}
	first := a.plain[0]
	return strings.HasPrefix(key, first) || strings.Contains(key, "/-"+first)
}

// match weighs a house against what was asked; ok is false when it is another.
func (a asked) match(key string) (score int, fit Fit, ok bool) {
	if a.nothing() {
		return 0, OnlyStreet, true
	}
	if !a.canBe(key) {
		return 0, "", false
	}
	var have number
	for i := range have {
		part, rest, _ := strings.Cut(key, "|")
		key = rest
		if part != "" {
			have[i] = strings.Split(part, "/")
		}
	}
	fit = Exact
	take := func(from []int, want string, whole, start int) bool {
		gain, sure := a.takeFrom(&have, from, want, whole, start)
		if !sure {
			fit = Begun
		}
		score += gain
		return gain > 0
	}
	for i, want := range []string{1: a.building, 2: a.structure, 3: a.letter} {
		if want == "" || take([]int{i}, want, wholePart, startOfPart) {
			continue
		}
		// «дом 3, литера А» is written 3А, and the other way round.
		if i != 3 || !take([]int{0}, want, wholePart, startOfPart) {
			return 0, "", false
		}
	}
	for i, want := range a.plain {
		if i == 0 {
			gain, sure := a.takeFirst(&have, want)
			if gain == 0 {
				return 0, "", false
			}
			if !sure {
				fit = Begun
			}
			score += gain
		} else if !take([]int{0, 1, 2, 3}, want, wholePart, startOfPart) {
			return 0, "", false
		}
	}
	left := len(have[0])*extraNumber + (len(have[1])+len(have[2]))*extraPart + len(have[3])*extraLetter
	if fit == Exact && len(have[0])+len(have[1])+len(have[2]) > 0 {
		fit = Longer
	}
	return max(score*4-left, 0), fit, true
}

// takeFirst takes the number itself out: the first token or the end of a range.
func (a asked) takeFirst(have *number, want string) (gain int, sure bool) {
	for i, token := range have[0] {
		if i == 0 && token == want || token == "-"+want {
			have[0] = slices.Delete(slices.Clone(have[0]), i, i+1)
			if i > 0 {
				return rangeEnd, true
			}
			return wholeNumber, true
		}
	}
	if want == a.unfinished && len(have[0]) > 0 && strings.HasPrefix(have[0][0], want) {
		have[0] = have[0][1:]
		return startOfIt, false
	}
	return 0, false
}

// takeFrom looks for a token in parts, takes it out and tells its worth; sure is
// false where only its beginning was typed.
func (a asked) takeFrom(have *number, parts []int, want string, whole, start int) (gain int, sure bool) {
	for _, p := range parts {
		for i, token := range have[p] {
			if token == want || token == "-"+want {
				have[p] = slices.Delete(slices.Clone(have[p]), i, i+1)
				return whole, true
			}
		}
	}
	if want != a.unfinished {
		return 0, true
	}
	for _, p := range parts {
		for i, token := range have[p] {
			if strings.HasPrefix(token, want) {
				have[p] = slices.Delete(slices.Clone(have[p]), i, i+1)
				return start, false
			}
		}
	}
	return 0, true
}

// away is how far a house is from the number that was asked for, in numbers, and
// twice as far across the street. A house of that number is 0 away.
func (a asked) away(key string) int {
	if len(a.plain) == 0 {
		return farAway
	}
	want, have := leading(a.plain[0]), leading(key)
	if want == 0 || have == 0 {
		return farAway
	}
	n := want - have
	if n < 0 {
		n = -n
	}
	if n%2 == 1 {
		n = 2*n + 1
	}
	return min(n, farAway)
}

const farAway = 1 << 20

// leading is the number at the beginning of a text, 0 where there is none.
func leading(key string) int {
	end := strings.IndexFunc(key, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(key)
	}
	n, err := strconv.Atoi(key[:min(end, 9)])
	if err != nil {
		return 0
	}
	return n
}

// String writes what was asked as people do: 12 3, 12 корпус 3, литера А.
func (a asked) String() string {
	said := strings.ToUpper(strings.Join(a.plain, " "))
	for _, part := range []struct{ name, value string }{{"корпус", a.building}, {"строение", a.structure}, {"литера", a.letter}} {
		if part.value != "" {
			said += " " + part.name + " " + strings.ToUpper(part.value)
		}
	}
	return strings.TrimSpace(said)
}
