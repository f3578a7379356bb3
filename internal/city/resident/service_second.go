package resident

import (
	"context"
	"errors"
	"fmt"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// CityPolicy reads the policy from the settings of the city that is in force.
func CityPolicy(places *place.Service) func(tx *sqldb.Tx, city int64) (Policy, error) {
	return func(tx *sqldb.Tx, city int64) (Policy, error) {
		c, err := places.CityIn(tx, city)
		return PolicyOf(c.Settings.SecondFactor, c.Settings.SecondFactorRoles), err
	}
}

// policyIn is what a city says of the second factor.
func (s *Service) policyIn(tx *sqldb.Tx, city int64) (Policy, error) {
	if s.Policy == nil {
		return Policy{}, nil
	}
	p, err := s.Policy(tx, city)
	if err != nil {
		return p, fmt.Errorf("read policy of city %d: %w", city, err)
	}
	return p, nil
}

// mustEnrol tells whether a person lacks a second factor that is required. Only
// who lacks one costs a look at the policy.
func (s *Service) mustEnrol(tx *sqldb.Tx, city int64, p Person) (bool, error) {
	if !p.Staff || p.Second {
		return false, nil
	}
	policy, err := s.policyIn(tx, city)
	return policy.Requires(p.Roles), err
}

// admitOrAsk lets somebody in whose password was right, or asks for the code of
// the second factor.
func (s *Service) admitOrAsk(tx *sqldb.Tx, city int64, p Person, before string, from From, account, address, renewed string) (Entered, error) {
	_, on, err := secondOn(tx, city, p.ID)
	if err != nil {
		return Entered{}, err
	}
	if on {
		policy, err := s.policyIn(tx, city)
		if err != nil {
			return Entered{}, err
		}
		on = policy.Used()
	}
	if !on {
		return s.admit(tx, city, p, before, from, account, address, renewed)
	}
	// The try turned out right and is taken back. Those before it stay: a right
	// password must not buy new guesses at the code.
	if err := errors.Join(untry(tx, city, account), untry(tx, city, address)); err != nil {
		return Entered{}, err
	}
	if renewed != "" {
		if err := renewHash(tx, city, p.ID, p.password, renewed); err != nil {
			return Entered{}, err
		}
	}
	ticket, until := s.IDs.Secret(), tx.Now().Add(s.Limits.SecondLife)
	if err := insertTicket(tx, city, p.ID, id.Hash(ticket), until.UnixMicro()); err != nil {
		return Entered{}, fmt.Errorf("write ticket: %w", err)
	}
	return Entered{Second: ticket, Until: until}, nil
}

// secondOn reads a second factor that is set up.
func secondOn(tx *sqldb.Tx, city, person int64) (second, bool, error) {
	f, err := findSecond(tx, city, person)
	if errors.Is(err, sqldb.ErrNoRow) {
		return second{}, false, nil
	}
	if err != nil {
		return second{}, false, fmt.Errorf("read second factor of person %d: %w", person, err)
	}
	return f, f.since != 0, nil
}

// CheckSecond tells whether a ticket still waits for its code; Closed
// (resident.second_over) when it does not.
func (s *Service) CheckSecond(ctx context.Context, city int64, ticket string) error {
	return s.DB.View(ctx, func(tx *sqldb.Tx) error {
		_, err := ticketOf(tx, city, id.Hash(ticket))
		if errors.Is(err, sqldb.ErrNoRow) {
			return secondOver()
		}
		return err
	})
}

// EnterSecond ends a sign-in that SignIn began: with a code of the app or with a
// recovery code. Before is the token that the browser had; its session ends.
// Refusals: resident.second_over (begin again), resident.locked,
// resident.blocked, resident.password_over, and at the field "code"
// resident.second_wrong, resident.second_used, resident.second_unreadable.
func (s *Service) EnterSecond(ctx context.Context, city int64, ticket, typed, before string, from From) (Entered, error) {
	door, address := id.Hash(ticket), "a:"+s.Pseudonym(from.Address)
	return s.redeem(ctx, func(tx *sqldb.Tx) (in Entered, refusal, err error) {
		person, err := ticketOf(tx, city, door)
		if errors.Is(err, sqldb.ErrNoRow) {
			return in, secondOver(), nil
		}
		if err != nil {
			return in, nil, err
		}
		p, err := s.PersonIn(tx, city, person)
		if err != nil {
			return in, nil, err
		}
		account := loginSubject(p.Login)
		if free, err := s.takeBoth(tx, city, address, account); err != nil || !free {
			return in, s.locked(), err
		}
		if refusal = s.usable(p, tx.Now()); refusal == nil {
			refusal, err = s.passSecond(tx, city, p, typed, from)
		}
		if err != nil {
			return in, nil, err
		}
		if refusal != nil {
			act := Act{Action: SignedIn, Object: personObject(p.ID), Result: Denied, Detail: "second=wrong"}
			return in, refusal, s.AuditIn(tx, Who{City: city, ID: p.ID}, act, from)
		}
		if first, err := dropTicket(tx, city, door); err != nil || !first {
			return in, secondOver(), err
		}
		in, err = s.admit(tx, city, p, before, from, account, address, "")
		return in, nil, err
	})
}

func secondOver() error { return fault.Closed.New("resident.second_over") }

// passSecond uses a code up: one of the app, or a recovery code.
func (s *Service) passSecond(tx *sqldb.Tx, city int64, p Person, typed string, from From) (refusal, err error) {
	f, on, err := secondOn(tx, city, p.ID)
	if err != nil {
		return nil, err
	}
	if !on {
		return secondOver(), nil // it was reset meanwhile
	}
	app, recovery := typedCode(typed)
	if recovery != "" {
		return s.passRecovery(tx, city, p, recovery, from)
	}
	if app == "" {
		return secondWrong(), nil
	}
	secret, err := s.keys.secondSecret(city, p.ID, f.sealed)
	if err != nil {
		// The service has another key than when it was set up.
		return fault.Closed.Field("code", "resident.second_unreadable").Because(err), nil
	}
	step, used, err := fits(secret, app, tx.Now(), f.step)
	switch {
	case err != nil:
		return nil, err
	case used:
		return secondUsed(), nil
	case step == 0:
		return secondWrong(), nil
	}
	fresh, err := useStep(tx, city, p.ID, step)
	if err != nil {
		return nil, fmt.Errorf("write step of person %d: %w", p.ID, err)
	}
	if !fresh {
		return secondUsed(), nil
	}
	return nil, nil
}

func (s *Service) passRecovery(tx *sqldb.Tx, city int64, p Person, code string, from From) (refusal, err error) {
	fresh, err := useRecovery(tx, city, p.ID, id.Hash(code))
	if err != nil {
		return nil, fmt.Errorf("use recovery code of person %d: %w", p.ID, err)
	}
	if !fresh {
		return secondWrong(), nil
	}
	left, err := recoveryLeft(tx, city, p.ID)
	if err != nil {
		return nil, err
	}
	act := Act{Action: RecoveryUsed, Object: personObject(p.ID), Detail: fmt.Sprintf("left=%d", left)}
	return nil, s.AuditIn(tx, Who{City: city, ID: p.ID}, act, from)
}

func secondWrong() error { return fault.Invalid.Field("code", "resident.second_wrong") }
func secondUsed() error  { return fault.Invalid.Field("code", "resident.second_used") }
