package problem

import (
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// Command is what somebody wants done to a problem. Texts are plain here; the
// service stores them in rows of their own before decide sees the command.
type Command interface{ verb() Verb }

// Offer is one proposed topic and how sure the model was, 0 to 1.
type Offer struct {
	Topic topic.ID
	P     float64
}

// Signer is who signed an answer: shown to everyone, with the work phone.
type Signer struct {
	Position string `json:"position,omitempty"`
	Name     string `json:"name,omitempty"`
	Phone    string `json:"phone,omitempty"`
}

// Contact is how the author wants to be reached, and what the topic's extra
// fields asked for. It lives in a row of its own, seen only by whom the topic
// allows, and is erased with the author's texts.
type Contact struct {
	Phone     string `json:"phone,omitempty"`
	Email     string `json:"email,omitempty"`
	Name      string `json:"name,omitempty"`
	Apartment string `json:"apartment,omitempty"`
	Stairs    string `json:"stairs,omitempty"`
	Floor     string `json:"floor,omitempty"`
	Language  string `json:"language,omitempty"` // in which the author reads
	// Answers are those to the topic's own fields, by the field's name.
	Answers map[string]string `json:"answers,omitempty"`
}

// Blank tells whether nothing was left.
func (c Contact) Blank() bool {
	return c.Phone+c.Email+c.Name+c.Apartment+c.Stairs+c.Floor+c.Language == "" && len(c.Answers) == 0
}

// given is what was answered to a field that the topic asks for.
func (c Contact) given(e topic.Extra) string {
	switch {
	case e.Own():
		return c.Answers[e.Name]
	case e.Name == "stairs":
		return c.Stairs
	case e.Name == "floor":
		return c.Floor
	case e.Name == "apartment":
		return c.Apartment
	case e.Name == "phone":
		return c.Phone
	}
	return ""
}

// asked leaves of a contact what a topic asks for.
func (c Contact) asked(t topic.Topic) Contact {
	var only Contact
	for _, e := range t.Extras {
		switch {
		case e.Own() && c.Answers[e.Name] != "":
			if only.Answers == nil {
				only.Answers = map[string]string{}
			}
			only.Answers[e.Name] = c.Answers[e.Name]
		case e.Name == "stairs":
			only.Stairs = c.Stairs
		case e.Name == "floor":
			only.Floor = c.Floor
		case e.Name == "apartment":
			only.Apartment = c.Apartment
		case e.Name == "phone":
			only.Phone = c.Phone
		}
	}
	return only
}

// The commands; each field's meaning is that of the event it causes.
type (
	// Send opens a problem with its first message.
	Send struct {
		Text    string
		Photos  []int64
		Topic   topic.ID
		Manual  bool
		Place   place.Draft
		Channel string // web, api, phone, import, …
		Contact Contact
		Sender  Sender
		// Number and UID are given only by an import that keeps the old ones.
		Number int64
		UID    string
		Mended int64 // key of the refused problem that is sent again
		// Offered is what the suggestion proposed, the best first, and Model its
		// version: kept for learning, no part of the message.
		Offered []Offer
		Model   int64
		// Asked is the object that the author named when the page asked a question
		// about it; 0: it did not. Kept for learning too.
		Asked topic.ID `json:",omitempty"`
	}
	// ChangeTopic puts another topic.
	ChangeTopic struct{ To topic.ID }
	// Ask asks the author; Term is how long the answer is waited for.
	Ask struct {
		Text string
	}
	// Reply answers the question.
	Reply struct {
		Text   string
		Photos []int64
	}
	// Lapse ends a question whose term has passed.
	Lapse struct{}
	// Accept hands the newest message to an organisation.
	Accept struct{}
	// Reject refuses the newest message with a clause of the rules; Of is the
	// number of the problem that it repeats, 0 where it repeats none.
	Reject struct {
		Clause string
		Text   string
		Of     int64
	}
	// Withdraw takes the newest message back.
	Withdraw struct{}
	// Redirect hands the problem to others; an empty id leaves the part as it is.
	Redirect struct {
		Executor    org.ID
		Coordinator org.ID
		Controller  org.ID
		Reason      string
		Due         time.Time // zero: the promise stays
	}
	// RequestRedirect says: not ours, perhaps theirs.
	RequestRedirect struct {
		To     org.ID
		Reason string
	}
	// DeclineRedirect says: yours.
	DeclineRedirect struct{ Reason string }
	// Give writes an answer.
	Give struct {
		Org     org.ID // for whom; empty: the actor's own
		Interim bool
		Outcome Outcome
		Text    string
		Photos  []int64
		Planned time.Time // of an interim answer
		Signer  Signer
	}
	// SendBack returns the waiting answer to the organisation.
	SendBack struct{ Text string }
	// Pass shows the waiting answer to the residents.
	Pass struct{}
	// Confirm says: solved.
	Confirm struct{}
	// ConfirmOnSpot is a people's controller's «solved».
	ConfirmOnSpot struct {
		Text   string
		Photos []int64
	}
	// AskSolved asks the residents before silence closes the problem.
	AskSolved struct{}
	// CloseSilently ends a problem that nobody reacts to. Imported says that
	// another system closed it by its own rules: the term is not asked for.
	CloseSilently struct{ Imported bool }
	// Dispute says: not solved, with a further message.
	Dispute struct {
		Text    string
		Photos  []int64
		Channel string
		Sender  Sender
	}
	// Reopen is control's «not solved».
	Reopen struct{ Text string }
	// SetDue moves the promise, with a reason.
	SetDue struct {
		Due    time.Time
		Reason string
	}
	// HideText hides a text from everyone but staff.
	HideText struct {
		Text   int64
		Reason string
	}
	// HidePhoto hides a photo from everyone but staff.
	HidePhoto struct {
		Photo  int64
		Reason string
	}
	// ShowText takes a HideText back.
	ShowText struct {
		Text   int64
		Reason string
	}
	// ShowPhoto takes a HidePhoto back.
	ShowPhoto struct {
		Photo  int64
		Reason string
	}
	// Erase removes the author's texts, contacts and photos for good.
	Erase struct{}
	// GiveContact leaves or changes how the author is reached: phone, e-mail and
	// language of Contact. It takes the place of what was left before; what the
	// topic asked for stays.
	GiveContact struct{ Contact Contact }
	// ForgetContact withdraws the consent under which contacts are kept: phone,
	// e-mail and what the topic asked for are deleted; answers to a form of the
	// topic's own are a part of the message and stay.
	ForgetContact struct{}
	// Claim puts a message that was sent without an account among those of the
	// account that gives it; it needs the follow link or the code too.
	Claim struct{}
	// Join says: I have this too. Key is what makes a joiner one person: the
	// account, or the pseudonym of a device.
	Join struct{ Key string }
	// Leave takes a Join back; Key is the same.
	Leave struct{ Key string }
	// Note is a note among staff.
	Note struct{ Text string }
)

func (Send) verb() Verb            { return DoSend }
func (ChangeTopic) verb() Verb     { return DoChangeTopic }
func (Ask) verb() Verb             { return DoAsk }
func (Reply) verb() Verb           { return DoReply }
func (Lapse) verb() Verb           { return DoLapse }
func (Accept) verb() Verb          { return DoAccept }
func (Reject) verb() Verb          { return DoReject }
func (Withdraw) verb() Verb        { return DoWithdraw }
func (Redirect) verb() Verb        { return DoRedirect }
func (RequestRedirect) verb() Verb { return DoRequestRedirect }
func (DeclineRedirect) verb() Verb { return DoDeclineRedirect }
func (Give) verb() Verb            { return DoAnswer }
func (SendBack) verb() Verb        { return DoReturn }
func (Pass) verb() Verb            { return DoPass }
func (Confirm) verb() Verb         { return DoConfirm }
func (ConfirmOnSpot) verb() Verb   { return DoConfirmOnSpot }
func (AskSolved) verb() Verb       { return DoAskSolved }
func (CloseSilently) verb() Verb   { return DoCloseSilently }
func (Dispute) verb() Verb         { return DoDispute }
func (Reopen) verb() Verb          { return DoReopen }
func (SetDue) verb() Verb          { return DoSetDue }
func (HideText) verb() Verb        { return DoHideText }
func (HidePhoto) verb() Verb       { return DoHidePhoto }
func (ShowText) verb() Verb        { return DoShowText }
func (ShowPhoto) verb() Verb       { return DoShowPhoto }
func (Erase) verb() Verb           { return DoErase }
func (GiveContact) verb() Verb     { return DoGiveContact }
func (ForgetContact) verb() Verb   { return DoForgetContact }
func (Claim) verb() Verb           { return DoClaim }
func (Join) verb() Verb            { return DoJoin }
func (Leave) verb() Verb           { return DoLeave }
func (Note) verb() Verb            { return DoNote }
