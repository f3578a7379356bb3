package board

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// put writes the row of a problem unless a newer one is there.
func put(tx *sqldb.Tx, city int64, f fact) (bool, error) {
	k := f.known()
	n, err := tx.Exec(`
		INSERT INTO board_fact (
			city, problem, seq, number, visible, status, topic, object, category, district, municipality, house, address,
			lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took, on_time, checked, ending,
			disputed, joined, photo, excerpt)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
			$27, $28, $29, $30)
		ON CONFLICT (city, problem) DO UPDATE SET
			seq = excluded.seq, number = excluded.number, visible = excluded.visible, status = excluded.status,
			topic = excluded.topic, object = excluded.object, category = excluded.category,
			district = excluded.district, municipality = excluded.municipality, house = excluded.house, address = excluded.address,
			lat = excluded.lat, lon = excluded.lon, cell = excluded.cell, executor = excluded.executor,
			created = excluded.created, created_day = excluded.created_day, due = excluded.due, stage_due = excluded.stage_due,
			answered_day = excluded.answered_day, took = excluded.took, on_time = excluded.on_time, checked = excluded.checked,
			ending = excluded.ending, disputed = excluded.disputed, joined = excluded.joined, photo = excluded.photo,
			excerpt = excluded.excerpt
		WHERE board_fact.seq <= excluded.seq`,
		city, f.problem, k.seq, k.number, k.visible, string(k.status), k.topic, k.object, k.category,
		k.district, k.municipality, k.house, k.address, k.lat, k.lon, k.cell, k.executor,
		k.created, k.day, k.due, k.stageDue, k.answered, k.took, k.onTime, k.checked, k.ending,
		k.disputed, k.joined, k.photo, k.excerpt)
	return n > 0, err
}

// putStems replaces the searched words of a problem: the one statement that
// is written twice.
func putStems(tx *sqldb.Tx, key int64, stems string) error {
	if _, err := tx.Exec(deleteStems(tx.Engine()), key); err != nil {
		return err
	}
	if stems == "" {
		return nil
	}
	_, err := tx.Exec(insertStems(tx.Engine()), key, stems)
	return err
}

func deleteStems(e sqldb.Engine) string {
	if e == sqldb.Postgres {
		return `DELETE FROM board_search WHERE problem = $1`
	}
	return `DELETE FROM board_search WHERE rowid = $1`
}

func insertStems(e sqldb.Engine) string {
	if e == sqldb.Postgres {
		return `INSERT INTO board_search (problem, words) VALUES ($1, to_tsvector('simple', $2))`
	}
	return `INSERT INTO board_search (rowid, stems) VALUES ($1, $2)`
}

// found reads the keys of the newest problems with all words; people look for
// what is new, and ranking a frequent word costs hundreds of milliseconds.
func found(e sqldb.Engine, limit int) string {
	if e == sqldb.Postgres {
		return fmt.Sprintf(`SELECT problem FROM board_search WHERE words @@ to_tsquery('simple', %%s) ORDER BY problem DESC LIMIT %d`, limit)
	}
	return fmt.Sprintf(`SELECT rowid FROM board_search WHERE board_search MATCH %%s ORDER BY rowid DESC LIMIT %d`, limit)
}

// query joins stems to a query that wants all of them, the last as a prefix.
func query(e sqldb.Engine, stems []string) string {
	parts := make([]string, len(stems))
	for i, s := range stems {
		switch {
		case e == sqldb.Postgres && i == len(stems)-1:
			parts[i] = "'" + s + "':*"
		case e == sqldb.Postgres:
			parts[i] = "'" + s + "'"
		case i == len(stems)-1:
			parts[i] = `"` + s + `"*`
		default:
			parts[i] = `"` + s + `"`
		}
	}
	if e == sqldb.Postgres {
		return strings.Join(parts, " & ")
	}
	return strings.Join(parts, " AND ")
}

// searchBound is how many of the newest matches a search looks through.
const searchBound = 2000

