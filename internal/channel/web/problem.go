package web

import (
	"errors"
	"net/http"
	"strings"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

func joinComma(parts []string) string { return strings.Join(parts, ", ") }

// findProblem reads the card that the path names, as the visitor may see it. A
// problem that is not public shows a guest a tile and no more (hidden).
func (s *Server) findProblem(r *http.Request, v *visit) (problem.Card, error) {
	number, err := numberIn(r)
	if err != nil {
		return problem.Card{}, err
	}
	return s.Problems.Find(r.Context(), v.As(number), number)
}

func (s *Server) showProblem(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	card, err := s.findProblem(r, v)
	if err != nil {
		return err
	}
	p, err := s.problemOf(r, v, card)
	if err != nil {
		return err
	}
	p.Disputing = p.Can.Judge && r.URL.Query().Get("dispute") != ""
	if card.IsAuthor || card.Staff || card.Joined || v.Who.ID != 0 {
		personal(w)
	}
	return s.show(w, p)
}

// problemOf fills the page of a card.
func (s *Server) problemOf(r *http.Request, v *visit, card problem.Card) (view.ProblemPage, error) {
	st, err := s.storyOf(r.Context(), v, card)
	if err != nil {
		return view.ProblemPage{}, err
	}
	p := s.problemPage(st)
	if p.Still, err = s.stillOf(r.Context(), v, p, card.State.Place.Point); err != nil {
		return view.ProblemPage{}, err
	}
	p.NoIndex = !card.State.Visible() || card.IsAuthor || card.Staff
	p.Path = problemURL(card.State.Number)
	if back := backOf(s.referrer(r)); strings.HasPrefix(back, "/map") || strings.HasPrefix(back, "/cabinet") {
		p.Back = back
	}
	if card.IsAuthor && !card.State.Erased {
		if p.Next, err = s.afterRefusal(r.Context(), st); err != nil {
			return view.ProblemPage{}, err
		}
	}
	if card.IsAuthor && card.Can(problem.DoErase) {
		p.EraseURL = p.ActionURL("erase")
	}
	p.Can.Forget = card.IsAuthor && card.Can(problem.DoForgetContact)
	p.News, err = s.newsOf(r.Context(), v, card, nil, nil)
	return p, err
}

// order is a command about the problem in the path, with the form's key.
func order(card problem.Card, f *form, c problem.Command) problem.Order {
	return problem.Order{Problem: card.ID, Command: c, Key: f.get("key")}
}

// formOnProblem reads a form without photos that stands on a problem's page: who
// sent it, with the secret of a follow link where it carries one, what is in it,
// and the problem as that person may see it.
func (s *Server) formOnProblem(w http.ResponseWriter, r *http.Request) (*visit, *form, problem.Card, error) {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return v, f, problem.Card{}, err
	}
	if err := s.followSecret(w, r, v, f); err != nil {
		return v, f, problem.Card{}, err
	}
	card, err := s.findProblem(r, v)
	return v, f, card, err
}

// command gives a command without words and comes back to the page.
func (s *Server) command(w http.ResponseWriter, r *http.Request, done string, make func(*visit, resident.Who) problem.Command) error {
	v, f, card, err := s.formOnProblem(w, r)
	if err != nil {
		return err
	}
	who := v.As(card.State.Number)
	if _, err := s.Problems.Do(r.Context(), who, order(card, f, make(v, who))); err != nil {
		return err
	}
	if wantsJSON(r) {
		writeJSON(w, http.StatusOK, map[string]any{"number": card.State.Number})
		return nil
	}
	s.flash(w, done)
	return goTo(w, r, s.stillOpen(r, v, card.State.Number))
}

// stillOpen is the page of a problem where the visitor may still see it, else
// their own: who erased their message is its author no longer.
func (s *Server) stillOpen(r *http.Request, v *visit, number int64) string {
	_, err := s.Problems.Find(r.Context(), v.As(number), number)
	switch {
	case err == nil:
		return problemURL(number)
	case v.Who.ID != 0:
		return "/cabinet"
	}
	return "/"
}

