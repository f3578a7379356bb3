package suggest

import (
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/platform/sqldb"
)

func insertRow(tx *sqldb.Tx, city, version int64, r Row) error {
	_, err := tx.Exec(`
		INSERT INTO suggest_example (city, version, num, topic, kind, text)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (city, version, num) DO UPDATE SET topic = excluded.topic, kind = excluded.kind, text = excluded.text`,
		city, version, r.Num, int64(r.Topic), string(r.Kind), r.Text)
	return err
}

func deleteRows(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`DELETE FROM suggest_example WHERE city = $1 AND version = $2`, city, version)
	return err
}

// rowsAfter reads the rows of a pack in slices, by their number.
func rowsAfter(tx *sqldb.Tx, city, version, after int64, limit int) ([]Row, error) {
	return sqldb.List(tx, func(s sqldb.Scanner) (Row, error) {
		var r Row
		err := s.Scan(&r.Num, &r.Topic, &r.Kind, &r.Text)
		return r, err
	}, `
		SELECT num, topic, kind, text
		FROM suggest_example
		WHERE city = $1 AND version = $2 AND num > $3
		ORDER BY num
		LIMIT $4`, city, version, after, limit)
}

func insertPart(tx *sqldb.Tx, city, version int64, part int, bytes []byte) error {
	_, err := tx.Exec(`
		INSERT INTO suggest_part (city, version, part, created, bytes)
		VALUES ($1, $2, $3, $4, $5)`, city, version, part, tx.Micros(), bytes)
	return err
}

func partOf(tx *sqldb.Tx, city, version int64, part int64) ([]byte, error) {
	return sqldb.One(tx, func(s sqldb.Scanner) ([]byte, error) {
		var b []byte
		err := s.Scan(&b)
		return b, err
	}, `SELECT bytes FROM suggest_part WHERE city = $1 AND version = $2 AND part = $3`, city, version, part)
}

func countParts(tx *sqldb.Tx, city, version int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM suggest_part WHERE city = $1 AND version = $2`, city, version)
}

func insertModel(tx *sqldb.Tx, city int64, s Stored) error {
	body, err := json.Marshal(s.Report)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO suggest_model (city, version, created, pack, parts, report)
		VALUES ($1, $2, $3, $4, $5, $6)`, city, s.Version, tx.Micros(), s.Pack, s.parts, string(body))
	return err
}

const modelColumns = `version, created, pack, parts, report`

func scanModel(s sqldb.Scanner) (Stored, error) {
	var m Stored
	var report string
	if err := s.Scan(&m.Version, &m.Created, &m.Pack, &m.parts, &report); err != nil {
		return m, err
	}
	if err := json.Unmarshal([]byte(report), &m.Report); err != nil {
		return m, fmt.Errorf("read report of model %d: %w", m.Version, err)
	}
	m.Kept = m.parts > 0
	return m, nil
}

func modelOf(tx *sqldb.Tx, city, version int64) (Stored, error) {
	return sqldb.One(tx, scanModel, `
		SELECT `+modelColumns+`
		FROM suggest_model
		WHERE city = $1 AND version = $2`, city, version)
}

func models(tx *sqldb.Tx, city int64, limit int) ([]Stored, error) {
	return sqldb.List(tx, scanModel, `
		SELECT `+modelColumns+`
		FROM suggest_model
		WHERE city = $1
		ORDER BY created DESC, version DESC
		LIMIT $2`, city, limit)
}

// pointer is the version a city uses; 0: none.
func pointer(tx *sqldb.Tx, city int64) (int64, error) {
	version, err := sqldb.One(tx, sqldb.Int, `SELECT version FROM suggest_current WHERE city = $1`, city)
	if errors.Is(err, sqldb.ErrNoRow) {
		return 0, nil
	}
	return version, err
}

func point(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`
		INSERT INTO suggest_current (city, version, at)
		VALUES ($1, $2, $3)
		ON CONFLICT (city) DO UPDATE SET version = excluded.version, at = excluded.at`, city, version, tx.Micros())
	return err
}

// sweep drops the slices of models that were replaced long since and of
// trainings that were killed; the current model is never among them.
func sweep(tx *sqldb.Tx, city int64, keep int, killedBefore int64) error {
	if _, err := tx.Exec(`
		UPDATE suggest_model SET parts = 0
		WHERE city = $1
			AND parts > 0
			AND version NOT IN (SELECT version FROM suggest_current WHERE city = $1)
			AND version NOT IN (
				SELECT version FROM suggest_model
				WHERE city = $1 AND parts > 0
				ORDER BY created DESC, version DESC
				LIMIT $2)`, city, keep); err != nil {
		return err
	}
	_, err := tx.Exec(`
		DELETE FROM suggest_part
		WHERE city = $1
			AND (version IN (SELECT version FROM suggest_model WHERE city = $1 AND parts = 0)
				OR created < $2 AND version NOT IN (SELECT version FROM suggest_model WHERE city = $1))`, city, killedBefore)
	return err
}
