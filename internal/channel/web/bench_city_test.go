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
		{"search, a frequent word in a district", "/map?q=" + boardtest.Frequent + "&area=" + city.Districts[0]},
		{"map, zoom 9, the whole city", "/map/points?box=29.8,59.7,30.8,60.2&zoom=9"},
		{"map, zoom 12", "/map/points?box=30.20,59.88,30.42,59.98&zoom=12"},
		{"map, zoom 14", "/map/points?box=30.28,59.92,30.335,59.945&zoom=14"},
		{"map, zoom 16", "/map/points?box=30.300,59.930,30.314,59.936&zoom=16"},
		{"map, zoom 18", "/map/points?box=30.3000,59.9300,30.3034,59.9316&zoom=18"},
		{"map, zoom 12, answered", "/map/points?box=30.20,59.88,30.42,59.98&zoom=12&state=answered"},
		{"map, zoom 12, a topic", "/map/points?box=30.20,59.88,30.42,59.98&zoom=12&topic=" + topic},
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
		if w.Code != http.StatusOK {
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
