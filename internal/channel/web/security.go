package web

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"net/http"
	"strconv"

	"github.com/pquerna/otp"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
)

// secondPath asks for the code of the second factor, securityPath is where the
// staff keep their own.
const (
	secondPath   = "/signin/second"
	securityPath = "/staff/security"
)

// secondPolicy is what the city says of the second factor.
func secondPolicy(v *visit) resident.Policy {
	return resident.PolicyOf(v.City.Settings.SecondFactor, v.City.Settings.SecondFactorRoles)
}

// askSecond goes on to the code of the second factor. The ticket is known to
// this browser alone: it is in a cookie that no script reads.
func (s *Server) askSecond(w http.ResponseWriter, r *http.Request, in resident.Entered, back string) error {
	s.setCookie(w, s.cookieName(secondCookie), in.Second, in.Until.Sub(s.visitOf(r).Now), false)
	return goTo(w, r, secondAddress(false, back))
}

func secondAddress(recovery bool, back string) string {
	address, mark := secondPath, "?"
	if recovery {
		address, mark = address+"?by=recovery", "&"
	}
	if back != "" {
		address += mark + "back=" + escape(back)
	}
	return address
}

func (s *Server) ticket(r *http.Request) string {
	c, err := r.Cookie(s.cookieName(secondCookie))
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *Server) secondPage(v *visit, recovery bool, back string) view.SecondPage {
	back = backOf(back)
	p := view.SecondPage{Base: s.base(v, "signin", s.say(v, "signin.staff_title")), Recovery: recovery, Back: back, Other: secondAddress(!recovery, back)}
	p.Path, p.NoIndex = secondAddress(recovery, back), true
	return p
}

func (s *Server) showSecond(w http.ResponseWriter, r *http.Request) error {
	v, q := s.visitOf(r), r.URL.Query()
	if err := s.Residents.CheckSecond(r.Context(), v.City.ID, s.ticket(r)); err != nil {
		return s.beginAgain(w, r, err, q.Get("back"))
	}
	return s.show(w, s.secondPage(v, q.Get("by") == "recovery", q.Get("back")))
}

// beginAgain leads back to the password when the time for the code is up.
func (s *Server) beginAgain(w http.ResponseWriter, r *http.Request, err error, back string) error {
	if !errors.Is(err, fault.Closed) {
		return err
	}
	s.setCookie(w, s.cookieName(secondCookie), "", -1, false)
	s.flash(w, fault.Of(err).Phrase)
	address := "/signin/staff"
	if back = backOf(back); back != "" {
		address += "?back=" + escape(back)
	}
	return goTo(w, r, address)
}

func (s *Server) enterSecond(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	in, err := s.Residents.EnterSecond(r.Context(), v.City.ID, s.ticket(r), f.get("code"), v.Token, v.From)
	refused := fault.Of(err)
	switch {
	case refused != nil && len(refused.Fields) == 0 && refused.Kind == fault.Closed:
		return s.beginAgain(w, r, err, f.get("back"))
	case refused != nil:
		p := s.secondPage(v, f.get("by") == "recovery", f.get("back"))
		p.Errors = view.FieldErrors{{Name: "code", Text: s.phraseOf(v, err)}}
		return s.render(w, statusOf(err), p)
	case err != nil:
		return err
	}
	s.setCookie(w, s.cookieName(secondCookie), "", -1, false)
	return s.entered(w, r, in, backOf(f.get("back")))
}

// leadToDoor keeps somebody who must set up a second factor, or a password of
// their own, from all else.
func (s *Server) leadToDoor(w http.ResponseWriter, r *http.Request, v *visit) {
	address, first := securityPath, "security.must"
	if v.Person.MustChange {
		address, first = "/signin/password", "security.password_first"
	}
	if r.Method != http.MethodGet || wantsJSON(r) {
		s.answerError(w, r, fault.Denied.New(first))
		return
	}
	personal(w)
	http.Redirect(w, r, address, http.StatusSeeOther)
}

// securityPage is a person's own second factor as it stands.
func (s *Server) securityPage(r *http.Request) (view.SecurityPage, error) {
	v := s.visitOf(r)
	p := view.SecurityPage{Base: s.staffBase(v, "security", "security.title"), Start: s.plainCommand(securityPath+"/start", 0),
		Confirm: s.plainCommand(securityPath, 0), Change: s.plainCommand(securityPath+"/change", 0), Leave: s.plainCommand("/signout", 0)}
	p.Path = securityPath
	state, err := s.Residents.SecondOf(r.Context(), v.Who, v.Token, v.text(v.City.Name))
	if err != nil {
		return p, err
	}
	p.Used, p.Required, p.On, p.Since, p.Left = state.Used, state.Required, state.On, state.Since, state.Left
	if state.Secret != "" {
		p.Setup = &view.SecondSetup{Secret: state.Secret.Reveal(), Picture: securityPath + "/qr.png", Size: qrSize, Until: state.Expires}
	}
	return p, nil
}

// guestToDoor sends who is not signed in to the staff's door.
func (s *Server) guestToDoor(do handle) handle {
	return func(w http.ResponseWriter, r *http.Request) error {
		if v := s.visitOf(r); v.Who.ID == 0 {
			s.refuseGuest(w, r, v)
			return nil
		}
		return do(w, r)
	}
}

