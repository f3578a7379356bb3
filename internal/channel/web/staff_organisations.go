package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// orgPage is how many organisations a page of the list shows.
const orgPage = 50

// showOrganisations lists who answers for what and opens one of them.
func (s *Server) showOrganisations(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page, err := s.organisationsPage(r.Context(), v, r.URL.Query())
	if err != nil {
		return err
	}
	if id := org.ID(r.PathValue("id")); id != "" {
		o, err := s.organisation(r.Context(), v, id)
		if err != nil {
			return err
		}
		if page.Form, err = s.organisationForm(r.Context(), v, o); err != nil {
			return err
		}
		markOrganisation(&page, id)
	}
	return s.show(w, page)
}

func markOrganisation(page *view.AdminOrganisationsPage, id org.ID) {
	for i := range page.Organisations {
		page.Organisations[i].Current = page.Organisations[i].Href == orgAddress(id)
	}
}

func orgAddress(id org.ID) string { return "/staff/organisations/" + url.PathEscape(string(id)) }

func (s *Server) organisation(ctx context.Context, v *visit, id org.ID) (org.Organisation, error) {
	var o org.Organisation
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		o, err = s.Orgs.FindIn(tx, v.City.ID, id)
		return err
	})
	return o, err
}

func orgKinds() []org.Kind {
	return []org.Kind{org.Authority, org.Institution, org.Company, org.Supplier, org.Inspectorate}
}

func (s *Server) organisationsPage(ctx context.Context, v *visit, q url.Values) (view.AdminOrganisationsPage, error) {
	page := view.AdminOrganisationsPage{
		Base: s.staffBase(v, "admin", "staff.organisations"), Query: strings.TrimSpace(q.Get("q")), Action: "/staff/organisations", Cleared: "/staff/organisations",
		NoRules: true,
	}
	kind := org.Kind(q.Get("kind"))
	page.Kinds = []view.StaffChoice{{Label: s.say(v, "staff_web.any_kind"), Selected: kind == ""}}
	for _, k := range orgKinds() {
		page.Kinds = append(page.Kinds, view.StaffChoice{Value: string(k), Label: s.say(v, "staff_web.kind."+string(k)), Selected: k == kind})
	}
	list, more, err := s.findOrganisations(ctx, v, page.Query, kind, org.ID(q.Get("after")))
	if err != nil {
		return page, err
	}
	for _, o := range list {
		open, err := s.Problems.Count(ctx, resident.Machine(v.City.ID), problem.Queue{Statuses: inWork(), Executor: o.ID})
		if err != nil {
			return page, err
		}
		page.Organisations = append(page.Organisations, view.StaffOrganisation{
			Href: orgAddress(o.ID), Name: o.ShortName(string(v.Lang), v.City.Main), Kind: s.say(v, "staff_web.kind."+string(o.Kind)),
			INN: o.INN, Open: int(open), Closed: !o.Open,
		})
	}
	if err := s.countPeople(ctx, v, list, page.Organisations); err != nil {
		return page, err
	}
	page.Count = len(list)
	if more {
		page.Pager.Later = pageAddress("/staff/organisations", q, "after", string(list[len(list)-1].ID))
	}
	if q.Get("after") != "" {
		page.Pager.Earlier = pageAddress("/staff/organisations", q, "after", "")
	}
	return page, nil
}

func (s *Server) findOrganisations(ctx context.Context, v *visit, query string, kind org.Kind, after org.ID) (list []org.Organisation, more bool, err error) {
	if query == "" {
		list, err = s.Orgs.List(ctx, v.City.ID, org.Filter{Kind: kind, Closed: true, After: after, Limit: orgPage})
		return list, len(list) == orgPage, err
	}
	found, err := s.Orgs.Search(ctx, v.City.ID, query, orgPage)
	for _, o := range found {
		if kind == "" || o.Kind == kind {
			list = append(list, o)
		}
	}
	return list, false, err
}

