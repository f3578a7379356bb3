package deadline_test

import (
	"testing"
	"time"

	"gorod/internal/city/deadline"
)

func TestInterimAnswerMovesOnlyTheShownDate(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	sent := at(t, r.Zone, "2026-09-07 10:00")
	first := r.Due(sent, wd(5))
	d := deadline.Deadline{}.Move(first)
	want(t, "shown at first", d.Shown(), first.Due)

	d = d.Interim(date(t, "2026-10-01"), r.Zone)
	want(t, "shown", d.Shown(), deadline.On(2026, 10, 1).End(r.Zone))
	want(t, "counts, original", []time.Time{d.Due, d.Original}, []time.Time{first.Due, first.Due})

	d = d.Interim(deadline.Date{}, r.Zone)
	want(t, "shown when taken back", d.Shown(), first.Due)

	open := deadline.Pause{From: at(t, r.Zone, "2026-09-09 10:00")}
	d = d.Move(r.Due(sent, wd(5), open))
	want(t, "nothing runs while a question is open", []any{d.Due, d.Shown(), d.Unknown.Reason}, []any{time.Time{}, time.Time{}, deadline.Paused})
	want(t, "original while paused", d.Original, first.Due)

	open.To = at(t, r.Zone, "2026-09-11 10:00")
	moved := r.Due(sent, wd(5), open)
	d = d.Move(moved)
	want(t, "moved", []any{d.Original, d.Due, d.Shown(), d.Unknown}, []any{first.Due, moved.Due, moved.Due, deadline.Unknown{}})
}

func TestFirstKnownDateIsTheOriginal(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	d := deadline.Deadline{}.Move(r.Due(at(t, r.Zone, "2026-12-30 10:00"), wd(5)))
	want(t, "unknown", []any{d.Original.IsZero(), d.Unknown.Year}, []any{true, 2027})
	later := r.Due(at(t, r.Zone, "2026-12-20 10:00"), wd(5))
	want(t, "original", d.Move(later).Original, later.Due)
}

func TestOverdueBeginsAfterTheDueInstant(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	due := r.Due(at(t, r.Zone, "2026-04-30 10:00"), wd(4)).Due // Thursday 7 May
	cases := []struct {
		name, now     string
		overdue       bool
		days, working int
	}{
		{"before", "2026-05-07 12:00", false, 0, 0},
		{"the due instant itself", "2026-05-07 23:59:59.999999", false, 0, 0},
		{"a microsecond later", "2026-05-08 00:00", true, 1, 1},
		{"over days off only calendar days pass", "2026-05-11 23:00", true, 4, 1},
		{"the next working day", "2026-05-12 09:00", true, 5, 2},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			now := at(t, r.Zone, tc.now)
			want(t, "overdue", deadline.Overdue(now, due), tc.overdue)
			want(t, "late", r.Late(now, due), deadline.Late{CalendarDays: tc.days, WorkingDays: tc.working})
		})
	}
	want(t, "below a microsecond", deadline.Overdue(due.Add(999), due), false)
	want(t, "no due date", deadline.Overdue(due, time.Time{}), false)
	want(t, "no due date", r.Late(due, time.Time{}), deadline.Late{})
	want(t, "hours overdue on the due day", r.Late(at(t, r.Zone, "2026-05-07 15:00"), at(t, r.Zone, "2026-05-07 14:00")), deadline.Late{})
}

func TestLatenessIntoAMissingYearKeepsCalendarDays(t *testing.T) {
	t.Parallel()
	r := moscow(t)
	late := r.Late(at(t, r.Zone, "2027-01-12 10:00"), deadline.On(2026, 12, 30).End(r.Zone))
	want(t, "late", late, deadline.Late{CalendarDays: 13, Unknown: deadline.Unknown{Reason: deadline.NoYear, Year: 2027}})
}
