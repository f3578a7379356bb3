package place

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "place", Files: files} }

// Names of the dictionaries of this package.
const (
	areaDictionary   = "area"
	houseDictionary  = "house" // with the streets, which help to find houses
	objectDictionary = "object"
	landDictionary   = "land" // what the base map tells of places
)

// Service answers what is where.
type Service struct {
	db *sqldb.DB

	mu     sync.Mutex
	cities map[int64]knownCity
	roster roster

	areas     Editions[*areas]
	addresses Editions[*addresses]
	kinds     Editions[ObjectKinds]
	lands     Editions[*surroundings]
	building  sync.Mutex // one index of addresses is built at a time
}

// knownCity is a city together with the row that it was read from.
type knownCity struct {
	row  cityRow
	city City
}

// New makes a service over a database.
func New(db *sqldb.DB) *Service {
	return &Service{db: db, cities: map[int64]knownCity{}, addresses: Editions[*addresses]{Keep: 2}, lands: Editions[*surroundings]{Keep: 1}}
}

// CityIn reads a city: one row by its key, taken apart only when it differs
// from the row that was read last. A city that is not there is a Missing fault.
func (s *Service) CityIn(tx *sqldb.Tx, city int64) (City, error) {
	row, err := readCity(tx, city)
	return s.cityOf(row, err)
}

func (s *Service) cityOf(row cityRow, err error) (City, error) {
	if errors.Is(err, sqldb.ErrNoRow) {
		return City{}, fault.Missing.New("place.no_city")
	}
	if err != nil {
		return City{}, fmt.Errorf("read city: %w", err)
	}
	s.mu.Lock()
	known, ok := s.cities[row.id]
	s.mu.Unlock()
	if ok && known.row == row {
		return known.city, nil
	}
	c, err := row.city()
	if err != nil {
		return City{}, err
	}
	s.mu.Lock()
	s.cities[row.id] = knownCity{row, c}
	s.mu.Unlock()
	return c, nil
}

// CityByKey reads the city with a pack's id.
func (s *Service) CityByKey(ctx context.Context, key string) (City, error) {
	var c City
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		row, err := readCityByKey(tx, key)
		c, err = s.cityOf(row, err)
		return err
	})
	return c, err
}

// rosterAge is how long the list of cities is believed without a look at the
// database. What this process changes is seen at once, what another node
// changes after that time.
const rosterAge = time.Second

// roster is the list of cities as it was read last: each request asks for it.
type roster struct {
	made    time.Time
	cities  []City // nil: not read yet
	changes int    // made by this process; a list read across one is not kept
}

// known gives a copy of the list where it may be believed, and which list it is.
func (s *Service) known(now time.Time) (cities []City, changes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age := now.Sub(s.roster.made)
	if s.roster.cities == nil || age < 0 || age >= rosterAge {
		return nil, s.roster.changes
	}
	return slices.Clone(s.roster.cities), s.roster.changes
}

func (s *Service) keep(cities []City, now time.Time, changes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.roster.changes == changes {
		s.roster.cities, s.roster.made = slices.Clone(cities), now
	}
}

// forgetRosterIn drops the list once the change in hand is durable.
func (s *Service) forgetRosterIn(tx *sqldb.Tx) {
	tx.AfterCommit(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.roster.changes++
		s.roster.cities = nil
	})
}

// Cities lists the cities of this database in the order of their numbers. A
// change made by another node may be a second old (rosterAge).
func (s *Service) Cities(ctx context.Context) ([]City, error) {
	now := s.db.Now()
	cities, changes := s.known(now)
	if cities != nil {
		return cities, nil
	}
	cities, err := s.readCities(ctx)
	if err == nil {
		s.keep(cities, now, changes)
	}
	return cities, err
}

func (s *Service) readCities(ctx context.Context) ([]City, error) {
	var cities []City
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := readCities(tx)
		if err != nil {
			return fmt.Errorf("list cities: %w", err)
		}
		cities = make([]City, 0, len(rows))
		for _, row := range rows {
			c, err := s.cityOf(row, nil)
			if err != nil {
				return err
			}
			cities = append(cities, c)
		}
		return nil
	})
	return cities, err
}

