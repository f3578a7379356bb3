package house

import (
	"context"
	"fmt"

	"gorod/internal/city/place"
	"gorod/internal/platform/sqldb"
)

// Size is how large an area is, by the list of houses and their passports.
type Size struct {
	Houses int // all houses of the list
	Known  int // those whose number of flats is known
	Flats  int // in these
}

// Sizes counts the houses and flats of districts and municipalities. Areas
// without a house are left out.
func (s *Service) Sizes(ctx context.Context, city int64) (map[place.AreaID]Size, error) {
	sizes := map[place.AreaID]Size{}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return err
		}
		counts := make([]Size, len(reg.names))
		for _, it := range reg.items {
			for _, area := range [2]int32{it.district, it.muni} {
				c := &counts[area]
				c.Houses++
				if it.flats > 0 {
					c.Known, c.Flats = c.Known+1, c.Flats+int(it.flats)
				}
			}
		}
		for i, name := range reg.names {
			if name != "" && counts[i].Houses > 0 {
				sizes[place.AreaID(name)] = counts[i]
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count houses of areas: %w", err)
	}
	return sizes, nil
}
