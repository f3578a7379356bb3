package board_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
)

// month is a period of the hand-made set below.
func month(fromMonth time.Month, fromDay int, toMonth time.Month, toDay int) (from, to time.Time) {
	zone := time.FixedZone("MSK", 3*60*60)
	return time.Date(2026, fromMonth, fromDay, 0, 0, 0, 0, zone), time.Date(2026, toMonth, toDay, 0, 0, 0, 0, zone)
}

// year lives through seven problems, from Friday 20 November (18:42) to Friday
// 11 December. Whatever was sent on the first day is promised for 8 December:
// one working day for the moderator, ten for the work, one for the review.
//
//	     sent  topic  where  decided        answered          then
//	A  20 Nov  lamp   west   after 1 h      23 Nov (3 days)   confirmed
//	B  20 Nov  lamp   west   after 1 h      25 Nov (5 days)   silent
//	C  20 Nov  lamp   east   (two messages) 10 Dec (20 days)  disputed, late; interim on 23 Nov
//	D  20 Nov  pit    east   refused, 2 h   —
//	E  20 Nov  lamp   west   after 3 h      —                 overdue
//	F  20 Nov  flat   west   at once        20 Nov (0 days)   controlled
//	G  30 Nov  lamp   west   —              —                 in time
func year(t *testing.T, b *bench) {
	sent := b.Give(t, problemtest.Anna, 0, lamp("A"))
	silent := b.Give(t, problemtest.Guest, 0, lamp("B"))
	c := lamp("C")
	c.Place = eastern()
	late := b.Give(t, problemtest.Boris, 0, c)
	refused := b.Give(t, problemtest.Guest, 0, pothole("D"))
	overdue := b.Give(t, problemtest.Guest, 0, lamp("E"))
	controlled := b.open(t, flat("F"))
	b.answer(t, controlled.Problem, "Тепло")
	b.Give(t, problemtest.People, controlled.Problem, problem.ConfirmOnSpot{})
	b.Clock.Pass(time.Hour)
	for _, p := range []problem.Receipt{sent, silent, late} {
		b.Give(t, problemtest.Moderator, p.Problem, problem.Accept{})
	}
	b.Clock.Pass(time.Hour)
	b.Give(t, problemtest.Moderator, refused.Problem, problem.Reject{Clause: "2.1"})
	b.Clock.Pass(time.Hour)
	b.Give(t, problemtest.Moderator, overdue.Problem, problem.Accept{})
	b.Clock.Pass(3*24*time.Hour - 3*time.Hour) // Monday 23 November
	b.answer(t, sent.Problem, "Горит")
	b.Give(t, problemtest.Anna, sent.Problem, problem.Confirm{})
	b.Give(t, resident.Machine(problemtest.City), late.Problem, problem.Give{Org: "light", Interim: true, Text: "Ждём деталь",
		Planned: b.DB.Now().AddDate(0, 0, 14)})
	b.Give(t, problemtest.Moderator, late.Problem, problem.Pass{})
	b.Clock.Pass(2 * 24 * time.Hour) // Wednesday 25 November
	b.answer(t, silent.Problem, "Горит")
	b.Give(t, resident.Machine(problemtest.City), silent.Problem, problem.CloseSilently{Imported: true})
	b.Clock.Pass(5 * 24 * time.Hour) // Monday 30 November
	b.Give(t, problemtest.Guest, 0, lamp("G"))
	b.Clock.Pass(10 * 24 * time.Hour) // Thursday 10 December
	b.answer(t, late.Problem, "Горит")
	b.Give(t, problemtest.Boris, late.Problem, problem.Dispute{Text: "Нет", Channel: "web"})
	b.Clock.Pass(24 * time.Hour)
	b.drain(t)
	b.tellPassed(t)
}

// counted is what a test expects of figures.
type counted struct {
	Received, Answered, OnTime, Promised, Confirmed, Controlled, Silent, Disputed, Rejected, OverdueNow, Median, Checked int
}

func figures(f board.Figures) counted {
	return counted{f.Received, f.Answered, f.OnTime, f.Promised, f.Confirmed, f.Controlled, f.Silent, f.Disputed, f.Rejected, f.OverdueNow, f.Median, f.Checked}
}

