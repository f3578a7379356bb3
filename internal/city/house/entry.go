package house

import (
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// EntryKind says what a company tells its houses.
type EntryKind string

// The kinds of entries.
const (
	Cleaning EntryKind = "cleaning" // a schedule: what, on which days, at what time
	News     EntryKind = "news"
	Work     EntryKind = "work" // planned work: what, from, until
)

// EntryKinds lists all of them; phrase key house.entry.<EntryKind>.
func EntryKinds() []EntryKind { return []EntryKind{Cleaning, News, Work} }

// CleaningWhat lists what a schedule may be about; phrase key house.clean.<what>.
func CleaningWhat() []string { return []string{"stairs", "yard", "chute", "lift", "bins", "snow"} }

// Entry is something that a managing company tells its houses: a cleaning
// schedule, a piece of news, planned work. Which fields are used depends on Kind.
type Entry struct {
	ID     int64
	Kind   EntryKind
	Org    org.ID // the company
	Title  string // of news and works
	Text   string // plain text
	Houses []place.HouseID
	All    bool // all houses of the company; Houses is empty then

	What       string         // of cleaning: CleaningWhat
	Days       []time.Weekday // of cleaning, Monday first; empty: every day
	Opens      string         // of cleaning: 09:00, "" unknown
	Closes     string         // of cleaning: 12:00, "" unknown
	SeasonFrom topic.Day      // of cleaning: MM-DD, "" all year
	SeasonTo   topic.Day

	From  time.Time // when it is shown from (news), or begins (works)
	Until time.Time // last moment of it; zero: for good

	Source  string // staff, pack, or the name of an import
	Key     string // with Source unique in a city
	Written time.Time
	Changed time.Time
	Seq     int64
}

// InSeason tells whether a cleaning schedule holds on a date of the city's zone.
func (e Entry) InSeason(date time.Time) bool {
	return topic.Topic{SeasonFrom: e.SeasonFrom, SeasonTo: e.SeasonTo}.InSeason(date)
}

// NextDay is the next day, from a date on, on which a schedule has work; the
// zero time where there is none within a year.
func (e Entry) NextDay(from time.Time) time.Time {
	day := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location())
	for range 366 {
		if e.InSeason(day) && (len(e.Days) == 0 || slices.Contains(e.Days, day.Weekday())) {
			return day
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// EntryDraft is an entry as somebody writes it. ID is that of the entry that is
// changed, 0 of a new one; Retry is the key of the form or of an import's row: a
// second try with the same key makes no second entry.
type EntryDraft struct {
	ID     int64
	Seq    int64 // the version that was seen; 0: whatever there is
	Retry  string
	Kind   EntryKind
	Org    org.ID
	Title  string
	Text   string
	Houses []place.HouseID
	All    bool

	What       string
	Days       []time.Weekday
	Opens      string
	Closes     string
	SeasonFrom topic.Day
	SeasonTo   topic.Day

	From   time.Time
	Until  time.Time
	Source string // "" is staff
}

// Limits of what is typed, in characters.
const (
	MaxTitle    = 200
	MaxText     = 4000
	MaxHouses   = 5000 // of one entry
	MaxReason   = 500
	MaxOfOutage = 50_000 // houses of one outage

)
