package osm

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// boundary is an administrative boundary, or that of a settlement.
type boundary struct {
	*element
	level int
	rank  int // of the settlement, see settlementRank
	shape geo.Shape
	size  float64
}

func (b *boundary) name() string { return b.tags.any("name:ru", "name") }

// about names a boundary for people.
func (b *boundary) about() string {
	return fmt.Sprintf("%s %q (admin_level %s)", b.key(), b.name(), cmp.Or(b.tags.get("admin_level"), "unknown"))
}

// area is an area of the pack.
type area struct {
	id, kind, parent string
	name             map[string]string
	shape            geo.Shape
}

// readBoundaries assembles all boundaries of the extract. What is broken is
// noted, and kept apart in case the city is among it.
func (b *build) readBoundaries() {
	var broken []string
	b.brokenBoundary = map[string]string{}
	for _, list := range [][]*element{b.hold.relations, b.hold.ways} {
		for _, e := range list {
			level, rank := boundaryLevel(e.tags), settlementRank(e.tags)
			if level == 0 && rank == 0 || e.tags.any("name:ru", "name") == "" {
				continue
			}
			shape, why := b.hold.shapeOf(e)
			found := &boundary{element: e, level: level, rank: rank, shape: shape, size: sizeOf(shape)}
			if why != "" {
				if e.kind == 'w' && level == 0 {
					continue // a piece of a place's border, or a place drawn as a line
				}
				broken = append(broken, found.about()+": "+why)
				b.brokenBoundary[found.key()] = why
				b.brokenBoundary[strings.ToLower(found.name())] = why
				continue
			}
			b.boundaries = append(b.boundaries, found)
		}
	}
	b.rankByLabels()
	if len(broken) > 0 {
		b.note("Broken boundaries", "Left out: their lines do not make closed rings. An extract that was cut through them has only a part; "+
			"`osmium extract --strategy smart` keeps them whole.", broken...)
	}
}

// rankByLabels gives boundaries the rank of the place inside that has their
// name: most boundaries do not say themselves that they are a city's.
func (b *build) rankByLabels() {
	byName := map[string][]*element{}
	byID := map[int64]*element{}
	for _, n := range b.hold.nodes {
		if settlementRank(n.tags) > 0 {
			byID[n.id] = n
			byName[n.tags.any("name:ru", "name")] = append(byName[n.tags.any("name:ru", "name")], n)
		}
	}
	for _, c := range b.boundaries {
		if c.rank > 0 || c.level == 0 {
			continue
		}
		for _, n := range byName[c.name()] {
			if holds(c.shape, n.at) {
				c.rank = max(c.rank, settlementRank(n.tags))
			}
		}
		for _, id := range b.hold.labels[c.id] {
			if n := byID[id]; n != nil && c.kind == 'r' && strings.Contains(strings.ToLower(c.name()), strings.ToLower(n.tags.any("name:ru", "name"))) {
				c.rank = max(c.rank, settlementRank(n.tags))
			}
		}
	}
}

// chooseCity finds the boundary of the city.
func (b *build) chooseCity() error {
	asked := strings.ToLower(strings.TrimSpace(b.options.City))
	var fit []*boundary
	for _, c := range b.boundaries {
		if b.options.CityLevel != 0 && c.level != b.options.CityLevel {
			continue
		}
		switch {
		case asked == "" && c.level > 0 && (c.rank >= 3 || b.options.CityLevel != 0 && c.rank > 0):
			fit = append(fit, c)
		case asked == "":
		case asked == c.key(), asked == strconv.FormatInt(c.id, 10), asked == strings.ToLower(c.tags.get("name")),
			asked == strings.ToLower(c.name()), asked == strings.ToLower(c.tags.get("name:en")):
			fit = append(fit, c)
		}
	}
	if len(fit) == 0 {
		return b.noCity(asked)
	}
	b.city = slices.MaxFunc(fit, func(a, c *boundary) int {
		return cmp.Or(cmp.Compare(min(a.level, 1), min(c.level, 1)), cmp.Compare(a.rank, c.rank), cmp.Compare(a.size, c.size))
	})
	b.border = geo.NewIndex([]geo.Shape{b.city.shape})
	return nil
}

// noCity tells which boundaries there are to choose from.
func (b *build) noCity(asked string) error {
	if why := b.brokenBoundary[asked]; why != "" {
		return fmt.Errorf("the boundary of %s is broken: %s", b.options.City, why)
	}
	list := slices.SortedFunc(slices.Values(b.boundaries), func(a, c *boundary) int { return cmp.Compare(c.size, a.size) })
	var names []string
	for _, c := range list[:min(len(list), 10)] {
		names = append(names, c.about())
	}
	switch {
	case len(names) == 0 && len(b.brokenBoundary) > 0:
		return errors.New("no administrative boundary of the extract is whole: it was cut through them; `osmium extract --strategy smart` keeps them")
	case len(names) == 0:
		return errors.New("the extract has no administrative boundary with a name and an admin_level from 4 to 11, and a city needs one")
	case asked != "":
		return fmt.Errorf("no boundary is %s; there are: %s", b.options.City, strings.Join(names, "; "))
	}
	return fmt.Errorf("no boundary says that it is a city's or a town's; choose one with --boundary: %s", strings.Join(names, "; "))
}

// Areas that fill more than wholeShare of what they lie in are the same place by
// another name.
const wholeShare = 0.95

