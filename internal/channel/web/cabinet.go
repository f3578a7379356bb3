package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// signedInOnly sends guests to the door.
func (s *Server) signedInOnly(w http.ResponseWriter, r *http.Request, v *visit) bool {
	if v.Who.ID != 0 {
		return true
	}
	back := "/cabinet"
	if r.Method == http.MethodGet {
		back = v.path
	}
	http.Redirect(w, r, "/signin?back="+escape(back), http.StatusSeeOther)
	return false
}

// mineShown is how many of their problems a person sees at once.
const mineShown = 200

func (s *Server) showCabinet(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	p, err := s.cabinetOf(r, v)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

func (s *Server) cabinetOf(r *http.Request, v *visit) (view.CabinetPage, error) {
	p := view.CabinetPage{Base: s.base(v, "cabinet", s.say(v, "cabinet.title")), Key: s.newKey()}
	p.Path, p.NoIndex = "/cabinet", true
	items, err := s.Problems.Mine(r.Context(), v.Who, mineShown)
	if err != nil {
		return p, err
	}
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return p, err
	}
	for _, it := range items {
		line := s.itemLine(n, it)
		mine := it.State.Author == v.Who.ID
		if it.State.Status == problem.Answered || mine && it.State.Status == problem.Question {
			p.Asked = append(p.Asked, line)
		}
		if mine {
			p.Mine = append(p.Mine, line)
		} else {
			p.Joined = append(p.Joined, line)
		}
	}
	if p.Watched, err = s.watchedLines(r, v, n, items); err != nil {
		return p, err
	}
	p.Contact = []view.Field{
		{Name: "name", Label: s.say(v, "web.name"), Value: v.Person.Name, Autocomplete: "name"},
		{Name: "contact_phone", Label: s.say(v, "web.contact_phone"), Type: "tel", InputMode: "tel", Autocomplete: "tel", Value: string(v.Person.Phone)},
		{Name: "contact_email", Label: s.say(v, "web.contact_email"), Type: "email", Autocomplete: "email", Value: string(v.Person.Email)},
	}
	if err := s.cabinetConsents(r, v, &p); err != nil {
		return p, err
	}
	if p.Notify, err = s.notifyOptions(r, v); err != nil {
		return p, err
	}
	sessions, err := s.Residents.Sessions(r.Context(), v.Who, v.Token)
	for _, one := range sessions {
		p.Sessions = append(p.Sessions, view.Session{ID: strconv.FormatInt(one.ID, 10), Label: labelOf(one.Agent, s.say(v, "web.some_program")), Seen: one.Seen, This: one.This})
	}
	return p, err
}

// watchedLines are the problems that a person watches and has not yet among
// their own.
func (s *Server) watchedLines(r *http.Request, v *visit, n *names, own []problem.Item) ([]view.Line, error) {
	items, err := s.watchedBy(r, v)
	if err != nil {
		return nil, err
	}
	var list []view.Line
	for _, it := range items {
		if !slices.ContainsFunc(own, func(o problem.Item) bool { return o.ID == it.ID }) {
			list = append(list, s.itemLine(n, it))
		}
	}
	return list, nil
}

func (s *Server) watchedBy(r *http.Request, v *visit) ([]problem.Item, error) {
	keys, err := s.Notices.Watched(r.Context(), v.Who)
	if err != nil {
		return nil, err
	}
	return s.Problems.Some(r.Context(), v.Who, keys)
}

func labelOf(agent, unknown string) string {
	if agent == "" {
		return unknown
	}
	return agent
}

func (s *Server) cabinetConsents(r *http.Request, v *visit, p *view.CabinetPage) error {
	given, err := s.Residents.Consents(r.Context(), v.Who)
	if err != nil {
		return err
	}
	for _, c := range given {
		if !c.Withdrawn.IsZero() {
			continue
		}
		p.Given = append(p.Given, view.GivenConsent{Key: c.Purpose, Label: s.consentLabel(v, c.Purpose), URL: "/consent/" + c.Purpose,
			At: c.At, Version: c.Version[:min(8, len(c.Version))], Means: s.say(v, "web.consent_withdrawn_means")})
	}
	return nil
}

