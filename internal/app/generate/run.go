package generate

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// Plan is what is asked for. The same plan makes the same problems in the same
// city.
type Plan struct {
	Problems int64     `json:"problems"`
	Seed     uint64    `json:"seed"`
	Years    int       `json:"years"`           // of history, up to Until
	Plain    bool      `json:"plain,omitempty"` // without how due dates were computed
	Until    time.Time `json:"until"`           // the present of the made-up city
}

// Check refuses a plan that cannot be carried out.
func (p Plan) Check() error {
	switch {
	case p.Problems <= 0 || p.Problems > maxProblems:
		return fmt.Errorf("%d problems: from 1 to %d can be made at once", p.Problems, maxProblems)
	case p.Years <= 0 || p.Years > 30:
		return fmt.Errorf("%d years: from 1 to 30", p.Years)
	case p.Until.IsZero():
		return errors.New("no moment until which to make problems")
	}
	return nil
}

// maxProblems is what is planned for on paper.
const maxProblems = 50_000_000

// same compares what was asked for; the present of a load that was interrupted
// stays what it was.
func (p Plan) same(o Plan) bool {
	return p.Problems == o.Problems && p.Seed == o.Seed && p.Years == o.Years && p.Plain == o.Plain
}

// Generator fills a city.
type Generator struct {
	DB       *sqldb.DB
	City     place.City
	Places   *place.Service
	Topics   *topic.Service
	Orgs     *org.Service
	Packs    *pack.Service
	Problems *problem.Service
	Board    *board.Service
	// IntoNonempty lets a city be filled that has problems already.
	IntoNonempty bool
	// Progress, when not nil, hears how far each stage is.
	Progress func(stage string, done, total int)

	slice int64 // histories that one transaction writes; 0: sliceSize
}

// Report is what a run did.
type Report struct {
	Plan    Plan
	Made    int64         // histories, with those of earlier runs
	Resumed bool          // an earlier run was gone on with
	Rows    time.Duration // this run wrote rows for so long
	Cells   time.Duration // counted cells of the map
	Indexes time.Duration // made indexes
	Settle  time.Duration // made everything durable
}

// ErrNotEmpty says that the city has problems that no load made.
var ErrNotEmpty = errors.New("the city has problems already; --into-nonempty adds to them")

// Run makes what is missing of a plan. A run that was interrupted is gone on
// with; another plan is refused until that one is done.
func (g *Generator) Run(ctx context.Context, plan Plan) (Report, error) {
	if err := plan.Check(); err != nil {
		return Report{}, err
	}
	report := Report{Plan: plan}
	load, err := g.find(ctx, &report)
	if err != nil {
		return report, err
	}
	world, err := g.world(ctx, report.Plan)
	if err != nil {
		return report, err
	}
	bulk, err := g.DB.StartBulk(ctx, slices.Concat(problem.BulkTables(), board.BulkTables()), problem.BulkKept())
	if err != nil {
		return report, err
	}
	if load == nil {
		body, err := json.Marshal(report.Plan)
		if err != nil {
			return report, errors.Join(fmt.Errorf("write plan: %w", err), bulk.Close())
		}
		if load, err = g.Problems.BeginLoad(ctx, g.City.ID, plan.Problems, string(body)); err != nil {
			return report, errors.Join(err, bulk.Close())
		}
	}
	if err := g.stages(ctx, world, bulk, load, &report); err != nil {
		return report, errors.Join(err, bulk.Close())
	}
	return report, nil
}

// find looks for a load to go on with, and refuses what may not begin.
func (g *Generator) find(ctx context.Context, report *Report) (*problem.Loading, error) {
	load, err := g.Problems.OpenLoad(ctx, g.City.ID)
	if err != nil {
		return nil, fmt.Errorf("look for a load: %w", err)
	}
	if load != nil {
		var begun Plan
		if err := json.Unmarshal([]byte(load.Plan), &begun); err != nil {
			return nil, fmt.Errorf("read plan of the load in hand: %w", err)
		}
		if !begun.same(report.Plan) {
			return nil, fmt.Errorf("another load was begun here and is not done: %d problems, seed %d, %d years; go on with that one", begun.Problems, begun.Seed, begun.Years)
		}
		report.Plan, report.Resumed = begun, true
		return load, nil
	}
	empty, err := g.Problems.Empty(ctx, g.City.ID)
	if err != nil {
		return nil, fmt.Errorf("look for problems: %w", err)
	}
	if !empty && !g.IntoNonempty {
		return nil, ErrNotEmpty
	}
	return nil, nil
}

