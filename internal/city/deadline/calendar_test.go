package deadline_test

import (
	"errors"
	"testing"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/fault"
)

func TestYearsHaveTheirWorkingDays(t *testing.T) {
	t.Parallel()
	facts := []struct {
		year      int
		working   int
		shortened []string
		weekends  []string          // Saturdays and Sundays that are worked
		moved     map[string]string // day off ← where it was
	}{
		{2024, 248,
			[]string{"2024-02-22", "2024-03-07", "2024-05-08", "2024-06-11", "2024-11-02"},
			[]string{"2024-04-27", "2024-11-02", "2024-12-28"},
			map[string]string{"2024-04-29": "2024-04-27", "2024-04-30": "2024-11-02", "2024-05-10": "2024-01-06",
				"2024-12-30": "2024-12-28", "2024-12-31": "2024-01-07"}},
		{2025, 247,
			[]string{"2025-03-07", "2025-04-30", "2025-06-11", "2025-11-01"},
			[]string{"2025-11-01"},
			map[string]string{"2025-05-02": "2025-01-04", "2025-05-08": "2025-02-23", "2025-06-13": "2025-03-08",
				"2025-11-03": "2025-11-01", "2025-12-31": "2025-01-05"}},
		{2026, 247,
			[]string{"2026-04-30", "2026-05-08", "2026-06-11", "2026-11-03"},
			nil,
			map[string]string{"2026-01-09": "2026-01-03", "2026-03-09": "2026-03-08", "2026-05-11": "2026-05-09",
				"2026-12-31": "2026-01-04"}},
	}
	c := shipped(t)
	for _, fact := range facts {
		n, _, known := c.WorkingDays(deadline.On(fact.year-1, 12, 31), deadline.On(fact.year, 12, 31))
		if n != fact.working || !known {
			t.Errorf("%d has %d working days, want %d", fact.year, n, fact.working)
		}
		var shortened, weekends []string
		moved := map[string]string{}
		for d := deadline.On(fact.year, 1, 1); d.Year() == fact.year; d = d.AddDays(1) {
			if short, _ := c.Shortened(d); short {
				shortened = append(shortened, d.String())
			}
			switch why := c.Explain(d); why.Kind {
			case deadline.WorkingWeekend:
				weekends = append(weekends, d.String())
			case deadline.MovedOff:
				moved[d.String()] = why.Moved.String()
			}
		}
		want(t, "shortened", shortened, fact.shortened)
		want(t, "working weekends", weekends, fact.weekends)
		want(t, "moved", moved, fact.moved)
	}
}

func TestEveryDayIsExplained(t *testing.T) {
	t.Parallel()
	c := shipped(t, deadline.Override{First: date(t, "2026-06-10"), Last: date(t, "2026-06-16"), Mark: deadline.Off, Note: "Decree 7"},
		deadline.Override{First: date(t, "2026-08-01"), Last: date(t, "2026-08-01"), Mark: deadline.Working, Note: "Decree 8"})
	cases := []struct {
		name    string
		day     string
		working bool
		why     deadline.Why
	}{
		{"ordinary day", "2026-04-29", true, deadline.Why{}},
		{"shortened day", "2026-04-30", true, deadline.Why{}},
		{"holiday", "2026-05-01", false, deadline.Why{Kind: deadline.HolidayOff, Holiday: "Праздник Весны и Труда"}},
		{"weekend", "2026-05-02", false, deadline.Why{Kind: deadline.Weekend}},
		{"holiday on a weekend", "2026-05-09", false, deadline.Why{Kind: deadline.HolidayOff, Holiday: "День Победы"}},
		{"moved", "2026-05-11", false, deadline.Why{Kind: deadline.MovedOff, Moved: date(t, "2026-05-09")}},
		{"shortened Saturday is worked", "2025-11-01", true, deadline.Why{Kind: deadline.WorkingWeekend, Moved: date(t, "2025-11-03")}},
		{"Saturday worked in full", "2024-12-28", true, deadline.Why{Kind: deadline.WorkingWeekend, Moved: date(t, "2024-12-30")}},
		{"declared off", "2026-06-10", false, deadline.Why{Kind: deadline.Declared, Note: "Decree 7"}},
		{"holiday among declared days", "2026-06-12", false, deadline.Why{Kind: deadline.HolidayOff, Holiday: "День России"}},
		{"day after the declared ones", "2026-06-17", true, deadline.Why{}},
		{"declared worked", "2026-08-01", true, deadline.Why{Kind: deadline.Declared, Note: "Decree 8"}},
	}
	for _, c2 := range cases {
		t.Run(c2.name, func(t *testing.T) {
			t.Parallel()
			working, known := c.Working(date(t, c2.day))
			want(t, "working", []bool{working, known}, []bool{c2.working, true})
			want(t, "why", c.Explain(date(t, c2.day)), c2.why)
		})
	}
}

