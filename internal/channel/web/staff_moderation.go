package web

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

// showModeration shows the message that was asked for, else the most urgent.
func (s *Server) showModeration(w http.ResponseWriter, r *http.Request) error {
	look := moderation.Look{Query: strings.TrimSpace(r.URL.Query().Get("find"))}
	if r.PathValue("number") != "" {
		n, err := numberIn(r)
		if err != nil {
			return err
		}
		look.Number = n
	}
	page, err := s.moderationPage(r.Context(), s.visitOf(r), look, nil)
	if err != nil {
		return err
	}
	return s.show(w, page)
}

// moderationPage lays the desk; f is what was typed, nil on a fresh page.
func (s *Server) moderationPage(ctx context.Context, v *visit, look moderation.Look, f *form) (view.ModerationPage, error) {
	page := view.ModerationPage{Base: s.staffBase(v, "moderation", "staff.moderation")}
	look.Lang = string(v.Lang)
	desk, err := s.moderation().Desk(ctx, v.Who, look)
	if err != nil {
		return page, err
	}
	if page.Today, page.Mean, err = s.pace(ctx, v); err != nil {
		return page, err
	}
	if desk.Case == nil {
		page.Queue = s.queueOf(&names{v: v}, nil, desk.Queue.Count, "/staff/moderation", 0)
		return page, nil
	}
	n, err := s.caseNames(ctx, v, desk.Case)
	if err != nil {
		return page, err
	}
	page.Queue = s.queueOf(n, desk.Queue.Items, desk.Queue.Count, "/staff/moderation", desk.Case.Card.ID)
	if !desk.Case.Card.Can(problem.DoAccept) {
		page.ReadOnly = s.say(v, "staff_web.decided_already")
	}
	page.Message, err = s.messageOf(ctx, n, *desk.Case, look, f)
	return page, err
}

// caseNames finds the names of a case: those of the card and of everyone that a
// route would lead to.
func (s *Server) caseNames(ctx context.Context, v *visit, c *moderation.Case) (*names, error) {
	var orgs []org.ID
	for _, o := range c.Offers {
		d := o.Route.Decision
		orgs = append(orgs, d.Executor, d.Coordinator, d.Controller)
		if d.RunnerUp != nil {
			orgs = append(orgs, d.RunnerUp.Executor)
		}
	}
	return s.cardNames(ctx, v, c.Card, orgs...)
}

// messageOf is the message on the desk.
func (s *Server) messageOf(ctx context.Context, n *names, c moderation.Case, look moderation.Look, f *form) (*view.ModerationMessage, error) {
	v, st := n.v, c.Card.State
	last := st.LastMessage()
	href := "/staff/moderation/" + plainNumber(st.Number)
	words := s.wordsIn(v, c.Card, last.Text)
	m := &view.ModerationMessage{
		Href: href, Command: s.commandOf(href, c.Card), Number: st.Number, Received: last.At.Time(), CheckBy: st.Dues.Moderation.Time(),
		Runs: markedRuns(words), PublicText: problem.Masked(words), Photos: n.staffPhotos(st, last.Photos, true),
		HideText: slices.Contains(st.HiddenTexts, last.Text),
		Place:    s.staffPlace(n, st.Place), Facts: s.facts(n, c.Card), Author: authorOf(st, c.Author), TopicQuery: look.Query,
	}
	for i := range m.Photos {
		m.Photos[i].Alt = cmp.Or(m.Photos[i].Alt, s.say(v, "web.photo_n", i+1))
	}
	var err error
	if m.Known, err = s.knownAt(ctx, n, st, last.At.Time()); err != nil {
		return nil, err
	}
	m.Masked, m.Unreached = masked(m.Runs), !reached(c.Card)
	m.Findings, m.Choice = s.findingsOf(v, words, c.Findings), s.choiceOf(n, c)
	if !c.Card.Can(problem.DoAccept) {
		m.Decided = s.outcomeOf(n, st)
	}
	if c.Disputed != nil {
		answer := s.staffAnswer(n, c.Card, *c.Disputed)
		m.Disputed = &answer
	}
	for _, o := range c.Offers {
		m.Topics = append(m.Topics, s.topicOn(n, o))
		if o.Found {
			m.TopicFound++
		}
	}
	for _, similar := range c.Similar {
		m.Similar = append(m.Similar, s.similarOf(n, similar))
	}
	lang, err := s.authorLang(ctx, v, c.Card)
	if err != nil {
		return nil, err
	}
	if lang != v.Lang {
		m.AuthorReads = s.say(v, "staff_web.author_reads."+string(lang))
	}
	m.Questions = s.questions(v, lang, len(m.Findings.Parts) > 0)
	if m.Clauses, err = s.clauses(ctx, v, lang); err != nil {
		return nil, err
	}
	retype(m, f)
	return m, nil
}

