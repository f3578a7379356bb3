package board

import (
	"fmt"
	"strings"
	"time"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// hit is a problem that a filter found: enough to go on and to count it on a
// map.
type hit struct {
	problem, created int64
	point            geo.Point
	standing         Standing
	late             int64
}

const hitColumns = `f.problem, f.created, f.lat, f.lon, f.standing, f.late`

func scanHit(r sqldb.Scanner) (hit, error) {
	var h hit
	err := r.Scan(&h.problem, &h.created, &h.point.Lat, &h.point.Lon, &h.standing, &h.late)
	return h, err
}

// condition is a column and the value that it must have.
type condition struct {
	column string
	value  any
	// paired columns have an index together with the standing.
	paired bool
}

// equals are the conditions of a filter that one value meets, the one that
// leaves the fewest rows first. Each has an index of its own in the order of a
// list; those that come after it are columns of that index.
func (f Filter) equals() []condition {
	var list []condition
	add := func(column string, value any, given, paired bool) {
		if given {
			list = append(list, condition{column, value, paired})
		}
	}
	add("house", f.House, f.House != 0, false)
	add("late", 1, f.Late, false)
	add("topic", int64(f.Topic), f.Topic != 0, true)
	add("category", int64(f.Category), f.Category != 0, true)
	add("object", int64(f.Object), f.Object != 0, true)
	add("municipality", f.Municipality, f.Municipality != "", true)
	add("district", f.District, f.District != "", true)
	add("standing", string(f.Standing), f.Standing != "", false)
	return list
}

// split parts the conditions that one index answers from those that are looked
// at row by row.
func split(list []condition) (run, rest []condition) {
	if len(list) == 0 {
		return nil, nil
	}
	last := len(list) - 1
	if list[0].paired && list[last].column == "standing" {
		return []condition{list[0], list[last]}, list[1:last]
	}
	return list[:1], list[1:]
}

// public begins the conditions of every list.
func public(w *sqldb.Where, city int64) {
	w.Add("f.city = %s", city)
	w.Add("f.visible = %s", 1)
}

func meet(w *sqldb.Where, list []condition) {
	for _, c := range list {
		if c.column == "late" {
			w.Add("f.late = 1") // as the index says it
			continue
		}
		w.Add("f."+c.column+" = %s", c.value)
	}
}

// period narrows to the days of a filter.
func (f Filter) period(w *sqldb.Where) {
	if !f.From.IsZero() {
		w.Add("f.created >= %s", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		w.Add("f.created < %s", f.To.UnixMicro())
	}
}

func (f Filter) after(w *sqldb.Where) {
	if !f.After.Zero() {
		w.Add("(f.created, f.problem) < (%s, %s)", f.After.Created, f.After.Problem)
	}
}

func inBox(w *sqldb.Where, box *geo.Box) {
	if box != nil {
		w.Add("f.lat BETWEEN %s AND %s", box.Min.Lat, box.Max.Lat)
		w.Add("f.lon BETWEEN %s AND %s", box.Min.Lon, box.Max.Lon)
	}
}

// source is where problems that fit a filter are read from, the newest first.
type source struct {
	from  string // with its conditions
	order string
	args  []any
	// window is how many rows are looked through at most; 0: only those that
	// fit are read. end reads the last of them, with the first ends arguments.
	window int
	end    string
	ends   int
	// words counts what a search finds without looking at the rows.
	words string
}

// byTime reads a run of one index. Where the index does not answer the filter
// by itself, only the newest rows of the run are looked through, so that a rare
// combination costs no more than a frequent one.
func byTime(city int64, f Filter, window int) source {
	w := &sqldb.Where{}
	public(w, city)
	run, equals := split(f.equals())
	meet(w, run)
	f.period(w)
	f.after(w)
	const order = ` ORDER BY f.created DESC, f.problem DESC`
	from := ` FROM board_fact f WHERE ` + w.SQL()
	if len(equals) == 0 && f.Box == nil {
		return source{from: from, order: order, args: w.Args()}
	}
	columns := hitColumns
	for _, c := range equals {
		if c.column != "late" && c.column != "standing" {
			columns += ", f." + c.column
		}
	}
	n := len(w.Args())
	inner := `SELECT ` + columns + from + order + fmt.Sprintf(` LIMIT %d`, window)
	before := w.SQL() + " AND "
	meet(w, equals)
	inBox(w, f.Box)
	rest := strings.TrimPrefix(w.SQL(), before) // the arguments are numbered on
	return source{
		from: ` FROM (` + inner + `) AS f WHERE ` + rest, order: order, args: w.Args(), window: window,
		end: `SELECT ` + hitColumns + from + order + fmt.Sprintf(` LIMIT 1 OFFSET %d`, window-1), ends: n,
	}
}

// byCell reads all problems of a box that has few.
func byCell(city int64, f Filter, ranges []geo.Range) source {
	w := &sqldb.Where{}
	table := pairs(w, ranges, coverRanges) + " AS run"
	public(w, city)
	meet(w, f.equals())
	f.period(w)
	f.after(w)
	inBox(w, f.Box)
	return source{
		from:  ` FROM ` + table + ` CROSS JOIN board_fact f WHERE f.cell BETWEEN run.column1 AND run.column2 AND ` + w.SQL(),
		order: ` ORDER BY f.created DESC, f.problem DESC`, args: w.Args(),
	}
}

// byWords reads what has all the words, among the newest matches. Their order
// is that of the keys, which is the order of arrival.
func byWords(e sqldb.Engine, city int64, f Filter, words string, window int) source {
	w := &sqldb.Where{}
	found := matches(e, w.Arg(words), w.Arg(lastKey(f.After)))
	public(w, city)
	n := len(w.Args())
	// CROSS JOIN: SQLite reads the left side first, as it is written.
	join := ` CROSS JOIN board_fact f WHERE f.problem = found.problem AND `
	end := fmt.Sprintf(`SELECT %s FROM (%s LIMIT 1 OFFSET %d) AS found`, hitColumns, found, window-1) + join + w.SQL()
	meet(w, f.equals())
	f.period(w)
	inBox(w, f.Box)
	return source{
		from: fmt.Sprintf(` FROM (%s LIMIT %d) AS found`, found, window) + join + w.SQL(), order: ` ORDER BY found.problem DESC`, args: w.Args(),
		window: window, end: end, ends: n, words: found,
	}
}

// matches are the keys of problems with all words, newest first; people look
// for what is new, and ranking a frequent word costs hundreds of milliseconds.
func matches(e sqldb.Engine, words, before string) string {
	if e == sqldb.Postgres {
		return fmt.Sprintf(`SELECT problem FROM board_search WHERE words @@ to_tsquery('simple', %s) AND problem < %s ORDER BY problem DESC`, words, before)
	}
	return fmt.Sprintf(`SELECT rowid AS problem FROM board_search WHERE board_search MATCH %s AND rowid < %s ORDER BY rowid DESC`, words, before)
}

func lastKey(after Cursor) int64 {
	if after.Zero() {
		return 1<<63 - 1
	}
	return after.Problem
}

// hits reads the newest that fit.
func (s source) hits(tx *sqldb.Tx, limit int) ([]hit, error) {
	return sqldb.List(tx, scanHit, `SELECT `+hitColumns+s.from+s.order+fmt.Sprintf(` LIMIT %d`, limit), s.args...)
}

// count counts what fits, up to a limit.
func (s source) count(tx *sqldb.Tx, limit int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM (SELECT 1 AS one`+s.from+fmt.Sprintf(` LIMIT %d) AS bounded`, limit), s.args...)
}

// countWords counts what a search for words alone finds, up to a limit: only
// what everyone may see has words.
func (s source) countWords(tx *sqldb.Tx, limit int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, fmt.Sprintf(`SELECT count(*) FROM (%s LIMIT %d) AS bounded`, s.words, limit), s.args[:2]...)
}

// last is the last row that was looked through, where there may be more behind
// it.
func (s source) last(tx *sqldb.Tx) (hit, bool, error) {
	if s.window == 0 {
		return hit{}, false, nil
	}
	list, err := sqldb.List(tx, scanHit, s.end, s.args[:s.ends]...)
	if err != nil || len(list) == 0 {
		return hit{}, false, err
	}
	return list[0], true, nil
}

// query joins stems to a query that wants all of them; prefix takes the last
// for the beginning of a word.
func query(e sqldb.Engine, stems []string, prefix bool) string {
	parts := make([]string, len(stems))
	quote, and, star := `"`, " AND ", "*"
	if e == sqldb.Postgres {
		quote, and, star = "'", " & ", ":*"
	}
	for i, s := range stems {
		parts[i] = quote + s + quote
	}
	if prefix {
		parts[len(parts)-1] += star
	}
	return strings.Join(parts, and)
}

// keysAtOnce is how many rows are read by their keys at once. A list is padded
// to it, so that the statements stay few.
const keysAtOnce = 50

// byKeys reads rows of given problems and gives them to a function, in no
// order.
func byKeys[T any](tx *sqldb.Tx, city int64, keys []int64, columns string, scan func(sqldb.Scanner) (T, error)) ([]T, error) {
	var all []T
	for len(keys) > 0 {
		n := min(len(keys), keysAtOnce)
		query, args := keysQuery(city, keys[:n], columns)
		keys = keys[n:]
		list, err := sqldb.List(tx, scan, query, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

func keysQuery(city int64, keys []int64, columns string) (string, []any) {
	w := &sqldb.Where{}
	rows := make([]string, keysAtOnce)
	for i := range rows {
		key := int64(0) // of nobody
		if i < len(keys) {
			key = keys[i]
		}
		rows[i] = "(CAST(" + w.Arg(key) + " AS BIGINT))"
	}
	w.Add("f.city = %s", city)
	return `
		SELECT ` + columns + ` FROM (VALUES ` + strings.Join(rows, ", ") + `) AS wanted
		CROSS JOIN board_fact f
		WHERE ` + w.SQL() + ` AND f.problem = wanted.column1`, w.Args()
}

const lineColumns = `f.problem, f.number, f.status, f.topic, f.district, f.address, f.lat, f.lon, f.created, f.due, f.joined, f.disputed, f.photo, f.excerpt, f.late`

func scanLine(r sqldb.Scanner) (Line, error) {
	var l Line
	var created, due, disputed, late int64
	err := r.Scan(&l.Problem, &l.Number, &l.Status, &l.Topic, &l.District, &l.Address, &l.Point.Lat, &l.Point.Lon,
		&created, &due, &l.Joined, &disputed, &l.Photo, &l.Excerpt, &late)
	l.Created, l.Disputed, l.Late = time.UnixMicro(created).UTC(), disputed != 0, late != 0
	if due != 0 {
		l.Due = time.UnixMicro(due).UTC()
	}
	return l, err
}
