package board

import (
	"slices"

	"gorod/internal/platform/sqldb"
)

// piece is what districts and municipalities have in common: all rows of one
// district that name the same municipality, or none.
type piece struct{ district, municipality string }

func scanPiece(r sqldb.Scanner) (piece, error) {
	var p piece
	err := r.Scan(&p.district, &p.municipality)
	return p, err
}

// pieces lists the pieces of a region that have rows, by one look into the index
// each: no row is counted for it.
func pieces(tx *sqldb.Tx, city int64, r Region) ([]piece, error) {
	var all []piece
	add := func(query string, args []any) (bool, error) {
		next, err := sqldb.List(tx, scanPiece, query, args...)
		if err == nil && len(next) > 0 {
			all = append(all, next[0])
		}
		return len(next) > 0, err
	}
	found, err := add(firstPiece(city, r.District, nil))
	for err == nil && found {
		last := all[len(all)-1]
		if found, err = add(nextPiece(city, last)); err == nil && !found && r.District == "" {
			found, err = add(firstPiece(city, "", &last))
		}
	}
	return slices.DeleteFunc(all, func(p piece) bool { return !r.holds(p) }), err
}

// firstPiece finds the first piece of a district, of any where it is "", that
// comes after the district of another piece.
func firstPiece(city int64, district string, after *piece) (query string, args []any) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	if district != "" {
		w.Add("district = %s", district)
	}
	if after != nil {
		w.Add("district > %s", after.district)
	}
	return selectPiece(w)
}

// nextPiece finds the piece after one in its district.
func nextPiece(city int64, after piece) (query string, args []any) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	w.Add("district = %s", after.district)
	w.Add("municipality > %s", after.municipality)
	return selectPiece(w)
}

func selectPiece(w *sqldb.Where) (query string, args []any) {
	return `
		SELECT district, municipality FROM board_fact
		WHERE ` + w.SQL() + `
		ORDER BY district, municipality LIMIT 1`, w.Args()
}

// inPiece is what all counts of a piece in days have in common.
func inPiece(city int64, p piece, day string, from, to int64) *sqldb.Where {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	w.Add("district = %s", p.district)
	w.Add("municipality = %s", p.municipality)
	w.Add(day+" >= %s", from)
	w.Add(day+" < %s", to)
	return w
}

// pieceReceived is received of one piece.
func pieceReceived(city int64, p piece, from, to int64) (query string, args []any) {
	w := inPiece(city, p, "created_day", from, to)
	return `
		SELECT topic, district, checked, 0, ending, 0, count(*) FROM board_fact
		WHERE ` + w.SQL() + `
		GROUP BY topic, district, checked, ending`, w.Args()
}

// pieceAnswered is answered of one piece.
func pieceAnswered(city int64, p piece, from, to int64) (query string, args []any) {
	w := inPiece(city, p, "answered_day", from, to)
	return `
		SELECT topic, district, took, on_time, ending, disputed, count(*) FROM board_fact
		WHERE ` + w.SQL() + `
		GROUP BY topic, district, took, on_time, ending, disputed`, w.Args()
}

// perDay is how many there were on a day.
type perDay struct{ day, n int64 }

func scanPerDay(r sqldb.Scanner) (perDay, error) {
	var d perDay
	err := r.Scan(&d.day, &d.n)
	return d, err
}

// daysOfPiece counts the rows of a piece by a day of theirs: created_day,
// answered_day.
func daysOfPiece(tx *sqldb.Tx, city int64, p piece, day string, from, to int64) ([]perDay, error) {
	w := inPiece(city, p, day, from, to)
	return sqldb.List(tx, scanPerDay, `
		SELECT `+day+`, count(*) FROM board_fact
		WHERE `+w.SQL()+`
		GROUP BY `+day, w.Args()...)
}

// pieceGroup is a group of overdue and the piece it is of.
type pieceGroup struct {
	municipality string
	group
}

func scanPieceGroup(r sqldb.Scanner) (pieceGroup, error) {
	var g pieceGroup
	err := r.Scan(&g.topic, &g.district, &g.municipality, &g.a, &g.b, &g.n)
	return g, err
}

// overdueBy is overdue by district and municipality. What is late is few of all:
// its own index is read, for which both values of visible are named, and the
// area is a condition that no other index can answer.
func overdueBy(city int64, r Region, until int64) (query string, args []any) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	if r.District != "" {
		w.Add("district || '' = %s", r.District)
	}
	if r.Municipality != "" {
		w.Add("municipality || '' = %s", r.Municipality)
	}
	before := w.Arg(until)
	return `
		SELECT topic, district, municipality, unanswered, before, count(*) FROM (
			SELECT topic, district, municipality, CASE WHEN answered_day = 0 THEN 1 ELSE 0 END AS unanswered,
				CASE WHEN due < ` + before + ` THEN 1 ELSE 0 END AS before
			FROM board_fact
			WHERE ` + w.SQL() + ` AND visible IN (0, 1) AND late = 1
		) AS late
		GROUP BY topic, district, municipality, unanswered, before`, w.Args()
}
