package pack

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "pack", Files: files} }

// dictionary names the texts and lists of this package among a city's.
const dictionary = "pack"

// citySequence gives cities their numbers.
const citySequence = "city"

// Service imports packs and answers what they say.
type Service struct {
	Owners
	db    *sqldb.DB
	bus   *event.Bus
	books place.Editions[*book]
}

// Owners own the tables that an import fills.
type Owners struct {
	Places        *place.Service
	Topics        *topic.Service
	Organisations *org.Service
	Deadlines     *deadline.Service
	Routes        *routing.Service
	Houses        *house.Service    // nil: passports, companies and resources are left out
	Residents     *resident.Service // may be nil where LoadPeople is not called
}

// New makes a service. A nil bus tells nobody.
func New(db *sqldb.DB, bus *event.Bus, owners Owners) *Service {
	return &Service{Owners: owners, db: db, bus: bus}
}

// Import brings a pack into force: makes the city if it is new, loads a new
// version in slices and switches to it. A pack whose content is in force
// already changes nothing. progress, which may be nil, hears how many rows of
// how many are written.
//
// A pack that has errors is refused with Report.Err. An import that breaks off
// leaves the version in force as it was. Of two imports of one city at a time
// the later one wins and the earlier ends with a Conflict.
//
// People of the pack are not accounts yet: see LoadPeople.
func (s *Service) Import(ctx context.Context, p *Pack, report Report, progress func(done, total int)) (Result, error) {
	if err := report.Err(); err != nil {
		return Result{}, err
	}
	rows, err := printsOf(p)
	if err != nil {
		return Result{}, err
	}
	city, err := s.cityOf(ctx, p)
	if err != nil {
		return Result{}, err
	}
	result := Result{City: city}
	before, err := s.inForce(ctx, city)
	if err != nil {
		return Result{}, err
	}
	if before.Hash == p.Hash && before.Number != 0 {
		result.Version, result.Unchanged = before.Number, true
		return result, nil
	}
	if result.Changes, err = s.changes(ctx, city, before.Number, rows); err != nil {
		return Result{}, err
	}
	if result.Version, err = s.begin(ctx, city, p, report); err != nil {
		return Result{}, err
	}
	if result.Rows, err = s.load(ctx, city, result.Version, p, rows, progress); err != nil {
		return Result{}, fmt.Errorf("load version %d of %s: %w", result.Version, p.City.Key, err)
	}
	return result, s.db.Do(ctx, func(tx *sqldb.Tx) error { return s.switchIn(tx, city, result.Version, Loading) })
}

// Fresh counts what an import of a pack brings where there is nothing yet.
func Fresh(p *Pack) ([]Change, error) {
	rows, err := printsOf(p)
	if err != nil {
		return nil, err
	}
	return compare(nil, rows), nil
}

// Diff counts what an import of a pack would change. A city that is not there
// yet gets everything.
func (s *Service) Diff(ctx context.Context, p *Pack) ([]Change, error) {
	rows, err := printsOf(p)
	if err != nil {
		return nil, err
	}
	c, err := s.Places.CityByKey(ctx, p.City.Key)
	if errors.Is(err, fault.Missing) {
		return compare(nil, rows), nil
	}
	if err != nil {
		return nil, err
	}
	before, err := s.inForce(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	return s.changes(ctx, c.ID, before.Number, rows)
}

// Back puts the version in force that was loaded before the one that is; a
// Missing fault when there is none. It returns the version now in force.
func (s *Service) Back(ctx context.Context, city int64) (int64, error) {
	var version int64
	err := s.db.Do(ctx, func(tx *sqldb.Tx) error {
		current, err := readInState(tx, city, Current)
		if err == nil {
			current, err = readBefore(tx, city, current.Number)
		}
		if errors.Is(err, sqldb.ErrNoRow) {
			return fault.Missing.New("pack.no_version_before")
		}
		if err != nil {
			return fmt.Errorf("look for the version before: %w", err)
		}
		version = current.Number
		return s.switchIn(tx, city, version, Previous)
	})
	return version, err
}

// Switch puts any version in force again that was in force once. One that is
// in force already is left as it is.
func (s *Service) Switch(ctx context.Context, city, version int64) error {
	return s.db.Do(ctx, func(tx *sqldb.Tx) error {
		current, err := readInState(tx, city, Current)
		if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
			return fmt.Errorf("look for the version in force: %w", err)
		}
		if current.Number == version && err == nil {
			return nil
		}
		return s.switchIn(tx, city, version, Previous)
	})
}

