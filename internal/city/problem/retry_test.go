package problem_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

func TestARetryDoesNothingTwice(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		order := problem.Order{Command: problemtest.Message(), Key: "a-key-that-a-form-of-ours-made"}
		first, err := town.Do(ctx, problemtest.Guest, order)
		must(t, err)
		again, err := town.Do(ctx, problemtest.Guest, order)
		must(t, err)
		if again.Number != first.Number || again.Secret != first.Secret || again.Secret == "" || !again.Again {
			t.Errorf("first %+v, again %+v", first, again)
		}
		moved := problemtest.Message() // the phone has changed networks, the model was trained anew
		moved.Sender, moved.Model, moved.Offered = problem.Sender{Device: "cookies were cleared", Address: "another address"}, 7, []problem.Offer{{Topic: problemtest.Lamp, P: 0.5}}
		if r, err := town.Do(ctx, problemtest.Guest, problem.Order{Command: moved, Key: order.Key}); err != nil || r.Number != first.Number {
			t.Errorf("the same form from another network: %+v, %v", r, err)
		}
		other := problemtest.Message()
		other.Text = "Совсем другое"
		if _, err := town.Do(ctx, problemtest.Guest, problem.Order{Command: other, Key: order.Key}); !errors.Is(err, fault.Conflict) || fault.Of(err).Phrase != problem.KeyTaken || fault.Of(err).Args[0] != first.Number {
			t.Errorf("another message under the same key: %v", err)
		}
		// The key of one person is no key of another.
		if r, err := town.Do(ctx, problemtest.Anna, order); err != nil || r.Number == first.Number {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

func TestAContactSentTwiceIsKeptOnceAndItsSumTellsNobodyThePhone(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		author, sent := withoutAccount(t, town, problemtest.Message())
		order := problem.Order{Problem: sent.Problem, Key: "the-form-below-the-secret-link",
			Command: problem.GiveContact{Contact: problem.Contact{Phone: "+79213456789", Language: "ru"}}}
		first, err := town.Do(ctx, author, order)
		must(t, err)
		order.Command = problem.GiveContact{Contact: problem.Contact{Phone: "+79213456789", Language: "en"}}
		again, err := town.Do(ctx, author, order)
		must(t, err)
		if !again.Again || again.Seq != first.Seq {
			t.Errorf("first %+v, again %+v", first, again)
		}
		order.Command = problem.GiveContact{Contact: problem.Contact{Email: "anna@example.org"}}
		if _, err := town.Do(ctx, author, order); !errors.Is(err, fault.Conflict) {
			t.Errorf("another contact under the same key: %v", err)
		}
		// Sums outlive an erasure: without the service's own key nobody finds the
		// phone by trying all of them.
		order.Command = problem.GiveContact{Contact: problem.Contact{Phone: "+79213456789"}}
		stolen := *town.Service
		stolen.FollowKey = []byte("the key of who stole the database")
		if _, err := stolen.Do(ctx, author, order); !errors.Is(err, fault.Conflict) {
			t.Errorf("who guesses the phone finds its sum: %v", err)
		}
	})
}

func TestWhatTheCallerWritesStandsOrFallsWithTheCommand(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		calls := 0
		order := problem.Order{Command: problemtest.Message(), Key: "a-form-with-a-consent-beside-it",
			With: func(*sqldb.Tx, int64) error { calls++; return fault.Conflict.New("test.text_of_consent_changed") }}
		if _, err := town.Do(ctx, problemtest.Guest, order); !errors.Is(err, fault.Conflict) {
			t.Errorf("got %v", err)
		}
		clean(t, town, 0)
		order.With = func(_ *sqldb.Tx, key int64) error {
			calls++
			if key == 0 {
				t.Error("the caller is not told which problem")
			}
			return nil
		}
		for range 2 {
			if _, err := town.Do(ctx, problemtest.Guest, order); err != nil {
				t.Fatal(err)
			}
		}
		if calls != 2 {
			t.Errorf("called %d times: a retry writes nothing again", calls)
		}
	})
}

func TestManyTriesAtOnceMakeOneProblem(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		var wg sync.WaitGroup
		numbers := make([]int64, 12)
		for i := range numbers {
			wg.Go(func() {
				r, err := town.Do(context.Background(), problemtest.Guest, problem.Order{Command: problemtest.Message(), Key: "pressed-many-times-on-a-bad-network"})
				if err != nil {
					t.Error(err)
				}
				numbers[i] = r.Number
			})
		}
		wg.Wait()
		for _, n := range numbers {
			if n != numbers[0] {
				t.Errorf("numbers %v", numbers)
				break
			}
		}
	})
}

func TestOfTwoModeratorsTheSecondHearsWhatChanged(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		var wg sync.WaitGroup
		errs := make([]error, 2)
		commands := []problem.Command{problem.Accept{}, problem.Reject{Clause: "2.1", Text: "Не видно"}}
		for i, c := range commands {
			wg.Go(func() {
				_, errs[i] = town.Do(context.Background(), problemtest.Moderator,
					problem.Order{Problem: sent.Problem, Command: c, Version: sent.Seq, Key: fmt.Sprintf("key-number-%d-of-a-moderator", i)})
			})
		}
		wg.Wait()
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Fatalf("both ended alike: %v, %v", errs[0], errs[1])
		}
		for _, err := range errs {
			if err != nil && !errors.Is(err, fault.Conflict) {
				t.Errorf("the loser heard %v", err)
			}
		}
	})
}
