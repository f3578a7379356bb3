package replay

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(problemtest.Schema()...)

// world is the test town with the organisations of the invented histories.
func world(t *testing.T, db *sqldb.DB) *Runner {
	t.Helper()
	town := problemtest.New(t, db)
	orgs := org.New(town.DB)
	must(t, town.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		var rows []org.Organisation
		for key, name := range orgNames() {
			rows = append(rows, org.Organisation{ID: key, Kind: org.Authority, Name: map[string]string{"ru": name}, Open: true})
		}
		return orgs.Load(tx, problemtest.City, 1, rows)
	}))
	silent := problem.New(problem.Service{DB: town.DB, Places: town.Places, Topics: town.Topics, Routes: town.Routes,
		Deadlines: town.Deadlines, IDs: id.Source{}})
	return &Runner{City: problemtest.City, Problems: silent, Topics: town.Topics, Orgs: orgs, Workers: 4}
}

// file is the invented histories as the portal's file has them.
func file(t *testing.T) *bytes.Reader {
	t.Helper()
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	encoder := json.NewEncoder(zip)
	all := histories()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		must(t, encoder.Encode(all[name]))
	}
	must(t, zip.Close())
	return bytes.NewReader(body.Bytes())
}

func (r *Runner) export(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	must(t, r.Problems.Export(context.Background(), r.City, func(e problem.Exported) error { return encoder.Encode(e) }))
	return b.String()
}

// sound replays the file to its end and expects that nothing is missing.
func (r *Runner) sound(t *testing.T) {
	t.Helper()
	report, err := r.Run(context.Background(), file(t))
	must(t, err)
	if report.Replayed != len(histories()) || len(report.NotRepresented) > 0 || report.Refused > 0 || report.StatusDiffers > 0 {
		t.Errorf("replayed %d; not represented %v, refused %d, status differs %d: %v", report.Replayed, report.NotRepresented,
			report.Refused, report.StatusDiffers, report.Examples)
	}
	n, flaws, err := r.Problems.Verify(context.Background(), r.City, nil)
	if err != nil || n != len(histories()) || len(flaws) > 0 {
		t.Errorf("verified %d problems, %v, flaws %v", n, err, flaws)
	}
}

func TestAReplayLeavesNothingOutAndAgainChangesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := world(t, db)
		heard := 0
		r.Progress = func(done, _ int) { heard = max(heard, done) }
		r.sound(t)
		first := r.export(t)
		if heard != len(histories()) || strings.Count(first, "\n") != heard {
			t.Errorf("heard of %d, exported %d", heard, strings.Count(first, "\n"))
		}
		r.sound(t)
		if again := r.export(t); again != first {
			t.Errorf("replayed again:\n%s\nfirst\n%s", again, first)
		}
	})
}

func TestBothEnginesExportAReplayByteForByteAlike(t *testing.T) {
	t.Parallel()
	exports := map[string]string{}
	for name, db := range map[string]*sqldb.DB{"SQLite": kit.SQLite(t), "PostgreSQL": kit.Postgres(t)} {
		r := world(t, db)
		r.sound(t)
		exports[name] = r.export(t)
	}
	if exports["SQLite"] != exports["PostgreSQL"] || exports["SQLite"] == "" {
		t.Errorf("SQLite gives\n%s\nPostgreSQL gives\n%s", exports["SQLite"], exports["PostgreSQL"])
	}
}

func TestTheStatesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := world(t, db)
		report, err := r.Run(context.Background(), file(t))
		must(t, err)
		want := map[string]int{"silent": 3, "confirmed": 3, "controlled": 1, "answered": 9, "work": 2, "moderation": 1, "review": 1}
		if !maps.Equal(report.States, want) {
			t.Errorf("states %v, want %v", report.States, want)
		}
		if report.Commands["send"] != 20 || report.Commands["dispute"] != 2 || report.Events[history.TypePetition] != 22 ||
			report.Traces["answer missing from the file"] != 2 || report.Traces["change back missing from the file"] != 1 || report.Traces[history.TypeReopen] != 1 {
			t.Errorf("commands %v, entries %v, traces %v", report.Commands, report.Events, report.Traces)
		}
		lamp, err := r.Problems.Find(context.Background(), resident.Machine(problemtest.City), 501)
		if err != nil || lamp.State.Place.Beside != "ул. Садовая, д. 14" {
			t.Errorf("the point in the open is beside %q, %v", lamp.State.Place.Beside, err)
		}
	})
}

