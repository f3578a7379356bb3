package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// The points of a map as GeoJSON (RFC 7946).
type (
	pointList struct {
		Type string `json:"type"` // FeatureCollection
		// Newest is a member of ours: only so many of the newest problems that fit
		// the filter are here.
		Newest   int          `json:"newest,omitempty"`
		Features []pointShown `json:"features"`
	}
	pointShown struct {
		Type       string     `json:"type"` // Feature
		Properties pointAbout `json:"properties"`
		Geometry   pointAt    `json:"geometry"`
	}
	// pointAbout is one problem, or how many there are.
	pointAbout struct {
		Count  int    `json:"count"`
		Number int64  `json:"number,omitempty"`
		State  string `json:"state,omitempty"`
		Topic  string `json:"topic,omitempty"`
		URL    string `json:"url,omitempty"`
	}
	pointAt struct {
		Type        string      `json:"type"` // Point
		Coordinates [2]fixedDeg `json:"coordinates"`
	}
)

// fixedDeg is a coordinate in degrees, written with six digits: 11 centimetres.
type fixedDeg float64

// MarshalJSON writes the number.
func (d fixedDeg) MarshalJSON() ([]byte, error) {
	return strconv.AppendFloat(nil, float64(d), 'f', 6, 64), nil
}

// mapPoints answers GET /map/points?box=&zoom= with the filter of the list, as
// GeoJSON: single problems, or counts by cell where there are many.
func (s *Server) mapPoints(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f, wrong := s.listFilter(v, q)
	if len(wrong) > 0 {
		return fault.Invalid.New("web.bad_day")
	}
	box, err := geo.ParseBox(q.Get("box"))
	if err != nil {
		return fault.Invalid.Field("box", "web.bad_point").Because(err)
	}
	zoom, err := strconv.ParseFloat(q.Get("zoom"), 64)
	if err != nil || !(zoom >= 0 && zoom <= 24) {
		zoom = 12
	}
	f.Box = &box
	scene, err := s.Board.Map(r.Context(), v.City.ID, f, zoom)
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	body, err := json.Marshal(pointsOf(n, scene))
	if err != nil {
		return fmt.Errorf("write points: %w", err)
	}
	w.Header().Set("Content-Type", "application/geo+json")
	_, _ = w.Write(body) // who left does not read it
	return nil
}

func pointsOf(n *names, scene board.Scene) pointList {
	list := pointList{Type: "FeatureCollection", Newest: scene.Newest, Features: make([]pointShown, len(scene.Spots))}
	for i, spot := range scene.Spots {
		about := pointAbout{Count: spot.Count}
		if spot.Number != 0 {
			about = pointAbout{Count: 1, Number: spot.Number, State: stateOf(spot.Status, time.Time{}, 0, false).Code,
				Topic: n.topic(spot.Topic), URL: problemURL(spot.Number)}
		}
		list.Features[i] = pointShown{Type: "Feature", Properties: about,
			Geometry: pointAt{Type: "Point", Coordinates: [2]fixedDeg{fixedDeg(spot.Point.Lon), fixedDeg(spot.Point.Lat)}}}
	}
	return list
}
