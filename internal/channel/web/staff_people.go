package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// peoplePage is how many people a page of the list shows.
const peoplePage = 50

// newPerson stands in the address of the empty form.
const newPerson = "new"

// showPeople lists who works here and opens one of them.
func (s *Server) showPeople(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	page, err := s.peoplePage(r.Context(), v, r.URL.Query())
	if err != nil {
		return err
	}
	if page.Form, err = s.personForm(r.Context(), v, r.PathValue("person")); err != nil {
		return err
	}
	s.markPerson(&page, r.PathValue("person"))
	return s.show(w, page)
}

func (s *Server) markPerson(page *view.AdminPeoplePage, person string) {
	for i := range page.People {
		page.People[i].Current = page.People[i].Href == "/staff/people/"+person
	}
}

func (s *Server) peoplePage(ctx context.Context, v *visit, q url.Values) (view.AdminPeoplePage, error) {
	page := view.AdminPeoplePage{
		Base: s.staffBase(v, "admin", "staff.people"), Query: strings.TrimSpace(q.Get("q")), Action: "/staff/people",
		Add: "/staff/people/" + newPerson, Cleared: "/staff/people",
	}
	role := roleOf(q.Get("role"))
	page.Role = []view.StaffChoice{{Label: s.say(v, "staff_web.any_role"), Selected: role == ""}}
	for _, some := range resident.Roles() {
		page.Role = append(page.Role, view.StaffChoice{Value: viewRole(some), Label: s.roleName(v, some), Selected: some == role})
	}
	people, err := s.Residents.People(ctx, v.Who, resident.PeopleFilter{Query: page.Query, Role: role, After: whole(q.Get("after")), Limit: peoplePage})
	if err != nil {
		return page, err
	}
	n, err := s.peopleNames(ctx, v, people)
	if err != nil {
		return page, err
	}
	for _, p := range people {
		page.People = append(page.People, s.staffPerson(n, p))
	}
	page.Count = len(people)
	if len(people) == peoplePage {
		page.Pager.Later = pageAddress("/staff/people", q, "after", strconv.FormatInt(people[len(people)-1].ID, 10))
	}
	if q.Get("after") != "" {
		page.Pager.Earlier = pageAddress("/staff/people", q, "after", "")
	}
	return page, nil
}

// pageAddress is a list's address with one value of its query put or taken out.
func pageAddress(path string, q url.Values, name, value string) string {
	some := url.Values{}
	for key, list := range q {
		if key != name && len(list) > 0 && list[0] != "" {
			some.Set(key, list[0])
		}
	}
	if value != "" {
		some.Set(name, value)
	}
	if len(some) == 0 {
		return path
	}
	return path + "?" + some.Encode()
}

func (s *Server) peopleNames(ctx context.Context, v *visit, people []resident.Person) (*names, error) {
	var orgs []org.ID
	for _, p := range people {
		orgs = append(orgs, org.ID(p.Org))
	}
	return s.namesFor(ctx, v, unique(orgs), nil)
}

func (s *Server) staffPerson(n *names, p resident.Person) view.StaffPerson {
	out := view.StaffPerson{
		Href: "/staff/people/" + strconv.FormatInt(p.ID, 10), Name: p.Name, Login: p.Login, Seen: p.Seen, Blocked: p.Blocked,
		SecondFactor: p.Second || !secondPolicy(n.v).Used(),
	}
	if p.Org != "" {
		out.Organisation = n.org(org.ID(p.Org))
	}
	for _, r := range p.Roles {
		out.Roles = append(out.Roles, s.roleName(n.v, r))
	}
	for _, a := range n.book.list {
		if slices.Contains(p.Areas, string(a.ID)) {
			out.Areas = append(out.Areas, n.v.text(a.Name))
		}
	}
	return out
}

