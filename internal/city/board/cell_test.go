package board

import (
	"math"
	"slices"
	"testing"

	"gorod/internal/platform/geo"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
)

func TestACellIsTheTileOfItsPoints(t *testing.T) {
	t.Parallel()
	for _, p := range []geo.Point{{Lat: 59.93, Lon: 30.31}, {Lat: -33.4, Lon: -70.6}, {Lat: 0, Lon: 0}, {Lat: 84.9, Lon: 179.9}, {Lat: -84.9, Lon: -179.9}} {
		for level := range 26 {
			cell := cellAt(cellOf(p), level)
			want := maptile.At(orb.Point{p.Lon, p.Lat}, maptile.Zoom(level))
			if column, row := gathered(cell), gathered(cell>>1); column != want.X || row != want.Y || cellNumber(column, row) != cell {
				t.Errorf("%v at level %d: %d, %d, want %v", p, level, column, row, want)
			}
			if box := boxOf(cell, level); !box.Contains(p) {
				t.Errorf("%v is not in its cell %v of level %d", p, box, level)
			}
			if r := runOf(cell, level); cellOf(p) < r.From || cellOf(p) > r.To {
				t.Errorf("%v is not in the run of its cell of level %d", p, level)
			}
		}
	}
	for _, p := range []geo.Point{{Lat: 90, Lon: 180}, {Lat: -90, Lon: -180}, {Lat: math.NaN(), Lon: math.NaN()}} {
		if cell := cellOf(p); cell < 0 || cell > 1<<cellBits-1 {
			t.Errorf("%v has the cell %d", p, cell)
		}
	}
}

func TestACoverHoldsEveryPointOfItsBox(t *testing.T) {
	t.Parallel()
	box := geo.Box{Min: geo.Point{Lat: 59.9, Lon: 30.2}, Max: geo.Point{Lat: 59.98, Lon: 30.4}}
	for _, level := range []int{12, 16, 20} {
		runs := cover(box, level)
		for i := range 50 {
			for j := range 50 {
				p := geo.Point{Lat: 59.9 + 0.08*float64(i)/49, Lon: 30.2 + 0.2*float64(j)/49}
				if !slices.ContainsFunc(runs, func(r geo.Range) bool { return r.From <= cellOf(p) && cellOf(p) <= r.To }) {
					t.Fatalf("level %d: %v is not covered", level, p)
				}
			}
		}
		for i, r := range runs {
			if r.From > r.To || i > 0 && r.From <= runs[i-1].To+1 {
				t.Errorf("level %d: runs %v", level, runs)
			}
		}
	}
}

func TestAPeriodIsItsSpansAndTheDaysLeftOver(t *testing.T) {
	t.Parallel()
	for least := range sizeSteps + 1 {
		for _, d := range []days{{20000, 20001}, {20000, 20008}, {19993, 20741}, {17000, 21000}, {511, 513}, {5, 5}, {0, 4096}} {
			spans, rest := spansOf(d, least)
			seen := map[int64]int{}
			for _, span := range spans {
				size := int(span >> spanBits)
				if size < max(least, 1) {
					t.Fatalf("%v by %d: a span of size %d", d, least, size)
				}
				for i := range sizeOf(size) {
					seen[(span&(1<<spanBits-1))*sizeOf(size)+i]++
				}
			}
			for _, r := range rest {
				if least > 0 && r.to-r.from > 2*sizeOf(least) {
					t.Errorf("%v by %d: %v is left over", d, least, r)
				}
				for day := r.from; day < r.to; day++ {
					seen[day]++
				}
			}
			for day := d.from - 600; day < d.to+600; day++ {
				if in := day >= d.from && day < d.to; seen[day] != 0 != in || seen[day] > 1 {
					t.Fatalf("%v by %d: day %d is counted %d times", d, least, day, seen[day])
				}
			}
			if len(spans) > 60 {
				t.Errorf("%v by %d: %d spans", d, least, len(spans))
			}
		}
	}
}

func TestEveryStepOfARebuildFollowsTheOneItIsCountedFrom(t *testing.T) {
	t.Parallel()
	done := map[[2]int]bool{{0, 0}: true}
	for _, s := range stepsOf() {
		if !done[[2]int{s.fromLevel, s.fromSize}] {
			t.Errorf("%+v", s)
		}
		done[[2]int{s.level, s.size}] = true
	}
	for level := coarsest; level <= finest; level += 2 {
		for _, size := range sizesAt(level) {
			if !done[[2]int{level, size}] {
				t.Errorf("level %d, size %d is not counted", level, size)
			}
		}
	}
}
