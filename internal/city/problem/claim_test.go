package problem_test

import (
	"context"
	"errors"
	"testing"

	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

func TestWhoJoinedWithoutAnAccountHasTheLastWordToo(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		neighbour, stranger := problemtest.Guest, problemtest.Guest
		neighbour.Device, stranger.Device = "11aa", "22bb"
		town.Give(t, neighbour, sent.Problem, problem.Join{Key: problem.JoinKey(neighbour, neighbour.Device)})
		town.Give(t, problemtest.Electrican, sent.Problem, problem.Give{Outcome: problem.Done, Text: "Горит", Signer: problem.Signer{Name: "Лампин"}})
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Pass{})
		for _, c := range []struct {
			who    resident.Who
			joined bool
		}{{neighbour, true}, {stranger, false}, {problemtest.Guest, false}} {
			seen := card(t, town, c.who, sent.Number)
			if seen.Joined != c.joined || seen.Can(problem.DoDispute) != c.joined || seen.Can(problem.DoLeave) != c.joined || seen.Can(problem.DoJoin) == c.joined {
				t.Errorf("%q joined: %v, may %v", c.who.Device, seen.Joined, seen.May)
			}
		}
		if err := town.Refused(t, stranger, sent.Problem, problem.Dispute{Text: "Нет", Channel: "web"}); !errors.Is(err, fault.Denied) {
			t.Errorf("a stranger disputes: %v", err)
		}
		town.Give(t, neighbour, sent.Problem, problem.Dispute{Text: "У нас по-прежнему темно", Channel: "web"})
		if st := card(t, town, problemtest.Anna, sent.Number).State; st.Status != problem.Moderation || len(st.Messages) != 2 {
			t.Errorf("after the dispute: %s, %d messages", st.Status, len(st.Messages))
		}
		town.Give(t, neighbour, sent.Problem, problem.Leave{Key: problem.JoinKey(neighbour, neighbour.Device)})
		if seen := card(t, town, neighbour, sent.Number); seen.Joined || seen.State.Joined != 0 {
			t.Errorf("after leaving: %v, %d joined", seen.Joined, seen.State.Joined)
		}
		clean(t, town, 1)
	})
}

func TestAMessageSentWithoutAnAccountCanBeClaimedOnce(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		author, sent := withoutAccount(t, town, problemtest.Message())
		if err := town.Refused(t, author, sent.Problem, problem.Claim{}); !errors.Is(err, fault.Denied) {
			t.Errorf("nobody claims: %v", err)
		}
		if err := town.Refused(t, problemtest.Boris, sent.Problem, problem.Claim{}); !errors.Is(err, fault.Missing) {
			t.Errorf("without the link: %v", err)
		}
		anna, boris := problemtest.Anna, problemtest.Boris
		anna.Problem, boris.Problem = sent.Problem, sent.Problem
		if !card(t, town, anna, sent.Number).Can(problem.DoClaim) {
			t.Error("who has account and link may not claim")
		}
		town.Give(t, anna, sent.Problem, problem.Claim{})
		if err := town.Refused(t, anna, sent.Problem, problem.Claim{}); !errors.Is(err, fault.Conflict) {
			t.Errorf("twice: %v", err)
		}
		if err := town.Refused(t, boris, sent.Problem, problem.Claim{}); !errors.Is(err, fault.Denied) {
			t.Errorf("another account: %v", err)
		}
		mine, err := town.Mine(context.Background(), problemtest.Anna, 10)
		must(t, err)
		if len(mine) != 1 || mine[0].ID != sent.Problem || !card(t, town, problemtest.Anna, sent.Number).IsAuthor {
			t.Errorf("hers are %v", mine)
		}
		clean(t, town, 1)
	})
}

func TestForgettingAContactLeavesNothingOfIt(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Contact = problem.Contact{Phone: "+79213456789", Apartment: "7"}
		author, sent := withoutAccount(t, town, m)
		if err := town.Refused(t, problemtest.Boris, sent.Problem, problem.ForgetContact{}); !errors.Is(err, fault.Missing) {
			t.Errorf("somebody else: %v", err)
		}
		town.Give(t, author, sent.Problem, problem.ForgetContact{})
		if c := contactOf(t, town, sent.Problem); !c.Blank() {
			t.Errorf("kept %+v", c)
		}
		seen := card(t, town, author, sent.Number)
		if _, ok := seen.Feed[len(seen.Feed)-1].Data.(problem.ContactForgotten); !ok || seen.Can(problem.DoForgetContact) || seen.Contact != nil {
			t.Errorf("the feed ends with %T, may %v", seen.Feed[len(seen.Feed)-1].Data, seen.May)
		}
		clean(t, town, 1)
	})
}

func TestWhoJoinedReadsNothingOfWhatTheAuthorIsAsked(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Ask{Text: "У какого подъезда?"})
		town.Give(t, problemtest.Anna, sent.Problem, problem.Reply{Text: "У второго, квартира 17"})
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		neighbour := problemtest.Guest
		neighbour.Device = "11aa"
		town.Give(t, neighbour, sent.Problem, problem.Join{Key: problem.JoinKey(neighbour, neighbour.Device)})
		reads := func(who resident.Who) (n int) {
			for _, e := range card(t, town, who, sent.Number).Feed {
				switch e.Data.(type) {
				case problem.Asked, problem.Replied:
					n++
				}
			}
			return n
		}
		if reads(neighbour) != 0 || reads(problemtest.Anna) != 2 || reads(problemtest.Moderator) != 2 {
			t.Errorf("who joined reads %d entries, the author %d, staff %d", reads(neighbour), reads(problemtest.Anna), reads(problemtest.Moderator))
		}
	})
}