// reached tells whether a letter or an SMS can reach the author.
func reached(card problem.Card) bool {
	c := card.Contact
	return card.State.Author != 0 || c != nil && (c.Email != "" || c.Phone != "")
}

// outcomeOf is what became of a problem.
func (s *Server) outcomeOf(n *names, st problem.State) *view.StaffOutcome {
	out := &view.StaffOutcome{State: stateNow(st, n.v.Now), Href: staffProblemURL(st.Number)}
	if st.Routing.Executor != "" {
		out.Executor = n.org(st.Routing.Executor)
	}
	return out
}

// retype puts what was typed back into the forms of the desk.
func retype(m *view.ModerationMessage, f *form) {
	if f == nil {
		return
	}
	for i := range m.Clauses {
		m.Clauses[i] = chosenText(f, "clause", m.Clauses[i])
	}
	for i := range m.Questions {
		m.Questions[i] = chosenText(f, "question", m.Questions[i])
	}
	if code := f.get("topic"); code != "" {
		for i := range m.Topics {
			m.Topics[i].Selected = m.Topics[i].Code == code
		}
	}
	if verdict := f.get("verdict"); verdict == "accept" || verdict == "search" {
		m.HideText = f.has("hide_text")
		for i := range m.Photos {
			m.Photos[i].Hidden = m.Photos[i].Hidden || slices.Contains(f.all("hide_photo"), m.Photos[i].ID)
		}
	}
	m.DuplicateNumber = f.get("duplicate_number")
	for i := range m.Similar {
		m.Similar[i].Selected = f.get("duplicate_of") == m.Similar[i].ID
	}
}

// chosenText is a ready text as it was typed over.
func chosenText(f *form, input string, t view.StaffTemplate) view.StaffTemplate {
	t.Selected = f.get(input) == t.Code
	if name := "text_" + t.Code; f.has(name) {
		t.Text = f.get(name)
	}
	return t
}

func authorOf(st problem.State, h moderation.History) view.ModerationAuthor {
	return view.ModerationAuthor{Channel: channelName(st.Channel), Sent: h.Sent, Accepted: h.Accepted, Rejected: h.Rejected, Today: h.Today}
}

// channelName is a channel as the catalogue names it; what it does not know came
// from another system.
func channelName(channel string) string {
	switch channel {
	case "web", "bot", "api", "phone_app", "operator":
		return channel
	case "phone":
		return "operator"
	}
	return "api"
}

// topicOn is a topic on offer, with where it would lead.
func (s *Server) topicOn(n *names, o moderation.Offer) view.ModerationTopic {
	return view.ModerationTopic{
		Code: strconv.FormatInt(int64(o.Topic.ID), 10), Name: n.v.text(o.Topic.Name), Path: n.path(o.Topic),
		Rank: o.Rank, Percent: percent(o.P), Sure: s.sureOf(n.v, o), Bar: view.Bar{Share: o.P}, Because: s.becauseOf(n, o.Because),
		Author: o.Author, Found: o.Found, Selected: o.Current, Route: s.routeOn(n, o.Route),
	}
}

// routeOn tells who would do it, by when, and why.
func (s *Server) routeOn(n *names, r moderation.Route) view.StaffRoute {
	d := r.Decision
	out := view.StaffRoute{Due: s.promiseOf(n.v, r)}
	if d.Executor != "" {
		out.Executor = n.org(d.Executor)
	}
	if d.Coordinator != "" {
		out.Coordinator = n.org(d.Coordinator)
	}
	if d.Controller != "" {
		out.Controller = n.org(d.Controller)
	}
	if d.Rule != 0 {
		out.Rule, out.RuleText = strconv.FormatInt(d.Rule, 10), s.whyText(n.v, d)
	}
	if up := d.RunnerUp; up != nil && up.Executor != "" {
		out.RunnerUp, out.RunnerWhy = n.org(up.Executor), s.whyText(n.v, *up)
	}
	return out
}

