package geo

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/paulmach/orb"
)

// Area is a shape from a file with what the file says about it.
type Area struct {
	Feature    int // its position in the file, from 0
	Shape      Shape
	Properties map[string]any // numbers are json.Number
}

// Text gives a property as text, a number as it was written. The error names
// the feature and the property where it is missing, empty or something else.
func (a Area) Text(property string) (string, error) {
	s := ""
	switch v := a.Properties[property].(type) {
	case nil:
		return "", fmt.Errorf("feature %d: property %q is missing", a.Feature, property)
	case string:
		s = v
	case json.Number:
		s = v.String()
	default:
		return "", fmt.Errorf("feature %d: property %q is neither text nor a number", a.Feature, property)
	}
	if s == "" {
		return "", fmt.Errorf("feature %d: property %q is empty", a.Feature, property)
	}
	return s, nil
}

// maxMistakes is how many features DecodeAreas complains about in one error.
const maxMistakes = 20

// DecodeAreas reads a GeoJSON FeatureCollection (RFC 7946) of polygons and
// multipolygons. The error joins what is wrong with each feature, with its
// position and the member or property: no polygon, a ring that is not closed or
// has under four positions, a position off the earth. Heights are dropped.
func DecodeAreas(r io.Reader) ([]Area, error) {
	var file struct {
		Type     string            `json:"type"`
		Features []json.RawMessage `json:"features"`
	}
	decoder := json.NewDecoder(r)
	if err := decoder.Decode(&file); err != nil {
		return nil, fmt.Errorf("read GeoJSON: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("read GeoJSON: something follows the collection")
	}
	if file.Type != "FeatureCollection" {
		return nil, fmt.Errorf("read GeoJSON: type is %.40q, not FeatureCollection", file.Type)
	}
	areas := make([]Area, 0, len(file.Features))
	var wrong []error
	for i, raw := range file.Features {
		area, err := decodeFeature(raw)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("feature %d: %w", i, err))
		}
		if len(wrong) == maxMistakes {
			break
		}
		area.Feature = i
		areas = append(areas, area)
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return areas, nil
}

func decodeFeature(raw []byte) (Area, error) {
	var feature struct {
		Type       string          `json:"type"`
		Properties json.RawMessage `json:"properties"`
		Geometry   *struct {
			Type        string          `json:"type"`
			Coordinates json.RawMessage `json:"coordinates"`
		} `json:"geometry"`
	}
	if err := json.Unmarshal(raw, &feature); err != nil {
		return Area{}, err
	}
	switch {
	case feature.Type != "Feature":
		return Area{}, fmt.Errorf("type is %.40q, not Feature", feature.Type)
	case feature.Geometry == nil:
		return Area{}, errors.New("geometry is missing")
	}
	var area Area
	var err error
	if area.Shape, err = decodeShape(feature.Geometry.Type, feature.Geometry.Coordinates); err != nil {
		return Area{}, fmt.Errorf("geometry: %w", err)
	}
	if area.Properties, err = decodeProperties(feature.Properties); err != nil {
		return Area{}, fmt.Errorf("properties: %w", err)
	}
	return area, nil
}

// decodeProperties keeps numbers as they are written: an id of 20 digits would
// not survive as a float.
func decodeProperties(raw []byte) (map[string]any, error) {
	if len(raw) == 0 {
		return nil, nil
	}
	var properties map[string]any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	err := decoder.Decode(&properties)
	return properties, err
}

// Coordinates as they come. Positions are not read into pairs at once: the
// decoder would make [30] a place on the equator without a word.
type (
	positions [][]float64
	polygon   []positions
)

func decodeShape(kind string, raw json.RawMessage) (Shape, error) {
	var polygons []polygon
	switch kind {
	case "Polygon":
		polygons = make([]polygon, 1)
		if err := json.Unmarshal(raw, &polygons[0]); err != nil {
			return nil, fmt.Errorf("coordinates: %w", err)
		}
	case "MultiPolygon":
		if err := json.Unmarshal(raw, &polygons); err != nil {
			return nil, fmt.Errorf("coordinates: %w", err)
		}
	default:
		return nil, fmt.Errorf("type is %.40q, not Polygon or MultiPolygon", kind)
	}
	if len(polygons) == 0 {
		return nil, errors.New("has no polygon")
	}
	shape := make(Shape, len(polygons))
	for i, rings := range polygons {
		if len(rings) == 0 {
			return nil, fmt.Errorf("polygon %d has no ring", i)
		}
		for j, ring := range rings {
			decoded, err := decodeRing(ring)
			if err != nil {
				return nil, fmt.Errorf("polygon %d, ring %d: %w", i, j, err)
			}
			shape[i] = append(shape[i], decoded)
		}
	}
	return shape, nil
}

func decodeRing(from positions) (orb.Ring, error) {
	ring := make(orb.Ring, len(from))
	for i, position := range from {
		if len(position) < 2 {
			return nil, fmt.Errorf("position %d has %d numbers", i, len(position))
		}
		if p := (Point{Lon: position[0], Lat: position[1]}); !p.Valid() {
			return nil, fmt.Errorf("position %d: longitude %g, latitude %g is not on the earth", i, p.Lon, p.Lat)
		}
		ring[i] = orb.Point{position[0], position[1]}
	}
	if !ring.Closed() {
		return nil, errors.New("is not closed, or has under four positions")
	}
	return ring, nil
}
