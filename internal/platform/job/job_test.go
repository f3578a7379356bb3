package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations())

// bench is a queue under a clock that the test moves.
type bench struct {
	*job.Runner
	clock *sqldbtest.Clock
	mu    sync.Mutex
	seen  map[string]int
}

func setup(db *sqldb.DB) *bench {
	b := &bench{clock: sqldbtest.NewClock(sqldbtest.Start), seen: map[string]int{}}
	b.Runner = &job.Runner{DB: db.At(b.clock.Now), Workers: 4, Handlers: map[string]job.Handler{
		"note": func(_ context.Context, j job.Job) error {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.seen[string(j.Args)]++
			return nil
		},
		"fail":  func(context.Context, job.Job) error { return errors.New("the gateway is silent") },
		"panic": func(context.Context, job.Job) error { panic("oh") },
	}}
	return b
}

func (b *bench) add(t *testing.T, j job.Job) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error { return job.Add(tx, j) }))
}

func (b *bench) drain(t *testing.T) int {
	t.Helper()
	n, err := b.Drain(context.Background())
	must(t, err)
	return n
}

func (b *bench) list(t *testing.T, state job.State) []job.Job {
	t.Helper()
	var jobs []job.Job
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		jobs, err = job.List(tx, 1, state, 100)
		return err
	}))
	return jobs
}

func TestSeveralNodesDoEachJobOnce(t *testing.T) {
	t.Parallel()
	// Without the lock of the claim PostgreSQL hands out duplicates in about
	// half of single runs, hence several rounds.
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		for round := range 5 {
			for i := range 60 {
				b.add(t, job.Job{City: 1, Kind: "note", Args: job.Args(fmt.Sprint(round, "-", i))})
			}
			var wg sync.WaitGroup
			for range 4 {
				node := &job.Runner{DB: b.DB, Handlers: b.Handlers}
				wg.Go(func() {
					if _, err := node.Drain(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		if len(b.seen) != 300 {
			t.Errorf("%d jobs of 300 were done", len(b.seen))
		}
		for args, n := range b.seen {
			if n != 1 {
				t.Errorf("job %s was done %d times", args, n)
			}
		}
	})
}

func TestAJobOfARolledBackChangeNeverRuns(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			must(t, job.Add(tx, job.Job{City: 1, Kind: "note"}))
			return errors.New("the change was refused")
		})
		if n := b.drain(t); n != 0 {
			t.Errorf("%d jobs ran", n)
		}
	})
}

func TestAFailedJobWaitsLongerEachTimeAndEndsAsADeadLetter(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, job.Job{City: 1, Kind: "fail"})
		var pauses []time.Duration
		for len(b.list(t, job.Dead)) == 0 {
			b.drain(t)
			if waiting := b.list(t, job.Ready); len(waiting) == 1 {
				pause := waiting[0].RunAt.Sub(b.clock.Now())
				pauses = append(pauses, pause)
				b.clock.Pass(pause)
			}
		}
		if len(pauses) != job.MaxAttempts-1 || pauses[0] != 10*time.Second || pauses[1] != 20*time.Second {
			t.Errorf("pauses %v", pauses)
		}
		dead := b.list(t, job.Dead)[0]
		if dead.Error != "the gateway is silent" {
			t.Errorf("the dead letter says %q", dead.Error)
		}
		must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error { return job.Retry(tx, 1, dead.ID) }))
		if n := b.drain(t); n != 1 {
			t.Errorf("a retried dead letter ran %d times", n)
		}
	})
}

func TestWhatWasDoneWithinTheLastDayIsCounted(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		done := func(city int64) (counts map[string]int64) {
			t.Helper()
			must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
				var err error
				counts, err = job.DoneLately(tx, city)
				return err
			}))
			return counts
		}
		for range 3 {
			b.add(t, job.Job{City: 1, Kind: "note"})
		}
		b.add(t, job.Job{City: 1, Kind: "fail"})
		b.add(t, job.Job{City: 2, Kind: "note"})
		b.drain(t)
		if got := done(1); len(got) != 1 || got["note"] != 3 || done(2)["note"] != 1 {
			t.Errorf("city 1 did %v, city 2 %v", got, done(2))
		}
		b.clock.Pass(23 * time.Hour)
		b.add(t, job.Job{City: 1, Kind: "note"})
		b.drain(t)
		if got := done(1)["note"]; got != 4 {
			t.Errorf("within the day %d were done, want 4", got)
		}
		b.clock.Pass(time.Hour) // the hour of the first ones comes again, a day later
		b.add(t, job.Job{City: 1, Kind: "note"})
		b.drain(t)
		if got := done(1)["note"]; got != 2 {
			t.Errorf("a day later %d were done, want 2", got)
		}
	})
}

