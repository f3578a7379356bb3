package problem

import "sync"

// Status says where a problem stands.
type Status string

// The statuses (domain.md 1.5). Four of them are ends; Confirmed, Controlled
// and Silent are three different ends and are never added up: «решено» is only
// what a resident or a people's controller confirmed.
const (
	Draft      Status = "draft"      // nothing was sent yet
	Moderation Status = "moderation" // a message waits for a moderator
	Question   Status = "question"   // the author was asked something
	Work       Status = "work"       // an organisation has it
	Interim    Status = "interim"    // an interim answer named a planned date
	Review     Status = "review"     // an answer waits for a moderator
	Answered   Status = "answered"   // the residents have the answer
	Rejected   Status = "rejected"   // refused with a clause of the rules
	Withdrawn  Status = "withdrawn"  // taken back by the author
	Confirmed  Status = "confirmed"  // closed: a resident says it is solved
	Controlled Status = "controlled" // closed: a people's controller saw it solved
	Silent     Status = "silent"     // closed: nobody reacted to the answer
)

// Statuses lists every status.
func Statuses() []Status {
	return []Status{Draft, Moderation, Question, Work, Interim, Review, Answered,
		Rejected, Withdrawn, Confirmed, Controlled, Silent}
}

// Open tells whether somebody still has to do something.
func (s Status) Open() bool {
	switch s {
	case Moderation, Question, Work, Interim, Review, Answered:
		return true
	}
	return false
}

// Solved tells whether a person confirmed that the problem is gone.
func (s Status) Solved() bool { return s == Confirmed || s == Controlled }

// Verb names a command.
type Verb string

// The commands.
const (
	DoSend            Verb = "send"
	DoChangeTopic     Verb = "change_topic"
	DoAsk             Verb = "ask"
	DoReply           Verb = "reply"
	DoLapse           Verb = "lapse"
	DoAccept          Verb = "accept"
	DoReject          Verb = "reject"
	DoWithdraw        Verb = "withdraw"
	DoRedirect        Verb = "redirect"
	DoRequestRedirect Verb = "request_redirect"
	DoDeclineRedirect Verb = "decline_redirect"
	DoAnswer          Verb = "answer"
	DoReturn          Verb = "return"
	DoPass            Verb = "pass"
	DoConfirm         Verb = "confirm"
	DoConfirmOnSpot   Verb = "confirm_on_spot"
	DoCloseSilently   Verb = "close_silently"
	DoAskSolved       Verb = "ask_solved"
	DoDispute         Verb = "dispute"
	DoReopen          Verb = "reopen"
	DoSetDue          Verb = "set_due"
	DoHideText        Verb = "hide_text"
	DoHidePhoto       Verb = "hide_photo"
	DoShowText        Verb = "show_text"
	DoShowPhoto       Verb = "show_photo"
	DoErase           Verb = "erase"
	DoGiveContact     Verb = "give_contact"
	DoForgetContact   Verb = "forget_contact"
	DoClaim           Verb = "claim"
	DoJoin            Verb = "join"
	DoLeave           Verb = "leave"
	DoNote            Verb = "note"
)

// Verbs lists every command.
func Verbs() []Verb {
	return []Verb{DoSend, DoChangeTopic, DoAsk, DoReply, DoLapse, DoAccept, DoReject, DoWithdraw,
		DoRedirect, DoRequestRedirect, DoDeclineRedirect, DoAnswer, DoReturn, DoPass, DoConfirm,
		DoConfirmOnSpot, DoCloseSilently, DoAskSolved, DoDispute, DoReopen, DoSetDue, DoHideText,
		DoHidePhoto, DoShowText, DoShowPhoto, DoErase, DoGiveContact, DoForgetContact, DoClaim,
		DoJoin, DoLeave, DoNote}
}

// Transition is one line of the table: a command that a status allows and
// where it may lead.
type Transition struct {
	From Status
	Verb Verb
	To   []Status
	Why  string // the rule behind it
}

