package deadline_test

import (
	"encoding/json"
	"testing"
	"time"

	"gorod/internal/city/deadline"
)

func TestWorkingDaysAreCountedFromTheDayAfter(t *testing.T) {
	t.Parallel()
	vectors := []struct {
		from string
		days int
		due  string
	}{
		{"2026-04-29", 2, "2026-05-04"}, {"2026-05-08", 1, "2026-05-12"},
		{"2026-04-30", 9, "2026-05-15"}, {"2026-02-20", 1, "2026-02-24"},
		{"2026-03-06", 1, "2026-03-10"}, {"2026-11-03", 1, "2026-11-05"},
		{"2025-10-31", 1, "2025-11-01"}, {"2025-04-30", 2, "2025-05-06"},
		{"2024-04-26", 1, "2024-04-27"}, {"2024-12-27", 1, "2024-12-28"},
		{"2025-12-29", 1, "2025-12-30"}, {"2026-12-25", 3, "2026-12-30"},
		{"2026-11-20", 9, "2026-12-03"}, {"2026-11-20", 19, "2026-12-17"},
		{"2026-04-30", 10, "2026-05-18"},
		{"2025-12-30", 1, "2026-01-12"}, // over New Year into the next calendar
		{"2024-12-28", 1, "2025-01-09"},
		{"2026-05-12", 0, "2026-05-12"}, // zero is a term: the same day
	}
	r := moscow(t)
	for _, v := range vectors {
		for _, clock := range []string{"00:00", "12:34", "23:59"} {
			t.Run(v.from+" "+wd(v.days).String()+" "+clock, func(t *testing.T) {
				t.Parallel()
				wantDue(t, r, r.Due(at(t, r.Zone, v.from+" "+clock), wd(v.days)), v.due)
			})
		}
	}
}

// A page can say: 10 working days from 30 April 2026 is 18 May, because …
func TestPromiseExplainsEverySkippedDay(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	sent := at(t, r.Zone, "2026-04-30 14:05")
	p := r.Due(sent, wd(10))
	weekend := deadline.Why{Kind: deadline.Weekend}
	want(t, "promise", p, deadline.Promise{
		Due: deadline.On(2026, 5, 18).End(r.Zone), CalendarVersion: "test-1",
		Steps: []deadline.Step{{
			Term: wd(10), Start: sent, Received: date(t, "2026-04-30"), From: date(t, "2026-04-30"),
			Nominal: date(t, "2026-05-18"), To: date(t, "2026-05-18"), Due: deadline.On(2026, 5, 18).End(r.Zone),
			Skipped: []deadline.Skipped{
				{Date: date(t, "2026-05-01"), Why: deadline.Why{Kind: deadline.HolidayOff, Holiday: "Праздник Весны и Труда"}},
				{Date: date(t, "2026-05-02"), Why: weekend}, {Date: date(t, "2026-05-03"), Why: weekend},
				{Date: date(t, "2026-05-09"), Why: deadline.Why{Kind: deadline.HolidayOff, Holiday: "День Победы"}},
				{Date: date(t, "2026-05-10"), Why: weekend},
				{Date: date(t, "2026-05-11"), Why: deadline.Why{Kind: deadline.MovedOff, Moved: date(t, "2026-05-09")}},
				{Date: date(t, "2026-05-16"), Why: weekend}, {Date: date(t, "2026-05-17"), Why: weekend},
			},
		}},
	})
}

func TestResidentsDateIsTheSumOfStages(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	plan := []deadline.Leg{
		{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Processing, Term: wd(9)}, {Stage: deadline.Review, Term: wd(1)}}
	sent := r.Promise(at(t, r.Zone, "2026-04-30 21:00"), plan)
	wantDue(t, r, sent, "2026-05-19")
	var ends []string
	for _, s := range sent.Steps {
		ends = append(ends, string(s.Stage)+" "+s.From.String()+" "+s.To.String())
	}
	want(t, "stages", ends, []string{"moderation 2026-04-30 2026-05-04", "processing 2026-05-04 2026-05-18", "review 2026-05-18 2026-05-19"})
	for i := 1; i < len(sent.Steps); i++ {
		want(t, "a stage begins where the last is due", sent.Steps[i].Start, sent.Steps[i-1].Due)
	}

	accepted := r.Promise(at(t, r.Zone, "2026-05-05 09:00"), plan[1:])
	wantDue(t, r, accepted, "2026-05-20")
}

