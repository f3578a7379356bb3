package pack

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"gorod/internal/platform/sqldb"
)

// maxVersions bounds the list of a city's versions, the newest first.
const maxVersions = 1000

const versionColumns = `version, hash, state, begun, loaded, counts, report`

func scanVersion(row sqldb.Scanner) (Version, error) {
	var v Version
	var begun, loaded int64
	var counts, report string
	if err := row.Scan(&v.Number, &v.Hash, &v.State, &begun, &loaded, &counts, &report); err != nil {
		return v, err
	}
	v.Begun = time.UnixMicro(begun).UTC()
	if loaded != 0 {
		v.Loaded = time.UnixMicro(loaded).UTC()
	}
	if err := json.Unmarshal([]byte(counts), &v.Counts); err != nil {
		return v, fmt.Errorf("read counts of version %d: %w", v.Number, err)
	}
	if err := json.Unmarshal([]byte(report), &v.Report); err != nil {
		return v, fmt.Errorf("read report of version %d: %w", v.Number, err)
	}
	return v, nil
}

func readVersions(tx *sqldb.Tx, city int64) ([]Version, error) {
	return sqldb.List(tx, scanVersion, `
		SELECT `+versionColumns+`
		FROM pack_version
		WHERE city = $1
		ORDER BY version DESC
		LIMIT $2`, city, maxVersions)
}

// readInState reads the newest version in a state.
func readInState(tx *sqldb.Tx, city int64, state State) (Version, error) {
	return sqldb.One(tx, scanVersion, `
		SELECT `+versionColumns+`
		FROM pack_version
		WHERE city = $1 AND state = $2
		ORDER BY version DESC
		LIMIT 1`, city, state)
}

// readBefore reads the newest version below another one that was in force.
func readBefore(tx *sqldb.Tx, city, version int64) (Version, error) {
	return sqldb.One(tx, scanVersion, `
		SELECT `+versionColumns+`
		FROM pack_version
		WHERE city = $1 AND version < $2 AND state = 'previous'
		ORDER BY version DESC
		LIMIT 1`, city, version)
}

func readSettings(tx *sqldb.Tx, city, version int64) (string, error) {
	return sqldb.One(tx, sqldb.Text, `
		SELECT settings
		FROM pack_version
		WHERE city = $1 AND version = $2`, city, version)
}

func lastVersion(tx *sqldb.Tx, city int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT COALESCE(MAX(version), 0)
		FROM pack_version
		WHERE city = $1`, city)
}

func insertVersion(tx *sqldb.Tx, city int64, v Version, settings string) error {
	counts, err := json.Marshal(v.Counts)
	if err != nil {
		return err
	}
	report, err := json.Marshal(v.Report)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO pack_version (city, version, hash, state, begun, loaded, settings, counts, report)
		VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8)`,
		city, v.Number, v.Hash, v.State, tx.Micros(), settings, string(counts), string(report))
	return err
}

// setState moves a version from one state to another and tells whether it was
// in the first.
func setState(tx *sqldb.Tx, city, version int64, from, to State) (bool, error) {
	n, err := tx.Exec(`
		UPDATE pack_version
		SET state = $1
		WHERE city = $2 AND version = $3 AND state = $4`, to, city, version, from)
	return n == 1, err
}

// setLoaded notes the first time that a version came into force.
func setLoaded(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`
		UPDATE pack_version
		SET loaded = $1
		WHERE city = $2 AND version = $3 AND loaded = 0`, tx.Micros(), city, version)
	return err
}

// dropCounts notes that an abandoned version has no rows left.
func dropCounts(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`
		UPDATE pack_version
		SET counts = 'null'
		WHERE city = $1 AND version = $2`, city, version)
	return err
}

func scanBytes(row sqldb.Scanner) ([]byte, error) {
	var body []byte
	err := row.Scan(&body)
	return body, err
}

func readPrint(tx *sqldb.Tx, city, version int64) ([]byte, error) {
	return sqldb.One(tx, scanBytes, `
		SELECT body
		FROM pack_print
		WHERE city = $1 AND version = $2`, city, version)
}

func insertPrint(tx *sqldb.Tx, city, version int64, body []byte) error {
	_, err := tx.Exec(`
		INSERT INTO pack_print (city, version, body)
		VALUES ($1, $2, $3)`, city, version, body)
	return err
}

