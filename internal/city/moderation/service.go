package moderation

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/city/deadline"
	"gorod/internal/city/problem"
	"gorod/internal/city/reading"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Service lays the desk and carries verdicts out. Its fields are given at
// start and never change.
type Service struct {
	DB        *sqldb.DB
	Topics    *topic.Service
	Routes    *routing.Service
	Deadlines *deadline.Service
	Problems  *problem.Service
	// Advise proposes topics for a message; nil where no model is asked. Adviser
	// makes one.
	Advise func(ctx context.Context, city int64, in suggest.Input) ([]Proposal, error)
	// Audits finds what an author was offered; nil where nothing is kept.
	Audits func(tx *sqldb.Tx, city, problem int64) (a suggest.Audit, found bool, err error)
}

// Look is what a moderator wants to see.
type Look struct {
	Number int64  // of the problem; 0: the most urgent one
	Query  string // words to find another topic by
	Lang   string // of the query
}

// readers are the roles that may read answers before the residents do.
func readers() []resident.Role { return []resident.Role{resident.Moderator, resident.Controller} }

// page is how many lines of a queue a desk shows.
const page = 50

// Desk lays out messages. A problem that is no longer in moderation is shown
// all the same: its card says what may be done with it. Denied without the role
// or outside its areas, Missing when there is no such problem.
func (s *Service) Desk(ctx context.Context, who resident.Who, look Look) (Desk, error) {
	if !who.Has(resident.Moderator) {
		return Desk{}, fault.Denied.New("moderation.denied")
	}
	q, err := s.queue(ctx, who, problem.Moderation)
	if err != nil {
		return Desk{}, err
	}
	card, found, err := s.card(ctx, who, look.Number, q)
	if err != nil || !found {
		return Desk{Queue: q}, err
	}
	c, err := s.lay(ctx, who, card, look)
	if err != nil {
		return Desk{}, fmt.Errorf("lay problem %d on the desk: %w", card.State.Number, err)
	}
	return Desk{Queue: q, Case: c}, nil
}

func (s *Service) queue(ctx context.Context, who resident.Who, status problem.Status) (Queue, error) {
	ask := problem.Queue{Statuses: []problem.Status{status}, Limit: page}
	items, err := s.Problems.Queue(ctx, who, ask)
	if err != nil {
		return Queue{}, fmt.Errorf("list what waits: %w", err)
	}
	n, err := s.Problems.Count(ctx, who, ask)
	if err != nil {
		return Queue{}, fmt.Errorf("count what waits: %w", err)
	}
	return Queue{Items: items, Count: n, Oldest: oldest(items, s.DB.Now())}, nil
}

// card reads the problem that was asked for, else the first of the queue.
func (s *Service) card(ctx context.Context, who resident.Who, number int64, q Queue) (problem.Card, bool, error) {
	var card problem.Card
	var err error
	switch {
	case number != 0:
		card, err = s.Problems.Find(ctx, who, number)
	case len(q.Items) > 0:
		card, err = s.Problems.FindByID(ctx, who, q.Items[0].ID)
	default:
		return problem.Card{}, false, nil
	}
	if err != nil {
		return problem.Card{}, false, err
	}
	if !card.Staff {
		return problem.Card{}, false, fault.Denied.New("moderation.denied_area")
	}
	return card, true, nil
}

// lay collects what a verdict needs.
func (s *Service) lay(ctx context.Context, who resident.Who, card problem.Card, look Look) (*Case, error) {
	c := &Case{Card: card, Disputed: disputed(card.State), Findings: reading.Read(wordsOf(card, card.State.LastMessage().Text))}
	in, record, err := s.heard(ctx, who.City, card)
	if err != nil {
		return nil, err
	}
	c.Audit = record
	if c.Offers, err = s.offers(ctx, who.City, card, in, look); err != nil {
		return nil, err
	}
	if c.Similar, err = s.near(ctx, who.City, card, c.Offers); err != nil {
		return nil, err
	}
	if author := card.State.Author; author != 0 {
		mine, err := s.Problems.Mine(ctx, resident.Who{City: who.City, ID: author}, 200)
		if err != nil {
			return nil, fmt.Errorf("read history of author: %w", err)
		}
		c.Author = history(author, card.ID, mine, s.DB.Now())
	}
	return c, nil
}