// world reads what all histories have in common.
func (g *Generator) world(ctx context.Context, plan Plan) (*world, error) {
	fitted, err := ReadFitted()
	if err != nil {
		return nil, err
	}
	w := &world{plan: plan, fitted: fitted, zone: g.City.Zone, lang: g.City.Main, courses: fitted.courses(), joined: crowd(fitted),
		people:   int64(float64(plan.Problems)/fitted.Authors.Mean) + 1,
		question: g.City.Settings.QuestionDays,
		silence:  time.Duration(g.City.Settings.AutoCloseDays) * 24 * time.Hour, ahead: time.Duration(g.City.Settings.AskBeforeCloseDays) * 24 * time.Hour}
	w.calendar = newCalendar(fitted, g.City.Zone, plan.Until.AddDate(-plan.Years, 0, 0), plan.Until)
	all, err := g.Topics.All(ctx, g.City.ID)
	if err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	if !topicsOpen(all) {
		return nil, errors.New("the city has no topics: import its pack first")
	}
	w.menu = newMenu(fitted, all)
	if err := g.grounds(ctx, w); err != nil {
		return nil, err
	}
	return w, g.people(ctx, w)
}

// grounds reads houses and areas, and what the rules need of them.
func (g *Generator) grounds(ctx context.Context, w *world) error {
	var houses []place.House
	if err := g.Places.EveryHouse(ctx, g.City.ID, func(page []place.House) error {
		houses = append(houses, page...)
		return nil
	}); err != nil {
		return err
	}
	outline, err := g.Places.Outline(ctx, g.City.ID)
	if err != nil {
		return fmt.Errorf("read areas: %w", err)
	}
	w.spots = newSpots(w.fitted, w.plan.Seed, g.City, outline, houses)
	w.shop, err = g.Problems.Workshop(ctx, g.City.ID, problem.WorkshopOptions{Managers: managersOf(houses), Plain: w.plan.Plain})
	return err
}

// people reads organisations, clauses and examples.
func (g *Generator) people(ctx context.Context, w *world) error {
	after := org.ID("")
	for {
		page, err := g.Orgs.List(ctx, g.City.ID, org.Filter{After: after, Limit: 1000})
		if err != nil {
			return fmt.Errorf("read organisations: %w", err)
		}
		for _, o := range page {
			after = o.ID
			w.orgs = append(w.orgs, o.ID)
		}
		if len(page) < 1000 {
			break
		}
	}
	if len(w.orgs) == 0 {
		return errors.New("the city has no organisations: import its pack first")
	}
	clauses, err := g.Packs.Clauses(ctx, g.City.ID)
	if err != nil {
		return fmt.Errorf("read clauses: %w", err)
	}
	for _, c := range clauses {
		w.clauses = append(w.clauses, c.Code)
	}
	if len(w.clauses) == 0 {
		w.clauses = []string{"0"}
	}
	w.phrases.examples = map[topic.ID][]string{}
	for key := int64(0); ; {
		page, err := g.Packs.Examples(ctx, g.City.ID, key, 1000)
		if err != nil {
			return fmt.Errorf("read examples: %w", err)
		}
		for _, e := range page {
			key = e.ID
			w.phrases.examples[e.Topic] = append(w.phrases.examples[e.Topic], e.Text)
		}
		if len(page) == 0 {
			return nil
		}
	}
}

