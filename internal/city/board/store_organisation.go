package board

import (
	"gorod/internal/city/org"
	"gorod/internal/platform/sqldb"
)

// orgGroup is one line of a count by organisation.
type orgGroup struct {
	executor org.ID
	group
}

func scanOrgCount(r sqldb.Scanner) (orgGroup, error) {
	var g orgGroup
	err := r.Scan(&g.executor, &g.n)
	return g, err
}

func organisationWhere(city int64, day string, from, to int64, q OrganisationQuery) *sqldb.Where {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	w.Add(day+" >= %s", from)
	w.Add(day+" < %s", to)
	w.Add("executor <> ''")
	if q.Executor != "" {
		w.Add("executor = %s", string(q.Executor))
	}
	sqldb.In(w, "district", q.Districts)
	if q.Controller != "" {
		w.Add(`EXISTS (SELECT 1 FROM problem p WHERE p.city = board_fact.city AND p.id = board_fact.problem AND p.controller IN ('', %s))`, string(q.Controller))
	}
	return w
}

func receivedBy(tx *sqldb.Tx, city, from, to int64, q OrganisationQuery) ([]orgGroup, error) {
	w := organisationWhere(city, "created_day", from, to, q)
	return sqldb.List(tx, scanOrgCount, `
		SELECT executor, count(*) FROM board_fact
		WHERE `+w.SQL()+`
		GROUP BY executor`, w.Args()...)
}

// brokenBy counts promises that had ended before a moment without any final
// answer.
func brokenBy(tx *sqldb.Tx, city, until int64, q OrganisationQuery) ([]orgGroup, error) {
	w := organisationWhere(city, "due", 1, until, q)
	w.Add("status IN ('moderation', 'question', 'work', 'interim', 'review')")
	w.Add("answered_day = 0")
	return sqldb.List(tx, scanOrgCount, `
		SELECT executor, count(*) FROM board_fact
		WHERE `+w.SQL()+`
		GROUP BY executor`, w.Args()...)
}

func answeredBy(tx *sqldb.Tx, city, from, to int64, q OrganisationQuery) ([]orgGroup, error) {
	w := organisationWhere(city, "answered_day", max(from, 1), to, q) // 0: not answered
	return sqldb.List(tx, func(r sqldb.Scanner) (orgGroup, error) {
		var g orgGroup
		err := r.Scan(&g.executor, &g.a, &g.b, &g.ending, &g.disputed, &g.n)
		return g, err
	}, `
		SELECT executor, took, on_time, ending, disputed, count(*) FROM board_fact
		WHERE `+w.SQL()+`
		GROUP BY executor, took, on_time, ending, disputed`, w.Args()...)
}
