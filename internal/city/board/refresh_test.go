package board_test

import (
	"context"
	"fmt"
	"strings"
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
			"due = due + 1", "on_time = 1", "visible = 1 - visible", "excerpt = 'подменили'", "disputed = 1", "lat = 58.2"} {
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
		if list := differ(); len(list) != 7 {
			t.Errorf("an emptied board differs at %v", list)
		}
	})
}
