package web

import (
	"context"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/problem"
	"gorod/internal/platform/locale"
)

func waitsSince(st problem.State) time.Time { return moderation.WaitsSince(st) }

func plainNumber(n int64) string { return strconv.FormatInt(n, 10) }

// stepText tells an entry of a feed in one sentence, as colleagues would.
func (s *Server) stepText(n *names, e problem.Entry) string {
	say := func(what string, args ...any) string { return s.say(n.v, "staff_web.step."+what, args...) }
	switch d := e.Data.(type) {
	case problem.Sent:
		return say("sent")
	case problem.TopicChanged:
		return say("topic_changed", n.topic(d.To.ID))
	case problem.Asked:
		return say("asked", e.Text.Body)
	case problem.Replied:
		return say("replied")
	case problem.Lapsed:
		return say("lapsed")
	case problem.Accepted:
		return s.acceptedText(n, d)
	case problem.Refused:
		return say("refused", d.Clause)
	case problem.TakenBack:
		return say("taken_back")
	case problem.Redirected:
		if d.To.Executor == "" {
			return say("redirected_nobody", n.org(d.To.Coordinator))
		}
		return say("redirected", n.org(d.To.Executor))
	case problem.RedirectAsked:
		return say("redirect_asked", n.org(d.Org))
	case problem.RedirectDeclined:
		return say("redirect_declined")
	case problem.Given:
		return say("given", n.org(d.Org))
	case problem.SentBack:
		return say("sent_back")
	case problem.Passed:
		return say("passed")
	}
	return s.lateStepText(n, e)
}

func (s *Server) acceptedText(n *names, d problem.Accepted) string {
	switch {
	case d.Routing.Executor == "":
		return s.say(n.v, "staff_web.step.accepted_nobody")
	case d.Routing.Rule == 0:
		return s.say(n.v, "staff_web.step.accepted", n.org(d.Routing.Executor))
	}
	return s.say(n.v, "staff_web.step.accepted_rule", n.org(d.Routing.Executor), strconv.FormatInt(d.Routing.Rule, 10))
}

// lateStepText tells what comes after an answer and beside the course of things.
func (s *Server) lateStepText(n *names, e problem.Entry) string {
	say := func(what string, args ...any) string { return s.say(n.v, "staff_web.step."+what, args...) }
	switch d := e.Data.(type) {
	case problem.Solved:
		return say("solved")
	case problem.SolvedOnSpot:
		return say("solved_on_spot")
	case problem.SolvedAsked:
		return say("solved_asked")
	case problem.FellSilent:
		return say("fell_silent")
	case problem.Disputed:
		return say("disputed")
	case problem.Reopened:
		return say("reopened")
	case problem.DueMoved:
		return say("due_moved", locale.Date(n.v.Lang, d.To.Time().In(n.v.zone()), n.v.Now.In(n.v.zone())))
	case problem.TextHidden:
		return say("text_hidden")
	case problem.PhotoHidden:
		return say("photo_hidden")
	case problem.Erased:
		return say("erased")
	case problem.Joined:
		return say("joined")
	case problem.Noted:
		return say("noted", e.Text.Body)
	}
	return say("other")
}

// steps is the feed of a card in sentences, the newest first; who joined is
// counted elsewhere.
func (s *Server) steps(ctx context.Context, n *names, card problem.Card) ([]view.StaffStep, error) {
	var people []int64
	for _, e := range card.Feed {
		if e.By.Part == problem.AsStaff {
			people = append(people, e.By.Person)
		}
	}
	known, err := s.Residents.Names(ctx, n.v.City.ID, people)
	if err != nil {
		return nil, err
	}
	var list []view.StaffStep
	for i := len(card.Feed) - 1; i >= 0; i-- {
		e := card.Feed[i]
		if _, joined := e.Data.(problem.Joined); joined {
			continue
		}
		step := view.StaffStep{At: e.At.Time(), Text: s.stepText(n, e)}
		if e.By.Part == problem.AsStaff {
			step.Who = known[e.By.Person]
		}
		list = append(list, step)
	}
	return list, nil
}
