package routing

import (
	"encoding/json"
	"fmt"

	"gorod/internal/platform/sqldb"
)

const columns = `id, topic, category, object, area, house, executor, coordinator, controller, note, valid_from, ground`

func scan(row sqldb.Scanner) (Rule, error) {
	var r Rule
	var note string
	err := row.Scan(&r.ID, &r.Topic, &r.Category, &r.Object, &r.Area, &r.House,
		&r.Executor, &r.Coordinator, &r.Controller, &note, &r.From, &r.Where)
	if err != nil {
		return r, err
	}
	if err := json.Unmarshal([]byte(note), &r.Note); err != nil {
		return r, fmt.Errorf("read note of rule %d: %w", r.ID, err)
	}
	return r, nil
}

// most bounds the rules of a version: 200 topics in 111 municipalities.
const most = 200_000

func readAll(tx *sqldb.Tx, city, version int64) ([]Rule, error) {
	return sqldb.List(tx, scan, `
		SELECT `+columns+`
		FROM routing_rule
		WHERE city = $1 AND version = $2
		ORDER BY id
		LIMIT $3`, city, version, most)
}

func put(tx *sqldb.Tx, city, version int64, r Rule) error {
	note, err := json.Marshal(r.Note)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO routing_rule (city, version, `+columns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (city, version, id) DO UPDATE
		SET topic = excluded.topic, category = excluded.category, object = excluded.object,
			area = excluded.area, house = excluded.house, executor = excluded.executor,
			coordinator = excluded.coordinator, controller = excluded.controller,
			note = excluded.note, valid_from = excluded.valid_from, ground = excluded.ground`,
		city, version, r.ID, r.Topic, r.Category, r.Object, r.Area, r.House,
		r.Executor, r.Coordinator, r.Controller, string(note), r.From, r.Where)
	return err
}

func forget(tx *sqldb.Tx, city, version int64) error {
	_, err := tx.Exec(`DELETE FROM routing_rule WHERE city = $1 AND version = $2`, city, version)
	return err
}
