package repeat

import (
	"context"
	"errors"
	"fmt"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Service finds repetitions. Its fields are given at start and never change.
type Service struct {
	DB       *sqldb.DB
	Topics   *topic.Service
	Problems *problem.Service
}

// defaultLimit is how many problems a resident is shown at most.
const defaultLimit = 3

// Find lists the problems that a message may repeat, the likeliest first. It is
// empty where there is nothing to compare: no place on earth, or neither a topic
// nor a text.
func (s *Service) Find(ctx context.Context, city int64, q Query) ([]Likeness, error) {
	if !q.Point.Valid() || q.Topic == 0 && len(q.Proposed) == 0 {
		return nil, nil
	}
	now, err := s.sideOf(ctx, city, q)
	if err != nil {
		return nil, err
	}
	where := problem.Neighbourhood{Point: q.Point, Metres: Reach, Except: q.Except, Visible: !q.Hidden,
		Since: problem.Moment(q.At.AddDate(0, 0, -q.Days).UnixMicro())}
	if q.Inside {
		where.House = q.House
	}
	near, err := s.Problems.Around(ctx, city, where)
	if err != nil {
		return nil, fmt.Errorf("look around for repetitions: %w", err)
	}
	list := candidates(now, near)
	if err := s.readTexts(ctx, city, now, list); err != nil {
		return nil, err
	}
	rank(list)
	return s.tell(ctx, city, q, list)
}

// sideOf is the message as the score sees it. What is personal in it is no word
// to compare by: the answer must not tell a stranger whose telephone stands in a
// message of others.
func (s *Service) sideOf(ctx context.Context, city int64, q Query) (side, error) {
	now := side{topic: q.Topic, proposed: q.Proposed, point: q.Point, house: q.House, thing: q.Thing, words: readWords(problem.Masked(q.Text))}
	if q.Topic == 0 {
		return now, nil
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		t, err := s.Topics.FindIn(tx, city, q.Topic)
		now.category, now.object = t.Category, t.Object
		return err
	})
	if errors.Is(err, fault.Missing) {
		return now, nil // a topic of an earlier pack is compared by itself
	}
	if err != nil {
		return now, fmt.Errorf("read topic %d: %w", q.Topic, err)
	}
	return now, nil
}

// readTexts compares the texts of the candidates.
func (s *Service) readTexts(ctx context.Context, city int64, now side, list []candidate) error {
	if len(now.words.list) == 0 {
		return nil
	}
	keys := make([]int64, len(list))
	for i, c := range list {
		keys[i] = c.ID
	}
	bodies, err := s.Problems.FirstTexts(ctx, city, keys)
	if err != nil {
		return fmt.Errorf("read messages near: %w", err)
	}
	for i := range list {
		c := &list[i]
		c.side.words = readWords(bodies[c.ID])
		c.p, c.same = likeness(now, c.side), same(now.words, c.side.words)
	}
	return nil
}

// tell reads what is shown of the likeliest candidates.
func (s *Service) tell(ctx context.Context, city int64, q Query, list []candidate) ([]Likeness, error) {
	least, limit := q.Least, q.Limit
	if least == 0 {
		least = Perhaps
	}
	if limit == 0 {
		limit = defaultLimit
	}
	var keys []int64
	known := map[int64]candidate{}
	for _, c := range list[:min(len(list), limit)] {
		if c.p >= least {
			keys = append(keys, c.ID)
			known[c.ID] = c
		}
	}
	items, err := s.Problems.Items(ctx, city, keys)
	if err != nil {
		return nil, fmt.Errorf("read problems near: %w", err)
	}
	var out []Likeness
	for _, item := range items {
		c := known[item.ID]
		l := Likeness{Item: item, Metres: metres(q.Point, c.Point), P: c.p, Closed: !item.State.Status.Open(), Same: c.same}
		if item.State.FirstHidden() {
			l.Same = nil // hidden words are not told, not one by one either
		}
		out = append(out, l)
	}
	return out, nil
}