// Versions lists the versions of a city, the newest first.
func (s *Service) Versions(ctx context.Context, city int64) ([]Version, error) {
	var versions []Version
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		versions, err = readVersions(tx, city)
		return err
	})
	return versions, err
}

// switchIn puts a version in force, together with the city's settings as that
// version has them.
func (s *Service) switchIn(tx *sqldb.Tx, city, version int64, from State) error {
	current, err := readInState(tx, city, Current)
	if err == nil {
		_, err = setState(tx, city, current.Number, Current, Previous)
	}
	if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
		return fmt.Errorf("take version %d out of force: %w", current.Number, err)
	}
	ok, err := setState(tx, city, version, from, Current)
	if err != nil {
		return fmt.Errorf("put version %d in force: %w", version, err)
	}
	if !ok && from == Loading {
		return overtaken(version)
	}
	if !ok {
		return fault.Missing.New("pack.no_version", version)
	}
	if err := setLoaded(tx, city, version); err != nil {
		return fmt.Errorf("note when version %d was loaded: %w", version, err)
	}
	if err := s.settle(tx, city, version); err != nil {
		return err
	}
	return s.bus.Publish(tx, event.Event{City: city, Kind: Switched, Subject: version, Seq: version})
}

// settle writes the city as a version has it and switches its dictionaries.
func (s *Service) settle(tx *sqldb.Tx, city, version int64) error {
	packed, err := readSettings(tx, city, version)
	if err != nil {
		return fmt.Errorf("read settings of version %d: %w", version, err)
	}
	var set settings
	if err := json.Unmarshal([]byte(packed), &set); err != nil {
		return fmt.Errorf("read settings of version %d: %w", version, err)
	}
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return err
	}
	if c, err = set.apply(c); err != nil {
		return err
	}
	if err := s.Places.SaveCityIn(tx, c); err != nil {
		return err
	}
	return s.Places.SwitchIn(tx, city, version)
}

func overtaken(version int64) error { return fault.Conflict.New("pack.overtaken", version) }

// cityOf finds the city of a pack or makes it, as yet without any version.
func (s *Service) cityOf(ctx context.Context, p *Pack) (int64, error) {
	c, err := s.Places.CityByKey(ctx, p.City.Key)
	if !errors.Is(err, fault.Missing) {
		return c.ID, err
	}
	cities, err := s.Places.Cities(ctx)
	if err != nil {
		return 0, err
	}
	last := int64(0)
	for _, other := range cities {
		last = max(last, other.ID)
	}
	made := p.City
	for made.ID <= last { // cities may have been made without the sequence
		if made.ID, err = s.db.Reserve(ctx, citySequence, 1); err != nil {
			return 0, err
		}
	}
	err = s.db.Do(ctx, func(tx *sqldb.Tx) error { return s.Places.SaveCityIn(tx, made) })
	if err != nil {
		return 0, fmt.Errorf("make city %s: %w", made.Key, err)
	}
	return made.ID, nil
}

// inForce is the version in force, the zero Version when there is none.
func (s *Service) inForce(ctx context.Context, city int64) (Version, error) {
	var v Version
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		v, err = readInState(tx, city, Current)
		if errors.Is(err, sqldb.ErrNoRow) {
			return nil
		}
		return err
	})
	return v, err
}

// changes compares rows with those of a version; version 0 has none.
func (s *Service) changes(ctx context.Context, city, version int64, rows prints) ([]Change, error) {
	if version == 0 {
		return compare(nil, rows), nil
	}
	var packed []byte
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		packed, err = readPrint(tx, city, version)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read fingerprints of version %d: %w", version, err)
	}
	body, err := unsqueeze(packed)
	if err != nil {
		return nil, fmt.Errorf("read fingerprints of version %d: %w", version, err)
	}
	var before prints
	if err := json.Unmarshal(body, &before); err != nil {
		return nil, fmt.Errorf("read fingerprints of version %d: %w", version, err)
	}
	return compare(before, rows), nil
}
