package board

import (
	"fmt"
	"slices"
	"strings"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// cellsAtOnce is how many cells one statement writes.
const cellsAtOnce = 20

// The columns of a counted cell and of a counted area.
const (
	cellKey     = `city, level, object, span, cell`
	areaKey     = `city, kind, object, span, area`
	areaSums    = `n, open, late, answered, solved, silent`
	cellSums    = areaSums + `, lat, lon, problem`
	cellColumns = cellKey + `, ` + cellSums
	areaColumns = areaKey + `, ` + areaSums
)

// write adds what was tallied to the cells, and to the areas after them.
func (t *tally) write(tx *sqldb.Tx, city int64) error {
	var cells [][]any
	for _, s := range t.changedCells() {
		c := t.cells[s]
		cells = append(cells, []any{city, s.level, s.object, s.span, s.cell, c.n, c.open, c.late, c.answered, c.solved, c.silent, c.lat, c.lon, c.key})
	}
	if err := addRows(tx, "board_cluster", cellKey, cellSums, cells); err != nil {
		return fmt.Errorf("count cells of the map: %w", err)
	}
	var areas [][]any
	for _, p := range t.changedAreas() {
		c := t.areas[p]
		areas = append(areas, []any{city, p.kind, p.object, p.span, p.area, c.n, c.open, c.late, c.answered, c.solved, c.silent})
	}
	if err := addRows(tx, "board_area", areaKey, areaSums, areas); err != nil {
		return fmt.Errorf("count areas: %w", err)
	}
	return nil
}

// addRows adds numbers to rows, which are made where they are not there yet.
func addRows(tx *sqldb.Tx, table, key, sums string, rows [][]any) error {
	var adds []string
	for column := range strings.SplitSeq(sums, ", ") {
		adds = append(adds, fmt.Sprintf("%[1]s = %[2]s.%[1]s + excluded.%[1]s", column, table))
	}
	for some := range slices.Chunk(rows, cellsAtOnce) {
		var args []any
		values := make([]string, len(some))
		for i, row := range some {
			names := make([]string, len(row))
			for j := range row {
				names[j] = fmt.Sprintf("$%d", len(args)+j+1)
			}
			values[i] = "(" + strings.Join(names, ", ") + ")"
			args = append(args, row...)
		}
		_, err := tx.Exec(`
			INSERT INTO `+table+` (`+key+`, `+sums+`)
			VALUES `+strings.Join(values, ", ")+`
			ON CONFLICT (`+key+`) DO UPDATE SET `+strings.Join(adds, ", "), args...)
		if err != nil {
			return err
		}
	}
	return nil
}

// pairs writes pairs of numbers as a table to join, padded to a number of rows
// so that the statement stays the same; its columns are column1 and column2 on
// both engines. The pair that pads holds nothing.
func pairs(w *sqldb.Where, list []geo.Range, rows int) string {
	names := make([]string, 0, rows)
	for i := range rows {
		r := geo.Range{From: 1, To: 0}
		if i < len(list) {
			r = list[i]
		}
		names = append(names, "(CAST("+w.Arg(r.From)+" AS BIGINT), CAST("+w.Arg(r.To)+" AS BIGINT))")
	}
	return "(VALUES " + strings.Join(names, ", ") + ")"
}

// sumColumns add up counted cells.
const sumColumns = `CAST(sum(c.n) AS BIGINT), CAST(sum(c.open) AS BIGINT), CAST(sum(c.late) AS BIGINT), CAST(sum(c.answered) AS BIGINT), CAST(sum(c.solved) AS BIGINT),
	CAST(sum(c.silent) AS BIGINT), CAST(sum(c.lat) AS BIGINT), CAST(sum(c.lon) AS BIGINT), CAST(sum(c.problem) AS BIGINT)`

func scanCluster(r sqldb.Scanner) (cluster, error) {
	var c cluster
	err := r.Scan(&c.cell, &c.n, &c.open, &c.late, &c.answered, &c.solved, &c.silent, &c.lat, &c.lon, &c.key)
	return c, err
}

// view says which counted cells are read: of runs of cells at the finest that
// begin and end with a cell of the level, added up to cells of an equal or
// coarser one.
type view struct {
	level, into int
	runs        []geo.Range
}

// clusters reads the counted cells of one object (0: of all) in spans.
func clusters(tx *sqldb.Tx, city int64, object int64, v view, spans []int64) ([]cluster, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	query, args := clusterQuery(city, object, v, spans)
	return sqldb.List(tx, scanCluster, query, args...)
}

func clusterQuery(city, object int64, v view, spans []int64) (string, []any) {
	w := &sqldb.Where{}
	shift := shiftOf(v.level)
	scaled := make([]geo.Range, len(v.runs))
	for i, r := range v.runs {
		scaled[i] = geo.Range{From: r.From >> shift, To: r.To >> shift}
	}
	table := runTable(w, scaled, "c.cell")
	w.Add("c.city = %s", city)
	w.Add("c.level = %s", v.level)
	w.Add("c.object = %s", object)
	oneOf(w, "c.span", spans)
	return fmt.Sprintf(`
		SELECT c.cell >> %d, `+sumColumns+`
		FROM %sboard_cluster c
		WHERE %s AND c.n > 0
		GROUP BY 1`, 2*(v.level-v.into), table, w.SQL()), w.Args()
}

// runTable narrows a column to runs: to one by a condition, to several by a
// table to join. CROSS JOIN: SQLite reads from left to right, as it is written.
func runTable(w *sqldb.Where, runs []geo.Range, column string) string {
	if len(runs) == 1 {
		w.Add(column+" BETWEEN %s AND %s", runs[0].From, runs[0].To)
		return ""
	}
	table := pairs(w, runs, coverRanges) + " AS run CROSS JOIN "
	w.Add(column + " BETWEEN run.column1 AND run.column2")
	return table
}

// oneOf narrows a column to one of some values, padded so that the statements
// stay few.
func oneOf(w *sqldb.Where, column string, values []int64) {
	padded := slices.Clone(values)
	rows := 1
	for rows < len(values) {
		rows *= 4
	}
	for len(padded) < rows {
		padded = append(padded, padded[0])
	}
	sqldb.In(w, column, padded)
}

// loose counts the rows of problems in runs of cells by cells of a level, where
// no counted cells hold them: the days that spans leave over (byDay), or cells
// finer than those that are counted by day.
func loose(tx *sqldb.Tx, city int64, object int64, v view, d days, byDay bool) ([]cluster, error) {
	query, args := looseQuery(city, object, v, d, byDay)
	return sqldb.List(tx, scanCluster, query, args...)
}

func looseQuery(city, object int64, v view, d days, byDay bool) (string, []any) {
	w := &sqldb.Where{}
	table := runTable(w, v.runs, "f.cell")
	public(w, city)
	if byDay {
		var list []int64
		for day := d.from; day < d.to; day++ {
			list = append(list, day)
		}
		oneOf(w, "f.created_day", list)
	} else {
		w.Add("f.created_day >= %s AND f.created_day < %s", d.from, d.to)
	}
	if object != 0 {
		w.Add("f.object = %s", object)
	}
	return fmt.Sprintf(`
		SELECT f.cell >> %d, `+countColumns+` FROM `+table+`board_fact f
		WHERE `+w.SQL()+`
		GROUP BY 1`, shiftOf(v.into)), w.Args()
}

// countColumns count rows of board_fact as cells hold them.
const countColumns = `count(*),
	CAST(sum(CASE WHEN f.standing = 'open' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN f.standing = 'open' THEN f.late ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN f.standing = 'answered' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN f.standing = 'solved' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN f.standing = 'silent' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CAST(floor(f.lat * 10000000.0) AS BIGINT)) AS BIGINT),
	CAST(sum(CAST(floor(f.lon * 10000000.0) AS BIGINT)) AS BIGINT), CAST(sum(f.problem) AS BIGINT)`

// dayBounds are the first day and the day after the last on which something was
// sent; the same where nothing was.
func dayBounds(tx *sqldb.Tx, city int64) (days, error) {
	var d days
	for i, query := range []string{`SELECT created_day FROM board_fact WHERE city = $1 ORDER BY created_day LIMIT 1`,
		`SELECT created_day FROM board_fact WHERE city = $1 ORDER BY created_day DESC LIMIT 1`} {
		list, err := sqldb.List(tx, sqldb.Int, query, city)
		if err != nil || len(list) == 0 {
			return days{}, err
		}
		if i == 0 {
			d.from = list[0]
		} else {
			d.to = list[0] + 1
		}
	}
	return d, nil
}

// inAll counts the problems of an object (0: all) in spans, by the coarsest
// cells.
func inAll(tx *sqldb.Tx, city, object int64, spans []int64) (counts, error) {
	world := view{level: coarsest, into: 0, runs: []geo.Range{runOf(0, 0)}}
	list, err := clusters(tx, city, object, world, spans)
	if err != nil || len(list) == 0 {
		return counts{}, err
	}
	return list[0].counts, nil
}

// spanOf is the span of a size that a day of board_fact lies in, in SQL.
func spanOf(day string, size int) string {
	if size == 0 {
		return "CAST(0 AS BIGINT)"
	}
	return fmt.Sprintf("%d + %s / %d", spanAt(0, size), day, sizeOf(size))
}

// recount is what the cells of a level and size should hold, counted from the
// rows, all of them or by object.
func recount(level, size int, byObject bool) string {
	object, more := "0", ""
	if byObject {
		object, more = "f.object", " AND f.object <> 0"
	}
	return fmt.Sprintf(`
		SELECT CAST(%s AS BIGINT) AS object, CAST(%s AS BIGINT) AS span, f.cell >> %d AS cell, `+countColumns+` FROM board_fact f
		WHERE f.city = $1 AND f.visible = 1%s
		GROUP BY 1, 2, 3`, object, spanOf("f.created_day", size), shiftOf(level), more)
}

// step is a way to count cells from finer ones: from those of a level and size
// that are counted already, or from the rows where level is 0.
type step struct {
	level, size         int
	fromLevel, fromSize int
}

// stepsOf are all levels and sizes in an order in which each is counted from
// few rows: most cells are sums of finer ones.
func stepsOf() []step {
	list := []step{{level: coarsest, size: 1}, {level: 16, size: 2}, {level: 18, size: 3}, {level: finest, size: 0}}
	have := map[[2]int]bool{}
	for _, s := range list {
		have[[2]int{s.level, s.size}] = true
	}
	for size := sizeSteps; size >= 0; size-- { // not yet counted: from the next finer in place, else in time
		for level := finest; level >= coarsest; level -= 2 {
			if have[[2]int{level, size}] || size != 0 && (smallest(level) == 0 || size < smallest(level)) {
				continue
			}
			list = append(list, step{level: level, size: size})
		}
	}
	for i := range list[4:] {
		s := &list[4+i]
		s.fromLevel, s.fromSize = s.level+2, s.size
		if s.size != 0 && (s.level == finest || s.size < smallest(s.level+2) || smallest(s.level+2) == 0) {
			s.fromLevel, s.fromSize = s.level, s.size-1
		}
	}
	return ordered(list)
}

// ordered puts each step after the one that it is counted from.
func ordered(list []step) []step {
	var out []step
	done := map[[2]int]bool{{0, 0}: true}
	for len(out) < len(list) {
		for _, s := range list {
			if !done[[2]int{s.level, s.size}] && done[[2]int{s.fromLevel, s.fromSize}] {
				done[[2]int{s.level, s.size}] = true
				out = append(out, s)
			}
		}
	}
	return out
}

// fill counts the cells of a step for a city whose cells of that level and size
// are empty.
func (s step) fill(tx *sqldb.Tx, city int64) error {
	if s.fromLevel == 0 {
		for _, byObject := range []bool{false, true} {
			_, err := tx.Exec(fmt.Sprintf(`INSERT INTO board_cluster (`+cellColumns+`) SELECT CAST($1 AS BIGINT), %d, counted.* FROM (%s) AS counted`,
				s.level, recount(s.level, s.size, byObject)), city)
			if err != nil {
				return err
			}
		}
		return nil
	}
	span := "c.span"
	if s.fromSize != s.size {
		span = spanOf(fmt.Sprintf("((c.span - %d) * %d)", spanAt(0, s.fromSize), sizeOf(s.fromSize)), s.size)
	}
	low := spanAt(0, s.fromSize)
	_, err := tx.Exec(fmt.Sprintf(`
		INSERT INTO board_cluster (`+cellColumns+`)
		SELECT CAST($1 AS BIGINT), %d, c.object, %s, c.cell >> %d, `+sumColumns+`
		FROM board_cluster c
		WHERE c.city = $1 AND c.level = %d AND c.span >= %d AND c.span < %d
		GROUP BY 3, 4, 5`, s.level, span, 2*(s.fromLevel-s.level), s.fromLevel, low, low+max(1, int64(min(s.fromSize, 1))<<spanBits)), city)
	return err
}

// cellSteps makes what the map counts anew from the rows, a transaction each:
// which rows are late now, then every level and size of the cells, then the
// areas. Whoever writes
// rows in the meantime counts them twice: it is for loads and rebuilds.
func cellSteps() []func(tx *sqldb.Tx, city int64) error {
	steps := []func(tx *sqldb.Tx, city int64) error{
		func(tx *sqldb.Tx, city int64) error {
			_, err := tx.Exec(`
				UPDATE board_fact SET late = 1
				WHERE city = $1 AND late = 0 AND standing = 'open' AND due > 0
					AND EXISTS (SELECT 1 FROM problem p WHERE p.city = board_fact.city AND p.id = board_fact.problem AND p.passed = board_fact.due)`, city)
			return err
		},
		func(tx *sqldb.Tx, city int64) error {
			_, err := tx.Exec(`DELETE FROM board_cluster WHERE city = $1`, city)
			return err
		},
	}
	for _, s := range stepsOf() {
		steps = append(steps, s.fill)
	}
	return append(steps, areaSteps()...)
}

// miscounted tells how many cells of a level do not hold what the rows say. It
// reads all of the city: for Verify.
func miscounted(tx *sqldb.Tx, city int64, level int) (int64, error) {
	var parts []string
	for _, size := range sizesAt(level) {
		for _, byObject := range []bool{false, true} {
			parts = append(parts, recount(level, size, byObject))
		}
	}
	should := strings.Join(parts, " UNION ALL ")
	have := fmt.Sprintf(`
		SELECT object, span, cell, n, open, late, answered, solved, silent, lat, lon, problem FROM board_cluster
		WHERE city = $1 AND level = %d
			AND (n <> 0 OR open <> 0 OR late <> 0 OR answered <> 0 OR solved <> 0 OR silent <> 0 OR lat <> 0 OR lon <> 0 OR problem <> 0)`, level)
	return differing(tx, city, should, have)
}