func TestPromiseIsKeptInAnEventAsItWas(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.Zone = time.UTC // times read back have no name of a zone
	for _, p := range []deadline.Promise{
		r.Promise(at(t, r.Zone, "2026-04-30 21:00"), []deadline.Leg{{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Review, Term: hours(5), Extension: true}}),
		r.Due(at(t, r.Zone, "2026-12-30 21:00"), wd(5)),
	} {
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var back deadline.Promise
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		want(t, "read back", back, p)
	}
}

func TestMissingYearIsUnknownAndNothingIsGuessed(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	end := at(t, r.Zone, "2026-12-29 10:00")
	wantDue(t, r, r.Due(end, wd(1)), "2026-12-30")
	cases := map[string]struct {
		r     deadline.Rules
		term  deadline.Term
		known bool
		year  int
	}{
		"working days into 2027":                    {r, wd(2), false, 2027},
		"calendar days as they are need no year":    {r, cd(5), true, 0},
		"calendar days to a working day need it":    {func() deadline.Rules { r := r; r.OnDayOff = deadline.NextWorking; return r }(), cd(5), false, 2027},
		"back to a working day needs it":            {func() deadline.Rules { r := r; r.OnDayOff = deadline.PreviousWorking; return r }(), cd(5), false, 2027},
		"31 December is off: the next is unknown":   {func() deadline.Rules { r := r; r.OnDayOff = deadline.NextWorking; return r }(), cd(2), false, 2027},
		"31 December is off: the one before is not": {func() deadline.Rules { r := r; r.OnDayOff = deadline.PreviousWorking; return r }(), cd(2), true, 0},
		"hours need no year":                        {r, hours(100), true, 0},
		"no calendar at all":                        {deadline.Rules{Zone: r.Zone}, wd(1), false, 2026},
		"receipt in a city without a calendar":      {deadline.Rules{Zone: r.Zone, Receipt: deadline.Receipt{NextWorkingDay: true}}, cd(1), false, 2026},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := tc.r.Promise(end, []deadline.Leg{{Stage: deadline.Moderation, Term: hours(1)}, {Stage: deadline.Processing, Term: tc.term}})
			if tc.r.Receipt.NextWorkingDay {
				p = tc.r.Promise(end, []deadline.Leg{{Stage: deadline.Processing, Term: tc.term}})
			}
			want(t, "known", p.Known(), tc.known)
			if !tc.known {
				want(t, "unknown", p.Unknown, deadline.Unknown{Reason: deadline.NoYear, Year: tc.year, Stage: deadline.Processing})
				want(t, "no date", p.Due, time.Time{})
			}
		})
	}
	p := r.Due(at(t, r.Zone, "2026-12-30 18:00"), deadline.Term{Amount: 1, Unit: "week"})
	want(t, "bad term", p.Unknown.Reason, deadline.BadTerm)
	want(t, "no plan", r.Promise(end, nil).Unknown.Reason, deadline.NoTerm)
}

func TestDueDayInCalendarDaysFollowsTheCitysRule(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name     string
		from     string
		days     int
		asIs     string
		next     string
		previous string
	}{
		{"working day stays", "2026-04-08", 5, "2026-04-13", "2026-04-13", "2026-04-13"},
		{"Saturday", "2026-04-08", 10, "2026-04-18", "2026-04-20", "2026-04-17"},
		{"New Year", "2025-12-05", 30, "2026-01-04", "2026-01-12", "2025-12-30"},
		{"working Saturday stays", "2025-10-30", 2, "2025-11-01", "2025-11-01", "2025-11-01"},
		{"30 days of 59-ФЗ over May", "2026-04-09", 30, "2026-05-09", "2026-05-12", "2026-05-08"},
		{"back would be before it came", "2026-05-08", 1, "2026-05-09", "2026-05-12", "2026-05-12"},
		{"back would be when it came", "2026-04-17", 1, "2026-04-18", "2026-04-20", "2026-04-20"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := moscow(t)
			sent := at(t, r.Zone, tc.from+" 11:00")
			for rule, due := range map[deadline.OnDayOff]string{deadline.AsIs: tc.asIs, deadline.NextWorking: tc.next, deadline.PreviousWorking: tc.previous} {
				r.OnDayOff = rule
				p := r.Due(sent, cd(tc.days))
				wantDue(t, r, p, due)
				step := p.Steps[0]
				want(t, "nominal", step.Nominal.String(), tc.asIs)
				passed := step.To.Since(step.Nominal)
				if want := max(passed, -passed); len(step.Skipped) != want {
					t.Errorf("%q: %d days explained, want %d: %v", rule, len(step.Skipped), want, step.Skipped)
				}
			}
		})
	}
}

