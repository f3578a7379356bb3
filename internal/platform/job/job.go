// Package job does work later: what an event asks for, what the schedule
// asks for, what failed and is tried again.
//
// A job is enqueued in the transaction of the change that needs it, so it is
// never lost and never early. It is done at least once: handlers are
// idempotent. A handler that fails is tried again after a growing pause; after
// MaxAttempts the job is a dead letter that a person looks at, retries or
// drops. Args hold ids, never personal data.
//
// Several nodes may work on one queue: a claim is a lease with a fencing
// number, and a worker whose lease ran out cannot finish the job any more.
package job

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "job", Files: files} }

const (
	// MaxAttempts is how often a job is tried before it is a dead letter: with
	// the pauses of backoff the last try is about three days after the first.
	MaxAttempts = 12
	// Lease is how long a worker may hold a job; the handler's context ends
	// Grace earlier.
	Lease = 5 * time.Minute
	// Grace is left to write down that a job took too long.
	Grace = 30 * time.Second
)

// Job is one piece of work.
type Job struct {
	ID      int64
	City    int64
	Kind    string // imperative: notice.send
	Args    json.RawMessage
	Key     string // at most one waiting job of a kind has this key; "" = any number
	RunAt   time.Time
	Attempt int // 1 on the first try
	Error   string
	Created time.Time
	State   State
	fence   int64
}

// State says where a job stands.
type State string

// The states of a job.
const (
	Ready   State = "ready"
	Running State = "running"
	Dead    State = "dead"
)

// Add enqueues work in the caller's transaction. RunAt zero means now. Where a
// waiting job of this kind has the same Key, nothing is added.
func Add(tx *sqldb.Tx, j Job) error {
	if len(j.Args) == 0 {
		j.Args = json.RawMessage("{}")
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.Now()
	}
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	if err := insert(tx, id, j); err != nil {
		return fmt.Errorf("enqueue %s: %w", j.Kind, err)
	}
	return nil
}

// Args packs the arguments of a job.
func Args(v any) json.RawMessage {
	packed, err := json.Marshal(v)
	if err != nil {
		panic("job: arguments that cannot be written as JSON: " + err.Error())
	}
	return packed
}

// Unpack reads the arguments of a job; bad ones are a mistake of ours and
// make the job a dead letter at once.
func Unpack[T any](j Job) (T, error) {
	var v T
	if err := json.Unmarshal(j.Args, &v); err != nil {
		return v, errors.Join(ErrHopeless, fmt.Errorf("read arguments of %s: %w", j.Kind, err))
	}
	return v, nil
}

// ErrHopeless in a handler's error says that another try cannot help.
var ErrHopeless = errors.New("another try cannot help")

// backoff is the pause after a failed attempt: 10 s, doubling, at most a day.
func backoff(attempt int) time.Duration {
	pause := 10 * time.Second << min(attempt-1, 13)
	return min(pause, 24*time.Hour)
}

// Waiting counts jobs by state, for metrics and `gorod doctor`.
func Waiting(tx *sqldb.Tx) (map[State]int64, error) { return countByState(tx) }

// Oldest is how long the oldest due job has been waiting; zero when none is.
func Oldest(tx *sqldb.Tx) (time.Duration, error) {
	at, err := oldestDue(tx, tx.Micros())
	if err != nil || at == 0 {
		return 0, err
	}
	return tx.Now().Sub(time.UnixMicro(at)), nil
}

// List shows jobs of one state, oldest first, for the administrator's page.
func List(tx *sqldb.Tx, city int64, state State, limit int) ([]Job, error) {
	return list(tx, city, state, limit)
}

// DoneLately counts by kind the jobs of a city that were done within the last
// day, in hours by the clock: the running one and the 23 before it.
func DoneLately(tx *sqldb.Tx, city int64) (map[string]int64, error) {
	return doneSince(tx, city, hourOf(tx.Micros())-doneSlots+1)
}

// Retry gives a dead letter another life.
func Retry(tx *sqldb.Tx, city, id int64) error {
	return found(revive(tx, city, id))
}

// Drop deletes a dead letter.
func Drop(tx *sqldb.Tx, city, id int64) error {
	return found(drop(tx, city, id))
}

func found(n int64, err error) error {
	if err == nil && n == 0 {
		return fault.Missing.New("job.gone")
	}
	return err
}

// Handler does the work of one kind. Its context ends before the lease does.
type Handler func(ctx context.Context, j Job) error
