package geo_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gorod/internal/platform/geo"
)

func TestCellInterleavesLongitudeAndLatitude(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		p   geo.Point
		exp int64
	}{
		"south-western end": {geo.Point{Lat: -90, Lon: -180}, 0},
		"north-eastern end": {geo.Point{Lat: 90, Lon: 180}, 1<<62 - 1},
		"middle of the map": {geo.Point{}, 3 << 60},
		"eastern half":      {geo.Point{Lat: -90, Lon: 0}, 1 << 60},
		"northern half":     {geo.Point{Lat: 0, Lon: -180}, 1 << 61},
		"off the earth":     {geo.Point{Lat: 1000, Lon: -1000}, 0x2aaaaaaaaaaaaaaa},
		"no number":         {geo.Point{Lat: math.NaN(), Lon: math.NaN()}, 0},
		"the smallest step": {geo.Point{Lat: -90, Lon: -180 + 360.0/(1<<31)}, 1},
		"and to the north":  {geo.Point{Lat: -90 + 180.0/(1<<31), Lon: -180}, 2},
		"and to both":       {geo.Point{Lat: -90 + 180.0/(1<<31), Lon: -180 + 360.0/(1<<31)}, 3},
	} {
		if got := geo.Cell(tt.p); got != tt.exp {
			t.Errorf("%s: cell %#x, want %#x", name, got, tt.exp)
		}
	}
}

// randomBox is a box of a screen somewhere near a city, from a yard to a region.
func randomBox(r *rand.Rand) geo.Box {
	centre := geo.Point{Lat: 59.5 + r.Float64(), Lon: 29.5 + r.Float64()*1.5}
	height := 0.001 * math.Exp(r.Float64()*6)
	width := height * (0.5 + 3*r.Float64())
	return geo.Box{
		Min: geo.Point{Lat: centre.Lat - height/2, Lon: centre.Lon - width/2},
		Max: geo.Point{Lat: centre.Lat + height/2, Lon: centre.Lon + width/2},
	}
}

func within(r *rand.Rand, b geo.Box) geo.Point {
	return geo.Point{
		Lat: b.Min.Lat + r.Float64()*(b.Max.Lat-b.Min.Lat),
		Lon: b.Min.Lon + r.Float64()*(b.Max.Lon-b.Min.Lon),
	}
}

func holds(ranges []geo.Range, cell int64) bool {
	return slices.ContainsFunc(ranges, func(r geo.Range) bool { return r.From <= cell && cell <= r.To })
}

func TestCoverHoldsEveryPointOfTheBox(t *testing.T) {
	t.Parallel()
	r := seeded()
	for range 3000 {
		box, limit := randomBox(r), 1+r.IntN(32)
		if r.IntN(4) == 0 {
			box = geo.Around(geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*360 - 180}, math.Exp(r.Float64()*16))
		}
		ranges := geo.Cover(box, limit)
		if len(ranges) == 0 || len(ranges) > limit {
			t.Fatalf("%d ranges where %d are allowed", len(ranges), limit)
		}
		for i, rg := range ranges {
			if rg.From < 0 || rg.To < rg.From || i > 0 && rg.From <= ranges[i-1].To+1 {
				t.Fatalf("ranges are not in order or touch: %v", ranges)
			}
		}
		corners := []geo.Point{box.Min, box.Max, {Lat: box.Min.Lat, Lon: box.Max.Lon}, {Lat: box.Max.Lat, Lon: box.Min.Lon}}
		for range 30 {
			corners = append(corners, within(r, box))
		}
		for _, p := range corners {
			if !holds(ranges, geo.Cell(p)) {
				t.Fatalf("%v in %v is in none of %v", p, box, ranges)
			}
		}
	}
}

func TestCoverOfAPointIsItsCell(t *testing.T) {
	t.Parallel()
	cell := geo.Cell(palaceSquare)
	if got := geo.Cover(geo.Box{Min: palaceSquare, Max: palaceSquare}, 8); len(got) != 1 || got[0] != (geo.Range{From: cell, To: cell}) {
		t.Errorf("got %v, want only %d", got, cell)
	}
	if got := geo.Cover(geo.Box{Min: redSquare, Max: palaceSquare}, 8); got != nil {
		t.Errorf("a box the wrong way round is covered by %v", got)
	}
}

// excess is the area that is covered too much, as a share of the box.
func excess(box geo.Box, ranges []geo.Range) float64 {
	var covered float64
	for _, r := range ranges {
		covered += float64(r.To-r.From) + 1
	}
	columns := (box.Max.Lon - box.Min.Lon) / 360 * (1 << 31)
	rows := (box.Max.Lat - box.Min.Lat) / 180 * (1 << 31)
	return covered/(columns*rows) - 1
}

func TestCoverReadsLittleTooMuch(t *testing.T) {
	t.Parallel()
	const boxes = 4000
	for _, tt := range []struct {
		limit             int
		median, p95, most float64 // bars for the area read in vain, in boxes
	}{
		{4, 1.2, 3, 11}, {8, 0.6, 1.1, 2.2}, {16, 0.3, 0.5, 1.1}, {32, 0.15, 0.25, 0.6},
	} {
		r := seeded()
		var all []float64
		for range boxes {
			box := randomBox(r)
			all = append(all, excess(box, geo.Cover(box, tt.limit)))
		}
		slices.Sort(all)
		median, p95, most := all[boxes/2], all[boxes*95/100], all[boxes-1]
		t.Logf("%2d ranges: median %.2f, 95 of 100 %.2f, most %.2f of the box's area too much", tt.limit, median, p95, most)
		if median > tt.median || p95 > tt.p95 || most > tt.most {
			t.Errorf("%d ranges read too much", tt.limit)
		}
	}
}

func BenchmarkCell(b *testing.B) {
	for b.Loop() {
		geo.Cell(palaceSquare)
	}
}

func BenchmarkCover16(b *testing.B) {
	r := seeded()
	box := randomBox(r)
	for b.Loop() {
		geo.Cover(box, 16)
	}
}