// stages does what is left of a load.
func (g *Generator) stages(ctx context.Context, w *world, bulk *sqldb.Bulk, load *problem.Loading, report *Report) error {
	clock := func(d *time.Duration, do func() error) error {
		start := time.Now()
		err := do()
		*d = time.Since(start)
		return err
	}
	if load.Stage == problem.LoadRows {
		if err := clock(&report.Rows, func() error { return g.rows(ctx, w, bulk, load) }); err != nil {
			return err
		}
	}
	report.Made = load.Made
	if load.Stage == problem.LoadBoard {
		if err := clock(&report.Cells, func() error {
			return g.Board.CountCells(ctx, g.City.ID, func(done, total int) { g.tell("cells", done, total) })
		}); err != nil {
			return err
		}
		if err := g.mark(ctx, load, problem.LoadIndexes); err != nil {
			return err
		}
	}
	if err := clock(&report.Indexes, func() error {
		return bulk.Restore(ctx, func(_ string, done, total int) { g.tell("indexes", done, total) })
	}); err != nil {
		return err
	}
	return clock(&report.Settle, func() error {
		// The bulk goes first: a load that is marked as done has its indexes.
		if err := bulk.Finish(ctx); err != nil {
			return err
		}
		return g.mark(ctx, load, problem.LoadDone)
	})
}

func (g *Generator) tell(stage string, done, total int) {
	if g.Progress != nil {
		g.Progress(stage, done, total)
	}
}

func (g *Generator) mark(ctx context.Context, load *problem.Loading, stage problem.LoadStage) error {
	load.Stage = stage
	return g.DB.Do(ctx, func(tx *sqldb.Tx) error { return g.Problems.KeepLoadIn(tx, g.City.ID, *load) })
}

// sliceSize is how many histories one transaction writes.
const sliceSize = 1000

// sheaf is a slice of histories as rows.
type sheaf struct {
	to       int64
	problems problem.Sheaf
	board    board.Sheaf
	err      error
}

// rows makes and writes the histories that are missing: workers make slices,
// and they are written in their order.
func (g *Generator) rows(ctx context.Context, w *world, bulk *sqldb.Bulk, load *problem.Loading) error {
	bench, err := g.Board.Bench(ctx, g.City.ID)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop()
	queue := g.make(ctx, &workers, w, bench, load)
	for next := range queue {
		made := <-next
		if made.err != nil {
			return made.err
		}
		done := *load
		done.Made = made.to
		if done.Made == w.plan.Problems {
			done.Stage = problem.LoadBoard
		}
		if err := bulk.Load(ctx, func(tx *sqldb.Tx) error {
			if err := made.problems.LoadIn(tx); err != nil {
				return err
			}
			if err := made.board.LoadIn(tx); err != nil {
				return err
			}
			return g.Problems.KeepLoadIn(tx, g.City.ID, done)
		}); err != nil {
			return fmt.Errorf("write histories up to %d: %w", made.to, err)
		}
		*load = done
		g.tell("histories", int(load.Made), int(w.plan.Problems))
	}
	if load.Made < w.plan.Problems {
		return context.Cause(ctx)
	}
	return nil
}

// make has slices made ahead by all cores; the channel gives them in their
// order.
func (g *Generator) make(ctx context.Context, workers *sync.WaitGroup, w *world, bench *board.Bench, load *problem.Loading) <-chan chan *sheaf {
	hands := runtime.GOMAXPROCS(0)
	queue := make(chan chan *sheaf, hands)
	room := make(chan struct{}, hands)
	from, first, number, size := load.Made, load.First, load.Number, cmp.Or(g.slice, sliceSize)
	workers.Go(func() {
		defer close(queue)
		for at := from; at < w.plan.Problems; at += size {
			next := make(chan *sheaf, 1)
			select {
			case queue <- next:
			case <-ctx.Done():
				return
			}
			room <- struct{}{}
			workers.Go(func() {
				defer func() { <-room }()
				next <- g.sheaf(w, bench, at, min(at+size, w.plan.Problems), first, number)
			})
		}
	})
	return queue
}

func (g *Generator) sheaf(w *world, bench *board.Bench, from, to, first, number int64) *sheaf {
	s := &sheaf{to: to}
	for i := from; i < to && s.err == nil; i++ {
		var h *problem.History
		h, s.err = w.history(i, first+i*problem.HistoryKeys, number+i)
		if s.err != nil {
			break
		}
		bench.Add(&s.board, h)
		s.err = s.problems.Add(g.City.ID, h)
	}
	return s
}
