package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

const (
	// shortAnswer is under how many characters an answer tells a resident nothing.
	shortAnswer = 20
	// longAnswer covers the 95th percentile of real answers, 1,912 characters,
	// twice over (domain.md 0).
	longAnswer = 4000
	// farthest is how far ahead an interim answer may promise: final answers come
	// within 116 days in 99 of 100 real cases (domain.md 0).
	farthest = 120 * 24 * time.Hour
	// redirectDays is for how long after it was accepted an organisation may say
	// that a problem is not theirs: afterwards the resident has waited too long.
	redirectDays = 5
	// maxRedirects is after how many hand-overs a controller decides.
	maxRedirects = 2
)

// showAnswer shows one problem to who has to answer it.
func (s *Server) showAnswer(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	number, err := numberIn(r)
	if err != nil {
		return err
	}
	card, err := s.held(r.Context(), v, number)
	if err != nil {
		return err
	}
	page, err := s.answerPage(r.Context(), v, card, r.URL.Query().Get("template"))
	if err != nil {
		return err
	}
	if len(page.Facts) > 0 {
		act := resident.Act{Action: contactSeen, Object: about(number)}
		if err := s.Residents.AuditNow(r.Context(), v.Who, act, v.From); err != nil {
			return err
		}
	}
	return s.show(w, page)
}

// held finds a problem that the person's organisation has; another's is refused
// even where residents may read it.
func (s *Server) held(ctx context.Context, v *visit, number int64) (problem.Card, error) {
	card, err := s.Problems.Find(ctx, v.Who, number)
	if err == nil && !card.Staff {
		err = fault.Denied.New("staff_web.not_yours")
	}
	return card, err
}

// answerPage is the page of one problem; template is a ready text to begin with.
func (s *Server) answerPage(ctx context.Context, v *visit, card problem.Card, template string) (view.AnswerPage, error) {
	st := card.State
	n, err := s.cardNames(ctx, v, card, org.ID(v.Who.Org))
	if err != nil {
		return view.AnswerPage{}, err
	}
	t, err := s.topicAt(ctx, v, st.Topic)
	if err != nil {
		return view.AnswerPage{}, err
	}
	due := st.StageDue().Time()
	href := "/staff/work/" + plainNumber(st.Number)
	page := view.AnswerPage{
		Base: s.staffBase(v, "work", "staff.work"), Command: s.commandOf(href, card), Back: "/staff/work",
		Number: st.Number, Href: problemURL(st.Number), Topic: v.text(t.Name), TopicWay: n.path(t),
		Place: s.staffPlace(n, st.Place), State: stateNow(st, v.Now), Facts: s.facts(n, card), Joined: st.Joined,
		Due: s.dueOf(v, st.Dues, st.StageDue()), Late: v.daysLate(due), Left: max(0, v.daysLeft(due)), Disputes: s.disputes(n, card),
		Answers: s.earlierAnswers(n, card, 0),
	}
	page.Title = s.say(v, "page.number", v.number(st.Number))
	s.answerDates(card, &page)
	if len(st.Messages) > 0 {
		page.Message = s.voice(n, card, st.Messages[0])
	}
	if st.SentBack() {
		page.Returned = s.returned(v, card, st.Answers[len(st.Answers)-1])
	}
	if page.Feed, err = s.steps(ctx, n, card); err != nil {
		return page, err
	}
	if !card.Can(problem.DoAnswer) {
		page.ReadOnly = s.notToAnswer(n, card)
	}
	page.Redirect = s.redirectForm(v, card)
	if page.ReadOnly != "" {
		return page, nil
	}
	page.Form, err = s.answerForm(ctx, n, card, t, template)
	return page, err
}

// answerDates tells what is due and what was moved. The executor reads the date
// of the work, not the sum that the resident was told; a date of somebody else's
// stage is none of theirs.
func (s *Server) answerDates(card problem.Card, page *view.AnswerPage) {
	st := card.State
	if answer, waits := st.Pending(); waits {
		page.Waiting = answer.At.Time()
	}
	if !slices.Contains(inWork(), st.Status) {
		page.Due, page.Late, page.Left = view.Due{}, 0, 0
		if st.Answered != 0 && !inHand(st.Status) {
			page.Answered = st.Answered.Time()
		}
		return
	}
	if first := workTerm(card.Feed); first != 0 && st.StageDue() != 0 && first != st.StageDue() {
		page.FirstDue = first.Time()
	}
}

// inHand tells whether an organisation has to answer, perhaps again: what it
// promised is ahead, whatever was answered before.
func inHand(st problem.Status) bool {
	return slices.Contains(inWork(), st) || st == problem.Moderation || st == problem.Review || st == problem.Question
}

