package web

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// ways are the doors that the city offers to residents.
func ways(v *visit) resident.Ways {
	return resident.Ways{SMS: v.City.Settings.SMS, Email: v.City.Settings.Email}
}

// nobody is who signs in: a guest of the city.
func nobody(v *visit) resident.Who { return resident.Who{City: v.City.ID} }

func (s *Server) signInPage(v *visit, back string) view.SignInPage {
	p := view.SignInPage{Base: s.base(v, "signin", s.say(v, "signin.title")), Back: backOf(back), ByText: ways(v).SMS, ByMail: ways(v).Email}
	p.Path, p.NoIndex = "/signin", true
	return p
}

func (s *Server) showSignIn(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	back := backOf(r.URL.Query().Get("back"))
	if from := s.referrer(r); back == "" && strings.HasPrefix(from, "/problem/") {
		back = from
	}
	if v.Who.ID != 0 {
		return goTo(w, r, afterSignIn(v.Who, back))
	}
	return s.show(w, s.signInPage(v, back))
}

// backCookie keeps where who asked for a link by e-mail came from, for as long as
// a link works. A letter that is opened in another browser leads to the cabinet.
const (
	backCookie = "gorod_back"
	backLife   = time.Hour
)

// keepBack remembers where a person goes once the letter's link has let them in.
func (s *Server) keepBack(w http.ResponseWriter, back string) {
	if back == "" {
		s.setCookie(w, s.cookieName(backCookie), "", -1, false)
		return
	}
	s.setCookie(w, s.cookieName(backCookie), s.keys.sign("back", base64.RawURLEncoding.EncodeToString([]byte(back))), backLife, false)
}

// keptBack is what keepBack has kept; "" when there is nothing.
func (s *Server) keptBack(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(backCookie))
	if err != nil {
		return ""
	}
	body, ok := s.keys.open("back", c.Value)
	back, err := base64.RawURLEncoding.DecodeString(body)
	if !ok || err != nil {
		return ""
	}
	return backOf(string(back))
}

// askEntry sends a code by SMS or a link by e-mail.
func (s *Server) askEntry(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	p := s.signInPage(v, f.get("back"))
	p.Phone, p.Email = f.get("phone"), f.get("email")
	if f.get("step") == "mail" {
		ticket, err := s.Residents.AskLink(r.Context(), nobody(v), p.Email, ways(v), v.From)
		if err != nil {
			return s.refusedAt(w, v, err, &p, &p.Errors)
		}
		p.Sent = ticket.To
		s.keepBack(w, p.Back)
		return s.show(w, p)
	}
	return s.askCode(w, r, v, nobody(v), p.Phone, p.Back, func(err error) error { return s.refusedAt(w, v, err, &p, &p.Errors) })
}

// refusedAt shows a form again with what was refused at its fields; what is no
// refusal of a field goes on to the page of errors.
func (s *Server) refusedAt(w http.ResponseWriter, v *visit, err error, p view.Page, errs *view.FieldErrors) error {
	f := fault.Of(err)
	if f == nil || len(f.Fields) == 0 {
		return err
	}
	for _, field := range f.Fields {
		*errs = append(*errs, view.FieldError{Name: field.Name, Text: s.fieldText(v, field)})
	}
	return s.render(w, statusOf(err), p)
}

// codeTicket is what the page of a code keeps between its steps.
type codeTicket struct {
	ID      string `json:"id"`
	Phone   string `json:"phone"`
	To      string `json:"to"`
	Expires int64  `json:"expires"`
	Again   int64  `json:"again"`
	Adding  bool   `json:"adding"` // the phone is added to an account, nobody signs in
}

func (s *Server) packTicket(t codeTicket) string {
	body, err := json.Marshal(t)
	if err != nil {
		return ""
	}
	return s.keys.sign("ticket", base64.RawURLEncoding.EncodeToString(body))
}