// followSecret lets a form in that carries the secret of a follow link, as the
// page after sending does: it works without cookies.
func (s *Server) followSecret(w http.ResponseWriter, r *http.Request, v *visit, f *form) error {
	secret := f.get("secret")
	if secret == "" {
		return nil
	}
	_, err := s.openFollow(w, r, v, secret)
	if errors.Is(err, fault.Missing) {
		return nil // an old form: the command itself will be refused
	}
	return err
}

func (s *Server) joinProblem(w http.ResponseWriter, r *http.Request) error {
	done := "web.joined"
	if s.visitOf(r).Who.ID == 0 {
		done = "web.joined_guest"
	}
	err := s.command(w, r, done, func(v *visit, who resident.Who) problem.Command {
		s.knowDevice(w, v, v.form.get("key"))
		return problem.Join{Key: problem.JoinKey(who, v.Who.Device)}
	})
	if f := fault.Of(err); f != nil && f.Phrase == "problem.joined_already" && !wantsJSON(r) {
		s.flash(w, "web.joined_before")
		number, err := numberIn(r)
		if err != nil {
			return err
		}
		return goTo(w, r, problemURL(number))
	}
	return err
}

func (s *Server) leaveProblem(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, "web.left", func(_ *visit, who resident.Who) problem.Command {
		return problem.Leave{Key: problem.JoinKey(who, who.Device)}
	})
}

func (s *Server) confirmProblem(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, "web.confirmed", func(_ *visit, who resident.Who) problem.Command {
		if who.Has(resident.PeopleController) && who.Problem == 0 {
			return problem.ConfirmOnSpot{}
		}
		return problem.Confirm{}
	})
}

func (s *Server) withdrawProblem(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, "web.withdrawn", func(*visit, resident.Who) problem.Command { return problem.Withdraw{} })
}

func (s *Server) disputeProblem(w http.ResponseWriter, r *http.Request) error {
	return s.writeMore(w, r, more{
		input: "text", done: "web.disputed",
		make: func(v *visit, text string, photos []int64) problem.Command {
			return problem.Dispute{Text: text, Photos: photos, Channel: "web", Sender: s.senderOf(w, r, v)}
		},
		open: func(p view.ProblemPage) bool { return p.Can.Judge },
		fill: func(p *view.ProblemPage, text string) { p.Disputing, p.DisputeOld = true, text },
	})
}

func (s *Server) replyProblem(w http.ResponseWriter, r *http.Request) error {
	return s.writeMore(w, r, more{
		input: "reply", done: "web.replied",
		make: func(_ *visit, text string, photos []int64) problem.Command {
			return problem.Reply{Text: text, Photos: photos}
		},
		open: func(p view.ProblemPage) bool { return p.Can.Reply },
		fill: func(p *view.ProblemPage, text string) { p.ReplyOld = text },
	})
}

// renamed puts a sentence at the input that the page has for it.
func renamed(list view.FieldErrors, from, to string) view.FieldErrors {
	for i := range list {
		if list[i].Name == from {
			list[i].Name = to
		}
	}
	return list
}

// askEraseProblem is the first step of an erasure: it says what goes and what
// stays.
func (s *Server) askEraseProblem(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	card, err := s.findProblem(r, v)
	if err != nil {
		return err
	}
	if !card.IsAuthor {
		return fault.Missing.New("problem.missing")
	}
	return s.show(w, view.AskPage{
		Base: s.base(v, "", s.say(v, "web.erase_title")), Action: problemURL(card.State.Number) + "/erase", Key: s.newKey(),
		Heading: s.say(v, "web.erase_title"), Text: s.say(v, "web.erase_problem_text"), Do: s.say(v, "web.erase_do"),
		Back: problemURL(card.State.Number), Danger: true,
	})
}

