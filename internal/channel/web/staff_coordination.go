package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/routing"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// coordinationPage is how many problems the list beside the desk shows.
const coordinationPage = 50

// kindsToCoordinate are why a problem waits for a coordinator.
func kindsToCoordinate() []string { return []string{"redirect", "unassigned"} }

// toCoordinate asks for what waits for a coordinator: problems that an executor
// wants handed over, and those without one. What no rule routed waits for every
// coordinator of its area.
func toCoordinate(v *visit, kind string) problem.Queue {
	return problem.Queue{Statuses: inWork(), Coordinator: org.ID(v.Who.Org), RedirectAsked: kind == "redirect", Unassigned: kind == "unassigned"}
}

// countToCoordinate counts all that waits, by kind; "" is the sum.
func (s *Server) countToCoordinate(ctx context.Context, v *visit) (map[string]int, error) {
	counts := map[string]int{}
	for _, kind := range kindsToCoordinate() {
		n, err := s.Problems.Count(ctx, v.Who, toCoordinate(v, kind))
		if err != nil {
			return nil, err
		}
		counts[kind] = int(n)
		counts[""] += int(n)
	}
	return counts, nil
}

// listToCoordinate lists a page of what waits, the most urgent first.
func (s *Server) listToCoordinate(ctx context.Context, v *visit, ask coordinationAsk) (items []problem.Item, more bool, err error) {
	for _, kind := range kindsToCoordinate() {
		if ask.kind != "" && ask.kind != kind {
			continue
		}
		q := toCoordinate(v, kind)
		q.Limit = coordinationPage + 1
		q.After, q.AfterID = afterOf(ask.after)
		some, err := s.Problems.Queue(ctx, v.Who, q)
		if err != nil {
			return nil, false, err
		}
		items = append(items, some...)
	}
	slices.SortFunc(items, func(a, b problem.Item) int {
		return cmp.Or(cmp.Compare(a.State.StageDue(), b.State.StageDue()), cmp.Compare(a.ID, b.ID))
	})
	if len(items) > coordinationPage {
		return items[:coordinationPage], true, nil
	}
	return items, false, nil
}

// waitsFor is why a problem waits for the coordinator; "own" is one that does
// not: the coordinator may hand it over unasked.
func waitsFor(st problem.State) string {
	switch {
	case st.RedirectWanted:
		return "redirect"
	case st.Routing.Executor == "" && slices.Contains(inWork(), st.Status):
		return "unassigned"
	}
	return "own"
}

// coordinationAsk is what the coordinator looks at.
type coordinationAsk struct {
	number int64
	kind   string
	query  string
	after  string // cursor
	form   *form  // what was typed
}

// address is this list, or from here on.
func (a coordinationAsk) address(after string) string {
	q := url.Values{}
	for name, value := range map[string]string{"kind": a.kind, "after": after} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/staff/coordination"
	}
	return "/staff/coordination?" + q.Encode()
}

// showCoordination shows the problem that was asked for, else the most urgent.
func (s *Server) showCoordination(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	ask := coordinationAsk{kind: q.Get("kind"), query: strings.TrimSpace(q.Get("q")), after: q.Get("after")}
	if !slices.Contains(kindsToCoordinate(), ask.kind) {
		ask.kind = ""
	}
	if r.PathValue("number") != "" {
		var err error
		if ask.number, err = numberIn(r); err != nil {
			return err
		}
	}
	page, err := s.coordinationPage(r.Context(), s.visitOf(r), ask)
	if err != nil {
		return err
	}
	return s.show(w, page)
}