// workTerm is the date of the work as it was computed when the problem was given
// out the last time; 0 when there was none.
func workTerm(feed []problem.Entry) problem.Moment {
	for _, e := range slices.Backward(feed) {
		switch d := e.Data.(type) {
		case problem.Accepted:
			return d.Dues.Work
		case problem.Reopened:
			return d.Dues.Work
		}
	}
	return 0
}

// notToAnswer says why there is nothing to answer.
func (s *Server) notToAnswer(n *names, card problem.Card) string {
	st := card.State
	switch {
	case st.Status == problem.Review:
		return s.say(n.v, "staff_web.answer_waits")
	case slices.Contains(inWork(), st.Status) && st.Routing.Executor != org.ID(n.v.Who.Org):
		return s.say(n.v, "staff_web.others_answer", n.org(st.Routing.Executor))
	}
	return s.say(n.v, "staff_web.not_to_answer")
}

// topicAt is a topic as it stood when a message was sent.
func (s *Server) topicAt(ctx context.Context, v *visit, ref topic.Ref) (topic.Topic, error) {
	var t topic.Topic
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		t, err = s.Topics.AtIn(tx, v.City.ID, ref)
		return err
	})
	return t, err
}

// answerForm is the empty form of an answer, with a ready text where one was
// asked for.
func (s *Server) answerForm(ctx context.Context, n *names, card problem.Card, t topic.Topic, template string) (view.AnswerForm, error) {
	v := n.v
	last := v.Now.In(v.zone()).Add(farthest)
	form := view.AnswerForm{
		MayInterim: t.Interim, PlannedMin: v.Now.In(v.zone()).AddDate(0, 0, 1).Format(time.DateOnly), PlannedMax: last.Format(time.DateOnly), PlannedLast: last,
		TemplateURL: "/staff/work/" + plainNumber(card.State.Number), TextMin: shortAnswer, TextMax: longAnswer,
		PhotosMax: s.photosMax(v), PhotoNeeded: t.Evidence == topic.Photo,
		Position: v.Person.PositionIn(string(v.Lang), v.City.Main), Name: v.Person.Name, Phone: string(v.Person.Phone),
	}
	if card.State.Status == problem.Review {
		form.MayInterim = false // package problem: only a final answer replaces one that waits
	} else if !t.Interim {
		form.NoInterim = s.say(v, "staff_web.no_interim")
	}
	list, err := s.Packs.Templates(ctx, v.City.ID, t)
	if err != nil {
		return form, err
	}
	for _, template := range list {
		form.Templates = append(form.Templates, view.StaffTemplate{
			Code: template.ID, Title: templateTitle(s.filled(n, card, v.text(template.Text))), Text: s.filled(n, card, v.text(template.Text)),
		})
	}
	for i, some := range form.Templates {
		if some.Code == template {
			form.Templates[i].Selected = true
			form.Text, form.Written, form.Outcome = some.Text, utf8.RuneCountInString(some.Text), list[i].Outcome
		}
	}
	return form, nil
}

func (s *Server) photosMax(v *visit) int {
	if v.City.Settings.Photos > 0 {
		return v.City.Settings.Photos
	}
	return 10
}

// templateTitle is the first sentence of a ready text, short enough for a list.
func templateTitle(text string) string {
	first := text
	for i, c := range text {
		// «ул. Луговая» goes on: what is so short before a dot is an abbreviation.
		if word := text[strings.LastIndexAny(text[:i], " «")+1 : i]; c == '.' && utf8.RuneCountInString(word) > 4 {
			first = text[:i]
			break
		}
	}
	if letters := []rune(first); len(letters) > 60 {
		return strings.TrimSpace(string(letters[:60])) + "…"
	}
	return first
}

// filled puts what is known into a ready text.
func (s *Server) filled(n *names, card problem.Card, text string) string {
	st := card.State
	return strings.NewReplacer(
		"{address}", s.inWords(n.v, st.Place), "{topic}", n.topic(st.Topic.ID), "{number}", n.v.number(st.Number),
		"{date}", locale.Date(n.v.Lang, n.v.Now.In(n.v.zone()), n.v.Now.In(n.v.zone())), "{organisation}", n.org(org.ID(n.v.Who.Org)),
	).Replace(text)
}

// inWords is the place inside a sentence: the house, or the nearest one, without
// the word «near» before it.
func (s *Server) inWords(v *visit, p place.Place) string {
	switch {
	case p.Address != "":
		return shortAddress(v, p.Address)
	case p.Landmark == "" && p.Beside != "":
		return shortAddress(v, p.Beside)
	}
	return s.address(v, p)
}

