package sqldb_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// thing is a schema of one table.
var thing = sqldb.Migrations{Owner: "private_test", Files: fstest.MapFS{
	"migrations/0001_thing.sql": {Data: []byte(`CREATE TABLE thing (id BIGINT PRIMARY KEY);`)},
}}

// modes are the permissions of the files of a database, by the end of their names.
func modes(t *testing.T, path string) map[string]fs.FileMode {
	t.Helper()
	found := map[string]fs.FileMode{}
	for _, end := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + end)
		must(t, err)
		found[end] = info.Mode().Perm()
	}
	return found
}

func TestOnlyTheOwnerReadsANewDatabase(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "town.db")
	db, err := sqldb.Open(context.Background(), path, sqldb.Options{})
	must(t, err)
	defer db.Close()
	_, err = db.Migrate(context.Background(), thing)
	must(t, err)
	for end, mode := range modes(t, path) {
		if mode != 0o600 {
			t.Errorf("town.db%s has mode %s", end, mode)
		}
	}
}

func TestADatabaseThatOthersCouldReadIsShutToThemAndStaysOpenToTheGroup(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "town.db")
	must(t, os.WriteFile(path, nil, 0o600))
	must(t, os.WriteFile(path+".lock", nil, 0o600))
	must(t, os.Chmod(path, 0o664))
	must(t, os.Chmod(path+".lock", 0o644))
	db, err := sqldb.Open(ctx, path, sqldb.Options{})
	must(t, err)
	defer db.Close()
	_, err = db.Migrate(ctx, thing)
	must(t, err)
	want := map[string]fs.FileMode{"": 0o660, "-wal": 0o660, "-shm": 0o660, ".lock": 0o640}
	for end, mode := range modes(t, path) {
		if mode != want[end] {
			t.Errorf("town.db%s has mode %s, want %s", end, mode, want[end])
		}
	}
}

func TestReadingADatabaseThatIsNotThereMakesNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	_, err := sqldb.Open(context.Background(), filepath.Join(dir, "town.db"), sqldb.Options{ReadOnly: true})
	if !errors.Is(err, sqldb.ErrNoDatabase) || !errors.Is(err, fault.Missing) {
		t.Errorf("error is %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("there is %v, %v", left, err)
	}
}

func TestADatabaseSaysWhichMigrationsItLacksAlsoWhenItIsEmpty(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		later := sqldb.Migrations{Owner: "private_test", Files: fstest.MapFS{"migrations/0077_later.sql": {Data: []byte(`SELECT 1;`)}}}
		pending, err := db.Pending(context.Background(), later)
		if err != nil || len(pending) != 1 {
			t.Errorf("pending are %v, %v", pending, err)
		}
	})
	path := filepath.Join(t.TempDir(), "town.db")
	db, err := sqldb.Open(context.Background(), path, sqldb.Options{})
	must(t, err)
	defer db.Close()
	pending, err := db.Pending(context.Background(), thing)
	if err != nil || len(pending) != 1 {
		t.Errorf("pending are %v, %v", pending, err)
	}
}
