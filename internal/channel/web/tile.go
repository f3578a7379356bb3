package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/platform/fault"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
)

// The map in vector tiles (Mapbox Vector Tile 2.1). A filter is that of the
// list. Texts and names are not in them: the page has those.
const (
	// problemLayer has points: clusters with count, open, late and done; single
	// problems with number, state (the code of a chip), topic, object, late (1 or
	// 0) and age (0 to 3: how long ago it was answered).
	problemLayer = "problems"
	// hexLayer has hexagons with count, open, late and done; countLayer their
	// numbers, each in the one tile that has the middle of its hexagon.
	hexLayer   = "hex"
	countLayer = "counts"
	// tileExtent is how many steps a side of a tile has, hexEdge how many a
	// polygon may reach beyond it, so that no border is drawn along the edge.
	tileExtent = 4096
	hexEdge    = 64
	// tileFresh is how long a tile may be shown again without a question.
	tileFresh = "public, max-age=30"
)

// mapRoutes are the addresses of the list and the map of problems.
func (s *Server) mapRoutes() []route {
	return []route{
		{pattern: "GET /map", do: s.showList},
		{pattern: "GET /map.csv", do: s.listCSV, rate: rateSuggest},
		{pattern: "GET /map.atom", do: s.listFeed, rate: rateSuggest},
		{pattern: "GET /map/tile/{z}/{x}/{y}", do: s.mapTile, rate: rateTile},
		{pattern: "GET /map/hex/{z}/{x}/{y}", do: s.mapHexagons, rate: rateTile},
		{pattern: "GET /map/heat/areas.json", do: s.mapAreas, rate: rateSuggest},
		{pattern: "GET /map/count", do: s.mapCount, rate: rateSuggest},
		{pattern: "GET /map/card/{number}", do: s.mapCard, rate: rateSuggest},
		{pattern: "GET /map/style.json", do: s.mapStyle},
		{pattern: "GET /map/base/{layer}", do: s.mapLayer, rate: rateSuggest},
		{pattern: "GET /map/base/{z}/{x}/{y}", do: s.baseTile},
		{pattern: "GET /map/file/{name}", do: s.mapFile},
	}
}

// tileAt reads the place of a tile in an address; /{z}/{x}/{y}.mvt. What is no
// tile is Missing.
func tileAt(r *http.Request) (maptile.Tile, error) {
	missing := fault.Missing.New("board.no_tile")
	row, ok := strings.CutSuffix(r.PathValue("y"), ".mvt")
	if !ok {
		return maptile.Tile{}, missing
	}
	var numbers [3]uint64
	for i, part := range []string{r.PathValue("z"), r.PathValue("x"), row} {
		n, err := strconv.ParseUint(part, 10, 32)
		if err != nil || part != strconv.FormatUint(n, 10) { // one address for each
			return maptile.Tile{}, missing
		}
		numbers[i] = n
	}
	if numbers[0] > board.MaxZoom || numbers[1]>>numbers[0] != 0 || numbers[2]>>numbers[0] != 0 {
		return maptile.Tile{}, missing
	}
	return maptile.New(uint32(numbers[1]), uint32(numbers[2]), maptile.Zoom(numbers[0])), nil
}

// mapFilter is the filter of a map: that of the list without its place in it.
func (s *Server) mapFilter(v *visit, q url.Values) (board.Filter, error) {
	f, wrong := s.listFilter(v, q)
	if len(wrong) > 0 {
		return f, fault.Invalid.New("web.bad_day")
	}
	return f, nil
}

// mapTile answers GET /map/tile/{z}/{x}/{y}.mvt with the problems of a tile.
func (s *Server) mapTile(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	at, err := tileAt(r)
	if err != nil {
		return err
	}
	f, err := s.mapFilter(v, r.URL.Query())
	if err != nil {
		return err
	}
	scene, err := s.Board.Tile(r.Context(), v.City.ID, f, int(at.Z), int(at.X), int(at.Y))
	if err != nil {
		return err
	}
	features := geojson.NewFeatureCollection()
	for _, spot := range scene.Spots {
		feature := geojson.NewFeature(orb.Point{spot.Point.Lon, spot.Point.Lat})
		feature.Properties = countsOf(spot.Counts)
		if spot.Number != 0 {
			feature.Properties = geojson.Properties{"number": spot.Number, "state": stateOf(spot.Status, time.Time{}, 0, false).Code,
				"topic": int64(spot.Topic), "object": int64(spot.Object), "late": spot.Late, "age": spot.Age}
		}
		features.Append(feature)
	}
	return sendTile(w, r, at, tileLayer(problemLayer, features))
}

func countsOf(c board.Counts) geojson.Properties {
	return geojson.Properties{"count": c.Count, "open": c.Open, "late": c.Late, "done": c.Done}
}

