package problem

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

const (
	// maxAround bounds how many problems one neighbourhood gives, the newest.
	maxAround = 300
	// maxRows bounds what one range of cells may hold of them.
	maxRows = 1000
)

// around reads the columns of the row alone: its state is a hundred times as
// long, and a neighbourhood has many problems that nobody will look at. Each
// range of cells is a query of its own, and the conditions beside it are
// expressions: SQLite, which keeps no statistics here, would rather walk through
// all that is visible, the newest first, than a range of cells.
func around(tx *sqldb.Tx, city int64, n Neighbourhood) ([]Trace, error) {
	w := &sqldb.Where{}
	ours := "city = " + w.Arg(city)
	rest := "(status || '') IN ('" + strings.Join(openNames(), "', '") + "')"
	rest = "(" + rest + " OR (status || '') IN ('" + string(Confirmed) + "', '" + string(Controlled) + "', '" + string(Silent) +
		"') AND closed >= " + w.Arg(int64(n.Since)) + ") AND id <> " + w.Arg(n.Except)
	if n.Visible {
		rest += " AND visible + 0 = 1"
	}
	var parts []string
	part := func(where string) {
		parts = append(parts, fmt.Sprintf(`SELECT * FROM (
			SELECT id, number, status, topic, category, object, lat, lon, house, city_object, author, created, answered, closed
			FROM problem
			WHERE %s AND %s AND %s
			LIMIT %d) AS part`, ours, where, rest, maxRows))
	}
	if n.House != 0 {
		part("house <> 0 AND house = " + w.Arg(int64(n.House)))
	} else {
		for _, r := range geo.Cover(geo.Around(n.Point, n.Metres), 8) {
			part("cell BETWEEN " + w.Arg(r.From) + " AND " + w.Arg(r.To))
		}
	}
	list, err := sqldb.List(tx, scanTrace, strings.Join(parts, " UNION ALL "), w.Args()...)
	slices.SortFunc(list, func(a, b Trace) int { return cmp.Or(cmp.Compare(b.Created, a.Created), cmp.Compare(b.ID, a.ID)) })
	return list[:min(len(list), maxAround)], err
}

func openNames() []string {
	var names []string
	for _, s := range Statuses() {
		if s.Open() {
			names = append(names, string(s))
		}
	}
	return names
}

func scanTrace(r sqldb.Scanner) (Trace, error) {
	var t Trace
	err := r.Scan(&t.ID, &t.Number, &t.Status, &t.Topic, &t.Branch, &t.Object, &t.Point.Lat, &t.Point.Lon, &t.House, &t.CityObject, &t.Author,
		&t.Created, &t.Answered, &t.Closed)
	return t, err
}

// firstText is how many characters of a message are compared.
const firstText = 600

// firstTexts reads the beginning of the message that opened each problem; those
// whose words were erased have none.
func firstTexts(tx *sqldb.Tx, city int64, keys []int64) (map[int64]string, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	w := &sqldb.Where{}
	w.Add("p.city = %s", city)
	sqldb.In(w, "p.id", keys)
	bodies := make(map[int64]string, len(keys))
	_, err := sqldb.List(tx, func(r sqldb.Scanner) (struct{}, error) {
		var key int64
		var body string
		err := r.Scan(&key, &body)
		bodies[key] = body
		return struct{}{}, err
	}, fmt.Sprintf(`
		SELECT p.id, substr(t.body, 1, %d)
		FROM problem p
		JOIN problem_text t ON t.city = p.city AND t.id = (
			SELECT min(first.id) FROM problem_text first WHERE first.city = p.city AND first.problem = p.id)
		WHERE %s AND t.erased = 0`, firstText, w.SQL()), w.Args()...)
	return bodies, err
}
