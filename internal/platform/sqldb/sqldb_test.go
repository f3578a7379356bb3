package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

func TestArgumentsGoWhereTheirNumbersSay(t *testing.T) {
	t.Parallel()
	// ncruces' driver numbered by first appearance; this is the canary for ours.
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		got := view(t, db, func(tx *sqldb.Tx) (string, error) {
			return sqldb.One(tx, sqldb.Text, `SELECT CAST($2 AS TEXT) || CAST($1 AS TEXT) || CAST($2 AS TEXT)`, "one", "two")
		})
		if got != "twoonetwo" {
			t.Errorf("got %q", got)
		}
	})
}

func TestWhatWasDoneIsThereAndWhatFailedIsNot(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return add(tx, "kept") }))
		refused := errors.New("refused")
		err := db.Do(ctx, func(tx *sqldb.Tx) error {
			if err := add(tx, "dropped"); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Errorf("the command's own error came back as %v", err)
		}
		if got := names(t, db); got != "kept" {
			t.Errorf("rows: %q", got)
		}
	})
}

func TestOneFaultNeverSinksTheGroup(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		var wg sync.WaitGroup
		errs := make([]error, 200)
		for i := range errs {
			wg.Go(func() {
				errs[i] = db.Do(context.Background(), func(tx *sqldb.Tx) error {
					if err := add(tx, fmt.Sprint("row ", i)); err != nil {
						return err
					}
					if i%3 == 0 {
						return fault.Denied.New("test.no")
					}
					return nil
				})
			})
		}
		wg.Wait()
		for i, err := range errs {
			if (err != nil) != (i%3 == 0) {
				t.Errorf("command %d: %v", i, err)
			}
		}
		n := view(t, db, func(tx *sqldb.Tx) (int64, error) { return sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM thing`) })
		if n != 133 {
			t.Errorf("%d rows of 133", n)
		}
	})
}

func TestAFaultAmongNeighboursTakesBackOnlyItself(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		// The first command holds the writer of SQLite until the others come:
		// they share its group.
		var once sync.Once
		var wg, coming sync.WaitGroup
		var told atomic.Int64
		errs := make([]error, 5)
		must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error {
			once.Do(func() {
				coming.Add(len(errs))
				for i := range errs {
					wg.Go(func() {
						coming.Done()
						errs[i] = db.Do(context.Background(), neighbour(i, &told))
					})
				}
				coming.Wait()
			})
			return add(tx, "first")
		}))
		wg.Wait()
		for i, err := range errs {
			if (err != nil) != (i == 1 || i == 3) {
				t.Errorf("command %d: %v", i, err)
			}
		}
		n := view(t, db, func(tx *sqldb.Tx) (int64, error) { return sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM thing`) })
		if n != 4 || told.Load() != 3 {
			t.Errorf("%d rows, %d told; want the first and three neighbours, each once", n, told.Load())
		}
	})
}

// neighbour writes a row; 1 is refused after writing, 3 before.
func neighbour(i int, told *atomic.Int64) func(*sqldb.Tx) error {
	return func(tx *sqldb.Tx) error {
		if i == 3 {
			return fault.Denied.New("test.no")
		}
		tx.AfterCommit(func() { told.Add(1) })
		if err := add(tx, fmt.Sprint("neighbour ", i)); err != nil {
			return err
		}
		if i == 1 {
			return fault.Denied.New("test.no")
		}
		return nil
	}
}

