package notice

import (
	"context"
	"fmt"

	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Choice is what a person said about one problem.
type Choice string

// The choices.
const (
	Unsaid  Choice = ""        // authors and who joined hear of it, others do not
	Watch   Choice = "watch"   // hears of it without having joined
	Silence Choice = "silence" // hears nothing of it
)

// Choose keeps what somebody wants to hear of one problem; saying it again
// changes nothing. Who names a problem (resident.Who.Problem) is its author
// without an account, and can only silence it or not. Others need an account:
// Denied (notice.sign_in_first). Whether they may see the problem is for the
// caller to check.
func (s *Service) Choose(ctx context.Context, who resident.Who, problem int64, c Choice) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return s.ChooseIn(tx, who, problem, c) })
}

// ChooseIn is Choose in the caller's transaction: who leaves a contact wants to
// be written to.
func (s *Service) ChooseIn(tx *sqldb.Tx, who resident.Who, problem int64, c Choice) error {
	switch {
	case who.Problem != 0 && who.Problem == problem:
		if c == Silence {
			return putOff(tx, who.City, problem)
		}
		return dropOff(tx, who.City, problem)
	case who.ID == 0:
		return fault.Denied.New("notice.sign_in_first")
	case c == Unsaid:
		return dropChoice(tx, who.City, problem, who.ID)
	}
	return putChoice(tx, who.City, problem, who.ID, c)
}

// Choice is what somebody said about one problem; identities as of Choose.
func (s *Service) Choice(ctx context.Context, who resident.Who, problem int64) (Choice, error) {
	choice := Unsaid
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if who.Problem == 0 || who.Problem != problem {
			choice, err = choiceOf(tx, who.City, problem, who.ID)
			return err
		}
		off, err := isOff(tx, who.City, problem)
		if off {
			choice = Silence
		}
		return err
	})
	if err != nil {
		return Unsaid, fmt.Errorf("read choice about problem %d: %w", problem, err)
	}
	return choice, nil
}

// watchedMost bounds the list of what one person watches.
const watchedMost = 200

// Watched lists the keys of the problems that an account watches, the newest
// choice first, at most 200.
func (s *Service) Watched(ctx context.Context, who resident.Who) ([]int64, error) {
	var keys []int64
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		keys, err = watched(tx, who.City, who.ID, watchedMost)
		return err
	})
	return keys, err
}
