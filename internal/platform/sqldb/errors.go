package sqldb

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"

	"gorod/internal/platform/fault"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
)

// What an engine refused, by name. Errors of both engines are recognised by
// code, never by text.
var (
	// ErrUnique: a row with this key is there already.
	ErrUnique = errors.New("unique key taken")
	// ErrForeign: the row that is pointed to does not exist, or is pointed to.
	ErrForeign = errors.New("foreign key broken")
	// ErrCheck: a CHECK or NOT NULL of the table refuses the value.
	ErrCheck = errors.New("check failed")
	// ErrInUse: another process owns the SQLite file.
	ErrInUse = errors.New("database in use")
	// ErrNoDatabase: the SQLite file that was to be read is not there.
	ErrNoDatabase = errors.New("no such database")

	errAgain = errors.New("try the transaction again")
)

// Extended result codes, sqlite.org/rescode.html.
var sqliteNames = map[int]error{
	2067: ErrUnique, 1555: ErrUnique, 2579: ErrUnique,
	787: ErrForeign, 1811: ErrForeign,
	275: ErrCheck, 1299: ErrCheck,
	5: errAgain, 6: errAgain, 261: errAgain, 517: errAgain,
}

// SQLSTATE, PostgreSQL documentation, appendix A.
var postgresNames = map[string]error{
	"23505": ErrUnique, "23503": ErrForeign, "23514": ErrCheck, "23502": ErrCheck,
	"40001": errAgain, "40P01": errAgain, "55P03": errAgain,
}

// name adds to an engine's error the name under which the city knows it.
func name(err error) error {
	if err == nil {
		return nil
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		if named, ok := sqliteNames[lite.Code()]; ok {
			return fmt.Errorf("%w: %w", named, err)
		}
		return err
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if named, ok := postgresNames[pg.Code]; ok {
			return fmt.Errorf("%w: %w", named, err)
		}
		if pg.Code[:2] == "57" || pg.Code[:2] == "53" || pg.Code[:2] == "08" {
			return away(err) // shutting down, out of resources, connection lost
		}
		return err
	}
	var connect *pgconn.ConnectError
	var network net.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.As(err, &connect), errors.As(err, &network), errors.Is(err, driver.ErrBadConn):
		return away(err)
	}
	return err
}

// away says that the database cannot be reached: the person is told to try
// again, nothing was done.
func away(err error) error {
	return fault.Broken.New("fault.database_away").Because(err)
}