func insertText(tx *sqldb.Tx, city, version int64, t Text) error {
	_, err := tx.Exec(`
		INSERT INTO pack_text (city, version, name, lang, body)
		VALUES ($1, $2, $3, $4, $5)`, city, version, t.Name, t.Lang, t.Body)
	return err
}

func scanText(row sqldb.Scanner) (Text, error) {
	var t Text
	err := row.Scan(&t.Name, &t.Lang, &t.Body)
	return t, err
}

// maxList bounds the short lists of a city: texts, clauses, templates, steps.
const maxList = 10_000

func readTexts(tx *sqldb.Tx, city, version int64) ([]Text, error) {
	return sqldb.List(tx, scanText, `
		SELECT name, lang, body
		FROM pack_text
		WHERE city = $1 AND version = $2
		LIMIT $3`, city, version, maxList)
}

// listTable names the tables of short lists; they differ only in their names.
type listTable string

const (
	clauseTable   listTable = "pack_clause"
	templateTable listTable = "pack_template"
	stepTable     listTable = "pack_step"
)

// insertList writes rows of a short list, the first at a position.
func insertList[T any](tx *sqldb.Tx, table listTable, city, version int64, position int, rows []T) error {
	for i, r := range rows {
		body, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`
			INSERT INTO `+string(table)+` (city, version, position, body)
			VALUES ($1, $2, $3, $4)`, city, version, position+i+1, string(body)); err != nil {
			return err
		}
	}
	return nil
}

func readList[T any](tx *sqldb.Tx, table listTable, city, version int64) ([]T, error) {
	scan := func(row sqldb.Scanner) (T, error) {
		var value T
		var body string
		if err := row.Scan(&body); err != nil {
			return value, err
		}
		return value, json.Unmarshal([]byte(body), &value)
	}
	return sqldb.List(tx, scan, `
		SELECT body
		FROM `+string(table)+`
		WHERE city = $1 AND version = $2
		ORDER BY position
		LIMIT $3`, city, version, maxList)
}

// insertExamples writes many rows in few statements.
func insertExamples(tx *sqldb.Tx, city, version int64, rows []Example) error {
	const together = 100
	for len(rows) > 0 {
		n := min(len(rows), together)
		var values []string
		var args []any
		for _, e := range rows[:n] {
			marks := make([]string, 5)
			for i := range marks {
				marks[i] = "$" + strconv.Itoa(len(args)+i+1)
			}
			values = append(values, "("+strings.Join(marks, ", ")+")")
			args = append(args, city, version, e.ID, int64(e.Topic), e.Text)
		}
		if _, err := tx.Exec(`
			INSERT INTO pack_example (city, version, id, topic, text)
			VALUES `+strings.Join(values, ", "), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

func scanExample(row sqldb.Scanner) (Example, error) {
	var e Example
	err := row.Scan(&e.ID, &e.Topic, &e.Text)
	return e, err
}

func readExamples(tx *sqldb.Tx, city, version, after int64, limit int) ([]Example, error) {
	return sqldb.List(tx, scanExample, `
		SELECT id, topic, text
		FROM pack_example
		WHERE city = $1 AND version = $2 AND id > $3
		ORDER BY id
		LIMIT $4`, city, version, after, limit)
}

func insertLayer(tx *sqldb.Tx, city, version int64, name string, body []byte) error {
	_, err := tx.Exec(`
		INSERT INTO pack_layer (city, version, name, body)
		VALUES ($1, $2, $3, $4)`, city, version, name, body)
	return err
}

func readLayer(tx *sqldb.Tx, city, version int64, name string) ([]byte, error) {
	return sqldb.One(tx, scanBytes, `
		SELECT body
		FROM pack_layer
		WHERE city = $1 AND version = $2 AND name = $3`, city, version, name)
}

func readLayerNames(tx *sqldb.Tx, city, version int64) ([]string, error) {
	return sqldb.List(tx, sqldb.Text, `
		SELECT name
		FROM pack_layer
		WHERE city = $1 AND version = $2
		ORDER BY name
		LIMIT $3`, city, version, maxList)
}

// forget deletes the rows of a version; its line in pack_version stays.
func forget(tx *sqldb.Tx, city, version int64) error {
	for _, table := range []string{
		"pack_print", "pack_text", "pack_clause", "pack_template", "pack_step", "pack_example", "pack_layer",
	} {
		if _, err := tx.Exec(`
			DELETE FROM `+table+`
			WHERE city = $1 AND version = $2`, city, version); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return nil
}
