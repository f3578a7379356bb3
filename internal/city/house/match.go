package house

import (
	"slices"
	"strings"
	"unicode/utf8"

	"gorod/internal/city/place"
	"gorod/internal/platform/text"
)

// finder finds streets by their words: exactly, with the kind and the initials
// shortened as people do, never by likeness. A list of outages that names a
// street wrongly is reported, not bent.
type finder struct {
	names  []streetName
	byWord map[string][]int // names by each of their long words
}

// streetName is one name of a street; a street may have several.
type streetName struct {
	street int
	kinds  []string
	words  []nameWord // long words and numbers
	shorts []string   // initials: В.О.
}

type nameWord struct{ raw, stem string }

// kindOfStreet gives one spelling to all that name a kind of street, "" to what
// names none (order of the Ministry of Finance 171н, and what people write).
func kindOfStreet(token string) string {
	switch token {
	case "ул", "улица", "улице", "улицы", "улицу", "у":
		return "улица"
	case "пр", "просп", "пр-т", "пр-кт", "проспект", "проспекте", "проспекта", "пр-ту":
		return "проспект"
	case "наб", "набережная", "набережной", "набережную":
		return "набережная"
	case "пер", "п-к", "переулок", "переулке", "переулка":
		return "переулок"
	case "пл", "площадь", "площади", "пл-дь":
		return "площадь"
	case "ш", "шоссе":
		return "шоссе"
	case "бул", "бульв", "бульвар", "бульваре", "бульвара", "б-р", "бул-р":
		return "бульвар"
	case "лин", "линия", "линии", "линию":
		return "линия"
	case "ал", "аллея", "аллее", "аллеи":
		return "аллея"
	case "дор", "дорога", "дороге", "дороги":
		return "дорога"
	case "проезд", "проезде", "проезда", "пр-д", "прд":
		return "проезд"
	case "туп", "тупик", "тупике":
		return "тупик"
	case "тер", "терр", "территория":
		return "территория"
	case "квартал", "кв-л":
		return "квартал"
	case "мкр", "мкрн", "микрорайон", "м-н", "мкр-н":
		return "микрорайон"
	case "спуск", "взвоз":
		return token
	}
	return ""
}

// filler are words of a street's name that people leave out.
func filler(stem string) bool {
	return slices.Contains([]string{"рек", "им", "имен", "г", "канал"}, stem)
}

func nameOf(s string, street int) streetName {
	n := streetName{street: street}
	for _, t := range lex(s) {
		switch {
		case t.kind == signToken:
		case t.kind == numberToken, t.kind == ordinalToken:
			n.words = append(n.words, nameWord{t.text, t.text})
		case kindOfStreet(t.text) != "":
			n.kinds = append(n.kinds, kindOfStreet(t.text))
		case utf8.RuneCountInString(t.text) == 1:
			n.shorts = append(n.shorts, t.text)
		default:
			for _, part := range strings.Split(t.text, "-") {
				if part != "" {
					n.words = append(n.words, nameWord{part, text.Stem(part)})
				}
			}
		}
	}
	return n
}

// sortableStreet is a name without its kind, for lists.
func sortableStreet(s string) string {
	n := nameOf(s, 0)
	var b strings.Builder
	for _, w := range n.words {
		if digitsOf(w.raw) == len(w.raw) {
			b.WriteString(strings.Repeat("0", max(6-len(w.raw), 0)))
		}
		b.WriteString(w.raw)
		b.WriteByte(' ')
	}
	b.WriteString(strings.Join(n.kinds, " "))
	return b.String()
}

func newFinder(streets []registered, more []place.Street) finder {
	f := finder{byWord: map[string][]int{}}
	aliases := map[string][]string{}
	for _, s := range more {
		for _, name := range s.Name {
			key := sortableStreet(strings.TrimSpace(s.Kind + " " + name))
			aliases[key] = append(aliases[key], s.Aliases...)
		}
	}
	for i, s := range streets {
		f.add(nameOf(s.name, i))
		for _, alias := range aliases[sortableStreet(s.name)] {
			n := nameOf(alias, i)
			if len(n.kinds) == 0 {
				n.kinds = nameOf(s.name, i).kinds
			}
			f.add(n)
		}
	}
	return f
}

func (f *finder) add(n streetName) {
	if len(n.words) == 0 {
		return
	}
	f.names = append(f.names, n)
	seen := map[string]bool{}
	for _, w := range n.words {
		if !seen[w.stem] {
			seen[w.stem] = true
			f.byWord[w.stem] = append(f.byWord[w.stem], len(f.names)-1)
		}
	}
}

// find gives the streets that a name means, several where several fit equally.
func (f *finder) find(asked string) []int {
	q := nameOf(asked, -1)
	best, found := 0, []int(nil)
	tried := map[int]bool{}
	for _, w := range q.words {
		for _, at := range f.byWord[w.stem] {
			if tried[at] {
				continue
			}
			tried[at] = true
			n := &f.names[at]
			score := q.fits(n)
			if score == 0 || score < best {
				continue
			}
			if score > best {
				best, found = score, found[:0]
			}
			if !slices.Contains(found, n.street) {
				found = append(found, n.street)
			}
		}
	}
	slices.Sort(found)
	return found
}

