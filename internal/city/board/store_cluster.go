package board

import (
	"fmt"
	"strings"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// cellsAtOnce is how many cells one statement writes.
const cellsAtOnce = 20

// write adds what was tallied to the cells.
func (t tally) write(tx *sqldb.Tx, city int64) error {
	slots := t.changed()
	for len(slots) > 0 {
		n := min(len(slots), cellsAtOnce)
		if err := t.writeSome(tx, city, slots[:n]); err != nil {
			return fmt.Errorf("count cells of the map: %w", err)
		}
		slots = slots[n:]
	}
	return nil
}

func (t tally) writeSome(tx *sqldb.Tx, city int64, slots []slot) error {
	rows := make([]string, len(slots))
	args := make([]any, 0, 9*len(slots))
	for i, s := range slots {
		at := len(args)
		rows[i] = fmt.Sprintf("($%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d, $%d)", at+1, at+2, at+3, at+4, at+5, at+6, at+7, at+8, at+9)
		c := t[s]
		args = append(args, city, s.level, s.object, string(s.standing), s.cell, c.n, c.lat, c.lon, c.key)
	}
	_, err := tx.Exec(`
		INSERT INTO board_cluster (city, level, object, standing, cell, n, lat, lon, problem)
		VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (city, level, object, standing, cell) DO UPDATE SET
			n = board_cluster.n + excluded.n, lat = board_cluster.lat + excluded.lat, lon = board_cluster.lon + excluded.lon,
			problem = board_cluster.problem + excluded.problem`, args...)
	return err
}

// runs writes ranges as a table to join, padded to coverRanges so that the
// statement stays the same; its columns are column1 and column2 on both
// engines.
func runs(w *sqldb.Where, ranges []geo.Range) string {
	rows := make([]string, 0, coverRanges)
	for i := range coverRanges {
		r := geo.Range{From: 1, To: 0} // holds nothing
		if i < len(ranges) {
			r = ranges[i]
		}
		rows = append(rows, "(CAST("+w.Arg(r.From)+" AS BIGINT), CAST("+w.Arg(r.To)+" AS BIGINT))")
	}
	return "(VALUES " + strings.Join(rows, ", ") + ") AS run"
}

// clusters reads the cells of a level in the runs, ascending.
func clusters(tx *sqldb.Tx, city int64, level int, f Filter, ranges []geo.Range) ([]cluster, error) {
	query, args := clusterQuery(city, level, f, ranges)
	return sqldb.List(tx, func(r sqldb.Scanner) (cluster, error) {
		var c cluster
		err := r.Scan(&c.cell, &c.n, &c.lat, &c.lon, &c.key)
		return c, err
	}, query, args...)
}

func clusterQuery(city int64, level int, f Filter, ranges []geo.Range) (string, []any) {
	w := &sqldb.Where{}
	table := runs(w, ranges)
	w.Add("c.city = %s", city)
	w.Add("c.level = %s", level)
	w.Add("c.object = %s", int64(f.Object))
	w.Add("c.standing = %s", string(f.Standing))
	return fmt.Sprintf(`
		SELECT c.cell, c.n, c.lat, c.lon, c.problem FROM %s
		CROSS JOIN board_cluster c
		WHERE %s AND c.cell BETWEEN run.column1 AND run.column2 AND c.n > 0
		ORDER BY c.cell
		LIMIT %d`, table, w.SQL(), 8*cellLimit), w.Args()
}

// inAll counts the problems that a filter by object and standing lets through,
// by the coarsest cells.
func inAll(tx *sqldb.Tx, city int64, f Filter) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT CAST(coalesce(sum(n), 0) AS BIGINT) FROM board_cluster
		WHERE city = $1 AND level = $2 AND object = $3 AND standing = $4`, city, coarsest, int64(f.Object), string(f.Standing))
}

// recount is what the cells of a level should hold, counted from the rows.
func recount(level int, byObject, byStanding bool) string {
	object, standing, more, group := "0", "''", "", "cell >> %[1]d"
	if byObject {
		object, more, group = "object", more+" AND object <> 0", group+", object"
	}
	if byStanding {
		standing, more, group = "standing", more+" AND standing <> ''", group+", standing"
	}
	return fmt.Sprintf(`
		SELECT CAST(`+object+` AS BIGINT) AS object, `+standing+` AS standing, cell >> %[1]d AS cell, count(*) AS n,
			CAST(sum(CAST(floor(lat * 10000000.0) AS BIGINT)) AS BIGINT) AS lat,
			CAST(sum(CAST(floor(lon * 10000000.0) AS BIGINT)) AS BIGINT) AS lon, CAST(sum(problem) AS BIGINT) AS problem
		FROM board_fact
		WHERE city = $1 AND visible = 1`+more+`
		GROUP BY `+group, shiftOf(level))
}

// miscounted tells how many cells of a level do not hold what the rows say. It
// reads all of the city: for Verify.
func miscounted(tx *sqldb.Tx, city int64, level int) (int64, error) {
	var parts []string
	for _, by := range [][2]bool{{false, false}, {true, false}, {false, true}, {true, true}} {
		parts = append(parts, recount(level, by[0], by[1]))
	}
	should := strings.Join(parts, " UNION ALL ")
	have := fmt.Sprintf(`
		SELECT object, standing, cell, n, lat, lon, problem FROM board_cluster
		WHERE city = $1 AND level = %d AND (n <> 0 OR lat <> 0 OR lon <> 0 OR problem <> 0)`, level)
	return sqldb.One(tx, sqldb.Int, fmt.Sprintf(`
		SELECT count(*) FROM (
			SELECT * FROM (SELECT * FROM (%[1]s) AS a EXCEPT SELECT * FROM (%[2]s) AS b) AS missing
			UNION ALL
			SELECT * FROM (SELECT * FROM (%[2]s) AS c EXCEPT SELECT * FROM (%[1]s) AS d) AS extra
		) AS wrong`, should, have), city)
}