func (s *Server) coordinationPage(ctx context.Context, v *visit, ask coordinationAsk) (view.CoordinatorPage, error) {
	page := view.CoordinatorPage{Base: s.staffBase(v, "coordination", "staff.coordination")}
	counts, err := s.countToCoordinate(ctx, v)
	if err != nil {
		return page, err
	}
	page.Filters = s.coordinationFilters(v, ask.kind, counts)
	items, more, err := s.listToCoordinate(ctx, v, ask)
	if err != nil {
		return page, err
	}
	if ask.number == 0 && len(items) == 0 {
		page.Queue = s.queueOf(&names{v: v}, nil, 0, "/staff/coordination", 0)
		return page, nil
	}
	number := ask.number
	if number == 0 {
		number = items[0].State.Number
	}
	card, err := s.held(ctx, v, number)
	if err != nil {
		return page, err
	}
	found, err := s.candidates(ctx, v, card, ask)
	if err != nil {
		return page, err
	}
	n, err := s.cardNames(ctx, v, card, found.orgs()...)
	if err != nil {
		return page, err
	}
	page.Queue = s.waitingQueue(n, items, int64(counts[ask.kind]), card.ID)
	if more {
		last := items[len(items)-1]
		page.Queue.More = ask.address(cursor(last.State, last.ID))
	}
	if !card.Can(problem.DoRedirect) {
		page.ReadOnly = s.say(v, "staff_web.not_to_coordinate")
	}
	page.Case = s.coordinatorCase(n, card, found, ask)
	page.Case.Earlier, err = s.handOvers(ctx, n, card)
	return page, err
}

// waitingQueue is the list beside the desk. What waits here does so since the last
// thing that happened, the request or the hand-over, not since the message came.
func (s *Server) waitingQueue(n *names, items []problem.Item, count, current int64) view.StaffQueue {
	q := s.queueOf(n, items, count, "/staff/coordination", current)
	q.Oldest = 0
	for i := range q.Items {
		q.Items[i].Waiting = n.v.Now.Sub(items[i].State.Changed.Time())
		q.Oldest = max(q.Oldest, q.Items[i].Waiting)
	}
	return q
}

func (s *Server) coordinationFilters(v *visit, chosen string, counts map[string]int) []view.StaffChoice {
	if counts[""] == 0 {
		return nil
	}
	var list []view.StaffChoice
	for _, kind := range append([]string{""}, kindsToCoordinate()...) {
		list = append(list, view.StaffChoice{
			Label: s.say(v, "staff_web.coordination."+orAll(kind)), Href: coordinationAsk{kind: kind}.address(""), Count: counts[kind], Selected: kind == chosen,
		})
	}
	return list
}

func orAll(kind string) string {
	if kind == "" {
		return "all"
	}
	return kind
}

// shortlist is whom a problem may be given to, and how the rules see it.
type shortlist struct {
	decision routing.Decision
	has      org.ID // who has it now
	asked    org.ID // whom the executor suggests
	picked   org.ID // whom the coordinator chose before a search
	searched []org.Organisation
	load     map[org.ID][2]int // open and late
}

// orgs are the candidates, each once, without the one that has it already.
func (l shortlist) orgs() []org.ID {
	ids := []org.ID{l.asked, l.picked, l.decision.Executor}
	if l.decision.RunnerUp != nil {
		ids = append(ids, l.decision.RunnerUp.Executor)
	}
	for _, o := range l.searched {
		ids = append(ids, o.ID)
	}
	ids = slices.DeleteFunc(ids, func(id org.ID) bool { return id == "" || id == l.has })
	var once []org.ID
	for _, id := range ids {
		if !slices.Contains(once, id) {
			once = append(once, id)
		}
	}
	return once
}

