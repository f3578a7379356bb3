package app_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/board"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
	"gorod/packs"
)

// excerpt is the invented town with every sixth scene of its story: all of
// them take half a minute, most of it photos.
func excerpt(t *testing.T) fs.FS {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	must(t, os.CopyFS(dir, packs.Zarechny()))
	path := filepath.Join(dir, "story.ndjson")
	body, err := os.ReadFile(path)
	must(t, err)
	var kept []string
	for i, line := range strings.Split(strings.TrimSpace(string(body)), "\n") {
		if i%6 == 0 {
			kept = append(kept, line)
		}
	}
	must(t, os.WriteFile(path, []byte(strings.Join(kept, "\n")+"\n"), 0o600))
	return os.DirFS(dir)
}

func TestTheDemoLivesThroughItsStoryByTheRules(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db"), "GOROD_DEMO=true"})
	must(t, err)
	clock := func() time.Time { return sqldbtest.Start }
	a, err := app.Open(ctx, settings, slog.New(slog.DiscardHandler), app.Options{Clock: clock})
	must(t, err)
	defer a.Close()
	files := excerpt(t)
	var told []string
	tell := app.Telling{Say: func(line string) { told = append(told, line) }}
	city, err := a.Demo(ctx, files, tell)
	if err != nil {
		t.Fatalf("%v; told %s", err, strings.Join(told, "\n"))
	}
	n, flaws, err := a.Problems.Verify(ctx, city.ID, nil)
	if err != nil || n < 15 || len(flaws) > 0 {
		t.Errorf("%d problems, %v, flaws %v", n, err, flaws)
	}
	stale, err := a.Board.Verify(ctx, city.ID)
	if err != nil || len(stale) > 0 {
		t.Errorf("%v, stale rows %v", err, stale)
	}
	page, err := a.Board.List(ctx, city.ID, board.Filter{})
	if err != nil || page.Total == 0 || page.Total > n {
		t.Errorf("%d of %d problems are listed, %v", page.Total, n, err)
	}
	for _, f := range a.Examine(ctx) {
		if f.Sick {
			t.Errorf("%s is sick: %s", f.Part, f.Says)
		}
	}
	signIns, err := a.SignIns(ctx, city)
	must(t, err)
	for _, role := range resident.Roles() {
		if !slices.ContainsFunc(signIns, func(s app.SignIn) bool { return s.Role == role }) {
			t.Errorf("nobody of the demo is a %s", role)
		}
	}
	// Coming back finds the city as it was left.
	told = nil
	if _, err := a.Demo(ctx, files, tell); err != nil || !strings.Contains(strings.Join(told, "\n"), "as it was left") {
		t.Errorf("again: %v, told %v", err, told)
	}
	if again, _, err := a.Problems.Verify(ctx, city.ID, nil); err != nil || again != n {
		t.Errorf("again there are %d problems, %v", again, err)
	}
}

// remembering is the small test pack with n recorded histories beside it.
func remembering(t *testing.T, n int) fs.FS {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pack")
	must(t, os.CopyFS(dir, packtest.Files()))
	must(t, os.RemoveAll(filepath.Join(dir, "story.ndjson")))
	p, report := pack.Read(os.DirFS(dir))
	must(t, report.Err())
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	for i := range n {
		h := history.History{ID: int64(7000 + i), Author: "житель-1", Reason: int64(p.Topics[0].ID), Lat: p.City.Center.Lat, Lon: p.City.Center.Lon}
		for day, e := range []history.Entry{
			{Type: history.TypePetition, Body: fmt.Sprintf("Яма номер %d", i)},
			{Type: history.TypeStatus, Name: history.NameModeration},
			{Type: history.TypeStatus, Name: history.NameWork},
		} {
			e.At = fmt.Sprintf("2026-10-%02dT10:00:00", day+1)
			h.Events = append(h.Events, e)
		}
		must(t, json.NewEncoder(w).Encode(h))
	}
	must(t, w.Close())
	must(t, os.WriteFile(filepath.Join(dir, pack.HistoriesFile), zipped.Bytes(), 0o600))
	return os.DirFS(dir)
}

func TestADemoGoesOnReplayingWhereItWasInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db"), "GOROD_DEMO=true"})
	must(t, err)
	a, err := app.Open(context.Background(), settings, slog.New(slog.DiscardHandler), app.Options{})
	must(t, err)
	defer a.Close()
	const histories = 40
	files := remembering(t, histories)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	bars := map[string]int{}
	var told []string
	tell := app.Telling{Say: func(line string) { told = append(told, line) }, Bar: func(what string, done, total int) {
		bars[what] = done
		if what == "replayed" && total != histories {
			t.Errorf("%d histories in all", total)
		}
		stop()
	}}
	if _, err := a.Demo(ctx, files, tell); !errors.Is(err, context.Canceled) || bars["replayed"] == 0 || bars["replayed"] == histories {
		t.Fatalf("interrupted: %v after %v", err, bars)
	}
	city, err := a.Demo(context.Background(), files, tell)
	must(t, err)
	page, err := a.Board.List(context.Background(), city.ID, board.Filter{})
	if err != nil || page.Total != histories || bars["replayed"] != histories {
		t.Errorf("%d problems are listed after %v, %v", page.Total, bars, err)
	}
	clear(bars)
	if _, err := a.Demo(context.Background(), files, tell); err != nil || bars["replayed"] != 0 {
		t.Errorf("a third start replays %d again, %v", bars["replayed"], err)
	}
}

