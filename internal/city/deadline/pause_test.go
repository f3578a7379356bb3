package deadline_test

import (
	"testing"
	"time"

	"gorod/internal/city/deadline"
)

func TestQuestionToTheAuthorStopsTheTerm(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	type pause [2]string
	cases := []struct {
		name   string
		term   deadline.Term
		pauses []pause
		due    string // "" when paused
	}{
		// From Monday 7 September 2026; five working days end on Monday the 14th.
		{"no question", wd(5), nil, "2026-09-14"},
		{"answered the same day", wd(5), []pause{{"2026-09-08 09:00", "2026-09-08 18:00"}}, "2026-09-14"},
		{"over one night", wd(5), []pause{{"2026-09-08 23:00", "2026-09-09 00:30"}}, "2026-09-15"},
		{"over two nights", wd(5), []pause{{"2026-09-08 09:00", "2026-09-10 18:00"}}, "2026-09-16"},
		{"over a weekend only its Friday is given back", wd(5), []pause{{"2026-09-11 12:00", "2026-09-14 12:00"}}, "2026-09-15"},
		{"asked and answered on days off", wd(5), []pause{{"2026-09-12 12:00", "2026-09-13 12:00"}}, "2026-09-14"},
		{"asked on the due day, answered on a day off", wd(4), []pause{{"2026-09-11 12:00", "2026-09-13 12:00"}}, "2026-09-14"},
		{"asked at the last instant", wd(5), []pause{{"2026-09-14 23:59:59.999999", "2026-09-16 10:00"}}, "2026-09-16"},
		{"asked too late", wd(5), []pause{{"2026-09-15 00:00", "2026-09-18 10:00"}}, "2026-09-14"},
		{"two questions", wd(5), []pause{{"2026-09-10 10:00", "2026-09-11 10:00"}, {"2026-09-08 10:00", "2026-09-09 10:00"}}, "2026-09-16"},
		{"the second only because of the first", wd(5), []pause{{"2026-09-14 10:00", "2026-09-15 10:00"}, {"2026-09-15 11:00", "2026-09-16 10:00"}}, "2026-09-16"},
		{"questions that overlap count once", wd(5), []pause{{"2026-09-08 10:00", "2026-09-10 10:00"}, {"2026-09-09 10:00", "2026-09-10 11:00"}}, "2026-09-16"},
		{"an answer before its question", wd(5), []pause{{"2026-09-10 10:00", "2026-09-09 10:00"}}, "2026-09-14"},
		{"a question before the term began", wd(5), []pause{{"2026-09-03 10:00", "2026-09-05 10:00"}}, "2026-09-14"},
		{"still open", wd(5), []pause{{"2026-09-10 10:00", ""}}, ""},
		{"still open, but asked too late", wd(5), []pause{{"2026-09-15 10:00", ""}}, "2026-09-14"},
		{"open while another was answered", wd(5), []pause{{"2026-09-08 10:00", ""}, {"2026-09-09 10:00", "2026-09-10 10:00"}}, ""},
		{"by the end of the day, asked on it", wd(0), []pause{{"2026-09-07 12:00", "2026-09-08 12:00"}}, "2026-09-08"},

		{"calendar days", cd(5), []pause{{"2026-09-11 12:00", "2026-09-14 12:00"}}, "2026-09-15"},
		{"calendar days over one night", cd(5), []pause{{"2026-09-12 12:00", "2026-09-12 13:00"}, {"2026-09-12 22:00", "2026-09-13 01:00"}}, "2026-09-13"},

		{"hours exactly", hours(24), []pause{{"2026-09-07 12:00", "2026-09-07 13:30"}}, "2026-09-08 11:30"},
		{"hours, two questions", hours(24), []pause{{"2026-09-08 10:15", "2026-09-08 10:45"}, {"2026-09-07 12:00", "2026-09-07 13:30"}}, "2026-09-08 12:00"},
		{"hours, a question from before", hours(24), []pause{{"2026-09-07 08:00", "2026-09-07 11:00"}}, "2026-09-08 11:00"},
		{"hours, asked when due", hours(24), []pause{{"2026-09-08 10:00", "2026-09-08 11:00"}}, "2026-09-08 11:00"},
		{"hours, asked too late", hours(24), []pause{{"2026-09-08 10:01", "2026-09-08 11:00"}}, "2026-09-08 10:00"},
		{"hours, still open", hours(24), []pause{{"2026-09-08 09:00", ""}}, ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var pauses []deadline.Pause
			for _, p := range tc.pauses {
				pause := deadline.Pause{From: at(t, r.Zone, p[0])}
				if p[1] != "" {
					pause.To = at(t, r.Zone, p[1])
				}
				pauses = append(pauses, pause)
			}
			got := r.Due(at(t, r.Zone, "2026-09-07 10:00"), tc.term, pauses...)
			if tc.due == "" {
				want(t, "unknown", got.Unknown, deadline.Unknown{Reason: deadline.Paused})
				return
			}
			wantDue(t, r, got, tc.due)
		})
	}
}

func TestPausedDaysAreExplained(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	p := r.Due(at(t, r.Zone, "2026-09-10 10:00"), wd(2), deadline.Pause{From: at(t, r.Zone, "2026-09-11 10:00"), To: at(t, r.Zone, "2026-09-15 10:00")})
	paused, weekend := deadline.Why{Kind: deadline.InPause}, deadline.Why{Kind: deadline.Weekend}
	want(t, "skipped", p.Steps[0].Skipped, []deadline.Skipped{
		{Date: date(t, "2026-09-11"), Why: paused}, {Date: date(t, "2026-09-12"), Why: weekend},
		{Date: date(t, "2026-09-13"), Why: weekend}, {Date: date(t, "2026-09-14"), Why: paused}})
	wantDue(t, r, p, "2026-09-16")
}