// candidates looks for organisations: what the executor suggests, what the rules
// say now, what the search finds.
func (s *Server) candidates(ctx context.Context, v *visit, card problem.Card, ask coordinationAsk) (shortlist, error) {
	l := shortlist{has: card.State.Routing.Executor, asked: askedTo(card), load: map[org.ID][2]int{}}
	if ask.form != nil {
		l.picked = org.ID(ask.form.get("organisation"))
	}
	t, err := s.topicAt(ctx, v, card.State.Topic)
	if err != nil {
		return l, err
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		l.decision, err = s.Routes.RouteIn(tx, v.City.ID, t, card.State.Place, tx.Now())
		return err
	})
	if err != nil {
		return l, err
	}
	if ask.query != "" {
		if l.searched, err = s.Orgs.Search(ctx, v.City.ID, ask.query, 10); err != nil {
			return l, err
		}
	}
	late := problem.Moment(v.Now.UnixMicro())
	for _, id := range l.orgs() {
		q := problem.Queue{Statuses: inWork(), Executor: id}
		open, err := s.Problems.Count(ctx, v.Who, q)
		if err != nil {
			return l, err
		}
		q.DueBefore = late
		overdue, err := s.Problems.Count(ctx, v.Who, q)
		if err != nil {
			return l, err
		}
		l.load[id] = [2]int{int(open), int(overdue)}
	}
	return l, nil
}

// lastRequest is the open request for a hand-over.
func lastRequest(card problem.Card) (problem.RedirectAsked, problem.Entry, bool) {
	if !card.State.RedirectWanted {
		return problem.RedirectAsked{}, problem.Entry{}, false
	}
	for i := len(card.Feed) - 1; i >= 0; i-- {
		if d, ok := card.Feed[i].Data.(problem.RedirectAsked); ok {
			return d, card.Feed[i], true
		}
	}
	return problem.RedirectAsked{}, problem.Entry{}, false
}

func askedTo(card problem.Card) org.ID {
	d, _, _ := lastRequest(card)
	return d.To
}

// coordinatorCase is the problem on the desk.
func (s *Server) coordinatorCase(n *names, card problem.Card, l shortlist, ask coordinationAsk) *view.CoordinatorCase {
	v, st := n.v, card.State
	href := "/staff/coordination/" + plainNumber(st.Number)
	c := &view.CoordinatorCase{
		Command: s.commandOf(href, card), Kind: waitsFor(st), Number: st.Number, Href: problemURL(st.Number), Topic: n.topic(st.Topic.ID),
		Place: s.staffPlace(n, st.Place), Due: st.StageDue().Time(), Late: v.daysLate(st.StageDue().Time()), Turn: st.Redirects + 1,
		Rule: s.trace(n, l.decision), SearchURL: href, Query: ask.query, Searched: ask.query != "",
	}
	if c.Kind == "unassigned" {
		c.Turn = st.Redirects
	}
	if st.Routing.Executor != "" {
		c.Executor = n.org(st.Routing.Executor)
	}
	_, c.Answer = st.Pending()
	if st.Status == problem.Review || !st.Status.Open() || st.Accepted == 0 {
		c.Due, c.Late = time.Time{}, 0 // the date is somebody else's
	}
	if len(st.Messages) > 0 {
		c.Message = s.voice(n, card, st.Messages[0])
	}
	if d, e, ok := lastRequest(card); ok {
		c.AskedBy, c.AskedAt, c.AskedWhy = n.org(d.Org), e.At.Time(), e.Text.Body
		if d.To != "" {
			c.AskedTo = n.org(d.To)
		}
	}
	chosen := ""
	if ask.form != nil {
		c.Reason, chosen = ask.form.get("reason"), ask.form.get("organisation")
	}
	for i, id := range l.orgs() {
		if _, known := n.orgs[id]; !known {
			continue // a form may name anything
		}
		c.Candidates = append(c.Candidates, view.OrganisationCandidate{
			ID: string(id), Name: n.org(id), Why: s.whyCandidate(v, l, id), Open: l.load[id][0], Late: l.load[id][1],
			Selected: string(id) == chosen || chosen == "" && i == 0 && c.Kind != "own",
		})
	}
	return c
}

func (s *Server) whyCandidate(v *visit, l shortlist, id org.ID) string {
	switch {
	case id == l.asked:
		return s.say(v, "staff_web.why_asked")
	case id == l.decision.Executor:
		return s.say(v, "staff.rule", strconv.FormatInt(l.decision.Rule, 10))
	case l.decision.RunnerUp != nil && id == l.decision.RunnerUp.Executor:
		return s.say(v, "staff_web.why_runner_up")
	}
	return s.say(v, "staff_web.why_found")
}

