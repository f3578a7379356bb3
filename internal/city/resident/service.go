package resident

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "resident", Files: files} }

// Service lets people in and keeps what they may do.
type Service struct {
	DB  *sqldb.DB
	Bus *event.Bus // nil: nobody listens
	IDs id.Source
	// Key is a secret of at least 32 bytes that is not in the database: with it
	// codes are hashed and sealed, and addresses get their pseudonyms. A new key
	// ends nothing but the codes that are under way and the locks of addresses.
	Key    []byte
	Limits Limits // zero fields have their defaults
	Argon  Argon  // zero: DefaultArgon
	// Bound checks that an organisation and areas exist before a person is bound
	// to them, and says what is wrong at the fields "organisation" and "areas".
	// nil: taken as they are.
	Bound func(tx *sqldb.Tx, city int64, org string, areas []string) error
	// Policy is what a city says of the second factor. nil: offered everywhere.
	Policy func(tx *sqldb.Tx, city int64) (Policy, error)

	keys   keys
	hasher *hasher
}

// New makes a service; the fields of Service say what each part is for. A key
// that is too short is a mistake of who starts the program.
func New(s Service) *Service {
	if len(s.Key) < minKey {
		panic(fmt.Sprintf("resident: the key has %d bytes, %d are needed", len(s.Key), minKey))
	}
	if s.Argon == (Argon{}) {
		s.Argon = DefaultArgon()
	}
	s.Limits = s.Limits.filled()
	s.keys = keys{s.Key}
	s.hasher = newHasher(s.Argon)
	return &s
}

// Pseudonym stands for a network address where the address itself may not be
// kept: limits, the audit log. The same address has the same one; "" for "".
func (s *Service) Pseudonym(address string) string { return s.keys.pseudonym(address) }

// SignIn lets a member of the staff in by login (or the office e-mail of one
// person) and password, and ends the session of the token that the browser had
// before. Who has a second factor is not in yet: see Entered.Second. Refusals:
// resident.locked, resident.sign_in_wrong, and, only to who knows the password,
// resident.blocked and resident.password_over.
func (s *Service) SignIn(ctx context.Context, city int64, login, password, before string, from From) (Entered, error) {
	account := loginSubject(login)
	address := "a:" + s.Pseudonym(from.Address)
	var person Person
	var free bool
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		if free, err = s.takeBoth(tx, city, address, account); err != nil || !free {
			return err
		}
		person, err = staffBy(tx, city, foldLogin(login))
		return err
	})
	if err != nil {
		return Entered{}, fmt.Errorf("begin sign-in: %w", err)
	}
	if !free {
		return Entered{}, s.locked()
	}
	right, old, err := s.hasher.verify(ctx, password, person.password)
	if err != nil {
		return Entered{}, err
	}
	renewed := ""
	if right && old {
		if renewed, err = s.hasher.hash(ctx, password, s.IDs.Salt()); err != nil {
			return Entered{}, err
		}
	}
	var in Entered
	var refusal error
	err = s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		in, refusal = Entered{}, nil
		if !right {
			refusal = fault.Denied.New("resident.sign_in_wrong")
		} else if refusal = s.usable(person, tx.Now()); refusal == nil {
			in, err = s.admitOrAsk(tx, city, person, before, from, account, address, renewed)
			return err
		}
		return s.AuditIn(tx, Who{City: city, ID: person.ID}, Act{Action: SignedIn, Result: Denied}, from)
	})
	if err != nil {
		return Entered{}, fmt.Errorf("finish sign-in: %w", err)
	}
	return in, refusal
}

// usable tells why a person who knows the password still may not come in.
func (s *Service) usable(p Person, now time.Time) error {
	switch {
	case p.Blocked:
		return fault.Denied.New("resident.blocked")
	case p.passwordUntil != 0 && p.passwordUntil <= now.UnixMicro():
		return fault.Closed.New("resident.password_over")
	}
	return nil
}

// admit opens the session of somebody who proved who they are.
func (s *Service) admit(tx *sqldb.Tx, city int64, p Person, before string, from From, account, address, renewed string) (Entered, error) {
	if err := errors.Join(forgetTries(tx, city, account), untry(tx, city, address)); err != nil {
		return Entered{}, err
	}
	if renewed != "" {
		if err := renewHash(tx, city, p.ID, p.password, renewed); err != nil {
			return Entered{}, err
		}
	}
	return s.open(tx, city, p, before, from)
}

// loginSubject is whose failures are counted at sign-in.
func loginSubject(login string) string { return "l:" + id.Hash(foldLogin(login)) }

