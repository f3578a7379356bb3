package web

import (
	"strings"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

func TestAPageMayAskExactlyTheHostOfTheMap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		source place.MapSource
		origin string
	}{
		{"nothing is said", place.MapSource{}, ""},
		{"the pack", place.MapSource{Kind: place.MapOfPack, URL: "https://other.example/{z}/{x}/{y}.png"}, ""},
		{"a file of the city", place.MapSource{Kind: place.MapOfFile, File: "city.pmtiles"}, ""},
		{"images", place.MapSource{Kind: place.MapOfImages, URL: "https://tiles.example/a/{z}/{x}/{y}.png"}, "https://tiles.example"},
		{"vectors", place.MapSource{Kind: place.MapOfVectors, URL: "https://tiles.example:8443/city.json"}, "https://tiles.example:8443"},
		{"a style", place.MapSource{Kind: place.MapOfVectors, Style: "https://style.example/s.json"}, "https://style.example"},
		{"another scheme", place.MapSource{Kind: place.MapOfImages, URL: "http://tiles.example/{z}/{x}/{y}.png"}, ""},
		{"a host that says more", place.MapSource{Kind: place.MapOfVectors, URL: "https://a.example;script-src *"}, ""},
		{"any host", place.MapSource{Kind: place.MapOfImages, URL: "https://*.example/{z}/{x}/{y}.png"}, ""},
		{"a host of the template", place.MapSource{Kind: place.MapOfImages, URL: "https://{s}.example/{z}/{x}/{y}.png"}, ""},
	} {
		got := policyWith(c.source)
		if c.origin == "" {
			if got != policy {
				t.Errorf("%s: the policy is wider: %s", c.name, got)
			}
			continue
		}
		want := map[string]bool{"img-src 'self' data: blob: " + c.origin: true, "connect-src 'self' " + c.origin: true}
		for part := range strings.SplitSeq(got, "; ") {
			if strings.Contains(part, "https:") != want[part] {
				t.Errorf("%s: %s", c.name, part)
			}
			delete(want, part)
		}
		if len(want) > 0 {
			t.Errorf("%s: not in %s: %v", c.name, got, want)
		}
	}
}

func TestEveryKindOfMapHasItsStyle(t *testing.T) {
	t.Parallel()
	city := func(m place.MapSource) place.City {
		return place.City{Key: "x", Version: 3, Center: geo.Point{Lat: 1, Lon: 2}, Settings: place.Settings{Map: m}}
	}
	source := func(m place.MapSource) map[string]any {
		sources := styleOf(city(m), "© City", false)["sources"].(map[string]any)
		if len(sources) == 0 {
			return nil
		}
		return sources[baseSource].(map[string]any)
	}
	if s := source(place.MapSource{}); s["type"] != "vector" || s["tiles"].([]string)[0] != "/map/base/{z}/{x}/{y}.mvt?v=3" || s["attribution"] != "© City" {
		t.Errorf("the pack's source is %v", s)
	}
	if s := source(place.MapSource{Kind: place.MapOfImages, URL: "https://t.example/{z}/{x}/{y}.png", MaxZoom: 17}); s["type"] != "raster" || s["maxzoom"] != 17 {
		t.Errorf("the source of images is %v", s)
	}
	if s := source(place.MapSource{Kind: place.MapOfVectors, URL: "https://t.example/t.json"}); s["type"] != "vector" || s["url"] != "https://t.example/t.json" {
		t.Errorf("the source of vectors is %v", s)
	}
	if s := source(place.MapSource{Kind: place.MapOfFile, File: "city.pmtiles"}); s["url"] != "pmtiles:///map/file/city.pmtiles" {
		t.Errorf("the source of a file is %v", s)
	}
	style := styleOf(city(place.MapSource{Kind: place.MapOfVectors, Style: "https://t.example/s.json"}), "© City", true)
	if s := style["metadata"].(map[string]any)["style"]; s != "https://t.example/s.json" || source(place.MapSource{Kind: place.MapOfVectors, Style: "https://t.example/s.json"}) != nil {
		t.Errorf("a style of others is %v", style)
	}
}