// trace tells how the rules come to their choice now.
func (s *Server) trace(n *names, d routing.Decision) view.RuleTrace {
	trace := view.RuleTrace{Version: strconv.FormatInt(d.Version, 10)}
	for up := &d; up != nil && up.Rule != 0; up = up.RunnerUp {
		trace.Steps = append(trace.Steps, view.RuleStep{
			Number: strconv.FormatInt(up.Rule, 10), Text: s.whyText(n.v, *up), Outcome: n.org(up.Executor), Fits: up.Rule == d.Rule && !d.Missing,
			Less: up.Rule != d.Rule,
		})
	}
	return trace
}

// handOvers are the acceptance and every hand-over since, the newest first.
func (s *Server) handOvers(ctx context.Context, n *names, card problem.Card) ([]view.StaffStep, error) {
	some := card
	some.Feed = nil
	for _, e := range card.Feed {
		switch e.Data.(type) {
		case problem.Accepted, problem.Redirected, problem.RedirectDeclined:
			some.Feed = append(some.Feed, e)
		}
	}
	return s.steps(ctx, n, some)
}

// coordinate hands a problem over, or leaves it where it is.
func (s *Server) coordinate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.posted(r)
	if err != nil {
		return err
	}
	v, f := s.visitOf(r), t.form
	href := "/staff/coordination/" + plainNumber(t.number)
	ask := coordinationAsk{number: t.number, query: strings.TrimSpace(f.get("q")), form: f}
	if f.get("verdict") == "search" {
		page, err := s.coordinationPage(r.Context(), v, ask)
		if err != nil {
			return err
		}
		page.Path = href
		return s.show(w, page)
	}
	d := deed{object: about(t.number), problem: t.card.ID, version: t.keys.Version, href: href, next: "/staff/coordination"}
	d.args = []string{v.number(t.number)}
	d.typed = typedAs(s.say(v, "staff.give_reason"), f.get("reason"))
	switch f.get("verdict") {
	case "give":
		d.action, d.said, d.detail = redirectGiven, "staff_web.said.give", "to="+f.get("organisation")
		d.err = s.handOver(r.Context(), v, t)
	case "keep":
		d.action, d.said = redirectDeclined, "staff_web.said.keep"
		d.err = atField(s.give(r.Context(), v, t, problem.DeclineRedirect{Reason: strings.TrimSpace(f.get("reason"))}), "text", "reason")
	default:
		d.err = fault.Invalid.New("web.bad_form")
	}
	d.again = func(back refusal) (view.Page, error) {
		page, err := s.coordinationPage(r.Context(), v, ask)
		back.kept(page.ReadOnly == "")
		page.Path, page.Errors, page.Conflict = href, back.Errors, back.Conflict
		return page, err
	}
	return s.settle(w, r, d)
}

// handOver gives a problem to another organisation of the city.
func (s *Server) handOver(ctx context.Context, v *visit, t target) error {
	id := org.ID(t.form.get("organisation"))
	if id == "" {
		return fault.Invalid.Field("organisation", "staff_web.organisation_missing")
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		o, err := s.Orgs.FindIn(tx, v.City.ID, id)
		if err == nil && !o.Open {
			return fault.Invalid.Field("organisation", "staff_web.organisation_closed")
		}
		return err
	})
	if fault.KindOf(err) == fault.Missing {
		return fault.Invalid.Field("organisation", "staff_web.organisation_missing")
	}
	if err != nil {
		return err
	}
	c := problem.Redirect{Executor: id, Reason: strings.TrimSpace(t.form.get("reason"))}
	if t.card.State.Routing.Coordinator == "" {
		c.Coordinator = org.ID(v.Who.Org) // who gives out what nobody had answers for it
	}
	return atField(atField(s.give(ctx, v, t, c), "text", "reason"), "to", "organisation")
}
