package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// purposeContact is the consent under which a phone or an address is kept, where
// the city asks for one: it does where its pack has the text.
const purposeContact = "contact"

// contactAfterSending takes the contact that the page after sending asks for.
func (s *Server) contactAfterSending(w http.ResponseWriter, r *http.Request) error {
	return s.giveContact(w, r, contactForm{
		number: func(f *form) (int64, error) { return f.int("number"), nil },
		done:   func(number int64) string { return "/sent/" + plainNumber(number) },
		again: func(v *visit, card problem.Card, f *form, errs view.FieldErrors) (view.Page, error) {
			p, err := s.sentOf(r, v, card, f, errs)
			p.Path = problemURL(card.State.Number)
			return p, err
		},
	})
}

// contactOfProblem takes the contact that the author leaves or changes on the
// page of the problem.
func (s *Server) contactOfProblem(w http.ResponseWriter, r *http.Request) error {
	return s.giveContact(w, r, contactForm{
		number: func(*form) (int64, error) { return numberIn(r) },
		done:   func(number int64) string { return problemURL(number) + "#news" },
		again: func(v *visit, card problem.Card, f *form, errs view.FieldErrors) (view.Page, error) {
			p, err := s.problemOf(r, v, card)
			if err != nil {
				return p, err
			}
			p.Errors, p.Keys.Key = errs, f.get("key")
			p.News, err = s.newsOf(r.Context(), v, card, f, errs)
			return p, err
		},
	})
}

// withdrawContact takes back the consent under which the contacts of a message
// are kept, and forgets them; both are written down with their time. Doing it
// again changes nothing.
func (s *Server) withdrawContact(w http.ResponseWriter, r *http.Request) error {
	v, f, card, err := s.formOnProblem(w, r)
	if err != nil {
		return err
	}
	withdraw := func(tx *sqldb.Tx, key int64) error {
		_, err := s.Residents.WithdrawIn(tx, resident.Who{City: v.City.ID, Problem: key}, purposeContact)
		return err
	}
	switch {
	case !card.IsAuthor:
		return fault.Denied.New("problem.denied.forget_contact")
	case card.Can(problem.DoForgetContact):
		o := order(card, f, problem.ForgetContact{})
		o.With = withdraw
		_, err = s.Problems.Do(r.Context(), v.As(card.State.Number), o)
	default:
		err = s.DB.Do(r.Context(), func(tx *sqldb.Tx) error { return withdraw(tx, card.ID) })
	}
	if err != nil {
		return err
	}
	s.flash(w, "web.contact_forgotten")
	return goTo(w, r, problemURL(card.State.Number))
}

// contactForm is what the two forms of a contact differ in.
type contactForm struct {
	number func(f *form) (int64, error)
	done   func(number int64) string
	again  func(v *visit, card problem.Card, f *form, errs view.FieldErrors) (view.Page, error)
}

// giveContact keeps how an author without an account is reached, together with
// the permission to use it and the wish to hear. What is wrong is shown at its
// field, with what was typed.
func (s *Server) giveContact(w http.ResponseWriter, r *http.Request, c contactForm) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	if err := s.followSecret(w, r, v, f); err != nil {
		return err
	}
	number, err := c.number(f)
	if err != nil {
		return err
	}
	card, err := s.Problems.Find(r.Context(), v.As(number), number)
	switch {
	case err != nil:
		return err
	case !card.IsAuthor:
		return fault.Denied.New("problem.denied.give_contact")
	case card.State.Author != 0: // an account is reached as its cabinet says
		return goTo(w, r, "/cabinet#contact")
	}
	errs, err := s.tryContact(r, v, card, f)
	if err != nil {
		return err
	}
	if len(errs) == 0 {
		s.flash(w, "web.contact_given")
		return goTo(w, r, c.done(number))
	}
	p, err := c.again(v, card, f, errs)
	if err != nil {
		return err
	}
	return s.showAgain(w, p)
}

// tryContact gives the command; what is wrong comes back by the names of the
// inputs.
func (s *Server) tryContact(r *http.Request, v *visit, card problem.Card, f *form) (view.FieldErrors, error) {
	agreed := slices.DeleteFunc(agreements(v, f), func(a resident.Agreement) bool { return a.Purpose != purposeContact })
	asked, err := s.contactConsents(r.Context(), v, card.ID, f, nil)
	if err != nil {
		return nil, err
	}
	if len(asked) > 0 && len(agreed) == 0 {
		return view.FieldErrors{{Name: "consent-" + purposeContact, Text: s.say(v, "web.contact_consent_needed")}}, nil
	}
	give := problem.GiveContact{Contact: problem.Contact{Phone: f.get("contact_phone"), Email: f.get("contact_email"), Language: string(v.Lang)}}
	o := order(card, f, give)
	o.With = func(tx *sqldb.Tx, key int64) error {
		author := resident.Who{City: v.City.ID, Problem: key}
		for _, a := range agreed {
			if _, err := s.Residents.ConsentIn(tx, author, a, v.From); err != nil {
				return err
			}
		}
		return s.Notices.ChooseIn(tx, author, key, notice.Unsaid)
	}
	_, err = s.Problems.Do(r.Context(), v.As(card.State.Number), o)
	errs := renamed(renamed(renamed(s.fields(v, err), "phone", "contact_phone"), "email", "contact_email"), "contact", "contact_phone")
	if len(errs) > 0 {
		return errs, nil
	}
	return nil, err
}

// contactConsents is the permission that the form of a contact asks for: none
// where it was given before and holds, or where the city acts on another ground.
func (s *Server) contactConsents(ctx context.Context, v *visit, key int64, f *form, errs view.FieldErrors) ([]view.Consent, error) {
	given, err := s.Residents.Consents(ctx, resident.Who{City: v.City.ID, Problem: key})
	if err != nil {
		return nil, err
	}
	holds := func(c resident.Consent) bool { return c.Purpose == purposeContact && c.Withdrawn.IsZero() }
	if slices.ContainsFunc(given, holds) {
		return nil, nil
	}
	return s.consentsAsked(ctx, v, f, errs, purposeContact)
}

// contactInputs are the inputs of a contact that is left afterwards, with what
// was typed before.
func (s *Server) contactInputs(v *visit, f *form, errs view.FieldErrors) []view.Field {
	if f == nil {
		f = &form{}
	}
	return s.contactFields(v, f, errs)
}

// knownContact is where the answer will go, partly hidden: somebody may look
// over the shoulder.
func knownContact(c problem.Contact) string {
	if c.Email != "" {
		name, host, _ := strings.Cut(c.Email, "@")
		if len(name) > 2 {
			name = name[:2] + "•••"
		}
		return name + "@" + host
	}
	if phone, err := resident.ParsePhone(c.Phone); err == nil {
		return resident.Masked(phone)
	}
	return ""
}
