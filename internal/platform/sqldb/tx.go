package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Engine is the kind of database underneath.
type Engine uint8

const (
	// SQLite is the embedded default.
	SQLite Engine = iota + 1
	// Postgres is PostgreSQL 14 or newer.
	Postgres
)

// String is the engine's name as tests and logs show it.
func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Scanner is one row, for a scan function that serves One and List alike.
type Scanner interface{ Scan(dest ...any) error }

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Tx is a transaction in hand. It is not safe for use by several goroutines
// and is worthless after the function that received it has returned.
type Tx struct {
	ctx    context.Context
	exec   executor
	engine Engine
	now    time.Time
	ids    *idBlock // ids reserved ahead, shared
	own    idBlock  // ids reserved inside this transaction
	after  []func()
	wrote  bool // a statement that may have written was run
	memo   map[any]any
	copy   copier // nil: CopyIn inserts
}

// Now is the one moment at which everything in this transaction happens, in
// UTC, cut to the microseconds that the database keeps.
func (tx *Tx) Now() time.Time { return tx.now }

// Micros is Now as it is stored: microseconds since 1970, UTC.
func (tx *Tx) Micros() int64 { return tx.now.UnixMicro() }

// Context is the context under which the transaction runs.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Engine tells which engine runs the statement, for the rare query that has
// to be written twice; keep both twins side by side.
func (tx *Tx) Engine() Engine { return tx.engine }

// AfterCommit runs f once the transaction is durable; never if it fails. It
// is for hints (wake a worker), not for work that must happen: that is a job.
func (tx *Tx) AfterCommit(f func()) { tx.after = append(tx.after, f) }

// Exec runs a statement and tells how many rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	tx.wrote = true
	result, err := tx.exec.ExecContext(tx.ctx, query, args...)
	if err != nil {
		return 0, name(err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, name(err)
	}
	return n, nil
}

// Remember gives what read gave under the same key earlier in this transaction:
// several packages need the same row of the city, and one look is enough. Keys
// are types of their own, as with contexts. Who changes such a row calls Forget.
func Remember[T any](tx *Tx, key any, read func() (T, error)) (T, error) {
	if value, ok := tx.memo[key]; ok {
		return value.(T), nil
	}
	value, err := read()
	if err == nil {
		if tx.memo == nil {
			tx.memo = map[any]any{}
		}
		tx.memo[key] = value
	}
	return value, err
}

// Forget drops all that Remember kept.
func (tx *Tx) Forget() { clear(tx.memo) }

// ErrNoRow says that a query for one row found none.
var ErrNoRow = errors.New("no row")

// One reads exactly one row; ErrNoRow when there is none.
func One[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (T, error) {
	var zero T
	tx.wrote = tx.wrote || !reads(query)
	rows, err := tx.exec.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return zero, name(err)
	}
	defer rows.Close()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return zero, name(err)
		}
		return zero, ErrNoRow
	}
	value, err := scan(rows)
	if err != nil {
		return zero, name(err)
	}
	if err := rows.Close(); err != nil {
		return zero, name(err)
	}
	return value, name(rows.Err())
}

// List reads all rows of a query; callers bound it with LIMIT.
func List[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	tx.wrote = tx.wrote || !reads(query)
	rows, err := tx.exec.QueryContext(tx.ctx, query, args...)
	if err != nil {
		return nil, name(err)
	}
	defer rows.Close()
	var list []T
	for rows.Next() {
		value, err := scan(rows)
		if err != nil {
			return nil, name(err)
		}
		list = append(list, value)
	}
	return list, name(rows.Err())
}

// Int is a scan function for one whole number.
func Int(row Scanner) (int64, error) {
	var n int64
	err := row.Scan(&n)
	return n, err
}

// Text is a scan function for one text.
func Text(row Scanner) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}

// NewID makes a key for a row: a whole number that no committed transaction
// ever got. Ids come from blocks, so there are gaps; a transaction that is
// rolled back may leave its ids to another.
func (tx *Tx) NewID() (int64, error) {
	if id, ok := tx.own.take(); ok {
		return id, nil
	}
	if id, ok := tx.ids.take(); ok {
		return id, nil
	}
	from, err := reserve(tx, idSequence, idBlockSize)
	if err != nil {
		return 0, err
	}
	tx.own.fill(from, idBlockSize)
	id, _ := tx.own.take()
	return id, nil
}

// ForUpdate ends a SELECT that claims rows: on PostgreSQL it locks them and
// skips what others hold; SQLite has one writer and needs nothing.
func (tx *Tx) ForUpdate() string {
	if tx.engine == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Greatest is the larger of two expressions (NULL handling differs: use it
// on NOT NULL values).
func (tx *Tx) Greatest(a, b string) string {
	if tx.engine == Postgres {
		return "GREATEST(" + a + ", " + b + ")"
	}
	return "max(" + a + ", " + b + ")"
}

// Least is the smaller of two expressions.
func (tx *Tx) Least(a, b string) string {
	if tx.engine == Postgres {
		return "LEAST(" + a + ", " + b + ")"
	}
	return "min(" + a + ", " + b + ")"
}

// JSONText reads the text at a top-level key of a JSON column kept as TEXT.
// Key is part of the statement: never pass what a person typed.
func (tx *Tx) JSONText(column, key string) string {
	if tx.engine == Postgres {
		return fmt.Sprintf("(%s::json ->> '%s')", column, key)
	}
	return fmt.Sprintf("(%s ->> '%s')", column, key)
}

// reads tells a query from a statement that gives rows back and may write.
func reads(query string) bool {
	return strings.HasPrefix(strings.TrimSpace(query), "SELECT")
}
