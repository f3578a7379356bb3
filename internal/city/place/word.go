package place

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// word is a word of an address, as people or registers write it.
type word struct {
	text    string // folded
	stem    string
	kind    string // what kind of street it names, in one spelling; "" none
	ordinal bool   // a number with an ending, «17-я»: never the number of a house
}

func (w word) digits() bool { return w.text[0] >= '0' && w.text[0] <= '9' }

func (w word) short() bool { return utf8.RuneCountInString(w.text) == 1 }

// words takes an address apart. Endings of ordinals («я» of «17-я») are not
// words of their own.
func words(s string) []word {
	var list []word
	for _, token := range text.Tokens(unfolded(s)) {
		if n := len(list); n > 0 && list[n-1].digits() && ending(token) {
			list[n-1].ordinal = true
			continue
		}
		if n := len(list); n > 0 && list[n-1].digits() && litera(token) {
			list = append(list, word{text: "лит", stem: "лит"})
			token = strings.TrimPrefix(token, "лит")
		}
		w := word{text: token, stem: token, kind: kindOf(token)}
		if len(token) > 3 {
			w.stem = text.Stem(token)
		}
		list = append(list, w)
	}
	return list
}

// unfolded writes out what is shortened with a hyphen, which would otherwise be
// two words: «пр-т» is not «пр» and a house «т».
func unfolded(s string) string {
	parts := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return strings.ContainsRune(" .,;", r) })
	for i, part := range parts {
		switch part {
		case "пр-т", "пр-кт", "просп-т":
			parts[i] = "проспект"
		case "пр-д":
			parts[i] = "проезд"
		case "б-р", "бул-р":
			parts[i] = "бульвар"
		case "кв-л":
			parts[i] = "квартал"
		case "пл-дь":
			parts[i] = "площадь"
		}
	}
	return strings.Join(parts, " ")
}

// litera tells whether a word is «литБ». «Лите» is the beginning of «литера».
func litera(token string) bool {
	letter, ok := strings.CutPrefix(token, "лит")
	return ok && utf8.RuneCountInString(letter) == 1 && letter != "е"
}

func ending(token string) bool {
	switch token {
	case "я", "й", "ая", "ый", "ий", "ой", "ья", "го", "му", "ю", "ую":
		return true
	}
	return false
}

// kindOf gives one spelling to all that name a kind of street, "" to what names
// none. The forms are those in which people say them: «на проспекте».
func kindOf(token string) string {
	switch token {
	case "ул", "улица", "улице", "улицы", "улицу", "street", "st":
		return "улица"
	case "пр", "просп", "проспект", "проспекте", "проспекта", "prospekt", "avenue", "ave":
		return "проспект"
	case "наб", "набережная", "набережной", "набережную", "embankment":
		return "набережная"
	case "пер", "переулок", "переулке", "переулка", "lane":
		return "переулок"
	case "пл", "площадь", "площади", "square":
		return "площадь"
	case "ш", "шоссе", "highway":
		return "шоссе"
	case "бул", "бульв", "бульвар", "бульваре", "бульвара", "boulevard":
		return "бульвар"
	case "лин", "линия", "линии", "линию", "line":
		return "линия"
	case "ал", "аллея", "аллее", "аллеи", "alley":
		return "аллея"
	case "дор", "дорога", "дороге", "дороги", "road":
		return "дорога"
	case "проезд", "проезде", "проезда":
		return "проезд"
	case "туп", "тупик", "тупике":
		return "тупик"
	case "тер", "терр", "территория":
		return "территория"
	case "квартал", "квартале":
		return "квартал"
	case "мкр", "мкрн", "микрорайон", "микрорайоне":
		return "микрорайон"
	}
	return ""
}

// begins tells whether a shortened word stands for a whole one: «Б.» for
// «Большая», «наб. р. Фонтанки».
func begins(short, whole string) bool {
	start := ""
	switch short {
	case "б", "бол":
		start = "больш"
	case "м", "мал":
		start = "мал"
	case "ср":
		start = "средн"
	case "р":
		start = "рек"
	case "кан":
		start = "канал"
	case "ак", "акад":
		start = "академик"
	case "ген":
		start = "генерал"
	case "марш":
		start = "маршал"
	case "адм":
		start = "адмирал"
	case "проф":
		start = "профессор"
	case "верх":
		start = "верхн"
	case "ниж", "нижн":
		start = "нижн"
	case "нов":
		start = "нов"
	case "ст", "стар":
		start = "стар"
	case "св":
		start = "свят"
	case "кр", "красн":
		start = "красн"
	}
	return start != "" && strings.HasPrefix(whole, start)
}

