package board

import (
	"cmp"
	"errors"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// put writes the row of a problem unless a newer one is there, and tells the
// tally what that changes in the cells of the map.
func put(tx *sqldb.Tx, city int64, f fact, t *tally) (bool, error) {
	k := f.known()
	old, err := locked(tx, city, k.problem)
	if errors.Is(err, sqldb.ErrNoRow) {
		n, err := tx.Exec(insertFact+` ON CONFLICT (city, problem) DO NOTHING`, k.args(city)...)
		if err != nil {
			return false, err
		}
		if n > 0 {
			t.take(k, 1)
			return true, nil
		}
		old, err = locked(tx, city, k.problem) // another transaction came first
		if err != nil {
			return false, err
		}
	} else if err != nil {
		return false, err
	}
	if old.seq > k.seq {
		return false, nil
	}
	if _, err := tx.Exec(insertFact+updateFact, k.args(city)...); err != nil {
		return false, err
	}
	t.take(old, -1)
	t.take(k, 1)
	return true, nil
}

// locked reads a row that will be written: on PostgreSQL nobody else may write
// it until the transaction ends; SQLite has one writer.
func locked(tx *sqldb.Tx, city, key int64) (known, error) {
	query := selectFact
	if tx.Engine() == sqldb.Postgres {
		query += ` FOR UPDATE`
	}
	return sqldb.One(tx, scanKnown, query, city, key)
}

const insertFact = `
	INSERT INTO board_fact (
		city, problem, seq, number, visible, status, standing, topic, object, category, district, municipality, house, address,
		lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took, on_time, checked, ending,
		disputed, joined, photo, excerpt, late)
	VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
		$27, $28, $29, $30, $31, $32)`

const updateFact = `
	ON CONFLICT (city, problem) DO UPDATE SET
		seq = excluded.seq, number = excluded.number, visible = excluded.visible, status = excluded.status, standing = excluded.standing,
		topic = excluded.topic, object = excluded.object, category = excluded.category,
		district = excluded.district, municipality = excluded.municipality, house = excluded.house, address = excluded.address,
		lat = excluded.lat, lon = excluded.lon, cell = excluded.cell, executor = excluded.executor,
		created = excluded.created, created_day = excluded.created_day, due = excluded.due, stage_due = excluded.stage_due,
		answered_day = excluded.answered_day, took = excluded.took, on_time = excluded.on_time, checked = excluded.checked,
		ending = excluded.ending, disputed = excluded.disputed, joined = excluded.joined, photo = excluded.photo,
		excerpt = excluded.excerpt, late = excluded.late`

func (k known) args(city int64) []any {
	return []any{city, k.problem, k.seq, k.number, k.visible, string(k.status), string(k.standing), k.topic, k.object, k.category,
		k.district, k.municipality, k.house, k.address, k.lat, k.lon, k.cell, k.executor,
		k.created, k.day, k.due, k.stageDue, k.answered, k.took, k.onTime, k.checked, k.ending,
		k.disputed, k.joined, k.photo, k.excerpt, k.late}
}

// putStems replaces the searched words of a problem; searching (store_list.go)
// is the other statement that is written twice.
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
		GROUP BY topic, district, took, on_time, ending, disputed`, city, max(from, 1), to) // 0: not answered
}

// overdue counts what is late. Of each group a is 1 where the
// residents have no final answer yet, b is 1 where the promise ended before the
// moment until.
func overdue(tx *sqldb.Tx, city, until int64) ([]group, error) {
	return sqldb.List(tx, scanGroup, `
		SELECT topic, district, unanswered, before, '', 0, count(*) FROM (
			SELECT topic, district, CASE WHEN answered_day = 0 THEN 1 ELSE 0 END AS unanswered,
				CASE WHEN due < $2 THEN 1 ELSE 0 END AS before
			FROM board_fact
			WHERE city = $1 AND late = 1
		) AS late
		GROUP BY topic, district, unanswered, before`, city, until)
}

// forget empties the projections of a city, a slice at a time, and the counts
// after the last one. It tells whether there may be more.
func forget(tx *sqldb.Tx, city int64, limit int) (more bool, err error) {
	read := func() ([]int64, error) {
		return sqldb.List(tx, sqldb.Int, `SELECT problem FROM board_fact WHERE city = $1 LIMIT $2`, city, limit)
	}
	keys, err := read()
	if err != nil {
		return false, err
	}
	if len(keys) == 0 {
		if tx.Engine() == sqldb.Postgres { // SQLite has one writer
			if _, err := tx.Exec(`LOCK TABLE board_cluster, board_area IN EXCLUSIVE MODE`); err != nil {
				return false, err
			}
			// A row that came before the lock is in the cells that go now.
			if keys, err = read(); err != nil || len(keys) > 0 {
				return true, err
			}
		}
		if _, err := tx.Exec(`DELETE FROM board_cluster WHERE city = $1`, city); err != nil {
			return false, err
		}
		_, err := tx.Exec(`DELETE FROM board_area WHERE city = $1`, city)
		return false, err
	}
	for _, k := range keys {
		if err := putStems(tx, k, ""); err != nil {
			return false, err
		}
		if _, err := tx.Exec(`DELETE FROM board_fact WHERE city = $1 AND problem = $2`, city, k); err != nil {
			return false, err
		}
	}
	return true, nil
}

// known is a row as it is stored.
type known struct {
	problem, seq, number, visible               int64
	status                                      problem.Status
	standing                                    Standing
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
	late                                        int64
}

// known is the row that a fact makes.
func (f fact) known() known {
	s := f.state
	k := known{
		problem: f.problem, seq: s.Seq, number: s.Number, status: s.Status, standing: standingOf(s.Status), topic: int64(s.Topic.ID), object: int64(s.Object), category: int64(s.Branch),
		district: string(s.Place.District), municipality: string(s.Place.Municipality), house: int64(s.Place.House), address: cmp.Or(s.Place.Address, problem.Masked(s.Place.Landmark), s.Place.Beside),
		lat: s.Place.Point.Lat, lon: s.Place.Point.Lon, cell: cellOf(s.Place.Point), executor: string(s.Routing.Executor),
		created: int64(s.Created), day: f.day, due: int64(s.Due()), stageDue: int64(s.StageDue()), answered: f.answered, took: f.took,
		onTime: f.onTime, checked: f.checked, ending: f.ending, joined: int64(s.Joined), photo: f.photo, excerpt: f.excerpt,
	}
	if s.Visible() {
		k.visible = 1
	}
	if len(s.Messages) > 1 {
		k.disputed = 1
	}
	if k.standing == Open && k.due != 0 && int64(f.passed) == k.due {
		k.late = 1
	}
	return k
}

func stored(tx *sqldb.Tx, city, key int64) (known, error) {
	return sqldb.One(tx, scanKnown, selectFact, city, key)
}

const selectFact = `
	SELECT problem, seq, number, visible, status, standing, topic, object, category, district, municipality,
		house, address, lat, lon, cell, executor, created, created_day, due, stage_due, answered_day, took,
		on_time, checked, ending, disputed, joined, photo, excerpt, late
	FROM board_fact
	WHERE city = $1 AND problem = $2`

func scanKnown(r sqldb.Scanner) (known, error) {
	var k known
	err := r.Scan(&k.problem, &k.seq, &k.number, &k.visible, &k.status, &k.standing, &k.topic, &k.object, &k.category, &k.district,
		&k.municipality, &k.house, &k.address, &k.lat, &k.lon, &k.cell, &k.executor, &k.created, &k.day, &k.due, &k.stageDue,
		&k.answered, &k.took, &k.onTime, &k.checked, &k.ending, &k.disputed, &k.joined, &k.photo, &k.excerpt, &k.late)
	return k, err
}