// takeBoth counts a try for the address and for the account.
func (s *Service) takeBoth(tx *sqldb.Tx, city int64, address, account string) (bool, error) {
	since := tx.Now().Add(-s.Limits.Lock).UnixMicro()
	if address != "a:" {
		free, err := takeTry(tx, city, address, s.Limits.AddressFailures, since)
		if err != nil || !free {
			return false, err
		}
	}
	return takeTry(tx, city, account, s.Limits.Failures, since)
}

func (s *Service) locked() error {
	return fault.Limited.New("resident.locked", int(s.Limits.Lock/time.Minute))
}

// staffBy finds an account of the staff by login, else by an office address
// that only one of them has; the zero Person when there is none.
func staffBy(tx *sqldb.Tx, city int64, login string) (Person, error) {
	p, err := findLogin(tx, city, login)
	if err == nil {
		return p, nil
	}
	if !errors.Is(err, sqldb.ErrNoRow) {
		return Person{}, err
	}
	people, err := byOfficeEmail(tx, city, login)
	if err != nil || len(people) != 1 {
		return Person{}, err
	}
	return people[0], nil
}

// ChangePassword sets a person's own new password and ends their other
// sessions. Refusals are at the fields "old" and "password".
func (s *Service) ChangePassword(ctx context.Context, who Who, token, old, password string, from From) error {
	account := fmt.Sprintf("c:%d", who.ID)
	var p Person
	var free bool
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		if free, err = takeTry(tx, who.City, account, s.Limits.Failures, tx.Now().Add(-s.Limits.Lock).UnixMicro()); err != nil {
			return err
		}
		p, err = s.PersonIn(tx, who.City, who.ID)
		return err
	})
	if err != nil {
		return err
	}
	if !free {
		return s.locked()
	}
	right, _, err := s.hasher.verify(ctx, old, p.password)
	if err != nil {
		return err
	}
	if !right {
		return fault.Invalid.Field("old", "resident.password_not_old")
	}
	if old == password {
		return fault.Invalid.Field("password", "resident.password_same")
	}
	if err := checkPassword(password, p); err != nil {
		return err
	}
	phc, err := s.hasher.hash(ctx, password, s.IDs.Salt())
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		return s.keepPassword(tx, who, token, account, phc, from)
	})
}

func (s *Service) keepPassword(tx *sqldb.Tx, who Who, token, account, phc string, from From) error {
	this, err := sessionOf(tx, who.City, id.Hash(token))
	if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
		return err
	}
	if err := setPassword(tx, who.City, who.ID, phc, 0, false); err != nil {
		return fmt.Errorf("write password of person %d: %w", who.ID, err)
	}
	if _, err := endSessions(tx, who.City, who.ID, this); err != nil {
		return err
	}
	if err := forgetTries(tx, who.City, account); err != nil {
		return err
	}
	return s.AuditIn(tx, who, Act{Action: PasswordChanged, Object: personObject(who.ID)}, from)
}

// PersonIn reads an account; Missing when there is none in this city.
func (s *Service) PersonIn(tx *sqldb.Tx, city, person int64) (Person, error) {
	p, err := findPerson(tx, city, person)
	if errors.Is(err, sqldb.ErrNoRow) {
		return p, fault.Missing.New("resident.person_missing")
	}
	if err != nil {
		return p, fmt.Errorf("read person %d: %w", person, err)
	}
	return p, nil
}

// Names gives what people are called, for pages that list who acted; who has
// no name, or none any more, is left out.
func (s *Service) Names(ctx context.Context, city int64, people []int64) (map[int64]string, error) {
	names := map[int64]string{}
	people = slices.Compact(slices.Sorted(slices.Values(people)))
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		for _, person := range people {
			p, err := findPerson(tx, city, person)
			if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
				return fmt.Errorf("read person %d: %w", person, err)
			}
			if p.Name != "" {
				names[person] = p.Name
			}
		}
		return nil
	})
	return names, err
}

// SetProfile writes what a resident says about themselves: the name to be
// called by and the language.
func (s *Service) SetProfile(ctx context.Context, who Who, name, language string) error {
	name, err := cleanName(name)
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := s.PersonIn(tx, who.City, who.ID)
		if err != nil {
			return err
		}
		if p.Staff {
			name = p.Name // an administrator's business: it stands under answers
		}
		return setProfile(tx, who.City, who.ID, name, language)
	})
}

func personObject(id int64) string { return fmt.Sprintf("person:%d", id) }
