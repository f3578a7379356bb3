// Package boardtest fills a board with invented rows, so that benchmarks show
// what lists and the map cost in a city of any size without living through all
// of its problems.
package boardtest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// City is what the rows are invented for.
type City struct {
	ID        int64
	Topics    []topic.Topic
	Districts []string
	// Municipalities may be empty.
	Municipalities []string
	Box            geo.Box
	Now            time.Time // of the newest row; the next ones lie Every before it
	// Every is a minute when zero; Zone, whose days are counted, UTC when nil.
	Every time.Duration
	Zone  *time.Location
}

// Words are searched by benchmarks: Frequent stands in every third row, Rare in
// one of ten thousand.
const (
	Frequent = "фонарь"
	Rare     = "дирижабль"
)

// firstKey is far from the keys of problems that a test really sends.
const firstKey = 1 << 40

// slice is how many rows one transaction writes.
const slice = 2000

// Fill writes rows as Refresh would leave them, and counts the cells of the map. The rows are the same each time.
func Fill(tb testing.TB, db *sqldb.DB, city City, rows int) {
	tb.Helper()
	ctx := context.Background()
	if city.Every == 0 {
		city.Every = time.Minute
	}
	if city.Zone == nil {
		city.Zone = time.UTC
	}
	dice := rand.New(rand.NewPCG(7, 7))
	hearts := make([]geo.Point, 200) // where people live densely
	for i := range hearts {
		hearts[i] = somewhere(dice, city.Box)
	}
	for from := 0; from < rows; from += slice {
		err := db.Do(ctx, func(tx *sqldb.Tx) error {
			for i := from; i < min(from+slice, rows); i++ {
				if err := city.write(tx, dice, hearts, i, rows); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			tb.Fatal(err)
		}
	}
	count(tb, db, city.ID)
}

func somewhere(dice *rand.Rand, box geo.Box) geo.Point {
	return geo.Point{Lat: box.Min.Lat + dice.Float64()*(box.Max.Lat-box.Min.Lat), Lon: box.Min.Lon + dice.Float64()*(box.Max.Lon-box.Min.Lon)}
}

// place is near a heart twice of three times.
func (c City) place(dice *rand.Rand, hearts []geo.Point) geo.Point {
	p := somewhere(dice, c.Box)
	if dice.IntN(3) == 0 {
		return p
	}
	h := hearts[dice.IntN(len(hearts))]
	near := geo.Point{Lat: h.Lat + dice.NormFloat64()*0.004, Lon: h.Lon + dice.NormFloat64()*0.008}
	if c.Box.Contains(near) {
		return near
	}
	return p
}

// life is where a problem of a place in the row stands: the newest are open.
func life(dice *rand.Rand, age float64) (problem.Status, board.Standing) {
	switch n := dice.Float64(); {
	case n > age*4:
		return problem.Work, board.Open
	case n > age*3:
		return problem.Answered, board.Answered
	case n > 0.4:
		return problem.Confirmed, board.Solved
	}
	return problem.Silent, board.Silent
}

func (c City) write(tx *sqldb.Tx, dice *rand.Rand, hearts []geo.Point, i, rows int) error {
	key, p := firstKey+int64(i), c.place(dice, hearts)
	t, district := c.Topics[int(float64(len(c.Topics))*dice.Float64()*dice.Float64())], c.Districts[dice.IntN(len(c.Districts))]
	created := c.Now.Add(-time.Duration(rows-i) * c.Every)
	status, standing := life(dice, float64(rows-i)/float64(rows))
	_, offset := created.In(c.Zone).Zone()
	day := (created.Unix() + int64(offset)) / 86400
	late := 0
	if standing == board.Open && dice.IntN(4) == 0 {
		late = 1
	}
	municipality := ""
	if len(c.Municipalities) > 0 {
		municipality = c.Municipalities[dice.IntN(len(c.Municipalities))]
	}
	_, err := tx.Exec(`
		INSERT INTO board_fact (
			city, problem, seq, number, visible, status, standing, topic, object, category, district, municipality, house, address,
			lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took, on_time, checked, ending,
			disputed, joined, photo, excerpt, late)
		VALUES ($1, $2, 5, $3, 1, $4, $5, $6, $7, $8, $9, $21, $10, $11, $12, $13, $14, 'light', $15, $16, $17, $17, $18, 3, 1, 2, '', 0, $19, 0, $20, $22)`,
		c.ID, key, 1_000_000+int64(i), string(status), string(standing), int64(t.ID), int64(t.Object), int64(t.Category), district,
		int64(dice.IntN(20_000)), fmt.Sprintf("ул. Садовая, д. %d", dice.IntN(200)), p.Lat, p.Lon, board.Cell(p), created.UnixMicro(), day,
		created.Add(14*24*time.Hour).UnixMicro(), day+3, dice.IntN(5), "Во дворе дома не горит фонарь, третий день темно у самой остановки", municipality, late)
	if err != nil {
		return err
	}
	return c.tell(tx, dice, key)
}

// tell writes what everyone may read, by a vocabulary as uneven as people's.
func (c City) tell(tx *sqldb.Tx, dice *rand.Rand, key int64) error {
	var words []string
	for range 12 {
		words = append(words, fmt.Sprintf("слово%d", int(20_000*dice.Float64()*dice.Float64()*dice.Float64())))
	}
	if dice.IntN(3) == 0 {
		words = append(words, Frequent)
	}
	if dice.IntN(10_000) == 0 {
		words = append(words, Rare)
	}
	query := `INSERT INTO board_search (rowid, stems) VALUES ($1, $2)`
	if tx.Engine() == sqldb.Postgres {
		query = `INSERT INTO board_search (problem, words) VALUES ($1, to_tsvector('simple', $2))`
	}
	_, err := tx.Exec(query, key, board.Words(c.ID, strings.Join(words, " ")))
	return err
}

// count counts the cells anew, as a load does.
func count(tb testing.TB, db *sqldb.DB, city int64) {
	tb.Helper()
	if err := (&board.Service{DB: db}).CountCells(context.Background(), city, nil); err != nil {
		tb.Fatal(err)
	}
	if db.Engine() == sqldb.SQLite {
		return // its plans follow no statistics here, as in a running city
	}
	err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`ANALYZE board_fact, board_cluster, board_area, board_search`)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}
