package board

import (
	"fmt"
	"strings"

	"gorod/internal/platform/sqldb"
)

// Plan is how an engine reads the first page of a list.
func Plan(tx *sqldb.Tx, city int64, f Filter) (string, error) {
	from, err := find(tx, city, f, 21, listWindow, wordWindow)
	if err != nil {
		return "", err
	}
	return plan(tx, `SELECT `+hitColumns+from.from+from.order+` LIMIT 21`, from.args)
}

// PlanOfCells is how an engine reads the cells of a map.
func PlanOfCells(tx *sqldb.Tx, city int64, f Filter) (string, error) {
	level := levelFor(*f.Box)
	query, args := clusterQuery(city, int64(f.Object), view{level: level, into: level, runs: cover(*f.Box, level)}, []int64{0, spanAt(20000, 3)})
	return plan(tx, query, args)
}

// PlanOfRows is how an engine reads the days that spans leave over.
func PlanOfRows(tx *sqldb.Tx, city int64, f Filter, byDay bool) (string, error) {
	query, args := looseQuery(city, int64(f.Object), view{into: 18, runs: cover(*f.Box, 18)}, days{20000, 20010}, byDay)
	return plan(tx, query, args)
}

// PlanOfKeys is how an engine reads rows by their keys.
func PlanOfKeys(tx *sqldb.Tx, city int64) (string, error) {
	query, args := keysQuery(city, []int64{1}, lineColumns)
	return plan(tx, query, args)
}

func plan(tx *sqldb.Tx, statement string, args []any) (string, error) {
	before := "EXPLAIN QUERY PLAN "
	scan := func(r sqldb.Scanner) (string, error) {
		var id, parent, unused int64
		var detail string
		err := r.Scan(&id, &parent, &unused, &detail)
		return detail, err
	}
	if tx.Engine() == sqldb.Postgres {
		before, scan = "EXPLAIN (COSTS OFF) ", sqldb.Text
	}
	lines, err := sqldb.List(tx, scan, before+statement, args...)
	if err != nil {
		return "", fmt.Errorf("explain %s: %w", statement, err)
	}
	return strings.Join(lines, "\n"), nil
}
