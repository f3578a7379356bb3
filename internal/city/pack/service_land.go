package pack

import (
	"encoding/json"
	"fmt"
	"strconv"

	"github.com/paulmach/orb"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// landKinds are the layers of the base map by which places are told.
func landKinds() map[string]place.LandKind {
	return map[string]place.LandKind{
		"buildings": place.Building, "roads": place.Road, "bridges": place.Road, "rail": place.Rail, "green": place.Green, "water": place.Water,
	}
}

// landOf reads what a layer tells of places: outlines and lines. Features that
// are neither are for the map alone. The layer was checked when it was read.
func landOf(l Layer) ([]place.Land, error) {
	kind, ok := landKinds()[l.Name]
	if !ok {
		return nil, nil
	}
	var file struct {
		Features []struct {
			Properties map[string]any `json:"properties"`
			Geometry   struct {
				Type        string          `json:"type"`
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(l.Body, &file); err != nil {
		return nil, fmt.Errorf("read layer %s: %w", l.Name, err)
	}
	var list []place.Land
	for i, f := range file.Features {
		word := func(name string) string {
			s, _ := f.Properties[name].(string) // a number is no name
			return s
		}
		p := place.Land{Kind: kind, Class: word("class"), Name: word("name"), House: houseIn(f.Properties["house"])}
		if p.Class == "" {
			p.Class = word("kind")
		}
		if err := shapeOf(&p, f.Geometry.Type, f.Geometry.Coordinates); err != nil {
			return nil, fmt.Errorf("read feature %d of layer %s: %w", i, l.Name, err)
		}
		if len(p.Shape) > 0 || len(p.Lines) > 0 {
			list = append(list, p)
		}
	}
	return list, nil
}

// houseIn is the number of a house as a layer has it; 0: none, or the street's
// number of a map that is not ours.
func houseIn(v any) place.HouseID {
	switch v := v.(type) {
	case float64:
		return place.HouseID(v)
	case string:
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			return 0
		}
		return place.HouseID(n)
	}
	return 0
}

func shapeOf(p *place.Land, kind string, coordinates json.RawMessage) error {
	line := func(from orb.LineString) []geo.Point {
		points := make([]geo.Point, len(from))
		for i, c := range from {
			points[i] = geo.Point{Lat: c[1], Lon: c[0]}
		}
		return points
	}
	switch kind {
	case "Polygon":
		var polygon orb.Polygon
		if err := json.Unmarshal(coordinates, &polygon); err != nil {
			return err
		}
		p.Shape = geo.Shape{polygon}
	case "MultiPolygon":
		return json.Unmarshal(coordinates, (*orb.MultiPolygon)(&p.Shape))
	case "LineString":
		var one orb.LineString
		if err := json.Unmarshal(coordinates, &one); err != nil {
			return err
		}
		p.Lines = [][]geo.Point{line(one)}
	case "MultiLineString":
		var many orb.MultiLineString
		if err := json.Unmarshal(coordinates, &many); err != nil {
			return err
		}
		for _, one := range many {
			p.Lines = append(p.Lines, line(one))
		}
	}
	return nil
}

// landSlices are the pieces of the base map by which places are told.
func (s *Service) landSlices(p *Pack) ([]slice, error) {
	var list []slice
	position := 0
	for _, l := range p.Layers {
		pieces, err := landOf(l)
		if err != nil {
			return nil, err
		}
		for len(pieces) > 0 {
			part, from := pieces[:min(len(pieces), place.LandSlice)], position
			pieces, position = pieces[len(part):], position+len(part)
			list = append(list, slice{len(part), func(tx *sqldb.Tx, city, version int64) error {
				return s.Places.LoadLand(tx, city, version, from, part)
			}})
		}
	}
	return list, nil
}
