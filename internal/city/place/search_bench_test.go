//go:build linux

package place_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"gorod/internal/city/place"
)

// spent is the CPU time of this thread.
func spent(b *testing.B) time.Duration {
	b.Helper()
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		b.Fatal(err)
	}
	return time.Duration(t.Nano())
}

// BenchmarkSearch types addresses of every rule letter by letter, and tells the
// CPU time of each question with its houses read from the database.
func BenchmarkSearch(b *testing.B) {
	for _, size := range [][2]int{{14_399, 1_447}, {300_000, 6_000}} {
		b.Run(fmt.Sprint(size[0]), func(b *testing.B) {
			db := kit.SQLite(b)
			s := place.New(db)
			queries := place.AsTyped(metropolis(b, db, s, size[0], size[1]), 4000)
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			if _, err := s.Search(context.Background(), 1, "к 1", 10); err != nil {
				b.Fatal(err)
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			var took []time.Duration
			for i := 0; b.Loop(); i++ {
				began := spent(b)
				if _, err := s.Search(context.Background(), 1, queries[i%len(queries)], 8); err != nil {
					b.Fatal(err)
				}
				took = append(took, spent(b)-began)
			}
			slices.Sort(took)
			for _, p := range []int{50, 95, 99} {
				b.ReportMetric(float64(took[(len(took)-1)*p/100].Microseconds()), fmt.Sprintf("µs-p%d", p))
			}
			b.ReportMetric(float64(took[len(took)-1].Microseconds()), "µs-worst")
			b.ReportMetric(float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/1e6, "MB")
		})
	}
}
