package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/platform/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
)

// mapPoint is where the problems of these tests lie.
var mapPoint = orb.Point{36.8985, 58.2995}

// ask asks for an address as a guest's browser does.
func ask(town *webtest.Town, address string, header ...string) *httptest.ResponseRecorder {
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	town.Handler.ServeHTTP(w, r)
	return w
}

// layer reads the one layer of a tile, in degrees.
func layer(t *testing.T, w *httptest.ResponseRecorder, at maptile.Tile, name string) []*geojson.Feature {
	t.Helper()
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
		t.Fatalf("%d, %v, %s", w.Code, w.Header(), w.Body)
	}
	layers, err := mvt.Unmarshal(w.Body.Bytes())
	layers.ProjectToWGS84(at)
	for _, l := range layers {
		if l.Name == name && l.Extent == 4096 && l.Version == 2 {
			return l.Features
		}
	}
	t.Fatalf("no layer %s: %v, %+v", name, err, layers)
	return nil
}

// numbersIn is how many numbers of hexagons a tile writes.
func numbersIn(t *testing.T, w *httptest.ResponseRecorder) int {
	t.Helper()
	layers, err := mvt.Unmarshal(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, l := range layers {
		if l.Name == "counts" {
			n += len(l.Features)
		}
	}
	return n
}

func sendOnMap(t *testing.T, town *webtest.Town, many int) (numbers []int64) {
	t.Helper()
	for i := range many {
		receipt, err := town.Problems.Do(t.Context(), machine(town), problem.Order{Command: problem.Send{Text: darkYard, Topic: 271, Channel: "web",
			Place: place.Draft{Point: geo.Point{Lat: mapPoint[1], Lon: mapPoint[0] + float64(i)*0.0001}, Mark: place.FreePoint}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := town.Problems.Do(t.Context(), machine(town), problem.Order{Problem: receipt.Problem, Command: problem.Accept{}, Key: fmt.Sprint(i, "-key-of-the-map")}); err != nil {
			t.Fatal(err)
		}
		numbers = append(numbers, receipt.Number)
	}
	town.Settle()
	return numbers
}

func TestTheMapIsServedAsVectorTiles(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		numbers := sendOnMap(t, town, 3)
		at := maptile.At(mapPoint, 10)
		address := fmt.Sprintf("/map/tile/%d/%d/%d.mvt", at.Z, at.X, at.Y)
		w := ask(town, address)
		list := layer(t, w, at, "problems")
		if len(list) != 1 || fmt.Sprint(list[0].Properties) != "map[count:3 done:0 late:0 open:3]" {
			t.Errorf("from far: %+v", list)
		}
		tag := w.Header().Get("ETag")
		if again := ask(town, address, "If-None-Match", tag); tag == "" || again.Code != http.StatusNotModified {
			t.Errorf("again: %d, tag %q", again.Code, tag)
		}
		if twice := ask(town, address); twice.Body.String() != w.Body.String() && twice.Header().Get("ETag") != tag {
			t.Error("the same tile differs")
		}
		near := maptile.At(mapPoint, 22)
		list = layer(t, ask(town, fmt.Sprintf("/map/tile/22/%d/%d.mvt?state=open", near.X, near.Y)), near, "problems")
		if len(list) != 1 || fmt.Sprint(list[0].Properties) != fmt.Sprintf("map[age:0 late:0 number:%d object:%v state:work topic:271]", numbers[0], list[0].Properties["object"]) {
			t.Errorf("from near: %+v", list)
		}
		if empty := ask(town, address+"?state=silent"); empty.Code != http.StatusNoContent || empty.Body.Len() != 0 {
			t.Errorf("nothing fits: %d, %s", empty.Code, empty.Body)
		}
		hexagons := layer(t, ask(town, fmt.Sprintf("/map/hex/%d/%d/%d.mvt", at.Z, at.X, at.Y)), at, "hex")
		if len(hexagons) != 1 || hexagons[0].Properties["count"] != 3.0 || hexagons[0].Geometry.GeoJSONType() != "Polygon" {
			t.Errorf("hexagons %+v", hexagons)
		}
		said := 0 // however many tiles a hexagon lies in, its number stands in one
		for _, x := range []uint32{at.X - 1, at.X, at.X + 1} {
			for _, y := range []uint32{at.Y - 1, at.Y, at.Y + 1} {
				beside := maptile.New(x, y, at.Z)
				if w := ask(town, fmt.Sprintf("/map/hex/%d/%d/%d.mvt", beside.Z, beside.X, beside.Y)); w.Code == http.StatusOK {
					said += numbersIn(t, w)
				}
			}
		}
		if said != 1 {
			t.Errorf("the number of one hexagon is written %d times", said)
		}
	})
}

func TestCountsBesideTheMapAreThoseOfTheList(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		numbers := sendOnMap(t, town, 2)
		for address, want := range map[string]string{
			"/map/count":                                       `{"count":2,"open":2,"late":0,"done":0,"exact":true}`,
			"/map/count?late=1":                                `{"count":0,"open":0,"late":0,"done":0,"exact":true}`,
			"/map/count?topic=271&q=двор":                      ``,
			"/map/heat/areas.json?state=answered":              `{}`,
			"/map/heat/areas.json?topic=271&kind=municipality": ``,
		} {
			u, query, _ := strings.Cut(address, "?")
			q, _ := url.ParseQuery(query)
			w := ask(town, u+"?"+q.Encode())
			if w.Code != http.StatusOK || want != "" && w.Body.String() != want || !json.Valid(w.Body.Bytes()) {
				t.Errorf("%s: %d, %s", address, w.Code, w.Body)
			}
		}
		var areas map[string]struct{ Count int }
		if err := json.Unmarshal(ask(town, "/map/heat/areas.json").Body.Bytes(), &areas); err != nil || len(areas) != 1 {
			t.Errorf("%v, %v", areas, err)
		}
		guest := town.Guest()
		card := guest.Get(fmt.Sprintf("/map/card/%d", numbers[0])).Is(http.StatusOK)
		card.Has(".line-topic", "").Has(".chip", "").Has(".line-body", "Открыть карточку").Has(".line-body", "Обещано до")
		if strings.Contains(card.Body, "<html") || strings.Contains(card.Body, "<nav") {
			t.Errorf("the card is a whole page: %s", card.Body)
		}
		guest.Get("/map/card/999999").Is(http.StatusNotFound)
		guest.Get("/map/heat/areas.json?kind=planet").Is(http.StatusUnprocessableEntity)
	})
}

