package view

import "time"

// ControllerPage is Monday at nine: what is overdue, what will be, which
// answers did not help, and whose they are.
type ControllerPage struct {
	Base
	Areas         []StaffChoice
	Organisations []StaffChoice
	Whose         []StaffChoice // what their own organisation controls, or everything; empty: no choice
	Action        string
	Filtered      bool
	Counts        []StaffChoice // the lists with their counts; one is selected
	List          string        // "late", "soon", "disputed", "repeated", "unassigned", "undated", "returned", "redirected", "answered"
	Items         []ControlItem
	Pager         StaffPager
	Table         []ControlRow
	AllRows       string // address of the whole table; empty when it is whole
	Rows          int    // of the whole table
	Download      string // the table for programs
	ListDownload  string // the whole list for programs; empty: nothing on it
	Check         *ControlCheck
	Conflict      *StaffConflict
	Errors        FieldErrors
	ReadOnly      string
}

// Template names the page's file.
func (ControllerPage) Template() string { return "staff/controller.html" }

// ControlItem is one problem to look at.
type ControlItem struct {
	Href         string
	Number       int64
	Topic        string
	Address      string
	Organisation string
	Due          time.Time
	Late         int
	Left         int
	NoDue        bool      // no date is known
	Unknown      string    // why
	Answered     time.Time // when the answer came, where the list is of answers
	Turn         int       // how many times it was handed over
	Disputes     int
	Current      bool
}

// ControlRow is one organisation's figures, over the last 30 days except Open
// and Late, which are now. Shares and the median are -1 where there was nothing
// to count.
type ControlRow struct {
	Href     string
	Name     string
	Open     int
	Late     int
	Received int
	Answered int
	InTime   int // percent of the promises
	Median   int // days to the answer
	Disputed int // percent of the answers
	Silent   int // answers that nobody reacted to: closed, not confirmed
}

// ControlCheck is a problem that a people's controller looked at on the spot:
// confirm the answer or open the problem again, with a word why.
type ControlCheck struct {
	Command StaffCommand
	Number  int64
	Href    string
	Topic   string
	Place   StaffPlace
	Message StaffVoice
	Answer  StaffAnswer // empty while there is none
	Text    string
	// NoConfirm and NoReopen leave out what this person may not do now.
	NoConfirm bool
	NoReopen  bool
	SetDue    *DueForm // nil: the date cannot be moved
}

// Holds tells whether the page still has the form of a verdict: "confirm" and
// "reopen" share one, "due" has its own.
func (c *ControlCheck) Holds(verdict string) bool {
	switch {
	case c == nil:
		return false
	case verdict == "due":
		return c.SetDue != nil
	}
	return !c.NoConfirm || !c.NoReopen
}

// DueForm moves the promised date, with a reason that residents read.
type DueForm struct {
	Command StaffCommand
	Date    string // as typed, YYYY-MM-DD
	Min     string
	Reason  string
}
