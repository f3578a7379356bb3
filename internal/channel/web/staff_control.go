package web

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// controlLists are the lists of a controller, in order; the last one is of
// people's controllers, who have no other.
func controlLists() []string { return []string{"late", "soon", "disputed", "returned", "redirected"} }

// onSpot is the list of what a people's controller may look at.
const onSpot = "answered"

// controlPage is how many problems a list shows.
const controlPage = 100

// controlAsk is what a controller looks at.
type controlAsk struct {
	number int64
	list   string
	area   string
	org    org.ID
	form   *form // what was typed
}

func controlAskOf(v *visit, q url.Values) controlAsk {
	a := controlAsk{list: q.Get("list"), area: q.Get("area"), org: org.ID(q.Get("organisation"))}
	if !slices.Contains(controlLists(), a.list) {
		a.list = "late"
	}
	if !v.Who.Has(resident.Controller) {
		a.list = onSpot
	}
	return a
}

func (a controlAsk) filtered() bool { return a.area != "" || a.org != "" }

// address is a list with this narrowing.
func (a controlAsk) address(path, list string) string {
	q := url.Values{}
	for name, value := range map[string]string{"list": list, "area": a.area, "organisation": string(a.org)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// queue is a question for open problems with this narrowing.
func (a controlAsk) queue(statuses ...problem.Status) problem.Queue {
	q := problem.Queue{Statuses: statuses, Executor: a.org}
	if a.area != "" {
		q.Districts = []string{a.area}
	}
	return q
}

// overview is what a controller sees of all open problems: each list, and who
// has how much.
type overview struct {
	lists map[string][]problem.Item
	count map[string]int
	open  map[org.ID]int
	late  map[org.ID]int
}

// overview looks through what is open. Late and soon are whole; the other lists
// are those among the most urgent thousand.
func (s *Server) overview(ctx context.Context, v *visit, a controlAsk) (overview, error) {
	o := overview{lists: map[string][]problem.Item{}, count: map[string]int{}, open: map[org.ID]int{}, late: map[org.ID]int{}}
	open := append(inWork(), problem.Review, problem.Moderation)
	items, err := s.scan(ctx, v, a.queue(open...), anyState)
	if err != nil {
		return o, err
	}
	for _, it := range items {
		o.add(v, it)
	}
	if o.count["late"], err = s.countLate(ctx, v, a); err != nil {
		return o, err
	}
	return o, nil
}

func (s *Server) countLate(ctx context.Context, v *visit, a controlAsk) (int, error) {
	q := a.queue(inWork()...)
	q.DueBefore = problem.Moment(v.Now.UnixMicro())
	n, err := s.Problems.Count(ctx, v.Who, q)
	return int(n), err
}

// add puts a problem onto the lists that it belongs to.
func (o *overview) add(v *visit, it problem.Item) {
	st, due := it.State, it.State.StageDue().Time()
	working := slices.Contains(inWork(), st.Status)
	put := func(list string, fits bool) {
		if fits {
			o.lists[list] = append(o.lists[list], it)
			o.count[list]++
		}
	}
	late := working && !due.IsZero() && due.Before(v.Now)
	if late {
		o.lists["late"] = append(o.lists["late"], it) // counted by the database
	}
	put("soon", working && !late && !due.IsZero() && v.daysLeft(due) <= 1)
	put("disputed", len(st.Messages) > 1)
	put("returned", working && lastReturned(st))
	put("redirected", working && (st.Redirects > maxRedirects || st.Redirects == maxRedirects && st.RedirectWanted))
	if working && st.Routing.Executor != "" {
		o.open[st.Routing.Executor]++
		if late {
			o.late[st.Routing.Executor]++
		}
	}
}

// toCheck lists the answers that a people's controller may look at on the spot.
func (s *Server) toCheck(ctx context.Context, v *visit, area string) ([]problem.Item, error) {
	return s.scan(ctx, v, controlAsk{area: area}.queue(problem.Answered), problem.State.Visible)
}

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

func (s *Server) controllerPage(ctx context.Context, v *visit, ask controlAsk) (view.ControllerPage, error) {
	page := view.ControllerPage{
		Base: s.staffBase(v, "control", "staff.control"), Action: "/staff/control", List: ask.list, Filtered: ask.filtered(), NowOnly: true,
	}
	o, err := s.controlled(ctx, v, ask)
	if err != nil {
		return page, err
	}
	items := o.lists[ask.list]
	items = items[:min(len(items), controlPage)]
	n, err := s.controlNames(ctx, v, o, items)
	if err != nil {
		return page, err
	}
	page.Areas, page.Organisations = s.areaChoices(n, ask.area), s.controlOrgs(n, o, ask.org)
	for _, list := range listsOf(v) {
		page.Counts = append(page.Counts, view.StaffChoice{
			Value: list, Label: s.say(v, "staff_web.control."+list), Href: ask.address("/staff/control", list), Count: o.count[list], Selected: list == ask.list,
		})
	}
	for _, it := range items {
		page.Items = append(page.Items, s.controlItem(n, it, ask))
	}
	if page.Table = s.controlTable(n, o, ask); len(page.Table) > 0 {
		page.Download = ask.address("/staff/control.csv", "")
	}
	if ask.number == 0 {
		return page, nil
	}
	page.Check, page.ReadOnly, err = s.check(ctx, v, ask)
	return page, err
}

func listsOf(v *visit) []string {
	if v.Who.Has(resident.Controller) {
		return controlLists()
	}
	return []string{onSpot}
}

// controlled is the overview of a controller, or of a people's controller.
func (s *Server) controlled(ctx context.Context, v *visit, ask controlAsk) (overview, error) {
	if v.Who.Has(resident.Controller) {
		return s.overview(ctx, v, ask)
	}
	items, err := s.toCheck(ctx, v, ask.area)
	return overview{lists: map[string][]problem.Item{onSpot: items}, count: map[string]int{onSpot: len(items)}}, err
}

func (s *Server) controlNames(ctx context.Context, v *visit, o overview, items []problem.Item) (*names, error) {
	orgs := slices.Collect(maps.Keys(o.open))
	for _, it := range items {
		orgs = append(orgs, it.State.Routing.Executor)
	}
	return s.namesFor(ctx, v, unique(orgs), nil)
}

// controlOrgs are the organisations that have something now.
func (s *Server) controlOrgs(n *names, o overview, chosen org.ID) []view.StaffChoice {
	var list []view.StaffChoice
	for id := range o.open {
		list = append(list, view.StaffChoice{Value: string(id), Label: n.org(id), Selected: id == chosen})
	}
	slices.SortFunc(list, func(a, b view.StaffChoice) int { return cmp.Compare(a.Label, b.Label) })
	return append([]view.StaffChoice{{Label: s.say(n.v, "staff_web.all_organisations"), Selected: chosen == ""}}, list...)
}

func (s *Server) controlItem(n *names, it problem.Item, ask controlAsk) view.ControlItem {
	st, due := it.State, it.State.StageDue().Time()
	item := view.ControlItem{
		Href: ask.address("/staff/control/"+plainNumber(st.Number), ask.list), Number: st.Number, Topic: n.topic(st.Topic.ID),
		Address: s.address(n.v, st.Place), Due: due, Late: n.v.daysLate(due), Left: max(0, n.v.daysLeft(due)), Turn: st.Redirects,
		Disputes: max(0, len(st.Messages)-1), Current: st.Number == ask.number, NoDue: due.IsZero(),
	}
	if st.Routing.Executor != "" {
		item.Organisation = n.org(st.Routing.Executor)
	}
	return item
}

// controlTable is who has how much now, the latest first.
func (s *Server) controlTable(n *names, o overview, ask controlAsk) []view.ControlRow {
	var rows []view.ControlRow
	for id, open := range o.open {
		some := ask
		some.org = id
		rows = append(rows, view.ControlRow{Href: some.address("/staff/control", ask.list), Name: n.org(id), Open: open, Late: o.late[id]})
	}
	slices.SortFunc(rows, func(a, b view.ControlRow) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Open, a.Open), cmp.Compare(a.Name, b.Name))
	})
	return rows
}

// controlCSV gives the table of organisations.
func (s *Server) controlCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	ask := controlAskOf(v, r.URL.Query())
	o, err := s.overview(r.Context(), v, ask)
	if err != nil {
		return err
	}
	n, err := s.controlNames(r.Context(), v, o, nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"organisation", "open", "late"}}
	for _, row := range s.controlTable(n, o, ask) {
		rows = append(rows, []string{row.Name, strconv.Itoa(row.Open), strconv.Itoa(row.Late)})
	}
	return sendTable(w, "control.csv", rows)
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
		if due := st.Dues.Promised.Time(); !due.IsZero() {
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
		d.err = s.setDue(r.Context(), v, t)
	default:
		d.err = fault.Invalid.New("web.bad_form")
	}
	d.again = func(back refusal) (view.Page, error) {
		page, err := s.controllerPage(r.Context(), v, ask)
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
