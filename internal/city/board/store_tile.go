package board

import (
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

const spotColumns = `f.problem, f.lat, f.lon, f.number, f.status, f.topic, f.object, f.answered_day`

func scanSpot(r sqldb.Scanner) (spot, error) {
	var s spot
	err := r.Scan(&s.key, &s.Point.Lat, &s.Point.Lon, &s.Number, &s.Status, &s.Topic, &s.Object, &s.answered)
	return s, err
}

// hidden is the key of the only problem of a cell that fits a filter; 0 where
// it went meanwhile.
func hidden(tx *sqldb.Tx, city int64, f Filter, r geo.Range, period *days) (int64, error) {
	w := &sqldb.Where{}
	public(w, city)
	w.Add("f.cell BETWEEN %s AND %s", r.From, r.To)
	meet(w, f.equals())
	if period != nil {
		w.Add("f.created_day >= %s AND f.created_day < %s", period.from, period.to)
	}
	list, err := sqldb.List(tx, sqldb.Int, `SELECT f.problem FROM board_fact f WHERE `+w.SQL()+` LIMIT 1`, w.Args()...)
	if err != nil || len(list) == 0 {
		return 0, err
	}
	return list[0], nil
}

// lineAt reads the line of a problem that everyone may see by its number.
func lineAt(tx *sqldb.Tx, city, number int64) (Line, error) {
	return sqldb.One(tx, scanLine, `
		SELECT `+lineColumns+` FROM problem p
		CROSS JOIN board_fact f
		WHERE p.city = $1 AND p.number = $2 AND f.city = p.city AND f.problem = p.id AND f.visible = 1`, city, number)
}
