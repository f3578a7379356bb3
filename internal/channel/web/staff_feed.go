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
	what, args := stepOf(n, e)
	return s.say(n.v, "staff_web.step."+what, args...)
}

// stepOf is the phrase of an entry and what stands in it.
func stepOf(n *names, e problem.Entry) (what string, args []any) {
	with := func(what string, args ...any) (string, []any) { return what, args }
	switch d := e.Data.(type) {
	case problem.TopicChanged:
		return with("topic_changed", n.topic(d.To.ID))
	case problem.Asked:
		return with("asked", e.Text.Body)
	case problem.Noted:
		return with("noted", e.Text.Body)
	case problem.Accepted:
		return acceptedStep(n, d)
	case problem.Refused:
		switch {
		case d.Clause != moderation.Repeated:
			return with("refused", d.Clause)
		case d.Of == 0:
			return with("refused_repeat")
		}
		return with("refused_repeat_of", n.v.number(d.Of))
	case problem.Redirected:
		if d.To.Executor == "" {
			return with("redirected_nobody", n.org(d.To.Coordinator))
		}
		return with("redirected", n.org(d.To.Executor))
	case problem.RedirectAsked:
		return with("redirect_asked", n.org(d.Org))
	case problem.Given:
		return with("given", n.org(d.Org))
	case problem.DueMoved:
		return with("due_moved", locale.Date(n.v.Lang, d.To.Time().In(n.v.zone()), n.v.Now.In(n.v.zone())))
	}
	return plainStep(e.Data), nil
}

func acceptedStep(n *names, d problem.Accepted) (what string, args []any) {
	switch {
	case d.Routing.Executor == "":
		return "accepted_nobody", nil
	case d.Routing.Rule == 0:
		return "accepted", []any{n.org(d.Routing.Executor)}
	}
	return "accepted_rule", []any{n.org(d.Routing.Executor), strconv.FormatInt(d.Routing.Rule, 10)}
}

// plainStep is the phrase of an entry that needs nothing put into it.
func plainStep(d problem.Data) string {
	switch d.(type) {
	case problem.Sent:
		return "sent"
	case problem.Replied:
		return "replied"
	case problem.Lapsed:
		return "lapsed"
	case problem.TakenBack:
		return "taken_back"
	case problem.RedirectDeclined:
		return "redirect_declined"
	case problem.SentBack:
		return "sent_back"
	case problem.Passed:
		return "passed"
	case problem.Solved:
		return "solved"
	case problem.SolvedOnSpot:
		return "solved_on_spot"
	case problem.SolvedAsked:
		return "solved_asked"
	case problem.FellSilent:
		return "fell_silent"
	case problem.Disputed:
		return "disputed"
	case problem.Reopened:
		return "reopened"
	case problem.TextHidden:
		return "text_hidden"
	case problem.PhotoHidden:
		return "photo_hidden"
	case problem.TextShown:
		return "text_shown"
	case problem.PhotoShown:
		return "photo_shown"
	case problem.Erased:
		return "erased"
	case problem.Joined:
		return "joined"
	}
	return "other"
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