// Table is the whole life of a problem. What is not here is refused. Commands
// that never move a problem (hide, erase, join, give_contact, forget_contact,
// claim, note, set_due)
// stand at the end, once for every status that allows them.
func Table() []Transition {
	table := []Transition{
		{Draft, DoChangeTopic, []Status{Draft}, "the topic may change before the first message is sent; 232 real histories begin so"},
		{Draft, DoSend, []Status{Moderation}, "the first message opens the problem; a moderator sees every message"},

		{Moderation, DoChangeTopic, []Status{Moderation}, "staff change the topic in 12 % of messages"},
		{Moderation, DoAsk, []Status{Question}, "a question to the author stops the clock"},
		{Moderation, DoAccept, []Status{Work}, "accepted: routed to an organisation, the term begins"},
		{Moderation, DoReject, []Status{Rejected, Answered}, "refused with a clause; a refused dispute leaves the answer standing"},
		{Moderation, DoWithdraw, []Status{Withdrawn, Answered}, "an author may take a message back until it is accepted; a dispute taken back leaves the answer standing"},

		{Question, DoReply, []Status{Moderation}, "the author answered; the clock runs on"},
		{Question, DoLapse, []Status{Moderation}, "the author was silent for the term of the question; the moderator decides with what there is"},
		{Question, DoWithdraw, []Status{Withdrawn, Answered}, "instead of answering"},
		{Question, DoReject, []Status{Rejected, Answered}, "the question became pointless"},

		{Work, DoRedirect, []Status{Work}, "handed to another organisation; the earlier one stays on the card"},
		{Work, DoRequestRedirect, []Status{Work}, "the executor says: not ours; the coordinator decides"},
		{Work, DoDeclineRedirect, []Status{Work}, "the coordinator says: yours"},
		{Work, DoAnswer, []Status{Review}, "final or interim; a moderator reads it first"},

		{Interim, DoRedirect, []Status{Interim}, "214 real histories: the residents were told a date, and it stands whoever has to keep it"},
		{Interim, DoRequestRedirect, []Status{Interim}, "as in work"},
		{Interim, DoDeclineRedirect, []Status{Interim}, "as in work"},
		{Interim, DoAnswer, []Status{Review}, "the final answer, or a further interim one where the topic allows it"},

		{Review, DoReturn, []Status{Work, Interim}, "back to the organisation with a reason"},
		{Review, DoPass, []Status{Answered, Interim}, "the residents get it"},
		{Review, DoAnswer, []Status{Review}, "8 real histories: a final answer replaces the interim one that waits"},
		{Review, DoRedirect, []Status{Work, Interim}, "3 real histories: redirected while the answer waits; the answer is dropped"},

		{Answered, DoConfirm, []Status{Confirmed}, "the resident has the last word: solved"},
		{Answered, DoConfirmOnSpot, []Status{Controlled}, "a people's controller saw it solved"},
		{Answered, DoAskSolved, []Status{Answered}, "three days before silence closes it the author and all who joined are asked"},
		{Answered, DoCloseSilently, []Status{Silent}, "nobody reacted for 20 days (a setting)"},
		{Answered, DoDispute, []Status{Moderation}, "the resident has the last word: not solved; a new message of the same problem"},
		{Answered, DoReopen, []Status{Work}, "control does not take the answer for a fix"},

		{Silent, DoReopen, []Status{Work}, "control found that the answer was no fix after all"},
		{Confirmed, DoConfirm, []Status{Confirmed}, "another resident confirms as well; 9 real histories"},
	}
	for _, s := range []Status{Work, Interim, Review, Moderation, Question} {
		table = append(table, Transition{s, DoSetDue, []Status{s}, "a controller moves the due date, with a reason; the original stays in the feed"})
	}
	for _, s := range []Status{Moderation, Question, Work, Interim, Review, Answered} {
		table = append(table,
			Transition{s, DoJoin, []Status{s}, "«у меня тоже», while the problem is open"},
			Transition{s, DoLeave, []Status{s}, "who joined by mistake leaves again"})
	}
	for _, s := range []Status{Moderation, Question, Work, Interim, Review, Answered, Silent} {
		table = append(table, Transition{s, DoGiveContact, []Status{s}, "the author may say where to write while there may be news: control reopens what was closed in silence"})
	}
	for _, s := range Statuses() {
		if s == Draft {
			continue
		}
		table = append(table,
			Transition{s, DoHideText, []Status{s}, "a text is hidden by an event, never edited"},
			Transition{s, DoHidePhoto, []Status{s}, "as a text"},
			Transition{s, DoShowText, []Status{s}, "what was hidden by mistake is shown again; both stay in the feed"},
			Transition{s, DoShowPhoto, []Status{s}, "as a text"},
			Transition{s, DoErase, []Status{s}, "152-ФЗ: the texts are replaced and the feed says so"},
			Transition{s, DoForgetContact, []Status{s}, "152-ФЗ, article 9: a consent may be withdrawn at any time"},
			Transition{s, DoClaim, []Status{s}, "who sent without an account may put the message among their own later"},
			Transition{s, DoNote, []Status{s}, "staff write notes for each other"})
	}
	return table
}

// steps is Table by status and command, made once.
var steps = sync.OnceValue(transitions)

func transitions() map[Status]map[Verb][]Status {
	index := map[Status]map[Verb][]Status{}
	for _, t := range Table() {
		if index[t.From] == nil {
			index[t.From] = map[Verb][]Status{}
		}
		index[t.From][t.Verb] = t.To
	}
	return index
}
