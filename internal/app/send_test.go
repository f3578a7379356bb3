package app_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/resident"
)

// The benchmark of this file holds sending against the raw engine: the same
// rows, prepared, with the same size of groups and as many who wait.

const (
	crowd      = 64  // who send at once
	rawGroup   = 256 // rows' owners that share a COMMIT, as in sqldb
	benchRound = 2000
)

// rawRow is one row of a sent message, and which of its columns must differ
// from message to message.
type rawRow struct {
	insert string
	values []any
	vary   []bool
}

// of gives the row's values for the n-th copy.
func (r rawRow) of(n int64) []any {
	out := slices.Clone(r.values)
	for i, vary := range r.vary {
		if !vary {
			continue
		}
		switch v := out[i].(type) {
		case int64:
			out[i] = v + n<<20
		case string:
			out[i] = fmt.Sprintf("%s-%d", v, n)
		}
	}
	return out
}

// tables are the tables of a database in the order in which they were made,
// so that what others refer to comes first.
func tables(b *testing.B, db *sql.DB) []string {
	rows, err := db.Query(`SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%' ORDER BY rowid`)
	must(b, err)
	defer rows.Close()
	var list []string
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
		list = append(list, name)
	}
	must(b, rows.Err())
	return list
}

// newest is the last row of each table.
func newest(b *testing.B, db *sql.DB) map[string]int64 {
	out := map[string]int64{}
	for _, table := range tables(b, db) {
		var last sql.NullInt64
		if err := db.QueryRow(`SELECT max(rowid) FROM ` + table).Scan(&last); err == nil {
			out[table] = last.Int64
		}
	}
	return out
}

// unique are the columns of a table that are part of a key or refer to one, the
// city's aside.
func unique(b *testing.B, db *sql.DB, table string) map[string]bool {
	rows, err := db.Query(`SELECT c.name FROM pragma_index_list($1) i, pragma_index_info(i.name) c WHERE i."unique" = 1
		UNION SELECT name FROM pragma_table_info($1) WHERE pk > 0
		UNION SELECT "from" FROM pragma_foreign_key_list($1)`, table)
	must(b, err)
	defer rows.Close()
	out := map[string]bool{}
	for rows.Next() {
		var name string
		must(b, rows.Scan(&name))
		out[name] = name != "city"
	}
	must(b, rows.Err())
	return out
}

// written are the rows that came since.
func written(b *testing.B, db *sql.DB, since map[string]int64) []rawRow {
	var out []rawRow
	for _, table := range tables(b, db) {
		last, known := since[table]
		if !known {
			continue
		}
		keys := unique(b, db, table)
		rows, err := db.Query(`SELECT * FROM `+table+` WHERE rowid > $1`, last)
		must(b, err)
		columns, err := rows.Columns()
		must(b, err)
		for rows.Next() {
			r := rawRow{values: make([]any, len(columns)), vary: make([]bool, len(columns))}
			places, to := make([]string, len(columns)), make([]any, len(columns))
			for i, name := range columns {
				places[i], to[i], r.vary[i] = fmt.Sprintf("$%d", i+1), &r.values[i], keys[name]
			}
			must(b, rows.Scan(to...))
			r.insert = fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, table, strings.Join(columns, ", "), strings.Join(places, ", "))
			out = append(out, r)
		}
		must(b, rows.Err())
		rows.Close()
	}
	return out
}

// rawEngine commits copies of rows in groups, as fast as the engine can.
type rawEngine struct {
	queue chan rawCopy
	done  sync.WaitGroup
}

type rawCopy struct {
	n     int64
	acked chan error
}

func startRaw(b *testing.B, db *sql.DB, rows []rawRow) *rawEngine {
	ctx := context.Background()
	conn, err := db.Conn(ctx)
	must(b, err)
	prepared := make([]*sql.Stmt, len(rows))
	for i, r := range rows {
		prepared[i], err = conn.PrepareContext(ctx, r.insert)
		must(b, err)
	}
	commit := func(group []rawCopy) error {
		if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
			return err
		}
		defer conn.ExecContext(ctx, "ROLLBACK") // nothing to take back after COMMIT
		for _, c := range group {
			for i, r := range rows {
				if _, err := prepared[i].ExecContext(ctx, r.of(c.n)...); err != nil {
					return fmt.Errorf("%s: %w", r.insert, err)
				}
			}
		}
		_, err := conn.ExecContext(ctx, "COMMIT")
		return err
	}
	e := &rawEngine{queue: make(chan rawCopy, rawGroup)}
	e.done.Go(func() {
		defer conn.Close()
		for first := range e.queue {
			group := []rawCopy{first}
			for more := true; more && len(group) < rawGroup; {
				select {
				case c, open := <-e.queue:
					if more = open; open {
						group = append(group, c)
					}
				default:
					more = false
				}
			}
			err := commit(group)
			for _, c := range group {
				c.acked <- err
			}
		}
	})
	return e
}

// rush lets the crowd do something n times in all and gives how many were done
// a second.
func rush(b *testing.B, n int, do func(i int) error) float64 {
	var next atomic.Int64
	var crowds sync.WaitGroup
	start := time.Now()
	for range crowd {
		crowds.Go(func() {
			for i := next.Add(1); i <= int64(n); i = next.Add(1) {
				if err := do(int(i)); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	crowds.Wait()
	return float64(n) / time.Since(start).Seconds()
}

// BenchmarkSend sends messages from many at once, durably, in turns with the
// raw engine writing the same rows into a database of its own beside it. Its
// ratio is the share of the raw engine's rate that is left (design: ≥ 0.5).
func BenchmarkSend(b *testing.B) {
	dir := b.TempDir()
	epoch := found(b, dir)
	a, err := openCity(dir, epoch)
	must(b, err)
	defer a.Close()
	city, err := a.City(context.Background(), "")
	must(b, err)
	send := func(i int) error {
		_, err := a.Problems.Do(context.Background(), resident.Who{City: city.ID}, order(i%senders, i))
		return err
	}
	raw, rows := rawBeside(b, a, dir, func() { must(b, send(0)) })
	engine := startRaw(b, raw, rows)
	var sent, copied, rounds float64
	for b.Loop() {
		from := 1 + int(rounds)*benchRound
		sent += rush(b, benchRound, func(i int) error { return send(from + i) })
		copied += rush(b, benchRound, func(i int) error {
			c := rawCopy{n: int64(from + i), acked: make(chan error, 1)}
			engine.queue <- c
			return <-c.acked
		})
		rounds++
	}
	close(engine.queue)
	engine.done.Wait()
	b.ReportMetric(sent/rounds, "sends/s")
	b.ReportMetric(copied/rounds, "raw/s")
	b.ReportMetric(sent/copied, "ratio")
	b.ReportMetric(float64(len(rows)), "rows/send")
}

// rawBeside makes a copy of the city for the raw engine, and finds the rows
// that one sent message writes.
func rawBeside(b *testing.B, a *app.App, dir string, send func()) (*sql.DB, []rawRow) {
	const pragmas = "?_pragma=busy_timeout(5000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=cache_size(-65536)"
	look, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "gorod.db")+pragmas+"&mode=ro")
	must(b, err)
	defer look.Close()
	copied := filepath.Join(dir, "raw.db")
	_, err = look.Exec(`VACUUM INTO '` + copied + `'`)
	must(b, err)
	before := newest(b, look)
	send()
	rows := written(b, look, before)
	raw, err := sql.Open("sqlite", "file:"+copied+pragmas+"&_pragma=journal_mode(WAL)")
	must(b, err)
	b.Cleanup(func() { raw.Close() })
	return raw, rows
}
