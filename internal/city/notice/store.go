package notice

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorod/internal/platform/sqldb"
)

// note is a row of the table notice.
type note struct {
	id        int64
	problem   int64
	seq       int64
	recipient string
	way       Way
	state     string
}

// insertNote tells whether this recipient was not told yet.
func insertNote(tx *sqldb.Tx, city int64, n note) (bool, error) {
	rows, err := tx.Exec(`
		INSERT INTO notice (city, id, problem, seq, recipient, way, state, created, done)
		VALUES ($1, $2, $3, $4, $5, $6, 'waiting', $7, 0)
		ON CONFLICT DO NOTHING`, city, n.id, n.problem, n.seq, n.recipient, string(n.way), tx.Micros())
	return rows > 0, err
}

func findNote(tx *sqldb.Tx, city, id int64) (note, error) {
	return sqldb.One(tx, func(row sqldb.Scanner) (note, error) {
		var n note
		err := row.Scan(&n.id, &n.problem, &n.seq, &n.recipient, &n.way, &n.state)
		return n, err
	}, `SELECT id, problem, seq, recipient, way, state FROM notice WHERE city = $1 AND id = $2`, city, id)
}

func settleNote(tx *sqldb.Tx, city, id int64, state string) error {
	_, err := tx.Exec(`
		UPDATE notice SET state = $3, done = $4
		WHERE city = $1 AND id = $2 AND state = 'waiting'`, city, id, state, tx.Micros())
	return err
}

func findSettings(tx *sqldb.Tx, city, person int64) (Settings, error) {
	return sqldb.One(tx, func(row sqldb.Scanner) (Settings, error) {
		var s Settings
		var email, sms string
		err := row.Scan(&email, &sms, &s.QuietFrom, &s.QuietTo)
		s.Email, s.SMS = split(email), split(sms)
		return s, err
	}, `SELECT email, sms, quiet_from, quiet_to FROM notice_setting WHERE city = $1 AND person = $2`, city, person)
}

func putSettings(tx *sqldb.Tx, city, person int64, s Settings) error {
	_, err := tx.Exec(`
		INSERT INTO notice_setting (city, person, email, sms, quiet_from, quiet_to) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (city, person) DO UPDATE
		SET email = excluded.email, sms = excluded.sms, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to`,
		city, person, joined(s.Email), joined(s.SMS), s.QuietFrom, s.QuietTo)
	return err
}

func dropSettings(tx *sqldb.Tx, city, person int64) error {
	_, err := tx.Exec(`DELETE FROM notice_setting WHERE city = $1 AND person = $2`, city, person)
	return err
}

func joined(kinds []Kind) string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return strings.Join(names, ";")
}

func split(s string) []Kind {
	var kinds []Kind
	for name := range strings.SplitSeq(s, ";") {
		if name != "" {
			kinds = append(kinds, Kind(name))
		}
	}
	return kinds
}

func putOff(tx *sqldb.Tx, city, problem int64) error {
	_, err := tx.Exec(`
		INSERT INTO notice_off (city, problem, at) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, city, problem, tx.Micros())
	return err
}

func isOff(tx *sqldb.Tx, city, problem int64) (bool, error) {
	n, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM notice_off WHERE city = $1 AND problem = $2`, city, problem)
	return n > 0, err
}

func dropOff(tx *sqldb.Tx, city, problem int64) error {
	_, err := tx.Exec(`DELETE FROM notice_off WHERE city = $1 AND problem = $2`, city, problem)
	return err
}

func choiceOf(tx *sqldb.Tx, city, problem, person int64) (Choice, error) {
	choice, err := sqldb.One(tx, sqldb.Text, `
		SELECT choice FROM notice_watch WHERE city = $1 AND problem = $2 AND person = $3`, city, problem, person)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Unsaid, nil
	}
	return Choice(choice), err
}

