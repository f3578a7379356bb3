package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

const (
	housesDesk     = "/staff/houses"
	outagesAtDesk  = 100
	noticesAtDesk  = 30
	minuteOfInput  = "2006-01-02T15:04" // of <input type=datetime-local>
	secondsOfInput = "2006-01-02T15:04:05"
)

// houseDesk is whose houses a desk is about. Who works for one organisation
// speaks for it; operators and administrators choose.
type houseDesk struct {
	org    org.ID
	city   bool // operators and administrators: of any organisation
	writes bool // may tell residents something for the organisation
}

func houseDeskOf(v *visit, asked string) houseDesk {
	d := houseDesk{org: org.ID(v.Who.Org), city: v.Who.Has(resident.Administrator) || v.Who.Has(resident.Operator)}
	if d.city {
		d.org = org.ID(asked)
	}
	d.writes = d.org != "" && house.MayWrite(v.Who, d.org)
	return d
}

func (d houseDesk) address(q url.Values) string {
	if d.city && d.org != "" {
		q.Set("org", string(d.org))
	}
	if len(q) == 0 {
		return housesDesk
	}
	return housesDesk + "?" + q.Encode()
}

// showStaffHouses shows the outages of an organisation, what it told its houses,
// and one form.
func (s *Server) showStaffHouses(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	d := houseDeskOf(v, q.Get("org"))
	page, err := s.housesDesk(r.Context(), v, d, q.Get("tell"), whole(q.Get("before")))
	if err != nil {
		return err
	}
	switch tell := q.Get("tell"); tell {
	case "outage":
		page.Outage = s.outageForm(v, d, &form{})
		page.Outage.From, page.Outage.Addresses.MayAll = v.Now.In(v.zone()).Format(minuteOfInput), page.Houses.Count > 0
	case "news", "work", "cleaning":
		if !d.writes {
			return fault.Denied.New("staff_house.no_company")
		}
		page.Notice = s.noticeForm(v, d, &form{values: url.Values{"kind": {tell}, "all": {"1"}}})
		page.Notice.Addresses.MayAll = true
	}
	return s.show(w, page)
}

// housesDesk is the page without a form.
func (s *Server) housesDesk(ctx context.Context, v *visit, d houseDesk, tell string, before int64) (*view.StaffHousesPage, error) {
	p := &view.StaffHousesPage{Base: s.staffBase(v, "houses", "staff_house.title"), Action: housesDesk, MayWrite: d.writes}
	p.Path = housesDesk
	ways := []string{"outage"}
	if d.writes {
		ways = append(ways, "news", "work", "cleaning")
	}
	for _, way := range ways {
		p.Ways = append(p.Ways, view.StaffChoice{Label: s.say(v, "staff_house.way_"+way), Href: d.address(url.Values{"tell": {way}}), Selected: way == tell})
	}
	var err error
	if d.city {
		if p.Choice, err = s.orgChoices(ctx, v, d.org, ""); err != nil {
			return p, err
		}
	}
	list, err := s.Houses.Current(ctx, v.City.ID, v.Now, house.OutageFilter{Org: d.org, Limit: outagesAtDesk + 1})
	if err != nil {
		return p, err
	}
	if p.Cut = len(list) > outagesAtDesk; p.Cut {
		list = list[:outagesAtDesk]
	}
	orgs := []org.ID{d.org}
	for _, o := range list {
		orgs = append(orgs, o.Org)
	}
	n, err := s.namesFor(ctx, v, slices.DeleteFunc(orgs, func(id org.ID) bool { return id == "" }), nil)
	if err != nil {
		return p, err
	}
	for _, o := range list {
		p.Outages = append(p.Outages, s.deskOutage(n, o))
	}
	if d.org == "" {
		return p, nil
	}
	p.Organisation = n.org(d.org)
	own, err := s.Houses.Managed(ctx, v.City.ID, d.org)
	if err != nil {
		return p, err
	}
	if len(own) > 0 {
		p.Houses = view.StaffChoice{Href: "/houses?company=" + url.QueryEscape(string(d.org)), Count: len(own)}
	}
	return p, s.deskNotices(ctx, v, d, before, p)
}

// deskOutage is an outage with what may be done about it now.
func (s *Server) deskOutage(n *names, o house.Outage) view.StaffOutage {
	status := o.Status(n.v.Now)
	id := strconv.FormatInt(o.ID, 10)
	one := view.StaffOutage{
		OutageItem: s.outageItem(n, o), Anchor: "o" + id, Command: s.plainCommand(housesDesk+"/outages/"+id, o.Seq),
		Begin: status == house.Announced, End: status == house.Active, Stop: status == house.Announced || status == house.Active,
	}
	one.Move = one.Stop && o.Source == house.StaffSource
	if !o.To.IsZero() {
		one.PlanTo = o.To.In(n.v.zone()).Format(minuteOfInput)
	}
	return one
}

