package geo_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"gorod/internal/platform/geo"
)

// box is a ring around a rectangle, turning left.
func box(west, south, east, north float64) orb.Ring {
	return orb.Ring{{west, south}, {east, south}, {east, north}, {west, north}, {west, south}}
}

func TestShapesThatHoldAPoint(t *testing.T) {
	t.Parallel()
	hole := box(2, 2, 4, 4)
	hole.Reverse()
	index := geo.NewIndex([]geo.Shape{
		{{box(0, 0, 10, 10), hole}},
		{{box(2, 2, 4, 4)}, {box(20, 0, 22, 2)}},
		{},
		{{box(5, 5, 25, 6)}},
		{{orb.Ring{{30, 0}, {40, 10}, {30, 10}, {40, 0}, {30, 0}}}},
	})
	for name, tt := range map[string]struct {
		p   geo.Point
		exp []int
	}{
		"in one":                       {geo.Point{Lat: 1, Lon: 1}, []int{0}},
		"in a hole that another fills": {geo.Point{Lat: 3, Lon: 3}, []int{1}},
		"in the second part":           {geo.Point{Lat: 1, Lon: 21}, []int{1}},
		"in two":                       {geo.Point{Lat: 5.5, Lon: 6}, []int{0, 3}},
		"in none":                      {geo.Point{Lat: 8, Lon: 15}, nil},
		"north of all":                 {geo.Point{Lat: 10.1, Lon: 5}, nil},
		"west of all":                  {geo.Point{Lat: 5, Lon: -1}, nil},
		"south-western corner belongs": {geo.Point{Lat: 0, Lon: 0}, []int{0}},
		"northern side does not":       {geo.Point{Lat: 10, Lon: 5}, nil},
		"eastern side does not":        {geo.Point{Lat: 1, Lon: 10}, nil},
		"in the bow of a knot":         {geo.Point{Lat: 1, Lon: 35}, []int{4}},
		"beside the knot":              {geo.Point{Lat: 5, Lon: 31}, nil},
		"no number":                    {geo.Point{Lat: math.NaN(), Lon: math.NaN()}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := index.At(tt.p); !slices.Equal(got, tt.exp) {
				t.Errorf("At(%v) = %v, want %v", tt.p, got, tt.exp)
			}
		})
	}
}

func TestIndexWithoutAnythingInside(t *testing.T) {
	t.Parallel()
	bad := orb.Ring{{0, 0}, {math.NaN(), 1}, {1, math.Inf(1)}, {0, 0}}
	level := orb.Ring{{0, 5}, {1, 5}, {2, 5}, {0, 5}}
	thin := orb.Ring{{0, 0}, {1, 0}, {1, math.SmallestNonzeroFloat64}, {0, 0}}
	for _, shapes := range [][]geo.Shape{nil, {{}}, {{{bad}}}, {{{level}}}, {{{thin}}}, {{{orb.Ring{}}}}} {
		if got := geo.NewIndex(shapes).At(geo.Point{Lat: 5, Lon: 1}); got != nil {
			t.Errorf("%v holds a point: %v", shapes, got)
		}
	}
}

// patchwork cuts a square into cells whose inner borders are crooked and shared
// vertex for vertex by the neighbours, each of which begins its ring elsewhere.
func patchwork(r *rand.Rand, side int) []geo.Shape {
	vertices := map[[2]int]orb.Point{}
	const between = 4 // border pieces a side of a cell
	for y := range side*between + 1 {
		for x := range side*between + 1 {
			p := orb.Point{float64(x), float64(y)}
			if x > 0 && y > 0 && x < side*between && y < side*between {
				p[0] += r.Float64()*0.8 - 0.4
				p[1] += float64(r.IntN(3)-1) * 0.4
			}
			vertices[[2]int{x, y}] = p
		}
	}
	var shapes []geo.Shape
	for row := range side {
		for column := range side {
			var ring orb.Ring
			x, y := column*between, row*between
			for _, d := range [][2]int{{1, 0}, {0, 1}, {-1, 0}, {0, -1}} {
				for range between {
					ring = append(ring, vertices[[2]int{x, y}])
					x, y = x+d[0], y+d[1]
				}
			}
			start := r.IntN(len(ring))
			ring = append(slices.Clone(ring[start:]), ring[:start]...)
			ring = append(ring, ring[0])
			if r.IntN(2) == 0 {
				ring.Reverse()
			}
			shapes = append(shapes, geo.Shape{{ring}})
		}
	}
	return shapes
}

