package place

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/platform/sqldb"
)

// Found is a house that fits what was typed.
type Found struct {
	House House
	Score float64           // higher fits better; only comparable within one answer
	Area  map[string]string // name of its district, by language
}

// addresses finds houses by what people type. It never changes. A street is
// some hundred bytes, a house about 20: the rest of a house is read from the
// database when it is found.
type addresses struct {
	streets []street
	ids     []HouseID // by street, then by number
	keys    string    // number.key of each house, one after the other
	ends    []uint32  // where each key ends
}

// street is a street of one settlement.
type street struct {
	name       string
	settlement []word   // and whatever else stands before the number in its addresses
	initials   string   // во of «В.О.»
	names      [][]word // its own words without the kind, then other names
	kinds      []string
	from, to   int32 // its houses
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
	byStreet map[streetKey]*collected
}

// collected is a street while its houses come in.
type collected struct {
	houses []numbered
	before map[string]bool // beginnings of addresses, up to the first digit
}

type numbered struct {
	id  HouseID
	key string
}

func (b *builder) add(houses []House) {
	for _, h := range houses {
		k := streetKey{h.Settlement, h.Street}
		c := b.byStreet[k]
		if c == nil {
			c = &collected{before: map[string]bool{}}
			b.byStreet[k] = c
		}
		c.houses = append(c.houses, numbered{h.ID, numberOf(h).key()})
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
func (c *collected) around(settlement string, town []word) []word {
	list := append(words(settlement), town...)
	for _, before := range slices.Sorted(maps.Keys(c.before)) {
		for _, w := range words(before) {
			if !slices.Contains(list, w) {
				list = append(list, w)
			}
		}
	}
	return slices.Clip(list)
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

// build lays the collected houses out. Streets give the other names that people
// know a street by.
func (b *builder) build(streets []Street) *addresses {
	others := otherNames(streets)
	names := make([]streetKey, 0, len(b.byStreet))
	for k := range b.byStreet {
		names = append(names, k)
	}
	slices.SortFunc(names, func(x, y streetKey) int {
		return cmp.Or(cmp.Compare(x.name, y.name), cmp.Compare(x.settlement, y.settlement))
	})
	x := &addresses{}
	var keys strings.Builder
	for _, k := range names {
		own, kinds := split(words(k.name))
		s := street{name: k.name, initials: initialsOf(own), settlement: b.byStreet[k].around(k.settlement, b.town), kinds: kinds, names: [][]word{own}, from: int32(len(x.ids))}
		for _, other := range others[spelling(own)] {
			if other.kind == "" || len(kinds) == 0 || slices.Contains(kinds, other.kind) {
				s.names = append(s.names, other.names...)
			}
		}
		houses := b.byStreet[k].houses
		slices.SortFunc(houses, byNumber)
		for _, h := range houses {
			x.ids = append(x.ids, h.id)
			keys.WriteString(h.key)
			x.ends = append(x.ends, uint32(keys.Len()))
		}
		s.to = int32(len(x.ids))
		x.streets = append(x.streets, s)
	}
	x.keys = keys.String()
	return x
}

// byNumber puts 2 before 10 and 10 before 10а.
func byNumber(a, b numbered) int {
	return cmp.Or(cmp.Compare(leading(a.key), leading(b.key)), cmp.Compare(a.key, b.key), cmp.Compare(a.id, b.id))
}

func leading(key string) int {
	end := strings.IndexFunc(key, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(key)
	}
	n, err := strconv.Atoi(key[:end])
	if err != nil {
		return 0
	}
	return n
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

// pick is a house that fits.
type pick struct {
	house  int32
	street int32
	score  int
}

const (
	// mostStreets is how many of the streets that fit are looked through.
	mostStreets = 200
	// mostTyped is how many words of a query are read.
	mostTyped = 16
)

// find gives the houses that fit best.
func (x *addresses) find(query string, limit int) []pick {
	typed := words(query)
	if len(typed) == 0 || limit <= 0 {
		return nil
	}
	q := typedQuery{words: typed[:min(len(typed), mostTyped)]}
	fits := x.streetsFor(q)
	var picks []pick
	for _, f := range fits {
		share := limit
		if f.asked.nothing() {
			// Nothing but a street yet: some houses of each that fits.
			share = max(1, limit/len(fits))
		}
		picks = x.pickFrom(picks, f, share)
	}
	slices.SortStableFunc(picks, func(a, b pick) int { return cmp.Compare(b.score, a.score) })
	return dropRepeats(picks, limit)
}

// dropRepeats keeps the best of each house; picks come best first.
func dropRepeats(picks []pick, limit int) []pick {
	var kept []pick
	seen := map[int32]bool{}
	for _, p := range picks {
		if len(kept) == limit {
			break
		}
		if !seen[p.house] {
			seen[p.house] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// pickFrom adds the houses of a street that fit.
func (x *addresses) pickFrom(picks []pick, f fit, share int) []pick {
	s := x.streets[f.street]
	if f.asked.nothing() {
		for i := s.from; i < min(s.to, s.from+int32(share)); i++ {
			picks = append(picks, pick{i, f.street, f.score})
		}
		return picks
	}
	for i := s.from; i < s.to; i++ {
		if score := f.asked.match(x.key(i)); score >= 0 {
			picks = append(picks, pick{i, f.street, f.score + score})
		}
	}
	return picks
}

// fit is a street that can be meant, and what is left of the query for a house.
type fit struct {
	street int32
	score  int
	asked  asked
}

// streetsFor lists the streets that can be meant, the best first.
func (x *addresses) streetsFor(q typedQuery) []fit {
	var fits []fit
	for i := range x.streets {
		s := &x.streets[i]
		for _, name := range s.names {
			// A number may belong to the street or to the house: «7 советская».
			for _, numbers := range []bool{true, false} {
				if score, rest, ok := q.matchStreet(s, name, numbers); ok {
					fits = append(fits, fit{int32(i), score, rest})
				}
				if !hasDigits(name) {
					break
				}
			}
		}
	}
	slices.SortStableFunc(fits, func(a, b fit) int { return cmp.Compare(b.score, a.score) })
	return fits[:min(len(fits), mostStreets)]
}

func hasDigits(name []word) bool { return slices.ContainsFunc(name, word.digits) }

// Search finds houses as an address is typed: in any order of words, with kinds
// and parts spelt out, shortened or left out, the last word unfinished. Without
// a number it gives the first houses of the streets that fit. At most 50.
func (s *Service) Search(ctx context.Context, city int64, query string, limit int) ([]Found, error) {
	limit = min(limit, 50)
	var found []Found
	for {
		var missing Edition
		err := s.db.View(ctx, func(tx *sqldb.Tx) error {
			e, err := CurrentIn(tx, city, houseDictionary)
			if err != nil {
				return err
			}
			index, ok := s.addresses.Find(e)
			if !ok {
				missing = e
				return nil
			}
			found, err = s.found(tx, e, index, index.find(query, limit))
			return err
		})
		if err != nil || !missing.Loaded() {
			return found, err
		}
		if err := s.buildAddresses(ctx, missing); err != nil {
			return nil, err
		}
	}
}

// buildAddresses makes the index of an edition. Whoever waits for it holds no
// connection meanwhile; who comes second finds it made.
func (s *Service) buildAddresses(ctx context.Context, wanted Edition) error {
	s.building.Lock()
	defer s.building.Unlock()
	if _, ok := s.addresses.Find(wanted); ok {
		return nil
	}
	return s.db.View(ctx, func(tx *sqldb.Tx) error {
		// The edition is read again: the rows that are there now are its rows.
		e, err := AtIn(tx, wanted.City, wanted.Version, houseDictionary)
		if err != nil || !e.Loaded() {
			return err
		}
		c, err := s.CityIn(tx, e.City)
		if err != nil {
			return err
		}
		_, err = s.addresses.Get(e, func() (*addresses, error) { return readAddresses(tx, c, e) })
		return err
	})
}

func readAddresses(tx *sqldb.Tx, c City, e Edition) (*addresses, error) {
	streets, err := readStreets(tx, e.City, e.Version)
	if err != nil {
		return nil, fmt.Errorf("read streets: %w", err)
	}
	b := builder{byStreet: map[streetKey]*collected{}}
	for _, name := range c.Name {
		b.town = append(b.town, words(name)...)
	}
	const page = 5000
	for after := HouseID(0); ; {
		houses, err := readHouses(tx, e.City, e.Version, after, page)
		if err != nil {
			return nil, fmt.Errorf("read houses: %w", err)
		}
		b.add(houses)
		if len(houses) < page {
			return b.build(streets), nil
		}
		after = houses[page-1].ID
	}
}

// found reads the houses of picks.
func (s *Service) found(tx *sqldb.Tx, e Edition, index *addresses, picks []pick) ([]Found, error) {
	areas, err := s.areasIn(tx, e.City)
	if err != nil {
		return nil, err
	}
	found := make([]Found, 0, len(picks))
	for _, p := range picks {
		h, err := houseAt(tx, e.City, e.Version, index.ids[p.house])
		if err != nil {
			return nil, err
		}
		found = append(found, Found{House: h, Score: float64(p.score), Area: areas.name(h.District)})
	}
	return found, nil
}