func TestATransactionRemembersUntilItIsToldToForget(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		type key struct{ of string }
		must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error {
			count := func(of string) int64 {
				n, err := sqldb.Remember(tx, key{of}, func() (int64, error) { return sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM thing`) })
				must(t, err)
				return n
			}
			first := count("a")
			must(t, add(tx, "one"))
			if count("a") != first || count("b") != first+1 {
				t.Errorf("remembered %d, under another key %d; %d at first", count("a"), count("b"), first)
			}
			tx.Forget()
			if count("a") != first+1 {
				t.Error("still remembered")
			}
			if _, err := sqldb.Remember(tx, key{"c"}, func() (int64, error) { return 0, sqldb.ErrNoRow }); !errors.Is(err, sqldb.ErrNoRow) {
				t.Error(err)
			}
			if n, err := sqldb.Remember(tx, key{"c"}, func() (int64, error) { return 7, nil }); n != 7 || err != nil {
				t.Errorf("an error was remembered: %d, %v", n, err)
			}
			return nil
		}))
	})
}

func TestAPanicReachesItsCallerAndLeavesTheDatabaseUsable(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			db.Do(context.Background(), func(tx *sqldb.Tx) error {
				if err := add(tx, "half"); err != nil {
					return err
				}
				panic("mistake of a programmer")
			})
		}()
		must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { return add(tx, "after") }))
		if got := names(t, db); got != "after" {
			t.Errorf("rows: %q", got)
		}
	})
}

func TestRefusalsOfTheEngineHaveNames(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { return add(tx, "one") }))
		cases := []struct {
			name, query string
			want        error
		}{
			{"a key twice", `INSERT INTO thing (id, name) SELECT id, 'other' FROM thing`, sqldb.ErrUnique},
			{"a unique column twice", `INSERT INTO thing (id, name) VALUES (-1, 'one')`, sqldb.ErrUnique},
			{"a pointer to nothing", `INSERT INTO part (id, thing) VALUES (1, 999999)`, sqldb.ErrForeign},
			{"a value that the check refuses", `INSERT INTO thing (id, name) VALUES (-2, '')`, sqldb.ErrCheck},
			{"a null", `INSERT INTO thing (id) VALUES (-3)`, sqldb.ErrCheck},
		}
		for _, c := range cases {
			err := db.Do(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(c.query); return err })
			if !errors.Is(err, c.want) {
				t.Errorf("%s: got %v", c.name, err)
			}
		}
	})
}

func TestNoTwoRowsGetTheSameID(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		var wg sync.WaitGroup
		given := make([][]int64, 40)
		for i := range given {
			wg.Go(func() {
				var ids []int64
				err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
					ids = nil
					for range 100 {
						id, err := tx.NewID()
						if err != nil {
							return err
						}
						ids = append(ids, id)
					}
					if i%4 == 0 {
						return errors.New("rolled back")
					}
					return nil
				})
				if err == nil {
					given[i] = ids
				}
			})
		}
		wg.Wait()
		seen := map[int64]bool{}
		for _, ids := range given {
			for _, id := range ids {
				if seen[id] {
					t.Errorf("id %d twice", id)
				}
				seen[id] = true
			}
		}
		if len(seen) != 3000 {
			t.Errorf("%d ids of 3000", len(seen))
		}
	})
}

func TestAReaderWhoHasGoneAsksNothingMore(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, leave := context.WithCancel(context.Background())
		err := db.View(ctx, func(tx *sqldb.Tx) error {
			_, err := sqldb.One(tx, sqldb.Int, `SELECT 1`)
			must(t, err)
			leave()
			_, err = sqldb.One(tx, sqldb.Int, `SELECT 2`)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the second question: %v", err)
		}
		// The connection is as good as before.
		must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
			_, err := sqldb.One(tx, sqldb.Int, `SELECT 3`)
			return err
		}))
	})
}

func TestAfterCommitRunsOnlyForWhatIsDurable(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ran := 0
		must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { tx.AfterCommit(func() { ran++ }); return nil }))
		db.Do(context.Background(), func(tx *sqldb.Tx) error { tx.AfterCommit(func() { ran += 100 }); return errors.New("no") })
		if ran != 1 {
			t.Errorf("ran %d", ran)
		}
	})
}

func TestAViewCannotWrite(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		err := db.View(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO thing (id, name) VALUES (1, 'sneaked in')`)
			return err
		})
		if err == nil {
			t.Error("a view wrote")
		}
	})
}

func TestAViewSeesOneMoment(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		must(t, db.View(ctx, func(tx *sqldb.Tx) error {
			before, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM thing`)
			if err != nil {
				return err
			}
			must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return add(tx, "meanwhile") }))
			after, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM thing`)
			if before != after {
				t.Errorf("%d rows became %d", before, after)
			}
			return err
		}))
	})
}

