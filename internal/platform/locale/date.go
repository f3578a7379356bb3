package locale

import (
	"strconv"
	"strings"
	"time"
)

// Date writes a day: «8 декабря», "8 December"; with the year where it is not
// the year of now. The day is that of t's own zone: give it the city's.
func Date(lang Lang, t, now time.Time) string {
	s := dayAndMonth(lang, t)
	if t.Year() != now.In(t.Location()).Year() {
		s += " " + strconv.Itoa(t.Year())
	}
	return s
}

// DateFull writes a day in full: «пятница, 20 ноября 2026».
func DateFull(lang Lang, t time.Time) string {
	return weekday(lang, t) + ", " + dayAndMonth(lang, t) + " " + strconv.Itoa(t.Year())
}

// DateTime writes a moment: «20 ноября, пятница, 18:42»; with the year where
// it is not the year of now.
func DateTime(lang Lang, t, now time.Time) string {
	return Date(lang, t, now) + ", " + weekday(lang, t) + ", " + t.Format("15:04")
}

func dayAndMonth(lang Lang, t time.Time) string {
	return strconv.Itoa(t.Day()) + " " + wordsOf(lang).months[t.Month()-1]
}

func weekday(lang Lang, t time.Time) string {
	return wordsOf(lang).weekdays[t.Weekday()]
}

// Lengths that Ago counts in; a month and a year are rough on purpose, the
// exact date stands beside.
const (
	day   = 24 * time.Hour
	month = 30 * day
	year  = 365 * day
)

// Ago writes how long ago from was, in its largest unit, rounded down:
// «2 дня назад», «только что» within a minute either way. What is still to
// come is «через 2 дня».
func Ago(lang Lang, from, now time.Time) string {
	w := wordsOf(lang)
	gap, pattern := now.Sub(from), w.ago
	if gap < 0 {
		gap, pattern = -max(gap, -1<<63+1), w.then
	}
	if gap < time.Minute {
		return w.justNow
	}
	return strings.Replace(pattern, "{}", w.roughly(lang, gap), 1)
}

func (w *words) roughly(lang Lang, gap time.Duration) string {
	switch {
	case gap < time.Hour:
		return count(lang, gap/time.Minute, w.minute)
	case gap < day:
		return count(lang, gap/time.Hour, w.hour)
	case gap < month:
		return count(lang, gap/day, w.day)
	case gap < year:
		return count(lang, min(gap/month, 11), w.month)
	}
	return count(lang, gap/year, w.year)
}

// count writes a number with its noun in the right form.
func count(lang Lang, n time.Duration, of noun) string {
	return Number(lang, int64(n)) + " " + of[pluralOf(lang, uint64(n))]
}

// Duration writes a length of time in its two largest units, rounded down:
// «3 ч 20 мин», «2 дня 4 ч», «45 с».
func Duration(lang Lang, d time.Duration) string {
	if d < 0 {
		return minus + Duration(lang, -max(d, -1<<63+1))
	}
	w := wordsOf(lang)
	short := func(n time.Duration, unit string) string { return Number(lang, int64(n)) + " " + unit }
	switch {
	case d < time.Minute:
		return short(d/time.Second, w.s)
	case d < time.Hour:
		return short(d/time.Minute, w.min)
	case d < day:
		return pair(short(d/time.Hour, w.h), d%time.Hour/time.Minute, short(d%time.Hour/time.Minute, w.min))
	}
	return pair(count(lang, d/day, w.day), d%day/time.Hour, short(d%day/time.Hour, w.h))
}

// pair joins two amounts and leaves the second out when it is nought.
func pair(first string, n time.Duration, second string) string {
	if n == 0 {
		return first
	}
	return first + " " + second
}
