package board

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "board", Files: files} }

// JobRefresh makes the rows of one problem anew; its argument is the event.
const JobRefresh = "board.refresh"

// Service reads for everyone.
type Service struct {
	DB       *sqldb.DB
	Places   *place.Service
	Topics   *topic.Service
	Problems *problem.Service

	mu    sync.Mutex
	stats map[statsKey]Statistics
	orgs  map[string]orgFigures

	selections selections
	records    recordBook
	regions    regionBook
}

// Refresh is the handler of JobRefresh.
func (s *Service) Refresh(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		t := newTally()
		if err := s.refreshIn(tx, e.City, e.Subject, t); err != nil {
			return err
		}
		return t.write(tx, e.City)
	})
}

// refreshIn writes the row of a problem and leaves what that changes in the
// cells of the map to the tally, which is written last: everybody locks rows
// first and cells after them.
func (s *Service) refreshIn(tx *sqldb.Tx, city, key int64, t *tally) error {
	f, err := s.factOf(tx, city, key)
	if err != nil {
		return err
	}
	if f.state.Status == problem.Draft {
		return nil
	}
	newer, err := put(tx, city, f, t)
	if err != nil || !newer {
		return err
	}
	return putStems(tx, key, f.stems)
}

// factOf computes the row of a problem from its state and its texts.
func (s *Service) factOf(tx *sqldb.Tx, city, key int64) (fact, error) {
	state, texts, err := s.Problems.PeekIn(tx, city, key)
	if err != nil {
		return fact{}, fmt.Errorf("read problem %d: %w", key, err)
	}
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return fact{}, err
	}
	f := fact{problem: key, state: state}
	if f.passed, err = s.Problems.PassedIn(tx, city, key); err != nil {
		return fact{}, fmt.Errorf("read promise of problem %d: %w", key, err)
	}
	judge(&f, c.Zone)
	if !state.Visible() {
		return f, nil
	}
	t, err := s.Topics.AtIn(tx, city, state.Topic)
	if err != nil && !errors.Is(err, fault.Missing) {
		return fact{}, err
	}
	public := state.PublicTexts(texts)
	f.photo = state.FirstPhoto()
	if len(public) > 0 {
		f.excerpt = text.Excerpt(public[0], excerptLength)
	}
	words := append([]string{fmt.Sprint(state.Number), state.Place.Address}, public...)
	for _, lang := range c.Languages {
		words = append(words, t.Name[lang])
	}
	f.stems = Words(city, strings.Join(words, " "))
	return f, nil
}

// excerptLength is how much of a message a list shows, in characters.
const excerptLength = 140

type statsKey struct {
	city     int64
	from, to int64
}

// statsAge is how long computed statistics are shown again.
const statsAge = time.Minute

// Statistics counts a period of whole days of the city's zone, To excluded.
func (s *Service) Statistics(ctx context.Context, city int64, from, to time.Time) (Statistics, error) {
	key := statsKey{city, from.Unix(), to.Unix()}
	s.mu.Lock()
	cached, ok := s.stats[key]
	s.mu.Unlock()
	now := s.DB.Now()
	if ok && now.Sub(cached.Made) < statsAge && !now.Before(cached.Made) {
		return cached, nil
	}
	stats := Statistics{From: from, To: to, Made: now, ByTopic: map[topic.ID]Figures{}, ByDistrict: map[string]Figures{}}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error { return s.count(tx, city, &stats) })
	if err != nil {
		return Statistics{}, fmt.Errorf("count statistics: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stats == nil || len(s.stats) > 100 {
		s.stats = map[statsKey]Statistics{}
	}
	s.stats[key] = stats
	return stats, nil
}

func (s *Service) count(tx *sqldb.Tx, city int64, stats *Statistics) error {
	c, err := s.Places.CityIn(tx, city)
	if err != nil {
		return err
	}
	from, to := dayOf(stats.From, c.Zone), dayOf(stats.To, c.Zone)
	sent, err := received(tx, city, from, to)
	if err != nil {
		return err
	}
	back, err := answered(tx, city, from, to)
	if err != nil {
		return err
	}
	late, err := overdue(tx, city, stats.To.UnixMicro())
	if err != nil {
		return err
	}
	stats.add(sent, addReceived)
	stats.add(back, addAnswered)
	stats.add(late, addOverdue)
	stats.finish()
	return nil
}

