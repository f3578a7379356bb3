package job

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"gorod/internal/platform/sqldb"
)

// Runner works on the queue.
type Runner struct {
	DB       *sqldb.DB
	Handlers map[string]Handler
	Schedule []Scheduled
	// Done hears of every job that was tried, for the log and the metrics.
	Done func(ctx context.Context, j Job, took time.Duration, err error)
	// Workers is how many jobs run at once; 2 when zero.
	Workers int
	// Poll is how often the queue is looked at when nothing wakes it; a second
	// when zero.
	Poll time.Duration

	wake chan struct{}
	once sync.Once
}

// Scheduled is work that comes again and again.
type Scheduled struct {
	Name string // unique; the city's name is part of it where each city has its own
	City int64
	Kind string
	// Slot is the start of the newest period that has begun at a moment: the
	// job is enqueued once a slot.
	Slot func(now time.Time) time.Time
}

// Every is a slot each d, counted from 1970.
func Every(d time.Duration) func(time.Time) time.Time {
	return func(now time.Time) time.Time { return now.Truncate(d) }
}

// Daily is a slot each day at a time of the city's clock.
func Daily(zone *time.Location, hour, minute int) func(time.Time) time.Time {
	return func(now time.Time) time.Time {
		t := now.In(zone)
		slot := time.Date(t.Year(), t.Month(), t.Day(), hour, minute, 0, 0, zone)
		if slot.After(now) {
			slot = time.Date(t.Year(), t.Month(), t.Day()-1, hour, minute, 0, 0, zone)
		}
		return slot
	}
}

func (r *Runner) init() {
	r.once.Do(func() { r.wake = make(chan struct{}, 1) })
}

// Wake is a hint that there may be work; it never blocks.
func (r *Runner) Wake() {
	r.init()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until the context ends, then waits for the jobs in hand.
func (r *Runner) Run(ctx context.Context) {
	r.init()
	poll := r.Poll
	if poll == 0 {
		poll = time.Second
	}
	ticker := time.NewTicker(poll)
	defer ticker.Stop()
	for {
		n, err := r.round(ctx)
		if err != nil {
			r.report(ctx, Job{Kind: "job.claim"}, 0, err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-r.wake:
		}
	}
}

// Drain does all work that is due and says how much that was: for tests,
// replay and the demo, which own the clock.
func (r *Runner) Drain(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := r.round(ctx)
		total += n
		if n == 0 || err != nil {
			return total, err
		}
	}
}

// NextDue is when the next waiting job is due; zero when none waits.
func (r *Runner) NextDue(ctx context.Context) (time.Time, error) {
	var at int64
	err := r.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		at, err = nextDue(tx)
		return err
	})
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return time.UnixMicro(at).UTC(), nil
}

// round enqueues the schedule, claims a handful of jobs and does them.
func (r *Runner) round(ctx context.Context) (int, error) {
	if ctx.Err() != nil {
		return 0, nil
	}
	if err := r.enqueueSchedule(ctx); err != nil {
		return 0, err
	}
	workers := max(r.Workers, 2)
	var jobs []Job
	err := r.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		jobs, err = claim(tx, workers*8)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("claim jobs: %w", err)
	}
	queue := make(chan Job)
	var wg sync.WaitGroup
	for range min(workers, len(jobs)) {
		wg.Go(func() {
			for j := range queue {
				r.do(ctx, j)
			}
		})
	}
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	wg.Wait()
	return len(jobs), nil
}

func (r *Runner) enqueueSchedule(ctx context.Context) error {
	now := r.DB.Now()
	var due []Scheduled
	for _, s := range r.Schedule {
		if !s.Slot(now).IsZero() {
			due = append(due, s)
		}
	}
	if len(due) == 0 {
		return nil
	}
	return r.DB.Do(ctx, func(tx *sqldb.Tx) error {
		for _, s := range due {
			first, err := takeSlot(tx, s.Name, s.Slot(tx.Now()).UnixMicro())
			if err != nil {
				return fmt.Errorf("take slot of %s: %w", s.Name, err)
			}
			if !first {
				continue
			}
			if err := Add(tx, Job{City: s.City, Kind: s.Kind, Key: s.Name}); err != nil {
				return err
			}
		}
		return nil
	})
}

// do runs one job and writes down how it went.
func (r *Runner) do(ctx context.Context, j Job) {
	start := time.Now()
	err := r.call(ctx, j)
	// The outcome is written even when the program is being stopped.
	settle := r.DB.Do(context.WithoutCancel(ctx), func(tx *sqldb.Tx) error {
		switch {
		case err == nil:
			return finish(tx, j)
		case errors.Is(err, ErrHopeless) || j.Attempt >= MaxAttempts:
			return postpone(tx, j, Dead, tx.Now(), err.Error())
		default:
			return postpone(tx, j, Ready, tx.Now().Add(backoff(j.Attempt)), err.Error())
		}
	})
	r.report(ctx, j, time.Since(start), errors.Join(err, settle))
}

func (r *Runner) call(ctx context.Context, j Job) (err error) {
	handle, ok := r.Handlers[j.Kind]
	if !ok {
		return fmt.Errorf("no handler for %s: %w", j.Kind, ErrHopeless)
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, Lease-Grace)
	defer cancel()
	return handle(ctx, j)
}

func (r *Runner) report(ctx context.Context, j Job, took time.Duration, err error) {
	if r.Done != nil {
		r.Done(ctx, j, took, err)
	}
}
