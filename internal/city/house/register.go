package house

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/platform/text"
)

// register is every house of a city in a few bytes each, in the order of streets
// and numbers: lists with any filters and exact counts are read from it. It
// never changes.
type register struct {
	items   []item
	byID    []int32 // items in the order of ids
	streets []registered
	main    string   // the town with the most houses, as it is written
	names   []string // interned: organisations, areas, purposes
	at      map[string]int32
	finder  finder
	count   map[org.ID][2]int // houses and flats by company
}

// registered is a street of the register; its houses stand together.
type registered struct {
	name, town string
	words      []string // folded
	from, to   int      // its items
}

// item is a house. Numbers that are unknown are 0, lifts -1.
type item struct {
	id                      place.HouseID
	key                     string // number|building|structure|letter, folded
	street, lead            int32
	manager, district, muni int32
	purpose                 int32
	flats                   int32
	built, floors, lifts    int16
	alarm                   bool
}

func newRegister(houses []place.House, streets []place.Street, passports map[place.HouseID]short) *register {
	r := &register{items: make([]item, 0, len(houses)), at: map[string]int32{}}
	r.name("")
	slots := map[[2]string]int32{}
	for _, h := range houses {
		slot, ok := slots[[2]string{h.Street, h.Settlement}]
		if !ok {
			// «Садовая улица» and «ул. Садовая» are one street.
			plain := [2]string{"\x00" + sortableStreet(h.Street), h.Settlement}
			slot, ok = slots[plain]
			if !ok {
				slot = int32(len(r.streets))
			}
			slots[plain], slots[[2]string{h.Street, h.Settlement}] = slot, slot
		}
		if !ok {
			r.streets = append(r.streets, registered{name: h.Street, town: h.Settlement, words: text.Tokens(h.Street + " " + h.Settlement)})
		}
		r.items = append(r.items, r.itemOf(h, slot, passports))
	}
	towns := map[string]int{}
	for _, h := range houses {
		if towns[h.Settlement]++; towns[h.Settlement] > towns[r.main] {
			r.main = h.Settlement
		}
	}
	r.sort()
	r.finder = newFinder(r.streets, streets)
	r.count = r.managed()
	return r
}

func (r *register) itemOf(h place.House, slot int32, passports map[place.HouseID]short) item {
	it := item{id: h.ID, key: keyOf(h.Number, h.Building, h.Structure, h.Letter), street: slot, lead: leadOf(h.Number),
		manager: r.name(h.Manager), district: r.name(string(h.District)), muni: r.name(string(h.Municipality)), purpose: r.name(h.Purpose),
		built: small(h.Year), floors: small(h.Floors), flats: int32(min(h.Flats, math.MaxInt32)), lifts: -1}
	p, ok := passports[h.ID]
	if !ok {
		return it
	}
	it.lifts, it.alarm = small(p.lifts), p.alarm
	if p.built != 0 {
		it.built = small(p.built)
	}
	if p.floors != 0 {
		it.floors = small(p.floors)
	}
	if p.flats != 0 {
		it.flats = int32(min(p.flats, math.MaxInt32))
	}
	if h.Manager == "" {
		it.manager = r.name(string(p.manager))
	}
	return it
}

func small(n int) int16 { return int16(max(min(n, math.MaxInt16), -1)) }

// name gives a text its number.
func (r *register) name(s string) int32 {
	if n, ok := r.at[s]; ok {
		return n
	}
	n := int32(len(r.names))
	r.names = append(r.names, s)
	r.at[s] = n
	return n
}

// sort puts houses in the order of people: streets by their words without the
// kind, then by number.
func (r *register) sort() {
	order := make([]int, len(r.streets))
	sortable := make([]string, len(r.streets))
	for i, s := range r.streets {
		order[i], sortable[i] = i, sortableStreet(s.name)+"\x00"+s.town
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(sortable[a], sortable[b]) })
	rank := make([]int32, len(order))
	streets := make([]registered, len(order))
	for i, was := range order {
		rank[was], streets[i] = int32(i), r.streets[was]
	}
	r.streets = streets
	for i := range r.items {
		r.items[i].street = rank[r.items[i].street]
	}
	slices.SortFunc(r.items, func(a, b item) int {
		return cmp.Or(cmp.Compare(a.street, b.street), cmp.Compare(a.lead, b.lead), natural(a.key, b.key), cmp.Compare(a.id, b.id))
	})
	r.byID = make([]int32, len(r.items))
	for i := range r.byID {
		r.byID[i] = int32(i)
	}
	slices.SortFunc(r.byID, func(a, b int32) int { return cmp.Compare(r.items[a].id, r.items[b].id) })
	for i, it := range r.items {
		s := &r.streets[it.street]
		if s.to == 0 {
			s.from = i
		}
		s.to = i + 1
	}
}

