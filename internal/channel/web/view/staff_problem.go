package view

import "time"

// StaffProblemPage is a whole problem as its staff read it: all that was said
// and shown, hidden or not, what may be hidden, and the desks where it waits.
type StaffProblemPage struct {
	Base
	Number   int64
	Href     string // its public page
	Topic    string
	Place    StaffPlace
	State    State
	Executor string    // empty: nobody
	Due      time.Time // of the work, while somebody works on it
	Late     int
	Joined   int
	Desks    []StaffChoice // links
	Entries  []StaffEntry
	MayHide  bool
	Command  StaffCommand
	Open     string // "text:KEY" or "photo:NAME" whose form is open
	Reason   string // as typed
	Conflict *StaffConflict
	Errors   FieldErrors
}

// Template names the page's file.
func (StaffProblemPage) Template() string { return "staff/problem.html" }

// StaffEntry is one entry of the feed. ID names a text that can be hidden; it
// is empty where there is none.
type StaffEntry struct {
	StaffStep
	ID     string
	Text   string
	Hidden bool
	Photos []StaffPhoto // can be hidden
	Shown  []Photo      // cannot
}

// StaffHiding is one text or photo that may be hidden or shown again.
type StaffHiding struct {
	Page   StaffProblemPage
	What   string // "text:KEY" or "photo:NAME"
	Input  string // id of the reason's input
	Photo  bool
	Hidden bool
	Open   bool
}

// HidingText is the form about a text.
func (p StaffProblemPage) HidingText(e StaffEntry) StaffHiding {
	return p.hiding("text", e.ID, e.Hidden)
}

// HidingPhoto is the form about a photo.
func (p StaffProblemPage) HidingPhoto(photo StaffPhoto) StaffHiding {
	return p.hiding("photo", photo.ID, photo.Hidden)
}

// hiding is a form; the errors of the page lead to the one that is open.
func (p StaffProblemPage) hiding(kind, id string, hidden bool) StaffHiding {
	h := StaffHiding{Page: p, What: kind + ":" + id, Input: "why-" + kind + "-" + id, Photo: kind == "photo", Hidden: hidden}
	if h.Open = p.Open == h.What; h.Open {
		h.Input = "reason"
	}
	return h
}

// StaffFindPage finds a problem by number or words.
type StaffFindPage struct {
	Base
	Query  string
	Errors FieldErrors
}

// Template names the page's file.
func (StaffFindPage) Template() string { return "staff/find.html" }
