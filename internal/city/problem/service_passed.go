package problem

import (
	"context"
	"fmt"

	"gorod/internal/city/deadline"
	"gorod/internal/platform/event"
	"gorod/internal/platform/sqldb"
)

// JobPassed tells of promises that have passed without an answer
// (deadline.Passed); every minute.
const JobPassed = "problem.tell_passed"

// passedSlice is how many promises one transaction of TellPassed looks at.
const passedSlice = 200

// TellPassed tells of each open problem whose promise, the date that everyone
// sees, ended before now, once a promise, the longest past first. It gives how
// many it told of; of the rest the next run tells. A quiet service only notes
// them, for those who make the board anew anyway.
func (s *Service) TellPassed(ctx context.Context, city int64) (int, error) {
	told := 0
	for {
		var list []passing
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			if list, err = passedUntold(tx, city, tx.Micros(), passedSlice); err != nil {
				return err
			}
			for _, p := range list {
				noted, err := notePassed(tx, city, p)
				if err != nil {
					return err
				}
				if !noted {
					continue // it moved meanwhile
				}
				news := event.Event{City: city, Kind: deadline.Passed, Subject: p.problem, Seq: p.seq}
				if err := s.Bus.Publish(tx, news); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return told, fmt.Errorf("tell of passed promises: %w", err)
		}
		told += len(list)
		if len(list) < passedSlice {
			return told, nil
		}
	}
}

// PassedIn is the promise of a problem of which TellPassed told that it passed;
// 0: of none. It says that the problem is late while this is still its Due and
// the problem is open.
func (s *Service) PassedIn(tx *sqldb.Tx, city, problem int64) (Moment, error) {
	return passedOf(tx, city, problem)
}
