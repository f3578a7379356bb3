package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"gorod/internal/platform/fault"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// patience is how often alone looks again, a fifth of a second between: the
// sessions of a program that was killed end a moment after it.
const patience = 15

// otherSessions are those of other programs on the same database.
const otherSessions = `
	SELECT COALESCE(string_agg(a.pid::text, ', '), '') FROM pg_stat_activity a
	JOIN pg_stat_activity own ON own.pid = pg_backend_pid()
	WHERE a.datname = own.datname AND a.backend_type = 'client backend'
		AND (a.application_name <> own.application_name OR a.client_addr IS DISTINCT FROM own.client_addr)`

// alone makes sure that no other program uses the database and keeps those that
// bring the schema up to date waiting until the function it gives is called.
func (s *postgresStore) alone(ctx context.Context) (release func() error, err error) {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return nil, name(err)
	}
	free, others := false, ""
	for range patience {
		if err = conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(migrationLock)).Scan(&free); err == nil && free {
			err = conn.QueryRowContext(ctx, otherSessions).Scan(&others)
		}
		if err != nil || free && others == "" {
			break
		}
		if free {
			_, err = conn.ExecContext(ctx, `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		}
		if err == nil {
			_, err = conn.ExecContext(ctx, `SELECT pg_sleep(0.2)`)
		}
	}
	unlock := func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationLock))
		return errors.Join(name(err), conn.Close())
	}
	switch {
	case err != nil:
		return nil, errors.Join(name(err), unlock())
	case !free:
		return nil, errors.Join(fault.Conflict.New("database.in_use", "PostgreSQL", "?").Because(ErrInUse), conn.Close())
	case others != "":
		return nil, errors.Join(fault.Conflict.New("database.in_use", "PostgreSQL", others).Because(ErrInUse), conn.Close())
	}
	return unlock, nil
}

// load runs a transaction whose rows go by COPY and whose commit is not waited
// for.
func (s *postgresStore) load(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	conn, err := s.db.Conn(ctx)
	if err != nil {
		return name(err)
	}
	defer conn.Close()
	sqlTx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return name(err)
	}
	defer sqlTx.Rollback() // nothing left to roll back after Commit
	if _, err := sqlTx.ExecContext(ctx, `SET LOCAL synchronous_commit = off`); err != nil {
		return name(err)
	}
	tx := &Tx{ctx: ctx, exec: sqlTx, engine: Postgres, now: moment(now), ids: &idBlock{}, copy: copyOver(ctx, conn)}
	if err := fn(tx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return name(err)
	}
	runAfter(tx.after)
	return nil
}

// copyOver writes by COPY on the connection that has the transaction.
func copyOver(ctx context.Context, conn *sql.Conn) copier {
	return func(table string, columns []string, rows [][]any) error {
		return conn.Raw(func(driver any) error {
			pg, ok := driver.(*stdlib.Conn)
			if !ok {
				return fmt.Errorf("copy into %s: a connection of another kind: %T", table, driver)
			}
			_, err := pg.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromRows(rows))
			return err
		})
	}
}
