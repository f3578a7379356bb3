package web

import (
	"net/http"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/platform/fault"
)

// more is a further message: a dispute or a reply.
type more struct {
	input string // name of the text's input
	done  string // what is said when it is sent
	make  func(v *visit, text string, photos []int64) problem.Command
	open  func(p view.ProblemPage) bool // whether the page has its form
	fill  func(p *view.ProblemPage, text string)
}

// writeMore sends a text with photos. Whatever is wrong is said on the same page,
// with the text as it was typed and the photos that were taken.
func (s *Server) writeMore(w http.ResponseWriter, r *http.Request, m more) error {
	v := s.visitOf(r)
	f, taken, err := s.readWithPhotos(r, v)
	if err != nil && (len(f.values) == 0 || wantsJSON(r) || fault.Of(err) == nil && !isTooLarge(err)) {
		return err
	}
	unread := err
	if err := s.followSecret(w, r, v, f); err != nil {
		return err
	}
	card, err := s.findProblem(r, v)
	if err != nil {
		return err
	}
	refused := unsent{typed: f, taken: taken, errors: taken.errors}
	if uid := f.get("remove"); uid != "" && unread == nil {
		refused.taken.drop(uid)
		return s.moreAgain(w, r, v, card, m, refused)
	}
	if err := f.err(); err != nil {
		refused.errors = append(refused.errors, renamed(s.fields(v, err), "text", m.input)...)
	}
	if unread != nil {
		refused.why, refused.status = s.whyUnread(v, unread), statusOf(unread)
	}
	if refused.why != "" || len(refused.errors) > 0 {
		return s.moreAgain(w, r, v, card, m, refused)
	}
	_, err = s.Problems.Do(r.Context(), v.As(card.State.Number), order(card, f, m.make(v, f.get(m.input), taken.ids)))
	if err == nil {
		s.flash(w, m.done)
		return goTo(w, r, problemURL(card.State.Number))
	}
	if known := fault.Of(err); known == nil || known.Kind == fault.Internal || known.Kind == fault.Broken || wantsJSON(r) {
		return err
	}
	refused.status = statusOf(err)
	if refused.errors = renamed(s.fields(v, err), "text", m.input); len(refused.errors) == 0 {
		refused.why = s.whyRefused(v, card, err)
	}
	return s.moreAgain(w, r, v, card, m, refused)
}

// unsent is what was typed into a form that was not taken, and why.
type unsent struct {
	typed  *form
	taken  photosTaken
	errors view.FieldErrors // at the inputs
	why    string           // of all of it, where no input is to blame
	status int              // 0: as for errors at inputs
}

// moreAgain shows the page with what was typed: in its form, or, where the form
// is there no longer, as it is.
func (s *Server) moreAgain(w http.ResponseWriter, r *http.Request, v *visit, card problem.Card, m more, u unsent) error {
	p, err := s.problemOf(r, v, card)
	if err != nil {
		return err
	}
	p.Errors, p.Refused, p.Taken = u.errors, u.why, u.taken.shown
	if goodKey(u.typed.get("key")) && u.status != http.StatusConflict {
		p.Keys.Key = u.typed.get("key")
	}
	if m.open(p) {
		m.fill(&p, u.typed.get(m.input))
	} else {
		p.Unsent = u.typed.get(m.input)
	}
	switch {
	case u.status != 0:
		return s.render(w, u.status, p)
	case len(u.errors) > 0:
		return s.showAgain(w, p)
	}
	return s.show(w, p)
}

// whyRefused is why a further message was not taken. What is true of most stale
// pages is said plainly: somebody, often this very person in another tab, has
// sent it already.
func (s *Server) whyRefused(v *visit, card problem.Card, err error) string {
	f := fault.Of(err)
	switch {
	case f.Phrase == problem.KeyTaken && f.Kind == fault.Conflict:
		return s.say(v, "web.more_before")
	case f.Kind == fault.Closed && card.State.Status == problem.Moderation && len(card.State.Answers) > 0:
		return s.say(v, "web.disputed_already")
	case f.Kind == fault.Closed:
		return s.phraseOf(v, err) + " " + s.say(v, "web.more_unsent")
	}
	return s.phraseOf(v, err)
}