// personForm is the form of a person, or the empty one; nil when none is open.
func (s *Server) personForm(ctx context.Context, v *visit, person string) (*view.PersonForm, error) {
	if person == "" {
		return nil, nil
	}
	var p resident.Person
	if person != newPerson {
		id, err := strconv.ParseInt(person, 10, 64)
		if err != nil {
			return nil, fault.Missing.New("resident.person_missing")
		}
		if p, err = s.Residents.Person(ctx, v.Who, id); err != nil {
			return nil, err
		}
		if !p.Staff {
			return nil, fault.Missing.New("resident.person_missing") // residents are nobody's to look up here
		}
	}
	d := resident.Draft{Name: p.Name, Login: p.Login, Email: string(p.Email), Phone: string(p.Phone), Position: p.Position, Org: p.Org,
		Roles: p.Roles, Areas: p.Areas, Version: p.Version}
	f, err := s.personOf(ctx, v, person, d)
	if err != nil {
		return nil, err
	}
	f.Blocked, f.Self = p.Blocked, p.ID != 0 && p.ID == v.Who.ID
	f.Second = p.Second
	return f, nil
}

// personOf fills the form with a draft.
func (s *Server) personOf(ctx context.Context, v *visit, person string, d resident.Draft) (*view.PersonForm, error) {
	href := "/staff/people/" + person
	f := &view.PersonForm{
		Command: s.plainCommand(href, d.Version), Reset: s.plainCommand(href+"/password", d.Version), Block: s.plainCommand(href+"/block", d.Version),
		DropSecond: s.plainCommand(href+"/second", d.Version),
		New:        person == newPerson, Name: d.Name, Login: d.Login, Email: d.Email, Position: v.text(d.Position), Phone: d.Phone, Cancel: "/staff/people",
	}
	for _, r := range resident.Roles() {
		f.Roles = append(f.Roles, view.StaffChoice{Value: viewRole(r), Label: s.roleName(v, r), Note: s.say(v, "staff_web.role_note."+viewRole(r)), Selected: slices.Contains(d.Roles, r)})
	}
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return nil, err
	}
	for _, a := range book.list {
		if a.Kind != "city" {
			f.Areas = append(f.Areas, view.StaffChoice{Value: string(a.ID), Label: v.text(a.Name), Selected: slices.Contains(d.Areas, string(a.ID))})
		}
	}
	f.Organisations, err = s.orgChoices(ctx, v, org.ID(d.Org), "")
	return f, err
}

// orgChoices are the organisations to choose from, by name; the first entry is
// none.
func (s *Server) orgChoices(ctx context.Context, v *visit, chosen, except org.ID) ([]view.StaffChoice, error) {
	list, err := s.Orgs.List(ctx, v.City.ID, org.Filter{Limit: 1000})
	if err != nil {
		return nil, err
	}
	var choices []view.StaffChoice
	for _, o := range list {
		if o.ID != except {
			choices = append(choices, view.StaffChoice{Value: string(o.ID), Label: o.ShortName(string(v.Lang), v.City.Main), Selected: o.ID == chosen})
		}
	}
	slices.SortFunc(choices, func(a, b view.StaffChoice) int { return strings.Compare(a.Label, b.Label) })
	return append([]view.StaffChoice{{Label: "—", Selected: chosen == ""}}, choices...), nil
}

// draftIn reads a person out of the form. The position is written in the
// reader's language; the other languages stay as they were.
func draftIn(v *visit, f *form, position map[string]string) resident.Draft {
	d := resident.Draft{
		Name: f.get("name"), Login: f.get("login"), Email: f.get("email"), Phone: f.get("phone"), Org: f.get("organisation"),
		Areas: f.all("areas"), Version: f.int("version"), Position: map[string]string{},
	}
	for lang, text := range position {
		d.Position[lang] = text
	}
	lang := string(v.Lang)
	if typed := strings.TrimSpace(f.get("position")); typed != v.text(position) || position[lang] != "" {
		d.Position[lang] = typed
	}
	if d.Position[v.City.Main] == "" {
		d.Position[v.City.Main] = d.Position[lang]
	}
	for _, name := range f.all("roles") {
		d.Roles = append(d.Roles, roleOf(name))
	}
	return d
}

