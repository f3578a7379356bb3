package house_test

import (
	"testing"
	"time"

	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/platform/sqldb"
)

// BenchmarkOutages asks for the outages of one house, with a history of 2,000
// outages of other houses and 40 of its own.
func BenchmarkOutages(b *testing.B) {
	w := setup(b, kit.SQLite(b), nil)
	for n := range 2000 {
		at := noon.AddDate(0, 0, -n)
		houses := []place.HouseID{501, 503, 504, 505}
		if n%50 == 0 {
			houses = append(houses, 502)
		}
		d := hot(at, at.Add(4*time.Hour), houses...)
		d.Key = at.Format(time.DateOnly)
		must(b, w.db.Do(ctx, func(tx *sqldb.Tx) error {
			_, _, err := w.s.AnnounceIn(tx, machine, d)
			return err
		}))
	}
	b.Run("OutagesAt", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.s.OutagesAt(ctx, 1, 502, noon); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Known", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.s.Known(ctx, 1, 502, 22, noon.Add(time.Hour)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("CardAt", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.s.CardAt(ctx, 1, 502, noon); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("List", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.s.List(ctx, 1, house.Filter{FloorFrom: 5}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
