package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// staffProblemURL is the page of a problem as its staff read it.
func staffProblemURL(number int64) string { return "/staff/problem/" + plainNumber(number) }

// showStaffProblem shows a whole problem to its staff: everything that was said
// and shown, hidden or not, and the ways to its desks. Who may not read it so is
// led to its public page.
func (s *Server) showStaffProblem(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	card, err := s.Problems.Find(r.Context(), v.Who, number)
	if err != nil {
		return err
	}
	if !card.Staff {
		return goTo(w, r, problemURL(number))
	}
	page, err := s.staffProblemPage(r.Context(), v, card)
	if err != nil {
		return err
	}
	return s.show(w, page)
}

func (s *Server) staffProblemPage(ctx context.Context, v *visit, card problem.Card) (view.StaffProblemPage, error) {
	st := card.State
	page := view.StaffProblemPage{
		Base: s.staffBase(v, "find", ""), Number: st.Number, Href: problemURL(st.Number), State: stateNow(st, v.Now),
		Joined: st.Joined, Due: st.StageDue().Time(), Late: v.daysLate(st.StageDue().Time()), Desks: s.desksFor(v, card),
		MayHide: card.Can(problem.DoHideText), Command: s.commandOf(staffProblemURL(st.Number)+"/hide", card),
	}
	if !slices.Contains(inWork(), st.Status) {
		page.Due, page.Late = time.Time{}, 0
	}
	// What residents were told is on their page; here it is the date of the stage.
	page.State.Due, page.State.LateDays = time.Time{}, page.Late
	page.Title = s.say(v, "page.number", v.number(st.Number))
	page.Path = staffProblemURL(st.Number)
	n, err := s.cardNames(ctx, v, card)
	if err != nil {
		return page, err
	}
	page.Topic, page.Place = n.topic(st.Topic.ID), s.staffPlace(n, st.Place)
	if st.Routing.Executor != "" {
		page.Executor = n.org(st.Routing.Executor)
	}
	page.Entries, err = s.staffEntries(ctx, n, card)
	return page, err
}

// desksFor are the desks at which this person works on a problem now.
func (s *Server) desksFor(v *visit, card problem.Card) []view.StaffChoice {
	st, who := card.State, v.Who
	number := plainNumber(st.Number)
	mine := who.Org != "" && st.Routing.Executor == org.ID(who.Org)
	var list []view.StaffChoice
	add := func(desk string, open bool) {
		if open {
			list = append(list, view.StaffChoice{Label: s.say(v, "staff."+desk), Href: "/staff/" + desk + "/" + number})
		}
	}
	add("moderation", who.Has(resident.Moderator) && st.Status == problem.Moderation)
	add("answers", card.Can(problem.DoPass))
	add("work", mine && card.Can(problem.DoAnswer))
	add("coordination", who.Has(resident.Coordinator) && card.Can(problem.DoRedirect))
	add("control", who.Has(resident.Controller) && (card.Can(problem.DoSetDue) || card.Can(problem.DoReopen)) || card.Can(problem.DoConfirmOnSpot))
	return list
}

// staffEntries is the whole feed, oldest first; who joined is counted elsewhere.
func (s *Server) staffEntries(ctx context.Context, n *names, card problem.Card) ([]view.StaffEntry, error) {
	steps, err := s.steps(ctx, n, card)
	if err != nil {
		return nil, err
	}
	slices.Reverse(steps)
	var list []view.StaffEntry
	for _, e := range card.Feed {
		if _, joined := e.Data.(problem.Joined); joined {
			continue
		}
		entry := view.StaffEntry{StaffStep: steps[len(list)]}
		switch e.Data.(type) {
		case problem.Asked, problem.Noted: // the sentence has the words already
		default:
			entry.Text = s.wordsIn(n.v, card, e.Text.ID)
		}
		switch e.Data.(type) {
		case problem.Sent, problem.Disputed, problem.Replied, problem.Given:
			if e.Text.ID != 0 && !e.Text.Erased {
				entry.ID, entry.Hidden = plainNumber(e.Text.ID), e.Hidden
			}
			for _, p := range n.staffPhotos(card.State, photosIn(e.Data), true) {
				p.Alt = s.say(n.v, "web.photo_n", len(entry.Photos)+1)
				entry.Photos = append(entry.Photos, p)
			}
		case problem.SolvedOnSpot:
			entry.Shown = append(entry.Shown, n.photosOf(card.State, photosIn(e.Data))...)
		}
		list = append(list, entry)
	}
	return list, nil
}

