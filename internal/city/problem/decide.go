package problem

import (
	"slices"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// Facts are what decide needs beside state and command: what the city found
// out inside the same transaction. Decide itself reads no clock and no table.
type Facts struct {
	Now      Moment
	By       Actor
	Text     TextRef     // the command's text, stored
	Topic    topic.Topic // the topic that the command names, else the problem's own
	Place    Sent        // only Place of it is read, by Send
	Number   int64
	UID      string
	Routing  Routing // by the rules, for Accept
	Dues     Dues    // for Send, Accept, Dispute, Reopen, ChangeTopic; after the pause for Reply and Lapse
	Until    Moment  // of a question
	Review   Moment  // due date of the review of an answer
	Silence  int64   // microseconds of silence after which an answered problem closes
	AskAhead int64   // microseconds before that at which the residents are asked
}

// decide says what a command does to a problem: the events, or why not. It is
// a pure function of what it is given.
func decide(s State, c Command, f Facts) ([]Data, error) {
	if s.Status == "" {
		s.Status = Draft
	}
	if !allowed(s.Status, c.verb()) {
		return nil, refuse(s, c)
	}
	switch c := c.(type) {
	case Send, ChangeTopic, Ask, Reply, Lapse, Accept, Reject, Withdraw:
		return decideModeration(s, c, f)
	case Redirect, RequestRedirect, DeclineRedirect, Give, SendBack, Pass:
		return decideWork(s, c, f)
	case Confirm, ConfirmOnSpot, AskSolved, CloseSilently, Dispute, Reopen:
		return decideEnd(s, c, f)
	case SetDue:
		return decideDue(s, c, f)
	case HideText, HidePhoto, ShowText, ShowPhoto:
		return decideHiding(s, c, f)
	case Erase:
		if s.Erased {
			return nil, fault.Closed.New("problem.erased_already")
		}
		return one(Erased{})
	case GiveContact:
		return decideContact(s, c)
	case ForgetContact:
		return one(ContactForgotten{})
	case Claim:
		return decideClaim(s, f)
	case Join:
		if f.By.Person != 0 && f.By.Person == s.Author {
			return nil, fault.Conflict.New("problem.own_problem")
		}
		return one(Joined{})
	case Leave:
		if s.Joined == 0 {
			return nil, fault.Missing.New("problem.not_joined")
		}
		return one(Left{})
	case Note:
		return one(Noted{Text: f.Text})
	}
	return nil, refuse(s, c)
}

// decideHiding keeps a text or a photo from the residents, or gives it back.
func decideHiding(s State, c Command, f Facts) ([]Data, error) {
	switch c := c.(type) {
	case HideText:
		if s.holdsText(c.Text) && !slices.Contains(s.HiddenTexts, c.Text) {
			return one(TextHidden{Text: c.Text, Reason: f.Text})
		}
	case ShowText:
		if slices.Contains(s.HiddenTexts, c.Text) {
			return one(TextShown{Text: c.Text, Reason: f.Text})
		}
	case HidePhoto:
		if s.holdsPhoto(c.Photo) && !slices.Contains(s.HiddenPhotos, c.Photo) {
			return one(PhotoHidden{Photo: c.Photo, Reason: f.Text})
		}
		return nil, fault.Missing.New("problem.no_such_photo")
	case ShowPhoto:
		if slices.Contains(s.HiddenPhotos, c.Photo) {
			return one(PhotoShown{Photo: c.Photo, Reason: f.Text})
		}
		return nil, fault.Missing.New("problem.no_such_photo")
	}
	return nil, fault.Missing.New("problem.no_such_text")
}

func one(d Data) ([]Data, error) { return []Data{d}, nil }

func allowed(from Status, v Verb) bool {
	_, ok := steps()[from][v]
	return ok
}

// refuse says that the table has no such step: too late for a problem that has
// moved on, and what it is now.
func refuse(s State, c Command) error {
	return fault.Closed.New("problem.not_now."+string(c.verb()), string(s.Status))
}

func decideModeration(s State, c Command, f Facts) ([]Data, error) {
	switch c := c.(type) {
	case Send:
		return one(Sent{Number: f.Number, UID: f.UID, Text: f.Text, Photos: c.Photos,
			Topic: f.Topic.Ref, Object: f.Topic.Object, Branch: f.Topic.Category, Public: f.Topic.Public,
			Manual: c.Manual, Place: f.Place.Place, Channel: c.Channel, Mended: c.Mended, Dues: f.Dues})
	case ChangeTopic:
		if f.Topic.ID == s.Topic.ID {
			return nil, fault.Conflict.Field("topic", "problem.same_topic")
		}
		d := TopicChanged{From: s.Topic, To: f.Topic.Ref, Object: f.Topic.Object, Branch: f.Topic.Category, Public: f.Topic.Public}
		if s.Status != Draft {
			d.Dues = &f.Dues
		}
		return one(d)
	case Ask:
		return one(Asked{Text: f.Text, Until: f.Until})
	case Reply:
		return one(Replied{Text: f.Text, Photos: c.Photos, Dues: &f.Dues})
	case Lapse:
		if s.Until == 0 || f.Now < s.Until {
			return nil, fault.Closed.New("problem.question_still_open")
		}
		return one(Lapsed{Dues: &f.Dues})
	case Accept:
		return one(Accepted{Message: s.LastMessage().Num, Routing: f.Routing, Dues: f.Dues})
	case Reject:
		if c.Clause == "" {
			return nil, fault.Invalid.Field("clause", "problem.clause_missing")
		}
		return one(Refused{Message: s.LastMessage().Num, Clause: c.Clause, Of: c.Of, Text: f.Text})
	case Withdraw:
		return one(TakenBack{Message: s.LastMessage().Num})
	}
	return nil, refuse(s, c)
}

func decideWork(s State, c Command, f Facts) ([]Data, error) {
	switch c := c.(type) {
	case Redirect:
		to := s.Routing
		to.Rule = 0 // a person decided, no rule
		if c.Executor != "" {
			to.Executor = c.Executor
		} else if c.Coordinator != "" && c.Coordinator != s.Routing.Coordinator {
			to.Executor = "" // the new coordinator names the executor
		}
		if c.Coordinator != "" {
			to.Coordinator = c.Coordinator
		}
		if c.Controller != "" {
			to.Controller = c.Controller
		}
		if c.Executor == "" && c.Coordinator == "" && c.Controller == "" {
			return nil, fault.Invalid.Field("to", "problem.redirect_nowhere")
		}
		// To oneself it would be no hand-over and still count as a turn; an import
		// tells what another system did.
		if sameHands(s.Routing, to) && c.Due.IsZero() && f.By.Part != AsCity {
			return nil, fault.Invalid.Field("to", "problem.redirect_same")
		}
		return one(Redirected{From: s.Routing, To: to, Reason: f.Text, Due: moment(c.Due)})
	case RequestRedirect:
		if s.RedirectWanted {
			return nil, fault.Conflict.New("problem.redirect_asked_already")
		}
		return one(RedirectAsked{Org: f.By.Org, To: c.To, Reason: f.Text})
	case DeclineRedirect:
		if !s.RedirectWanted {
			return nil, fault.Closed.New("problem.redirect_not_asked")
		}
		return one(RedirectDeclined{Reason: f.Text})
	case Give:
		return decideGive(s, c, f)
	case SendBack:
		return one(SentBack{Answer: len(s.Answers), Text: f.Text})
	case Pass:
		return one(Passed{Answer: len(s.Answers)})
	}
	return nil, refuse(s, c)
}

// sameHands tells whether all three parts stay where they are.
func sameHands(a, b Routing) bool {
	return a.Executor == b.Executor && a.Coordinator == b.Coordinator && a.Controller == b.Controller
}

func decideGive(s State, c Give, f Facts) ([]Data, error) {
	by := c.Org
	if by == "" {
		by = f.By.Org
	}
	d := Given{Answer: len(s.Answers) + 1, Message: s.LastMessage().Num, Interim: c.Interim, Org: by,
		Text: f.Text, Photos: c.Photos, Due: f.Review}
	if !c.Interim {
		d.Outcome = c.Outcome
		return one(d)
	}
	// What waits for review may be replaced by a final answer; a second
	// interim one would only push the first aside unread.
	switch {
	case !f.Topic.Interim && f.By.Part != AsCity:
		return nil, fault.Denied.Field("interim", "problem.interim_not_allowed")
	case c.Planned.IsZero():
		return nil, fault.Invalid.Field("planned", "problem.planned_missing")
	case moment(c.Planned) <= f.Now && f.By.Part != AsCity:
		return nil, fault.Invalid.Field("planned", "problem.planned_in_the_past")
	case s.Status == Review:
		return nil, fault.Conflict.New("problem.answer_waits")
	}
	d.Planned = moment(c.Planned)
	return one(d)
}

func decideEnd(s State, c Command, f Facts) ([]Data, error) {
	switch c := c.(type) {
	case Confirm:
		return one(Solved{})
	case ConfirmOnSpot:
		return one(SolvedOnSpot{Text: f.Text, Photos: c.Photos})
	case AskSolved:
		if s.SolvedAsked {
			return nil, fault.Closed.New("problem.solved_asked_already")
		}
		if int64(f.Now-s.Answered) < f.Silence-f.AskAhead {
			return nil, fault.Closed.New("problem.too_early")
		}
		return one(SolvedAsked{})
	case CloseSilently:
		if !c.Imported && int64(f.Now-s.Answered) < f.Silence {
			return nil, fault.Closed.New("problem.too_early")
		}
		return one(FellSilent(c))
	case Dispute:
		return one(Disputed{Message: len(s.Messages) + 1, Text: f.Text, Photos: c.Photos, Channel: c.Channel, Dues: f.Dues})
	case Reopen:
		return one(Reopened{Text: f.Text, Dues: f.Dues})
	}
	return nil, refuse(s, c)
}

func decideDue(s State, c SetDue, f Facts) ([]Data, error) {
	if c.Due.IsZero() {
		return nil, fault.Invalid.Field("due", "problem.due_missing")
	}
	return one(DueMoved{From: s.Dues.Promised, To: moment(c.Due), Reason: f.Text})
}

// maxContacts is how often a contact may be given for one problem: each time a
// letter goes to an address that nobody has confirmed.
const maxContacts = 10

// decideContact says which ways there are from now on; the contact itself is no
// part of an event.
func decideContact(s State, c GiveContact) ([]Data, error) {
	switch {
	case s.Erased:
		return nil, fault.Closed.New("problem.erased_already")
	case s.Contacts >= maxContacts:
		return nil, fault.Limited.Field("contact", "problem.too_many_contacts", maxContacts)
	}
	return one(ContactGiven{Phone: c.Contact.Phone != "", Email: c.Contact.Email != ""})
}

// decideClaim lets an account take what nobody has yet.
func decideClaim(s State, f Facts) ([]Data, error) {
	switch {
	case f.By.Person == 0:
		return nil, fault.Denied.New("problem.sign_in_first")
	case s.Erased:
		return nil, fault.Closed.New("problem.erased_already")
	case s.Author == f.By.Person:
		return nil, fault.Conflict.New("problem.claimed_already")
	case s.Author != 0:
		return nil, fault.Denied.New("problem.denied.claim")
	}
	return one(Claimed{})
}

// moment is a time as the feed keeps it; the zero time is 0.
func moment(t time.Time) Moment {
	if t.IsZero() {
		return 0
	}
	return Moment(t.UnixMicro())
}

// Time is the moment as a time in UTC; the zero time when there is none.
func (m Moment) Time() time.Time {
	if m == 0 {
		return time.Time{}
	}
	return time.UnixMicro(int64(m)).UTC()
}
