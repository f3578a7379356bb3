package house

import (
	"context"
	"errors"
	"fmt"

	"gorod/internal/city/org"
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
	return reg.managedBy(e.Org), nil
}

// Managed are the houses that a company manages, in the order of the list of
// houses; none of an organisation that manages nothing.
func (s *Service) Managed(ctx context.Context, city int64, company org.ID) ([]place.HouseID, error) {
	var ids []place.HouseID
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err == nil {
			ids = reg.managedBy(company)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list houses of %s: %w", company, err)
	}
	return ids, nil
}

// OutageHouses are the ids of all houses of an outage, in order.
func (s *Service) OutageHouses(ctx context.Context, city, outage int64) ([]place.HouseID, error) {
	var ids []place.HouseID
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		ids, err = readOutageHouses(tx, city, outage, 0, MaxOfOutage)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read houses of outage %d: %w", outage, err)
	}
	return ids, nil
}
