package board

import (
	"context"
	"fmt"
	"maps"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/platform/sqldb"
)

// OrganisationQuery asks what organisations did in a period of whole days of
// the city's zone, To excluded.
type OrganisationQuery struct {
	From, To   time.Time
	Districts  []string // empty: the whole city
	Executor   org.ID   // "": all
	Controller org.ID   // only what this organisation or nobody controls now; "": whoever does
}

// Organisations counts a period by executor. Received are problems that were
// sent in the period and are with the organisation now; Answered and what
// became of them are those whose first final answer residents could read in
// the period. Promises that ended without an answer count among the promised,
// as in the statistics of the city. Problems without an executor are not here. Rejected, OverdueNow
// and Checked are not counted. What was counted is given again for a minute.
func (s *Service) Organisations(ctx context.Context, city int64, q OrganisationQuery) (map[org.ID]Figures, error) {
	key := q.key(city)
	s.mu.Lock()
	cached, ok := s.orgs[key]
	s.mu.Unlock()
	now := s.DB.Now()
	if ok && now.Sub(cached.made) < statsAge && !now.Before(cached.made) {
		return maps.Clone(cached.figures), nil
	}
	var figures map[org.ID]Figures
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		figures, err = s.countOrganisations(tx, city, q)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count organisations: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.orgs == nil || len(s.orgs) > 100 {
		s.orgs = map[string]orgFigures{}
	}
	s.orgs[key] = orgFigures{now, figures}
	return maps.Clone(figures), nil
}

// orgFigures are counted figures and when they were.
type orgFigures struct {
	made    time.Time
	figures map[org.ID]Figures
}

func (q OrganisationQuery) key(city int64) string {
	return fmt.Sprintf("%d %d %d %q %q %q", city, q.From.Unix(), q.To.Unix(), q.Districts, q.Executor, q.Controller)
}

func (s *Service) countOrganisations(tx *sqldb.Tx, city int64, q OrganisationQuery) (map[org.ID]Figures, error) {
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return nil, err
	}
	from, to := dayOf(q.From, c.Zone), dayOf(q.To, c.Zone)
	sent, err := receivedBy(tx, city, from, to, q)
	if err != nil {
		return nil, err
	}
	back, err := answeredBy(tx, city, from, to, q)
	if err != nil {
		return nil, err
	}
	broken, err := brokenBy(tx, city, min(tx.Micros(), q.To.UnixMicro()), q)
	if err != nil {
		return nil, err
	}
	figures := map[org.ID]Figures{}
	for _, g := range broken {
		figures[g.executor] = Figures{Promised: g.n}
	}
	for _, g := range sent {
		f := figures[g.executor]
		f.Received += g.n
		figures[g.executor] = f
	}
	for _, g := range back {
		f := figures[g.executor]
		addAnswered(&f, g.group)
		figures[g.executor] = f
	}
	for id, f := range figures {
		f.Median, f.Checked = median(f.took), -1
		figures[id] = f
	}
	return figures, nil
}
