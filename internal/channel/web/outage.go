package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
)

// outageItem is an outage as pages show it.
func (s *Server) outageItem(n *names, o house.Outage) view.OutageItem {
	item := view.OutageItem{Resource: string(o.Resource), Kind: string(o.Kind), Status: string(o.Status(n.v.Now)), From: o.Start(),
		Who: n.whoSwitched(o), Reason: strings.TrimRight(o.Reason, ". "), Source: s.sourceOf(n.v, o.Source), Told: o.Changed, Houses: o.Houses}
	if end, guessed := o.End(); !guessed {
		item.To = end
	}
	var areas []string
	for _, a := range o.Areas {
		areas = append(areas, n.area(a))
	}
	item.Areas = joinComma(areas)
	return item
}

// whoSwitched is who stopped the resource; a name that the pack does not know
// stands as the source writes it.
func (n *names) whoSwitched(o house.Outage) view.Organisation {
	if o.Org != "" {
		return n.company(o.Org)
	}
	return view.Organisation{Name: o.OrgText}
}

// sourceOf names a source of outages; one that the catalogue has no words for is
// a name between programs and is not shown.
func (s *Server) sourceOf(v *visit, source string) string {
	switch source {
	case "hot-water", "power", "cold-water", "staff", "pack":
		return s.say(v, "house_page.source_"+strings.ReplaceAll(source, "-", "_"))
	}
	return ""
}

// How much the page of outages holds, and how long those that are over stay.
const (
	outagesShown = 300
	outageDays   = 7
	housesNamed  = 6
)

// outageFilter is the filter of an address: resource, area.
func outageFilter(q url.Values) house.OutageFilter {
	f := house.OutageFilter{Area: place.AreaID(cut(q.Get("area"), 60)), Limit: outagesShown}
	if r := house.Resource(q.Get("resource")); slices.Contains(house.Resources(), r) {
		f.Resource = r
	}
	return f
}

// outagesNow lists what is off, what will be, and what ended within outageDays.
func (s *Server) outagesNow(ctx context.Context, v *visit, f house.OutageFilter) (now, planned, over []house.Outage, cut bool, err error) {
	current, err := s.Houses.Current(ctx, v.City.ID, v.Now, f)
	if err != nil {
		return nil, nil, nil, false, err
	}
	// What counted as going on a week ago, or came later, and is over by now.
	week, err := s.Houses.Current(ctx, v.City.ID, v.Now.AddDate(0, 0, -outageDays), f)
	if err != nil {
		return nil, nil, nil, false, err
	}
	for _, o := range current {
		switch o.Status(v.Now) {
		case house.Active:
			now = append(now, o)
		case house.Announced:
			planned = append(planned, o)
		case house.Over, house.Cancelled:
		}
	}
	for _, o := range week {
		if o.Status(v.Now) == house.Over {
			over = append(over, o)
		}
	}
	slices.SortStableFunc(planned, func(a, b house.Outage) int { return a.Start().Compare(b.Start()) })
	slices.Reverse(over) // the latest first
	return now, planned, over, len(current) == f.Limit || len(week) == f.Limit, nil
}

func (s *Server) showOutages(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	f := outageFilter(q)
	now, planned, over, cut, err := s.outagesNow(r.Context(), v, f)
	if err != nil {
		return err
	}
	book, err := s.dictionary(r.Context(), v)
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, orgsOfOutages(now, planned, over), nil)
	if err != nil {
		return err
	}
	p := view.OutagesPage{Base: s.base(v, "houses", s.say(v, "house_page.outages_title")), Cut: cut,
		Districts: chosen(s.choicesOf(v, book).areas, string(f.Area)),
		CSV:       filterURL("/outages.csv", q, "resource", "area"), Feed: filterURL("/outages.atom", q, "resource", "area")}
	for _, one := range house.Resources() {
		p.Resources = append(p.Resources, view.Option{Value: string(one), Label: s.say(v, "house.resource."+string(one)), Checked: one == f.Resource})
	}
	for _, value := range []string{string(f.Resource), string(f.Area)} {
		if value != "" {
			p.Active++
		}
	}
	p.NoIndex = p.Active > 0
	for _, part := range []struct {
		from []house.Outage
		to   *[]view.OutageItem
	}{{now, &p.Now}, {planned, &p.Planned}, {over, &p.Over}} {
		for i, o := range part.from {
			item := s.outageItem(n, o)
			if i < housesNamedOf {
				if err := s.nameHouses(r.Context(), v, o, &item); err != nil {
					return err
				}
			}
			*part.to = append(*part.to, item)
		}
	}
	return s.show(w, p)
}

