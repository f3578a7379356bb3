package place

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/platform/geo"
)

// Object is a thing of the city that stands somewhere: a lamp, a stop, a tree.
type Object struct {
	ID     string // unique in the city, never reused
	Kind   string // id of an ObjectKind
	Number string // as it is painted on it, "" unknown
	Name   map[string]string
	Point  geo.Point
	Owner  string            // organisation id, "" unknown
	Fields map[string]string `json:",omitempty"` // own fields of its kind, by their ids, as the pack writes them
}

// DefaultSnap is how far from an object a message about it may be marked, where
// its kind says nothing else, in metres.
const DefaultSnap = 50

// ObjectKind is a kind of objects: what all lamps have in common.
type ObjectKind struct {
	ID     string            `json:"id"`
	Name   map[string]string `json:"name"`             // in the singular: «фонарь»
	Letter string            `json:"letter,omitempty"` // one sign for small marks on maps and lists
	Snap   float64           `json:"snap,omitempty"`   // metres, 0: DefaultSnap
	Fields []ObjectField     `json:"fields,omitempty"` // in the order in which they are shown
}

// Reach is how far from an object of this kind a message about it may be marked,
// in metres.
func (k ObjectKind) Reach() float64 {
	if k.Snap > 0 {
		return k.Snap
	}
	return DefaultSnap
}

// Field finds an own field by its id.
func (k ObjectKind) Field(id string) (ObjectField, bool) {
	i := slices.IndexFunc(k.Fields, func(f ObjectField) bool { return f.ID == id })
	if i < 0 {
		return ObjectField{}, false
	}
	return k.Fields[i], true
}

// FieldType says what the text of a field is.
type FieldType string

// The types of fields.
const (
	TextField   FieldType = "text"
	NumberField FieldType = "number" // with a point: 8.5
	YearField   FieldType = "year"   // four digits
	DateField   FieldType = "date"   // YYYY-MM-DD
	FlagField   FieldType = "flag"   // 0 or 1
)

// FieldTypes lists the types of fields.
func FieldTypes() []FieldType {
	return []FieldType{TextField, NumberField, YearField, DateField, FlagField}
}

// ObjectField is an own field of a kind of objects.
type ObjectField struct {
	ID   string            `json:"id"`
	Name map[string]string `json:"name"`
	Type FieldType         `json:"type"`
	Unit map[string]string `json:"unit,omitempty"` // «м», nil: none
}

// longestField is how long the text of a field may be, in bytes.
const longestField = 400

var yearShape = regexp.MustCompile(`^[12][0-9]{3}$`)

// Takes tells whether a text is a value of the field; "" always is: not known.
func (f ObjectField) Takes(value string) bool {
	if value == "" {
		return true
	}
	switch f.Type {
	case TextField:
		return len(value) <= longestField
	case NumberField:
		v, err := strconv.ParseFloat(value, 64)
		return err == nil && v-v == 0 // neither infinite nor no number
	case YearField:
		return yearShape.MatchString(value)
	case DateField:
		_, err := time.Parse(time.DateOnly, value)
		return err == nil
	case FlagField:
		return value == "0" || value == "1"
	}
	return false
}

// ObjectKinds are the kinds of a version of a city, in the order of their ids.
// They are shared: change a copy.
type ObjectKinds []ObjectKind

// Find gives a kind by its id. One that the city does not list has the id for
// its name and the usual reach: objects of older packs stay usable.
func (k ObjectKinds) Find(id string) (ObjectKind, bool) {
	i := slices.IndexFunc(k, func(kind ObjectKind) bool { return kind.ID == id })
	if i < 0 {
		return ObjectKind{ID: id}, false
	}
	return k[i], true
}

// DefaultObjectKinds are the kinds of a pack that lists none of its own.
func DefaultObjectKinds() ObjectKinds {
	var kinds ObjectKinds
	for _, line := range []string{
		"advertising|Рекламная конструкция|Advertising structure|Р",
		"barrier|Шлагбаум или ограждение|Barrier|Ш",
		"bench|Скамейка|Bench|С",
		"bike_stand|Велопарковка|Bike stand|В",
		"bin|Урна|Litter bin|У",
		"container|Контейнерная площадка|Container site|К",
		"crossing|Пешеходный переход|Pedestrian crossing|П",
		"fountain|Фонтан|Fountain|Ф",
		"hydrant|Пожарный гидрант|Fire hydrant|Г",
		"lamp|Фонарь|Street lamp|Л",
		"manhole|Люк|Manhole|М",
		"monument|Памятник|Monument|И",
		"park_equipment|Оборудование парка|Park equipment|О",
		"playground|Детская площадка|Playground|Д",
		"recycling|Приём вторсырья|Recycling point|В",
		"road_sign|Дорожный знак|Road sign|З",
		"sports_ground|Спортивная площадка|Sports ground|С",
		"stop|Остановка|Stop|О",
		"traffic_light|Светофор|Traffic light|С",
		"tree|Дерево|Tree|Д",
	} {
		parts := strings.Split(line, "|")
		kinds = append(kinds, ObjectKind{ID: parts[0], Letter: parts[3], Name: map[string]string{"ru": parts[1], "en": parts[2]}})
	}
	return kinds
}
