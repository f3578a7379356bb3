package problem_test

import (
	"context"
	"testing"

	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/sqldb"
)

func TestLessonsSayWhatWasKnownAtSending(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		send := func(who resident.Who, text string) problem.Receipt {
			m := problemtest.Message()
			m.Text = text
			sent, err := town.Do(ctx, who, problem.Order{Command: m, Key: town.Key()})
			must(t, err)
			return sent
		}
		first, second, erased := send(problemtest.Anna, "Не убран снег"), send(problemtest.Guest, "Не горит фонарь"), send(problemtest.Boris, "Опять темно")
		town.Give(t, problemtest.Moderator, first.Problem, problem.ChangeTopic{To: problemtest.Snow})
		town.Give(t, problemtest.Moderator, first.Problem, problem.Accept{})
		town.Give(t, problemtest.Boris, erased.Problem, problem.Erase{})
		must(t, town.DB.View(ctx, func(tx *sqldb.Tx) error {
			decided, err := town.DecidedIn(tx, problemtest.City, 0, 10)
			if err != nil {
				return err
			}
			if len(decided) != 1 || decided[0].Problem != first.Problem || len(decided[0].Changes) != 1 {
				t.Fatalf("decided: %+v", decided)
			}
			l := decided[0]
			if l.Topic != problemtest.Snow || l.Changes[0].To != problemtest.Snow || l.Changes[0].From == l.Topic {
				t.Errorf("topics: %+v", l)
			}
			if l.Author != problemtest.Anna.ID || l.Created == 0 || l.Point.Lat == 0 || l.District == "" || l.Text == "" {
				t.Errorf("what was known: %+v", l)
			}
			sent, err := town.SentIn(tx, problemtest.City, 0, 10)
			if err != nil {
				return err
			}
			if len(sent) != 2 || sent[0].Problem != first.Problem || sent[1].Problem != second.Problem {
				t.Errorf("sent: %+v", sent)
			}
			before, err := town.SentBeforeIn(tx, problemtest.City, 2)
			if before != first.Problem {
				t.Errorf("the two newest come after %d, want %d", before, first.Problem)
			}
			return err
		}))
	})
}
