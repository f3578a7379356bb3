package suggest

import (
	"context"
	"fmt"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Archive is what a city teaches: the rows of its pack and its newest decided
// messages, oldest first, for a training beside the city. A city without a pack
// that was learned is Missing.
func (s *Service) Archive(ctx context.Context, city int64) ([]Row, []Message, error) {
	var inUse Stored
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		version, err := pointer(tx, city)
		if err != nil || version == 0 {
			return err
		}
		inUse, err = modelOf(tx, city, version)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("find model in use: %w", err)
	}
	if inUse.Version == 0 {
		return nil, nil, fault.Missing.New("suggest.no_model")
	}
	m, err := s.material(ctx, city, inUse.Pack)
	return m.rows, m.lessons, err
}
