package media

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// The kinds of jobs of this package.
const (
	// DeleteJob deletes the pictures of an erased photo from the store.
	DeleteJob = "media.delete"
	// SweepJob erases photos that no message took, blobs that no photo names and
	// facts whose time is over, of all cities.
	SweepJob = "media.sweep"
)

const sweepSlice = 100

type deletion struct {
	Blob string `json:"blob"`
}

// Jobs are the handlers of this package.
func (s *Service) Jobs() map[string]job.Handler {
	return map[string]job.Handler{DeleteJob: s.delete, SweepJob: s.sweep}
}

// Schedule is what comes again and again, once for all cities.
func (s *Service) Schedule() []job.Scheduled {
	return []job.Scheduled{{Name: SweepJob, Kind: SweepJob, Slot: job.Every(time.Hour)}}
}

// delete removes the pictures of a blob that nothing shows any more. No photo
// can come to show it meanwhile: copies are made only of photos that do.
func (s *Service) delete(ctx context.Context, j job.Job) error {
	d, err := job.Unpack[deletion](j)
	if err != nil {
		return err
	}
	var users int64
	if err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		users, err = blobUsers(tx, j.City, d.Blob)
		return err
	}); err != nil || users > 0 {
		return err
	}
	if err := s.remove(ctx, d.Blob); err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return deleteBlob(tx, j.City, d.Blob) })
}

func (s *Service) remove(ctx context.Context, blob string) error {
	err := errors.Join(s.Blobs.Delete(ctx, blob+string(Full)), s.Blobs.Delete(ctx, blob+string(Thumb)))
	if err != nil {
		return fmt.Errorf("delete pictures: %w", err)
	}
	return nil
}

func (s *Service) sweep(ctx context.Context, _ job.Job) error {
	before := s.DB.Now().Add(-orphanAfter).UnixMicro()
	for _, step := range []func(context.Context, int64) (int, error){s.sweepFresh, s.sweepBlobs, s.sweepExif} {
		for n := 1; n > 0; {
			var err error
			if n, err = step(ctx, before); err != nil {
				return err
			}
		}
	}
	// A crash can leave half a blob in a folder; other stores clean up themselves.
	if folder, ok := s.Blobs.(interface {
		Sweep(context.Context, time.Time) (int, error)
	}); ok {
		_, err := folder.Sweep(ctx, s.DB.Now().Add(-orphanAfter))
		return err
	}
	return nil
}

func (s *Service) sweepFresh(ctx context.Context, before int64) (int, error) {
	n := 0
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		stale, err := staleFresh(tx, before, sweepSlice)
		if err != nil {
			return fmt.Errorf("list photos without a message: %w", err)
		}
		n = len(stale)
		for _, k := range stale {
			if err := s.EraseIn(tx, k.city, []int64{k.id}); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

// sweepBlobs gives up blobs that were begun and never named. Their row goes and
// the job that deletes the pictures comes in one transaction: whoever still
// writes the photo finds the blob gone and fails.
func (s *Service) sweepBlobs(ctx context.Context, before int64) (int, error) {
	var found []key
	if err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		found, err = stillborn(tx, before, sweepSlice)
		return err
	}); err != nil {
		return 0, fmt.Errorf("list blobs without a photo: %w", err)
	}
	for _, k := range found {
		if err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			claimed, err := claimStillborn(tx, k.city, k.blob)
			if err != nil || !claimed {
				return err
			}
			return job.Add(tx, job.Job{City: k.city, Kind: DeleteJob, Args: job.Args(deletion{k.blob})})
		}); err != nil {
			return 0, fmt.Errorf("give up a blob: %w", err)
		}
	}
	return len(found), nil
}

func (s *Service) sweepExif(ctx context.Context, _ int64) (int, error) {
	var n int64
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		n, err = dropExif(tx, tx.Micros(), sweepSlice)
		return err
	})
	return int(n), err
}
