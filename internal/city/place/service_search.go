package place

import (
	"context"
	"fmt"

	"gorod/internal/platform/sqldb"
)

// Found is a house that fits what was typed.
type Found struct {
	House        House
	Score        float64           // higher fits better; only comparable within one answer
	Fit          Fit               // how its number agrees with what was typed
	Guessed      bool              // the street, its kind or its district is not what was typed, only near
	Asked        string            // the number that was typed, "" none
	Area         map[string]string // name of its district, by language
	Municipality map[string]string
}

// Sure tells whether a house is what was typed, and not merely near.
func (f Found) Sure() bool { return f.Fit == Exact && !f.Guessed }

// Search finds houses as an address is typed: in any order of words, with kinds
// and parts spelt out, shortened or left out, the last word unfinished, with
// slips of the hand, by ear, in Latin letters. What was typed comes before what
// is near, and what is near says so. Without a number it gives the first houses
// of the streets that fit. At most 50.
func (s *Service) Search(ctx context.Context, city int64, query string, limit int) ([]Found, error) {
	limit = min(limit, 50)
	var found []Found
	for {
		var missing Edition
		err := s.db.View(ctx, func(tx *sqldb.Tx) error {
			e, err := CurrentIn(tx, city, houseDictionary)
			if err != nil {
				return err
			}
			index, ok := s.addresses.Find(e)
			if !ok {
				missing = e
				return nil
			}
			areas, err := s.areasIn(tx, city)
			if err != nil {
				return err
			}
			found, err = foundIn(tx, e, areas, index, index.find(query, limit, index.namesOf(areas)))
			return err
		})
		if err != nil || !missing.Loaded() {
			return found, err
		}
		if err := s.buildAddresses(ctx, missing); err != nil {
			return nil, err
		}
	}
}

// buildAddresses makes the index of an edition. Whoever waits for it holds no
// connection meanwhile; who comes second finds it made.
func (s *Service) buildAddresses(ctx context.Context, wanted Edition) error {
	s.building.Lock()
	defer s.building.Unlock()
	if _, ok := s.addresses.Find(wanted); ok {
		return nil
	}
	return s.db.View(ctx, func(tx *sqldb.Tx) error {
		// The edition is read again: the rows that are there now are its rows.
		e, err := AtIn(tx, wanted.City, wanted.Version, houseDictionary)
		if err != nil || !e.Loaded() {
			return err
		}
		c, err := s.CityIn(tx, e.City)
		if err != nil {
			return err
		}
		_, err = s.addresses.Get(e, func() (*addresses, error) { return readAddresses(tx, c, e) })
		return err
	})
}

func readAddresses(tx *sqldb.Tx, c City, e Edition) (*addresses, error) {
	streets, err := readStreets(tx, e.City, e.Version)
	if err != nil {
		return nil, fmt.Errorf("read streets: %w", err)
	}
	b := builder{byStreet: map[streetKey]*collected{}, town: words(c.Name[c.Main])}
	for lang, name := range c.Name {
		if lang != c.Main {
			b.alsoTown = append(b.alsoTown, words(name)...)
		}
	}
	const page = 5000
	for after := HouseID(0); ; {
		houses, err := readHouses(tx, e.City, e.Version, after, page)
		if err != nil {
			return nil, fmt.Errorf("read houses: %w", err)
		}
		b.add(houses)
		if len(houses) < page {
			return b.build(streets), nil
		}
		after = houses[page-1].ID
	}
}

// foundIn reads the houses of picks, which come best first.
func foundIn(tx *sqldb.Tx, e Edition, areas *areas, index *addresses, picks []pick) ([]Found, error) {
	ids := make([]HouseID, len(picks))
	for i, p := range picks {
		ids[i] = index.ids[p.house]
	}
	houses, err := readHousesOf(tx, e.City, e.Version, ids)
	if err != nil {
		return nil, fmt.Errorf("read houses that were found: %w", err)
	}
	found := make([]Found, 0, len(picks))
	for i, p := range picks {
		h, ok := houses[ids[i]]
		if !ok {
			return nil, fmt.Errorf("house %d of version %d is not there", ids[i], e.Version)
		}
		found = append(found, Found{House: h, Score: float64(p.score), Fit: p.fit, Guessed: p.guessed, Asked: p.asked,
			Area: areas.name(h.District), Municipality: areas.name(h.Municipality)})
	}
	return found, nil
}
