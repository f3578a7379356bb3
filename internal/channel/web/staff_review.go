package web

import (
	"context"
	"net/http"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// showReview shows the answer that was asked for, else the most urgent.
func (s *Server) showReview(w http.ResponseWriter, r *http.Request) error {
	var number int64
	if r.PathValue("number") != "" {
		var err error
		if number, err = numberIn(r); err != nil {
			return err
		}
	}
	page, err := s.reviewPage(r.Context(), s.visitOf(r), number, nil)
	if err != nil {
		return err
	}
	return s.show(w, page)
}

// reviewPage lays the desk of answers; f is what was typed.
func (s *Server) reviewPage(ctx context.Context, v *visit, number int64, f *form) (view.AnswerReviewPage, error) {
	page := view.AnswerReviewPage{Base: s.staffBase(v, "answers", "staff.answers")}
	desk, err := s.moderation().Review(ctx, v.Who, number)
	if err != nil {
		return page, err
	}
	if desk.Case == nil {
		if number != 0 {
			return page, fault.Missing.New("staff_web.no_answer")
		}
		page.Queue = s.queueOf(&names{v: v}, nil, desk.Queue.Count, "/staff/answers", 0)
		return page, nil
	}
	n, err := s.cardNames(ctx, v, desk.Case.Card)
	if err != nil {
		return page, err
	}
	page.Queue = s.queueOf(n, desk.Queue.Items, desk.Queue.Count, "/staff/answers", desk.Case.Card.ID)
	if !desk.Case.Card.Can(problem.DoPass) {
		page.ReadOnly = s.say(v, "staff_web.answer_decided")
	}
	page.Answer = s.reviewed(n, *desk.Case, f)
	return page, nil
}

// reviewed is the answer on the desk.
func (s *Server) reviewed(n *names, c moderation.ReviewCase, f *form) *view.ReviewedAnswer {
	st := c.Card.State
	href := "/staff/answers/" + plainNumber(st.Number)
	a := &view.ReviewedAnswer{
		Command: s.commandOf(href, c.Card), Number: st.Number, Href: problemURL(st.Number), Topic: n.v.text(c.Topic.Name),
		Place: s.staffPlace(n, st.Place), Due: st.Dues.Work.Time(), CheckBy: st.Dues.Review.Time(),
		Answer: s.staffAnswer(n, c.Card, c.Answer), Earlier: s.earlierAnswers(n, c.Card, c.Answer.Num),
		Disputes: s.disputes(n, c.Card), Joined: st.Joined, Returns: s.ready(n.v, "return", "no_photo", "other_place", "no_point", "rude"),
	}
	if len(st.Messages) > 0 {
		a.Message = s.voice(n, c.Card, st.Messages[0])
	}
	for _, h := range c.Hints {
		if h == moderation.LateAnswer {
			a.Late = daysBetween(n.v, st.Dues.Work.Time(), c.Answer.At.Time())
			continue // the chip beside the date says so
		}
		a.Hints = append(a.Hints, s.say(n.v, "moderation.hint."+string(h)))
	}
	if f != nil {
		for i := range a.Returns {
			a.Returns[i] = chosenText(f, "reason", a.Returns[i])
		}
	}
	return a
}

// judgeAnswer shows an answer to the residents, or gives it back.
func (s *Server) judgeAnswer(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	v := s.visitOf(r)
	href := "/staff/answers/" + plainNumber(t.number)
	d := deed{
		object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: href,
		next: "/staff/answers", args: []string{v.number(t.number)},
	}
	open := ""
	switch t.form.get("verdict") {
	case "pass":
		d.action, d.said = answerPassed, "staff_web.said.pass"
		d.err = s.give(r.Context(), v, t, problem.Pass{})
	case "return":
		d.action, d.said, open = answerReturned, "staff_web.said.return", "return"
		code := t.form.get("reason")
		if code == "" {
			d.err = fault.Invalid.Field("reason", "staff_web.return_missing")
			break
		}
		d.detail, d.typed = "reason="+code, typedAs(s.say(v, "staff.return"), t.form.get("text_"+code))
		d.err = atField(s.give(r.Context(), v, t, problem.SendBack{Text: t.form.get("text_" + code)}), "text", "reason")
	default:
		d.err = fault.Invalid.New("web.bad_form")
	}
	d.again = func(back refusal) (view.Page, error) {
		page, err := s.reviewPage(r.Context(), v, t.number, t.form)
		back.kept(page.ReadOnly == "")
		page.Path = href
		page.Errors, page.Conflict, page.Open = back.Errors, back.Conflict, open
		return page, err
	}
	return s.settle(w, r, d)
}

// give gives one command on the problem of a form.
func (s *Server) give(ctx context.Context, v *visit, t target, c problem.Command) error {
	_, err := s.Problems.Do(ctx, v.Who, problem.Order{Problem: t.card.ID, Command: c, Version: t.keys.Version, Key: t.keys.Key})
	return err
}
