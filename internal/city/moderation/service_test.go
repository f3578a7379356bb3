package moderation_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/moderation"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), place.Migrations(), topic.Migrations(), org.Migrations(), resident.Migrations(),
	deadline.Migrations(), routing.Migrations(), problem.Migrations())

const (
	town  = 1
	lamp  = topic.ID(10)
	bench = topic.ID(20)
)

var (
	square = geo.Point{Lat: 56.5, Lon: 50.5}
	anna   = resident.Who{City: town, ID: 900}
	boris  = resident.Who{City: town, ID: 901}
	olga   = resident.Who{City: town, ID: 11, Org: "adm", Roles: []resident.Role{resident.Moderator}}
	masha  = resident.Who{City: town, ID: 12, Org: "adm", Roles: []resident.Role{resident.Moderator}}
	igor   = resident.Who{City: town, ID: 13, Org: "light", Roles: []resident.Role{resident.Executor}}
	signed = problem.Signer{Position: "мастер", Name: "И. Лампин", Phone: "2-14-80"}
)

// world is a town of one square with two topics.
type world struct {
	t        *testing.T
	ctx      context.Context
	problems *problem.Service
	desk     *moderation.Service
	keys     int
}

func open(t *testing.T, db *sqldb.DB) *world {
	t.Helper()
	places, topics := place.New(db), topic.New(db)
	routes, terms := routing.New(db, places), deadline.New(db, places)
	w := &world{t: t, ctx: context.Background()}
	w.problems = problem.New(problem.Service{DB: db, Places: places, Topics: topics, Routes: routes, Deadlines: terms})
	w.desk = &moderation.Service{DB: db, Topics: topics, Routes: routes, Deadlines: terms, Problems: w.problems}
	name := func(ru string) topic.Name { return topic.Name{"ru": ru} }
	leaf := func(id topic.ID, ru string) topic.Topic {
		return topic.Topic{Ref: topic.Ref{ID: id}, Object: 1, ObjectName: name("Двор"), Category: 2, CategoryName: name("Двор"), Name: name(ru),
			Widget: topic.FreePoint, Public: true, Open: true, Interim: true}
	}
	box := geo.Box{Min: geo.Point{Lat: 56, Lon: 50}, Max: geo.Point{Lat: 57, Lon: 51}}
	err := db.Do(w.ctx, func(tx *sqldb.Tx) error {
		city := place.City{ID: town, Key: "town", Name: map[string]string{"ru": "Город"}, Zone: time.UTC, Languages: []string{"ru"}, Main: "ru",
			Bounds: box, Center: square, Settings: place.DefaultSettings()}
		return errors.Join(
			places.SaveCityIn(tx, city),
			topics.Load(tx, town, 1, []topic.Topic{leaf(lamp, "Не горит фонарь"), leaf(bench, "Сломана скамейка")}),
			routes.Load(tx, town, 1, []routing.Rule{
				{ID: 1, Topic: lamp, Executor: "light", Coordinator: "kom", Controller: "adm"},
				{ID: 2, Category: 2, Executor: "yard", Coordinator: "kom", Controller: "adm"},
			}),
			terms.Load(tx, town, 1, deadline.Rows{Terms: []deadline.Rule{
				{Stage: deadline.Moderation, Term: deadline.Term{Amount: 24, Unit: deadline.Hours}},
				{Stage: deadline.Processing, Term: deadline.Term{Amount: 5, Unit: deadline.CalendarDays}},
				{Stage: deadline.Review, Term: deadline.Term{Amount: 1, Unit: deadline.CalendarDays}},
			}}),
			places.SwitchIn(tx, town, 1),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) key() string {
	w.keys++
	return fmt.Sprintf("%032d", w.keys)
}

func (w *world) do(who resident.Who, id int64, c problem.Command) int64 {
	w.t.Helper()
	out, err := w.problems.Do(w.ctx, who, problem.Order{Problem: id, Command: c, Key: w.key()})
	if err != nil {
		w.t.Fatalf("%T: %v", c, err)
	}
	return out.Problem
}

func (w *world) send(who resident.Who, about topic.ID, words string, metresNorth float64) problem.Card {
	w.t.Helper()
	p := square
	p.Lat += metresNorth / 111_200
	id := w.do(who, 0, problem.Send{Text: words, Topic: about, Place: place.Draft{Point: p, Mark: place.FreePoint}, Channel: "web"})
	return w.card(id)
}

func (w *world) card(id int64) problem.Card {
	w.t.Helper()
	card, err := w.problems.FindByID(w.ctx, resident.Machine(town), id)
	if err != nil {
		w.t.Fatal(err)
	}
	return card
}

func (w *world) form(card problem.Card) moderation.Form {
	return moderation.Form{Problem: card.ID, Version: card.State.Seq, Key: w.key()}
}

func TestTheDeskShowsTheMostUrgentMessageWithAllThatAVerdictNeeds(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		w.desk.Advise = func(_ context.Context, _ int64, in suggest.Input) ([]moderation.Proposal, error) {
			if in.Text == "" || in.Author == "" || in.At.IsZero() || in.Lat == 0 {
				t.Errorf("the model is told %+v", in)
			}
			return []moderation.Proposal{{Topic: lamp, P: 0.9, Because: []suggest.Reason{{Kind: suggest.SaidWord, Text: "фонарь"}}}, {Topic: 77, P: 0.05}}, nil
		}
		first := w.send(anna, bench, "не горит фонарь у скамейки", 0)
		w.send(boris, lamp, "темно на площади", 40)
		w.send(boris, lamp, "темно за рекой", 900)
		desk, err := w.desk.Desk(w.ctx, olga, moderation.Look{Query: "скамейка", Lang: "ru"})
		if err != nil {
			t.Fatal(err)
		}
		if desk.Queue.Count != 3 || len(desk.Queue.Items) != 3 || desk.Case == nil || desk.Case.Card.ID != first.ID {
			t.Fatalf("desk has %d of %d, case %+v", len(desk.Queue.Items), desk.Queue.Count, desk.Case)
		}
		offers := desk.Case.Offers
		if len(offers) != 2 || !offers[1].Current || !offers[1].Author || offers[0].Topic.ID != lamp || offers[0].P != 0.9 || offers[0].Rank != 1 {
			t.Fatalf("offers are %+v: the model's first, the own topic next, what the pack has lost not at all", offers)
		}
		if got := offers[0].Route; got.Decision.Executor != "light" || got.Decision.RunnerUp == nil || got.Decision.RunnerUp.Executor != "yard" || !got.Promise.Known() {
			t.Errorf("route of the lamp is %+v", got)
		}
		if got := desk.Case.Similar; len(got) != 1 || got[0].Metres < 35 || got[0].Metres > 45 || got[0].Topic.ID != lamp {
			t.Errorf("near are %+v, want the one 40 m away", got)
		}
		if h := desk.Case.Author; !h.Known || h.Sent != 0 || h.Today != 1 {
			t.Errorf("history is %+v", h)
		}
	})
}

func TestOnlyThoseWhoseDeskItIsSeeIt(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, lamp, "темно", 0)
		elsewhere := olga
		elsewhere.Areas = []string{"other"}
		for name, who := range map[string]resident.Who{"a resident": anna, "an executor": igor} {
			if _, err := w.desk.Desk(w.ctx, who, moderation.Look{}); !errors.Is(err, fault.Denied) {
				t.Errorf("%s: %v", name, err)
			}
			if _, err := w.desk.Review(w.ctx, who, 0); !errors.Is(err, fault.Denied) {
				t.Errorf("%s reads answers: %v", name, err)
			}
			if _, err := w.desk.Accept(w.ctx, who, w.form(card), moderation.Acceptance{}); !errors.Is(err, fault.Denied) {
				t.Errorf("%s accepts: %v", name, err)
			}
		}
		if _, err := w.desk.Desk(w.ctx, elsewhere, moderation.Look{Number: card.State.Number}); !errors.Is(err, fault.Missing) && !errors.Is(err, fault.Denied) {
			t.Errorf("a moderator of another area: %v", err)
		}
	})
}