func TestWhatIsNoTileIsNotFound(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		for _, place := range []string{"23/0/0.mvt", "3/8/0.mvt", "3/0/8.mvt", "-1/0/0.mvt", "0/0/0", "0/0/0.pbf", "1/01/0.mvt", "1/+1/0.mvt", "a/b/c.mvt",
			"2/1.5/1.mvt", "99999999999999999999/0/0.mvt", "0/4294967296/0.mvt", "1/0/0.mvt.mvt", "64/1/1.mvt"} {
			for _, kind := range []string{"tile", "hex"} {
				if w := ask(town, "/map/"+kind+"/"+place); w.Code != http.StatusNotFound {
					t.Errorf("%s %s: %d", kind, place, w.Code)
				}
			}
		}
		if w := ask(town, "/map/tile/0/0/0.mvt?from=yesterday"); w.Code != http.StatusUnprocessableEntity {
			t.Errorf("a bad day: %d", w.Code)
		}
	})
}

func FuzzTiles(f *testing.F) {
	town := webtest.New(f, kit.SQLite(f))
	for _, seed := range [][2]string{{"0/0/0.mvt", ""}, {"10/616/308.mvt", "topic=271&state=open"}, {"22/2527060/1262341.mvt", "from=2026-11-01&to=2026-11-30&late=1"},
		{"12/2467/1232.mvt", "q=%D1%84%D0%BE%D0%BD%D0%B0%D1%80%D1%8C&area=west"}, {"-1/x/.mvt", "topic=o-99999999999&box=1,2,3,4"}, {"9/1/1.mvt", "q=%00%ff'\"&municipality=%"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, place, query string) {
		for _, kind := range []string{"tile", "hex"} {
			u := url.URL{Path: "/map/" + kind + "/" + strings.ReplaceAll(place, "..", ""), RawQuery: query}
			r, err := http.NewRequest(http.MethodGet, "http://town.example"+u.String(), nil)
			if err != nil {
				return
			}
			r.RemoteAddr = "192.0.2.1:99"
			w := httptest.NewRecorder()
			town.Handler.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Errorf("%s: %d, %s", u.String(), w.Code, w.Body)
			}
		}
	})
}
