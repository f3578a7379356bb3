package suggest_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// withArchive is a city whose model was trained on an archive and remembers it.
func withArchive(t *testing.T, db *sqldb.DB) bench {
	t.Helper()
	b := setup(db)
	b.archive[1] = habits(enough)
	b.start(t, 1)
	must(t, b.Refresh(background, 1))
	return b
}

func (b bench) ask(t *testing.T, in suggest.Input) topic.ID {
	t.Helper()
	a, err := b.Propose(background, 1, in)
	must(t, err)
	return firstOf(a.Best)
}

func TestACityRemembersWhatWasSent(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := withArchive(t, db)
		for name, b := range map[string]bench{"the process that learned": b, "another one": b.again()} {
			t.Log(name)
			must(t, b.Refresh(background, 1))
			if got := b.ask(t, terse("author-2")); got != trash {
				t.Errorf("topic %d", got)
			}
		}
		// What is sent from now on is remembered too, half a minute later.
		for i := range int64(6) {
			msg := suggest.Message{Problem: enough + 1 + i, Topic: snow, Input: terse("newcomer")}
			msg.At = msg.At.Add(-time.Duration(7-i) * time.Hour)
			b.archive[1] = append(b.archive[1], msg)
		}
		must(t, b.Refresh(background, 1))
		before := b.ask(t, terse("newcomer"))
		b.clock.Pass(time.Minute)
		must(t, b.Refresh(background, 1))
		if got := b.ask(t, terse("newcomer")); got != snow {
			t.Errorf("topic %d, before %d", got, before)
		}
		// Staff put another topic.
		for i := range int64(6) {
			b.do(t, func(tx *sqldb.Tx) error { return b.CorrectedIn(tx, 1, enough+1+i, hole) })
		}
		if got := b.ask(t, terse("newcomer")); got != hole {
			t.Errorf("topic %d after the corrections", got)
		}
	})
}

func TestAnErasedProblemIsForgottenEverywhere(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.archive[1] = habits(enough)
		marked := suggest.Message{Problem: enough + 1, Topic: snow, Input: terse("marked-author")}
		marked.Text = "шурмундия квадратная"
		b.archive[1] = append(b.archive[1], marked)
		b.start(t, 1)
		other := b.again()
		must(t, b.Refresh(background, 1))
		must(t, other.Refresh(background, 1))
		knows := func(b bench) bool {
			return suggest.Traces(suggest.PastOf(b.Service, 1), "marked-author", "шурмундия")
		}
		if !knows(b) || !knows(other) {
			t.Fatal("nothing was remembered")
		}
		b.archive[1] = b.archive[1][:enough]
		must(t, b.HandleErase(background, job.Job{City: 1, Args: job.Args(event.Event{City: 1, Subject: enough + 1})}))
		if knows(b) {
			t.Error("the process that erased it still knows")
		}
		b.clock.Pass(time.Minute)
		must(t, other.Refresh(background, 1))
		if knows(other) {
			t.Error("another process still knows")
		}
		late := b.again()
		must(t, late.Refresh(background, 1))
		if knows(late) {
			t.Error("a process that starts later knows")
		}
	})
}

func TestAModelOfAnotherVersionIsTrainedAnew(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		b.do(t, func(tx *sqldb.Tx) error {
			old := append([]byte("GSUG\x01"), make([]byte, 100)...)
			_, err := tx.Exec(`UPDATE suggest_part SET bytes = $1 WHERE city = $2`, old, 1)
			return err
		})
		fresh := b.again()
		if a := fresh.propose(t, 1, "яма"); a.Best != nil {
			t.Errorf("got %v", a)
		}
		must(t, fresh.Refresh(background, 1))
		must(t, fresh.Refresh(background, 1))
		var waiting []job.Job
		must(t, db.View(background, func(tx *sqldb.Tx) (err error) {
			waiting, err = job.List(tx, 1, job.Ready, 10)
			return err
		}))
		if len(waiting) != 1 || waiting[0].Kind != suggest.LearnJob {
			t.Fatalf("waiting: %v", waiting)
		}
		must(t, fresh.HandleLearn(background, waiting[0]))
		fresh.wantFirst(t, 1, "яма", hole)
	})
}

func TestTheMemoryIsKeptUpToDateBesideReaders(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := withArchive(t, db)
		ctx, stop := context.WithCancel(background)
		var wait sync.WaitGroup
		wait.Go(func() { b.Follow(ctx, []int64{1}, func(_ int64, err error) { t.Error(err) }) })
		for range 3 {
			wait.Go(func() {
				for range 40 {
					b.ask(t, terse("author-3"))
				}
			})
		}
		for range 5 {
			b.clock.Pass(time.Minute)
			must(t, b.Refresh(background, 1))
		}
		stop()
		wait.Wait()
	})
}
