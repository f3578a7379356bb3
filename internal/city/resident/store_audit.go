package resident

import (
	"errors"

	"gorod/internal/platform/sqldb"
)

type auditHead struct {
	seq int64
	sum string
}

func scanHead(row sqldb.Scanner) (auditHead, error) {
	var h auditHead
	err := row.Scan(&h.seq, &h.sum)
	return h, err
}

// nextAudit takes the next number of a city's log and the hash it follows; who
// comes second waits for the first to commit.
func nextAudit(tx *sqldb.Tx, city int64) (auditHead, error) {
	return sqldb.One(tx, scanHead, `
		INSERT INTO audit_head (city, seq, sum) VALUES ($1, 1, '')
		ON CONFLICT (city) DO UPDATE SET seq = audit_head.seq + 1
		RETURNING seq, sum`, city)
}

func headOf(tx *sqldb.Tx, city int64) (auditHead, error) {
	h, err := sqldb.One(tx, scanHead, `SELECT seq, sum FROM audit_head WHERE city = $1`, city)
	if errors.Is(err, sqldb.ErrNoRow) {
		return auditHead{}, nil
	}
	return h, err
}

const auditColumns = `seq, at, person, roles, system, action, object, result, detail, address, prev, sum`

func insertAudit(tx *sqldb.Tx, city int64, e AuditEntry) error {
	if _, err := tx.Exec(`
		INSERT INTO audit (city, `+auditColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		city, e.Seq, e.At.UnixMicro(), e.Person, joinRoles(e.Roles), flag(e.System), string(e.Act.Action), e.Act.Object,
		string(e.Act.Result), e.Act.Detail, e.Address, e.prev, e.sum); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE audit_head SET sum = $2 WHERE city = $1`, city, e.sum)
	return err
}

func scanAudit(row sqldb.Scanner) (AuditEntry, error) {
	var e AuditEntry
	var at, system int64
	var roles string
	err := row.Scan(&e.Seq, &at, &e.Person, &roles, &system, &e.Act.Action, &e.Act.Object, &e.Act.Result, &e.Act.Detail,
		&e.Address, &e.prev, &e.sum)
	e.At, e.Roles, e.System = moment(at), splitRoles(roles), system != 0
	return e, err
}

func listAudit(tx *sqldb.Tx, city int64, f AuditFilter) ([]AuditEntry, error) {
	from, to := int64(0), int64(1<<62)
	if !f.From.IsZero() {
		from = f.From.UnixMicro()
	}
	if !f.To.IsZero() {
		to = f.To.UnixMicro()
	}
	before := f.Before
	if before == 0 {
		before = 1 << 62
	}
	return sqldb.List(tx, scanAudit, `
		SELECT `+auditColumns+`
		FROM audit
		WHERE city = $1 AND seq < $2
			AND (CAST($3 AS BIGINT) = 0 OR person = $3)
			AND (CAST($4 AS TEXT) = '' OR action = $4)
			AND (CAST($5 AS TEXT) = '' OR result = $5)
			AND at >= $6 AND at < $7
		ORDER BY seq DESC
		LIMIT $8`, city, before, f.Person, string(f.Action), string(f.Result), from, to, f.Limit)
}

// auditPage reads the log in its order, for checking it.
func auditPage(tx *sqldb.Tx, city, after int64, limit int) ([]AuditEntry, error) {
	return sqldb.List(tx, scanAudit, `
		SELECT `+auditColumns+`
		FROM audit
		WHERE city = $1 AND seq > $2
		ORDER BY seq
		LIMIT $3`, city, after, limit)
}
