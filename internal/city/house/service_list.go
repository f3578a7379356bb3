package house

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/platform/sqldb"
)

// Names of the dictionaries of this package.
const (
	passportDictionary = "house_passport"
	bookDictionary     = "house_book" // companies and topics
)

// imported is the version of the passports that were imported by themselves.
const imported = 0

// shelf keeps the register of each city under the editions that it was made of.
type shelf struct {
	mu    sync.Mutex
	made  map[int64]bound
	build sync.Mutex // one register is built at a time
}

type bound struct {
	of  editions
	reg *register
}

// editions are what a register is made of.
type editions struct{ houses, pack, imported place.Edition }

func (s *shelf) find(city int64, e editions) *register {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b, ok := s.made[city]; ok && b.of == e {
		return b.reg
	}
	return nil
}

func (s *shelf) put(city int64, e editions, r *register) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.made == nil {
		s.made = map[int64]bound{}
	}
	s.made[city] = bound{e, r}
}

func (s *Service) editionsIn(tx *sqldb.Tx, city int64) (editions, error) {
	var e editions
	var err error
	if e.houses, err = s.Places.HouseEditionIn(tx, city); err != nil {
		return e, err
	}
	if e.pack, err = place.CurrentIn(tx, city, passportDictionary); err != nil {
		return e, err
	}
	e.imported, err = place.AtIn(tx, city, imported, passportDictionary)
	return e, err
}

// registerIn gives the register of the houses in force.
func (s *Service) registerIn(tx *sqldb.Tx, city int64) (*register, error) {
	e, err := s.editionsIn(tx, city)
	if err != nil {
		return nil, err
	}
	if r := s.registers.find(city, e); r != nil {
		return r, nil
	}
	s.registers.build.Lock()
	defer s.registers.build.Unlock()
	if r := s.registers.find(city, e); r != nil {
		return r, nil
	}
	r, err := s.readRegister(tx, city, e)
	if err == nil {
		s.registers.put(city, e, r)
	}
	return r, err
}

// readAtOnce is how many rows of a long list one query reads.
const readAtOnce = 5000

func (s *Service) readRegister(tx *sqldb.Tx, city int64, e editions) (*register, error) {
	var houses []place.House
	for after := place.HouseID(0); ; {
		page, err := s.Places.HousesIn(tx, e.houses, after, readAtOnce)
		if err != nil {
			return nil, err
		}
		houses = append(houses, page...)
		if len(page) < readAtOnce {
			break
		}
		after = page[len(page)-1].ID
	}
	streets, err := s.Places.StreetsIn(tx, e.houses)
	if err != nil {
		return nil, err
	}
	passports := map[place.HouseID]short{}
	for _, version := range []int64{e.pack.Version, imported} {
		if err := collectShorts(tx, city, version, passports); err != nil {
			return nil, fmt.Errorf("read passports of version %d: %w", version, err)
		}
	}
	return newRegister(houses, streets, passports), nil
}

// collectShorts adds the passports of a version; of two for one house the
// younger stays, the one that comes later on a tie.
func collectShorts(tx *sqldb.Tx, city, version int64, into map[place.HouseID]short) error {
	for after := place.HouseID(0); ; {
		page, err := readShorts(tx, city, version, after, readAtOnce)
		if err != nil {
			return err
		}
		for _, p := range page {
			if have, ok := into[p.house]; !ok || p.asOf >= have.asOf {
				into[p.house] = p
			}
		}
		if len(page) < readAtOnce {
			return nil
		}
		after = page[len(page)-1].house
	}
}

const (
	listed   = 50
	listMost = 200
)

// List gives a page of houses with their exact number.
func (s *Service) List(ctx context.Context, city int64, f Filter) (Page, error) {
	f.Limit = min(cmp.Or(max(f.Limit, 0), listed), listMost)
	var p Page
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return err
		}
		page, total, more := reg.list(f)
		ids := make([]place.HouseID, len(page))
		for i, it := range page {
			ids[i] = it.id
		}
		houses, err := s.Places.SomeHousesIn(tx, city, ids)
		if err != nil {
			return err
		}
		byID := make(map[place.HouseID]place.House, len(houses))
		for _, h := range houses {
			byID[h.ID] = h
		}
		p = Page{Rows: make([]Row, len(page)), Total: total}
		for i, it := range page {
			p.Rows[i] = reg.row(it, byID[it.id])
		}
		if more {
			p.Next = page[len(page)-1].id
		}
		return nil
	})
	if err != nil {
		return Page{}, fmt.Errorf("list houses: %w", err)
	}
	return p, nil
}

// book is what the pack tells of companies and topics. It never changes.
type book struct {
	companies map[org.ID]CompanyFacts
	resources map[int64]Resource
}

func (s *Service) bookIn(tx *sqldb.Tx, city int64) (*book, error) {
	e, err := place.CurrentIn(tx, city, bookDictionary)
	if err != nil {
		return nil, err
	}
	return s.books.Get(e, func() (*book, error) {
		b := &book{companies: map[org.ID]CompanyFacts{}, resources: map[int64]Resource{}}
		companies, err := readCompanies(tx, city, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read companies: %w", err)
		}
		for _, c := range companies {
			b.companies[c.Org] = c
		}
		topics, err := readTopics(tx, city, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read topics of resources: %w", err)
		}
		for _, t := range topics {
			b.resources[int64(t.Topic)] = t.Resource
		}
		return b, nil
	})
}

// Companies lists the organisations that manage houses, by their ids.
func (s *Service) Companies(ctx context.Context, city int64) ([]Company, error) {
	var list []Company
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return err
		}
		managed := reg.count
		ids := slices.Sorted(maps.Keys(managed))
		list = make([]Company, 0, len(ids))
		for _, id := range ids {
			c, err := s.companyIn(tx, city, id, managed)
			if isMissing(err) {
				continue // a company that the pack does not describe
			}
			if err != nil {
				return err
			}
			list = append(list, c)
		}
		return nil
	})
	return list, err
}

// Company gives one organisation with its facts, also if it manages no house; an
// organisation that is not there is a Missing fault.
func (s *Service) Company(ctx context.Context, city int64, id org.ID) (Company, error) {
	var c Company
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return err
		}
		c, err = s.companyIn(tx, city, id, reg.count)
		return err
	})
	return c, err
}

func (s *Service) companyIn(tx *sqldb.Tx, city int64, id org.ID, managed map[org.ID][2]int) (Company, error) {
	o, err := s.Orgs.FindIn(tx, city, id)
	if err != nil {
		return Company{}, err
	}
	b, err := s.bookIn(tx, city)
	if err != nil {
		return Company{}, err
	}
	count := managed[id]
	return Company{Organisation: o, Facts: b.companies[id], Houses: count[0], Flats: count[1]}, nil
}

// Match finds the houses of a list of addresses as people write it, and tells
// what was not understood or names no house (see ParseAddresses).
func (s *Service) Match(ctx context.Context, city int64, list string) (found []place.HouseID, missed []Miss, err error) {
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		reg, err := s.registerIn(tx, city)
		if err != nil {
			return err
		}
		districts, err := s.areaNames(tx, city)
		if err != nil {
			return err
		}
		stretches, left := ParseAddresses(list)
		found, missed = nil, nil
		for _, l := range left {
			missed = append(missed, Miss{l, "house.miss_read"})
		}
		for _, stretch := range stretches {
			ids, more := reg.match(stretch, districts)
			found, missed = append(found, ids...), append(missed, more...)
		}
		slices.Sort(found)
		found = slices.Compact(found)
		return nil
	})
	return found, missed, err
}
