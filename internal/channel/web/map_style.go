package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/ground"
)

// mapStyleURL is the address of the style, changing with the city's version.
func mapStyleURL(v *visit) string {
	return "/map/style.json?l=" + string(v.Lang) + "&v=" + strconv.FormatInt(v.City.Version, 10)
}

// paint are the colours of a map: light and dark as the design's tokens.
type paint struct {
	ground, water, green, building, outline, rail, border string
	label, wet, leaf                                      string // of words: streets, water, parks
	road                                                  map[string]string
	casing                                                string
}

func paints(dark bool) paint {
	if dark {
		return paint{ground: "#142127", water: "#0b2a38", green: "#16302a", building: "#22323a", outline: "#2f434d", rail: "#51636d",
			border: "#58c0cf", label: "#a3b4bc", wet: "#6fb3c9", leaf: "#7fb793", casing: "#0d171b",
			road: map[string]string{"main": "#4a5d68", "street": "#3a4c56", "lane": "#2f404a", "path": "#2a3a43"}}
	}
	return paint{ground: "#f3f6f6", water: "#bcdce6", green: "#d6e8d3", building: "#e2e5e4", outline: "#c9cfce", rail: "#9aa7ad",
		border: "#0b5563", label: "#51636d", wet: "#23586a", leaf: "#3c6242", casing: "#d7dfe2",
		road: map[string]string{"main": "#ffffff", "street": "#ffffff", "lane": "#ffffff", "path": "#ece7dc"}}
}

// styleLayer is one layer of a MapLibre style.
type styleLayer struct {
	ID     string         `json:"id"`
	Type   string         `json:"type"`
	Source string         `json:"source,omitempty"`
	Of     string         `json:"source-layer,omitempty"`
	Filter []any          `json:"filter,omitempty"`
	From   float64        `json:"minzoom,omitempty"`
	To     float64        `json:"maxzoom,omitempty"`
	Layout map[string]any `json:"layout,omitempty"`
	Paint  map[string]any `json:"paint"`
}

// baseSource is the one source of the ground in a style.
const baseSource = "base"

// mapStyle is the style of the city's ground; theme=dark for the dark one. It
// names no glyphs and no sprites: words are drawn with the letters of the page.
// A whole style of others is only pointed to: the page fetches it itself.
func (s *Server) mapStyle(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	speakAsAsked(v, r.URL.Query())
	dark := r.URL.Query().Get("theme") == "dark"
	body, err := json.Marshal(styleOf(v.City, v.text(v.City.Settings.Attribution), dark))
	if err != nil {
		return fmt.Errorf("write map style: %w", err)
	}
	a := newAsset("style.json", body)
	a.kind = "application/json; charset=utf-8"
	serveBytes(w, r, a, "no-cache")
	return nil
}

func styleOf(city place.City, attribution string, dark bool) map[string]any {
	p := paints(dark)
	layers := []styleLayer{{ID: "ground", Type: "background", Paint: map[string]any{"background-color": p.ground}}}
	source := map[string]any{"type": "vector"}
	if attribution != "" {
		source["attribution"] = attribution
	}
	m := city.Settings.Map
	switch m.Kind {
	case place.MapOfImages:
		source["type"], source["tiles"], source["tileSize"], source["maxzoom"] = "raster", []string{m.URL}, 256, 19
		if m.MaxZoom > 0 {
			source["maxzoom"] = m.MaxZoom
		}
		image := map[string]any{}
		if dark {
			image["raster-brightness-max"], image["raster-saturation"] = 0.6, -0.4
		}
		layers = append(layers, styleLayer{ID: "images", Type: "raster", Source: baseSource, Paint: image})
	case place.MapOfVectors:
		source["url"] = m.URL
		layers = append(layers, p.openLayers()...)
	case place.MapOfFile:
		source["url"] = "pmtiles:///map/file/" + m.File
		layers = append(layers, p.openLayers()...)
	default:
		source["tiles"] = []string{"/map/base/{z}/{x}/{y}.mvt?v=" + strconv.FormatInt(city.Version, 10)}
		source["minzoom"], source["maxzoom"] = ground.MinZoom, ground.MaxZoom
		source["promoteId"] = map[string]string{ground.Areas: "id"}
		layers = append(layers, p.layers()...)
	}
	b := city.Bounds
	style := map[string]any{
		"version": 8, "name": city.Key, "center": []float64{city.Center.Lon, city.Center.Lat}, "zoom": 13,
		"metadata": map[string]any{"bounds": []float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}, "style": m.Style, "attribution": attribution},
		"sources":  map[string]any{baseSource: source}, "layers": layers,
	}
	if m.Style != "" {
		style["sources"], style["layers"] = map[string]any{}, layers[:1]
	}
	return style
}