func TestADeadLetterOfAnotherCityCannotBeTouched(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, job.Job{City: 1, Kind: "unheard of"})
		b.drain(t)
		dead := b.list(t, job.Dead)
		if len(dead) != 1 {
			t.Fatalf("%d dead letters", len(dead))
		}
		for _, act := range []func(*sqldb.Tx, int64, int64) error{job.Retry, job.Drop} {
			err := b.DB.Do(context.Background(), func(tx *sqldb.Tx) error { return act(tx, 2, dead[0].ID) })
			if !errors.Is(err, fault.Missing) {
				t.Errorf("got %v", err)
			}
		}
		must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error { return job.Drop(tx, 1, dead[0].ID) }))
	})
}

func TestAPanicOfAHandlerIsAFailedTry(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, job.Job{City: 1, Kind: "panic"})
		b.drain(t)
		if waiting := b.list(t, job.Ready); len(waiting) != 1 || waiting[0].Attempt != 1 {
			t.Errorf("waiting: %+v", waiting)
		}
	})
}

func TestAJobWhoseWorkerDiedIsDoneByAnother(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, job.Job{City: 1, Kind: "hang"})
		hanging, release := make(chan struct{}), make(chan struct{})
		dead := &job.Runner{DB: b.DB, Handlers: map[string]job.Handler{"hang": func(context.Context, job.Job) error {
			close(hanging)
			<-release
			return errors.New("woke up too late")
		}}}
		var wg sync.WaitGroup
		wg.Go(func() { dead.Drain(context.Background()) })
		<-hanging
		b.Handlers["hang"] = b.Handlers["note"]
		if n := b.drain(t); n != 0 {
			t.Error("the job was taken while its lease ran")
		}
		b.clock.Pass(job.Lease + time.Second)
		if n := b.drain(t); n != 1 {
			t.Error("nobody took the job over")
		}
		close(release)
		wg.Wait()
		if left := append(b.list(t, job.Ready), b.list(t, job.Dead)...); len(left) != 0 {
			t.Errorf("the late worker brought the job back: %+v", left)
		}
	})
}

func TestOneKeyIsOneWaitingJob(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		for range 3 {
			b.add(t, job.Job{City: 1, Kind: "note", Key: "same"})
		}
		if n := b.drain(t); n != 1 {
			t.Errorf("%d jobs ran", n)
		}
	})
}

func TestEachSlotOfTheScheduleIsEnqueuedOnceByAllNodes(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		moscow := time.FixedZone("MSK", 3*3600)
		schedule := []job.Scheduled{{Name: "nightly", City: 1, Kind: "note", Slot: job.Daily(moscow, 1, 30)}}
		b.Schedule = schedule
		other := &job.Runner{DB: b.DB, Handlers: b.Handlers, Schedule: schedule}
		for range 3 * 24 {
			b.drain(t)
			_, err := other.Drain(context.Background())
			must(t, err)
			b.clock.Pass(time.Hour)
		}
		if b.seen["{}"] != 4 { // the slot that had begun at the start, and three nights
			t.Errorf("ran %d times in three days", b.seen["{}"])
		}
	})
}

func TestAnEventBecomesAJobOfEachListener(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		var bus event.Bus
		bus.On("problem.sent", "note")
		bus.On("problem.sent", "fail")
		e := event.Event{City: 1, Kind: "problem.sent", Subject: 7, Seq: 1}
		must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error { return bus.Publish(tx, e) }))
		if n := b.drain(t); n != 2 {
			t.Errorf("%d jobs", n)
		}
		got, err := job.Unpack[event.Event](b.list(t, job.Ready)[0])
		must(t, err)
		if got != e {
			t.Errorf("a listener heard %+v", got)
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
