package suggest

import (
	"context"
	"fmt"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// Keeper keeps the audit of messages in the transactions of package problem,
// whose ProposalKeeper it is.
type Keeper struct {
	Suggest *Service
	Places  *place.Service
}

// SentIn keeps what was offered to who sent a message, and what was taken.
func (k Keeper) SentIn(tx *sqldb.Tx, city, key int64, s problem.Send) error {
	here, err := k.Places.CityIn(tx, city)
	if err != nil {
		return err
	}
	a := Audit{At: tx.Micros(), Week: WeekOf(tx.Now().In(here.Zone)), Model: s.Model, Chosen: s.Topic, Manual: s.Manual, Asked: s.Asked}
	for _, o := range s.Offered {
		a.Offered = append(a.Offered, Proposal{Topic: o.Topic, P: o.P})
	}
	return k.Suggest.RecordIn(tx, city, key, a)
}

// CorrectedIn notes the topic that staff put.
func (k Keeper) CorrectedIn(tx *sqldb.Tx, city, key int64, to topic.ID) error {
	return k.Suggest.CorrectedIn(tx, city, key, to)
}

// AcceptedIn notes that a moderator accepted the message.
func (k Keeper) AcceptedIn(tx *sqldb.Tx, city, key int64) error {
	return k.Suggest.AcceptedIn(tx, city, key)
}

// CorrectedIn keeps the topic that staff put, in the transaction that puts it;
// the last correction stands. A problem without a record (a replay) is none of
// its business.
func (s *Service) CorrectedIn(tx *sqldb.Tx, city, problem int64, to topic.ID) error {
	err := s.changeIn(tx, city, problem, func(a *Audit) bool {
		a.CorrectedTo, a.CorrectedAt = to, tx.Micros()
		return true
	})
	if err != nil {
		return fmt.Errorf("record correction of problem %d: %w", problem, err)
	}
	return s.noteIn(tx, city, news{problem: problem, topic: to})
}

// AcceptedIn keeps that a moderator accepted the message, in the transaction
// that does: from then on its topic is known to be right. The first time stands;
// a problem without a record is none of its business.
func (s *Service) AcceptedIn(tx *sqldb.Tx, city, problem int64) error {
	err := s.changeIn(tx, city, problem, func(a *Audit) bool {
		if a.DecidedAt != 0 {
			return false
		}
		a.DecidedAt = tx.Micros()
		return true
	})
	if err != nil {
		return fmt.Errorf("record acceptance of problem %d: %w", problem, err)
	}
	return nil
}

func (s *Service) changeIn(tx *sqldb.Tx, city, problem int64, change func(*Audit) bool) error {
	a, found, err := auditOf(tx, city, problem)
	if err != nil || !found {
		return err
	}
	if !change(&a) {
		return nil
	}
	return updateAudit(tx, city, problem, a)
}

// Refused tells whether a training was judged against the model in use, found
// worse and never used: its report alone was kept. A model that was replaced
// long since is not kept either, and was not refused.
func (m Stored) Refused() bool {
	return !m.Kept && m.Report.Champion.N > 0 && !notWorse(m.Report.Judged, m.Report.Champion)
}

// Statistics are the figures of the weeks from and to, both included, of all
// topics or of one (only). Worse compares the last whole weeks up to to with
// those before, whatever the stretch; now tells which week is not over yet.
func (s *Service) Statistics(ctx context.Context, city int64, from, to Week, only topic.ID, now time.Time) (Statistics, error) {
	last := min(to, WeekOf(now)-1)
	var rows []counted
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		rows, err = countAudits(tx, city, min(from, last-DriftLate-DriftEarly+1), to)
		return err
	})
	if err != nil {
		return Statistics{}, fmt.Errorf("count proposals of city %d: %w", city, err)
	}
	cells := cellsOf(rows)
	st := statisticsOf(from, to, only, cells)
	st.Worse = drifts(last, cells)
	return st, nil
}

// cellsOf gathers the outcomes of each topic in each week; rows come in that
// order.
func cellsOf(rows []counted) []tallied {
	var cells []tallied
	for _, r := range rows {
		if n := len(cells); n == 0 || cells[n-1].week != r.week || cells[n-1].topic != r.topic {
			cells = append(cells, tallied{week: r.week, topic: r.topic})
		}
		cells[len(cells)-1].add(r.outcome, r.n)
	}
	return cells
}
