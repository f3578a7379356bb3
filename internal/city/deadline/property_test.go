package deadline_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"
	"time"

	"gorod/internal/city/deadline"
)

// slow is a second opinion: it shares no code with the package, walks one day or
// one minute at a time and is meant to be right at a glance.
type slow struct {
	zone  *time.Location
	years map[int]bool
	marks map[string]string // 2026.04.30 → t
	onOff deadline.OnDayOff
	shift bool // what comes on a day off or after 18:00 counts as the next working day
}

var slowDay = regexp.MustCompile(`<day d="(\d\d\.\d\d)" t="(\d)"`)

func newSlow(t testing.TB, folder string) slow {
	t.Helper()
	s := slow{years: map[int]bool{}, marks: map[string]string{}}
	names, _ := filepath.Glob(filepath.Join(folder, "*.xml"))
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		year := filepath.Base(name)[:4]
		n, _ := strconv.Atoi(year)
		s.years[n] = true
		for _, m := range slowDay.FindAllStringSubmatch(string(text), -1) {
			s.marks[year+"."+m[1]] = m[2]
		}
	}
	return s
}

// missing is thrown when a year is needed that is not loaded.
type missing struct{}

// Days are noon UTC, so that nothing about clocks can matter.
func noon(t time.Time, z *time.Location) time.Time {
	y, m, d := t.In(z).Date()
	return time.Date(y, m, d, 12, 0, 0, 0, time.UTC)
}

func (s slow) working(day time.Time) bool {
	if !s.years[day.Year()] {
		panic(missing{})
	}
	switch s.marks[day.Format("2006.01.02")] {
	case "1":
		return false
	case "2", "3":
		return true
	}
	return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
}

func (s slow) end(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 23, 59, 59, 999999000, s.zone)
}

func (s slow) received(event time.Time) time.Time {
	day := noon(event, s.zone)
	if !s.shift {
		return day
	}
	if s.working(day) && event.In(s.zone).Hour() < 18 {
		return day
	}
	for day = day.AddDate(0, 0, 1); !s.working(day); {
		day = day.AddDate(0, 0, 1)
	}
	return day
}

// paused: was a question open when the day ended?
func (s slow) paused(day time.Time, pauses []deadline.Pause) bool {
	for _, p := range pauses {
		if !p.From.After(s.end(day)) && day.Before(s.received(p.To)) {
			return true
		}
	}
	return false
}

func (s slow) days(event time.Time, term deadline.Term, pauses []deadline.Pause) time.Time {
	first := s.received(event)
	day, left := first, term.Amount
	if left == 0 && s.paused(first, pauses) {
		left = 1
	}
	for left > 0 {
		day = day.AddDate(0, 0, 1)
		if (term.Unit == deadline.CalendarDays || s.working(day)) && !s.paused(day, pauses) {
			left--
		}
	}
	if term.Unit == deadline.WorkingDays || s.onOff == deadline.AsIs || s.working(day) {
		return s.end(day)
	}
	if s.onOff == deadline.PreviousWorking {
		back := day.AddDate(0, 0, -1)
		for !s.working(back) && !s.paused(back, pauses) {
			back = back.AddDate(0, 0, -1)
		}
		if back.After(first) && !s.paused(back, pauses) {
			return s.end(back)
		}
	}
	for !s.working(day) || s.paused(day, pauses) {
		day = day.AddDate(0, 0, 1)
	}
	return s.end(day)
}

func (s slow) minutes(event time.Time, term deadline.Term, pauses []deadline.Pause) time.Time {
	inPause := func(t time.Time) bool {
		return slices.ContainsFunc(pauses, func(p deadline.Pause) bool { return !t.Before(p.From) && t.Before(p.To) })
	}
	t := event
	for left := term.Amount * 60; left > 0 || inPause(t); t = t.Add(time.Minute) {
		if !inPause(t) {
			left--
		}
	}
	return t
}

// due takes pauses in one by one, as they happened: one that began after the due
// date of its time changes nothing.
func (s slow) due(event time.Time, term deadline.Term, pauses []deadline.Pause) (due time.Time, known bool) {
	defer func() {
		if caught := recover(); caught != nil {
			if _, ok := caught.(missing); !ok {
				panic(caught)
			}
			due, known = time.Time{}, false
		}
	}()
	compute := s.days
	if term.Unit == deadline.Hours {
		compute = s.minutes
	}
	pauses = slices.Clone(pauses)
	slices.SortFunc(pauses, func(a, b deadline.Pause) int { return a.From.Compare(b.From) })
	due = compute(event, term, nil)
	for i := range pauses {
		if pauses[i].From.After(due) {
			break
		}
		due = compute(event, term, pauses[:i+1])
	}
	return due, true
}

