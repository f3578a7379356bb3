package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// inWork are the statuses in which an organisation has something to do.
func inWork() []problem.Status { return []problem.Status{problem.Work, problem.Interim} }

// givenName is how a person is greeted: of «Соколова Вера Павловна» name and
// patronymic, as the staff list writes people; other names as they are.
func givenName(name string) string {
	if parts := strings.Fields(name); len(parts) == 3 {
		return parts[1] + " " + parts[2]
	}
	return name
}

// showStaffHome is where a day begins.
func (s *Server) showStaffHome(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page := view.StaffHomePage{Base: s.staffBase(v, "staff", "staff.hello_plain"), Name: givenName(v.Person.Name), Leave: s.plainCommand("/signout", 0),
		Protect: secondPolicy(v).Used(), Protected: v.Person.Second}
	var failed []error
	add := func(d view.StaffDesk, err error) {
		page.Desks, failed = append(page.Desks, d), append(failed, err)
	}
	who := v.Who
	if who.Has(resident.Moderator) {
		add(s.waitingDesk(r.Context(), v, "moderation", problem.Moderation))
	}
	if who.Has(resident.Moderator) || who.Has(resident.Controller) {
		add(s.waitingDesk(r.Context(), v, "answers", problem.Review))
	}
	if who.Org != "" && (who.Has(resident.Executor) || who.Has(resident.Coordinator)) {
		add(s.dueDesk(r.Context(), v, "work", problem.Queue{Statuses: inWork(), Executor: org.ID(who.Org)}))
	}
	if who.Has(resident.Coordinator) {
		n, err := s.countToCoordinate(r.Context(), v)
		add(view.StaffDesk{Name: "coordination", Href: "/staff/coordination", Count: n[""]}, err)
	}
	if who.Has(resident.Controller) {
		add(s.dueDesk(r.Context(), v, "control", controlAskOf(v, nil).narrowed(inWork()...)))
	} else if who.Has(resident.PeopleController) {
		n, err := s.toCheck(r.Context(), v)
		add(view.StaffDesk{Name: "control", Href: "/staff/control", Count: n}, err)
	}
	if who.Has(resident.Administrator) {
		desks, err := s.adminDesks(r.Context(), v)
		page.Desks, failed = append(page.Desks, desks...), append(failed, err)
		page.NoCalendar, err = s.noCalendar(r.Context(), v)
		failed = append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	page.About, page.Links = s.deskless(v)
	return s.show(w, page)
}

// deskless tells those whose work has no queue what their role is, and where
// they find what they look for.
func (s *Server) deskless(v *visit) (about string, links []view.StaffChoice) {
	link := func(name, href string) {
		links = append(links, view.StaffChoice{Label: s.say(v, "staff_web.link."+name), Note: s.say(v, "staff_web.link_note."+name), Href: href})
	}
	operator, analyst := v.Who.Has(resident.Operator), v.Who.Has(resident.Analyst)
	switch {
	case operator && analyst:
		about = "staff_web.operator_analyst"
	case operator:
		about = "staff_web.operator"
	case analyst:
		about = "staff_web.analyst"
	}
	if operator {
		link("report", "/")
	}
	link("map", "/map?view=map")
	link("list", "/map")
	link("stats", "/stats")
	if analyst {
		link("suggest", "/staff/suggest")
	}
	if about == "" {
		return "", links
	}
	return s.say(v, about), links
}

// waitingDesk is a desk whose queue counts by how long its oldest waits.
func (s *Server) waitingDesk(ctx context.Context, v *visit, name string, status problem.Status) (view.StaffDesk, error) {
	d := view.StaffDesk{Name: name, Href: "/staff/" + name}
	q := problem.Queue{Statuses: []problem.Status{status}, Limit: 1}
	n, err := s.Problems.Count(ctx, v.Who, q)
	if err != nil {
		return d, err
	}
	first, err := s.Problems.Queue(ctx, v.Who, q)
	if err != nil {
		return d, err
	}
	d.Count = int(n)
	for _, it := range first {
		d.Oldest = v.Now.Sub(waitsSince(it.State))
	}
	return d, nil
}

// dueDesk is a desk whose queue counts by what is overdue.
func (s *Server) dueDesk(ctx context.Context, v *visit, name string, q problem.Queue) (view.StaffDesk, error) {
	d := view.StaffDesk{Name: name, Href: "/staff/" + name}
	n, err := s.Problems.Count(ctx, v.Who, q)
	if err != nil {
		return d, err
	}
	q.DueBefore = problem.Moment(v.Now.UnixMicro())
	late, err := s.Problems.Count(ctx, v.Who, q)
	d.Count, d.Late = int(n), int(late)
	return d, err
}

// adminDesks are the administrator's pages.
func (s *Server) adminDesks(ctx context.Context, v *visit) ([]view.StaffDesk, error) {
	var dead []job.Job
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		dead, err = job.List(tx, v.City.ID, job.Dead, maxJobs)
		return err
	})
	desks := []view.StaffDesk{
		{Name: "people", Href: "/staff/people", Private: true},
		{Name: "organisations", Href: "/staff/organisations", Private: true},
		{Name: "pack", Href: "/staff/pack", Private: true},
		{Name: "suggest", Href: "/staff/suggest", Private: true},
		{Name: "jobs", Href: "/staff/jobs", Private: true, Late: len(dead)},
		{Name: "audit", Href: "/staff/audit", Private: true},
	}
	if s.Settings.Demo {
		desks = append(desks, view.StaffDesk{Name: "outbox", Href: "/staff/outbox", Private: true})
	}
	return desks, err
}
