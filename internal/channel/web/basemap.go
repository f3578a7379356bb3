package web

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// mapCache keeps the layers of the map as they are served.
type mapCache struct {
	mu     sync.Mutex
	layers map[mapKey]*asset
}

type mapKey struct {
	city, version int64
	layer         string
}

// maxLayers bounds the cache: a few cities, two versions, eight layers.
const maxLayers = 100

// mapLayer serves a layer of the map: water.geojson.
func (s *Server) mapLayer(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	name, ok := strings.CutSuffix(r.PathValue("layer"), ".geojson")
	if !ok {
		return fault.Missing.New("pack.no_such_layer", name)
	}
	a, err := s.layer(r, v, name)
	if err != nil {
		return err
	}
	cache := "no-cache"
	if r.URL.Query().Get("v") == strconv.FormatInt(v.City.Version, 10) {
		cache = yearLong // the address names the version
	}
	serveBytes(w, r, a, cache)
	return nil
}

func (s *Server) layer(r *http.Request, v *visit, name string) (*asset, error) {
	key := mapKey{v.City.ID, v.City.Version, name}
	s.maps.mu.Lock()
	defer s.maps.mu.Unlock()
	if a, ok := s.maps.layers[key]; ok {
		return a, nil
	}
	body, err := s.layerBody(r, v, name)
	if err != nil {
		return nil, err
	}
	a := newAsset("layer.json", body)
	a.kind = "application/geo+json"
	if s.maps.layers == nil || len(s.maps.layers) >= maxLayers {
		s.maps.layers = map[mapKey]*asset{}
	}
	s.maps.layers[key] = a
	return a, nil
}

// areasLayer is the layer of districts, which the city's places know.
const areasLayer = "areas"

func (s *Server) layerBody(r *http.Request, v *visit, name string) ([]byte, error) {
	if name == areasLayer {
		return s.Places.AreaShapes(r.Context(), v.City.ID)
	}
	return s.Packs.BaseMap(r.Context(), v.City.ID, name)
}

// mapStyleURL is the address of the style, changing with the city's version.
func mapStyleURL(v *visit) string {
	return "/map/style.json?v=" + strconv.FormatInt(v.City.Version, 10)
}

// paint are the colours of a map: light and dark as the design's tokens.
type paint struct {
	ground, water, green, building, outline, rail, border, label string
	road                                                         map[string]string
	casing                                                       string
}

func paints(dark bool) paint {
	if dark {
		return paint{ground: "#142127", water: "#0b2a38", green: "#16302a", building: "#22323a", outline: "#2f434d", rail: "#51636d",
			border: "#58c0cf", label: "#a3b4bc", casing: "#0d171b",
			road: map[string]string{"main": "#4a5d68", "street": "#3a4c56", "lane": "#2f404a", "path": "#2a3a43"}}
	}
	return paint{ground: "#f3f6f6", water: "#bcdce6", green: "#d6e8d3", building: "#e2e5e4", outline: "#c9cfce", rail: "#9aa7ad",
		border: "#0b5563", label: "#51636d", casing: "#d7dfe2",
		road: map[string]string{"main": "#ffffff", "street": "#ffffff", "lane": "#ffffff", "path": "#ece7dc"}}
}

// styleLayer is one layer of a MapLibre style.
type styleLayer struct {
	ID     string         `json:"id"`
	Type   string         `json:"type"`
	Source string         `json:"source,omitempty"`
	Filter []any          `json:"filter,omitempty"`
	Zoom   float64        `json:"minzoom,omitempty"`
	Layout map[string]any `json:"layout,omitempty"`
	Paint  map[string]any `json:"paint"`
}

// mapStyle is a style over the pack's own geometry; theme=dark for the dark
// one. It names no glyphs and no sprites: words stand in the page beside it.
func (s *Server) mapStyle(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	names, err := s.Packs.Layers(r.Context(), v.City.ID)
	if err != nil {
		return err
	}
	dark := r.URL.Query().Get("theme") == "dark"
	body, err := json.Marshal(styleOf(v.City, names, v.text(v.City.Settings.Attribution), dark))
	if err != nil {
		return fmt.Errorf("write map style: %w", err)
	}
	a := newAsset("style.json", body)
	a.kind = "application/json; charset=utf-8"
	serveBytes(w, r, a, "no-cache")
	return nil
}