func TestStatisticsAreWhatOneCountsByHand(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		year(t, b)
		ctx := context.Background()
		from, to := month(time.November, 20, time.December, 12)
		all, err := b.board.Statistics(ctx, problemtest.City, from, to)
		must(t, err)
		// Days to the answer 0, 3, 5, 20: the lower of the two in the middle.
		// Promises: A, B and F were kept, C was late, E is past its day without an
		// answer: 3 of 5. G is not due yet, D was refused.
		// Hours to the decision 0, 1, 1, 2, 3; G waits, and of C the state knows
		// the second message only.
		for _, tt := range []struct {
			name string
			got  board.Figures
			want counted
		}{
			{"all", all.All, counted{7, 4, 3, 5, 1, 1, 1, 1, 1, 1, 3, 1}},
			{"lamps", all.ByTopic[problemtest.Lamp], counted{5, 3, 2, 4, 1, 0, 1, 1, 0, 1, 5, 1}},
			{"potholes", all.ByTopic[problemtest.Pothole], counted{1, 0, 0, 0, 0, 0, 0, 0, 1, 0, -1, 2}},
			{"flats", all.ByTopic[problemtest.Private], counted{1, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0}},
			{"the west", all.ByDistrict["west"], counted{5, 3, 3, 4, 1, 1, 1, 0, 0, 1, 3, 1}},
			{"the east", all.ByDistrict["east"], counted{2, 1, 0, 1, 0, 0, 0, 1, 1, 0, 20, 2}},
		} {
			if got := figures(tt.got); got != tt.want {
				t.Errorf("%s:\n got %+v\nwant %+v", tt.name, got, tt.want)
			}
		}
		if len(all.ByTopic) != 3 || len(all.ByDistrict) != 2 || all.All.OnTimeShare() != 60 || all.All.DisputedShare() != 25 {
			t.Errorf("topics %v, districts %v, on time %d %%, disputed %d %%", slices.Collect(maps.Keys(all.ByTopic)),
				slices.Collect(maps.Keys(all.ByDistrict)), all.All.OnTimeShare(), all.All.DisputedShare())
		}
		// A week in the middle: G was sent, B was answered; E was not due before
		// its end.
		from, to = month(time.November, 24, time.December, 1)
		week, err := b.board.Statistics(ctx, problemtest.City, from, to)
		must(t, err)
		if got, want := figures(week.All), (counted{1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 5, -1}); got != want {
			t.Errorf("a week:\n got %+v\nwant %+v", got, want)
		}
		from, to = month(time.October, 1, time.November, 1)
		empty, err := b.board.Statistics(ctx, problemtest.City, from, to)
		must(t, err)
		if got := figures(empty.All); got != (counted{OverdueNow: 1, Median: -1, Checked: -1}) || empty.All.OnTimeShare() != -1 {
			t.Errorf("an empty month: %+v", got)
		}
	})
}

func TestOnlyWhatWaitsForTheCityIsOverdue(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.open(t, lamp("Ждёт работы"))
		b.Give(t, problemtest.Guest, 0, lamp("Ждёт модератора"))
		answered := b.open(t, lamp("Ждёт жителя"))
		b.answer(t, answered.Problem, "Горит")
		confirmed := b.Give(t, problemtest.Anna, 0, lamp("Больше не ждёт"))
		b.Give(t, problemtest.Moderator, confirmed.Problem, problem.Accept{})
		b.answer(t, confirmed.Problem, "Горит")
		b.Give(t, problemtest.Anna, confirmed.Problem, problem.Confirm{})
		b.drain(t)
		from, to := month(time.November, 1, time.December, 1)
		for _, want := range []int{0, 2} {
			b.tellPassed(t)
			s, err := b.board.Statistics(context.Background(), problemtest.City, from, to)
			must(t, err)
			if s.All.OverdueNow != want {
				t.Errorf("%d overdue, want %d", s.All.OverdueNow, want)
			}
			b.Clock.Pass(40 * 24 * time.Hour)
		}
	})
}

func TestDaysOfStatisticsAreTheCitysOwn(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.Clock.Pass(6 * time.Hour) // 21:42 UTC, in the city 00:42 of Saturday
		b.open(t, lamp("Ночью"))
		b.drain(t)
		for day, want := range map[int]int{20: 0, 21: 1} {
			from, to := month(time.November, day, time.November, day+1)
			s, err := b.board.Statistics(context.Background(), problemtest.City, from, to)
			must(t, err)
			if s.All.Received != want {
				t.Errorf("%d November: %d received, want %d", day, s.All.Received, want)
			}
		}
	})
}

func TestStatisticsOfAMinuteAgoAreShownAgain(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		from, to := month(time.November, 1, time.December, 1)
		received := func() int {
			s, err := b.board.Statistics(context.Background(), problemtest.City, from, to)
			must(t, err)
			return s.All.Received
		}
		before := received()
		b.open(t, lamp("Темно"))
		b.drain(t)
		again := received()
		b.Clock.Pass(61 * time.Second)
		if after := received(); before != 0 || again != 0 || after != 1 {
			t.Errorf("received %d, at once %d, a minute later %d", before, again, after)
		}
	})
}
