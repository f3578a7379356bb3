package generate

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/schema"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
	"gorod/packs"
)

const (
	childDSN  = "GOROD_TEST_GENERATE_DSN"  // where a child makes problems
	childKill = "GOROD_TEST_GENERATE_KILL" // stage:done at which it kills itself
)

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childDSN); dsn != "" {
		fmt.Fprintln(os.Stderr, child(dsn, os.Getenv(childKill)))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child makes problems until it kills itself.
func child(dsn, kill string) error {
	db, err := sqldb.Open(context.Background(), dsn, sqldb.Options{Clock: func() time.Time { return sqldbtest.Start }})
	if err != nil {
		return err
	}
	g, err := generator(db)
	if err != nil {
		return err
	}
	g.Progress = func(stage string, done, _ int) {
		if fmt.Sprintf("%s:%d", stage, done) == kill {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		}
	}
	_, err = g.Run(context.Background(), plan())
	return err
}

// many is so many that there are several slices.
const many = 3*few + 7

// few are in a slice.
const few = 200

func plan() Plan { return Plan{Problems: many, Seed: 7, Years: 3, Until: sqldbtest.Start} }

var kit = sqldbtest.New(schema.Migrations()...).Prepared(settle)

func settle(db *sqldb.DB) error {
	p, report := pack.Read(packs.Zarechny())
	_, err := packService(db).Import(context.Background(), p, report, nil)
	return err
}

func packService(db *sqldb.DB) *pack.Service {
	places := place.New(db)
	return packtest.Service(db, &event.Bus{}, resident.New(resident.Service{DB: db, Key: bytes.Repeat([]byte("k"), 32),
		Policy: resident.CityPolicy(places)}))
}

func generator(db *sqldb.DB) (*Generator, error) {
	places := place.New(db)
	g := &Generator{slice: few, DB: db, Places: places, Topics: topic.New(db), Orgs: org.New(db), Packs: packService(db)}
	g.Problems = problem.New(problem.Service{DB: db, Places: places, Topics: g.Topics, Routes: routing.New(db, places),
		Deadlines: deadline.New(db, places), IDs: id.Source{}, FollowKey: bytes.Repeat([]byte("k"), 32)})
	g.Board = &board.Service{DB: db, Places: places, Topics: g.Topics, Problems: g.Problems}
	var err error
	g.City, err = places.CityByKey(context.Background(), "zarechny")
	return g, err
}

func begin(tb testing.TB, db *sqldb.DB) *Generator {
	tb.Helper()
	g, err := generator(db)
	must(tb, err)
	return g
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// digest is the canonical export of all problems, as a sum.
func digest(t *testing.T, g *Generator) string {
	t.Helper()
	sum, n := sha256.New(), 0
	encoder := json.NewEncoder(sum)
	must(t, g.Problems.Export(context.Background(), g.City.ID, func(e problem.Exported) error { n++; return encoder.Encode(e) }))
	return fmt.Sprintf("%d:%s", n, hex.EncodeToString(sum.Sum(nil)))
}

// sound verifies the city: feeds, rows of the board, cells, indexes, jobs.
func sound(t *testing.T, g *Generator, indexes string) {
	t.Helper()
	ctx := context.Background()
	n, flaws, err := g.Problems.Verify(ctx, g.City.ID, nil)
	if err != nil || n != many || len(flaws) > 0 {
		t.Errorf("verified %d problems, %v, flaws %.300s", n, err, fmt.Sprint(flaws))
	}
	stale, err := g.Board.Verify(ctx, g.City.ID)
	if err != nil || len(stale) > 0 {
		t.Errorf("%d rows of the board are stale, %v", len(stale), err)
	}
	if after := indexesOf(t, g.DB); after != indexes {
		t.Errorf("indexes and keys afterwards\n%s\nbefore\n%s", after, indexes)
	}
	must(t, g.DB.View(ctx, func(tx *sqldb.Tx) error {
		jobs, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM job`)
		if jobs != 0 {
			t.Errorf("%d jobs wait", jobs)
		}
		return err
	}))
	if open, err := g.DB.BulkOpen(ctx); err != nil || open {
		t.Errorf("indexes are still away: %v, %v", open, err)
	}
}

func indexesOf(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	query := `SELECT name || ' ' || COALESCE(sql, '') FROM sqlite_master WHERE type = 'index' ORDER BY 1`
	if db.Engine() == sqldb.Postgres {
		query = `
			SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
			UNION ALL
			SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
			ORDER BY 1`
	}
	var list []string
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		list, err = sqldb.List(tx, sqldb.Text, query)
		return err
	}))
	return strings.Join(list, "\n")
}

func TestTheSameSeedMakesTheSameSoundCityOnBothEngines(t *testing.T) {
	t.Parallel()
	var sums []string
	for _, db := range []*sqldb.DB{kit.SQLite(t), kit.Postgres(t)} {
		g, indexes := begin(t, db), indexesOf(t, db)
		heard := map[string]int{}
		g.Progress = func(stage string, done, _ int) { heard[stage] = done }
		report, err := g.Run(context.Background(), plan())
		must(t, err)
		if report.Made != many || report.Resumed || heard["histories"] != many {
			t.Errorf("report %+v, heard %v", report, heard)
		}
		sound(t, g, indexes)
		sums = append(sums, digest(t, g))
	}
	if sums[0] != sums[1] {
		t.Errorf("SQLite gives %s, PostgreSQL %s", sums[0], sums[1])
	}
}

func TestAKilledRunGoesOnAndEndsWithTheSameCity(t *testing.T) {
	t.Parallel()
	whole := begin(t, kit.SQLite(t))
	_, err := whole.Run(context.Background(), plan())
	must(t, err)
	want := digest(t, whole)
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "gorod.db")
		db, err := sqldb.Open(context.Background(), path, sqldb.Options{Clock: func() time.Time { return sqldbtest.Start }})
		must(t, err)
		_, err = db.Migrate(context.Background(), schema.Migrations()...)
		must(t, err)
		must(t, settle(db))
		indexes := indexesOf(t, db)
		must(t, db.Close())
		killed(t, path, "sqlite", want, indexes)
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		db := kit.Postgres(t)
		var dsn string
		must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
			var err error
			dsn, err = sqldb.One(tx, sqldb.Text, `SELECT current_database()`)
			return err
		}))
		indexes := indexesOf(t, db)
		must(t, db.Close())
		server := sqldbtest.Server(t)
		head, tail, _ := strings.Cut(server, "/postgres?")
		killed(t, head+"/"+dsn+"?"+tail, "postgres", want, indexes)
	})
}

// killed lets children make problems and die at several places, then goes on.
func killed(t *testing.T, dsn, engine, want, indexes string) {
	t.Helper()
	for _, kill := range []string{"histories:200", "histories:400", "cells:2", "indexes:1", "indexes:9"} {
		cmd := exec.Command(os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), childDSN+"="+dsn, childKill+"="+kill)
		out, err := cmd.CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
			t.Fatalf("%s: a child that should die at %s: %v %s", engine, kill, err, out)
		}
	}
	db, err := sqldb.Open(context.Background(), dsn, sqldb.Options{Clock: func() time.Time { return sqldbtest.Start }})
	must(t, err)
	defer db.Close()
	g := begin(t, db)
	other := plan()
	other.Seed++
	if _, err := g.Run(context.Background(), other); err == nil || !strings.Contains(err.Error(), "another load") {
		t.Errorf("another plan in the middle of a load: %v", err)
	}
	report, err := g.Run(context.Background(), plan())
	must(t, err)
	if !report.Resumed || report.Made != many {
		t.Errorf("report %+v", report)
	}
	sound(t, g, indexes)
	if have := digest(t, g); have != want {
		t.Errorf("after kills %s, in one go %s", have, want)
	}
}

func TestACityWithProblemsIsLeftAloneUnlessAskedTo(t *testing.T) {
	t.Parallel()
	db := kit.SQLite(t)
	g := begin(t, db)
	small := Plan{Problems: 20, Seed: 1, Years: 1, Until: sqldbtest.Start}
	_, err := g.Run(context.Background(), small)
	must(t, err)
	small.Seed = 2
	if _, err := g.Run(context.Background(), small); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("into a city that has problems: %v", err)
	}
	g.IntoNonempty = true
	_, err = g.Run(context.Background(), small)
	must(t, err)
	n, flaws, err := g.Problems.Verify(context.Background(), g.City.ID, nil)
	if err != nil || n != 40 || len(flaws) > 0 {
		t.Errorf("%d problems, flaws %v, %v", n, flaws, err)
	}
}

func TestAPlanThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	g := &Generator{}
	for _, p := range []Plan{{Problems: 0, Years: 1, Until: sqldbtest.Start}, {Problems: maxProblems + 1, Years: 1, Until: sqldbtest.Start},
		{Problems: 1, Years: 0, Until: sqldbtest.Start}, {Problems: 1, Years: 1}} {
		if _, err := g.Run(context.Background(), p); err == nil {
			t.Errorf("%+v was taken", p)
		}
	}
}

// inMemory makes histories without a database to write them to.
func inMemory(tb testing.TB, n int64, each func(h *problem.History)) *world {
	tb.Helper()
	g := begin(tb, kit.SQLite(tb))
	p := plan()
	p.Problems = n
	w, err := g.world(context.Background(), p)
	must(tb, err)
	for i := range n {
		h, err := w.history(i, 1+i*problem.HistoryKeys, 1+i)
		must(tb, err)
		each(h)
	}
	return w
}

func TestEveryRecordedCourseIsOneThatTheRulesAllow(t *testing.T) {
	t.Parallel()
	w := inMemory(t, 1, func(*problem.History) {})
	f, err := ReadFitted()
	must(t, err)
	for _, s := range f.Sequences {
		w.courses = courses{all: newCourse([]Sequence{s})}
		for i := range int64(20) {
			if _, err := w.history(i%w.plan.Problems, 1, 1); err != nil {
				t.Errorf("%s: %v", s.Steps, err)
				break
			}
		}
	}
}

func TestHistoriesFollowWhatWasRecorded(t *testing.T) {
	t.Parallel()
	const n = 20_000
	topics, hours := map[int64]int{}, [24]int{}
	disputed, redirected, interim, joined, confirmed, silent := 0, 0, 0, 0, 0, 0
	var last problem.Moment
	w := inMemory(t, n, func(h *problem.History) {
		s := h.State
		if s.Created < last || s.Changed >= problem.Moment(sqldbtest.Start.UnixMicro()) {
			t.Fatalf("problem %d was sent at %d, the one before at %d, and changed at %d", s.Number, s.Created, last, s.Changed)
		}
		last = s.Created
		topics[int64(s.Topic.ID)]++
		hours[s.Created.Time().In(zone(t)).Hour()]++
		disputed += min(len(s.Messages)-1, 1)
		redirected += min(s.Redirects, 1)
		joined += min(s.Joined, 1)
		for _, a := range s.Answers {
			if a.Interim {
				interim++
				break
			}
		}
		switch s.Status {
		case problem.Confirmed:
			confirmed++
		case problem.Silent:
			silent++
		}
	})
	f := w.fitted
	all, far := 0, 0.0
	for _, ft := range f.Topics {
		if open(w, ft.ID) {
			all += ft.N
		}
	}
	for _, ft := range f.Topics {
		if want := float64(ft.N) / float64(all) * n; open(w, ft.ID) && want >= 50 && len(ft.Months) == 0 {
			d := float64(topics[ft.ID]) - want
			far = max(far, math.Abs(d)/want)
		}
	}
	if far > 0.45 {
		t.Errorf("a topic is %.0f %% away from its share", 100*far)
	}
	recorded := func(has func(string) bool) float64 {
		with, all := 0, 0
		for _, s := range f.Sequences {
			all += s.N
			if has(s.Steps) {
				with += s.N
			}
		}
		return float64(with) / float64(all)
	}
	within := func(what string, have int, want, less, more float64) {
		if share := float64(have) / n; share < want*less || share > want*more {
			t.Errorf("%s: %.3f, recorded %.3f", what, share, want)
		}
	}
	within("disputed", disputed, recorded(func(s string) bool { return strings.Contains(s, "d") }), 0.7, 1.6)
	within("redirected", redirected, recorded(func(s string) bool { return strings.Contains(s, "r") }), 0.7, 1.4)
	within("interim", interim, recorded(func(s string) bool { return strings.Contains(s, "i") }), 0.7, 1.3)
	within("joined", joined, 1-float64(f.Joined[0])/float64(f.Histories), 0.6, 1.2)
	within("confirmed", confirmed, recorded(func(s string) bool { return strings.HasSuffix(s, "c") }), 0.8, 1.3)
	within("silent", silent, recorded(func(s string) bool { return strings.HasSuffix(s, "l") }), 0.8, 1.4)
	perHour, week := [24]int{}, 0
	for i, k := range f.Hours {
		perHour[i%24] += k
		week += k
	}
	for hour, k := range perHour {
		if want, have := float64(k)/float64(week), float64(hours[hour])/n; math.Abs(have-want) > 0.01 {
			t.Errorf("hour %d: %.3f, recorded %.3f", hour, have, want)
		}
	}
}

func open(w *world, id int64) bool {
	for _, t := range w.menu.topics {
		if int64(t.ID) == id {
			return t.SeasonFrom == ""
		}
	}
	return false
}

func zone(t *testing.T) *time.Location {
	z, err := time.LoadLocation("Europe/Moscow")
	must(t, err)
	return z
}

func TestTheFittedTableHoldsNumbersAlone(t *testing.T) {
	t.Parallel()
	body, err := fs.ReadFile(os.DirFS("."), "fitted.json")
	must(t, err)
	for _, r := range string(body) {
		if r >= 0x80 {
			t.Fatalf("the table holds %q", r)
		}
	}
}

func BenchmarkHistoriesInMemory(b *testing.B) {
	g := begin(b, kit.SQLite(b))
	p := plan()
	p.Problems = 1_000_000
	w, err := g.world(context.Background(), p)
	must(b, err)
	bench, err := g.Board.Bench(context.Background(), g.City.ID)
	must(b, err)
	for i := int64(0); b.Loop(); i++ {
		s := g.sheaf(w, bench, i%p.Problems, i%p.Problems+1, 1, 1)
		must(b, s.err)
	}
}

func BenchmarkLoad(b *testing.B) {
	g := begin(b, kit.SQLite(b))
	g.slice = sliceSize
	p := plan()
	p.Problems = int64(b.N)
	b.ResetTimer()
	_, err := g.Run(context.Background(), p)
	must(b, err)
}
