package resident

import (
	"context"
	"fmt"
	"time"

	"gorod/internal/platform/event"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// SweepJob is the kind of the job that drops ended sessions, old codes and old
// tries of all cities.
const SweepJob = "resident.sweep"

// SenderJob is the kind of the job that forgets who sent an erased message
// without an account. It hears of the problem's erasure.
const SenderJob = "resident.forget_sender"

// sweepSlice keeps the database's one writer free for others.
const sweepSlice = 500

// Jobs are the handlers of this package.
func (s *Service) Jobs() map[string]job.Handler {
	return map[string]job.Handler{SweepJob: s.sweep, SenderJob: s.forgetSender}
}

// Schedule is what comes again and again, once for all cities.
func (s *Service) Schedule() []job.Scheduled {
	return []job.Scheduled{{Name: SweepJob, Kind: SweepJob, Slot: job.Every(time.Hour)}}
}

func (s *Service) forgetSender(ctx context.Context, j job.Job) error {
	news, err := job.Unpack[event.Event](j)
	if err != nil {
		return fmt.Errorf("read news of erasure: %w", err)
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return s.EraseSenderIn(tx, news.City, news.Subject) })
}

func (s *Service) sweep(ctx context.Context, _ job.Job) error {
	for {
		var n int64
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			n, err = sweep(tx, tx.Micros(), tx.Now().Add(-24*time.Hour).UnixMicro(), sweepSlice)
			return err
		})
		if err != nil {
			return fmt.Errorf("sweep sessions and codes: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}
