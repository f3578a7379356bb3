package board

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// Region is a part of the city: a district or a municipality, by the id of its
// area. A municipality is all that names it, in whichever district.
type Region struct{ District, Municipality string }

// holds tells whether a piece is of the region.
func (r Region) holds(p piece) bool {
	return (r.District == "" || r.District == p.district) && (r.Municipality == "" || r.Municipality == p.municipality)
}

// RegionStatistics are the figures of a region in a period: what Statistics
// count, of the region alone.
type RegionStatistics struct {
	From, To time.Time // first day, and the day after the last
	Made     time.Time
	All      Figures
	ByTopic  map[topic.ID]Figures
}

// RegionTable are the figures of every district and municipality in a period.
// Areas without any are left out.
type RegionTable struct {
	From, To       time.Time
	Made           time.Time
	Districts      map[string]Figures
	Municipalities map[string]Figures
}

// Month is what came and what was answered in a month of the city's zone.
type Month struct {
	From               time.Time // its first day
	Received, Answered int
}

// regionBook keeps what was counted last, each for statsAge.
type regionBook struct {
	mu     sync.Mutex
	stats  map[regionKey]RegionStatistics
	tables map[statsKey]RegionTable
	months map[regionKey]monthsMade
}

type regionKey struct {
	statsKey
	Region
}

type monthsMade struct {
	made time.Time
	list []Month
}

// regionsKept bounds each of the three.
const regionsKept = 200

// fresh tells whether what was made then may be shown again now.
func fresh(made, now time.Time) bool { return now.Sub(made) < statsAge && !now.Before(made) }

// remember puts a value into one of the maps of the book, which begins anew when
// it is full.
func remember[K comparable, V any](book *map[K]V, key K, value V) {
	if *book == nil || len(*book) >= regionsKept {
		*book = map[K]V{}
	}
	(*book)[key] = value
}

// RegionStatistics counts a period of whole days of the city's zone, To
// excluded, by the rules of Statistics. What was counted is given again for a
// minute.
func (s *Service) RegionStatistics(ctx context.Context, city int64, r Region, from, to time.Time) (RegionStatistics, error) {
	key := regionKey{statsKey{city, from.Unix(), to.Unix()}, r}
	s.regions.mu.Lock()
	known, ok := s.regions.stats[key]
	s.regions.mu.Unlock()
	now := s.DB.Now()
	if ok && fresh(known.Made, now) {
		return known, nil
	}
	sum := Statistics{From: from, To: to, ByTopic: map[topic.ID]Figures{}, ByDistrict: map[string]Figures{}}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		return s.eachPiece(tx, city, r, from, to, func(_ piece, groups []group, count func(*Figures, group)) { sum.add(groups, count) })
	})
	if err != nil {
		return RegionStatistics{}, fmt.Errorf("count statistics of %+v: %w", r, err)
	}
	sum.finish()
	made := RegionStatistics{From: from, To: to, Made: now, All: sum.All.bare(), ByTopic: bare(sum.ByTopic)}
	s.regions.mu.Lock()
	defer s.regions.mu.Unlock()
	remember(&s.regions.stats, key, made)
	return made, nil
}

// RegionTable counts all districts and municipalities in a period of whole days
// of the city's zone, To excluded, by the rules of Statistics. What was counted
// is given again for a minute.
func (s *Service) RegionTable(ctx context.Context, city int64, from, to time.Time) (RegionTable, error) {
	key := statsKey{city, from.Unix(), to.Unix()}
	s.regions.mu.Lock()
	known, ok := s.regions.tables[key]
	s.regions.mu.Unlock()
	now := s.DB.Now()
	if ok && fresh(known.Made, now) {
		return known, nil
	}
	sums := [2]map[string]Figures{{}, {}}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		return s.eachPiece(tx, city, Region{}, from, to, func(p piece, groups []group, count func(*Figures, group)) {
			for i, area := range []string{p.district, p.municipality} {
				if area == "" {
					continue
				}
				f := sums[i][area]
				for _, g := range groups {
					count(&f, g)
				}
				sums[i][area] = f
			}
		})
	})
	if err != nil {
		return RegionTable{}, fmt.Errorf("count statistics of all areas: %w", err)
	}
	made := RegionTable{From: from, To: to, Made: now, Districts: bare(sums[0]), Municipalities: bare(sums[1])}
	s.regions.mu.Lock()
	defer s.regions.mu.Unlock()
	remember(&s.regions.tables, key, made)
	return made, nil
}