// layers are drawn in this order: ground, green, water, houses, rail, roads by
// class, bridges, borders of districts, words.
func (p paint) layers() []styleLayer {
	list := []styleLayer{
		{ID: "green", Type: "fill", Of: "green", Filter: ofType("Polygon"), Paint: map[string]any{"fill-color": p.green}},
		{ID: "water", Type: "fill", Of: "water", Filter: ofType("Polygon"), Paint: map[string]any{"fill-color": p.water}},
		{ID: "streams", Type: "line", Of: "water", Filter: ofType("LineString"), Paint: map[string]any{"line-color": p.water, "line-width": wide(1, 4)}},
		{ID: "buildings", Type: "fill", Of: "buildings", From: 13, Filter: ofType("Polygon"), Paint: map[string]any{"fill-color": p.building, "fill-outline-color": p.outline}},
		{ID: "rail", Type: "line", Of: "rail", Filter: ofType("LineString"), Paint: map[string]any{"line-color": p.rail, "line-width": wide(1, 3), "line-dasharray": []float64{4, 2}}},
	}
	widths := []struct {
		class    string
		from, to float64
		zoom     float64
	}{{"path", 0.5, 3, 14}, {"lane", 0.7, 8, 13}, {"street", 1, 14, 11}, {"main", 1.5, 20, 9}}
	for _, of := range []string{"roads", "bridges"} {
		for _, wd := range widths {
			casing := map[string]any{"line-color": p.casing, "line-width": wide(wd.from+1, wd.to+3)}
			if wd.class != "path" {
				list = append(list, styleLayer{ID: of + "-" + wd.class + "-casing", Type: "line", Of: of, From: wd.zoom, Filter: ofClass(wd.class), Layout: round(), Paint: casing})
			}
		}
		for _, wd := range widths {
			line := map[string]any{"line-color": p.road[wd.class], "line-width": wide(wd.from, wd.to)}
			list = append(list, styleLayer{ID: of + "-" + wd.class, Type: "line", Of: of, From: wd.zoom, Filter: ofClass(wd.class), Layout: round(), Paint: line})
		}
	}
	list = append(list, styleLayer{ID: "borders", Type: "line", Of: ground.Areas, Filter: []any{"==", []any{"get", "kind"}, place.District},
		Paint: map[string]any{"line-color": p.border, "line-width": 1, "line-opacity": 0.35, "line-dasharray": []float64{3, 3}}})
	list = append(list, p.words()...)
	for i := range list {
		list[i].Source = baseSource
	}
	return list
}

// words are the names of the ground, the weaker first: where two would touch,
// the later layer is placed and the earlier gives way.
func (p paint) words() []styleLayer {
	along := func(id string, from float64, size []any, filter []any) styleLayer {
		l := p.word(id, "roads", p.label, from, size, filter)
		l.Layout["symbol-placement"], l.Layout["text-max-angle"], l.Layout["symbol-spacing"] = "line", 35, 320
		l.Layout["text-rotation-alignment"], l.Layout["text-pitch-alignment"] = "map", "viewport"
		return l
	}
	of := func(name string) []any { return []any{"==", []any{"get", "of"}, name} }
	number := p.word("words-numbers", ground.Labels, p.label, 16, sized(16, 11, 19, 15), []any{"all", of("buildings"), []any{"has", "number"}})
	number.Layout["text-field"] = []any{"get", "number"}
	metro := p.word("words-metro", ground.Labels, p.label, 12, sized(12, 11, 17, 14), of("metro"))
	metro.Layout["text-field"] = []any{"concat", "M ", []any{"get", "name"}}
	district := p.word("words-areas", ground.Labels, p.border, 9, sized(9, 12, 13, 16), []any{"all", of(ground.Areas), []any{"==", []any{"get", "kind"}, place.District}})
	district.To = 13.5
	main := []any{"==", []any{"get", "class"}, "main"}
	stream := along("words-streams", 14, sized(14, 11, 18, 14), ofType("LineString"))
	stream.Of, stream.Paint["text-color"] = "water", p.wet
	return []styleLayer{
		number,
		p.word("words-buildings", ground.Labels, p.label, 16, sized(16, 11, 19, 14), []any{"all", of("buildings"), []any{"has", "name"}}),
		along("words-lanes", 15.5, sized(15, 11, 18, 14), []any{"!", main}),
		along("words-streets", 13.5, sized(13, 11, 18, 15), main),
		stream,
		p.word("words-green", ground.Labels, p.leaf, 13, sized(13, 11, 18, 15), of("green")),
		p.word("words-water", ground.Labels, p.wet, 11, sized(11, 11, 18, 16), of("water")),
		metro, district,
	}
}