// SaveCityIn writes a city. The version of one that is there stays: SwitchIn
// moves it. Mistakes are an Invalid fault, a key that another city has a
// Conflict.
func (s *Service) SaveCityIn(tx *sqldb.Tx, c City) error {
	if err := c.Check(); err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	other, err := readCityByKey(tx, c.Key)
	switch {
	case err == nil && other.id != c.ID:
		return fault.Conflict.Field("key", "place.city_key_taken", c.Key)
	case err != nil && !errors.Is(err, sqldb.ErrNoRow):
		return fmt.Errorf("look for city %s: %w", c.Key, err)
	}
	if err := putCity(tx, cityRow{c.ID, c.Version, c.Key, body}); err != nil {
		return fmt.Errorf("write city %s: %w", c.Key, err)
	}
	s.forgetRosterIn(tx)
	return nil
}

// SwitchIn puts a loaded version in force, a newer one or an older one again. A
// version under which nothing was loaded is a Missing fault.
func (s *Service) SwitchIn(tx *sqldb.Tx, city, version int64) error {
	n, err := countStamps(tx, city, version)
	if err != nil {
		return fmt.Errorf("look for version %d: %w", version, err)
	}
	if n == 0 {
		return fault.Missing.New("place.no_version", version)
	}
	n, err = setVersion(tx, city, version)
	if err != nil {
		return fmt.Errorf("switch city %d to version %d: %w", city, version, err)
	}
	if n == 0 {
		return fault.Missing.New("place.no_city")
	}
	s.forgetRosterIn(tx)
	return nil
}

// areasIn gives the areas of the version in force.
func (s *Service) areasIn(tx *sqldb.Tx, city int64) (*areas, error) {
	e, err := CurrentIn(tx, city, areaDictionary)
	if err != nil {
		return nil, err
	}
	return s.areas.Get(e, func() (*areas, error) {
		shapes, err := readShapes(tx, city, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read areas: %w", err)
		}
		return newAreas(shapes)
	})
}

func (s *Service) viewAreas(ctx context.Context, city int64) (*areas, error) {
	var a *areas
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		a, err = s.areasIn(tx, city)
		return err
	})
	return a, err
}

// Areas lists the areas in force in the order of their ids. The list is shared:
// change a copy.
func (s *Service) Areas(ctx context.Context, city int64) ([]Area, error) {
	a, err := s.viewAreas(ctx, city)
	if err != nil {
		return nil, err
	}
	return a.list, nil
}

// AreasIn is Areas in the caller's transaction.
func (s *Service) AreasIn(tx *sqldb.Tx, city int64) ([]Area, error) {
	a, err := s.areasIn(tx, city)
	if err != nil {
		return nil, err
	}
	return a.list, nil
}

// AreaShapes gives the areas in force as a GeoJSON collection for the map, with
// the properties id, kind, parent and name.xx. The bytes are shared.
func (s *Service) AreaShapes(ctx context.Context, city int64) ([]byte, error) {
	a, err := s.viewAreas(ctx, city)
	if err != nil {
		return nil, err
	}
	return a.json, nil
}

// Inside tells whether a point is in the city.
func (s *Service) Inside(ctx context.Context, city int64, p geo.Point) bool {
	inside := false
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.CityIn(tx, city)
		if err != nil {
			return err
		}
		a, err := s.areasIn(tx, city)
		if err != nil {
			return err
		}
		_, _, inside = a.at(p, c.Bounds)
		return nil
	})
	return err == nil && inside && p.Valid()
}

// HouseIn reads a house of the version in force; one that is not there is a
// Missing fault.
func (s *Service) HouseIn(tx *sqldb.Tx, city int64, id HouseID) (House, error) {
	e, err := CurrentIn(tx, city, houseDictionary)
	if err != nil {
		return House{}, err
	}
	return houseAt(tx, city, e.Version, id)
}

