package place

import (
	"errors"
	"fmt"

	"gorod/internal/platform/sqldb"
)

// HouseEditionIn names the state of the houses and streets in force, for who
// keeps something made of them.
func (s *Service) HouseEditionIn(tx *sqldb.Tx, city int64) (Edition, error) {
	return CurrentIn(tx, city, houseDictionary)
}

// HousesIn gives the houses of an edition after one in the order of their ids,
// at most limit: a page of all of them.
func (s *Service) HousesIn(tx *sqldb.Tx, e Edition, after HouseID, limit int) ([]House, error) {
	list, err := readHouses(tx, e.City, e.Version, after, limit)
	if err != nil {
		return nil, fmt.Errorf("read houses after %d: %w", after, err)
	}
	return list, nil
}

// SomeHousesIn gives those of the ids that the version in force has, in the
// order of the ids.
func (s *Service) SomeHousesIn(tx *sqldb.Tx, city int64, ids []HouseID) ([]House, error) {
	e, err := CurrentIn(tx, city, houseDictionary)
	if err != nil {
		return nil, err
	}
	list := make([]House, 0, len(ids))
	for _, id := range ids {
		h, err := readHouse(tx, city, e.Version, id)
		if errors.Is(err, sqldb.ErrNoRow) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read house %d: %w", id, err)
		}
		list = append(list, h)
	}
	return list, nil
}

// StreetsIn lists the streets of an edition with their other names.
func (s *Service) StreetsIn(tx *sqldb.Tx, e Edition) ([]Street, error) {
	list, err := readStreets(tx, e.City, e.Version)
	if err != nil {
		return nil, fmt.Errorf("read streets: %w", err)
	}
	return list, nil
}
