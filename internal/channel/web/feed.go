package web

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/deadline"
	"gorod/internal/city/moderation"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

func problemURL(number int64) string { return "/problem/" + strconv.FormatInt(number, 10) }

// orgsOf are the organisations that a card names.
func orgsOf(c problem.Card) []org.ID {
	st := c.State
	ids := append([]org.ID{st.Routing.Executor, st.Routing.Coordinator, st.Routing.Controller}, st.Earlier...)
	for _, e := range c.Feed {
		ids = append(ids, e.By.Org)
		switch d := e.Data.(type) {
		case problem.Accepted:
			ids = append(ids, d.Routing.Executor)
		case problem.Redirected:
			for _, r := range []problem.Routing{d.From, d.To} {
				ids = append(ids, r.Executor, r.Coordinator, r.Controller)
			}
		case problem.Given:
			ids = append(ids, d.Org)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// photosOf are the photos that a card shows.
func photosOf(c problem.Card) []int64 {
	var ids []int64
	for _, e := range c.Feed {
		for _, id := range photosIn(e.Data) {
			if !slices.Contains(c.State.HiddenPhotos, id) || c.Staff {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// photosIn are the photos that an event brought.
func photosIn(d problem.Data) []int64 {
	switch d := d.(type) {
	case problem.Sent:
		return d.Photos
	case problem.Replied:
		return d.Photos
	case problem.Given:
		return d.Photos
	case problem.SolvedOnSpot:
		return d.Photos
	case problem.Disputed:
		return d.Photos
	}
	return nil
}

// story is what a card's page needs besides the card.
type story struct {
	*names
	card    problem.Card
	clauses map[string]pack.Clause
	repeats map[int64]problem.Card // by number
	rules   deadline.Rules
}

func (s *Server) storyOf(ctx context.Context, v *visit, c problem.Card) (*story, error) {
	n, err := s.namesFor(ctx, v, nil, nil)
	if err != nil {
		return nil, err
	}
	if n.thing, err = s.thingFor(ctx, v, c.State.Place); err != nil {
		return nil, err
	}
	st := &story{names: n, card: c, clauses: map[string]pack.Clause{}}
	if st.repeats, err = s.repeats(ctx, v, c); err != nil {
		return nil, err
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		if err := s.nameIn(tx, n, orgsOf(c), photosOf(c)); err != nil {
			return err
		}
		for _, e := range c.Feed {
			d, ok := e.Data.(problem.Refused)
			if !ok {
				continue
			}
			clause, err := s.Packs.ClauseIn(tx, v.City.ID, d.Clause)
			if err != nil && !errors.Is(err, fault.Missing) {
				return err
			}
			st.clauses[d.Clause] = clause
		}
		if c.State.Answered == 0 {
			return nil
		}
		st.rules, _, err = s.Deadlines.RulesIn(tx, v.City.ID)
		return err
	})
	return st, err
}

// events is the feed as the reader may see it, oldest first. People who joined
// on one day are one entry, where the first of them joined.
func (s *Server) events(st *story) []view.Event {
	var list []view.Event
	days := map[string]int{} // index in list
	for _, e := range st.card.Feed {
		if _, left := e.Data.(problem.Left); left {
			takeBackJoin(list)
		}
		ev, ok := s.event(st, e)
		if !ok {
			continue
		}
		if ev.Kind == "joined" {
			day := joinedDay(st.v, ev.At)
			if i, has := days[day]; has {
				list[i].Number++
				continue
			}
			days[day], ev.Number = len(list), 1
		}
		list = append(list, ev)
	}
	return slices.DeleteFunc(list, func(e view.Event) bool { return e.Kind == "joined" && e.Number == 0 })
}

// takeBackJoin counts one less where somebody joined last: who left is not told
// of, and the days before stay as they were.
func takeBackJoin(list []view.Event) {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].Kind == "joined" && list[i].Number > 0 {
			list[i].Number--
			return
		}
	}
}

// event is one entry; false for what the feed does not tell (notes among
// staff, requests to redirect: they are on the desk).
func (s *Server) event(st *story, e problem.Entry) (view.Event, bool) {
	ev := view.Event{
		At: e.At.Time(), ID: "e" + strconv.FormatInt(e.Seq, 10), SeenBy: seenBy(st.card, e.Seen),
		Text: s.words(st, e), Photos: s.eventPhotos(st, e),
	}
	ok := s.told(st, e, &ev)
	return ev, ok
}

// seenBy is the circle of readers, as the page marks it: "author" is said to
// the author alone, staff read whose it is.
func seenBy(card problem.Card, seen problem.Seen) string {
	switch {
	case seen == problem.Public:
		return ""
	case seen == problem.Author && card.Staff && !card.IsAuthor:
		return "author_and_staff"
	}
	return string(seen)
}

// words are the text of an entry as this reader may see it. The card brings
// it masked to everyone but the author and the staff.
func (s *Server) words(st *story, e problem.Entry) string {
	switch {
	case e.Text.Erased:
		return s.say(st.v, "web.text_erased")
	case e.Hidden && e.Text.Body == "":
		return s.say(st.v, "web.text_hidden")
	}
	return e.Text.Body
}

func (s *Server) eventPhotos(st *story, e problem.Entry) []view.Photo {
	var list []view.Photo
	for i, id := range photosIn(e.Data) {
		p, ok := st.photos[id]
		if !ok || slices.Contains(st.card.State.HiddenPhotos, id) && !st.card.Staff {
			continue
		}
		photo := publicPhoto(p)
		photo.Alt = s.say(st.v, "web.photo_alt", i+1, st.topic(st.card.State.Topic.ID))
		list = append(list, photo)
	}
	return list
}

// told fills in what a kind of entry says.
func (s *Server) told(st *story, e problem.Entry, ev *view.Event) bool {
	switch d := e.Data.(type) {
	case problem.Sent:
		ev.Kind, ev.Number, ev.Who = "message", 1, s.author(st)
	case problem.Accepted:
		ev.Kind, ev.Org = "accepted", s.orgOr(st, d.Routing.Executor)
	case problem.TopicChanged:
		ev.Kind, ev.Topic, ev.EarlierTopic = "topic_changed", st.topic(d.To.ID), st.topic(d.From.ID)
	case problem.Asked:
		ev.Kind = "question"
	case problem.Replied:
		ev.Kind = "reply"
	case problem.Redirected:
		return s.redirected(st, d, ev)
	case problem.Given:
		s.given(st, e, d, ev)
	case problem.Passed:
		ev.Kind, ev.SeenBy = "review_passed", "staff"
		return st.card.Staff
	case problem.SentBack:
		ev.Kind = "review_returned"
	case problem.Disputed:
		ev.Kind = "disputed"
	case problem.Reopened:
		ev.Kind, ev.Org = "reopened", st.org(e.By.Org)
	case problem.Refused:
		s.refusedEvent(st, d, ev)
	case problem.TakenBack:
		ev.Kind = "withdrawn"
	case problem.DueMoved:
		ev.Kind, ev.Planned = "due_changed", d.To.Time()
	default:
		return s.toldEnd(st, e, ev)
	}
	return true
}

// redirected tells who works on it now, or, where the executor stays, who sees
// to it. An import may say that all stay: that is no news to residents.
func (s *Server) redirected(st *story, d problem.Redirected, ev *view.Event) bool {
	switch {
	case d.To.Executor != d.From.Executor:
		ev.Kind, ev.Org, ev.EarlierOrg = "redirected", s.orgOr(st, d.To.Executor), st.org(d.From.Executor)
	case d.To.Coordinator != d.From.Coordinator:
		ev.Kind, ev.Org, ev.EarlierOrg = "overseen", s.orgOr(st, d.To.Coordinator), st.org(d.From.Coordinator)
	default:
		ev.Kind, ev.Org, ev.EarlierOrg = "overseen", s.orgOr(st, d.To.Controller), st.org(d.From.Controller)
		return d.To.Controller != d.From.Controller || st.card.Staff
	}
	return true
}

// toldEnd goes on with told: how it ended, and remarks.
func (s *Server) toldEnd(st *story, e problem.Entry, ev *view.Event) bool {
	switch e.Data.(type) {
	case problem.Solved:
		ev.Kind = "closed_author"
	case problem.SolvedOnSpot:
		ev.Kind = "closed_controller"
	case problem.FellSilent:
		ev.Kind, ev.Days = "closed_auto", silentDays(st.card.State, e.At.Time())
	case problem.Joined:
		ev.Kind = "joined"
	case problem.ContactGiven:
		ev.Kind = "contact"
	case problem.ContactForgotten:
		ev.Kind = "contact_forgotten"
	case problem.Claimed:
		ev.Kind = "claimed"
	case problem.TextHidden:
		ev.Kind = "hidden_text"
	case problem.PhotoHidden:
		ev.Kind = "hidden_text"
		ev.Text = s.say(st.v, "web.photo_hidden")
	case problem.TextShown:
		ev.Kind = "shown_text"
	case problem.PhotoShown:
		ev.Kind, ev.Text = "shown_text", s.say(st.v, "web.photo_shown")
	case problem.Erased:
		ev.Kind, ev.Text = "erased", s.say(st.v, "web.erased_why")
	default:
		return false
	}
	return true
}

func silentDays(state problem.State, at time.Time) int {
	if state.Answered == 0 {
		return 0
	}
	return int(at.Sub(state.Answered.Time()) / (24 * time.Hour))
}

// author is how the card names who sent it: nobody's name is public.
func (s *Server) author(st *story) string {
	switch {
	case st.card.IsAuthor:
		return s.say(st.v, "web.you")
	case st.card.State.Channel == "phone":
		return s.say(st.v, "web.by_phone")
	}
	return ""
}

func (s *Server) orgOr(st *story, id org.ID) string {
	if id == "" {
		return s.say(st.v, "web.nobody_yet")
	}
	return st.org(id)
}

func (s *Server) given(st *story, e problem.Entry, d problem.Given, ev *view.Event) {
	ev.Kind, ev.SeenBy = "answer", ""
	if i := d.Answer - 1; i < len(st.card.State.Answers) && st.card.State.Answers[i].Verdict != "passed" {
		ev.SeenBy = "staff"
	}
	if d.Interim {
		ev.Kind = "interim"
		ev.Planned = d.Planned.Time()
	}
	ev.Org = st.org(d.Org)
	ev.Person, ev.Position, ev.Phone = e.Text.Signer.Name, e.Text.Signer.Position, e.Text.Signer.Phone
}

func (s *Server) refusedEvent(st *story, d problem.Refused, ev *view.Event) {
	if d.Clause == moderation.Repeated {
		s.repeatEvent(st, d, ev)
		return
	}
	ev.Kind, ev.Clause, ev.ClauseURL = "rejected", d.Clause, "/rules"
	if c, ok := st.clauses[d.Clause]; ok && c.Code != "" {
		ev.Clause = d.Clause + " — " + st.v.text(c.Short)
		if ev.Text == "" {
			ev.Text = st.v.text(c.Text)
		}
	}
}

// problemPage fills the page of one problem.
func (s *Server) problemPage(st *story) view.ProblemPage {
	v, state := st.v, st.card.State
	t := st.book.topics[state.Topic.ID]
	p := view.ProblemPage{
		Base: s.base(v, "map", st.topic(state.Topic.ID)), Number: state.Number, UUID: state.UID,
		Topic: st.topic(state.Topic.ID), Path: st.path(t), Address: s.address(v, state.Place),
		Area: st.area(state.Place.District), State: stateNow(state, v.Now), Created: state.Created.Time(),
		Joined: state.Joined, Lat: state.Place.Point.Lat, Lon: state.Place.Point.Lon,
		Follow: v.followed[state.Number] != 0, Mine: st.card.IsAuthor, Thing: st.thing,
		Keys: view.Keys{Key: s.newKey(), Version: int(state.Seq)},
	}
	p.State.Due = time.Time{} // the page says it in words, under the chip
	if state.Place.House != 0 {
		p.HouseURL = houseURL(state.Place.House)
	}
	if a, ok := st.book.areas[state.Place.District]; ok && hasPage(a) {
		p.AreaURL = areaURL(a.ID)
	}
	s.promise(st, &p)
	p.Events = s.events(st)
	for _, e := range p.Events {
		p.Photos += len(e.Photos)
	}
	s.whoHasIt(st, &p)
	s.mayDo(st, &p)
	if c := st.card.Contact; c != nil && st.card.IsAuthor {
		p.Own = s.ownAnswers(v, t, *c)
	}
	return p
}

func (s *Server) whoHasIt(st *story, p *view.ProblemPage) {
	r := st.card.State.Routing
	if r.Executor != "" {
		p.Executor = st.organisation(r.Executor)
	}
	if r.Coordinator != "" && r.Coordinator != r.Executor {
		p.Coordinator = st.organisation(r.Coordinator)
	}
	if r.Controller != "" {
		p.Controller = st.organisation(r.Controller)
	}
	var earlier []string
	for _, id := range st.card.State.Earlier {
		earlier = append(earlier, st.org(id))
	}
	if len(earlier) > 0 {
		p.Earlier = joinComma(earlier)
	}
}

// mayDo says what the reader may do here.
func (s *Server) mayDo(st *story, p *view.ProblemPage) {
	c := st.card
	p.Can = view.Rights{
		Join: c.Can(problem.DoJoin), Judge: c.Can(problem.DoDispute), Withdraw: c.Can(problem.DoWithdraw),
		Reply: c.Can(problem.DoReply), Confirm: c.Can(problem.DoConfirmOnSpot), Leave: c.Can(problem.DoLeave), Staff: c.Staff,
	}
	if !p.Can.Judge {
		p.Can.Judge = c.State.Status == problem.Answered && c.Can(problem.DoConfirm)
	}
	if p.Can.Judge {
		p.AskedAway = c.State.Answered.Time().AddDate(0, 0, st.v.City.Settings.AutoCloseDays)
	}
	if p.Can.Reply {
		for _, e := range c.Feed {
			if _, asked := e.Data.(problem.Asked); asked {
				p.Question = e.Text.Body
			}
		}
	}
}
