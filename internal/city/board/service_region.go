package board

import (
	"context"
	"fmt"
	"sync"
	"time"

	"gorod/internal/city/place"
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

// regionBook keeps what was counted last.
type regionBook struct {
	mu       sync.Mutex
	counting sync.Mutex // held while something is counted: one thing at a time
	stats    map[regionKey]remembered[RegionStatistics]
	tables   map[statsKey]remembered[RegionTable]
	months   map[regionKey]remembered[[]Month]
}

type regionKey struct {
	statsKey
	Region
}

// remembered is what was counted, when that began, and until when it is given again.
type remembered[V any] struct {
	value       V
	made, until time.Time
}

const (
	// regionsKept bounds each of the three.
	regionsKept = 200
	// keptTimes is how many times longer than counting took its outcome is kept,
	// within statsAge and recordsAge: however large the city is, a question costs
	// no more than a two-hundredth of a processor.
	keptTimes = 200
)

// recall gives what the book keeps under a key, or counts it. Who asks while
// something is counted waits.
func recall[K comparable, V any](s *Service, book *map[K]remembered[V], key K, count func(now time.Time) (V, error)) (V, error) {
	find := func() (V, bool) {
		s.regions.mu.Lock()
		defer s.regions.mu.Unlock()
		k, ok := (*book)[key]
		now := s.DB.Now()
		return k.value, ok && now.Before(k.until) && !now.Before(k.made)
	}
	if value, ok := find(); ok {
		return value, nil
	}
	s.regions.counting.Lock()
	defer s.regions.counting.Unlock()
	if value, ok := find(); ok {
		return value, nil
	}
	made := s.DB.Now()
	value, err := count(made)
	if err != nil {
		return value, err
	}
	age := min(max(statsAge, keptTimes*s.DB.Now().Sub(made)), recordsAge)
	s.regions.mu.Lock()
	defer s.regions.mu.Unlock()
	if *book == nil || len(*book) >= regionsKept {
		*book = map[K]remembered[V]{}
	}
	(*book)[key] = remembered[V]{value, made, made.Add(age)}
	return value, nil
}

// RegionStatistics counts a period of whole days of the city's zone, To
// excluded, by the rules of Statistics. What was counted is given again for a
// minute, and for up to a quarter of an hour where it took long.
func (s *Service) RegionStatistics(ctx context.Context, city int64, r Region, from, to time.Time) (RegionStatistics, error) {
	return recall(s, &s.regions.stats, regionKey{statsKey{city, from.Unix(), to.Unix()}, r}, func(now time.Time) (RegionStatistics, error) {
		sum := Statistics{From: from, To: to, ByTopic: map[topic.ID]Figures{}, ByDistrict: map[string]Figures{}}
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			return s.eachPiece(tx, city, r, from, to, func(_ piece, groups []group, count func(*Figures, group)) { sum.add(groups, count) })
		})
		if err != nil {
			return RegionStatistics{}, fmt.Errorf("count statistics of %+v: %w", r, err)
		}
		return RegionStatistics{From: from, To: to, Made: now, All: sum.All.bare(), ByTopic: bare(sum.ByTopic)}, nil
	})
}

// RegionTable counts all districts and municipalities in a period of whole days
// of the city's zone, To excluded, by the rules of Statistics. What was counted
// is given again as RegionStatistics are.
func (s *Service) RegionTable(ctx context.Context, city int64, from, to time.Time) (RegionTable, error) {
	return recall(s, &s.regions.tables, statsKey{city, from.Unix(), to.Unix()}, func(now time.Time) (RegionTable, error) {
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
		return RegionTable{From: from, To: to, Made: now, Districts: bare(sums[0]), Municipalities: bare(sums[1])}, nil
	})
}

// eachPiece reads what statistics count of every piece of a region; take is
// told how the groups it is given count.
func (s *Service) eachPiece(tx *sqldb.Tx, city int64, r Region, from, to time.Time, take func(p piece, groups []group, count func(*Figures, group))) error {
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return err
	}
	first, last := dayOf(from, c.Zone), dayOf(to, c.Zone)
	all, err := pieces(tx, city, r)
	if err != nil {
		return err
	}
	for _, p := range all {
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
// again as RegionStatistics are.
func (s *Service) RegionMonths(ctx context.Context, city place.City, r Region, now time.Time, months int) ([]Month, error) {
	y, m, _ := now.In(city.Zone).Date()
	first := time.Date(y, m-time.Month(months-1), 1, 0, 0, 0, 0, city.Zone)
	return recall(s, &s.regions.months, regionKey{statsKey{city.ID, first.Unix(), int64(months)}, r}, func(time.Time) ([]Month, error) {
		var list []Month
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			list, err = countMonths(tx, city.ID, r, first, months)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("count months of %+v: %w", r, err)
		}
		return list, nil
	})
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
	all, err := pieces(tx, city, r)
	if err != nil {
		return nil, err
	}
	from, to := dayOf(first, first.Location()), ends[months-1]
	for _, p := range all {
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
