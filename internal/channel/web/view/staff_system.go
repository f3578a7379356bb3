package view

import "time"

// AdminJobsPage shows the queue of later work and what could not be done.
type AdminJobsPage struct {
	Base
	Kinds []JobKind
	Dead  []DeadJob
	Count int // all dead letters
	Pager StaffPager
	All   *StaffCommand // retry all dead letters
}

// Template names the page's file.
func (AdminJobsPage) Template() string { return "staff/jobs.html" }

// JobKind is the state of one kind of job.
type JobKind struct {
	Name    string // technical name, such as "notice.send"
	Title   string
	Waiting int
	Running int
	Retry   int
	Dead    int
	Done    int           // within the last day
	Oldest  time.Duration // how long the oldest has been due
	Late    bool
}

// DeadJob is a job that was given up after its last attempt.
type DeadJob struct {
	Retry    StaffCommand
	Drop     StaffCommand
	ID       string
	Name     string
	Title    string
	About    string // what it concerns, such as "№ 24 017"
	Href     string
	Error    string
	Attempts int
	First    time.Time
	Last     time.Time
}

// AuditPage is the record of what the staff did.
type AuditPage struct {
	Base
	Action   string
	Person   string // name or login to look for
	What     []StaffChoice
	Result   []StaffChoice
	From     string // YYYY-MM-DD as typed
	To       string
	Filtered bool
	Cleared  string
	Entries  []AuditEntry
	Download string
	Pager    StaffPager
	Errors   FieldErrors
}

// Template names the page's file.
func (AuditPage) Template() string { return "staff/audit.html" }

// AuditEntry is one act.
type AuditEntry struct {
	At     time.Time
	Who    string
	Role   string
	Act    string // in the reader's language
	Object string
	Href   string
	Denied bool
	Result string // in the reader's language
	Origin string // network address, shortened
}

// AdminPackPage shows which data of the city are in force, what the last
// change brought and leads back to the version before.
type AdminPackPage struct {
	Base
	Version  PackVersion
	Parts    []PackPart
	Warnings []string
	Earlier  []PackVersion
	Back     *StaffCommand // switch to the version before; nil when there is none
	BackTo   PackVersion
	Confirm  bool // the switch asks once more
	// NoCalendar is the year that has to be loaded; "" none.
	NoCalendar string
	Conflict   *StaffConflict
	Errors     FieldErrors
}

// Template names the page's file.
func (AdminPackPage) Template() string { return "staff/pack.html" }

// PackVersion is one loaded version of the pack.
type PackVersion struct {
	Name   string
	Loaded time.Time
	Who    string
	Used   time.Duration // how long it was in force; 0 for the one in force
}

// PackPart is one file of the pack: how many rows it has and what changed. Name
// is "topics", "areas", "houses", "objects", "organisations", "routing",
// "terms", "calendar", "examples", "templates" or "texts".
type PackPart struct {
	Name    string
	Rows    int
	Added   int
	Changed int
	Retired int
	Detail  []string // the changes in words, the first few
}

// OutboxPage shows what a demo would have sent: nothing leaves the machine.
type OutboxPage struct {
	Base
	Kinds    []StaffChoice // all, SMS, e-mail: links
	Messages []OutboxItem
	Count    int
	Pager    StaffPager
	Open     *OutboxMessage
}

// Template names the page's file.
func (OutboxPage) Template() string { return "staff/outbox.html" }

// OutboxItem is one caught message. Kind is "sms", "email" or "push".
type OutboxItem struct {
	Href    string
	Kind    string
	To      string
	Subject string
	At      time.Time
	Current bool
}

// OutboxMessage is the one being read.
type OutboxMessage struct {
	Kind    string
	To      string
	From    string
	Subject string
	At      time.Time
	Lines   []string // paragraphs of the plain text
	Links   []StaffChoice
	Close   string
}
