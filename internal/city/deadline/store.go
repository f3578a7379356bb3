package deadline

import (
	"encoding/json"
	"fmt"

	"gorod/internal/platform/sqldb"
)

// Bounds of what a version holds: terms for every topic and stage over many
// changes, and the years of two centuries.
const (
	maxTerms     = 100_000
	maxYears     = 400
	maxOverrides = 10_000
)

// dateOrZero reads what textOrEmpty wrote.
func dateOrZero(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	return ParseDate(s)
}

func textOrEmpty(d Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func scanRule(row sqldb.Scanner) (Rule, error) {
	var r Rule
	var from string
	err := row.Scan(&r.Topic.ID, &r.Topic.Category, &r.Topic.Object, &r.Stage, &from, &r.Term.Amount, &r.Term.Unit)
	if err != nil {
		return r, err
	}
	r.From, err = dateOrZero(from)
	return r, err
}

func readTerms(tx *sqldb.Tx, city, version int64) ([]Rule, error) {
	return sqldb.List(tx, scanRule, `
		SELECT topic, category, object, stage, valid_from, amount, unit
		FROM term
		WHERE city = $1 AND version = $2
		ORDER BY topic, category, object, stage, valid_from
		LIMIT $3`, city, version, maxTerms)
}

func putTerm(tx *sqldb.Tx, city, version int64, r Rule) error {
	_, err := tx.Exec(`
		INSERT INTO term (city, version, topic, category, object, stage, valid_from, amount, unit)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (city, version, topic, category, object, stage, valid_from) DO UPDATE
		SET amount = excluded.amount, unit = excluded.unit`,
		city, version, r.Topic.ID, r.Topic.Category, r.Topic.Object, string(r.Stage), textOrEmpty(r.From),
		r.Term.Amount, string(r.Term.Unit))
	return err
}

func scanYear(row sqldb.Scanner) (Year, error) {
	var y Year
	var body string
	if err := row.Scan(&body); err != nil {
		return y, err
	}
	if err := json.Unmarshal([]byte(body), &y); err != nil {
		return y, fmt.Errorf("read year of calendar: %w", err)
	}
	return y, nil
}

func readYears(tx *sqldb.Tx, city, version int64) ([]Year, error) {
	return sqldb.List(tx, scanYear, `
		SELECT body
		FROM calendar_year
		WHERE city = $1 AND version = $2
		ORDER BY year
		LIMIT $3`, city, version, maxYears)
}

func putYear(tx *sqldb.Tx, city, version int64, y Year) error {
	body, err := json.Marshal(y)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO calendar_year (city, version, year, body)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, year) DO UPDATE SET body = excluded.body`,
		city, version, y.Number, string(body))
	return err
}

func scanOverride(row sqldb.Scanner) (Override, error) {
	var o Override
	var first, last string
	if err := row.Scan(&first, &last, &o.Mark, &o.Note); err != nil {
		return o, err
	}
	var err error
	if o.First, err = ParseDate(first); err != nil {
		return o, err
	}
	o.Last, err = ParseDate(last)
	return o, err
}

func readOverrides(tx *sqldb.Tx, city, version int64) ([]Override, error) {
	return sqldb.List(tx, scanOverride, `
		SELECT first_day, last_day, mark, note
		FROM calendar_override
		WHERE city = $1 AND version = $2
		ORDER BY first_day
		LIMIT $3`, city, version, maxOverrides)
}

func putOverride(tx *sqldb.Tx, city, version int64, o Override) error {
	_, err := tx.Exec(`
		INSERT INTO calendar_override (city, version, first_day, last_day, mark, note)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (city, version, first_day) DO UPDATE
		SET last_day = excluded.last_day, mark = excluded.mark, note = excluded.note`,
		city, version, o.First.String(), o.Last.String(), string(o.Mark), o.Note)
	return err
}

func forget(tx *sqldb.Tx, city, version int64) error {
	for _, statement := range []string{
		`DELETE FROM term WHERE city = $1 AND version = $2`,
		`DELETE FROM calendar_year WHERE city = $1 AND version = $2`,
		`DELETE FROM calendar_override WHERE city = $1 AND version = $2`,
	} {
		if _, err := tx.Exec(statement, city, version); err != nil {
			return err
		}
	}
	return nil
}
