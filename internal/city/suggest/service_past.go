package suggest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

const (
	// refreshEvery is how soon a process knows of messages and erasures that
	// another one handled; tickEvery how often Follow looks whether it is time.
	refreshEvery = 30 * time.Second
	tickEvery    = 5 * time.Second
	// overlap is read again each time: what was committed late would be missed.
	overlap     = 2 * time.Minute
	overlapKeys = 200
	newsLimit   = 5000
	newsKept    = 3 * 24 * time.Hour
)

// Follow keeps the memories of these cities up to date until ctx ends: who
// serves pages runs it beside. What fails is tried again, and told to failed.
func (s *Service) Follow(ctx context.Context, cities []int64, failed func(city int64, err error)) {
	tick := time.NewTicker(tickEvery)
	defer tick.Stop()
	for _, city := range cities {
		s.cities.slot(city).followed.Store(true)
		defer s.cities.slot(city).followed.Store(false)
	}
	for {
		for _, city := range cities {
			if err := s.Refresh(ctx, city); err != nil && ctx.Err() == nil {
				failed(city, err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Refresh brings the model of a city and its memory up to date: a new model is
// in use when it remembers all that the old one did. Called sooner than half a
// minute after the last time it only looks for a new model.
func (s *Service) Refresh(ctx context.Context, city int64) error {
	at := s.cities.slot(city)
	at.lock.Lock()
	defer at.lock.Unlock()
	held, now := at.now.Load(), s.DB.Now().UnixMicro()
	next, err := s.load(ctx, city, held)
	if err != nil {
		return err
	}
	if next.outdated && !next.told {
		if err := s.learnAnew(ctx, city); err != nil {
			return err
		}
		next.told = true
	}
	if held == nil {
		first := next
		at.now.Store(&first) // the first readers need not wait for the memory
	}
	if held == nil || held.version != next.version || !next.filled || now-next.read > newsKept.Microseconds() {
		if err := s.fill(ctx, city, &next); err != nil {
			return err
		}
	} else if now-next.read >= refreshEvery.Microseconds() {
		if err := s.catchUp(ctx, city, &next); err != nil {
			return err
		}
	}
	after := next
	at.now.Store(&after)
	at.asked.Store(now)
	return nil
}

// learnAnew asks for a training: the stored model is of another version of this
// program.
func (s *Service) learnAnew(ctx context.Context, city int64) error {
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		return job.Add(tx, job.Job{City: city, Kind: LearnJob, Key: "anew"})
	})
	if err != nil {
		return fmt.Errorf("ask for a new model of city %d: %w", city, err)
	}
	return nil
}

// fill remembers the newest messages of a city, in a memory of its own.
func (s *Service) fill(ctx context.Context, city int64, next *current) error {
	next.filled, next.read, next.last = true, s.DB.Now().UnixMicro(), 0
	if next.model == nil || next.model.archive == nil || s.Lessons == nil {
		return nil
	}
	if next.past.Len() > 0 {
		next.past = next.model.Past()
	}
	// What is erased while it is read is heard of afterwards.
	since := next.read
	err := s.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		next.last, err = s.Lessons.SentBefore(tx, city, mostRemembered)
		return err
	})
	if err != nil {
		return fmt.Errorf("find what to remember of city %d: %w", city, err)
	}
	if err := s.remember(ctx, city, next, next.last); err != nil {
		return err
	}
	return s.hearNews(ctx, city, next, since)
}

// catchUp remembers what was sent, changed and erased since the last time.
func (s *Service) catchUp(ctx context.Context, city int64, next *current) error {
	before := next.read
	next.read = s.DB.Now().UnixMicro()
	if next.model == nil || next.model.archive == nil || s.Lessons == nil {
		return nil
	}
	if err := s.remember(ctx, city, next, next.past.overlapping(overlapKeys, next.last)); err != nil {
		return err
	}
	return s.hearNews(ctx, city, next, before)
}

// remember reads the messages with keys above after.
func (s *Service) remember(ctx context.Context, city int64, next *current, after int64) error {
	for {
		var slice []Message
		err := s.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
			slice, err = s.Lessons.Sent(tx, city, after, readSlice)
			return err
		})
		if err != nil {
			return fmt.Errorf("read messages of city %d: %w", city, err)
		}
		for _, msg := range slice {
			next.past.Remember(msg)
		}
		if len(slice) > 0 {
			after = slice[len(slice)-1].Problem
			next.last = max(next.last, after)
		}
		if len(slice) < readSlice {
			return nil
		}
	}
}

// hearNews takes over what became of problems since a moment.
func (s *Service) hearNews(ctx context.Context, city int64, next *current, since int64) error {
	var list []news
	err := s.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		list, err = newsSince(tx, city, since-overlap.Microseconds(), newsLimit)
		return err
	})
	if err != nil {
		return fmt.Errorf("read news of city %d: %w", city, err)
	}
	for _, n := range list {
		if n.topic == Nothing {
			next.past.Forget(n.problem)
		} else {
			next.past.Recall(n.problem, n.topic)
		}
	}
	if len(list) == newsLimit {
		next.filled = false // too much to be sure: all of it again
	}
	return nil
}

// noteIn tells the other processes what became of a problem, and this one when
// the transaction is through.
func (s *Service) noteIn(tx *sqldb.Tx, city int64, n news) error {
	if err := insertNews(tx, city, n); err != nil {
		return fmt.Errorf("note what became of problem %d: %w", n.problem, err)
	}
	tx.AfterCommit(func() {
		held := s.cities.slot(city).now.Load()
		switch {
		case held == nil || held.past == nil:
		case n.topic == Nothing:
			held.past.Forget(n.problem)
		default:
			held.past.Recall(n.problem, n.topic)
		}
	})
	return nil
}

// outdated tells of a model that another version of this program wrote.
func outdated(err error) bool { return errors.Is(err, ErrOldModel) }
