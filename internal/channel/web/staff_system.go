package web

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/deadline"
	"gorod/internal/city/pack"
	"gorod/internal/city/resident"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// maxJobs is how many jobs of a state the page looks at.
const maxJobs = 1000

// lateJob is after how long a due job should have been done.
const lateJob = 10 * time.Minute

// showJobs shows the queue of later work and what could not be done.
func (s *Server) showJobs(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page := view.AdminJobsPage{Base: s.staffBase(v, "admin", "staff.jobs")}
	jobs := map[job.State][]job.Job{}
	var done map[string]int64
	err := s.DB.View(r.Context(), func(tx *sqldb.Tx) error {
		for _, state := range []job.State{job.Ready, job.Running, job.Dead} {
			list, err := job.List(tx, v.City.ID, state, maxJobs)
			if err != nil {
				return err
			}
			jobs[state] = list
		}
		var err error
		done, err = job.DoneLately(tx, v.City.ID)
		return err
	})
	if err != nil {
		return err
	}
	page.Kinds, page.Count = s.jobKinds(v, jobs, done), len(jobs[job.Dead])
	for _, j := range jobs[job.Dead][:min(page.Count, 50)] {
		dead, err := s.deadJob(r.Context(), v, j)
		if err != nil {
			return err
		}
		page.Dead = append(page.Dead, dead)
	}
	if page.Count > 1 {
		all := s.plainCommand("/staff/jobs/retry", 0)
		page.All = &all
	}
	return s.show(w, page)
}

// jobKinds counts by kind what waits and what was done.
func (s *Server) jobKinds(v *visit, jobs map[job.State][]job.Job, done map[string]int64) []view.JobKind {
	kinds := map[string]*view.JobKind{}
	of := func(kind string) *view.JobKind {
		if kinds[kind] == nil {
			kinds[kind] = &view.JobKind{Name: kind, Title: s.jobTitle(v, kind), Done: int(done[kind])}
		}
		return kinds[kind]
	}
	for kind := range done {
		of(kind)
	}
	for _, j := range jobs[job.Ready] {
		k := of(j.Kind)
		if j.Attempt > 0 {
			k.Retry++
			continue
		}
		k.Waiting++
		if waiting := v.Now.Sub(j.RunAt); waiting > k.Oldest {
			k.Oldest, k.Late = waiting, waiting > lateJob
		}
	}
	for _, j := range jobs[job.Running] {
		of(j.Kind).Running++
	}
	for _, j := range jobs[job.Dead] {
		of(j.Kind).Dead++
	}
	var list []view.JobKind
	for _, k := range kinds {
		list = append(list, *k)
	}
	slices.SortFunc(list, func(a, b view.JobKind) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func (s *Server) jobTitle(v *visit, kind string) string {
	if key := "staff_web.job." + strings.ReplaceAll(kind, ".", "_"); s.cat.Has(v.Lang, key) {
		return s.say(v, key)
	}
	return kind
}

func (s *Server) deadJob(ctx context.Context, v *visit, j job.Job) (view.DeadJob, error) {
	d := view.DeadJob{
		Retry: s.plainCommand("/staff/jobs/retry", 0), Drop: s.plainCommand("/staff/jobs/drop", 0), ID: strconv.FormatInt(j.ID, 10),
		Name: j.Kind, Title: s.jobTitle(v, j.Kind), Error: j.Error, Attempts: j.Attempt, First: j.Created, Last: j.RunAt,
	}
	var news event.Event
	if json.Unmarshal(j.Args, &news) != nil || news.Subject == 0 || !strings.HasPrefix(news.Kind, "problem.") {
		return d, nil
	}
	card, err := s.Problems.FindByID(ctx, resident.Machine(v.City.ID), news.Subject)
	if errors.Is(err, fault.Missing) {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.About, d.Href = s.say(v, "page.number", v.number(card.State.Number)), problemURL(card.State.Number)
	return d, nil
}

// retryJob gives one dead letter, or all, another life.
func (s *Server) retryJob(w http.ResponseWriter, r *http.Request) error {
	return s.onJobs(w, r, jobRetried, "staff_web.said.retried", job.Retry)
}

// dropJob deletes a dead letter.
func (s *Server) dropJob(w http.ResponseWriter, r *http.Request) error {
	return s.onJobs(w, r, jobDropped, "staff_web.said.dropped", job.Drop)
}

// onJobs does something with the dead letter that the form names; without a
// name with all that can be retried.
func (s *Server) onJobs(w http.ResponseWriter, r *http.Request, action resident.Action, said string, do func(*sqldb.Tx, int64, int64) error) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	one := f.int("job")
	if one == 0 && action == jobDropped {
		return fault.Invalid.New("web.bad_form") // nothing is thrown away by the hundred
	}
	err = s.DB.Do(r.Context(), func(tx *sqldb.Tx) error {
		ids := []int64{one}
		if one == 0 {
			list, err := job.List(tx, v.City.ID, job.Dead, maxJobs)
			if err != nil {
				return err
			}
			ids = nil
			for _, j := range list {
				ids = append(ids, j.ID)
			}
		}
		for _, id := range ids {
			if err := do(tx, v.City.ID, id); err != nil {
				return err
			}
		}
		act := resident.Act{Action: action, Object: "job:" + strconv.FormatInt(one, 10), Detail: "n=" + strconv.Itoa(len(ids))}
		return s.Residents.AuditIn(tx, v.Who, act, v.From)
	})
	if err != nil {
		return err
	}
	s.flash(w, said)
	return goTo(w, r, "/staff/jobs")
}

// noCalendar names the year that administrators have to load a calendar for;
// "" when there is none.
func (s *Server) noCalendar(ctx context.Context, v *visit) (string, error) {
	name := ""
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rules, _, err := s.Deadlines.RulesIn(tx, v.City.ID)
		if err != nil {
			return err
		}
		name = ""
		if year, missing := rules.Calendar.Missing(deadline.DateOf(v.Now, v.zone())); missing {
			name = strconv.Itoa(year)
		}
		return nil
	})
	return name, err
}

