package place

import (
	"encoding/json"
	"fmt"
	"slices"

	"gorod/internal/platform/geo"
)

// Kinds of areas.
const (
	WholeCity    = "city"
	District     = "district"
	Municipality = "municipality"
)

// AreaShape is an area with its polygons.
type AreaShape struct {
	Area
	Shape geo.Shape
}

// areas are all areas of a version, ready to be asked.
type areas struct {
	list   []Area
	byID   map[AreaID]int
	index  *geo.Index
	border string // the kind of areas that bound the city; "": its box does
	boxes  []geo.Box
	json   []byte
}

func newAreas(shapes []AreaShape) (*areas, error) {
	a := &areas{byID: map[AreaID]int{}}
	outlines := make([]geo.Shape, len(shapes))
	for i, s := range shapes {
		a.list = append(a.list, s.Area)
		a.byID[s.ID] = i
		outlines[i] = s.Shape
		a.boxes = append(a.boxes, s.Shape.Bounds())
		if s.Kind == WholeCity || s.Kind == District && a.border == "" {
			a.border = s.Kind
		}
	}
	a.index = geo.NewIndex(outlines)
	var err error
	a.json, err = geoJSON(shapes)
	return a, err
}

// at names the district and municipality of a point; inside tells whether it is
// in the city.
func (a *areas) at(p geo.Point, bounds geo.Box) (district, municipality AreaID, inside bool) {
	inside = a.border == "" && bounds.Contains(p)
	for _, i := range a.index.At(p) {
		area := a.list[i]
		inside = inside || area.Kind == a.border
		switch area.Kind {
		case District:
			district = area.ID
		case Municipality:
			municipality = area.ID
		}
	}
	if district == "" && municipality != "" {
		district = a.list[a.byID[municipality]].Parent
	}
	return district, municipality, inside
}

// name is what an area is called, nil where there is no such area.
func (a *areas) name(id AreaID) map[string]string {
	if i, ok := a.byID[id]; ok {
		return a.list[i].Name
	}
	return nil
}

// geoJSON writes areas as packs have them: id, kind, parent and a name.xx for
// each language. Keys are sorted, so that equal areas are equal bytes.
func geoJSON(shapes []AreaShape) ([]byte, error) {
	type geometry struct {
		Type        string    `json:"type"`
		Coordinates geo.Shape `json:"coordinates"`
	}
	type feature struct {
		Type       string            `json:"type"`
		Properties map[string]string `json:"properties"`
		Geometry   geometry          `json:"geometry"`
	}
	features := make([]feature, len(shapes))
	for i, s := range shapes {
		properties := map[string]string{"id": string(s.ID), "kind": s.Kind, "parent": string(s.Parent)}
		for lang, name := range s.Name {
			properties["name."+lang] = name
		}
		features[i] = feature{"Feature", properties, geometry{"MultiPolygon", s.Shape}}
	}
	packed, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features})
	if err != nil {
		return nil, fmt.Errorf("write areas as GeoJSON: %w", err)
	}
	return packed, nil
}

func knownArea(kind string) bool {
	return slices.Contains([]string{WholeCity, District, Municipality}, kind)
}
