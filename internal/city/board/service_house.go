package board

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// HouseProblems are the problems of one house that everyone may see.
type HouseProblems struct {
	Open    []Line // the newest ones
	Past    []Line // the newest that are not open any more
	OpenAll int    // how many are open, at most HouseCounted
	All     int    // how many there are, at most HouseCounted
}

// HouseCounted is up to where the problems of a house are counted, and
// housePast how many of its newest are looked through for those that are past:
// so that no house costs more than another.
const (
	HouseCounted = 1000
	housePast    = 200
)

// ProblemsAt reads the newest open and past problems of a house, so many of each
// at most.
func (s *Service) ProblemsAt(ctx context.Context, city int64, house place.HouseID, limit int) (HouseProblems, error) {
	var p HouseProblems
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if p.Open, err = openAt(tx, city, house, limit); err != nil {
			return err
		}
		if p.Past, err = pastAt(tx, city, house, housePast, limit); err != nil {
			return err
		}
		open, err := countOpenAt(tx, city, house, HouseCounted)
		if err != nil {
			return err
		}
		all, err := countAt(tx, city, house, HouseCounted)
		p.OpenAll, p.All = int(open), int(all)
		return err
	})
	if err != nil {
		return HouseProblems{}, fmt.Errorf("read problems of house %d: %w", house, err)
	}
	return p, nil
}

// HouseMark is what a list says of a house beside its passport.
type HouseMark struct {
	Open int      // problems that everyone may see
	Off  []string // resources that it goes without now (package house)
}

// maxMarked is how many houses are marked at once.
const maxMarked = 200

// Marks tells of at most 200 houses what is open there and what is switched off
// at a moment. Houses of which there is nothing to say are left out.
func (s *Service) Marks(ctx context.Context, city int64, houses []place.HouseID, now time.Time) (map[place.HouseID]HouseMark, error) {
	marks := map[place.HouseID]HouseMark{}
	if len(houses) == 0 {
		return marks, nil
	}
	keys := make([]int64, 0, maxMarked)
	for _, h := range houses[:min(len(houses), maxMarked)] {
		keys = append(keys, int64(h))
	}
	for len(keys)%keysAtOnce != 0 {
		keys = append(keys, 0) // of nobody: the statements stay few
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		open, err := openIn(tx, city, keys)
		if err != nil {
			return err
		}
		for _, c := range open {
			marks[c.house] = HouseMark{Open: c.n}
		}
		off, err := offIn(tx, city, keys, now.UnixMicro())
		for _, o := range off {
			m := marks[o.house]
			m.Off = append(m.Off, o.resource)
			marks[o.house] = m
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mark houses: %w", err)
	}
	return marks, nil
}

// Records are what organisations did in a period and since the beginning, by the
// same counting as the statistics of the city (Organisations).
type Records struct {
	Made time.Time
	Year map[org.ID]Figures // the last twelve months
	All  map[org.ID]Figures
}

// recordsAge is how old records may be: a year of a metropolis is read for them.
const recordsAge = 15 * time.Minute

// FewAnswers is how many answers a share needs before it says anything: below
// it chance decides.
const FewAnswers = 10

// RecordYear is the twelve months before a moment as whole days of a zone, the
// day of the moment included; To is excluded.
func RecordYear(now time.Time, zone *time.Location) (from, to time.Time) {
	y, m, d := now.In(zone).Date()
	to = time.Date(y, m, d+1, 0, 0, 0, 0, zone)
	return to.AddDate(-1, 0, 0), to
}

// RecordsOf counts what all organisations of a city did. What was counted is
// given again for a quarter of an hour; who asks while it is counted waits.
func (s *Service) RecordsOf(ctx context.Context, city place.City) (Records, error) {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	now := s.DB.Now()
	if r, ok := s.records.known[city.ID]; ok && now.Sub(r.Made) < recordsAge && !now.Before(r.Made) {
		return r, nil
	}
	from, to := RecordYear(now, city.Zone)
	r := Records{Made: now}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if r.Year, err = s.countOrganisations(tx, city.ID, OrganisationQuery{From: from, To: to}); err != nil {
			return err
		}
		r.All, err = s.countOrganisations(tx, city.ID, OrganisationQuery{From: time.Unix(0, 0), To: to})
		return err
	})
	if err != nil {
		return Records{}, fmt.Errorf("count records of organisations: %w", err)
	}
	if s.records.known == nil {
		s.records.known = map[int64]Records{}
	}
	s.records.known[city.ID] = r
	return r, nil
}

// Middle is the middle of what several organisations reached, each counted once;
// -1 where none of them has enough answers to say anything.
type Middle struct {
	OnTime   int // percent
	Days     int
	Disputed int // percent
	Of       int // organisations with at least FewAnswers answers
}

// MiddleOf takes the medians over those of the organisations that have at least
// FewAnswers answers.
func MiddleOf(figures map[org.ID]Figures, of []org.ID) Middle {
	var onTime, days, disputed []int
	m := Middle{}
	for _, id := range of {
		f := figures[id]
		if f.Answered < FewAnswers {
			continue
		}
		m.Of++
		onTime = append(onTime, f.OnTimeShare())
		days = append(days, f.Median)
		disputed = append(disputed, f.DisputedShare())
	}
	m.OnTime, m.Days, m.Disputed = middle(onTime), middle(days), middle(disputed)
	return m
}

// middle is the lower of the two in the middle; unknown ones (-1) do not count.
func middle(list []int) int {
	list = slices.DeleteFunc(list, func(n int) bool { return n < 0 })
	if len(list) == 0 {
		return -1
	}
	slices.Sort(list)
	return list[(len(list)-1)/2]
}

// TopicCount is how many messages were about a topic.
type TopicCount struct {
	Topic topic.ID
	N     int
}

// TopicsOf are the topics of which most messages of a period came to an
// organisation, the most first; of those that are with it now.
func (s *Service) TopicsOf(ctx context.Context, city int64, executor org.ID, from, to time.Time, limit int) ([]TopicCount, error) {
	var list []TopicCount
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		counts, err := topicsOf(tx, city, executor, from.UnixMicro(), to.UnixMicro(), limit)
		for _, c := range counts {
			list = append(list, TopicCount{c.topic, c.n})
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count topics of %s: %w", executor, err)
	}
	return list, nil
}

// ListOf gives a page of an organisation's problems that everyone may see, newest
// first; limit is at most 100.
func (s *Service) ListOf(ctx context.Context, city int64, executor org.ID, after Cursor, limit int) (Page, error) {
	limit = min(cmp.Or(max(limit, 0), 20), 100)
	var page Page
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		page.Lines, err = linesWith(tx, city, executor, after, limit+1)
		return err
	})
	if err != nil {
		return Page{}, fmt.Errorf("list problems of %s: %w", executor, err)
	}
	if len(page.Lines) > limit {
		page.Lines = page.Lines[:limit]
		last := page.Lines[limit-1]
		page.Next = Cursor{Created: last.Created.UnixMicro(), Problem: last.Problem}
	}
	return page, nil
}

// recordBook keeps the records that were counted last, by city.
type recordBook struct {
	mu    sync.Mutex
	known map[int64]Records
}
