package place

import (
	"net/url"
	"strings"
)

// MapKind is where the ground of a city's map comes from.
type MapKind string

// The kinds. MapOfPack is the usual one: the pack's own geometry, no other host.
const (
	MapOfPack MapKind = "pack"
	// MapOfImages are images of 256 pixels by numbers of tiles (XYZ).
	MapOfImages MapKind = "xyz"
	// MapOfVectors are vector tiles: a TileJSON whose layers follow the
	// OpenMapTiles schema, or a whole style of their own.
	MapOfVectors MapKind = "vector"
	// MapOfFile is a PMTiles archive (OpenMapTiles schema) in the folder of the
	// city's data.
	MapOfFile MapKind = "pmtiles"
)

// MapKinds are all of them, the usual first.
func MapKinds() []MapKind { return []MapKind{MapOfPack, MapOfImages, MapOfVectors, MapOfFile} }

// MapSource is where the ground of the map comes from, as city.toml has it
// under [map]. Its zero value means the pack.
type MapSource struct {
	Kind MapKind `json:"kind,omitempty"`
	// URL is the template of images with {z}, {x} and {y}, or the address of a
	// TileJSON; Style is the address of a style. All are https.
	URL   string `json:"url,omitempty"`
	Style string `json:"style,omitempty"`
	// File is the name of a PMTiles archive in the folder map/ of the data.
	File string `json:"file,omitempty"`
	// MaxZoom is the deepest zoom with images; 0: 19.
	MaxZoom int `json:"max_zoom,omitempty"`
}

// Origin is the one other host that a page of the city may ask, as a security
// policy names it (https://tiles.example); empty where there is none.
func (m MapSource) Origin() string {
	address := m.URL
	if m.Style != "" {
		address = m.Style
	}
	if m.Kind != MapOfImages && m.Kind != MapOfVectors || address == "" {
		return ""
	}
	return mapOrigin(address)
}

// mapOrigin is scheme and host of an address that a page may ask; empty for one
// that it may not.
func mapOrigin(address string) string {
	// The braces of a template belong into its path, never into the host.
	u, err := url.Parse(strings.NewReplacer("{z}", "0", "{x}", "0", "{y}", "0").Replace(address))
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " ;,'\"*{}") {
		return ""
	}
	return "https://" + u.Host
}

// Check tells what is wrong with a source: the key of city.toml and the reason
// as a phrase; "" where nothing is. Whether the city names its attribution is
// for who reads the pack.
func (m MapSource) Check() (key, phrase string) {
	switch m.Kind {
	case "", MapOfPack:
		return "", ""
	case MapOfImages:
		if mapOrigin(m.URL) == "" {
			return "url", "pack.url"
		}
		for _, part := range []string{"{z}", "{x}", "{y}"} {
			if strings.Count(m.URL, part) != 1 {
				return "url", "pack.map_template"
			}
		}
	case MapOfVectors:
		if (m.URL == "") == (m.Style == "") {
			return "url", "pack.map_vector"
		}
		if m.Origin() == "" {
			return map[bool]string{true: "url", false: "style"}[m.Style == ""], "pack.url"
		}
	case MapOfFile:
		if !strings.HasSuffix(m.File, ".pmtiles") || strings.ContainsAny(m.File, `/\`) || strings.HasPrefix(m.File, ".") {
			return "file", "pack.map_file"
		}
	default:
		return "source", "pack.not_listed"
	}
	return "", ""
}
