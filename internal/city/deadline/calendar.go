package deadline

import (
	"slices"
	"time"

	"gorod/internal/platform/fault"
)

// Mark is what a calendar says about a day that is not an ordinary one.
type Mark string

const (
	Off     Mark = "off"     // nobody is expected to work
	Short   Mark = "short"   // worked, and shortened; on any day of the week
	Working Mark = "working" // a Saturday or Sunday that is worked in full
)

// Year is one year of a production calendar: Saturdays and Sundays are off and
// other days worked, except for the marked Days.
type Year struct {
	Number    int             // such as 2026
	Country   string          // as the file says it, such as "ru"; may be empty
	Lang      string          // language of the main titles; may be empty
	Published Date            // zero when the file does not say
	Holidays  map[int]Holiday // by the number that days refer to
	Days      []Day           // ascending
}

// Holiday is what a holiday is called.
type Holiday struct {
	Title        string            // in the main language of the calendar
	Translations map[string]string // by language; may be nil
}

// Day is one marked day of a Year.
type Day struct {
	Date      Date
	Mark      Mark
	Holiday   int  // number in Year.Holidays; 0 for none
	MovedFrom Date // the day off that was moved here; zero for none
}

// Override marks days during a year, above what the calendar said: days that a
// decree declares off (as in March to May 2020), or days off that are worked.
type Override struct {
	First Date   `json:"first"`
	Last  Date   `json:"last"` // included
	Mark  Mark   `json:"mark"`
	Note  string `json:"note"` // who declared it: shown to people as it stands
}

// maxOverride is the longest stretch one override may mark, in days: a slip in
// a year must not switch off a decade.
const maxOverride = 366

// WhyKind says why a day is what it is.
type WhyKind string

// The kinds of reasons.
const (
	Weekend        WhyKind = "weekend"         // a Saturday or Sunday
	HolidayOff     WhyKind = "holiday"         // named by the calendar
	MovedOff       WhyKind = "moved"           // a day off moved here from Why.Moved
	MarkedOff      WhyKind = "day_off"         // the calendar gives no reason
	Declared       WhyKind = "declared"        // an Override; Why.Note says whose
	WorkingWeekend WhyKind = "working_weekend" // a Saturday or Sunday that is worked
	NoCalendar     WhyKind = "unknown"         // the year is not loaded
	AfterHours     WhyKind = "after_hours"     // only in Step.Skipped: it came too late that day
	InPause        WhyKind = "paused"          // only in Step.Skipped: a question was open
)

// Why explains one day. The zero Why is an ordinary working day.
type Why struct {
	Kind    WhyKind `json:"kind,omitempty"`
	Holiday string  `json:"holiday,omitempty"` // its title in the main language; Calendar.Title translates
	Moved   Date    `json:"moved,omitzero"`    // MovedOff: where the day off was; WorkingWeekend: where it went
	Note    string  `json:"note,omitempty"`    // Declared: who declared it
}

// state is what one day is; the zero state is not known.
type state uint8

const (
	isUnknown state = iota
	isOff
	isShort
	isFull
)

// Calendar tells working days from days off over the years that are loaded. It
// never changes once made, so it may be shared. A nil Calendar knows no year.
type Calendar struct {
	version string
	years   []int
	first   Date    // the day of states[0]
	states  []state // a day each; gaps between years are unknown
	whys    map[Date]Why
	titles  map[Date]Holiday
}

// NewCalendar lays years and overrides over each other under a version, which is
// the caller's name for exactly these data. Overrides of years that are not
// loaded are kept out of sight: one declared day does not make a year known.
//
// A year given twice, years of two countries, a marked day outside its year, out
// of order or repeated, and overrides that overlap, run backwards or carry an
// unknown mark are Invalid faults, all of them at once.
func NewCalendar(version string, years []Year, overrides []Override) (*Calendar, error) {
	years = slices.Clone(years)
	slices.SortFunc(years, func(a, b Year) int { return a.Number - b.Number })
	var form fault.Form
	checkYears(years, &form)
	checkOverrides(overrides, &form)
	if err := form.Err(); err != nil {
		return nil, err
	}
	c := &Calendar{version: version, whys: map[Date]Why{}, titles: map[Date]Holiday{}}
	if len(years) == 0 {
		return c, nil
	}
	c.first = On(years[0].Number, time.January, 1)
	c.states = make([]state, On(years[len(years)-1].Number+1, time.January, 1).Since(c.first))
	for _, y := range years {
		c.lay(y)
	}
	for _, o := range overrides {
		c.override(o)
	}
	return c, nil
}

func checkYears(years []Year, form *fault.Form) {
	country := ""
	for i, y := range years {
		if y.Number < minYear || y.Number > maxYear {
			form.Add("year", "deadline.calendar_year", y.Number)
		}
		if i > 0 && years[i-1].Number == y.Number {
			form.Add("year", "deadline.calendar_year_twice", y.Number)
		}
		if y.Country != "" && country != "" && y.Country != country {
			form.Add("country", "deadline.calendar_country", y.Number, y.Country, country)
		}
		if country == "" {
			country = y.Country
		}
		for j, d := range y.Days {
			if j > 0 && !d.Date.After(y.Days[j-1].Date) {
				form.Add("day", "deadline.calendar_twice", d.Date.String())
			}
			if d.Date.Year() != y.Number {
				form.Add("day", "deadline.calendar_other_year", d.Date.String(), y.Number)
			}
			if !d.Mark.known() {
				form.Add("day", "deadline.calendar_mark", d.Date.String(), string(d.Mark))
			}
		}
	}
}

