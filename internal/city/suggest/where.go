package suggest

import (
	"math"
	"strings"
)

// where is what is known of a message beside its text, as numbers. Names of
// areas and the author are hashes: they tell one from another, and no more.
type where struct {
	at       int64 // seconds of the city's own clock
	author   uint64
	district uint32
	area     uint32
	spot     square
	pin      Pin
	timed    bool
	placed   bool
}

// square is a spot on the map in thousandths of a degree: in the middle latitudes
// some 55 m by 110 m.
type square struct{ x, y int32 }

func spotOf(lat, lon float64) square {
	return square{int32(math.Round(lon * 1000)), int32(math.Round(lat * 1000))}
}

// far is the cell of some 650 m around a spot, close that of some 220 m.
func (c square) far() square   { return square{floorOf(c.x, 12), floorOf(c.y, 6)} }
func (c square) close() square { return square{floorOf(c.x, 4), floorOf(c.y, 2)} }

func floorOf(a, b int32) int32 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// metres is how far two spots are from each other, roughly.
func (c square) metres(other square) float64 {
	x, y := float64(c.x-other.x)*55, float64(c.y-other.y)*111
	return math.Sqrt(x*x + y*y)
}

// whereOf reads what is known of an input.
func whereOf(in *Input) where {
	w := where{author: authorKey(in.Author), pin: in.Pin}
	if w.pin >= pins {
		w.pin = NoPin
	}
	if !in.At.IsZero() {
		_, offset := in.At.Zone()
		w.at, w.timed = in.At.Unix()+int64(offset), true
	}
	if (in.Lat != 0 || in.Lon != 0) && math.Abs(in.Lat) <= 90 && math.Abs(in.Lon) <= 180 {
		w.spot, w.placed = spotOf(in.Lat, in.Lon), true
	}
	w.district, w.area = areaKey('d', in.District), areaKey('r', in.Area)
	return w
}

// authorKey is the hash of an author; 0: nobody knows who it is.
func authorKey(s string) uint64 {
	if s == "" {
		return 0
	}
	return max(1, hashText(hashByte(hashStart, 'a'), s))
}

// areaKey is the hash of the key of an area; 0: not known.
func areaKey(kind byte, s string) uint32 {
	if s = strings.TrimSpace(s); s == "" {
		return 0
	}
	return max(1, uint32(hashText(hashByte(hashStart, kind), s)>>16))
}

// hourOf is one of eight parts of the week: four of the day, on workdays and at
// the weekend.
func hourOf(at int64) int {
	h := int(at/3600%24) / 6
	if d := (at/86400 + 4) % 7; d == 0 || d == 6 {
		h += 4
	}
	return min(max(h, 0), partsOfWeek-1)
}

const partsOfWeek = 8
