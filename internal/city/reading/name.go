package reading

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// names finds the names of people: a patronymic or initials with what stands
// beside them; a given name with a surname; a surname after the word for a
// person («сосед Петров»). Streets and monuments of people are none.
func (t *sheet) names(add func(from, to int, kind Kind)) {
	n := &namer{sheet: t, class: make([]class, len(t.tokens))}
	lexicon := nameWords()
	for i, k := range t.tokens {
		if k.sort == wordToken && !k.latin {
			n.class[i] = lexicon.of(k.word)
		}
	}
	for i := 0; i < len(t.tokens); i++ {
		from, to, ok := n.at(i)
		if !ok {
			continue
		}
		add(int(t.tokens[from].from), int(t.tokens[to].to), Name)
		i = max(i, to)
	}
}

// namer looks for names among the tokens of a text.
type namer struct {
	*sheet
	class []class
}

// at tells whether a name is found at a token: its patronymic, its first
// initial, its given name or the word for a person before it.
func (n *namer) at(i int) (from, to int, ok bool) {
	k := n.tokens[i]
	if k.sort != wordToken || k.latin {
		return 0, 0, false
	}
	for _, find := range []func(int) (int, int, bool){n.byPatronymic, n.byInitials, n.byGivenName, n.byRole} {
		if from, to, ok = find(i); ok {
			return from, to, true
		}
	}
	return 0, 0, false
}

// is tells whether a token is of a group.
func (n *namer) is(i int, group class) bool {
	return i >= 0 && i < len(n.class) && n.class[i]&group != 0
}

// capital tells whether a token is a word that may be a name by its first
// letter and its length.
func (n *namer) capital(i int) bool {
	return i >= 0 && i < len(n.tokens) && n.tokens[i].capital && !n.tokens[i].latin && utf8.RuneCountInString(n.tokens[i].word) >= 3 && !n.is(i, noSurname|streetWord|roleWord|rankWord)
}

// surname tells whether a token has the end of a surname.
func (n *namer) surname(i int) bool {
	if i < 0 || i >= len(n.tokens) || n.tokens[i].sort != wordToken || n.is(i, noSurname|streetWord|roleWord|rankWord) {
		return false
	}
	word := n.tokens[i].word
	return utf8.RuneCountInString(word) >= 4 && slices.ContainsFunc(surnames, func(end string) bool { return strings.HasSuffix(word, end) })
}

// capitalSurname is a surname written as one.
func (n *namer) capitalSurname(i int) bool { return n.capital(i) && n.surname(i) }

// byPatronymic takes «Иван Иванович», with a surname before or after.
func (n *namer) byPatronymic(i int) (from, to int, ok bool) {
	k := n.tokens[i]
	given := n.is(i-1, givenName) || k.capital && !k.shouted && (n.capital(i-1) || n.initial(i-1))
	if !given || !isPatronymic(k.word) || n.apart(i-1, i) {
		return 0, 0, false
	}
	from, to = i-1, i
	if n.initial(from) {
		return from, to, true
	}
	strong := hasEnd(k.word, nominative)
	switch {
	case !n.apart(i-2, i-1) && (n.capital(i-2) && (n.surname(i-2) || n.tokens[i-1].capital && n.is(i-1, givenName)) || !k.capital && n.surname(i-2)):
		from = i - 2
	case !n.apart(i, i+1) && (n.capitalSurname(i+1) || !k.capital && n.surname(i+1) && n.tokens[i+1].word != "прошу"):
		to = i + 1
	}
	if !strong && n.street(from, to, true) {
		return 0, 0, false
	}
	return from, to, true
}

func isPatronymic(word string) bool {
	return utf8.RuneCountInString(word) >= 5 && hasEnd(word, patronymics)
}

func hasEnd(word string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool { return strings.HasSuffix(word, end) })
}

// initial tells whether a token is one capital letter; its dot may follow.
func (n *namer) initial(i int) bool {
	return i >= 0 && i < len(n.tokens) && n.tokens[i].sort == wordToken && n.tokens[i].capital && utf8.RuneCountInString(n.tokens[i].word) == 1
}

func (n *namer) dot(i int) bool {
	return i >= 0 && i < len(n.tokens) && n.tokens[i].word == "." && n.tokens[i].from == n.tokens[i-1].to
}

// notInitials are short forms of other things: Васильевский остров, acting for
// somebody, the Petrograd side.
var notInitials = []string{"во", "ио", "пс", "рф", "мо", "жк", "ук", "тц", "бц", "тк", "дк", "ту", "сп", "му",
	"не", "на", "по", "от", "до", "из", "за", "их", "он", "мы", "вы", "но", "то", "бы", "же", "ли", "ни", "да", "во", "ко", "со", "об", "их", "ее", "ул", "пр", "дп", "ст", "кв", "ту", "зу", "гк"}