// inside lists the boundaries of a level in a shape; level 0 is the next below
// another that has any.
func (b *build) inside(shape geo.Shape, size float64, level, below int) (list []*boundary, found int) {
	index := geo.NewIndex([]geo.Shape{shape})
	for try := below + 1; try <= highestLevel; try++ {
		if level != 0 && try != level {
			continue
		}
		for _, c := range b.boundaries {
			if c.level != try || c == b.city || c.size > wholeShare*size && level == 0 {
				continue
			}
			if p, ok := pointInside(c.shape); ok && len(index.At(geo.Point{Lat: p[1], Lon: p[0]})) > 0 {
				list = append(list, c)
			}
		}
		if len(list) > 0 {
			return list, try
		}
	}
	return nil, level
}

// makeAreas chooses districts and municipalities.
func (b *build) makeAreas() error {
	b.areas = []area{{id: b.options.ID, kind: place.WholeCity, name: b.name, shape: b.city.shape}}
	districts, level := b.inside(b.city.shape, b.city.size, b.options.DistrictLevel, b.city.level)
	if b.options.DistrictLevel != 0 && len(districts) == 0 {
		return fmt.Errorf("no boundary of admin_level %d lies in %s", b.options.DistrictLevel, b.city.about())
	}
	said := fmt.Sprintf("The city is %s.", b.city.about())
	if len(districts) == 0 {
		b.areas = append(b.areas, area{id: "whole", kind: place.District, parent: b.options.ID, name: b.name, shape: b.city.shape})
		b.note("Areas", said+" It has no boundary of a district: the whole of it is one.")
		return nil
	}
	b.districts = districts
	for _, d := range districts {
		b.areas = append(b.areas, area{id: d.key(), kind: place.District, parent: b.options.ID, name: b.names(d.tags), shape: d.shape})
	}
	said += fmt.Sprintf(" Its %d districts are of admin_level %d.", len(districts), level)
	shapes := make([]geo.Shape, len(districts))
	for i, d := range districts {
		shapes[i] = d.shape
	}
	index := geo.NewIndex(shapes)
	wards, wardLevel := b.inside(b.city.shape, b.city.size, b.options.MunicipalityLevel, level)
	if b.options.MunicipalityLevel != 0 && len(wards) == 0 {
		return fmt.Errorf("no boundary of admin_level %d lies in %s", b.options.MunicipalityLevel, b.city.about())
	}
	var outside []string
	for _, w := range wards {
		p, _ := pointInside(w.shape)
		in := index.At(geo.Point{Lat: p[1], Lon: p[0]})
		if len(in) == 0 {
			outside = append(outside, w.about())
			continue
		}
		b.areas = append(b.areas, area{id: w.key(), kind: place.Municipality, parent: districts[in[0]].key(), name: b.names(w.tags), shape: w.shape})
	}
	if len(wards) > 0 {
		said += fmt.Sprintf(" Its %d municipalities are of admin_level %d.", len(wards)-len(outside), wardLevel)
	}
	if len(outside) > 0 {
		said += " Left out, for they lie in no district:"
	}
	b.note("Areas", said, outside...)
	return nil
}

// restID is the district of what lies between the districts.
const restID = "rest"

// addRest makes a district of what no district holds: the city with the
// districts as its holes. An odd number of rings encloses just that.
func (b *build) addRest() {
	shape := geo.Shape{}
	for _, polygon := range b.city.shape {
		shape = append(shape, slices.Clone(polygon))
	}
	outlines := make([]geo.Shape, len(shape))
	for i, polygon := range shape {
		outlines[i] = geo.Shape{{polygon[0]}}
	}
	index := geo.NewIndex(outlines)
	for _, d := range b.districts {
		for _, polygon := range d.shape {
			p, _ := pointInside(geo.Shape{polygon})
			if in := index.At(geo.Point{Lat: p[1], Lon: p[0]}); len(in) > 0 {
				shape[in[0]] = append(shape[in[0]], polygon...)
			}
		}
	}
	rest := area{id: restID, kind: place.District, parent: b.options.ID, name: map[string]string{"ru": "Вне районов", "en": "Outside the districts"}, shape: shape}
	b.areas = slices.Insert(b.areas, 1, rest)
	b.note("Outside the districts", "The districts do not cover the city. What lies between them is a district «Вне районов».")
}

// names are a name in both languages; English is transliterated where the map
// has none.
func (b *build) names(t tags) map[string]string {
	ru := t.any("name:ru", "name")
	en := t.get("name:en")
	if en == "" {
		en = transliterate(ru)
		b.transliterated++
	}
	return map[string]string{"ru": ru, "en": en}
}

func holds(shape geo.Shape, p orb.Point) bool {
	inside := false
	for _, polygon := range shape {
		for _, ring := range polygon {
			for i := range ring {
				a, c := ring[i], ring[(i+1)%len(ring)]
				if (a[1] <= p[1]) != (c[1] <= p[1]) && p[0] < a[0]+(p[1]-a[1])*(c[0]-a[0])/(c[1]-a[1]) {
					inside = !inside
				}
			}
		}
	}
	return inside
}

func (b *build) writeAreas() error {
	var features []feature
	for _, a := range b.areas {
		features = append(features, feature{Geometry: geometryOf(a.shape), Properties: map[string]any{
			"id": a.id, "kind": a.kind, "parent": a.parent, "name.ru": a.name["ru"], "name.en": a.name["en"],
		}})
	}
	return b.WriteFeatures("areas/areas.geojson", features)
}

func digits(n int) string { return strconv.Itoa(n) }
