package place

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gorod/internal/platform/geo"
)

func TestMisspeltQueriesFindRealHouses(t *testing.T) {
	t.Parallel()
	city, _ := realCity(t)
	x, near := city.index()
	list := spellAll(city, 200)
	shown := 0
	first, five, byRule := share(x, near, list, func(m misspelt, got []pick) {
		if shown++; shown%8 == 0 {
			t.Log(tell(city, x, m, got))
		}
	})
	report(t, byRule)
	t.Logf("of %d: first %.1f %%, among five %.1f %%", len(list), first, five)
	if first < 99 || five < 99.5 {
		t.Errorf("first %.1f %%, among five %.1f %%", first, five)
	}
}

// outlines are the buildings of one district as OpenStreetMap has them.
func outlines(t *testing.T, file string) (list []outline) {
	t.Helper()
	body, err := os.ReadFile(file)
	if err != nil {
		t.Skipf("SKIPPED: no outlines of buildings: %v", err)
	}
	var all struct {
		Features []struct {
			Properties struct{ Street, House string }
			Geometry   struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(body, &all); err != nil {
		t.Fatal(err)
	}
	for _, f := range all.Features {
		var shape geo.Shape
		if f.Geometry.Type == "Polygon" {
			shape = make(geo.Shape, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &shape[0])
		} else {
			err = json.Unmarshal(f.Geometry.Coordinates, &shape)
		}
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, outline{f.Properties.Street, f.Properties.House, shape})
	}
	return list
}

type outline struct {
	street, house string
	shape         geo.Shape
}

// A house of the register that stands in an outline is what OpenStreetMap calls
// it: 605 pairs of notations.
func TestHousesAreFoundByTheNotationOfOpenStreetMap(t *testing.T) {
	t.Parallel()
	city, folder := realCity(t)
	list := outlines(t, filepath.Join(folder, "vo_buildings.geojson"))
	shapes := make([]geo.Shape, len(list))
	for i, o := range list {
		shapes[i] = o.shape
	}
	index := geo.NewIndex(shapes)
	x, near := city.index()
	pairs, first, five, sameStreet := 0, 0, 0, 0
	for _, h := range city.houses {
		for _, i := range index.At(h.Point) {
			o := list[i]
			if o.street == "" || o.house == "" {
				continue
			}
			pairs++
			got := x.find(o.street+", "+o.house, 5, near)
			at := slices.IndexFunc(got, func(p pick) bool { return x.ids[p.house] == h.ID })
			// Two buildings of the register may stand in one outline, or the outline
			// may be called by its other street: no search can tell that.
			if spelling(words(o.street)) == spelling(words(h.Street)) {
				sameStreet++
			}
			if at == 0 {
				first++
			} else {
				t.Log(tell(city, x, misspelt{o.street + ", " + o.house, h.ID, "osm"}, got))
			}
			if at >= 0 {
				five++
			}
			break
		}
	}
	t.Logf("of %d pairs first %.1f %%, among five %.1f %%; the same street %d", pairs, 100*float64(first)/float64(pairs), 100*float64(five)/float64(pairs), sameStreet)
	if pairs < 600 || first*100 < 92*pairs || five*100 < 97*pairs {
		t.Errorf("of %d pairs %d first, %d among five", pairs, first, five)
	}
}
