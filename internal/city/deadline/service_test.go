package deadline_test

import (
	"context"
	"testing"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(place.Migrations(), deadline.Migrations())

var lamp = deadline.TopicKey{ID: "7", Category: "9", Object: "3"}

// rows are terms and a year in which Monday 23 November 2026 is a holiday.
func rows() deadline.Rows {
	holiday := deadline.Year{Number: 2026, Country: "ru", Holidays: map[int]deadline.Holiday{1: {Title: "День города"}},
		Days: []deadline.Day{{Date: deadline.On(2026, 11, 23), Mark: deadline.Off, Holiday: 1}}}
	term := func(topic deadline.TopicKey, stage deadline.Stage, days int) deadline.Rule {
		return deadline.Rule{Topic: topic, Stage: stage, Term: deadline.Term{Amount: days, Unit: deadline.WorkingDays}}
	}
	return deadline.Rows{
		Terms: []deadline.Rule{
			term(deadline.TopicKey{}, deadline.Moderation, 1),
			term(deadline.TopicKey{Category: "9"}, deadline.Processing, 2),
			term(deadline.TopicKey{}, deadline.Review, 1),
		},
		Years: []deadline.Year{holiday},
	}
}

func ready(t *testing.T, db *sqldb.DB) (*place.Service, *deadline.Service) {
	t.Helper()
	places := place.New(db)
	placetest.Town(t, db, places, 1)
	placetest.Town(t, db, places, 2)
	s := deadline.New(db, places)
	if err := loadRows(db, s, 1, rows()); err != nil {
		t.Fatal(err)
	}
	return places, s
}

func loadRows(db *sqldb.DB, s *deadline.Service, version int64, r deadline.Rows) error {
	return db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, version, r) })
}

// promise is the due day of the lamp, sent on Friday 20 November in the evening,
// or why there is none.
func promise(t *testing.T, db *sqldb.DB, s *deadline.Service, city int64, key deadline.TopicKey, stages ...deadline.Stage) string {
	t.Helper()
	var p deadline.Promise
	err := db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		p, err = s.PromiseIn(tx, city, key, tx.Now(), nil, stages...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if !p.Known() {
		return string(p.Unknown.Reason)
	}
	moscow, _ := time.LoadLocation("Europe/Moscow")
	return p.Due.In(moscow).Format("2006-01-02 15:04") + " v" + p.CalendarVersion
}

func expect(t *testing.T, got, exp string) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %s\nwant %s", got, exp)
	}
}

func TestPromiseFollowsTheLoadedTermsAndCalendar(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := ready(t, db)
		// The 21st and 22nd are a weekend, the 23rd a holiday: 24th, 25–26th, 27th.
		expect(t, promise(t, db, s, 1, lamp, deadline.Stages()...), "2026-11-27 23:59 v1")
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-24 23:59 v1")
	})
}

func TestUnknownTermOrYearIsSaidAndNoError(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := ready(t, db)
		expect(t, promise(t, db, s, 1, deadline.TopicKey{ID: "1"}, deadline.Processing), "no_term")
		expect(t, promise(t, db, s, 2, lamp, deadline.Processing), "no_term") // another city
		long := deadline.Rows{Terms: []deadline.Rule{{Topic: lamp, Stage: deadline.Processing, Term: deadline.Term{Amount: 60, Unit: deadline.WorkingDays}}}}
		if err := loadRows(db, s, 1, long); err != nil {
			t.Fatal(err)
		}
		expect(t, promise(t, db, s, 1, lamp, deadline.Processing), "no_year")
	})
}

func TestTermsSwitchWithTheVersion(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		places, s := ready(t, db)
		ctx := context.Background()
		to := func(version int64) {
			if err := db.Do(ctx, func(tx *sqldb.Tx) error { return places.SwitchIn(tx, 1, version) }); err != nil {
				t.Fatal(err)
			}
		}
		next := rows()
		next.Overrides = []deadline.Override{{First: deadline.On(2026, 11, 24), Last: deadline.On(2026, 11, 25), Mark: deadline.Off, Note: "указ"}}
		if err := loadRows(db, s, 2, next); err != nil {
			t.Fatal(err)
		}
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-24 23:59 v1")
		to(2)
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-26 23:59 v2")
		to(1)
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-24 23:59 v1")
		forget := func(version int64) error {
			return db.Do(ctx, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, version) })
		}
		if kind := fault.KindOf(forget(1)); kind != fault.Conflict {
			t.Errorf("the version in force was forgotten: %v", kind)
		}
		if err := forget(2); err != nil {
			t.Error(err)
		}
	})
}

func TestCityDecidesHowItCounts(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		places, s := ready(t, db)
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			c, err := places.CityIn(tx, 1)
			if err != nil {
				return err
			}
			c.Settings.NextWorkingDay, c.Settings.ClosesMinutes = true, 18*60
			c.Settings.OnDayOff, c.Settings.ShortenedByMins = "next", 60
			return places.SaveCityIn(tx, c)
		})
		if err != nil {
			t.Fatal(err)
		}
		// 18:42 is after hours: it counts as received on Tuesday the 24th.
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-25 23:59 v1")
		// Five calendar days after the 24th are Sunday the 29th, which moves on.
		five := deadline.Rows{Terms: []deadline.Rule{{Topic: lamp, Stage: deadline.Processing, Term: deadline.Term{Amount: 5, Unit: deadline.CalendarDays}}}}
		if err := loadRows(db, s, 1, five); err != nil {
			t.Fatal(err)
		}
		expect(t, promise(t, db, s, 1, lamp, deadline.Processing), "2026-11-30 23:59 v1")
	})
}

func TestRowsThatCannotBeRightAreRefused(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := ready(t, db)
		day := deadline.On(2026, 11, 24)
		for name, r := range map[string]deadline.Rows{
			"unit":           {Terms: []deadline.Rule{{Stage: deadline.Review, Term: deadline.Term{Amount: 1, Unit: "moon"}}}},
			"stage":          {Terms: []deadline.Rule{{Stage: "party", Term: deadline.Term{Amount: 1, Unit: deadline.Hours}}}},
			"year":           {Years: []deadline.Year{{Number: 26}}},
			"other country":  {Years: []deadline.Year{{Number: 2027, Country: "kz"}}},
			"override twice": {Overrides: []deadline.Override{{First: day, Last: day, Mark: deadline.Off}, {First: day, Last: day, Mark: deadline.Off}}},
		} {
			if kind := fault.KindOf(loadRows(db, s, 1, r)); kind != fault.Invalid {
				t.Errorf("%s: %v", name, kind)
			}
		}
		expect(t, promise(t, db, s, 1, lamp, deadline.Review), "2026-11-24 23:59 v1")
	})
}

func BenchmarkPromiseIn(b *testing.B) {
	db := kit.SQLite(b)
	places := place.New(db)
	placetest.Town(b, db, places, 1)
	s := deadline.New(db, places)
	if err := loadRows(db, s, 1, rows()); err != nil {
		b.Fatal(err)
	}
	err := db.View(context.Background(), func(tx *sqldb.Tx) error {
		for b.Loop() {
			if _, err := s.PromiseIn(tx, 1, lamp, tx.Now(), nil, deadline.Stages()...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
