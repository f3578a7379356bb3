package osm

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// house is a row of the table of houses.
type house struct {
	*element
	id         int64
	at         orb.Point
	plain      string // the street, or the place that the house is numbered in
	kind       string
	number     houseNumber
	settlement string
	address    string
	district   string
	ward       string
	outline    bool // known by its outline, not by a node
	plainNode  bool // a node that is nothing but an address
}

// houseID maps an element to a number that no other has: four times its number,
// plus 1 for a node, 2 for a way, 3 for a relation.
func houseID(e *element) int64 {
	return e.id<<2 | int64(strings.IndexByte(" nwr", e.kind))
}

// left counts what was left out, with the first few as examples.
type left struct {
	n        int
	examples []string
}

func (l *left) add(example string) {
	if l.n++; len(l.examples) < 8 {
		l.examples = append(l.examples, example)
	}
}

func (l *left) String() string {
	if l.n > len(l.examples) {
		return fmt.Sprintf("%d: %s, …", l.n, strings.Join(l.examples, "; "))
	}
	return fmt.Sprintf("%d: %s", l.n, strings.Join(l.examples, "; "))
}

// readHouses collects everything that has the number of a house in the city.
func (b *build) readHouses() {
	b.leftHouses = map[string]*left{}
	var all []*house
	for _, list := range [][]*element{b.hold.ways, b.hold.relations, b.hold.nodes} {
		for _, e := range list {
			if h := b.houseOf(e); h != nil {
				all = append(all, h)
			}
		}
	}
	b.dropRepeated(all)
	b.placeHouses()
}

func (b *build) leaveHouse(e *element, why string) {
	if b.leftHouses[why] == nil {
		b.leftHouses[why] = &left{}
	}
	b.leftHouses[why].add(strings.TrimSpace(fmt.Sprintf("%s %s %s", e.key(), e.tags.any("addr:street", "addr:place"), e.tags.get("addr:housenumber"))))
}

// houseOf makes a house of an element; nil where it is none, or not in the city.
func (b *build) houseOf(e *element) *house {
	said := e.tags.get("addr:housenumber")
	if said == "" || e.tags.get("addr:flats") != "" && e.kind == 'n' && !building(e.tags) {
		return nil // an entrance has the number of its house
	}
	h := &house{element: e, id: houseID(e), at: e.at, outline: e.kind != 'n'}
	if h.outline {
		shape, broken := b.shape(e)
		p, ok := pointInside(shape)
		if !ok {
			if p, ok = b.somewhere(e); !ok || b.inCity(p) {
				b.leaveHouse(e, "its outline is broken: "+cmp.Or(broken, "it has no area"))
			}
			return nil
		}
		h.at = rounded(p)
		if c := centre(shape); holds(shape, c) {
			h.at = rounded(c)
		}
	}
	if !b.inCity(h.at) {
		return nil
	}
	number, ok := parseNumber(said)
	if !ok {
		b.leaveHouse(e, "its number is not understood")
		return nil
	}
	if strings.Contains(said, ";") {
		b.severalNumbers.add(e.key() + " " + said)
	}
	h.number = number
	h.settlement = b.settlementOf(h)
	name := e.tags.get("addr:street")
	switch {
	case name != "":
		h.plain, h.kind = splitStreet(name)
	case e.tags.get("addr:place") != "":
		h.plain = e.tags.get("addr:place")
		if h.plain == h.settlement {
			h.settlement = ""
		}
	default:
		b.leaveHouse(e, "it has neither addr:street nor addr:place")
		return nil
	}
	h.plainNode = e.tags.any("amenity", "shop", "office", "tourism", "leisure") == ""
	h.address = b.address(h)
	return h
}

// settlementOf is the settlement of a house, "" the city itself: by the polygon
// it lies in, else by its own word.
func (b *build) settlementOf(h *house) string {
	if at := b.settlementAt(h.at); at != "" {
		return at
	}
	said := h.tags.get("addr:city")
	if said == "" || said == b.city.tags.get("name") || said == b.city.name() {
		return ""
	}
	if strings.Contains(b.city.name(), said) { // городской округ Энск, Энск
		return ""
	}
	return said
}

// address is the official form: settlement, street, number and its parts.
func (b *build) address(h *house) string {
	parts := []string{b.cityInAddresses}
	if h.settlement != "" {
		parts = append(parts, h.settlement)
	}
	parts = append(parts, spelt(h.plain, h.kind), h.number.String())
	return strings.Join(parts, ", ")
}

// sameHouse is how far a node may be from the outline whose address it repeats,
// in metres.
const sameHouse = 300

// dropRepeated leaves out nodes that repeat the address of an outline or of a
// better node near. Outlines are all kept: two houses may share a text.
func (b *build) dropRepeated(all []*house) {
	byAddress := map[string][]*house{}
	slices.SortStableFunc(all, func(a, c *house) int {
		rank := func(h *house) int {
			switch {
			case h.outline && building(h.tags):
				return 0
			case h.outline:
				return 1
			case h.plainNode:
				return 2
			}
			return 3
		}
		return cmp.Or(cmp.Compare(rank(a), rank(c)), cmp.Compare(a.id, c.id))
	})
	for _, h := range all {
		near := func(o *house) bool {
			return point(o.at).Distance(point(h.at)) <= sameHouse
		}
		same := byAddress[h.address]
		if (!h.outline || !building(h.tags)) && slices.ContainsFunc(same, near) {
			b.repeatedNodes++
			continue
		}
		if len(same) > 0 {
			b.twins.add(fmt.Sprintf("%s: %s, %s", h.address, same[0].key(), h.key()))
		}
		if len(same) < 50 { // a hostile map has one address a million times
			byAddress[h.address] = append(same, h)
		}
		b.houses = append(b.houses, h)
	}
	slices.SortFunc(b.houses, func(a, c *house) int { return cmp.Compare(a.id, c.id) })
}

