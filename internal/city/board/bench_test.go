package board_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/board/boardtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// metropolis is a city of GOROD_BENCH_ROWS problems (50,000 when it is not set)
// within ten years, however many they are.
func metropolis(b *testing.B, db *sqldb.DB) (*board.Service, boardtest.City) {
	rows := 50_000
	if n, err := strconv.Atoi(os.Getenv("GOROD_BENCH_ROWS")); err == nil {
		rows = n
	}
	town := problemtest.New(b, db)
	city := boardtest.City{ID: problemtest.City, Now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC), Every: 10 * 365 * 24 * time.Hour / time.Duration(rows),
		Zone: time.FixedZone("MSK", 3*3600), Box: geo.Box{Min: geo.Point{Lat: 59.75, Lon: 29.9}, Max: geo.Point{Lat: 60.1, Lon: 30.7}}}
	for i := range 200 {
		id := topic.ID(i + 1)
		city.Topics = append(city.Topics, topic.Topic{Ref: topic.Ref{ID: id, Version: 1}, Object: 500 + id%20, Category: 600 + id%60})
	}
	for i := range 18 {
		city.Districts = append(city.Districts, fmt.Sprintf("d%d", i))
	}
	for i := range 111 {
		city.Municipalities = append(city.Municipalities, fmt.Sprintf("m%d", i))
	}
	started := time.Now()
	boardtest.Fill(b, db, city, rows)
	b.Logf("%d rows in %s", rows, time.Since(started).Round(time.Second))
	return &board.Service{DB: town.DB, Places: place.New(town.DB), Topics: topic.New(town.DB), Problems: town.Service}, city
}

// measured runs something and reports its CPU (cpu-ms/op) and the slowest of a
// hundred (p99-ms).
func measured(b *testing.B, do func(i int) error) {
	b.Helper()
	for i := range 3 {
		if err := do(i); err != nil {
			b.Fatal(err)
		}
	}
	var took []time.Duration
	before := used(b)
	for b.Loop() {
		started := time.Now()
		if err := do(len(took)); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(started))
	}
	b.ReportMetric(float64((used(b)-before).Microseconds())/1000/float64(len(took)), "cpu-ms/op")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	b.ReportMetric(0, "ns/op")
}

func used(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}

// benchFilters is the named set of filters.
func benchFilters(now time.Time) []struct {
	name   string
	filter board.Filter
} {
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	from, to := midnight.AddDate(-3, -2, -13), midnight.AddDate(0, -1, -2)
	return []struct {
		name   string
		filter board.Filter
	}{
		{"none", board.Filter{}},
		{"district", board.Filter{District: "d3"}},
		{"municipality", board.Filter{Municipality: "m3"}},
		{"object", board.Filter{Object: 501}},
		{"category", board.Filter{Category: 601}},
		{"topic", board.Filter{Topic: 3}},
		{"standing", board.Filter{Standing: board.Solved}},
		{"late", board.Filter{Late: true}},
		{"days", board.Filter{From: from, To: to}},
		{"house", board.Filter{House: 777}},
		{"one frequent word", board.Filter{Text: boardtest.Frequent}},
		{"one rare word", board.Filter{Text: boardtest.Rare}},
		{"two words", board.Filter{Text: boardtest.Frequent + " слово7"}},
		{"two frequent words", board.Filter{Text: "слово0 " + boardtest.Frequent}},
		{"two words, never together", board.Filter{Text: boardtest.Rare + " слово1"}},
		{"object, standing", board.Filter{Object: 501, Standing: board.Solved}},
		{"object, standing, days", board.Filter{Object: 501, Standing: board.Solved, From: from, To: to}},
		{"district, standing", board.Filter{District: "d3", Standing: board.Solved}},
		{"district, category", board.Filter{District: "d3", Category: 601}},
		{"topic, district, standing", board.Filter{Topic: 3, District: "d3", Standing: board.Answered}},
		{"days, topic", board.Filter{Topic: 3, From: from, To: to}},
		{"late, topic, district", board.Filter{Late: true, Topic: 3, District: "d3"}},
		{"rare topic, municipality, open", board.Filter{Topic: 200, Municipality: "m7", Standing: board.Open}},
		{"frequent word, district, standing", board.Filter{Text: boardtest.Frequent, District: "d3", Standing: board.Solved}},
	}
}

func onEngines(b *testing.B, run func(b *testing.B, s *board.Service, city boardtest.City)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		if only := os.Getenv("GOROD_BENCH_ENGINE"); only != "" && only != engine {
			continue
		}
		b.Run(engine, func(b *testing.B) {
			db := kit.SQLite
			if engine == "postgres" {
				db = kit.Postgres
			}
			s, city := metropolis(b, db(b))
			run(b, s, city)
		})
	}
}

// BenchmarkCity measures lists, tiles and searches: the same table at any size.
func BenchmarkCity(b *testing.B) {
	onEngines(b, func(b *testing.B, s *board.Service, city boardtest.City) {
		ctx := context.Background()
		for _, f := range benchFilters(city.Now) {
			f.filter.Limit = 100
			b.Run("list/"+f.name, func(b *testing.B) {
				measured(b, func(int) error { _, err := s.List(ctx, city.ID, f.filter); return err })
			})
		}
		dice := rand.New(rand.NewPCG(1, 2))
		for _, f := range benchFilters(city.Now) {
			if !slices.Contains([]string{"none", "object, standing, days", "days", "late", "object"}, f.name) {
				continue
			}
			for zoom := 8; zoom <= 18; zoom++ {
				b.Run(fmt.Sprintf("tile/%s/%d", f.name, zoom), func(b *testing.B) {
					measured(b, func(int) error {
						at := maptile.At(orb.Point{30.1 + dice.Float64()*0.4, 59.85 + dice.Float64()*0.15}, maptile.Zoom(zoom))
						_, err := s.Tile(ctx, city.ID, f.filter, zoom, int(at.X), int(at.Y))
						return err
					})
				})
			}
		}
		for _, f := range benchFilters(city.Now) {
			b.Run("tile of a view/"+f.name, func(b *testing.B) {
				at := maptile.At(orb.Point{30.3, 59.93}, 12)
				measured(b, func(i int) error {
					_, err := s.Tile(ctx, city.ID, f.filter, 12, int(at.X)+i%4, int(at.Y)+i/4%3)
					return err
				})
			})
		}
		b.Run("hexagons/10", func(b *testing.B) {
			at := maptile.At(orb.Point{30.3, 59.93}, 10)
			measured(b, func(int) error {
				_, err := s.Hexagons(ctx, city.ID, board.Filter{}, 10, int(at.X), int(at.Y))
				return err
			})
		})
		b.Run("areas, days", func(b *testing.B) {
			f := benchFilters(city.Now)[8].filter
			measured(b, func(int) error { _, _, err := s.Areas(ctx, city.ID, f, board.ByMunicipality); return err })
		})
	})
}
