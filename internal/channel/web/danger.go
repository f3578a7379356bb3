package web

import (
	"strings"
	"sync"

	"gorod/internal/platform/text"
)

// dangerous tells whether a text speaks of danger to people, so that the page
// shows whom to call before anything else. It must not miss much and may be
// wrong sometimes: a needless line costs a second, a missing one could cost
// more. The rules are pairs of stems that have to stand close to each other;
// «не горит фонарь», the city's most frequent message, must not ring.
func dangerous(words string) bool {
	if words == "" {
		return false
	}
	stems := text.Stems(words)
	for _, rule := range rules() {
		if rule.fits(stems) {
			return true
		}
	}
	return false
}

// danger is a rule: one of first, and, where there is any, one of second within
// reach words of it, with no word of unless just before.
type danger struct {
	first, second, unless []string
}

// reach is how many words may lie between the two parts of a rule.
const reach = 4

// rules are dangers, stemmed once.
var rules = sync.OnceValue(dangers)

func dangers() []danger {
	return []danger{
		{first: words("пожар загорелся загорелась возгорание fire burning")},
		{first: words("дым smoke"), second: words("подъезд квартира этаж подвал чердак дом окно валит идёт stairwell flat")},
		{first: words("горит полыхает"), second: words("дом квартира подъезд мусоропровод чердак подвал машина контейнер бак трава балкон"), unless: words("не")},
		{first: words("газ газом gas"), second: words("пахнет запах пахло утечка воняет шипит smell leak")},
		{first: words("взрыв взорвался взорвалось explosion")},
		{first: words("искрит искрится искрят sparks"), second: words("провод провода кабель щиток розетка столб опора трансформатор wire cable")},
		{first: words("оборван оборвался оголённый оголен торчит свисает висит"), second: words("провод провода кабель")},
		{first: words("ударило бьёт бьет"), second: words("током ток")},
		{first: words("обрушился обрушилась рухнул рухнула обвалился обвалилась collapsed"), second: words("балкон крыша стена потолок перекрытие дом люди roof balcony")},
		{first: words("провалился упал упала ранен ранена травма кровь injured"), second: words("человек ребёнок люк яма лёд сосулька голову мужчина женщина child")},
		{first: words("застрял застряли застряла stuck"), second: words("лифт лифте lift")},
		{first: words("тонет тонут drowning")},
		{first: words("без"), second: words("сознания")},
		{first: words("умирает задыхается")},
	}
}

// words are the stems of words in a line.
func words(line string) []string { return text.Stems(strings.TrimSpace(line)) }

func (d danger) fits(stems []string) bool {
	for i, stem := range stems {
		if !contains(d.first, stem) || i > 0 && contains(d.unless, stems[i-1]) {
			continue
		}
		if len(d.second) == 0 {
			return true
		}
		for k := max(0, i-reach); k <= i+reach && k < len(stems); k++ {
			if k != i && contains(d.second, stems[k]) {
				return true
			}
		}
	}
	return false
}

func contains(list []string, stem string) bool {
	for _, s := range list {
		if s == stem {
			return true
		}
	}
	return false
}