func TestATopicIsCorrectedAndTheMessageAcceptedInOneGo(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, bench, "не горит фонарь, звоните 8 921 123-45-67", 0)
		form, verdict := w.form(card), moderation.Acceptance{Topic: lamp, Hiding: moderation.Hiding{Text: true}}
		for range 2 { // the second is a retry from a bad network
			out, err := w.desk.Accept(w.ctx, olga, form, verdict)
			if err != nil || out.Status != problem.Work {
				t.Fatalf("accepted: %+v, %v", out, err)
			}
		}
		got := w.card(card.ID).State
		if got.Topic.ID != lamp || got.Routing.Executor != "light" || len(got.HiddenTexts) != 1 || got.Seq != card.State.Seq+3 {
			t.Errorf("state is %+v", got)
		}
	})
}

func TestWhoComesSecondIsToldWhatChanged(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, bench, "темно", 0)
		if _, err := w.desk.Accept(w.ctx, olga, w.form(card), moderation.Acceptance{Topic: lamp}); err != nil {
			t.Fatal(err)
		}
		for name, verdict := range map[string]func() error{
			"accept": func() error { _, err := w.desk.Accept(w.ctx, masha, w.form(card), moderation.Acceptance{}); return err },
			"reject": func() error {
				_, err := w.desk.Reject(w.ctx, masha, w.form(card), moderation.Refusal{Clause: "2.1", Known: []string{"2.1"}})
				return err
			},
		} {
			if err := verdict(); !errors.Is(err, fault.Conflict) {
				t.Errorf("%s: %v, want a conflict", name, err)
			}
		}
		later := moderation.Since(w.card(card.ID), card.State.Seq)
		if len(later) != 2 || later[0].By.Person != olga.ID {
			t.Errorf("since then: %+v", later)
		}
	})
}

