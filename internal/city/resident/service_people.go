package resident

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

func cleanName(name string) (string, error) {
	name, err := text.Trim(name, maxName)
	if err != nil {
		return "", fault.Invalid.Field("name", "resident.name_long", maxName)
	}
	return name, nil
}

// Temporary is a password that an administrator hands over: it is shown once
// and must be changed at the first sign-in.
type Temporary struct {
	Login    string
	Password see.Secret
	Until    time.Time
}

func mayAdminister(who Who) error {
	if who.System || who.Has(Administrator) {
		return nil
	}
	return fault.Denied.New("resident.not_administrator")
}

// PeopleFilter chooses accounts of the staff; zero fields choose all.
type PeopleFilter struct {
	Query string // words of the name or the login
	Role  Role
	After int64 // key of the last one seen
	Limit int   // at most 200; 50 when zero
}

// People lists the staff by the age of their accounts. For administrators. A
// search reads the accounts slice by slice: there are some thousands at most.
func (s *Service) People(ctx context.Context, who Who, f PeopleFilter) ([]Person, error) {
	if err := mayAdminister(who); err != nil {
		return nil, err
	}
	if f.Limit <= 0 {
		f.Limit = 50
	}
	f.Limit = min(f.Limit, 200)
	var list []Person
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		list = nil
		const slice = 500
		for after := f.After; len(list) < f.Limit; {
			page, err := listStaff(tx, who.City, after, f.Role, slice)
			if err != nil {
				return fmt.Errorf("list people: %w", err)
			}
			for _, p := range page {
				if after = p.ID; p.matches(f.Query) && len(list) < f.Limit && !p.Erased {
					list = append(list, p)
				}
			}
			if len(page) < slice {
				return nil
			}
		}
		return nil
	})
	return list, err
}

// Person reads one account of the staff. For administrators, and everyone
// their own.
func (s *Service) Person(ctx context.Context, who Who, person int64) (Person, error) {
	if who.ID != person || person == 0 {
		if err := mayAdminister(who); err != nil {
			return Person{}, err
		}
	}
	var p Person
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		p, err = s.PersonIn(tx, who.City, person)
		return err
	})
	return p, err
}

// AddPerson makes an account of the staff with a temporary password. For
// administrators. Faults are at the fields name, login, email, phone,
// organisation, roles, areas.
func (s *Service) AddPerson(ctx context.Context, who Who, d Draft, from From) (Person, Temporary, error) {
	if err := mayAdminister(who); err != nil {
		return Person{}, Temporary{}, err
	}
	d, err := d.clean()
	if err != nil {
		return Person{}, Temporary{}, err
	}
	password, phc, err := s.temporary(ctx)
	if err != nil {
		return Person{}, Temporary{}, err
	}
	var p Person
	var until time.Time
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if err := s.checkBound(tx, who.City, d); err != nil {
			return err
		}
		key, err := tx.NewID()
		if err != nil {
			return err
		}
		until = tx.Now().Add(s.Limits.TemporaryLife)
		p = d.person(key)
		p.password, p.passwordUntil, p.MustChange = phc, until.UnixMicro(), true
		fresh, err := insertPerson(tx, who.City, p, "", "")
		if err != nil {
			return fmt.Errorf("write person: %w", err)
		}
		if !fresh {
			return fault.Conflict.Field("login", "resident.login_taken")
		}
		if err := s.AuditIn(tx, who, Act{Action: PersonAdded, Object: personObject(key), Detail: d.rights()}, from); err != nil {
			return err
		}
		p, err = s.PersonIn(tx, who.City, key)
		return err
	})
	if err != nil {
		return Person{}, Temporary{}, err
	}
	return p, Temporary{Login: p.Login, Password: password, Until: until}, nil
}

// person is the account that a draft asks for.
func (d Draft) person(key int64) Person {
	return Person{ID: key, Staff: true, Name: d.Name, Login: d.Login, Phone: see.Phone(d.Phone), Email: see.Email(d.Email),
		Org: d.Org, Position: d.Position, Roles: d.Roles, Areas: d.Areas}
}

// rights is what the audit log says of an account: ids, no names.
func (d Draft) rights() string {
	roles := slices.Clone(d.Roles)
	slices.Sort(roles)
	return "roles=" + joinRoles(roles) + " org=" + d.Org + " areas=" + strings.Join(d.Areas, ";")
}

