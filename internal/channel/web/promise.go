package web

import (
	"slices"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
)

// kept is a final answer that residents could read: to what, by when it was
// promised, and when it came.
type kept struct {
	asked    problem.Moment // when the message that it answers was sent
	promised problem.Moment // 0: unknown
	given    problem.Moment
}

// lastKept finds the newest final answer of a card, with the promise that stood
// when it came; false when there is none. Later promises are for later messages.
func lastKept(c problem.Card) (kept, bool) {
	var last kept
	promised := problem.Moment(0)
	for _, e := range c.Feed {
		switch d := e.Data.(type) {
		case problem.Passed:
			i := d.Answer - 1
			if i < 0 || i >= len(c.State.Answers) || c.State.Answers[i].Interim {
				continue
			}
			last = kept{asked: c.State.Created, promised: promised, given: e.At}
			if m := c.State.Answers[i].Message - 1; m >= 0 && m < len(c.State.Messages) {
				last.asked = c.State.Messages[m].At
			}
		default:
			promised = promisedBy(e.Data, promised)
		}
	}
	return last, last.given != 0
}

// promisedBy is the promise after an entry of the feed.
func promisedBy(d problem.Data, before problem.Moment) problem.Moment {
	switch d := d.(type) {
	case problem.Sent:
		return d.Dues.Promised
	case problem.Accepted:
		return d.Dues.Promised
	case problem.Disputed:
		return d.Dues.Promised
	case problem.Reopened:
		return d.Dues.Promised
	case problem.TopicChanged:
		if d.Dues != nil {
			return d.Dues.Promised
		}
	case problem.Replied:
		if d.Dues != nil {
			return d.Dues.Promised
		}
	case problem.Lapsed:
		if d.Dues != nil {
			return d.Dues.Promised
		}
	case problem.Redirected:
		if d.Due != 0 {
			return d.Due
		}
	case problem.DueMoved:
		return d.To
	}
	return before
}

// owes tells whether the city still owes an answer and its clock goes on.
func owes(st problem.Status) bool {
	return slices.Contains([]problem.Status{problem.Moderation, problem.Work, problem.Interim, problem.Review}, st)
}

// promise fills in what a page says of the term: the running promise while the
// city owes an answer, the term of a question while the clock stands, how an
// answer kept its promise afterwards, and nothing where no answer will come.
func (s *Server) promise(st *story, p *view.ProblemPage) {
	state := st.card.State
	last, answered := lastKept(st.card)
	switch {
	case owes(state.Status):
		p.Due = s.dueOf(st.v, state.Dues, state.Due())
		if p.Due.Known() {
			p.Passed = passed(state.LastMessage().At.Time(), p.Due.At, st.v.Now)
		}
		if answered {
			p.Before = view.KeptWord{Promised: last.promised.Time(), Given: last.given.Time()}
		}
	case state.Status == problem.Question:
		p.Until = state.Until.Time()
	case answered && state.Status != problem.Rejected && state.Status != problem.Withdrawn:
		p.Answered, p.Promised = last.given.Time(), last.promised.Time()
		p.WorkDays = workDays(st.rules, last.asked.Time(), p.Answered)
		if last.promised != 0 && last.promised == state.Dues.Promised {
			p.Due = s.dueOf(st.v, state.Dues, last.promised)
		}
	}
}

// joinedDay is the day of the city on which somebody joined.
func joinedDay(v *visit, at time.Time) string { return at.In(v.zone()).Format(time.DateOnly) }
