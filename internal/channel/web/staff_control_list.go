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

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

// controlLists are the lists of a controller, in order.
func controlLists() []string {
	return []string{"late", "soon", "disputed", "repeated", "unassigned", "undated", "returned", "redirected"}
}

// onSpot is the list of people's controllers, who have no other: answers that
// they may look at where it was.
const onSpot = "answered"

const (
	// controlPage is how many problems a page of a list shows.
	controlPage = 100
	// controlRows is how many organisations the table shows unasked.
	controlRows = 30
	// controlDays is how many days back the figures of organisations go.
	controlDays = 30
)

// everybody, as the answer to «whose», is what all organisations control.
const everybody = "all"

// controlAsk is what a controller looks at.
type controlAsk struct {
	number int64
	list   string
	area   string
	org    org.ID
	own    org.ID // whose problems: those that the person's organisation controls
	whose  string // "" or everybody
	after  string // cursor
	rows   string // everybody: the whole table of organisations
	form   *form  // what was typed
}

func controlAskOf(v *visit, q url.Values) controlAsk {
	a := controlAsk{list: q.Get("list"), area: q.Get("area"), org: org.ID(q.Get("organisation")), after: q.Get("after"), own: org.ID(v.Who.Org)}
	if !slices.Contains(controlLists(), a.list) {
		a.list = "late"
	}
	if q.Get("whose") == everybody {
		a.whose, a.own = everybody, ""
	}
	if q.Get("rows") == everybody {
		a.rows = everybody
	}
	if !v.Who.Has(resident.Controller) {
		a.list, a.own, a.whose = onSpot, "", ""
	}
	return a
}

func (a controlAsk) filtered() bool { return a.area != "" || a.org != "" || a.whose != "" }

