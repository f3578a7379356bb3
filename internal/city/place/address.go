package place

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"gorod/internal/platform/geo"
)

// addresses finds houses by what people type. It never changes. A house is some
// 20 bytes, a street some hundred, a word of a street some hundred more: the rest
// of a house is read from the database when it is found.
type addresses struct {
	streets []street
	lexicon *lexicon
	ids     []HouseID  // by street, then by number
	keys    string     // number.key of each house, one after the other
	ends    []uint32   // where each key ends
	within  [][2]int32 // district and municipality of each house, -1 none; see areas
	areas   []AreaID
	named   atomic.Pointer[areaNames] // of the areas in force
}

// street is a street of one settlement.
type street struct {
	around   []int32   // words of its settlement, and of whatever else stands before the number in its addresses
	initials string    // во of «В.О.»
	names    [][]int32 // its own words without the kind, then other names
	kinds    []string
	areas    []int32
	main     bool    // of the town itself, not of a suburb
	from, to int32   // its houses
	corners  []int32 // houses of other streets that stand at this one too
}

// areaNames are the words by which the areas of an index are called.
type areaNames struct {
	of      *areas
	lexicon *lexicon
	names   [][]int32 // by the index's number of the area
}

// namesOf gives the names of areas; they are made once for each edition of them.
func (x *addresses) namesOf(a *areas) *areaNames {
	if n := x.named.Load(); n != nil && n.of == a {
		return n
	}
	n := &areaNames{of: a, names: make([][]int32, len(x.areas))}
	called, all := make([][]string, len(x.areas)), map[string][]int32{}
	for i, id := range x.areas {
		for _, name := range a.name(id) {
			for _, w := range words(name) {
				if !w.digits() && roleOf(w.text) == noRole && len(w.text) > 4 {
					called[i] = append(called[i], w.text)
					all[w.text] = nil
				}
			}
		}
	}
	n.lexicon = newLexicon(all)
	for i := range called {
		for _, text := range called[i] {
			n.names[i] = append(n.names[i], n.lexicon.at(text))
		}
	}
	x.named.Store(n)
	return n
}

// spelling is a street's own words, to find its row in the list of streets.
func spelling(list []word) string {
	var parts []string
	for _, w := range list {
		parts = append(parts, w.text)
	}
	slices.Sort(parts)
	return strings.Join(parts, " ")
}

// split parts the kinds of a street from its own words. What is nothing but
// kinds («Набережная улица») keeps the first as its own word.
func split(list []word) (own []word, kinds []string) {
	for _, w := range list {
		if w.kind == "" {
			own = append(own, w)
		} else {
			kinds = append(kinds, w.kind)
		}
	}
	if len(own) == 0 {
		own = slices.Clone(list[:min(1, len(list))])
	}
	return own, kinds
}

// streetKey names a street of the register.
type streetKey struct{ settlement, name string }

// builder collects houses page by page.
type builder struct {
	town     []word // what the city is called; people type it too
	alsoTown []word // in other languages
	byStreet map[streetKey]*collected
}

// collected is a street while its houses come in.
type collected struct {
	houses []numbered
	before map[string]bool // beginnings of addresses, up to the first digit
}

type numbered struct {
	id     HouseID
	key    string
	within [2]AreaID
	point  geo.Point
}

func (b *builder) add(houses []House) {
	for _, h := range houses {
		k := streetKey{h.Settlement, h.Street}
		c := b.byStreet[k]
		if c == nil {
			c = &collected{before: map[string]bool{}}
			b.byStreet[k] = c
		}
		c.houses = append(c.houses, numbered{h.ID, numberOf(h).key(), [2]AreaID{h.District, h.Municipality}, h.Point})
		before, _, _ := strings.Cut(strings.Map(cutAtDigit, h.Address), "0")
		c.before[before] = true
	}
}

// cutAtDigit makes every digit a 0, at which addresses are cut.
func cutAtDigit(r rune) rune {
	if r >= '0' && r <= '9' {
		return '0'
	}
	return r
}

// around lists, without repetition, the words that stand in the addresses of a
// street before the number: the settlement, the territory, the town.
func (c *collected) around(settlement string, town, name []word) []string {
	var list []string
	add := func(more []word) {
		for _, w := range more {
			if !slices.Contains(list, w.text) && !slices.ContainsFunc(name, func(n word) bool { return n.text == w.text }) {
				list = append(list, w.text)
			}
		}
	}
	add(words(settlement))
	add(town)
	for _, before := range slices.Sorted(maps.Keys(c.before)) {
		add(words(before))
	}
	return list
}

// initialsOf joins the single letters of a name.
func initialsOf(name []word) string {
	var b strings.Builder
	for _, w := range name {
		if w.short() && !w.digits() {
			b.WriteString(w.text)
		}
	}
	return b.String()
}

