package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// desk opens an address to those who have one of the roles. A refused command is
// written into the audit log: somebody tried.
func (s *Server) desk(do handle, roles ...resident.Role) handle {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := s.visitOf(r)
		if slices.ContainsFunc(roles, v.Who.Has) {
			return do(w, r)
		}
		if r.Method != http.MethodGet {
			act := resident.Act{Action: deskRefused, Object: r.Pattern, Result: resident.Denied}
			if err := s.Residents.AuditNow(r.Context(), v.Who, act, v.From); err != nil {
				return err
			}
		}
		return fault.Denied.New("staff_web.no_role")
	}
}

// viewRole is a role as the pages call it: the one place that knows of the
// difference.
func viewRole(role resident.Role) string {
	if role == resident.Administrator {
		return "admin"
	}
	return string(role)
}

// roleOf is the role that a page means.
func roleOf(name string) resident.Role {
	if name == "admin" {
		return resident.Administrator
	}
	return resident.Role(name)
}

// deskRoles are the roles of a person as the frame of the pages reads them. A
// people's controller works at the controllers' desk.
func deskRoles(who resident.Who) []string {
	var roles []string
	for _, r := range who.Roles {
		roles = append(roles, viewRole(r))
	}
	if who.Has(resident.PeopleController) && !who.Has(resident.Controller) {
		roles = append(roles, viewRole(resident.Controller))
	}
	return roles
}

// staffBase is what every page of the staff has.
func (s *Server) staffBase(v *visit, active, title string) view.Base {
	b := s.base(v, active, s.say(v, title))
	b.NoIndex = true
	b.Who.Roles = deskRoles(v.Who)
	return b
}

// moderation is the moderators' desk, with this channel's way to ask the model.
func (s *Server) moderation() *moderation.Service {
	desk := *s.Desk
	if desk.Advise == nil && s.Suggest != nil {
		desk.Advise, desk.Audits = moderation.Adviser(s.Suggest), s.Suggest.AuditIn
	}
	return &desk
}

// commandOf is what a form about a problem sends along.
func (s *Server) commandOf(action string, card problem.Card) view.StaffCommand {
	return view.StaffCommand{Action: action, Problem: card.State.UID, Keys: view.Keys{Key: s.newKey(), Version: int(card.State.Seq)}}
}

// plainCommand is what a form about something else sends along.
func (s *Server) plainCommand(action string, version int64) view.StaffCommand {
	return view.StaffCommand{Action: action, Keys: view.Keys{Key: s.newKey(), Version: int(version)}}
}

// deed is a command that a form gave, and everything that its answer needs.
type deed struct {
	action resident.Action
	object string
	detail string
	err    error // what came of it

	next string   // the page after it was done
	said string   // phrase of the sentence on that page
	args []string // of the phrase

	// About a problem: which, and the version that the form had seen.
	problem int64
	version int64
	href    string // where the fresh state is
	// typed is what was written by hand: shown where the form is gone.
	typed []view.StaffFact
	// again draws the form with what was typed and what is wrong.
	again func(refusal) (view.Page, error)
}

// refusal is why a form comes back.
type refusal struct {
	Errors   view.FieldErrors
	Conflict *view.StaffConflict
}

// kept tells a conflict whether the page still has the form with what was typed.
func (r refusal) kept(still bool) {
	if r.Conflict != nil {
		r.Conflict.Kept = still
	}
}

// typedAs is one thing that was written by hand, under its name; nothing where
// nothing was.
func typedAs(name, words string) []view.StaffFact {
	if strings.TrimSpace(words) == "" {
		return nil
	}
	return []view.StaffFact{{Name: name, Text: words}}
}

