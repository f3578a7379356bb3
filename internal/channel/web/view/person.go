package view

import "time"

// SignInPage asks who is there: a telephone, or a letter with a link.
type SignInPage struct {
	Base
	Errors FieldErrors
	Phone  string
	Email  string
	Back   string // where to go afterwards
	Sent   string // the address a letter with a link was sent to
	ByMail bool   // the city sends letters
	ByText bool   // the city sends text messages
	ESIA   string // address of Госуслуги sign-in; empty when it is not connected
}

// Template implements Page.
func (SignInPage) Template() string { return "sign_in.html" }

// CodePage asks for the code from the text message.
type CodePage struct {
	Base
	Errors  FieldErrors
	Phone   string    // partly hidden: +7 ••• •••-41-12
	Ticket  string    // which sign-in the code belongs to
	Again   time.Time // when another code may be asked for
	Expires time.Time
	Back    string
}

// Template implements Page.
func (CodePage) Template() string { return "code.html" }

// StaffSignInPage asks a member of the staff for a password; SecondPage comes
// after it.
type StaffSignInPage struct {
	Base
	Errors FieldErrors
	Login  string
	Back   string
}

// Template implements Page.
func (StaffSignInPage) Template() string { return "staff_sign_in.html" }

// PasswordPage sets a new password of a member of the staff.
type PasswordPage struct {
	Base
	Errors FieldErrors
	Must   bool // the one in use was set by an administrator
}

// Template implements Page.
func (PasswordPage) Template() string { return "password.html" }

// CabinetPage is what a person has here: problems, settings, permissions.
type CabinetPage struct {
	Base
	Key      string
	Asked    []Line // they wait for the person: a question or an answer to judge
	Mine     []Line
	Joined   []Line
	Watched  []Line // neither sent nor joined: the person asked for their news
	Next     string
	Contact  []Field
	Notify   []Option
	Given    []GivenConsent
	Errors   FieldErrors
	Sessions []Session
}

// Template implements Page.
func (CabinetPage) Template() string { return "cabinet.html" }

// GivenConsent is a permission given before, with the version of its text.
type GivenConsent struct {
	Key     string
	Label   string
	URL     string
	At      time.Time
	Version string
	Means   string // what stops when it is taken back
}

// Session is one place where the person is signed in.
type Session struct {
	ID    string
	Label string
	Seen  time.Time
	This  bool
}
