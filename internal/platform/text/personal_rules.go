package text

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rule finds one kind of data. The pattern is tried at every place of the
// simplified text; end judges a match by what stands around it and says where
// the data end, or 0 where there are none.
//
// Most texts hold nothing of a kind, and to look costs less than to search: a
// match holds at least so many digits and one of these words.
type rule struct {
	kind    Kind
	digits  int
	words   []string // none: any text may match
	pattern *regexp.Regexp
	end     func(s string, from, to int) int
}

// may tells whether a text with so many digits can hold a match at all.
func (r rule) may(s string, digits int) bool {
	return digits >= r.digits &&
		(len(r.words) == 0 || slices.ContainsFunc(r.words, func(word string) bool { return strings.Contains(s, word) }))
}

func (r rule) find(s string, found func(from, to int)) {
	for at := 0; at < len(s); {
		match := r.pattern.FindStringIndex(s[at:])
		if match == nil {
			return
		}
		from := at + match[0]
		if end := r.end(s, from, at+match[1]); end > 0 {
			found(from, end)
			at = end
		} else {
			_, size := utf8.DecodeRuneInString(s[from:])
			at = from + size
		}
	}
}

// rules in the order of their strength, which decides between two that start
// at one place. Patterns see simplified text.
var rules = []rule{
	{Email, 0, []string{"@"}, regexp.MustCompile(`[a-zа-я0-9._%+-]+@[a-zа-я0-9-]+(?:\.[a-zа-я0-9-]+)+`), endOfMatch},
	{Card, 13, nil, regexp.MustCompile(`[2-6](?:[ -]?\d){12,18}`), endOfCard},
	{Phone, 11, nil, regexp.MustCompile(`(?:\+ ?7|7|8)[ (.-]{0,3}[3489]\d\d(?:[ ).-]{0,3}\d{2,7}){1,4}`), endOfLongPhone},
	{Phone, 10, nil, regexp.MustCompile(`\(?9\d\d\)?[ -]?\d{3}[ -]?\d\d[ -]?\d\d`), endOfShortPhone},
	{Phone, 7, []string{"-"}, regexp.MustCompile(`[1-9]\d\d-\d\d-\d\d`), endOfTownPhone},
	{Flat, 1, []string{"кв", "kв", "кb", "kb", "ap", "flat"}, regexp.MustCompile(`(?:[кk][вb](?:арт(?:ира|иры|ире|иру|ирой|ир|ирам|ирами|ирах)?)?|apartment|apt|flat)[ .]{0,3}` +
		`(?:номер |n ?|# ?|№ ?)?\d{1,4}`), endOfFlat},
	{Flat, 1, []string{"кв"}, regexp.MustCompile(`\d{1,4}(?:(?:-?(?:я|й|ю|ой|ей|ую|ая))? ?квартир(?:а|е|у|ой)|-?(?:й|ой|ей) квартиры|кв)`), endOfFlatAfterNumber},
}

func endOfMatch(_ string, _, to int) int { return to }

// endAlone takes a number only where it is not the middle of a longer one, of a
// decimal fraction such as a coordinate, or of a chain of numbers.
func endAlone(s string, from, to int) int {
	before, after := s[:from], s[to:]
	switch {
	case endsInDigit(before), startsWithDigit(after):
		return 0
	case before != "" && strings.ContainsRune(".,-/", rune(before[from-1])) && endsInDigit(before[:from-1]):
		return 0
	case after != "" && strings.ContainsRune("-/", rune(after[0])) && startsWithDigit(after[1:]):
		return 0
	}
	return to
}

func endsInDigit(s string) bool     { return s != "" && isDigit(rune(s[len(s)-1])) }
func startsWithDigit(s string) bool { return s != "" && isDigit(rune(s[0])) }

// onlyDigits gives the digits of a piece of simplified text.
func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if isDigit(r) {
			return r
		}
		return -1
	}, s)
}

// endOfLongPhone: 7 or 8 and ten digits, whatever numbers follow; free-call
// lines are left out.
func endOfLongPhone(s string, from, to int) int {
	const length = 11
	n, end := 0, from
	for ; end < to && n < length; end++ {
		if isDigit(rune(s[end])) {
			n++
		}
	}
	if n < length || onlyDigits(s[from:end])[1:4] == "800" {
		return 0
	}
	return endAlone(s, from, end)
}

// endOfShortPhone: ten digits from a 9, unless the word before or the check
// digit says that it is the tax number of a firm.
func endOfShortPhone(s string, from, to int) int {
	number := onlyDigits(s[from:to])
	if strings.HasSuffix(strings.TrimRight(s[:from], " :"), "инн") || len(number) == to-from && isINN(number) {
		return 0
	}
	return endAlone(s, from, to)
}

// endOfTownPhone: seven digits without a code; the rest of a free-call line is
// none.
func endOfTownPhone(s string, from, to int) int {
	if strings.HasSuffix(strings.TrimRight(s[:from], " )-"), "800") {
		return 0
	}
	return endAlone(s, from, to)
}

