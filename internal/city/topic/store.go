package topic

import (
	"encoding/json"
	"fmt"

	"gorod/internal/platform/sqldb"
)

func scan(row sqldb.Scanner) (Topic, error) {
	var t Topic
	var body string
	if err := row.Scan(&body); err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(body), &t); err != nil {
		return t, fmt.Errorf("read topic: %w", err)
	}
	return t, nil
}

// most bounds a tree that a person can still walk; the largest known has 500.
const most = 20_000

func readAll(tx *sqldb.Tx, city, version int64) ([]Topic, error) {
	return sqldb.List(tx, scan, `
		SELECT body
		FROM topic
		WHERE city = $1 AND version = $2
		ORDER BY position, id
		LIMIT $3`, city, version, most)
}

func lastPosition(tx *sqldb.Tx, city, version int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT COALESCE(max(position), 0)
		FROM topic
		WHERE city = $1 AND version = $2`, city, version)
}

// put keeps the position of a topic that is there: a slice may be repeated.
func put(tx *sqldb.Tx, city, position int64, t Topic) error {
	body, err := json.Marshal(t)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO topic (city, version, id, position, body)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (city, version, id) DO UPDATE SET body = excluded.body`,
		city, t.Version, t.ID, position, string(body))
	return err
}

func forget(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`DELETE FROM topic WHERE city = $1 AND version = $2`, city, version)
	return err
}
