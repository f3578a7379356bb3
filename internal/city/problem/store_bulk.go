package problem

import (
	"encoding/hex"
	"encoding/json"
	"fmt"

	"gorod/internal/platform/sqldb"
)

func eventColumnNames() []string {
	return []string{"problem", "seq", "city", "kind", "v", "at", "seen", "by_who", "data"}
}

func eventColumns(city, problem int64, e Event) ([]any, error) {
	kind, data, err := encode(e.Data)
	if err != nil {
		return nil, err
	}
	by, err := json.Marshal(e.By)
	if err != nil {
		return nil, fmt.Errorf("write actor of event: %w", err)
	}
	return []any{problem, e.Seq, city, string(kind), int64(feedVersion), int64(e.At), string(e.Seen), string(by), data}, nil
}

func textColumnNames() []string {
	return []string{"id", "city", "problem", "resident", "body", "salt", "signer", "erased"}
}

func textColumns(city, problem int64, w *written) ([]any, error) {
	signed := ""
	if w.signer != (Signer{}) {
		packed, err := json.Marshal(w.signer)
		if err != nil {
			return nil, fmt.Errorf("write signer: %w", err)
		}
		signed = string(packed)
	}
	return []any{w.key, city, problem, flag(w.resident), w.body, hex.EncodeToString(w.salt), signed, int64(0)}, nil
}

func joinedColumnNames() []string { return []string{"city", "problem", "who", "person", "at"} }

func openLoads(tx *sqldb.Tx, city int64) ([]Loading, error) {
	return sqldb.List(tx, func(r sqldb.Scanner) (Loading, error) {
		var l Loading
		err := r.Scan(&l.First, &l.Last, &l.Number, &l.Plan, &l.Made, &l.Stage)
		return l, err
	}, `
		SELECT first, last, number, plan, made, stage
		FROM problem_load
		WHERE city = $1 AND stage <> 'done'
		ORDER BY first
		LIMIT 1`, city)
}

func insertLoad(tx *sqldb.Tx, city int64, l Loading) error {
	_, err := tx.Exec(`
		INSERT INTO problem_load (city, first, last, number, plan, made, stage, begun)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, city, l.First, l.Last, l.Number, l.Plan, l.Made, string(l.Stage), tx.Micros())
	return err
}

func updateLoad(tx *sqldb.Tx, city int64, l Loading) error {
	_, err := tx.Exec(`UPDATE problem_load SET made = $3, stage = $4 WHERE city = $1 AND first = $2`, city, l.First, l.Made, string(l.Stage))
	return err
}

// keyRange is the smallest and the largest key of a city's problems; 0, 0 when
// there are none.
func keyRange(tx *sqldb.Tx, city int64) (first, last int64, err error) {
	end := func(order string) (int64, error) {
		keys, err := sqldb.List(tx, sqldb.Int, `SELECT id FROM problem WHERE city = $1 ORDER BY id `+order+` LIMIT 1`, city)
		if err != nil || len(keys) == 0 {
			return 0, err
		}
		return keys[0], nil
	}
	if first, err = end("ASC"); err != nil {
		return 0, 0, err
	}
	last, err = end("DESC")
	return first, last, err
}
