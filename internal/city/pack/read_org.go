package pack

import (
	"net/mail"
	"strings"

	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

func (r *reading) organisations() {
	r.each(sheet{
		file: "organisations.csv", must: []string{"id", "kind"}, mustIn: []string{"name"}, mayIn: []string{"short"},
		may: []string{"parent", "inn", "phone", "email", "hours.ru", "hours.en", "dispatcher", "address"},
	}, func(w *row) {
		o := w.organisation()
		if !w.broken {
			w.r.pack.Organisations = append(w.r.pack.Organisations, o)
			w.keep()
		}
	})
	for i, o := range r.pack.Organisations {
		if o.Parent != "" && (!r.knows("organisation", string(o.Parent)) || o.Parent == o.ID) {
			r.fail("organisations.csv", r.lines["organisations.csv"][i], "parent", "pack.no_such_organisation", string(o.Parent))
		}
	}
}

func (w *row) organisation() org.Organisation {
	o := org.Organisation{
		ID: org.ID(w.name("organisation", "id")),
		Kind: org.Kind(w.one("kind", string(org.Authority), string(org.Institution), string(org.Company),
			string(org.Supplier), string(org.Inspectorate))),
		Name: w.names("name", true), Short: w.names("short", false), Parent: org.ID(w.text("parent")), INN: w.text("inn"),
		Phone: w.text("phone"), Email: w.email(), Hours: w.text("hours." + w.r.pack.City.Main),
		Dispatcher: w.text("dispatcher"), Address: w.text("address"), Open: true,
	}
	if strings.HasPrefix(string(o.ID), "@") {
		w.fail("id", "pack.organisation_id", string(o.ID))
	}
	if o.INN != "" && !isINN(o.INN) {
		w.fail("inn", "pack.inn", o.INN)
	}
	if o.INN != "" {
		if first, twice := w.r.note("inn", o.INN, w.line); twice {
			w.r.warn(w.file, w.line, "inn", "pack.inn_twice", o.INN, itoa(first))
		}
	}
	return o
}

// isINN tells whether it is a taxpayer number of ten or twelve digits. The
// check digit is not asked for: invented towns have invented numbers.
func isINN(s string) bool {
	return (len(s) == 10 || len(s) == 12) && strings.Trim(s, "0123456789") == ""
}

func (w *row) email() string {
	s := w.text("email")
	if s == "" {
		return ""
	}
	if a, err := mail.ParseAddress(s); err != nil || a.Address != s {
		w.fail("email", "pack.email", s)
	}
	return s
}

func (r *reading) people() {
	r.each(sheet{
		file: "people.csv", lacking: "pack.no_people", must: []string{"id", "name", "roles", "login"},
		may: []string{"organisation", "phone", "email", "areas"}, mayIn: []string{"position"},
	}, func(w *row) {
		p := resident.PackPerson{
			ID: w.name("person", "id"), Name: w.need("name"), Org: w.text("organisation"), Position: w.names("position", false),
			Phone: w.text("phone"), Email: w.text("email"), Areas: w.list("areas"), Login: w.name("login", "login"),
		}
		for _, role := range w.list("roles") {
			p.Roles = append(p.Roles, resident.Role(role))
		}
		for _, area := range p.Areas {
			w.known("area", "areas", area, "pack.no_such_area")
		}
		w.known("organisation", "organisation", p.Org, "pack.no_such_organisation")
		if refused := fault.Of(p.Check()); refused != nil {
			for _, f := range refused.Fields {
				w.fail(f.Name, f.Phrase, f.Args...)
			}
		}
		if !w.broken {
			w.r.pack.People = append(w.r.pack.People, p)
			w.keep()
		}
	})
}
