package view

import "time"

// AreasPage is every district with its municipalities, in numbers.
type AreasPage struct {
	Base
	Periods []Option // Value is an address
	Heads   []SortHead
	Rows    []AreaLine
	Updated string // when the numbers were computed, in words
	CSV     string
	Compare string
	Map     string
	How     string
}

// Template implements Page.
func (AreasPage) Template() string { return "areas.html" }

// AreaLine is one area of a table. A negative share or median is one that too
// few answers say.
type AreaLine struct {
	StatsRow
	Below bool // a municipality under its district
}

// AreaPage is one district or municipality.
type AreaPage struct {
	Base
	Name     string
	Kind     string // district, municipality
	Parent   Next   // of a municipality
	Below    []AreaLine
	Figures  AreaTable // a column for each period
	None     bool      // nobody wrote from here yet
	Updated  string
	Months   []AreaMonth
	Received []AreaTopic // of which most messages came
	Overdue  []AreaTopic // of which most are late now
	Disputed []AreaTopic // whose answers most people did not agree with
	Lines    []Line      // the newest
	Picture  *Picture
	Homes    AreaHomes

	MapURL    string
	ListURL   string
	LateURL   string
	Feed      string
	CSV       string
	MonthsCSV string
	TopicsCSV string
	Watch     string
	Embed     string
	Compare   string
	Houses    string // the list of houses; empty: cannot be narrowed to this area
	Outages   string // empty as well
	Off       int    // outages that go on now
	How       string
}

// Template implements Page.
func (AreaPage) Template() string { return "area.html" }

// Topics are the lists of topics, in the order of the page.
func (p AreaPage) Topics() []AreaTopics {
	return []AreaTopics{{"overdue", p.Overdue}, {"disputed", p.Disputed}, {"received", p.Received}}
}

// AreaTopics is one list of topics: overdue, disputed or received.
type AreaTopics struct {
	Key  string
	List []AreaTopic
}

// AreaTopic is a topic with how many of what its list is about.
type AreaTopic struct {
	Name string
	URL  string // the list of them
	N    int
	Of   int // answers; of disputed ones
	Bar  Bar
}

// AreaMonth is a month of the trend.
type AreaMonth struct {
	Label    string
	Received int
	Answered int
	Bar      Bar // of Received
	Done     Bar // of Answered
	Running  bool
}

// AreaHomes is how many houses and flats an area has, as far as is known.
type AreaHomes struct {
	Houses int
	Known  int // houses whose number of flats is known
	Flats  int // in these
}

// AreaTable is figures beside each other: periods of one area, or areas.
type AreaTable struct {
	Heads []Next // of the columns
	Rows  []AreaFigures
}

// AreaFigures is one figure in all columns.
type AreaFigures struct {
	// Key is received, answered, on_time, median, disputed, confirmed,
	// controlled, silent, overdue, houses, flats, per_houses or per_flats.
	Key   string
	Cells []AreaCell
}

// AreaCell is a number of a column.
type AreaCell struct {
	Of   string // the column in words, for narrow screens
	Kind string // count, percent, days, rate; few: too little to say; none: not known
	N    int
	Rate float64
}

// ComparePage is up to four areas side by side.
type ComparePage struct {
	Base
	Choices []AreaChoice
	Periods []Option // Value is an address
	Period  string   // that is chosen, kept by the form
	Table   AreaTable
	Notes   []AreaNote // what the numbers of houses and flats are
	Updated string
	CSV     string
	How     string
	From    time.Time
	To      time.Time // last day
}

// Template implements Page.
func (ComparePage) Template() string { return "areas_compare.html" }

// AreaChoice is one of the areas to choose.
type AreaChoice struct {
	Name    string // of the input
	At      int    // 1 is the first
	Options []Option
}

// AreaNote says what is known of the houses of an area.
type AreaNote struct {
	Area string
	AreaHomes
}
