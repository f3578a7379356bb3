package ground_test

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"gorod/internal/platform/ground"
)

const middleLat, middleLon = 59.93, 30.31

// square is a feature of a square whose south-western corner is so many metres
// east and north of the middle.
func square(properties string, east, north, side float64) string {
	x0, y0 := at(east, north)
	x1, y1 := at(east+side, north+side)
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"Polygon","coordinates":[[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]]}}`,
		properties, x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
}

func line(properties string, east, north, eastTo, northTo float64) string {
	x0, y0 := at(east, north)
	x1, y1 := at(eastTo, northTo)
	return fmt.Sprintf(`{"type":"Feature","properties":{%s},"geometry":{"type":"LineString","coordinates":[[%f,%f],[%f,%f]]}}`, properties, x0, y0, x1, y1)
}

// at is the point so many metres east and north of the middle.
func at(east, north float64) (lon, lat float64) {
	const metres = 111_195
	return middleLon + east/metres/math.Cos(middleLat*math.Pi/180), middleLat + north/metres
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func read(t testing.TB, layers map[string]string) *ground.Ground {
	t.Helper()
	g := ground.New()
	for _, name := range []string{"green", "water", "buildings", "rail", "roads", "bridges", "metro", "areas"} {
		if body, ok := layers[name]; ok {
			if err := g.Read(name, strings.NewReader(body)); err != nil {
				t.Fatal(err)
			}
		}
	}
	return g
}

// tileAt draws the tile with the middle in it and reads it as anybody would.
func tileAt(t testing.TB, g *ground.Ground, zoom int) map[string]*mvt.Layer {
	t.Helper()
	tile := maptile.At(orb.Point{middleLon, middleLat}, maptile.Zoom(zoom))
	body, err := g.Tile(zoom, int(tile.X), int(tile.Y))
	if err != nil {
		t.Fatal(err)
	}
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*mvt.Layer{}
	for _, l := range layers {
		l.ProjectToWGS84(tile)
		found[l.Name] = l
	}
	return found
}

func TestATileHasWhatLiesInIt(t *testing.T) {
	t.Parallel()
	g := read(t, map[string]string{
		"buildings": collection(square(`"number":"12к3","house":7`, 10, 20, 30), square(`"number":"99"`, 9000, 0, 50)),
		"water":     collection(square(`"name":"Нева","kind":"river"`, -5000, -10000, 10000)),
		"roads":     collection(line(`"class":"main","name":"Невский проспект"`, -20000, 5, 20000, 5), line(`"class":"path"`, 0, 0, 10, 10)),
	})
	near := tileAt(t, g, 15)
	if n := len(near["buildings"].Features); n != 1 {
		t.Fatalf("%d houses in the tile", n)
	}
	if got := near["roads"].Features[0].Properties["name"]; got != "Невский проспект" {
		t.Errorf("the road is called %v", got)
	}
	house := near["buildings"].Features[0].Geometry.Bound()
	lon, lat := at(10, 20)
	if math.Abs(house.Min[0]-lon) > 2e-5 || math.Abs(house.Min[1]-lat) > 2e-5 {
		t.Errorf("the house begins at %v, want %f, %f", house.Min, lon, lat)
	}
	if road := near["roads"].Features[0].Geometry.Bound(); road.Max[0]-road.Min[0] > 0.02 {
		t.Errorf("a road across the country is not cut: %v", road)
	}
	far := tileAt(t, g, 11)
	if far["buildings"] != nil || len(far["roads"].Features) != 1 || far["water"] == nil {
		t.Errorf("from afar the tile has %v", far)
	}
}

func TestEveryWordIsWrittenInOneTileOnly(t *testing.T) {
	t.Parallel()
	g := read(t, map[string]string{
		"buildings": collection(square(`"number":"5"`, -15, -15, 30)),
		"green":     collection(square(`"name":"Летний сад","kind":"park"`, -900, -900, 1800)),
		"areas":     collection(square(`"name":"Заречье","kind":"district","id":"z"`, -3000, -3000, 6000)),
		"metro":     collection(`{"type":"Feature","properties":{"name":"Садовая","kind":"station"},"geometry":{"type":"Point","coordinates":[30.31,59.93]}}`),
	})
	said := map[string]int{}
	middle := maptile.At(orb.Point{middleLon, middleLat}, 15)
	for x := middle.X - 3; x <= middle.X+3; x++ {
		for y := middle.Y - 3; y <= middle.Y+3; y++ {
			body, err := g.Tile(15, int(x), int(y))
			if err != nil {
				t.Fatal(err)
			}
			layers, err := mvt.Unmarshal(body)
			if err != nil {
				t.Fatal(err)
			}
			for _, l := range layers {
				for _, f := range l.Features {
					if l.Name == ground.Labels {
						said[fmt.Sprint(f.Properties["of"], f.Properties["name"], f.Properties["number"])]++
					}
				}
			}
		}
	}
	for _, words := range []string{"buildings<nil>5", "greenЛетний сад<nil>", "areasЗаречье<nil>", "metroСадовая<nil>"} {
		if said[words] != 1 {
			t.Errorf("%s is written %d times: %v", words, said[words], said)
		}
	}
}

func TestAHoleStaysAHole(t *testing.T) {
	t.Parallel()
	// Both rings run the same way, as in files that do not know the rule.
	ring := func(side float64) string {
		x0, y0 := at(-side, -side)
		x1, y1 := at(side, side)
		return fmt.Sprintf("[[%f,%f],[%f,%f],[%f,%f],[%f,%f],[%f,%f]]", x0, y0, x1, y0, x1, y1, x0, y1, x0, y0)
	}
	g := read(t, map[string]string{"buildings": collection(`{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[` + ring(60) + "," + ring(20) + `]]}}`)})
	shape := tileAt(t, g, 15)["buildings"].Features[0].Geometry
	polygon, ok := shape.(orb.Polygon)
	if !ok || len(polygon) != 2 {
		t.Fatalf("the yard is gone: %T %v", shape, shape)
	}
}

func TestTilesOutsideTheWorldAreRefused(t *testing.T) {
	t.Parallel()
	g := ground.New()
	for _, n := range [][3]int{{4, 0, 0}, {16, 0, 0}, {10, -1, 0}, {10, 0, -1}, {10, 1024, 0}, {10, 0, 1024}} {
		if _, err := g.Tile(n[0], n[1], n[2]); !errors.Is(err, ground.ErrNoTile) {
			t.Errorf("tile %v: %v", n, err)
		}
	}
	body, err := g.Tile(10, 1023, 1023)
	if err != nil || len(body) != 0 {
		t.Errorf("a tile of nothing has %d bytes, %v", len(body), err)
	}
}

func TestAStillPictureDrawsWhatIsNearInMetres(t *testing.T) {
	t.Parallel()
	g := read(t, map[string]string{
		"buildings": collection(square("", 10, 20, 30), square("", 900, 0, 50)),
		"water":     collection(square("", -5000, -10000, 10000)),
		"roads":     collection(line(`"class":"main"`, -60000, 0, 60000, 0), `{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[30.31,59.93]}}`),
	})
	west, north := at(-300, 180)
	east, south := at(300, -180)
	drawn, order := map[string]string{}, ""
	for _, p := range g.Paths(ground.Picture{West: west, North: north, East: east, South: south, Width: 600, Height: 360}) {
		drawn[p.Class] = p.D
		order += p.Class + " "
	}
	if order != "water building main " {
		t.Errorf("drawn in the order %s", order)
	}
	// 10 metres east of the middle (300, 180) and 20 north, 30 metres wide.
	if d := drawn["building"]; !strings.HasPrefix(d, "M310 160") || !strings.HasSuffix(d, "z") {
		t.Errorf("building %s", d)
	}
	if want := "M-20 180l640 0"; drawn["main"] != want {
		t.Errorf("a road across the city is %s, want it cut: %s", drawn["main"], want)
	}
	if len(drawn["water"]) > 60 {
		t.Errorf("a gulf is %s", drawn["water"])
	}
}

func TestABrokenLayerIsNamedAndNotKept(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`[]`:                 "read layer roads",
		`{"type":"Feature"}`: "no features",
		`{"features":{}}`:    "features are no list",
		`{"features":[{"geometry":{"type":"LineString","coordinates":[["a","b"]]}}]}`:         "feature 0 of layer roads",
		`{"features":[{"geometry":{"type":"LineString","coordinates":[[[[[1,2],[3,4]]]]]}}]}`: "feature 0 of layer roads",
		`{"features":[{"geometry":null},{"geometry":{"type":"Point","coordinates":[1]}}]}`:    "feature 1 of layer roads",
		`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6],[1,2`:   "feature 0 of layer roads",
		`{"features":[{"geometry":null}`:                    "feature 1 of layer roads",
		`{"features":[{"geometry":{"type":"Point]}}]}`:      "feature 0 of layer roads",
		`{"features":[{"properties":{"x":[1}}}]}`:           "feature 0 of layer roads",
		`{"features":[{"geometry":null}{"geometry":null}]}`: "feature 1 of layer roads",
		`{"features":[` + strings.Repeat("[", 100_000):      "feature 0 of layer roads",
		`{"x":` + strings.Repeat("[", 100_000):              "read layer roads",
	} {
		g := ground.New()
		err := g.Read("roads", strings.NewReader(body))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", body, err, want)
		}
		if g.Features() != 0 {
			t.Errorf("%s: %d features are kept", body, g.Features())
		}
	}
}

func TestWordsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	g := read(t, map[string]string{"buildings": `{"type":"FeatureCollection","crs":{"a":[1,{"b":null}]},"features":[ {"id":1,"type":"Feature",` +
		`"geometry":{"coordinates":[30.31,59.93,12.5],"bbox":[1,2],"type":"Point"},"properties":{"x":[{}],"name":"Дом \"\u042f\"","number":12.5,"kind":null,"class":true}}]}`})
	got := tileAt(t, g, 15)[ground.Labels].Features[0].Properties
	if got["name"] != `Дом "Я"` || got["number"] != "12.5" || got["kind"] != nil {
		t.Errorf("the words are %v", got)
	}
}

func FuzzGround(f *testing.F) {
	f.Add([]byte(`{"features":[{"geometry":{"type":"Polygon","coordinates":[[[30.31,59.93],[30.32,59.93],[30.31,59.94]]]}}]}`))
	f.Add([]byte(`{"features":[{"properties":{"class":"lane","name":7},"geometry":{"type":"MultiLineString","coordinates":[[[30.3,59.9],[30.4,60]],[]]}}]}`))
	f.Add([]byte(`{"features":[{"geometry":{"type":"MultiPolygon","coordinates":[[],[[]],[[[30.31,59.93]]]]}}]}`))
	f.Add([]byte(`{"features":[{"geometry":null},{"geometry":{"type":"Polygon"}}]}`))
	f.Add([]byte(`{"features":[{"properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[-1e99,-90],[1e99,-90],[181,90],[-181,90],[-1e99,-90]]]}}]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		g := ground.New()
		if err := g.Read("water", strings.NewReader(string(body))); err != nil {
			return
		}
		middle := maptile.At(orb.Point{middleLon, middleLat}, 12)
		tile, err := g.Tile(12, int(middle.X), int(middle.Y))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := mvt.Unmarshal(tile); err != nil {
			t.Errorf("the tile cannot be read: %v", err)
		}
		for _, p := range g.Paths(ground.Picture{West: 30.3, North: 59.94, East: 30.32, South: 59.92, Width: 600, Height: 360}) {
			if strings.Trim(p.D, "Mlz -0123456789") != "" {
				t.Errorf("path %q", p.D)
			}
		}
	})
}

// metropolis is a layer of so many houses in 40 by 40 kilometres, in blocks.
func metropolis(houses int) string {
	r := rand.New(rand.NewPCG(4, 59))
	var b strings.Builder
	b.WriteString(`{"type":"FeatureCollection","features":[`)
	for i := range houses {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(square(fmt.Sprintf(`"house":"%d","number":"%d"`, i, i%180+1), (r.Float64()-0.5)*40_000, (r.Float64()-0.5)*40_000, 12+r.Float64()*40))
	}
	b.WriteString("]}")
	return b.String()
}

func BenchmarkReadMetropolis(b *testing.B) {
	body := metropolis(300_000)
	b.SetBytes(int64(len(body)))
	b.ResetTimer()
	var g *ground.Ground
	for range b.N {
		g = read(b, map[string]string{"buildings": body})
	}
	b.ReportMetric(float64(g.Size())/1e6, "MB-kept")
}

func BenchmarkTile(b *testing.B) {
	g := read(b, map[string]string{"buildings": metropolis(300_000)})
	for _, zoom := range []int{9, 11, 13, 14, 15} {
		b.Run(fmt.Sprint("z", zoom), func(b *testing.B) {
			tile := maptile.At(orb.Point{middleLon, middleLat}, maptile.Zoom(zoom))
			size := 0
			for range b.N {
				body, err := g.Tile(zoom, int(tile.X), int(tile.Y))
				if err != nil {
					b.Fatal(err)
				}
				size = len(body)
			}
			b.ReportMetric(float64(size), "bytes")
		})
	}
}