// packParts are the kinds of rows of a pack and what the page calls them.
func packParts() [][2]string {
	return [][2]string{
		{"topics", "topics"}, {"areas", "areas"}, {"houses", "houses"}, {"objects", "objects"}, {"organisations", "organisations"},
		{"routes", "routing"}, {"terms", "terms"}, {"calendars", "calendar"}, {"examples", "examples"}, {"templates", "templates"}, {"texts", "texts"},
	}
}

// showPack shows which data of the city are in force.
func (s *Server) showPack(w http.ResponseWriter, r *http.Request) error {
	page, err := s.packPage(r.Context(), s.visitOf(r))
	if err != nil {
		return err
	}
	return s.show(w, page)
}

func (s *Server) packPage(ctx context.Context, v *visit) (view.AdminPackPage, error) {
	page := view.AdminPackPage{Base: s.staffBase(v, "admin", "staff.pack")}
	versions, err := s.Packs.Versions(ctx, v.City.ID)
	if err != nil {
		return page, err
	}
	if page.NoCalendar, err = s.noCalendar(ctx, v); err != nil {
		return page, err
	}
	until := v.Now
	for _, one := range versions {
		shown := view.PackVersion{Name: strconv.FormatInt(one.Number, 10), Loaded: one.Loaded, Who: s.say(v, "staff_web.by_import")}
		switch {
		case one.State == pack.Current:
			page.Version, page.Parts, page.Warnings = shown, partsOf(one), s.packWarnings(v, one)
		case one.State == pack.Previous && !one.Loaded.IsZero():
			shown.Used = max(0, until.Sub(one.Loaded))
			page.Earlier = append(page.Earlier, shown)
			if page.Back == nil && page.Version.Name != "" {
				back := s.plainCommand("/staff/pack/back", one.Number)
				page.Back, page.BackTo = &back, shown
			}
		default:
			continue
		}
		until = one.Loaded
	}
	return page, nil
}

func partsOf(version pack.Version) []view.PackPart {
	var parts []view.PackPart
	for _, p := range packParts() {
		if n := version.Counts[p[0]]; n > 0 {
			parts = append(parts, view.PackPart{Name: p[1], Rows: n})
		}
	}
	return parts
}

// packWarnings are what an import found worth a look, the same things told
// once, and what it had to put in the place of what the pack leaves out.
func (s *Server) packWarnings(v *visit, version pack.Version) []string {
	var list []string
	for _, g := range version.Report.Groups() {
		if g.Severity != pack.Warning {
			continue
		}
		line := g.Where() + ": " + s.say(v, g.Reason, g.Args...)
		if n := len(g.Others); n > 0 {
			line += " " + s.say(v, "staff.pack_alike", n)
		}
		list = append(list, line)
	}
	for _, d := range version.Report.Defaulted {
		list = append(list, strings.TrimSpace(d.File+" "+d.Field)+": "+s.say(v, d.Reason, d.Args...))
	}
	return list
}

// packBack puts the version before in force again.
func (s *Server) packBack(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	page, err := s.packPage(r.Context(), v)
	if err != nil {
		return err
	}
	page.Path = "/staff/pack"
	switch wanted := f.int("version"); {
	case f.get("sure") != "1":
		page.Errors = view.FieldErrors{{Name: "sure", Text: s.say(v, "staff_web.sure_missing")}}
		return s.showAgain(w, page)
	case page.Back == nil || wanted != int64(page.Back.Version):
		page.Conflict = &view.StaffConflict{Who: s.say(v, "staff_web.by_colleague"), At: page.Version.Loaded, Href: "/staff/pack",
			Changes: []string{s.say(v, "staff.pack_version", page.Version.Name)}}
		return s.render(w, http.StatusConflict, page)
	}
	version, err := s.Packs.Back(r.Context(), v.City.ID)
	if err != nil {
		return err
	}
	act := resident.Act{Action: packSwitched, Object: "pack:" + strconv.FormatInt(version, 10)}
	if err := s.Residents.AuditNow(r.Context(), v.Who, act, v.From); err != nil {
		return err
	}
	s.flash(w, "staff_web.said.pack", strconv.FormatInt(version, 10))
	return goTo(w, r, "/staff/pack")
}