// redirectForm is the way to say «not ours», and until when there is one.
func (s *Server) redirectForm(v *visit, card problem.Card) view.RedirectForm {
	st := card.State
	until := st.Accepted.Time().AddDate(0, 0, redirectDays)
	f := view.RedirectForm{
		Command: s.commandOf("/staff/work/"+plainNumber(st.Number)+"/redirect", card), Until: until,
		Reasons: s.ready(v, "redirect", "territory", "balance", "topic"),
	}
	switch {
	case st.RedirectWanted:
		f.Denied = s.say(v, "staff_web.redirect_asked")
	case st.Redirects >= maxRedirects:
		f.Denied = s.say(v, "staff_web.redirect_third")
	case v.Now.After(until):
		f.Denied = s.say(v, "staff_web.redirect_late")
	case !card.Can(problem.DoRequestRedirect):
		f.Denied = s.say(v, "staff_web.redirect_denied")
	default:
		f.Allowed = true
	}
	return f
}

// giveAnswer takes an answer with its photos.
func (s *Server) giveAnswer(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, taken, err := s.readWithPhotos(r, v)
	if err != nil {
		return err
	}
	t, err := s.aim(r, f)
	if err != nil {
		return err
	}
	href := "/staff/work/" + plainNumber(t.number)
	d := deed{
		action: answerGiven, object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: href,
		next: "/staff/work", said: "staff_web.said.answer", args: []string{v.number(t.number)},
	}
	give, wrong := s.answerIn(r.Context(), v, t, taken.ids)
	d.detail = "outcome=" + f.get("outcome")
	d.typed = append(typedAs(s.say(v, "staff.answer_text"), f.get("text")), typedAs(s.say(v, "staff.planned"), f.get("planned"))...)
	d.err = wrong
	if d.err == nil && len(taken.errors) == 0 {
		d.err = atField(s.give(r.Context(), v, t, give), "signer", "name")
	} else if d.err == nil {
		d.err = fault.Invalid.Field("photos", "staff_web.photo_refused")
	}
	d.again = func(back refusal) (view.Page, error) { return s.answerAgain(r, v, t, taken, back) }
	return s.settle(w, r, d)
}

// answerIn reads the command out of the form; all that is wrong at once.
func (s *Server) answerIn(ctx context.Context, v *visit, t target, photos []int64) (problem.Give, error) {
	f := t.form
	g := problem.Give{
		Text: strings.TrimSpace(f.get("text")), Photos: photos, Outcome: problem.Outcome(f.get("outcome")),
		Signer: problem.Signer{Position: strings.TrimSpace(f.get("position")), Name: strings.TrimSpace(f.get("name")), Phone: strings.TrimSpace(f.get("phone"))},
	}
	var form fault.Form
	if !slices.Contains([]problem.Outcome{problem.Done, problem.Planned, problem.Refusal, problem.NotOurs, problem.Absent}, g.Outcome) {
		form.Add("outcome", "staff_web.outcome_missing")
	}
	if g.Outcome == problem.Planned {
		g.Interim, g.Outcome = true, ""
		g.Planned = plannedIn(v, f.get("planned"), &form)
	}
	if n := utf8.RuneCountInString(g.Text); n < shortAnswer {
		form.Add("text", "staff_web.answer_short", shortAnswer)
	} else if n > longAnswer {
		form.Add("text", "problem.text_too_long", longAnswer, n)
	}
	for input, value := range map[string]string{"position": g.Signer.Position, "name": g.Signer.Name, "phone": g.Signer.Phone} {
		if value == "" {
			form.Add(input, "staff_web.signer_missing."+input)
		}
	}
	tp, err := s.topicAt(ctx, v, t.card.State.Topic)
	if err != nil {
		return g, err
	}
	if g.Outcome == problem.Done && tp.Evidence == topic.Photo && len(photos) == 0 {
		form.Add("photos", "staff_web.photo_missing")
	}
	return g, form.Err()
}

// plannedIn reads the day of an interim answer: its end in the city.
func plannedIn(v *visit, typed string, form *fault.Form) time.Time {
	day, err := time.ParseInLocation(time.DateOnly, typed, v.zone())
	end := day.AddDate(0, 0, 1).Add(-time.Microsecond)
	switch {
	case err != nil:
		form.Add("planned", "staff_web.planned_missing")
	case !day.After(v.Now):
		form.Add("planned", "staff_web.planned_past")
	case day.After(v.Now.Add(farthest)):
		form.Add("planned", "staff_web.planned_far", locale.Date(v.Lang, v.Now.Add(farthest).In(v.zone()), v.Now.In(v.zone())))
	}
	return end
}

