package web

import (
	"fmt"
	"strings"
	"testing"

	"gorod/internal/platform/geo"
)

// square is a feature of a square whose south-western corner is so many metres
// east and north of a point.
func square(class string, at geo.Point, east, north, side float64) string {
	f := frameAround(at)
	x0, y0 := at.Lon+east*f.perX, at.Lat+north*f.perY
	x1, y1 := x0+side*f.perX, y0+side*f.perY
	return fmt.Sprintf(`{"type":"Feature","properties":{"class":%q},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
		class, x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
}

func collection(features ...string) []byte {
	return []byte(`{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`)
}

func TestAStillMapDrawsWhatIsNearInMetres(t *testing.T) {
	t.Parallel()
	at := geo.Point{Lat: 59.93, Lon: 30.31}
	g := &ground{}
	line := fmt.Sprintf(`{"type":"Feature","properties":{"class":"main"},"geometry":{"type":"LineString","coordinates":[[%f,%f],[%f,%f]]}}`, at.Lon-1, at.Lat, at.Lon+1, at.Lat)
	for layer, body := range map[string][]byte{
		"buildings": collection(square("", at, 10, 20, 30), square("", at, 900, 0, 50)),
		"water":     collection(square("", at, -5000, -10000, 10000)),
		"roads":     collection(line, `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[30.31,59.93]}}`),
	} {
		if err := g.read(layer, body); err != nil {
			t.Fatal(err)
		}
	}
	still := g.draw(at)
	if still == nil {
		t.Fatal("nothing is drawn")
	}
	drawn := map[string]string{}
	order := ""
	for _, p := range still.Paths {
		drawn[p.Class] = p.D
		order += p.Class + " "
	}
	if order != "water building main " {
		t.Errorf("drawn in the order %s", order)
	}
	// 10 metres east of the middle (300, 180) and 20 north, 30 metres wide.
	if want := "M310 160l30 0l0-30l-30 0l0 30z"; drawn["building"] != want {
		t.Errorf("building %s, want %s", drawn["building"], want)
	}
	if want := "M-20 180l640 0"; drawn["main"] != want {
		t.Errorf("a road across the city is %s, want it cut: %s", drawn["main"], want)
	}
	if len(drawn["water"]) > 60 {
		t.Errorf("a gulf is %s", drawn["water"])
	}
}

func TestALawnAloneIsNoMap(t *testing.T) {
	t.Parallel()
	at := geo.Point{Lat: 59.93, Lon: 30.31}
	g := &ground{}
	if err := g.read("green", collection(square("", at, 2000, 0, 50), square("", at, 0, 0, 50))); err != nil {
		t.Fatal(err)
	}
	if still := g.draw(at); still != nil {
		t.Errorf("drawn %+v", still)
	}
}

func FuzzGround(f *testing.F) {
	f.Add([]byte(`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[30.31,59.93],[30.32,59.93],[30.31,59.94]]]}}]}`))
	f.Add([]byte(`{"features":[{"properties":{"class":"lane"},"geometry":{"type":"MultiLineString","coordinates":[[[30.3,59.9],[30.4,60]],[]]}}]}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[[],[[]],[[[30.31,59.93]]]]}}]}`))
	f.Add([]byte(`{"features":[{"geometry":null},{"geometry":{"type":"Polygon"}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		g := &ground{}
		if err := g.read("water", body); err != nil {
			return
		}
		still := g.draw(geo.Point{Lat: 59.93, Lon: 30.31})
		if still == nil {
			return
		}
		for _, p := range still.Paths {
			if strings.Trim(p.D, "Mlz -0123456789") != "" {
				t.Errorf("path %q", p.D)
			}
		}
	})
}
