package generate

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"sort"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// spots is where problems are: at houses, some of which have many more than
// others, near them, and in the open between them.
type spots struct {
	outline place.Outline
	houses  []place.House
	sums    []float64
	bounds  geo.Box
	marks   [3]int // building, near, point
}

// quarter is how many of the 62 bits of a cell name a neighbourhood, of about
// 600 metres.
const quarter = 32

func newSpots(f *Fitted, seed uint64, c place.City, outline place.Outline, houses []place.House) *spots {
	s := &spots{outline: outline, houses: houses, bounds: c.Bounds,
		marks: [3]int{f.Marks["building"], f.Marks["near"], f.Marks["point"]}}
	total := 0.0
	for _, h := range houses {
		// A busy house stands among busy ones: two thirds are the house's own,
		// one the neighbourhood's.
		own := f.Houses.Curve.at(share(seed, uint64(h.ID)))
		around := f.Houses.Curve.at(share(seed^0x9e3779b97f4a7c15, uint64(geo.Cell(h.Point))>>(62-quarter)))
		total += (2*own + min(around, 5)) / 3
		s.sums = append(s.sums, total)
	}
	return s
}

// share is a number in [0, 1) that belongs to a key.
func share(seed, key uint64) float64 {
	h := fnv.New64a()
	var b [16]byte
	for i := range 8 {
		b[i], b[8+i] = byte(seed>>(8*i)), byte(key>>(8*i))
	}
	h.Write(b[:])
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd // the bits of FNV that end up on top move little
	x ^= x >> 33
	return float64(x>>11) / (1 << 53)
}

// pick draws a place for a topic.
func (s *spots) pick(dice *rand.Rand, t topic.Topic) place.Place {
	if len(s.houses) == 0 {
		return s.open(dice)
	}
	h := s.houses[min(sort.SearchFloat64s(s.sums, dice.Float64()*s.sums[len(s.sums)-1]), len(s.houses)-1)]
	switch s.mark(dice, t) {
	case place.NearBuilding:
		near := around(dice, h.Point, 12)
		if where, ok := s.outline.AtHouse(h, &near); ok {
			return where
		}
	case place.FreePoint:
		for range 5 {
			if where, ok := s.outline.At(around(dice, h.Point, 45)); ok {
				where.Beside = h.Address
				return where
			}
		}
	}
	where, _ := s.outline.AtHouse(h, nil)
	return where
}

// mark draws how the place is marked, as far as the topic leaves the choice.
func (s *spots) mark(dice *rand.Rand, t topic.Topic) place.Mark {
	building, near, point := s.marks[0], s.marks[1], s.marks[2]
	switch t.Widget {
	case topic.OnBuilding:
		near, point = 0, 0
	case topic.FreePoint:
		building = 0
	}
	at := dice.IntN(building + near + point)
	switch {
	case at < building:
		return place.OnBuilding
	case at < building+near:
		return place.NearBuilding
	}
	return place.FreePoint
}

// open draws a point anywhere in a city without houses.
func (s *spots) open(dice *rand.Rand) place.Place {
	var where place.Place
	for range 1000 {
		lat := s.bounds.Min.Lat + dice.Float64()*(s.bounds.Max.Lat-s.bounds.Min.Lat)
		lon := s.bounds.Min.Lon + dice.Float64()*(s.bounds.Max.Lon-s.bounds.Min.Lon)
		inside := false
		if where, inside = s.outline.At(geo.Point{Lat: rounded(lat), Lon: rounded(lon)}); inside {
			break
		}
	}
	return where
}

// around draws a point some metres from another, mostly near, at most 240.
func around(dice *rand.Rand, p geo.Point, metres float64) geo.Point {
	const degree = 111_195.0 // metres
	far := min(metres*(0.3+dice.ExpFloat64()), 240)
	angle := 2 * math.Pi * dice.Float64()
	narrow := math.Cos(p.Lat * math.Pi / 180)
	return geo.Point{Lat: rounded(p.Lat + far*math.Sin(angle)/degree), Lon: rounded(p.Lon + far*math.Cos(angle)/degree/narrow)}
}

// rounded is a coordinate as maps give it: to a decimetre, the same on every
// machine.
func rounded(v float64) float64 { return math.Round(v*1e6) / 1e6 }