// whyText says why a rule won, and what the rule says of itself.
func (s *Server) whyText(v *visit, d routing.Decision) string {
	var parts []string
	if note := v.text(d.Note); note != "" {
		parts = append(parts, note)
	}
	for _, why := range d.Why {
		parts = append(parts, s.say(v, why))
	}
	return strings.Join(parts, " ")
}

// promiseOf explains what would be promised.
func (s *Server) promiseOf(v *visit, r moderation.Route) view.Due {
	steps, err := json.Marshal(r.Promise)
	if err != nil {
		s.log.Error("write steps of a promise", "error", err.Error())
	}
	dues := problem.Dues{Steps: steps, Unknown: string(r.Promise.Unknown.Reason)}
	if r.Promise.Due.IsZero() {
		return s.dueOf(v, dues, 0)
	}
	return s.dueOf(v, dues, problem.Moment(r.Promise.Due.UnixMicro()))
}

// similarOf is an open problem near by.
func (s *Server) similarOf(n *names, m moderation.Similar) view.SimilarProblem {
	st := m.State
	return view.SimilarProblem{
		ID: plainNumber(st.Number), Number: st.Number, Href: problemURL(st.Number), Topic: n.v.text(m.Topic.Name), Metres: m.Metres,
		Opened: st.Created.Time(), State: stateNow(st, n.v.Now), Excerpt: excerpt(m.Text), Joined: st.Joined,
		Percent: percent(m.P), Same: m.Same, Closed: m.Closed,
	}
}

// authorLang is the language in which the author of a problem reads: that of
// their account, else the one they wrote from, else the city's main one.
func (s *Server) authorLang(ctx context.Context, v *visit, card problem.Card) (locale.Lang, error) {
	lang := ""
	if c := card.Contact; c != nil {
		lang = c.Language
	}
	if author := card.State.Author; author != 0 {
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			p, err := s.Residents.PersonIn(tx, v.City.ID, author)
			if errors.Is(err, fault.Missing) {
				return nil
			}
			lang = cmp.Or(p.Language, lang)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("read language of author: %w", err)
		}
	}
	if !slices.Contains(languages(v.City), locale.Lang(lang)) {
		lang = v.City.Main
	}
	return locale.Lang(lang), nil
}

// inLang is a text of the pack in a language, else in the main one, and which
// of them it is.
func inLang(v *visit, names map[string]string, lang locale.Lang) (text string, in locale.Lang) {
	if text := names[string(lang)]; text != "" {
		return text, lang
	}
	return names[v.City.Main], locale.Lang(v.City.Main)
}

// clauses are the reasons of the pack for which a message may be refused: the
// moderator reads the names in their own language, the author the text in
// theirs.
func (s *Server) clauses(ctx context.Context, v *visit, lang locale.Lang) ([]view.StaffTemplate, error) {
	all, err := s.Packs.Clauses(ctx, v.City.ID)
	if err != nil {
		return nil, fmt.Errorf("read clauses: %w", err)
	}
	list := make([]view.StaffTemplate, len(all))
	for i, c := range all {
		text, in := inLang(v, c.Text, lang)
		list[i] = s.readyText(v, view.StaffTemplate{Code: c.Code, Title: v.text(c.Short), Text: text}, in, v.text(c.Text))
		list[i].Untranslated = in != lang
	}
	return list, nil
}

// readyText marks a text that is not in the reader's language and puts their
// own beside it.
func (s *Server) readyText(v *visit, t view.StaffTemplate, in locale.Lang, own string) view.StaffTemplate {
	if in != v.Lang {
		t.Lang = string(in)
	}
	if own != t.Text {
		t.Own = own
	}
	return t
}

// questions are what moderators ask most, as the author will read them; of a
// text with several problems first which of them is meant.
func (s *Server) questions(v *visit, lang locale.Lang, several bool) []view.StaffTemplate {
	codes := []string{"place", "photo", "since"}
	if several {
		codes = slices.Insert(codes, 0, "split")
	}
	list := s.ready(v, "question", codes...)
	for i, t := range list {
		own := t.Text
		t.Text = s.cat.T(lang, "staff_web.question."+t.Code+"_text")
		list[i] = s.readyText(v, t, lang, own)
	}
	return list
}

