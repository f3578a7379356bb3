package org_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(place.Migrations(), org.Migrations())

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t *testing.T, got, exp T) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %v\nwant %v", got, exp)
	}
}

func sample() []org.Organisation {
	name := func(ru, en string) map[string]string { return map[string]string{"ru": ru, "en": en} }
	return []org.Organisation{
		{ID: "adm", Kind: org.Authority, Name: name("Администрация города", "City Administration"), INN: "0000017310", Phone: "2-10-00", Open: true},
		{ID: "adm-west", Kind: org.Authority, Name: name("Администрация Западного района", "Western District"), Parent: "adm", Open: true},
		{ID: "light", Kind: org.Institution, Name: name("Горсвет", "City Light"), Short: name("Горсвет", "Light"), Email: "light@town.example", Hours: "круглосуточно", Dispatcher: "2-10-05", Address: "пл. Торговая, 1", Open: true},
		{ID: "light-old", Kind: org.Institution, Name: name("Горсвет (до 2020)", "City Light, old")},
	}
}

func setup(t *testing.T, db *sqldb.DB) (*place.Service, *org.Service) {
	places := place.New(db)
	placetest.Town(t, db, places, 1)
	placetest.Town(t, db, places, 2)
	s := org.New(db)
	must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, 1, sample()) }))
	return places, s
}

func find(t *testing.T, db *sqldb.DB, s *org.Service, city int64, id org.ID) (found org.Organisation, err error) {
	t.Helper()
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		found, err = s.FindIn(tx, city, id)
		return nil
	}))
	return found, err
}

func ids(list []org.Organisation) string {
	var all []string
	for _, o := range list {
		all = append(all, string(o.ID))
	}
	return strings.Join(all, " ")
}

func TestOrganisationIsReadAsItWasLoaded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for _, exp := range sample() {
			got, err := find(t, db, s, 1, exp.ID)
			must(t, err)
			if !reflect.DeepEqual(got, exp) {
				t.Errorf("got  %+v\nwant %+v", got, exp)
			}
		}
		_, err := find(t, db, s, 1, "nobody")
		want(t, fault.KindOf(err), fault.Missing)
		_, err = find(t, db, s, 2, "adm") // another city
		want(t, fault.KindOf(err), fault.Missing)
	})
}

func TestSomeOrganisationsAreFoundTogetherAndTheForgottenLeftOut(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		var found map[org.ID]org.Organisation
		must(t, db.View(context.Background(), func(tx *sqldb.Tx) (err error) {
			found, err = s.SomeIn(tx, 1, []org.ID{"light-old", "nobody", "", "adm"})
			return err
		}))
		want(t, len(found), 2)
		want(t, found["adm"].Phone, "2-10-00")
		want(t, found["light-old"].Name["ru"], "Горсвет (до 2020)")
	})
}

func TestListIsNarrowed(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for exp, f := range map[string]org.Filter{
			"adm adm-west light":           {},
			"adm adm-west light light-old": {Closed: true},
			"adm adm-west":                 {Kind: org.Authority},
			"adm-west":                     {Parent: "adm"},
			"adm":                          {Limit: 1},
			"adm-west light":               {After: "adm", Limit: 2},
			"":                             {After: "light"},
		} {
			list, err := s.List(context.Background(), 1, f)
			must(t, err)
			want(t, ids(list), exp)
		}
	})
}

func TestSearchTakesTheBeginningsOfWords(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for query, exp := range map[string]string{
			"горсв":         "light light-old",
			"админ запад":   "adm-west",
			"City":          "adm light light-old",
			"0000017310":    "adm",
			"водоканал":     "",
			"":              "",
			"горсвет адм":   "",
			"администрация": "adm adm-west",
		} {
			found, err := s.Search(context.Background(), 1, query, 5)
			must(t, err)
			if got := ids(found); got != exp {
				t.Errorf("%q: got %q, want %q", query, got, exp)
			}
		}
		found, err := s.Search(context.Background(), 1, "горсвет", 1)
		must(t, err)
		want(t, ids(found), "light")
	})
}

func TestEditIsSeenAtOnceAndRolledBackWhole(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		places, s := setup(t, db)
		ctx, other := context.Background(), org.New(db) // another node
		phone := func(s *org.Service) string {
			o, err := find(t, db, s, 1, "adm")
			must(t, err)
			return o.Phone
		}
		want(t, phone(s)+phone(other), "2-10-002-10-00")
		o := sample()[0]
		o.Phone = "112"
		failure := errors.New("changed their mind")
		err := db.Do(ctx, func(tx *sqldb.Tx) error {
			must(t, s.SaveIn(tx, 1, o))
			got, err := s.FindIn(tx, 1, "adm")
			must(t, err)
			want(t, got.Phone, "112")
			return failure
		})
		want(t, errors.Is(err, failure), true)
		want(t, phone(s), "2-10-00")
		must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return s.SaveIn(tx, 1, o) }))
		want(t, phone(s)+phone(other), "112112")
		// The next pack brings its own text; going back brings the edit again.
		must(t, db.Do(ctx, func(tx *sqldb.Tx) error {
			must(t, s.Load(tx, 1, 2, sample()))
			return places.SwitchIn(tx, 1, 2)
		}))
		want(t, phone(s), "2-10-00")
		must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return places.SwitchIn(tx, 1, 1) }))
		want(t, phone(s), "112")
		forget := func(version int64) error {
			return db.Do(ctx, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, version) })
		}
		want(t, fault.KindOf(forget(1)), fault.Conflict)
		must(t, forget(2))
	})
}

func TestOrganisationThatCannotBeRightIsRefused(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for exp, change := range map[string]func(*org.Organisation){
			"id org.bad_id":         func(o *org.Organisation) { o.ID = "@manager" },
			"kind org.bad_kind":     func(o *org.Organisation) { o.Kind = "club" },
			"name org.bad_name":     func(o *org.Organisation) { o.Name = nil },
			"parent org.own_parent": func(o *org.Organisation) { o.Parent = o.ID },
			"parent org.no_parent":  func(o *org.Organisation) { o.Parent = "nobody" },
			"inn org.bad_inn":       func(o *org.Organisation) { o.INN = "12345678x0" },
		} {
			bad := sample()[1]
			change(&bad)
			err := db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.SaveIn(tx, 1, bad) })
			want(t, fault.Of(err).Fields[0].Name+" "+fault.Of(err).Phrase, exp)
		}
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, 2, make([]org.Organisation, 1)) })
		want(t, fault.Of(err).Fields[0].Name, "row:1")
	})
}

func TestShortNameIsTheOneInTheLanguage(t *testing.T) {
	t.Parallel()
	want(t, sample()[2].ShortName("en", "ru"), "Light")
	want(t, sample()[0].ShortName("kk", "ru"), "Администрация города")
	want(t, org.Organisation{ID: "x"}.ShortName("ru", "ru"), "x")
}