func TestARefusalStandsOnAClauseOfTheRules(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, lamp, "всё плохо", 0)
		_, err := w.desk.Reject(w.ctx, olga, w.form(card), moderation.Refusal{Clause: "9.9", Known: []string{"2.1"}})
		if f := fault.Of(err); f == nil || len(f.Fields) != 1 || f.Fields[0].Name != "clause" {
			t.Errorf("an invented clause: %v", err)
		}
		out, err := w.desk.Reject(w.ctx, olga, w.form(card), moderation.Refusal{Clause: "2.1", Text: "Пришлите фото.", Known: []string{"2.1"}})
		if err != nil || out.Status != problem.Rejected {
			t.Fatalf("rejected: %+v, %v", out, err)
		}
	})
}

func TestTheAuthorOfADuplicateJoinsTheOther(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		other := w.send(anna, lamp, "темно на площади", 0)
		repeat := func(card problem.Card, of int64) error {
			_, err := w.desk.Duplicate(w.ctx, olga, w.form(card), moderation.Repeat{Of: of, Text: "Уже есть"})
			return err
		}
		second := w.send(boris, lamp, "фонарь", 10)
		if err := repeat(second, second.State.Number); !errors.Is(err, fault.Invalid) {
			t.Errorf("a duplicate of itself: %v", err)
		}
		if err := repeat(second, 999_999); !errors.Is(err, fault.Invalid) {
			t.Errorf("a duplicate of nothing: %v", err)
		}
		if err := repeat(second, other.State.Number); err != nil {
			t.Fatal(err)
		}
		nobody := w.send(resident.Who{City: town}, lamp, "нет света", 20)
		if err := repeat(nobody, other.State.Number); err != nil {
			t.Fatal(err)
		}
		own := w.send(anna, bench, "и скамейка", 30)
		if err := repeat(own, other.State.Number); err != nil {
			t.Fatal(err)
		}
		if got := w.card(other.ID).State.Joined; got != 2 {
			t.Errorf("%d joined, want 2: the author of both is no joiner", got)
		}
		mine, err := w.problems.Mine(w.ctx, boris, 10)
		if err != nil || len(mine) != 2 {
			t.Errorf("Boris follows %d problems, want 2 (%v)", len(mine), err)
		}
		if got := w.card(second.ID).State.Status; got != problem.Rejected {
			t.Errorf("the duplicate is %s", got)
		}
		closed := w.send(boris, bench, "скамейка", 60)
		if err := repeat(closed, second.State.Number); !errors.Is(err, fault.Closed) {
			t.Errorf("a duplicate of what is over: %v", err)
		}
	})
}

func TestNobodyJoinsWhereTheVerdictComesTooLate(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		other, card := w.send(anna, lamp, "темно", 0), w.send(boris, lamp, "фонарь", 10)
		w.do(masha, card.ID, problem.ChangeTopic{To: bench})
		_, err := w.desk.Duplicate(w.ctx, olga, w.form(card), moderation.Repeat{Of: other.State.Number})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("too late: %v", err)
		}
		if got := w.card(other.ID).State.Joined; got != 0 {
			t.Errorf("%d joined", got)
		}
	})
}

func TestAnAnswerIsReadBesideItsMessage(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, lamp, "темно", 0)
		if _, err := w.desk.Accept(w.ctx, olga, w.form(card), moderation.Acceptance{}); err != nil {
			t.Fatal(err)
		}
		w.do(igor, card.ID, problem.Give{Outcome: problem.Done, Text: "Готово", Signer: signed})
		desk, err := w.desk.Review(w.ctx, olga, 0)
		if err != nil || desk.Case == nil {
			t.Fatalf("%+v, %v", desk, err)
		}
		if desk.Queue.Count != 1 || desk.Case.Answer.Num != 1 || desk.Case.Topic.ID != lamp {
			t.Errorf("desk is %+v", desk)
		}
		if got := fmt.Sprint(desk.Case.Hints); !strings.Contains(got, string(moderation.VeryShort)) {
			t.Errorf("hints are %s", got)
		}
		w.do(olga, card.ID, problem.Pass{})
		if desk, err := w.desk.Review(w.ctx, olga, 0); err != nil || desk.Case != nil || desk.Queue.Count != 0 {
			t.Errorf("after it passed: %+v, %v", desk, err)
		}
	})
}

func TestADisputeShowsTheAnswerItIsAbout(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := open(t, db)
		card := w.send(anna, lamp, "темно", 0)
		w.do(olga, card.ID, problem.Accept{})
		w.do(igor, card.ID, problem.Give{Outcome: problem.Done, Text: "Заменили лампу, горит.", Signer: signed})
		w.do(olga, card.ID, problem.Pass{})
		w.do(anna, card.ID, problem.Dispute{Text: "Не горит", Channel: "web"})
		desk, err := w.desk.Desk(w.ctx, olga, moderation.Look{Number: card.State.Number})
		if err != nil {
			t.Fatal(err)
		}
		if desk.Case.Disputed == nil || desk.Case.Disputed.Num != 1 {
			t.Errorf("the disputed answer is %+v", desk.Case.Disputed)
		}
		if got := desk.Case.Offers[0].Route.Decision.Executor; got != "light" {
			t.Errorf("a dispute goes back to who answered, not to %q", got)
		}
	})
}
