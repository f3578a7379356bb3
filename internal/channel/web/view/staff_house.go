package view

// StaffHousesPage is the desk of those who look after houses and what runs into
// them: outages that they told of, and what a company tells its houses. One form
// is open at a time: Outage, Notice, or none.
type StaffHousesPage struct {
	Base
	Errors       FieldErrors
	Organisation string        // whose desk it is; empty: of the whole city
	Choice       []StaffChoice // organisations to choose from; none for who has one of their own
	Action       string        // the page itself: where the choice is sent
	Ways         []StaffChoice // what can be written, each with its address
	Outage       *StaffOutageForm
	Notice       *StaffNoticeForm
	Outages      []StaffOutage
	Cut          bool // there are more outages than are listed
	Notices      []StaffNotice
	MayWrite     bool // notices are the reader's matter
	Houses       StaffChoice
	Pager        StaffPager // of the notices
}

// Template names the page's file.
func (StaffHousesPage) Template() string { return "staff/houses.html" }

// StaffOutage is one outage with what may be done about it.
type StaffOutage struct {
	OutageItem
	Anchor  string
	Command StaffCommand
	Begin   bool   // it was announced and has not begun
	End     bool   // it is going on
	Stop    bool   // it may be called off
	Move    bool   // its planned end may be changed here
	PlanTo  string // planned end as an input takes it
	Problem FieldErrors
}

// StaffAddresses are the houses of a form: all of a company, or as typed. Missed
// is what named no house, Found how many houses were; both of the last try.
type StaffAddresses struct {
	MayAll bool
	All    bool
	Typed  string
	Missed []string
	Found  int
	Partly bool // only the houses that were found are meant
}

// StaffOutageForm tells of a new outage.
type StaffOutageForm struct {
	Command   StaffCommand
	Org       string // whose outage it is, empty: not told
	Resources []StaffChoice
	Kinds     []StaffChoice
	From      string // as an input takes it: 2026-11-22T09:00
	To        string
	Reason    string
	Addresses StaffAddresses
	Cancel    string
}

// StaffNoticeForm is what a company tells its houses: "news", "work" or
// "cleaning" (Kind).
type StaffNoticeForm struct {
	Command    StaffCommand
	Org        string
	Kind       string
	Heading    string
	Text       string
	From       string
	Until      string
	What       []StaffChoice
	Days       []StaffChoice
	Opens      string
	Closes     string
	SeasonFrom string
	SeasonTo   string
	Addresses  StaffAddresses
	Cancel     string
}

// StaffNotice is one thing that a company told.
type StaffNotice struct {
	Told
	Kind    string
	Houses  int // how many it names; 0: all of the company
	Command StaffCommand
}