// hideInProblem keeps a text or a photo from the residents, or shows it again.
// Both want a reason: colleagues read it, residents read only that it happened.
func (s *Server) hideInProblem(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	if !t.card.Staff {
		return fault.Denied.New("staff_web.not_yours")
	}
	v, f := s.visitOf(r), t.form
	href := staffProblemURL(t.number)
	what, reason := f.get("what"), strings.TrimSpace(f.get("reason"))
	d := deed{
		object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: href, next: href + "#" + hiddenAnchor(what),
		args: []string{v.number(t.number)}, typed: typedAs(s.say(v, "staff.hide_why"), reason),
	}
	command, err := s.hidingIn(r.Context(), v, t, &d)
	if err != nil {
		return err
	}
	d.detail = what
	d.err = fault.Invalid.Field("reason", "staff_web.hide_reason")
	if reason != "" {
		d.err = atField(s.give(r.Context(), v, t, command), "text", "reason")
	}
	d.again = func(back refusal) (view.Page, error) {
		card, err := s.held(r.Context(), v, t.number)
		if err != nil {
			return nil, err
		}
		page, err := s.staffProblemPage(r.Context(), v, card)
		back.kept(false)
		page.Errors, page.Conflict, page.Open, page.Reason = back.Errors, back.Conflict, what, reason
		return page, err
	}
	return s.settle(w, r, d)
}

// hidingIn is the command that the form names: text:KEY or photo:NAME, hidden
// unless the form says show.
func (s *Server) hidingIn(ctx context.Context, v *visit, t target, d *deed) (problem.Command, error) {
	kind, name, _ := strings.Cut(t.form.get("what"), ":")
	reason, show := strings.TrimSpace(t.form.get("reason")), t.form.get("do") == "show"
	if kind == "text" {
		d.action, d.said = textHidden, "staff_web.said.text_hidden"
		if show {
			d.action, d.said = textShown, "staff_web.said.text_shown"
			return problem.ShowText{Text: whole(name), Reason: reason}, nil
		}
		return problem.HideText{Text: whole(name), Reason: reason}, nil
	}
	n, err := s.cardNames(ctx, v, t.card)
	if err != nil {
		return nil, err
	}
	for key, p := range n.photos {
		if kind != "photo" || p.UID != name {
			continue
		}
		d.action, d.said = photoHidden, "staff_web.said.photo_hidden"
		if show {
			d.action, d.said = photoShown, "staff_web.said.photo_shown"
			return problem.ShowPhoto{Photo: key, Reason: reason}, nil
		}
		return problem.HidePhoto{Photo: key, Reason: reason}, nil
	}
	return nil, fault.Invalid.New("web.bad_form")
}

// hiddenAnchor is where on the page a text or photo is.
func hiddenAnchor(what string) string { return strings.ReplaceAll(what, ":", "-") }

// findAtDesk looks for a problem: a number leads to it, words lead to the list.
func (s *Server) findAtDesk(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	typed := strings.TrimSpace(r.URL.Query().Get("q"))
	page := view.StaffFindPage{Base: s.staffBase(v, "find", "staff.find_title"), Query: typed}
	if typed == "" {
		return s.show(w, page)
	}
	plain := strings.Trim(typed, "№# \u00a0\u202f0123456789")
	if plain != "" {
		return goTo(w, r, "/map?q="+escape(typed))
	}
	number := whole(digits(typed))
	_, err := s.Problems.Find(r.Context(), v.Who, number)
	switch {
	case fault.KindOf(err) == fault.Missing:
		page.Errors = view.FieldErrors{{Name: "q", Text: s.say(v, "staff_web.no_such_number", typed)}}
		return s.show(w, page)
	case err != nil:
		return err
	}
	return goTo(w, r, staffProblemURL(number))
}
