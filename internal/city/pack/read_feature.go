package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"gorod/internal/platform/geo"
)

// feature is one feature of a GeoJSON file as it is written.
type feature struct {
	line int
	raw  json.RawMessage
}

// alone is a collection of this feature only.
func (f feature) alone() []byte {
	return slices.Concat([]byte(`{"type":"FeatureCollection","features":[`), f.raw, []byte(`]}`))
}

// features lists the features of a file.
func (r *reading) features(file string) []feature {
	var list []feature
	r.featureFile(file, func(f feature) { list = append(list, f) })
	return list
}

// featureFile reads a FeatureCollection (RFC 7946) feature by feature, so that
// each complaint has its line.
func (r *reading) featureFile(file string, visit func(feature)) (body []byte, ok bool) {
	data, ok := r.bytes(file, "")
	if !ok {
		return nil, false
	}
	c := collection{data: data, decoder: json.NewDecoder(bytes.NewReader(data)), visit: visit, line: 1}
	if err := c.read(); err != nil {
		r.fail(file, lineAt(data, int(c.decoder.InputOffset())), "", "pack.geojson", err.Error())
		return nil, false
	}
	if c.kind != "FeatureCollection" {
		r.fail(file, 1, "type", "pack.geojson", fmt.Sprintf("type is %.40q, not FeatureCollection", c.kind))
		return nil, false
	}
	return data, true
}

type collection struct {
	data    []byte
	decoder *json.Decoder
	visit   func(feature)
	kind    string
	at      int // counted up to here
	line    int
}

func (c *collection) read() error {
	if err := c.expect('{'); err != nil {
		return err
	}
	for c.decoder.More() {
		token, err := c.decoder.Token()
		if err != nil {
			return err
		}
		switch token {
		case "type":
			err = c.decoder.Decode(&c.kind)
		case "features":
			err = c.features()
		default:
			var skip json.RawMessage
			err = c.decoder.Decode(&skip)
		}
		if err != nil {
			return err
		}
	}
	if err := c.expect('}'); err != nil {
		return err
	}
	if _, err := c.decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("something follows the collection")
	}
	return nil
}

func (c *collection) expect(delim json.Delim) error {
	token, err := c.decoder.Token()
	if err != nil {
		return err
	}
	if token != delim {
		return fmt.Errorf("%q expected", delim.String())
	}
	return nil
}

func (c *collection) features() error {
	if err := c.expect('['); err != nil {
		return err
	}
	for c.decoder.More() {
		var raw json.RawMessage
		if err := c.decoder.Decode(&raw); err != nil {
			return err
		}
		start := int(c.decoder.InputOffset()) - len(raw)
		c.line += bytes.Count(c.data[c.at:start], []byte("\n"))
		c.at = start
		c.visit(feature{line: c.line, raw: raw})
	}
	return c.expect(']')
}

// property is a property as text, "" where it is missing or no text or number.
func (f feature) property(name string) string {
	var body struct {
		Properties map[string]json.RawMessage `json:"properties"`
	}
	if json.Unmarshal(f.raw, &body) != nil {
		return ""
	}
	raw := body.Properties[name]
	var s string
	var n json.Number
	switch {
	case json.Unmarshal(raw, &s) == nil:
		return s
	case json.Unmarshal(raw, &n) == nil:
		return n.String()
	}
	return ""
}

// depths are the kinds of geometry and how deep their positions lie.
func depths(kind string) int {
	switch kind {
	case "Point":
		return 0
	case "LineString", "MultiPoint":
		return 1
	case "Polygon", "MultiLineString":
		return 2
	case "MultiPolygon":
		return 3
	}
	return -1
}

// checkGeometry refuses what a map cannot draw.
func (f feature) checkGeometry() error {
	var body struct {
		Type     string `json:"type"`
		Geometry *struct {
			Type        string `json:"type"`
			Coordinates any    `json:"coordinates"`
		} `json:"geometry"`
	}
	if err := json.Unmarshal(f.raw, &body); err != nil {
		return err
	}
	if body.Type != "Feature" || body.Geometry == nil {
		return errors.New("a Feature with a geometry expected")
	}
	depth := depths(body.Geometry.Type)
	if depth < 0 {
		return fmt.Errorf("geometry type is %.40q", body.Geometry.Type)
	}
	if !onEarth(body.Geometry.Coordinates, depth) {
		return errNoPosition
	}
	return nil
}

// onEarth tells whether every position at this depth is one.
func onEarth(coordinates any, depth int) bool {
	list, ok := coordinates.([]any)
	if !ok {
		return false
	}
	if depth > 0 {
		for _, part := range list {
			if !onEarth(part, depth-1) {
				return false
			}
		}
		return len(list) > 0
	}
	if len(list) < 2 {
		return false
	}
	lon, okLon := list[0].(float64)
	lat, okLat := list[1].(float64)
	return okLon && okLat && geo.Point{Lon: lon, Lat: lat}.Valid()
}
