package place

import (
	"encoding/json"
	"fmt"
	"strings"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

type cityRow struct {
	id, version int64
	key, body   string
}

const cityColumns = `city, version, key, body`

func scanCity(row sqldb.Scanner) (cityRow, error) {
	var c cityRow
	err := row.Scan(&c.id, &c.version, &c.key, &c.body)
	return c, err
}

// cityKey, currentKey and editionKey are what a transaction remembers the rows
// by that nearly every command asks for, some several times.
type (
	cityKey    struct{ city int64 }
	currentKey struct {
		city       int64
		dictionary string
	}
	editionKey struct {
		city, version int64
		dictionary    string
	}
)

func readCity(tx *sqldb.Tx, city int64) (cityRow, error) {
	return sqldb.Remember(tx, cityKey{city}, func() (cityRow, error) {
		return sqldb.One(tx, scanCity, `
			SELECT `+cityColumns+`
			FROM city
			WHERE city = $1`, city)
	})
}

func readCityByKey(tx *sqldb.Tx, key string) (cityRow, error) {
	return sqldb.One(tx, scanCity, `
		SELECT `+cityColumns+`
		FROM city
		WHERE key = $1`, key)
}

// maxCities bounds a list that has a row a city.
const maxCities = 1000

func readCities(tx *sqldb.Tx) ([]cityRow, error) {
	return sqldb.List(tx, scanCity, `
		SELECT `+cityColumns+`
		FROM city
		ORDER BY city
		LIMIT $1`, maxCities)
}

// putCity leaves the version of a city that is there: only a switch moves it.
func putCity(tx *sqldb.Tx, c cityRow) error {
	tx.Forget()
	_, err := tx.Exec(`
		INSERT INTO city (city, version, key, body)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city) DO UPDATE SET key = excluded.key, body = excluded.body`,
		c.id, c.version, c.key, c.body)
	return err
}

func setVersion(tx *sqldb.Tx, city, version int64) (int64, error) {
	tx.Forget()
	return tx.Exec(`UPDATE city SET version = $2 WHERE city = $1`, city, version)
}

func countStamps(tx *sqldb.Tx, city, version int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM dictionary WHERE city = $1 AND version = $2`, city, version)
}

func scanEdition(row sqldb.Scanner) (Edition, error) {
	var e Edition
	err := row.Scan(&e.City, &e.Version, &e.stamp)
	return e, err
}

func currentEdition(tx *sqldb.Tx, city int64, dictionary string) (Edition, error) {
	return sqldb.Remember(tx, currentKey{city, dictionary}, func() (Edition, error) {
		return sqldb.One(tx, scanEdition, `
			SELECT c.city, c.version, COALESCE(d.stamp, '')
			FROM city c
			LEFT JOIN dictionary d ON d.city = c.city AND d.version = c.version AND d.name = $2
			WHERE c.city = $1`, city, dictionary)
	})
}

func editionAt(tx *sqldb.Tx, city, version int64, dictionary string) (Edition, error) {
	return sqldb.Remember(tx, editionKey{city, version, dictionary}, func() (Edition, error) {
		return sqldb.One(tx, scanEdition, `
			SELECT city, version, stamp
			FROM dictionary
			WHERE city = $1 AND version = $2 AND name = $3`, city, version, dictionary)
	})
}

func putStamp(tx *sqldb.Tx, city, version int64, dictionary, stamp string) error {
	tx.Forget()
	_, err := tx.Exec(`
		INSERT INTO dictionary (city, version, name, stamp)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, name) DO UPDATE SET stamp = excluded.stamp`,
		city, version, dictionary, stamp)
	return err
}

func dropStamp(tx *sqldb.Tx, city, version int64, dictionary string) error {
	tx.Forget()
	_, err := tx.Exec(`
		DELETE FROM dictionary
		WHERE city = $1 AND version = $2 AND name = $3`, city, version, dictionary)
	return err
}

func scanShape(row sqldb.Scanner) (AreaShape, error) {
	var a AreaShape
	var names, shape string
	if err := row.Scan(&a.ID, &a.Kind, &a.Parent, &names, &shape); err != nil {
		return a, err
	}
	if err := json.Unmarshal([]byte(names), &a.Name); err != nil {
		return a, fmt.Errorf("read names of area %s: %w", a.ID, err)
	}
	if err := json.Unmarshal([]byte(shape), &a.Shape); err != nil {
		return a, fmt.Errorf("read shape of area %s: %w", a.ID, err)
	}
	return a, nil
}

// maxAreas bounds a list that a person can still read.
const maxAreas = 20_000

func readShapes(tx *sqldb.Tx, city, version int64) ([]AreaShape, error) {
	return sqldb.List(tx, scanShape, `
		SELECT id, kind, parent, names, shape
		FROM city_area
		WHERE city = $1 AND version = $2
		ORDER BY id
		LIMIT $3`, city, version, maxAreas)
}

func putShape(tx *sqldb.Tx, city, version int64, a AreaShape) error {
	names, err := packed(a.Name)
	if err != nil {
		return err
	}
	shape, err := packed(a.Shape)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO city_area (city, version, id, kind, parent, names, shape)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (city, version, id) DO UPDATE
		SET kind = excluded.kind, parent = excluded.parent, names = excluded.names, shape = excluded.shape`,
		city, version, a.ID, a.Kind, a.Parent, names, shape)
	return err
}

func packed(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

func scanStreet(row sqldb.Scanner) (Street, error) {
	var s Street
	var names, aliases string
	if err := row.Scan(&s.ID, &s.Kind, &names, &aliases); err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(names), &s.Name); err != nil {
		return s, fmt.Errorf("read names of street %d: %w", s.ID, err)
	}
	if err := json.Unmarshal([]byte(aliases), &s.Aliases); err != nil {
		return s, fmt.Errorf("read aliases of street %d: %w", s.ID, err)
	}
	return s, nil
}

