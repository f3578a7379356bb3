package suggest_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

func TestAWeekBeginsOnMondayByTheCitysCalendar(t *testing.T) {
	t.Parallel()
	moscow := time.FixedZone("MSK", 3*60*60)
	sunday := time.Date(2026, 11, 22, 22, 0, 0, 0, time.UTC) // Monday already in Moscow
	if a, b := suggest.WeekOf(sunday), suggest.WeekOf(sunday.In(moscow)); b != a+1 {
		t.Errorf("weeks are %d and %d", a, b)
	}
	for _, c := range []struct {
		day    time.Time
		monday string
	}{
		{time.Date(2026, 11, 23, 0, 0, 0, 0, moscow), "2026-11-23"},
		{time.Date(2026, 11, 29, 23, 59, 0, 0, moscow), "2026-11-23"},
		{time.Date(1969, 12, 28, 12, 0, 0, 0, moscow), "1969-12-22"},
	} {
		if got := suggest.WeekOf(c.day).Monday(moscow); got.Format(time.DateOnly) != c.monday || got.Location() != moscow {
			t.Errorf("the week of %v begins on %v", c.day, got)
		}
	}
}

// sent is what one author was offered and did, and staff after them.
type sent struct {
	topic    topic.ID
	offered  []topic.ID
	byHand   bool
	asked    topic.ID
	correct  topic.ID
	accepted bool
}

func (b bench) sent(t *testing.T, city, key int64, s sent) {
	t.Helper()
	a := suggest.Audit{Model: 3, Chosen: s.topic, Manual: s.byHand, Asked: s.asked}
	for i, id := range s.offered {
		a.Offered = append(a.Offered, suggest.Proposal{Topic: id, P: 0.5 / float64(i+1)})
	}
	b.do(t, func(tx *sqldb.Tx) error {
		if err := b.RecordIn(tx, city, key, a); err != nil {
			return err
		}
		if s.correct != 0 {
			if err := b.CorrectedIn(tx, city, key, s.correct); err != nil {
				return err
			}
		}
		if s.accepted {
			return b.AcceptedIn(tx, city, key)
		}
		return nil
	})
}

func (b bench) statistics(t *testing.T, from, to suggest.Week, only topic.ID) suggest.Statistics {
	t.Helper()
	st, err := b.Statistics(background, 1, from, to, only, b.clock.Now())
	must(t, err)
	return st
}

func TestStatisticsCountWhatWasTakenAndWhatStaffMadeOfIt(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		three := []topic.ID{hole, snow, lamp}
		for i, s := range []sent{
			{topic: hole, offered: three, accepted: true},                              // the first, and right
			{topic: snow, offered: three, accepted: true, asked: 2},                    // the second, after a question
			{topic: hole, offered: three, accepted: true, correct: lamp},               // the first, but it was the third
			{topic: trash, offered: three, byHand: true, accepted: true},               // none of them
			{topic: snow, offered: three, byHand: true, accepted: true, correct: hole}, // by hand, though offered first
			{topic: trash, byHand: true, correct: snow},                                // nothing was offered
			{topic: lamp, offered: three[2:]},                                          // waits for its moderator
			{topic: hole, offered: three, accepted: true, correct: hole},               // corrected and put back
		} {
			b.sent(t, 1, int64(i+1), s)
		}
		b.sent(t, 2, 1, sent{topic: hole, offered: three}) // another city
		week := suggest.WeekOf(sqldbtest.Start.UTC())
		st := b.statistics(t, week-1, week, 0)
		want := suggest.Figures{Messages: 8, Offered: 7, First: 4, Other: 1, ByHand: 2, Nothing: 1, Asked: 1,
			Corrected: 3, CorrectedFirst: 1, CorrectedByHand: 1, CorrectedNothing: 1,
			Judged: 6, RightFirst: 3, RightAny: 5, Saved: 4*suggest.SavedTaps - 1}
		if st.All != want {
			t.Errorf("counted %+v\n want   %+v", st.All, want)
		}
		if len(st.ByWeek) != 2 || st.ByWeek[0].Messages != 0 || st.ByWeek[1] != want {
			t.Errorf("by week %+v", st.ByWeek)
		}
		if got := st.ByTopic[lamp]; got.Messages != 2 || got.Corrected != 1 || got.RightFirst != 0 || got.RightAny != 1 {
			t.Errorf("lamps: %+v", got)
		}
		if got := b.statistics(t, week, week, lamp); got.All != st.ByTopic[lamp] || len(got.ByTopic) != 1 {
			t.Errorf("only lamps: %+v", got)
		}
		b.do(t, func(tx *sqldb.Tx) error { return b.EraseIn(tx, 1, 1) })
		if got := b.statistics(t, week, week, 0).All; got.Messages != 7 || got.First != 3 {
			t.Errorf("after an erasure %+v", got)
		}
	})
}