// countPeople tells how many work for each.
func (s *Server) countPeople(ctx context.Context, v *visit, list []org.Organisation, rows []view.StaffOrganisation) error {
	count := map[string]int{}
	for after := int64(0); ; {
		people, err := s.Residents.People(ctx, v.Who, resident.PeopleFilter{After: after, Limit: 200})
		if err != nil {
			return err
		}
		for _, p := range people {
			if after = p.ID; !p.Blocked {
				count[p.Org]++
			}
		}
		if len(people) < 200 {
			break
		}
	}
	for i, o := range list {
		rows[i].People = count[string(o.ID)]
	}
	return nil
}

// organisationForm is the form of an organisation. Its key carries the state
// that was seen, so that two administrators do not undo each other.
func (s *Server) organisationForm(ctx context.Context, v *visit, o org.Organisation) (*view.OrganisationForm, error) {
	f := &view.OrganisationForm{
		Command: s.plainCommand(orgAddress(o.ID), 0), Name: v.text(o.Name), Short: o.ShortName(string(v.Lang), v.City.Main),
		Kind: s.say(v, "staff_web.kind."+string(o.Kind)), INN: o.INN, Address: o.Address, Phone: o.Phone, Email: o.Email, Closed: !o.Open,
		Cancel: "/staff/organisations", FromPack: strconv.FormatInt(v.City.Version, 10),
	}
	f.Command.Problem = s.orgSeal(o)
	var err error
	f.Heirs, err = s.orgChoices(ctx, v, "", o.ID)
	return f, err
}

// orgSeal stands for an organisation as it was shown.
func (s *Server) orgSeal(o org.Organisation) string {
	return s.keys.sign("organisation", string(o.ID)+"|"+fmt.Sprint(o.Short, o.Address, o.Phone, o.Email, o.Open))
}

// saveOrganisation changes contacts, or closes an organisation and gives its
// problems to an heir.
func (s *Server) saveOrganisation(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	o, err := s.organisation(r.Context(), v, org.ID(r.PathValue("id")))
	if err != nil {
		return err
	}
	edited := orgIn(v, f, o)
	err = s.checkOrg(r.Context(), v, f, o, edited)
	if err == nil {
		err = s.writeOrg(r.Context(), v, edited)
	}
	if err != nil {
		return s.orgAgain(w, r, edited, err)
	}
	if heir := org.ID(f.get("heir")); !edited.Open && heir != "" {
		if err := s.bequeath(r.Context(), v, o.ID, heir); err != nil {
			return err
		}
	}
	s.flash(w, "staff_web.said.organisation", edited.ShortName(string(v.Lang), v.City.Main))
	return goTo(w, r, "/staff/organisations")
}

// orgIn reads the contacts out of the form; the rest is the pack's.
func orgIn(v *visit, f *form, o org.Organisation) org.Organisation {
	short := map[string]string{}
	for lang, name := range o.Short {
		short[lang] = name
	}
	short[string(v.Lang)] = strings.TrimSpace(f.get("short"))
	o.Short, o.Address = short, strings.TrimSpace(f.get("address"))
	o.Phone, o.Email = strings.TrimSpace(f.get("phone")), strings.TrimSpace(f.get("email"))
	o.Open = f.get("closed") != "1"
	return o
}

// checkOrg says what is wrong with an edit.
func (s *Server) checkOrg(ctx context.Context, v *visit, f *form, was, edited org.Organisation) error {
	if seen := f.get("problem"); seen != "" && seen != s.orgSeal(was) {
		return fault.Conflict.New("staff_web.organisation_changed")
	}
	var form fault.Form
	if edited.Short[string(v.Lang)] == "" {
		form.Add("short", "staff_web.short_missing")
	}
	if edited.Email != "" {
		if _, err := resident.ParseEmail(edited.Email); err != nil {
			form.Add("email", "resident.email_wrong")
		}
	}
	if !edited.Open {
		open, err := s.Problems.Count(ctx, resident.Machine(v.City.ID), problem.Queue{Statuses: holding(), Executor: was.ID})
		if err != nil {
			return err
		}
		heir := org.ID(f.get("heir"))
		if open > 0 && (heir == "" || heir == was.ID) {
			form.Add("heir", "staff_web.heir_missing", int(open))
		}
	}
	return form.Err()
}

