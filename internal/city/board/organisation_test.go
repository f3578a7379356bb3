package board_test

import (
	"context"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
)

func TestWhatAnOrganisationDidIsCountedByExecutor(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		answer := func(key int64) {
			b.Give(t, problemtest.Electrican, key, problemtest.Signed("Заменили лампу"))
			b.Give(t, problemtest.Moderator, key, problem.Pass{})
		}
		answer(b.open(t, lamp("Темно у дома")).Problem)
		disputed := b.Answered(t)      // Anna's, and it did not help
		b.open(t, lamp("Снова темно")) // still open
		b.Clock.Pass(3 * 24 * time.Hour)
		late := b.open(t, lamp("Темно и тут"))
		b.Give(t, problemtest.Anna, disputed, problem.Dispute{Text: "Не горит", Channel: "web"})
		b.Clock.Pass(4 * 24 * time.Hour)
		answer(late.Problem)
		b.open(t, lamp("Никто не отвечает"))
		b.Clock.Pass(30 * 24 * time.Hour)
		b.drain(t)

		from, to := month(time.November, 1, time.December, 31)
		count := func(q board.OrganisationQuery) board.Figures {
			q.From, q.To = from, to
			all, err := b.board.Organisations(context.Background(), problemtest.City, q)
			must(t, err)
			return all["light"]
		}
		all := count(board.OrganisationQuery{})
		if all.Received != 5 || all.Answered != 3 || all.Disputed != 1 || all.Median != 0 || all.Promised != 5 || all.OnTime != 3 {
			t.Errorf("the electricians have %+v", all)
		}
		cities, err := b.Places.Cities(context.Background())
		must(t, err)
		city := cities[0]
		records, err := b.board.RecordsOf(context.Background(), city)
		must(t, err)
		if got := records.All["light"]; got.Received != 5 || got.Answered != 3 {
			t.Errorf("of all time the electricians have %+v", got)
		}
		for name, q := range map[string]board.OrganisationQuery{
			"another executor":   {Executor: "roads"},
			"another district":   {Districts: []string{"east"}},
			"another controller": {Controller: "other"},
		} {
			if got := count(q); got.Received != 0 || got.Answered != 0 {
				t.Errorf("%s: %+v", name, got)
			}
		}
		for name, q := range map[string]board.OrganisationQuery{
			"their own":      {Executor: org.ID("light")},
			"their district": {Districts: []string{"west"}},
			"controller":     {Controller: "admin"},
		} {
			if got := count(q); got.Received != 5 || got.Answered != 3 {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}

func TestAnAnswerThatNobodyReactedToIsCountedApart(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		key := b.Answered(t)
		b.Clock.Pass(21 * 24 * time.Hour)
		b.Give(t, resident.Machine(problemtest.City), key, problem.CloseSilently{})
		b.drain(t)
		from, to := month(time.November, 1, time.December, 31)
		all, err := b.board.Organisations(context.Background(), problemtest.City, board.OrganisationQuery{From: from, To: to})
		must(t, err)
		if f := all["light"]; f.Silent != 1 || f.Confirmed != 0 || f.Answered != 1 {
			t.Errorf("the electricians have %+v", f)
		}
	})
}
