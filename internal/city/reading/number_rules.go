package reading

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

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
	if n < length || onlyDigits(s[from:end])[1:4] == "800" || !grouped(s[from:end]) {
		return 0
	}
	return endAlone(s, from, end)
}

// grouped tells whether the digits of a telephone are parted as people part
// them: the country and the code, or the first of them, stand apart, or nothing
// does. «78030 041486» is the number of a paper.
func grouped(number string) bool {
	first := strings.IndexFunc(number, func(r rune) bool { return !isDigit(r) && r != '+' })
	return first < 0 || first <= 2 || strings.TrimPrefix(number[:first], "+") == "" || len(strings.TrimPrefix(number[:first], "+")) == 4
}

// endOfShortPhone: ten digits from a 9, unless the word before or the check
// digit says that it is the tax number of a firm.
func endOfShortPhone(s string, from, to int) int {
	number := onlyDigits(s[from:to])
	before := strings.TrimRight(s[:from], " :№")
	if strings.HasSuffix(before, "инн") || strings.HasSuffix(before, "стать") || strings.HasSuffix(before, "статьи") || strings.HasSuffix(before, "статья") ||
		endsInDigit(before) || len(number) == to-from && isINN(number) {
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
		if isLuhn(number) && groupsOfFour(s[from:end]) && endAlone(s, from, end) > 0 && !startsWithLetter(s[end:]) && !strings.HasSuffix(s[:from], "=") {
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
			return to + flatLetter(s[to:])
		}
		to += len(next)
	}
}

// flatLetter is the length of a single letter that ends the number of a flat:
// «15а».
func flatLetter(after string) int {
	r, size := utf8.DecodeRuneInString(after)
	if r < 'а' || r > 'г' || startsWithLetter(after[size:]) {
		return 0
	}
	return size
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
		return flatLetter(after) == 0 // an ending: «2-го», «2й»
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
