package web

import "strconv"

// fixedDeg is a coordinate in degrees, written with six digits: 11 centimetres.
type fixedDeg float64

// MarshalJSON writes the number.
func (d fixedDeg) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(d), 'f', 6, 64), nil
}