// offers looks the topics up and tells where each would lead.
func (s *Service) offers(ctx context.Context, city int64, card problem.Card, in suggest.Input, look Look) ([]Offer, error) {
	proposals, err := s.advice(ctx, city, in)
	if err != nil {
		return nil, err
	}
	found, err := s.search(ctx, city, look)
	if err != nil {
		return nil, err
	}
	own, _ := chosen(card)
	var offers []Offer
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		offers = nil
		for _, c := range candidates(card.State.Topic.ID, own.ID, proposals, found) {
			o, known, err := s.offerIn(tx, city, card.State, c)
			if err != nil {
				return err
			}
			if known {
				o.Author = c.id == own.ID
				offers = append(offers, o)
			}
		}
		return nil
	})
	return offers, err
}

func (s *Service) advice(ctx context.Context, city int64, in suggest.Input) ([]Proposal, error) {
	if s.Advise == nil || in.Text == "" {
		return nil, nil
	}
	proposals, err := s.Advise(ctx, city, in)
	if err != nil {
		return nil, fmt.Errorf("propose topics: %w", err)
	}
	return proposals, nil
}

func (s *Service) search(ctx context.Context, city int64, look Look) ([]topic.ID, error) {
	if look.Query == "" {
		return nil, nil
	}
	topics, err := s.Topics.Search(ctx, city, look.Lang, look.Query)
	if err != nil {
		return nil, fmt.Errorf("search topics: %w", err)
	}
	var found []topic.ID
	for _, t := range topics {
		found = append(found, t.ID)
	}
	return found, nil
}

// offerIn looks a topic up as it stands now, the message's own as it stood when
// it was sent. A topic that the pack has lost is not offered.
func (s *Service) offerIn(tx *sqldb.Tx, city int64, state problem.State, c candidate) (Offer, bool, error) {
	o := Offer{P: c.p, Rank: c.rank, Because: c.because, Found: c.found, Current: c.id == state.Topic.ID}
	var err error
	if o.Current {
		o.Topic, err = s.Topics.AtIn(tx, city, state.Topic)
	} else {
		o.Topic, err = s.Topics.FindIn(tx, city, c.id)
	}
	if errors.Is(err, fault.Missing) {
		return Offer{}, false, nil
	}
	if err != nil {
		return Offer{}, false, fmt.Errorf("read topic %d: %w", c.id, err)
	}
	o.Route, err = s.routeIn(tx, city, o.Topic, state)
	return o, err == nil, err
}

// routeIn is what accepting under a topic would do now. A dispute goes back to
// who answered.
func (s *Service) routeIn(tx *sqldb.Tx, city int64, t topic.Topic, state problem.State) (Route, error) {
	d, err := s.Routes.RouteIn(tx, city, t, state.Place, tx.Now())
	if err != nil {
		return Route{}, fmt.Errorf("route topic %d: %w", t.ID, err)
	}
	if len(state.Messages) > 1 && state.Routing.Executor != "" {
		r := state.Routing
		d = routing.Decision{Executor: r.Executor, Coordinator: r.Coordinator, Controller: r.Controller, Rule: r.Rule, Version: r.Version}
	}
	key := deadline.TopicKey{ID: fmt.Sprint(t.ID), Category: fmt.Sprint(t.Category), Object: fmt.Sprint(t.Object)}
	p, err := s.Deadlines.PromiseIn(tx, city, key, tx.Now(), nil, deadline.Processing, deadline.Review)
	if err != nil {
		return Route{}, fmt.Errorf("promise for topic %d: %w", t.ID, err)
	}
	return Route{Decision: d, Promise: p}, nil
}

// Review lays out answers. Number 0 is the most urgent one.
func (s *Service) Review(ctx context.Context, who resident.Who, number int64) (ReviewDesk, error) {
	if !slices.ContainsFunc(readers(), who.Has) {
		return ReviewDesk{}, fault.Denied.New("moderation.denied")
	}
	q, err := s.queue(ctx, who, problem.Review)
	if err != nil {
		return ReviewDesk{}, err
	}
	card, found, err := s.card(ctx, who, number, q)
	if err != nil || !found || len(card.State.Answers) == 0 {
		return ReviewDesk{Queue: q}, err
	}
	c := &ReviewCase{Card: card, Answer: card.State.Answers[len(card.State.Answers)-1]}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c.Topic, err = s.Topics.AtIn(tx, who.City, card.State.Topic)
		return err
	})
	if err != nil {
		return ReviewDesk{}, fmt.Errorf("read topic of problem %d: %w", card.State.Number, err)
	}
	c.Hints = hints(card.State, c.Answer, c.Topic, func(key int64) string { return wordsOf(card, key) })
	return ReviewDesk{Queue: q, Case: c}, nil
}

