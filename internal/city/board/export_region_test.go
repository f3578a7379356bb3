package board

import "gorod/internal/platform/sqldb"

// PlansOfRegion are how an engine reads what statistics count of a region: the
// pieces, what was received, what was answered, what is late.
func PlansOfRegion(tx *sqldb.Tx, city int64, r Region) ([5]string, error) {
	var plans [5]string
	p := piece{r.District, r.Municipality}
	for i, read := range []func() (string, []any){
		func() (string, []any) { return nextPiece(city, p) },
		func() (string, []any) { return firstPiece(city, "", &p) },
		func() (string, []any) { return pieceReceived(city, p, 20000, 20365) },
		func() (string, []any) { return pieceAnswered(city, p, 20000, 20365) },
		func() (string, []any) { return overdueBy(city, r, 1) },
	} {
		query, args := read()
		var err error
		if plans[i], err = plan(tx, query, args); err != nil {
			return plans, err
		}
	}
	return plans, nil
}
