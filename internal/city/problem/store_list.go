package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

func mine(tx *sqldb.Tx, city, person int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND id IN (
			SELECT id FROM problem WHERE city = $1 AND author = $2 AND author <> 0
			UNION
			SELECT problem FROM problem_joined WHERE city = $1 AND person = $2 AND person <> 0)
		ORDER BY created DESC, id DESC
		LIMIT $3`, city, person, limit)
}

// some reads problems by their keys, in no order.
func some(tx *sqldb.Tx, city int64, keys []int64) ([]row, error) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	sqldb.In(w, "id", keys)
	return sqldb.List(tx, scanRow, `SELECT id, state FROM problem WHERE `+w.SQL(), w.Args()...)
}

// listText is how many characters of a message a list shows.
const listText = 240

func textBody(tx *sqldb.Tx, city, key int64) (string, error) {
	return sqldb.One(tx, sqldb.Text, fmt.Sprintf(`SELECT substr(body, 1, %d) FROM problem_text WHERE city = $1 AND id = $2`, listText), city, key)
}

// NearQuery asks what was reported near a point.
type NearQuery struct {
	Point   geo.Point
	Topic   topic.ID // 0: any
	Metres  float64
	Except  int64 // this problem is not its own duplicate
	Limit   int
	Visible bool // only what everyone may see
}

// nearby reads the cells around the point and keeps what is near enough.
func nearby(tx *sqldb.Tx, city int64, q NearQuery) ([]row, error) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	var cells []string
	for _, r := range geo.Cover(geo.Around(q.Point, q.Metres), 4) {
		cells = append(cells, "cell BETWEEN "+w.Arg(r.From)+" AND "+w.Arg(r.To))
	}
	w.Add("(" + strings.Join(cells, " OR ") + ")")
	sqldb.In(w, "status", []string{string(Moderation), string(Question), string(Work), string(Interim), string(Review), string(Answered)})
	if q.Topic != 0 {
		w.Add("topic = %s", int64(q.Topic))
	}
	if q.Visible {
		w.Add("visible = %s", 1)
	}
	w.Add("id <> %s", q.Except)
	rows, err := sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE `+w.SQL()+`
		ORDER BY created DESC
		LIMIT 200`, w.Args()...)
	if err != nil {
		return nil, err
	}
	far := func(r row) float64 { return r.state.Place.Point.Distance(q.Point) }
	rows = slices.DeleteFunc(rows, func(r row) bool { return far(r) > q.Metres })
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(far(a), far(b)) })
	return rows[:min(len(rows), max(q.Limit, 1))], nil
}

func keysAfter(tx *sqldb.Tx, city, after int64, limit int) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `SELECT id FROM problem WHERE city = $1 AND id > $2 ORDER BY id LIMIT $3`, city, after, limit)
}

// decided reads the first message of accepted problems, newest first.
func decided(tx *sqldb.Tx, city, before int64, limit int) ([]Lesson, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return sqldb.List(tx, func(r sqldb.Scanner) (Lesson, error) {
		var l Lesson
		var corrected int64
		err := r.Scan(&l.Problem, &l.Topic, &corrected, &l.Text)
		l.Corrected = corrected > 0
		return l, err
	}, `
		SELECT p.id, p.topic,
			(SELECT count(*) FROM problem_event e WHERE e.city = p.city AND e.problem = p.id AND e.kind = 'topic_changed'),
			t.body
		FROM problem p
		JOIN problem_text t ON t.city = p.city AND t.id = (
			SELECT min(first.id) FROM problem_text first WHERE first.city = p.city AND first.problem = p.id)
		WHERE p.city = $1 AND p.id < $2 AND p.accepted <> 0 AND t.erased = 0 AND t.body <> ''
		ORDER BY p.id DESC
		LIMIT $3`, city, before, limit)
}