// role is what a word does between the numbers of an address.
type role uint8

const (
	noRole role = iota
	noise       // «д.», «г.», «на»
	building
	structure
	letter
	flat // what follows is of no use here
)

func roleOf(token string) role {
	switch token {
	case "д", "дом", "дома", "доме", "дому", "г", "гор", "город", "на", "по", "у", "в", "во", "около", "возле", "напротив", "рядом", "house", "n", "no":
		return noise
	case "к", "кор", "корп", "корпус", "корпуса", "корпусе", "building", "bldg":
		return building
	case "с", "стр", "строение", "строения", "строении":
		return structure
	case "л", "лит", "литера", "литеры", "литер":
		return letter
	case "кв", "квартира", "квартире", "офис", "оф", "подъезд", "под", "парадная", "пом", "помещение", "этаж", "flat", "apt":
		return flat
	}
	return noRole
}

// asked is what a query says of the house, once the street is taken out of it.
type asked struct {
	plain     []string // the number and what follows without a name: 12 3 а
	building  string
	structure string
	letter    string
	// unfinished is the token that may still grow; "" none.
	unfinished string
}

func (a asked) nothing() bool {
	return len(a.plain) == 0 && a.building == "" && a.structure == "" && a.letter == ""
}

// number is the number of a house taken apart, in the order number, building,
// structure, letter.
type number [4][]string

// numberOf takes a register's house apart.
func numberOf(h House) number {
	return number{text.Tokens(h.Number), text.Tokens(h.Building), text.Tokens(h.Structure), text.Tokens(h.Letter)}
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
	wholeNumber  = 20
	startOfIt    = 8
	wholePart    = 6
	startOfPart  = 3
	extraNumber  = 3
	extraPart    = 4
	extraLetter  = 1
	cannotBeThis = -1
)

// match weighs a house against what was asked; negative when it is another.
func (a asked) match(key string) int {
	var have number
	for i := range have {
		part, rest, _ := strings.Cut(key, "|")
		key = rest
		if part != "" {
			have[i] = strings.Split(part, "/")
		}
	}
	score := 0
	for i, want := range []string{1: a.building, 2: a.structure, 3: a.letter} {
		if want == "" {
			continue
		}
		gain := a.takeFrom(have[i:i+1], want, wholePart, startOfPart)
		if gain == 0 {
			return cannotBeThis
		}
		score += gain
	}
	for i, want := range a.plain {
		from, whole, start := have[:], wholePart, startOfPart
		if i == 0 {
			if len(have[0]) == 0 {
				return cannotBeThis
			}
			from, whole, start = number{have[0][:1:1]}.first(), wholeNumber, startOfIt
		}
		gain := a.takeFrom(from, want, whole, start)
		if gain == 0 {
			return cannotBeThis
		}
		if i == 0 {
			have[0] = have[0][1:]
		}
		score += gain
	}
	if a.nothing() {
		return 0
	}
	left := len(have[0])*extraNumber + (len(have[1])+len(have[2]))*extraPart + len(have[3])*extraLetter
	return max(score*4-left, 0)
}

// first is the number alone.
func (n number) first() [][]string { return n[:1] }

// takeFrom looks for a token in parts, takes it out and tells its worth.
func (a asked) takeFrom(parts [][]string, want string, whole, start int) int {
	for p := range parts {
		if i := slices.Index(parts[p], want); i >= 0 {
			parts[p] = slices.Delete(slices.Clone(parts[p]), i, i+1)
			return whole
		}
	}
	if want != a.unfinished {
		return 0
	}
	for p := range parts {
		for i, have := range parts[p] {
			if strings.HasPrefix(have, want) {
				parts[p] = slices.Delete(slices.Clone(parts[p]), i, i+1)
				return start
			}
		}
	}
	return 0
}