func TestPointOnASharedBorderIsInExactlyOneNeighbour(t *testing.T) {
	t.Parallel()
	r := seeded()
	shapes := patchwork(r, 6)
	index := geo.NewIndex(shapes)
	check := func(p orb.Point) {
		t.Helper()
		if p[0] < 0 || p[1] < 0 || p[0] >= 24 || p[1] >= 24 {
			return
		}
		if got := index.At(geo.Point{Lon: p[0], Lat: p[1]}); len(got) != 1 {
			t.Errorf("%v is in %v", p, got)
		}
	}
	for _, shape := range shapes {
		ring := shape[0][0]
		for i := 1; i < len(ring); i++ {
			a, b := ring[i-1], ring[i]
			check(a)
			for range 20 {
				f := r.Float64()
				check(orb.Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])})
			}
			check(orb.Point{r.Float64() * 24, a[1]})
		}
	}
}

// slow answers by orb, polygon by polygon.
func slow(shapes []geo.Shape, p geo.Point) []int {
	var found []int
	for i, shape := range shapes {
		if planar.MultiPolygonContains(orb.MultiPolygon(shape), orb.Point{p.Lon, p.Lat}) {
			found = append(found, i)
		}
	}
	return found
}

func TestIndexAgreesWithTheSlowWay(t *testing.T) {
	t.Parallel()
	r := seeded()
	shapes := patchwork(r, 5)
	index := geo.NewIndex(shapes)
	for range 5000 {
		p := geo.Point{Lon: r.Float64()*24 - 2, Lat: r.Float64()*24 - 2}
		if got, exp := index.At(p), slow(shapes, p); !slices.Equal(got, exp) {
			t.Fatalf("At(%v) = %v, want %v", p, got, exp)
		}
	}
}

// realAreas reads files of real cities that stand beside the project and are
// no part of it.
func realAreas(tb testing.TB, names ...string) []geo.Shape {
	tb.Helper()
	shared := os.Getenv("GOROD_SHARED")
	if shared == "" {
		shared = filepath.Join("..", "..", "..", "..", "shared")
	}
	var shapes []geo.Shape
	for _, name := range names {
		file, err := os.Open(filepath.Join(shared, "data", "geo", name))
		if err != nil {
			tb.Skipf("SKIPPED: no real areas (set GOROD_SHARED to the folder that has data/geo): %v", err)
		}
		areas, err := geo.DecodeAreas(file)
		_ = file.Close()
		if err != nil {
			tb.Fatalf("%s: %v", name, err)
		}
		for _, area := range areas {
			shapes = append(shapes, area.Shape)
		}
	}
	return shapes
}

func TestRealCityIsDividedWithoutOverlaps(t *testing.T) {
	t.Parallel()
	shapes := realAreas(t, "spb_municipalities.geojson")
	index := geo.NewIndex(shapes)
	bounds := shapes[0].Bounds()
	for _, shape := range shapes {
		b := shape.Bounds()
		bounds.Min = geo.Point{Lat: min(bounds.Min.Lat, b.Min.Lat), Lon: min(bounds.Min.Lon, b.Min.Lon)}
		bounds.Max = geo.Point{Lat: max(bounds.Max.Lat, b.Max.Lat), Lon: max(bounds.Max.Lon, b.Max.Lon)}
	}
	r := seeded()
	inside := 0
	for range 2000 {
		p := within(r, bounds)
		got := index.At(p)
		if len(got) > 1 {
			t.Errorf("%v is in %v", p, got)
		}
		if exp := slow(shapes, p); !slices.Equal(got, exp) {
			t.Errorf("At(%v) = %v, the slow way %v", p, got, exp)
		}
		inside += len(got)
	}
	for _, shape := range shapes {
		for _, v := range shape[0][0] {
			if got := index.At(geo.Point{Lat: v[1], Lon: v[0]}); len(got) > 1 {
				t.Errorf("vertex %v is in %v", v, got)
			}
		}
	}
	t.Logf("%d shapes, %d of 2000 points inside", len(shapes), inside)
}

func benchmarkAt(b *testing.B, shapes []geo.Shape) {
	index := geo.NewIndex(shapes)
	r := seeded()
	points := make([]geo.Point, 1024)
	for i := range points {
		points[i] = within(r, shapes[r.IntN(len(shapes))].Bounds())
	}
	i := 0
	for b.Loop() {
		index.At(points[i%len(points)])
		i++
	}
}

func BenchmarkAtPatchwork(b *testing.B) { benchmarkAt(b, patchwork(seeded(), 11)) }

func BenchmarkAtRealCity129Areas(b *testing.B) {
	benchmarkAt(b, realAreas(b, "spb_districts.geojson", "spb_municipalities.geojson"))
}

func BenchmarkNewIndexRealCity129Areas(b *testing.B) {
	shapes := realAreas(b, "spb_districts.geojson", "spb_municipalities.geojson")
	for b.Loop() {
		geo.NewIndex(shapes)
	}
}