func TestHoursRunThroughNightsDaysOffAndChangesOfClocks(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.Receipt = deadline.Receipt{NextWorkingDay: true, Closes: 18 * time.Hour}
	r.OnDayOff = deadline.NextWorking
	wantDue(t, r, r.Due(at(t, r.Zone, "2026-05-08 23:30"), hours(2)), "2026-05-09 01:30")
	wantDue(t, r, r.Due(at(t, r.Zone, "2026-12-31 23:30"), hours(72)), "2027-01-03 23:30")
	wantDue(t, r, r.Due(at(t, r.Zone, "2026-05-08 23:30"), deadline.Term{Amount: 30, Unit: deadline.Minutes}), "2026-05-09 00:00")

	ny := r
	ny.Zone = zone(t, "America/New_York")
	// 8 March 2026 has 23 hours in New York, 1 November 25.
	wantDue(t, ny, ny.Due(at(t, ny.Zone, "2026-03-07 12:00"), hours(24)), "2026-03-08 13:00")
	wantDue(t, ny, ny.Due(at(t, ny.Zone, "2026-10-31 12:00"), hours(24)), "2026-11-01 11:00")
}

func TestDaysEndAtMidnightOnBothSidesOfAChangeOfClocks(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.Zone = zone(t, "America/New_York")
	spring := r.Due(at(t, r.Zone, "2026-03-06 23:30"), cd(2))
	wantDue(t, r, spring, "2026-03-08")
	want(t, "length of the last day", spring.Due.Add(time.Microsecond).Sub(deadline.On(2026, 3, 8).Start(r.Zone)), 23*time.Hour)
	autumn := r.Due(at(t, r.Zone, "2026-10-30 00:30"), cd(2))
	wantDue(t, r, autumn, "2026-11-01")
	want(t, "length of the last day", autumn.Due.Add(time.Microsecond).Sub(deadline.On(2026, 11, 1).Start(r.Zone)), 25*time.Hour)
	wantDue(t, r, r.Due(at(t, r.Zone, "2026-10-30 12:00"), wd(1)), "2026-11-02")
}

// The same instant is another day in another city.
func TestDayOfAnEventIsTheCitysDay(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	instant := time.Date(2026, 4, 29, 22, 30, 0, 0, time.UTC) // 30 April, 01:30 in Moscow
	wantDue(t, r, r.Due(instant, wd(1)), "2026-05-04")
	r.Zone = zone(t, "America/New_York")
	wantDue(t, r, r.Due(instant, wd(1)), "2026-04-30")
}

func TestReceiptOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, at string
		from     string
		due      string // of one working day
		due3     string // of three calendar days
		skipped  []deadline.WhyKind
	}{
		{"during hours", "2026-04-29 17:59", "2026-04-29", "2026-04-30", "2026-05-02", nil},
		{"at closing time", "2026-04-29 18:00", "2026-04-30", "2026-05-04", "2026-05-03", []deadline.WhyKind{deadline.AfterHours}},
		{"a shortened day closes an hour earlier", "2026-04-30 17:00", "2026-05-04", "2026-05-05", "2026-05-07",
			[]deadline.WhyKind{deadline.AfterHours, deadline.HolidayOff, deadline.Weekend, deadline.Weekend}},
		{"before closing of a shortened day", "2026-04-30 16:59", "2026-04-30", "2026-05-04", "2026-05-03", nil},
		{"before opening it is the same day", "2026-04-29 03:00", "2026-04-29", "2026-04-30", "2026-05-02", nil},
		{"on a day off", "2026-05-10 12:00", "2026-05-12", "2026-05-13", "2026-05-15", []deadline.WhyKind{deadline.Weekend, deadline.MovedOff}},
		{"on a working Saturday", "2025-11-01 12:00", "2025-11-01", "2025-11-05", "2025-11-04", nil},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := moscow(t)
			r.Receipt = deadline.Receipt{NextWorkingDay: true, Closes: 18 * time.Hour, ShortenedBy: time.Hour}
			sent := at(t, r.Zone, tc.at)
			p := r.Due(sent, wd(1))
			wantDue(t, r, p, tc.due)
			want(t, "received", []string{p.Steps[0].Received.String(), p.Steps[0].From.String()}, []string{tc.at[:10], tc.from})
			wantDue(t, r, r.Due(sent, cd(3)), tc.due3)
			var kinds []deadline.WhyKind
			for _, s := range r.Due(sent, cd(3)).Steps[0].Skipped {
				kinds = append(kinds, s.Why.Kind)
			}
			want(t, "skipped", kinds, tc.skipped)
		})
	}
	t.Run("only days off matter when there are no hours", func(t *testing.T) {
		t.Parallel()
		r := moscow(t)
		r.Receipt.NextWorkingDay = true
		wantDue(t, r, r.Due(at(t, r.Zone, "2026-04-29 23:59"), wd(1)), "2026-04-30")
		wantDue(t, r, r.Due(at(t, r.Zone, "2026-05-02 10:00"), wd(1)), "2026-05-05")
	})
	t.Run("the computed end of a stage is no event", func(t *testing.T) {
		t.Parallel()
		r := moscow(t)
		r.Receipt = deadline.Receipt{NextWorkingDay: true, Closes: 18 * time.Hour}
		p := r.Promise(at(t, r.Zone, "2026-05-12 10:00"), []deadline.Leg{{Term: wd(1)}, {Term: wd(1)}})
		wantDue(t, r, p, "2026-05-14")
	})
}

func TestDeclaredDaysMoveADateOnlyUnderTheNewVersion(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	sent := at(t, r.Zone, "2026-09-07 10:00")
	before := r.Due(sent, wd(5))
	wantDue(t, r, before, "2026-09-14")
	decree, err := deadline.NewCalendar("test-2", years(t, packFolder), []deadline.Override{
		{First: date(t, "2026-09-09"), Last: date(t, "2026-09-13"), Mark: deadline.Off, Note: "Decree 7"}})
	if err != nil {
		t.Fatal(err)
	}
	r.Calendar = decree
	after := r.Due(sent, wd(5))
	wantDue(t, r, after, "2026-09-17")
	want(t, "versions", []string{before.CalendarVersion, after.CalendarVersion}, []string{"test-1", "test-2"})
	want(t, "why", after.Steps[0].Skipped[0], deadline.Skipped{Date: date(t, "2026-09-09"), Why: deadline.Why{Kind: deadline.Declared, Note: "Decree 7"}})

	kept := deadline.Deadline{}.Move(before).Move(after)
	want(t, "original and due", []time.Time{kept.Original, kept.Due}, []time.Time{before.Due, after.Due})
}

var sink deadline.Promise

func BenchmarkDueInTenWorkingDays(b *testing.B) {
	r := moscow(b)
	sent := at(b, r.Zone, "2026-04-30 14:05")
	b.ReportAllocs()
	for b.Loop() {
		sink = r.Due(sent, wd(10))
	}
}

func BenchmarkPromiseOfThreeStages(b *testing.B) {
	r := moscow(b)
	sent := at(b, r.Zone, "2026-04-30 14:05")
	plan := []deadline.Leg{{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Processing, Term: wd(19)}, {Stage: deadline.Review, Term: wd(1)}}
	b.ReportAllocs()
	for b.Loop() {
		sink = r.Promise(sent, plan)
	}
}