func putChoice(tx *sqldb.Tx, city, problem, person int64, c Choice) error {
	_, err := tx.Exec(`
		INSERT INTO notice_watch (city, problem, person, choice, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (city, problem, person) DO UPDATE SET choice = excluded.choice, at = excluded.at`,
		city, problem, person, string(c), tx.Micros())
	return err
}

func dropChoice(tx *sqldb.Tx, city, problem, person int64) error {
	_, err := tx.Exec(`DELETE FROM notice_watch WHERE city = $1 AND problem = $2 AND person = $3`, city, problem, person)
	return err
}

func dropChoices(tx *sqldb.Tx, city, person int64) error {
	_, err := tx.Exec(`DELETE FROM notice_watch WHERE city = $1 AND person = $2`, city, person)
	return err
}

// watchers lists who watches a problem, by key, behind the one given.
func watchers(tx *sqldb.Tx, city, problem, after int64, limit int) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `
		SELECT person FROM notice_watch
		WHERE city = $1 AND problem = $2 AND person > $3 AND choice = 'watch'
		ORDER BY person
		LIMIT $4`, city, problem, after, limit)
}

// watched lists the problems that a person watches, the newest choice first.
func watched(tx *sqldb.Tx, city, person int64, limit int) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `
		SELECT problem FROM notice_watch
		WHERE city = $1 AND person = $2 AND choice = 'watch'
		ORDER BY at DESC, problem DESC
		LIMIT $3`, city, person, limit)
}

func insertCaught(tx *sqldb.Tx, city int64, c Caught) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	links, err := json.Marshal(c.Links)
	if err != nil {
		return fmt.Errorf("write links: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO outbox_caught (city, id, way, recipient, subject, text, html, links, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		city, id, string(c.Way), c.To, c.Subject, c.Text, c.HTML, string(links), tx.Micros())
	return err
}

const caughtColumns = `id, way, recipient, subject, text, html, links, at`

func scanCaught(row sqldb.Scanner) (Caught, error) {
	var c Caught
	var links string
	var at int64
	if err := row.Scan(&c.ID, &c.Way, &c.To, &c.Subject, &c.Text, &c.HTML, &links, &at); err != nil {
		return c, err
	}
	c.At = time.UnixMicro(at).UTC()
	if err := json.Unmarshal([]byte(links), &c.Links); err != nil {
		return c, fmt.Errorf("read links of caught letter %d: %w", c.ID, err)
	}
	return c, nil
}

func listCaught(tx *sqldb.Tx, city int64, way Way, before int64, limit int) ([]Caught, error) {
	if before == 0 {
		before = 1 << 62
	}
	return sqldb.List(tx, scanCaught, `
		SELECT `+caughtColumns+`
		FROM outbox_caught
		WHERE city = $1 AND id < $2 AND (CAST($3 AS TEXT) = '' OR way = $3)
		ORDER BY id DESC
		LIMIT $4`, city, before, string(way), limit)
}

func findCaught(tx *sqldb.Tx, city, id int64) (Caught, error) {
	return sqldb.One(tx, scanCaught, `SELECT `+caughtColumns+` FROM outbox_caught WHERE city = $1 AND id = $2`, city, id)
}

// countCaught counts up to a bound.
func countCaught(tx *sqldb.Tx, city int64, way Way, most int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM (
			SELECT id FROM outbox_caught WHERE city = $1 AND way = $2 LIMIT $3) AS few`, city, string(way), most)
}

// sweep drops what is kept for a time only, of all cities, a slice at a time.
func sweep(tx *sqldb.Tx, notesBefore, caughtBefore int64, limit int) (int64, error) {
	a, err := tx.Exec(`
		DELETE FROM notice WHERE (city, id) IN (
			SELECT city, id FROM notice WHERE created <= $1 AND state <> 'waiting' LIMIT $2)`, notesBefore, limit)
	if err != nil {
		return 0, err
	}
	b, err := tx.Exec(`
		DELETE FROM outbox_caught WHERE (city, id) IN (
			SELECT city, id FROM outbox_caught WHERE at <= $1 LIMIT $2)`, caughtBefore, limit)
	return a + b, err
}