// add counts groups into all, by topic and by district.
func (st *Statistics) add(groups []group, count func(*Figures, group)) {
	for _, g := range groups {
		count(&st.All, g)
		byTopic, byDistrict := st.ByTopic[g.topic], st.ByDistrict[g.district]
		count(&byTopic, g)
		count(&byDistrict, g)
		st.ByTopic[g.topic], st.ByDistrict[g.district] = byTopic, byDistrict
	}
}

func addReceived(f *Figures, g group) {
	f.Received += g.n
	if g.ending == string(problem.Rejected) {
		f.Rejected += g.n
	}
	if g.a >= 0 {
		f.checked = counted(f.checked, int(g.a), g.n)
	}
}

func addAnswered(f *Figures, g group) {
	f.Answered += g.n
	f.took = counted(f.took, int(g.a), g.n)
	if g.b >= 0 {
		f.Promised += g.n
		f.OnTime += int(g.b) * g.n
	}
	f.Disputed += int(g.disputed) * g.n
	switch problem.Status(g.ending) {
	case problem.Confirmed:
		f.Confirmed += g.n
	case problem.Controlled:
		f.Controlled += g.n
	case problem.Silent:
		f.Silent += g.n
	}
}

// addOverdue counts what waits past its promise; what has no answer at all by
// the end of the period is a promise that was not kept.
func addOverdue(f *Figures, g group) {
	f.OverdueNow += g.n
	if g.a == 1 && g.b == 1 {
		f.Promised += g.n
	}
}

func counted(counts map[int]int, value, n int) map[int]int {
	if counts == nil {
		counts = map[int]int{}
	}
	counts[value] += n
	return counts
}

func (st *Statistics) finish() {
	finished := func(f Figures) Figures {
		f.Median, f.Checked = median(f.took), median(f.checked)
		return f
	}
	st.All = finished(st.All)
	for k := range maps.Clone(st.ByTopic) {
		st.ByTopic[k] = finished(st.ByTopic[k])
	}
	for k := range maps.Clone(st.ByDistrict) {
		st.ByDistrict[k] = finished(st.ByDistrict[k])
	}
}

// rebuildSlice is how many problems one transaction of Rebuild writes.
const rebuildSlice = 100

// Rebuild makes every row of a city anew. Progress, when not nil, hears how
// many are done.
func (s *Service) Rebuild(ctx context.Context, city int64, progress func(done int)) error {
	for more := true; more; {
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			more, err = forget(tx, city, rebuildSlice)
			return err
		})
		if err != nil {
			return fmt.Errorf("empty the board: %w", err)
		}
	}
	done := 0
	return s.Problems.Keys(ctx, city, rebuildSlice, func(keys []int64) error {
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			t := newTally()
			for _, k := range keys {
				if err := s.refreshIn(tx, city, k, t); err != nil {
					return err
				}
			}
			return t.write(tx, city)
		})
		done += len(keys)
		if progress != nil {
			progress(done)
		}
		return err
	})
}

// Verify compares every row with what the problem says now and names the
// numbers that differ; the number 0 says that a cell of the map does not hold
// what the rows say. What a waiting job will still write differs too: run it
// when the queue is empty.
func (s *Service) Verify(ctx context.Context, city int64) (differ []int64, err error) {
	err = s.Problems.Keys(ctx, city, rebuildSlice, func(keys []int64) error {
		return s.DB.View(ctx, func(tx *sqldb.Tx) error {
			list, err := s.differing(tx, city, keys)
			differ = append(differ, list...)
			return err
		})
	})
	if err != nil {
		return differ, err
	}
	var wrong int64
	for level := coarsest; level <= finest; level += 2 {
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			n, err := miscounted(tx, city, level)
			wrong += n
			return err
		})
		if err != nil {
			return differ, fmt.Errorf("count cells of the map: %w", err)
		}
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		n, err := miscountedAreas(tx, city)
		wrong += n
		return err
	})
	if err != nil {
		return differ, fmt.Errorf("count areas: %w", err)
	}
	if wrong > 0 {
		differ = append(differ, 0)
	}
	return differ, nil
}

func (s *Service) differing(tx *sqldb.Tx, city int64, keys []int64) (differ []int64, err error) {
	for _, k := range keys {
		f, err := s.factOf(tx, city, k)
		if err != nil {
			return nil, err
		}
		if f.state.Status == problem.Draft {
			continue
		}
		have, err := stored(tx, city, k)
		if err != nil && !errors.Is(err, sqldb.ErrNoRow) {
			return nil, err
		}
		if have != f.known() {
			differ = append(differ, f.state.Number)
		}
	}
	return differ, nil
}
