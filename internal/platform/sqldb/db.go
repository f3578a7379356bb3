package sqldb

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// DB is an open database under a clock. It is safe for many goroutines.
type DB struct {
	store store
	clock func() time.Time
}

// store is what an engine has to offer.
type store interface {
	engine() Engine
	do(ctx context.Context, now func() time.Time, fn func(*Tx) error) error
	view(ctx context.Context, now func() time.Time, fn func(*Tx) error) error
	close() error
}

// Options of Open. The zero value is right for a server.
type Options struct {
	// Clock is what Now of a transaction reads; time.Now when nil.
	Clock func() time.Time
	// ReadOnly opens beside a running server and refuses to write.
	ReadOnly bool
	// Relaxed gives durability up for speed: throw-away test databases only.
	Relaxed bool
}

// Open opens the database named by dsn: postgres://… for PostgreSQL, anything
// else is the path of a SQLite file, made if it is not there. A SQLite file is
// owned by one process at a time; a second one is told who has it.
func Open(ctx context.Context, dsn string, options Options) (*DB, error) {
	clock := options.Clock
	if clock == nil {
		clock = time.Now
	}
	var st store
	var err error
	if IsPostgres(dsn) {
		st, err = openPostgres(ctx, dsn, options)
	} else {
		st, err = openSQLite(ctx, dsn, options)
	}
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", Masked(dsn), err)
	}
	return &DB{store: st, clock: clock}, nil
}

// IsPostgres tells whether a dsn names a PostgreSQL server.
func IsPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// Masked is a dsn as a log may show it: without user and password.
func Masked(dsn string) string {
	if !IsPostgres(dsn) {
		return dsn
	}
	scheme, rest, _ := strings.Cut(dsn, "://")
	if i := strings.LastIndex(rest, "@"); i >= 0 {
		rest = "…@" + rest[i+1:]
	}
	if i := strings.Index(rest, "?"); i >= 0 {
		rest = rest[:i]
	}
	return scheme + "://" + rest
}

// At is the same database under another clock.
func (db *DB) At(clock func() time.Time) *DB { return &DB{store: db.store, clock: clock} }

// Now reads the clock of this DB.
func (db *DB) Now() time.Time { return db.clock() }

// Engine tells which engine is underneath.
func (db *DB) Engine() Engine { return db.store.engine() }

// Do runs a command in a transaction and returns once it is durable. The
// function may run more than once; an error from it leaves no trace.
func (db *DB) Do(ctx context.Context, fn func(*Tx) error) error {
	return db.store.do(ctx, db.clock, fn)
}

// View runs a reading function on one consistent snapshot.
func (db *DB) View(ctx context.Context, fn func(*Tx) error) error {
	return db.store.view(ctx, db.clock, fn)
}

// Close waits for the commands in hand and closes the database.
func (db *DB) Close() error { return db.store.close() }

func moment(clock func() time.Time) time.Time {
	return clock().UTC().Truncate(time.Microsecond)
}

func runAfter(after []func()) {
	for _, f := range after {
		f()
	}
}