func (s *Server) openTicket(packed string) (codeTicket, error) {
	var t codeTicket
	body, ok := s.keys.open("ticket", packed)
	if !ok {
		return t, fault.Closed.New("resident.code_over")
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil || json.Unmarshal(raw, &t) != nil {
		return t, fault.Closed.New("resident.code_over")
	}
	return t, nil
}

// askCode sends a code and shows the page on which it is typed.
func (s *Server) askCode(w http.ResponseWriter, r *http.Request, v *visit, who resident.Who, phone, back string, refused func(error) error) error {
	ticket, err := s.Residents.AskCode(r.Context(), who, phone, ways(v), v.From)
	if err != nil {
		return refused(err)
	}
	t := codeTicket{ID: ticket.ID, Phone: phone, To: ticket.To, Expires: ticket.Expires.Unix(), Again: ticket.Again.Unix(), Adding: who.ID != 0}
	return s.show(w, s.codePage(v, t, back))
}

func (s *Server) codePage(v *visit, t codeTicket, back string) view.CodePage {
	p := view.CodePage{Base: s.base(v, "signin", s.say(v, "signin.code_title")), Phone: t.To, Ticket: s.packTicket(t),
		Again: time.Unix(t.Again, 0), Expires: time.Unix(t.Expires, 0), Back: backOf(back)}
	p.Path, p.NoIndex = "/signin", true
	return p
}

func (s *Server) enterCode(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	t, err := s.openTicket(f.get("ticket"))
	if err != nil {
		return err
	}
	who := nobody(v)
	if t.Adding {
		who = v.Who
	}
	p := s.codePage(v, t, f.get("back"))
	if f.get("step") == "again" {
		return s.askCode(w, r, v, who, t.Phone, p.Back, func(err error) error {
			p.Errors = view.FieldErrors{{Name: "code", Text: s.phraseOf(v, err)}}
			return s.render(w, statusOf(err), p)
		})
	}
	in, err := s.Residents.EnterCode(r.Context(), who, t.ID, f.get("code"), v.Token, v.From)
	if err != nil {
		return s.refusedAt(w, v, err, &p, &p.Errors)
	}
	return s.entered(w, r, in, p.Back)
}

// entered sets the session's cookie and goes on.
func (s *Server) entered(w http.ResponseWriter, r *http.Request, in resident.Entered, back string) error {
	v := s.visitOf(r)
	if in.Added {
		s.flash(w, "web.contact_added")
		return goTo(w, r, "/cabinet")
	}
	s.setCookie(w, s.cookieName(sessionCookie), in.Token, in.Until.Sub(v.Now), false)
	if in.Person.MustChange {
		return goTo(w, r, "/signin/password")
	}
	if in.Person.MustEnrol {
		return goTo(w, r, securityPath)
	}
	return goTo(w, r, afterSignIn(in.Person.Who(v.City.ID), back))
}

// afterSignIn is where a person goes: where they came from, else to their own.
func afterSignIn(who resident.Who, back string) string {
	switch {
	case back != "":
		return back
	case who.Staff():
		return "/staff"
	}
	return "/cabinet"
}

// showLink is where the link of a letter leads. It opens nothing by itself:
// mail programs open links before people do.
func (s *Server) showLink(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	v := s.visitOf(r)
	secret := r.PathValue("secret")
	email, err := s.Residents.CheckLink(r.Context(), v.City.ID, secret)
	if err != nil {
		return err
	}
	p := view.AskPage{Base: s.base(v, "signin", s.say(v, "signin.title")), Heading: s.say(v, "signin.title"),
		Text: s.say(v, "web.link_text", string(email)), Action: "/signin/link", Secret: secret, Do: s.say(v, "signin.enter")}
	p.Path, p.NoIndex = "/signin", true
	return s.show(w, p)
}

func (s *Server) enterLink(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	in, err := s.Residents.EnterLink(r.Context(), nobody(v), f.get("secret"), v.Token, v.From)
	if err != nil {
		return err
	}
	back := s.keptBack(r)
	s.keepBack(w, "")
	return s.entered(w, r, in, back)
}

func (s *Server) staffSignInPage(v *visit, back string) view.StaffSignInPage {
	p := view.StaffSignInPage{Base: s.base(v, "signin", s.say(v, "signin.staff_title")), Back: backOf(back)}
	p.Path, p.NoIndex = "/signin/staff", true
	return p
}

func (s *Server) showStaffSignIn(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	return s.show(w, s.staffSignInPage(v, r.URL.Query().Get("back")))
}

func (s *Server) staffSignIn(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	in, err := s.Residents.SignIn(r.Context(), v.City.ID, f.get("login"), f.get("password"), v.Token, v.From)
	if fault.Of(err) != nil {
		p := s.staffSignInPage(v, f.get("back"))
		p.Login = f.get("login")
		p.Errors = view.FieldErrors{{Name: "login", Text: s.phraseOf(v, err)}}
		return s.render(w, statusOf(err), p)
	}
	if err != nil {
		return err
	}
	if in.Second != "" {
		return s.askSecond(w, r, in, backOf(f.get("back")))
	}
	return s.entered(w, r, in, backOf(f.get("back")))
}

// passwordPage is the page on which the staff set their own password.
func (s *Server) passwordPage(v *visit) view.PasswordPage {
	p := view.PasswordPage{Base: s.base(v, "signin", s.say(v, "web.password_title")), Must: v.Person.MustChange}
	p.NoIndex = true
	return p
}

func (s *Server) showPassword(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if v.Who.ID != 0 && !v.Person.Staff {
		return fault.Missing.New("errors_page.missing_what") // residents have none
	}
	if !v.Person.Staff {
		return fault.Denied.New("web.staff_only")
	}
	return s.show(w, s.passwordPage(v))
}

func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if !v.Person.Staff {
		return fault.Denied.New("web.staff_only")
	}
	if err := s.Residents.ChangePassword(r.Context(), v.Who, v.Token, f.get("old"), f.get("password"), v.From); err != nil {
		p := s.passwordPage(v)
		p.Path = "/signin/password"
		return s.refusedAt(w, v, err, &p, &p.Errors)
	}
	s.flash(w, "web.password_changed")
	return goTo(w, r, "/staff")
}

func (s *Server) signOut(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if v.Token != "" {
		if err := s.Residents.SignOut(r.Context(), v.City.ID, v.Token, v.From); err != nil {
			return err
		}
	}
	s.setCookie(w, s.cookieName(sessionCookie), "", -1, false)
	s.setCookie(w, s.cookieName(followCookie), "", -1, false)
	return goTo(w, r, "/")
}