// byInitials takes «Иванов И.И.», «И. И. Иванов», «Иванов И.», «Иванов ИИ».
func (n *namer) byInitials(i int) (from, to int, ok bool) {
	if n.tokens[i].shouted && utf8.RuneCountInString(n.tokens[i].word) == 2 && !slices.Contains(notInitials, n.tokens[i].word) &&
		!n.apart(i-1, i) && n.capitalSurname(i-1) && !n.tokens[i-1].shouted && !hasEnd(n.tokens[i-1].word, []string{"ский", "ского", "ская", "ской", "ском"}) {
		return i - 1, i, !n.street(i-1, i, false)
	}
	if !n.initial(i) || !n.dot(i+1) || n.dot(i-1) && n.initial(i-2) {
		return 0, 0, false // none, or the last of three: «Д.О.М.»
	}
	two, letters, to := n.second(i)
	other := slices.Contains(notInitials, letters)
	left := !n.apart(i-1, i) && n.capital(i-1) && (n.surname(i-1) || two && !other) && !(other && n.adjective(i-1))
	right := !n.apart(to, to+1) && n.capital(to+1) && (n.surname(to+1) && !other || two && !other)
	if right && !two {
		right = n.alone(i, to+1)
	}
	if left && right && !n.surname(i-1) && n.surname(to+1) {
		left = false
	}
	switch {
	case left:
		from = i - 1
	case right:
		from, to = i, to+1
	default:
		return 0, 0, false
	}
	// «пр. К. Маркса», «дом Г.Г. Елисеева»: the word for a street or a house
	// stands before the initials.
	if n.street(from, to, !left) || !left && n.is(from-1, houseWord) && !n.apart(from-1, from) {
		return 0, 0, false
	}
	return from, to, true
}

// second goes from the first initial to the second where there is one.
func (n *namer) second(i int) (two bool, letters string, to int) {
	letters, to = n.tokens[i].word, i+1
	if !n.initial(to+1) || n.apart(to, to+1) {
		return false, letters, to
	}
	two, letters, to = true, letters+n.tokens[to+1].word, to+1
	if n.dot(to + 1) {
		to++
	}
	return two, letters, to
}

// alone tells whether one initial and a surname are a person: «И. Петров», not
// «М. Жукова, 56», «Б. Морская» or «г. Пушкин», which are places.
func (n *namer) alone(i, surname int) bool {
	switch {
	case n.adjective(surname), n.tokens[i].word == "г", n.address(surname):
		return false
	case hasEnd(n.tokens[surname].word, []string{"ов", "ев", "ин", "ын", "енко", "овым", "евым"}):
		return true
	}
	for k := i - 1; k >= 0 && k >= i-streetReach-1 && !n.apart(k, k+1); k-- {
		if n.is(k, roleWord) {
			return true
		}
	}
	return false
}

// adjective tells whether a surname is declined as an adjective, as the names of
// many streets are.
func (n *namer) adjective(i int) bool {
	return hasEnd(n.tokens[i].word, []string{"ий", "ого", "ому", "ая", "ой", "ом", "ых"}) && !hasEnd(n.tokens[i].word, []string{"овой", "евой", "иной"})
}

// byGivenName takes «Мария Иванова» and «Иванова Мария».
func (n *namer) byGivenName(i int) (from, to int, ok bool) {
	if !n.is(i, givenName) || !n.tokens[i].capital || i+1 < len(n.tokens) && isPatronymic(n.tokens[i+1].word) && !n.apart(i, i+1) {
		return 0, 0, false
	}
	switch {
	case !n.apart(i, i+1) && n.capitalSurname(i+1):
		from, to = i, i+1
	case !n.apart(i-1, i) && n.capitalSurname(i-1) && !n.is(i-1, givenName):
		from, to = i-1, i
	case n.named(i):
		from, to = i, i
	default:
		return 0, 0, false
	}
	if n.street(from, to, true) || n.address(to) || from != to && n.place(from, i) {
		return 0, 0, false
	}
	return from, to, true
}

// place tells whether a given name and a surname in the genitive stand where a
// street does: «по Фёдору Абрамову», «на Николая Рубцова», «Лени Голикова».
func (n *namer) place(from, given int) bool {
	before := ""
	if from > 0 && !n.apart(from-1, from) {
		before = n.tokens[from-1].word
	}
	switch before {
	case "по", "от", "до", "вдоль", "угол", "углу", "между", "стороне", "перекресток", "пересечение":
		return true
	case "на":
		complaint := from > 1 && (strings.HasPrefix(n.tokens[from-2].word, "жал") || strings.HasPrefix(n.tokens[from-2].word, "претенз"))
		return !complaint && hasEnd(n.tokens[given].word, []string{"а", "я", "ы", "и"})
	case "":
		return hasEnd(n.tokens[given].word, []string{"ы", "и"}) // a text begins with the place
	}
	return false
}

// named tells whether a word before a given name says that somebody is called
// so: «сосед Миша», «с уважением, Мария», «меня зовут Олег».
func (n *namer) named(i int) bool {
	before := i - 1
	if before >= 0 && n.tokens[before].word == "," {
		before--
		return n.is(before, roleWord) && n.tokens[before].word == "уважением"
	}
	return n.is(before, roleWord)
}