func checkOverrides(overrides []Override, form *fault.Form) {
	sorted := slices.Clone(overrides)
	slices.SortFunc(sorted, func(a, b Override) int { return a.First.Since(b.First) })
	for i, o := range sorted {
		if o.First.IsZero() || o.Last.Before(o.First) || o.Last.Since(o.First) >= maxOverride {
			form.Add("override", "deadline.override_range", o.First.String(), o.Last.String())
		}
		if !o.Mark.known() {
			form.Add("override", "deadline.override_mark", o.First.String(), string(o.Mark))
		}
		if i > 0 && !o.First.After(sorted[i-1].Last) {
			form.Add("override", "deadline.override_twice", o.First.String())
		}
	}
}

func (m Mark) known() bool { return m == Off || m == Short || m == Working }

func (m Mark) state() state {
	switch m {
	case Off:
		return isOff
	case Short:
		return isShort
	default:
		return isFull
	}
}

// lay writes one year: the weekends first, then what is marked.
func (c *Calendar) lay(y Year) {
	c.years = append(c.years, y.Number)
	next := On(y.Number+1, time.January, 1)
	for d := On(y.Number, time.January, 1); d.Before(next); d = d.AddDays(1) {
		c.states[d.Since(c.first)] = isFull
		if weekend(d) {
			c.states[d.Since(c.first)] = isOff
		}
	}
	wentTo := map[Date]Date{}
	for _, d := range y.Days {
		if !d.MovedFrom.IsZero() {
			wentTo[d.MovedFrom] = d.Date
		}
	}
	for _, d := range y.Days {
		c.states[d.Date.Since(c.first)] = d.Mark.state()
		c.whys[d.Date] = y.why(d, wentTo[d.Date])
		if holiday, ok := y.Holidays[d.Holiday]; ok && d.Mark == Off {
			c.titles[d.Date] = holiday
		}
	}
}

// why explains a marked day; wentTo is where its day off was moved, if it was.
func (y Year) why(d Day, wentTo Date) Why {
	switch {
	case d.Mark != Off && weekend(d.Date):
		return Why{Kind: WorkingWeekend, Moved: wentTo}
	case d.Mark != Off:
		return Why{}
	case d.Holiday != 0:
		return Why{Kind: HolidayOff, Holiday: y.Holidays[d.Holiday].Title, Moved: d.MovedFrom}
	case !d.MovedFrom.IsZero():
		return Why{Kind: MovedOff, Moved: d.MovedFrom}
	case weekend(d.Date):
		return Why{Kind: Weekend}
	default:
		return Why{Kind: MarkedOff}
	}
}

func (c *Calendar) override(o Override) {
	for d := o.First; !d.After(o.Last); d = d.AddDays(1) {
		was := c.state(d)
		if was == isUnknown || was == isOff && o.Mark == Off {
			continue // a holiday among declared days stays a holiday
		}
		c.states[d.Since(c.first)] = o.Mark.state()
		c.whys[d] = Why{Kind: Declared, Note: o.Note}
		delete(c.titles, d)
	}
}

func weekend(d Date) bool {
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

func (c *Calendar) state(d Date) state {
	if c == nil {
		return isUnknown
	}
	i := d.Since(c.first)
	if i < 0 || i >= len(c.states) {
		return isUnknown
	}
	return c.states[i]
}

// Version is the name of exactly these data.
func (c *Calendar) Version() string {
	if c == nil {
		return ""
	}
	return c.version
}

// Years lists the loaded years, ascending.
func (c *Calendar) Years() []int {
	if c == nil {
		return nil
	}
	return slices.Clone(c.years)
}

// Working tells whether a day is worked. known is false when its year is not
// loaded; working means nothing then.
func (c *Calendar) Working(d Date) (working, known bool) {
	s := c.state(d)
	return s >= isShort, s != isUnknown
}

// Shortened tells whether a day is worked but ends earlier. known is false when
// its year is not loaded.
func (c *Calendar) Shortened(d Date) (shortened, known bool) {
	s := c.state(d)
	return s == isShort, s != isUnknown
}

// Explain says why a day is off, or why a Saturday or Sunday is worked; the zero
// Why is an ordinary working day.
func (c *Calendar) Explain(d Date) Why {
	s := c.state(d)
	if s == isUnknown {
		return Why{Kind: NoCalendar}
	}
	if why, ok := c.whys[d]; ok {
		return why
	}
	if s == isOff {
		return Why{Kind: Weekend}
	}
	return Why{}
}

// Title is the name of the holiday on a day in a language, in the main language
// where it is not translated, and empty where there is no holiday. exact tells
// whether it is in the language asked for.
func (c *Calendar) Title(d Date, lang string) (title string, exact bool) {
	if c == nil {
		return "", false
	}
	holiday, ok := c.titles[d]
	if !ok {
		return "", false
	}
	if title, ok := holiday.Translations[lang]; ok {
		return title, true
	}
	return holiday.Title, false
}

// WorkingDays counts the working days after one date up to and including
// another; zero when until is not after. When a year between is not loaded,
// known is false and year names the first such year.
func (c *Calendar) WorkingDays(after, until Date) (n, year int, known bool) {
	for d := after.AddDays(1); !d.After(until); d = d.AddDays(1) {
		switch c.state(d) {
		case isUnknown:
			return 0, d.Year(), false
		case isShort, isFull:
			n++
		}
	}
	return n, 0, true
}

// Missing names the year that administrators have to load: this one, or from
// 1 November on the next. It is in force by then, terms begin to reach into it,
// and a month is left until it must be there (domain.md 5: by 1 December).
func (c *Calendar) Missing(today Date) (year int, missing bool) {
	if c.state(today) == isUnknown {
		return today.Year(), true
	}
	next, month, _ := today.Civil()
	next++
	if month >= time.November && c.state(On(next, time.January, 1)) == isUnknown {
		return next, true
	}
	return 0, false
}
