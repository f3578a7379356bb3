package resident

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

// SecondOf tells how it stands with a person's own second factor. Token is the
// session that asks: what is being set up is shown to this session alone.
// Issuer is how the city is called in the app. For the staff.
func (s *Service) SecondOf(ctx context.Context, who Who, token, issuer string) (SecondFactor, error) {
	var out SecondFactor
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		out = SecondFactor{}
		p, policy, err := s.ownSecond(tx, who)
		if err != nil {
			return err
		}
		out.Used, out.Required = policy.Used(), policy.Requires(p.Roles)
		f, on, err := secondOn(tx, who.City, who.ID)
		if err != nil {
			return err
		}
		if on {
			left, err := recoveryLeft(tx, who.City, who.ID)
			out.On, out.Since, out.Left = true, moment(f.since), int(left)
			return err
		}
		session, err := s.sessionIn(tx, who, token)
		if err != nil || !f.pending(session, tx.Now()) {
			return err
		}
		// What was sealed with another key is as if it had not been begun.
		if secret, err := s.keys.secondSecret(who.City, who.ID, f.sealed); err == nil {
			out.Enrolment = enrolment(secret, issuer, p.Login, f.until)
		}
		return nil
	})
	return out, err
}

// ownSecond reads who asks about their own second factor, and the policy.
func (s *Service) ownSecond(tx *sqldb.Tx, who Who) (Person, Policy, error) {
	if who.ID == 0 {
		return Person{}, Policy{}, sessionOver()
	}
	p, err := s.PersonIn(tx, who.City, who.ID)
	if err != nil {
		return p, Policy{}, err
	}
	if !p.Staff {
		return p, Policy{}, fault.Denied.New("resident.second_staff")
	}
	policy, err := s.policyIn(tx, who.City)
	return p, policy, err
}

func (s *Service) sessionIn(tx *sqldb.Tx, who Who, token string) (int64, error) {
	session, err := sessionOf(tx, who.City, id.Hash(token))
	if errors.Is(err, sqldb.ErrNoRow) {
		return 0, sessionOver()
	}
	return session, err
}

// StartSecond begins to set up a second factor in the session of a token. Begun
// twice it goes on with the same secret, so that a picture which was read stays
// good. Refusals: resident.second_off, resident.second_already.
func (s *Service) StartSecond(ctx context.Context, who Who, token string) error {
	secret := slices.Concat(s.IDs.Salt(), s.IDs.Salt())[:secondBytes]
	sealed, err := s.keys.seal("second", who.City, who.ID, string(secret), s.IDs.Salt())
	if err != nil {
		return fmt.Errorf("seal secret of person %d: %w", who.ID, err)
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		_, policy, err := s.ownSecond(tx, who)
		if err != nil {
			return err
		}
		if !policy.Used() {
			return fault.Closed.New("resident.second_off")
		}
		session, err := s.sessionIn(tx, who, token)
		if err != nil {
			return err
		}
		f, on, err := secondOn(tx, who.City, who.ID)
		if err != nil {
			return err
		}
		if on {
			return fault.Conflict.New("resident.second_already")
		}
		if f.pending(session, tx.Now()) {
			if _, err := s.keys.secondSecret(who.City, who.ID, f.sealed); err == nil {
				return nil
			}
		}
		begun, err := beginSecond(tx, who.City, who.ID, second{sealed: sealed, session: session, until: tx.Now().Add(s.Limits.EnrolLife).UnixMicro()})
		if err != nil {
			return fmt.Errorf("begin second factor of person %d: %w", who.ID, err)
		}
		if !begun {
			return fault.Conflict.New("resident.second_already")
		}
		return nil
	})
}

// ConfirmSecond switches the second factor on with a first code of the app and
// gives the recovery codes, which are shown this once. The person's other
// sessions end: they were opened with a password alone. Form is the key that
// the form carried: sent again within ten minutes it gives the same codes.
// Refusals: resident.second_stale (begin again), resident.second_already, and
// at the field "code" resident.second_wrong.
func (s *Service) ConfirmSecond(ctx context.Context, who Who, token, typed, form string, from From) ([]see.Secret, error) {
	codes := s.newRecovery(who, form)
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if _, _, err := s.ownSecond(tx, who); err != nil {
			return err
		}
		session, err := s.sessionIn(tx, who, token)
		if err != nil {
			return err
		}
		f, on, err := secondOn(tx, who.City, who.ID)
		if err != nil {
			return err
		}
		if on {
			again, err := s.givenJustNow(tx, who, codes)
			if err == nil && !again {
				err = fault.Conflict.New("resident.second_already")
			}
			return err
		}
		if !f.pending(session, tx.Now()) {
			return fault.Closed.New("resident.second_stale")
		}
		secret, err := s.keys.secondSecret(who.City, who.ID, f.sealed)
		if err != nil {
			return fault.Closed.New("resident.second_stale").Because(err)
		}
		app, _ := typedCode(typed)
		step, _, err := fits(secret, app, tx.Now(), 0)
		if err != nil {
			return err
		}
		if step == 0 {
			return secondWrong()
		}
		return s.switchOn(tx, who, session, step, codes, from)
	})
	if err != nil {
		return nil, err
	}
	return shown(codes), nil
}

func (s *Service) switchOn(tx *sqldb.Tx, who Who, session, step int64, codes []string, from From) error {
	first, err := finishSecond(tx, who.City, who.ID, step)
	if err != nil {
		return fmt.Errorf("switch on second factor of person %d: %w", who.ID, err)
	}
	if !first {
		return fault.Conflict.New("resident.second_already")
	}
	if err := putRecovery(tx, who.City, who.ID, sums(codes)); err != nil {
		return fmt.Errorf("write recovery codes of person %d: %w", who.ID, err)
	}
	if _, err := endSessions(tx, who.City, who.ID, session); err != nil {
		return fmt.Errorf("end other sessions of person %d: %w", who.ID, err)
	}
	return s.AuditIn(tx, who, Act{Action: SecondOn, Object: personObject(who.ID)}, from)
}

