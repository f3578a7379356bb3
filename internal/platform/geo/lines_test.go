package geo_test

import (
	"math/rand/v2"
	"testing"

	"gorod/internal/platform/geo"
)

// origin is a corner of an invented block; east and north are metres from it.
func spot(east, north float64) geo.Point {
	return geo.Point{Lat: 59.9 + north/111_194.9, Lon: 30.3 + east/55_764.5}
}

func TestLinesAreFoundByTheirNearestEdge(t *testing.T) {
	t.Parallel()
	x := geo.NewLines([][]geo.Point{
		{spot(0, 0), spot(5000, 0)},                 // a long street
		{spot(0, 40), spot(100, 40), spot(100, 90)}, // one round a corner
		{{Lat: 100, Lon: 30}, spot(0, 1)},           // nonsense is left out
	})
	near := func(p geo.Point, metres float64) (lines []int, first int) {
		for _, hit := range x.Near(p, metres) {
			lines = append(lines, hit.Line)
			if len(lines) == 1 {
				first = int(hit.Metres + 0.5)
			}
		}
		return lines, first
	}
	for _, tt := range []struct {
		p      geo.Point
		metres float64
		lines  int
		first  int
	}{
		{spot(2500, 12), 20, 1, 12}, {spot(2500, 30), 20, 0, 0}, {spot(50, 25), 30, 2, 15}, {spot(130, 70), 100, 2, 30}, {spot(-3, 4), 10, 1, 5},
	} {
		lines, first := near(tt.p, tt.metres)
		if len(lines) != tt.lines || first != tt.first {
			t.Errorf("at %v within %g m: %v, the first %d m off; want %d lines, %d m", tt.p, tt.metres, lines, first, tt.lines, tt.first)
		}
	}
	if got := geo.NewLines(nil).Near(spot(0, 0), 100); got != nil {
		t.Errorf("no lines: %v", got)
	}
}

func TestRaysTellHowEnclosedAPointIs(t *testing.T) {
	t.Parallel()
	yard := geo.NewLines([][]geo.Point{{spot(0, 0), spot(60, 0), spot(60, 60), spot(0, 60)}}) // open to the west
	for _, tt := range []struct {
		p    geo.Point
		want int
	}{{spot(30, 30), 7}, {spot(-40, 30), 0}, {spot(500, 500), 0}} {
		if got := yard.Rays(tt.p, 8, 70); got != tt.want {
			t.Errorf("at %v %d of 8 rays end at a wall, want %d", tt.p, got, tt.want)
		}
	}
}

func BenchmarkLinesNear(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	var lines [][]geo.Point
	for range 50_000 {
		at := geo.Point{Lat: 59.8 + r.Float64()*0.3, Lon: 30.1 + r.Float64()*0.5}
		lines = append(lines, []geo.Point{at, {Lat: at.Lat + 0.001*r.Float64(), Lon: at.Lon + 0.002*r.Float64()}})
	}
	x := geo.NewLines(lines)
	b.ReportAllocs()
	for b.Loop() {
		x.Near(geo.Point{Lat: 59.8 + r.Float64()*0.3, Lon: 30.1 + r.Float64()*0.5}, 60)
	}
}