func TestAnInterruptedReplayEndsAsAnUndisturbedOne(t *testing.T) {
	t.Parallel()
	whole := world(t, kit.SQLite(t))
	whole.sound(t)
	want := whole.export(t)
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := world(t, db)
		dice := rand.New(rand.NewPCG(20261121, uint64(db.Engine())))
		cut := 0
		for try := range 40 {
			// Sometimes after a history, sometimes in the middle of several.
			ctx, stop := context.WithTimeout(context.Background(), time.Duration(dice.IntN(1000*(try+2)))*time.Microsecond)
			after := dice.IntN(len(histories()))
			r.Progress = func(done, _ int) {
				if try%2 == 0 && done > after {
					stop()
				}
			}
			if _, err := r.Run(ctx, file(t)); err != nil {
				cut++
			}
			stop()
		}
		if cut < 10 {
			t.Errorf("only %d of 40 replays were interrupted", cut)
		}
		r.Progress = nil
		r.sound(t)
		if got := r.export(t); got != want {
			t.Errorf("continued:\n%s\nundisturbed:\n%s", got, want)
		}
	})
}

func TestARefusedHistoryIsToldAndStopsNoOther(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		r := world(t, db)
		report, err := r.Run(context.Background(), zipped(t,
			told(701, append(begin("Темно"), status(5, 10, history.NameConfirmed))...), // nobody answered
			told(702, status(2, 9, history.NameModeration)),                            // nobody wrote
			told(703, begin("Темно")...)))
		must(t, err)
		if report.Replayed != 3 || report.Refused != 1 || report.States["work"] != 2 || report.NotRepresented["refused: problem.not_now.confirm"] != 1 ||
			report.NotRepresented["a history in which nobody does anything"] != 1 {
			t.Errorf("replayed %d, refused %d, states %v, not represented %v", report.Replayed, report.Refused, report.States, report.NotRepresented)
		}
		if len(report.Examples) == 0 || !strings.Contains(strings.Join(report.Examples, "\n"), "history 701") {
			t.Errorf("examples %v", report.Examples)
		}
	})
}

func TestALimitReplaysOnlyTheFirst(t *testing.T) {
	t.Parallel()
	r := world(t, kit.SQLite(t))
	r.Limit = 5
	report, err := r.Run(context.Background(), file(t))
	if err != nil || report.Replayed != 5 || strings.Count(r.export(t), "\n") != 5 {
		t.Errorf("replayed %d, %v", report.Replayed, err)
	}
}

func TestABrokenFileEndsTheReplayWithItsLine(t *testing.T) {
	t.Parallel()
	r := world(t, kit.SQLite(t))
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	fmt.Fprintln(zip, `{"id": 1, "events": [`)
	must(t, zip.Close())
	for name, content := range map[string][]byte{"a broken line": body.Bytes(), "no gzip": []byte("{}"), "nothing": nil} {
		if _, err := r.Run(context.Background(), bytes.NewReader(content)); err == nil {
			t.Errorf("%s was replayed", name)
		}
	}
}

func TestATopicThatWasRenamedIsKnownByItsNumber(t *testing.T) {
	t.Parallel()
	r := world(t, kit.SQLite(t))
	renamed := append(slices.Clone(begin("Темно")[:2]), change(2, 15, pitPath, "Двор/Благоустройство/Фонарь не светит"), status(3, 10, history.NameWork))
	report, err := r.Run(context.Background(), zipped(t, told(704, renamed...)))
	must(t, err)
	if len(report.NotRepresented) > 0 || report.Commands["change_topic"] != 1 {
		t.Errorf("not represented %v, commands %v", report.NotRepresented, report.Commands)
	}
}

func zipped(t *testing.T, list ...history.History) *bytes.Reader {
	t.Helper()
	var body bytes.Buffer
	zip := gzip.NewWriter(&body)
	for _, h := range list {
		must(t, json.NewEncoder(zip).Encode(h))
	}
	must(t, zip.Close())
	return bytes.NewReader(body.Bytes())
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
