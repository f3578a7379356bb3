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
	"gorod/internal/city/topic"
)

// workPage is how many problems a page of the work list shows.
const workPage = 200

// workFilter is what a work list is narrowed to.
type workFilter struct {
	due   string // "", late, today
	state string // "", disputed, interim
	topic topic.ID
	area  string
	after string // cursor
}

func workFilterOf(q url.Values) workFilter {
	f := workFilter{due: q.Get("due"), state: q.Get("state"), topic: topic.ID(whole(q.Get("topic"))), area: q.Get("area"), after: q.Get("after")}
	if !slices.Contains([]string{"late", "today"}, f.due) {
		f.due = ""
	}
	if !slices.Contains([]string{"disputed", "interim"}, f.state) {
		f.state = ""
	}
	return f
}

// any tells whether the list is narrowed at all.
func (f workFilter) any() bool { return f.due+f.state+f.area != "" || f.topic != 0 }

// takes tells whether a problem is on the list.
func (f workFilter) takes(it problem.Item, due time.Time, v *visit) bool {
	st := it.State
	switch {
	case f.due == "late" && (due.IsZero() || !due.Before(v.Now)),
		f.due == "today" && (due.IsZero() || due.Before(v.Now) || v.daysLeft(due) != 0),
		f.state == "disputed" && len(st.Messages) < 2,
		f.state == "interim" && st.Status != problem.Interim,
		f.topic != 0 && st.Topic.ID != f.topic,
		f.area != "" && string(st.Place.District) != f.area:
		return false
	}
	return true
}

// showWork lists what an organisation has to do, the overdue first.
func (s *Server) showWork(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f := workFilterOf(r.URL.Query())
	page := view.WorkListPage{
		Base: s.staffBase(v, "work", "staff.work"), Action: "/staff/work", Clear: "/staff/work", Filtered: f.any(),
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
	if err := s.countWork(r.Context(), v, &page); err != nil {
		return err
	}
	page.Filters = s.workFilters(v, f, items, page)
	page.Topics, page.Areas = workTopics(s, n, f, items), s.workAreas(n, f, items)
	page.Groups = s.workGroups(n, f, items)
	if more {
		last := items[len(items)-1]
		page.Pager.Later = "/staff/work?after=" + cursor(last.State, last.ID)
	}
	if f.after != "" {
		page.Pager.Earlier = "/staff/work"
	}
	return s.show(w, page)
}

// workOf reads one page of an organisation's queue.
func (s *Server) workOf(ctx context.Context, v *visit, f workFilter) (items []problem.Item, more bool, err error) {
	if v.Who.Org == "" {
		return nil, false, nil
	}
	q := problem.Queue{Statuses: inWork(), Executor: org.ID(v.Who.Org), Limit: workPage}
	if due, id, ok := strings.Cut(f.after, "."); ok {
		q.After, q.AfterID = problem.Moment(whole(due)), whole(id)
	}
	items, err = s.Problems.Queue(ctx, v.Who, q)
	return items, len(items) == workPage, err
}

// countWork counts the whole queue.
func (s *Server) countWork(ctx context.Context, v *visit, page *view.WorkListPage) error {
	if v.Who.Org == "" {
		return nil
	}
	d, err := s.dueDesk(ctx, v, "work", problem.Queue{Statuses: inWork(), Executor: org.ID(v.Who.Org)})
	page.Count, page.Late = d.Count, d.Late
	return err
}

// workFilters are the links above the list with how many each leaves.
func (s *Server) workFilters(v *visit, f workFilter, items []problem.Item, page view.WorkListPage) []view.StaffChoice {
	if page.Count == 0 {
		return nil
	}
	count := func(some workFilter) int {
		n := 0
		for _, it := range items {
			if some.takes(it, it.State.StageDue().Time(), v) {
				n++
			}
		}
		return n
	}
	pill := func(name string, some workFilter, href string, n int) view.StaffChoice {
		return view.StaffChoice{Label: s.say(v, "staff_web.work."+name), Href: href, Count: n, Selected: f.due == some.due && f.state == some.state}
	}
	today, disputed, interim := workFilter{due: "today"}, workFilter{state: "disputed"}, workFilter{state: "interim"}
	return []view.StaffChoice{
		pill("all", workFilter{}, "/staff/work", page.Count),
		pill("late", workFilter{due: "late"}, "/staff/work?due=late", page.Late),
		pill("today", today, "/staff/work?due=today", count(today)),
		pill("disputed", disputed, "/staff/work?state=disputed", count(disputed)),
		pill("interim", interim, "/staff/work?state=interim", count(interim)),
	}
}

// workTopics are the topics on the list, the most frequent first.
func workTopics(s *Server, n *names, f workFilter, items []problem.Item) []view.StaffChoice {
	counts := map[topic.ID]int{}
	for _, it := range items {
		counts[it.State.Topic.ID]++
	}
	var list []view.StaffChoice
	for id, count := range counts {
		list = append(list, view.StaffChoice{Value: strconv.FormatInt(int64(id), 10), Label: n.topic(id), Count: count, Selected: id == f.topic})
	}
	return withAll(list, s.say(n.v, "staff_web.all_topics"), f.topic == 0)
}

// workAreas are the districts on the list, the most frequent first.
func (s *Server) workAreas(n *names, f workFilter, items []problem.Item) []view.StaffChoice {
	counts := map[string]int{}
	for _, it := range items {
		counts[string(it.State.Place.District)]++
	}
	var list []view.StaffChoice
	for _, a := range n.book.list {
		if count := counts[string(a.ID)]; count > 0 {
			list = append(list, view.StaffChoice{Value: string(a.ID), Label: n.v.text(a.Name), Count: count, Selected: string(a.ID) == f.area})
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
func (s *Server) workGroups(n *names, f workFilter, items []problem.Item) []view.WorkGroup {
	groups := []view.WorkGroup{{Name: "late"}, {Name: "today"}, {Name: "tomorrow"}, {Name: "week"}, {Name: "later"}}
	for _, it := range items {
		due := it.State.StageDue().Time()
		if !f.takes(it, due, n.v) {
			continue
		}
		i := workGroup(n.v, due)
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
		Dispute: len(st.Messages) > 1, Return: lastReturned(st), NoDue: due.IsZero(),
	}
	if st.Status == problem.Interim {
		item.Planned = st.Shown.Time()
	}
	if p, ok := n.photos[st.FirstPhoto()]; ok {
		item.Thumb = publicPhoto(p).Thumb
	}
	return item
}

// lastReturned tells whether the newest answer was given back.
func lastReturned(st problem.State) bool {
	return len(st.Answers) > 0 && st.Answers[len(st.Answers)-1].Verdict == "returned"
}
