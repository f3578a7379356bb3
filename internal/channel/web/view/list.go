package view

import "time"

// ListPage is the list of problems with its filters, and the map beside it.
type ListPage struct {
	Base
	Filter  Filter
	Total   int  // how many fit; shown when it is known
	Exact   bool // Total is not rounded
	Lines   []Line
	Next    string // address of the next page; empty on the last one
	First   string // address of the first page; empty on it
	Feed    string // the same list as a feed
	CSV     string // the same list as a table
	WithMap bool
	Map     MapSlot
	MapURL  string // this list with the map
	ListURL string // this list without the map
	// Until is how far back a filter of several conditions was looked through;
	// Next goes on from there. Zero: to the end.
	Until    time.Time
	Box      string // the part of the map that the list keeps to; empty: the whole city
	WholeURL string // this list of the whole city
	SizeURL  string // this list with more lines on a page, or with fewer where there are Many
	Many     bool
	// MapNewest is how many of the newest the map shows where it cannot show all.
	MapNewest int
	Errors    FieldErrors

	Picture *Picture  // of a page with the map: what it shows without scripts
	Modes   []MapLink // points, areas, hexagons
	Days    []MapLink // the last 7, 30, 90 days
	Legend  []MapLink // what the signs mean; each narrows the list to its own
	Areas   []AreaRow // of the heat by area: the same numbers as on the map
	Mode    string    // "", area, municipality, hex
}

// Template implements Page.
func (ListPage) Template() string { return "list.html" }

// Filter is what the person narrowed the list to.
type Filter struct {
	Text   string
	Topics []Option // branches of the tree
	Areas  []Option
	States []Option
	From   string // 2026-11-20
	To     string
	Late   bool // only what is past its promise
	Active int  // how many of them narrow the list
	Folded int  // how many of those are not the words, which are always in sight
}

// MapSlot tells the script of the map where to begin.
type MapSlot struct {
	Style string // address of the map's style
	Lat   float64
	Lon   float64
	Zoom  float64
	Data  string // address that gives points for a box
	Mode  string // "", area, municipality, hex
	Icons string // the sheet of pictures of objects
	// Objects are the pictures of the objects of topics: "1 house 2 yard".
	Objects string
	// At is the view that the address asks for: lat,lon,zoom; empty: the city.
	At string
	// Query is the filter, as the addresses of tiles take it.
	Query string
}

// StatsPage is how the city answers: every number can be downloaded and
// computed again.
type StatsPage struct {
	Base
	Periods []Option // Value is an address
	Updated string   // when the numbers were computed, in words
	Totals  StatsTotals
	ByTopic []StatsRow // those with the most messages
	// MoreTopics are the rest: most of them have a message or two.
	MoreTopics []StatsRow
	ByArea     []StatsRow
	Months     []Bar
	TopicCSV   string
	AreaCSV    string
	JSON       string
	How        string // where the ways of counting are explained
}

// Template implements Page.
func (StatsPage) Template() string { return "stats.html" }

// StatsTotals are the numbers of the whole town. Percents are of answers.
type StatsTotals struct {
	Received     int
	Answered     int
	Confirmed    int // people said: solved
	Controller   int // a people's controller said: solved
	Silent       int // closed because nobody said anything; never counted as solved
	Disputed     int
	Rejected     int
	OverdueNow   int
	OnTimeShare  int // of promised answers; negative: nothing was promised
	MedianDays   int // negative: none was answered
	ReviewHours  int // median, until a message is checked; negative: none was
	DisputeShare int // negative: none was answered
}

// Fate is one way in which answers ended, to be drawn as a bar.
type Fate struct {
	Key   string // confirmed, controller, silent, disputed
	Count int
	Bar   Bar
}

// Fates are the ways in which answers ended, kept apart: silence is no consent.
func (t StatsTotals) Fates() []Fate {
	of := func(key, tone string, n int) Fate {
		share := 0.0
		if t.Answered > 0 {
			share = float64(n) / float64(t.Answered)
		}
		return Fate{Key: key, Count: n, Bar: Bar{Share: share, Tone: tone}}
	}
	return []Fate{
		of("confirmed", "done", t.Confirmed), of("controller", "done", t.Controller),
		of("silent", "wait", t.Silent), of("disputed", "late", t.Disputed),
	}
}

// StatsRow is one topic or one area.
type StatsRow struct {
	Name     string
	URL      string // the list behind the numbers
	Received int
	Answered int
	Median   int // days; negative: too few to say
	OnTime   int // percent; negative: too few to say
	Disputed int // percent; negative: too few to say
	Overdue  int // now
}
