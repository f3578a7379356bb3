package problem_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
)

// far is a message from the other district.
func far() problem.Send {
	m := problemtest.Message()
	m.Place = place.Draft{Point: geo.Point{Lat: 58.3050, Lon: 36.9150}, Mark: place.NearBuilding, House: problemtest.FarHouse}
	return m
}

// keysOf walks a queue page by page.
func keysOf(t *testing.T, town *problemtest.Town, who resident.Who, q problem.Queue) []int64 {
	t.Helper()
	var keys []int64
	for {
		items, err := town.Queue(context.Background(), who, q)
		must(t, err)
		for _, it := range items {
			keys = append(keys, it.ID)
			q.After, q.AfterID = it.State.StageDue(), it.ID
		}
		if len(items) < q.Limit {
			return keys
		}
	}
}

func TestAQueueOfSeveralStatusesIsReadWholeAndInOrder(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		var want []int64
		for i := range 5 {
			sent := town.Give(t, problemtest.Guest, 0, problemtest.Message())
			town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
			if i%2 == 0 {
				day := town.Clock.Now().AddDate(0, 0, 30-i)
				town.Give(t, problemtest.Electrican, sent.Problem, problem.Give{Interim: true, Planned: day, Text: "Ждём кабель, заменим", Signer: problemtest.Signed("").Signer})
				town.Give(t, problemtest.Moderator, sent.Problem, problem.Pass{})
			}
			want = append(want, sent.Problem)
			town.Clock.Pass(24 * time.Hour)
		}
		open := problem.Queue{Statuses: []problem.Status{problem.Interim, problem.Work}, Limit: 2}
		got := keysOf(t, town, problemtest.Moderator, open)
		var dues []problem.Moment
		for _, key := range got {
			card, err := town.FindByID(context.Background(), problemtest.Moderator, key)
			must(t, err)
			dues = append(dues, card.State.StageDue())
		}
		if !slices.IsSorted(dues) {
			t.Errorf("out of order: %v", dues)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("pages of two give %v, want %v", got, want)
		}
		n, err := town.Count(context.Background(), problemtest.Moderator, open)
		if err != nil || n != 5 {
			t.Errorf("counted %d, %v", n, err)
		}
	})
}

func TestAQueueIsNarrowedByWhatHappened(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		disputed := town.Answered(t)
		town.Give(t, problemtest.Anna, disputed, problem.Dispute{Text: "Не горит", Channel: "web"})
		town.Give(t, problemtest.Moderator, disputed, problem.Accept{})
		back := town.Give(t, problemtest.Guest, 0, far()).Problem
		town.Give(t, problemtest.Moderator, back, problem.Accept{})
		town.Give(t, problemtest.Electrican, back, problemtest.Signed("Сделали"))
		town.Give(t, problemtest.Moderator, back, problem.SendBack{Text: "Приложите фото."})
		work := []problem.Status{problem.Work, problem.Interim}
		now := problem.Moment(town.Clock.Now().UnixMicro())
		for name, c := range map[string]struct {
			q    problem.Queue
			want []int64
		}{
			"disputed":               {problem.Queue{Disputes: 1}, []int64{disputed}},
			"disputed twice":         {problem.Queue{Disputes: 2}, nil},
			"given back":             {problem.Queue{SentBack: true}, []int64{back}},
			"without an executor":    {problem.Queue{Unassigned: true}, nil},
			"their controller":       {problem.Queue{Controller: "admin"}, []int64{disputed, back}},
			"another's controller":   {problem.Queue{Controller: "other"}, nil},
			"a district":             {problem.Queue{Districts: []string{"east"}}, []int64{back}},
			"a topic":                {problem.Queue{Topic: problemtest.Pothole}, nil},
			"no date":                {problem.Queue{Undated: true}, nil},
			"overdue":                {problem.Queue{DueBefore: now}, nil},
			"due later":              {problem.Queue{DueFrom: now}, []int64{disputed, back}},
			"handed over twice":      {problem.Queue{Redirects: 2}, nil},
			"wanted handed over":     {problem.Queue{RedirectAsked: true, Coordinator: "works"}, nil},
			"of a coordinator":       {problem.Queue{Coordinator: "works"}, []int64{disputed, back}},
			"what everybody may see": {problem.Queue{Visible: true}, []int64{disputed, back}},
		} {
			c.q.Statuses, c.q.Limit = work, 10
			got := keysOf(t, town, problemtest.Control, c.q)
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
			if n, err := town.Count(ctx, problemtest.Control, c.q); err != nil || int(n) != len(c.want) {
				t.Errorf("%s: counted %d, %v", name, n, err)
			}
		}
		clean(t, town, 2)
	})
}

