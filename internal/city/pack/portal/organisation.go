package portal

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorod/internal/city/org"
	"gorod/internal/city/pack/portal/history"
)

// body is an organisation as the register knows it.
type body struct {
	id       string
	name     string
	source   string // kind in the source
	kind     org.Kind
	inn      string
	district string   // name, "" where it is not of one
	as       []string // other spellings
}

// register joins the spellings of an organisation.
type register struct {
	byID   map[string]*body
	byName map[string]string // plain name to id
}

func (r *register) has(id string) bool { return r.byID[id] != nil }

// find gives the id of an organisation by any of its spellings, "" unknown.
func (r *register) find(name string) string {
	if inn := history.TaxNumber.FindStringSubmatch(name); inn != nil && r.has("inn-"+inn[1]) {
		return "inn-" + inn[1]
	}
	return r.byName[history.PlainOrg(name)]
}

// add enters an organisation. The same tax number is the same organisation; so
// is the same plain name, unless both have tax numbers that differ: two
// companies «Строитель» are two.
func (r *register) add(o body) {
	if m := history.TaxNumber.FindStringSubmatch(o.name); m != nil {
		o.inn, o.name = m[1], history.TaxNumber.ReplaceAllString(o.name, "")
	}
	name := history.PlainOrg(o.name)
	o.id = "inn-" + o.inn
	if o.inn == "" {
		if o.id = r.byName[name]; o.id == "" {
			o.id = r.free(slug(name, 60))
		}
	}
	known := r.byID[o.id]
	if known == nil {
		r.byID[o.id] = &o
		if r.byName[name] == "" {
			r.byName[name] = o.id
		}
		return
	}
	// A legal form that is spelt out is no other name.
	if history.PlainOrg(known.name) != name && !slices.Contains(known.as, o.name) {
		known.as = append(known.as, o.name)
	}
	if r.byName[name] == "" {
		r.byName[name] = o.id
	}
	known.district = cmp.Or(known.district, o.district)
	if o.kind == org.Company {
		known.kind = org.Company
	}
}

// free is an id that nobody has.
func (r *register) free(id string) string {
	for n, try := 2, id; ; n++ {
		if !r.has(try) {
			return try
		}
		try = fmt.Sprintf("%s-%d", id, n)
	}
}

// kindOf is what an organisation is in a pack.
func kindOf(source, name string) org.Kind {
	lower := strings.ToLower(name)
	switch {
	case strings.Contains(lower, "инспекция"):
		return org.Inspectorate
	case source == "management_company":
		return org.Company
	case source == "housing_agency" || source == "city_institution":
		return org.Institution
	case source != "contractor" || strings.HasSuffix(lower, "комитет") || strings.HasPrefix(lower, "комитет"):
		return org.Authority
	}
	return org.Supplier
}

func (b *build) writeOrganisations() error {
	list, err := readTable(b.shared, "geo/spb_organizations.csv", "kind", "name", "inn", "district")
	if err != nil {
		return err
	}
	companies, err := readTable(b.shared, "geo/spb_management_companies.csv", "inn", "name", "main_district")
	if err != nil {
		return err
	}
	r := &register{byID: map[string]*body{}, byName: map[string]string{}}
	b.organisations = r
	// Those with a tax number first, so that spellings without one find them.
	slices.SortStableFunc(list, func(a, b record) int { return cmp.Compare(b.text("inn"), a.text("inn")) })
	for _, c := range companies {
		r.add(body{name: c.text("name"), source: "management_company", kind: org.Company, inn: c.text("inn")})
	}
	for _, o := range list {
		r.add(body{
			name: o.text("name"), source: o.text("kind"), kind: kindOf(o.text("kind"), o.text("name")), inn: o.text("inn"),
			district: o.text("district"),
		})
	}
	for _, file := range []struct{ name, column string }{{"ourspb/performers.tsv", "name"}, {"ourspb/organizations.tsv", "organization"}} {
		more, err := readTable(b.shared, file.name, file.column)
		if err != nil {
			return err
		}
		for _, o := range more {
			if name := o.text(file.column); r.find(name) == "" {
				r.add(body{name: name, source: "contractor", kind: kindOf("contractor", name)})
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b.met.bodies)) {
		if r.find(name) == "" {
			r.add(body{name: name, source: "contractor", kind: kindOf("contractor", name)})
		}
	}
	return b.writeRegister(len(list))
}

func (b *build) writeRegister(read int) error {
	var rows [][]string
	var joined []string
	numbered := 0
	for _, id := range slices.Sorted(maps.Keys(b.organisations.byID)) {
		o := b.organisations.byID[id]
		if o.inn != "" {
			numbered++
		}
		if len(o.as) > 0 {
			joined = append(joined, fmt.Sprintf("%s: %s = %s", o.id, o.name, strings.Join(o.as, " = ")))
		}
		rows = append(rows, []string{o.id, string(o.kind), o.name, "", shortName(o.name), "", "", o.inn, "", "", "", "", ""})
	}
	b.note("Organisations", fmt.Sprintf("%d bodies read, %d written, %d of them under their tax number. Phones, addresses and hours are not in "+
		"the files; English names are missing and shown in Russian. What they are (authority, institution, company, …) is told by their "+
		"names. Spellings that were joined:", read, len(rows), numbered), joined...)
	return b.WriteTable("organisations.csv", []string{
		"id", "kind", "name.ru", "name.en", "short.ru", "short.en", "parent", "inn", "phone", "email", "hours.ru", "dispatcher", "address",
	}, rows)
}

// shortName shortens the legal form of a company.
func shortName(name string) string {
	lower := strings.ToLower(name)
	pairs := history.LegalForms()
	for i := 0; i < len(pairs); i += 2 {
		if strings.HasPrefix(lower, pairs[i]+" ") {
			short := strings.ToUpper(pairs[i+1])
			return strings.Replace(short, "СПБ", "СПб", 1) + " " + strings.TrimSpace(name[len(pairs[i]):])
		}
	}
	return ""
}
