package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Box is a rectangle of the map, its sides included.
type Box struct{ Min, Max Point }

// Contains tells whether p lies in the box or on its side.
func (b Box) Contains(p Point) bool {
	return p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat && p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon
}

// Valid tells whether both corners are, and stand in order.
func (b Box) Valid() bool {
	return b.Min.Valid() && b.Max.Valid() && b.Min.Lat <= b.Max.Lat && b.Min.Lon <= b.Max.Lon
}

// String writes the box as ParseBox reads it.
func (b Box) String() string {
	parts := make([]string, 0, 4)
	for _, v := range []float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat} {
		parts = append(parts, strconv.FormatFloat(v, 'f', -1, 64))
	}
	return strings.Join(parts, ",")
}

// ParseBox reads "minlon,minlat,maxlon,maxlat" in degrees, the order of GeoJSON
// and of map libraries. The error says what is wrong: not four numbers, off the
// earth, corners the wrong way round (a box across the 180th meridian is such).
func ParseBox(s string) (Box, error) {
	parts := strings.Split(s, ",")
	if len(parts) != 4 {
		return Box{}, fmt.Errorf("box %.100q has %d numbers, not minlon,minlat,maxlon,maxlat", s, len(parts))
	}
	var v [4]float64
	for i, part := range parts {
		f, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return Box{}, fmt.Errorf("box %.100q: %.40q is no number", s, part)
		}
		v[i] = f
	}
	b := Box{Min: Point{Lat: v[1], Lon: v[0]}, Max: Point{Lat: v[3], Lon: v[2]}}
	if !b.Min.Valid() || !b.Max.Valid() {
		return Box{}, fmt.Errorf("box %.100q: latitude goes to ±90, longitude to ±180", s)
	}
	if !b.Valid() {
		return Box{}, fmt.Errorf("box %.100q: the first corner is not the south-western one", s)
	}
	return b, nil
}

// Around is a box that holds everything within so many metres of p, hardly more
// (a thousandth), cut at the poles and the 180th meridian.
func Around(p Point, metres float64) Box {
	const slack = 1.001 // for the two formulas of Distance
	dLat := max(metres, 0) * slack / metresPerDegree
	north, south := min(p.Lat+dLat, 90), max(p.Lat-dLat, -90)
	dLon := 360.0 // a circle round a pole has every longitude
	if ratio := math.Sin(radians(dLat)) / math.Cos(radians(p.Lat)); dLat < 90 && north < 90 && south > -90 && ratio < 1 {
		dLon = math.Asin(ratio) * 180 / math.Pi
	}
	return Box{
		Min: Point{Lat: south, Lon: max(p.Lon-dLon, -180)},
		Max: Point{Lat: north, Lon: min(p.Lon+dLon, 180)},
	}
}
