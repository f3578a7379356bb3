package problem

import (
	"fmt"
	"strings"

	"gorod/internal/platform/sqldb"
)

func mine(tx *sqldb.Tx, city, person int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND id IN (
			SELECT id FROM problem WHERE city = $1 AND author = $2 AND author <> 0
			UNION
			SELECT problem FROM problem_joined WHERE city = $1 AND person = $2 AND person <> 0)
		ORDER BY created DESC, id DESC
		LIMIT $3`, city, person, limit)
}

// writtenBy reads the problems that a person has sent, in the order of their keys.
func writtenBy(tx *sqldb.Tx, city, person, after int64, limit int) ([]row, error) {
	return sqldb.List(tx, scanRow, `
		SELECT id, state FROM problem
		WHERE city = $1 AND author = $2 AND author <> 0 AND id > $3
		ORDER BY id
		LIMIT $4`, city, person, after, limit)
}

// some reads problems by their keys, in no order.
func some(tx *sqldb.Tx, city int64, keys []int64) ([]row, error) {
	w := &sqldb.Where{}
	w.Add("city = %s", city)
	sqldb.In(w, "id", keys)
	return sqldb.List(tx, scanRow, `SELECT id, state FROM problem WHERE `+w.SQL(), w.Args()...)
}

// listText is how many characters of a message a list shows.
const listText = 240

func textBody(tx *sqldb.Tx, city, key int64) (string, error) {
	return sqldb.One(tx, sqldb.Text, fmt.Sprintf(`SELECT substr(body, 1, %d) FROM problem_text WHERE city = $1 AND id = $2`, listText), city, key)
}

func keysAfter(tx *sqldb.Tx, city, after int64, limit int) ([]int64, error) {
	return sqldb.List(tx, sqldb.Int, `SELECT id FROM problem WHERE city = $1 AND id > $2 ORDER BY id LIMIT $3`, city, after, limit)
}

// atObject reads the problems that are about an object, the newest first:
// only what everyone may see, only what is open.
func atObject(tx *sqldb.Tx, city int64, object string, open bool, limit int) ([]row, error) {
	query := `
		SELECT id, state FROM problem
		WHERE city = $1 AND city_object = $2 AND city_object <> '' AND visible = 1`
	if open {
		query += ` AND (status || '') IN ('` + strings.Join(openNames(), "', '") + `')`
	}
	return sqldb.List(tx, scanRow, query+`
		ORDER BY created DESC
		LIMIT $3`, city, object, limit)
}