// isINN checks the last digit of a ten-digit taxpayer number (order of the
// Federal Tax Service ММВ-7-6/435@; weights 2 4 10 3 5 9 4 6 8).
func isINN(digits string) bool {
	sum := 0
	for i, weight := range []int{2, 4, 10, 3, 5, 9, 4, 6, 8} {
		sum += weight * int(digits[i]-'0')
	}
	return sum%11%10 == int(digits[9]-'0')
}

// endOfCard: 13 to 19 digits in groups as on a card (a row of house numbers is
// none) with the right check digit, the longest such number that ends where a
// run of digits ends: the month and year of a card may follow.
func endOfCard(s string, from, to int) int {
	const shortest = 13
	for end := to; end > from; end-- {
		if !isDigit(rune(s[end-1])) || startsWithDigit(s[end:]) {
			continue
		}
		number := onlyDigits(s[from:end])
		if len(number) < shortest {
			return 0
		}
		if isLuhn(number) && groupsOfFour(s[from:end]) && endAlone(s, from, end) > 0 {
			return end
		}
	}
	return 0
}

// isLuhn checks the last digit by ISO/IEC 7812-1.
func isLuhn(number string) bool {
	sum := 0
	for i := range len(number) {
		d := int(number[len(number)-1-i] - '0')
		if i%2 == 1 {
			d = d*2/10 + d*2%10
		}
		sum += d
	}
	return sum%10 == 0
}

// groupsOfFour tells whether all groups but the last have four digits or more.
func groupsOfFour(s string) bool {
	groups := strings.FieldsFunc(s, func(r rune) bool { return !isDigit(r) })
	for _, group := range groups[:len(groups)-1] {
		if len(group) < 4 {
			return false
		}
	}
	return true
}

// endOfFlat takes «кв. 12» and the rest of a list «кв. 12, 13 и 15». It leaves
// out ranges, quarters of a year («4 кв. 2020») and what is counted by the
// number («квартиры 2 подъезда»).
func endOfFlat(s string, from, to int) int {
	year := strings.HasPrefix(onlyDigits(s[from:to]), "20") && len(onlyDigits(s[from:to])) == 4
	switch {
	case endsInLetter(s[:from]), startsWithDigit(s[to:]), startsRange(s[to:]), countsSomething(s[to:]),
		year && endsInDigit(strings.TrimRight(s[:from], " -")):
		return 0
	}
	for {
		next := flatList.FindString(s[to:])
		if next == "" || startsRange(s[to+len(next):]) || countsSomething(s[to+len(next):]) {
			return to
		}
		to += len(next)
	}
}

var flatList = regexp.MustCompile(`^ ?(?:[,;]|,? ?и) ?\d{1,4}\b`)

// endOfFlatAfterNumber takes «157кв», «в 12-й квартире». It leaves out square
// metres, a house before its flat («дом 5 квартира 12») and longer words.
func endOfFlatAfterNumber(s string, from, to int) int {
	after := strings.TrimLeft(s[to:], ". №#")
	if startsWithLetter(s[to:]) || startsWithDigit(after) || strings.HasPrefix(after, "номер") ||
		strings.HasPrefix(after, "м") || strings.HasPrefix(after, "км") || afterHouse(s[:from]) || endsInLetter(s[:from]) {
		return 0
	}
	return endAlone(s, from, to)
}

// afterHouse tells whether the last word makes the number that follows one of
// a house or a part of it.
func afterHouse(before string) bool {
	before = strings.TrimRight(before, " .№#")
	word := before[strings.LastIndexFunc(before, func(r rune) bool { return !unicode.IsLetter(r) })+1:]
	return slices.Contains([]string{"д", "дом", "дома", "доме", "дому", "домом", "к", "кор", "корп", "корпус", "корпуса", "корпусе", "стр", "строение"}, word)
}

// countsSomething tells whether the number before counts or numbers the word
// after it: «2-го этажа», «3 подъезда», but not «этаж 3», which has its own.
func countsSomething(after string) bool {
	word := strings.TrimLeft(after, " -")
	if !startsWithLetter(word) {
		return false
	}
	if after[0] != ' ' {
		return true // an ending: «2-го», «2й»
	}
	for _, thing := range []string{"этаж", "подъезд", "парадн", "секци", "дом", "комн", "шт", "м ", "м.", "м2", "кв"} {
		if strings.HasPrefix(word, thing) {
			rest := strings.TrimLeftFunc(word, unicode.IsLetter)
			return !startsWithDigit(strings.TrimLeft(rest, " .№#"))
		}
	}
	return false
}

func endsInLetter(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return unicode.IsLetter(r)
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// startsRange tells whether «-80», « - 80», «...80» or « по 80» follows.
func startsRange(after string) bool {
	after = strings.TrimLeft(after, " ")
	for _, dash := range []string{"-", "...", "..", "…", "по ", "до "} {
		if rest, ok := strings.CutPrefix(after, dash); ok {
			return startsWithDigit(strings.TrimLeft(rest, " "))
		}
	}
	return false
}