func TestAQueueKnowsWhoAskedForAHandOverAndHowOften(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		key := town.Give(t, problemtest.Guest, 0, problemtest.Message()).Problem
		town.Give(t, problemtest.Moderator, key, problem.Accept{})
		q := problem.Queue{Statuses: []problem.Status{problem.Work}, Limit: 10}
		asked, often := q, q
		asked.RedirectAsked, asked.Coordinator = true, "works"
		often.Redirects = 2
		town.Give(t, problemtest.Electrican, key, problem.RequestRedirect{Reason: "не наша опора"})
		if got := keysOf(t, town, problemtest.Works, asked); len(got) != 1 {
			t.Errorf("asked: %v", got)
		}
		for i, to := range []string{"roads", "light", "roads"} {
			town.Give(t, problemtest.Works, key, problem.Redirect{Executor: org.ID(to), Reason: "так решили"})
			want := 0
			if i == 2 {
				want = 1
			}
			if got := keysOf(t, town, problemtest.Control, often); len(got) != want {
				t.Errorf("after %d hand-overs: %v", i+1, got)
			}
		}
		if got := keysOf(t, town, problemtest.Works, asked); len(got) != 0 {
			t.Errorf("still asked: %v", got)
		}
		clean(t, town, 1)
	})
}

func TestNobodyReadsAQueueBeyondTheirAreas(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		town.Give(t, problemtest.Guest, 0, problemtest.Message())
		east := town.Give(t, problemtest.Guest, 0, far()).Problem
		for asked, want := range map[string][]int64{"": {east}, "east": {east}, "west": nil} {
			q := problem.Queue{Statuses: []problem.Status{problem.Moderation}, Limit: 10}
			if asked != "" {
				q.Districts = []string{asked}
			}
			if got := keysOf(t, town, problemtest.EastOnly, q); !slices.Equal(got, want) {
				t.Errorf("asked for %q: %v, want %v", asked, got, want)
			}
			if n, err := town.Count(context.Background(), problemtest.EastOnly, q); err != nil || int(n) != len(want) {
				t.Errorf("asked for %q: counted %d, %v", asked, n, err)
			}
		}
	})
}

func TestLoadsAndSharesOfAQueueAddUp(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		for _, m := range []problem.Send{problemtest.Message(), problemtest.Message(), far()} {
			town.Give(t, problemtest.Moderator, town.Give(t, problemtest.Guest, 0, m).Problem, problem.Accept{})
			town.Clock.Pass(20 * 24 * time.Hour)
		}
		q := problem.Queue{Statuses: []problem.Status{problem.Work, problem.Interim}}
		loads, err := town.Loads(ctx, problemtest.Control, q)
		// The third was accepted when the calendar of the next year was not known:
		// without a date nothing is late.
		if got := fmt.Sprint(loads, err); got != "[{light 3 2}] <nil>" {
			t.Errorf("loads are %s", got)
		}
		parts, err := town.Shares(ctx, problemtest.Control, q)
		if err != nil || parts.Topics[problemtest.Lamp] != 3 || parts.Districts["west"] != 2 || parts.Districts["east"] != 1 {
			t.Errorf("shares are %+v, %v", parts, err)
		}
	})
}

func TestARefusalRemembersWhatItRepeats(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		first := town.Give(t, problemtest.Boris, 0, problemtest.Message())
		second := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, second.Problem, problem.Reject{Clause: "repeat", Text: "Уже сообщили.", Of: first.Number})
		card, err := town.FindByID(context.Background(), problemtest.Anna, second.Problem)
		must(t, err)
		refused, ok := card.Feed[len(card.Feed)-1].Data.(problem.Refused)
		if !ok || refused.Of != first.Number {
			t.Errorf("the feed ends with %+v", card.Feed[len(card.Feed)-1].Data)
		}
	})
}
