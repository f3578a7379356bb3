package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/city/notice"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

// subjects tells package notice what may be told of an entry in a feed.
type subjects struct{ *App }

// Subject implements notice.Subjects.
func (a subjects) Subject(ctx context.Context, city, key, seq int64) (notice.Subject, error) {
	card, err := a.Problems.FindByID(ctx, resident.Machine(city), key)
	if err != nil {
		return notice.Subject{}, err
	}
	i := slices.IndexFunc(card.Feed, func(e problem.Entry) bool { return e.Seq == seq })
	if i < 0 {
		return notice.Subject{}, fault.Missing.New("problem.missing")
	}
	asks, err := a.asksConsent(ctx, city)
	if err != nil {
		return notice.Subject{}, err
	}
	var s notice.Subject
	err = a.DB.View(ctx, func(tx *sqldb.Tx) error {
		s, err = a.subjectIn(tx, city, card, card.Feed[i], asks)
		return err
	})
	return s, err
}

func (a subjects) subjectIn(tx *sqldb.Tx, city int64, card problem.Card, e problem.Entry, asks bool) (notice.Subject, error) {
	state := card.State
	s := notice.Subject{
		Number: state.Number, Address: state.Place.Address, Event: problem.KindOf(e.Data), Due: state.Due().Time(),
		Author: state.Author, Public: state.Visible(), Actor: e.By.Person, ByAuthor: e.By.Part == problem.AsAuthor,
		Links: a.links(fmt.Sprintf("/problem/%d", state.Number)),
	}
	t, err := a.Topics.AtIn(tx, city, state.Topic)
	if err != nil && !errors.Is(err, fault.Missing) {
		return s, err
	}
	s.Topic = map[string]string(t.Name)
	if s.Joined, err = a.Problems.JoinersIn(tx, city, card.ID); err != nil {
		return s, err
	}
	if err := a.author(tx, city, card, asks, &s); err != nil {
		return s, err
	}
	who := a.say(card, e, &s)
	return s, a.organisation(tx, city, who, &s)
}

// say fills in the words of the entry, as everyone may read them now, and names
// the organisation behind it.
func (a subjects) say(card problem.Card, e problem.Entry, s *notice.Subject) org.ID {
	state := card.State
	switch d := e.Data.(type) {
	case problem.Passed:
		answer := state.Answers[d.Answer-1]
		s.Interim = answer.Interim
		s.Text = words(card, answer.Text)
		return answer.Org
	case problem.Asked:
		s.Text, s.Due = words(card, d.Text.ID), d.Until.Time()
	case problem.Refused, problem.Redirected, problem.Reopened:
		s.Text = words(card, problem.TextOf(e.Data).ID)
	}
	return state.Routing.Executor
}

// words are a text as everyone may read it; none when it is hidden.
func words(card problem.Card, text int64) string {
	if slices.Contains(card.State.HiddenTexts, text) {
		return ""
	}
	for _, e := range card.Feed {
		if e.Text.ID == text {
			return problem.Masked(e.Text.Body)
		}
	}
	return ""
}

// author says how who sent the message without an account can be reached: only
// by what they left for exactly this purpose and, where the city asks for it,
// with their consent.
func (a subjects) author(tx *sqldb.Tx, city int64, card problem.Card, asks bool, s *notice.Subject) error {
	if card.State.Author != 0 || card.State.Erased {
		return nil
	}
	c, err := a.Problems.ContactIn(tx, city, card.ID)
	if err != nil || c.Phone == "" && c.Email == "" {
		return err
	}
	agreed, err := a.Residents.ConsentedIn(tx, city, 0, card.ID, consentContact)
	if err != nil || asks && !agreed {
		return err
	}
	s.Contact = notice.Contact{Email: see.Email(c.Email), Phone: see.Phone(c.Phone), Language: c.Language}
	secret, _ := a.Problems.FollowSecret(card.State.UID)
	s.Private = a.links("/follow/" + secret)
	return nil
}

// consentContact is the purpose under which a phone or an address may be used.
const consentContact = "contact"

// asksConsent tells whether the city keeps contacts by consent: it does where its
// pack has the text; without one it acts on another ground.
func (a subjects) asksConsent(ctx context.Context, city int64) (bool, error) {
	main := ""
	if err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := a.Places.CityIn(tx, city)
		main = c.Main
		return err
	}); err != nil {
		return false, err
	}
	_, err := a.Residents.ConsentText(ctx, city, consentContact, main, main)
	if errors.Is(err, fault.Missing) {
		return false, nil
	}
	return err == nil, err
}

func (a subjects) links(path string) notice.Links {
	page := a.Settings.PublicURL + path
	return notice.Links{Page: page, Confirm: page + "#judge", Dispute: page + "?dispute=1#judge"}
}

func (a subjects) organisation(tx *sqldb.Tx, city int64, o org.ID, s *notice.Subject) error {
	if o == "" {
		return nil
	}
	body, err := a.Orgs.FindIn(tx, city, o)
	if errors.Is(err, fault.Missing) {
		return nil
	}
	s.Org = body.Name
	return err
}
