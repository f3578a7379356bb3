package place

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// typedQuery is an address as it was typed so far, and what each of its words
// is worth as a word of the lexicon and of the names of areas.
type typedQuery struct {
	words []word
	latin []bool // words that were typed in Latin letters and are read by ear
	guess bool   // what is only near counts too
	gains [][]gain
	areas [][]gain
	near  *areaNames
	// fixed are kinds and announcements that were mistyped: «прспект».
	fixed []string
}

// What the parts of a street cost and are worth beside its own words.
const (
	sameKind      = 12
	otherKind     = -40 // «Садовая улица» is not «Садовый переулок», but near
	sameTown      = 6
	missingWord   = -12
	missingDigits = -20 // «линия» alone is all of them
	missingShort  = -2  // initials: В.О.
	numberFirst   = -10 // «12 Садовая»
	slippedKind   = 4
)

// reading is one way to understand a query as a street.
type reading struct {
	score   int
	asked   asked
	guess   bool // a word of it is only near
	partial bool // the street has words that were not typed
}

// weigh looks every word up.
func (q *typedQuery) weigh(x *addresses) {
	q.gains, q.areas, q.fixed = make([][]gain, len(q.words)), make([][]gain, len(q.words)), make([]string, len(q.words))
	for i, w := range q.words {
		how := weighing{unfinished: q.unfinished(i), initial: q.initial(i), latin: q.latin != nil && q.latin[i], guess: q.guess}
		q.gains[i] = x.lexicon.weigh(w, how)
		if !w.digits() && utf8.RuneCountInString(w.text) >= 3 {
			q.areas[i] = q.near.lexicon.weigh(w, how)
		}
		if q.guess && !w.digits() {
			q.fixed[i] = announced(w.text)
		}
	}
}

// announced is the kind or the part of an address that a mistyped word was to
// be, "" where it is near none.
func announced(typed string) string {
	if utf8.RuneCountInString(typed) < 4 || utf8.RuneCountInString(typed) > 14 {
		return ""
	}
	letters := []rune(typed)
	for _, have := range []string{
		"улица", "проспект", "набережная", "переулок", "площадь", "шоссе", "бульвар", "линия", "аллея", "дорога", "проезд", "тупик",
		"территория", "квартал", "микрорайон", "корпус", "строение", "литера", "квартира", "район", "город", "поселок", "деревня",
	} {
		most := slipsOf(utf8.RuneCountInString(have))
		if slips(letters, []rune(have), most, false) <= most {
			return have
		}
	}
	return ""
}

// initial tells whether a single letter may stand for a name: «М. Горького». A
// letter before or after a number never does.
func (q *typedQuery) initial(i int) bool {
	w := q.words[i]
	return w.short() && !w.digits() && i+1 < len(q.words) && !q.words[i+1].digits() && (i == 0 || !q.words[i-1].digits())
}

// read tells whether a street can be meant, how well it fits, and what the rest
// says of the house. Every word that was typed must mean something; numbers says
// whether numbers may belong to the street's name.
func (q *typedQuery) read(x *addresses, s *street, name []int32, numbers bool) (r reading, ok bool) {
	var taken [mostTyped]bool
	matched, last := 0, -1
	for _, have := range name {
		i, g := q.findWord(x, have, taken[:], numbers)
		text := x.lexicon.text[have]
		digits, short := text[0] >= '0' && text[0] <= '9', x.lexicon.size[have] == 1
		if i < 0 {
			r.partial = r.partial || digits || !short
			r.score += missing(digits, short)
			continue
		}
		taken[i] = true
		last = max(last, i)
		r.score += g.worth()
		if digits && q.words[i].ordinal {
			r.score++ // «7-я» rather than the 7 of a house
		}
		r.guess = r.guess || g.near()
		if !short && !digits && g.worth() != initial {
			matched++
		}
	}
	if matched == 0 && !q.onlyDigitsNamed(x, s, name, taken[:]) {
		return r, false
	}
	return r, q.rest(s, taken[:], last, &r)
}

// onlyDigitsNamed allows «17 линия», whose own word is a number, if its kind was
// typed.
func (q *typedQuery) onlyDigitsNamed(x *addresses, s *street, name []int32, taken []bool) bool {
	numbered, kind := false, false
	for i, w := range q.words {
		// «7-я В.О.» can be nothing else either.
		kind = kind || taken[i] && w.short() && !w.digits() && i > 0 && q.words[i-1].ordinal
		numbered = numbered || taken[i] && (w.digits() || ordinal(w.text) != "")
		kind = kind || w.kind != "" && slices.Contains(s.kinds, w.kind) || q.fixed[i] != "" && slices.Contains(s.kinds, q.fixed[i])
	}
	return numbered && kind && !slices.ContainsFunc(name, func(w int32) bool {
		text := x.lexicon.text[w]
		return (text[0] < '0' || text[0] > '9') && x.lexicon.size[w] > 1
	})
}

func missing(digits, short bool) int {
	switch {
	case digits:
		return missingDigits
	case short:
		return missingShort
	}
	return missingWord
}

