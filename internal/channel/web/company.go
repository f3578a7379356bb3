package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
)

func companyURL(id org.ID) string { return "/company/" + url.PathEscape(string(id)) }

// invalidFilter refuses a table whose filter cannot be meant.
func invalidFilter() error { return fault.Invalid.New("house_page.bad_number") }

// recordOf is what a page says of figures: fewer answers than board.FewAnswers
// make no share.
func recordOf(f board.Figures) view.Record {
	r := view.Record{Received: f.Received, Answered: f.Answered, OnTime: -1, Days: -1, Disputed: -1}
	if r.Few = f.Answered < board.FewAnswers; r.Few {
		return r
	}
	r.OnTime, r.Days, r.Disputed = f.OnTimeShare(), f.Median, f.DisputedShare()
	return r
}

func middleOf(m board.Middle) view.Record {
	return view.Record{Received: m.Of, OnTime: m.OnTime, Days: m.Days, Disputed: m.Disputed}
}

// middleOfCompanies is the median of all managing companies in the last twelve
// months.
func (s *Server) middleOfCompanies(ctx context.Context, v *visit, records board.Records) (view.Record, error) {
	companies, err := s.Houses.Companies(ctx, v.City.ID)
	if err != nil {
		return view.Record{}, err
	}
	ids := make([]org.ID, len(companies))
	for i, c := range companies {
		ids[i] = c.ID
	}
	return middleOf(board.MiddleOf(records.Year, ids)), nil
}

// companyAt finds the organisation that the path names. Only managing companies
// and who manages houses have a page.
func (s *Server) companyAt(r *http.Request, v *visit) (house.Company, error) {
	c, err := s.Houses.Company(r.Context(), v.City.ID, org.ID(r.PathValue("id")))
	if err == nil && c.Kind != org.Company && c.Houses == 0 {
		err = fault.Missing.New("errors_page.missing_what")
	}
	return c, err
}

// Of a company's page: topics, houses on a page, pieces of news.
const (
	topicsOfCompany = 5
	housesOfCompany = 30
	newsOfCompany   = 10
)

func (s *Server) showCompany(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	c, err := s.companyAt(r, v)
	if err != nil {
		return err
	}
	p := s.companyFacts(v, c)
	ctx := r.Context()
	records, err := s.Board.RecordsOf(ctx, v.City)
	if err != nil {
		return err
	}
	p.Year, p.All = recordOf(records.Year[c.ID]), recordOf(records.All[c.ID])
	if p.Middle, err = s.middleOfCompanies(ctx, v, records); err != nil {
		return err
	}
	if err := s.companyTopics(ctx, v, c.ID, &p); err != nil {
		return err
	}
	f := houseAsk{Filter: house.Filter{Manager: c.ID, After: place.HouseID(whole(r.URL.Query().Get("after"))), Limit: housesOfCompany}}
	l, err := s.housesOf(ctx, v, f)
	if err != nil {
		return err
	}
	if p.Houses, err = s.houseRows(ctx, v, l); err != nil {
		return err
	}
	p.HouseAll = l.total
	if l.next != 0 {
		p.Next = withAfter(companyURL(c.ID), l.next) + "#houses"
	}
	if f.After != 0 {
		p.First, p.NoIndex = companyURL(c.ID)+"#houses", true
	}
	news, err := s.Houses.Entries(ctx, v.City.ID, c.ID, house.News, 0, newsOfCompany)
	if err != nil {
		return err
	}
	p.News = toldOf(slices.DeleteFunc(news, func(e house.Entry) bool {
		return !e.All || e.From.After(v.Now) || !e.Until.IsZero() && e.Until.Before(v.Now)
	}))
	return s.show(w, p)
}

