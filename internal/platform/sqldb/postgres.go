package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	// postgresConns: 16–32 connections gave the most writes on 2 cores.
	postgresConns = 32
	// attempts is how often a command that lost a race is run.
	attempts = 8
)

type postgresStore struct {
	db  *sql.DB
	ids idBlock
	top sync.Mutex
}

func openPostgres(ctx context.Context, dsn string, options Options) (*postgresStore, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// pgx's message repeats the dsn with its password.
		return nil, errors.New("not a valid PostgreSQL address")
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = fmt.Sprintf("gorod %d", os.Getpid()) // tells whose a session is
	}
	if options.ReadOnly {
		config.RuntimeParams["default_transaction_read_only"] = "on"
	}
	if options.Relaxed {
		config.RuntimeParams["synchronous_commit"] = "off"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, name(err)
	}
	return &postgresStore{db: db}, nil
}

func (s *postgresStore) engine() Engine { return Postgres }

func (s *postgresStore) do(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	for attempt := 1; ; attempt++ {
		err := s.once(ctx, now, fn)
		if !errors.Is(err, errAgain) || attempt == attempts {
			return err
		}
		pause := time.Duration(rand.Int64N(int64(time.Millisecond) << attempt))
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *postgresStore) once(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	if err := s.topUp(ctx); err != nil {
		return err
	}
	sqlTx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return name(err)
	}
	defer sqlTx.Rollback() // nothing left to roll back after Commit
	tx := &Tx{ctx: ctx, exec: sqlTx, engine: Postgres, now: moment(now), ids: &s.ids}
	if err := fn(tx); err != nil {
		return err
	}
	if err := sqlTx.Commit(); err != nil {
		return name(err)
	}
	runAfter(tx.after)
	return nil
}

// topUp reserves ids ahead, outside the command's transaction: otherwise the
// row of the sequence would be locked until the command commits.
func (s *postgresStore) topUp(ctx context.Context) error {
	if s.ids.left() > idLowWater {
		return nil
	}
	s.top.Lock()
	defer s.top.Unlock()
	if s.ids.left() > idLowWater {
		return nil
	}
	var known bool
	if err := s.db.QueryRowContext(ctx, "SELECT to_regclass('sequence') IS NOT NULL").Scan(&known); err != nil {
		return name(err)
	}
	if !known {
		return nil // before the first migration
	}
	from, err := reserve(&Tx{ctx: ctx, exec: s.db, engine: Postgres}, idSequence, idBlockSize)
	if err != nil {
		return err
	}
	s.ids.fill(from, idBlockSize)
	return nil
}

func (s *postgresStore) view(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	sqlTx, err := s.db.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return name(err)
	}
	defer sqlTx.Rollback()
	return fn(&Tx{ctx: ctx, exec: sqlTx, engine: Postgres, now: moment(now), ids: &idBlock{}})
}

func (s *postgresStore) close() error { return s.db.Close() }

// Administer runs one statement that PostgreSQL allows only outside a
// transaction, such as CREATE DATABASE.
func Administer(ctx context.Context, dsn, statement string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return errors.New("not a valid PostgreSQL address")
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return name(err)
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(name(err), conn.Close(ctx))
}
