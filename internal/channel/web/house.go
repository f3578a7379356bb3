package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

func houseURL(id place.HouseID) string { return "/house/" + strconv.FormatInt(int64(id), 10) }

// houseID reads the id of a house in the path.
func houseID(r *http.Request) (place.HouseID, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fault.Missing.New("errors_page.missing_what")
	}
	return place.HouseID(id), nil
}

// shownAtHouse is how many open and how many past problems a house's page shows.
const shownAtHouse = 10

func (s *Server) showHouse(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	id, err := houseID(r)
	if err != nil {
		return err
	}
	card, err := s.Houses.CardAt(r.Context(), v.City.ID, id, v.Now)
	if err != nil {
		return err
	}
	p, err := s.housePage(r.Context(), v, card)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

// housePage fills the page of a house.
func (s *Server) housePage(ctx context.Context, v *visit, card house.Card) (view.HousePage, error) {
	address := shortAddress(v, card.House.Address)
	p := view.HousePage{Base: s.base(v, "houses", address), ID: int64(card.House.ID), Address: address, Managed: card.Managed,
		ReportURL: "/?house=" + strconv.FormatInt(int64(card.House.ID), 10), WatchURL: "/watch/new?house=" + strconv.FormatInt(int64(card.House.ID), 10)}
	book, err := s.dictionary(ctx, v)
	if err != nil {
		return p, err
	}
	found, err := s.answersAt(ctx, v, book, card.House)
	if err != nil {
		return p, err
	}
	n, err := s.namesFor(ctx, v, orgsOfHouse(card, found), nil)
	if err != nil {
		return p, err
	}
	p.District = view.Next{Text: n.area(card.House.District), URL: "/houses?area=" + string(card.House.District)}
	p.Municipality = view.Next{Text: n.area(card.House.Municipality)}
	for _, o := range card.Outages {
		item := s.outageItem(n, o)
		switch item.Status {
		case string(house.Active), string(house.Announced):
			p.Outages = append(p.Outages, item)
		default:
			p.Ended = append(p.Ended, item)
		}
	}
	p.Duty = dutyOf(n, card.Dispatcher)
	p.Answers = s.answersOf(n, found)
	s.toldAt(n, card, &p)
	s.passportOf(v, card.Passport, &p)
	if err := s.problemsAt(ctx, v, card, &p); err != nil {
		return p, err
	}
	if card.Managed {
		records, err := s.Board.RecordsOf(ctx, v.City)
		if err != nil {
			return p, err
		}
		id := card.Company.ID
		p.Company, p.CompanyOf = n.company(id), recordOf(records.Year[id])
		p.CompanyOf.URL = companyURL(id)
	}
	return p, s.houseOnMap(ctx, v, card.House, &p)
}

// orgsOfHouse are the organisations that a house's page names.
func orgsOfHouse(card house.Card, found []appointed) []org.ID {
	ids := []org.ID{card.Company.ID, card.Dispatcher.Org}
	for _, o := range card.Outages {
		ids = append(ids, o.Org)
	}
	for _, a := range found {
		ids = append(ids, a.decision.Executor)
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id org.ID) bool { return id == "" })
}

// problemsAt adds what is open in the house and what was lately.
func (s *Server) problemsAt(ctx context.Context, v *visit, card house.Card, p *view.HousePage) error {
	found, err := s.Board.ProblemsAt(ctx, v.City.ID, card.House.ID, shownAtHouse)
	if err != nil {
		return err
	}
	lines, err := s.linesOf(ctx, v, slices.Concat(found.Open, found.Past))
	if err != nil {
		return err
	}
	p.Open, p.Past = lines[:len(found.Open)], lines[len(found.Open):]
	p.OpenAll, p.AllCount, p.Counted = found.OpenAll, found.All, found.All == board.HouseCounted
	if found.All > 0 {
		p.ListURL = houseURL(card.House.ID) + "/problems"
	}
	return nil
}

func (s *Server) houseOnMap(ctx context.Context, v *visit, h place.House, p *view.HousePage) error {
	drawn, err := s.still(ctx, v, h.Point)
	if drawn == nil || err != nil {
		return err
	}
	labelled := *drawn
	labelled.Label = s.say(v, "house_page.map_alt", p.Address)
	p.Still, p.MapURL = &labelled, "/map?view=map&box="+geo.Around(h.Point, 250).String()
	return nil
}

// appointed is who was found for a group of topics.
type appointed struct {
	group    house.Group
	decision routing.Decision
}

