package job

import (
	"time"

	"gorod/internal/platform/sqldb"
)

const columns = `id, city, kind, args, COALESCE(unique_key, ''), state, run_at, attempt, fence, error, created`

func scan(row sqldb.Scanner) (Job, error) {
	var j Job
	var args string
	var runAt, created int64
	err := row.Scan(&j.ID, &j.City, &j.Kind, &args, &j.Key, &j.State, &runAt, &j.Attempt, &j.fence, &j.Error, &created)
	j.Args, j.RunAt, j.Created = []byte(args), time.UnixMicro(runAt).UTC(), time.UnixMicro(created).UTC()
	return j, err
}

func insert(tx *sqldb.Tx, id int64, j Job) error {
	_, err := tx.Exec(`
		INSERT INTO job (id, city, kind, args, unique_key, state, run_at, attempt, fence, lease_until, error, created)
		VALUES ($1, $2, $3, $4, NULLIF($5, ''), 'ready', $6, 0, 0, 0, '', $7)
		ON CONFLICT DO NOTHING`,
		id, j.City, j.Kind, string(j.Args), j.Key, j.RunAt.UnixMicro(), tx.Micros())
	return err
}

// claim takes due jobs, and those whose worker went silent.
func claim(tx *sqldb.Tx, limit int) ([]Job, error) {
	return sqldb.List(tx, scan, `
		UPDATE job
		SET state = 'running', attempt = attempt + 1, fence = fence + 1, lease_until = $2
		WHERE id IN (
			SELECT id FROM job
			WHERE (state = 'ready' AND run_at <= $1) OR (state = 'running' AND lease_until < $1)
			ORDER BY run_at, id
			LIMIT $3`+tx.ForUpdate()+`)
		RETURNING `+columns,
		tx.Micros(), tx.Now().Add(Lease).UnixMicro(), limit)
}

// finish deletes a job that was done and counts it; who lost its lease does
// neither.
func finish(tx *sqldb.Tx, j Job) error {
	n, err := tx.Exec(`DELETE FROM job WHERE id = $1 AND fence = $2`, j.ID, j.fence)
	if err != nil || n == 0 {
		return err
	}
	hour := hourOf(tx.Micros())
	_, err = tx.Exec(`
		INSERT INTO job_done (city, kind, slot, hour, n) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (city, kind, slot) DO UPDATE
		SET n = CASE WHEN job_done.hour = excluded.hour THEN job_done.n + 1 ELSE 1 END, hour = excluded.hour`,
		j.City, j.Kind, hour%doneSlots, hour)
	return err
}

// doneSlots is how many hours of done jobs are remembered, the running one
// included: a slot is used again after a day.
const doneSlots = 24

// hourOf numbers the hours from 1970 on.
func hourOf(micros int64) int64 { return micros / time.Hour.Microseconds() }

func doneSince(tx *sqldb.Tx, city, hour int64) (map[string]int64, error) {
	type pair struct {
		kind string
		n    int64
	}
	pairs, err := sqldb.List(tx, func(row sqldb.Scanner) (pair, error) {
		var p pair
		err := row.Scan(&p.kind, &p.n)
		return p, err
	}, `SELECT kind, CAST(sum(n) AS BIGINT) FROM job_done WHERE city = $1 AND hour >= $2 GROUP BY kind`, city, hour)
	counts := map[string]int64{}
	for _, p := range pairs {
		counts[p.kind] = p.n
	}
	return counts, err
}

func postpone(tx *sqldb.Tx, j Job, state State, runAt time.Time, message string) error {
	_, err := tx.Exec(`
		UPDATE job SET state = $3, run_at = $4, error = $5
		WHERE id = $1 AND fence = $2 AND state = 'running'`,
		j.ID, j.fence, state, runAt.UnixMicro(), message)
	return err
}

func countByState(tx *sqldb.Tx) (map[State]int64, error) {
	type pair struct {
		state State
		n     int64
	}
	pairs, err := sqldb.List(tx, func(row sqldb.Scanner) (pair, error) {
		var p pair
		err := row.Scan(&p.state, &p.n)
		return p, err
	}, `SELECT state, count(*) FROM job GROUP BY state`)
	counts := map[State]int64{}
	for _, p := range pairs {
		counts[p.state] = p.n
	}
	return counts, err
}

func oldestDue(tx *sqldb.Tx, now int64) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT COALESCE(min(run_at), 0) FROM job WHERE state = 'ready' AND run_at <= $1`, now)
}

func nextDue(tx *sqldb.Tx) (int64, error) {
	return sqldb.One(tx, sqldb.Int, `SELECT COALESCE(min(run_at), 0) FROM job WHERE state = 'ready'`)
}

func list(tx *sqldb.Tx, city int64, state State, limit int) ([]Job, error) {
	return sqldb.List(tx, scan, `
		SELECT `+columns+` FROM job
		WHERE city = $1 AND state = $2
		ORDER BY run_at, id
		LIMIT $3`, city, state, limit)
}

func revive(tx *sqldb.Tx, city, id int64) (int64, error) {
	return tx.Exec(`
		UPDATE job SET state = 'ready', attempt = 0, run_at = $3
		WHERE city = $1 AND id = $2 AND state = 'dead'`, city, id, tx.Micros())
}

func drop(tx *sqldb.Tx, city, id int64) (int64, error) {
	return tx.Exec(`DELETE FROM job WHERE city = $1 AND id = $2 AND state = 'dead'`, city, id)
}

// takeSlot tells whether this node is the first to see a slot of the schedule.
func takeSlot(tx *sqldb.Tx, name string, slot int64) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO job_slot (name, slot) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET slot = excluded.slot WHERE job_slot.slot < excluded.slot`, name, slot)
	return n > 0, err
}
