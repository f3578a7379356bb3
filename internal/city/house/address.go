package house

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// Stretch is what a list of addresses says of one street: some houses, a range
// of them, or all.
type Stretch struct {
	Street   string // folded words, with the kind: «ул садовая»
	District string // folded words, "" not told
	Town     string // folded words, "" not told
	Whole    bool
	Spans    []Span
	Text     string // folded, as it stood there
}

// Span is one house or a range of houses.
type Span struct {
	Number    string // of one house: 12, 1/21
	Building  string
	Structure string
	Letter    string
	From, To  int    // a range by the number that a house begins with; 0: one house
	Parity    Parity // of a range
	Except    bool   // «кроме дома 5»
	Text      string
	bare      bool // the letter was not announced: «19в», maybe of the number
}

// Parity is a side of a street.
type Parity byte

// The sides.
const (
	Both Parity = iota
	Even
	Odd
)

// ParseAddresses reads a list of addresses as people of utilities write it:
// «Садовая ул., дома 12, 14, 16–20 чётные; пер. Речной от дома 3 до дома 11». It
// never guesses: what it does not understand is in left, folded. The lists of
// St. Petersburg's suppliers were the model (domain.md 6.5).
func ParseAddresses(list string) (found []Stretch, left []string) {
	p := &addressReader{}
	for _, chunk := range chunks(loosened(lex(list))) {
		p.chunk(chunk)
	}
	p.close()
	return p.found, p.left
}

// MaxAddresses bounds a list, in bytes: the longest seen has 40 KB.
const MaxAddresses = 1 << 20

// token is a number, a word or a sign of a list.
type token struct {
	text string
	kind tokenKind
}

type tokenKind byte

const (
	signToken tokenKind = iota
	numberToken
	ordinalToken // «17-я»: of the name of a street
	wordToken
)

func (t token) is(words ...string) bool { return slices.Contains(words, t.text) }

// letter tells whether a token is a single letter.
func (t token) letter() bool {
	return t.kind == wordToken && utf8.RuneCountInString(t.text) == 1
}

// lex cuts a list into tokens.
func lex(list string) []token {
	if len(list) > MaxAddresses {
		list = list[:MaxAddresses]
	}
	// Line breaks end an address; folding would take them away.
	list = strings.NewReplacer("\r", ";", "\n", ";", "•", ";", "·", ";").Replace(list)
	runes := []rune(text.Fold(list))
	var tokens []token
	for i := 0; i < len(runes); {
		switch c := runes[i]; {
		case unicode.IsDigit(c):
			from := i
			for i < len(runes) && unicode.IsDigit(runes[i]) {
				i++
			}
			t := token{string(runes[from:i]), numberToken}
			if n := endingAt(runes[i:]); n > 0 {
				t.kind = ordinalToken
				i += n
			}
			tokens = append(tokens, t)
		case unicode.IsLetter(c):
			from := i
			for i < len(runes) && (unicode.IsLetter(runes[i]) || runes[i] == '-' && i+1 < len(runes) && unicode.IsLetter(runes[i+1])) {
				i++
			}
			tokens = append(tokens, token{string(runes[from:i]), wordToken})
		default:
			if !unicode.IsSpace(c) {
				tokens = append(tokens, token{string(c), signToken})
			}
			i++
		}
	}
	return tokens
}

// endingAt is the length of an ordinal's ending, «-я», «й», «-го», 0 for none.
func endingAt(rest []rune) int {
	at := 0
	if len(rest) > 1 && rest[0] == '-' {
		at = 1
	}
	end := at
	for end < len(rest) && unicode.IsLetter(rest[end]) {
		end++
	}
	switch string(rest[at:end]) {
	case "я", "й", "ая", "ый", "ий", "ой", "ья", "го", "му", "ю", "ую", "ей":
		return end
	}
	return 0
}

// loosened takes brackets away: «(нечет)» and «(д. 1, 3)» say something of the
// houses, «(школа № 5)» does not.
func loosened(tokens []token) []token {
	var out []token
	for i := 0; i < len(tokens); i++ {
		if !tokens[i].is("(", "[") {
			if !tokens[i].is(")", "]") {
				out = append(out, tokens[i])
			}
			continue
		}
		end := i + 1
		for end < len(tokens) && !tokens[end].is(")", "]") {
			end++
		}
		inside := tokens[i+1 : end]
		switch {
		case !slices.ContainsFunc(inside, func(t token) bool { return !ofHouses(t) }):
			out = append(out, inside...)
		case slices.ContainsFunc(inside, wholeWord):
			out = append(out, token{"весь", wordToken})
		}
		i = end
	}
	return out
}

