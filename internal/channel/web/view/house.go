package view

import "time"

// OutageItem is a stop of one resource, wherever it is shown.
type OutageItem struct {
	Resource string // hot_water, cold_water, heating, power, gas, lift, sewer
	Kind     string // planned, emergency, preventive
	Status   string // active, announced, over, cancelled
	From     time.Time
	To       time.Time // when it is back, known or planned; zero: nobody said
	Who      Organisation
	Reason   string
	Source   string // which list or desk told it, in words
	Told     time.Time
	Houses   int
	Places   []Next // some of the houses: Text and URL
	More     int    // houses that are not among them
	Areas    string // districts, in a line
}

// Tone names the colours of its edge; the words say the same.
func (o OutageItem) Tone() string {
	switch o.Status {
	case "active":
		return "now"
	case "announced":
		return "soon"
	}
	return "past"
}

// Duty is whom to call round the clock: a dispatcher.
type Duty struct {
	Phone string // as it is shown and dialled; empty: nobody is known
	City  bool   // the city's own, because the house's is not known
	Whose string // name of the organisation; may be empty
	Known bool   // an outage explains what is reported: no need to ring about that
}

// CallKey is the phrase that sends to the telephone before a message.
func (d Duty) CallKey() string {
	switch {
	case d.Known && d.City:
		return "house_page.call_city_more"
	case d.Known:
		return "house_page.call_house_more"
	case d.City:
		return "house_page.call_city"
	}
	return "house_page.call_house"
}

// WhyKey is the phrase that says why to ring.
func (d Duty) WhyKey() string {
	if d.Known {
		return "house_page.call_why_more"
	}
	return "house_page.call_why"
}

// FactGroup is a part of a house's passport.
type FactGroup struct {
	Key   string // general, building, systems, yard, register
	Facts []Fact
}

// Fact is one known line of a passport, its value in words.
type Fact struct {
	Key  string // such as built_year
	Text string
}

// Answering is one who answers for something at a house, for what, and why.
type Answering struct {
	Who     Organisation
	Unknown bool // no rule names anybody: a coordinator decides
	For     []AnsweredFor
	Why     []string // the rules in words
}

// AnsweredFor is what somebody answers for: the categories of one object.
type AnsweredFor struct {
	Object     string
	Icon       string
	Categories string // in a line
}

// Told is what a company tells the residents: a schedule, a piece of news or
// planned work.
type Told struct {
	Title string
	Text  string
	When  string    // days and hours of a schedule, in words
	Next  time.Time // the next day of a schedule
	From  time.Time
	Until time.Time
}

// HousePage is everything about one house.
type HousePage struct {
	Base
	ID           int64
	Address      string
	Area         string
	District     Next // Text and URL of its list
	Municipality Next

	Outages   []OutageItem // now and planned
	Ended     []OutageItem // over or called off lately
	Duty      Duty
	ReportURL string

	Open     []Line
	OpenAll  int
	Past     []Line
	ListURL  string // all problems of the house; empty: there are none
	AllCount int
	Counted  bool // AllCount is only as far as it was counted

	Passport []FactGroup
	Source   string // where the passport is from
	AsOf     string // of which day

	Company   Organisation
	CompanyOf Record // its twelve months; zero where there is no company
	Managed   bool

	Answers  []Answering
	Cleaning []Told
	News     []Told
	Works    []Told

	Still    *Still
	MapURL   string
	WatchURL string // where one subscribes to the house; empty: houses cannot be watched here
}

// Template implements Page.
func (HousePage) Template() string { return "house.html" }

// Record is how a company keeps its word in a period. Shares are percents and
// negative where there are too few answers to say anything.
type Record struct {
	Received int
	Answered int
	OnTime   int
	Days     int // median; negative: too few answers
	Disputed int
	Overdue  int // negative: not counted
	URL      string
	Few      bool // fewer answers than a share needs
}

// HousesPage is the list of houses with its filters.
type HousesPage struct {
	Base
	Text      string
	Districts []Option
	Companies []Option
	Lifts     []Option
	YearFrom  string
	YearTo    string
	FloorFrom string
	FloorTo   string
	Off       bool // only those where something is switched off now
	Open      bool // only those with an open problem
	Folded    int  // filters beside the text
	Errors    FieldErrors

	Rows  []HouseRow
	Total int
	Known bool // Total is exact
	// Looked is how many houses were looked through where that ended the page
	// before it was full; 0: no end was put.
	Looked int
	Next   string
	First  string
	CSV    string
	Active int
}

// Template implements Page.
func (HousesPage) Template() string { return "houses.html" }

// HouseRow is one house of a list. Zero numbers are unknown.
type HouseRow struct {
	URL      string
	Address  string
	Area     string
	Built    int
	Floors   int
	Lifts    int // -1 unknown
	Company  Organisation
	Open     int
	Off      []string // resources that are off now
	Emerging bool     // recognised as dangerous to live in
}

// CompanyPage is an organisation that manages houses.
type CompanyPage struct {
	Base
	Name      string
	Full      string // the full name, where it differs
	Address   string
	Phone     string
	Email     string
	Site      string
	Hours     string
	Reception string
	Licence   string
	Since     string // of the licence
	INN       string
	Source    string
	AsOf      string
	Duty      Duty

	Year     Record
	All      Record
	Middle   Record // of all companies; Received is how many of them count
	Topics   []StatsRow
	Houses   []HouseRow
	HouseAll int
	Flats    int
	Next     string
	First    string
	News     []Told
	ListURL  string
	TableURL string // CSV of its houses
	ProbCSV  string // CSV of its problems
}

// Template implements Page.
func (CompanyPage) Template() string { return "company.html" }

// CompaniesPage is the table of managing companies.
type CompaniesPage struct {
	Base
	Rows   []CompanyRow
	Heads  []SortHead
	Middle Record
	From   time.Time
	To     time.Time // last day
	CSV    string
}

// Template implements Page.
func (CompaniesPage) Template() string { return "companies.html" }

// CompanyRow is one line of the table.
type CompanyRow struct {
	Name   string
	URL    string
	Houses int
	Record
}

// SortHead is the head of a column: a link that sorts by it.
type SortHead struct {
	Key    string // name, houses, received, answered, on_time, days, disputed
	URL    string
	Number bool
	Order  string // ascending, descending; empty: not sorted by it
}

// ProblemsPage is a plain list of problems: of a house or of a company.
type ProblemsPage struct {
	Base
	Heading string
	About   string
	Back    Next
	Lines   []Line
	Next    string
	First   string
	CSV     string
	Until   time.Time
}

// Template implements Page.
func (ProblemsPage) Template() string { return "house_problems.html" }

// OutagesPage is what is switched off in the city.
type OutagesPage struct {
	Base
	Resources []Option
	Districts []Option
	Now       []OutageItem
	Planned   []OutageItem
	Over      []OutageItem
	Cut       bool // more than a page holds: narrow it
	Active    int
	CSV       string
	Feed      string
}

// Template implements Page.
func (OutagesPage) Template() string { return "outages.html" }

// Empty tells whether there is nothing to show.
func (p OutagesPage) Empty() bool { return len(p.Now)+len(p.Planned)+len(p.Over) == 0 }

// KnownOutage is an outage that explains what somebody is about to report.
type KnownOutage struct {
	ID       int64
	Resource string
	Kind     string
	To       time.Time
	Open     bool // nobody said when it is back
	Who      Organisation
	Reason   string
	URL      string // of the house
}
