package geo_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorod/internal/platform/geo"
)

// town scatters points: half of them evenly, half in a dense centre.
func town(r *rand.Rand, n int) []geo.Point {
	points := make([]geo.Point, n)
	for i := range points {
		spread := 0.3
		if i%2 == 0 {
			spread = 0.01
		}
		points[i] = geo.Point{Lat: 59.9 + (r.Float64()-0.5)*spread, Lon: 30.3 + (r.Float64()-0.5)*spread*2}
	}
	return points
}

func nearSlowly(points []geo.Point, p geo.Point, n int, maxMetres float64) []geo.Hit {
	var hits []geo.Hit
	for i, q := range points {
		if d := p.Distance(q); q.Valid() && d <= maxMetres {
			hits = append(hits, geo.Hit{Index: i, Metres: d})
		}
	}
	slices.SortFunc(hits, func(a, b geo.Hit) int {
		return cmp.Or(cmp.Compare(a.Metres, b.Metres), cmp.Compare(a.Index, b.Index))
	})
	return hits[:min(len(hits), n)]
}

func TestNearAgreesWithTheSlowWay(t *testing.T) {
	t.Parallel()
	r := seeded()
	sets := map[string][]geo.Point{
		"a town":           town(r, 3000),
		"one point":        {palaceSquare},
		"the same point":   slices.Repeat([]geo.Point{palaceSquare}, 50),
		"along a parallel": {},
		"up a meridian":    {},
		"over the country": {},
		"with broken ones": append(town(r, 100), geo.Point{Lat: math.NaN()}, geo.Point{Lat: 91}),
	}
	for i := range 200 {
		sets["along a parallel"] = append(sets["along a parallel"], geo.Point{Lat: 59.9, Lon: 30 + float64(i)*0.01})
		sets["up a meridian"] = append(sets["up a meridian"], geo.Point{Lat: 58 + float64(i)*0.01, Lon: 30.3})
		sets["over the country"] = append(sets["over the country"], geo.Point{Lat: 42 + r.Float64()*38, Lon: 20 + r.Float64()*159})
	}
	for name, points := range sets {
		queries := append(town(r, 60), redSquare, geo.Point{Lat: -40, Lon: -150}, geo.Point{Lat: 89.9, Lon: 100}, points[0])
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			index := geo.NewPoints(points)
			for i, p := range queries {
				n, most := 1+i%7, []float64{50, 500, 5000, 1e6, math.Inf(1)}[i%5]
				if got, exp := index.Near(p, n, most), nearSlowly(points, p, n, most); !slices.Equal(got, exp) {
					t.Errorf("Near(%v, %d, %v) = %v, want %v", p, n, most, got, exp)
				}
			}
		})
	}
}

func TestNearFindsNothingWhereThereIsNothing(t *testing.T) {
	t.Parallel()
	index := geo.NewPoints([]geo.Point{palaceSquare})
	for name, hits := range map[string][]geo.Hit{
		"no points":        geo.NewPoints(nil).Near(palaceSquare, 5, 100),
		"only broken ones": geo.NewPoints([]geo.Point{{Lat: 91}}).Near(palaceSquare, 5, 100),
		"none wanted":      index.Near(palaceSquare, 0, 100),
		"no place":         index.Near(geo.Point{Lat: math.NaN()}, 5, 100),
		"too far":          index.Near(redSquare, 5, 100),
		"less than here":   index.Near(palaceSquare, 5, -1),
	} {
		if len(hits) != 0 {
			t.Errorf("%s: %v", name, hits)
		}
	}
}

func BenchmarkNear(b *testing.B) {
	r := seeded()
	index := geo.NewPoints(town(r, 15_000))
	queries := town(r, 1024)
	i := 0
	for b.Loop() {
		index.Near(queries[i%len(queries)], 5, 300)
		i++
	}
}

func BenchmarkNewPoints(b *testing.B) {
	points := town(seeded(), 15_000)
	for b.Loop() {
		geo.NewPoints(points)
	}
}
