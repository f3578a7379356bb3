package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/ground"
)

// mapCache keeps the ground of each city and its tiles as they are served.
type mapCache struct {
	mu      sync.Mutex
	grounds map[int64]*groundKept // by city
	tiles   map[tileKey]*asset
	bytes   int // of the tiles
}

type groundKey struct{ city, version int64 }

type tileKey struct {
	groundKey
	z, x, y int
}

// groundKept is the ground of one version: read when it is first asked for,
// while others who ask wait.
type groundKept struct {
	version int64
	mu      sync.Mutex
	made    *ground.Ground
}

const (
	// maxGrounds is of how many cities the ground is kept: that of a metropolis
	// of 300,000 houses takes some 30 MB.
	maxGrounds = 4
	// maxTileBytes bounds the tiles that are kept ready.
	maxTileBytes = 16 << 20
)

// warmEach is how often the cities are asked whether they have a new version.
const warmEach = 15 * time.Second

// Warm reads the ground of every city, and again when a new version comes into
// force, so that no visitor waits for it. It ends with the context.
func (c *Channel) Warm(ctx context.Context) {
	next := time.NewTicker(warmEach)
	defer next.Stop()
	for {
		cities, err := c.server.Places.Cities(ctx)
		for _, city := range cities[:min(len(cities), maxGrounds)] {
			_, wrong := c.server.groundOf(ctx, city)
			err = errors.Join(err, wrong)
		}
		if err != nil && ctx.Err() == nil {
			c.server.log.Warn("the ground of the map is not read ahead", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-next.C:
		}
	}
}

// groundOf is the geometry under the city's map.
func (s *Server) groundOf(ctx context.Context, city place.City) (*ground.Ground, error) {
	s.maps.mu.Lock()
	kept := s.maps.grounds[city.ID]
	if kept == nil || kept.version != city.Version {
		if s.maps.grounds == nil || kept == nil && len(s.maps.grounds) >= maxGrounds {
			s.maps.grounds = map[int64]*groundKept{}
		}
		kept = &groundKept{version: city.Version}
		s.maps.grounds[city.ID] = kept
	}
	s.maps.mu.Unlock()

	kept.mu.Lock()
	defer kept.mu.Unlock()
	if kept.made != nil {
		return kept.made, nil
	}
	made, err := s.readGround(ctx, city)
	if err == nil {
		kept.made = made
	}
	return made, err
}

// readGround reads all layers of the city's version. Who asked first may leave
// meanwhile; those who wait want the answer.
func (s *Server) readGround(ctx context.Context, city place.City) (*ground.Ground, error) {
	ctx = context.WithoutCancel(ctx)
	names, err := s.Packs.Layers(ctx, city.ID)
	if err != nil {
		return nil, err
	}
	g := ground.New()
	for _, name := range append(slices.Clone(names), ground.Areas) {
		body, err := s.layerBody(ctx, city, name)
		if errors.Is(err, fault.Missing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if err := g.Read(name, bytes.NewReader(body)); err != nil {
			return nil, err
		}
	}
	return g, nil
}

func (s *Server) layerBody(ctx context.Context, city place.City, name string) ([]byte, error) {
	if name != ground.Areas {
		return s.Packs.BaseMap(ctx, city.ID, name)
	}
	shapes, err := s.Places.AreaShapes(ctx, city.ID)
	if err != nil {
		return nil, err
	}
	// A tile has one name: that of the city's main language.
	return bytes.ReplaceAll(shapes, []byte(`"name.`+city.Main+`":`), []byte(`"name":`)), nil
}

// baseTile serves a tile of the ground: /map/base/14/9731/4890.mvt.
func (s *Server) baseTile(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	z, x, y, ok := tileOf(r)
	if !ok {
		return fault.Missing.New("fault.missing")
	}
	a, err := s.tile(r.Context(), v, z, x, y)
	if errors.Is(err, ground.ErrNoTile) {
		return fault.Missing.New("fault.missing")
	}
	if err != nil {
		return err
	}
	serveBytes(w, r, a, s.byVersion(r, v))
	return nil
}

// byVersion is how long a browser may keep what belongs to a version: for long
// where the address names it.
func (s *Server) byVersion(r *http.Request, v *visit) string {
	if r.URL.Query().Get("v") == strconv.FormatInt(v.City.Version, 10) {
		return yearLong
	}
	return "no-cache"
}

// tileOf reads the numbers of a tile from an address: {z}/{x}/{y} with y.mvt.
func tileOf(r *http.Request) (z, x, y int, ok bool) {
	name, isTile := strings.CutSuffix(r.PathValue("y"), ".mvt")
	var wrong error
	number := func(said string) int {
		n, err := strconv.Atoi(said)
		wrong = errors.Join(wrong, err)
		return n
	}
	z, x, y = number(r.PathValue("z")), number(r.PathValue("x")), number(name)
	return z, x, y, isTile && wrong == nil && z >= 0 && z <= 24 && x >= 0 && y >= 0 && x < 1<<z && y < 1<<z
}

// tile gives a tile of the ground, kept or drawn.
func (s *Server) tile(ctx context.Context, v *visit, z, x, y int) (*asset, error) {
	key := tileKey{groundKey{v.City.ID, v.City.Version}, z, x, y}
	s.maps.mu.Lock()
	kept := s.maps.tiles[key]
	s.maps.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	g, err := s.groundOf(ctx, v.City)
	if err != nil {
		return nil, err
	}
	body, err := g.Tile(z, x, y)
	if err != nil {
		return nil, err
	}
	made := vectorAsset(body)
	s.maps.mu.Lock()
	defer s.maps.mu.Unlock()
	if s.maps.tiles == nil {
		s.maps.tiles = map[tileKey]*asset{}
	}
	for old, a := range s.maps.tiles { // in no order: what is asked for often comes back
		if s.maps.bytes+len(made.body) <= maxTileBytes {
			break
		}
		s.maps.bytes -= len(a.body) + len(a.gzip)
		delete(s.maps.tiles, old)
	}
	s.maps.bytes += len(made.body) + len(made.gzip)
	s.maps.tiles[key] = made
	return made, nil
}

// vectorAsset is a vector tile as it is served.
func vectorAsset(body []byte) *asset {
	a := newAsset("tile.mvt", body)
	a.kind = "application/vnd.mapbox-vector-tile"
	if len(body) >= packFrom {
		a.gzip = gzipped(body, 5) // a city is looked at once: the best packing is not worth its time
	}
	return a
}

// mapLayer serves a layer of the ground as GeoJSON, for who wants to have it:
// water.geojson.
func (s *Server) mapLayer(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	name, ok := strings.CutSuffix(r.PathValue("layer"), ".geojson")
	if !ok {
		return fault.Missing.New("pack.no_such_layer", name)
	}
	var body []byte
	var err error
	if name == ground.Areas {
		body, err = s.Places.AreaShapes(r.Context(), v.City.ID)
	} else {
		body, err = s.Packs.BaseMap(r.Context(), v.City.ID, name)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", s.byVersion(r, v))
	_, _ = w.Write(body) // who left does not read it
	return nil
}

// mapFile serves the PMTiles archive that the city configured, in the parts
// that a browser asks for (Range).
func (s *Server) mapFile(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	m := v.City.Settings.Map
	if m.Kind != place.MapOfFile || r.PathValue("name") != m.File || s.Settings.MapDir == "" {
		return fault.Missing.New("fault.missing")
	}
	file, err := os.OpenInRoot(s.Settings.MapDir, m.File)
	if errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("the map's file is not there", "file", filepath.Join(s.Settings.MapDir, m.File))
		return fault.Missing.New("fault.missing")
	}
	if err != nil {
		return fmt.Errorf("open the map's file: %w", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return fmt.Errorf("open the map's file: %w", err)
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Cache-Control", "public, max-age=86400")
	w.Header().Set("ETag", fmt.Sprintf(`"%x-%x"`, info.ModTime().UnixNano(), info.Size()))
	http.ServeContent(w, r, m.File, info.ModTime(), file)
	return nil
}
