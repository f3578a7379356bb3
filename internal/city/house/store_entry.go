package house

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// entryBody is what of an entry is neither asked for nor joined.
type entryBody struct {
	Title      string         `json:"title,omitempty"`
	Text       string         `json:"text,omitempty"`
	What       string         `json:"what,omitempty"`
	Days       []time.Weekday `json:"days,omitempty"`
	Opens      string         `json:"opens,omitempty"`
	Closes     string         `json:"closes,omitempty"`
	SeasonFrom topic.Day      `json:"season_from,omitempty"`
	SeasonTo   topic.Day      `json:"season_to,omitempty"`
}

// entryRow is an entry with the sum of what was asked for.
type entryRow struct {
	Entry
	gone bool
	sum  string
}

const entryColumns = `id, org, kind, every, starts, ends, gone, source, outside, sum, written, changed, seq, body`

// noEnd is the end of what holds for good.
const noEnd = math.MaxInt64

func scanEntry(row sqldb.Scanner) (entryRow, error) {
	var e entryRow
	var every, from, until, gone, written, changed int64
	var body string
	err := row.Scan(&e.ID, &e.Org, &e.Kind, &every, &from, &until, &gone, &e.Source, &e.Key, &e.sum, &written, &changed, &e.Seq, &body)
	if err != nil {
		return e, err
	}
	var b entryBody
	if err := json.Unmarshal([]byte(body), &b); err != nil {
		return e, fmt.Errorf("read entry %d: %w", e.ID, err)
	}
	e.Title, e.Text, e.What, e.Days, e.Opens, e.Closes = b.Title, b.Text, b.What, b.Days, b.Opens, b.Closes
	e.SeasonFrom, e.SeasonTo = b.SeasonFrom, b.SeasonTo
	e.All, e.gone = every != 0, gone != 0
	e.From, e.Written, e.Changed = moment(from), moment(written), moment(changed)
	if until != noEnd {
		e.Until = moment(until)
	}
	return e, nil
}

func readEntry(tx *sqldb.Tx, city, id int64) (entryRow, error) {
	return sqldb.One(tx, scanEntry, `
		SELECT `+entryColumns+`
		FROM house_entry
		WHERE city = $1 AND id = $2`, city, id)
}

func readEntryByKey(tx *sqldb.Tx, city int64, source, key string) (entryRow, error) {
	return sqldb.One(tx, scanEntry, `
		SELECT `+entryColumns+`
		FROM house_entry
		WHERE city = $1 AND source = $2 AND outside = $3`, city, source, key)
}

func entryEnds(e Entry) int64 {
	if e.Until.IsZero() {
		return noEnd
	}
	return micros(e.Until)
}

func putEntry(tx *sqldb.Tx, city int64, e entryRow) error {
	body, err := json.Marshal(entryBody{e.Title, e.Text, e.What, e.Days, e.Opens, e.Closes, e.SeasonFrom, e.SeasonTo})
	if err != nil {
		return err
	}
	flag := func(b bool) int64 {
		if b {
			return 1
		}
		return 0
	}
	_, err = tx.Exec(`
		INSERT INTO house_entry (city, `+entryColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (city, id) DO UPDATE
		SET org = excluded.org, kind = excluded.kind, every = excluded.every, starts = excluded.starts, ends = excluded.ends,
			gone = excluded.gone, sum = excluded.sum, changed = excluded.changed, seq = excluded.seq, body = excluded.body`,
		city, e.ID, string(e.Org), string(e.Kind), flag(e.All), micros(e.From), entryEnds(e.Entry), flag(e.gone), e.Source, e.Key, e.sum,
		micros(e.Written), micros(e.Changed), e.Seq, string(body))
	return err
}

// putEntryHouses makes the houses of an entry those of the list; what was
// withdrawn has none.
func putEntryHouses(tx *sqldb.Tx, city int64, e entryRow) error {
	if _, err := tx.Exec(`DELETE FROM house_entry_house WHERE city = $1 AND entry = $2`, city, e.ID); err != nil {
		return err
	}
	if e.gone || len(e.Houses) == 0 {
		return nil
	}
	rows := make([][]any, len(e.Houses))
	for i, h := range e.Houses {
		rows[i] = []any{city, e.ID, int64(h), entryEnds(e.Entry)}
	}
	return tx.CopyIn("house_entry_house", []string{"city", "entry", "house", "ends"}, rows)
}

func readEntryHouses(tx *sqldb.Tx, city, entry int64) ([]place.HouseID, error) {
	ids, err := sqldb.List(tx, sqldb.Int, `
		SELECT house
		FROM house_entry_house
		WHERE city = $1 AND entry = $2
		ORDER BY house
		LIMIT $3`, city, entry, MaxHouses)
	list := make([]place.HouseID, len(ids))
	for i, id := range ids {
		list[i] = place.HouseID(id)
	}
	return list, err
}

// mostEntries bounds what one house shows.
const mostEntries = 100

// readEntriesAt reads what holds at a house at a moment or later: of its company
// for all houses, and for this one.
func readEntriesAt(tx *sqldb.Tx, city int64, company org.ID, house place.HouseID, now int64) ([]entryRow, error) {
	var list []entryRow
	if company != "" {
		var err error
		list, err = sqldb.List(tx, scanEntry, `
			SELECT `+entryColumns+`
			FROM house_entry
			WHERE city = $1 AND org = $2 AND every = 1 AND gone = 0 AND ends > $3
			ORDER BY ends DESC, id DESC
			LIMIT $4`, city, string(company), now, mostEntries)
		if err != nil {
			return nil, err
		}
	}
	ids, err := sqldb.List(tx, sqldb.Int, `
		SELECT entry
		FROM house_entry_house
		WHERE city = $1 AND house = $2 AND ends > $3
		ORDER BY ends DESC, entry DESC
		LIMIT $4`, city, house, now, mostEntries)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		e, err := readEntry(tx, city, id)
		if err != nil {
			return nil, fmt.Errorf("read entry %d: %w", id, err)
		}
		list = append(list, e)
	}
	return list, nil
}

func listEntries(tx *sqldb.Tx, city int64, company org.ID, kind EntryKind, before int64, limit int) ([]entryRow, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return sqldb.List(tx, scanEntry, `
		SELECT `+entryColumns+`
		FROM house_entry
		WHERE city = $1 AND org = $2 AND gone = 0 AND id < $3 AND (kind = $4 OR CAST($4 AS TEXT) = '')
		ORDER BY id DESC
		LIMIT $5`, city, string(company), before, string(kind), limit)
}

// mostOfSource bounds the entries that one source may hold in a city.
const mostOfSource = 50_000

func readEntriesOf(tx *sqldb.Tx, city int64, source string) ([]entryRow, error) {
	return sqldb.List(tx, scanEntry, `
		SELECT `+entryColumns+`
		FROM house_entry
		WHERE city = $1 AND source = $2 AND gone = 0
		ORDER BY outside
		LIMIT $3`, city, source, mostOfSource)
}
