package web

import (
	"context"
	"errors"
	"net/http"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// inWork are the statuses in which an organisation has something to do.
func inWork() []problem.Status { return []problem.Status{problem.Work, problem.Interim} }

// showStaffHome is where a day begins.
func (s *Server) showStaffHome(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page := view.StaffHomePage{Base: s.staffBase(v, "staff", "staff.hello_plain"), Name: v.Person.Name}
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
		items, err := s.toCoordinate(r.Context(), v)
		add(view.StaffDesk{Name: "coordination", Href: "/staff/coordination", Count: len(items)}, err)
	}
	if who.Has(resident.Controller) {
		add(s.dueDesk(r.Context(), v, "control", problem.Queue{Statuses: inWork()}))
	} else if who.Has(resident.PeopleController) {
		items, err := s.toCheck(r.Context(), v, "")
		add(view.StaffDesk{Name: "control", Href: "/staff/control", Count: len(items)}, err)
	}
	if who.Has(resident.Administrator) {
		desks, err := s.adminDesks(r.Context(), v)
		page.Desks, failed = append(page.Desks, desks...), append(failed, err)
	}
	if err := errors.Join(failed...); err != nil {
		return err
	}
	return s.show(w, page)
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
		{Name: "jobs", Href: "/staff/jobs", Private: true, Late: len(dead)},
		{Name: "audit", Href: "/staff/audit", Private: true},
	}
	if s.Settings.Demo {
		desks = append(desks, view.StaffDesk{Name: "outbox", Href: "/staff/outbox", Private: true})
	}
	return desks, err
}