// answerAgain is the page with everything that was typed.
func (s *Server) answerAgain(r *http.Request, v *visit, t target, taken photosTaken, back refusal) (view.Page, error) {
	card, err := s.held(r.Context(), v, t.number)
	if err != nil {
		return nil, err
	}
	page, err := s.answerPage(r.Context(), v, card, "")
	if err != nil {
		return nil, err
	}
	back.kept(page.ReadOnly == "")
	f := t.form
	page.Path = "/staff/work/" + plainNumber(t.number)
	page.Conflict, page.Errors = back.Conflict, withPhotos(back.Errors, taken.errors)
	page.Command.Key = t.keys.Key // the photos are kept under it
	page.Form.Outcome, page.Form.Planned, page.Form.Text = f.get("outcome"), f.get("planned"), f.get("text")
	page.Form.Written = utf8.RuneCountInString(page.Form.Text)
	page.Form.Position, page.Form.Name, page.Form.Phone = f.get("position"), f.get("name"), f.get("phone")
	page.Form.Photos, err = s.keptPhotos(r.Context(), v, taken.ids)
	return page, err
}

// withPhotos puts what is wrong with each photo in place of the sentence that
// something is.
func withPhotos(list, photos view.FieldErrors) view.FieldErrors {
	if len(photos) == 0 {
		return list
	}
	list = slices.DeleteFunc(list, func(e view.FieldError) bool { return e.Name == "photos" })
	return append(list, photos...)
}

// keptPhotos are the photos that were sent already, to be kept or left out.
func (s *Server) keptPhotos(ctx context.Context, v *visit, keys []int64) ([]view.StaffPhoto, error) {
	n, err := s.namesFor(ctx, v, nil, keys)
	if err != nil {
		return nil, err
	}
	return n.staffPhotos(problem.State{}, keys, false), nil
}

// askRedirect tells the coordinator that a problem is not theirs.
func (s *Server) askRedirect(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	v, f := s.visitOf(r), t.form
	d := deed{
		action: redirectAsked, object: about(t.number), problem: t.card.ID, version: t.keys.Version,
		href: "/staff/work/" + plainNumber(t.number), next: "/staff/work", said: "staff_web.said.redirect", args: []string{v.number(t.number)},
	}
	d.typed = append(typedAs(s.say(v, "staff.redirect_text"), f.get("text")), typedAs(s.say(v, "staff.redirect_to"), f.get("to"))...)
	d.err = s.requestRedirect(r.Context(), v, t)
	d.again = func(back refusal) (view.Page, error) {
		card, err := s.held(r.Context(), v, t.number)
		if err != nil {
			return nil, err
		}
		page, err := s.answerPage(r.Context(), v, card, "")
		if err != nil {
			return nil, err
		}
		back.kept(page.ReadOnly == "" && page.Redirect.Allowed)
		page.Path, page.Errors, page.Conflict = d.href, back.Errors, back.Conflict
		page.Redirect.Text, page.Redirect.To = f.get("text"), f.get("to")
		for i := range page.Redirect.Reasons {
			page.Redirect.Reasons[i].Selected = page.Redirect.Reasons[i].Code == f.get("reason")
		}
		return page, nil
	}
	return s.settle(w, r, d)
}

func (s *Server) requestRedirect(ctx context.Context, v *visit, t target) error {
	if !t.card.Staff {
		return fault.Denied.New("staff_web.not_yours")
	}
	f := t.form
	code, words, to := f.get("reason"), strings.TrimSpace(f.get("text")), strings.TrimSpace(f.get("to"))
	codes := s.ready(v, "redirect", "territory", "balance", "topic")
	i := slices.IndexFunc(codes, func(c view.StaffTemplate) bool { return c.Code == code })
	switch form := s.redirectForm(v, t.card); {
	case !form.Allowed && !t.card.State.RedirectWanted && t.card.State.Seq == t.keys.Version:
		return fault.Invalid.Field("reason", "staff_web.redirect_over", form.Denied)
	case i < 0 || words == "":
		return fault.Invalid.Field("reason", "staff_web.redirect_reason")
	}
	c := problem.RequestRedirect{Reason: codes[i].Title + ". " + words}
	if to != "" {
		found, err := s.Orgs.Search(ctx, v.City.ID, to, 1)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			c.To = found[0].ID
		} else {
			c.Reason += " " + s.say(v, "staff_web.redirect_perhaps", to)
		}
	}
	return atField(s.give(ctx, v, t, c), "text", "reason")
}
