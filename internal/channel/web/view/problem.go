package view

import "time"

// ProblemPage is one problem and all that happened to it, oldest first.
type ProblemPage struct {
	Base
	Number   int64
	UUID     string
	Topic    string
	Path     string // Двор · Освещение
	Address  string
	HouseURL string // page of the house; empty: the place is no house
	AreaURL  string // page of the area; empty: outside of all
	Area     string
	State    State
	Created  time.Time
	Due      Due
	Until    time.Time // of a question to the author, while the clock stands; zero: none is open
	Before   KeptWord  // the answer before a dispute; zero: none
	Answered time.Time // of the final answer; zero before it
	Promised time.Time // by when that answer was promised; zero: unknown
	WorkDays int       // working days that the answer took
	Passed   int       // how much of the promised time has gone, 0 … 1000

	Events []Event

	Executor    Organisation
	Coordinator Organisation
	Controller  Organisation
	Earlier     string // the organisation that had it before a redirect
	Joined      int

	Thing    Thing  // the object of the city that it is about; unknown: none
	Still    *Still // the small map of the place; nil when there is none
	Lat, Lon float64
	Photos   int

	Hidden    bool        // not public: only a tile is shown
	HiddenWhy string      // why, when it may be said
	Follow    bool        // opened by the secret link of its author
	Mine      bool        // the person looking is the author
	Own       []StaffFact // what the author answered to the form's own questions: for the author alone

	Keys       Keys
	Can        Rights
	AskedAway  time.Time // when it will be closed without an answer from the author
	Question   string    // of the moderator, waiting for a reply
	Disputing  bool      // the form «Нет, не решена» is open
	DisputeOld string    // what was typed in it
	ReplyOld   string
	Refused    string  // why a further message was not taken, where no input is to blame
	Unsent     string  // its text, where its form is there no longer
	Taken      []Photo // its photos, kept under the form's key
	Errors     FieldErrors
	News       *News  // nil: nothing more will happen
	Back       string // where the person came from; empty: the map
	Next       []Next // what to do where the city's way ends: mend and send again, call, appeal
	EraseURL   string // where the author erases the text and photos (152-ФЗ); empty: may not
}

// Template implements Page.
func (ProblemPage) Template() string { return "problem.html" }

// ActionURL is where a form of the page goes.
func (p ProblemPage) ActionURL(do string) string { return problemURL(p.Number) + "/" + do }

// URL is the page's own address.
func (p ProblemPage) URL() string { return problemURL(p.Number) }

// LastAnswer is the answer that is to be judged: nobody should have to look for
// it further down. Nil when there is none.
func (p ProblemPage) LastAnswer() *Event {
	for i := len(p.Events) - 1; i >= 0; i-- {
		if p.Events[i].Kind == "answer" {
			return &p.Events[i]
		}
	}
	return nil
}

// LastRefusal is why the message was refused: the page says it beside what may be
// done about it. Nil when there is none.
func (p ProblemPage) LastRefusal() *Event {
	for i := len(p.Events) - 1; i >= 0; i-- {
		if p.Events[i].Kind == "rejected" {
			return &p.Events[i]
		}
	}
	return nil
}

// KeptWord is an answer that was given, and by when it had been promised.
type KeptWord struct {
	Promised time.Time // zero: unknown
	Given    time.Time // zero: no answer was given
}

// Rights are what the person looking may do here.
type Rights struct {
	Join     bool // «У меня тоже»
	Leave    bool // has joined and may leave
	Judge    bool // confirm the answer or dispute it
	Confirm  bool // a people's controller: confirm on the spot
	Withdraw bool
	Forget   bool // withdraw the consent to keep contacts: they are deleted
	Reply    bool // to the moderator's question
	Staff    bool // may open it at the desk
}

// News says whether and where the person looking hears of a problem.
type News struct {
	SignIn   string    // where a guest signs in to hear of it; empty: who looks is known
	On       bool      // hears of it
	To       string    // where, partly hidden; empty: unknown
	Muted    bool      // an account that has switched all news off
	Settings string    // where an account changes what it hears; empty: no account
	Contact  []Field   // of an author without an account: another way to be reached
	Consents []Consent // what the city asks before it keeps that
	Open     bool      // Contact is shown at once
}

// Organisation is a body and how to reach it.
type Organisation struct {
	Name  string
	URL   string
	Phone string
	Email string
}

// Event is one entry of the feed. Kind says which of the other fields count:
//
//	message          Number, Who, Text, Photos; Number over 1 is a dispute or an addition
//	accepted         Org, Why
//	topic_changed    Topic, EarlierTopic, Why
//	question         Text
//	reply            Text, Photos
//	redirected       Org, EarlierOrg, Text, Why
//	overseen         Org, EarlierOrg: another coordinator or controller, the same executor
//	interim          Org, Position, Person, Phone, Text, Photos, Planned
//	answer           Org, Position, Person, Phone, Text, Photos, Days
//	review_passed    (staff)
//	review_returned  Text (staff)
//	closed_author, closed_controller, closed_auto   Days for the last one
//	disputed         Text, Photos
//	reopened         Org, Text
//	rejected         Text, Clause, ClauseURL
//	repeat           Text, Same: refused, because somebody has reported it
//	withdrawn
//	joined           Number of people
//	contact          (author)
//	contact_forgotten (author)
//	claimed          (author)
//	due_changed      Planned, Text
//	hidden_text      Text says why
//	erased           Text says on what ground
type Event struct {
	Kind         string
	At           time.Time
	Number       int
	Who          string
	Text         string
	Photos       []Photo
	Org          string
	EarlierOrg   string
	Why          []string
	Topic        string
	EarlierTopic string
	Person       string
	Position     string
	Phone        string
	Planned      time.Time
	Days         int
	Clause       string
	ClauseURL    string
	SeenBy       string // "", staff, author: who else is not shown this
	ID           string // anchor
	Same         *SameProblem
}

// SameProblem is a problem that a refused message repeats, where everyone may
// see it.
type SameProblem struct {
	Number int64
	URL    string
	Topic  string
	State  State
}

// Quiet tells whether the entry is a remark beside the course of things.
func (e Event) Quiet() bool {
	switch e.Kind {
	case "topic_changed", "review_passed", "review_returned", "joined", "contact", "contact_forgotten", "claimed", "due_changed", "hidden_text", "erased":
		return true
	}
	return false
}

// Signed is the author of an answer: name, position, telephone.
func (e Event) Signed() string { return joined(", ", []string{e.Person, e.Position}) }
