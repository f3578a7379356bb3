package view

import (
	"strconv"
	"strings"
	"time"
)

// The values of the parts in html/part. A part is given one of these and
// nothing else, so that it looks the same on every page.

// State is where a problem stands, shown as a chip.
type State struct {
	// Code is one of moderation, question, rejected, withdrawn, work, interim,
	// review, answered, closed_author, closed_controller, closed_auto, disputed.
	Code     string
	Due      time.Time // the promised date, when the state waits for one
	LateDays int       // days past the promise; over zero the chip says so instead of Due
}

// Tone names the colours of the chip; the words say the same.
func (s State) Tone() string {
	if s.LateDays > 0 {
		return "late"
	}
	switch s.Code {
	case "answered", "closed_author", "closed_controller":
		return "done"
	case "work", "interim", "review":
		return "work"
	case "rejected", "withdrawn", "closed_auto":
		return "plain"
	}
	return "wait"
}

// Line is a problem in a list.
type Line struct {
	Number  int64
	URL     string
	Topic   string
	Address string
	Area    string
	State   State
	Created time.Time
	Joined  int    // people who joined
	Photo   *Photo // the first one, small
	Hidden  bool   // not public: only topic, place and date are shown
	Lat     float64
	Lon     float64
}

// At is the place as "latitude,longitude", for the map; empty when unknown.
func (l Line) At() string {
	if l.Lat == 0 && l.Lon == 0 {
		return ""
	}
	return strconv.FormatFloat(l.Lat, 'f', 6, 64) + "," + strconv.FormatFloat(l.Lon, 'f', 6, 64)
}

// Where is the address with the area.
func (l Line) Where() string { return joined(", ", []string{l.Address, l.Area}) }

// Photo is a picture that may be shown.
type Photo struct {
	ID            string
	URL           string // large
	Thumb         string // small
	Width, Height int    // of the thumbnail, so that the page does not jump
	Alt           string
	Caption       string
}

// Option is one choice of a select, a radio group or a set of checkboxes.
type Option struct {
	Value   string
	Label   string
	Note    string
	Checked bool
	Count   int // how many it would show; not shown when zero
}

// FieldError is what is wrong with one input: the input's name and a sentence
// in the language of the page.
type FieldError struct{ Name, Text string }

// FieldErrors are all that is wrong with a form.
type FieldErrors []FieldError

// For is the sentence about the input name, or nothing.
func (e FieldErrors) For(name string) string {
	for _, f := range e {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}

// Field is one input of a form that the city's data describe.
type Field struct {
	Name         string
	Label        string
	Value        string
	Hint         string
	Type         string // text, tel, email, number, date, password
	InputMode    string
	Autocomplete string
	Required     bool
	Short        bool     // a few characters: drawn narrow
	Long         bool     // some paragraphs
	Options      []Option // answers to choose from
	Max          string   // the last day of a date
	Error        string
}

// Consent is one permission, asked apart from all others (152-ФЗ, since
// 1 September 2025: a separate document for each purpose).
type Consent struct {
	Key     string
	Label   string
	URL     string // of the exact text
	Checked bool
	Error   string
	Hint    string // why it is asked again
}

// ID is the checkbox's name in links of a page: what was not agreed to is said
// there.
func (c Consent) ID() string {
	purpose, _, _ := strings.Cut(c.Key, ".")
	return "consent-" + purpose
}

// Step is one part of a promise: what is done and how long it may take.
type Step struct {
	Name string
	Days int       // working days
	Term string    // the term in words where it is not counted in working days
	From time.Time // zero when not shown
	To   time.Time
}

// Due is a promised date with its reason.
type Due struct {
	At      time.Time // zero: unknown
	Unknown string    // why there is no date, when At is zero
	Steps   []Step
	Skipped []string // days that did not count, and why
	Rule    string   // where the term comes from
	RuleURL string
}

// Known tells whether there is a date.
func (d Due) Known() bool { return !d.At.IsZero() }

// Days is the whole promise in working days.
func (d Due) Days() int {
	sum := 0
	for _, s := range d.Steps {
		sum += s.Days
	}
	return sum
}

// Next is what a person may do where the city's way ends.
type Next struct {
	Kind  string // mend, call, appeal, site
	Text  string
	URL   string // of this site or https:; empty: only the text, or Phone
	Phone string // to call
	Do    string // the words of the link
}

// Keys are the hidden inputs of a form that changes something.
type Keys struct {
	Key     string // idempotency: a repeated send changes nothing
	Secret  string // of the follow link, when the person came by it
	Version int    // the version of the problem that the person saw
}

// Bar is one row of a picture with bars; the number always stands beside it.
type Bar struct {
	Label string
	Text  string  // the number in words
	Share float64 // 0 … 1 of the width
	Tone  string  // "", late, done, wait
}

// Width is the bar's width in units of 1000.
func (b Bar) Width() int { return int(max(0, min(1, b.Share))*1000 + 0.5) }