func TestDueAgreesWithTheSlowCalendar(t *testing.T) {
	t.Parallel()
	t.Run("2024 to 2026", func(t *testing.T) {
		t.Parallel()
		compare(t, packFolder, 2024, 2000)
	})
	t.Run("2020 to 2026", func(t *testing.T) {
		t.Parallel()
		compare(t, realFolder(t), 2020, 3000)
	})
}

func compare(t *testing.T, folder string, firstYear, rounds int) {
	calendar, err := deadline.NewCalendar("all", years(t, folder), nil)
	if err != nil {
		t.Fatal(err)
	}
	reference := newSlow(t, folder)
	zones := []*time.Location{zone(t, "Europe/Moscow"), zone(t, "America/New_York"), zone(t, "Asia/Kamchatka")}
	random := rand.New(rand.NewPCG(uint64(firstYear), 7))
	start := time.Date(firstYear, 1, 2, 0, 0, 0, 0, time.UTC)
	minutes := int(time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC).Sub(start) / time.Minute)
	tally := map[string]int{}
	for range rounds {
		event := start.Add(time.Duration(random.IntN(minutes)) * time.Minute)
		term := deadline.Term{Amount: random.IntN(45), Unit: []deadline.Unit{deadline.WorkingDays, deadline.WorkingDays, deadline.CalendarDays, deadline.Hours}[random.IntN(4)]}
		pauses := randomPauses(random, event, term)
		reference.zone = zones[random.IntN(len(zones))]
		reference.onOff = []deadline.OnDayOff{deadline.AsIs, deadline.NextWorking, deadline.PreviousWorking}[random.IntN(3)]
		reference.shift = random.IntN(2) == 0
		rules := deadline.Rules{Zone: reference.zone, Calendar: calendar, OnDayOff: reference.onOff,
			Receipt: deadline.Receipt{NextWorkingDay: reference.shift, Closes: 18 * time.Hour}}

		exp, known := reference.due(event, term, pauses)
		got := rules.Due(event, term, pauses...)
		about := fmt.Sprintf("%s from %s in %s, off %q, shift %t, pauses %v",
			term, event.In(reference.zone).Format(time.RFC3339), reference.zone, reference.onOff, reference.shift, pauses)
		if got.Known() != known || known && !got.Due.Equal(exp) {
			t.Fatalf("%s:\n got %s %+v\nwant %s %t", about, got.Due.In(reference.zone), got.Unknown, exp.In(reference.zone), known)
		}
		if !known {
			tally["unknown"]++
			continue
		}
		tally[string(term.Unit)]++
		everyDayIsAccountedFor(t, about, got.Steps[0])
	}
	for _, kind := range []string{"wd", "cd", "h", "unknown"} {
		if tally[kind] < 20 {
			t.Errorf("only %d cases of %q in %v: the test lost its subject", tally[kind], kind, tally)
		}
	}
}

// randomPauses makes up to three pauses that fall before, into and after a term,
// in any order, overlapping as they like.
func randomPauses(random *rand.Rand, event time.Time, term deadline.Term) []deadline.Pause {
	span := term.Amount*2*24*60 + 24*60 // minutes
	longest := 8 * 24 * 60
	if term.Unit == deadline.Hours {
		span, longest = term.Amount*2*60+60, 20*60
	}
	pauses := make([]deadline.Pause, random.IntN(4))
	for i := range pauses {
		from := event.Add(time.Duration(random.IntN(span)-span/10) * time.Minute)
		pauses[i] = deadline.Pause{From: from, To: from.Add(time.Duration(1+random.IntN(longest)) * time.Minute)}
	}
	return pauses
}

// everyDayIsAccountedFor: the days from receipt to the due day are either
// counted or explained, and those counted make the term.
func everyDayIsAccountedFor(t *testing.T, about string, s deadline.Step) {
	t.Helper()
	if s.Term.Unit == deadline.Hours || s.Term.Amount == 0 {
		return
	}
	skipped := 0
	last := deadline.Date{}
	for _, day := range s.Skipped {
		if day.Date.After(s.From) {
			skipped++
		}
		if !day.Date.After(last) || day.Why.Kind == "" {
			t.Fatalf("%s: %s is out of order or not explained", about, day.Date)
		}
		last = day.Date
	}
	if s.To == s.Nominal && s.Nominal.Since(s.From)-skipped != s.Term.Amount {
		t.Fatalf("%s: %d days from %s to %s, %d skipped", about, s.Nominal.Since(s.From), s.From, s.Nominal, skipped)
	}
}
