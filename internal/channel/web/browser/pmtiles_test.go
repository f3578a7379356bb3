//go:build browser

package browser

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
)

// archive writes a PMTiles archive, version 3, of one tile: the whole world is
// water.
func archive(t *testing.T) []byte {
	t.Helper()
	world := geojson.NewFeature(orb.Polygon{{{-170, -80}, {170, -80}, {170, 80}, {-170, 80}, {-170, -80}}})
	layers := mvt.Layers{mvt.NewLayer("water", geojson.NewFeatureCollection().Append(world))}
	layers.ProjectToTile(maptile.New(0, 0, 0))
	tile, err := mvt.Marshal(layers)
	if err != nil {
		t.Fatal(err)
	}
	const head, apart = 127, 20_000 // the tile lies beyond what a reader takes at first
	about := []byte(`{"vector_layers":[{"id":"water","fields":{}}]}`)
	// One entry: the first tile, once, so long, at the beginning.
	root := binary.AppendUvarint([]byte{1, 0, 1}, uint64(len(tile)))
	root = append(root, 1)
	dirs, texts := uint64(head+len(root)), uint64(head+len(root)+len(about)+apart)
	b := append([]byte("PMTiles"), 3)
	for _, n := range []uint64{head, uint64(len(root)), dirs, uint64(len(about)), texts, 0, texts, uint64(len(tile)), 1, 1, 1} {
		b = binary.LittleEndian.AppendUint64(b, n)
	}
	b = append(b, 1, 1, 1, 1, 0, 0) // clustered; nothing packed; vector tiles; zoom 0 to 0
	for _, degrees := range []int32{-180, -85, 180, 85} {
		b = binary.LittleEndian.AppendUint32(b, uint32(degrees*10_000_000))
	}
	b = append(b, make([]byte, head-len(b))...)
	return bytes.Join([][]byte{b, root, about, make([]byte, apart), tile}, nil)
}

// TestAMapOfAnArchiveIsOpened gives a page of the town the style of a city that
// has its map in a PMTiles file, and the file: read in parts, under the policy
// of the page, from no other host.
func TestAMapOfAnArchiveIsOpened(t *testing.T) {
	town := inTown(t)
	to, err := url.Parse(town.url)
	if err != nil {
		t.Fatal(err)
	}
	var parts atomic.Int64
	file := archive(t)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Header.Del("Accept-Encoding")
		},
		ModifyResponse: func(r *http.Response) error {
			if r.Request.URL.Path != "/map/style.json" {
				return nil
			}
			var style map[string]any
			if err := json.NewDecoder(r.Body).Decode(&style); err != nil {
				return err
			}
			style["sources"] = map[string]any{"base": map[string]any{"type": "vector", "url": "pmtiles:///map/file/town.pmtiles"}}
			style["layers"] = []any{map[string]any{"id": "water", "type": "fill", "source": "base", "source-layer": "water", "paint": map[string]any{"fill-color": "#f00"}}}
			body, err := json.Marshal(style)
			r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
			r.Header.Del("Content-Length")
			return err
		},
	}
	door := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/map/file/town.pmtiles" {
			proxy.ServeHTTP(w, r)
			return
		}
		if strings.HasPrefix(r.Header.Get("Range"), "bytes=") {
			parts.Add(1)
		}
		w.Header().Set("ETag", `"1"`)
		http.ServeContent(w, r, "town.pmtiles", time.Unix(1, 0), bytes.NewReader(file))
	}))
	defer door.Close()
	p := person(t, "a guest of a city with a file", door.URL)
	p.onMap("/map?view=map")
	for range 200 { // head and directory, then the tile
		if parts.Load() > 1 || p.soon("false", patience/200) {
			break
		}
	}
	if n := parts.Load(); n < 2 {
		p.fail("%d parts of the file were read", n)
	}
}
