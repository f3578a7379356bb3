package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/house"
	"gorod/internal/city/resident"
)

// The acts of the desks in the audit log; those of people and passwords are
// package resident's own.
const (
	deskRefused      resident.Action = "desk_refused"
	messageAccepted  resident.Action = "message_accepted"
	messageJoined    resident.Action = "message_joined"
	messageAsked     resident.Action = "message_asked"
	messageRejected  resident.Action = "message_rejected"
	answerPassed     resident.Action = "answer_passed"
	answerReturned   resident.Action = "answer_returned"
	answerGiven      resident.Action = "answer_given"
	redirectAsked    resident.Action = "redirect_asked"
	redirectGiven    resident.Action = "redirect_given"
	redirectDeclined resident.Action = "redirect_declined"
	problemReopened  resident.Action = "problem_reopened"
	problemConfirmed resident.Action = "problem_confirmed"
	dueMoved         resident.Action = "due_moved"
	contactSeen      resident.Action = "contact_seen"
	textHidden       resident.Action = "text_hidden"
	textShown        resident.Action = "text_shown"
	photoHidden      resident.Action = "photo_hidden"
	photoShown       resident.Action = "photo_shown"
	orgEdited        resident.Action = "organisation_edited"
	packSwitched     resident.Action = "pack_switched"
	jobRetried       resident.Action = "job_retried"
	jobDropped       resident.Action = "job_dropped"
	modelSwitched    resident.Action = "model_switched"
	suggestExported  resident.Action = "suggestions_exported"
)

// verdicts are the acts that decide a message.
func verdicts() []resident.Action {
	return []resident.Action{messageAccepted, messageJoined, messageAsked, messageRejected}
}

// actions are all acts that a desk or package resident writes.
func actions() []resident.Action {
	return slices.Concat(verdicts(), []resident.Action{answerPassed, answerReturned, answerGiven, redirectAsked, redirectGiven,
		redirectDeclined, problemReopened, problemConfirmed, dueMoved, contactSeen, textHidden, textShown, photoHidden, photoShown, orgEdited, packSwitched, jobRetried, jobDropped, modelSwitched, suggestExported, deskRefused,
		house.OutageTold, house.OutageEnded, house.OutageOff, house.OutagesLoaded, house.EntryWritten, house.EntryWithdrawn},
		resident.Actions())
}

// auditPage is how many acts a page shows.
const auditPage = 100

// auditAsk is what the log is narrowed to, as typed.
type auditAsk struct {
	who, what, result, from, to string
	before                      int64
}

func auditAskOf(q url.Values) auditAsk {
	return auditAsk{who: strings.TrimSpace(q.Get("who")), what: q.Get("what"), result: q.Get("result"), from: q.Get("from"), to: q.Get("to"), before: whole(q.Get("before"))}
}

func (a auditAsk) any() bool { return a.who+a.what+a.result+a.from+a.to != "" }

