package problem

import (
	"context"
	"errors"
	"fmt"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// The kinds of work that the schedule asks for.
const (
	// JobSilence closes what nobody reacts to, and asks before; nightly.
	JobSilence = "problem.end_silence"
	// JobLapse ends questions that were not answered in time; hourly.
	JobLapse = "problem.lapse_questions"
	// JobSweep drops retry keys after 30 days and senders after one; nightly.
	JobSweep = "problem.sweep"
)

// slice is how many problems one step of a job looks at.
const slice = 200

// EndSilence asks the residents of answered problems whether it is solved, and
// closes those that stayed silent for the city's term. Each problem is a
// command of its own; running the job twice does nothing twice.
func (s *Service) EndSilence(ctx context.Context, city int64) (asked, closed int, err error) {
	silence, ahead, err := s.silence(ctx, city)
	if err != nil {
		return 0, 0, err
	}
	now := s.DB.Now()
	var after row
	for {
		var rows []row
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			rows, err = silentSince(tx, city, now.Add(ahead-silence).UnixMicro(), after, slice)
			return err
		})
		if err != nil {
			return asked, closed, fmt.Errorf("list answered problems: %w", err)
		}
		for _, r := range rows {
			after = r
			if now.Sub(r.state.Answered.Time()) >= silence {
				closed += s.step(ctx, city, r, CloseSilently{}, &err)
			} else if !r.state.SolvedAsked {
				asked += s.step(ctx, city, r, AskSolved{}, &err)
			}
		}
		if len(rows) < slice || err != nil {
			return asked, closed, err
		}
	}
}

func (s *Service) silence(ctx context.Context, city int64) (silence, ahead time.Duration, err error) {
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		silence = time.Duration(c.Settings.AutoCloseDays) * 24 * time.Hour
		ahead = time.Duration(c.Settings.AskBeforeCloseDays) * 24 * time.Hour
		return err
	})
	return silence, ahead, err
}

// step gives one command of the city. That somebody was faster is no error:
// the problem has moved on by itself.
func (s *Service) step(ctx context.Context, city int64, r row, c Command, failed *error) int {
	_, err := s.Do(ctx, resident.Machine(city), Order{Problem: r.id, Command: c, Version: r.state.Seq})
	switch {
	case err == nil:
		return 1
	case errors.Is(err, fault.Conflict), errors.Is(err, fault.Closed):
		return 0
	}
	*failed = errors.Join(*failed, fmt.Errorf("problem %d: %w", r.state.Number, err))
	return 0
}

// LapseQuestions gives questions back to the moderator whose term has passed.
func (s *Service) LapseQuestions(ctx context.Context, city int64) (int, error) {
	total := 0
	for {
		var rows []row
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			rows, err = questionsOver(tx, city, tx.Micros(), slice)
			return err
		})
		if err != nil {
			return total, fmt.Errorf("list open questions: %w", err)
		}
		lapsed := 0
		for _, r := range rows {
			lapsed += s.step(ctx, city, r, Lapse{}, &err)
		}
		total += lapsed
		if err != nil || lapsed == 0 {
			return total, err
		}
	}
}

// Sweep drops what is kept for a time only.
func (s *Service) Sweep(ctx context.Context) error {
	for {
		var n int64
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			n, err = sweep(tx, tx.Now().AddDate(0, 0, -30).UnixMicro(), tx.Now().Add(-24*time.Hour).UnixMicro(), slice)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
