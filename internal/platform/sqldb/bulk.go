package sqldb

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// copier writes many rows of a table at once.
type copier func(table string, columns []string, rows [][]any) error

// CopyIn writes many rows into a table, in their order: by COPY where the
// transaction is one of a Load on PostgreSQL, else by inserts of many rows.
// Values are int64, float64 and string. Table and columns are part of the
// statement: our own names only. A row that is there already is ErrUnique.
func (tx *Tx) CopyIn(table string, columns []string, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	tx.wrote = true
	if tx.copy != nil {
		return name(tx.copy(table, columns, rows))
	}
	for len(rows) > 0 {
		n := min(len(rows), max(bulkValues/len(columns), 1))
		if n > bulkRows {
			n = bulkRows
		} else if n < len(rows) || n < bulkRows {
			n = evenRows(n)
		}
		if err := tx.insertMany(table, columns, rows[:n]); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

const (
	// bulkRows and bulkValues bound an insert of many rows; SQLite takes 32,766
	// values, PostgreSQL 65,535.
	bulkRows   = 256
	bulkValues = 8000
)

// evenRows rounds down to a power of two, so that few statements are prepared.
func evenRows(n int) int {
	even := 1
	for even*2 <= n {
		even *= 2
	}
	return even
}

func (tx *Tx) insertMany(table string, columns []string, rows [][]any) error {
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
	args := make([]any, 0, len(rows)*len(columns))
	for i, row := range rows {
		for j := range columns {
			switch {
			case j > 0:
				b.WriteByte(',')
			case i > 0:
				b.WriteString(",(")
			default:
				b.WriteByte('(')
			}
			if tx.engine == SQLite {
				b.WriteByte('?') // found by its number; a named one is looked for by its name
			} else {
				fmt.Fprintf(&b, "$%d", i*len(columns)+j+1)
			}
		}
		b.WriteByte(')')
		args = append(args, row...)
	}
	_, err := tx.Exec(b.String(), args...)
	return err
}

// Bulk is a load of many rows into some tables. Their secondary indexes, and on
// PostgreSQL their foreign keys, are away while it lasts; how each was made is
// remembered in the database, so that a load that was interrupted, even by
// kill -9, brings them back in the end.
//
// While it lasts nothing is durable: on SQLite synchronous is off, on
// PostgreSQL a commit is not waited for. An end of this process loses nothing
// that was committed; after a power cut a SQLite file in the middle of a load
// is to be thrown away. Finish makes all of it durable.
type Bulk struct {
	db     *DB
	tables []string
	keep   []string
	hold   func() error // gives the lock of PostgreSQL up
}

// StartBulk takes the secondary indexes of tables away and keeps every other
// process that writes from opening the database: on SQLite nobody else has the
// file anyway, on PostgreSQL who brings the schema up to date waits. A load that
// was interrupted goes on. On PostgreSQL it is a refusal (ErrInUse) when another
// program is connected to the database.
//
// On SQLite the indexes that keep names stay: where rows come in the order of
// their keys and the entries of an index with them, at few places, an entry
// costs less than its share of reading a table of wide rows once more.
// PostgreSQL makes all of them afterwards, with several processes.
func (db *DB) StartBulk(ctx context.Context, tables, keep []string) (*Bulk, error) {
	b := &Bulk{db: db, tables: tables, keep: keep, hold: func() error { return nil }}
	var err error
	if pg, ok := db.store.(*postgresStore); ok {
		if b.hold, err = pg.alone(ctx); err != nil {
			return nil, err
		}
	}
	if err := b.setUp(ctx); err != nil {
		return nil, errors.Join(err, b.hold())
	}
	return b, nil
}

func (b *Bulk) setUp(ctx context.Context) error {
	if lite, ok := b.db.store.(*sqliteStore); ok {
		if err := lite.outside(ctx, "PRAGMA synchronous(OFF)", "PRAGMA foreign_keys(0)",
			fmt.Sprintf("PRAGMA cache_size(-%d)", bulkCache), "PRAGMA wal_autocheckpoint(16384)"); err != nil {
			return fmt.Errorf("make the database ready for a load: %w", err)
		}
	}
	return b.db.Do(ctx, func(tx *Tx) error {
		if _, err := tx.Exec(`
			CREATE TABLE IF NOT EXISTS bulk_away (
				name TEXT PRIMARY KEY, tab TEXT NOT NULL, made BIGINT NOT NULL, ddl TEXT NOT NULL, undo TEXT NOT NULL)`); err != nil {
			return fmt.Errorf("make table of indexes: %w", err)
		}
		for _, table := range b.tables {
			if err := b.takeAway(tx, table); err != nil {
				return fmt.Errorf("take indexes of %s away: %w", table, err)
			}
		}
		return nil
	})
}

// bulkCache is the memory of the writer for pages while it loads, in KiB:
// indexes are sorted in it.
const bulkCache = 512 << 10

// part is an index or a foreign key of a table.
type part struct{ name, ddl, undo string }

func scanPart(r Scanner) (part, error) {
	var p part
	err := r.Scan(&p.name, &p.ddl, &p.undo)
	return p, err
}

// partsOf are the secondary indexes of a table and, on PostgreSQL, its foreign
// keys: SQLite looks after those by a setting of the connection.
func partsOf(tx *Tx, table string) ([]part, error) {
	if tx.engine == SQLite {
		return List(tx, scanPart, `
			SELECT name, sql, 'DROP INDEX ' || name FROM sqlite_master
			WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL
			ORDER BY name`, table)
	}
	return List(tx, scanPart, `
		SELECT c.relname, pg_get_indexdef(c.oid), 'DROP INDEX ' || quote_ident(c.relname)
		FROM pg_index i
		JOIN pg_class c ON c.oid = i.indexrelid
		WHERE i.indrelid = to_regclass($1) AND NOT i.indisprimary
			AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)
		UNION ALL
		SELECT conname, 'ALTER TABLE ' || quote_ident(CAST($2 AS TEXT)) || ' ADD CONSTRAINT ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid),
			'ALTER TABLE ' || quote_ident(CAST($2 AS TEXT)) || ' DROP CONSTRAINT ' || quote_ident(conname)
		FROM pg_constraint
		WHERE conrelid = to_regclass($1) AND contype = 'f'
		ORDER BY 1`, table, table)
}

func (b *Bulk) takeAway(tx *Tx, table string) error {
	parts, err := partsOf(tx, table)
	if err != nil {
		return err
	}
	for _, p := range parts {
		if tx.engine == SQLite && contains(b.keep, p.name) {
			continue
		}
		// One that an interrupted load has made again already stays.
		made, err := One(tx, Int, `SELECT count(*) FROM bulk_away WHERE name = $1 AND made <> 0`, p.name)
		if err != nil {
			return err
		}
		if made > 0 {
			continue
		}
		if _, err := tx.Exec(`
			INSERT INTO bulk_away (name, tab, made, ddl, undo) VALUES ($1, $2, 0, $3, $4)
			ON CONFLICT (name) DO UPDATE SET ddl = excluded.ddl`, p.name, table, p.ddl, p.undo); err != nil {
			return err
		}
		if _, err := tx.Exec(p.undo); err != nil {
			return err
		}
	}
	return nil
}

// Load runs a command that writes with CopyIn. It is Do, but on PostgreSQL rows
// go by COPY, the commit is not waited for, and a lost race is an error.
func (b *Bulk) Load(ctx context.Context, fn func(*Tx) error) error {
	pg, ok := b.db.store.(*postgresStore)
	if !ok {
		return b.db.Do(ctx, fn)
	}
	return pg.load(ctx, b.db.clock, fn)
}

// Restore makes the indexes and keys that are away again, each in a transaction
// of its own; an interrupted one goes on where it was. Progress, when not nil,
// hears the name of each before it is made, and how many are left with it.
func (b *Bulk) Restore(ctx context.Context, progress func(index string, done, total int)) error {
	var list []part
	var made int64
	err := b.db.View(ctx, func(tx *Tx) error {
		var err error
		// Keys after the indexes that checking them reads.
		if list, err = List(tx, scanPart, `SELECT name, ddl, undo FROM bulk_away WHERE made = 0 ORDER BY CASE WHEN ddl LIKE 'ALTER%' THEN 1 ELSE 0 END, tab, name`); err != nil {
			return err
		}
		made, err = One(tx, Int, `SELECT count(*) FROM bulk_away WHERE made <> 0`)
		return err
	})
	if err != nil {
		return fmt.Errorf("list indexes that are away: %w", err)
	}
	for i, p := range list {
		if progress != nil {
			progress(p.name, int(made)+i, int(made)+len(list))
		}
		if err := b.Load(ctx, func(tx *Tx) error {
			if tx.engine == Postgres {
				if _, err := tx.Exec(`SET LOCAL maintenance_work_mem = '512MB'`); err != nil {
					return err
				}
			}
			if _, err := tx.Exec(p.ddl); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE bulk_away SET made = $2 WHERE name = $1`, p.name, tx.Micros())
			return err
		}); err != nil {
			return fmt.Errorf("make %s again: %w", p.name, err)
		}
	}
	return nil
}

// Finish forgets what was away, makes everything durable and gives the database
// back. Indexes that Restore did not make are an error.
func (b *Bulk) Finish(ctx context.Context) error {
	left := int64(0)
	err := b.db.Do(ctx, func(tx *Tx) error {
		var err error
		if left, err = One(tx, Int, `SELECT count(*) FROM bulk_away WHERE made = 0`); err != nil || left > 0 {
			return err
		}
		_, err = tx.Exec(`DROP TABLE bulk_away`)
		return err
	})
	if err == nil && left > 0 {
		err = fmt.Errorf("%d indexes are still away", left)
	}
	if err == nil {
		err = b.settle(ctx)
	}
	return errors.Join(err, b.Close())
}

// settle writes everything to the disk for good, and tells the planner of
// PostgreSQL what the tables hold now.
func (b *Bulk) settle(ctx context.Context) error {
	switch st := b.db.store.(type) {
	case *sqliteStore:
		// The checkpoint syncs the whole file, what was written to it without
		// waiting before too; it needs a page to write.
		if err := st.outside(ctx, "PRAGMA synchronous(FULL)"); err != nil {
			return fmt.Errorf("end the load: %w", err)
		}
		if err := b.db.Do(ctx, func(tx *Tx) error { _, err := reserve(tx, idSequence, 1); return err }); err != nil {
			return err
		}
		return st.outside(ctx, "PRAGMA foreign_keys(1)", fmt.Sprintf("PRAGMA cache_size(-%d)", writerPages),
			"PRAGMA wal_autocheckpoint(1000)", "PRAGMA wal_checkpoint(TRUNCATE)")
	case *postgresStore:
		for _, table := range b.tables {
			if _, err := st.db.ExecContext(ctx, "VACUUM (ANALYZE) "+table); err != nil {
				return fmt.Errorf("vacuum %s: %w", table, name(err))
			}
		}
	}
	return nil
}

// Close leaves a load in the middle: StartBulk goes on with it. On SQLite the
// database is to be closed next.
func (b *Bulk) Close() error {
	hold := b.hold
	b.hold = func() error { return nil }
	return hold()
}

// BulkOpen tells whether a load was begun and not finished: indexes are away.
func (db *DB) BulkOpen(ctx context.Context) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master WHERE name = 'bulk_away'`
	if db.Engine() == Postgres {
		query = `SELECT count(*) FROM pg_class WHERE oid = to_regclass('bulk_away')`
	}
	n := int64(0)
	err := db.View(ctx, func(tx *Tx) error {
		var err error
		n, err = One(tx, Int, query)
		return err
	})
	return n > 0, err
}

// outside runs statements of our own between transactions, on the writer.
func (s *sqliteStore) outside(ctx context.Context, statements ...string) error {
	c := &command{ctx: ctx, now: time.Now, outside: statements, done: make(chan struct{})}
	if err := s.enqueue(ctx, c); err != nil {
		return err
	}
	<-c.done
	return c.err
}

// runOutside is what the writer does with such a command.
func (s *sqliteStore) runOutside(c *command) {
	defer close(c.done)
	for _, statement := range c.outside {
		rows, err := s.writer.conn.QueryContext(c.ctx, statement)
		if err == nil {
			err = errors.Join(rows.Close(), rows.Err())
		}
		if err != nil {
			c.err = fmt.Errorf("%s: %w", statement, name(err))
			return
		}
	}
}