func (s *Server) consentLabel(v *visit, purpose string) string {
	if key := "web.consent." + purpose; s.cat.Has(v.Lang, key) {
		return s.say(v, key)
	}
	return purpose
}

// cabinetCommand reads a form of the cabinet and does something for who is
// signed in.
func (s *Server) cabinetCommand(w http.ResponseWriter, r *http.Request, done string, do func(*visit, *form) error) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	if err := do(v, f); err != nil {
		errs := s.fields(v, err)
		if len(errs) == 0 {
			return err
		}
		p, err := s.cabinetOf(r, v)
		if err != nil {
			return err
		}
		p.Errors = renamed(renamed(errs, "phone", "contact_phone"), "email", "contact_email")
		for i := range p.Contact {
			p.Contact[i].Value, p.Contact[i].Error = f.get(p.Contact[i].Name), p.Errors.For(p.Contact[i].Name)
		}
		return s.showAgain(w, p)
	}
	s.flash(w, done)
	return goTo(w, r, "/cabinet")
}

// saveContact writes the name at once; a new phone or address has to be
// confirmed first, by a code or a link, as at the door.
func (s *Server) saveContact(w http.ResponseWriter, r *http.Request) error {
	answered := false
	err := s.cabinetCommand(answeredOnce{w, &answered}, r, "web.saved", func(v *visit, f *form) error {
		if err := s.Residents.SetProfile(r.Context(), v.Who, f.get("name"), string(v.Lang)); err != nil {
			return err
		}
		if email := f.get("contact_email"); email != "" && email != string(v.Person.Email) {
			if _, err := s.Residents.AskLink(r.Context(), v.Who, email, ways(v), v.From); err != nil {
				return err
			}
			s.flash(w, "web.link_sent", email)
		}
		if phone := f.get("contact_phone"); phone != "" && phone != string(v.Person.Phone) {
			var refused error
			err := s.askCode(w, r, v, v.Who, phone, "/cabinet", func(err error) error { refused = err; return nil })
			answered = refused == nil
			if refused != nil {
				return refused
			}
			return err
		}
		return nil
	})
	return err
}

// answeredOnce drops a second answer: the page of a code was shown already.
type answeredOnce struct {
	http.ResponseWriter
	answered *bool
}

// WriteHeader passes the first answer's status on.
func (a answeredOnce) WriteHeader(status int) {
	if !*a.answered {
		a.ResponseWriter.WriteHeader(status)
	}
}

// Write passes the first answer on.
func (a answeredOnce) Write(b []byte) (int, error) {
	if *a.answered {
		return len(b), nil
	}
	return a.ResponseWriter.Write(b)
}

func (s *Server) withdrawConsent(w http.ResponseWriter, r *http.Request) error {
	return s.cabinetCommand(w, r, "web.consent_withdrawn", func(v *visit, f *form) error {
		return s.Residents.Withdraw(r.Context(), v.Who, f.get("withdraw"))
	})
}

func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	return s.cabinetCommand(w, r, "web.session_ended", func(v *visit, f *form) error {
		return s.Residents.EndSession(r.Context(), v.Who, f.int("end"), v.From)
	})
}

// exported is a person's own data as a file (152-ФЗ, article 14).
type exported struct {
	Person   any           `json:"person"`
	Problems []exportedOne `json:"problems"`
	Watched  []int64       `json:"watched,omitempty"` // numbers of problems whose news they asked for

	Subscriptions []exportedSubscription `json:"subscriptions,omitempty"`
}

// exportedSubscription is a subscription to a place. The secret of its feed is
// left out: a file is passed on more easily than a page.
type exportedSubscription struct {
	notice.Subscription
	Pace    notice.Pace `json:"pace"`
	Created string      `json:"created"`
}

func (s *Server) exportedSubscriptions(ctx context.Context, v *visit) ([]exportedSubscription, error) {
	subs, err := s.Notices.Subscriptions(ctx, v.Who)
	var list []exportedSubscription
	for _, sub := range subs {
		list = append(list, exportedSubscription{sub, sub.Pace, rfc(sub.Created, v)})
	}
	return list, err
}

func (s *Server) exportedItem(n *names, it problem.Item) exportedOne {
	return exportedOne{Number: it.State.Number, Topic: n.topic(it.State.Topic.ID), Address: s.address(n.v, it.State.Place),
		Status: string(it.State.Status), Created: rfc(it.State.Created.Time(), n.v)}
}