func houseAt(tx *sqldb.Tx, city, version int64, id HouseID) (House, error) {
	h, err := readHouse(tx, city, version, id)
	if errors.Is(err, sqldb.ErrNoRow) {
		return House{}, fault.Missing.Field("house", "place.no_such_house")
	}
	if err != nil {
		return House{}, fmt.Errorf("read house %d: %w", id, err)
	}
	return h, nil
}

const (
	// HouseReach is how far a house may be from the point that it describes, in
	// metres: across a wide yard or square, not in another street.
	HouseReach = 300
	// MaxLandmark is the longest landmark, in characters.
	MaxLandmark = 200
)

// LocateIn finds out where a draft is. What is wrong with it is an Invalid
// fault at the field "place", "house", "object" or "landmark".
func (s *Service) LocateIn(tx *sqldb.Tx, city int64, d Draft) (Place, error) {
	c, err := s.CityIn(tx, city)
	if err != nil {
		return Place{}, err
	}
	landmark, err := text.Trim(d.Landmark, MaxLandmark)
	if err != nil {
		return Place{}, fault.Invalid.Field("landmark", "place.landmark", MaxLandmark)
	}
	if err := d.check(); err != nil {
		return Place{}, err
	}
	where := Place{Point: d.Point, Mark: d.Mark, Landmark: landmark}
	if d.House == 0 {
		where.Beside = d.Beside
	}
	var house House
	if d.House != 0 {
		if house, err = s.houseOf(tx, c, d); err != nil {
			return Place{}, err
		}
		where.House, where.Address = house.ID, house.Address
		if d.Mark == OnBuilding {
			where.Point = house.Point
		}
	}
	if d.Object != "" {
		o, err := s.objectOf(tx, c, d.from(house))
		if err != nil {
			return Place{}, err
		}
		where.Object = o.ID
		if d.Mark != OnBuilding {
			where.Point = o.Point
		}
	}
	areas, err := s.areasIn(tx, city)
	if err != nil {
		return Place{}, err
	}
	var inside bool
	where.District, where.Municipality, inside = areas.at(where.Point, c.Bounds)
	if d.Mark == OnBuilding {
		// A building of the register is in the city, wherever its border runs.
		where.District, where.Municipality = house.areas(where.District, where.Municipality)
		return where, nil
	}
	if !inside && !d.Trusted {
		return Place{}, fault.Invalid.Field("place", "place.outside")
	}
	if !inside && d.House != 0 {
		where.District, where.Municipality = house.areas(where.District, where.Municipality)
	}
	return where, nil
}

// check looks at a draft alone.
func (d Draft) check() error {
	switch d.Mark {
	case OnBuilding:
		if d.House == 0 {
			return fault.Invalid.Field("house", "place.house_needed")
		}
		return nil
	case NearBuilding, FreePoint:
		if !d.Point.Valid() {
			return fault.Invalid.Field("place", "place.no_point")
		}
		return nil
	}
	return fault.Invalid.Field("place", "place.no_mark")
}

// from is the draft as seen from where it is marked: a house on which it lies
// has a point of its own.
func (d Draft) from(h House) Draft {
	if d.Mark == OnBuilding {
		d.Point = h.Point
	}
	return d
}

// houseOf reads the house of a draft and refuses one that is too far off.
func (s *Service) houseOf(tx *sqldb.Tx, c City, d Draft) (House, error) {
	h, err := houseAt(tx, c.ID, c.Version, d.House)
	if errors.Is(err, fault.Missing) {
		return House{}, fault.Invalid.Field("house", "place.no_such_house")
	}
	if err == nil && !d.Trusted && d.Mark != OnBuilding && h.Point.Distance(d.Point) > HouseReach {
		return House{}, fault.Invalid.Field("house", "place.house_far", HouseReach)
	}
	return h, err
}

// areas are those that the register names, else those found on the map.
func (h House) areas(district, municipality AreaID) (AreaID, AreaID) {
	if h.District != "" {
		district = h.District
	}
	if h.Municipality != "" {
		municipality = h.Municipality
	}
	return district, municipality
}