// minForm is the shortest key of a form that codes are made of.
const minForm = 16

// newRecovery makes the codes that belong to a sent form.
func (s *Service) newRecovery(who Who, form string) []string {
	if len(form) < minForm {
		form = s.IDs.Secret()
	}
	return s.keys.recovery(who.City, who.ID, form)
}

func sums(codes []string) []string {
	out := make([]string, len(codes))
	for i, c := range codes {
		out[i] = id.Hash(c)
	}
	return out
}

// givenJustNow tells whether these very codes were given a few minutes ago and
// none has been used.
func (s *Service) givenJustNow(tx *sqldb.Tx, who Who, codes []string) (bool, error) {
	stored, err := recoveryOf(tx, who.City, who.ID)
	if err != nil {
		return false, fmt.Errorf("read recovery codes of person %d: %w", who.ID, err)
	}
	wanted := slices.Sorted(slices.Values(sums(codes)))
	if len(stored) != len(wanted) {
		return false, nil
	}
	for i, c := range stored {
		young := tx.Now().Sub(moment(c.created)) < recoveryAgain
		if c.used != 0 || !young || !hmac.Equal([]byte(c.sum), []byte(wanted[i])) {
			return false, nil
		}
	}
	return true, nil
}

// RenewRecovery gives new recovery codes in place of the old, to who types the
// password and a code; a form that is sent again gives the same. Refusals:
// resident.locked, resident.second_none, resident.password_wrong at the field
// "password", and those of the field "code" as in EnterSecond.
func (s *Service) RenewRecovery(ctx context.Context, who Who, password, typed, form string, from From) ([]see.Secret, error) {
	codes := s.newRecovery(who, form)
	again := func(tx *sqldb.Tx) (bool, error) { return s.givenJustNow(tx, who, codes) }
	err := s.twice(ctx, who, password, typed, from, again, func(tx *sqldb.Tx) error {
		if err := putRecovery(tx, who.City, who.ID, sums(codes)); err != nil {
			return fmt.Errorf("write recovery codes of person %d: %w", who.ID, err)
		}
		return s.AuditIn(tx, who, Act{Action: RecoveryRenewed, Object: personObject(who.ID)}, from)
	})
	if err != nil {
		return nil, err
	}
	return shown(codes), nil
}

// DropSecond switches a person's own second factor off. It asks for the
// password and a code as RenewRecovery does; where none is on it does nothing.
func (s *Service) DropSecond(ctx context.Context, who Who, password, typed string, from From) error {
	never := func(*sqldb.Tx) (bool, error) { return false, nil }
	err := s.twice(ctx, who, password, typed, from, never, func(tx *sqldb.Tx) error {
		if _, err := dropSecond(tx, who.City, who.ID); err != nil {
			return fmt.Errorf("drop second factor of person %d: %w", who.ID, err)
		}
		return s.AuditIn(tx, who, Act{Action: SecondDropped, Object: personObject(who.ID)}, from)
	})
	if f := fault.Of(err); f != nil && f.Phrase == noSecond {
		return nil
	}
	return err
}

const noSecond = "resident.second_none"

// twice does what needs both password and code, counted as tries at signing in.
// A try that is refused stays counted. Done tells that it was done already.
func (s *Service) twice(ctx context.Context, who Who, password, typed string, from From, done func(*sqldb.Tx) (bool, error), do func(*sqldb.Tx) error) error {
	address := "a:" + s.Pseudonym(from.Address)
	var p Person
	var free bool
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		if p, _, err = s.ownSecond(tx, who); err != nil {
			return err
		}
		if !p.Second {
			return fault.Missing.New(noSecond)
		}
		free, err = s.takeBoth(tx, who.City, address, loginSubject(p.Login))
		return err
	})
	if err != nil {
		return err
	}
	if !free {
		return s.locked()
	}
	right, _, err := s.hasher.verify(ctx, password, p.password)
	if err != nil {
		return err
	}
	if !right {
		return fault.Invalid.Field("password", "resident.password_wrong")
	}
	var refusal error
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		refusal = nil
		ready, err := done(tx)
		if err != nil {
			return err
		}
		if !ready {
			if refusal, err = s.passSecond(tx, who.City, p, typed, from); err != nil || refusal != nil {
				return err
			}
		}
		if err := errors.Join(forgetTries(tx, who.City, loginSubject(p.Login)), untry(tx, who.City, address)); err != nil || ready {
			return err
		}
		return do(tx)
	})
	if err != nil {
		return err
	}
	return refusal
}

// ResetSecond takes away somebody's second factor, whose phone and recovery
// codes are lost; their sessions end. For administrators, not for oneself:
// that takes a password and a code (DropSecond).
func (s *Service) ResetSecond(ctx context.Context, who Who, person int64, from From) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	if who.ID == person && !who.System {
		return fault.Denied.New("resident.own_second")
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if _, err := s.staffIn(tx, who.City, person); err != nil {
			return err
		}
		had, err := dropSecond(tx, who.City, person)
		if err != nil {
			return fmt.Errorf("drop second factor of person %d: %w", person, err)
		}
		if !had {
			return nil // done before
		}
		if _, err := endSessions(tx, who.City, person, 0); err != nil {
			return fmt.Errorf("end sessions of person %d: %w", person, err)
		}
		return s.AuditIn(tx, who, Act{Action: SecondReset, Object: personObject(person)}, from)
	})
}
