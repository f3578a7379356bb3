package view

import "html/template"

// FollowPage finds a problem by the number and the code that were given when
// it was sent.
type FollowPage struct {
	Base
	Errors FieldErrors
	Number string
	Code   string
	Key    string // idempotency
	Adds   bool   // who is signed in gets the message among their own
}

// Template implements Page.
func (FollowPage) Template() string { return "follow.html" }

// TextPage is a text of the city: rules, about, the text of a consent.
type TextPage struct {
	Base
	Heading string
	// Body is HTML made by this program from the city's own texts, cleaned
	// before it comes here.
	Body    template.HTML
	Version string // of a rule or a consent: people refer to it
	Foreign string // the language of Body where it is not the page's
	Print   bool   // offer it for printing
}

// Template implements Page.
func (TextPage) Template() string { return "text.html" }

// AskPage asks once more before something that cannot be undone, or before a
// link from a letter does something: programs open links, people press buttons.
type AskPage struct {
	Base
	Heading string
	Text    string
	Action  string // where the form is posted
	Key     string
	Secret  string // of the letter's link
	Do      string // the words of the button
	Only    string // those of a first button that does less (only=1); empty: none
	Back    string
	Danger  bool
}

// Template implements Page.
func (AskPage) Template() string { return "ask.html" }

// ErrorPage says what did not work, what was kept and what to do.
type ErrorPage struct {
	Base
	Status int    // HTTP status
	Phrase string // what exactly, in the language of the page; empty: the usual words
	Number string // of the entry in our log, for our own mistakes
	Kept   string // the text that the person typed, given back
	Back   string // where to go on
	Retry  string // where to try again
}

// Template implements Page.
func (ErrorPage) Template() string { return "error.html" }

// Kind groups statuses that are worded alike.
func (p ErrorPage) Kind() string {
	switch p.Status {
	case 403:
		return "denied"
	case 404:
		return "missing"
	case 409:
		return "conflict"
	case 410:
		return "gone"
	case 413:
		return "large"
	case 429:
		return "many"
	case 503:
		return "away"
	}
	if p.Status >= 400 && p.Status < 500 {
		return "bad"
	}
	return "ours"
}

// LowVisionPage sets how the person reads: size, font, spacing, colours,
// pictures.
type LowVisionPage struct {
	Base
	Back string
}

// Template implements Page.
func (LowVisionPage) Template() string { return "low_vision.html" }