// ready are texts of the catalogue that may be edited before they are sent.
func (s *Server) ready(v *visit, what string, codes ...string) []view.StaffTemplate {
	list := make([]view.StaffTemplate, len(codes))
	for i, code := range codes {
		key := "staff_web." + what + "." + code
		list[i] = view.StaffTemplate{Code: code, Title: s.say(v, key), Text: s.say(v, key+"_text")}
	}
	return list
}

// pace is how many messages the person decided today, and how fast.
func (s *Server) pace(ctx context.Context, v *visit) (int, time.Duration, error) {
	y, m, d := v.Now.In(v.zone()).Date()
	acts, err := s.Residents.Audit(ctx, resident.Machine(v.City.ID), resident.AuditFilter{
		Person: v.Who.ID, Result: resident.Done, From: time.Date(y, m, d, 0, 0, 0, 0, v.zone()), Limit: 500,
	})
	if err != nil {
		return 0, 0, err
	}
	var at []time.Time
	for _, a := range acts {
		if slices.Contains(verdicts(), a.Act.Action) {
			at = append(at, a.At)
		}
	}
	n, mean := moderation.Decided(at)
	return n, mean, nil
}

// judgeMessage carries a verdict on a message out.
func (s *Server) judgeMessage(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	v := s.visitOf(r)
	href := "/staff/moderation/" + plainNumber(t.number)
	if t.form.get("verdict") == "search" {
		page, err := s.moderationPage(r.Context(), v, moderation.Look{Number: t.number, Query: strings.TrimSpace(t.form.get("find"))}, t.form)
		if err != nil {
			return err
		}
		page.Path = href
		return s.show(w, page)
	}
	d := deed{object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: href, next: "/staff/moderation"}
	d.typed = s.typedVerdict(v, t.form)
	open := s.verdict(r.Context(), v, t, &d)
	d.again = func(back refusal) (view.Page, error) {
		page, err := s.moderationPage(r.Context(), v, moderation.Look{Number: t.number, Query: strings.TrimSpace(t.form.get("find"))}, t.form)
		back.kept(page.ReadOnly == "")
		page.Path = href
		page.Errors, page.Conflict, page.Open = back.Errors, back.Conflict, open
		return page, err
	}
	return s.settle(w, r, d)
}

// typedVerdict is what a moderator wrote for a verdict.
func (s *Server) typedVerdict(v *visit, f *form) []view.StaffFact {
	switch f.get("verdict") {
	case "ask":
		return typedAs(s.say(v, "staff.ask"), f.get("text_"+f.get("question")))
	case "reject":
		if code := f.get("clause"); code != "" {
			return typedAs(s.say(v, "staff.reject")+", "+s.say(v, "staff.clause", code), f.get("text_"+code))
		}
	case "duplicate":
		return typedAs(s.say(v, "staff.duplicate_number"), f.get("duplicate_number"))
	}
	return nil
}

// verdict gives the command that the form asks for and names the panel it came
// from.
func (s *Server) verdict(ctx context.Context, v *visit, t target, d *deed) (open string) {
	f, number := t.form, v.number(t.number)
	said := func(action resident.Action, phrase string, args ...string) {
		d.action, d.said, d.args = action, phrase, append([]string{number}, args...)
	}
	switch verdict := f.get("verdict"); {
	case f.get("join") != "" || verdict == "duplicate":
		of := s.duplicateOf(f)
		said(messageJoined, "staff_web.said.duplicate", v.number(of))
		d.err = s.duplicate(ctx, v, t, of)
		return "duplicate"
	case verdict == "accept":
		said(messageAccepted, "staff_web.said.accept")
		d.detail, d.err = s.accept(ctx, v, t)
	case verdict == "ask":
		said(messageAsked, unreachedSo("staff_web.said.ask", t.card))
		d.err = s.ask(ctx, v, t)
		return "ask"
	case verdict == "reject":
		said(messageRejected, unreachedSo("staff_web.said.reject", t.card))
		d.detail = "clause=" + f.get("clause")
		d.err = s.reject(ctx, v, t)
		return "reject"
	default:
		d.err = fault.Invalid.New("web.bad_form")
	}
	return ""
}

