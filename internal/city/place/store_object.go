package place

import (
	"encoding/json"
	"fmt"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

const objectColumns = `id, kind, number, names, lat, lon, owner, fields`

func scanObject(row sqldb.Scanner) (Object, error) {
	var o Object
	var names, fields string
	if err := row.Scan(&o.ID, &o.Kind, &o.Number, &names, &o.Point.Lat, &o.Point.Lon, &o.Owner, &fields); err != nil {
		return o, err
	}
	if err := json.Unmarshal([]byte(names), &o.Name); err != nil {
		return o, fmt.Errorf("read names of object %s: %w", o.ID, err)
	}
	if fields == "{}" {
		return o, nil
	}
	if err := json.Unmarshal([]byte(fields), &o.Fields); err != nil {
		return o, fmt.Errorf("read fields of object %s: %w", o.ID, err)
	}
	return o, nil
}

func readObject(tx *sqldb.Tx, city, version int64, id string) (Object, error) {
	return sqldb.One(tx, scanObject, `
		SELECT `+objectColumns+`
		FROM city_object
		WHERE city = $1 AND version = $2 AND id = $3`, city, version, id)
}

// readObjects reads the objects of a kind, or of any when kind is empty.
func readObjects(tx *sqldb.Tx, city, version int64, kind string, cells geo.Range) ([]Object, error) {
	return sqldb.List(tx, scanObject, `
		SELECT `+objectColumns+`
		FROM city_object
		WHERE city = $1 AND version = $2 AND cell BETWEEN $3 AND $4
			AND (CAST($5 AS TEXT) = '' OR kind = $5)
		ORDER BY cell
		LIMIT $6`, city, version, cells.From, cells.To, kind, maxSpots)
}

func putObjects(tx *sqldb.Tx, city, version int64, objects []Object) error {
	var wrong error
	row := func(o Object) []any {
		names, err := packed(o.Name)
		if err != nil {
			wrong = err
		}
		fields := "{}"
		if len(o.Fields) > 0 {
			if fields, err = packed(o.Fields); err != nil {
				wrong = err
			}
		}
		return []any{city, version, o.ID, o.Kind, o.Number, names, o.Point.Lat, o.Point.Lon, geo.Cell(o.Point), o.Owner, fields}
	}
	err := putMany(tx, `
		INSERT INTO city_object (city, version, id, kind, number, names, lat, lon, cell, owner, fields)
		VALUES `, `
		ON CONFLICT (city, version, id) DO UPDATE
		SET kind = excluded.kind, number = excluded.number, names = excluded.names, lat = excluded.lat,
			lon = excluded.lon, cell = excluded.cell, owner = excluded.owner, fields = excluded.fields`, objects, row)
	if wrong != nil {
		return wrong
	}
	return err
}

// maxKinds bounds the kinds of objects of a city.
const maxKinds = 1000

func readKinds(tx *sqldb.Tx, city, version int64) ([]ObjectKind, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (ObjectKind, error) {
		var k ObjectKind
		var body string
		if err := row.Scan(&body); err != nil {
			return k, err
		}
		return k, json.Unmarshal([]byte(body), &k)
	}, `
		SELECT body
		FROM city_object_kind
		WHERE city = $1 AND version = $2
		ORDER BY id
		LIMIT $3`, city, version, maxKinds)
}

func putKinds(tx *sqldb.Tx, city, version int64, kinds []ObjectKind) error {
	var wrong error
	err := putMany(tx, `
		INSERT INTO city_object_kind (city, version, id, body)
		VALUES `, `
		ON CONFLICT (city, version, id) DO UPDATE
		SET body = excluded.body`, kinds, func(k ObjectKind) []any {
		body, err := packed(k)
		if err != nil {
			wrong = err
		}
		return []any{city, version, k.ID, body}
	})
	if wrong != nil {
		return wrong
	}
	return err
}