// address is a list with this narrowing.
func (a controlAsk) address(path, list string) string {
	q := url.Values{}
	values := map[string]string{"list": list, "area": a.area, "organisation": string(a.org), "whose": a.whose, "after": a.after, "rows": a.rows}
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// fresh is the same narrowing from the beginning of its list.
func (a controlAsk) fresh() controlAsk {
	a.after = ""
	return a
}

// narrowed is a question for problems in some statuses with this narrowing.
func (a controlAsk) narrowed(statuses ...problem.Status) problem.Queue {
	q := problem.Queue{Statuses: statuses, Executor: a.org, Controller: a.own}
	if a.area != "" {
		q.Districts = []string{a.area}
	}
	return q
}

// queue is the question that a list answers. An answer that is no fix is one
// that somebody disputed, until it is settled; a second dispute of the same
// problem is a list of its own.
func (a controlAsk) queue(v *visit, list string) problem.Queue {
	now := problem.Moment(v.Now.UnixMicro())
	q := a.narrowed(inWork()...)
	switch list {
	case "late":
		q.DueBefore = now
	case "soon":
		q.DueFrom, q.DueBefore = now, problem.Moment(daysAgo(v, -2).UnixMicro())
	case "disputed", "repeated":
		q.Statuses = append(inWork(), problem.Moderation, problem.Question, problem.Review)
		q.Disputes = 1
		if list == "repeated" {
			q.Disputes = 2
		}
	case "unassigned":
		q.Unassigned = true
	case "undated":
		q.Undated = true
	case "returned":
		q.SentBack = true
	case "redirected":
		q.Redirects = maxRedirects
	case onSpot:
		q = a.narrowed(problem.Answered)
		q.Visible = true
	}
	return q
}

// listsOf are the lists of a person.
func listsOf(v *visit) []string {
	if v.Who.Has(resident.Controller) {
		return controlLists()
	}
	return []string{onSpot}
}

// toCheck counts the answers that a people's controller may look at.
func (s *Server) toCheck(ctx context.Context, v *visit) (int, error) {
	n, err := s.Problems.Count(ctx, v.Who, controlAsk{}.queue(v, onSpot))
	return int(n), err
}

func (s *Server) controllerPage(ctx context.Context, v *visit, ask controlAsk) (view.ControllerPage, error) {
	page := view.ControllerPage{
		Base: s.staffBase(v, "control", "staff.control"), Action: "/staff/control", List: ask.list, Filtered: ask.filtered(),
	}
	items, more, err := s.controlItems(ctx, v, ask)
	if err != nil {
		return page, err
	}
	table, err := s.controlled(ctx, v, ask)
	if err != nil {
		return page, err
	}
	n, err := s.controlNames(ctx, v, table, items)
	if err != nil {
		return page, err
	}
	page.Areas, page.Organisations, page.Whose = s.areaChoices(n, ask.area), s.controlOrgs(n, table, ask.org), s.whoseChoices(n, ask)
	if page.Counts, err = s.controlCounts(ctx, v, ask); err != nil {
		return page, err
	}
	for _, it := range items {
		page.Items = append(page.Items, s.controlItem(n, it, ask))
	}
	if more {
		next, last := ask, items[len(items)-1]
		next.after = cursor(last.State, last.ID)
		page.Pager.Later = next.address("/staff/control", ask.list)
	}
	if ask.after != "" {
		page.Pager.Earlier = ask.fresh().address("/staff/control", ask.list)
	}
	if len(items) > 0 {
		page.ListDownload = ask.fresh().address("/staff/control-list.csv", ask.list)
	}
	s.putTable(n, &page, table, ask)
	if ask.number == 0 {
		return page, nil
	}
	page.Check, page.ReadOnly, err = s.check(ctx, v, ask)
	return page, err
}

// controlItems reads a page of a list, and whether there is more.
func (s *Server) controlItems(ctx context.Context, v *visit, ask controlAsk) (items []problem.Item, more bool, err error) {
	q := ask.queue(v, ask.list)
	q.Limit, q.Bare = controlPage+1, true
	q.After, q.AfterID = afterOf(ask.after)
	items, err = s.Problems.Queue(ctx, v.Who, q)
	if len(items) > controlPage {
		return items[:controlPage], true, err
	}
	return items, false, err
}

// controlCounts are the lists with how many are on each.
func (s *Server) controlCounts(ctx context.Context, v *visit, ask controlAsk) ([]view.StaffChoice, error) {
	var counts []view.StaffChoice
	for _, list := range listsOf(v) {
		n, err := s.Problems.Count(ctx, v.Who, ask.queue(v, list))
		if err != nil {
			return nil, err
		}
		counts = append(counts, view.StaffChoice{
			Value: list, Label: s.say(v, "staff_web.control."+list), Href: ask.fresh().address("/staff/control", list), Count: int(n), Selected: list == ask.list,
		})
	}
	return counts, nil
}

// orgLine is what an organisation has now and what it did lately.
type orgLine struct {
	problem.Load
	board.Figures
}

// controlled is the table of organisations, the latest first; a people's
// controller has none.
func (s *Server) controlled(ctx context.Context, v *visit, ask controlAsk) ([]orgLine, error) {
	if !v.Who.Has(resident.Controller) {
		return nil, nil
	}
	now, err := s.Problems.Loads(ctx, v.Who, ask.narrowed(inWork()...))
	if err != nil {
		return nil, err
	}
	q := board.OrganisationQuery{From: daysAgo(v, controlDays), To: daysAgo(v, -1), Executor: ask.org, Controller: ask.own, Districts: v.Who.Areas}
	switch {
	case ask.area != "" && v.Who.Covers(ask.area):
		q.Districts = []string{ask.area}
	case ask.area != "":
		return nil, nil // not theirs to see
	}
	lately, err := s.Board.Organisations(ctx, v.City.ID, q)
	if err != nil {
		return nil, err
	}
	lines := map[org.ID]orgLine{}
	for id, f := range lately {
		lines[id] = orgLine{problem.Load{Executor: id}, f}
	}
	for _, l := range now {
		f, ok := lately[l.Executor]
		if !ok {
			f.Median = -1
		}
		lines[l.Executor] = orgLine{l, f}
	}
	return slices.SortedFunc(maps.Values(lines), func(a, b orgLine) int {
		return cmp.Or(cmp.Compare(b.Late, a.Late), cmp.Compare(b.Open, a.Open), cmp.Compare(b.Received, a.Received), cmp.Compare(a.Executor, b.Executor))
	}), nil
}

func (s *Server) controlNames(ctx context.Context, v *visit, table []orgLine, items []problem.Item) (*names, error) {
	var orgs []org.ID
	for _, l := range table {
		orgs = append(orgs, l.Executor)
	}
	for _, it := range items {
		orgs = append(orgs, it.State.Routing.Executor)
	}
	orgs = append(orgs, org.ID(v.Who.Org))
	return s.namesFor(ctx, v, unique(orgs), nil)
}

// controlOrgs are the organisations of the table; one that was asked for and
// has nothing stays chosen.
func (s *Server) controlOrgs(n *names, table []orgLine, chosen org.ID) []view.StaffChoice {
	if len(table) == 0 && chosen == "" {
		return nil
	}
	var list []view.StaffChoice
	seen := false
	for _, l := range table {
		if l.Executor == "" {
			continue
		}
		seen = seen || l.Executor == chosen
		list = append(list, view.StaffChoice{Value: string(l.Executor), Label: n.org(l.Executor), Selected: l.Executor == chosen})
	}
	if chosen != "" && !seen {
		list = append(list, view.StaffChoice{Value: string(chosen), Label: n.org(chosen), Selected: true})
	}
	slices.SortFunc(list, func(a, b view.StaffChoice) int { return cmp.Compare(a.Label, b.Label) })
	return append([]view.StaffChoice{{Label: s.say(n.v, "staff_web.all_organisations"), Selected: chosen == ""}}, list...)
}

// whoseChoices let a person of an organisation look at what others control.
func (s *Server) whoseChoices(n *names, ask controlAsk) []view.StaffChoice {
	if n.v.Who.Org == "" || ask.list == onSpot {
		return nil
	}
	return []view.StaffChoice{
		{Label: n.org(org.ID(n.v.Who.Org)), Selected: ask.whose == ""},
		{Value: everybody, Label: s.say(n.v, "staff_web.control_everybody"), Selected: ask.whose == everybody},
	}
}

func (s *Server) controlItem(n *names, it problem.Item, ask controlAsk) view.ControlItem {
	st, due := it.State, it.State.StageDue().Time()
	item := view.ControlItem{
		Href: ask.address("/staff/control/"+plainNumber(st.Number), ask.list) + "#check", Number: st.Number, Topic: n.topic(st.Topic.ID),
		Address: s.address(n.v, st.Place), Due: due, Late: n.v.daysLate(due), Left: max(0, n.v.daysLeft(due)), Turn: st.Redirects,
		Disputes: max(0, len(st.Messages)-1), Current: st.Number == ask.number, NoDue: due.IsZero() && st.Status != problem.Answered,
	}
	if item.NoDue {
		item.Unknown = s.whyUndated(n.v, st)
	}
	if st.Status == problem.Answered {
		item.Answered = st.Answered.Time()
	}
	if st.Routing.Executor != "" {
		item.Organisation = n.org(st.Routing.Executor)
	}
	return item
}

// whyUndated is why a stage has no date.
func (s *Server) whyUndated(v *visit, st problem.State) string {
	why := "no_term"
	switch {
	case deadline.Reason(st.Dues.Unknown) == deadline.NoYear:
		why = "no_year"
	case deadline.Reason(st.Dues.Unknown) == deadline.Paused:
		why = "paused"
	case deadline.Reason(st.Dues.Unknown) == deadline.BadTerm:
		why = "bad_term"
	case st.Dues.Unknown == "" && len(st.Dues.Steps) == 0:
		why = "imported"
	}
	return s.say(v, "staff_web.undated."+why)
}

// putTable puts the organisations onto the page, all of them if it was asked.
func (s *Server) putTable(n *names, page *view.ControllerPage, table []orgLine, ask controlAsk) {
	if len(table) == 0 {
		return
	}
	page.Download = ask.fresh().address("/staff/control.csv", "")
	shown := table
	if ask.rows != everybody && len(table) > controlRows {
		shown = table[:controlRows]
		all := ask
		all.rows = everybody
		page.AllRows, page.Rows = all.address("/staff/control", ask.list)+"#table-title", len(table)
	}
	for _, l := range shown {
		some := ask.fresh()
		some.org, some.rows = l.Executor, ""
		row := view.ControlRow{
			Href: some.address("/staff/control", ask.list), Name: n.org(l.Executor), Open: int(l.Open), Late: int(l.Late), Received: l.Received,
			Answered: l.Answered, InTime: l.OnTimeShare(), Median: l.Median, Disputed: l.DisputedShare(), Silent: l.Silent,
		}
		if l.Executor == "" {
			row.Href, row.Name = some.address("/staff/control", "unassigned"), s.say(n.v, "staff_web.control_nobody")
		}
		page.Table = append(page.Table, row)
	}
}

// controlCSV gives the table of organisations.
func (s *Server) controlCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	table, err := s.controlled(r.Context(), v, controlAskOf(v, r.URL.Query()))
	if err != nil {
		return err
	}
	n, err := s.controlNames(r.Context(), v, table, nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"organisation_id", "organisation", "open_now", "overdue_now", "received_30_days", "answered_30_days", "promised", "on_time",
		"median_days", "disputed", "closed_without_reaction", "confirmed_by_resident", "confirmed_by_controller"}}
	for _, l := range table {
		row := []string{string(l.Executor), n.org(l.Executor), strconv.FormatInt(l.Open, 10), strconv.FormatInt(l.Late, 10)}
		for _, count := range []int{l.Received, l.Answered, l.Promised, l.OnTime, l.Median, l.Disputed, l.Silent, l.Confirmed, l.Controlled} {
			row = append(row, countCell(count))
		}
		rows = append(rows, row)
	}
	return sendTable(w, "control.csv", rows)
}

