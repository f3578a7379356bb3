package resident

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

const personColumns = `
	p.id, p.staff, p.name, p.login, p.phone, p.email, p.language, p.org, p.position, p.password, p.password_until,
	p.must_change, p.blocked, p.erased, p.created, p.seen, p.version,
	COALESCE((SELECT string_agg(r.role, ';' ORDER BY r.role) FROM person_role r WHERE r.city = p.city AND r.person = p.id), ''),
	COALESCE((SELECT string_agg(a.area, ';' ORDER BY a.area) FROM person_area a WHERE a.city = p.city AND a.person = p.id), ''),
	COALESCE((SELECT f.since FROM second_factor f WHERE f.city = p.city AND f.person = p.id), 0)`

// columnsOf is where the columns of a person go; finish is called after the scan.
func columnsOf(p *Person) (into []any, finish func() error) {
	var position, roles, areas string
	var staff, mustChange, blocked, erased, created, seen, second int64
	into = []any{&p.ID, &staff, &p.Name, &p.Login, (*string)(&p.Phone), (*string)(&p.Email), &p.Language, &p.Org, &position,
		&p.password, &p.passwordUntil, &mustChange, &blocked, &erased, &created, &seen, &p.Version, &roles, &areas, &second}
	return into, func() error {
		p.Staff, p.MustChange, p.Blocked, p.Erased = staff != 0, mustChange != 0, blocked != 0, erased != 0
		p.Created, p.Seen, p.Second = moment(created), moment(seen), second != 0
		p.Roles, p.Areas = splitRoles(roles), splitList(areas)
		if err := json.Unmarshal([]byte(position), &p.Position); err != nil {
			return fmt.Errorf("read position of person %d: %w", p.ID, err)
		}
		return nil
	}
}

func scanPerson(row sqldb.Scanner) (Person, error) {
	var p Person
	into, finish := columnsOf(&p)
	if err := row.Scan(into...); err != nil {
		return p, err
	}
	return p, finish()
}

func moment(micros int64) time.Time {
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func findPerson(tx *sqldb.Tx, city, id int64) (Person, error) {
	return sqldb.One(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.city = $1 AND p.id = $2`, city, id)
}

func findLogin(tx *sqldb.Tx, city int64, login string) (Person, error) {
	return sqldb.One(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM person p
		WHERE p.city = $1 AND p.login = $2 AND p.login <> ''`, city, login)
}

// byOfficeEmail lists the staff with an address, two at most: only an address
// of one person stands for a login.
func byOfficeEmail(tx *sqldb.Tx, city int64, email string) ([]Person, error) {
	return sqldb.List(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM person p
		WHERE p.city = $1 AND p.email = $2 AND p.email <> '' AND p.staff = 1
		LIMIT 2`, city, email)
}

func byPhone(tx *sqldb.Tx, city int64, phone string) (Person, error) {
	return sqldb.One(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM person p
		WHERE p.city = $1 AND p.phone = $2 AND p.phone <> '' AND p.staff = 0`, city, phone)
}

func byEmail(tx *sqldb.Tx, city int64, email string) (Person, error) {
	return sqldb.One(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM person p
		WHERE p.city = $1 AND p.email = $2 AND p.email <> '' AND p.staff = 0`, city, email)
}

func byPack(tx *sqldb.Tx, city int64, pack string) (id int64, sum string, err error) {
	type pair struct {
		id  int64
		sum string
	}
	p, err := sqldb.One(tx, func(row sqldb.Scanner) (pair, error) {
		var p pair
		err := row.Scan(&p.id, &p.sum)
		return p, err
	}, `SELECT id, pack_sum FROM person WHERE city = $1 AND pack = $2 AND pack <> ''`, city, pack)
	if errors.Is(err, sqldb.ErrNoRow) {
		return 0, "", nil
	}
	return p.id, p.sum, err
}

// listStaff reads accounts of the staff by key, a slice at a time.
func listStaff(tx *sqldb.Tx, city, after int64, role Role, limit int) ([]Person, error) {
	return sqldb.List(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM person p
		WHERE p.city = $1 AND p.staff = 1 AND p.id > $2
			AND (CAST($3 AS TEXT) = ''
				OR EXISTS (SELECT 1 FROM person_role r WHERE r.city = p.city AND r.person = p.id AND r.role = $3))
		ORDER BY p.id
		LIMIT $4`, city, after, string(role), limit)
}

// insertPerson adds an account unless its login, phone or address is taken; it
// tells whether it was added.
func insertPerson(tx *sqldb.Tx, city int64, p Person, pack, packSum string) (bool, error) {
	position, err := packPosition(p.Position)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`
		INSERT INTO person (city, id, staff, name, login, phone, email, language, org, position, password, password_until,
			must_change, blocked, erased, created, seen, version, pack, pack_sum)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, $14, 0, 1, $15, $16)
		ON CONFLICT DO NOTHING`,
		city, p.ID, flag(p.Staff), p.Name, p.Login, string(p.Phone), string(p.Email), p.Language, p.Org, position,
		p.password, p.passwordUntil, flag(p.MustChange), tx.Micros(), pack, packSum)
	if err != nil || n == 0 {
		return false, err
	}
	return true, writeRights(tx, city, p.ID, p.Roles, p.Areas)
}