func wordsOf(card problem.Card, key int64) string {
	for _, e := range card.Feed {
		if key != 0 && e.Text.ID == key {
			return e.Text.Body
		}
	}
	return ""
}

// Accept takes a message, under another topic where the moderator chose one, and
// gives it to an organisation. Conflict when somebody was faster.
func (s *Service) Accept(ctx context.Context, who resident.Who, f Form, a Acceptance) (problem.Receipt, error) {
	return s.judge(ctx, who, f, func(card problem.Card) ([]step, error) { return acceptance(card.State, a), nil })
}

// Reject refuses a message with a clause.
func (s *Service) Reject(ctx context.Context, who resident.Who, f Form, r Refusal) (problem.Receipt, error) {
	return s.judge(ctx, who, f, func(card problem.Card) ([]step, error) { return refusal(card.State, r) })
}

// Ask asks the author something.
func (s *Service) Ask(ctx context.Context, who resident.Who, f Form, question string) (problem.Receipt, error) {
	return s.judge(ctx, who, f, func(problem.Card) ([]step, error) {
		return []step{{"ask", problem.Ask{Text: question}}}, nil
	})
}

// Duplicate lets the author join another problem and refuses the message with
// the clause Repeated. The other problem is checked as the moderator sees it.
func (s *Service) Duplicate(ctx context.Context, who resident.Who, f Form, r Repeat) (problem.Receipt, error) {
	return s.judge(ctx, who, f, func(card problem.Card) ([]step, error) {
		steps := []step{{"reject", problem.Reject{Clause: Repeated, Text: r.Text, Of: r.Of}}}
		other, err := s.Problems.Find(ctx, who, r.Of)
		if errors.Is(err, fault.Missing) {
			return nil, fault.Invalid.Field("duplicate_number", "moderation.no_such_problem", r.Of)
		}
		if err != nil {
			return nil, err
		}
		if err := checkRepeat(card, other); err != nil {
			return nil, err
		}
		if f.Version != 0 && len(Since(card, f.Version)) > 0 {
			return steps, nil // done before, or about to be told what changed: nobody joins for nothing
		}
		return steps, s.join(ctx, who.City, f.Key, card, other)
	})
}

// join makes the author of one problem a joiner of another. Who wrote both, or
// has joined already, needs nothing. The city acts: a moderator's own account
// joins nothing, and the other problem need not be public.
func (s *Service) join(ctx context.Context, city int64, key string, card, other problem.Card) error {
	author := resident.Who{City: city, ID: card.State.Author, System: true}
	if author.ID != 0 && author.ID == other.State.Author {
		return nil
	}
	_, err := s.Problems.Do(ctx, author, problem.Order{
		Problem: other.ID, Key: key + ":join",
		Command: problem.Join{Key: problem.JoinKey(author, card.State.UID)},
	})
	if errors.Is(err, fault.Conflict) {
		return nil // has joined already
	}
	return err
}

// judge carries a verdict out: plan the steps on the card as the moderator saw
// it, then give each command on the version that the one before left.
func (s *Service) judge(ctx context.Context, who resident.Who, f Form, plan func(problem.Card) ([]step, error)) (problem.Receipt, error) {
	if !who.Has(resident.Moderator) {
		return problem.Receipt{}, fault.Denied.New("moderation.denied")
	}
	card, err := s.Problems.FindByID(ctx, who, f.Problem)
	if err != nil {
		return problem.Receipt{}, err
	}
	steps, err := plan(asSeen(card, f.Version))
	if err != nil {
		return problem.Receipt{}, err
	}
	var out problem.Receipt
	version := f.Version
	for _, st := range steps {
		out, err = s.Problems.Do(ctx, who, problem.Order{Problem: f.Problem, Command: st.command, Version: version, Key: f.Key + ":" + st.name})
		if err != nil {
			return problem.Receipt{}, err
		}
		version = out.Seq
	}
	return out, nil
}
