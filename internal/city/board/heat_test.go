package board_test

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/platform/fault"
)

func TestAreasAndHexagonsAddUpToWhatFits(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		b.inventOver(t, 3000, 6*time.Hour)
		dice := rand.New(rand.NewPCG(8, 1))
		for range 25 {
			f := anyFilter(dice, b.DB.Now())
			want := b.slowly(t, f)
			for _, kind := range []string{board.ByDistrict, board.ByMunicipality} {
				list, newest, err := b.board.Areas(ctx, problemtest.City, f, kind)
				must(t, err)
				var got board.Counts
				for area, n := range list {
					if area == "" || n.Count == 0 {
						t.Errorf("area %q has %+v", area, n)
					}
					got.Count, got.Open, got.Late, got.Done = got.Count+n.Count, got.Open+n.Open, got.Late+n.Late, got.Done+n.Done
				}
				if got != want || newest != 0 {
					t.Errorf("%+v by %s: %+v, want %+v", f, kind, got, want)
				}
			}
			for _, zoom := range []int{0, 8, 10, 11, 13, 15} {
				seen := map[[2]int]board.Counts{}
				for _, at := range tiles(zoom) {
					list, err := b.board.Hexagons(ctx, problemtest.City, f, zoom, int(at.X), int(at.Y))
					must(t, err)
					for _, h := range list {
						if was, ok := seen[[2]int{h.Q, h.R}]; ok && was != h.Counts {
							t.Fatalf("zoom %d: hexagon %d,%d has %+v and %+v", zoom, h.Q, h.R, was, h.Counts)
						}
						seen[[2]int{h.Q, h.R}] = h.Counts
					}
				}
				var got board.Counts
				for _, n := range seen {
					got.Count, got.Open, got.Late, got.Done = got.Count+n.Count, got.Open+n.Open, got.Late+n.Late, got.Done+n.Done
				}
				if got != want {
					t.Errorf("%+v, zoom %d: %+v, want %+v", f, zoom, got, want)
				}
			}
		}
		if _, _, err := b.board.Areas(ctx, problemtest.City, board.Filter{}, "planet"); !errors.Is(err, fault.Invalid) {
			t.Error(err)
		}
		if _, err := b.board.Hexagons(ctx, problemtest.City, board.Filter{}, 2, 4, 0); !errors.Is(err, fault.Missing) {
			t.Error(err)
		}
	})
}