// roleReach is how many words (a company, a department) may stand between the
// word for a person and a surname.
const roleReach = 3

// byRole takes the surname in «сосед Петров», «директор УК Сидорова».
func (n *namer) byRole(i int) (from, to int, ok bool) {
	if !n.is(i, roleWord) {
		return 0, 0, false
	}
	for k := i + 1; k <= i+1+roleReach && k < len(n.tokens); k++ {
		word := n.tokens[k]
		switch {
		case n.apart(k-1, k) && n.tokens[i].word != "уважением":
			return 0, 0, false
		case word.word == "," && n.tokens[i].word == "уважением", word.word == ":" || word.word == "-" && k == i+1:
			continue
		case n.is(k, officeWord) && !word.shouted:
			continue
		case word.sort != wordToken || word.capital && n.is(k, givenName):
			return 0, 0, false
		case n.capitalSurname(k) && !n.is(k+1, unitWord|streetWord) && !n.is(k-1, streetWord|rankWord) && (!word.shouted || k == i+1) && !n.possessive(i, k):
			return k, k, !n.address(k)
		case !word.capital:
			return 0, 0, false
		case n.is(k, noSurname) && !word.shouted:
			return 0, 0, false
		}
	}
	return 0, 0, false
}

// possessive tells whether what follows a role is where its office is: «глава
// Невского», «депутат Ленинградской».
func (n *namer) possessive(_, k int) bool {
	return hasEnd(n.tokens[k].word, []string{"ского", "ской", "ских", "цкого", "цкой", "ском", "ным"})
}

// apart tells whether two neighbours are parted by a line, or are no words.
func (n *namer) apart(a, b int) bool {
	if a < 0 || b >= len(n.tokens) {
		return true
	}
	return strings.Contains(n.plain[n.tokens[a].to:n.tokens[b].from], "\n")
}

// streetReach is how many words and dots before or after a name may lie
// between it and the word for a street.
const streetReach = 2

// street tells whether a name is that of a street, a square or a monument.
// With wide also words in between («памятник великому поэту») are looked
// through.
func (n *namer) street(from, to int, wide bool) bool {
	reach := streetReach
	if wide {
		reach++
	}
	for i := from - 1; i >= 0 && i >= from-1-reach; i-- {
		k := n.tokens[i]
		if n.is(i, roleWord) || k.word == "," || k.sort == coverToken || n.apart(i, i+1) {
			break
		}
		if n.is(i, streetWord|rankWord) {
			return true
		}
		if k.sort == wordToken && !k.capital && !n.adjective(i) {
			break
		}
	}
	// «Жукова ул.», «Ветеранов пр-т», «Марии Ульяновой сквер».
	return !n.apart(to, to+1) && n.is(to+1, streetWord) && !n.is(to+1, roleWord)
}

// address tells whether a house follows a name: «Ивана Фомина, 5», «Сергея
// Марго д. 1».
func (n *namer) address(to int) bool {
	next := to + 1
	if next < len(n.tokens) && n.tokens[next].word == "," {
		next++
	}
	if next >= len(n.tokens) || n.apart(to, next) {
		return false
	}
	return n.is(next, houseWord) || n.tokens[next].sort == numberToken && len(n.tokens[next].word) <= 3
}

// spoken finds a telephone that is written in words: «восемь девятьсот
// одиннадцать сто двадцать три сорок пять шестьдесят семь».
func (t *sheet) spoken(add func(from, to int, kind Kind)) {
	const shortest = 6
	for i := 0; i < len(t.tokens); {
		end, last, said := i, i, 0
		for end < len(t.tokens) && t.mayBeSpoken(end, end > i) {
			if k := t.tokens[end]; k.sort != otherToken {
				last = end
				if k.sort == wordToken {
					said++
				}
			}
			end++
		}
		if said > 0 && last-i+1 >= shortest && t.beginsPhone(i) {
			add(int(t.tokens[i].from), int(t.tokens[last].to), Phone)
		}
		i = max(end, i+1)
	}
}

// mayBeSpoken tells whether a token may stand in a row of numbers.
func (t *sheet) mayBeSpoken(i int, within bool) bool {
	k := t.tokens[i]
	switch k.sort {
	case wordToken:
		return !k.latin && nameWords().whole[k.word]&numeral != 0
	case numberToken:
		return len(k.word) <= 4
	}
	return within && (k.word == "-" || k.word == ",")
}

// beginsPhone tells whether a row of numbers begins as a telephone does.
func (t *sheet) beginsPhone(i int) bool {
	for k := i; k < min(i+3, len(t.tokens)); k++ {
		word := t.tokens[k].word
		if strings.HasPrefix(word, "девят") || strings.HasPrefix(word, "9") || word == "восемь" || word == "8" {
			return true
		}
	}
	return false
}
