package see

import (
	"context"
	"log/slog"
	"sync"
)

// Line gathers what will be said of one request. It is safe for many
// goroutines. Handlers find theirs with LineOf.
type Line struct {
	id string

	mu      sync.Mutex
	who     string
	err     error
	details []slog.Attr
}

type lineKey struct{}

// LineOf is the line of the request at hand. Where there is none, as in a
// test, it is one that nobody will read; it is never nil.
func LineOf(ctx context.Context) *Line {
	if l, ok := ctx.Value(lineKey{}).(*Line); ok {
		return l
	}
	return &Line{}
}

// ID is the request's id: short enough to be read aloud to whoever looks it up.
func (l *Line) ID() string { return l.id }

// Who notes who asks. Only a pseudonym may be passed (a role and an internal
// number), never a name, a phone or an address.
func (l *Line) Who(pseudonym string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.who = pseudonym
}

// Fail notes why the request was refused or failed; the last call counts. A
// refusal is logged by its kind and phrase, since its arguments may be what a
// person typed; an error of ours is logged in full.
func (l *Line) Fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

// Add attaches details. They are numbers, ids and words of ours, never what a
// person typed.
func (l *Line) Add(details ...slog.Attr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.details = append(l.details, details...)
}

// read copies what was gathered: a handler's goroutine may outlive the request.
func (l *Line) read() (who string, details []slog.Attr, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.who, append([]slog.Attr(nil), l.details...), l.err
}