func conditions(e sqldb.Engine, city int64, f Filter, stems []string) *sqldb.Where {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	w.Add("visible = %s", 1)
	equal := func(column string, v int64) {
		if v != 0 {
			w.Add(column+" = %s", v)
		}
	}
	equal("object", int64(f.Object))
	equal("category", int64(f.Category))
	equal("topic", int64(f.Topic))
	equal("house", f.House)
	if f.District != "" {
		w.Add("district = %s", f.District)
	}
	if !f.From.IsZero() {
		w.Add("created >= %s", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		w.Add("created < %s", f.To.UnixMicro())
	}
	sqldb.In(w, "status", f.Statuses)
	if len(stems) > 0 {
		w.Add("problem IN ("+found(e, searchBound)+")", query(e, stems))
	}
	if f.Box != nil {
		inBox(w, *f.Box, 8)
	}
	return w
}

// inBox narrows to the cells that cover a box, and to the box itself.
func inBox(w *sqldb.Where, b geo.Box, ranges int) {
	var cells []string
	for _, r := range geo.Cover(b, ranges) {
		cells = append(cells, "cell BETWEEN "+w.Arg(r.From)+" AND "+w.Arg(r.To))
	}
	w.Add("(" + strings.Join(append(cells, "1 = 0"), " OR ") + ")")
	w.Add("lat BETWEEN %s AND %s", b.Min.Lat, b.Max.Lat)
	w.Add("lon BETWEEN %s AND %s", b.Min.Lon, b.Max.Lon)
}

const lineColumns = `problem, number, status, topic, district, address, lat, lon, created, due, joined, disputed, photo, excerpt`

func scanLine(r sqldb.Scanner) (Line, error) {
	var l Line
	var created, due, disputed int64
	err := r.Scan(&l.Problem, &l.Number, &l.Status, &l.Topic, &l.District, &l.Address, &l.Point.Lat, &l.Point.Lon,
		&created, &due, &l.Joined, &disputed, &l.Photo, &l.Excerpt)
	l.Created, l.Disputed = time.UnixMicro(created).UTC(), disputed != 0
	if due != 0 {
		l.Due = time.UnixMicro(due).UTC()
	}
	return l, err
}

func lines(tx *sqldb.Tx, city int64, f Filter, stems []string) ([]Line, error) {
	w := conditions(tx.Engine(), city, f, stems)
	if !f.After.Zero() {
		w.Add("(created, problem) < (%s, %s)", f.After.Created, f.After.Problem)
	}
	return sqldb.List(tx, scanLine, fmt.Sprintf(`
		SELECT %s FROM board_fact
		WHERE %s
		ORDER BY created DESC, problem DESC
		LIMIT %d`, lineColumns, w.SQL(), f.Limit), w.Args()...)
}

// totalBound is where counting a list stops: «больше 1000».
const totalBound = 1000

func total(tx *sqldb.Tx, city int64, f Filter, stems []string) (int64, error) {
	w := conditions(tx.Engine(), city, f, stems)
	return sqldb.One(tx, sqldb.Int, fmt.Sprintf(`
		SELECT count(*) FROM (SELECT 1 FROM board_fact WHERE %s LIMIT %d) AS bounded`, w.SQL(), totalBound+1), w.Args()...)
}

// spots reads single problems of a box, limit+1 to see whether they are too
// many.
func spots(tx *sqldb.Tx, city int64, f Filter, stems []string, limit int) ([]Spot, error) {
	w := conditions(tx.Engine(), city, f, stems)
	return sqldb.List(tx, func(r sqldb.Scanner) (Spot, error) {
		s := Spot{Count: 1}
		err := r.Scan(&s.Point.Lat, &s.Point.Lon, &s.Number, &s.Status, &s.Topic)
		return s, err
	}, fmt.Sprintf(`
		SELECT lat, lon, number, status, topic FROM board_fact
		WHERE %s
		LIMIT %d`, w.SQL(), limit), w.Args()...)
}

// clusters counts the problems of a box by cells of the given size.
func clusters(tx *sqldb.Tx, city int64, f Filter, stems []string, shift int) ([]Spot, error) {
	w := conditions(tx.Engine(), city, f, stems)
	return sqldb.List(tx, func(r sqldb.Scanner) (Spot, error) {
		var s Spot
		err := r.Scan(&s.Point.Lat, &s.Point.Lon, &s.Count, &s.Number)
		if s.Count > 1 {
			s.Number = 0
		}
		return s, err
	}, fmt.Sprintf(`
		SELECT avg(lat), avg(lon), count(*), max(number) FROM board_fact
		WHERE %s
		GROUP BY cell >> %d
		LIMIT %d`, w.SQL(), shift, cellLimit), w.Args()...)
}

// group is one line of a count.
type group struct {
	topic    topic.ID
	district string
	a, b     int64
	ending   string
	disputed int64
	n        int
}

func scanGroup(r sqldb.Scanner) (group, error) {
	var g group
	err := r.Scan(&g.topic, &g.district, &g.a, &g.b, &g.ending, &g.disputed, &g.n)
	return g, err
}

func received(tx *sqldb.Tx, city, from, to int64) ([]group, error) {
	return sqldb.List(tx, scanGroup, `
		SELECT topic, district, checked, 0, ending, 0, count(*) FROM board_fact
		WHERE city = $1 AND created_day >= $2 AND created_day < $3
		GROUP BY topic, district, checked, ending`, city, from, to)
}

func answered(tx *sqldb.Tx, city, from, to int64) ([]group, error) {
	return sqldb.List(tx, scanGroup, `
		SELECT topic, district, took, on_time, ending, disputed, count(*) FROM board_fact
		WHERE city = $1 AND answered_day >= $2 AND answered_day < $3
		GROUP BY topic, district, took, on_time, ending, disputed`, city, from, to)
}

func overdue(tx *sqldb.Tx, city, now int64) ([]group, error) {
	return sqldb.List(tx, scanGroup, `
		SELECT topic, district, 0, 0, '', 0, count(*) FROM board_fact
		WHERE city = $1 AND status IN ('moderation', 'question', 'work', 'interim', 'review') AND due > 0 AND due < $2
		GROUP BY topic, district`, city, now)
}

// forget empties the projections of a city, a slice at a time.
func forget(tx *sqldb.Tx, city int64, limit int) (int64, error) {
	keys, err := sqldb.List(tx, sqldb.Int, `SELECT problem FROM board_fact WHERE city = $1 LIMIT $2`, city, limit)
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		if err := putStems(tx, k, ""); err != nil {
			return 0, err
		}
		if _, err := tx.Exec(`DELETE FROM board_fact WHERE city = $1 AND problem = $2`, city, k); err != nil {
			return 0, err
		}
	}
	return int64(len(keys)), nil
}

