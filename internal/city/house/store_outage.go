package house

import (
	"encoding/json"
	"fmt"

	"gorod/internal/city/place"
	"gorod/internal/platform/sqldb"
)

const outageColumns = `id, resource, kind, starts, plan_end, begun, ended, off, source, outside, org, org_text, reason,
	noticed, changed, houses, areas, seq`

func scanOutage(row sqldb.Scanner) (Outage, error) {
	var o Outage
	var from, to, begun, ended, off, noticed, changed int64
	var areas string
	err := row.Scan(&o.ID, &o.Resource, &o.Kind, &from, &to, &begun, &ended, &off, &o.Source, &o.Key, &o.Org, &o.OrgText, &o.Reason,
		&noticed, &changed, &o.Houses, &areas, &o.Seq)
	if err != nil {
		return o, err
	}
	o.From, o.To, o.Begun, o.Ended, o.Off = moment(from), moment(to), moment(begun), moment(ended), moment(off)
	o.Noticed, o.Changed = moment(noticed), moment(changed)
	if err := json.Unmarshal([]byte(areas), &o.Areas); err != nil {
		return o, fmt.Errorf("read areas of outage %d: %w", o.ID, err)
	}
	return o, nil
}

func readOutage(tx *sqldb.Tx, city, id int64) (Outage, error) {
	return sqldb.One(tx, scanOutage, `
		SELECT `+outageColumns+`
		FROM outage
		WHERE city = $1 AND id = $2`, city, id)
}

func readOutageByKey(tx *sqldb.Tx, city int64, source, key string) (Outage, error) {
	return sqldb.One(tx, scanOutage, `
		SELECT `+outageColumns+`
		FROM outage
		WHERE city = $1 AND source = $2 AND outside = $3`, city, source, key)
}

// mostAtHouse bounds what a house shows: of more, those that end first.
const mostAtHouse = 50

// readAtHouse reads the outages of a house that are not over since a moment.
func readAtHouse(tx *sqldb.Tx, city int64, house place.HouseID, since int64) ([]Outage, error) {
	ids, err := sqldb.List(tx, sqldb.Int, `
		SELECT outage
		FROM outage_house
		WHERE city = $1 AND house = $2 AND ends > $3
		ORDER BY ends DESC, outage DESC
		LIMIT $4`, city, house, since, mostAtHouse)
	if err != nil {
		return nil, err
	}
	list := make([]Outage, 0, len(ids))
	for _, id := range ids {
		o, err := readOutage(tx, city, id)
		if err != nil {
			return nil, fmt.Errorf("read outage %d: %w", id, err)
		}
		list = append(list, o)
	}
	return list, nil
}

// readCurrent reads the outages that end after a moment, by their end, after
// one of them.
func readCurrent(tx *sqldb.Tx, city, since, after int64, limit int) ([]Outage, error) {
	return sqldb.List(tx, scanOutage, `
		SELECT `+outageColumns+`
		FROM outage
		WHERE city = $1 AND (ends > $2 OR ends = $2 AND id > $3)
		ORDER BY ends, id
		LIMIT $4`, city, since, after, limit)
}

// readUntold reads the outages that have ended by a moment and of which nobody
// was told that they are over.
func readUntold(tx *sqldb.Tx, city, until int64, limit int) ([]Outage, error) {
	return sqldb.List(tx, scanOutage, `
		SELECT `+outageColumns+`
		FROM outage
		WHERE city = $1 AND told = 0 AND ends <= $2
		ORDER BY ends, id
		LIMIT $3`, city, until, limit)
}

// readOpen reads what a source has told and what is not over, for a list that
// says it is complete.
func readOpen(tx *sqldb.Tx, city int64, source string, since int64, limit int) ([]Outage, error) {
	return sqldb.List(tx, scanOutage, `
		SELECT `+outageColumns+`
		FROM outage
		WHERE city = $1 AND source = $2 AND ends > $3
		ORDER BY id
		LIMIT $4`, city, source, since, limit)
}

func putOutage(tx *sqldb.Tx, city int64, o Outage, told bool) error {
	areas, err := json.Marshal(o.Areas)
	if err != nil {
		return err
	}
	flag := 0
	if told {
		flag = 1
	}
	end, _ := o.End()
	_, err = tx.Exec(`
		INSERT INTO outage (city, `+outageColumns+`, ends, told)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
		ON CONFLICT (city, id) DO UPDATE
		SET resource = excluded.resource, kind = excluded.kind, starts = excluded.starts, plan_end = excluded.plan_end,
			begun = excluded.begun, ended = excluded.ended, off = excluded.off, org = excluded.org, org_text = excluded.org_text,
			reason = excluded.reason, changed = excluded.changed, houses = excluded.houses, areas = excluded.areas,
			seq = excluded.seq, ends = excluded.ends, told = excluded.told`,
		city, o.ID, string(o.Resource), string(o.Kind), micros(o.From), micros(o.To), micros(o.Begun), micros(o.Ended), micros(o.Off),
		o.Source, o.Key, string(o.Org), o.OrgText, o.Reason, micros(o.Noticed), micros(o.Changed), o.Houses, string(areas), o.Seq,
		micros(end), flag)
	return err
}

func readOutageHouses(tx *sqldb.Tx, city, outage int64, after place.HouseID, limit int) ([]place.HouseID, error) {
	ids, err := sqldb.List(tx, sqldb.Int, `
		SELECT house
		FROM outage_house
		WHERE city = $1 AND outage = $2 AND house > $3
		ORDER BY house
		LIMIT $4`, city, outage, after, limit)
	list := make([]place.HouseID, len(ids))
	for i, id := range ids {
		list[i] = place.HouseID(id)
	}
	return list, err
}

// putOutageHouses makes the houses of an outage those of the list.
func putOutageHouses(tx *sqldb.Tx, city int64, o Outage, houses []place.HouseID) error {
	if _, err := tx.Exec(`DELETE FROM outage_house WHERE city = $1 AND outage = $2`, city, o.ID); err != nil {
		return err
	}
	end, _ := o.End()
	rows := make([][]any, len(houses))
	for i, h := range houses {
		rows[i] = []any{city, o.ID, int64(h), micros(end)}
	}
	return tx.CopyIn("outage_house", []string{"city", "outage", "house", "ends"}, rows)
}

// moveOutageHouses copies the end of an outage to its houses.
func moveOutageHouses(tx *sqldb.Tx, city int64, o Outage) error {
	end, _ := o.End()
	_, err := tx.Exec(`UPDATE outage_house SET ends = $3 WHERE city = $1 AND outage = $2`, city, o.ID, micros(end))
	return err
}

func scanChange(row sqldb.Scanner) (Change, error) {
	var c Change
	var at int64
	err := row.Scan(&c.Seq, &at, &c.Person, &c.What, &c.Detail)
	c.At = moment(at)
	return c, err
}

// mostChanges bounds the history that is shown.
const mostChanges = 500

func readChanges(tx *sqldb.Tx, city, outage int64) ([]Change, error) {
	return sqldb.List(tx, scanChange, `
		SELECT seq, at, person, what, detail
		FROM outage_change
		WHERE city = $1 AND outage = $2
		ORDER BY seq
		LIMIT $3`, city, outage, mostChanges)
}

func addChange(tx *sqldb.Tx, city, outage int64, c Change) error {
	_, err := tx.Exec(`
		INSERT INTO outage_change (city, outage, seq, at, person, what, detail)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, city, outage, c.Seq, micros(c.At), c.Person, c.What, c.Detail)
	return err
}
