package web

import (
	"net/http"
	"slices"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/notice"
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

// askUnsubscribe is where the link of a letter leads; the button unsubscribes.
func (s *Server) askUnsubscribe(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	v := s.visitOf(r)
	secret := r.PathValue("secret")
	if _, err := s.Notices.CheckOff(v.City.ID, secret); err != nil {
		return err
	}
	p := view.AskPage{Base: s.base(v, "", s.say(v, "web.off_title")), Heading: s.say(v, "web.off_title"),
		Text: s.say(v, "web.off_text"), Action: "/unsubscribe/" + secret, Do: s.say(v, "web.off_do")}
	p.Path, p.NoIndex = "/", true
	return s.show(w, p)
}

// unsubscribe stops letters: the button of the page, or a mail program's own
// (RFC 8058), which comes without cookies.
func (s *Server) unsubscribe(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	if _, err := s.Notices.Unsubscribe(r.Context(), v.City.ID, r.PathValue("secret")); err != nil {
		return err
	}
	s.flash(w, "web.off_done")
	return goTo(w, r, "/")
}
