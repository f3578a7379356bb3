package view

import "time"

// ControllerPage is Monday at nine: what is overdue, what will be, which
// answers did not help, and whose they are.
type ControllerPage struct {
	Base
	Areas         []StaffChoice
	Organisations []StaffChoice
	Action        string
	Filtered      bool
	Counts        []StaffChoice // the five lists with their counts; one is selected
	List          string        // "late", "soon", "disputed", "returned", "redirected"
	Items         []ControlItem
	Pager         StaffPager
	Table         []ControlRow
	NowOnly       bool // the table has no figures of the last 30 days
	Download      string
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
	NoDue        bool // no date is known
	Turn         int  // how many times it was handed over
	Disputes     int
	Current      bool
}

// ControlRow is one organisation's figures, over the last 30 days except Open
// and Late, which are now.
type ControlRow struct {
	Href     string
	Name     string
	Open     int
	Late     int
	Answered int
	InTime   int // percent
	Disputed int // percent
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

// DueForm moves the promised date, with a reason that residents read.
type DueForm struct {
	Command StaffCommand
	Date    string // as typed, YYYY-MM-DD
	Min     string
	Reason  string
}
