package view

import "time"

// CoordinatorPage is where problems without an executor and requests to hand
// them over are decided.
type CoordinatorPage struct {
	Base
	Queue    StaffQueue
	Filters  []StaffChoice // all, redirects, unassigned
	Case     *CoordinatorCase
	Conflict *StaffConflict
	Errors   FieldErrors
	ReadOnly string
}

// Template names the page's file.
func (CoordinatorPage) Template() string { return "staff/coordinator.html" }

// CoordinatorCase is the problem on the desk. Kind is "redirect", "unassigned",
// or "own": nobody asked, and the coordinator may hand it over all the same.
type CoordinatorCase struct {
	Command    StaffCommand
	Kind       string
	Number     int64
	Href       string
	Topic      string
	Place      StaffPlace
	Message    StaffVoice
	Due        time.Time
	Late       int
	Executor   string // who has it now; empty: nobody
	Answer     bool   // their answer waits for its review, and a hand-over drops it
	AskedBy    string // organisation that wants it handed over
	AskedAt    time.Time
	AskedWhy   string
	AskedTo    string
	Turn       int // which hand-over this would be, from 1
	Earlier    []StaffStep
	Rule       RuleTrace
	SearchURL  string
	Query      string
	Searched   bool
	Candidates []OrganisationCandidate
	Reason     string
}

// RuleTrace is how the rules came to their choice: each rule that was looked
// at, in order, and why it fitted or not.
type RuleTrace struct {
	Version string
	Steps   []RuleStep
}

// RuleStep is one rule that was considered.
type RuleStep struct {
	Number  string
	Text    string
	Outcome string // who it names
	Fits    bool   // it decides
	Less    bool   // it fits as well, and says less exactly where or what
}

// OrganisationCandidate is somebody the problem can be given to.
type OrganisationCandidate struct {
	ID       string
	Name     string
	Why      string // rule, earlier work near by, or found by name
	Open     int    // problems it has now
	Late     int
	Selected bool
}