func (s *Server) eraseProblem(w http.ResponseWriter, r *http.Request) error {
	return s.command(w, r, "web.erased", func(*visit, resident.Who) problem.Command { return problem.Erase{} })
}

func (s *Server) showFollow(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	return s.show(w, view.FollowPage{Base: s.base(v, "", s.say(v, "follow.title")), Number: r.URL.Query().Get("number"),
		Key: s.newKey(), Adds: v.Who.ID != 0 && !v.Who.Staff()})
}

// followByCode opens a problem to who knows its number and code. Numbers are
// public, so a wrong number and a wrong code get the same answer.
func (s *Server) followByCode(w http.ResponseWriter, r *http.Request) error {
	v := s.visitOf(r)
	f, err := readPlain(r, v)
	if err != nil {
		return err
	}
	number := whole(digits(f.get("number")))
	code := strings.ToLower(strings.TrimSpace(f.get("code")))
	var who resident.Who
	known := false
	err = s.DB.Do(r.Context(), func(tx *sqldb.Tx) error {
		var err error
		who, known, err = s.Problems.FollowByCode(tx, v.Who, number, code)
		return err
	})
	page := view.FollowPage{Base: s.base(v, "", s.say(v, "follow.title")), Number: f.get("number"), Code: f.get("code"),
		Key: f.get("key"), Adds: v.Who.ID != 0 && !v.Who.Staff()}
	page.Path = "/follow"
	switch {
	case fault.Of(err) != nil:
		page.Errors = view.FieldErrors{{Name: "code", Text: s.phraseOf(v, err)}}
		return s.render(w, statusOf(err), page)
	case err != nil:
		return err
	case !known:
		page.Errors = view.FieldErrors{{Name: "code", Text: s.say(v, "web.code_wrong")}}
		return s.showAgain(w, page)
	}
	if v.Who.ID != 0 && !v.Who.Staff() {
		if err := s.claim(r, who, f); err != nil {
			return err
		}
		s.flash(w, "web.claimed")
	}
	s.follow(w, v, number, who.Problem)
	return goTo(w, r, problemURL(number))
}

// claim puts a message that was sent without an account among those of a
// resident who is signed in and knows its code. Staff open problems for others
// and claim none; what is claimed already stays as it is.
func (s *Server) claim(r *http.Request, who resident.Who, f *form) error {
	card, err := s.Problems.FindByID(r.Context(), who, who.Problem)
	if err != nil || !card.Can(problem.DoClaim) {
		return err
	}
	_, err = s.Problems.Do(r.Context(), who, order(card, f, problem.Claim{}))
	return err
}

// digits are the digits of a number as people copy it: № 24 017.
func digits(s string) string {
	return strings.Map(func(c rune) rune {
		if c < '0' || c > '9' {
			return -1
		}
		return c
	}, s)
}

// followByLink is where a follow link leads. The secret goes into a cookie and
// out of the address bar at once; the next page is told nothing of it.
func (s *Server) followByLink(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Referrer-Policy", "no-referrer")
	v := s.visitOf(r)
	number, err := s.openFollow(w, r, v, r.PathValue("secret"))
	if err != nil {
		return err
	}
	address := problemURL(number)
	if r.URL.Query().Get("dispute") != "" {
		address += "?dispute=1#dispute"
	}
	return goTo(w, r, address)
}

// openFollow makes the visitor the author of the problem that a secret opens.
func (s *Server) openFollow(w http.ResponseWriter, r *http.Request, v *visit, secret string) (number int64, err error) {
	var who resident.Who
	err = s.DB.View(r.Context(), func(tx *sqldb.Tx) error {
		who, err = s.Problems.Follow(tx, v.Who, secret)
		return err
	})
	if err != nil {
		return 0, err
	}
	card, err := s.Problems.FindByID(r.Context(), who, who.Problem)
	if err != nil {
		return 0, err
	}
	s.follow(w, v, card.State.Number, who.Problem)
	return card.State.Number, nil
}
