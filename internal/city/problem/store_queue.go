package problem

import (
	"cmp"
	"fmt"
	"slices"

	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// queueWhere is what a queue asks for, the statuses apart. The conditions that
// stand in it word for word are those of the partial indexes.
func queueWhere(city int64, q Queue) *sqldb.Where {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	equal := func(column, value string) {
		if value != "" {
			w.Add(column+" = %s", value)
		}
	}
	equal("executor", string(q.Executor))
	if q.Controller != "" {
		w.Add("controller IN ('', %s)", string(q.Controller))
	}
	switch {
	case q.Unassigned && q.Coordinator != "":
		w.Add("executor = ''")
		w.Add("coordinator IN ('', %s)", string(q.Coordinator))
	case q.Unassigned:
		w.Add("executor = ''")
	default:
		equal("coordinator", string(q.Coordinator))
	}
	if q.Topic != 0 {
		w.Add("topic = %s", int64(q.Topic))
	}
	sqldb.In(w, "district", q.Districts)
	queueMarks(w, q)
	queueDates(w, q)
	return w
}

// queueMarks narrows to what happened to a problem.
func queueMarks(w *sqldb.Where, q Queue) {
	if q.RedirectAsked {
		w.Add("redirect_asked = 1")
	}
	if q.Redirects > 0 {
		if q.Redirects > 1 {
			w.Add("redirects > 1")
		}
		w.Add("(redirects > %s OR redirects = %s AND redirect_asked = 1)", q.Redirects, q.Redirects)
	}
	if q.Disputes > 0 {
		w.Add("messages > 1")
	}
	if q.Disputes > 1 {
		w.Add("messages > %s", q.Disputes)
	}
	if q.SentBack {
		w.Add("sent_back = 1")
	}
	if q.Visible {
		w.Add("visible = 1")
	}
}

func queueDates(w *sqldb.Where, q Queue) {
	if q.Undated {
		w.Add("stage_due = 0")
	}
	if q.DueFrom != 0 || q.DueBefore != 0 {
		w.Add("stage_due > 0")
	}
	if q.DueFrom != 0 {
		w.Add("stage_due >= %s", int64(q.DueFrom))
	}
	if q.DueBefore != 0 {
		w.Add("stage_due < %s", int64(q.DueBefore))
	}
}

// queue reads each status by itself, in the order of its index, and merges:
// the database would sort all of a city's open problems for several at once.
func queue(tx *sqldb.Tx, city int64, q Queue) ([]row, error) {
	var all []row
	for _, status := range q.Statuses {
		w := queueWhere(city, q)
		w.Add("status = %s", string(status))
		if q.AfterID != 0 {
			w.Add("(stage_due, id) > (%s, %s)", int64(q.After), q.AfterID)
		}
		some, err := sqldb.List(tx, scanRow, fmt.Sprintf(`
			SELECT id, state FROM problem
			WHERE %s
			ORDER BY stage_due, id
			LIMIT %d`, w.SQL(), q.Limit), w.Args()...)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	slices.SortFunc(all, func(a, b row) int {
		return cmp.Or(cmp.Compare(a.state.StageDue(), b.state.StageDue()), cmp.Compare(a.id, b.id))
	})
	return all[:min(len(all), q.Limit)], nil
}

// countBound is where counting a queue stops.
const countBound = 100_000

// countQueue reads an index alone.
func countQueue(tx *sqldb.Tx, city int64, q Queue) (int64, error) {
	w := queueOf(city, q)
	return sqldb.One(tx, sqldb.Int, fmt.Sprintf(`
		SELECT count(*) FROM (SELECT 1 FROM problem WHERE %s LIMIT %d) AS waiting`, w.SQL(), countBound), w.Args()...)
}

// queueOf is all that a queue asks for.
func queueOf(city int64, q Queue) *sqldb.Where {
	w := queueWhere(city, q)
	statuses := make([]string, len(q.Statuses))
	for i, s := range q.Statuses {
		statuses[i] = string(s)
	}
	sqldb.In(w, "status", statuses)
	return w
}

// loads groups by an expression, so that the database takes the index of the
// statuses and not that of the executors, which holds everything ever closed.
func loads(tx *sqldb.Tx, city int64, q Queue) ([]Load, error) {
	w := queueOf(city, q)
	now := w.Arg(tx.Micros())
	return sqldb.List(tx, func(r sqldb.Scanner) (Load, error) {
		var l Load
		err := r.Scan(&l.Executor, &l.Open, &l.Late)
		return l, err
	}, fmt.Sprintf(`
		SELECT executor || '', count(*), sum(CASE WHEN stage_due > 0 AND stage_due < CAST(%s AS BIGINT) THEN 1 ELSE 0 END)
		FROM problem
		WHERE %s
		GROUP BY executor || ''`, now, w.SQL()), w.Args()...)
}

// part is how many of a queue have a topic in a district.
type part struct {
	topic    topic.ID
	district string
	n        int64
}

func shares(tx *sqldb.Tx, city int64, q Queue) ([]part, error) {
	w := queueOf(city, q)
	return sqldb.List(tx, func(r sqldb.Scanner) (part, error) {
		var p part
		err := r.Scan(&p.topic, &p.district, &p.n)
		return p, err
	}, `
		SELECT topic, district, count(*) FROM problem
		WHERE `+w.SQL()+`
		GROUP BY topic, district`, w.Args()...)
}