// ofHouses tells whether a token can stand in a list of house numbers.
func ofHouses(t token) bool {
	return t.kind == numberToken || t.kind == signToken || t.letter() || rolesOf(t.text) != noPart || parityOf(t.text) != Both ||
		wholeWord(t) || exceptWord(t) || t.is("и", "от", "до", "по", "сторона", "стороны", "номера")
}

// chunks cuts tokens at commas, semicolons and colons.
func chunks(tokens []token) [][]token {
	var list [][]token
	from := 0
	for i, t := range tokens {
		if !t.is(",", ";", ":") {
			continue
		}
		if i > from {
			list = append(list, tokens[from:i])
		}
		from = i + 1
	}
	if from < len(tokens) {
		list = append(list, tokens[from:])
	}
	return list
}

// partRole is what a word announces in a house's number.
type partRole byte

const (
	noPart partRole = iota
	housePart
	buildingPart
	buildingsPart // plural: a list of them follows
	structurePart
	letterPart
	flatPart // what follows is inside of the house
)

func rolesOf(word string) partRole {
	switch word {
	case "д", "дд", "дом", "дома", "домов", "дому", "доме", "домам", "#", "номер":
		return housePart
	case "к", "кор", "корп", "корпус", "корпусе", "корпусу":
		return buildingPart
	case "корпуса", "корпусов", "корпуcы", "корпусы":
		return buildingsPart
	case "с", "стр", "строен", "строение", "строения", "соор", "сооружение":
		return structurePart
	case "л", "лит", "литер", "литера", "литеры", "литеру":
		return letterPart
	case "кв", "квартира", "квартиры", "под", "подъезд", "подъезды", "подъезда", "пар", "парадная", "парадные", "пом", "помещение", "помещения", "секция", "эт", "этаж", "этажи":
		return flatPart
	}
	return noPart
}

func parityOf(word string) Parity {
	switch {
	case strings.HasPrefix(word, "нечет"), word == "неч":
		return Odd
	case strings.HasPrefix(word, "четн"), word == "чет", word == "четв":
		return Even
	}
	return Both
}

func wholeWord(t token) bool {
	return t.is("вся", "весь", "всю", "все", "полностью", "целиком", "всей", "всего")
}

func exceptWord(t token) bool {
	return t.is("кроме", "исключая", "исключением")
}

// idle words say nothing.
func idle(t token) bool {
	return t.is("и", "а", "также", "по", "адресу", "адресам", "адрес", "адреса", "жилые", "жилой", "жилых", "ж", "за", "на", "в", "во",
		"сторона", "стороны", "стороне", "включительно", "вкл", "улице", "номера", "россия", "рф", "снт", "расположенные", "расположенный")
}

// addressReader goes through chunks and keeps what the ones before said.
type addressReader struct {
	found    []Stretch
	left     []string
	now      Stretch
	open     bool // now has a street
	district string
	town     string
	except   bool
	plural   bool     // numbers are those of buildings: «корпуса 1, 2»
	inside   string   // numbers are those of flats; the word that said so
	lost     bool     // something of now was not understood
	words    []string // of now, for its text
}

func textOf(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		if i > 0 && t.kind != signToken && !tokens[i-1].is("-", "/", "#") {
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
		if t.kind == ordinalToken {
			b.WriteString("-я")
		}
	}
	return b.String()
}

// close ends the stretch in hand.
func (p *addressReader) close() {
	if p.open {
		p.now.Text = strings.Join(p.words, ", ")
		if p.now.Whole || len(p.now.Spans) > 0 {
			p.found = append(p.found, p.now)
		} else if !p.lost {
			p.left = append(p.left, p.now.Text) // a street without houses: which ones?
		}
	}
	p.now, p.open, p.except, p.words = Stretch{}, false, false, nil
	p.plural, p.inside, p.lost = false, "", false
}

func (p *addressReader) chunk(tokens []token) {
	whole := tokens
	tokens = p.area(tokens)
	name, wholeStreet, rest := streetOf(tokens)
	if p.open && len(tokens) == 1 && tokens[0].letter() {
		name, rest = "", tokens // «лит. А, Б»
	}
	switch {
	case name != "" && p.open && len(p.now.Spans) == 0 && !p.now.Whole && onlyKind(name):
		p.now.Street += " " + name // «Садовая, ул., 12»
	case name != "":
		p.close()
		p.open, p.now = true, Stretch{Street: name, District: p.district, Town: p.town}
	}
	if len(tokens) == 0 {
		return
	}
	if !p.open {
		if slices.ContainsFunc(whole, func(t token) bool { return t.kind != signToken && !idle(t) }) {
			p.left = append(p.left, textOf(whole))
		}
		return
	}
	p.words = append(p.words, textOf(tokens))
	p.now.Whole = p.now.Whole || wholeStreet
	p.houses(rest)
}

