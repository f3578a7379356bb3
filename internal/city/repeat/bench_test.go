package repeat_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"syscall"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/repeat"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

// BenchmarkFind measures one query in a city of GOROD_BENCH_ROWS problems
// (50,000 when it is not set) on SQLite: in the heart of a quarter, in the open,
// and at a house. One problem of ten is open or was closed within 30 days.
//
//	GOROD_BENCH_ROWS=1000000 go test -run - -bench Find ./internal/city/repeat
func BenchmarkFind(b *testing.B) {
	rows := 50_000
	if n, err := strconv.Atoi(os.Getenv("GOROD_BENCH_ROWS")); err == nil {
		rows = n
	}
	db := kit.SQLite(b)
	town := problemtest.New(b, db)
	city := newCity(rows)
	city.fill(b, town.DB)
	find := &repeat.Service{DB: town.DB, Topics: town.Topics, Problems: town.Service}
	query := repeat.Query{Text: "Во дворе третий день не горит фонарь у детской площадки", Topic: problemtest.Lamp, At: sqldbtest.Start, Days: 30}
	for _, where := range []struct {
		name string
		set  func(*repeat.Query)
	}{
		{"in the heart of a quarter", func(q *repeat.Query) { q.Point = city.hearts[0] }},
		{"in the open", func(q *repeat.Query) { q.Point = geo.Point{Lat: 59.751, Lon: 29.901} }},
		{"at a house", func(q *repeat.Query) { q.Point, q.House, q.Inside = city.hearts[0], 7, true }},
	} {
		b.Run(where.name, func(b *testing.B) {
			q := query
			where.set(&q)
			found, n, before := 0, 0, cpu(b)
			for b.Loop() {
				n++
				list, err := find.Find(context.Background(), problemtest.City, q)
				if err != nil {
					b.Fatal(err)
				}
				found = len(list)
			}
			b.ReportMetric(float64((cpu(b)-before).Microseconds())/1000/float64(n), "cpu-ms/op")
			b.ReportMetric(float64(found), "found")
		})
	}
}

// bigCity is a city of invented problems, two of three near a heart.
type bigCity struct {
	rows   int
	dice   *rand.Rand
	hearts []geo.Point
}

func newCity(rows int) *bigCity {
	c := &bigCity{rows: rows, dice: rand.New(rand.NewPCG(7, 7)), hearts: make([]geo.Point, 200)}
	for i := range c.hearts {
		c.hearts[i] = c.somewhere()
	}
	return c
}

func (c *bigCity) somewhere() geo.Point {
	return geo.Point{Lat: 59.75 + c.dice.Float64()*0.35, Lon: 29.9 + c.dice.Float64()*0.8}
}

func (c *bigCity) fill(b *testing.B, db *sqldb.DB) {
	b.Helper()
	const slice = 2000
	for from := 0; from < c.rows; from += slice {
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			for i := from; i < min(from+slice, c.rows); i++ {
				if err := c.write(tx, int64(i+1)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func (c *bigCity) write(tx *sqldb.Tx, i int64) error {
	key, p := 1<<40+i, c.somewhere()
	if c.dice.IntN(3) != 0 {
		h := c.hearts[c.dice.IntN(len(c.hearts))]
		p = geo.Point{Lat: h.Lat + c.dice.NormFloat64()*0.004, Lon: h.Lon + c.dice.NormFloat64()*0.008}
	}
	at := sqldbtest.Start.Add(-time.Duration(int64(c.rows)-i) * time.Minute)
	status, closed := problem.Confirmed, at.Add(10*24*time.Hour)
	if i > int64(c.rows)*9/10 {
		status, closed = problem.Work, time.Time{}
	}
	about := []topic.ID{problemtest.Lamp, problemtest.Pothole, problemtest.Snow}[c.dice.IntN(3)]
	s := problem.State{Status: status, Number: key, Topic: topic.Ref{ID: about, Version: 1}, Public: true,
		Place: place.Place{Point: p}, Accepted: 1, Created: problem.Moment(at.UnixMicro()), Messages: []problem.Message{{Num: 1, Text: key}}}
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	micros := int64(0)
	if !closed.IsZero() {
		micros = closed.UnixMicro()
	}
	_, err = tx.Exec(`
		INSERT INTO problem (city, id, uid, number, status, seq, topic, topic_version, object, category, visible,
			lat, lon, cell, house, address, district, municipality, author, executor, coordinator, controller,
			created, accepted, stage_due, due, answered, closed, changed, messages, joined, redirect_asked, redirects, sent_back, state)
		VALUES ($1, $2, $3, $2, $4, 5, $5, 1, 2, 20, 1, $6, $7, $8, $9, '', 'west', '', 0, '', '', '', $10, 1, 0, 0, 0, $11, 0, 1, 0, 0, 0, 0, $12)`,
		problemtest.City, key, fmt.Sprint(key), string(status), int64(about), p.Lat, p.Lon, geo.Cell(p), int64(c.dice.IntN(20_000)),
		at.UnixMicro(), micros, string(body))
	if err != nil {
		return err
	}
	said := []string{"Не горит фонарь во дворе, темно", "Яма на дороге у поворота, машины объезжают", "Снег на тротуаре не убран с понедельника"}[c.dice.IntN(3)]
	_, err = tx.Exec(`INSERT INTO problem_text (city, id, problem, resident, body, salt, signer, erased) VALUES ($1, $2, $2, 1, $3, '', '', 0)`,
		problemtest.City, key, said)
	return err
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
