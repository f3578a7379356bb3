package resident

import (
	"gorod/internal/platform/sqldb"
)

func scanSecond(row sqldb.Scanner) (second, error) {
	var f second
	err := row.Scan(&f.sealed, &f.since, &f.step, &f.session, &f.until)
	return f, err
}

func findSecond(tx *sqldb.Tx, city, person int64) (second, error) {
	return sqldb.One(tx, scanSecond, `
		SELECT sealed, since, step, session, until FROM second_factor WHERE city = $1 AND person = $2`, city, person)
}

// beginSecond writes a second factor that is being set up, in place of one that
// was not finished; false when a finished one is there.
func beginSecond(tx *sqldb.Tx, city, person int64, f second) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO second_factor (city, person, sealed, since, step, session, until)
		VALUES ($1, $2, $3, 0, 0, $4, $5)
		ON CONFLICT (city, person) DO UPDATE
		SET sealed = excluded.sealed, session = excluded.session, until = excluded.until
		WHERE second_factor.since = 0`, city, person, f.sealed, f.session, f.until)
	return n > 0, err
}

// finishSecond switches a second factor on; the code of the step has been used.
// False when it was on already.
func finishSecond(tx *sqldb.Tx, city, person, step int64) (bool, error) {
	n, err := tx.Exec(`
		UPDATE second_factor SET since = $3, step = $4, session = 0, until = 0
		WHERE city = $1 AND person = $2 AND since = 0`, city, person, tx.Micros(), step)
	return n > 0, err
}

// useStep remembers the newest step whose code worked; false when that of
// another sign-in is as new.
func useStep(tx *sqldb.Tx, city, person, step int64) (bool, error) {
	n, err := tx.Exec(`
		UPDATE second_factor SET step = $3
		WHERE city = $1 AND person = $2 AND since <> 0 AND step < $3`, city, person, step)
	return n > 0, err
}

// dropSecond forgets a person's second factor, its codes and the sign-ins that
// wait for one; it tells whether there was one.
func dropSecond(tx *sqldb.Tx, city, person int64) (bool, error) {
	if _, err := tx.Exec(`DELETE FROM recovery_code WHERE city = $1 AND person = $2`, city, person); err != nil {
		return false, err
	}
	if err := dropTickets(tx, city, person); err != nil {
		return false, err
	}
	n, err := tx.Exec(`DELETE FROM second_factor WHERE city = $1 AND person = $2`, city, person)
	return n > 0, err
}

// recoveryCode is one as it is stored.
type recoveryCode struct {
	sum     string
	created int64
	used    int64
}

func recoveryOf(tx *sqldb.Tx, city, person int64) ([]recoveryCode, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (recoveryCode, error) {
		var c recoveryCode
		err := row.Scan(&c.sum, &c.created, &c.used)
		return c, err
	}, `
		SELECT sum, created, used FROM recovery_code
		WHERE city = $1 AND person = $2
		ORDER BY sum
		LIMIT $3`, city, person, 2*recoveryCodes)
}

// putRecovery gives a person new codes; the old ones stop working.
func putRecovery(tx *sqldb.Tx, city, person int64, sums []string) error {
	if _, err := tx.Exec(`DELETE FROM recovery_code WHERE city = $1 AND person = $2`, city, person); err != nil {
		return err
	}
	for _, sum := range sums {
		if _, err := tx.Exec(`
			INSERT INTO recovery_code (city, person, sum, created, used) VALUES ($1, $2, $3, $4, 0)`,
			city, person, sum, tx.Micros()); err != nil {
			return err
		}
	}
	return nil
}

// useRecovery uses a code up; false when there is none such, or no more.
func useRecovery(tx *sqldb.Tx, city, person int64, sum string) (bool, error) {
	n, err := tx.Exec(`
		UPDATE recovery_code SET used = $4
		WHERE city = $1 AND person = $2 AND sum = $3 AND used = 0`, city, person, sum, tx.Micros())
	return n > 0, err
}

func recoveryLeft(tx *sqldb.Tx, city, person int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT count(*) FROM recovery_code WHERE city = $1 AND person = $2 AND used = 0`, city, person)
}

func insertTicket(tx *sqldb.Tx, city, person int64, door string, expires int64) error {
	_, err := tx.Exec(`
		INSERT INTO second_ticket (city, door, person, created, expires) VALUES ($1, $2, $3, $4, $5)`,
		city, door, person, tx.Micros(), expires)
	return err
}

// ticketOf is whose sign-in waits behind a door, while it does.
func ticketOf(tx *sqldb.Tx, city int64, door string) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `
		SELECT person FROM second_ticket WHERE city = $1 AND door = $2 AND expires > $3`, city, door, tx.Micros())
}

// dropTicket uses a ticket up; false when another was faster.
func dropTicket(tx *sqldb.Tx, city int64, door string) (bool, error) {
	n, err := tx.Exec(`DELETE FROM second_ticket WHERE city = $1 AND door = $2`, city, door)
	return n > 0, err
}

func dropTickets(tx *sqldb.Tx, city, person int64) error {
	_, err := tx.Exec(`DELETE FROM second_ticket WHERE city = $1 AND person = $2`, city, person)
	return err
}
