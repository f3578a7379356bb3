package place

import (
	"context"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// AreaBounds is the smallest box around an area of the version in force; one
// that is not there is a Missing fault.
func (s *Service) AreaBounds(ctx context.Context, city int64, id AreaID) (geo.Box, error) {
	a, err := s.viewAreas(ctx, city)
	if err != nil {
		return geo.Box{}, err
	}
	i, ok := a.byID[id]
	if !ok {
		return geo.Box{}, fault.Missing.New("fault.missing")
	}
	return a.boxes[i], nil
}
