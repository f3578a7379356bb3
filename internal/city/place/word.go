package place

import (
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
		if before, letter, ok := litera(token); ok && len(list) > 0 {
			if before != "" {
				list = append(list, wordOf(before))
			}
			list = append(list, wordOf("лит"))
			token = letter
		}
		list = append(list, wordOf(token))
	}
	return list
}

// wordOf looks at a single folded word.
func wordOf(token string) word {
	w := word{text: token, stem: token, kind: kindOf(token)}
	if len(token) > 3 {
		w.stem = text.Stem(token)
	}
	return w
}

// unfolded writes out what is shortened with a hyphen, which would otherwise be
// two words: «пр-т» is not «пр» and a house «т».
func unfolded(s string) string {
	parts := strings.FieldsFunc(text.Fold(s), func(r rune) bool { return strings.ContainsRune(" .,;", r) })
	for i, part := range parts {
		switch part {
		case "pr-t", "pr-kt", "пр-т", "пр-кт", "просп-т", "пр-кте", "пр-те", "пр-ту":
			parts[i] = "проспект"
		case "р-н", "р-он", "р-не":
			parts[i] = "район"
		case "ш-се":
			parts[i] = "шоссе"
		case "пер-к":
			parts[i] = "переулок"
		case "наб-ая":
			parts[i] = "набережная"
		case "м-н", "мкр-н", "м-он":
			parts[i] = "микрорайон"
		case "пр-д":
			parts[i] = "проезд"
		case "b-r", "б-р", "бул-р", "б-ре", "бульв-р":
			parts[i] = "бульвар"
		case "кв-л", "кварт-л":
			parts[i] = "квартал"
		case "пл-дь":
			parts[i] = "площадь"
		}
	}
	return strings.Join(parts, " ")
}

// litera parts «литБ», and «алитБ» of «5алитБ». «Лите» is the beginning of
// «литера».
func litera(token string) (before, letter string, ok bool) {
	before, letter, ok = strings.Cut(token, "лит")
	size := utf8.RuneCountInString(letter)
	ok = ok && (size == 1 || size == 2) && !strings.HasPrefix("ера", letter) && utf8.RuneCountInString(before) <= 1
	return before, letter, ok
}

func ending(token string) bool {
	switch token {
	case "ya", "ja", "y", "j", "aya", "iy", "go", "th", "nd", "rd",
		"я", "й", "ая", "ый", "ий", "ой", "ья", "го", "му", "ю", "ую":
		return true
	}
	return false
}

// kindOf gives one spelling to all that name a kind of street, "" to what names
// none. The forms are those in which people say them: «на проспекте».
func kindOf(token string) string {
	switch token {
	case "ул", "улица", "улице", "улицы", "улицу", "ulitsa", "ulica", "ul", "street", "str", "st":
		return "улица"
	case "пр", "просп", "проспект", "проспекте", "проспекта", "проспекту", "prospekt", "prospect", "pr", "avenue", "ave":
		return "проспект"
	case "наб", "набережная", "набережной", "набережную", "nab", "embankment":
		return "набережная"
	case "пер", "переулок", "переулке", "переулка", "pereulok", "per", "lane":
		return "переулок"
	case "пл", "площадь", "площади", "square":
		return "площадь"
	case "ш", "шоссе", "shosse", "highway":
		return "шоссе"
	case "бул", "бульв", "бульвар", "бульваре", "бульвара", "bulvar", "boulevard":
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

// beginning is what the words begin with that a shortened one stands for: «Б.»
// for «Большая», «наб. р. Фонтанки»; "" for a word that is not shortened.
func beginning(short string) string {
	switch short {
	case "б", "бол":
		return "больш"
	case "м", "мал":
		return "мал"
	case "ср":
		return "средн"
	case "р":
		return "рек"
	case "кан":
		return "канал"
	case "ак", "акад":
		return "академик"
	case "ген":
		return "генерал"
	case "марш":
		return "маршал"
	case "адм":
		return "адмирал"
	case "проф":
		return "профессор"
	case "верх":
		return "верхн"
	case "ниж", "нижн":
		return "нижн"
	case "нов":
		return "нов"
	case "ст", "стар":
		return "стар"
	case "св":
		return "свят"
	case "кр", "красн":
		return "красн"
	}
	return ""
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
	case "д", "дом", "дома", "доме", "дому", "г", "гор", "город", "на", "по", "у", "в", "во", "около", "возле", "напротив", "рядом", "house", "n", "no",
		"россия", "рф", "район", "района", "районе", "округ", "мо", "муниципальный", "внутригородское",
		"пос", "п", "поселок", "поселке", "дер", "деревня", "деревне", "село", "селе", "пгт", "снт":
		return noise
	case "к", "кор", "корп", "корпус", "корпуса", "корпусе", "korpus", "korp", "building", "bldg":
		return building
	case "с", "стр", "строение", "строения", "строении":
		return structure
	case "л", "лит", "литера", "литеры", "литер", "litera", "lit":
		return letter
	case "кв", "квартира", "квартире", "офис", "оф", "подъезд", "под", "парадная", "пом", "помещение", "этаж", "flat", "apt":
		return flat
	}
	return noRole
}

// ordinal gives the figures of a number that is written out, «первая» is 1; ""
// for any other word. Streets are called so up to some twenty.
func ordinal(token string) string {
	if utf8.RuneCountInString(token) < 5 {
		return ""
	}
	for _, o := range []struct{ start, number string }{
		{"одиннадцат", "11"}, {"двенадцат", "12"}, {"тринадцат", "13"}, {"четырнадцат", "14"}, {"пятнадцат", "15"},
		{"двадцат", "20"}, {"перв", "1"}, {"втор", "2"}, {"трет", "3"}, {"четверт", "4"}, {"пят", "5"},
		{"шест", "6"}, {"седьм", "7"}, {"восьм", "8"}, {"девят", "9"}, {"десят", "10"},
	} {
		if rest, ok := strings.CutPrefix(token, o.start); ok {
			switch rest {
			case "ая", "ой", "ую", "ый", "ого", "ом", "ому", "ое", "ий", "ья", "ей", "ье", "ьей", "ьего", "ью":
				return o.number
			}
		}
	}
	return ""
}

// townOf writes out what a town is called for short, "" for other words.
func townOf(token string) string {
	switch token {
	case "спб", "питер", "питере", "петербурге", "spb":
		return "петербург"
	case "мск", "msk":
		return "москва"
	case "екб":
		return "екатеринбург"
	}
	return ""
}
