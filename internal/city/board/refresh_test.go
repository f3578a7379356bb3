package board_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorod/internal/city/board"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/platform/event"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

func TestOlderNewsDoesNotOverwriteNewer(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		sent := b.open(t, lamp("Темно"))
		b.drain(t)
		refresh := func(seq int64) {
			must(t, b.board.Refresh(ctx, job.Job{City: problemtest.City, Kind: board.JobRefresh,
				Args: job.Args(event.Event{City: problemtest.City, Subject: sent.Problem, Seq: seq})}))
		}
		set := func(seq int64, excerpt string) {
			must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(`UPDATE board_fact SET seq = $1, excerpt = $2`, seq, excerpt)
				return err
			}))
		}
		shown := func() string { return b.list(t, board.Filter{}).Lines[0].Excerpt }
		set(9, "из будущего")
		refresh(2)
		if got := shown(); got != "из будущего" {
			t.Errorf("older news made %q", got)
		}
		set(1, "из прошлого")
		refresh(2)
		refresh(2)
		if got := shown(); got != "Темно" {
			t.Errorf("news made %q", got)
		}
	})
}

func TestVerifyFindsEveryTamperedCell(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		for _, crime := range []string{
			`UPDATE board_cluster SET n = n + 1 WHERE level = 12 AND object = 0 AND span = 0`,
			`UPDATE board_cluster SET lat = lat - 1 WHERE level = 14 AND object = 2 AND span <> 0`,
			`UPDATE board_cluster SET problem = problem + 1, late = late + 1 WHERE level = 20 AND object = 0`,
			`UPDATE board_cluster SET cell = cell + 1 WHERE level = 16 AND object = 2 AND span = 0`,
			`DELETE FROM board_cluster WHERE level = 18`,
			`INSERT INTO board_cluster (city, level, object, span, cell, n, open, late, answered, solved, silent, lat, lon, problem) VALUES (1, 18, 77, 0, 5, 1, 0, 0, 0, 0, 0, 0, 0, 0)`,
			`UPDATE board_area SET open = open + 1 WHERE kind = 'district' AND span <> 0`,
			`DELETE FROM board_area WHERE object = 0`,
		} {
			must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(crime); return err }))
			if list, err := b.board.Verify(ctx, problemtest.City); err != nil || len(list) != 1 || list[0] != 0 {
				t.Errorf("%s: differs at %v, %v", crime, list, err)
			}
			must(t, b.board.Rebuild(ctx, problemtest.City, nil))
			if list, err := b.board.Verify(ctx, problemtest.City); err != nil || len(list) != 0 {
				t.Errorf("%s: after a rebuild differs at %v, %v", crime, list, err)
			}
		}
	})
}

// cells is everything that is counted for the map, beside cells that are empty
// again.
func cells(t *testing.T, b *bench) []string {
	t.Helper()
	var rows []string
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) (err error) {
		rows, err = sqldb.List(tx, func(r sqldb.Scanner) (string, error) {
			var row [13]int64
			var fields []any
			for i := range row {
				fields = append(fields, &row[i])
			}
			err := r.Scan(fields...)
			return fmt.Sprint(row), err
		}, `
			SELECT level, object, span, cell, n, open, late, answered, solved, silent, lat, lon, problem FROM board_cluster
			WHERE n <> 0 OR lat <> 0 OR lon <> 0 OR problem <> 0
			ORDER BY level, object, span, cell`)
		return err
	}))
	return rows
}

func TestNewsThatComesAgainIsNotCountedAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		before := cells(t, b)
		if len(before) == 0 {
			t.Fatal("nothing is counted")
		}
		again := func(subject int64) {
			must(t, b.board.Refresh(ctx, job.Job{City: problemtest.City, Kind: board.JobRefresh,
				Args: job.Args(event.Event{City: problemtest.City, Subject: subject, Seq: 1})}))
		}
		must(t, b.Keys(ctx, problemtest.City, 10, func(keys []int64) error {
			var all sync.WaitGroup
			for _, key := range append(keys, keys...) { // at once: a late worker beside its successor
				all.Go(func() { again(key) })
			}
			all.Wait()
			return nil
		}))
		if got := cells(t, b); !slices.Equal(got, before) {
			t.Errorf("counted\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
		}
		must(t, b.board.Rebuild(ctx, problemtest.City, nil))
		if got := cells(t, b); !slices.Equal(got, before) {
			t.Errorf("a rebuild counts\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(before, "\n"))
		}
	})
}

