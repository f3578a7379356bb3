package resident

import (
	"gorod/internal/platform/sqldb"
)

func insertSession(tx *sqldb.Tx, city, id int64, token string, p Person, agent string, expires int64) error {
	_, err := tx.Exec(`
		INSERT INTO session (city, id, token, person, staff, agent, created, seen, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $7, $8)`,
		city, id, token, p.ID, flag(p.Staff), agent, tx.Micros(), expires)
	return err
}

// holder is a session with whose it is.
type holder struct {
	session stored
	person  Person
}

// findSession reads a session and its person in one query: every request of
// somebody who is signed in runs it.
func findSession(tx *sqldb.Tx, city int64, token string) (holder, error) {
	return sqldb.One(tx, func(row sqldb.Scanner) (holder, error) {
		var h holder
		var staff, created, seen int64
		person, finish := columnsOf(&h.person)
		into := append([]any{&h.session.ID, &staff, &h.session.Agent, &created, &seen, &h.session.expires}, person...)
		if err := row.Scan(into...); err != nil {
			return h, err
		}
		h.session.staff, h.session.Created, h.session.Seen = staff != 0, moment(created), moment(seen)
		return h, finish()
	}, `
		SELECT s.id, s.staff, s.agent, s.created, s.seen, s.expires,`+personColumns+`
		FROM session s
		JOIN person p ON p.city = s.city AND p.id = s.person
		WHERE s.city = $1 AND s.token = $2`, city, token)
}

func touchSession(tx *sqldb.Tx, city, id int64) error {
	_, err := tx.Exec(`UPDATE session SET seen = $3 WHERE city = $1 AND id = $2 AND seen < $3`, city, id, tx.Micros())
	return err
}

// sessionsOf lists the sessions of a person, the newest first.
func sessionsOf(tx *sqldb.Tx, city, person int64, limit int) ([]stored, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (stored, error) {
		var s stored
		var staff, created, seen int64
		err := row.Scan(&s.ID, &staff, &s.Agent, &created, &seen, &s.expires)
		s.staff, s.Created, s.Seen = staff != 0, moment(created), moment(seen)
		return s, err
	}, `
		SELECT id, staff, agent, created, seen, expires
		FROM session
		WHERE city = $1 AND person = $2
		ORDER BY seen DESC, id DESC
		LIMIT $3`, city, person, limit)
}

func sessionOf(tx *sqldb.Tx, city int64, token string) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT id FROM session WHERE city = $1 AND token = $2`, city, token)
}

// endToken deletes the session of a token and tells whose it was; 0 when there
// was none.
func endToken(tx *sqldb.Tx, city int64, token string) (int64, error) {
	people, err := sqldb.List(tx, sqldb.Int, `DELETE FROM session WHERE city = $1 AND token = $2 RETURNING person`, city, token)
	if err != nil || len(people) == 0 {
		return 0, err
	}
	return people[0], nil
}

func endSession(tx *sqldb.Tx, city, person, id int64) (int64, error) {
	return tx.Exec(`DELETE FROM session WHERE city = $1 AND person = $2 AND id = $3`, city, person, id)
}

// endSessions deletes all sessions of a person but one; 0 keeps none.
func endSessions(tx *sqldb.Tx, city, person, but int64) (int64, error) {
	return tx.Exec(`DELETE FROM session WHERE city = $1 AND person = $2 AND id <> $3`, city, person, but)
}

// trimSessions keeps the newest sessions of a person.
func trimSessions(tx *sqldb.Tx, city, person int64, keep int) error {
	_, err := tx.Exec(`
		DELETE FROM session
		WHERE city = $1 AND person = $2 AND id NOT IN (
			SELECT id FROM session
			WHERE city = $1 AND person = $2
			ORDER BY created DESC, id DESC
			LIMIT $3)`, city, person, keep)
	return err
}

// takeTry counts a try of a subject and tells whether it is allowed: at most
// limit within the time since the last one that was. Counted before it is made,
// so that many at once cannot pass together. A refused one does not make the
// lock longer.
func takeTry(tx *sqldb.Tx, city int64, subject string, limit int, since int64) (bool, error) {
	tries, err := sqldb.List(tx, sqldb.Int, `
		INSERT INTO signin_try (city, subject, tries, last) VALUES ($1, $2, 1, $3)
		ON CONFLICT (city, subject) DO UPDATE
		SET tries = CASE WHEN signin_try.last <= $4 THEN 1 ELSE signin_try.tries + 1 END, last = $3
		WHERE signin_try.tries < $5 OR signin_try.last <= $4
		RETURNING tries`, city, subject, tx.Micros(), since, limit)
	return len(tries) > 0, err
}

// untry takes back the one try that turned out right.
func untry(tx *sqldb.Tx, city int64, subject string) error {
	_, err := tx.Exec(`UPDATE signin_try SET tries = tries - 1 WHERE city = $1 AND subject = $2 AND tries > 0`, city, subject)
	return err
}

func forgetTries(tx *sqldb.Tx, city int64, subject string) error {
	_, err := tx.Exec(`DELETE FROM signin_try WHERE city = $1 AND subject = $2`, city, subject)
	return err
}

// takeTurn makes two who count what belongs to one subject wait for each other.
func takeTurn(tx *sqldb.Tx, city int64, subject string) error {
	_, err := tx.Exec(`
		INSERT INTO signin_try (city, subject, tries, last) VALUES ($1, $2, 0, $3)
		ON CONFLICT (city, subject) DO UPDATE SET last = excluded.last`, city, subject, tx.Micros())
	return err
}

const entryColumns = `id, kind, door, code, contact, person, tries, created, expires, used, language, address, sealed`

func scanEntry(row sqldb.Scanner) (entry, error) {
	var e entry
	err := row.Scan(&e.id, &e.kind, &e.door, &e.code, &e.contact, &e.person, &e.tries, &e.created, &e.expires, &e.used,
		&e.language, &e.address, &e.sealed)
	return e, err
}

func insertEntry(tx *sqldb.Tx, city int64, e entry) error {
	_, err := tx.Exec(`
		INSERT INTO entry (city, `+entryColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, 0, $10, $11, $12)`,
		city, e.id, string(e.kind), e.door, e.code, e.contact, e.person, tx.Micros(), e.expires, e.language, e.address, e.sealed)
	return err
}

