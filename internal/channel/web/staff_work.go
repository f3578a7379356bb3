package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
)

// workPage is how many problems a page of the work list shows.
const workPage = 100

// workFilter is what a work list is narrowed to.
type workFilter struct {
	due   string // "", late, today
	state string // "", disputed, interim, review, answered
	topic topic.ID
	area  string
	after string // cursor
}

func workFilterOf(q url.Values) workFilter {
	f := workFilter{due: q.Get("due"), state: q.Get("state"), topic: topic.ID(whole(q.Get("topic"))), area: q.Get("area"), after: q.Get("after")}
	if !slices.Contains([]string{"late", "today"}, f.due) {
		f.due = ""
	}
	if !slices.Contains([]string{"disputed", "interim", "review", "answered"}, f.state) {
		f.state = ""
	}
	return f
}

// any tells whether the list is narrowed at all.
func (f workFilter) any() bool { return f.due+f.state+f.area != "" || f.topic != 0 }

// address is the list with this narrowing, from a place on.
func (f workFilter) address(after string) string {
	q := url.Values{}
	values := map[string]string{"due": f.due, "state": f.state, "area": f.area, "after": after}
	if f.topic != 0 {
		values["topic"] = strconv.FormatInt(int64(f.topic), 10)
	}
	for name, value := range values {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return "/staff/work"
	}
	return "/staff/work?" + q.Encode()
}

// queue is the question that the list answers.
func (f workFilter) queue(v *visit) problem.Queue {
	now := problem.Moment(v.Now.UnixMicro())
	q := problem.Queue{Statuses: inWork(), Executor: org.ID(v.Who.Org), Topic: f.topic}
	if f.area != "" {
		q.Districts = []string{f.area}
	}
	switch f.due {
	case "late":
		q.DueBefore = now
	case "today":
		q.DueFrom, q.DueBefore = now, problem.Moment(daysAgo(v, -1).UnixMicro())
	}
	switch f.state {
	case "disputed":
		q.Disputes = 1
	case "interim":
		q.Statuses = []problem.Status{problem.Interim}
	case "review":
		q.Statuses = []problem.Status{problem.Review}
	case "answered":
		q.Statuses = []problem.Status{problem.Answered}
	}
	return q
}

// showWork lists what an organisation has to do, the overdue first.
func (s *Server) showWork(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f := workFilterOf(r.URL.Query())
	page := view.WorkListPage{
		Base: s.staffBase(v, "work", "staff.work"), Action: "/staff/work", Clear: "/staff/work", Filtered: f.any(), Due: f.due, State: f.state,
	}
	items, more, err := s.workOf(r.Context(), v, f)
	if err != nil {
		return err
	}
	n, err := s.itemNames(r.Context(), v, items)
	if err != nil {
		return err
	}
	mine, err := s.namesFor(r.Context(), v, []org.ID{org.ID(v.Who.Org)}, nil)
	if err != nil {
		return err
	}
	page.Organisation = mine.org(org.ID(v.Who.Org))
	if err := s.countWork(r.Context(), n, f, &page); err != nil {
		return err
	}
	page.Groups = s.workGroups(n, items)
	if more {
		last := items[len(items)-1]
		page.Pager.Later = f.address(cursor(last.State, last.ID))
	}
	if f.after != "" {
		page.Pager.Earlier = f.address("")
	}
	return s.show(w, page)
}

// workOf reads one page of an organisation's queue.
func (s *Server) workOf(ctx context.Context, v *visit, f workFilter) (items []problem.Item, more bool, err error) {
	if v.Who.Org == "" {
		return nil, false, nil
	}
	q := f.queue(v)
	q.Limit = workPage + 1
	q.After, q.AfterID = afterOf(f.after)
	items, err = s.Problems.Queue(ctx, v.Who, q)
	if len(items) > workPage {
		return items[:workPage], true, err
	}
	return items, false, err
}

