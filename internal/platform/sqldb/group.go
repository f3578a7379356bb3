package sqldb

import (
	"context"
	"errors"
	"time"

	"gorod/internal/platform/fault"
)

// group is the commands that share a COMMIT.
//
// They run one after the other without savepoints: the way back from each
// costs a copy of every page that it touches, a sixth of what a sent message
// costs in all. Only where a command fails after it may have written is the
// group begun anew, and goes on with a savepoint for each; commands may run
// twice, on PostgreSQL they do too.
type group struct {
	store    *sqliteStore
	ctx      context.Context
	commands []*command
	careful  bool // each command has a savepoint
}

func (s *sqliteStore) commit(first *command) {
	g := &group{store: s, ctx: context.Background()}
	err := g.begin()
	start := time.Now()
	for c := first; c != nil; c = s.next(len(g.commands), start) {
		g.commands = append(g.commands, c)
		if err == nil {
			err = g.run(c)
		}
	}
	if err == nil {
		err = s.writer.plain(g.ctx, "COMMIT")
	}
	if err != nil {
		err = errors.Join(err, g.rollback())
	}
	for _, c := range g.commands {
		if c.err == nil && c.panic == nil && err != nil {
			c.err = away(err)
		}
		close(c.done)
	}
}

// next is the command that shares the commit, nil when the group is closed.
func (s *sqliteStore) next(taken int, start time.Time) *command {
	if taken >= groupSize || time.Since(start) > groupTime {
		return nil
	}
	select {
	case c, open := <-s.queue:
		if !open {
			return nil
		}
		if c.outside != nil {
			s.held = c
			return nil
		}
		return c
	default:
		return nil
	}
}

func (g *group) begin() error {
	if err := g.store.writer.plain(g.ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	return g.topUp()
}

// topUp reserves ids ahead, so that commands take them without a statement.
func (g *group) topUp() error {
	s := g.store
	if s.ids.left() > idLowWater {
		return nil
	}
	tx := &Tx{ctx: g.ctx, exec: s.writer, engine: SQLite}
	known, err := One(tx, Int, `SELECT count(*) FROM sqlite_master WHERE name = 'sequence'`)
	if err != nil || known == 0 {
		return err // before the first migration there is no sequence
	}
	from, err := reserve(tx, idSequence, idBlockSize)
	if err == nil {
		s.ids.fill(from, idBlockSize)
	}
	return err
}

// rollback takes everything back; the reservation of ids may be gone with it.
func (g *group) rollback() error {
	g.store.ids.fill(0, 0)
	return g.store.writer.plain(g.ctx, "ROLLBACK")
}

// run runs a command. An error says that the whole group is lost.
func (g *group) run(c *command) error {
	if c.err = c.ctx.Err(); c.err != nil {
		return nil
	}
	if g.careful {
		g.fence(c)
		return nil
	}
	tx := g.call(c)
	if c.err == nil && c.panic == nil {
		c.after = tx.after
		return nil
	}
	if !tx.wrote && c.panic == nil && fault.Of(c.err) != nil {
		return nil // refused before it wrote anything
	}
	return g.again()
}

// again begins anew, without the commands that failed.
func (g *group) again() error {
	if err := g.rollback(); err != nil {
		return err
	}
	if err := g.begin(); err != nil {
		return err
	}
	g.careful = true
	for _, c := range g.commands {
		if c.err == nil && c.panic == nil {
			g.fence(c)
		}
	}
	return nil
}

// fence runs a command between savepoints.
func (g *group) fence(c *command) {
	writer := g.store.writer
	if c.err = writer.plain(g.ctx, "SAVEPOINT command"); c.err != nil {
		return
	}
	tx := g.call(c)
	if c.err != nil || c.panic != nil {
		if err := writer.plain(g.ctx, "ROLLBACK TO command"); err != nil {
			c.err = errors.Join(c.err, err)
		}
	} else {
		c.after = tx.after
	}
	if err := writer.plain(g.ctx, "RELEASE command"); err != nil && c.err == nil {
		c.err = name(err)
	}
}

// call runs the closure of a command and keeps a panic of it away from the
// writer; the caller of Do gets it back.
func (g *group) call(c *command) *Tx {
	tx := &Tx{ctx: g.ctx, exec: g.store.writer, engine: SQLite, now: moment(c.now), ids: &g.store.ids}
	func() {
		defer func() { c.panic = recover() }()
		c.err = c.fn(tx)
	}()
	return tx
}
