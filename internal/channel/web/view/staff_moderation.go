package view

import (
	"strconv"
	"time"
)

// ModerationPage is the desk of a moderator: the queue, one message, what the
// model thinks and why, where the message will go, what is similar near it.
type ModerationPage struct {
	Base
	Queue    StaffQueue
	Today    int                // messages this person has decided today
	Mean     time.Duration      // how long one took on average
	Message  *ModerationMessage // nil when nothing waits
	Conflict *StaffConflict
	Open     string // panel shown open: "duplicate", "ask", "reject", "edit" or none
	Errors   FieldErrors
	ReadOnly string // why this person may only look; empty when they may decide
}

// Template names the page's file.
func (ModerationPage) Template() string { return "staff/moderation.html" }

// ModerationMessage is the message on the desk.
type ModerationMessage struct {
	Href       string // address of this message on the desk
	Command    StaffCommand
	Number     int64
	Received   time.Time
	CheckBy    time.Time // when the check itself is due
	Runs       []StaffRun
	PublicText string   // what will be published, with personal data covered
	HideText   bool     // the moderator keeps the text from being published
	Masked     []string // what was covered: the values of StaffRun.Mask, each once
	Photos     []StaffPhoto
	Place      StaffPlace
	Known      []KnownOutage // outages at the place that explain the message
	Facts      []StaffFact
	Author     ModerationAuthor
	Disputed   *StaffAnswer // the answer this message disagrees with
	Findings   ModerationFindings
	Choice     *ModerationChoice // nil: nothing is known of it
	Topics     []ModerationTopic
	TopicQuery string
	TopicFound int // how many topics the search found; they follow the proposals in Topics
	Similar    []SimilarProblem
	// DuplicateNumber is what was typed as the number of the other problem.
	DuplicateNumber string
	// AuthorReads says that the author reads another language than the
	// moderator; empty: the same.
	AuthorReads string
	// Unreached: no letter reaches the author, who left no way and has no account.
	Unreached bool
	// Decided is what became of the message; nil while it waits.
	Decided   *StaffOutcome
	Clauses   []StaffTemplate
	Questions []StaffTemplate
}

// StaffOutcome is what became of a problem that a desk has nothing more to do
// with.
type StaffOutcome struct {
	State    State
	Executor string // empty: nobody
	Href     string // its page for staff
}

// ModerationAuthor is what a moderator may know of the author. Channel is
// "web", "phone_app", "operator", "api" or "bot".
type ModerationAuthor struct {
	Channel  string
	Sent     int // messages before this one
	Accepted int
	Rejected int
	Today    int // sent within the last 24 hours, this one included
}

// ModerationFindings is what the machine noticed in the words; all of it is a
// hint. Personal data stand in the runs.
type ModerationFindings struct {
	Danger  []string // the gravest first
	Obscene []string // kinds of foul words
	Parts   []string // the problems that seem to be in one message; none: one
}

// ModerationChoice is the author's choice beside the model's view.
type ModerationChoice struct {
	Said     string // what they were offered and did; empty: not known
	Offered  []ModerationOffered
	Answered string // the object they named when the page asked
	Judged   bool   // the model has proposals now
	Agrees   bool   // its first one is the author's topic
	Lost     bool   // its first one is hardly one: that it differs says nothing
}

// ModerationOffered is a topic that the author was shown.
type ModerationOffered struct {
	Name    string
	Percent int
	Taken   bool
}

// ModerationTopic is a topic on offer, with where a message under it would go.
type ModerationTopic struct {
	Code     string
	Name     string
	Path     string // object and category
	Rank     int    // place among the model's proposals, 0 when it is none
	Percent  int    // calibrated probability
	Sure     string // the same in words
	Bar      Bar    // the same drawn
	Because  []string
	Author   bool // the author chose it
	Found    bool // it comes from the search
	Selected bool
	Route    StaffRoute
}

// StaffRoute says who will do it, by when and which rule says so. An empty
// Executor is a gap in the rules: the coordinator will choose.
type StaffRoute struct {
	Executor    string
	Coordinator string
	Controller  string
	Due         Due
	Rule        string // number of the rule
	RuleText    string // what it says
	RunnerUp    string // who would have been next
	RunnerWhy   string
}

// SimilarProblem is a problem near by that the message may repeat.
type SimilarProblem struct {
	ID       string
	Number   int64
	Href     string
	Topic    string
	Metres   int
	Opened   time.Time
	State    State
	Excerpt  string
	Joined   int
	Percent  int      // that it is the same problem
	Same     []string // words that both have
	Closed   bool     // not long ago: nobody can join it any more
	Selected bool
}

// NumberedTopic is a topic with its place in the list and the key that picks
// it; past the ninth there is no key.
type NumberedTopic struct {
	ModerationTopic
	Place int
	Key   string
}

// Numbered gives the topics on offer their keys, in order.
func (m ModerationMessage) Numbered() []NumberedTopic {
	numbered := make([]NumberedTopic, len(m.Topics))
	for i, topic := range m.Topics {
		numbered[i] = NumberedTopic{ModerationTopic: topic, Place: i}
		if i < 9 {
			numbered[i].Key = strconv.Itoa(i + 1)
		}
	}
	return numbered
}