// almostAll is the share of the city that its districts have to fill: outlines
// differ by metres.
const almostAll = 0.995

// placeHouses finds the areas of each house, and makes a district of what lies
// between the districts where houses stand there.
func (b *build) placeHouses() {
	shapes := make([]geo.Shape, len(b.areas))
	for i, a := range b.areas {
		shapes[i] = a.shape
	}
	index := geo.NewIndex(shapes)
	between := false
	for _, h := range b.houses {
		for _, i := range index.At(point(h.at)) {
			switch a := b.areas[i]; a.kind {
			case place.District:
				h.district = cmp.Or(h.district, a.id)
			case place.Municipality:
				h.ward = cmp.Or(h.ward, a.id)
			}
		}
		if h.district == "" {
			h.district, between = restID, true
		}
		b.joinStreet(h)
	}
	var covered float64
	for _, d := range b.districts {
		covered += d.size
	}
	if between || len(b.districts) > 0 && covered < almostAll*b.city.size {
		b.addRest()
	}
}

// joinStreet enters the street of a house that no line of the map has. A house
// at the edge of a settlement may stand in a street of the city.
func (b *build) joinStreet(h *house) {
	key := streetKey{h.plain, h.kind, h.settlement}
	if b.streets[key] != nil {
		return
	}
	if b.streets[streetKey{h.plain, h.kind, ""}] == nil && h.tags.get("addr:street") != "" {
		b.unmappedStreets.add(spelt(h.plain, h.kind))
	}
	b.streets[key] = &street{name: h.plain}
}

// purposeOf is what a house is for, in the words of packs.
func purposeOf(t tags) string {
	switch t.get("building") {
	case "apartments", "dormitory", "residential":
		return "apartment"
	case "house", "detached", "semidetached_house", "semi", "terrace", "bungalow", "cabin", "farm", "hut", "allotment_house":
		return "private"
	case "school", "kindergarten", "hospital", "clinic", "university", "college", "public", "civic", "government", "church", "cathedral",
		"chapel", "mosque", "temple", "museum", "train_station", "fire_station", "sports_centre", "library":
		return "public"
	}
	switch t.get("amenity") {
	case "school", "kindergarten", "hospital", "clinic", "university", "college", "townhall", "library", "theatre", "police",
		"fire_station", "courthouse", "place_of_worship":
		return "public"
	}
	return "other"
}

var yearOfDate = regexp.MustCompile(`^([12][0-9]{3})(-[0-9]{2}){0,2}$`)

// yearOf is when a house was built, "" where the map is not sure: «~1910»,
// «before 1917».
func yearOf(t tags) string {
	if m := yearOfDate.FindStringSubmatch(t.any("start_date", "year_of_construction")); m != nil && m[1] < "2200" {
		return m[1]
	}
	return ""
}

// countOf is a number of floors, flats or entrances, "" where it is none or
// beyond what packs take.
func countOf(text string, most int) string {
	whole, _, _ := strings.Cut(text, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < 0 || n > most {
		return ""
	}
	return strconv.Itoa(n)
}

func (b *build) writeHouses() error {
	var rows [][]string
	for _, h := range b.houses {
		rows = append(rows, []string{
			strconv.FormatInt(h.id, 10), h.plain, h.kind, h.number.house, h.number.building, h.number.structure, h.number.letter, h.address,
			h.settlement, degrees(h.at[1]), degrees(h.at[0]), h.district, h.ward, yearOf(h.tags), countOf(h.tags.get("building:levels"), 200),
			countOf(h.tags.get("building:entrances"), 500), countOf(h.tags.get("building:flats"), 20_000), purposeOf(h.tags), "",
		})
	}
	items := []string{fmt.Sprintf("%d nodes repeat the address of an outline or of another node near: shops and entrances", b.repeatedNodes)}
	for _, why := range sortedKeys(b.leftHouses) {
		items = append(items, "left out, "+why+": "+b.leftHouses[why].String())
	}
	for _, l := range []struct {
		what string
		left *left
	}{
		{"two outlines with the same address, both kept", &b.twins},
		{"several numbers, of which the first is taken", &b.severalNumbers},
		{"streets of houses that the map has no line for", &b.unmappedStreets},
	} {
		if l.left.n > 0 {
			items = append(items, l.what+": "+l.left.String())
		}
	}
	b.note("Houses", fmt.Sprintf("%d houses. Managing companies are not in OpenStreetMap; years, floors, entrances and flats only where "+
		"the map has them. The id of a house is the number of its element times four plus 1 for a node, 2 for a way, 3 for a relation.",
		len(rows)), items...)
	return b.WriteTable("houses.csv", []string{
		"id", "street", "kind", "house", "building", "structure", "letter", "address", "settlement", "lat", "lon", "district",
		"municipality", "year", "floors", "entrances", "flats", "purpose", "manager",
	}, rows)
}
