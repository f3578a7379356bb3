package board

import (
	"testing"

	"gorod/internal/platform/geo"
)

func TestAMapNeverGetsMoreCountsThanItsLimit(t *testing.T) {
	t.Parallel()
	box := func(lat, lon, size float64) geo.Box {
		return geo.Box{Min: geo.Point{Lat: lat, Lon: lon}, Max: geo.Point{Lat: lat + size, Lon: lon + size}}
	}
	for name, tt := range map[string]struct {
		zoom float64
		box  geo.Box
	}{
		"a screen of a street":       {16, box(59.93, 30.31, 0.01)},
		"a screen of a city":         {10, box(59.7, 29.9, 0.7)},
		"a city at a street's zoom":  {18, box(59.7, 29.9, 0.7)},
		"the world at a street's":    {30, geo.Box{Min: geo.Point{Lat: -90, Lon: -180}, Max: geo.Point{Lat: 90, Lon: 180}}},
		"a box without area":         {30, box(59.9, 30.3, 0)},
		"a zoom that is far too far": {1e9, box(59.9, 30.3, 1)},
		"a zoom below all":           {-1e9, box(59.9, 30.3, 1)},
	} {
		level, merge := levelFor(tt.zoom, tt.box)
		if level < coarsest || level > finest || level%2 != 0 || merge < 0 || merge > coarsest-2 || merge > 1 && level != coarsest {
			t.Errorf("%s: level %d less %d", name, level, merge)
		}
		if n := cellsIn(tt.box, level-merge); n > cellLimit && level-merge > 2 {
			t.Errorf("%s: up to %.0f counts", name, n)
		}
	}
	// On a screen the cells are 90 to 180 pixels wide.
	for zoom, want := range map[float64]int{3: 5, 10.2: 12, 15: 17, 16: 18, 16.6: 19, 22: 20} {
		if level, merge := levelFor(zoom, box(59.93, 30.31, 0.001)); level-merge != want {
			t.Errorf("zoom %v: level %d less %d, want %d", zoom, level, merge, want)
		}
	}
}

func TestACellIsTheRectangleOfItsPoints(t *testing.T) {
	t.Parallel()
	for _, p := range []geo.Point{{Lat: 59.93, Lon: 30.31}, {Lat: -33.4, Lon: -70.6}, {Lat: 90, Lon: 180}, {Lat: -90, Lon: -180}} {
		for level := coarsest; level <= finest; level += 2 {
			cell := cellAt(geo.Cell(p), level)
			box := boxOf(cell, level)
			if !box.Contains(p) {
				t.Errorf("%v is not in its cell %v of level %d", p, box, level)
			}
			middle := geo.Point{Lat: (box.Min.Lat + box.Max.Lat) / 2, Lon: (box.Min.Lon + box.Max.Lon) / 2}
			if got := cellAt(geo.Cell(middle), level); got != cell {
				t.Errorf("the middle of cell %d of level %d is in cell %d", cell, level, got)
			}
		}
	}
}