// drawn is a street whose words have no numbers yet.
type drawn struct {
	street
	around []string
	names  [][]word
}

// build lays the collected houses out. Streets give the other names that people
// know a street by.
func (b *builder) build(streets []Street) *addresses {
	others := otherNames(streets)
	keys := slices.SortedFunc(maps.Keys(b.byStreet), func(x, y streetKey) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.settlement, y.settlement))
	})
	x := &addresses{}
	numbers := map[AreaID]int32{"": -1}
	var text strings.Builder
	var points []geo.Point
	list := make([]drawn, 0, len(keys))
	for _, k := range keys {
		c := b.byStreet[k]
		d := b.draw(k, c, others)
		d.from = int32(len(x.ids))
		slices.SortFunc(c.houses, byNumber)
		for _, h := range c.houses {
			x.ids, points = append(x.ids, h.id), append(points, h.point)
			text.WriteString(h.key)
			x.ends = append(x.ends, uint32(text.Len()))
			var within [2]int32
			for i, id := range h.within {
				within[i] = x.areaNumber(numbers, id)
				if within[i] >= 0 && !slices.Contains(d.areas, within[i]) {
					d.areas = append(d.areas, within[i])
				}
			}
			x.within = append(x.within, within)
		}
		d.to = int32(len(x.ids))
		list = append(list, d)
	}
	x.keys = text.String()
	x.number(list)
	x.addCorners(points)
	return x
}

// areaNumber gives an area its number in the index.
func (x *addresses) areaNumber(known map[AreaID]int32, id AreaID) int32 {
	n, ok := known[id]
	if !ok {
		n = int32(len(x.areas))
		known[id] = n
		x.areas = append(x.areas, id)
	}
	return n
}

// draw takes the names of a street apart.
func (b *builder) draw(k streetKey, c *collected, others map[string][]other) drawn {
	own, kinds := split(words(k.name))
	d := drawn{around: c.around(k.settlement, slices.Concat(b.town, b.alsoTown), own), names: [][]word{own}}
	d.initials, d.kinds = initialsOf(own), slices.Clip(kinds)
	d.main = len(b.town) == 0 || k.settlement == "" || spelling(withoutRoles(words(k.settlement))) == spelling(b.town)
	for _, other := range others[spelling(own)] {
		if other.kind == "" || len(kinds) == 0 || slices.Contains(kinds, other.kind) {
			d.names = append(d.names, other.names...)
		}
	}
	return d
}

// withoutRoles leaves «город» of «город Пушкин» out.
func withoutRoles(list []word) []word {
	return slices.DeleteFunc(list, func(w word) bool { return roleOf(w.text) != noRole })
}

// number makes the lexicon, and writes streets by its numbers.
func (x *addresses) number(list []drawn) {
	all := map[string][]int32{}
	for i, d := range list {
		for _, text := range d.around {
			all[text] = append(all[text], []int32{}...)
		}
		for _, name := range d.names {
			for _, w := range name {
				all[w.text] = append(all[w.text], int32(i))
			}
		}
	}
	x.lexicon = newLexicon(all)
	shared := map[string][]int32{} // most streets stand in the same town
	for _, d := range list {
		s := d.street
		key := strings.Join(d.around, " ")
		around, ok := shared[key]
		if !ok {
			for _, text := range d.around {
				around = append(around, x.lexicon.at(text))
			}
			shared[key] = around
		}
		s.around = around
		for _, name := range d.names {
			own := make([]int32, len(name))
			for i, w := range name {
				own[i] = x.lexicon.at(w.text)
			}
			if !slices.ContainsFunc(s.names, func(have []int32) bool { return slices.Equal(have, own) }) {
				s.names = append(s.names, own)
			}
		}
		x.streets = append(x.streets, s)
	}
}

// byNumber puts 2 before 10 and 10 before 10а.
func byNumber(a, b numbered) int {
	return cmp.Or(cmp.Compare(leading(a.key), leading(b.key)), cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}

// other is a row of the list of streets.
type other struct {
	kind  string
	names [][]word
}

// otherNames lists, by each spelling of a street, what else it is called.
func otherNames(streets []Street) map[string][]other {
	known := map[string][]other{}
	for _, s := range streets {
		o := other{kind: kindOf(s.Kind)}
		spellings := map[string]bool{}
		for _, name := range s.Name {
			own, _ := split(words(name))
			spellings[spelling(own)] = true
			o.names = append(o.names, own)
		}
		for _, alias := range s.Aliases {
			own, _ := split(words(alias))
			o.names = append(o.names, own)
		}
		for key := range spellings {
			known[key] = append(known[key], o)
		}
	}
	return known
}

// key is the number of a house.
func (x *addresses) key(i int32) string {
	from := uint32(0)
	if i > 0 {
		from = x.ends[i-1]
	}
	return x.keys[from:x.ends[i]]
}
