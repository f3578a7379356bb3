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
		shift := shiftFor(tt.zoom, tt.box)
		if shift < 2 || shift > 58 || shift%2 != 0 {
			t.Errorf("%s: shift %d", name, shift)
		}
		if n := cellsIn(tt.box, (62-shift)/2); n > cellLimit {
			t.Errorf("%s: up to %.0f counts", name, n)
		}
	}
	// On a screen the cells are 64 pixels wide, as ever.
	if got := shiftFor(16, box(59.93, 30.31, 0.01)); got != 62-2*18 {
		t.Errorf("shift %d on a screen of a street", got)
	}
}
