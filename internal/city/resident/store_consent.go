package resident

import (
	"gorod/internal/platform/sqldb"
)

const consentTextColumns = `purpose, language, version, text, since, current`

func scanConsentText(row sqldb.Scanner) (ConsentText, error) {
	var t ConsentText
	var since, current int64
	err := row.Scan(&t.Purpose, &t.Language, &t.Version, &t.Text, &since, &current)
	t.Since, t.Current = moment(since), current != 0
	return t, err
}

// putConsentText makes a text the current one of its purpose and language.
func putConsentText(tx *sqldb.Tx, city int64, t ConsentText) error {
	if _, err := tx.Exec(`
		UPDATE consent_text SET current = 0
		WHERE city = $1 AND purpose = $2 AND language = $3 AND version <> $4 AND current = 1`,
		city, t.Purpose, t.Language, t.Version); err != nil {
		return err
	}
	_, err := tx.Exec(`
		INSERT INTO consent_text (city, purpose, language, version, text, since, current)
		VALUES ($1, $2, $3, $4, $5, $6, 1)
		ON CONFLICT (city, purpose, language, version) DO UPDATE SET current = 1`,
		city, t.Purpose, t.Language, t.Version, t.Text, tx.Micros())
	return err
}

func currentText(tx *sqldb.Tx, city int64, purpose, language string) (ConsentText, error) {
	return sqldb.One(tx, scanConsentText, `
		SELECT `+consentTextColumns+`
		FROM consent_text
		WHERE city = $1 AND purpose = $2 AND language = $3 AND current = 1`, city, purpose, language)
}

func consentText(tx *sqldb.Tx, city int64, a Agreement) (ConsentText, error) {
	return sqldb.One(tx, scanConsentText, `
		SELECT `+consentTextColumns+`
		FROM consent_text
		WHERE city = $1 AND purpose = $2 AND language = $3 AND version = $4`, city, a.Purpose, a.Language, a.Version)
}

func scanConsent(row sqldb.Scanner) (Consent, error) {
	var c Consent
	var at, withdrawn int64
	err := row.Scan(&c.ID, &c.Person, &c.Problem, &c.Purpose, &c.Version, &c.Language, &c.Text, &at, &c.Address, &withdrawn)
	c.At, c.Withdrawn = moment(at), moment(withdrawn)
	return c, err
}

const consentSelect = `
	SELECT c.id, c.person, c.problem, c.purpose, c.version, c.language, t.text, c.at, c.address, c.withdrawn
	FROM consent c
	JOIN consent_text t ON t.city = c.city AND t.purpose = c.purpose AND t.language = c.language AND t.version = c.version`

func insertConsent(tx *sqldb.Tx, city int64, c Consent) error {
	_, err := tx.Exec(`
		INSERT INTO consent (city, id, person, problem, purpose, language, version, at, address, withdrawn)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)`,
		city, c.ID, c.Person, c.Problem, c.Purpose, c.Language, c.Version, tx.Micros(), c.Address)
	return err
}

func findConsent(tx *sqldb.Tx, city, id int64) (Consent, error) {
	return sqldb.One(tx, scanConsent, consentSelect+` WHERE c.city = $1 AND c.id = $2`, city, id)
}

// consentsOf lists what a person, or the sender of a message, agreed to; the
// newest first.
func consentsOf(tx *sqldb.Tx, city, person, problem int64, limit int) ([]Consent, error) {
	return sqldb.List(tx, scanConsent, consentSelect+`
		WHERE c.city = $1 AND c.person = $2 AND c.problem = $3
		ORDER BY c.at DESC, c.id DESC
		LIMIT $4`, city, person, problem, limit)
}

// holding lists the keys of the consents that hold.
func holding(tx *sqldb.Tx, city, person, problem int64, purpose string) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `
		SELECT id FROM consent
		WHERE city = $1 AND person = $2 AND problem = $3 AND purpose = $4 AND withdrawn = 0
		ORDER BY id
		LIMIT 100`, city, person, problem, purpose)
}

func withdrawConsents(tx *sqldb.Tx, city, person, problem int64, purpose string) error {
	_, err := tx.Exec(`
		UPDATE consent SET withdrawn = $5
		WHERE city = $1 AND person = $2 AND problem = $3 AND purpose = $4 AND withdrawn = 0`,
		city, person, problem, purpose, tx.Micros())
	return err
}

func eraseConsents(tx *sqldb.Tx, city, person, problem int64) error {
	_, err := tx.Exec(`
		UPDATE consent
		SET address = '', withdrawn = CASE WHEN withdrawn = 0 THEN $4 ELSE withdrawn END
		WHERE city = $1 AND person = $2 AND problem = $3`, city, person, problem, tx.Micros())
	return err
}