func (s *Service) checkBound(tx *sqldb.Tx, city int64, d Draft) error {
	if s.Bound == nil || d.Org == "" && len(d.Areas) == 0 {
		return nil
	}
	return s.Bound(tx, city, d.Org, d.Areas)
}

// temporary makes a password of 80 random bits that can be dictated.
func (s *Service) temporary(ctx context.Context) (see.Secret, string, error) {
	letters := s.IDs.Secret()[:16]
	password := letters[:4] + "-" + letters[4:8] + "-" + letters[8:12] + "-" + letters[12:]
	phc, err := s.hasher.hash(ctx, password, s.IDs.Salt())
	return see.Secret(password), phc, err
}

// EditPerson changes an account of the staff. For administrators, who cannot
// take their own role away: a city is never without one. A version that is not
// the newest is a Conflict (resident.changed_meanwhile).
func (s *Service) EditPerson(ctx context.Context, who Who, person int64, d Draft, from From) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	d, err := d.clean()
	if err != nil {
		return err
	}
	if who.ID == person && !slices.Contains(d.Roles, Administrator) {
		return fault.Denied.Field("roles", "resident.own_role")
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := s.staffIn(tx, who.City, person)
		if err != nil {
			return err
		}
		if d.Version != p.Version {
			return fault.Conflict.New("resident.changed_meanwhile")
		}
		if err := s.checkBound(tx, who.City, d); err != nil {
			return err
		}
		taken, err := loginTaken(tx, who.City, person, d.Login)
		if err != nil {
			return fmt.Errorf("look for login: %w", err)
		}
		if taken {
			return fault.Conflict.Field("login", "resident.login_taken")
		}
		if err := updateStaff(tx, who.City, person, d, ""); err != nil {
			return fmt.Errorf("write person %d: %w", person, err)
		}
		return s.AuditIn(tx, who, Act{Action: PersonEdited, Object: personObject(person), Detail: d.rights()}, from)
	})
}

// staffIn reads an account of the staff; a resident's is Missing here.
func (s *Service) staffIn(tx *sqldb.Tx, city, person int64) (Person, error) {
	p, err := s.PersonIn(tx, city, person)
	if err == nil && (!p.Staff || p.Erased) {
		return p, fault.Missing.New("resident.person_missing")
	}
	return p, err
}

// Block closes an account and ends its sessions, or opens it again. For
// administrators, not for oneself.
func (s *Service) Block(ctx context.Context, who Who, person int64, blocked bool, from From) error {
	if err := mayAdminister(who); err != nil {
		return err
	}
	if who.ID == person {
		return fault.Denied.New("resident.own_block")
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := s.PersonIn(tx, who.City, person)
		if err != nil {
			return err
		}
		if p.Erased {
			return fault.Missing.New("resident.person_missing")
		}
		if err := setBlocked(tx, who.City, person, blocked); err != nil {
			return fmt.Errorf("block person %d: %w", person, err)
		}
		act := Act{Action: PersonUnblocked, Object: personObject(person)}
		if blocked {
			act.Action = PersonBlocked
			if _, err := endSessions(tx, who.City, person, 0); err != nil {
				return fmt.Errorf("end sessions of person %d: %w", person, err)
			}
		}
		return s.AuditIn(tx, who, act, from)
	})
}

// ResetPassword gives an account of the staff a temporary password; the old one
// and all sessions end. For administrators.
func (s *Service) ResetPassword(ctx context.Context, who Who, person int64, from From) (Temporary, error) {
	if err := mayAdminister(who); err != nil {
		return Temporary{}, err
	}
	password, phc, err := s.temporary(ctx)
	if err != nil {
		return Temporary{}, err
	}
	var t Temporary
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := s.staffIn(tx, who.City, person)
		if err != nil {
			return err
		}
		t = Temporary{Login: p.Login, Password: password, Until: tx.Now().Add(s.Limits.TemporaryLife)}
		if err := setPassword(tx, who.City, person, phc, t.Until.UnixMicro(), true); err != nil {
			return fmt.Errorf("write password of person %d: %w", person, err)
		}
		if _, err := endSessions(tx, who.City, person, 0); err != nil {
			return fmt.Errorf("end sessions of person %d: %w", person, err)
		}
		return s.AuditIn(tx, who, Act{Action: PasswordReset, Object: personObject(person)}, from)
	})
	return t, err
}