// eachWritten goes through all problems that a person has sent, however many.
func (s *Server) eachWritten(ctx context.Context, v *visit, do func(problem.Item) error) error {
	for after := int64(0); ; {
		items, err := s.Problems.Written(ctx, v.Who, after, mineShown)
		if err != nil {
			return err
		}
		for _, it := range items {
			if after = it.ID; it.State.Author != v.Who.ID {
				continue
			}
			if err := do(it); err != nil {
				return err
			}
		}
		if len(items) < mineShown {
			return nil
		}
	}
}

type exportedOne struct {
	Number  int64            `json:"number"`
	Topic   string           `json:"topic"`
	Address string           `json:"address"`
	Status  string           `json:"status"`
	Created string           `json:"created"`
	Mine    bool             `json:"mine"`
	Contact *problem.Contact `json:"contact,omitempty"`
	Texts   []string         `json:"texts,omitempty"`
}

func (s *Server) exportMine(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	person, err := s.Residents.Export(r.Context(), v.Who, v.Who.ID, v.From)
	if err != nil {
		return err
	}
	n, err := s.namesFor(r.Context(), v, nil, nil)
	if err != nil {
		return err
	}
	out := exported{Person: person, Problems: []exportedOne{}}
	err = s.eachWritten(r.Context(), v, func(it problem.Item) error {
		one := s.exportedItem(n, it)
		one.Mine = true
		card, err := s.Problems.FindByID(r.Context(), v.Who, it.ID)
		if err != nil {
			return err
		}
		one.Contact = card.Contact
		for _, e := range card.Feed {
			if e.Text.Resident && e.Text.Body != "" {
				one.Texts = append(one.Texts, e.Text.Body)
			}
		}
		out.Problems = append(out.Problems, one)
		return nil
	})
	if err != nil {
		return err
	}
	items, err := s.Problems.Mine(r.Context(), v.Who, mineShown)
	if err != nil {
		return err
	}
	for _, it := range items {
		if it.State.Author != v.Who.ID {
			out.Problems = append(out.Problems, s.exportedItem(n, it))
		}
	}
	if out.Subscriptions, err = s.exportedSubscriptions(r.Context(), v); err != nil {
		return err
	}
	watched, err := s.watchedBy(r, v)
	if err != nil {
		return err
	}
	for _, it := range watched {
		out.Watched = append(out.Watched, it.State.Number)
	}
	body, err := json.MarshalIndent(out, "", " ")
	if err != nil {
		return fmt.Errorf("write export: %w", err)
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="my-data.json"`)
	_, _ = w.Write(body) // who left does not read it
	return nil
}

func (s *Server) askErase(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	p := view.AskPage{Base: s.base(v, "cabinet", s.say(v, "cabinet.erase")), Heading: s.say(v, "cabinet.erase"),
		Text: s.say(v, "web.erase_person_text"), Action: "/cabinet/erase", Key: s.newKey(), Do: s.say(v, "web.erase_do"), Back: "/cabinet", Danger: true}
	return s.show(w, p)
}

// eraseMine erases the texts of every problem of the person's own, then the
// account. Each erasure of a problem has a key of its own made from the form's,
// so that a second click goes on where the first was cut off.
func (s *Server) eraseMine(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if !s.signedInOnly(w, r, v) {
		return nil
	}
	if v.Person.Staff {
		return fault.Denied.New("web.staff_erase")
	}
	err = s.eachWritten(r.Context(), v, func(it problem.Item) error {
		if it.State.Erased {
			return nil
		}
		key := fmt.Sprintf("%s-%d", f.get("key"), it.ID)
		_, err := s.Problems.Do(r.Context(), v.Who, problem.Order{Problem: it.ID, Command: problem.Erase{}, Key: key})
		return err
	})
	if err != nil {
		return err
	}
	if err := s.Residents.Erase(r.Context(), v.Who, v.Who.ID, v.From); err != nil {
		return err
	}
	s.setCookie(w, s.cookieName(sessionCookie), "", -1, false)
	s.flash(w, "web.person_erased")
	return goTo(w, r, "/")
}
