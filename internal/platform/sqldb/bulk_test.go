package sqldb_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

// shelf is a table with an index, and one that points to it.
func shelf(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for _, ddl := range []string{
		`CREATE TABLE shelf (id BIGINT PRIMARY KEY, name TEXT NOT NULL, weight DOUBLE PRECISION NOT NULL)`,
		`CREATE UNIQUE INDEX shelf_name ON shelf (name)`,
		`CREATE INDEX shelf_heavy ON shelf (weight) WHERE weight > 10`,
		`CREATE TABLE book (id BIGINT PRIMARY KEY, shelf BIGINT NOT NULL, FOREIGN KEY (shelf) REFERENCES shelf (id))`,
		`CREATE INDEX book_shelf ON book (shelf)`,
	} {
		do(t, db, ddl)
	}
}

func do(t *testing.T, db *sqldb.DB, statement string, args ...any) {
	t.Helper()
	if err := db.Do(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(statement, args...); return err }); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, db *sqldb.DB, query string) int64 {
	t.Helper()
	var n int64
	if err := db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		n, err = sqldb.One(tx, sqldb.Int, query)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// fill writes so many rows, more than one statement takes.
func fill(t *testing.T, load func(context.Context, func(*sqldb.Tx) error) error, n int) {
	t.Helper()
	err := load(context.Background(), func(tx *sqldb.Tx) error {
		var shelves, books [][]any
		for i := range n {
			shelves = append(shelves, []any{int64(i), fmt.Sprintf("полка %d", i), float64(i) / 4})
			books = append(books, []any{int64(i), int64(i)})
		}
		if err := tx.CopyIn("shelf", []string{"id", "name", "weight"}, shelves); err != nil {
			return err
		}
		return tx.CopyIn("book", []string{"id", "shelf"}, books)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func partsThere(t *testing.T, db *sqldb.DB) int64 {
	t.Helper()
	if db.Engine() == sqldb.Postgres {
		return count(t, db, `SELECT (SELECT count(*) FROM pg_indexes WHERE indexname IN ('shelf_name', 'shelf_heavy', 'book_shelf'))
			+ (SELECT count(*) FROM pg_constraint WHERE conrelid = to_regclass('book') AND contype = 'f')`)
	}
	return count(t, db, `SELECT count(*) + 1 FROM sqlite_master WHERE name IN ('shelf_name', 'shelf_heavy', 'book_shelf')`)
}

func TestManyRowsComeInAtOnceInAnyTransaction(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		shelf(t, db)
		fill(t, db.Do, 3333)
		if n := count(t, db, `SELECT count(*) FROM shelf WHERE weight = CAST(id AS DOUBLE PRECISION) / 4 AND name = 'полка ' || id`); n != 3333 {
			t.Errorf("%d rows came in whole", n)
		}
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			return tx.CopyIn("book", []string{"id", "shelf"}, [][]any{{int64(1), int64(1)}})
		})
		if !errors.Is(err, sqldb.ErrUnique) {
			t.Errorf("a row that is there: %v", err)
		}
	})
}

func TestALoadTakesIndexesAwayAndBringsThemBack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		ctx := context.Background()
		shelf(t, db)
		before := partsThere(t, db)
		bulk, err := db.StartBulk(ctx, []string{"shelf", "book"}, nil)
		must(t, err)
		if open, err := db.BulkOpen(ctx); err != nil || !open || partsThere(t, db) >= before {
			t.Errorf("a load that was begun: open %v, %v, %d of %d indexes there", open, err, partsThere(t, db), before)
		}
		fill(t, bulk.Load, 1000)
		if err := bulk.Finish(ctx); err == nil || !strings.Contains(err.Error(), "still away") {
			t.Errorf("finished without the indexes: %v", err)
		}
		// As after an interruption: begun again in the middle of the restoring.
		bulk, err = db.StartBulk(ctx, []string{"shelf", "book"}, nil)
		must(t, err)
		enough := errors.New("enough")
		func() {
			defer func() { _ = recover() }()
			_ = bulk.Restore(ctx, func(_ string, done, _ int) {
				if done == 2 {
					panic(enough)
				}
			})
		}()
		must(t, bulk.Close())
		there := partsThere(t, db)
		bulk, err = db.StartBulk(ctx, []string{"shelf", "book"}, nil)
		must(t, err)
		if partsThere(t, db) != there {
			t.Errorf("%d indexes had been made again, %d are there after going on", there, partsThere(t, db))
		}
		must(t, bulk.Restore(ctx, nil))
		must(t, bulk.Finish(ctx))
		if open, err := db.BulkOpen(ctx); err != nil || open || partsThere(t, db) != before {
			t.Errorf("a load that is done: open %v, %v, %d of %d indexes", open, err, partsThere(t, db), before)
		}
		err = db.Do(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`INSERT INTO book (id, shelf) VALUES (5000, 9999)`)
			return err
		})
		if !errors.Is(err, sqldb.ErrForeign) {
			t.Errorf("a book of no shelf after the load: %v", err)
		}
		if n := count(t, db, `SELECT count(*) FROM shelf WHERE name = 'полка 77'`); n != 1 {
			t.Errorf("%d rows found by the index", n)
		}
	})
}

func TestALoadIsRefusedWhileAnotherProgramIsConnected(t *testing.T) {
	t.Parallel()
	db := kit.Postgres(t)
	shelf(t, db)
	var dsn string
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		dsn, err = sqldb.One(tx, sqldb.Text, `SELECT current_database()`)
		return err
	}))
	head, tail, _ := strings.Cut(sqldbtest.Server(t), "/postgres?")
	other, err := sqldb.Open(context.Background(), head+"/"+dsn+"?application_name=psql&"+tail, sqldb.Options{})
	must(t, err)
	if _, err := db.StartBulk(context.Background(), []string{"shelf"}, nil); !errors.Is(err, sqldb.ErrInUse) {
		t.Errorf("a load beside another program: %v", err)
	}
	must(t, other.Close())
	bulk, err := db.StartBulk(context.Background(), []string{"shelf"}, nil)
	must(t, err)
	must(t, bulk.Restore(context.Background(), nil))
	must(t, bulk.Finish(context.Background()))
}

func TestALoadLeavesTheIndexesThatAreToStayOnSQLite(t *testing.T) {
	t.Parallel()
	ctx, db := context.Background(), kit.SQLite(t)
	shelf(t, db)
	bulk, err := db.StartBulk(ctx, []string{"shelf", "book"}, []string{"shelf_name"})
	must(t, err)
	if n := count(t, db, `SELECT count(*) FROM sqlite_master WHERE name IN ('shelf_name', 'shelf_heavy')`); n != 1 {
		t.Errorf("%d indexes of the shelf are there", n)
	}
	must(t, bulk.Restore(ctx, nil))
	must(t, bulk.Finish(ctx))
}
