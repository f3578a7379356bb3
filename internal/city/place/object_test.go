package place_test

import (
	"context"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

func TestAFieldTakesOnlyValuesOfItsType(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		kind  place.FieldType
		value string
		takes bool
	}{
		{place.TextField, "липа", true}, {place.TextField, "", true},
		{place.NumberField, "8.5", true}, {place.NumberField, "NaN", false}, {place.NumberField, "Inf", false}, {place.NumberField, "8 м", false},
		{place.YearField, "1986", true}, {place.YearField, "86", false}, {place.YearField, "3986", false},
		{place.DateField, "2026-05-31", true}, {place.DateField, "2026-02-30", false},
		{place.FlagField, "1", true}, {place.FlagField, "yes", false},
		{"length", "1", false},
	} {
		if got := (place.ObjectField{Type: tt.kind}).Takes(tt.value); got != tt.takes {
			t.Errorf("a field of type %s takes %q: %v, want %v", tt.kind, tt.value, got, tt.takes)
		}
	}
}

// street puts three lamps and a bin in a row; lamp-2 is 30 m east of lamp-1.
func street(t *testing.T, db *sqldb.DB, s *place.Service) geo.Point {
	t.Helper()
	c := placetest.Town(t, db, s, 1)
	at := c.Center
	east := func(metres float64) geo.Point { return geo.Point{Lat: at.Lat, Lon: at.Lon + metres/58_500} }
	do(t, db, func(tx *sqldb.Tx) error {
		if err := s.LoadKinds(tx, 1, c.Version, []place.ObjectKind{
			{ID: "lamp", Name: map[string]string{"ru": "Фонарь"}, Fields: []place.ObjectField{{ID: "height", Type: place.NumberField}}},
			{ID: "bin", Name: map[string]string{"ru": "Урна"}, Snap: 20},
		}); err != nil {
			return err
		}
		return s.LoadObjects(tx, 1, c.Version, []place.Object{
			{ID: "lamp-1", Kind: "lamp", Number: "Л-001", Point: at, Owner: "light", Fields: map[string]string{"height": "8"}},
			{ID: "lamp-2", Kind: "lamp", Point: east(30)}, {ID: "lamp-3", Kind: "lamp", Point: east(200)}, {ID: "bin-1", Kind: "bin", Point: east(-25)},
		})
	})
	return at
}

func TestAMessageAboutAnObjectLiesAtTheObject(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		at := street(t, db, s)
		beside := geo.Point{Lat: at.Lat + 0.0002, Lon: at.Lon} // 22 m
		locate := func(d place.Draft) (p place.Place, said string) {
			view(t, db, func(tx *sqldb.Tx) error {
				found, err := s.LocateIn(tx, 1, d)
				p, said = found, refused(err)
				return nil
			})
			return p, said
		}
		p, _ := locate(place.Draft{Point: beside, Mark: place.FreePoint, Object: "lamp-1"})
		want(t, p.Object, "lamp-1")
		want(t, p.Point, at)
		p, _ = locate(place.Draft{Point: beside, Mark: place.FreePoint})
		want(t, p.Object, "")
		want(t, p.Point, beside)
		_, said := locate(place.Draft{Point: beside, Mark: place.FreePoint, Object: "lamp-9"})
		want(t, said, "invalid object place.no_such_object")
		_, said = locate(place.Draft{Point: beside, Mark: place.FreePoint, Object: "lamp-3"})
		want(t, said, "invalid object place.object_far")
		_, said = locate(place.Draft{Point: beside, Mark: place.FreePoint, Object: "bin-1"}) // 33 m; its kind reaches 20
		want(t, said, "invalid object place.object_far")
		p, _ = locate(place.Draft{Point: beside, Mark: place.FreePoint, Object: "lamp-3", Trusted: true})
		want(t, p.Object, "lamp-3")
	})
}

func TestObjectsNearAreThoseThatATopicIsAbout(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		at := street(t, db, s)
		ids := func(kinds ...string) (list string) {
			near, err := s.ObjectsFor(context.Background(), 1, kinds, at, 3)
			must(t, err)
			for _, o := range near {
				list += o.Object.ID + " "
			}
			return list
		}
		want(t, ids("lamp"), "lamp-1 lamp-2 ")
		want(t, ids("bin"), "") // 25 m off, and its kind reaches 20
		want(t, ids("bin", "lamp", "tree"), "lamp-1 lamp-2 ")
		want(t, ids(), "")
		o, kind, err := s.Object(context.Background(), 1, "lamp-1")
		must(t, err)
		want(t, o.Fields["height"]+" "+kind.Name["ru"]+" "+o.Owner, "8 Фонарь light")
		_, _, err = s.Object(context.Background(), 1, "lamp-9")
		want(t, refused(err), "missing object place.no_such_object")
	})
}

func TestACityWithoutKindsHasTheUsualOnes(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		kinds, err := s.Kinds(context.Background(), 1)
		must(t, err)
		lamp, ok := kinds.Find("lamp")
		want(t, ok, true)
		want(t, lamp.Name["en"], "Street lamp")
		want(t, lamp.Reach(), 50.0)
		unknown, ok := kinds.Find("geyser")
		want(t, ok, false)
		want(t, unknown.Reach(), 50.0)
	})
}
