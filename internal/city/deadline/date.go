package deadline

import (
	"time"

	"gorod/internal/platform/fault"
)

// Date is a civil date: a year, month and day of the Gregorian calendar with no
// zone. The zero Date is no date. Dates are comparable with == and usable as
// keys of maps.
type Date struct {
	n int32 // days since 0000-12-31, so that 0001-01-01 is 1, a Monday
}

const (
	unixDay    = 719163 // 1970-01-01 as a Date
	secondsDay = 24 * 60 * 60
	dateLayout = "2006-01-02"
)

// On makes the date of a year, month and day. Values out of range are carried
// over as in time.Date: 32 January is 1 February.
func On(year int, month time.Month, day int) Date {
	return Date{int32(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/secondsDay + unixDay)}
}

// DateOf says which date an instant falls on in a zone.
func DateOf(t time.Time, zone *time.Location) Date {
	_, offset := t.In(zone).Zone()
	local := t.Unix() + int64(offset)
	day := local / secondsDay
	if local%secondsDay < 0 {
		day--
	}
	return Date{int32(day + unixDay)}
}

// ParseDate reads a date written as 2026-04-30. Anything else is an Invalid
// fault.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(dateLayout, s)
	if err != nil || t.Year() < 1 {
		return Date{}, fault.Invalid.New("deadline.date", s)
	}
	return On(t.Date()), nil
}

// utc is the midnight of the date in UTC, for calendar arithmetic only.
func (d Date) utc() time.Time {
	return time.Unix((int64(d.n)-unixDay)*secondsDay, 0).UTC()
}

// Civil takes the date apart.
func (d Date) Civil() (year int, month time.Month, day int) { return d.utc().Date() }

// Year is the year of the date.
func (d Date) Year() int { return d.utc().Year() }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(((d.n % 7) + 7) % 7) }

// IsZero tells whether this is no date.
func (d Date) IsZero() bool { return d.n == 0 }

// AddDays is the date n days later, or earlier for a negative n.
func (d Date) AddDays(n int) Date { return Date{d.n + int32(n)} }

// Since counts the days from o to d; negative when d is the earlier one.
func (d Date) Since(o Date) int { return int(d.n) - int(o.n) }

// Before tells whether d is earlier than o.
func (d Date) Before(o Date) bool { return d.n < o.n }

// After tells whether d is later than o.
func (d Date) After(o Date) bool { return d.n > o.n }

// String writes the date as 2026-04-30; the zero Date is empty.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.utc().Format(dateLayout)
}

// MarshalText writes the date as String does.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what MarshalText writes; an empty text is the zero Date.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}

// Start is the first instant of the date in a zone: the one from which on the
// clocks never show an earlier date. Where clocks jump over midnight it is the
// moment of the jump.
func (d Date) Start(zone *time.Location) time.Time {
	midnight := (int64(d.n) - unixDay) * secondsDay // as if the zone were UTC
	// No zone is further than 16 hours from UTC, so midnight is in this window.
	t := time.Unix(midnight-16*60*60, 0).In(zone)
	last := midnight + 16*60*60
	start, found := int64(0), false
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		here := midnight - int64(offset) // midnight on the clocks of this stretch
		switch {
		case !end.IsZero() && here >= end.Unix():
			// All of this stretch is earlier.
		case here > t.Unix():
			start, found = here, true // again, where clocks go back over midnight
		case !found:
			start, found = t.Unix(), true // clocks jumped over midnight
		}
		if end.IsZero() || end.Unix() > last {
			return time.Unix(start, 0).In(zone)
		}
		t = end
	}
}

// End is the last microsecond of the date in a zone, the finest instant that is
// stored: 23:59:59.999999 on any but a very odd day.
func (d Date) End(zone *time.Location) time.Time {
	return d.AddDays(1).Start(zone).Add(-time.Microsecond)
}
