package web

import (
	"context"
	"errors"
	"slices"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// lastRefusal is the newest refusal of a card; false when its newest message
// was not refused.
func lastRefusal(c problem.Card) (problem.Refused, bool) {
	if c.State.LastMessage().Verdict != "rejected" {
		return problem.Refused{}, false
	}
	for _, e := range slices.Backward(c.Feed) {
		if d, ok := e.Data.(problem.Refused); ok {
			return d, true
		}
	}
	return problem.Refused{}, false
}

// repeats finds the problems that the refusals of a card name, as the reader
// may see them; what is not for their eyes is left out.
func (s *Server) repeats(ctx context.Context, v *visit, c problem.Card) (map[int64]problem.Card, error) {
	var found map[int64]problem.Card
	for _, e := range c.Feed {
		d, ok := e.Data.(problem.Refused)
		if !ok || d.Of == 0 {
			continue
		}
		other, err := s.Problems.Find(ctx, v.As(d.Of), d.Of)
		if errors.Is(err, fault.Missing) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if found == nil {
			found = map[int64]problem.Card{}
		}
		found[d.Of] = other
	}
	return found, nil
}

// repeatEvent tells a refusal for what is known already: no clause of the
// rules, the problem itself and where it stands.
func (s *Server) repeatEvent(st *story, d problem.Refused, ev *view.Event) {
	ev.Kind = "repeat"
	if other, ok := st.repeats[d.Of]; ok {
		ev.Same = &view.SameProblem{Number: d.Of, URL: problemURL(d.Of), Topic: st.topic(other.State.Topic.ID), State: stateNow(other.State, st.v.Now)}
	}
}

// afterRefusal is what the author may do next: first what the clause itself
// leads to, then the rest of what the pack offers. A refused dispute cannot be
// mended: the problem goes on, and may be disputed again.
func (s *Server) afterRefusal(ctx context.Context, st *story) ([]view.Next, error) {
	d, ok := lastRefusal(st.card)
	if !ok {
		return nil, nil
	}
	mend := ""
	if st.card.State.Status == problem.Rejected {
		mend = problemURL(st.card.State.Number) + "/mend"
	}
	steps, err := s.nextSteps(ctx, st.v, "rejected", mend)
	if err != nil {
		return nil, err
	}
	kind := st.clauses[d.Clause].Next
	if kind == "call" {
		calls, err := s.nextSteps(ctx, st.v, "emergency", "")
		if err != nil {
			return nil, err
		}
		steps = append(slices.DeleteFunc(calls, func(n view.Next) bool { return n.Kind != "call" }), steps...)
	}
	repeated := d.Clause == moderation.Repeated
	steps = slices.DeleteFunc(steps, func(n view.Next) bool {
		return n.Kind == "mend" && (mend == "" || kind == "none" || repeated)
	})
	slices.SortStableFunc(steps, func(a, b view.Next) int { return ahead(a, kind) - ahead(b, kind) })
	if repeated {
		steps = append(s.afterRepeat(st, d, mend), steps...)
	}
	return steps, nil
}

// ahead is 0 for the kind of step that a clause leads to, else 1.
func ahead(n view.Next, kind string) int {
	if n.Kind == kind {
		return 0
	}
	return 1
}

// afterRepeat leads to the other problem, and to a way to say that it is
// another one after all.
func (s *Server) afterRepeat(st *story, d problem.Refused, mend string) []view.Next {
	var steps []view.Next
	switch other, ok := st.repeats[d.Of]; {
	case ok && (other.Joined || other.IsAuthor):
		steps = append(steps, view.Next{Kind: "same", Text: s.say(st.v, "web.repeat_joined"), URL: problemURL(d.Of), Do: s.say(st.v, "web.repeat_open", st.v.number(d.Of))})
	case ok:
		steps = append(steps, view.Next{Kind: "same", Text: s.say(st.v, "web.repeat_counted"), URL: problemURL(d.Of), Do: s.say(st.v, "web.repeat_open", st.v.number(d.Of))})
	case d.Of != 0:
		steps = append(steps, view.Next{Kind: "same", Text: s.say(st.v, "web.repeat_unseen", st.v.number(d.Of))})
	}
	if mend != "" {
		steps = append(steps, view.Next{Kind: "mend", Text: s.say(st.v, "web.repeat_other"), URL: mend, Do: s.say(st.v, "web.repeat_mend")})
	}
	return steps
}
