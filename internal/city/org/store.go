package org

import (
	"encoding/json"
	"fmt"

	"gorod/internal/platform/sqldb"
)

func scan(row sqldb.Scanner) (Organisation, error) {
	var o Organisation
	var body string
	if err := row.Scan(&body); err != nil {
		return o, err
	}
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		return o, fmt.Errorf("read organisation: %w", err)
	}
	return o, nil
}

// most bounds the organisations of a city; St. Petersburg has about 1,000.
const most = 50_000

func readAll(tx *sqldb.Tx, city, version int64) ([]Organisation, error) {
	return sqldb.List(tx, scan, `
		SELECT body
		FROM organisation
		WHERE city = $1 AND version = $2
		ORDER BY id
		LIMIT $3`, city, version, most)
}

func put(tx *sqldb.Tx, city, version int64, o Organisation) error {
	body, err := json.Marshal(o)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO organisation (city, version, id, body)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, id) DO UPDATE SET body = excluded.body`,
		city, version, o.ID, string(body))
	return err
}

func forget(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`DELETE FROM organisation WHERE city = $1 AND version = $2`, city, version)
	return err
}
