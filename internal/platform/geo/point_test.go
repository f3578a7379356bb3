package geo_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"gorod/internal/platform/geo"
)

var (
	palaceSquare = geo.Point{Lat: 59.9390, Lon: 30.3158}
	redSquare    = geo.Point{Lat: 55.7539, Lon: 37.6208}
)

// seeded gives the same chance numbers in every run.
func seeded() *rand.Rand { return rand.New(rand.NewPCG(4, 59)) }

// chord is the distance by three-dimensional vectors, to check the formulas of
// the package by one that shares nothing with them.
func chord(p, q geo.Point) float64 {
	vector := func(p geo.Point) [3]float64 {
		lat, lon := p.Lat*math.Pi/180, p.Lon*math.Pi/180
		return [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	}
	a, b := vector(p), vector(q)
	return 2 * 6_371_008.8 * math.Asin(min(math.Hypot(math.Hypot(a[0]-b[0], a[1]-b[1]), a[2]-b[2])/2, 1))
}

func TestDistance(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		p, q geo.Point
		exp  float64
	}{
		"nothing":               {palaceSquare, palaceSquare, 0},
		"between two capitals":  {palaceSquare, redSquare, 634_000},
		"a minute of latitude":  {geo.Point{Lat: 60, Lon: 30}, geo.Point{Lat: 60 + 1.0/60, Lon: 30}, 1853},
		"to the other side":     {geo.Point{Lat: 0, Lon: 0}, geo.Point{Lat: 0, Lon: 180}, 20_015_000},
		"across the 180th":      {geo.Point{Lat: 66, Lon: 179.999}, geo.Point{Lat: 66, Lon: -179.999}, 90.45},
		"round the pole":        {geo.Point{Lat: 89.999, Lon: 0}, geo.Point{Lat: 89.999, Lon: 0.5}, 1},
		"half as far at 60° N.": {geo.Point{Lat: 60, Lon: 30}, geo.Point{Lat: 60, Lon: 31}, 55_600},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tt.p.Distance(tt.q); math.Abs(got-tt.exp) > tt.exp*0.002+0.1 {
				t.Errorf("got %.1f m, want %.1f m", got, tt.exp)
			}
		})
	}
}

func TestDistanceErrsByLessThanATenThousandth(t *testing.T) {
	t.Parallel()
	r := seeded()
	worst := 0.0
	for range 100_000 {
		p := geo.Point{Lat: r.Float64()*180 - 90, Lon: r.Float64()*300 - 150}
		q := geo.Point{Lat: p.Lat + r.Float64()*4 - 2, Lon: p.Lon + r.Float64()*4 - 2}
		if exact := chord(p, q); exact > 1 && q.Valid() {
			worst = max(worst, math.Abs(p.Distance(q)-exact)/exact)
		}
	}
	t.Logf("worst error %.5f %%", worst*100)
	if worst > 0.0001 {
		t.Errorf("worst error %.5f %%", worst*100)
	}
}

func TestPointsOffTheEarthAreNotValid(t *testing.T) {
	t.Parallel()
	for _, p := range []geo.Point{{Lat: 90.1}, {Lon: -180.1}, {Lat: math.NaN()}, {Lon: math.Inf(1)}} {
		if p.Valid() {
			t.Errorf("%v is valid", p)
		}
	}
	if !(geo.Point{Lat: -90, Lon: 180}).Valid() {
		t.Error("the south pole is not valid")
	}
}

func TestRound(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   geo.Point
		step float64
		exp  geo.Point
	}{
		{geo.Point{Lat: 59.93099, Lon: 30.31549}, 0.001, geo.Point{Lat: 59.931, Lon: 30.315}},
		{geo.Point{Lat: -0.0004, Lon: 179.9999}, 0.001, geo.Point{Lat: 0, Lon: 180}},
		{geo.Point{Lat: 90, Lon: 7.6}, 0.7, geo.Point{Lat: 90, Lon: 7.7}},
		{geo.Point{Lat: 59.7, Lon: 31}, 5, geo.Point{Lat: 60, Lon: 30}},
		{geo.Point{Lat: 59.123456, Lon: 31}, 0, geo.Point{Lat: 59.123456, Lon: 31}},
	} {
		got := geo.Round(tt.in, tt.step)
		if math.Abs(got.Lat-tt.exp.Lat) > 1e-12 || math.Abs(got.Lon-tt.exp.Lon) > 1e-12 {
			t.Errorf("Round(%v, %v) = %v, want %v", tt.in, tt.step, got, tt.exp)
		}
	}
}

func TestParseBox(t *testing.T) {
	t.Parallel()
	got, err := geo.ParseBox("30.1, 59.8,30.5,60")
	if err != nil || got != (geo.Box{Min: geo.Point{Lat: 59.8, Lon: 30.1}, Max: geo.Point{Lat: 60, Lon: 30.5}}) {
		t.Errorf("got %v, %v", got, err)
	}
	for name, s := range map[string]string{
		"empty": "", "three": "1,2,3", "five": "1,2,3,4,5", "words": "a,b,c,d", "NaN": "NaN,1,2,3", "off the earth": "0,0,0,91",
		"corners swapped": "30.5,59.8,30.1,60", "latitude first": "59.8,130.1,60,130.5", "infinite": "0,0,Inf,1",
	} {
		if b, err := geo.ParseBox(s); err == nil {
			t.Errorf("%s: %q is %v", name, s, b)
		}
	}
}

func FuzzParseBox(f *testing.F) {
	f.Add("30.1,59.8,30.5,60")
	f.Add("-0,1e-9,0x1p3,")
	f.Fuzz(func(t *testing.T, s string) {
		b, err := geo.ParseBox(s)
		if err != nil {
			return
		}
		if again, err := geo.ParseBox(b.String()); !b.Valid() || err != nil || again != b {
			t.Errorf("%q is %v, written and read again %v, %v", s, b, again, err)
		}
	})
}

func TestAroundHoldsAllThatIsNear(t *testing.T) {
	t.Parallel()
	r := seeded()
	for range 20_000 {
		p := geo.Point{Lat: r.Float64()*178 - 89, Lon: r.Float64()*340 - 170}
		metres := math.Exp(r.Float64() * 12)
		box := geo.Around(p, metres)
		q := geo.Point{Lat: p.Lat + (r.Float64()*4-2)*metres/111_000, Lon: p.Lon + (r.Float64()*4-2)*metres/111_000/math.Cos(p.Lat*math.Pi/180)}
		if q.Valid() && p.Distance(q) <= metres && !box.Contains(q) {
			t.Fatalf("%v is %.1f m from %v, but not in the box of %.1f m, %v", q, p.Distance(q), p, metres, box)
		}
	}
	if box := geo.Around(palaceSquare, 1000); palaceSquare.Distance(geo.Point{Lat: box.Max.Lat, Lon: palaceSquare.Lon}) > 1002 ||
		palaceSquare.Distance(geo.Point{Lat: palaceSquare.Lat, Lon: box.Max.Lon}) > 1002 {
		t.Errorf("the box of 1 km is too large: %v", box)
	}
}
