package web

import (
	"math"
	"strings"
	"testing"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/ground"
)

// groundWith is a ground with one square of thirty metres in a layer.
func groundWith(t *testing.T, layer string) *ground.Ground {
	t.Helper()
	g := ground.New()
	body := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[30.31,59.93],[30.3105,59.93],[30.3105,59.9303],[30.31,59.9303],[30.31,59.93]]]}}]}`
	if err := g.Read(layer, strings.NewReader(body)); err != nil {
		t.Fatal(err)
	}
	return g
}

func TestALawnAloneIsNoMap(t *testing.T) {
	t.Parallel()
	at := geo.Point{Lat: 59.93, Lon: 30.31}
	if still := drawStill(groundWith(t, "green"), at); still != nil {
		t.Errorf("drawn %+v", still)
	}
	if still := drawStill(groundWith(t, "buildings"), at); still == nil || len(still.Paths) != 1 {
		t.Errorf("a house is drawn as %+v", still)
	}
}

func TestAPictureHasTheBoxOfTheListInIt(t *testing.T) {
	t.Parallel()
	for _, asked := range []geo.Box{
		{Min: geo.Point{Lat: 59.9, Lon: 30.2}, Max: geo.Point{Lat: 59.95, Lon: 30.5}},
		{Min: geo.Point{Lat: 59.5, Lon: 30.3}, Max: geo.Point{Lat: 60.2, Lon: 30.31}},
	} {
		box := toFrame(asked)
		if box.Min.Lon > asked.Min.Lon+1e-4 || box.Max.Lon < asked.Max.Lon-1e-4 || box.Min.Lat > asked.Min.Lat+1e-4 || box.Max.Lat < asked.Max.Lat-1e-4 {
			t.Errorf("%v is not in %v", asked, box)
		}
		high := (box.Max.Lat - box.Min.Lat)
		wide := (box.Max.Lon - box.Min.Lon) * math.Cos((box.Min.Lat+box.Max.Lat)/2*math.Pi/180)
		if ratio := wide / high; math.Abs(ratio-float64(pictureWidth)/pictureHeight) > 0.01 {
			t.Errorf("%v is %f times as wide as high", box, ratio)
		}
	}
}
