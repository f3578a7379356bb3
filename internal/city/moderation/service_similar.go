package moderation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/repeat"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

const (
	// maxSimilar is how many problems near a desk shows.
	maxSimilar = 5
	// leastSimilar is how unlikely a repetition is still shown: a moderator
	// decides in a glance, and a duplicate that is missed costs a journey.
	leastSimilar = 0.05
)

// Similar is a problem near that the message may repeat.
type Similar struct {
	problem.Item
	Topic  topic.Topic
	Metres int
	P      float64  // that it is the same problem, 0 to 1
	Same   []string // words that both messages have
	Closed bool     // it is closed, not long ago: nobody can join it any more
}

// near looks for problems that the message repeats, under its own topic and
// under those that the model proposes; the likeliest first.
func (s *Service) near(ctx context.Context, city int64, card problem.Card, offers []Offer) ([]Similar, error) {
	var all []repeat.Likeness
	find := &repeat.Service{DB: s.DB, Topics: s.Topics, Problems: s.Problems}
	q := repeat.Query{Text: firstWords(card), Point: card.State.Place.Point, House: card.State.Place.House,
		Inside: card.State.Place.Mark == place.OnBuilding, At: card.State.Created.Time(), Except: card.ID,
		Limit: maxSimilar, Hidden: true, Least: leastSimilar}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Problems.Places.CityIn(tx, city)
		q.Days = c.Settings.RepeatDays
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read city %d: %w", city, err)
	}
	for _, o := range offers {
		if o.Found {
			continue
		}
		q.Topic = o.Topic.ID
		found, err := find.Find(ctx, city, q)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return s.similarOf(ctx, city, likeliest(all))
}

// likeliest keeps each problem once, under the topic that makes it likeliest.
func likeliest(all []repeat.Likeness) []repeat.Likeness {
	slices.SortStableFunc(all, func(a, b repeat.Likeness) int { return cmp.Or(cmp.Compare(b.P, a.P), cmp.Compare(a.Metres, b.Metres)) })
	var list []repeat.Likeness
	for _, l := range all {
		if !slices.ContainsFunc(list, func(k repeat.Likeness) bool { return k.ID == l.ID }) {
			list = append(list, l)
		}
	}
	return list[:min(len(list), maxSimilar)]
}

// similarOf names the topics of what was found.
func (s *Service) similarOf(ctx context.Context, city int64, list []repeat.Likeness) ([]Similar, error) {
	var out []Similar
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		out = nil
		for _, l := range list {
			t, err := s.Topics.AtIn(tx, city, l.State.Topic)
			if err != nil && !errors.Is(err, fault.Missing) {
				return fmt.Errorf("read topic of problem %d: %w", l.State.Number, err)
			}
			out = append(out, Similar{Item: l.Item, Topic: t, Metres: l.Metres, P: l.P, Same: l.Same, Closed: l.Closed})
		}
		return nil
	})
	return out, err
}

// firstWords are the words that opened the problem.
func firstWords(card problem.Card) string {
	if len(card.State.Messages) == 0 {
		return ""
	}
	return wordsOf(card, card.State.Messages[0].Text)
}
