package house

import (
	"context"
	"errors"
	"fmt"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Entry reads what a company told its houses; Missing when it was withdrawn or
// never was.
func (s *Service) Entry(ctx context.Context, city, id int64) (Entry, error) {
	var row entryRow
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		row, err = readEntry(tx, city, id)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) || err == nil && row.gone {
		return Entry{}, fault.Missing.New("house.entry_missing")
	}
	if err != nil {
		return Entry{}, fmt.Errorf("read entry %d: %w", id, err)
	}
	return row.Entry, nil
}

// HousesOfEntry gives the houses that an entry is for to a function, some
// hundred at a time: those it names, or all of its company.
func (s *Service) HousesOfEntry(ctx context.Context, city int64, e Entry, each func([]place.House)) error {
	return s.DB.View(ctx, func(tx *sqldb.Tx) error {
		ids, err := s.entryHouseIDs(tx, city, e)
		if err != nil {
			return err
		}
		for len(ids) > 0 {
			n := min(len(ids), housesMost)
			list, err := s.Places.SomeHousesIn(tx, city, ids[:n])
			if err != nil {
				return fmt.Errorf("read houses of entry %d: %w", e.ID, err)
			}
			each(list)
			ids = ids[n:]
		}
		return nil
	})
}

func (s *Service) entryHouseIDs(tx *sqldb.Tx, city int64, e Entry) ([]place.HouseID, error) {
	if !e.All {
		ids, err := readEntryHouses(tx, city, e.ID)
		if err != nil {
			return nil, fmt.Errorf("read houses of entry %d: %w", e.ID, err)
		}
		return ids, nil
	}
	reg, err := s.registerIn(tx, city)
	if err != nil {
		return nil, err
	}
	var ids []place.HouseID
	for _, it := range reg.items {
		if reg.names[it.manager] == string(e.Org) {
			ids = append(ids, it.id)
		}
	}
	return ids, nil
}
