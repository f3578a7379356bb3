package repeat

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gorod/internal/platform/text"
)

// maxRead bounds how much of a text is read, in bytes: about 600 letters. The
// median of 48,832 real messages has 88 bytes, one in twenty has more than 600.
const maxRead = 1200

// words are a text as it is compared: its stems with their weights, and where
// in a house it says that something is.
type words struct {
	list   []word // sorted by stem, each once
	length float64
	spots  [spotKinds][]string // numbers of entrances and floors that it names, sorted
}

type word struct {
	stem   string
	said   string // as it was written, folded; of the first that has the stem
	weight float64
}

// The parts of a house that people number.
const (
	entrance = iota
	storey
	spotKinds
)

// Weights of stems. Numbers that name no entrance or storey are mostly houses
// and dates, which the place and the time tell better.
const (
	plainWeight = 1.0
	usualWeight = 0.25
)

// readWords cuts a text. It is a pure function and takes any bytes.
func readWords(s string) words {
	if len(s) > maxRead {
		s = strings.ToValidUTF8(s[:maxRead], "")
	}
	tokens, stems := text.Tokens(s), text.Stems(s)
	var w words
	for i, stem := range stems {
		if isNumber(stem) {
			w.placeNumber(stems, i)
			continue
		}
		if weight := weightOf(stem); weight > 0 {
			w.list = append(w.list, word{stem: stem, said: tokens[i], weight: weight})
		}
	}
	slices.SortStableFunc(w.list, func(a, b word) int { return cmp.Compare(a.stem, b.stem) })
	w.list = slices.CompactFunc(w.list, func(a, b word) bool { return a.stem == b.stem })
	for _, one := range w.list {
		w.length += one.weight * one.weight
	}
	w.length = math.Sqrt(w.length)
	for kind := range w.spots {
		slices.Sort(w.spots[kind])
		w.spots[kind] = slices.Compact(w.spots[kind])
	}
	return w
}

func isNumber(stem string) bool { return stem[0] >= '0' && stem[0] <= '9' }

// longestSpot is how many digits the number of an entrance or a storey may have.
const longestSpot = 2

// placeNumber keeps the number of an entrance or a storey: «3 подъезд», «3-й
// подъезд», «подъезд 3», «подъезде №3». Flats and telephones are never kept.
func (w *words) placeNumber(stems []string, at int) {
	if len(stems[at]) > longestSpot {
		return
	}
	near := func(i int) (int, bool) {
		if i < 0 || i >= len(stems) {
			return 0, false
		}
		return spotOf(stems[i])
	}
	kind, ok := near(at + 1)
	if !ok {
		kind, ok = near(at + 2) // «3-й подъезд» is 3, й, подъезд
		ok = ok && isEnding(stems[at+1])
	}
	if !ok {
		kind, ok = near(at - 1)
	}
	if ok {
		w.spots[kind] = append(w.spots[kind], strings.TrimLeft(stems[at], "0"))
	}
}

// isEnding tells whether a token is the letters that Russian puts behind an
// ordinal number.
func isEnding(stem string) bool { return len(stem) <= len("ом") && !isNumber(stem) }

func spotOf(stem string) (kind int, ok bool) {
	switch stem {
	case "подъезд", "парадн", "парадк", "под", "пар", "лестниц", "лк":
		return entrance, true
	case "этаж", "эт":
		return storey, true
	}
	return 0, false
}

// weightOf is how much a stem says about which problem is meant. Letters alone
// and prepositions say nothing; what stands in every other message says little.
func weightOf(stem string) float64 {
	switch {
	case len(stem) <= len("ая"):
		return 0
	case isUsual(stem):
		return usualWeight
	}
	return plainWeight
}

// isUsual lists the stems that messages of any topic have: who is asked, for
// what, where in general.
func isUsual(stem string) bool {
	switch stem {
	case "адрес", "без", "благодар", "больш", "будет", "был", "вас", "ваш", "везд", "вообщ", "вот", "врем",
		"все", "всех", "вчер", "где", "город", "дан", "даж", "двор", "ден", "дня", "добр", "дом", "дома", "дому",
		"друг", "его", "если", "есть", "жител", "жильц", "здравств", "или", "исправ", "как", "кажд", "корпус",
		"котор", "либ", "мер", "мест", "мног", "можн", "над", "нам", "нар", "нас", "находит", "наш", "неделл",
		"недел", "нет", "никак", "никт", "нужн", "она", "они", "отсутств", "очен", "перед", "под", "пожалуйст",
		"помог", "посл", "постоян", "почт", "при", "приня", "проблем", "проведен", "провест", "продолжа", "прос",
		"просьб", "прош", "прям", "реш", "ряд", "сдела", "сейчас", "сил", "ситуац", "снов", "сообщ", "состоян",
		"спасиб", "такж", "так", "там", "теб", "тож", "тольк", "требует", "тут", "убедительн", "уваж", "уж",
		"улиц", "устран", "утр", "фот", "фотограф", "част", "через", "что", "чтоб", "эт", "этот", "эта", "это",
		"литер", "лит", "the", "and", "please", "house", "street":
		return true
	}
	return false
}

// alike is the cosine of two texts, 0 to 1.
func alike(a, b words) float64 {
	if a.length == 0 || b.length == 0 {
		return 0
	}
	sum := 0.0
	both(a, b, func(one, _ word) { sum += one.weight * one.weight })
	return sum / (a.length * b.length)
}

// both walks the stems that two texts share.
func both(a, b words, each func(one, other word)) {
	for i, j := 0, 0; i < len(a.list) && j < len(b.list); {
		switch cmp.Compare(a.list[i].stem, b.list[j].stem) {
		case 0:
			each(a.list[i], b.list[j])
			i, j = i+1, j+1
		case -1:
			i++
		default:
			j++
		}
	}
}

// maxSame is how many common words are told.
const maxSame = 5

// same are the words that both texts have, as the first wrote them, the ones
// that say most first. Numbers are never among them.
func same(a, b words) []string {
	var list []word
	both(a, b, func(one, _ word) {
		if one.weight == plainWeight {
			list = append(list, one)
		}
	})
	slices.SortStableFunc(list, func(x, y word) int { return cmp.Compare(len(y.stem), len(x.stem)) })
	var said []string
	for _, one := range list[:min(len(list), maxSame)] {
		said = append(said, one.said)
	}
	return said
}

// elsewhere tells whether two texts name different entrances or storeys of a
// house, or only one of them names any.
func elsewhere(a, b words) bool {
	for kind := range spotKinds {
		x, y := a.spots[kind], b.spots[kind]
		if len(x)+len(y) > 0 && !slices.ContainsFunc(x, func(n string) bool { return slices.Contains(y, n) }) {
			return true
		}
	}
	return false
}