// companyFacts is what there is to know of a company itself.
func (s *Server) companyFacts(v *visit, c house.Company) view.CompanyPage {
	name := c.ShortName(string(v.Lang), v.City.Main)
	p := view.CompanyPage{Base: s.base(v, "houses", name), Name: name, Full: v.text(c.Name), Address: c.Address, Phone: c.Phone, Email: c.Email,
		Hours: c.Hours, Reception: v.text(c.Facts.Reception), Licence: c.Facts.Licence, INN: c.INN, Source: c.Facts.Source, AsOf: s.asOf(v, c.Facts.AsOf),
		Flats: c.Flats, ListURL: companyURL(c.ID) + "/problems", ProbCSV: companyURL(c.ID) + "/problems.csv",
		TableURL: "/houses.csv?company=" + url.QueryEscape(string(c.ID)), Duty: view.Duty{Phone: cmp.Or(c.Facts.Dispatcher, c.Dispatcher)}}
	if p.Full == p.Name {
		p.Full = ""
	}
	if site := c.Facts.Site; strings.HasPrefix(site, "https://") || strings.HasPrefix(site, "http://") {
		p.Site = site
	}
	if since, ok := plainDay(v, c.Facts.LicenceSince); ok {
		p.Since = since
	}
	if p.Duty.Phone == "" {
		p.Duty = view.Duty{Phone: v.City.Settings.Dispatcher, City: true}
	}
	return p
}

func (s *Server) companyTopics(ctx context.Context, v *visit, id org.ID, p *view.CompanyPage) error {
	from, to := board.RecordYear(v.Now, v.zone())
	counts, err := s.Board.TopicsOf(ctx, v.City.ID, id, from, to, topicsOfCompany)
	if err != nil {
		return err
	}
	n, err := s.namesFor(ctx, v, nil, nil)
	if err != nil {
		return err
	}
	for _, c := range counts {
		p.Topics = append(p.Topics, view.StatsRow{Name: n.topic(c.Topic), Received: c.N})
	}
	return nil
}

// showCompanyProblems lists what a company has to do with, newest first.
func (s *Server) showCompanyProblems(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	c, err := s.companyAt(r, v)
	if err != nil {
		return err
	}
	after := cursorOf(r.URL.Query().Get("after"))
	list, err := s.Board.ListOf(r.Context(), v.City.ID, c.ID, after, linesAtOnce)
	if err != nil {
		return err
	}
	name := c.ShortName(string(v.Lang), v.City.Main)
	heading := s.say(v, "house_page.problems_of_company", name)
	p := view.ProblemsPage{Base: s.base(v, "houses", heading), Heading: heading, Back: view.Next{Text: name, URL: companyURL(c.ID)}, CSV: companyURL(c.ID) + "/problems.csv"}
	return s.showProblems(w, r, v, p, companyURL(c.ID)+"/problems", list, after)
}

func (s *Server) companyProblemsCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	c, err := s.companyAt(r, v)
	if err != nil {
		return err
	}
	return s.problemsTable(w, r, v, func(after board.Cursor) (board.Page, error) {
		return s.Board.ListOf(r.Context(), v.City.ID, c.ID, after, 100)
	})
}