func (s *Server) showSecurity(w http.ResponseWriter, r *http.Request) error {
	p, err := s.securityPage(r)
	if err != nil {
		return err
	}
	return s.show(w, p)
}

// startSecond begins to set up a second factor.
func (s *Server) startSecond(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if _, err := readPlain(r, v); err != nil {
		return err
	}
	err := s.Residents.StartSecond(r.Context(), v.Who, v.Token)
	if err != nil && !errors.Is(err, fault.Conflict) { // it is on: the page says so
		return err
	}
	return goTo(w, r, securityPath)
}

// The picture is drawn with the border of four modules that readers need.
const (
	qrBody   = 320
	qrBorder = 24
	qrSize   = qrBody + 2*qrBorder
)

// showQR draws what the app has to read. It belongs to the session that sets
// the second factor up, and is kept nowhere.
func (s *Server) showQR(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	state, err := s.Residents.SecondOf(r.Context(), v.Who, v.Token, v.text(v.City.Name))
	if err != nil {
		return err
	}
	if state.URI == "" {
		return fault.Missing.New("resident.second_stale")
	}
	body, err := drawQR(state.URI)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "image/png")
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = w.Write(body) // who left does not read it
	return nil
}

// drawQR is black on white in any theme: not every reader takes it inverted.
func drawQR(uri see.Secret) ([]byte, error) {
	key, err := otp.NewKeyFromURL(uri.Reveal())
	if err != nil {
		return nil, errors.New("read address of a second factor") // the cause would repeat the secret
	}
	code, err := key.Image(qrBody, qrBody)
	if err != nil {
		return nil, fmt.Errorf("draw QR code: %w", err)
	}
	picture := image.NewPaletted(image.Rect(0, 0, qrSize, qrSize), color.Palette{color.White, color.Black})
	draw.Draw(picture, code.Bounds().Add(image.Pt(qrBorder, qrBorder)), code, code.Bounds().Min, draw.Src)
	var body bytes.Buffer
	if err := png.Encode(&body, picture); err != nil {
		return nil, fmt.Errorf("encode QR code: %w", err)
	}
	return body.Bytes(), nil
}

// confirmSecond switches the second factor on and shows the recovery codes.
func (s *Server) confirmSecond(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	codes, err := s.Residents.ConfirmSecond(r.Context(), v.Who, v.Token, f.get("code"), f.get("key"), v.From)
	if err != nil {
		return s.securityAgain(w, r, f, err)
	}
	return s.showRecovery(w, r, codes)
}

// showRecovery shows recovery codes once: on this page, which nothing keeps.
func (s *Server) showRecovery(w http.ResponseWriter, r *http.Request, codes []see.Secret) error {
	p, err := s.securityPage(r)
	if err != nil {
		return err
	}
	for _, c := range codes {
		p.Codes = append(p.Codes, c.Reveal())
	}
	return s.show(w, p)
}

// securityAgain draws the page with what is wrong.
func (s *Server) securityAgain(w http.ResponseWriter, r *http.Request, f *form, refused error) error {
	cause := fault.Of(refused)
	if cause == nil {
		return refused
	}
	if errors.Is(refused, fault.Conflict) {
		return goTo(w, r, securityPath) // it is on: the page says so
	}
	p, err := s.securityPage(r)
	if err != nil {
		return err
	}
	v := s.visitOf(r)
	p.Confirm.Key, p.Change.Key = f.get("key"), f.get("key") // the same form, mended
	for _, field := range cause.Fields {
		p.Errors = append(p.Errors, view.FieldError{Name: field.Name, Text: s.fieldText(v, field)})
	}
	if len(cause.Fields) == 0 {
		p.Errors = view.FieldErrors{{Name: "main", Text: s.phraseOf(v, refused)}}
	}
	return s.render(w, statusOf(refused), p)
}

// changeSecond gives new recovery codes or switches the second factor off.
func (s *Server) changeSecond(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if f.get("do") != "off" {
		codes, err := s.Residents.RenewRecovery(r.Context(), v.Who, f.get("password"), f.get("code"), f.get("key"), v.From)
		if err != nil {
			return s.securityAgain(w, r, f, err)
		}
		return s.showRecovery(w, r, codes)
	}
	if err := s.Residents.DropSecond(r.Context(), v.Who, f.get("password"), f.get("code"), v.From); err != nil {
		return s.securityAgain(w, r, f, err)
	}
	s.flash(w, "security.said_off")
	return goTo(w, r, securityPath)
}

// resetSecond takes away the second factor of somebody who lost the phone.
func (s *Server) resetSecond(w http.ResponseWriter, r *http.Request) error {
	v, person := s.visitOf(r), r.PathValue("person")
	if _, err := readPlain(r, v); err != nil {
		return err
	}
	if err := s.Residents.ResetSecond(r.Context(), v.Who, whole(person), v.From); err != nil {
		return err
	}
	s.flash(w, "security.said_reset")
	return goTo(w, r, "/staff/people/"+person)
}
