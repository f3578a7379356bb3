package suggest

import (
	"context"
	"errors"
	"fmt"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// The kinds of jobs of this package.
const (
	LearnJob = "suggest.learn" // nightly, one a city
	EraseJob = "suggest.erase" // on problem.erased
)

// HandleLearn learns a city's decided messages. A city that has no pack yet has
// nothing to do.
func (s *Service) HandleLearn(ctx context.Context, j job.Job) error {
	_, err := s.Learn(ctx, j.City, nil)
	if errors.Is(err, fault.Missing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("learn city %d: %w", j.City, err)
	}
	return nil
}

// HandleErase drops the record of a problem that was erased.
func (s *Service) HandleErase(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil {
		return fmt.Errorf("read news of erasure: %w", err)
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return s.EraseIn(tx, e.City, e.Subject) })
}