// address is the log narrowed to this, as a path.
func (a auditAsk) address(path string, before int64) string {
	q := url.Values{}
	for name, value := range map[string]string{"who": a.who, "what": a.what, "result": a.result, "from": a.from, "to": a.to} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if before != 0 {
		q.Set("before", strconv.FormatInt(before, 10))
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// filter turns what was typed into a question to the log; found is false when
// nobody has the name that was asked for.
func (s *Server) auditFilter(ctx context.Context, v *visit, a auditAsk) (f resident.AuditFilter, found bool, wrong view.FieldErrors, err error) {
	f = resident.AuditFilter{Before: a.before, Limit: auditPage}
	if slices.Contains(actions(), resident.Action(a.what)) {
		f.Action = resident.Action(a.what)
	}
	if a.result == string(resident.Denied) || a.result == string(resident.Done) {
		f.Result = resident.Result(a.result)
	}
	if day, err := time.ParseInLocation(time.DateOnly, a.from, v.zone()); err == nil {
		f.From = day
	}
	if day, err := time.ParseInLocation(time.DateOnly, a.to, v.zone()); err == nil {
		f.To = day.AddDate(0, 0, 1)
	}
	if !f.From.IsZero() && !f.To.IsZero() && !f.From.Before(f.To) {
		return f, false, view.FieldErrors{{Name: "to", Text: s.say(v, "staff_web.audit_days")}}, nil
	}
	if a.who == "" {
		return f, true, nil, nil
	}
	people, err := s.Residents.People(ctx, v.Who, resident.PeopleFilter{Query: a.who, Limit: 1})
	if err != nil || len(people) == 0 {
		return f, false, nil, err
	}
	f.Person = people[0].ID
	return f, true, nil, nil
}

// showAudit shows what the staff did.
func (s *Server) showAudit(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	ask := auditAskOf(r.URL.Query())
	page := view.AuditPage{
		Base: s.staffBase(v, "admin", "staff.audit"), Action: "/staff/audit", Cleared: "/staff/audit",
		Person: ask.who, From: ask.from, To: ask.to, Filtered: ask.any(),
		What: []view.StaffChoice{{Label: s.say(v, "staff_web.everything")}}, Result: []view.StaffChoice{{Label: s.say(v, "staff_web.any")}},
	}
	for _, a := range actions() {
		page.What = append(page.What, view.StaffChoice{Value: string(a), Label: s.actText(v, a), Selected: string(a) == ask.what})
	}
	for _, result := range []resident.Result{resident.Done, resident.Denied} {
		page.Result = append(page.Result, view.StaffChoice{Value: string(result), Label: s.say(v, "staff_web.result."+string(result)), Selected: string(result) == ask.result})
	}
	acts, wrong, err := s.acts(r.Context(), v, ask)
	if err != nil {
		return err
	}
	page.Errors = wrong
	if page.Entries, err = s.auditEntries(r.Context(), v, acts); err != nil {
		return err
	}
	if len(acts) > 0 {
		page.Download = ask.address("/staff/audit.csv", 0)
	}
	if len(acts) == auditPage {
		page.Pager.Later = ask.address("/staff/audit", acts[len(acts)-1].Seq)
	}
	if ask.before != 0 {
		page.Pager.Earlier = ask.address("/staff/audit", 0)
	}
	return s.show(w, page)
}

func (s *Server) acts(ctx context.Context, v *visit, ask auditAsk) ([]resident.AuditEntry, view.FieldErrors, error) {
	f, found, wrong, err := s.auditFilter(ctx, v, ask)
	if err != nil || !found {
		return nil, wrong, err
	}
	list, err := s.Residents.Audit(ctx, v.Who, f)
	return list, nil, err
}

func (s *Server) actText(v *visit, a resident.Action) string {
	if key := "staff_web.act." + string(a); s.cat.Has(v.Lang, key) {
		return s.say(v, key)
	}
	return string(a)
}

// auditEntries puts names to the rows of the log.
func (s *Server) auditEntries(ctx context.Context, v *visit, acts []resident.AuditEntry) ([]view.AuditEntry, error) {
	var people []int64
	for _, a := range acts {
		people = append(people, a.Person, personIn(a.Act.Object))
	}
	known, err := s.Residents.Names(ctx, v.City.ID, people)
	if err != nil {
		return nil, err
	}
	var list []view.AuditEntry
	for _, a := range acts {
		e := view.AuditEntry{
			At: a.At, Who: known[a.Person], Act: s.actText(v, a.Act.Action), Denied: a.Act.Result == resident.Denied,
			Result: s.say(v, "staff_web.result."+string(a.Act.Result)), Origin: shortOrigin(a.Address),
		}
		if e.Who == "" {
			e.Who = s.say(v, "staff_web.by_nobody")
		}
		if a.System {
			e.Who = s.say(v, "staff_web.by_city")
		}
		for i, role := range a.Roles {
			if i > 0 {
				e.Role += ", "
			}
			e.Role += s.roleName(v, role)
		}
		e.Object, e.Href = s.objectText(v, a.Act.Object, known)
		list = append(list, e)
	}
	return list, nil
}

// shortOrigin is enough of a pseudonym to tell two places apart.
func shortOrigin(pseudonym string) string { return pseudonym[:min(len(pseudonym), 6)] }

// personIn is the person that an object names; 0 for others.
func personIn(object string) int64 {
	if id, ok := strings.CutPrefix(object, "person:"); ok {
		return whole(id)
	}
	return 0
}

// objectText is what an act was about, and where it can be seen.
func (s *Server) objectText(v *visit, object string, known map[int64]string) (text, href string) {
	kind, id, _ := strings.Cut(object, ":")
	switch kind {
	case "problem":
		return s.say(v, "page.number", v.number(whole(id))), problemURL(whole(id))
	case "person":
		name := known[whole(id)]
		if name == "" {
			name = id
		}
		return name, "/staff/people/" + id
	case "organisation":
		return id, "/staff/organisations/" + url.PathEscape(id)
	case "pack":
		return id, "/staff/pack"
	case "job":
		return id, "/staff/jobs"
	case "model":
		return s.say(v, "staff_suggest.model_number", id), "/staff/suggest#models"
	case "weeks":
		return s.say(v, "staff_suggest.weeks", int(whole(id))), "/staff/suggest"
	}
	return object, ""
}

// roleName is a role in the reader's language.
func (s *Server) roleName(v *visit, role resident.Role) string {
	return s.say(v, "staff_web.role."+viewRole(role))
}

// auditCSV gives the log as a table.
func (s *Server) auditCSV(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, found, _, err := s.auditFilter(r.Context(), v, auditAskOf(r.URL.Query()))
	if err != nil {
		return err
	}
	f.Limit = 500
	rows := [][]string{{"seq", "at", "person", "roles", "action", "object", "result", "detail", "address"}}
	for found && len(rows) < 20_000 {
		acts, err := s.Residents.Audit(r.Context(), v.Who, f)
		if err != nil {
			return err
		}
		for _, a := range acts {
			var roles []string
			for _, role := range a.Roles {
				roles = append(roles, string(role))
			}
			rows = append(rows, []string{strconv.FormatInt(a.Seq, 10), a.At.UTC().Format(time.RFC3339), strconv.FormatInt(a.Person, 10),
				strings.Join(roles, ";"), string(a.Act.Action), a.Act.Object, string(a.Act.Result), a.Act.Detail, a.Address})
			f.Before = a.Seq
		}
		if len(acts) < f.Limit {
			break
		}
	}
	return sendTable(w, "audit.csv", rows)
}