// fits tells how well an asked name fits one of the register, 0 not at all: each
// word of the one has to mean a word of the other.
func (q *streetName) fits(n *streetName) int {
	if !kindsAgree(q.kinds, n.kinds) {
		return 0
	}
	score := 1
	if len(q.kinds) > 0 && len(n.kinds) > 0 {
		score += 2
	}
	usedWord := make([]bool, len(n.words))
	usedShort := make([]bool, len(n.shorts))
	for _, w := range q.words {
		if i := indexUnused(usedWord, func(i int) bool { return n.words[i].stem == w.stem }); i >= 0 {
			usedWord[i] = true
			score += 4
			continue
		}
		// «акад. Павлова»: the beginning of a word.
		if i := indexUnused(usedWord, func(i int) bool { return shortens(w.raw, n.words[i].raw) }); i >= 0 {
			usedWord[i] = true
			score += 2
			continue
		}
		// «Карла Маркса» where the register has «К. Маркса».
		if i := indexUnused(usedShort, func(i int) bool { return strings.HasPrefix(w.raw, n.shorts[i]) }); i >= 0 {
			usedShort[i] = true
			score += 2
			continue
		}
		if !filler(w.stem) {
			return 0
		}
	}
	for _, s := range q.shorts {
		if i := indexUnused(usedShort, func(i int) bool { return n.shorts[i] == s }); i >= 0 {
			usedShort[i] = true
			score++
			continue
		}
		i := indexUnused(usedWord, func(i int) bool { return strings.HasPrefix(n.words[i].raw, s) })
		if i < 0 {
			return 0
		}
		usedWord[i] = true
		score += 2
	}
	for i, used := range usedWord {
		if !used && !filler(n.words[i].stem) {
			return 0
		}
	}
	return score
}

