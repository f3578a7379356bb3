package view

import "time"

// WorkListPage is what an organisation has to do, by due date, the overdue
// first. It is read on a phone in a yard.
type WorkListPage struct {
	Base
	Organisation string
	Count        int
	Late         int
	Filters      []StaffChoice // state, overdue, today: links
	Topics       []StaffChoice // a select
	Areas        []StaffChoice // a select
	Action       string        // where the selects are sent
	Groups       []WorkGroup
	Pager        StaffPager
	Filtered     bool // an empty list is then the filter's doing
	Clear        string
	Due, State   string // what the pills narrow to; the selects keep it
}

// Template names the page's file.
func (WorkListPage) Template() string { return "staff/work.html" }

// WorkGroup is a stretch of the list: "late", "today", "tomorrow", "week",
// "later", or what is out of hand: "review", "answered".
type WorkGroup struct {
	Name  string
	Count int
	Items []WorkItem
}

// WorkItem is one problem to do.
type WorkItem struct {
	Href    string
	Number  int64
	Topic   string
	Address string
	Excerpt string
	Thumb   string
	Due     time.Time
	Late    int  // days after the due date; 0 when in time
	Left    int  // days before it
	NoDue   bool // no date is known
	Joined  int
	Dispute bool      // the resident did not agree with an answer
	Return  bool      // the answer was given back
	Planned time.Time // date promised by an interim answer
	// Answered is when the residents got the answer; zero until then. Neither
	// this nor Due is known while an answer waits for its review.
	Answered time.Time
}

// AnswerPage is where an executor reads one problem and answers it.
type AnswerPage struct {
	Base
	Command  StaffCommand
	Back     string // the list it was reached from
	Number   int64
	Href     string // its public page
	Topic    string
	TopicWay string // object and category
	Place    StaffPlace
	State    State
	Message  StaffVoice
	Facts    []StaffFact // phone and flat, only where the topic asks for them
	Joined   int
	Due      Due
	FirstDue time.Time // the due date before it was moved, zero while it never was
	Answered time.Time // when the residents got the answer; zero while none counts
	Waiting  time.Time // when the answer was given that waits for its review; zero: none does
	Late     int
	Left     int
	Returned string // why the last answer came back
	Disputes []StaffVoice
	Answers  []StaffAnswer
	Feed     []StaffStep
	Form     AnswerForm
	Redirect RedirectForm
	Conflict *StaffConflict
	Errors   FieldErrors
	ReadOnly string
}

// Template names the page's file.
func (AnswerPage) Template() string { return "staff/answer.html" }

// AnswerForm is the answer being written.
type AnswerForm struct {
	Interim     bool
	MayInterim  bool // the topic's term may be extended
	NoInterim   string
	Planned     string // as typed, YYYY-MM-DD
	PlannedMin  string
	PlannedMax  string
	PlannedLast time.Time // PlannedMax as a day
	Written     int       // characters of Text
	Outcome     string
	Templates   []StaffTemplate
	TemplateURL string // where a chosen template is fetched from by a plain form
	Text        string
	TextMin     int
	TextMax     int
	PhotosMax   int
	PhotoNeeded bool         // an answer "done" needs a photo
	Photos      []StaffPhoto // sent before, kept while the form is mended
	Position    string
	Name        string
	Phone       string
}

// RedirectForm asks the coordinator to hand the problem to somebody else.
type RedirectForm struct {
	Command StaffCommand
	Allowed bool
	Denied  string // why not: already asked, third time
	Until   time.Time
	Reasons []StaffTemplate
	Text    string
	To      string // whom the executor suggests
}