// housesNamedOf is of how many outages of each part some houses are named: each
// costs a query.
const housesNamedOf = 20

// nameHouses names the first houses of an outage.
func (s *Server) nameHouses(ctx context.Context, v *visit, o house.Outage, item *view.OutageItem) error {
	list, err := s.Houses.HousesOf(ctx, v.City.ID, o.ID, 0, housesNamed)
	for _, h := range list {
		item.Places = append(item.Places, view.Next{Text: shortAddress(v, h.Address), URL: houseURL(h.ID)})
	}
	item.More = max(o.Houses-len(list), 0)
	return err
}

func orgsOfOutages(lists ...[]house.Outage) []org.ID {
	var ids []org.ID
	for _, o := range slices.Concat(lists...) {
		if o.Org != "" && !slices.Contains(ids, o.Org) {
			ids = append(ids, o.Org)
		}
	}
	return ids
}

// filterURL is an address with some of the parameters of q.
func filterURL(path string, q url.Values, names ...string) string {
	out := url.Values{}
	for _, name := range names {
		if value := q.Get(name); value != "" {
			out.Set(name, value)
		}
	}
	if len(out) == 0 {
		return path
	}
	return path + "?" + out.Encode()
}

// outagesCSV is the same as a table: columns have their English names in every
// language.
func (s *Server) outagesCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	now, planned, over, _, err := s.outagesNow(r.Context(), v, outageFilter(r.URL.Query()))
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, orgsOfOutages(now, planned, over), nil)
	if err != nil {
		return err
	}
	rows := [][]string{{"id", "resource", "kind", "status", "from", "to", "organisation", "reason", "source", "houses", "districts"}}
	for _, o := range slices.Concat(now, planned, over) {
		item := s.outageItem(n, o)
		rows = append(rows, []string{strconv.FormatInt(o.ID, 10), item.Resource, item.Kind, item.Status, rfc(item.From, v), rfc(item.To, v),
			item.Who.Name, item.Reason, o.Source, strconv.Itoa(o.Houses), item.Areas})
	}
	return sendTable(w, "outages.csv", rows)
}

// outagesFeed is the same as an Atom feed (RFC 4287), what changed last first.
func (s *Server) outagesFeed(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	q := r.URL.Query()
	now, planned, _, _, err := s.outagesNow(r.Context(), v, outageFilter(q))
	if err != nil {
		return err
	}
	all := slices.Concat(now, planned)
	slices.SortStableFunc(all, func(a, b house.Outage) int { return b.Changed.Compare(a.Changed) })
	all = all[:min(len(all), 50)]
	n, err := s.namesFor(r.Context(), v, orgsOfOutages(all), nil)
	if err != nil {
		return err
	}
	home := s.Settings.PublicURL
	self, page := home+filterURL("/outages.atom", q, "resource", "area"), home+filterURL("/outages", q, "resource", "area")
	feed := atomFeed{Lang: string(v.Lang), ID: self, Title: s.say(v, "house_page.outages_title") + " · " + v.text(v.City.Name),
		Updated: rfc(v.Now, v), Links: []atomLink{{"self", self}, {"", page}}}
	for _, o := range all {
		item := s.outageItem(n, o)
		feed.Entries = append(feed.Entries, atomEntry{ID: fmt.Sprintf("%s/outages#%d", home, o.ID), Title: s.outageTitle(v, item), Updated: rfc(o.Changed, v),
			Link: atomLink{"", page}, Author: feedAuthor(item, v.text(v.City.Name)), Summary: s.outageSummary(v, item)})
	}
	return sendAtom(w, feed)
}

func feedAuthor(item view.OutageItem, city string) string {
	if item.Who.Name != "" {
		return item.Who.Name
	}
	return city
}

func (s *Server) outageTitle(v *visit, item view.OutageItem) string {
	what := s.say(v, "house.resource."+item.Resource)
	where := item.Areas
	if where == "" {
		where = s.say(v, "house_page.houses", item.Houses)
	}
	return s.say(v, "house_page.outage_of", what, where)
}

// outageSummary says when, why, and how many houses.
func (s *Server) outageSummary(v *visit, item view.OutageItem) string {
	when := s.say(v, "house_page.from", s.moment(v, item.From))
	if item.Status == string(house.Active) {
		when = s.say(v, "house_page.off_since", s.moment(v, item.From))
	}
	parts := []string{s.say(v, "house.kind."+item.Kind), when}
	if !item.To.IsZero() {
		parts = append(parts, s.say(v, "house_page.back", s.moment(v, item.To)))
	}
	if item.Reason != "" {
		parts = append(parts, item.Reason)
	}
	return strings.Join(append(parts, s.say(v, "house_page.houses", item.Houses)), ". ")
}
