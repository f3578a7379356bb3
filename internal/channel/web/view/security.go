package view

import "time"

// SecondPage asks a member of the staff, whose password was right, for a code
// of the second factor.
type SecondPage struct {
	Base
	Errors FieldErrors
	// Recovery: a recovery code is asked for instead of one of the app.
	Recovery bool
	Other    string // address of the same page that asks for the other one
	Back     string
}

// Template implements Page.
func (SecondPage) Template() string { return "second.html" }

// SecurityPage is a person's own second factor: to set up, being set up, or on.
type SecurityPage struct {
	Base
	Start    StaffCommand
	Confirm  StaffCommand
	Change   StaffCommand
	Leave    StaffCommand // signs out
	Errors   FieldErrors
	Used     bool // the city knows of a second factor
	Required bool // the person cannot work without
	On       bool
	Since    time.Time
	Left     int          // recovery codes that still work
	Setup    *SecondSetup // nil when none is being set up
	Codes    []string     // new recovery codes, shown this once
}

// Template implements Page.
func (SecurityPage) Template() string { return "staff/security.html" }

// SecondSetup is what an authenticator app has to be told.
type SecondSetup struct {
	Secret  string // in groups of four
	Picture string // address of the same as a picture
	Size    int    // of the picture, in pixels
	Until   time.Time
}
