package sqldb

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"sort"
	"strings"
)

// migrationLock is the key of PostgreSQL's advisory lock under which one node
// migrates while the others wait ("gorod" in ASCII).
const migrationLock = 0x676f726f64

// Migrations are the files of one capability: migrations/NNNN_name.sql, or
// NNNN_name.sqlite.sql and NNNN_name.postgres.sql where the engines differ.
type Migrations struct {
	Owner string // the package, for error messages
	Files fs.FS
}

type migration struct{ name, owner, body, sum string }

var migrationName = regexp.MustCompile(`^(\d{4}_[a-z0-9_]+)(\.sqlite|\.postgres)?\.sql$`)

// Migrate brings the schema up to date: all files of all owners in the order
// of their numbers, each in a transaction of its own, forward only. It refuses
// a database that is newer than the binary and a file that was edited after it
// had been applied.
func (db *DB) Migrate(ctx context.Context, owners ...Migrations) (applied []string, err error) {
	steps, err := plan(db.Engine(), owners)
	if err != nil {
		return nil, err
	}
	if err := db.Do(ctx, makeBooks); err != nil {
		return nil, fmt.Errorf("make migration table: %w", err)
	}
	for _, step := range steps {
		done, err := db.step(ctx, step)
		if err != nil {
			return applied, fmt.Errorf("migration %s of %s: %w", step.name, step.owner, err)
		}
		if done {
			applied = append(applied, step.name)
		}
	}
	return applied, db.View(ctx, func(tx *Tx) error { return refuseNewer(tx, steps) })
}

// Pending lists the migrations that the database lacks; it changes nothing.
func (db *DB) Pending(ctx context.Context, owners ...Migrations) ([]string, error) {
	steps, err := plan(db.Engine(), owners)
	if err != nil {
		return nil, err
	}
	var pending []string
	err = db.View(ctx, func(tx *Tx) error {
		begun, err := hasBooks(tx)
		if err != nil {
			return err
		}
		var have []string
		if begun {
			if have, err = List(tx, Text, `SELECT name FROM schema_migration`); err != nil {
				return err
			}
		}
		for _, s := range steps {
			if !contains(have, s.name) {
				pending = append(pending, s.name)
			}
		}
		return nil
	})
	return pending, err
}

// hasBooks tells whether anything was ever migrated here.
func hasBooks(tx *Tx) (bool, error) {
	query := `SELECT count(*) FROM sqlite_master WHERE name = 'schema_migration'`
	if tx.Engine() == Postgres {
		query = `SELECT count(*) FROM pg_class WHERE oid = to_regclass('schema_migration')`
	}
	n, err := One(tx, Int, query)
	return n > 0, err
}

func makeBooks(tx *Tx) error {
	if err := lockMigrations(tx); err != nil {
		return err
	}
	for _, ddl := range []string{
		`CREATE TABLE IF NOT EXISTS schema_migration (name TEXT PRIMARY KEY, sum TEXT NOT NULL, applied BIGINT NOT NULL)`,
		`CREATE TABLE IF NOT EXISTS sequence (name TEXT PRIMARY KEY, next BIGINT NOT NULL)`,
	} {
		if _, err := tx.Exec(ddl); err != nil {
			return err
		}
	}
	return nil
}

func lockMigrations(tx *Tx) error {
	if tx.engine != Postgres {
		return nil
	}
	_, err := tx.Exec(`SELECT pg_advisory_xact_lock($1)`, int64(migrationLock))
	return err
}

func (db *DB) step(ctx context.Context, m migration) (done bool, err error) {
	err = db.Do(ctx, func(tx *Tx) error {
		done = false
		if err := lockMigrations(tx); err != nil {
			return err
		}
		sum, err := One(tx, Text, `SELECT sum FROM schema_migration WHERE name = $1`, m.name)
		switch {
		case err == nil && sum != m.sum:
			return errors.New("the file was changed after it had been applied")
		case err == nil:
			return nil
		case !errors.Is(err, ErrNoRow):
			return err
		}
		for _, statement := range statements(m.body) {
			if _, err := tx.Exec(statement); err != nil {
				return fmt.Errorf("%w in %q", err, statement)
			}
		}
		_, err = tx.Exec(`INSERT INTO schema_migration (name, sum, applied) VALUES ($1, $2, $3)`, m.name, m.sum, tx.Micros())
		done = err == nil
		return err
	})
	return done, err
}

func refuseNewer(tx *Tx, steps []migration) error {
	have, err := List(tx, Text, `SELECT name FROM schema_migration ORDER BY name`)
	if err != nil {
		return err
	}
	known := make([]string, len(steps))
	for i, s := range steps {
		known[i] = s.name
	}
	for _, name := range have {
		if !contains(known, name) {
			return fmt.Errorf("the database is newer than this program: it has %s; run the newer gorod", name)
		}
	}
	return nil
}

// plan merges the files of all owners into one order for one engine.
func plan(engine Engine, owners []Migrations) ([]migration, error) {
	var steps []migration
	numbers := map[string]string{}
	for _, owner := range owners {
		files, err := fs.Glob(owner.Files, "migrations/*.sql")
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			parts := migrationName.FindStringSubmatch(path.Base(file))
			if parts == nil {
				return nil, fmt.Errorf("%s: %s is not named NNNN_name[.engine].sql", owner.Owner, file)
			}
			if parts[2] != "" && parts[2] != "."+engine.String() {
				continue
			}
			if other, taken := numbers[parts[1][:4]]; taken {
				return nil, fmt.Errorf("%s: %s has the number of %s", owner.Owner, file, other)
			}
			numbers[parts[1][:4]] = file
			body, err := fs.ReadFile(owner.Files, file)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(body)
			steps = append(steps, migration{name: parts[1], owner: owner.Owner, body: string(body), sum: hex.EncodeToString(sum[:])})
		}
	}
	sort.Slice(steps, func(i, j int) bool { return steps[i].name < steps[j].name })
	return steps, nil
}

// statements cuts a file at semicolons that end a line. Comments are whole
// lines; a trigger body is not supported and not needed.
func statements(body string) []string {
	var list []string
	var b strings.Builder
	for line := range strings.Lines(body) {
		if strings.HasPrefix(strings.TrimSpace(line), "--") {
			continue
		}
		b.WriteString(line)
		if strings.HasSuffix(strings.TrimSpace(line), ";") {
			list = append(list, strings.TrimSpace(b.String()))
			b.Reset()
		}
	}
	if rest := strings.TrimSpace(b.String()); rest != "" {
		list = append(list, rest)
	}
	return list
}

func contains(list []string, s string) bool {
	for _, have := range list {
		if have == s {
			return true
		}
	}
	return false
}
