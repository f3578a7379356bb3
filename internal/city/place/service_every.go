package place

import (
	"context"
	"fmt"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// everyHouse is how many houses EveryHouse reads at once.
const everyHouse = 5000

// EveryHouse gives all houses in force to a function, in the order of their
// ids, a page at a time.
func (s *Service) EveryHouse(ctx context.Context, city int64, each func([]House) error) error {
	after := HouseID(0)
	for {
		var page []House
		err := s.db.View(ctx, func(tx *sqldb.Tx) error {
			e, err := CurrentIn(tx, city, houseDictionary)
			if err != nil {
				return err
			}
			page, err = readHouses(tx, city, e.Version, after, everyHouse)
			return err
		})
		if err != nil {
			return fmt.Errorf("read houses after %d: %w", after, err)
		}
		if len(page) == 0 {
			return nil
		}
		after = page[len(page)-1].ID
		if err := each(page); err != nil {
			return err
		}
	}
}

// Outline tells the areas of a point from memory, for very many points. It
// never changes and may be used by many goroutines.
type Outline struct {
	areas  *areas
	bounds geo.Box
}

// Outline reads the areas in force.
func (s *Service) Outline(ctx context.Context, city int64) (Outline, error) {
	var o Outline
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.CityIn(tx, city)
		if err != nil {
			return err
		}
		o.bounds = c.Bounds
		o.areas, err = s.areasIn(tx, city)
		return err
	})
	return o, err
}

// At places a point in the open: inside tells whether it is in the city at all.
func (o Outline) At(p geo.Point) (where Place, inside bool) {
	where = Place{Point: p, Mark: FreePoint}
	where.District, where.Municipality, inside = o.areas.at(p, o.bounds)
	return where, inside
}

// AtHouse places a house itself, or a point near it.
func (o Outline) AtHouse(h House, near *geo.Point) (where Place, inside bool) {
	where = Place{Point: h.Point, Mark: OnBuilding, House: h.ID, Address: h.Address}
	if near != nil {
		where.Point, where.Mark = *near, NearBuilding
	}
	where.District, where.Municipality, inside = o.areas.at(where.Point, o.bounds)
	if near == nil || !inside {
		where.District, where.Municipality = h.areas(where.District, where.Municipality)
	}
	return where, inside || near == nil
}
