package resident

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// touchAfter is how stale the time of the last request may be: one write a
// minute, not one a request.
const touchAfter = time.Minute

// Who finds out who bears a token. An unknown, ended or other city's token is
// Denied (resident.session_over), and the Who beside it is nobody.
func (s *Service) Who(ctx context.Context, city int64, token string) (Who, Person, error) {
	nobody := Who{City: city}
	var h holder
	var now time.Time
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		now = tx.Now()
		if h, err = findSession(tx, city, id.Hash(token)); err != nil {
			return err
		}
		h.person.MustEnrol, err = s.mustEnrol(tx, city, h.person)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return nobody, Person{}, sessionOver()
	}
	if err != nil {
		return nobody, Person{}, fmt.Errorf("find session: %w", err)
	}
	if !h.session.alive(now, s.Limits) || h.person.Blocked {
		return nobody, Person{}, sessionOver()
	}
	if now.Sub(h.session.Seen) >= touchAfter {
		err = s.DB.Do(ctx, func(tx *sqldb.Tx) error { return touchSession(tx, city, h.session.ID) })
		if err != nil {
			return nobody, Person{}, fmt.Errorf("keep session alive: %w", err)
		}
	}
	return h.person.Who(city), h.person, nil
}

func sessionOver() error { return fault.Denied.New("resident.session_over") }

// open makes a session with a token of its own and ends the one before it.
func (s *Service) open(tx *sqldb.Tx, city int64, p Person, before string, from From) (Entered, error) {
	var err error
	if p.MustEnrol, err = s.mustEnrol(tx, city, p); err != nil {
		return Entered{}, err
	}
	if before != "" {
		if _, err := endToken(tx, city, id.Hash(before)); err != nil {
			return Entered{}, fmt.Errorf("end session before: %w", err)
		}
	}
	key, err := tx.NewID()
	if err != nil {
		return Entered{}, err
	}
	until := tx.Now().Add(s.Limits.life(p.Staff))
	token := s.IDs.Secret()
	if err := insertSession(tx, city, key, id.Hash(token), p, from.Agent, until.UnixMicro()); err != nil {
		return Entered{}, fmt.Errorf("write session: %w", err)
	}
	if p.Staff {
		if err := trimSessions(tx, city, p.ID, s.Limits.StaffAtOnce); err != nil {
			return Entered{}, fmt.Errorf("end oldest sessions: %w", err)
		}
	}
	if err := markSeen(tx, city, p.ID); err != nil {
		return Entered{}, err
	}
	if err := s.AuditIn(tx, p.Who(city), Act{Action: SignedIn, Object: personObject(p.ID)}, from); err != nil {
		return Entered{}, err
	}
	return Entered{Token: token, Until: until, Person: p}, nil
}

// SignOut ends the session of a token. A token that opens nothing is no error:
// the person is signed out.
func (s *Service) SignOut(ctx context.Context, city int64, token string, from From) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		person, err := endToken(tx, city, id.Hash(token))
		if err != nil || person == 0 {
			return err
		}
		return s.AuditIn(tx, Who{City: city, ID: person}, Act{Action: SignedOut, Object: personObject(person)}, from)
	})
}

// sessionsShown bounds the list of a person's sessions.
const sessionsShown = 100

// Sessions lists where the person is signed in, the latest used first; token
// marks the one that asks.
func (s *Service) Sessions(ctx context.Context, who Who, token string) ([]Session, error) {
	if who.ID == 0 {
		return nil, sessionOver()
	}
	var list []Session
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		this, err := sessionOf(tx, who.City, id.Hash(token))
		if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
			return err
		}
		all, err := sessionsOf(tx, who.City, who.ID, sessionsShown)
		for _, one := range all {
			if one.alive(tx.Now(), s.Limits) {
				one.This = one.ID == this
				list = append(list, one.Session)
			}
		}
		return err
	})
	return list, err
}

// EndSession ends one session of the person, on whatever machine it is.
func (s *Service) EndSession(ctx context.Context, who Who, session int64, from From) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		n, err := endSession(tx, who.City, who.ID, session)
		if err == nil && n == 0 {
			return fault.Missing.New("resident.session_missing")
		}
		return s.auditEnded(tx, who, n, err, from)
	})
}

// EndOthers ends all sessions of the person but the one that asks.
func (s *Service) EndOthers(ctx context.Context, who Who, token string, from From) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		this, err := sessionOf(tx, who.City, id.Hash(token))
		if err != nil {
			return sessionOver()
		}
		n, err := endSessions(tx, who.City, who.ID, this)
		return s.auditEnded(tx, who, n, err, from)
	})
}

func (s *Service) auditEnded(tx *sqldb.Tx, who Who, n int64, err error, from From) error {
	if err != nil {
		return fmt.Errorf("end sessions of person %d: %w", who.ID, err)
	}
	act := Act{Action: SessionsEnded, Object: personObject(who.ID), Detail: "sessions=" + strconv.FormatInt(n, 10)}
	return s.AuditIn(tx, who, act, from)
}
