package geo_test

import (
	"fmt"
	"strings"
	"testing"

	"gorod/internal/platform/geo"
)

const square = `[[[30,59],[31,59],[31,60],[30,60],[30,59]]]`

// collection writes features, each with this geometry, around good ones.
func collection(geometry string) string {
	good := `{"type":"Feature","properties":{"id":12345678901234567890,"name":"Остров","empty":"","list":[1]},"geometry":{"type":"Polygon","coordinates":` + square + `}}`
	return `{"type":"FeatureCollection","features":[` + good + `,{"type":"Feature","properties":{},"geometry":` + geometry + `}]}`
}

func TestAreasAreRead(t *testing.T) {
	t.Parallel()
	areas, err := geo.DecodeAreas(strings.NewReader(collection(
		`{"type":"MultiPolygon","coordinates":[` + square + `,[[[1,2,100],[3,2,100],[3,4,100],[1,2,100]]]]}`)))
	if err != nil {
		t.Fatal(err)
	}
	if len(areas) != 2 || len(areas[0].Shape) != 1 || len(areas[1].Shape) != 2 || areas[1].Feature != 1 {
		t.Fatalf("got %v", areas)
	}
	exp := geo.Box{Min: geo.Point{Lat: 2, Lon: 1}, Max: geo.Point{Lat: 60, Lon: 31}}
	if got := areas[1].Shape.Bounds(); got != exp {
		t.Errorf("bounds %v, want %v", got, exp)
	}
	for property, exp := range map[string]string{
		"name": "Остров", "id": "12345678901234567890",
		"nothing": `feature 0: property "nothing" is missing`,
		"empty":   `feature 0: property "empty" is empty`,
		"list":    `feature 0: property "list" is neither text nor a number`,
	} {
		got, err := areas[0].Text(property)
		if err != nil {
			got = err.Error()
		}
		if got != exp {
			t.Errorf("property %s: got %q, want %q", property, got, exp)
		}
	}
}

func TestMistakesInGeoJSONAreNamed(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, exp string }{
		"no JSON":           {`{"type":`, "read GeoJSON: unexpected EOF"},
		"another type":      {`{"type":"Topology"}`, `type is "Topology"`},
		"something follows": {collection("null") + "{}", "something follows"},
		"no geometry":       {collection(`null`), "feature 1: geometry is missing"},
		"a point":           {collection(`{"type":"Point","coordinates":[1,2]}`), `feature 1: geometry: type is "Point"`},
		"flat coordinates":  {collection(`{"type":"Polygon","coordinates":[1,2]}`), "feature 1: geometry: coordinates: "},
		"no coordinates":    {collection(`{"type":"Polygon"}`), "feature 1: geometry: coordinates: "},
		"null coordinates":  {collection(`{"type":"MultiPolygon","coordinates":null}`), "feature 1: geometry: has no polygon"},
		"no ring":           {collection(`{"type":"MultiPolygon","coordinates":[` + square + `,[]]}`), "polygon 1 has no ring"},
		"short position":    {collection(`{"type":"Polygon","coordinates":[[[1,2],[3],[1,2]]]}`), "ring 0: position 1 has 1 numbers"},
		"off the earth":     {collection(`{"type":"Polygon","coordinates":[[[59,130],[1,2],[3,4],[59,130]]]}`), "position 0: longitude 59, latitude 130"},
		"open ring":         {collection(`{"type":"Polygon","coordinates":[[[1,2],[3,2],[3,4],[1,4]]]}`), "ring 0: is not closed"},
		"too few":           {collection(`{"type":"Polygon","coordinates":[[[1,2],[3,2],[1,2]]]}`), "under four positions"},
		"odd properties":    {`{"type":"FeatureCollection","features":[{"type":"Feature","properties":[1],"geometry":{"type":"Polygon","coordinates":` + square + `}}]}`, "feature 0: properties: "},
		"not a feature":     {`{"type":"FeatureCollection","features":[{"type":"Polygon"}]}`, `feature 0: type is "Polygon"`},
		"all are named":     {`{"type":"FeatureCollection","features":[{},{"type":"Feature"}]}`, "feature 1: geometry is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := geo.DecodeAreas(strings.NewReader(tt.in))
			if err == nil || !strings.Contains(err.Error(), tt.exp) {
				t.Errorf("got error %v\nwant one with %q", err, tt.exp)
			}
		})
	}
}

func TestErrorOfAFileFullOfMistakesStaysShort(t *testing.T) {
	t.Parallel()
	_, err := geo.DecodeAreas(strings.NewReader(`{"type":"FeatureCollection","features":[{}` + strings.Repeat(",{}", 500) + `]}`))
	if n := len(strings.Split(fmt.Sprint(err), "\n")); n != 20 {
		t.Errorf("%d lines, want 20", n)
	}
}

func FuzzDecodeAreas(f *testing.F) {
	f.Add([]byte(collection(`{"type":"MultiPolygon","coordinates":[` + square + `]}`)))
	f.Add([]byte(collection(`{"type":"Polygon","coordinates":[[[1,2],[3],[1e999,2]]]}`)))
	f.Add([]byte(`{"type":"FeatureCollection","features":null}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		areas, err := geo.DecodeAreas(strings.NewReader(string(data)))
		if err != nil {
			return
		}
		var shapes []geo.Shape
		for _, area := range areas {
			if len(area.Shape) == 0 || !area.Shape.Bounds().Valid() {
				t.Errorf("shape %v was let through", area.Shape)
			}
			_, _ = area.Text("name")
			shapes = append(shapes, area.Shape)
		}
		index := geo.NewIndex(shapes)
		for _, shape := range shapes {
			index.At(geo.Point{Lon: shape[0][0][0][0], Lat: shape[0][0][0][1]})
		}
	})
}
