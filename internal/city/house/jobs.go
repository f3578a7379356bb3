package house

import (
	"context"
	"fmt"
	"time"

	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// JobSweep tells which outages of a city are over: their planned end has passed.
const JobSweep = "house.sweep"

// SweepEvery is how late that may be told.
const SweepEvery = 5 * time.Minute

// sweepSlice keeps the database's one writer free for others.
const sweepSlice = 100

// Sweep is the handler of JobSweep.
func (s *Service) Sweep(ctx context.Context, j job.Job) error {
	for {
		n := 0
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			list, err := readUntold(tx, j.City, tx.Micros(), sweepSlice)
			if err != nil {
				return err
			}
			n = len(list)
			for _, o := range list {
				if err := s.tellOver(tx, j.City, o); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("tell which outages are over: %w", err)
		}
		if n < sweepSlice {
			return nil
		}
	}
}

func (s *Service) tellOver(tx *sqldb.Tx, city int64, o Outage) error {
	o.Seq++
	if err := addChange(tx, city, o.ID, Change{Seq: o.Seq, At: tx.Now(), What: "over"}); err != nil {
		return fmt.Errorf("note that outage %d is over: %w", o.ID, err)
	}
	if err := putOutage(tx, city, o, true); err != nil {
		return fmt.Errorf("write outage %d: %w", o.ID, err)
	}
	return s.publish(tx, city, OutageOver, o.ID, o.Seq)
}
