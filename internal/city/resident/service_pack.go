package resident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// DemoPassword is a hash that Load gives to the accounts of a demo.
type DemoPassword struct{ phc string }

// Demo makes the one password that all accounts of a demo have. It is hashed
// once, before the transaction, because hashing is slow on purpose.
func (s *Service) Demo(ctx context.Context, password string) (DemoPassword, error) {
	if err := checkPassword(password, Person{}); err != nil {
		return DemoPassword{}, err
	}
	phc, err := s.hasher.hash(ctx, password, s.IDs.Salt())
	return DemoPassword{phc}, err
}

// Load brings people of the pack, a slice at a time, and tells how many
// accounts it made or changed. Accounts are no dictionary and have no versions:
// a row changes its account only if the row itself changed since it was loaded
// last, so an administrator's own changes stay and loading twice does nothing.
// Nobody is blocked because the pack does not name them any more; that is an
// administrator's decision. Accounts get a password only in a demo (the zero
// DemoPassword gives none); elsewhere an administrator hands it out.
func (s *Service) Load(tx *sqldb.Tx, city int64, people []PackPerson, demo DemoPassword) (int, error) {
	changed := 0
	for _, row := range people {
		did, err := s.loadOne(tx, city, row, demo)
		if err != nil {
			return changed, fmt.Errorf("load person %s: %w", row.ID, err)
		}
		if did {
			changed++
		}
	}
	if changed == 0 {
		return 0, nil
	}
	act := Act{Action: PackLoaded, Detail: fmt.Sprintf("accounts=%d", changed)}
	return changed, s.AuditIn(tx, Machine(city), act, From{})
}

func (s *Service) loadOne(tx *sqldb.Tx, city int64, row PackPerson, demo DemoPassword) (bool, error) {
	d, err := row.draft().clean()
	if err != nil {
		return false, err
	}
	sum, err := sumOf(d)
	if err != nil {
		return false, err
	}
	key, known, err := byPack(tx, city, row.ID)
	if err != nil {
		return false, err
	}
	if key != 0 && known == sum {
		return false, nil
	}
	if taken, err := loginTaken(tx, city, key, d.Login); err != nil || taken {
		return false, errors.Join(err, refuseLogin(taken))
	}
	if key != 0 {
		return true, updateStaff(tx, city, key, d, sum)
	}
	if key, err = tx.NewID(); err != nil {
		return false, err
	}
	p := d.person(key)
	p.password = demo.phc
	return insertPerson(tx, city, p, row.ID, sum)
}

func refuseLogin(taken bool) error {
	if taken {
		return fault.Conflict.Field("login", "resident.login_taken")
	}
	return nil
}

func sumOf(d Draft) (string, error) {
	body, err := json.Marshal(d)
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:]), err
}

// SetPassword gives the account of a login a password for good: the first
// administrator of a new city, from the command line. It works for the city
// itself only.
func (s *Service) SetPassword(ctx context.Context, who Who, login, password string) error {
	if !who.System {
		return fault.Denied.New("resident.not_administrator")
	}
	if err := checkPassword(password, Person{Login: foldLogin(login)}); err != nil {
		return err
	}
	phc, err := s.hasher.hash(ctx, password, s.IDs.Salt())
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := findLogin(tx, who.City, foldLogin(login))
		if errors.Is(err, sqldb.ErrNoRow) {
			return fault.Missing.New("resident.person_missing")
		}
		if err != nil {
			return fmt.Errorf("find login: %w", err)
		}
		if err := setPassword(tx, who.City, p.ID, phc, 0, false); err != nil {
			return fmt.Errorf("write password of person %d: %w", p.ID, err)
		}
		if _, err := endSessions(tx, who.City, p.ID, 0); err != nil {
			return err
		}
		return s.AuditIn(tx, who, Act{Action: PasswordReset, Object: personObject(p.ID)}, From{})
	})
}
