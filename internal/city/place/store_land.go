package place

import (
	"encoding/json"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// putLand writes pieces of the base map as one row.
func putLand(tx *sqldb.Tx, city, version, id int64, pieces []Land) error {
	body, err := packed(pieces)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO city_land (city, version, id, body)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, id) DO UPDATE
		SET body = excluded.body`, city, version, id, body)
	return err
}

// readLand reads a few rows of pieces in the order of ids, and the last id.
func readLand(tx *sqldb.Tx, city, version, after int64, limit int) (pieces []Land, last int64, err error) {
	last = after
	_, err = sqldb.List(tx, func(row sqldb.Scanner) (struct{}, error) {
		var body string
		if err := row.Scan(&last, &body); err != nil {
			return struct{}{}, err
		}
		var some []Land
		err := json.Unmarshal([]byte(body), &some)
		pieces = append(pieces, some...)
		return struct{}{}, err
	}, `
		SELECT id, body
		FROM city_land
		WHERE city = $1 AND version = $2 AND id > $3
		ORDER BY id
		LIMIT $4`, city, version, after, limit)
	return pieces, last, err
}

// home is what the index of places keeps of a house.
type home struct {
	id        HouseID
	point     geo.Point
	apartment bool
	address   string
}

func readHomes(tx *sqldb.Tx, city, version int64, after HouseID, limit int) ([]home, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (home, error) {
		var h home
		var purpose string
		err := row.Scan(&h.id, &h.point.Lat, &h.point.Lon, &purpose, &h.address)
		h.apartment = purpose == "apartment"
		return h, err
	}, `
		SELECT id, lat, lon, purpose, address
		FROM house
		WHERE city = $1 AND version = $2 AND id > $3
		ORDER BY id
		LIMIT $4`, city, version, after, limit)
}
