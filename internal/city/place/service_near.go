package place

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// HouseNear is a house and how far it is.
type HouseNear struct {
	House  House
	Metres float64
}

const (
	// maxNear bounds how many are looked for, and maxReach how far.
	maxNear  = 100
	maxReach = 5000 // metres
	// firstReach is the first radius that is tried. A quarter of the houses of
	// a dense block lie within it.
	firstReach = 60 // metres
	// ranges of cells for one circle: each is a query of its own.
	ranges = 4
)

// Near finds the n houses nearest to a point, the nearest first, at most 100
// and not farther than maxMetres, which is at most 5 km.
func (s *Service) Near(ctx context.Context, city int64, p geo.Point, n int, maxMetres float64) ([]HouseNear, error) {
	var near []HouseNear
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		e, err := CurrentIn(tx, city, houseDictionary)
		if err != nil {
			return err
		}
		found, err := nearest(p, n, maxMetres, func(cells geo.Range) ([]spot, error) {
			return readSpots(tx, city, e.Version, cells)
		}, func(s spot) geo.Point { return s.point })
		if err != nil {
			return fmt.Errorf("look for houses nearby: %w", err)
		}
		near = make([]HouseNear, 0, len(found))
		for _, f := range found {
			h, err := houseAt(tx, city, e.Version, f.thing.house)
			if err != nil {
				return err
			}
			near = append(near, HouseNear{h, f.metres})
		}
		return nil
	})
	return near, err
}

type hit[T any] struct {
	thing  T
	metres float64
}

// nearest widens a circle until it holds n things or is as wide as it may be.
// Things equally far keep the order of their cells.
func nearest[T any](p geo.Point, n int, maxMetres float64, read func(geo.Range) ([]T, error), at func(T) geo.Point) ([]hit[T], error) {
	n, maxMetres = min(n, maxNear), min(maxMetres, maxReach)
	if n <= 0 || !p.Valid() || !(maxMetres >= 0) {
		return nil, nil
	}
	for reach := min(firstReach, maxMetres); ; reach = min(2*reach, maxMetres) {
		var hits []hit[T]
		for _, cells := range geo.Cover(geo.Around(p, reach), ranges) {
			things, err := read(cells)
			if err != nil {
				return nil, err
			}
			for _, thing := range things {
				if metres := p.Distance(at(thing)); metres <= reach {
					hits = append(hits, hit[T]{thing, metres})
				}
			}
		}
		if len(hits) >= n || reach >= maxMetres {
			slices.SortStableFunc(hits, func(a, b hit[T]) int { return cmp.Compare(a.metres, b.metres) })
			return hits[:min(n, len(hits))], nil
		}
	}
}

// besideReach is how far the house may be by which a point in the open is told,
// in metres.
const besideReach = 120

// BesideOf is the address of the house nearest to a point, for Draft.Beside;
// empty where none is near.
func (s *Service) BesideOf(ctx context.Context, city int64, p geo.Point) (string, error) {
	near, err := s.Near(ctx, city, p, 1, besideReach)
	if err != nil || len(near) == 0 {
		return "", err
	}
	return near[0].House.Address, nil
}