// unreachedSo is the phrase for an author whom no letter reaches: it promises none.
func unreachedSo(phrase string, card problem.Card) string {
	if reached(card) {
		return phrase
	}
	return phrase + "_unreached"
}

// hiding is what the form keeps from being published.
func (s *Server) hiding(ctx context.Context, v *visit, t target) (moderation.Hiding, error) {
	h := moderation.Hiding{Text: t.form.has("hide_text")}
	wanted := t.form.all("hide_photo")
	if len(wanted) == 0 {
		return h, nil
	}
	n, err := s.cardNames(ctx, v, t.card)
	if err != nil {
		return h, err
	}
	for _, key := range t.card.State.LastMessage().Photos {
		if p, there := n.photos[key]; there && slices.Contains(wanted, publicPhoto(p).ID) {
			h.Photos = append(h.Photos, key)
		}
	}
	return h, nil
}

func (s *Server) accept(ctx context.Context, v *visit, t target) (detail string, err error) {
	hide, err := s.hiding(ctx, v, t)
	if err != nil {
		return "", err
	}
	a := moderation.Acceptance{Topic: topic.ID(t.form.int("topic")), Hiding: hide}
	_, err = s.moderation().Accept(ctx, v.Who, t.keys, a)
	return fmt.Sprintf("topic=%d hidden=%d", a.Topic, len(hide.Photos)), err
}

func (s *Server) ask(ctx context.Context, v *visit, t target) error {
	code := t.form.get("question")
	if code == "" {
		return fault.Invalid.Field("question", "staff_web.question_missing")
	}
	_, err := s.moderation().Ask(ctx, v.Who, t.keys, t.form.get("text_"+code))
	return atField(err, "text", "question")
}

func (s *Server) reject(ctx context.Context, v *visit, t target) error {
	known, err := s.Packs.Clauses(ctx, v.City.ID)
	if err != nil {
		return err
	}
	code := t.form.get("clause")
	refused := moderation.Refusal{Clause: code, Text: t.form.get("text_" + code), Known: codesOf(known)}
	if refused.Text == "" {
		lang, err := s.authorLang(ctx, v, t.card)
		if err != nil {
			return err
		}
		refused.Text, _ = inLang(v, clauseOf(known, code).Text, lang)
	}
	_, err = s.moderation().Reject(ctx, v.Who, t.keys, refused)
	return atField(err, "text", "clause")
}

func codesOf(clauses []pack.Clause) []string {
	var codes []string
	for _, c := range clauses {
		codes = append(codes, c.Code)
	}
	return codes
}

func clauseOf(clauses []pack.Clause, code string) pack.Clause {
	for _, c := range clauses {
		if c.Code == code {
			return c
		}
	}
	return pack.Clause{}
}

// duplicateOf is the number that the form names: by its own button, typed, or
// chosen from the list.
func (s *Server) duplicateOf(f *form) int64 {
	for _, input := range []string{"join", "duplicate_number", "duplicate_of"} {
		typed := strings.Map(func(c rune) rune {
			if c >= '0' && c <= '9' {
				return c
			}
			return -1
		}, f.get(input))
		if n := whole(typed); n > 0 {
			return n
		}
	}
	return 0
}

func (s *Server) duplicate(ctx context.Context, v *visit, t target, of int64) error {
	if of == 0 {
		return fault.Invalid.Field("duplicate_number", "staff_web.duplicate_missing")
	}
	lang, err := s.authorLang(ctx, v, t.card)
	if err != nil {
		return err
	}
	_, err = s.moderation().Duplicate(ctx, v.Who, t.keys, moderation.Repeat{
		Of: of, Text: s.cat.T(lang, "staff_web.duplicate_text", locale.Number(lang, of), s.Settings.PublicURL+problemURL(of)),
	})
	return err
}

// atField puts what a service says of one input to the input that the page has
// for it.
func atField(err error, from, to string) error {
	f := fault.Of(err)
	if f == nil {
		return err
	}
	for i := range f.Fields {
		if f.Fields[i].Name == from {
			f.Fields[i].Name = to
		}
	}
	return err
}
