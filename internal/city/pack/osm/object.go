package osm

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
)

// objectRule says which elements are city objects of a kind.
type objectRule struct {
	kind   string // id of a place.ObjectKind
	key    string
	values []string // none: any but "no"
}

// objectRules are tried in order; the first that fits decides.
func objectRules() []objectRule {
	return []objectRule{
		{"stop", "highway", []string{"bus_stop"}},
		{"stop", "railway", []string{"tram_stop"}},
		{"lamp", "highway", []string{"street_lamp"}},
		{"traffic_light", "highway", []string{"traffic_signals"}},
		{"crossing", "highway", []string{"crossing"}},
		{"road_sign", "traffic_sign", nil},
		{"manhole", "manhole", nil},
		{"manhole", "man_made", []string{"manhole"}},
		{"container", "amenity", []string{"waste_disposal"}},
		{"recycling", "amenity", []string{"recycling"}},
		{"playground", "leisure", []string{"playground"}},
		{"sports_ground", "leisure", []string{"fitness_station", "pitch"}},
		{"tree", "natural", []string{"tree"}},
		{"advertising", "advertising", nil},
		{"bench", "amenity", []string{"bench"}},
		{"bin", "amenity", []string{"waste_basket"}},
		{"bike_stand", "amenity", []string{"bicycle_parking"}},
		{"fountain", "amenity", []string{"fountain"}},
		{"hydrant", "emergency", []string{"fire_hydrant"}},
		{"barrier", "barrier", []string{"lift_gate", "swing_gate"}},
		{"monument", "historic", []string{"monument", "memorial"}},
	}
}

// objectKind is what kind of city object an element is, "" none. Ways of
// transport that are drawn as lines are none: a crossing is its node.
func objectKind(t tags) string {
	if len(t) == 0 {
		return ""
	}
	for _, rule := range objectRules() {
		value := t.get(rule.key)
		if yes(value) && (rule.values == nil || slices.Contains(rule.values, value)) {
			return rule.kind
		}
	}
	return ""
}

// ownField is what the map tells of objects of some kinds beyond their place.
type ownField struct {
	id, ru, en string
	kind       place.FieldType
	unit       [2]string
	tag        string
	of         []string // kinds of objects
}

func ownFields() []ownField {
	return []ownField{
		{"backrest", "Со спинкой", "With a backrest", place.FlagField, [2]string{}, "backrest", []string{"bench"}},
		{"capacity", "Мест", "Places", place.NumberField, [2]string{}, "capacity", []string{"bike_stand"}},
		{"height", "Высота", "Height", place.NumberField, [2]string{"м", "m"}, "height", []string{"lamp", "tree", "advertising"}},
		{"material", "Материал", "Material", place.TextField, [2]string{}, "material", []string{"bench", "bin", "monument"}},
		{"shelter", "Есть павильон", "Has a shelter", place.FlagField, [2]string{}, "shelter", []string{"stop"}},
		{"species", "Порода", "Species", place.TextField, [2]string{}, "species", []string{"tree"}},
		{"support", "Опора", "Support", place.TextField, [2]string{}, "support", []string{"lamp"}},
		{"surface", "Покрытие", "Surface", place.TextField, [2]string{}, "surface", []string{"playground", "sports_ground"}},
	}
}

// value is a field as packs write it, "" where the map has none that fits.
func (f ownField) value(t tags) string {
	value := t.get(f.tag)
	switch {
	case value == "":
		return ""
	case f.kind == place.FlagField && value == "no":
		return "0"
	case f.kind == place.FlagField:
		return "1"
	case f.kind == place.NumberField:
		value = strings.TrimSpace(strings.TrimSuffix(value, "m"))
		if v, err := strconv.ParseFloat(value, 64); err != nil || v < 0 || v > 10_000 || v != v {
			return ""
		}
	}
	if !(place.ObjectField{Type: f.kind}).Takes(value) {
		return ""
	}
	return value
}