// maxStreets: Moscow has about 4,000 streets.
const maxStreets = 100_000

func readStreets(tx *sqldb.Tx, city, version int64) ([]Street, error) {
	return sqldb.List(tx, scanStreet, `
		SELECT id, kind, names, aliases
		FROM city_street
		WHERE city = $1 AND version = $2
		ORDER BY id
		LIMIT $3`, city, version, maxStreets)
}

func putStreet(tx *sqldb.Tx, city, version int64, s Street) error {
	names, err := packed(s.Name)
	if err != nil {
		return err
	}
	aliases, err := packed(s.Aliases)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO city_street (city, version, id, kind, names, aliases)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (city, version, id) DO UPDATE
		SET kind = excluded.kind, names = excluded.names, aliases = excluded.aliases`,
		city, version, s.ID, s.Kind, names, aliases)
	return err
}

const houseColumns = `id, street, number, building, structure, letter, address, settlement, lat, lon,
	district, municipality, purpose, manager, built, floors, entrances, flats`

func scanHouse(row sqldb.Scanner) (House, error) {
	var h House
	err := row.Scan(&h.ID, &h.Street, &h.Number, &h.Building, &h.Structure, &h.Letter, &h.Address, &h.Settlement,
		&h.Point.Lat, &h.Point.Lon, &h.District, &h.Municipality, &h.Purpose, &h.Manager, &h.Year, &h.Floors, &h.Entrances, &h.Flats)
	return h, err
}

func readHouse(tx *sqldb.Tx, city, version int64, id HouseID) (House, error) {
	return sqldb.One(tx, scanHouse, `
		SELECT `+houseColumns+`
		FROM house
		WHERE city = $1 AND version = $2 AND id = $3`, city, version, id)
}

// readHouses reads a page in the order of ids, for the index of addresses.
func readHouses(tx *sqldb.Tx, city, version int64, after HouseID, limit int) ([]House, error) {
	return sqldb.List(tx, scanHouse, `
		SELECT `+houseColumns+`
		FROM house
		WHERE city = $1 AND version = $2 AND id > $3
		ORDER BY id
		LIMIT $4`, city, version, after, limit)
}

func putHouses(tx *sqldb.Tx, city, version int64, houses []House) error {
	row := func(h House) []any {
		return []any{city, version, h.ID, h.Street, h.Number, h.Building, h.Structure, h.Letter, h.Address, h.Settlement,
			h.Point.Lat, h.Point.Lon, geo.Cell(h.Point), h.District, h.Municipality, h.Purpose, h.Manager,
			h.Year, h.Floors, h.Entrances, h.Flats}
	}
	return putMany(tx, `
		INSERT INTO house (city, version, id, street, number, building, structure, letter, address, settlement,
			lat, lon, cell, district, municipality, purpose, manager, built, floors, entrances, flats)
		VALUES `, `
		ON CONFLICT (city, version, id) DO UPDATE
		SET street = excluded.street, number = excluded.number, building = excluded.building,
			structure = excluded.structure, letter = excluded.letter, address = excluded.address,
			settlement = excluded.settlement, lat = excluded.lat, lon = excluded.lon, cell = excluded.cell,
			district = excluded.district, municipality = excluded.municipality, purpose = excluded.purpose,
			manager = excluded.manager, built = excluded.built, floors = excluded.floors,
			entrances = excluded.entrances, flats = excluded.flats`, houses, row)
}

// putMany writes many rows in few statements: on a server far away the journeys
// are what takes time.
func putMany[T any](tx *sqldb.Tx, head, tail string, rows []T, values func(T) []any) error {
	const together = 100 // rows in one statement; 21 columns stay far below the engines' limits
	for len(rows) > 0 {
		n := min(len(rows), together)
		var b strings.Builder
		b.WriteString(head)
		var args []any
		for i, r := range rows[:n] {
			if i > 0 {
				b.WriteByte(',')
			}
			given := values(r)
			for j := range given {
				fmt.Fprintf(&b, "%c$%d", "(,"[min(j, 1)], len(args)+j+1)
			}
			b.WriteByte(')')
			args = append(args, given...)
		}
		b.WriteString(tail)
		if _, err := tx.Exec(b.String(), args...); err != nil {
			return err
		}
		rows = rows[n:]
	}
	return nil
}

// spot is a row that lies somewhere.
type spot struct {
	house HouseID
	point geo.Point
}

func scanSpot(row sqldb.Scanner) (spot, error) {
	var s spot
	err := row.Scan(&s.house, &s.point.Lat, &s.point.Lon)
	return s, err
}

// maxSpots bounds what one range of cells may bring: with the first radius that
// is tried a range holds tens.
const maxSpots = 5000

func readSpots(tx *sqldb.Tx, city, version int64, cells geo.Range) ([]spot, error) {
	return sqldb.List(tx, scanSpot, `
		SELECT id, lat, lon
		FROM house
		WHERE city = $1 AND version = $2 AND cell BETWEEN $3 AND $4
		ORDER BY cell
		LIMIT $5`, city, version, cells.From, cells.To, maxSpots)
}

// forgetSome deletes rows of a version, at most so many, and tells how many.
// Table is one of our own names.
func forgetSome(tx *sqldb.Tx, table string, city, version int64, limit int) (int64, error) {
	return tx.Exec(`
		DELETE FROM `+table+`
		WHERE city = $1 AND version = $2 AND id IN (
			SELECT id
			FROM `+table+`
			WHERE city = $1 AND version = $2
			ORDER BY id
			LIMIT $3)`, city, version, limit)
}
