package suggest

import (
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

func insertAudit(tx *sqldb.Tx, city, problem int64, a Audit) error {
	offered, err := json.Marshal(a.Offered)
	if err != nil {
		return fmt.Errorf("write proposals: %w", err)
	}
	manual := int64(0)
	if a.Manual {
		manual = 1
	}
	if a.Week == 0 {
		a.Week = WeekOf(tx.Now().UTC())
	}
	_, err = tx.Exec(`
		INSERT INTO suggest_audit (city, problem, at, model, offered, chosen, manual, corrected_to, corrected_at,
			week, final, outcome, asked, decided)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8, $6, $9, $10, 0)
		ON CONFLICT (city, problem) DO NOTHING`,
		city, problem, tx.Micros(), a.Model, string(offered), int64(a.Chosen), manual, int64(a.Week), int64(a.outcome()), int64(a.Asked))
	return err
}

// updateAudit writes what staff made of a record.
func updateAudit(tx *sqldb.Tx, city, problem int64, a Audit) error {
	_, err := tx.Exec(`
		UPDATE suggest_audit SET corrected_to = $3, corrected_at = $4, final = $5, outcome = $6, decided = $7
		WHERE city = $1 AND problem = $2`,
		city, problem, int64(a.CorrectedTo), a.CorrectedAt, int64(a.Final()), int64(a.outcome()), a.DecidedAt)
	return err
}

func deleteAudit(tx *sqldb.Tx, city, problem int64) error {
	_, err := tx.Exec(`DELETE FROM suggest_audit WHERE city = $1 AND problem = $2`, city, problem)
	return err
}

const auditColumns = `problem, at, model, offered, chosen, manual, corrected_to, corrected_at, week, asked, decided`

// kept is a record with the key of its problem.
type kept struct {
	problem int64
	Audit
}

func scanAudit(s sqldb.Scanner) (kept, error) {
	var k kept
	var offered string
	var manual int64
	if err := s.Scan(&k.problem, &k.At, &k.Model, &offered, &k.Chosen, &manual, &k.CorrectedTo, &k.CorrectedAt,
		&k.Week, &k.Asked, &k.DecidedAt); err != nil {
		return k, err
	}
	k.Manual = manual != 0
	if err := json.Unmarshal([]byte(offered), &k.Offered); err != nil {
		return k, fmt.Errorf("read proposals: %w", err)
	}
	return k, nil
}

func auditOf(tx *sqldb.Tx, city, problem int64) (Audit, bool, error) {
	k, err := sqldb.One(tx, scanAudit, `
		SELECT `+auditColumns+`
		FROM suggest_audit
		WHERE city = $1 AND problem = $2`, city, problem)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Audit{}, false, nil
	}
	return k.Audit, err == nil, err
}

// auditsAfter reads records of some weeks in slices, by the key of the problem.
func auditsAfter(tx *sqldb.Tx, city, after int64, from, to Week, limit int) ([]kept, error) {
	return sqldb.List(tx, scanAudit, `
		SELECT `+auditColumns+`
		FROM suggest_audit
		WHERE city = $1 AND problem > $2 AND week >= $3 AND week <= $4
		ORDER BY problem
		LIMIT $5`, city, after, int64(from), int64(to), limit)
}

// counted is how many records of a week, a final topic and an outcome there are.
type counted struct {
	week    Week
	topic   topic.ID
	outcome outcome
	n       int
}

// countAudits is answered by the index suggest_audit_week alone, in its order.
func countAudits(tx *sqldb.Tx, city int64, from, to Week) ([]counted, error) {
	return sqldb.List(tx, func(s sqldb.Scanner) (counted, error) {
		var c counted
		err := s.Scan(&c.week, &c.topic, &c.outcome, &c.n)
		return c, err
	}, `
		SELECT week, final, outcome, count(*)
		FROM suggest_audit
		WHERE city = $1 AND week >= $2 AND week <= $3
		GROUP BY week, final, outcome
		ORDER BY week, final, outcome`, city, int64(from), int64(to))
}