func kindsAgree(a, b []string) bool {
	if len(a) == 0 || len(b) == 0 {
		return true
	}
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

func indexUnused(used []bool, fits func(int) bool) int {
	for i := range used {
		if !used[i] && fits(i) {
			return i
		}
	}
	return -1
}

// shortens tells whether a word is the beginning of another, as people shorten.
func shortens(short, whole string) bool {
	n := utf8.RuneCountInString(short)
	return n >= 2 && n <= 5 && n < utf8.RuneCountInString(whole) && strings.HasPrefix(whole, short)
}

// keyOf is a house's number as the register and lists are compared:
// number|building|structure|letter, folded, with the parts that are written
// into the number taken out of it («12к3», «12А»).
func keyOf(num, building, structure, letter string) string {
	s := Span{}
	if tokens := lex(num); len(tokens) > 0 && tokens[0].kind != wordToken {
		p := &addressReader{}
		h := &houseReader{p: p, tokens: tokens, at: 1}
		s.Number = tokens[0].text
		h.tail(&s)
		if h.at < len(tokens) { // a number of another sort stays as it is
			s = Span{Number: strings.ReplaceAll(text.Fold(num), "|", "")}
		}
	} else {
		s.Number = strings.ReplaceAll(text.Fold(num), "|", "")
	}
	put := func(into *string, v string) {
		if v = strings.ReplaceAll(text.Fold(v), "|", ""); v != "" {
			*into = v
		}
	}
	if s.Letter != "" && text.Fold(letter) != "" {
		s.Number += s.Letter // 17б литера А
	}
	put(&s.Building, building)
	put(&s.Structure, structure)
	put(&s.Letter, letter)
	return s.key()
}

func (s Span) key() string { return s.Number + "|" + s.Building + "|" + s.Structure + "|" + s.Letter }

// Miss is a part of a list that names no house of the city, or not exactly one.
type Miss struct {
	Text string // as the list has it, folded
	Why  string // key in the catalogue of phrases
}

// match finds the houses of a stretch. A district told beside the address
// decides between streets of one name, and nothing else.
func (r *register) match(s Stretch, districts map[place.AreaID][]string) (found []place.HouseID, missed []Miss) {
	streets := r.finder.find(s.Street)
	if len(streets) > 1 {
		streets = r.narrow(streets, s, districts)
	}
	if len(streets) == 0 {
		return nil, []Miss{{s.Text, "house.miss_street"}}
	}
	var out []place.HouseID
	if s.Whole {
		if len(streets) > 1 {
			return nil, []Miss{{s.Text, "house.miss_streets"}}
		}
		for _, it := range r.on(streets[0]) {
			found = append(found, it.id)
		}
	}
	for _, span := range s.Spans {
		ids, why := r.matchSpan(streets, span)
		switch {
		case why != "":
			missed = append(missed, Miss{s.Street + ", " + span.Text, why})
		case span.Except:
			out = append(out, ids...)
		default:
			found = append(found, ids...)
		}
	}
	found = slices.DeleteFunc(found, func(id place.HouseID) bool { return slices.Contains(out, id) })
	slices.Sort(found)
	return slices.Compact(found), missed
}

func (r *register) on(street int) []item { return r.items[r.streets[street].from:r.streets[street].to] }

// narrow leaves of streets of one name those of the town that was told, those
// with houses in the district that was told, and where nothing else decides those
// of the main town: lists name a suburb when they mean it.
func (r *register) narrow(streets []int, s Stretch, districts map[place.AreaID][]string) []int {
	keep := func(fits func(i int) bool) {
		if in := slices.DeleteFunc(slices.Clone(streets), func(i int) bool { return !fits(i) }); len(in) > 0 {
			streets = in
		}
	}
	if s.Town != "" {
		keep(func(i int) bool { return slices.Contains(text.Tokens(r.streets[i].town), s.Town) })
	}
	if s.District != "" {
		keep(func(i int) bool {
			return slices.ContainsFunc(r.on(i), func(it item) bool {
				return slices.Contains(districts[place.AreaID(r.names[it.district])], s.District) ||
					slices.Contains(districts[place.AreaID(r.names[it.muni])], s.District)
			})
		})
	}
	if len(streets) > 1 {
		keep(func(i int) bool { return r.streets[i].town == r.main })
	}
	return streets
}

// matchSpan finds the houses of a span on one of the streets; on several is a
// question that only people can answer.
func (r *register) matchSpan(streets []int, s Span) (found []place.HouseID, why string) {
	on := 0
	for _, street := range streets {
		ids, reason := r.matchOn(street, s)
		if len(ids) > 0 {
			on++
			found = ids
		}
		if why == "" || reason == "house.miss_building" {
			why = reason
		}
	}
	switch {
	case on > 1:
		return nil, "house.miss_streets"
	case on == 1:
		return found, ""
	}
	return nil, why
}

func (r *register) matchOn(street int, s Span) ([]place.HouseID, string) {
	items := r.on(street)
	if s.To > 0 {
		var ids []place.HouseID
		for _, it := range items {
			odd := it.lead%2 == 1
			if int(it.lead) >= s.From && int(it.lead) <= s.To && (s.Parity == Both || odd == (s.Parity == Odd)) {
				ids = append(ids, it.id)
			}
		}
		return ids, "house.miss_range"
	}
	lead := leadOf(s.Number)
	from, _ := slices.BinarySearchFunc(items, lead, func(it item, lead int32) int { return int(it.lead) - int(lead) })
	near := items[from:]
	if to := slices.IndexFunc(near, func(it item) bool { return it.lead != lead }); to >= 0 {
		near = near[:to]
	}
	for _, fits := range s.ways() {
		var ids []place.HouseID
		for _, it := range near {
			if fits(partsOf(it.key)) {
				ids = append(ids, it.id)
			}
		}
		if len(ids) > 0 {
			return ids, ""
		}
	}
	if len(near) > 0 {
		return nil, "house.miss_building"
	}
	return nil, "house.miss_house"
}

// partsOf takes a key apart.
func partsOf(key string) Span {
	var s Span
	s.Number, key, _ = strings.Cut(key, "|")
	s.Building, key, _ = strings.Cut(key, "|")
	s.Structure, s.Letter, _ = strings.Cut(key, "|")
	return s
}

// ways are how a number may mean a house, the most exact first: just so; without
// its letter or structure, when the list names none («12» is 12 литера А and Б);
// by the first number of a corner house («12» is 12/21); with the building
// written behind a slash («12/2» is 12 корпус 2); with the letter as building.
func (s Span) ways() []func(Span) bool {
	bare := s.Letter == "" && s.Structure == ""
	first, second, slash := strings.Cut(s.Number, "/")
	return []func(Span) bool{
		func(h Span) bool { return h.key() == s.key() },
		func(h Span) bool { return bare && h.Number == s.Number && h.Building == s.Building },
		func(h Span) bool { return s.Letter != "" && h.Number == s.Number+s.Letter && h.Building == s.Building },
		func(h Span) bool { // a building that has a letter for its number
			return s.Structure == "" && s.Letter != "" && s.Building == "" && h.Number == s.Number && h.Building == s.Letter && h.Letter == ""
		},
		func(h Span) bool {
			one, _, corner := strings.Cut(h.Number, "/")
			return !slash && corner && one == s.Number && h.Building == s.Building && (bare || h.Letter == s.Letter && h.Structure == s.Structure)
		},
		func(h Span) bool {
			return slash && s.Building == "" && h.Number == first && h.Building == second && (bare || h.Letter == s.Letter && h.Structure == s.Structure)
		},
		func(h Span) bool { return slash && s.Building == "" && bare && h.Number == first && h.Building == "" },
	}
}
