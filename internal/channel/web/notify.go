package web

import (
	"context"
	"net/http"
	"slices"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
)

// heard are the kinds of news that a person may choose among. The rest always
// comes: what was asked for, and what waits for an answer.
func heard() []notice.Kind {
	return []notice.Kind{notice.Accepted, notice.Question, notice.Interim, notice.Answered, notice.AskSolved, notice.Closed}
}

// notifyOptions are the checkboxes of the cabinet: a kind by a way, where the
// person has that way.
func (s *Server) notifyOptions(r *http.Request, v *visit) ([]view.Option, error) {
	set, err := s.Notices.Settings(r.Context(), v.Who)
	if err != nil {
		return nil, err
	}
	var list []view.Option
	for _, kind := range heard() {
		label := s.say(v, "web.news."+string(kind))
		if v.Person.Email != "" {
			list = append(list, view.Option{Value: "email." + string(kind), Label: label, Note: s.say(v, "web.by_email"), Checked: slices.Contains(set.Email, kind)})
		}
		if v.Person.Phone != "" {
			list = append(list, view.Option{Value: "sms." + string(kind), Label: label, Note: s.say(v, "web.by_sms"), Checked: slices.Contains(set.SMS, kind)})
		}
	}
	return list, nil
}

func (s *Server) saveNotify(w http.ResponseWriter, r *http.Request) error {
	return s.cabinetCommand(w, r, "web.saved", func(v *visit, f *form) error {
		set, err := s.Notices.Settings(r.Context(), v.Who)
		if err != nil {
			return err
		}
		chosen := func(way string, old []notice.Kind) []notice.Kind {
			// Kinds that the page does not offer stay as they are.
			list := slices.DeleteFunc(slices.Clone(old), func(k notice.Kind) bool { return slices.Contains(heard(), k) })
			for _, kind := range heard() {
				if slices.Contains(f.all("notify"), way+"."+string(kind)) {
					list = append(list, kind)
				}
			}
			return list
		}
		if v.Person.Email != "" {
			set.Email = chosen("email", set.Email)
		}
		if v.Person.Phone != "" {
			set.SMS = chosen("sms", set.SMS)
		}
		return s.Notices.Set(r.Context(), v.Who, set)
	})
}

// askUnsubscribe is where the link of a letter leads; the buttons unsubscribe.
func (s *Server) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	v := s.visitOf(r)
	secret := r.PathValue("secret")
	off, err := s.Notices.CheckOff(v.City.ID, secret)
	if err != nil {
		return err
	}
	p := view.AskPage{Base: s.base(v, "", s.say(v, "web.off_title")), Heading: s.say(v, "web.off_title"),
		Text: s.say(v, "web.off_text"), Action: "/unsubscribe/" + secret, Do: s.say(v, "web.off_do")}
	if off.Person != 0 && off.Problem != 0 {
		p.Text, p.Only, p.Do = s.say(v, "web.off_which"), s.say(v, "web.off_only"), s.say(v, "web.off_all")
	}
	p.Path, p.NoIndex = "/", true
	return s.show(w, p)
}

// unsubscribe stops letters: the buttons of the page, or a mail program's own
// (RFC 8058), which comes without cookies and means all of them.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	secret := r.PathValue("secret")
	if f, err := readPlain(r, v); err == nil && f.get("only") != "" {
		if _, err := s.Notices.UnsubscribeOne(r.Context(), v.City.ID, secret); err != nil {
			return err
		}
		s.flash(w, "web.off_done_one")
		return goTo(w, r, "/")
	}
	if _, err := s.Notices.Unsubscribe(r.Context(), v.City.ID, secret); err != nil {
		return err
	}
	s.flash(w, "web.off_done")
	return goTo(w, r, "/")
}

// hearer is who hears of a problem: its author without an account, else the
// account of the visitor.
func hearer(v *visit, card problem.Card) resident.Who {
	if card.IsAuthor && card.State.Author == 0 {
		return resident.Who{City: v.City.ID, Problem: card.ID}
	}
	who := v.Who
	who.Problem = 0
	return who
}

// concerned tells whether somebody hears of a problem without having asked.
func concerned(card problem.Card) bool { return card.IsAuthor || card.Joined }

// newsOf says whether the visitor hears of a problem, and where; nil when there
// will be no news. With a form its contact could not be kept as it was typed.
func (s *Server) newsOf(ctx context.Context, v *visit, card problem.Card, f *form, errs view.FieldErrors) (*view.News, error) {
	if st := card.State.Status; !st.Open() && st != problem.Silent {
		return nil, nil
	}
	who := hearer(v, card)
	if who.ID == 0 && who.Problem == 0 {
		return &view.News{SignIn: "/signin?back=" + escape(problemURL(card.State.Number)+"#news")}, nil
	}
	choice, err := s.Notices.Choice(ctx, who, card.ID)
	if err != nil {
		return nil, err
	}
	n := &view.News{On: choice == notice.Watch || choice == notice.Unsaid && concerned(card)}
	if who.Problem == 0 {
		return n, s.accountNews(ctx, v, n)
	}
	if card.Contact != nil {
		n.To = knownContact(*card.Contact)
	}
	if !card.Can(problem.DoGiveContact) {
		return n, nil
	}
	n.Open = n.To == "" || len(errs) > 0
	n.Contact = s.contactInputs(v, f, errs)
	n.Consents, err = s.contactConsents(ctx, v, card.ID, f, errs)
	return n, err
}

// accountNews says by which way the news reach an account.
func (s *Server) accountNews(ctx context.Context, v *visit, n *view.News) error {
	n.Settings = "/cabinet#notify"
	set, err := s.Notices.Settings(ctx, v.Who)
	if err != nil {
		return err
	}
	switch {
	case v.Person.Email != "" && len(set.Email) > 0:
		n.To = knownContact(problem.Contact{Email: string(v.Person.Email)})
	case v.Person.Phone != "" && !v.Person.Staff && len(set.SMS) > 0:
		n.To = knownContact(problem.Contact{Phone: string(v.Person.Phone)})
	default:
		n.Muted = true
	}
	return nil
}

// notifyProblem switches the news of one problem on or off. Who joined or sent
// it hears unless they silenced it; others hear once they asked to.
func (s *Server) notifyProblem(w http.ResponseWriter, r *http.Request) error {
	v, f, card, err := s.formOnProblem(w, r)
	if err != nil {
		return err
	}
	address := problemURL(card.State.Number) + "#news"
	who := hearer(v, card)
	if who.ID == 0 && who.Problem == 0 {
		return goTo(w, r, "/signin?back="+escape(address))
	}
	choice, done := notice.Unsaid, "web.news_on"
	switch news := f.get("news"); {
	case news == "on" && !concerned(card):
		choice = notice.Watch
	case news == "off":
		done = "web.news_off"
		if concerned(card) {
			choice = notice.Silence
		}
	case news != "on":
		return fault.Invalid.New("web.bad_form")
	}
	if err := s.Notices.Choose(r.Context(), who, card.ID, choice); err != nil {
		return err
	}
	s.flash(w, done)
	return goTo(w, r, address)
}
