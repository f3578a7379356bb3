package board_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

// tiles are all tiles of a zoom that hold the town; hundreds at the nearest.
func tiles(zoom int) []maptile.Tile {
	box := whole()
	low := maptile.At(orb.Point{box.Min.Lon, box.Max.Lat}, maptile.Zoom(zoom))
	high := maptile.At(orb.Point{box.Max.Lon, box.Min.Lat}, maptile.Zoom(zoom))
	var list []maptile.Tile
	for x := low.X; x <= high.X; x++ {
		for y := low.Y; y <= high.Y; y++ {
			list = append(list, maptile.Tile{X: x, Y: y, Z: maptile.Zoom(zoom)})
		}
	}
	return list
}

// features reads all tiles of a zoom, each feature in its tile and told once.
func (b *bench) spots(t *testing.T, f board.Filter, zoom int) []board.Spot {
	t.Helper()
	var all []board.Spot
	numbers := map[int64]bool{}
	for _, at := range tiles(zoom) {
		tile, err := b.board.Tile(context.Background(), problemtest.City, f, zoom, int(at.X), int(at.Y))
		must(t, err)
		if tile.Newest != 0 {
			t.Errorf("zoom %d: only the newest %d are drawn", zoom, tile.Newest)
		}
		for _, x := range tile.Spots {
			if got := maptile.At(orb.Point{x.Point.Lon, x.Point.Lat}, maptile.Zoom(zoom)); got != at {
				t.Errorf("zoom %d: %+v of tile %v lies in %v", zoom, x, at, got)
			}
			if x.Count < 1 || x.Number != 0 && (x.Count != 1 || numbers[x.Number]) || x.Open+x.Done > x.Count || x.Late > x.Open {
				t.Errorf("zoom %d: %+v", zoom, x)
			}
			numbers[x.Number] = x.Number != 0
		}
		all = append(all, tile.Spots...)
	}
	return all
}

func sum(list []board.Spot) (c board.Counts) {
	for _, f := range list {
		c.Count, c.Open, c.Late, c.Done = c.Count+f.Count, c.Open+f.Open, c.Late+f.Late, c.Done+f.Done
	}
	return c
}

// slowly counts what fits a filter, row by row.
func (b *bench) slowly(t *testing.T, f board.Filter) board.Counts {
	t.Helper()
	w := &sqldb.Where{}
	w.Add("visible = 1")
	if f.Object != 0 {
		w.Add("object = %s", int64(f.Object))
	}
	if f.Topic != 0 {
		w.Add("topic = %s", int64(f.Topic))
	}
	if f.District != "" {
		w.Add("district = %s", f.District)
	}
	if f.Municipality != "" {
		w.Add("municipality = %s", f.Municipality)
	}
	if f.Standing != "" {
		w.Add("standing = %s", string(f.Standing))
	}
	if f.Late {
		w.Add("late = 1")
	}
	if !f.From.IsZero() {
		w.Add("created >= %s", f.From.UnixMicro())
	}
	if !f.To.IsZero() {
		w.Add("created < %s", f.To.UnixMicro())
	}
	var c board.Counts
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		_, err := sqldb.One(tx, func(r sqldb.Scanner) (int, error) {
			return 0, r.Scan(&c.Count, &c.Open, &c.Late, &c.Done)
		}, `SELECT count(*), coalesce(sum(CASE WHEN standing = 'open' THEN 1 ELSE 0 END), 0), coalesce(sum(late), 0),
			coalesce(sum(CASE WHEN standing IN ('solved', 'silent') THEN 1 ELSE 0 END), 0) FROM board_fact WHERE `+w.SQL(), w.Args()...)
		return err
	}))
	return c
}

// anyFilter is one of the filters that people may ask for.
func anyFilter(dice *rand.Rand, now time.Time) board.Filter {
	var f board.Filter
	if dice.IntN(2) == 0 {
		f.Object = topic.ID([]int64{2, 30, 31, 35, 99}[dice.IntN(5)])
	}
	switch dice.IntN(8) {
	case 0:
		f.Topic = topic.ID(1000 + dice.IntN(4))
	case 1:
		f.District = "west"
	case 2:
		f.Municipality = "m1"
	}
	if dice.IntN(2) == 0 {
		f.Standing = append(board.Standings(), "")[dice.IntN(5)]
	}
	f.Late = dice.IntN(5) == 0
	midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.FixedZone("MSK", 3*3600))
	switch dice.IntN(4) {
	case 0:
		f.From = midnight.AddDate(0, 0, -dice.IntN(1200))
		f.To = f.From.AddDate(0, 0, 1+dice.IntN(800))
	case 1:
		f.From = midnight.AddDate(0, 0, -dice.IntN(1200))
	case 2:
		f.To = midnight.AddDate(0, 0, -dice.IntN(1200))
	}
	if dice.IntN(6) == 0 && !f.From.IsZero() {
		f.From = f.From.Add(3 * time.Hour) // no midnight
	}
	return f
}

