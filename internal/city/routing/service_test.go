package routing_test

import (
	"context"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(place.Migrations(), routing.Migrations())

// route decides on a broken lift at a house.
func route(t *testing.T, db *sqldb.DB, s *routing.Service, city int64, house place.HouseID) routing.Decision {
	t.Helper()
	var d routing.Decision
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		at := place.Place{House: house, District: "west"}
		d, err = s.RouteIn(tx, city, topic.Topic{Ref: topic.Ref{ID: 30}, Category: 20, Object: 10}, at, tx.Now())
		return err
	}))
	return d
}

func load(t *testing.T, db *sqldb.DB, s *routing.Service, city, version int64, rules ...routing.Rule) {
	t.Helper()
	must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, city, version, rules) }))
}

func setup(t *testing.T, db *sqldb.DB) (*place.Service, *routing.Service) {
	places := place.New(db)
	placetest.Town(t, db, places, 1)
	placetest.Town(t, db, places, 2)
	return places, routing.New(db, places)
}

func TestHouseIsRoutedToItsManager(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		want(t, why(route(t, db, s, 1, 101)), " nobody")
		load(t, db, s, 1, 1,
			routing.Rule{ID: 1, Area: "town-1", Executor: "adm", Coordinator: "kom", Controller: "zhi", From: "2020-01-01"},
			routing.Rule{ID: 2, Object: 10, Executor: routing.Manager, Note: map[string]string{"ru": "Дом ведёт УК."}})
		d := route(t, db, s, 1, 101)
		want(t, string(d.Executor)+why(d)+d.Note["ru"], "uk-1 object city managerДом ведёт УК.")
		want(t, string(d.RunnerUp.Executor+d.RunnerUp.Coordinator+d.RunnerUp.Controller), "admkomzhi")
		want(t, string(route(t, db, s, 1, 102).Executor), "adm") // no manager known
		want(t, string(route(t, db, s, 1, 999).Executor), "adm") // no such house any more
		want(t, route(t, db, s, 2, 101).Missing, true)           // another city
	})
}

func TestRulesSwitchWithTheVersion(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		places, s := setup(t, db)
		ctx := context.Background()
		to := func(version int64) {
			must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return places.SwitchIn(tx, 1, version) }))
		}
		load(t, db, s, 1, 1, routing.Rule{ID: 1, Executor: "old"})
		load(t, db, s, 1, 2, routing.Rule{ID: 1, Executor: "new"})
		want(t, string(route(t, db, s, 1, 0).Executor), "old")
		to(2)
		want(t, string(route(t, db, s, 1, 0).Executor), "new")
		load(t, db, s, 1, 2, routing.Rule{ID: 1, Executor: "newer"})
		want(t, string(route(t, db, s, 1, 0).Executor), "newer")
		want(t, route(t, db, s, 1, 0).Version, 2)
		to(1)
		want(t, string(route(t, db, s, 1, 0).Executor), "old")
		forget := func(version int64) error {
			return db.Do(ctx, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, version) })
		}
		want(t, fault.KindOf(forget(1)), fault.Conflict)
		must(t, forget(2))
		to1 := route(t, db, s, 1, 0)
		want(t, string(to1.Executor), "old")
	})
}

func TestRulesThatCannotBeRightAreNotLoaded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			return s.Load(tx, 1, 2, []routing.Rule{
				{Executor: "a"},
				{ID: 2, Topic: 1, Object: 1, Executor: "a"},
				{ID: 3},
				{ID: 4, Executor: "a", From: "2026-02-30"},
				{ID: 5, Executor: "a"},
			})
		})
		got := ""
		for _, f := range fault.Of(err).Fields {
			got += f.Name + " " + f.Phrase + "; "
		}
		want(t, got, "row:1 routing.load_id; row:2 routing.load_topic; row:3 routing.load_executor; row:4 routing.load_day; ")
	})
}