// countWork counts the whole queue and puts the ways to narrow it onto the
// page, each with how many it leaves.
func (s *Server) countWork(ctx context.Context, n *names, f workFilter, page *view.WorkListPage) error {
	v := n.v
	if v.Who.Org == "" {
		return nil
	}
	for _, some := range []struct {
		name string
		f    workFilter
	}{
		{"all", workFilter{}}, {"late", workFilter{due: "late"}}, {"today", workFilter{due: "today"}},
		{"disputed", workFilter{state: "disputed"}}, {"interim", workFilter{state: "interim"}},
		{"review", workFilter{state: "review"}}, {"answered", workFilter{state: "answered"}},
	} {
		count, err := s.Problems.Count(ctx, v.Who, some.f.queue(v))
		if err != nil {
			return err
		}
		page.Filters = append(page.Filters, view.StaffChoice{
			Label: s.say(v, "staff_web.work."+some.name), Href: some.f.address(""), Count: int(count), Selected: f.due == some.f.due && f.state == some.f.state,
		})
	}
	page.Count, page.Late = page.Filters[0].Count, page.Filters[1].Count
	if !slices.ContainsFunc(page.Filters, func(c view.StaffChoice) bool { return c.Count > 0 }) {
		page.Filters = nil
	}
	parts, err := s.Problems.Shares(ctx, v.Who, workFilter{due: f.due, state: f.state}.queue(v))
	if err != nil {
		return err
	}
	page.Topics, page.Areas = s.workTopics(n, f, parts), s.workAreas(n, f, parts)
	return nil
}

// workTopics are the topics on the list, the most frequent first.
func (s *Server) workTopics(n *names, f workFilter, parts problem.Shares) []view.StaffChoice {
	var list []view.StaffChoice
	for id, count := range parts.Topics {
		list = append(list, view.StaffChoice{Value: strconv.FormatInt(int64(id), 10), Label: n.topic(id), Count: int(count), Selected: id == f.topic})
	}
	return withAll(list, s.say(n.v, "staff_web.all_topics"), f.topic == 0)
}

// workAreas are the districts on the list, the most frequent first.
func (s *Server) workAreas(n *names, f workFilter, parts problem.Shares) []view.StaffChoice {
	var list []view.StaffChoice
	for _, a := range n.book.list {
		if count := parts.Districts[string(a.ID)]; count > 0 {
			list = append(list, view.StaffChoice{Value: string(a.ID), Label: n.v.text(a.Name), Count: int(count), Selected: string(a.ID) == f.area})
		}
	}
	return withAll(list, s.say(n.v, "staff_web.whole_city"), f.area == "")
}

// withAll sorts choices by their count and puts «all» before them; one choice
// is none.
func withAll(list []view.StaffChoice, all string, chosen bool) []view.StaffChoice {
	if len(list) < 2 && chosen {
		return nil
	}
	slices.SortFunc(list, func(a, b view.StaffChoice) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Label, b.Label))
	})
	return append([]view.StaffChoice{{Label: all, Selected: chosen}}, list...)
}

// workGroups cuts the list into late, today, tomorrow, this week and later.
func (s *Server) workGroups(n *names, items []problem.Item) []view.WorkGroup {
	groups := []view.WorkGroup{{Name: "late"}, {Name: "today"}, {Name: "tomorrow"}, {Name: "week"}, {Name: "later"}, {Name: "review"}, {Name: "answered"}}
	for _, it := range items {
		due := it.State.StageDue().Time()
		i := workGroup(n.v, due)
		switch it.State.Status {
		case problem.Review:
			i, due = 5, time.Time{} // the date is the reviewer's
		case problem.Answered:
			i = 6
		}
		groups[i].Items = append(groups[i].Items, s.workItem(n, it, due))
		groups[i].Count++
	}
	return slices.DeleteFunc(groups, func(g view.WorkGroup) bool { return g.Count == 0 })
}

// workGroup is the place of a due date in the list of groups. Without a date
// nothing is late.
func workGroup(v *visit, due time.Time) int {
	left := v.daysLeft(due)
	switch {
	case due.IsZero():
		return 4
	case left < 0, due.Before(v.Now):
		return 0
	case left < 2:
		return 1 + left
	case left < 7:
		return 3
	}
	return 4
}

func (s *Server) workItem(n *names, it problem.Item, due time.Time) view.WorkItem {
	st := it.State
	item := view.WorkItem{
		Href: "/staff/work/" + plainNumber(st.Number), Number: st.Number, Topic: n.topic(st.Topic.ID), Address: s.address(n.v, st.Place),
		Excerpt: excerpt(it.Text), Due: due, Late: n.v.daysLate(due), Left: max(0, n.v.daysLeft(due)), Joined: st.Joined,
		Dispute: len(st.Messages) > 1, Return: st.SentBack(), NoDue: due.IsZero() && slices.Contains(inWork(), st.Status),
	}
	if st.Status == problem.Answered {
		item.Answered = st.Answered.Time()
	}
	if st.Status == problem.Interim {
		item.Planned = st.Shown.Time()
	}
	if p, ok := n.photos[st.FirstPhoto()]; ok {
		item.Thumb = publicPhoto(p).Thumb
	}
	return item
}