// savePerson adds somebody or changes one.
func (s *Server) savePerson(w http.ResponseWriter, r *http.Request) error {
	v, person := s.visitOf(r), r.PathValue("person")
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if person == newPerson {
		d := draftIn(v, f, nil)
		p, secret, err := s.Residents.AddPerson(r.Context(), v.Who, d, v.From)
		if err != nil {
			return s.personAgain(w, r, person, d, err)
		}
		return s.showSecret(w, r, strconv.FormatInt(p.ID, 10), secret)
	}
	known, err := s.Residents.Person(r.Context(), v.Who, whole(person))
	if err != nil {
		return err
	}
	d := draftIn(v, f, known.Position)
	if err := s.Residents.EditPerson(r.Context(), v.Who, known.ID, d, v.From); err != nil {
		return s.personAgain(w, r, person, d, err)
	}
	s.flash(w, "staff_web.said.person", d.Name)
	return goTo(w, r, "/staff/people/"+person)
}

// personAgain draws the form with what was typed and what is wrong.
func (s *Server) personAgain(w http.ResponseWriter, r *http.Request, person string, d resident.Draft, refused error) error {
	v := s.visitOf(r)
	list := s.fields(v, refused)
	status := http.StatusUnprocessableEntity
	switch f := fault.Of(refused); {
	case len(list) > 0:
	case f != nil && len(f.Fields) > 0: // a denied one: the own last role
		list = view.FieldErrors{{Name: f.Fields[0].Name, Text: s.fieldText(v, f.Fields[0])}}
		status = statusOf(refused)
	case errors.Is(refused, fault.Conflict):
		list, status = view.FieldErrors{{Name: "name", Text: s.say(v, "resident.changed_meanwhile")}}, http.StatusConflict
		if fresh, err := s.Residents.Person(r.Context(), v.Who, whole(person)); err == nil {
			d.Version = fresh.Version // seen now: the next save is meant
		}
	default:
		return refused
	}
	page, err := s.peoplePage(r.Context(), v, url.Values{})
	if err != nil {
		return err
	}
	if page.Form, err = s.personOf(r.Context(), v, person, d); err != nil {
		return err
	}
	s.markPerson(&page, person)
	page.Path, page.Errors = "/staff/people/"+person, list
	return s.render(w, status, page)
}

// showSecret shows a new password once: on this page, which nothing keeps.
func (s *Server) showSecret(w http.ResponseWriter, r *http.Request, person string, secret resident.Temporary) error {
	v := s.visitOf(r)
	page, err := s.peoplePage(r.Context(), v, url.Values{})
	if err != nil {
		return err
	}
	if page.Form, err = s.personForm(r.Context(), v, person); err != nil {
		return err
	}
	s.markPerson(&page, person)
	page.Path = "/staff/people/" + person
	page.Secret = &view.OneTimeSecret{Login: secret.Login, Password: secret.Password.Reveal(), Until: secret.Until}
	return s.show(w, page)
}

// resetPassword gives somebody a new password.
func (s *Server) resetPassword(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if _, err := readPlain(r, v); err != nil {
		return err
	}
	secret, err := s.Residents.ResetPassword(r.Context(), v.Who, whole(r.PathValue("person")), v.From)
	if err != nil {
		return err
	}
	return s.showSecret(w, r, r.PathValue("person"), secret)
}

// blockPerson closes an account or opens it again.
func (s *Server) blockPerson(w http.ResponseWriter, r *http.Request) error {
	v, person := s.visitOf(r), r.PathValue("person")
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	blocked := f.get("blocked") == "1"
	if err := s.Residents.Block(r.Context(), v.Who, whole(person), blocked, v.From); err != nil {
		return err
	}
	said := "staff_web.said.unblocked"
	if blocked {
		said = "staff_web.said.blocked"
	}
	s.flash(w, said)
	return goTo(w, r, "/staff/people/"+person)
}