func findEntry(tx *sqldb.Tx, city, id int64) (entry, error) {
	return sqldb.One(tx, scanEntry, `SELECT `+entryColumns+` FROM entry WHERE city = $1 AND id = $2`, city, id)
}

// openEntry is an entry whose door may still be opened.
func openEntry(tx *sqldb.Tx, city int64, kind Kind, door string) (entry, error) {
	return sqldb.One(tx, scanEntry, `
		SELECT `+entryColumns+`
		FROM entry
		WHERE city = $1 AND door = $2 AND kind = $3 AND used = 0 AND expires > $4`, city, door, string(kind), tx.Micros())
}

// tryEntry counts a try at an open entry; no row when it is over.
func tryEntry(tx *sqldb.Tx, city int64, kind Kind, door string, limit int) (entry, error) {
	return sqldb.One(tx, scanEntry, `
		UPDATE entry
		SET tries = tries + 1
		WHERE city = $1 AND door = $2 AND kind = $3 AND used = 0 AND expires > $4 AND tries < $5
		RETURNING `+entryColumns, city, door, string(kind), tx.Micros(), limit)
}

// useEntry closes an entry for good; false when another was faster.
func useEntry(tx *sqldb.Tx, city, id int64) (bool, error) {
	n, err := tx.Exec(`
		UPDATE entry SET used = $3, sealed = '' WHERE city = $1 AND id = $2 AND used = 0`, city, id, tx.Micros())
	return n > 0, err
}

// closeOlder ends the earlier codes of a contact that one person or browser
// asked for: only the newest is valid, as people expect.
func closeOlder(tx *sqldb.Tx, city int64, contact, address string, but int64) error {
	_, err := tx.Exec(`
		UPDATE entry SET used = $5, sealed = ''
		WHERE city = $1 AND contact = $2 AND address = $3 AND id <> $4 AND used = 0`, city, contact, address, but, tx.Micros())
	return err
}

func blankLetter(tx *sqldb.Tx, city, id int64) error {
	_, err := tx.Exec(`UPDATE entry SET sealed = '' WHERE city = $1 AND id = $2`, city, id)
	return err
}

func countAsksOf(tx *sqldb.Tx, city int64, contact string, since int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM entry WHERE city = $1 AND contact = $2 AND created > $3`, city, contact, since)
}

// nthAsk is when the newest but n of the asks of a contact was made: when it is
// an hour old, another may be asked for. No row: fewer were made.
func nthAsk(tx *sqldb.Tx, city int64, contact string, since int64, n int) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT created FROM entry
		WHERE city = $1 AND contact = $2 AND created > $3
		ORDER BY created DESC
		LIMIT 1 OFFSET $4`, city, contact, since, n)
}

func countAsksFrom(tx *sqldb.Tx, city int64, address string, since int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM entry WHERE city = $1 AND address = $2 AND created > $3`, city, address, since)
}

// eraseEntries forgets what was asked for under the contacts of a person.
func eraseEntries(tx *sqldb.Tx, city int64, contacts ...string) error {
	for _, c := range contacts {
		if c == "" {
			continue
		}
		if _, err := tx.Exec(`DELETE FROM entry WHERE city = $1 AND contact = $2`, city, c); err != nil {
			return err
		}
	}
	return nil
}

// sweep drops what has ended, of all cities, a slice at a time.
func sweep(tx *sqldb.Tx, now, dayAgo int64, limit int) (int64, error) {
	var total int64
	for _, s := range []struct {
		query string
		at    int64
	}{
		{`DELETE FROM session WHERE (city, id) IN (SELECT city, id FROM session WHERE expires <= $1 LIMIT $2)`, now},
		{`DELETE FROM entry WHERE (city, id) IN (SELECT city, id FROM entry WHERE created <= $1 LIMIT $2)`, dayAgo},
		{`DELETE FROM second_ticket WHERE (city, door) IN (SELECT city, door FROM second_ticket WHERE expires <= $1 LIMIT $2)`, now},
		{`DELETE FROM second_factor WHERE since = 0 AND (city, person) IN (
			SELECT city, person FROM second_factor WHERE since = 0 AND until <= $1 LIMIT $2)`, now},
		{`DELETE FROM signin_try WHERE (city, subject) IN (SELECT city, subject FROM signin_try WHERE last <= $1 LIMIT $2)`, dayAgo},
	} {
		n, err := tx.Exec(s.query, s.at, limit)
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}