// companyRows are all managing companies with their records, in the order that
// is asked for: sort=name, houses, received, answered, on_time, days, disputed,
// with a minus before it for the other way.
func (s *Server) companyRows(ctx context.Context, v *visit, sort string) ([]view.CompanyRow, []org.ID, board.Records, error) {
	records, err := s.Board.RecordsOf(ctx, v.City)
	if err != nil {
		return nil, nil, records, err
	}
	companies, err := s.Houses.Companies(ctx, v.City.ID)
	if err != nil {
		return nil, nil, records, err
	}
	type pair struct {
		row view.CompanyRow
		id  org.ID
	}
	pairs := make([]pair, len(companies))
	for i, c := range companies {
		pairs[i] = pair{view.CompanyRow{Name: c.ShortName(string(v.Lang), v.City.Main), URL: companyURL(c.ID), Houses: c.Houses, Record: recordOf(records.Year[c.ID])}, c.ID}
	}
	key, less := strings.TrimPrefix(sort, "-"), strings.HasPrefix(sort, "-")
	slices.SortStableFunc(pairs, func(a, b pair) int {
		byName := strings.Compare(a.row.Name, b.row.Name)
		if key == "name" {
			if less {
				return -byName
			}
			return byName
		}
		x, y := figure(a.row, key), figure(b.row, key)
		if x < 0 || y < 0 { // who has too few answers comes last, whichever way
			return cmp.Or(cmp.Compare(min(y, 0), min(x, 0)), byName)
		}
		if less {
			return cmp.Or(cmp.Compare(y, x), byName)
		}
		return cmp.Or(cmp.Compare(x, y), byName)
	})
	rows, ids := make([]view.CompanyRow, len(pairs)), make([]org.ID, len(pairs))
	for i, p := range pairs {
		rows[i], ids[i] = p.row, p.id
	}
	return rows, ids, records, nil
}

// figure is the number of a column.
func figure(r view.CompanyRow, key string) int {
	switch key {
	case "houses":
		return r.Houses
	case "received":
		return r.Received
	case "answered":
		return r.Answered
	case "on_time":
		return r.OnTime
	case "days":
		return r.Days
	}
	return r.Disputed
}

// companyColumns are the columns of the table; the first press on a column of
// numbers shows the largest first.
func companyColumns() []string {
	return []string{"name", "houses", "received", "answered", "on_time", "days", "disputed"}
}

func (s *Server) showCompanies(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	sort := sortOf(r)
	rows, ids, records, err := s.companyRows(r.Context(), v, sort)
	if err != nil {
		return err
	}
	from, to := board.RecordYear(v.Now, v.zone())
	p := view.CompaniesPage{Base: s.base(v, "houses", s.say(v, "house_page.companies_title")), Rows: rows, From: from, To: to.AddDate(0, 0, -1),
		Middle: middleOf(board.MiddleOf(records.Year, ids)), CSV: filterURL("/companies.csv", r.URL.Query(), "sort")}
	for _, key := range companyColumns() {
		head := view.SortHead{Key: key, Number: key != "name", URL: "/companies?sort=-" + key}
		if key == "name" || sort == "-"+key {
			head.URL = "/companies?sort=" + key
		}
		if sort == "name" && key == "name" {
			head.URL = "/companies?sort=-name"
		}
		switch sort {
		case key:
			head.Order = "ascending"
		case "-" + key:
			head.Order = "descending"
		}
		p.Heads = append(p.Heads, head)
	}
	p.NoIndex = r.URL.Query().Get("sort") != ""
	return s.show(w, p)
}

// sortOf is the order that an address asks for, else by name.
func sortOf(r *http.Request) string {
	sort := r.URL.Query().Get("sort")
	if slices.Contains(companyColumns(), strings.TrimPrefix(sort, "-")) {
		return sort
	}
	return "name"
}

// companiesCSV is the same as a table; what is unknown or too little to say is
// an empty cell.
func (s *Server) companiesCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	rows, ids, records, err := s.companyRows(r.Context(), v, sortOf(r))
	if err != nil {
		return err
	}
	table := [][]string{{"company_id", "company", "houses", "received", "answered", "promised", "on_time", "on_time_percent", "median_days", "disputed", "disputed_percent", "url"}}
	for i, row := range rows {
		f := records.Year[ids[i]]
		table = append(table, []string{string(ids[i]), row.Name, strconv.Itoa(row.Houses), strconv.Itoa(f.Received), strconv.Itoa(f.Answered), strconv.Itoa(f.Promised),
			strconv.Itoa(f.OnTime), countCell(row.OnTime), countCell(row.Days), strconv.Itoa(f.Disputed), countCell(row.Disputed), s.Settings.PublicURL + row.URL})
	}
	return sendTable(w, "companies.csv", table)
}
