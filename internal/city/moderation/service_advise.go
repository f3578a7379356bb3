package moderation

import (
	"context"
	"fmt"
	"strconv"

	"gorod/internal/city/problem"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/sqldb"
)

// explained is how many reasons a desk shows for a proposal.
const explained = 5

// Adviser lets the models of a service speak at the desk, each proposal with
// what spoke most for it.
func Adviser(models *suggest.Service) func(ctx context.Context, city int64, in suggest.Input) ([]Proposal, error) {
	return func(ctx context.Context, city int64, in suggest.Input) ([]Proposal, error) {
		advice, err := models.Propose(ctx, city, in)
		if err != nil {
			return nil, err
		}
		list := make([]Proposal, 0, len(advice.Best))
		for _, p := range advice.Best {
			because, err := models.Explain(ctx, city, in, p.Topic, suggest.ToldOf(explained))
			if err != nil {
				return nil, err
			}
			list = append(list, Proposal{Topic: p.Topic, P: p.P, Because: suggest.Telling(because, explained)})
		}
		return list, nil
	}
}

// heard is what was known of a message when it was sent, and the record of what
// its author was offered; nil where there is none.
func (s *Service) heard(ctx context.Context, city int64, card problem.Card) (suggest.Input, *suggest.Audit, error) {
	last, place := card.State.LastMessage(), card.State.Place
	in := suggest.Input{Text: wordsOf(card, last.Text), Lat: place.Point.Lat, Lon: place.Point.Lon,
		District: string(place.District), Area: string(place.Municipality)}
	if author := card.State.Author; author != 0 {
		in.Author = strconv.FormatInt(author, 10)
	}
	var record *suggest.Audit
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		here, err := s.Problems.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		in.At = last.At.Time().In(here.Zone)
		if s.Audits == nil || len(card.State.Messages) > 1 {
			return nil // a dispute was offered nothing
		}
		a, found, err := s.Audits(tx, city, card.ID)
		if err == nil && found {
			record, in.Object = &a, a.Asked
		}
		return err
	})
	if err != nil {
		return in, nil, fmt.Errorf("read what was offered: %w", err)
	}
	return in, record, nil
}