func TestADemoOfRecordedHistoriesLivesOnInTheDaysAfterThem(t *testing.T) {
	t.Parallel()
	dir, files := t.TempDir(), remembering(t, 3)
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db"), "GOROD_DEMO=true"})
	must(t, err)
	begun := time.Date(2031, 5, 6, 12, 0, 0, 0, time.UTC)
	must(t, app.SetDemoClock(dir, files, begun))
	must(t, app.SetDemoClock(dir, files, begun.AddDate(0, 3, 0))) // a later start lets it run on
	behind := time.Since(begun)
	a, err := app.Open(context.Background(), settings, slog.New(slog.DiscardHandler), app.Options{})
	must(t, err)
	defer a.Close()
	last := time.Date(2026, 10, 3, 7, 0, 0, 0, time.UTC) // 10:00 in Moscow
	today := a.DB.Now().Add(-behind)
	if since := today.Sub(last); since < 0 || since > 7*24*time.Hour+time.Minute || today.Weekday() != begun.Weekday() {
		t.Errorf("when the demo was begun it was %s in it, %s after the last entry", today, since)
	}
	// Where there are no histories the clock is the world's.
	other := t.TempDir()
	must(t, app.SetDemoClock(other, packtest.Files(), begun))
	if _, err := os.Stat(filepath.Join(other, "clock")); err == nil {
		t.Error("a pack without histories set the clock")
	}
}

func TestEveryPieceOfNewsHasItsListenersAndEveryJobItsHandler(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	epoch := found(t, dir)
	a, err := openCity(dir, epoch)
	must(t, err)
	defer a.Close()
	city, err := a.City(ctx, "")
	must(t, err)
	sent, err := a.Problems.Do(ctx, resident.Who{City: city.ID}, order(1, 1))
	must(t, err)
	machine := resident.Machine(city.ID)
	for _, c := range []problem.Command{problem.Accept{}, problem.Give{Org: "uk", Outcome: problem.Done, Text: "Горит"}, problem.Pass{}} {
		_, err := a.Problems.Do(ctx, machine, problem.Order{Problem: sent.Problem, Command: c})
		must(t, err)
	}
	_, err = a.Runner(nil).Drain(ctx)
	must(t, err)
	for _, f := range a.Examine(ctx) {
		if f.Part == "queue" && (f.Sick || !strings.HasPrefix(f.Says, "0 waiting, 0 running, 0 dead")) {
			t.Errorf("the queue: %s", f.Says)
		}
	}
	page, err := a.Board.List(ctx, city.ID, board.Filter{Text: "горит"})
	if err != nil || page.Total != 1 || page.Lines[0].Status != problem.Answered {
		t.Errorf("the board lists %+v, %v", page, err)
	}
}

func TestACityIsNamedOnlyWhereThereAreSeveral(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	a, err := openCity(dir, time.Now())
	must(t, err)
	defer a.Close()
	if _, err := a.City(ctx, ""); err == nil || !strings.Contains(err.Error(), "import a pack first") {
		t.Errorf("an empty database: %v", err)
	}
	for _, key := range []string{"tiny", "other"} {
		files := packtest.Files()
		if key != "tiny" {
			files = packtest.With("city.toml", `id = "tiny"`, `id = "other"`)
		}
		p, report := pack.Read(files)
		must(t, report.Err())
		_, err := a.ImportPack(ctx, p, report, resident.DemoPassword{}, nil)
		must(t, err)
		if again, err := a.ImportPack(ctx, p, report, resident.DemoPassword{}, nil); err != nil || !again.Unchanged {
			t.Errorf("the same pack again: %+v, %v", again, err)
		}
		if c, err := a.City(ctx, key); err != nil || c.Key != key {
			t.Errorf("city %+v, %v", c.Key, err)
		}
		_, err = a.City(ctx, "")
		if several := key == "other"; several != (err != nil) || several && !strings.Contains(err.Error(), "--city: ") {
			t.Errorf("after %s: %v", key, err)
		}
	}
}

func TestTheKeyOfACityIsMadeOnceAndKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var keys []string
	for range 2 {
		a, err := openCity(dir, time.Now())
		must(t, err)
		keys = append(keys, a.Key.Reveal())
		must(t, a.Close())
	}
	if keys[0] != keys[1] || len(keys[0]) != 64 {
		t.Errorf("%d letters, kept %v", len(keys[0]), keys[0] == keys[1])
	}
}

func TestAReaderOfAnOlderDatabaseSaysWhatToDo(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	epoch := found(t, dir)
	server, err := openCity(dir, epoch)
	must(t, err)
	defer server.Close()
	must(t, server.DB.Do(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`DELETE FROM schema_migration WHERE name = '0130_house'`)
		return err
	}))
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db")})
	must(t, err)
	_, err = app.Open(ctx, settings, slog.New(slog.DiscardHandler), app.Options{ReadOnly: true})
	if err == nil || !strings.Contains(err.Error(), "1 steps behind this program: start gorod serve") {
		t.Errorf("said %v", err)
	}
	doctor, err := app.Open(ctx, settings, slog.New(slog.DiscardHandler), app.Options{ReadOnly: true, Behind: true})
	must(t, err)
	must(t, doctor.Close())
}

func TestAReaderBesideTheServerMigratesAndWritesNothing(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	dir := t.TempDir()
	epoch := found(t, dir)
	server, err := openCity(dir, epoch)
	must(t, err)
	defer server.Close()
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db")})
	must(t, err)
	reader, err := app.Open(ctx, settings, slog.New(slog.DiscardHandler), app.Options{ReadOnly: true})
	must(t, err)
	defer reader.Close()
	if c, err := reader.City(ctx, tiny); err != nil || c.Key != tiny {
		t.Errorf("reads %+v, %v", c, err)
	}
	err = reader.DB.Do(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(`DELETE FROM city`); return err })
	if err == nil {
		t.Error("a reader wrote")
	}
}