func TestAnswerAfterHoursResumesOnTheNextWorkingDay(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	pause := deadline.Pause{From: at(t, r.Zone, "2026-09-11 10:00"), To: at(t, r.Zone, "2026-09-14 23:50")}
	sent := at(t, r.Zone, "2026-09-10 10:00")
	wantDue(t, r, r.Due(sent, wd(1), pause), "2026-09-14")
	r.Receipt = deadline.Receipt{NextWorkingDay: true, Closes: 18 * time.Hour}
	wantDue(t, r, r.Due(sent, wd(1), pause), "2026-09-15")

	backwards := deadline.Pause{From: at(t, r.Zone, "2026-09-11 20:00"), To: at(t, r.Zone, "2026-09-11 19:00")}
	wantDue(t, r, r.Due(sent, wd(1), backwards), "2026-09-11")
}

func TestAnswerInAMissingYearLeavesOnlyDaysUnknown(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.Receipt.NextWorkingDay = true
	sent := at(t, r.Zone, "2026-12-29 10:00")
	pause := deadline.Pause{From: at(t, r.Zone, "2026-12-29 12:00"), To: at(t, r.Zone, "2027-01-04 12:00")}
	want(t, "days", r.Due(sent, wd(1), pause).Unknown, deadline.Unknown{Reason: deadline.NoYear, Year: 2027})
	wantDue(t, r, r.Due(sent, hours(3), pause), "2027-01-04 13:00")
}

func TestPauseHoldsUpTheStageThatRan(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	plan := []deadline.Leg{{Stage: deadline.Moderation, Term: wd(1)}, {Stage: deadline.Processing, Term: wd(3)}}
	sent := at(t, r.Zone, "2026-09-07 10:00")
	wantDue(t, r, r.Promise(sent, plan), "2026-09-11")
	p := r.Promise(sent, plan, deadline.Pause{From: at(t, r.Zone, "2026-09-08 10:00"), To: at(t, r.Zone, "2026-09-09 10:00")})
	want(t, "moderation", p.Steps[0].To.String(), "2026-09-09")
	wantDue(t, r, p, "2026-09-14")
	p = r.Promise(sent, plan, deadline.Pause{From: at(t, r.Zone, "2026-09-09 10:00"), To: at(t, r.Zone, "2026-09-10 10:00")})
	want(t, "moderation", p.Steps[0].To.String(), "2026-09-08")
	wantDue(t, r, p, "2026-09-14")
}

// An answer was due on the working day before a weekend. A question on that day
// cannot move the date back behind the answer to it.
func TestPauseNeverEndsBehindTheDueDate(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.OnDayOff = deadline.PreviousWorking
	sent := at(t, r.Zone, "2026-09-07 10:00") // 6 days: Sunday 13, so Friday 11
	wantDue(t, r, r.Due(sent, cd(6)), "2026-09-11")
	pause := func(from, to string) deadline.Pause {
		return deadline.Pause{From: at(t, r.Zone, from), To: at(t, r.Zone, to)}
	}
	wantDue(t, r, r.Due(sent, cd(6), pause("2026-09-11 10:00", "2026-09-12 10:00")), "2026-09-14")
	wantDue(t, r, r.Due(sent, cd(6), pause("2026-09-12 10:00", "2026-09-16 10:00")), "2026-09-11") // too late
	wantDue(t, r, r.Due(sent, cd(5), pause("2026-09-10 10:00", "2026-09-11 10:00")), "2026-09-11") // Sunday again

	r.OnDayOff = deadline.NextWorking
	wantDue(t, r, r.Due(sent, cd(6), pause("2026-09-14 10:00", "2026-09-16 10:00")), "2026-09-16") // Monday is given back
}

func TestExtensionCountsFromWhereTheTermWouldHaveEnded(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	r.OnDayOff = deadline.PreviousWorking
	plan := []deadline.Leg{{Stage: deadline.Processing, Term: cd(30)}, {Stage: deadline.Review, Term: wd(1)}}
	sent := at(t, r.Zone, "2026-04-09 11:00") // 30 days: 9 May, so 8 May
	longer := deadline.Extend(plan, deadline.Processing, cd(30))
	want(t, "the plan given is untouched", len(plan), 2)
	want(t, "plan", longer, []deadline.Leg{plan[0], {Stage: deadline.Processing, Term: cd(30), Extension: true}, plan[1]})
	p := r.Promise(sent, longer)
	want(t, "extended", []string{p.Steps[0].To.String(), p.Steps[1].Nominal.String()}, []string{"2026-05-08", "2026-06-08"})
	wantDue(t, r, p, "2026-06-09")

	want(t, "a stage that is not there", deadline.Extend(plan, deadline.Moderation, cd(1)), plan)

	// A question in the time that was added belongs to it.
	p = r.Promise(sent, longer[:2], deadline.Pause{From: at(t, r.Zone, "2026-06-01 10:00"), To: at(t, r.Zone, "2026-06-03 10:00")})
	wantDue(t, r, p, "2026-06-10")
}

func TestExtensionInWorkingDaysFollowsOn(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	plan := deadline.Extend([]deadline.Leg{{Stage: deadline.Processing, Term: wd(10)}}, deadline.Processing, wd(5))
	p := r.Promise(at(t, r.Zone, "2026-04-30 14:05"), plan)
	wantDue(t, r, p, "2026-05-25")
	want(t, "same as the sum", p.Due, r.Due(at(t, r.Zone, "2026-04-30 14:05"), wd(15)).Due)
}