// eachPiece reads what statistics count of every piece of a region; take is
// told how the groups it is given count.
func (s *Service) eachPiece(tx *sqldb.Tx, city int64, r Region, from, to time.Time, take func(p piece, groups []group, count func(*Figures, group))) error {
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return err
	}
	first, last := dayOf(from, c.Zone), dayOf(to, c.Zone)
	all, err := pieces(tx, city)
	if err != nil {
		return err
	}
	for _, p := range all {
		if !r.holds(p) {
			continue
		}
		query, args := pieceReceived(city, p, first, last)
		sent, err := sqldb.List(tx, scanGroup, query, args...)
		if err != nil {
			return err
		}
		take(p, sent, addReceived)
		query, args = pieceAnswered(city, p, first, last)
		back, err := sqldb.List(tx, scanGroup, query, args...)
		if err != nil {
			return err
		}
		take(p, back, addAnswered)
	}
	query, args := overdueBy(city, r, to.UnixMicro())
	late, err := sqldb.List(tx, scanPieceGroup, query, args...)
	for _, g := range late {
		take(piece{g.district, g.municipality}, []group{g.group}, addOverdue)
	}
	return err
}

// bare is figures with their medians and without what these were made of.
func (f Figures) bare() Figures {
	f.Median, f.Checked = median(f.took), median(f.checked)
	f.took, f.checked = nil, nil
	return f
}

func bare[K comparable](all map[K]Figures) map[K]Figures {
	for k, f := range all {
		all[k] = f.bare()
	}
	return all
}

// RegionMonths counts the months of a region, so many with that of a moment as
// the last: what Statistics of each month would say. What was counted is given
// again for a minute.
func (s *Service) RegionMonths(ctx context.Context, city int64, r Region, now time.Time, months int) ([]Month, error) {
	var list []Month
	made := s.DB.Now()
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		y, m, _ := now.In(c.Zone).Date()
		first := time.Date(y, m-time.Month(months-1), 1, 0, 0, 0, 0, c.Zone)
		key := regionKey{statsKey{city, first.Unix(), int64(months)}, r}
		s.regions.mu.Lock()
		known, ok := s.regions.months[key]
		s.regions.mu.Unlock()
		if ok && fresh(known.made, made) {
			list = known.list
			return nil
		}
		if list, err = countMonths(tx, city, r, first, months); err != nil {
			return err
		}
		s.regions.mu.Lock()
		defer s.regions.mu.Unlock()
		remember(&s.regions.months, key, monthsMade{made, list})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count months of %+v: %w", r, err)
	}
	return list, nil
}

func countMonths(tx *sqldb.Tx, city int64, r Region, first time.Time, months int) ([]Month, error) {
	list := make([]Month, months)
	ends := make([]int64, months)
	for i := range list {
		list[i].From = first.AddDate(0, i, 0)
		ends[i] = dayOf(first.AddDate(0, i+1, 0), first.Location())
	}
	at := func(day int64) int {
		i := 0
		for i < months-1 && day >= ends[i] {
			i++
		}
		return i
	}
	all, err := pieces(tx, city)
	if err != nil {
		return nil, err
	}
	from, to := dayOf(first, first.Location()), ends[months-1]
	for _, p := range all {
		if !r.holds(p) {
			continue
		}
		sent, err := daysOfPiece(tx, city, p, "created_day", from, to)
		if err != nil {
			return nil, err
		}
		for _, d := range sent {
			list[at(d.day)].Received += int(d.n)
		}
		back, err := daysOfPiece(tx, city, p, "answered_day", from, to)
		if err != nil {
			return nil, err
		}
		for _, d := range back {
			list[at(d.day)].Answered += int(d.n)
		}
	}
	return list, nil
}
