package problem

import (
	"cmp"
	"context"
	"slices"

	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Queue asks for the problems that wait for somebody. Each field narrows, its
// zero value does not; the database does all of it, so that a list is complete
// however long it is.
type Queue struct {
	Statuses    []Status
	Executor    org.ID
	Coordinator org.ID
	// Controller asks for what an organisation controls, and for what nobody
	// does: it would be overdue unseen.
	Controller org.ID
	Topic      topic.ID
	Districts  []string // empty: all that the person may read
	// Unassigned asks for those without an executor; with a Coordinator for
	// theirs and those that no rule gave to anybody.
	Unassigned    bool
	RedirectAsked bool // an executor wants them handed over
	Redirects     int  // handed over more often, or as often and wanted again
	Disputes      int  // disputed at least so often
	SentBack      bool // the newest answer was given back
	Visible       bool // everyone may see them
	Undated       bool // their stage has no date
	DueFrom       Moment
	DueBefore     Moment
	After         Moment // keyset: stage due and key of the last one seen
	AfterID       int64
	Limit         int
	Bare          bool // without the words of the messages
}

// within narrows a queue to the areas of a person's roles; false when nothing
// is left of it.
func (q Queue) within(who resident.Who) (Queue, bool) {
	switch {
	case len(who.Areas) == 0:
		return q, true
	case len(q.Districts) == 0:
		q.Districts = who.Areas
		return q, true
	}
	q.Districts = slices.DeleteFunc(slices.Clone(q.Districts), func(area string) bool { return !slices.Contains(who.Areas, area) })
	return q, len(q.Districts) > 0
}

// desk runs a reading of a queue within what the person may read.
func (s *Service) desk(ctx context.Context, who resident.Who, q Queue, read func(*sqldb.Tx, Queue) error) error {
	if !who.Staff() && !who.System {
		return fault.Denied.New("problem.denied.queue")
	}
	q, any := q.within(who)
	if !any {
		return nil
	}
	return s.DB.View(ctx, func(tx *sqldb.Tx) error { return read(tx, q) })
}

// maxQueue is how many lines of a queue one call reads.
const maxQueue = 200

// Queue lists what waits, the most urgent first, within what the person may
// read. At most 200 a call.
func (s *Service) Queue(ctx context.Context, who resident.Who, q Queue) ([]Item, error) {
	q.Limit = min(max(q.Limit, 1), maxQueue)
	var items []Item
	err := s.desk(ctx, who, q, func(tx *sqldb.Tx, q Queue) error {
		rows, err := queue(tx, who.City, q)
		if err != nil {
			return err
		}
		if q.Bare {
			items = bare(rows)
			return nil
		}
		items, err = itemsOf(tx, who.City, rows)
		return err
	})
	return items, err
}

func bare(rows []row) []Item {
	items := make([]Item, len(rows))
	for i, r := range rows {
		items[i] = Item{ID: r.id, State: r.state}
	}
	return items
}

// Count counts a queue. Counting stops at a hundred thousand: far above what
// one city has open, and a bound for what a page may cost.
func (s *Service) Count(ctx context.Context, who resident.Who, q Queue) (int64, error) {
	var n int64
	err := s.desk(ctx, who, q, func(tx *sqldb.Tx, q Queue) error {
		var err error
		n, err = countQueue(tx, who.City, q)
		return err
	})
	return n, err
}

// Load is how much an organisation has of a queue: Open all of it, Late what
// is past the date of its stage.
type Load struct {
	Executor org.ID // "": nobody yet
	Open     int64
	Late     int64
}

// Loads counts a queue by executor, in the order of their ids.
func (s *Service) Loads(ctx context.Context, who resident.Who, q Queue) ([]Load, error) {
	var list []Load
	err := s.desk(ctx, who, q, func(tx *sqldb.Tx, q Queue) error {
		var err error
		list, err = loads(tx, who.City, q)
		return err
	})
	// The engines sort text differently; ids are sorted here, by bytes.
	slices.SortFunc(list, func(a, b Load) int { return cmp.Compare(a.Executor, b.Executor) })
	return list, err
}

// Shares is how much of a queue falls to each topic and each district.
type Shares struct {
	Topics    map[topic.ID]int64
	Districts map[string]int64
}

// Shares counts a queue by topic and by district.
func (s *Service) Shares(ctx context.Context, who resident.Who, q Queue) (Shares, error) {
	parts := Shares{Topics: map[topic.ID]int64{}, Districts: map[string]int64{}}
	err := s.desk(ctx, who, q, func(tx *sqldb.Tx, q Queue) error {
		list, err := shares(tx, who.City, q)
		for _, p := range list {
			parts.Topics[p.topic] += p.n
			parts.Districts[p.district] += p.n
		}
		return err
	})
	return parts, err
}
