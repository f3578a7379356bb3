package web

import (
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
)

// noCompany is the value of the filter for houses whose company is unknown.
const noCompany = "none"

// How much of the list of houses is read at once: rows of a page, rows that are
// looked through for what the register does not know (what is off, what is
// open), and rows of a table.
const (
	housesAtOnce = 50
	housesLooked = 1000
	houseTable   = 20_000
)

// houseParams are the parameters of the list of houses.
func houseParams() []string {
	return []string{"q", "area", "company", "lifts", "year_from", "year_to", "floor_from", "floor_to", "off", "open"}
}

// houseAsk is what is asked of the list.
type houseAsk struct {
	house.Filter
	off, open bool
}

// houseFilter reads the filter of an address, with what is wrong with it.
func (s *Server) houseFilter(v *visit, q url.Values) (houseAsk, view.FieldErrors) {
	var wrong view.FieldErrors
	number := func(name string) int {
		typed := strings.TrimSpace(q.Get(name))
		if typed == "" {
			return 0
		}
		n, err := strconv.Atoi(typed)
		if err != nil || n < 0 || n > 9999 {
			wrong = append(wrong, view.FieldError{Name: name, Text: s.say(v, "house_page.bad_number")})
			return 0
		}
		return n
	}
	f := houseAsk{Filter: house.Filter{Area: place.AreaID(cut(q.Get("area"), 60)), Street: cut(strings.TrimSpace(q.Get("q")), 200),
		YearFrom: number("year_from"), YearTo: number("year_to"), FloorFrom: number("floor_from"), FloorTo: number("floor_to"),
		After: place.HouseID(whole(q.Get("after"))), Limit: housesAtOnce}, off: q.Get("off") != "", open: q.Get("open") != ""}
	switch company := cut(q.Get("company"), 60); company {
	case noCompany:
		f.NoManager = true
	default:
		f.Manager = org.ID(company)
	}
	if lifts := q.Get("lifts"); lifts == "yes" || lifts == "no" {
		f.Lifts = lifts
	}
	for _, pair := range []struct {
		name     string
		from, to int
	}{{"year_to", f.YearFrom, f.YearTo}, {"floor_to", f.FloorFrom, f.FloorTo}} {
		if pair.to != 0 && pair.to < pair.from {
			wrong = append(wrong, view.FieldError{Name: pair.name, Text: s.say(v, "house_page.crossed")})
		}
	}
	return f, wrong
}

// houseList is a page of houses with what the board knows of them.
type houseList struct {
	rows   []house.Row
	marks  map[place.HouseID]board.HouseMark
	total  int
	exact  bool
	looked int // houses that were looked through where that ended the page; 0: no end
	next   place.HouseID
}

// housesOf reads a page. What is off or open is no part of the register: then
// houses are looked through, at most housesLooked of them.
func (s *Server) housesOf(ctx context.Context, v *visit, f houseAsk) (houseList, error) {
	wanted := f.Limit
	l := houseList{marks: map[place.HouseID]board.HouseMark{}, exact: !f.off && !f.open}
	if !l.exact {
		f.Limit = 200
	}
	for looked := 0; ; {
		page, err := s.Houses.List(ctx, v.City.ID, f.Filter)
		if err != nil {
			return l, err
		}
		marks, err := s.marksOf(ctx, v, page.Rows)
		if err != nil {
			return l, err
		}
		l.total, l.next = page.Total, page.Next
		if l.exact {
			l.rows, l.marks = page.Rows, marks
			return l, nil
		}
		for i, row := range page.Rows {
			m := marks[row.House.ID]
			if f.off && len(m.Off) == 0 || f.open && m.Open == 0 {
				continue
			}
			l.rows, l.marks[row.House.ID] = append(l.rows, row), m
			if len(l.rows) == wanted {
				if i+1 < len(page.Rows) {
					l.next = row.House.ID
				}
				return l, nil
			}
		}
		if looked += len(page.Rows); page.Next == 0 {
			return l, nil
		}
		if f.After = page.Next; looked >= housesLooked {
			l.looked = looked
			return l, nil
		}
	}
}

func (s *Server) marksOf(ctx context.Context, v *visit, rows []house.Row) (map[place.HouseID]board.HouseMark, error) {
	ids := make([]place.HouseID, len(rows))
	for i, row := range rows {
		ids[i] = row.House.ID
	}
	return s.Board.Marks(ctx, v.City.ID, ids, v.Now)
}

