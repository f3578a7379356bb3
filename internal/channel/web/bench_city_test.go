package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/board/boardtest"
	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// BenchmarkCity measures lists and the map of a city of GOROD_BENCH_ROWS
// problems (50,000 when it is not set), on SQLite, as a guest gets them: CPU of
// the process a request (cpu-ms/op), compression left out.
func BenchmarkCity(b *testing.B) {
	rows := 50_000
	if n, err := strconv.Atoi(os.Getenv("GOROD_BENCH_ROWS")); err == nil {
		rows = n
	}
	db := kit.SQLite(b)
	town := webtest.New(b, db)
	topics, err := town.Topics.All(context.Background(), town.Here.ID)
	if err != nil {
		b.Fatal(err)
	}
	areas, err := town.Places.Areas(context.Background(), town.Here.ID)
	if err != nil {
		b.Fatal(err)
	}
	city := boardtest.City{ID: town.Here.ID, Topics: topics, Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC),
		Box: geo.Box{Min: geo.Point{Lat: 59.75, Lon: 29.9}, Max: geo.Point{Lat: 60.1, Lon: 30.7}}}
	for _, a := range areas {
		if a.Kind == place.District {
			city.Districts = append(city.Districts, string(a.ID))
		}
	}
	started := time.Now()
	boardtest.Fill(b, db, city, rows)
	b.Logf("%d rows in %s", rows, time.Since(started).Round(time.Second))
	topic := strconv.FormatInt(int64(topics[2].ID), 10)
	for _, page := range []struct{ name, address string }{
		{"list of 20", "/map"},
		{"list of 100", "/map?n=100"},
		{"list of 100, a topic in a district, answered", "/map?n=100&state=answered&topic=" + topic + "&area=" + city.Districts[0]},
		{"list of 100, a rare combination", "/map?n=100&state=open&topic=" + strconv.FormatInt(int64(topics[len(topics)-1].ID), 10) + "&to=2026-01-01"},
		{"list of 20, a box", "/map?box=30.30,59.93,30.34,59.94"},
		{"search, a frequent word", "/map?q=" + boardtest.Frequent},
		{"search, a rare word", "/map?q=" + boardtest.Rare},
		{"tile, zoom 9", "/map/tile/9/299/148.mvt"},
		{"tile, zoom 12", "/map/tile/12/2392/1190.mvt"},
		{"tile, zoom 14", "/map/tile/14/9571/4763.mvt"},
		{"tile, zoom 16", "/map/tile/16/38285/19052.mvt"},
		{"tile, zoom 12, answered", "/map/tile/12/2392/1190.mvt?state=answered"},
		{"tile, zoom 12, a topic", "/map/tile/12/2392/1190.mvt?topic=" + topic},
		{"search, a frequent word in a district", "/map?q=" + boardtest.Frequent + "&area=" + city.Districts[0]},
	} {
		b.Run(page.name, func(b *testing.B) { request(b, town, page.address) })
	}
}

func request(b *testing.B, town *webtest.Town, address string) {
	b.Helper()
	asked := 0
	ask := func() {
		asked++
		w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, address, nil)
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:80", asked>>16, asked>>8&255, asked&255) // nobody asks too often
		town.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK && w.Code != http.StatusNoContent {
			b.Fatal(w.Code, w.Body.String())
		}
	}
	ask() // templates and statements are prepared once
	before, n := cpu(b), 0
	for b.Loop() {
		ask()
		n++
	}
	b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(n), "cpu-ms/op")
}

// cpu is what the process has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
