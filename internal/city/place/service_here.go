package place

import (
	"context"
	"fmt"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// Here is what is at a point.
type Here struct {
	Inside  bool   // in the city
	Areas   []Area // that hold it, the smallest first: municipality, district, city
	Lie     Lie    // what kind of place it is
	Houses  []HouseNear
	Objects []ObjectNear
}

// LandSlice is how many pieces one call of LoadLand takes.
const LandSlice = 200

const (
	hereHouses  = 3
	hereObjects = 3
	// hereReach is how far houses and objects are told of, in metres.
	hereReach = 100
)

// surroundings are what a version knows of its places: the base map and the
// houses. They never change.
type surroundings struct {
	*lands
	houses []home
	near   *geo.Points // of houses
}

// surroundingsIn gives those of the version in force. They are read once an
// edition of the houses or of the map: half a second for 14,000 houses.
func (s *Service) surroundingsIn(tx *sqldb.Tx, city int64) (*surroundings, error) {
	land, err := CurrentIn(tx, city, landDictionary)
	if err != nil {
		return nil, err
	}
	e, err := CurrentIn(tx, city, houseDictionary)
	if err != nil {
		return nil, err
	}
	e.stamp += " " + land.stamp
	return s.lands.Get(e, func() (*surroundings, error) { return readSurroundings(tx, city, e.Version) })
}

func readSurroundings(tx *sqldb.Tx, city, version int64) (*surroundings, error) {
	const page, rows = 5000, 50
	var pieces []Land
	for after := int64(-1); ; {
		some, last, err := readLand(tx, city, version, after, rows)
		if err != nil {
			return nil, fmt.Errorf("read base map: %w", err)
		}
		if last == after {
			break
		}
		pieces, after = append(pieces, some...), last
	}
	s := &surroundings{}
	var points, apartments []geo.Point
	for after := HouseID(0); ; {
		some, err := readHomes(tx, city, version, after, page)
		if err != nil {
			return nil, fmt.Errorf("read houses: %w", err)
		}
		for _, h := range some {
			points = append(points, h.point)
			if h.apartment {
				apartments = append(apartments, h.point)
			}
			after = h.id
		}
		s.houses = append(s.houses, some...)
		if len(some) < page {
			break
		}
	}
	s.near, s.lands = geo.NewPoints(points), newLands(pieces, apartments)
	return s, nil
}

// Here tells what is at a point: its areas, the nearest houses and objects
// within 100 m (three of each), the street, and what kind of place it is. A
// point outside the city has none of these.
func (s *Service) Here(ctx context.Context, city int64, p geo.Point) (Here, error) {
	var here Here
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		here, err = s.hereIn(tx, city, p)
		return err
	})
	return here, err
}

func (s *Service) hereIn(tx *sqldb.Tx, city int64, p geo.Point) (Here, error) {
	c, err := s.CityIn(tx, city)
	if err != nil {
		return Here{}, err
	}
	a, err := s.areasIn(tx, city)
	if err != nil {
		return Here{}, err
	}
	here := Here{Areas: a.chain(p, c.Bounds)}
	if here.Inside = len(here.Areas) > 0; !here.Inside {
		_, _, here.Inside = a.at(p, c.Bounds)
	}
	if !here.Inside {
		return here, nil
	}
	around, err := s.surroundingsIn(tx, city)
	if err != nil {
		return here, err
	}
	here.Lie = around.lie(p)
	for _, hit := range around.near.Near(p, hereHouses, hereReach) {
		h, err := houseAt(tx, city, c.Version, around.houses[hit.Index].id)
		if err != nil {
			return here, err
		}
		here.Houses = append(here.Houses, HouseNear{h, hit.Metres})
	}
	e, err := CurrentIn(tx, city, objectDictionary)
	if err != nil {
		return here, err
	}
	here.Objects, err = objectsNear(tx, e, "", p, hereObjects, hereReach)
	return here, err
}

// LieIn tells what kind of place a point is, without anything else.
func (s *Service) LieIn(tx *sqldb.Tx, city int64, p geo.Point) (Lie, error) {
	around, err := s.surroundingsIn(tx, city)
	if err != nil {
		return Lie{}, err
	}
	return around.lie(p), nil
}

// Spot is what a batch tells of one point.
type Spot struct {
	Inside  bool
	Areas   []Area // the smallest first
	Lie     Lie
	House   HouseID // the nearest within a kilometre, 0: none
	Address string
	Metres  float64
}

// batchReach is how far a batch looks for the nearest house, in metres.
const batchReach = 1000

// Everywhere prepares to tell what is at many points: the areas, houses and map
// of the version in force are held in memory, so that the answers of one batch
// agree and need no database. The function may be called by many goroutines.
func (s *Service) Everywhere(ctx context.Context, city int64) (func(geo.Point) Spot, error) {
	var c City
	var a *areas
	var around *surroundings
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if c, err = s.CityIn(tx, city); err != nil {
			return err
		}
		if a, err = s.areasIn(tx, city); err != nil {
			return err
		}
		around, err = s.surroundingsIn(tx, city)
		return err
	})
	if err != nil {
		return nil, err
	}
	return func(p geo.Point) Spot {
		spot := Spot{Areas: a.chain(p, c.Bounds)}
		if spot.Inside = len(spot.Areas) > 0; !spot.Inside {
			_, _, spot.Inside = a.at(p, c.Bounds)
		}
		if !spot.Inside {
			return spot
		}
		spot.Lie = around.lie(p)
		for _, hit := range around.near.Near(p, 1, batchReach) {
			h := around.houses[hit.Index]
			spot.House, spot.Address, spot.Metres = h.id, h.address, hit.Metres
		}
		return spot
	}, nil
}

// chain lists the areas that hold a point of the city, the smallest first; none
// outside.
func (a *areas) chain(p geo.Point, bounds geo.Box) []Area {
	district, municipality, inside := a.at(p, bounds)
	if !inside {
		return nil
	}
	var list []Area
	add := func(id AreaID) {
		if i, ok := a.byID[id]; ok {
			list = append(list, a.list[i])
		}
	}
	add(municipality)
	add(district)
	for _, area := range a.list {
		if area.Kind == WholeCity {
			list = append(list, area)
			break
		}
	}
	return list
}

// LoadLand writes at most 200 pieces of the base map under a version, the first
// at a position; repeating it changes nothing.
func (s *Service) LoadLand(tx *sqldb.Tx, city, version int64, position int, pieces []Land) error {
	if err := CheckSlice(version, len(pieces)); err != nil {
		return err
	}
	for i, p := range pieces {
		if p.Kind == "" || len(p.Shape) == 0 && len(p.Lines) == 0 {
			return fault.Invalid.Field(row(position+i), "place.load_land", string(p.Kind))
		}
	}
	if err := putLand(tx, city, version, int64(position), pieces); err != nil {
		return fmt.Errorf("load base map: %w", err)
	}
	return ChangedIn(tx, city, version, landDictionary)
}