// known is a row as it is stored.
type known struct {
	seq, number, visible                        int64
	status                                      problem.Status
	topic, object, category                     int64
	district, municipality                      string
	house                                       int64
	address                                     string
	lat, lon                                    float64
	cell                                        int64
	executor                                    string
	created, day, due, stageDue, answered, took int64
	onTime, checked                             int64
	ending                                      string
	disputed, joined, photo                     int64
	excerpt                                     string
}

// known is the row that a fact makes.
func (f fact) known() known {
	s := f.state
	k := known{
		seq: s.Seq, number: s.Number, status: s.Status, topic: int64(s.Topic.ID), object: int64(s.Object), category: int64(s.Branch),
		district: string(s.Place.District), municipality: string(s.Place.Municipality), house: int64(s.Place.House), address: cmp.Or(s.Place.Address, s.Place.Landmark, s.Place.Beside),
		lat: s.Place.Point.Lat, lon: s.Place.Point.Lon, cell: geo.Cell(s.Place.Point), executor: string(s.Routing.Executor),
		created: int64(s.Created), day: f.day, due: int64(s.Due()), stageDue: int64(s.StageDue()), answered: f.answered, took: f.took,
		onTime: f.onTime, checked: f.checked, ending: f.ending, joined: int64(s.Joined), photo: f.photo, excerpt: f.excerpt,
	}
	if s.Visible() {
		k.visible = 1
	}
	if len(s.Messages) > 1 {
		k.disputed = 1
	}
	return k
}

func stored(tx *sqldb.Tx, city, key int64) (known, error) {
	return sqldb.One(tx, func(r sqldb.Scanner) (known, error) {
		var k known
		err := r.Scan(&k.seq, &k.number, &k.visible, &k.status, &k.topic, &k.object, &k.category, &k.district, &k.municipality,
			&k.house, &k.address, &k.lat, &k.lon, &k.cell, &k.executor, &k.created, &k.day, &k.due, &k.stageDue, &k.answered, &k.took,
			&k.onTime, &k.checked, &k.ending, &k.disputed, &k.joined, &k.photo, &k.excerpt)
		return k, err
	}, `
		SELECT seq, number, visible, status, topic, object, category, district, municipality,
			house, address, lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took,
			on_time, checked, ending, disputed, joined, photo, excerpt
		FROM board_fact
		WHERE city = $1 AND problem = $2`, city, key)
}
