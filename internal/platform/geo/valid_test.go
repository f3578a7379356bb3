package geo_test

import (
	"math"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"gorod/internal/platform/geo"
)

func TestDoubtfulShapesAreTold(t *testing.T) {
	t.Parallel()
	outer := orb.Ring{{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}}
	for name, tt := range map[string]struct {
		shape geo.Shape
		want  string
	}{
		"a square":                       {geo.Shape{{outer}}, ""},
		"a bow tie":                      {geo.Shape{{{{0, 0}, {10, 10}, {10, 0}, {0, 10}, {0, 0}}}}, "polygon 0, ring 0 crosses itself: edge 2 and edge 0"},
		"a hole":                         {geo.Shape{{outer, {{2, 2}, {2, 4}, {4, 4}, {2, 2}}}}, ""},
		"a hole that touches the border": {geo.Shape{{outer, {{0, 5}, {2, 4}, {2, 6}, {0, 5}}}}, ""},
		"a hole outside":                 {geo.Shape{{outer, {{12, 2}, {12, 4}, {14, 4}, {12, 2}}}}, "ring 1 is a hole outside"},
		"a ring that touches itself":     {geo.Shape{{{{0, 0}, {5, 5}, {10, 0}, {10, 10}, {5, 5}, {0, 10}, {0, 0}}}}, ""},
	} {
		err := tt.shape.Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", name, err, tt.want)
		}
	}
}

// star is a ring with n vertices that goes in and out, or, when it is tied, once
// across itself.
func star(n int, tied bool) orb.Ring {
	ring := make(orb.Ring, 0, n+1)
	for i := range n {
		r := 0.1 + 0.0005*float64(i%2)
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ring = append(ring, orb.Point{30 + r*cos, 60 + r*sin})
	}
	if tied {
		ring[n/2], ring[n/2+9] = ring[n/2+9], ring[n/2]
	}
	return append(ring, ring[0])
}

func TestABorderOfAHundredThousandVerticesIsChecked(t *testing.T) {
	t.Parallel()
	if err := (geo.Shape{{star(100_000, false)}}).Check(); err != nil {
		t.Error(err)
	}
	if err := (geo.Shape{{star(100_000, true)}}).Check(); err == nil {
		t.Error("a crossing among them was not found")
	}
}

func BenchmarkCheck100kVertices(b *testing.B) {
	shape := geo.Shape{{star(100_000, false)}}
	for b.Loop() {
		if err := shape.Check(); err != nil {
			b.Fatal(err)
		}
	}
}
