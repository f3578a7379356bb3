package problem

import (
	"errors"

	"gorod/internal/platform/sqldb"
)

const lessonColumns = `p.id, p.topic, p.created, p.author, p.lat, p.lon, p.district, p.municipality, t.body`

func scanLesson(r sqldb.Scanner) (Lesson, error) {
	var l Lesson
	err := r.Scan(&l.Problem, &l.Topic, &l.Created, &l.Author, &l.Point.Lat, &l.Point.Lon, &l.District, &l.Municipality, &l.Text)
	return l, err
}

// decided reads the first message of accepted problems, newest first.
func decided(tx *sqldb.Tx, city, before int64, limit int) ([]Lesson, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return sqldb.List(tx, scanLesson, `
		SELECT `+lessonColumns+`
		FROM problem p
		JOIN problem_text t ON t.city = p.city AND t.id = (
			SELECT min(first.id) FROM problem_text first WHERE first.city = p.city AND first.problem = p.id)
		WHERE p.city = $1 AND p.id < $2 AND p.accepted <> 0 AND t.erased = 0 AND t.body <> ''
		ORDER BY p.id DESC
		LIMIT $3`, city, before, limit)
}

// sent reads the first message of problems, oldest first.
func sent(tx *sqldb.Tx, city, after int64, limit int) ([]Lesson, error) {
	return sqldb.List(tx, scanLesson, `
		SELECT `+lessonColumns+`
		FROM problem p
		JOIN problem_text t ON t.city = p.city AND t.id = (
			SELECT min(first.id) FROM problem_text first WHERE first.city = p.city AND first.problem = p.id)
		WHERE p.city = $1 AND p.id > $2 AND p.status NOT IN ('draft', 'rejected', 'withdrawn')
			AND t.erased = 0 AND t.body <> ''
		ORDER BY p.id
		LIMIT $3`, city, after, limit)
}

// keyBefore is the key of the problem before the n newest; 0: there is none.
func keyBefore(tx *sqldb.Tx, city int64, n int) (int64, error) {
	key, err := sqldb.One(tx, sqldb.Int, `
		SELECT id FROM problem WHERE city = $1 ORDER BY id DESC LIMIT 1 OFFSET $2`, city, n)
	if errors.Is(err, sqldb.ErrNoRow) {
		return 0, nil
	}
	return key, err
}

type changeRow struct {
	problem int64
	at      Moment
	data    string
}

// topicChanges reads how staff changed the topics of problems, oldest first.
func topicChanges(tx *sqldb.Tx, city int64, keys []int64) ([]changeRow, error) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	sqldb.In(w, "problem", keys)
	w.Add("kind = %s", "topic_changed")
	return sqldb.List(tx, func(r sqldb.Scanner) (changeRow, error) {
		var c changeRow
		err := r.Scan(&c.problem, &c.at, &c.data)
		return c, err
	}, `
		SELECT problem, at, data
		FROM problem_event
		WHERE `+w.SQL()+`
		ORDER BY problem, seq`, w.Args()...)
}
