package resident

import (
	"context"
	"fmt"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// AuditIn writes an act into the city's log, in the transaction of the act. On
// PostgreSQL audited transactions of one city commit one after the other, so it
// is called last and only for what the law or an auditor asks about.
func (s *Service) AuditIn(tx *sqldb.Tx, who Who, act Act, from From) error {
	head, err := nextAudit(tx, who.City)
	if err != nil {
		return fmt.Errorf("take next row of audit log: %w", err)
	}
	if act.Result == "" {
		act.Result = Done
	}
	e := AuditEntry{
		Seq: head.seq, At: tx.Now(), Person: who.ID, Roles: who.Roles, System: who.System, Act: act,
		Address: s.Pseudonym(from.Address), prev: head.sum,
	}
	e.sum = e.seal(who.City)
	if err := insertAudit(tx, who.City, e); err != nil {
		return fmt.Errorf("write audit log: %w", err)
	}
	return nil
}

// AuditNow writes an act in a transaction of its own: reading personal data,
// and what was refused, whose own transaction leaves no trace.
func (s *Service) AuditNow(ctx context.Context, who Who, act Act, from From) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return s.AuditIn(tx, who, act, from) })
}

const (
	auditShown = 100
	auditMost  = 500
)

// Audit lists the log, the newest first. For administrators.
func (s *Service) Audit(ctx context.Context, who Who, f AuditFilter) ([]AuditEntry, error) {
	if !who.Has(Administrator) && !who.System {
		return nil, fault.Denied.New("resident.not_administrator")
	}
	if f.Limit <= 0 {
		f.Limit = auditShown
	}
	f.Limit = min(f.Limit, auditMost)
	var list []AuditEntry
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = listAudit(tx, who.City, f)
		return err
	})
	return list, err
}

// AuditHead is the number of rows and the newest hash of a city's log, to be
// kept where who can write the database cannot.
func (s *Service) AuditHead(ctx context.Context, city int64) (rows int64, sum string, err error) {
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		h, err := headOf(tx, city)
		rows, sum = h.seq, h.sum
		return err
	})
	return rows, sum, err
}

// CheckAudit computes every hash of a city's log again and finds the first row
// that was changed, removed or slipped in. Progress, if not nil, hears the
// number of rows that were looked at.
func (s *Service) CheckAudit(ctx context.Context, city int64, progress func(done int64)) (AuditState, error) {
	var state AuditState
	var head auditHead
	if err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		head, err = headOf(tx, city)
		return err
	}); err != nil {
		return state, fmt.Errorf("read head of audit log: %w", err)
	}
	for state.Broken == 0 {
		var page []AuditEntry
		if err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			page, err = auditPage(tx, city, state.Rows, 1000)
			return err
		}); err != nil {
			return state, fmt.Errorf("read audit log: %w", err)
		}
		if len(page) == 0 {
			break
		}
		state.follow(city, page)
		if progress != nil {
			progress(state.Rows)
		}
	}
	// Rows that came after the head was read are fine; fewer are not.
	if state.Broken == 0 && (state.Rows < head.seq || state.Rows == head.seq && state.Head != head.sum) {
		state.Broken = state.Rows + 1
	}
	return state, nil
}

// follow goes along the chain until a row does not fit.
func (a *AuditState) follow(city int64, page []AuditEntry) {
	for _, e := range page {
		if e.Seq != a.Rows+1 || e.prev != a.Head || e.sum != e.seal(city) {
			a.Broken = a.Rows + 1
			return
		}
		a.Rows, a.Head = e.Seq, e.sum
	}
}