func TestATopicIsNamedWorseOnlyBeyondChance(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		now := suggest.WeekOf(sqldbtest.Start.UTC())
		key := int64(0)
		send := func(age int, right topic.ID, first topic.ID, n int) {
			for range n {
				key++
				b.do(t, func(tx *sqldb.Tx) error {
					a := suggest.Audit{Week: now - suggest.Week(age), Offered: []suggest.Proposal{{Topic: first, P: 0.9}}, Chosen: right, Manual: true}
					if err := b.RecordIn(tx, 1, key, a); err != nil {
						return err
					}
					return b.AcceptedIn(tx, 1, key)
				})
			}
		}
		send(10, hole, hole, 90) // 90 % before
		send(10, hole, snow, 10)
		send(2, hole, hole, 30) // 60 % now
		send(2, hole, snow, 20)
		send(10, lamp, lamp, 9) // 90 % and 60 % too, but few
		send(10, lamp, snow, 1)
		send(2, lamp, lamp, 3)
		send(2, lamp, snow, 2)
		send(10, trash, snow, 100) // better now
		send(2, trash, trash, 50)
		send(20, snow, snow, 100) // too long ago to be compared with
		send(2, snow, hole, 50)
		send(0, hole, snow, 500) // this week is not over
		worse := b.statistics(t, now-30, now, 0).Worse
		if len(worse) != 1 || worse[0].Topic != hole || worse[0].Late != (suggest.Rate{Hits: 30, N: 50}) || worse[0].Early != (suggest.Rate{Hits: 90, N: 100}) {
			t.Fatalf("worse are %+v", worse)
		}
		// Newcombe's interval of 90/100 and 30/50 at 99 %, by hand: from 0.1128 on.
		if d := worse[0]; d.Fall < 0.2999 || d.Fall > 0.3001 || d.Least < 0.11 || d.Least > 0.12 {
			t.Errorf("it fell by %f, at least %f", d.Fall, d.Least)
		}
	})
}

func TestRowsOfBeforeTheStatisticsStayValid(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		file := "migrations/0092_suggest_statistics." + map[sqldb.Engine]string{sqldb.SQLite: "sqlite", sqldb.Postgres: "postgres"}[db.Engine()] + ".sql"
		b.do(t, func(tx *sqldb.Tx) error {
			old := `INSERT INTO suggest_audit (city, problem, at, model, offered, chosen, manual, corrected_to, corrected_at) VALUES (1, $1, $2, 3, $3, $4, $5, $6, $7)`
			at := sqldbtest.Start.UnixMicro()
			for _, row := range [][]any{
				{1, at, `[{"topic":11,"p":0.5},{"topic":13,"p":0.2}]`, 13, 0, 11, at + 5}, // the second; staff put the first
				{2, at, `null`, 12, 1, 0, 0},
				{3, at, `[{"topic":10,"p":0.9}]`, 10, 1, 0, 0},
			} {
				if _, err := tx.Exec(old, row...); err != nil {
					return err
				}
			}
			body, err := os.ReadFile(file)
			must(t, err)
			for statement := range strings.SplitSeq(string(body), ";\n") {
				if i := strings.Index(statement, "UPDATE"); i >= 0 {
					if _, err := tx.Exec(statement[i:]); err != nil {
						return fmt.Errorf("%s: %w", statement, err)
					}
				}
			}
			return nil
		})
		week := suggest.WeekOf(sqldbtest.Start.UTC())
		want := suggest.Figures{Messages: 3, Offered: 2, Other: 1, ByHand: 1, Nothing: 1, Corrected: 1, CorrectedOther: 1, Judged: 2, RightFirst: 2, RightAny: 2}
		if got := b.statistics(t, week, week, 0).All; got != want {
			t.Errorf("counted %+v\n want   %+v", got, want)
		}
		var topics []topic.ID
		for id := range b.statistics(t, week, week, 0).ByTopic {
			topics = append(topics, id)
		}
		slices.Sort(topics)
		if !slices.Equal(topics, []topic.ID{lamp, hole, trash}) {
			t.Errorf("topics are %v", topics)
		}
	})
}
