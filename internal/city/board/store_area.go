package board

import (
	"fmt"
	"strings"

	"gorod/internal/platform/sqldb"
)

// areaCount is what an area holds.
type areaCount struct {
	area string
	counts
}

func scanAreaCount(r sqldb.Scanner) (areaCount, error) {
	var c areaCount
	err := r.Scan(&c.area, &c.n, &c.open, &c.late, &c.answered, &c.solved, &c.silent)
	return c, err
}

// areas reads the counts of areas of a kind, of one object (0: of all), in
// spans.
func areas(tx *sqldb.Tx, city int64, kind string, object int64, spans []int64) ([]areaCount, error) {
	if len(spans) == 0 {
		return nil, nil
	}
	w := &sqldb.Where{}
	w.Add("c.city = %s", city)
	w.Add("c.kind = %s", kind)
	w.Add("c.object = %s", object)
	oneOf(w, "c.span", spans)
	return sqldb.List(tx, scanAreaCount, `
		SELECT c.area, CAST(sum(c.n) AS BIGINT), CAST(sum(c.open) AS BIGINT), CAST(sum(c.late) AS BIGINT), CAST(sum(c.answered) AS BIGINT),
			CAST(sum(c.solved) AS BIGINT), CAST(sum(c.silent) AS BIGINT)
		FROM board_area c
		WHERE `+w.SQL()+`
		GROUP BY c.area`, w.Args()...)
}

// areaColumn is the column of board_fact that names the area of a kind.
func areaColumn(kind string) string {
	if kind == byMunicipality {
		return "municipality"
	}
	return "district"
}

// standingColumns count rows of board_fact as areas hold them.
const standingColumns = `count(*),
	CAST(sum(CASE WHEN f.standing = 'open' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN f.standing = 'open' THEN f.late ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN f.standing = 'answered' THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN f.standing = 'solved' THEN 1 ELSE 0 END) AS BIGINT),
	CAST(sum(CASE WHEN f.standing = 'silent' THEN 1 ELSE 0 END) AS BIGINT)`

// looseAreas counts the days that spans leave over, by area.
func looseAreas(tx *sqldb.Tx, city int64, kind string, object int64, d days) ([]areaCount, error) {
	w := &sqldb.Where{}
	public(w, city)
	w.Add("f.created_day >= %s", d.from)
	w.Add("f.created_day < %s", d.to)
	if object != 0 {
		w.Add("f.object = %s", object)
	}
	return sqldb.List(tx, scanAreaCount, fmt.Sprintf(`
		SELECT f.%[1]s, `+standingColumns+` FROM board_fact f
		WHERE `+w.SQL()+` AND f.%[1]s <> ''
		GROUP BY f.%[1]s`, areaColumn(kind)), w.Args()...)
}

// recountAreas is what the areas of a kind should hold by a size of spans,
// counted from the rows, all of them or by object.
func recountAreas(kind string, size int, byObject bool) string {
	object, more := "0", ""
	if byObject {
		object, more = "f.object", " AND f.object <> 0"
	}
	return fmt.Sprintf(`
		SELECT '%[1]s' AS kind, CAST(%[2]s AS BIGINT) AS object, CAST(%[3]s AS BIGINT) AS span, f.%[4]s AS area, `+standingColumns+` FROM board_fact f
		WHERE f.city = $1 AND f.visible = 1 AND f.%[4]s <> ''%[5]s
		GROUP BY 1, 2, 3, 4`, kind, object, spanOf("f.created_day", size), areaColumn(kind), more)
}

// areaSteps makes the counts of areas anew, a transaction each.
func areaSteps() []func(tx *sqldb.Tx, city int64) error {
	steps := []func(tx *sqldb.Tx, city int64) error{func(tx *sqldb.Tx, city int64) error {
		_, err := tx.Exec(`DELETE FROM board_area WHERE city = $1`, city)
		return err
	}}
	for _, kind := range []string{byDistrict, byMunicipality} {
		for _, byObject := range []bool{false, true} {
			steps = append(steps, func(tx *sqldb.Tx, city int64) error {
				_, err := tx.Exec(`INSERT INTO board_area (`+areaColumns+`) SELECT CAST($1 AS BIGINT), counted.* FROM (`+recountAreas(kind, areaLeast, byObject)+`) AS counted`, city)
				return err
			})
		}
		for _, size := range []int{areaLeast + 1, areaLeast + 2, 0} {
			steps = append(steps, func(tx *sqldb.Tx, city int64) error { return fillAreas(tx, city, kind, size) })
		}
	}
	return steps
}

// fillAreas counts spans of a size from those of the next smaller one; all time
// from the largest.
func fillAreas(tx *sqldb.Tx, city int64, kind string, size int) error {
	from := size - 1
	if size == 0 {
		from = sizeSteps
	}
	low := spanAt(0, from)
	span := spanOf(fmt.Sprintf("((c.span - %d) * %d)", low, sizeOf(from)), size)
	_, err := tx.Exec(fmt.Sprintf(`
		INSERT INTO board_area (`+areaColumns+`)
		SELECT CAST($1 AS BIGINT), c.kind, c.object, %s, c.area, CAST(sum(c.n) AS BIGINT), CAST(sum(c.open) AS BIGINT), CAST(sum(c.late) AS BIGINT),
			CAST(sum(c.answered) AS BIGINT), CAST(sum(c.solved) AS BIGINT), CAST(sum(c.silent) AS BIGINT)
		FROM board_area c
		WHERE c.city = $1 AND c.kind = $2 AND c.span >= %d AND c.span < %d
		GROUP BY 2, 3, 4, 5`, span, low, low+1<<spanBits), city, kind)
	return err
}

// miscountedAreas tells how many areas do not hold what the rows say. It reads
// all of the city: for Verify.
func miscountedAreas(tx *sqldb.Tx, city int64) (int64, error) {
	var parts []string
	for _, kind := range []string{byDistrict, byMunicipality} {
		for _, size := range areaSizes() {
			for _, byObject := range []bool{false, true} {
				parts = append(parts, recountAreas(kind, size, byObject))
			}
		}
	}
	return differing(tx, city, strings.Join(parts, " UNION ALL "), `
		SELECT kind, object, span, area, n, open, late, answered, solved, silent FROM board_area
		WHERE city = $1 AND (n <> 0 OR open <> 0 OR late <> 0 OR answered <> 0 OR solved <> 0 OR silent <> 0)`)
}

// differing counts the rows that only one of two queries over a city gives.
func differing(tx *sqldb.Tx, city int64, should, have string) (int64, error) {
	return sqldb.One(tx, sqldb.Int, fmt.Sprintf(`
		SELECT count(*) FROM (
			SELECT * FROM (SELECT * FROM (%[1]s) AS a EXCEPT SELECT * FROM (%[2]s) AS b) AS missing
			UNION ALL
			SELECT * FROM (SELECT * FROM (%[2]s) AS c EXCEPT SELECT * FROM (%[1]s) AS d) AS extra
		) AS wrong`, should, have), city)
}