// settle answers a form: what was done leads on, what was refused comes back
// with all that was typed. Both the deed and a refusal of rights are audited.
func (s *Server) settle(w http.ResponseWriter, r *http.Request, d deed) error {
	v := s.visitOf(r)
	if err := s.recordDeed(r.Context(), v, d); err != nil {
		return err
	}
	if d.err == nil {
		if d.said != "" {
			s.flash(w, d.said, d.args...)
		}
		return goTo(w, r, d.next)
	}
	back, ok, err := s.refusalOf(r.Context(), v, d)
	if err != nil {
		return s.giveBack(w, v, d, err)
	}
	if !ok || d.again == nil {
		return s.giveBack(w, v, d, d.err)
	}
	page, err := d.again(back)
	if err != nil {
		return s.giveBack(w, v, d, err)
	}
	status := http.StatusUnprocessableEntity
	if back.Conflict != nil {
		status = http.StatusConflict
	}
	return s.render(w, status, page)
}

// giveBack shows what was written by hand to who may not see the form any more:
// the problem went to others while they wrote. Where nothing was written it is
// the error that it was.
func (s *Server) giveBack(w http.ResponseWriter, v *visit, d deed, err error) error {
	if fault.Of(err) == nil || len(d.typed) == 0 {
		return err
	}
	page := view.StaffTypedPage{Base: s.staffBase(v, "", "staff.typed_title"), Why: s.phraseOf(v, err), Typed: d.typed, Back: d.next}
	page.Path = d.next
	return s.render(w, statusOf(err), page)
}

// recordDeed writes a deed, or the refusal of its rights, into the audit log.
func (s *Server) recordDeed(ctx context.Context, v *visit, d deed) error {
	act := resident.Act{Action: d.action, Object: d.object, Detail: d.detail}
	switch {
	case d.action == "":
		return nil // the service keeps the log itself
	case errors.Is(d.err, fault.Denied):
		act.Result = resident.Denied
	case d.err != nil:
		return nil
	}
	return s.Residents.AuditNow(ctx, v.Who, act, v.From)
}

// refusalOf turns an error into what a form shows; ok is false for what is no
// matter of the form.
func (s *Server) refusalOf(ctx context.Context, v *visit, d deed) (refusal, bool, error) {
	if list := s.fields(v, d.err); len(list) > 0 {
		return refusal{Errors: list}, true, nil
	}
	if f := fault.Of(d.err); f != nil && f.Kind == fault.Closed && len(f.Fields) > 0 {
		return refusal{Errors: view.FieldErrors{{Name: f.Fields[0].Name, Text: s.fieldText(v, f.Fields[0])}}}, true, nil
	}
	late := errors.Is(d.err, fault.Conflict) || errors.Is(d.err, fault.Closed)
	if d.problem == 0 || !late {
		return refusal{}, false, nil
	}
	card, err := s.Problems.FindByID(ctx, v.Who, d.problem)
	if err != nil {
		return refusal{}, false, err
	}
	c, err := s.conflict(ctx, v, card, d.version, d.href)
	if c != nil {
		c.Typed = d.typed
	}
	return refusal{Conflict: c}, c != nil, err
}

// conflict says who was faster and what is different now; nil when nothing is.
func (s *Server) conflict(ctx context.Context, v *visit, card problem.Card, version int64, href string) (*view.StaffConflict, error) {
	later := moderation.Since(card, version)
	if len(later) == 0 {
		return nil, nil
	}
	n, err := s.cardNames(ctx, v, card)
	if err != nil {
		return nil, err
	}
	last := later[len(later)-1]
	c := &view.StaffConflict{At: last.At.Time(), Href: href}
	if c.Who, err = s.actor(ctx, v, last.By); err != nil {
		return nil, err
	}
	for _, e := range later {
		c.Changes = append(c.Changes, s.stepText(n, e))
	}
	return c, nil
}

// actor is who did something, as colleagues call them.
func (s *Server) actor(ctx context.Context, v *visit, by problem.Actor) (string, error) {
	switch by.Part {
	case problem.AsAuthor, problem.AsJoined:
		return s.say(v, "staff_web.by_author"), nil
	case problem.AsCity:
		return s.say(v, "staff_web.by_city"), nil
	case problem.AsStaff:
	}
	names, err := s.Residents.Names(ctx, v.City.ID, []int64{by.Person})
	if err != nil {
		return "", err
	}
	if name := names[by.Person]; name != "" {
		return name, nil
	}
	return s.say(v, "staff_web.by_colleague"), nil
}