func TestACancelledCommandIsNotRun(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		err := db.Do(ctx, func(tx *sqldb.Tx) error { return add(tx, "late") })
		if !errors.Is(err, context.Canceled) || names(t, db) != "" {
			t.Errorf("got %v, rows %q", err, names(t, db))
		}
	})
}

func TestJSONAndExtremesReadTheSameOnBothEngines(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		got := view(t, db, func(tx *sqldb.Tx) (string, error) {
			return sqldb.One(tx, sqldb.Text, `SELECT `+tx.JSONText(`CAST('{"a":"б"}' AS TEXT)`, "a")+
				` || CAST(`+tx.Greatest("2", "3")+` AS TEXT) || CAST(`+tx.Least("2", "3")+` AS TEXT)`)
		})
		if got != "б32" {
			t.Errorf("got %q", got)
		}
	})
}

func TestMigrationsRefuseWhatTheyCannotTrust(t *testing.T) {
	t.Parallel()
	files := func(pairs ...string) sqldb.Migrations {
		m := fstest.MapFS{}
		for i := 0; i < len(pairs); i += 2 {
			m["migrations/"+pairs[i]] = &fstest.MapFile{Data: []byte(pairs[i+1])}
		}
		return sqldb.Migrations{Owner: "test", Files: m}
	}
	table := `CREATE TABLE a (id BIGINT PRIMARY KEY);`
	cases := []struct {
		name   string
		first  sqldb.Migrations
		second sqldb.Migrations
		want   string
	}{
		{"an edited file", files("0001_a.sql", table), files("0001_a.sql", table+"\n"), "changed after"},
		{"a newer database", files("0001_a.sql", table, "0002_b.sql", "SELECT 1;"), files("0001_a.sql", table), "newer than this program"},
		{"a number used twice", files(), files("0001_a.sql", table, "0001_b.sql", table), "has the number"},
		{"a name out of pattern", files(), files("first.sql", table), "is not named"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, err := sqldb.Open(context.Background(), filepath.Join(t.TempDir(), "x.db"), sqldb.Options{})
			must(t, err)
			defer db.Close()
			_, err = db.Migrate(context.Background(), c.first)
			must(t, err)
			if _, err = db.Migrate(context.Background(), c.second); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestASecondProcessIsToldWhoOwnsTheFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "one.db")
	db, err := sqldb.Open(context.Background(), path, sqldb.Options{})
	must(t, err)
	defer db.Close()
	if _, err := sqldb.Open(context.Background(), path, sqldb.Options{}); !errors.Is(err, fault.Conflict) {
		t.Errorf("got %v", err)
	}
}

func TestAPasswordNeverShowsInTheNameOfADatabase(t *testing.T) {
	t.Parallel()
	got := sqldb.Masked("postgres://gorod:s3cret@db.example:5432/city?password=s3cret")
	if strings.Contains(got, "s3cret") || !strings.Contains(got, "db.example") {
		t.Errorf("got %q", got)
	}
}

func add(tx *sqldb.Tx, name string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO thing (id, name) VALUES ($1, $2)`, id, name)
	return err
}

func names(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	list := view(t, db, func(tx *sqldb.Tx) ([]string, error) {
		return sqldb.List(tx, sqldb.Text, `SELECT name FROM thing ORDER BY name`)
	})
	return strings.Join(list, ",")
}

func view[T any](t *testing.T, db *sqldb.DB, fn func(tx *sqldb.Tx) (T, error)) T {
	t.Helper()
	var got T
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		got, err = fn(tx)
		return err
	}))
	return got
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

var kit = sqldbtest.New(sqldb.Migrations{Owner: "sqldb_test", Files: fstest.MapFS{
	"migrations/0001_thing.sql": &fstest.MapFile{Data: []byte(`
		CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT NOT NULL UNIQUE CHECK (name <> ''));
		CREATE TABLE part (id BIGINT PRIMARY KEY, thing BIGINT NOT NULL REFERENCES thing (id));`)},
}})
