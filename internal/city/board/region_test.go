package board_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// lives gives invented rows fates of all kinds, as uneven as the keys.
const lives = `
	UPDATE board_fact SET
		took = (problem * 7919 % 10007) % 37, on_time = (problem * 7919 % 10009) % 3 - 1, checked = (problem * 7919 % 10037) % 9 - 1,
		disputed = (problem * 7919 % 10039) % 2, visible = CASE WHEN (problem * 7919 % 10061) % 8 = 0 THEN 0 ELSE 1 END,
		answered_day = CASE WHEN late = 1 OR (problem * 7919 % 10067) % 4 = 0 THEN 0 ELSE created_day + (problem * 7919 % 10007) % 37 END,
		due = created + (problem * 7919 % 10069) % 40 * 86400000000,
		ending = CASE (problem * 7919 % 10079) % 6 WHEN 0 THEN 'confirmed' WHEN 1 THEN 'controlled' WHEN 2 THEN 'silent' WHEN 3 THEN 'rejected' ELSE '' END,
		municipality = CASE WHEN district = 'east' AND municipality = 'm1' THEN '' WHEN municipality = 'm3' THEN district || '-3' ELSE municipality END`

func TestFiguresOfAnAreaAreThoseOfTheStatistics(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		b.inventOver(t, 3000, 4*time.Hour)
		must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(lives)
			return err
		}))
		for _, days := range [][2]int{{0, 10}, {-30, 0}, {-90, 1}, {-365, 1}, {-200, -100}, {-1000, -900}} {
			zone := time.FixedZone("MSK", 3*3600)
			y, m, d := b.DB.Now().In(zone).Date()
			from, to := time.Date(y, m, d+days[0], 0, 0, 0, 0, zone), time.Date(y, m, d+days[1], 0, 0, 0, 0, zone)
			city, err := b.board.Statistics(ctx, problemtest.City, from, to)
			must(t, err)
			table, err := b.board.RegionTable(ctx, problemtest.City, from, to)
			must(t, err)
			if len(table.Districts) != len(city.ByDistrict) {
				t.Errorf("%v: %d districts of %d", days, len(table.Districts), len(city.ByDistrict))
			}
			topics := map[topic.ID]counted{}
			for district, want := range city.ByDistrict {
				one, err := b.board.RegionStatistics(ctx, problemtest.City, board.Region{District: district}, from, to)
				must(t, err)
				if figures(one.All) != figures(want) || figures(table.Districts[district]) != figures(want) || one.All.Checked != want.Checked {
					t.Errorf("%v, %s:\nregion %+v\n table %+v\n  want %+v", days, district, figures(one.All), figures(table.Districts[district]), figures(want))
				}
				for id, f := range one.ByTopic {
					topics[id] = plus(topics[id], figures(f))
				}
			}
			for id, f := range city.ByTopic {
				if got, want := topics[id], plus(counted{}, figures(f)); got != want {
					t.Errorf("%v, topic %d: %+v of all districts, want %+v", days, id, got, want)
				}
			}
			parts := counted{}
			for area, f := range table.Municipalities {
				one, err := b.board.RegionStatistics(ctx, problemtest.City, board.Region{Municipality: area}, from, to)
				must(t, err)
				if figures(one.All) != figures(f) {
					t.Errorf("%v, %s: alone %+v, in the table %+v", days, area, figures(one.All), figures(f))
				}
				parts = plus(parts, figures(f))
			}
			if all := city.All.Received; all > 100 && (parts.Received >= all || parts.Received <= all/2) {
				t.Errorf("%v: municipalities hold %d of %d", days, parts.Received, all)
			}
		}
	})
}

// plus adds what can be added: medians cannot.
func plus(a, b counted) counted {
	return counted{a.Received + b.Received, a.Answered + b.Answered, a.OnTime + b.OnTime, a.Promised + b.Promised, a.Confirmed + b.Confirmed,
		a.Controlled + b.Controlled, a.Silent + b.Silent, a.Disputed + b.Disputed, a.Rejected + b.Rejected, a.OverdueNow + b.OverdueNow, 0, 0}
}

func TestMonthsOfAnAreaAreThoseOfTheStatistics(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		ctx := context.Background()
		year(t, b)
		b.inventOver(t, 1000, 9*time.Hour)
		here, err := b.Places.CityByKey(ctx, "test")
		must(t, err)
		months, err := b.board.RegionMonths(ctx, here, board.Region{District: "west"}, b.DB.Now(), 12)
		must(t, err)
		if len(months) != 12 || months[11].From.Month() != time.December {
			t.Fatalf("%d months, the last from %v", len(months), months[len(months)-1].From)
		}
		for _, m := range months {
			st, err := b.board.Statistics(ctx, problemtest.City, m.From, m.From.AddDate(0, 1, 0))
			must(t, err)
			if want := st.ByDistrict["west"]; m.Received != want.Received || m.Answered != want.Answered {
				t.Errorf("%s: %d and %d, want %d and %d", m.From.Month(), m.Received, m.Answered, want.Received, want.Answered)
			}
		}
	})
}

func TestAnAreaNobodyWroteFromHasNoFigures(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		from, to := month(time.November, 20, time.December, 12)
		st, err := b.board.RegionStatistics(context.Background(), problemtest.City, board.Region{Municipality: "nowhere"}, from, to)
		must(t, err)
		if got := figures(st.All); got != (counted{Median: -1, Checked: -1}) || len(st.ByTopic) != 0 {
			t.Errorf("%+v, %d topics", got, len(st.ByTopic))
		}
	})
}

func TestFiguresOfAnAreaAreReadFromTheirIndexes(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		b.invent(t, 6000)
		must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
			plans, err := board.PlansOfRegion(tx, problemtest.City, board.Region{District: "west", Municipality: "m1"})
			for i, index := range []string{"board_region_", "board_region_", "board_region_received", "board_region_answered", "board_late"} {
				if !strings.Contains(plans[i], index) {
					t.Errorf("not by %s:\n%s", index, plans[i])
				}
			}
			return err
		}))
	})
}

func TestFiguresOfAnAreaAreShownAgainForAMinute(t *testing.T) {
	each(t, func(t *testing.T, b *bench) {
		from, to := month(time.November, 1, time.December, 1)
		received := func() [2]int {
			st, err := b.board.RegionStatistics(context.Background(), problemtest.City, board.Region{District: "west"}, from, to)
			must(t, err)
			table, err := b.board.RegionTable(context.Background(), problemtest.City, from, to)
			must(t, err)
			return [2]int{st.All.Received, table.Districts["west"].Received}
		}
		before := received()
		b.open(t, lamp("Темно"))
		b.drain(t)
		again := received()
		b.Clock.Pass(61 * time.Second)
		if after := received(); before != [2]int{} || again != [2]int{} || after != [2]int{1, 1} {
			t.Errorf("received %d, at once %d, a minute later %d", before, again, after)
		}
	})
}