func (s *Server) showHouses(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f, wrong := s.houseFilter(v, q)
	l, err := s.housesOf(r.Context(), v, f)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	p := view.HousesPage{Base: s.base(v, "houses", s.say(v, "house_page.houses_title")), Text: f.Street, YearFrom: q.Get("year_from"), YearTo: q.Get("year_to"),
		FloorFrom: q.Get("floor_from"), FloorTo: q.Get("floor_to"), Off: f.off, Open: f.open, Errors: wrong,
		Districts: chosen(s.choicesOf(v, book).areas, string(f.Area)), Total: l.total, Known: l.exact, Looked: l.looked, CSV: filterURL("/houses.csv", q, houseParams()...)}
	for _, value := range []string{"yes", "no"} {
		p.Lifts = append(p.Lifts, view.Option{Value: value, Label: s.say(v, "house_page.lifts_"+value), Checked: f.Lifts == value})
	}
	if p.Companies, err = s.companyChoices(r.Context(), v, q.Get("company")); err != nil {
		return err
	}
	if p.Rows, err = s.houseRows(r.Context(), v, l); err != nil {
		return err
	}
	for _, name := range houseParams() {
		if q.Get(name) != "" {
			p.Active++
			if name != "q" {
				p.Folded++
			}
		}
	}
	path := filterURL("/houses", q, houseParams()...)
	if l.next != 0 {
		p.Next = withAfter(path, l.next)
	}
	if f.After != 0 {
		p.First = path
	}
	p.NoIndex = p.Active > 0 || f.After != 0
	if len(wrong) > 0 {
		return s.showAgain(w, p)
	}
	return s.show(w, p)
}

// withAfter is an address that goes on after a house.
func withAfter(path string, after place.HouseID) string {
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	return path + sign + "after=" + strconv.FormatInt(int64(after), 10)
}

// companyChoices are the companies to choose among, by name.
func (s *Server) companyChoices(ctx context.Context, v *visit, value string) ([]view.Option, error) {
	companies, err := s.Houses.Companies(ctx, v.City.ID)
	if err != nil {
		return nil, err
	}
	list := make([]view.Option, 0, len(companies)+1)
	for _, c := range companies {
		list = append(list, view.Option{Value: string(c.ID), Label: c.ShortName(string(v.Lang), v.City.Main), Checked: string(c.ID) == value})
	}
	slices.SortFunc(list, func(a, b view.Option) int { return strings.Compare(a.Label, b.Label) })
	return append(list, view.Option{Value: noCompany, Label: s.say(v, "house_page.no_company"), Checked: value == noCompany}), nil
}

// houseRows are houses as a table shows them.
func (s *Server) houseRows(ctx context.Context, v *visit, l houseList) ([]view.HouseRow, error) {
	var ids []org.ID
	for _, row := range l.rows {
		if row.Manager != "" && !slices.Contains(ids, row.Manager) {
			ids = append(ids, row.Manager)
		}
	}
	n, err := s.namesFor(ctx, v, ids, nil)
	if err != nil {
		return nil, err
	}
	list := make([]view.HouseRow, 0, len(l.rows))
	for _, row := range l.rows {
		m := l.marks[row.House.ID]
		one := view.HouseRow{URL: houseURL(row.House.ID), Address: shortAddress(v, row.House.Address), Area: n.area(row.House.District),
			Built: row.Built, Floors: row.Floors, Lifts: row.Lifts, Open: m.Open, Off: m.Off, Emerging: row.Alarm}
		if row.Manager != "" {
			one.Company = view.Organisation{Name: n.org(row.Manager), URL: companyURL(row.Manager)}
		}
		list = append(list, one)
	}
	return list, nil
}

// housesCSV is the same list as a table. Its columns keep their English names in
// every language: programs read them.
func (s *Server) housesCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, wrong := s.houseFilter(v, r.URL.Query())
	if len(wrong) > 0 {
		return invalidFilter()
	}
	rows := [][]string{{"house_id", "address", "district", "built", "floors", "lifts", "company_id", "company", "open_problems", "off_now", "url"}}
	for f.Limit, f.After = 200, 0; len(rows) <= houseTable; {
		l, err := s.housesOf(r.Context(), v, f)
		if err != nil {
			return err
		}
		list, err := s.houseRows(r.Context(), v, l)
		if err != nil {
			return err
		}
		for i, row := range list {
			rows = append(rows, []string{strconv.FormatInt(int64(l.rows[i].House.ID), 10), row.Address, row.Area, known(row.Built), known(row.Floors),
				countCell(row.Lifts), string(l.rows[i].Manager), row.Company.Name, strconv.Itoa(row.Open), strings.Join(row.Off, " "), s.Settings.PublicURL + row.URL})
		}
		if l.next == 0 {
			break
		}
		f.After = l.next
	}
	return sendTable(w, "houses.csv", rows)
}

// known is a number; zero is unknown and the cell empty.
func known(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
