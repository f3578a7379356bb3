package view

import "time"

// HomePage is the one question «Что случилось?». The same form is shown again
// after every step that was taken without JavaScript, with all that was typed.
type HomePage struct {
	Base
	Keys   Keys
	Errors FieldErrors

	Refused string // why all of it was not sent; empty: it was not tried, or it is said at the inputs
	Before  int64  // number of the message that was sent with this very form; 0: none

	Text    string
	MaxText int    // in characters
	Danger  bool   // the text speaks of danger to life: 112 comes first
	Calls   []Next // whom to call in danger; empty: 112
	Mended  int64  // number of the refused message that is sent again; 0: none
	Topics  []TopicChoice
	Manual  bool   // the topic was picked by hand
	Next    []Next // what to do instead: nothing fits, the season is closed
	NoTopic string // why nothing is proposed, when the text is there and Topics is empty

	Offered string // what is proposed, as the hidden input carries it to the sending

	Question Question
	Answered Answered
	Notices  []Notice
	Parts    []string  // the problems that the text seems to speak of; none: it is one
	Rest     string    // the second problem, kept until the first is sent
	First    SentFirst // the first problem, which was just sent

	Address string
	Houses  []Option // houses found for the address
	// NoNumber says that houses were found for a street without a number.
	NoNumber bool
	// NoSuchHouse says that what was typed is not there, and what is; "" where
	// it is.
	NoSuchHouse string
	Place       Mark
	Things      Things        // objects of the city that it may be about
	Near        []Near        // what the message may repeat, the likeliest first
	Explained   []KnownOutage // outages that explain what is being reported
	ExplainAsk  []KnownOutage // told instead of sending, once; none: nothing is
	Duty        Duty          // whom to call before sending
	Repeat      Near          // asked about instead of sending; number 0: nothing is

	Photos     []Photo
	PhotoNeed  string // what evidence the topic asks for; empty when none
	PhotoLimit int
	Fields     []Field // what the topic asks for: stairs, floor, apartment, phone
	Advice     string  // what to know before sending, from the topic
	CallFirst  []Piece // what to do before writing: whom to call
	Season     string  // why the topic is not taken now; empty: it is
	Contact    []Field // how to get the answer; all optional
	Consents   []Consent
	Account    bool   // the person has an account, which says where the answer goes:
	Known      string // there, partly hidden; empty: to the cabinet only
	Open       bool   // everything below the question is shown at once

	Figures  Figures
	Own      []int64 // numbers of messages whose link was opened on this device, the newest first
	Lines    []Line
	LinesFar bool // no place is known: the lines are the newest of the town
}

// Template implements Page.
func (HomePage) Template() string { return "home.html" }

// OneAtText tells whether the text alone is wrong: its sentence stands right
// there, under the question.
func (p HomePage) OneAtText() bool { return len(p.Errors) == 1 && p.Errors[0].Name == "text" }

// Started tells whether there is an answer to the question already, so that all
// the rest is shown.
func (p HomePage) Started() bool {
	return p.Open || len(p.Topics) > 0 || p.NoTopic != "" || p.Place.Known() || len(p.Errors) > 0
}

// TopicChoice is a topic that the text may be about.
type TopicChoice struct {
	ID     string
	Name   string
	Path   string    // Двор · Освещение
	Due    time.Time // the promise, when it is known
	Chosen bool
	Icon   string // picture of its object, a name in objects.svg; empty: none
	Covers string // what the topic is about, in a line
	Why    string // why it cannot be chosen: closed, out of season; empty: it can
	Words  string // by which it is found beside its name: synonyms, the other language
}

// Off tells whether the topic is shown and cannot be chosen.
func (c TopicChoice) Off() bool { return c.Why != "" }

// Mark is how the place was shown; the values of hidden inputs.
type Mark struct {
	Lat, Lon string // decimal degrees, as the browser sent them
	House    string
	Kind     string // building, near, point
	Accuracy string // metres, of the phone's own position
	Label    string // the place in words; empty when there is none yet
}

// Known tells whether there is a place.
func (m Mark) Known() bool { return m.Label != "" }

// Figures are four honest numbers of the last 30 days.
type Figures struct {
	Messages   int
	OnTime     int // percent of answers
	MedianDays int
	Disputed   int  // percent of answers that people did not agree with
	None       bool // too few to say anything
}

// SentPage says what was received and what happens next.
type SentPage struct {
	Base
	Keys      Keys
	Number    int64
	Code      string // short, to be written down: number and code open the problem
	FollowURL string // with the secret; whole, to be copied; empty: there is an account, or it was shown before
	Topic     string
	Address   string
	CheckBy   time.Time // moderation ends at the latest; zero: unknown
	Due       Due
	Contact   []Field // asked here when none was given
	Consents  []Consent
	Errors    FieldErrors
	Known     string // where the answer will be sent, when that is known
	Queued    bool   // the text could not be checked yet: the city is busy, but it is safe
	Joined    bool   // joined a problem of others instead of opening one
	State     State  // where it stands now
	Moved     bool   // it is not waiting for the first check any more: State says more than what was promised
	Rest      bool   // the text spoke of a second problem, which waits in the form
	SignIn    string // where a guest who joined signs in to hear of the answer; empty: known, or the author
}

// Template implements Page.
func (SentPage) Template() string { return "sent.html" }

// URL is the address of the problem's page.
func (p SentPage) URL() string { return problemURL(p.Number) }

// TopicPickPage is the whole tree, to choose by hand. It is a step of the home
// page's form: everything typed travels along as hidden inputs.
type TopicPickPage struct {
	Base
	Query   string
	Found   []TopicChoice
	Recent  []TopicChoice // what the signed-in author wrote about lately
	Objects []TopicObject
	Kept    []Kept
}

// Template implements Page.
func (TopicPickPage) Template() string { return "topic_pick.html" }

// TopicObject is the first level of the tree.
type TopicObject struct {
	Name       string
	Icon       string // its picture, a name in objects.svg; empty: none
	Count      int
	Open       bool
	Categories []TopicCategory
}

// TopicCategory is the second level of the tree.
type TopicCategory struct {
	Name   string
	Topics []TopicChoice
}

// Kept is a hidden input that carries what was typed to the next step.
type Kept struct{ Name, Value string }