// area takes the district and the town out of a chunk.
func (p *addressReader) area(tokens []token) []token {
	for len(tokens) > 0 && (tokens[0].kind == signToken || idle(tokens[0]) && len(tokens) > 1) && !tokens[0].is("#", "-") {
		tokens = tokens[1:]
	}
	if len(tokens) > 1 && tokens[0].is("г", "гор", "город", "пос", "поселок", "п", "дер", "деревня", "пгт", "село", "санкт-петербург") {
		at := 1
		if at < len(tokens) && tokens[at].is(".") {
			at++
		}
		if at < len(tokens) && tokens[at].kind == wordToken && !tokens[at].letter() {
			p.town = tokens[at].text
			return p.area(tokens[at+1:])
		}
	}
	isArea := func(t token) bool {
		return t.is("район", "р-н", "района", "районе", "округ", "мо", "р-на", "р-не")
	}
	i := slices.IndexFunc(tokens, isArea)
	if i < 0 || i > 3 {
		return tokens
	}
	end := i + 1
	name := tokens[:i]
	if i == 0 { // «р-н Заречье»
		if end < len(tokens) && tokens[end].is(".") {
			end++
		}
		from := end
		if end < len(tokens) && tokens[end].kind == wordToken {
			end++
		}
		name = tokens[from:end]
	}
	if len(name) == 0 || slices.ContainsFunc(name, func(t token) bool { return t.kind != wordToken }) {
		return tokens
	}
	p.close()
	p.district = textOf(name)
	return p.area(tokens[end:])
}

// streetOf takes the street from the beginning of a chunk: its words, whether
// all of it is meant, and what follows.
func streetOf(tokens []token) (name string, whole bool, rest []token) {
	var words []string
	i := 0
	for ; i < len(tokens); i++ {
		t := tokens[i]
		switch {
		case t.is("."):
		case wholeWord(t):
			whole = true
		case parityOf(t.text) != Both && len(words) == 0:
			// «нечётная сторона Садовой улицы»: the side goes to the end.
			if j := i + 1; j < len(tokens) && tokens[j].is("сторона") {
				n, w, r := streetOf(tokens[j+1:])
				return n, w, append(slices.Clone(r), t)
			}
			return "", whole, tokens[i:]
		case startsHouse(tokens, i, onlyKind(strings.Join(words, " "))):
			return strings.Join(words, " "), whole, tokens[i:]
		case t.kind == wordToken && idle(t) && !initial(tokens, i):
		case t.kind == ordinalToken:
			words = append(words, t.text+"-я")
		case t.kind == wordToken, t.kind == numberToken:
			words = append(words, t.text)
		case t.is("-"):
		default:
			return strings.Join(words, " "), whole, tokens[i:]
		}
	}
	return strings.Join(words, " "), whole, nil
}

// initial tells whether a token is a letter of a name: «К. Маркса», «В.О.».
func initial(tokens []token, i int) bool {
	return tokens[i].letter() && i+1 < len(tokens) && tokens[i+1].is(".") &&
		(i+2 == len(tokens) || tokens[i+2].kind == wordToken && rolesOf(tokens[i+2].text) == noPart || tokens[i+2].letter())
}

// startsHouse tells whether the numbers of houses begin here.
func startsHouse(tokens []token, i int, first bool) bool {
	t := tokens[i]
	next := token{}
	j := i + 1
	for j < len(tokens) && tokens[j].is(".") {
		j++
	}
	if j < len(tokens) {
		next = tokens[j]
	}
	switch {
	case t.is("#"):
		return true
	case exceptWord(t), parityOf(t.text) != Both:
		return true
	case t.is("от", "с", "начиная") && (next.kind == numberToken || rolesOf(next.text) == housePart):
		return true
	case rolesOf(t.text) != noPart && t.letter():
		return next.kind == numberToken || next.is("#") || rolesOf(t.text) == letterPart && next.letter() && !first
	case rolesOf(t.text) != noPart:
		return true
	case t.kind == numberToken:
		// «9 Января», «1905 года», «17 линия»: the number of a name.
		if first && next.kind == wordToken && !next.letter() && j == i+1 && rolesOf(next.text) == noPart && parityOf(next.text) == Both && !idle(next) && !exceptWord(next) && !next.is("до") {
			return false
		}
		return !(next.kind == wordToken && kindOfStreet(next.text) == "линия")
	}
	return false
}

// onlyKind tells whether words name a kind of street and no street.
func onlyKind(name string) bool {
	for w := range strings.FieldsSeq(name) {
		if kindOfStreet(w) == "" {
			return false
		}
	}
	return true
}

func number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil || n > maxNumber {
		return maxNumber + 1
	}
	return n
}

// maxNumber is the largest house number that is believed.
const maxNumber = 9999