func TestTheTilesOfEveryZoomAddUpToWhatFits(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.inventOver(t, 4000, 6*time.Hour)
		dice := rand.New(rand.NewPCG(3, 5))
		told := 0
		for range 40 {
			f := anyFilter(dice, b.DB.Now())
			want := b.slowly(t, f)
			told += want.Count
			counted, err := b.board.Count(context.Background(), problemtest.City, f)
			must(t, err)
			if counted.Counts != want || counted.Newest != 0 {
				t.Errorf("%+v: counted %+v, want %+v", f, counted, want)
			}
			for _, zoom := range []int{0, 3, 9, 10, 11, 12, 13, 14, 15, 16, 17} {
				if zoom == 17 && dice.IntN(4) != 0 {
					continue // thousands of tiles
				}
				if got := sum(b.spots(t, f, zoom)); got != want {
					t.Errorf("%+v, zoom %d: %+v, want %+v", f, zoom, got, want)
				}
			}
			page := b.list(t, f)
			if page.Exact && page.Total != want.Count {
				t.Errorf("%+v: the list counts %d, want %d", f, page.Total, want.Count)
			}
		}
		if told == 0 {
			t.Error("no filter found anything")
		}
	})
}

func TestFromNearEveryProblemIsDrawnByItself(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		first := b.open(t, lamp("Темно"))
		pit := b.open(t, pothole("Яма"))
		b.answer(t, pit.Problem, "Засыпали")
		b.drain(t)
		b.Clock.Pass(31 * 24 * time.Hour)
		for _, zoom := range []int{14, 20, 21, 22} {
			got := map[int64]board.Spot{}
			for _, l := range b.list(t, board.Filter{}).Lines {
				at := maptile.At(orb.Point{l.Point.Lon, l.Point.Lat}, maptile.Zoom(zoom))
				tile, err := b.board.Tile(context.Background(), problemtest.City, board.Filter{}, zoom, int(at.X), int(at.Y))
				must(t, err)
				for _, f := range tile.Spots {
					got[f.Number] = f
				}
			}
			lamp, hole := got[first.Number], got[pit.Number]
			if len(got) != 2 || lamp.Status != "work" || lamp.Open != 1 || lamp.Topic != problemtest.Lamp || lamp.Age != 0 || hole.Status != "answered" || hole.Age != 2 || hole.Object != 2 {
				t.Errorf("zoom %d: %+v", zoom, got)
			}
		}
	})
}

func TestAWindowOfTheNewestIsSaid(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.invent(t, 6000)
		f := board.Filter{Text: "фонарь", District: "west"}
		for range 2 { // found, and kept
			n, err := b.board.Count(context.Background(), problemtest.City, f)
			must(t, err)
			if n.Count < 500 || n.Newest != 0 {
				t.Errorf("%+v", n)
			}
		}
	})
}

func TestATileOffTheMapIsMissing(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		for _, at := range [][3]int{{-1, 0, 0}, {23, 0, 0}, {3, 8, 0}, {3, 0, 8}, {3, -1, 0}, {0, 0, 1}, {1 << 40, 5, 5}} {
			_, err := b.board.Tile(context.Background(), problemtest.City, board.Filter{}, at[0], at[1], at[2])
			if !errors.Is(err, fault.Missing) {
				t.Errorf("%v: %v", at, err)
			}
		}
		for _, zoom := range []int{0, 22} {
			tile, err := b.board.Tile(context.Background(), problemtest.City, board.Filter{Text: "ничего"}, zoom, 0, 0)
			if err != nil || len(tile.Spots) != 0 {
				t.Errorf("%+v, %v", tile, err)
			}
		}
	})
}

func TestCountingAnewGivesWhatTheNewsCounted(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		b.tellPassed(t)
		before := cells(t, b)
		must(t, b.board.CountCells(ctx, problemtest.City, nil))
		if got := cells(t, b); fmt.Sprint(got) != fmt.Sprint(before) || len(before) == 0 {
			t.Errorf("counted anew\n%v\nwant\n%v", got, before)
		}
	})
}

// tellPassed lets the town hear of promises that passed.
func (b *bench) tellPassed(t *testing.T) {
	t.Helper()
	_, err := b.TellPassed(context.Background(), problemtest.City)
	must(t, err)
	b.drain(t)
}

func TestLateIsWhatWasToldToHavePassed(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		late := func() int { return b.list(t, board.Filter{Late: true}).Total }
		open := b.open(t, lamp("Ждёт работы"))
		b.open(t, lamp("Ждёт и это"))
		b.drain(t)
		b.tellPassed(t)
		if late() != 0 {
			t.Error("late before its promise passed")
		}
		b.Clock.Pass(40 * 24 * time.Hour)
		if late() != 0 {
			t.Error("late before anybody told")
		}
		b.tellPassed(t)
		b.tellPassed(t)
		if n, err := b.TellPassed(ctx, problemtest.City); err != nil || n != 0 || late() != 2 {
			t.Errorf("told of %d again, %v; %d late", n, err, late())
		}
		if l := b.list(t, board.Filter{Late: true}).Lines[0]; !l.Late || l.Overdue(b.DB.Now()) < 20 {
			t.Errorf("line %+v", l)
		}
		if c := sum(b.spots(t, board.Filter{Late: true}, 12)); c.Late != 2 || c.Count != 2 {
			t.Errorf("on the map %+v", c)
		}
		for range 2 {
			if list, err := b.board.Verify(ctx, problemtest.City); err != nil || len(list) > 0 {
				t.Errorf("differs at %v, %v", list, err)
			}
			must(t, b.board.Rebuild(ctx, problemtest.City, nil))
		}
		b.answer(t, open.Problem, "Горит")
		b.drain(t)
		if late() != 1 {
			t.Errorf("%d late after an answer", late())
		}
	})
}
