package problem

import "gorod/internal/platform/sqldb"

// passing is a problem whose promise has passed.
type passing struct {
	problem, due, seq int64
}

// passedUntold reads what the index problem_passed has before a moment, in its
// words.
func passedUntold(tx *sqldb.Tx, city, before int64, limit int) ([]passing, error) {
	return sqldb.List(tx, func(r sqldb.Scanner) (passing, error) {
		var p passing
		err := r.Scan(&p.problem, &p.due, &p.seq)
		return p, err
	}, `
		SELECT id, due, seq FROM problem
		WHERE city = $1 AND status IN ('moderation', 'question', 'work', 'interim', 'review') AND due > 0 AND passed <> due AND due < $2
		ORDER BY due, id
		LIMIT $3`, city, before, limit)
}

// notePassed notes that it was told of, unless something moved it since it was
// read.
func notePassed(tx *sqldb.Tx, city int64, p passing) (bool, error) {
	n, err := tx.Exec(`UPDATE problem SET passed = due WHERE city = $1 AND id = $2 AND due = $3 AND seq = $4`, city, p.problem, p.due, p.seq)
	return n > 0, err
}

func passedOf(tx *sqldb.Tx, city, problem int64) (Moment, error) {
	n, err := sqldb.One(tx, sqldb.Int, `SELECT passed FROM problem WHERE city = $1 AND id = $2`, city, problem)
	return Moment(n), err
}