func TestYearThatIsNotLoadedIsUnknown(t *testing.T) {
	t.Parallel()
	all := years(t, packFolder)
	gap, err := deadline.NewCalendar("gap", []deadline.Year{all[2], all[0]}, []deadline.Override{
		{First: deadline.On(2025, 6, 2), Last: deadline.On(2025, 6, 2), Mark: deadline.Off}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "years", gap.Years(), []int{2024, 2026})
	for _, d := range []deadline.Date{deadline.On(2023, 12, 31), deadline.On(2025, 1, 1), deadline.On(2025, 6, 2), deadline.On(2025, 12, 31), deadline.On(2027, 1, 1)} {
		if _, known := gap.Working(d); known {
			t.Errorf("%s is known", d)
		}
		if _, known := gap.Shortened(d); known || gap.Explain(d).Kind != deadline.NoCalendar {
			t.Errorf("%s is explained as %+v", d, gap.Explain(d))
		}
	}
	_, year, known := gap.WorkingDays(deadline.On(2024, 12, 1), deadline.On(2026, 2, 1))
	want(t, "missing year", []any{year, known}, []any{2025, false})

	var none *deadline.Calendar
	if _, known := none.Working(deadline.On(2026, 1, 12)); known || none.Version() != "" || none.Years() != nil {
		t.Error("no calendar knows something")
	}
	if title, exact := none.Title(deadline.On(2026, 1, 1), "ru"); title != "" || exact {
		t.Errorf("no calendar has a holiday: %s", title)
	}
}

func TestAdministratorsHearOfTheMissingYearFromNovember(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	for day, year := range map[string]int{"2026-10-31": 0, "2026-11-01": 2027, "2026-12-01": 2027, "2026-12-31": 2027, "2027-03-01": 2027, "2025-12-15": 0} {
		got, missing := c.Missing(date(t, day))
		if got != year || missing != (year != 0) {
			t.Errorf("on %s missing is %d, want %d", day, got, year)
		}
	}
}

func TestHolidayIsNamedInTheLanguageOfTheReader(t *testing.T) {
	t.Parallel()
	c := shipped(t)
	cases := []struct {
		day, lang, title string
		exact            bool
	}{
		{"2026-05-09", "en", "Victory Day", true},
		{"2026-05-09", "tt", "День Победы", false},
		{"2026-05-12", "en", "", false},
	}
	for _, tc := range cases {
		title, exact := c.Title(date(t, tc.day), tc.lang)
		want(t, tc.day+" "+tc.lang, []any{title, exact}, []any{tc.title, tc.exact})
	}
}

func TestCalendarsThatContradictThemselvesAreRefused(t *testing.T) {
	t.Parallel()
	off := func(y int, m time.Month, d int) deadline.Day {
		return deadline.Day{Date: deadline.On(y, m, d), Mark: deadline.Off}
	}
	span := func(first, last string, mark deadline.Mark) deadline.Override {
		return deadline.Override{First: date(t, first), Last: date(t, last), Mark: mark}
	}
	cases := []struct {
		name      string
		years     []deadline.Year
		overrides []deadline.Override
		phrase    string
	}{
		{"year twice", []deadline.Year{{Number: 2026}, {Number: 2026}}, nil, "deadline.calendar_year_twice"},
		{"year out of range", []deadline.Year{{Number: 26}}, nil, "deadline.calendar_year"},
		{"two countries", []deadline.Year{{Number: 2025, Country: "ru"}, {Number: 2026, Country: "by"}}, nil, "deadline.calendar_country"},
		{"day of another year", []deadline.Year{{Number: 2026, Days: []deadline.Day{off(2025, 1, 1)}}}, nil, "deadline.calendar_other_year"},
		{"day twice", []deadline.Year{{Number: 2026, Days: []deadline.Day{off(2026, 1, 1), off(2026, 1, 1)}}}, nil, "deadline.calendar_twice"},
		{"day without a mark", []deadline.Year{{Number: 2026, Days: []deadline.Day{{Date: deadline.On(2026, 1, 1)}}}}, nil, "deadline.calendar_mark"},
		{"override runs backwards", nil, []deadline.Override{span("2026-05-02", "2026-05-01", deadline.Off)}, "deadline.override_range"},
		{"override of years", nil, []deadline.Override{span("2020-05-02", "2026-05-01", deadline.Off)}, "deadline.override_range"},
		{"override without a day", nil, []deadline.Override{{Mark: deadline.Off}}, "deadline.override_range"},
		{"override without a mark", nil, []deadline.Override{span("2026-05-02", "2026-05-02", "")}, "deadline.override_mark"},
		{"overrides overlap", nil, []deadline.Override{span("2026-05-05", "2026-05-08", deadline.Off), span("2026-05-01", "2026-05-05", deadline.Short)}, "deadline.override_twice"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := deadline.NewCalendar("x", tc.years, tc.overrides)
			if !errors.Is(err, fault.Invalid) {
				t.Fatalf("accepted: %v", err)
			}
			want(t, "phrase", fault.Of(err).Phrase, tc.phrase)
		})
	}
}