func packPosition(position map[string]string) (string, error) {
	if position == nil {
		position = map[string]string{}
	}
	body, err := json.Marshal(position)
	return string(body), err
}

// updateStaff writes what an administrator or the pack may change. The error
// is ErrUnique where the login is another's.
func updateStaff(tx *sqldb.Tx, city, id int64, d Draft, packSum string) error {
	position, err := packPosition(d.Position)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`
		UPDATE person
		SET name = $3, login = $4, phone = $5, email = $6, org = $7, position = $8, version = version + 1,
			pack_sum = COALESCE(NULLIF($9, ''), pack_sum)
		WHERE city = $1 AND id = $2 AND staff = 1`,
		city, id, d.Name, d.Login, d.Phone, d.Email, d.Org, position, packSum); err != nil {
		return err
	}
	return writeRights(tx, city, id, d.Roles, d.Areas)
}

// loginTaken tells whether another account has a login.
func loginTaken(tx *sqldb.Tx, city, id int64, login string) (bool, error) {
	n, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM person WHERE city = $1 AND login = $2 AND id <> $3`, city, login, id)
	return n > 0, err
}

func writeRights(tx *sqldb.Tx, city, person int64, roles []Role, areas []string) error {
	if _, err := tx.Exec(`DELETE FROM person_role WHERE city = $1 AND person = $2`, city, person); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM person_area WHERE city = $1 AND person = $2`, city, person); err != nil {
		return err
	}
	for _, r := range roles {
		if _, err := tx.Exec(`
			INSERT INTO person_role (city, person, role) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, city, person, string(r)); err != nil {
			return err
		}
	}
	for _, a := range areas {
		if _, err := tx.Exec(`
			INSERT INTO person_area (city, person, area) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, city, person, a); err != nil {
			return err
		}
	}
	return nil
}

// setPassword ends the sign-ins, too, that the old password has begun.
func setPassword(tx *sqldb.Tx, city, id int64, phc string, until int64, mustChange bool) error {
	if err := dropTickets(tx, city, id); err != nil {
		return err
	}
	_, err := tx.Exec(`
		UPDATE person SET password = $3, password_until = $4, must_change = $5
		WHERE city = $1 AND id = $2`, city, id, phc, until, flag(mustChange))
	return err
}

// renewHash writes the same password under a new cost, unless it was changed
// meanwhile.
func renewHash(tx *sqldb.Tx, city, id int64, was, phc string) error {
	_, err := tx.Exec(`UPDATE person SET password = $4 WHERE city = $1 AND id = $2 AND password = $3`, city, id, was, phc)
	return err
}

func setBlocked(tx *sqldb.Tx, city, id int64, blocked bool) error {
	at := int64(0)
	if blocked {
		at = tx.Micros()
	}
	_, err := tx.Exec(`UPDATE person SET blocked = $3, version = version + 1 WHERE city = $1 AND id = $2`, city, id, at)
	return err
}

func markSeen(tx *sqldb.Tx, city, id int64) error {
	_, err := tx.Exec(`UPDATE person SET seen = $3 WHERE city = $1 AND id = $2`, city, id, tx.Micros())
	return err
}

func setProfile(tx *sqldb.Tx, city, id int64, name, language string) error {
	_, err := tx.Exec(`UPDATE person SET name = $3, language = $4 WHERE city = $1 AND id = $2`, city, id, name, language)
	return err
}

// addContact gives a resident's account a phone or an address, if no other
// account has it.
func addContact(tx *sqldb.Tx, city, id int64, phone see.Phone, email see.Email) error {
	_, err := tx.Exec(`
		UPDATE person
		SET phone = COALESCE(NULLIF($3, ''), phone), email = COALESCE(NULLIF($4, ''), email)
		WHERE city = $1 AND id = $2 AND staff = 0`, city, id, string(phone), string(email))
	return err
}

// erasePerson blanks an account. The row stays: the feed and the audit log
// point to its key.
func erasePerson(tx *sqldb.Tx, city, id int64) error {
	if _, err := tx.Exec(`
		UPDATE person
		SET name = '', login = '', phone = '', email = '', org = '', position = '{}', password = '', pack = '', pack_sum = '',
			erased = $3, blocked = $3, version = version + 1
		WHERE city = $1 AND id = $2`, city, id, tx.Micros()); err != nil {
		return err
	}
	return writeRights(tx, city, id, nil, nil)
}