func styleOf(city place.City, names []string, attribution string, dark bool) map[string]any {
	sources := map[string]any{}
	for i, name := range append(slices.Clone(names), areasLayer) {
		source := map[string]any{"type": "geojson", "data": "/map/base/" + name + ".geojson?v=" + strconv.FormatInt(city.Version, 10), "tolerance": 0.4}
		if i == 0 {
			source["attribution"] = attribution
		}
		sources[name] = source
	}
	p := paints(dark)
	layers := []styleLayer{{ID: "ground", Type: "background", Paint: map[string]any{"background-color": p.ground}}}
	for _, l := range p.layers() {
		if _, ok := sources[l.Source]; ok {
			layers = append(layers, l)
		}
	}
	b := city.Bounds
	return map[string]any{
		"version": 8, "name": city.Key, "center": []float64{city.Center.Lon, city.Center.Lat}, "zoom": 13,
		"metadata": map[string]any{"bounds": []float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}},
		"sources":  sources, "layers": layers,
	}
}

// layers are drawn in this order: ground, water, green, houses, rail, roads by
// class, bridges, borders of districts.
func (p paint) layers() []styleLayer {
	list := []styleLayer{
		{ID: "green", Type: "fill", Source: "green", Paint: map[string]any{"fill-color": p.green}},
		{ID: "water", Type: "fill", Source: "water", Filter: ofType("Polygon"), Paint: map[string]any{"fill-color": p.water}},
		{ID: "streams", Type: "line", Source: "water", Filter: ofType("LineString"), Paint: map[string]any{"line-color": p.water, "line-width": wide(1, 4)}},
		{ID: "buildings", Type: "fill", Source: "buildings", Zoom: 13, Paint: map[string]any{"fill-color": p.building, "fill-outline-color": p.outline}},
		{ID: "rail", Type: "line", Source: "rail", Paint: map[string]any{"line-color": p.rail, "line-width": wide(1, 3), "line-dasharray": []float64{4, 2}}},
	}
	widths := []struct {
		class    string
		from, to float64
		zoom     float64
	}{{"path", 0.5, 3, 14}, {"lane", 0.7, 8, 13}, {"street", 1, 14, 11}, {"main", 1.5, 20, 9}}
	for _, source := range []string{"roads", "bridges"} {
		for _, wd := range widths {
			casing := map[string]any{"line-color": p.casing, "line-width": wide(wd.from+1, wd.to+3)}
			if wd.class != "path" {
				list = append(list, styleLayer{ID: source + "-" + wd.class + "-casing", Type: "line", Source: source, Zoom: wd.zoom, Filter: ofClass(wd.class, source), Layout: round(), Paint: casing})
			}
		}
		for _, wd := range widths {
			line := map[string]any{"line-color": p.road[wd.class], "line-width": wide(wd.from, wd.to)}
			list = append(list, styleLayer{ID: source + "-" + wd.class, Type: "line", Source: source, Zoom: wd.zoom, Filter: ofClass(wd.class, source), Layout: round(), Paint: line})
		}
	}
	return append(list, styleLayer{ID: "borders", Type: "line", Source: areasLayer, Filter: []any{"==", []any{"get", "kind"}, place.District},
		Paint: map[string]any{"line-color": p.border, "line-width": 1, "line-opacity": 0.35, "line-dasharray": []float64{3, 3}}})
}

func ofType(name string) []any {
	return []any{"in", []any{"geometry-type"}, []any{"literal", []string{name, "Multi" + name}}}
}

// ofClass chooses roads of a class. Bridges of no class are drawn as streets.
func ofClass(class, source string) []any {
	other := ""
	if source == "bridges" {
		other = "street"
	}
	return []any{"==", []any{"coalesce", []any{"get", "class"}, other}, class}
}

func round() map[string]any { return map[string]any{"line-cap": "round", "line-join": "round"} }

// wide grows a line with the zoom level.
func wide(from, to float64) []any {
	return []any{"interpolate", []any{"exponential", 1.5}, []any{"zoom"}, 10, from, 19, to}
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