// deskNotices are what a company told, the latest first.
func (s *Server) deskNotices(ctx context.Context, v *visit, d houseDesk, before int64, p *view.StaffHousesPage) error {
	if !d.writes {
		return nil
	}
	list, err := s.Houses.Entries(ctx, v.City.ID, d.org, "", before, noticesAtDesk+1)
	if err != nil {
		return err
	}
	if len(list) > noticesAtDesk {
		list = list[:noticesAtDesk]
		p.Pager.Later = d.address(url.Values{"before": {strconv.FormatInt(list[noticesAtDesk-1].ID, 10)}})
	}
	if before != 0 {
		p.Pager.Earlier = d.address(url.Values{})
	}
	for _, e := range list {
		one := view.StaffNotice{Kind: string(e.Kind), Houses: len(e.Houses), Told: view.Told{Title: e.Title, Text: e.Text, From: e.From, Until: e.Until}}
		if e.Kind == house.Cleaning {
			one.Title, one.When = s.say(v, "house.clean."+e.What), s.cleaningWhen(v, e)
		}
		one.Command = s.plainCommand(housesDesk+"/notices/"+strconv.FormatInt(e.ID, 10)+"/withdraw", e.Seq)
		if d.city {
			one.Command.Action += "?org=" + url.QueryEscape(string(d.org))
		}
		p.Notices = append(p.Notices, one)
	}
	return nil
}

// momentTyped reads a time of the city's clock; nothing typed is the zero time.
func momentTyped(v *visit, name, typed string, wrong *fault.Form) time.Time {
	if typed == "" {
		return time.Time{}
	}
	at, err := time.ParseInLocation(minuteOfInput, typed, v.zone())
	if err != nil {
		at, err = time.ParseInLocation(secondsOfInput, typed, v.zone())
	}
	switch {
	case err != nil:
		wrong.Add(name, "staff_house.bad_moment")
	case at.After(v.Now.AddDate(1, 0, 0)) || at.Before(v.Now.AddDate(-1, 0, 0)):
		wrong.Add(name, "staff_house.far")
	}
	return at
}

// outageAtDesk is a form about one outage: it has begun, is over, is off later
// or not at all.
func (s *Server) outageAtDesk(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	id := whole(r.PathValue("id"))
	o, err := s.Houses.Outage(r.Context(), v.City.ID, id)
	if err != nil {
		return err
	}
	d := houseDeskOf(v, string(o.Org))
	dd := deed{next: d.address(url.Values{}), said: "staff_house.said_changed"}
	dd.err = s.turnOutage(r.Context(), v, o, f)
	dd.denied(house.OutageTold, "outage:"+strconv.FormatInt(id, 10))
	dd.again = func(back refusal) (view.Page, error) {
		p, err := s.housesDesk(r.Context(), v, d, "", 0)
		if err != nil {
			return nil, err
		}
		for i := range p.Outages {
			if p.Outages[i].Anchor == "o"+strconv.FormatInt(id, 10) {
				p.Outages[i].Problem = back.Errors
			}
		}
		p.Errors = back.Errors
		for i := range p.Errors {
			p.Errors[i].Name = "o" + strconv.FormatInt(id, 10)
		}
		return p, nil
	}
	return s.settle(w, r, dd)
}

// denied has a refusal of rights written into the audit log; what was done the
// service has written there itself.
func (d *deed) denied(action resident.Action, object string) {
	if errors.Is(d.err, fault.Denied) {
		d.action, d.object = action, object
	}
}

// turnOutage does what a form asks for about an outage.
func (s *Server) turnOutage(ctx context.Context, v *visit, o house.Outage, f *form) error {
	var wrong fault.Form
	at := momentTyped(v, "at", f.get("at"), &wrong)
	to := momentTyped(v, "to", f.get("to"), &wrong)
	if err := wrong.Err(); err != nil {
		return err
	}
	if at.IsZero() {
		at = v.Now
	}
	var err error
	switch f.get("do") {
	case "begin":
		_, err = s.Houses.Begin(ctx, v.Who, o.ID, at, v.From)
	case "end":
		_, err = s.Houses.End(ctx, v.Who, o.ID, at, v.From)
	case "cancel":
		_, err = s.Houses.Cancel(ctx, v.Who, o.ID, v.From)
	case "move":
		err = s.moveOutage(ctx, v, o, to)
	default:
		err = fault.Invalid.Field("do", "fault.invalid")
	}
	return err
}

// moveOutage tells an outage of the desk again, with another planned end.
func (s *Server) moveOutage(ctx context.Context, v *visit, o house.Outage, to time.Time) error {
	if status := o.Status(v.Now); status == house.Over || status == house.Cancelled {
		return fault.Invalid.Field("to", "house.outage_over")
	}
	if o.Source != house.StaffSource {
		return fault.Invalid.Field("to", "staff_house.cannot_move")
	}
	ids, err := s.Houses.OutageHouses(ctx, v.City.ID, o.ID)
	if err != nil {
		return err
	}
	_, err = s.Houses.Announce(ctx, v.Who, house.OutageDraft{Resource: o.Resource, Kind: o.Kind, From: o.From, To: to, Begun: o.Begun, Ended: o.Ended,
		Source: o.Source, Key: o.Key, Org: o.Org, OrgText: o.OrgText, Reason: o.Reason, Noticed: o.Noticed, Houses: ids}, v.From)
	return err
}

// withdrawNotice takes back what a company told.
func (s *Server) withdrawNotice(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if _, err := readPlain(r, v); err != nil {
		return err
	}
	id := whole(r.PathValue("id"))
	d := deed{next: houseDeskOf(v, r.URL.Query().Get("org")).address(url.Values{}), said: "staff_house.said_withdrawn"}
	d.err = s.Houses.Withdraw(r.Context(), v.Who, id, v.From)
	d.denied(house.EntryWithdrawn, "house_entry:"+strconv.FormatInt(id, 10))
	return s.settle(w, r, d)
}