// answersAt asks routing who answers for each group of topics at a house, by
// the topic that stands for the group.
func (s *Server) answersAt(ctx context.Context, v *visit, book *dictionary, h place.House) ([]appointed, error) {
	groups := house.Groups(book.all)
	list := make([]appointed, 0, len(groups))
	at := place.Place{Point: h.Point, Mark: place.OnBuilding, House: h.ID, Address: h.Address, District: h.District, Municipality: h.Municipality}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		list = list[:0]
		rules, err := s.Routes.RulesIn(tx, v.City.ID)
		if err != nil {
			return err
		}
		for _, g := range groups {
			d, err := rules.Decide(routing.Ask{Topic: g.Topic, Place: at, Manager: org.ID(h.Manager), On: v.Now.In(v.zone())})
			if err != nil {
				return err
			}
			list = append(list, appointed{g, d})
		}
		return nil
	})
	return list, err
}

func (s *Server) answersOf(n *names, found []appointed) []view.Answering {
	var list []view.Answering
	at := map[org.ID]int{}
	for _, a := range found {
		id := a.decision.Executor
		i, met := at[id]
		if !met {
			i = len(list)
			at[id] = i
			one := view.Answering{Unknown: id == ""}
			if !one.Unknown {
				one.Who = n.company(id)
				one.Who.Email = ""
			}
			list = append(list, one)
		}
		list[i].For = withGroup(list[i].For, n.v, a.group)
		if why := s.whyText(n.v, a.decision); why != "" && !slices.Contains(list[i].Why, why) {
			list[i].Why = append(list[i].Why, why)
		}
	}
	if _, only := at[""]; only && len(at) == 1 {
		return nil // nobody is appointed for anything: one sentence says so
	}
	return list
}

// withGroup adds a category to what somebody answers for, beside those of the
// same object.
func withGroup(list []view.AnsweredFor, v *visit, g house.Group) []view.AnsweredFor {
	object, category := v.text(g.Object), v.text(g.Category)
	for i := range list {
		if list[i].Object == object {
			list[i].Categories += ", " + category
			return list
		}
	}
	return append(list, view.AnsweredFor{Object: object, Icon: iconOf(g.Object), Categories: category})
}

// company is an organisation with its page, where it has one.
func (n *names) company(id org.ID) view.Organisation {
	o := n.organisation(id)
	if n.orgs[id].Kind == org.Company {
		o.URL = companyURL(id)
	}
	return o
}

// dutyOf is whom to call at night.
func dutyOf(n *names, d house.Dispatcher) view.Duty {
	duty := view.Duty{Phone: d.Phone, City: d.City}
	if d.Org != "" {
		duty.Whose = n.org(d.Org)
	}
	return duty
}

// toldAt adds what the company tells the house.
func (s *Server) toldAt(n *names, card house.Card, p *view.HousePage) {
	today := n.v.Now.In(n.v.zone())
	for _, e := range card.Cleaning {
		one := view.Told{Title: s.say(n.v, "house.clean."+e.What), Text: e.Text, When: s.cleaningWhen(n.v, e), Next: e.NextDay(today)}
		p.Cleaning = append(p.Cleaning, one)
	}
	p.News, p.Works = toldOf(card.News), toldOf(card.Works)
}

func toldOf(list []house.Entry) []view.Told {
	var all []view.Told
	for _, e := range list {
		from := e.From
		if from.IsZero() {
			from = e.Written
		}
		all = append(all, view.Told{Title: e.Title, Text: e.Text, From: from, Until: e.Until})
	}
	return all
}

// cleaningWhen is on which days and at what time a schedule has work.
func (s *Server) cleaningWhen(v *visit, e house.Entry) string {
	days := s.say(v, "house_page.cleaning_daily")
	if len(e.Days) > 0 && len(e.Days) < 7 {
		var names []string
		for _, d := range e.Days {
			names = append(names, s.say(v, "house_page.day_"+strconv.Itoa(int(d))))
		}
		days = strings.Join(names, ", ")
	}
	switch {
	case e.Opens != "" && e.Closes != "":
		return s.say(v, "house_page.cleaning_hours", days, e.Opens, e.Closes)
	case e.Opens != "":
		return s.say(v, "house_page.cleaning_from", days, e.Opens)
	}
	return days
}

// passportOf adds the known lines of a passport, in groups.
func (s *Server) passportOf(v *visit, passport house.Passport, p *view.HousePage) {
	for _, f := range passport.Facts() {
		text := s.factText(v, f)
		if last := len(p.Passport) - 1; last >= 0 && p.Passport[last].Key == f.Group {
			p.Passport[last].Facts = append(p.Passport[last].Facts, view.Fact{Key: f.Name, Text: text})
			continue
		}
		p.Passport = append(p.Passport, view.FactGroup{Key: f.Group, Facts: []view.Fact{{Key: f.Name, Text: text}}})
	}
	p.Source, p.AsOf = passport.Source, s.asOf(v, passport.AsOf)
}

