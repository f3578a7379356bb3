package pack

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// ownField begins the columns of objects.csv that hold own fields of a kind:
// field.height.
const ownField = "field."

// shortID is what kinds of objects and their fields may be called.
var shortID = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// objectKinds reads object_fields.csv and object_kinds.csv. A pack without them
// has the usual kinds, which have no fields of their own.
func (r *reading) objectKinds() {
	fields := r.objectFields()
	before := len(r.pack.Kinds)
	r.each(sheet{
		file: "object_kinds.csv", lacking: "pack.no_object_kinds",
		must: []string{"id"}, may: []string{"letter", "snap", "fields"}, mustIn: []string{"name"},
	}, func(w *row) {
		k := place.ObjectKind{ID: w.shortID("kind of objects"), Name: w.names("name", true), Letter: w.text("letter"),
			Snap: float64(w.number("snap", 1, 1000))}
		for _, id := range w.list("fields") {
			f, ok := fields[id]
			switch {
			case !ok:
				w.fail("fields", "pack.no_such_field", id)
			case slices.ContainsFunc(k.Fields, func(f place.ObjectField) bool { return f.ID == id }):
				w.fail("fields", "pack.twice", id, w.line)
			default:
				k.Fields = append(k.Fields, f)
			}
		}
		if !w.broken {
			w.r.pack.Kinds = append(w.r.pack.Kinds, k)
			w.keep()
		}
	})
	if len(r.pack.Kinds) == before && len(r.seen["kind of objects"]) == 0 {
		r.pack.Kinds = place.DefaultObjectKinds()
		for _, k := range r.pack.Kinds {
			r.note("kind of objects", k.ID, 0)
		}
	}
}

func (r *reading) objectFields() map[string]place.ObjectField {
	fields := map[string]place.ObjectField{}
	r.each(sheet{
		file: "object_fields.csv", lacking: "pack.no_object_fields",
		must: []string{"id", "type"}, mustIn: []string{"name"}, mayIn: []string{"unit"},
	}, func(w *row) {
		var types []string
		for _, t := range place.FieldTypes() {
			types = append(types, string(t))
		}
		f := place.ObjectField{ID: w.shortID("field of objects"), Name: w.names("name", true), Unit: w.names("unit", false),
			Type: place.FieldType(w.one("type", types...))}
		if !w.broken {
			fields[f.ID] = f
			w.keep()
		}
	})
	return fields
}

// shortID is an id that no other row of a kind has, fit for addresses and names
// of columns.
func (w *row) shortID(kind string) string {
	id := w.name(kind, "id")
	if id != "" && !shortID.MatchString(id) {
		w.fail("id", "pack.bad_id", id)
	}
	return id
}

// objects reads objects.csv. What an object may tell of itself is a matter of
// its kind; where it lies has to be in the city.
func (r *reading) objects() {
	kinds := place.ObjectKinds(r.pack.Kinds)
	border := r.border()
	index := geo.NewIndex(border)
	r.each(sheet{
		file: "objects.csv", lacking: "pack.no_objects",
		must: []string{"id", "kind", "lat", "lon"}, may: []string{"number", "owner"}, mayIn: []string{"name"}, own: ownField,
	}, func(w *row) {
		o := place.Object{
			ID: w.name("object of the city", "id"), Number: w.text("number"), Name: w.names("name", false), Point: w.point(),
			Kind: w.need("kind"), Owner: w.text("owner"),
		}
		if len(o.ID) > maxObjectID {
			w.fail("id", "pack.long_id", maxObjectID)
		}
		kind, known := kinds.Find(o.Kind)
		w.known("kind of objects", "kind", o.Kind, "pack.no_such_kind")
		if known {
			o.Fields = w.ownFields(kind)
		}
		if len(border) > 0 && !w.broken && len(index.At(o.Point)) == 0 && metresToAny(border, o.Point) > houseSlack {
			w.fail("lat", "pack.object_outside", w.text("lat")+", "+w.text("lon"))
		}
		w.known("organisation", "owner", o.Owner, "pack.no_such_organisation")
		if !w.broken {
			w.r.pack.Objects = append(w.r.pack.Objects, o)
			w.keep()
		}
	})
}

// maxObjectID is how long the id of an object may be, in bytes: it is a part of
// addresses.
const maxObjectID = 100

// ownFields are the fields of a row that its kind has.
func (w *row) ownFields(kind place.ObjectKind) map[string]string {
	var values map[string]string
	for column := range w.column {
		id, own := strings.CutPrefix(column, ownField)
		value := w.text(column)
		if !own || value == "" {
			continue
		}
		field, ok := kind.Field(id)
		switch {
		case !ok && !w.r.knows("field of objects", id):
			w.fail(column, "pack.no_such_field", id)
		case !ok:
			w.fail(column, "pack.field_not_of_kind", id, kind.ID)
		case !field.Takes(value):
			w.fail(column, "pack.field_wrong", value, string(field.Type))
		default:
			if values == nil {
				values = map[string]string{}
			}
			values[id] = value
		}
	}
	return values
}

// border is what bounds the city: its area of kind city, else its districts;
// nil where the pack has neither.
func (r *reading) border() []geo.Shape {
	for _, kind := range []string{place.WholeCity, place.District} {
		var shapes []geo.Shape
		for _, a := range r.pack.Areas {
			if a.Kind == kind {
				shapes = append(shapes, a.Shape)
			}
		}
		if len(shapes) > 0 {
			return shapes
		}
	}
	return nil
}

func metresToAny(shapes []geo.Shape, p geo.Point) float64 {
	nearest := math.Inf(1)
	for _, shape := range shapes {
		nearest = min(nearest, metresTo(shape, p))
	}
	return nearest
}
