package problem

import (
	"encoding/json"
	"fmt"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// Moment is a point in time as the feed keeps it: microseconds since 1970,
// UTC; 0 means none.
type Moment int64

// Seen says who may read an event.
type Seen string

// The circles of readers; each includes those after it.
const (
	Public Seen = "public"
	Author Seen = "author" // the author and all who joined; questions, replies and what is said of contacts the author alone
	Staff  Seen = "staff"
)

// Part says in which part somebody acted.
type Part string

// The parts.
const (
	AsAuthor Part = "author"
	AsJoined Part = "joined"
	AsStaff  Part = "staff"
	AsCity   Part = "city" // the schedule, an import
)

// Actor is who caused an event: ids only, names are looked up when shown.
type Actor struct {
	Part   Part   `json:"part"`
	Person int64  `json:"person,omitempty"`
	Org    org.ID `json:"org,omitempty"`
}

// Event is one entry of the feed. The feed is the truth: the state of a
// problem is what folding its events gives.
type Event struct {
	Seq  int64
	At   Moment
	By   Actor
	Seen Seen
	Data Data
}

// Data is what an event says; each kind has its own type.
type Data interface{ kind() Kind }

// Kind names a kind of event, in the past tense.
type Kind string

// TextRef points to a text that a person wrote. The text itself lives in a row
// that can be erased; the commitment proves that it was not changed.
type TextRef struct {
	ID         int64  `json:"id"`
	Commitment string `json:"commitment,omitempty"`
}

// Dues are the due dates of the stages as they were computed: one set at
// sending, another at acceptance. Why a date is what it is stands in Promise.
type Dues struct {
	Moderation Moment `json:"moderation,omitempty"`
	Work       Moment `json:"work,omitempty"`
	Review     Moment `json:"review,omitempty"`
	Promised   Moment `json:"promised,omitempty"` // what the resident was told: the sum of the stages
	// Unknown says why a date is missing: nothing is guessed, nothing refused.
	Unknown string `json:"unknown,omitempty"`
	// Steps is how Promised was computed, in the words of package deadline.
	Steps json.RawMessage `json:"steps,omitempty"`
}

// Routing is who is responsible and which rule said so.
type Routing struct {
	Executor    org.ID `json:"executor,omitempty"`
	Coordinator org.ID `json:"coordinator,omitempty"`
	Controller  org.ID `json:"controller,omitempty"`
	Rule        int64  `json:"rule,omitempty"`
	Version     int64  `json:"version,omitempty"` // of the rules
}

// The kinds of events and what each says.
type (
	// Sent: the first message opened the problem.
	Sent struct {
		Number  int64       `json:"number"`
		UID     string      `json:"uid"`
		Text    TextRef     `json:"text"`
		Photos  []int64     `json:"photos,omitempty"`
		Topic   topic.Ref   `json:"topic"`
		Object  topic.ID    `json:"object"`
		Branch  topic.ID    `json:"category"`
		Public  bool        `json:"public"`
		Manual  bool        `json:"manual,omitempty"` // the topic was picked by hand, not from the proposals
		Place   place.Place `json:"place"`
		Channel string      `json:"channel"`
		Mended  int64       `json:"mended,omitempty"` // the refused problem that this one sends again
		Dues    Dues        `json:"dues"`
	}
	// TopicChanged: staff put another topic.
	TopicChanged struct {
		From   topic.Ref `json:"from"`
		To     topic.Ref `json:"to"`
		Object topic.ID  `json:"object"`
		Branch topic.ID  `json:"category"`
		Public bool      `json:"public"`
		Dues   *Dues     `json:"dues,omitempty"`
	}
	// Asked: the author was asked something and has until Until.
	Asked struct {
		Text  TextRef `json:"text"`
		Until Moment  `json:"until,omitempty"`
	}
	// Replied: the author answered the question.
	Replied struct {
		Text   TextRef `json:"text"`
		Photos []int64 `json:"photos,omitempty"`
		Dues   *Dues   `json:"dues,omitempty"` // moved by the pause
	}
	// Lapsed: the question's term passed without an answer.
	Lapsed struct {
		Dues *Dues `json:"dues,omitempty"`
	}
	// Accepted: the message goes to an organisation.
	Accepted struct {
		Message int     `json:"message"`
		Routing Routing `json:"routing"`
		Dues    Dues    `json:"dues"`
	}
	// Refused: the message does not keep a clause of the rules. Of is the public
	// number of the problem that it repeats; 0: it repeats none.
	Refused struct {
		Message int     `json:"message"`
		Clause  string  `json:"clause"`
		Of      int64   `json:"of,omitempty"`
		Text    TextRef `json:"text"`
	}
	// TakenBack: the author withdrew the message.
	TakenBack struct {
		Message int `json:"message"`
	}
	// Redirected: other organisations are responsible from now on.
	Redirected struct {
		From   Routing `json:"from"`
		To     Routing `json:"to"`
		Reason TextRef `json:"reason,omitzero"`
		Due    Moment  `json:"due,omitempty"` // the new promise, where it moved
	}
	// RedirectAsked: the executor says that this is not theirs.
	RedirectAsked struct {
		Org    org.ID  `json:"org"`
		To     org.ID  `json:"to,omitempty"`
		Reason TextRef `json:"reason"`
	}
	// RedirectDeclined: the coordinator says that it is.
	RedirectDeclined struct {
		Reason TextRef `json:"reason"`
	}
	// Given: an answer was written and waits for its review.
	Given struct {
		Answer  int     `json:"answer"` // 1, 2, … within the problem
		Message int     `json:"message"`
		Interim bool    `json:"interim,omitempty"`
		Outcome Outcome `json:"outcome,omitempty"`
		Org     org.ID  `json:"org"`
		Text    TextRef `json:"text"` // with who signed it
		Photos  []int64 `json:"photos,omitempty"`
		Planned Moment  `json:"planned,omitempty"`
		Due     Moment  `json:"due,omitempty"` // of the review
	}
	// SentBack: the answer goes back to the organisation.
	SentBack struct {
		Answer int     `json:"answer"`
		Text   TextRef `json:"text"`
	}
	// Passed: the residents get the answer.
	Passed struct {
		Answer int `json:"answer"`
	}
	// Solved: the author or somebody who joined confirms.
	Solved struct{}
	// SolvedOnSpot: a people's controller saw it.
	SolvedOnSpot struct {
		Text   TextRef `json:"text,omitzero"`
		Photos []int64 `json:"photos,omitempty"`
	}
	// SolvedAsked: the author and all who joined were asked whether it is solved.
	SolvedAsked struct{}
	// FellSilent: nobody reacted; closed without a verdict.
	FellSilent struct {
		Imported bool `json:"imported,omitempty"` // by the rules of another system
	}
	// Disputed: a further message says that the answer is no fix.
	Disputed struct {
		Message int     `json:"message"`
		Text    TextRef `json:"text"`
		Photos  []int64 `json:"photos,omitempty"`
		Channel string  `json:"channel"`
		Dues    Dues    `json:"dues"`
	}
	// Reopened: control sends it back to work.
	Reopened struct {
		Text TextRef `json:"text"`
		Dues Dues    `json:"dues"`
	}
	// DueMoved: a controller set another date.
	DueMoved struct {
		From   Moment  `json:"from,omitempty"`
		To     Moment  `json:"to"`
		Reason TextRef `json:"reason"`
	}
	// TextHidden: a text is not shown any more.
	TextHidden struct {
		Text   int64   `json:"text"`
		Reason TextRef `json:"reason"`
	}
	// PhotoHidden: a photo is not shown any more.
	PhotoHidden struct {
		Photo  int64   `json:"photo"`
		Reason TextRef `json:"reason"`
	}
	// TextShown: a hidden text is shown again.
	TextShown struct {
		Text   int64   `json:"text"`
		Reason TextRef `json:"reason"`
	}
	// PhotoShown: a hidden photo is shown again.
	PhotoShown struct {
		Photo  int64   `json:"photo"`
		Reason TextRef `json:"reason"`
	}
	// Erased: the author's texts, contacts and photos were erased (152-ФЗ).
	Erased struct{}
	// ContactGiven: the author said where to write, and by which ways; the
	// contact itself is in a row that can be erased.
	ContactGiven struct {
		Phone bool `json:"phone,omitempty"`
		Email bool `json:"email,omitempty"`
	}
	// ContactForgotten: the author withdrew the consent to keep contacts; they
	// were deleted.
	ContactForgotten struct{}
	// Claimed: who sent without an account signed in and is the author by it.
	Claimed struct{}
	// Joined: somebody has this problem too.
	Joined struct{}
	// Left: somebody who had joined left again.
	Left struct{}
	// Noted: a note among staff.
	Noted struct {
		Text TextRef `json:"text"`
	}
)

// Outcome says what an organisation did.
type Outcome string

// The outcomes of an answer.
const (
	Done    Outcome = "done"
	Planned Outcome = "planned"  // will be done later, outside this term
	Refusal Outcome = "refused"  // will not be done, and why
	NotOurs Outcome = "not_ours" // with evidence
	Absent  Outcome = "absent"   // checked on the spot: nothing found
)

func (Sent) kind() Kind             { return "sent" }
func (TopicChanged) kind() Kind     { return "topic_changed" }
func (Asked) kind() Kind            { return "asked" }
func (Replied) kind() Kind          { return "replied" }
func (Lapsed) kind() Kind           { return "lapsed" }
func (Accepted) kind() Kind         { return "accepted" }
func (Refused) kind() Kind          { return "refused" }
func (TakenBack) kind() Kind        { return "taken_back" }
func (Redirected) kind() Kind       { return "redirected" }
func (RedirectAsked) kind() Kind    { return "redirect_asked" }
func (RedirectDeclined) kind() Kind { return "redirect_declined" }
func (Given) kind() Kind            { return "given" }
func (SentBack) kind() Kind         { return "sent_back" }
func (Passed) kind() Kind           { return "passed" }
func (Solved) kind() Kind           { return "solved" }
func (SolvedOnSpot) kind() Kind     { return "solved_on_spot" }
func (SolvedAsked) kind() Kind      { return "solved_asked" }
func (FellSilent) kind() Kind       { return "fell_silent" }
func (Disputed) kind() Kind         { return "disputed" }
func (Reopened) kind() Kind         { return "reopened" }
func (DueMoved) kind() Kind         { return "due_moved" }
func (TextHidden) kind() Kind       { return "text_hidden" }
func (PhotoHidden) kind() Kind      { return "photo_hidden" }
func (TextShown) kind() Kind        { return "text_shown" }
func (PhotoShown) kind() Kind       { return "photo_shown" }
func (Erased) kind() Kind           { return "erased" }
func (ContactGiven) kind() Kind     { return "contact_given" }
func (ContactForgotten) kind() Kind { return "contact_forgotten" }
func (Claimed) kind() Kind          { return "claimed" }
func (Joined) kind() Kind           { return "joined" }
func (Left) kind() Kind             { return "left" }
func (Noted) kind() Kind            { return "noted" }

// feedVersion is the version in which events are written now. When the shape
// of a kind changes it goes up, and decode learns to lift the older shape.
const feedVersion = 1

// encode writes the data of an event.
func encode(d Data) (Kind, string, error) {
	body, err := json.Marshal(d)
	if err != nil {
		return "", "", fmt.Errorf("write event %s: %w", d.kind(), err)
	}
	return d.kind(), string(body), nil
}

// decode reads the data of an event that was written in a version.
func decode(kind Kind, version int, body string) (Data, error) {
	if version != feedVersion {
		return nil, fmt.Errorf("event %s has version %d, this program knows %d", kind, version, feedVersion)
	}
	switch kind {
	case "sent":
		return read[Sent](kind, body)
	case "topic_changed":
		return read[TopicChanged](kind, body)
	case "asked":
		return read[Asked](kind, body)
	case "replied":
		return read[Replied](kind, body)
	case "lapsed":
		return read[Lapsed](kind, body)
	case "accepted":
		return read[Accepted](kind, body)
	case "refused":
		return read[Refused](kind, body)
	case "taken_back":
		return read[TakenBack](kind, body)
	case "redirected":
		return read[Redirected](kind, body)
	case "redirect_asked":
		return read[RedirectAsked](kind, body)
	case "redirect_declined":
		return read[RedirectDeclined](kind, body)
	case "given":
		return read[Given](kind, body)
	case "sent_back":
		return read[SentBack](kind, body)
	case "passed":
		return read[Passed](kind, body)
	case "solved":
		return read[Solved](kind, body)
	case "solved_on_spot":
		return read[SolvedOnSpot](kind, body)
	case "solved_asked":
		return read[SolvedAsked](kind, body)
	case "fell_silent":
		return read[FellSilent](kind, body)
	case "disputed":
		return read[Disputed](kind, body)
	case "reopened":
		return read[Reopened](kind, body)
	case "due_moved":
		return read[DueMoved](kind, body)
	case "text_hidden":
		return read[TextHidden](kind, body)
	case "photo_hidden":
		return read[PhotoHidden](kind, body)
	case "text_shown":
		return read[TextShown](kind, body)
	case "photo_shown":
		return read[PhotoShown](kind, body)
	case "erased":
		return read[Erased](kind, body)
	case "contact_given":
		return read[ContactGiven](kind, body)
	case "contact_forgotten":
		return read[ContactForgotten](kind, body)
	case "claimed":
		return read[Claimed](kind, body)
	case "joined":
		return read[Joined](kind, body)
	case "left":
		return read[Left](kind, body)
	case "noted":
		return read[Noted](kind, body)
	}
	return nil, fmt.Errorf("unknown kind of event %q", kind)
}

func read[T Data](kind Kind, body string) (Data, error) {
	var d T
	if err := json.Unmarshal([]byte(body), &d); err != nil {
		return nil, fmt.Errorf("read event %s: %w", kind, err)
	}
	return d, nil
}

// seen is who may read a kind of event.
func seen(d Data) Seen {
	switch d.(type) {
	case Given, SentBack, RedirectAsked, RedirectDeclined, Noted:
		return Staff // an answer is public once it has passed its review
	case Asked, Replied, Lapsed, SolvedAsked, TakenBack, Refused, ContactGiven, ContactForgotten, Claimed:
		return Author
	}
	return Public
}

// KindOf names the kind of an entry, for other packages.
func KindOf(d Data) string { return string(d.kind()) }
