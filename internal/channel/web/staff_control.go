package web

import (
	"context"
	"net/http"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// showControl shows a list and, beside it, the problem that was asked for.
func (s *Server) showControl(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	ask := controlAskOf(v, r.URL.Query())
	if r.PathValue("number") != "" {
		var err error
		if ask.number, err = numberIn(r); err != nil {
			return err
		}
	}
	page, err := s.controllerPage(r.Context(), v, ask)
	if err != nil {
		return err
	}
	return s.show(w, page)
}

// check is the problem beside the list, and why the person may only look.
func (s *Server) check(ctx context.Context, v *visit, ask controlAsk) (*view.ControlCheck, string, error) {
	card, err := s.Problems.Find(ctx, v.Who, ask.number)
	if err != nil {
		return nil, "", err
	}
	n, err := s.cardNames(ctx, v, card)
	if err != nil {
		return nil, "", err
	}
	st := card.State
	c := &view.ControlCheck{
		Command: s.commandOf(ask.address("/staff/control/"+plainNumber(st.Number), ask.list), card), Number: st.Number, Href: problemURL(st.Number),
		Topic: n.topic(st.Topic.ID), Place: s.staffPlace(n, st.Place), NoConfirm: !card.Can(problem.DoConfirmOnSpot), NoReopen: !card.Can(problem.DoReopen),
	}
	if len(st.Messages) > 0 {
		c.Message = s.voice(n, card, st.LastMessage())
	}
	for _, a := range st.Answers {
		if a.Verdict == "passed" {
			c.Answer = s.staffAnswer(n, card, a)
		}
	}
	if card.Can(problem.DoSetDue) {
		c.SetDue = &view.DueForm{Command: s.commandOf(c.Command.Action, card), Min: v.Now.In(v.zone()).Format(time.DateOnly)}
		if due := st.Dues.Promised.Time(); due.After(v.Now) {
			c.SetDue.Date = due.In(v.zone()).Format(time.DateOnly)
		}
	}
	if f := ask.form; f != nil {
		c.Text = f.get("text")
		if c.SetDue != nil && f.get("verdict") == "due" {
			c.SetDue.Date, c.SetDue.Reason = f.get("due"), f.get("due_reason")
		}
	}
	if c.NoConfirm && c.NoReopen && c.SetDue == nil {
		return c, s.say(v, "staff_web.only_look"), nil
	}
	return c, "", nil
}

// control reopens a problem, confirms it on the spot, or moves its date.
func (s *Server) control(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	v, f := s.visitOf(r), t.form
	ask := controlAskOf(v, r.URL.Query())
	ask.number, ask.form = t.number, f
	d := deed{
		object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: "/staff/control/" + plainNumber(t.number),
		next: ask.address("/staff/control", ask.list), args: []string{v.number(t.number)},
	}
	words := strings.TrimSpace(f.get("text"))
	d.typed = typedAs(s.say(v, "staff.check_text"), words)
	switch f.get("verdict") {
	case "confirm":
		d.action, d.said = problemConfirmed, "staff_web.said.confirm"
		d.err = s.give(r.Context(), v, t, problem.ConfirmOnSpot{Text: words})
	case "reopen":
		d.action, d.said = problemReopened, "staff_web.said.reopen"
		d.err = s.give(r.Context(), v, t, problem.Reopen{Text: words})
	case "due":
		d.action, d.said = dueMoved, "staff_web.said.due"
		d.detail = "due=" + f.get("due")
		d.typed = append(typedAs(s.say(v, "staff.due_new"), f.get("due")), typedAs(s.say(v, "staff.due_why"), f.get("due_reason"))...)
		d.err = s.setDue(r.Context(), v, t)
	default:
		d.err = fault.Invalid.New("web.bad_form")
	}
	d.again = func(back refusal) (view.Page, error) {
		page, err := s.controllerPage(r.Context(), v, ask)
		back.kept(page.Check.Holds(f.get("verdict")))
		page.Path, page.Errors, page.Conflict = d.href, back.Errors, back.Conflict
		return page, err
	}
	return s.settle(w, r, d)
}

// setDue moves the promise to the end of a day.
func (s *Server) setDue(ctx context.Context, v *visit, t target) error {
	day, err := time.ParseInLocation(time.DateOnly, t.form.get("due"), v.zone())
	if err != nil {
		return fault.Invalid.Field("due", "staff_web.due_missing")
	}
	end := day.AddDate(0, 0, 1).Add(-time.Microsecond)
	if end.Before(v.Now) {
		return fault.Invalid.Field("due", "staff_web.due_past")
	}
	return atField(s.give(ctx, v, t, problem.SetDue{Due: end, Reason: strings.TrimSpace(t.form.get("due_reason"))}), "text", "due_reason")
}