// controlListCSV gives a whole list, page by page as its reader would turn
// them.
func (s *Server) controlListCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	ask := controlAskOf(v, r.URL.Query())
	rows := [][]string{{"number", "topic_id", "topic", "district", "address", "executor_id", "executor", "state", "due", "days_late", "due_unknown",
		"disputes", "redirects", "url"}}
	ask.after = ""
	for more := true; more; {
		var items []problem.Item
		var err error
		if items, more, err = s.controlItems(r.Context(), v, ask); err != nil {
			return err
		}
		n, err := s.controlNames(r.Context(), v, nil, items)
		if err != nil {
			return err
		}
		for _, it := range items {
			rows = append(rows, s.controlCells(n, it, ask))
			ask.after = cursor(it.State, it.ID)
		}
	}
	return sendTable(w, "control-"+ask.list+".csv", rows)
}

func (s *Server) controlCells(n *names, it problem.Item, ask controlAsk) []string {
	st, item := it.State, s.controlItem(n, it, ask)
	return []string{
		plainNumber(st.Number), strconv.FormatInt(int64(st.Topic.ID), 10), item.Topic, n.area(st.Place.District), item.Address,
		string(st.Routing.Executor), item.Organisation, string(st.Status), rfc(item.Due, n.v), strconv.Itoa(item.Late), item.Unknown,
		strconv.Itoa(item.Disputes), strconv.Itoa(item.Turn), s.Settings.PublicURL + problemURL(st.Number),
	}
}

// afterOf reads what cursor wrote; nonsense is the beginning.
func afterOf(after string) (problem.Moment, int64) {
	due, id, ok := strings.Cut(after, ".")
	if !ok {
		return 0, 0
	}
	return problem.Moment(whole(due)), whole(id)
}