// natural compares texts with numbers in them as numbers: к2 before к10.
func natural(a, b string) int {
	for a != "" && b != "" {
		da, db := digitsOf(a), digitsOf(b)
		if da > 0 && db > 0 {
			x, y := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
			if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
				return c
			}
			a, b = a[da:], b[db:]
			continue
		}
		if a[0] != b[0] {
			// What has no building or letter comes before what has.
			return cmp.Or(-cmp.Compare(bar(a[0]), bar(b[0])), cmp.Compare(a[0], b[0]))
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}

func bar(c byte) int {
	if c == '|' {
		return 1
	}
	return 0
}

func digitsOf(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// leadOf is the number with which a house's number begins: 12 of «12/3а».
func leadOf(number string) int32 {
	n, digits := int32(0), digitsOf(strings.TrimSpace(number))
	for _, c := range strings.TrimSpace(number)[:digits] {
		if n > 100_000_000 {
			return n
		}
		n = n*10 + (c - '0')
	}
	return n
}

// managedBy are the houses of a company, in the order of the list.
func (r *register) managedBy(company org.ID) []place.HouseID {
	var ids []place.HouseID
	for _, it := range r.items {
		if company != "" && r.names[it.manager] == string(company) {
			ids = append(ids, it.id)
		}
	}
	return ids
}

// foreign counts the houses that a company does not manage.
func (r *register) foreign(company org.ID, houses []place.HouseID) int {
	wrong := 0
	for _, id := range houses {
		if it, ok := r.find(id); !ok || r.names[it.manager] != string(company) {
			wrong++
		}
	}
	return wrong
}

// sieve is a filter with names turned into numbers; impossible says that
// nothing can pass.
type sieve struct {
	f                      Filter
	area, manager, purpose int32
	streets                []bool // nil: any
	impossible             bool
}

func (r *register) sieve(f Filter) sieve {
	s := sieve{f: f, area: -1, manager: -1, purpose: -1}
	look := func(name string, into *int32) {
		if name == "" {
			return
		}
		n, ok := r.at[name]
		*into = n
		s.impossible = s.impossible || !ok
	}
	look(string(f.Area), &s.area)
	look(string(f.Manager), &s.manager)
	look(f.Purpose, &s.purpose)
	if f.NoManager {
		s.impossible = s.impossible || f.Manager != ""
		s.manager = r.at[""]
	}
	if asked := text.Tokens(f.Street); len(asked) > 0 {
		s.streets = make([]bool, len(r.streets))
		for i, street := range r.streets {
			s.streets[i] = begins(asked, street.words)
		}
	}
	return s
}

// begins tells whether each asked word begins one of the words.
func begins(asked, words []string) bool {
	for _, a := range asked {
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return false
		}
	}
	return true
}

func (s *sieve) takes(it *item) bool {
	f := &s.f
	switch {
	case s.area >= 0 && it.district != s.area && it.muni != s.area,
		s.manager >= 0 && it.manager != s.manager,
		s.purpose >= 0 && it.purpose != s.purpose,
		s.streets != nil && !s.streets[it.street],
		f.YearFrom != 0 && int(it.built) < f.YearFrom,
		f.YearTo != 0 && (it.built == 0 || int(it.built) > f.YearTo),
		f.FloorFrom != 0 && int(it.floors) < f.FloorFrom,
		f.FloorTo != 0 && (it.floors == 0 || int(it.floors) > f.FloorTo),
		f.Lifts == "yes" && it.lifts <= 0,
		f.Lifts == "no" && it.lifts != 0,
		f.Alarm == "yes" && !it.alarm,
		f.Alarm == "no" && it.alarm:
		return false
	}
	return true
}

// list gives the items of a page, how many there are in all, and whether more
// follow.
func (r *register) list(f Filter) (page []item, total int, more bool) {
	s := r.sieve(f)
	if s.impossible {
		return nil, 0, false
	}
	past := f.After == 0
	for i := range r.items {
		it := &r.items[i]
		if s.takes(it) {
			total++
			switch {
			case !past:
			case len(page) < f.Limit:
				page = append(page, *it)
			default:
				more = true
			}
		}
		past = past || it.id == f.After
	}
	return page, total, more
}

// managed counts houses and flats by company.
func (r *register) managed() map[org.ID][2]int {
	count := map[org.ID][2]int{}
	for i := range r.items {
		it := &r.items[i]
		c := count[org.ID(r.names[it.manager])]
		c[0]++
		c[1] += int(it.flats)
		count[org.ID(r.names[it.manager])] = c
	}
	delete(count, "")
	return count
}

// row is an item as a list shows it.
func (r *register) row(it item, h place.House) Row {
	return Row{House: h, Built: int(it.built), Floors: int(it.floors), Flats: int(it.flats), Lifts: int(it.lifts),
		Alarm: it.alarm, Manager: org.ID(r.names[it.manager])}
}

// find is the item of a house.
func (r *register) find(id place.HouseID) (item, bool) {
	i, ok := slices.BinarySearchFunc(r.byID, id, func(at int32, id place.HouseID) int { return cmp.Compare(r.items[at].id, id) })
	if !ok {
		return item{}, false
	}
	return r.items[r.byID[i]], true
}

// districts are the districts of houses in the order of their ids, and how many
// of the houses are not there.
func (r *register) districts(ids []place.HouseID) (areas []place.AreaID, missing int) {
	seen := map[int32]bool{0: true} // 0 is no district
	for _, id := range ids {
		it, ok := r.find(id)
		if !ok {
			missing++
			continue
		}
		if !seen[it.district] {
			seen[it.district] = true
			areas = append(areas, place.AreaID(r.names[it.district]))
		}
	}
	slices.Sort(areas)
	return areas, missing
}