// kinds are those of the lender and the usual ones that it has not.
func (b *build) kinds() place.ObjectKinds {
	kinds := place.ObjectKinds(slices.Clone(b.lender.pack.Kinds))
	for _, k := range place.DefaultObjectKinds() {
		if _, known := kinds.Find(k.ID); !known {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// writeKinds writes the kinds with the fields that the map can
// fill.
func (b *build) writeKinds() error {
	var fields, kinds [][]string
	for _, f := range ownFields() {
		fields = append(fields, []string{f.id, string(f.kind), f.ru, f.en, f.unit[0], f.unit[1]})
	}
	if err := b.WriteTable("object_fields.csv", []string{"id", "type", "name.ru", "name.en", "unit.ru", "unit.en"}, fields); err != nil {
		return err
	}
	for _, k := range b.kinds() {
		var own []string
		for _, f := range ownFields() {
			if slices.Contains(f.of, k.ID) {
				own = append(own, f.id)
			}
		}
		snap := ""
		if k.Snap > 0 {
			snap = strconv.Itoa(int(k.Snap))
		}
		kinds = append(kinds, []string{k.ID, k.Name["ru"], k.Name["en"], k.Letter, snap, strings.Join(own, ";")})
	}
	return b.WriteTable("object_kinds.csv", []string{"id", "name.ru", "name.en", "letter", "snap", "fields"}, kinds)
}

// writeObjects writes the city objects: nodes, and areas by a point inside.
func (b *build) writeObjects() error {
	if err := b.writeKinds(); err != nil {
		return err
	}
	header := []string{"id", "kind", "number", "name.ru", "name.en", "lat", "lon", "owner"}
	for _, f := range ownFields() {
		header = append(header, "field."+f.id)
	}
	var rows [][]string
	counts, unknown := map[string]int{}, map[string]int{}
	kinds := b.kinds()
	for _, list := range [][]*element{b.hold.nodes, b.hold.ways, b.hold.relations} {
		for _, e := range list {
			kind := objectKind(e.tags)
			if kind == "" || e.kind != 'n' && roadClass(e.tags) != "" {
				continue
			}
			known, ok := kinds.Find(kind)
			if !ok {
				unknown[kind]++
				continue
			}
			at, ok := b.somewhere(e)
			if !ok || !b.inCity(at) {
				continue
			}
			counts[kind]++
			rows = append(rows, b.objectRow(e, known, at))
		}
	}
	var items []string
	for _, kind := range sortedKeys(counts) {
		items = append(items, fmt.Sprintf("%s: %d", kind, counts[kind]))
	}
	for _, kind := range sortedKeys(unknown) {
		items = append(items, fmt.Sprintf("left out, not among the kinds of the pack: %s, %d", kind, unknown[kind]))
	}
	b.note("Objects", fmt.Sprintf("%d objects. Owners are not in OpenStreetMap; numbers only where the map has ref. How complete they are "+
		"differs from street to street: it is no inventory.", len(rows)), items...)
	return b.WriteTable("objects.csv", header, rows)
}

func (b *build) objectRow(e *element, kind place.ObjectKind, at orb.Point) []string {
	row := []string{e.key(), kind.ID, e.tags.any("ref", "local_ref"), "", "", degrees(at[1]), degrees(at[0]), ""}
	if name := e.tags.any("name:ru", "name"); name != "" {
		row[3] = name
		row[4] = cmp.Or(e.tags.get("name:en"), transliterate(name))
	} else {
		row[3], row[4] = kind.Name["ru"], kind.Name["en"]
	}
	for _, f := range ownFields() {
		value := ""
		if slices.Contains(f.of, kind.ID) {
			value = f.value(e.tags)
		}
		row = append(row, value)
	}
	return row
}

// somewhere is a point of an element: of a node itself, of an area a point
// inside, of a line its middle.
func (b *build) somewhere(e *element) (orb.Point, bool) {
	if e.kind == 'n' {
		return e.at, true
	}
	shape, _ := b.shape(e)
	if p, ok := pointInside(shape); ok {
		return rounded(p), true
	}
	if e.kind == 'w' {
		if line, _ := b.hold.line(e); len(line) > 0 {
			return line[len(line)/2], true
		}
	}
	return orb.Point{}, false
}
