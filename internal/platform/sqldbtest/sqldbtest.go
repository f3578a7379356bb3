// Package sqldbtest gives tests a real, empty, migrated database on both
// engines.
//
// Each runs a test once for SQLite and once for PostgreSQL. The schema is
// migrated once a process into a template, and filled there where the kit is a
// Prepared one; every test gets a copy of its own and may run in parallel with
// all others.
//
// PostgreSQL is the server named by GOROD_TEST_POSTGRES. `make test` starts a
// throw-away one for all packages (the command in ./cluster). Without it the
// PostgreSQL half is skipped and says so; with CI=true that is a failure.
package sqldbtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorod/internal/platform/sqldb"
)

// Variable names the PostgreSQL server that tests may fill with databases.
const Variable = "GOROD_TEST_POSTGRES"

// Start is the moment at which the clock of a test database stands: a Friday
// evening in Moscow, 20 November 2026, 18:42.
var Start = time.Date(2026, 11, 20, 15, 42, 0, 0, time.UTC)

// Kit makes databases of one schema. Make one a test package.
type Kit struct {
	owners  []sqldb.Migrations
	prepare func(*sqldb.DB) error // nil: the databases are empty
	once    [2]sync.Once
	lite    string // path of the SQLite template
	pg      string // name of the PostgreSQL template
	err     [2]error
}

// New describes the schema that the databases of this kit have.
func New(owners ...sqldb.Migrations) *Kit { return &Kit{owners: owners} }

// Prepared is a kit whose databases begin as prepare leaves the first one: it
// runs once a process and engine, with the clock at Start, and every test gets
// a copy. What it needs of time, it takes from the database.
func (k *Kit) Prepared(prepare func(*sqldb.DB) error) *Kit {
	return &Kit{owners: k.owners, prepare: prepare}
}

// Each runs a test on every engine, in parallel.
func (k *Kit) Each(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, k.SQLite(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, k.Postgres(t))
	})
}

// Clock is a clock that a test moves by hand.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock starts at a moment.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now reads the clock.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Pass moves the clock on.
func (c *Clock) Pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// SQLite gives a database in a file of the test's folder; clock at Start.
func (k *Kit) SQLite(tb testing.TB) *sqldb.DB {
	tb.Helper()
	k.once[0].Do(func() { k.lite, k.err[0] = k.templateSQLite() })
	if k.err[0] != nil {
		tb.Fatal(k.err[0])
	}
	body, err := os.ReadFile(k.lite)
	if err != nil {
		tb.Fatal(err)
	}
	path := filepath.Join(tb.TempDir(), "gorod.db")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		tb.Fatal(err)
	}
	return open(tb, path)
}

func (k *Kit) templateSQLite() (string, error) {
	dir, err := os.MkdirTemp("", "gorod-template-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "template.db")
	return path, k.migrate(path)
}

func (k *Kit) migrate(dsn string) error {
	ctx := context.Background()
	db, err := sqldb.Open(ctx, dsn, sqldb.Options{Relaxed: true, Clock: NewClock(Start).Now})
	if err != nil {
		return err
	}
	_, err = db.Migrate(ctx, k.owners...)
	if err == nil && k.prepare != nil {
		err = k.prepare(db)
	}
	return errors.Join(err, db.Close())
}

// Postgres gives a database of its own on the test server; clock at Start.
// Without a server the test is skipped, or fails where CI=true.
func (k *Kit) Postgres(tb testing.TB) *sqldb.DB {
	tb.Helper()
	server := Server(tb)
	k.once[1].Do(func() { k.pg, k.err[1] = k.templatePostgres(server) })
	if k.err[1] != nil {
		tb.Fatal(k.err[1])
	}
	name := fresh("gorod_test_")
	if err := administer(server, "CREATE DATABASE "+name+" TEMPLATE "+k.pg); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := administer(server, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			tb.Error(err)
		}
	})
	return open(tb, withDatabase(server, name))
}

// Server is the address of the test server; the test is skipped without one.
func Server(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv(Variable)
	if server != "" {
		return server
	}
	const hint = "PostgreSQL half NOT TESTED: " + Variable + " is not set; run `make test`, which starts a server"
	if os.Getenv("CI") == "true" {
		tb.Fatal(hint)
	}
	tb.Skip(hint)
	return ""
}

func (k *Kit) templatePostgres(server string) (string, error) {
	name := fresh("gorod_template_")
	if err := administer(server, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	return name, k.migrate(withDatabase(server, name))
}

// administer runs one statement outside any transaction.
func administer(server, statement string) error {
	if err := sqldb.Administer(context.Background(), server, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func fresh(prefix string) string {
	var b [8]byte
	rand.Read(b[:])
	return prefix + hex.EncodeToString(b[:])
}

func open(tb testing.TB, dsn string) *sqldb.DB {
	tb.Helper()
	clock := NewClock(Start)
	db, err := sqldb.Open(context.Background(), dsn, sqldb.Options{Relaxed: true, Clock: clock.Now})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := db.Close(); err != nil {
			tb.Error(err)
		}
	})
	return db
}