// holding are the statuses in which an organisation has a problem.
func holding() []problem.Status { return append(inWork(), problem.Review) }

func (s *Server) writeOrg(ctx context.Context, v *visit, o org.Organisation) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if err := s.Orgs.SaveIn(tx, v.City.ID, o); err != nil {
			return err
		}
		act := resident.Act{Action: orgEdited, Object: "organisation:" + string(o.ID), Detail: fmt.Sprintf("open=%t", o.Open)}
		return s.Residents.AuditIn(tx, v.Who, act, v.From)
	})
}

// bequeath gives the open problems of a closed organisation to its heir. Each is
// a command of its own; who repeats it goes on with those that are left.
func (s *Server) bequeath(ctx context.Context, v *visit, from, heir org.ID) error {
	city := resident.Who{City: v.City.ID, ID: v.Who.ID, System: true}
	for {
		items, err := s.Problems.Queue(ctx, city, problem.Queue{Statuses: holding(), Executor: from, Limit: 200})
		if err != nil || len(items) == 0 {
			return err
		}
		moved := 0
		for _, it := range items {
			_, err := s.Problems.Do(ctx, city, problem.Order{Problem: it.ID, Command: problem.Redirect{Executor: heir, Reason: s.say(v, "staff_web.heir_reason")}})
			if err != nil && !errors.Is(err, fault.Conflict) && !errors.Is(err, fault.Closed) {
				return fmt.Errorf("give problem %d to %s: %w", it.State.Number, heir, err)
			}
			if err == nil {
				moved++
			}
		}
		if moved == 0 {
			return nil
		}
	}
}

// orgAgain draws the form with what was typed and what is wrong.
func (s *Server) orgAgain(w http.ResponseWriter, r *http.Request, edited org.Organisation, refused error) error {
	v := s.visitOf(r)
	list := s.fields(v, refused)
	conflict := errors.Is(refused, fault.Conflict)
	if len(list) == 0 && !conflict {
		return refused
	}
	page, err := s.organisationsPage(r.Context(), v, url.Values{})
	if err != nil {
		return err
	}
	if page.Form, err = s.organisationForm(r.Context(), v, edited); err != nil {
		return err
	}
	now, err := s.organisation(r.Context(), v, edited.ID)
	if err != nil {
		return err
	}
	page.Form.Command.Problem = s.orgSeal(now) // seen now: the next save is meant
	page.Form.Heir = v.form.get("heir")
	for i := range page.Form.Heirs {
		page.Form.Heirs[i].Selected = page.Form.Heirs[i].Value == page.Form.Heir
	}
	markOrganisation(&page, edited.ID)
	page.Path, page.Errors = orgAddress(edited.ID), list
	status := http.StatusUnprocessableEntity
	if conflict && len(list) == 0 {
		status = http.StatusConflict
		if page.Conflict, err = s.orgConflict(r.Context(), v, now); err != nil {
			return err
		}
	}
	return s.render(w, status, page)
}

// orgConflict says what an organisation's contacts are now and who wrote them.
func (s *Server) orgConflict(ctx context.Context, v *visit, now org.Organisation) (*view.StaffConflict, error) {
	c := &view.StaffConflict{Who: s.say(v, "staff_web.by_colleague"), At: v.Now, Href: orgAddress(now.ID),
		Changes: []string{strings.Join([]string{now.ShortName(string(v.Lang), v.City.Main), now.Address, now.Phone, now.Email}, " · ")}}
	acts, err := s.Residents.Audit(ctx, v.Who, resident.AuditFilter{Action: orgEdited, Limit: 20})
	if err != nil {
		return nil, err
	}
	for _, a := range acts {
		if a.Act.Object != "organisation:"+string(now.ID) {
			continue
		}
		known, err := s.Residents.Names(ctx, v.City.ID, []int64{a.Person})
		if err != nil {
			return nil, err
		}
		c.Who, c.At = known[a.Person], a.At
		break
	}
	return c, nil
}
