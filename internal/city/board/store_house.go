package board

import (
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// openAt reads the newest open problems of a house that everyone may see: a run
// of board_house_open.
func openAt(tx *sqldb.Tx, city int64, house place.HouseID, limit int) ([]Line, error) {
	return sqldb.List(tx, scanLine, `
		SELECT `+lineColumns+` FROM board_fact f
		WHERE f.city = $1 AND f.house = $2 AND f.visible = 1 AND f.standing = 'open'
		ORDER BY f.created DESC, f.problem DESC
		LIMIT $3`, city, int64(house), limit)
}

// pastAt reads the newest problems of a house that are not open any more, among
// its newest window ones.
func pastAt(tx *sqldb.Tx, city int64, house place.HouseID, window, limit int) ([]Line, error) {
	return sqldb.List(tx, scanLine, `
		SELECT `+lineColumns+` FROM (
			SELECT city, problem FROM board_fact
			WHERE city = $1 AND visible = 1 AND house = $2
			ORDER BY created DESC, problem DESC
			LIMIT $3) newest
		JOIN board_fact f ON f.city = newest.city AND f.problem = newest.problem
		WHERE f.standing <> 'open'
		ORDER BY f.created DESC, f.problem DESC
		LIMIT $4`, city, int64(house), window, limit)
}

// countAt counts what everyone may see of a house, up to a limit.
func countAt(tx *sqldb.Tx, city int64, house place.HouseID, limit int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM (SELECT 1 AS one FROM board_fact WHERE city = $1 AND visible = 1 AND house = $2 LIMIT $3) bounded`,
		city, int64(house), limit)
}

// countOpenAt counts the open problems of a house, up to a limit.
func countOpenAt(tx *sqldb.Tx, city int64, house place.HouseID, limit int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM (
			SELECT 1 AS one FROM board_fact
			WHERE city = $1 AND house = $2 AND visible = 1 AND standing = 'open'
			LIMIT $3) bounded`,
		city, int64(house), limit)
}

// houseCount is how many of something a house has.
type houseCount struct {
	house place.HouseID
	n     int
}

// openIn counts the open problems of some houses.
func openIn(tx *sqldb.Tx, city int64, houses []int64) ([]houseCount, error) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	sqldb.In(w, "house", houses)
	return sqldb.List(tx, func(r sqldb.Scanner) (houseCount, error) {
		var c houseCount
		err := r.Scan(&c.house, &c.n)
		return c, err
	}, `
		SELECT house, count(*) FROM board_fact
		WHERE `+w.SQL()+` AND visible = 1 AND standing = 'open'
		GROUP BY house`, w.Args()...)
}

// offIn lists what is switched off at a moment in some houses. The times are
// those of package house: what really began or ended wins over the plan.
func offIn(tx *sqldb.Tx, city int64, houses []int64, now int64) ([]houseOff, error) {
	w := &sqldb.Where{}
	w.Add("h.city = %s", city)
	sqldb.In(w, "h.house", houses)
	w.Add("h.ends > %s", now)
	w.Add("CASE WHEN o.begun <> 0 THEN o.begun ELSE o.starts END <= %s", now)
	return sqldb.List(tx, func(r sqldb.Scanner) (houseOff, error) {
		var o houseOff
		err := r.Scan(&o.house, &o.resource)
		return o, err
	}, `
		SELECT DISTINCT h.house, o.resource FROM outage_house h
		JOIN outage o ON o.city = h.city AND o.id = h.outage
		WHERE `+w.SQL()+` AND o.off = 0
		ORDER BY h.house, o.resource`, w.Args()...)
}

// houseOff is a resource that a house goes without.
type houseOff struct {
	house    place.HouseID
	resource string
}

// topicCount is how many messages were about a topic.
type topicCount struct {
	topic topic.ID
	n     int
}

// topicsOf counts the messages of a period by topic, of those that are with an
// organisation now, the most first.
func topicsOf(tx *sqldb.Tx, city int64, executor org.ID, from, to int64, limit int) ([]topicCount, error) {
	return sqldb.List(tx, func(r sqldb.Scanner) (topicCount, error) {
		var c topicCount
		err := r.Scan(&c.topic, &c.n)
		return c, err
	}, `
		SELECT topic, count(*) FROM board_fact
		WHERE city = $1 AND executor = $2 AND created >= $3 AND created < $4
		GROUP BY topic
		ORDER BY count(*) DESC, topic
		LIMIT $5`, city, string(executor), from, to, limit)
}

// linesWith reads the problems of an organisation that everyone may see, newest
// first, after a cursor.
func linesWith(tx *sqldb.Tx, city int64, executor org.ID, after Cursor, limit int) ([]Line, error) {
	created, key := int64(1<<63-1), int64(1<<63-1)
	if !after.Zero() {
		created, key = after.Created, after.Problem
	}
	return sqldb.List(tx, scanLine, `
		SELECT `+lineColumns+` FROM board_fact f
		WHERE f.city = $1 AND f.executor = $2 AND f.visible = 1 AND (f.created, f.problem) < ($3, $4)
		ORDER BY f.created DESC, f.problem DESC
		LIMIT $5`, city, string(executor), created, key, limit)
}
