package house

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "house", Files: files} }

// Service answers what is known of houses. Make it with New.
type Service struct {
	DB        *sqldb.DB
	Places    *place.Service
	Orgs      *org.Service
	Residents *resident.Service // writes the audit log
	Bus       *event.Bus        // nil: nobody hears

	registers *shelf
	books     *place.Editions[*book]
}

// New makes a service of its parts.
func New(s Service) *Service {
	s.registers, s.books = &shelf{}, &place.Editions[*book]{}
	return &s
}

// Under is the service over the same database under another clock, and heard by
// nobody: for a demo that lives through the last weeks.
func (s *Service) Under(db *sqldb.DB) *Service {
	c := *s
	c.DB, c.Bus = db, nil
	return &c
}

func isMissing(err error) bool { return errors.Is(err, fault.Missing) }

// CardAt is everything that is known of a house at a moment; a house that is not
// there is a Missing fault.
func (s *Service) CardAt(ctx context.Context, city int64, house place.HouseID, now time.Time) (Card, error) {
	var c Card
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		c, err = s.cardIn(tx, city, house, now)
		return err
	})
	if err != nil {
		return Card{}, fmt.Errorf("read house %d: %w", house, err)
	}
	return c, nil
}

func (s *Service) cardIn(tx *sqldb.Tx, city int64, house place.HouseID, now time.Time) (Card, error) {
	var c Card
	var err error
	if c.House, err = s.Places.HouseIn(tx, city, house); err != nil {
		return c, err
	}
	if c.Passport, err = s.PassportIn(tx, city, house); err != nil {
		return c, err
	}
	manager := managerOf(c.House, c.Passport)
	if manager != "" {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return c, err
		}
		c.Company, err = s.companyIn(tx, city, manager, reg.count)
		if err != nil && !isMissing(err) {
			return c, err
		}
		c.Managed = err == nil
	}
	if c.Dispatcher, err = s.dispatcherIn(tx, city, manager); err != nil {
		return c, err
	}
	if c.Outages, err = s.outagesIn(tx, city, house, now); err != nil {
		return c, err
	}
	return c, s.entriesIn(tx, city, &c, manager, now)
}

// managerOf is the company of a house: that of the list of houses, by which
// routing goes too; where it names none, that of the passport.
func managerOf(h place.House, p Passport) org.ID {
	if h.Manager != "" {
		return org.ID(h.Manager)
	}
	return p.Manager
}

// PassportIn is the passport of a house in the version in force; an empty one
// where none is known.
func (s *Service) PassportIn(tx *sqldb.Tx, city int64, house place.HouseID) (Passport, error) {
	e, err := place.CurrentIn(tx, city, passportDictionary)
	if err != nil {
		return Passport{}, err
	}
	best := Passport{House: house}
	for _, version := range []int64{e.Version, imported} {
		p, err := readPassport(tx, city, version, house)
		if errors.Is(err, sqldb.ErrNoRow) {
			continue
		}
		if err != nil {
			return Passport{}, fmt.Errorf("read passport of house %d: %w", house, err)
		}
		if p.AsOf >= best.AsOf {
			best = p
		}
	}
	return best, nil
}

// DispatcherOf is whom to call at night about a house: the company's dispatcher,
// else the city's. House 0, or one that is not there, is the city itself.
func (s *Service) DispatcherOf(ctx context.Context, city int64, house place.HouseID) (Dispatcher, error) {
	var d Dispatcher
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var manager org.ID
		h, err := s.Places.HouseIn(tx, city, house)
		switch {
		case err == nil:
			p, err := s.PassportIn(tx, city, house)
			if err != nil {
				return err
			}
			manager = managerOf(h, p)
		case !isMissing(err):
			return err
		}
		d, err = s.dispatcherIn(tx, city, manager)
		return err
	})
	return d, err
}

func (s *Service) dispatcherIn(tx *sqldb.Tx, city int64, manager org.ID) (Dispatcher, error) {
	if manager != "" {
		b, err := s.bookIn(tx, city)
		if err != nil {
			return Dispatcher{}, err
		}
		if f := b.companies[manager]; f.Dispatcher != "" {
			whose := manager
			if f.DispatcherOrg != "" {
				whose = f.DispatcherOrg
			}
			return Dispatcher{Phone: f.Dispatcher, Org: whose}, nil
		}
		o, err := s.Orgs.FindIn(tx, city, manager)
		if err != nil && !isMissing(err) {
			return Dispatcher{}, err
		}
		if o.Dispatcher != "" {
			return Dispatcher{Phone: o.Dispatcher, Org: manager}, nil
		}
	}
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return Dispatcher{}, err
	}
	return Dispatcher{Phone: c.Settings.Dispatcher, City: c.Settings.Dispatcher != ""}, nil
}

// ResourceOf is the resource whose absence a topic tells of; "" none.
func (s *Service) ResourceOf(ctx context.Context, city int64, about topic.ID) (Resource, error) {
	var r Resource
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		b, err := s.bookIn(tx, city)
		if err == nil {
			r = b.resources[int64(about)]
		}
		return err
	})
	return r, err
}
