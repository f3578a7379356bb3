// Package geo knows points, boxes and areas on the map: distances, which areas
// hold a point, what is nearest, and cells that let a plain database index find
// what lies in a box.
//
// Coordinates are degrees of WGS-84, latitude first in our types and longitude
// first on the wire (GeoJSON, map boxes), as their standards say. The package
// serves one city at a time: nothing here looks across the 180th meridian, and
// edges of areas are straight in degrees, as GeoJSON (RFC 7946) has them.
package geo

import "math"

// Point is a place on the earth in degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Valid tells whether the point can be on the earth: two finite numbers,
// latitude within ±90, longitude within ±180.
func (p Point) Valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lon) <= 180
}

// earthRadius is the mean radius of the earth in metres (IUGG R1).
const earthRadius = 6_371_008.8

const metresPerDegree = earthRadius * math.Pi / 180

// flatDegrees is how far apart two points may be for the earth to count as
// flat between them; that errs by less than 0.01 % at any latitude.
const flatDegrees = 1

// Distance is the length of the way from p to q over the ground, in metres, on
// a sphere: within 0.6 % of the true ellipsoid.
func (p Point) Distance(q Point) float64 {
	dLat, dLon := q.Lat-p.Lat, q.Lon-p.Lon
	if math.Abs(dLat) > flatDegrees || math.Abs(dLon) > flatDegrees {
		return haversine(p, q)
	}
	dLon *= math.Cos(radians((p.Lat + q.Lat) / 2))
	return metresPerDegree * math.Sqrt(dLat*dLat+dLon*dLon)
}

func haversine(p, q Point) float64 {
	lat := math.Sin(radians(q.Lat-p.Lat) / 2)
	lon := math.Sin(radians(q.Lon-p.Lon) / 2)
	h := lat*lat + math.Cos(radians(p.Lat))*math.Cos(radians(q.Lat))*lon*lon
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// Round moves a point to the nearest corner of a grid of step degrees, so that
// what is published does not tell the exact place: 0.001 is about 111 m of
// latitude. A step that is not positive changes nothing.
func Round(p Point, step float64) Point {
	if !(step > 0) {
		return p
	}
	return Point{
		Lat: clamp(roundTo(p.Lat, step), -90, 90),
		Lon: clamp(roundTo(p.Lon, step), -180, 180),
	}
}

// roundTo divides by the inverse of the step where that is a whole number:
// 59.931 rather than 59.931000000000004.
func roundTo(v, step float64) float64 {
	if inverse := math.Round(1 / step); inverse >= 1 && math.Abs(inverse*step-1) < 1e-9 {
		return math.Round(v*inverse) / inverse
	}
	return math.Round(v/step) * step
}

func clamp(v, low, high float64) float64 { return max(low, min(v, high)) }
