package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/text"
)

// housesTyped are the houses of a form: those found, and what named none.
type housesTyped struct {
	ids    []place.HouseID
	missed []string
	found  int
}

// housesIn finds the houses of a form. Addresses that name no house are a fault
// at «houses» unless the form says that the others are meant.
func (s *Server) housesIn(ctx context.Context, v *visit, d houseDesk, f *form, wrong *fault.Form) (housesTyped, error) {
	var h housesTyped
	if f.get("all") == "1" && d.org != "" {
		var err error
		h.ids, err = s.Houses.Managed(ctx, v.City.ID, d.org)
		h.found = len(h.ids)
		return h, err
	}
	if strings.TrimSpace(f.get("addresses")) == "" {
		wrong.Add("houses", "staff_house.no_houses")
		return h, nil
	}
	found, missed, err := s.Houses.Match(ctx, v.City.ID, f.get("addresses"))
	if err != nil {
		return h, err
	}
	h.ids, h.found = found, len(found)
	for _, m := range missed {
		h.missed = append(h.missed, s.say(v, m.Why, text.Excerpt(m.Text, 120)))
	}
	if len(missed) > 0 && (f.get("partly") != "1" || len(found) == 0) {
		wrong.Add("houses", "staff_house.missed_some")
	}
	return h, nil
}

func (h housesTyped) again(a *view.StaffAddresses, own int) {
	a.Missed, a.Found, a.MayAll = h.missed, h.found, own > 0
}

func addressesOf(f *form) view.StaffAddresses {
	return view.StaffAddresses{All: f.get("all") == "1", Typed: f.get("addresses"), Partly: f.get("partly") == "1"}
}

// deskKey is the key of what a form asks for: the same form again asks for the
// same, a form that was changed after it was sent asks for something else.
func deskKey(v *visit, f *form, asked ...any) string {
	sum := sha256.Sum256(fmt.Append(nil, v.Who.ID, f.get("key"), asked))
	return hex.EncodeToString(sum[:16])
}

func (s *Server) outageForm(v *visit, d houseDesk, f *form) *view.StaffOutageForm {
	out := &view.StaffOutageForm{
		Command: s.plainCommand(housesDesk+"/outages", 0), Org: string(d.org), From: f.get("from"), To: f.get("to"), Reason: f.get("reason"),
		Addresses: addressesOf(f), Cancel: d.address(url.Values{}),
	}
	for _, r := range house.Resources() {
		out.Resources = append(out.Resources, view.StaffChoice{Value: string(r), Label: s.say(v, "house.resource."+string(r)), Selected: string(r) == f.get("resource")})
	}
	for _, k := range house.Kinds() {
		out.Kinds = append(out.Kinds, view.StaffChoice{Value: string(k), Label: s.say(v, "house.kind."+string(k)), Selected: string(k) == f.get("kind")})
	}
	return out
}

// announceOutage takes a new outage from the desk.
func (s *Server) announceOutage(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	d := houseDeskOf(v, f.get("org"))
	var wrong fault.Form
	draft := house.OutageDraft{Resource: house.Resource(f.get("resource")), Kind: house.Kind(f.get("kind")), Reason: f.get("reason"),
		From: momentTyped(v, "from", f.get("from"), &wrong), To: momentTyped(v, "to", f.get("to"), &wrong), Org: d.org, Source: house.StaffSource}
	typed, err := s.housesIn(r.Context(), v, d, f, &wrong)
	if err != nil {
		return err
	}
	draft.Houses = typed.ids
	draft.Key = deskKey(v, f, draft)
	said := deed{next: d.address(url.Values{}), said: "staff_house.said_outage", err: wrong.Err()}
	if said.err == nil {
		var o house.Outage
		o, said.err = s.Houses.Announce(r.Context(), v.Who, draft, v.From)
		said.args = []string{strconv.Itoa(o.Houses)}
		said.denied(house.OutageTold, "organisation:"+string(d.org))
	}
	said.again = func(back refusal) (view.Page, error) {
		p, err := s.housesDesk(r.Context(), v, d, "outage", 0)
		if err != nil {
			return nil, err
		}
		p.Outage, p.Errors = s.outageForm(v, d, f), back.Errors
		typed.again(&p.Outage.Addresses, p.Houses.Count)
		return p, nil
	}
	return s.settle(w, r, said)
}

func (s *Server) noticeForm(v *visit, d houseDesk, f *form) *view.StaffNoticeForm {
	out := &view.StaffNoticeForm{
		Command: s.plainCommand(housesDesk+"/notices", 0), Org: string(d.org), Kind: f.get("kind"), Heading: f.get("title"), Text: f.get("text"),
		From: f.get("from"), Until: f.get("until"), Opens: f.get("opens"), Closes: f.get("closes"), SeasonFrom: f.get("season_from"),
		SeasonTo: f.get("season_to"), Addresses: addressesOf(f), Cancel: d.address(url.Values{}),
	}
	for _, what := range house.CleaningWhat() {
		out.What = append(out.What, view.StaffChoice{Value: what, Label: s.say(v, "house.clean."+what), Selected: what == f.get("what")})
	}
	for i := range 7 {
		day := strconv.Itoa((i + 1) % 7) // Monday first
		out.Days = append(out.Days, view.StaffChoice{Value: day, Label: s.say(v, "house_page.day_"+day), Selected: slices.Contains(f.all("days"), day)})
	}
	return out
}

// tellHouses takes what a company tells its houses.
func (s *Server) tellHouses(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	d := houseDeskOf(v, f.get("org"))
	kind := house.EntryKind(f.get("kind"))
	if !slices.Contains(house.EntryKinds(), kind) {
		return fault.Invalid.Field("kind", "house.bad_entry")
	}
	var wrong fault.Form
	draft := house.EntryDraft{Kind: kind, Org: d.org, Title: f.get("title"), Text: f.get("text"), All: f.get("all") == "1",
		What: f.get("what"), Opens: f.get("opens"), Closes: f.get("closes"), SeasonFrom: topic.Day(f.get("season_from")), SeasonTo: topic.Day(f.get("season_to")),
		From: momentTyped(v, "from", f.get("from"), &wrong), Until: momentTyped(v, "until", f.get("until"), &wrong)}
	for _, day := range f.all("days") {
		draft.Days = append(draft.Days, time.Weekday(whole(day)))
	}
	typed, err := s.housesIn(r.Context(), v, d, f, &wrong)
	if err != nil {
		return err
	}
	if !draft.All {
		draft.Houses = typed.ids
	}
	draft.Retry = deskKey(v, f, draft)
	said := deed{next: d.address(url.Values{}), said: "staff_house.said_notice", err: wrong.Err()}
	if said.err == nil {
		_, said.err = s.Houses.Write(r.Context(), v.Who, draft, v.From)
		said.denied(house.EntryWritten, "organisation:"+string(d.org))
	}
	said.again = func(back refusal) (view.Page, error) {
		p, err := s.housesDesk(r.Context(), v, d, string(kind), 0)
		if err != nil {
			return nil, err
		}
		p.Notice, p.Errors = s.noticeForm(v, d, f), back.Errors
		typed.again(&p.Notice.Addresses, p.Houses.Count)
		return p, nil
	}
	return s.settle(w, r, said)
}