// cardNames finds the names of everything that a card mentions, and of some
// organisations besides.
func (s *Server) cardNames(ctx context.Context, v *visit, card problem.Card, more ...org.ID) (*names, error) {
	n, err := s.namesFor(ctx, v, unique(append(orgsOf(card), more...)), photosOf(card))
	if err == nil {
		n.thing, err = s.thingFor(ctx, v, card.State.Place)
	}
	return n, err
}

// itemNames finds the names that a list needs: who has each, and its photo.
func (s *Server) itemNames(ctx context.Context, v *visit, items []problem.Item) (*names, error) {
	var orgs []org.ID
	var photos []int64
	for _, it := range items {
		orgs = append(orgs, it.State.Routing.Executor)
		photos = append(photos, it.State.FirstPhoto())
	}
	return s.namesFor(ctx, v, unique(orgs), unique(photos))
}

func unique[T org.ID | int64](list []T) []T {
	slices.Sort(list)
	return slices.Compact(list)
}

// target is the problem that a form is about.
type target struct {
	number int64
	card   problem.Card
	form   *form
	keys   moderation.Form
}

// posted reads a form about a problem.
func (s *Server) posted(r *http.Request) (target, error) {
	f, err := readPlain(r, s.visitOf(r))
	if err != nil {
		return target{}, err
	}
	return s.aim(r, f)
}

// aim finds the problem that a form is about. The form names it twice, by its
// number in the address and by its outer id: one that was patched together is
// refused.
func (s *Server) aim(r *http.Request, f *form) (target, error) {
	if err := f.err(); err != nil {
		return target{}, err
	}
	number, err := numberIn(r)
	if err != nil {
		return target{}, err
	}
	card, err := s.Problems.Find(r.Context(), s.visitOf(r).Who, number)
	if err != nil {
		return target{}, err
	}
	if uid := f.get("problem"); uid != "" && uid != card.State.UID {
		return target{}, fault.Invalid.New("web.bad_form")
	}
	t := target{number: number, card: card, form: f}
	t.keys = moderation.Form{Problem: card.ID, Version: f.int("version"), Key: f.get("key")}
	return t, nil
}

// number writes a public number the way people read it.
func (v *visit) number(n int64) string { return locale.Number(v.Lang, n) }

// about is the audit log's name of a problem.
func about(number int64) string { return "problem:" + strconv.FormatInt(number, 10) }

// daysLate is by how many days of the city's calendar a date has passed; 0 when
// it has not.
func (v *visit) daysLate(due time.Time) int { return max(0, -v.daysLeft(due)) }

// daysLeft is how many days of the city's calendar are left until a date; 0 on
// the day itself, negative after it.
func (v *visit) daysLeft(due time.Time) int {
	if due.IsZero() {
		return 0
	}
	return daysBetween(v, v.Now, due)
}

// cursor is a place in a queue as an address carries it.
func cursor(st problem.State, id int64) string {
	return strconv.FormatInt(int64(st.StageDue()), 10) + "." + strconv.FormatInt(id, 10)
}

// allAreas is what the first choice of a list of districts is called: who is
// bound to some has no whole city.
func allAreas(v *visit) string {
	if len(v.Who.Areas) > 0 {
		return "staff_web.own_areas"
	}
	return "staff_web.whole_city"
}

// areaChoices are the districts to choose from, those of the person's roles
// where they are bound; the first entry is all of them.
func (s *Server) areaChoices(n *names, chosen string) []view.StaffChoice {
	list := []view.StaffChoice{{Label: s.say(n.v, allAreas(n.v)), Selected: chosen == ""}}
	for _, a := range n.book.list {
		if a.Kind != "district" || len(n.v.Who.Areas) > 0 && !slices.Contains(n.v.Who.Areas, string(a.ID)) {
			continue
		}
		list = append(list, view.StaffChoice{Value: string(a.ID), Label: n.v.text(a.Name), Selected: chosen == string(a.ID)})
	}
	if len(list) == 2 && chosen == "" && len(n.v.Who.Areas) > 0 {
		return nil // one area is no choice
	}
	return list
}
