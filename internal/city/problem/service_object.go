package problem

import (
	"context"

	"gorod/internal/platform/sqldb"
)

// maxAtObject bounds what is told of one object.
const maxAtObject = 50

// AtObject lists the open problems that everyone may see at an object of the
// city, the newest first, at most 50. The id of no object has none.
func (s *Service) AtObject(ctx context.Context, city int64, object string) ([]Item, error) {
	return s.ofObject(ctx, city, object, true)
}

// OfObject lists all problems that everyone may see at an object of the city,
// open and past, the newest first, at most 50.
func (s *Service) OfObject(ctx context.Context, city int64, object string) ([]Item, error) {
	return s.ofObject(ctx, city, object, false)
}

func (s *Service) ofObject(ctx context.Context, city int64, object string, open bool) ([]Item, error) {
	var items []Item
	if object == "" {
		return nil, nil
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := atObject(tx, city, object, open, maxAtObject)
		if err != nil {
			return err
		}
		items, err = itemsOf(tx, city, rows)
		return err
	})
	return items, err
}