func TestTheFirstNewsOfAProblemIsCountedOnceByManyWorkers(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		sent := b.open(t, lamp("Темно"))
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				must(t, b.board.Refresh(ctx, job.Job{City: problemtest.City, Kind: board.JobRefresh,
					Args: job.Args(event.Event{City: problemtest.City, Subject: sent.Problem, Seq: 2})}))
			})
		}
		all.Wait()
		if list, err := b.board.Verify(ctx, problemtest.City); err != nil || len(list) > 0 {
			t.Errorf("differs at %v, %v", list, err)
		}
		if n := len(cells(t, b)); n != 34 { // 17 levels and sizes, by object and without
			t.Errorf("%d cells", n)
		}
	})
}

// dump is everything that the board stores of the town.
func dump(t *testing.T, b *bench) string {
	t.Helper()
	var out string
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		rows, err := sqldb.List(tx, func(r sqldb.Scanner) (string, error) {
			fields := make([]any, 30)
			for i := range fields {
				fields[i] = new(any)
			}
			err := r.Scan(fields...)
			var line strings.Builder
			for _, f := range fields {
				fmt.Fprintf(&line, "%v|", *f.(*any))
			}
			return line.String(), err
		}, `
			SELECT city, problem, seq, number, visible, status, topic, object, category, district, municipality, house, address,
				lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took, on_time, checked, ending,
				disputed, joined, photo, excerpt
			FROM board_fact
			ORDER BY problem`)
		out = strings.Join(rows, "\n")
		return err
	}))
	for _, words := range []string{"фонарь", "A", "горит", "C", "D", "тепло"} {
		out += fmt.Sprintln("\n", words, numbers(b.list(t, board.Filter{Text: words}).Lines))
	}
	return out
}

func TestARebuildGivesWhatTheNewsGave(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		before := dump(t, b)
		must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE board_fact SET status = 'work', seq = 99, district = 'nowhere'`)
			return err
		}))
		if dump(t, b) == before {
			t.Fatal("nothing was spoilt")
		}
		done := 0
		must(t, b.board.Rebuild(ctx, problemtest.City, func(n int) { done = n }))
		if got := dump(t, b); got != before || done != 7 {
			t.Errorf("%d rebuilt:\n%s\nwant\n%s", done, got, before)
		}
	})
}

func TestVerifyFindsEveryTamperedRow(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		differ := func() []int64 {
			t.Helper()
			list, err := b.board.Verify(ctx, problemtest.City)
			must(t, err)
			return list
		}
		if list := differ(); len(list) != 0 {
			t.Fatalf("a sound board differs at %v", list)
		}
		for _, crime := range []string{"status = 'confirmed'", "ending = 'controlled'", "took = 1", "seq = seq + 1", "district = 'north'",
			"due = due + 1", "on_time = 1", "excerpt = 'подменили'", "late = 1 - late", "disputed = 1", "address = 'там'"} {
			must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error {
				_, err := tx.Exec(`UPDATE board_fact SET ` + crime + ` WHERE number = (SELECT max(number) FROM board_fact)`)
				return err
			}))
			if list := differ(); len(list) != 1 {
				t.Errorf("%s: differs at %v", crime, list)
			}
			must(t, b.board.Rebuild(ctx, problemtest.City, nil))
		}
		must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(`DELETE FROM board_fact`); return err }))
		if list := differ(); len(list) != 8 || list[7] != 0 {
			t.Errorf("an emptied board differs at %v", list)
		}
	})
}