// asOf says of which day something is; a day that is none is left out.
func (s *Server) asOf(v *visit, day string) string {
	if at, ok := plainDay(v, day); ok {
		return s.say(v, "house_page.as_of", at)
	}
	return ""
}

// plainDay is a day (YYYY-MM-DD) in words.
func plainDay(v *visit, day string) (string, bool) {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day, false
	}
	return locale.Date(v.Lang, at, time.Time{}), true
}

func (s *Server) factText(v *visit, f house.Fact) string {
	switch f.Kind {
	case house.YearFact:
		return strconv.Itoa(int(f.Number))
	case house.CountFact:
		return locale.Number(v.Lang, int64(f.Number))
	case house.AreaFact:
		return s.say(v, "house_page.area", locale.Decimal(v.Lang, f.Number, 1))
	case house.VolumeFact:
		return s.say(v, "house_page.volume", locale.Decimal(v.Lang, f.Number, 1))
	case house.YesFact:
		if f.Yes {
			return s.say(v, "house_page.yes")
		}
		return s.say(v, "house_page.no")
	case house.TextFact:
		if at, ok := plainDay(v, f.Text); ok {
			return at
		}
	}
	return f.Text
}

// showHouseProblems lists all problems of a house.
func (s *Server) showHouseProblems(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	id, err := houseID(r)
	if err != nil {
		return err
	}
	h, err := s.house(r.Context(), v, id)
	if err != nil {
		return err
	}
	after := cursorOf(r.URL.Query().Get("after"))
	list, err := s.Board.List(r.Context(), v.City.ID, board.Filter{House: int64(id), After: after, Limit: linesAtOnce})
	if err != nil {
		return err
	}
	address := shortAddress(v, h.Address)
	heading := s.say(v, "house_page.problems_of", address)
	p := view.ProblemsPage{Base: s.base(v, "houses", heading), Heading: heading, Back: view.Next{Text: address, URL: houseURL(id)}, Until: list.Until,
		CSV: houseURL(id) + "/problems.csv"}
	return s.showProblems(w, r, v, p, houseURL(id)+"/problems", list, after)
}

// linesAtOnce is how many problems a plain list shows on a page.
const linesAtOnce = 50

// showProblems shows a page of a plain list with its neighbours.
func (s *Server) showProblems(w http.ResponseWriter, r *http.Request, v *visit, p view.ProblemsPage, path string, list board.Page, after board.Cursor) error {
	var err error
	if p.Lines, err = s.linesOf(r.Context(), v, list.Lines); err != nil {
		return err
	}
	if !list.Next.Zero() {
		p.Next = path + "?after=" + cursorText(list.Next)
	}
	if !after.Zero() {
		p.First, p.NoIndex = path, true
	}
	return s.show(w, p)
}

// cursorOf is a place in a list as an address carries it: CREATED-PROBLEM.
func cursorOf(typed string) board.Cursor {
	created, key, ok := strings.Cut(typed, "-")
	if !ok {
		return board.Cursor{}
	}
	return board.Cursor{Created: whole(created), Problem: whole(key)}
}

func cursorText(c board.Cursor) string {
	return strconv.FormatInt(c.Created, 10) + "-" + strconv.FormatInt(c.Problem, 10)
}

// houseProblemsCSV is the same as a table.
func (s *Server) houseProblemsCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	id, err := houseID(r)
	if err != nil {
		return err
	}
	if _, err := s.house(r.Context(), v, id); err != nil {
		return err
	}
	return s.problemsTable(w, r, v, func(after board.Cursor) (board.Page, error) {
		return s.Board.List(r.Context(), v.City.ID, board.Filter{House: int64(id), After: after, Limit: 100})
	})
}

// problemsTable writes problems as a table, page by page, at most maxRows.
func (s *Server) problemsTable(w http.ResponseWriter, r *http.Request, v *visit, next func(board.Cursor) (board.Page, error)) error {
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"number", "created", "topic_id", "topic", "district", "address", "state", "due", "joined", "url"}}
	for after := (board.Cursor{}); len(rows) <= maxRows; {
		page, err := next(after)
		if err != nil {
			return err
		}
		for _, l := range page.Lines {
			line := s.line(n, l)
			rows = append(rows, []string{strconv.FormatInt(l.Number, 10), rfc(l.Created, v), strconv.FormatInt(int64(l.Topic), 10), line.Topic,
				line.Area, line.Address, line.State.Code, rfc(l.Due, v), strconv.Itoa(l.Joined), s.Settings.PublicURL + line.URL})
		}
		if page.Next.Zero() {
			break
		}
		after = page.Next
	}
	return sendTable(w, "problems.csv", rows)
}