// findWord looks for a word of a street among those typed and not yet taken.
func (q *typedQuery) findWord(x *addresses, have int32, taken []bool, numbers bool) (at int, best gain) {
	at = -1
	text := x.lexicon.text[have]
	digits := text[0] >= '0' && text[0] <= '9'
	for i, w := range q.words {
		if taken[i] || w.digits() && !w.ordinal && !numbers || digits && !w.digits() && ordinal(w.text) == "" {
			continue
		}
		if g := q.gains[i][have]; g.worth() > best.worth() {
			at, best = i, g
		}
	}
	return at, best
}

// unfinished tells whether a word may still grow: the last one does, unless it
// is a single letter after a number or after «литера».
func (q *typedQuery) unfinished(i int) bool {
	if i != len(q.words)-1 {
		return false
	}
	return i == 0 || !q.words[i].short() || !q.words[i-1].digits() && roleOf(q.words[i-1].text) <= noise
}

// rest reads what is left when the words of the street are taken out.
func (q *typedQuery) rest(s *street, taken []bool, last int, r *reading) bool {
	a := &r.asked
	for i := 0; i < len(q.words); i++ {
		if taken[i] {
			continue
		}
		w := q.words[i]
		switch role := q.role(i); {
		case w.digits() && w.ordinal:
			return false // the ordinal of another street
		case w.digits() && len(w.text) == 6 && len(a.plain) == 0 && i < len(q.words)-1:
			// a postal code
		case w.digits() || w.short() && len(a.plain) > 0 && !q.opens(i):
			if len(a.plain) == 0 && i < last {
				r.score += numberFirst
			}
			a.plain = append(a.plain, w.text)
		case w.kind != "":
			r.takeKind(s, w.kind)
		case role != noRole && q.beside(i, s) == 0:
			i += q.part(i, taken, a)
		default:
			if !q.loose(i, s, r) {
				return false
			}
		}
	}
	if n := len(q.words); !taken[n-1] && (q.words[n-1].digits() || q.words[n-1].short()) {
		a.unfinished = q.words[n-1].text
	}
	return true
}

// role is what a word announces, mistyped ones too.
func (q *typedQuery) role(i int) role {
	if role := roleOf(q.words[i].text); role != noRole || q.fixed[i] == "" {
		return role
	}
	return roleOf(q.fixed[i])
}

// takeKind weighs a kind that was typed.
func (r *reading) takeKind(s *street, kind string) {
	switch {
	case len(s.kinds) == 0: // the register does not say
	case slices.Contains(s.kinds, kind):
		r.score += sameKind
	default:
		r.score += otherKind
		r.guess = true
	}
}

// opens tells whether a single letter announces a part of the address rather
// than being one: «к 3», «с 2», «л а», «д 5».
func (q *typedQuery) opens(i int) bool {
	if roleOf(q.words[i].text) == noRole || i+1 == len(q.words) {
		return false
	}
	next := q.words[i+1]
	return next.digits() || next.short() && roleOf(q.words[i].text) == letter
}

// part reads the word that announces a part of the address, and the value that
// follows; it tells how many further words it used.
func (q *typedQuery) part(i int, taken []bool, a *asked) (used int) {
	role := q.role(i)
	if role == noise || i+1 == len(q.words) || taken[i+1] {
		return 0
	}
	value := q.words[i+1]
	if !value.digits() && utf8.RuneCountInString(value.text) > 2 {
		return 0
	}
	switch role {
	case building:
		a.building = value.text
	case structure:
		a.structure = value.text
	case letter:
		a.letter = value.text
	}
	return 1
}

// beside weighs a word as one of the settlement or territory of a street.
func (q *typedQuery) beside(i int, s *street) gain {
	var best gain
	for _, have := range s.around {
		if g := q.gains[i][have]; g.worth() > best.worth() {
			best = g
		}
	}
	return best
}

// loose weighs a word that is neither of the street nor of the house: the town,
// a district, or the beginning of a kind or of «корпус». It tells whether the
// word means anything here.
func (q *typedQuery) loose(i int, s *street, r *reading) bool {
	w := q.words[i]
	if g := q.beside(i, s); g != 0 {
		r.score += sameTown
		r.guess = r.guess || g.near()
		return true
	}
	if w.text == s.initials {
		r.score += sameTown // «ПС» for П.С.
		return true
	}
	if named := q.areasNamed(i, s); len(named) > 0 {
		r.score += sameTown
		r.asked.areas = append(r.asked.areas, named...)
		return true
	}
	if kind := kindOf(q.fixed[i]); kind != "" {
		before := r.score
		r.takeKind(s, kind)
		r.score -= max(0, r.score-before-slippedKind)
		return true
	}
	if !q.unfinished(i) {
		return false
	}
	for _, kind := range s.kinds {
		if strings.HasPrefix(kind, w.text) {
			r.score += sameKind
			return true
		}
	}
	for _, name := range []string{"корпус", "строение", "литера", "дом", "квартира"} {
		if strings.HasPrefix(name, w.text) {
			r.score++
			return true
		}
	}
	return false
}

// areasNamed lists the areas of a street that a word names.
func (q *typedQuery) areasNamed(i int, s *street) []int32 {
	if q.areas[i] == nil {
		return nil
	}
	var named []int32
	for _, area := range s.areas {
		for _, have := range q.near.names[area] {
			if q.areas[i][have] != 0 {
				named = append(named, area)
				break
			}
		}
	}
	return named
}