// word is a layer of names with a rim in the colour of the ground.
func (p paint) word(id, of, colour string, from float64, size, filter []any) styleLayer {
	return styleLayer{ID: id, Type: "symbol", Of: of, From: from, Filter: filter,
		Layout: map[string]any{"text-font": letters(), "text-field": []any{"get", "name"}, "text-size": size, "text-padding": 4, "text-max-width": 8},
		Paint:  map[string]any{"text-color": colour, "text-halo-color": p.ground, "text-halo-width": 1.6}}
}

// openLayers draw tiles of the OpenMapTiles schema in the same colours.
func (p paint) openLayers() []styleLayer {
	class := func(names ...string) []any { return []any{"in", []any{"get", "class"}, []any{"literal", names}} }
	road := func(id string, from, thin, thick float64, colour string, classes ...string) styleLayer {
		return styleLayer{ID: id, Type: "line", Of: "transportation", From: from, Filter: class(classes...), Layout: round(),
			Paint: map[string]any{"line-color": colour, "line-width": wide(thin, thick)}}
	}
	mains := []string{"motorway", "trunk", "primary", "secondary"}
	streets := p.word("words-streets", "transportation_name", p.label, 13.5, sized(13, 11, 18, 15), ofType("LineString"))
	streets.Layout["symbol-placement"] = "line"
	number := p.word("words-numbers", "housenumber", p.label, 16, sized(16, 11, 19, 15), []any{"has", "housenumber"})
	number.Layout["text-field"] = []any{"get", "housenumber"}
	list := []styleLayer{
		{ID: "green", Type: "fill", Of: "landcover", Filter: class("wood", "grass"), Paint: map[string]any{"fill-color": p.green}},
		{ID: "parks", Type: "fill", Of: "park", Filter: ofType("Polygon"), Paint: map[string]any{"fill-color": p.green}},
		{ID: "water", Type: "fill", Of: "water", Paint: map[string]any{"fill-color": p.water}},
		{ID: "streams", Type: "line", Of: "waterway", Paint: map[string]any{"line-color": p.water, "line-width": wide(1, 4)}},
		{ID: "buildings", Type: "fill", Of: "building", From: 13, Paint: map[string]any{"fill-color": p.building, "fill-outline-color": p.outline}},
		road("rail", 10, 1, 3, p.rail, "rail", "transit"),
		road("path", 14, 0.5, 3, p.road["path"], "path", "track"),
		road("lane-casing", 13, 1.7, 11, p.casing, "service", "minor"),
		road("street-casing", 11, 2, 17, p.casing, "tertiary"),
		road("main-casing", 7, 2.5, 23, p.casing, mains...),
		road("lane", 13, 0.7, 8, p.road["lane"], "service", "minor"),
		road("street", 11, 1, 14, p.road["street"], "tertiary"),
		road("main", 7, 1.5, 20, p.road["main"], mains...),
		number, streets,
		p.word("words-water", "water_name", p.wet, 9, sized(9, 11, 18, 16), []any{"has", "name"}),
		p.word("words-areas", "place", p.label, 9, sized(9, 12, 16, 16), []any{"has", "name"}),
	}
	for i := range list {
		list[i].Source = baseSource
	}
	return list
}

func ofType(name string) []any {
	return []any{"in", []any{"geometry-type"}, []any{"literal", []string{name, "Multi" + name}}}
}

// ofClass chooses roads of a class; those of no known class are streets.
func ofClass(class string) []any {
	get := []any{"coalesce", []any{"get", "class"}, ""}
	if class == "street" {
		return []any{"!", []any{"in", get, []any{"literal", []string{"main", "lane", "path"}}}}
	}
	return []any{"==", get, class}
}

func round() map[string]any { return map[string]any{"line-cap": "round", "line-join": "round"} }

// wide grows a line with the zoom level.
func wide(from, to float64) []any {
	return []any{"interpolate", []any{"exponential", 1.5}, []any{"zoom"}, 10, from, 19, to}
}

// sized grows letters with the zoom level.
func sized(zoom, size, zoomTo, sizeTo float64) []any {
	return []any{"interpolate", []any{"linear"}, []any{"zoom"}, zoom, size, zoomTo, sizeTo}
}

// firstView is how wide the city is drawn at first, in pixels: a map beside its
// list on a small screen.
const firstView = 560

// zoomFor is the zoom level at which a box is about that wide; at level z the
// world is 512·2^z pixels across (MapLibre).
func zoomFor(b geo.Box) float64 {
	width := b.Max.Lon - b.Min.Lon
	if width <= 0 {
		return 12
	}
	return math.Round(10*math.Log2(firstView*360/(512*width))) / 10
}

// letters are the page's own typeface: a browser draws the words with it.
func letters() []string { return []string{"Golos Text"} }
