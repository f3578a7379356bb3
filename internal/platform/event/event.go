// Package event carries news from where something happened to those who care.
//
// An event is published in the transaction that makes it true. Each
// subscriber gets a job of its own in that same transaction: it is delivered
// at least once, retried on its own, and visible when it fails. Who listens to
// what is one readable list in package app.
//
// An event carries ids, never texts or contacts: who renders it reads what is
// there at that moment, so that what was erased stays erased.
package event

import (
	"fmt"

	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// Event says that something happened to one thing.
type Event struct {
	City    int64  `json:"city"`
	Kind    string `json:"kind"`    // past tense: problem.accepted
	Subject int64  `json:"subject"` // key of the thing
	Seq     int64  `json:"seq"`     // its version after the event; a consumer ignores what is older than it has seen
}

// Bus knows who listens. It is filled at start and only read afterwards.
type Bus struct {
	listeners map[string][]string
}

// On sends every event of a kind to the handler of a kind of job.
func (b *Bus) On(kind, jobKind string) {
	if b.listeners == nil {
		b.listeners = map[string][]string{}
	}
	b.listeners[kind] = append(b.listeners[kind], jobKind)
}

// Publish enqueues the event for each listener, in the caller's transaction.
func (b *Bus) Publish(tx *sqldb.Tx, e Event) error {
	if b == nil {
		return nil
	}
	for _, jobKind := range b.listeners[e.Kind] {
		key := fmt.Sprintf("%s:%d:%d", e.Kind, e.Subject, e.Seq)
		if err := job.Add(tx, job.Job{City: e.City, Kind: jobKind, Key: key, Args: job.Args(e)}); err != nil {
			return err
		}
	}
	return nil
}