// mapHexagons answers GET /map/hex/{z}/{x}/{y}.mvt.
func (s *Server) mapHexagons(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	at, err := tileAt(r)
	if err != nil {
		return err
	}
	f, err := s.mapFilter(v, r.URL.Query())
	if err != nil {
		return err
	}
	list, err := s.Board.Hexagons(r.Context(), v.City.ID, f, int(at.Z), int(at.X), int(at.Y))
	if err != nil {
		return err
	}
	features, middles := geojson.NewFeatureCollection(), geojson.NewFeatureCollection()
	for _, h := range list {
		var ring orb.Ring
		for _, corner := range h.Corners {
			ring = append(ring, orb.Point{corner.Lon, corner.Lat})
		}
		feature := geojson.NewFeature(orb.Polygon{append(ring, ring[0])})
		feature.Properties = countsOf(h.Counts)
		features.Append(feature)
		// Opposite corners: the middle of a hexagon in the plane of the map.
		middle := geojson.NewFeature(orb.Point{(ring[0][0] + ring[3][0]) / 2, (ring[0][1] + ring[3][1]) / 2})
		if maptile.At(middle.Point(), at.Z) != at {
			continue
		}
		middle.Properties = geojson.Properties{"count": h.Count}
		middles.Append(middle)
	}
	return sendTile(w, r, at, tileLayer(hexLayer, features), tileLayer(countLayer, middles))
}

// tileLayer is a layer of a tile, still in degrees.
func tileLayer(name string, features *geojson.FeatureCollection) *mvt.Layer {
	made := mvt.NewLayer(name, features)
	made.Version, made.Extent = 2, tileExtent
	return made
}

// sendTile writes a tile; 204 where its first layer is empty.
func sendTile(w http.ResponseWriter, r *http.Request, at maptile.Tile, layers ...*mvt.Layer) error {
	if len(layers[0].Features) == 0 {
		w.Header().Set("Cache-Control", tileFresh)
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	mvt.Layers(layers).ProjectToTile(at)
	if made := layers[0]; made.Name == hexLayer {
		clipped := made.Features[:0]
		bound := orb.Bound{Min: orb.Point{-hexEdge, -hexEdge}, Max: orb.Point{tileExtent + hexEdge, tileExtent + hexEdge}}
		for _, f := range made.Features {
			if f.Geometry = clip.Geometry(bound, f.Geometry); f.Geometry != nil {
				clipped = append(clipped, f)
			}
		}
		made.Features = clipped
	}
	body, err := mvt.Marshal(layers)
	if err != nil {
		return fmt.Errorf("write tile: %w", err)
	}
	sum := sha256.Sum256(body)
	file := &asset{body: body, kind: "application/vnd.mapbox-vector-tile", tag: `"` + hex.EncodeToString(sum[:8]) + `"`}
	if len(body) >= packFrom {
		file.gzip = gzipped(body, 1)
	}
	serveBytes(w, r, file, tileFresh)
	return nil
}

// mapCount answers GET /map/count with how many problems fit the filter; newest
// says that only so many of the newest were looked at.
func (s *Server) mapCount(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := s.mapFilter(v, r.URL.Query())
	if err != nil {
		return err
	}
	n, err := s.Board.Count(r.Context(), v.City.ID, f)
	if err != nil {
		return err
	}
	return sendCounts(w, struct {
		countShown
		Exact  bool `json:"exact"`
		Newest int  `json:"newest,omitempty"`
	}{shownCount(n.Counts), n.Newest == 0, n.Newest})
}

// countShown is a count as JSON.
type countShown struct {
	Count int `json:"count"`
	Open  int `json:"open"`
	Late  int `json:"late"`
	Done  int `json:"done"`
}

func shownCount(c board.Counts) countShown {
	return countShown{Count: c.Count, Open: c.Open, Late: c.Late, Done: c.Done}
}

func sendCounts(w http.ResponseWriter, counts any) error {
	body, err := json.Marshal(counts)
	if err != nil {
		return fmt.Errorf("write counts: %w", err)
	}
	w.Header().Set("Cache-Control", tileFresh)
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // who left does not read it
	return nil
}

// mapAreas answers GET /map/heat/areas.json?kind=district|municipality with
// counts by the id of an area.
func (s *Server) mapAreas(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f, err := s.mapFilter(v, q)
	if err != nil {
		return err
	}
	kind := board.ByDistrict
	if q.Has("kind") {
		kind = q.Get("kind")
	}
	list, _, err := s.Board.Areas(r.Context(), v.City.ID, f, kind)
	if err != nil {
		return err
	}
	shown := make(map[string]countShown, len(list))
	for area, n := range list {
		shown[area] = shownCount(n)
	}
	return sendCounts(w, shown)
}

// mapCard answers GET /map/card/{number} with a problem in short, a part of a
// page for the map to show.
func (s *Server) mapCard(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	speakAsAsked(v, r.URL.Query())
	card, err := s.cardOf(r.Context(), v, number)
	if err != nil {
		return err
	}
	return s.show(w, card)
}

func (s *Server) cardOf(ctx context.Context, v *visit, number int64) (view.MapCard, error) {
	l, err := s.Board.Line(ctx, v.City.ID, number)
	if err != nil {
		return view.MapCard{}, err
	}
	lines, err := s.linesOf(ctx, v, []board.Line{l})
	if err != nil {
		return view.MapCard{}, err
	}
	card := view.MapCard{Base: s.base(v, "map", lines[0].Topic), Line: lines[0], Excerpt: l.Excerpt}
	card.NoIndex = true
	return card, nil
}
