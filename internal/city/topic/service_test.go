package topic_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(place.Migrations(), topic.Migrations())

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

// tree is a small classifier; the order is not that of ids.
func tree() []topic.Topic {
	leaf := func(id, object, category topic.ID, names ...string) topic.Topic {
		return topic.Topic{
			Ref: topic.Ref{ID: id}, Object: object, ObjectName: topic.Name{"ru": names[0], "en": "House"},
			Category: category, CategoryName: topic.Name{"ru": names[1], "en": "Things"},
			Name: topic.Name{"ru": names[2], "en": names[3]}, Synonyms: topic.Name{"ru": names[4]},
			Widget: topic.OnBuilding, Evidence: topic.Photo, Open: true,
		}
	}
	lift := leaf(30, 1, 3, "Дом", "Лифт", "Неисправность лифта", "Lift out of order", "лифт стоит; застрял лифт")
	lift.Extras = []topic.Extra{{Name: "stairs", Required: true}}
	lift.SeasonFrom, lift.SeasonTo = "10-16", "04-15"
	cold := leaf(2, 1, 1, "Дом", "Отопление", "Холодно в подъезде", "Cold landing", "не топят в парадной")
	lamp := leaf(7, 3, 9, "Улица", "Освещение", "Не горит фонарь", "Street lamp is dark", "темно на улице")
	closed := leaf(8, 3, 9, "Улица", "Освещение", "Фонарь (старая)", "Lamp, old", "")
	closed.Open, closed.ReplacedBy = false, 7
	return []topic.Topic{lift, cold, lamp, closed}
}

func setup(t *testing.T, db *sqldb.DB) (*place.Service, *topic.Service) {
	places := place.New(db)
	placetest.Town(t, db, places, 1)
	placetest.Town(t, db, places, 2)
	s := topic.New(db)
	load(t, db, s, 1, tree()...)
	return places, s
}

func load(t *testing.T, db *sqldb.DB, s *topic.Service, version int64, topics ...topic.Topic) {
	t.Helper()
	must(t, db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, version, topics) }))
}

func find(t *testing.T, db *sqldb.DB, s *topic.Service, city int64, id topic.ID) (found topic.Topic, err error) {
	t.Helper()
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		found, err = s.FindIn(tx, city, id)
		return nil
	}))
	return found, err
}

func ids(topics []topic.Topic) string {
	var b strings.Builder
	for _, t := range topics {
		b.WriteString(" " + string(rune('0'+t.ID)))
	}
	return b.String()
}

func TestTopicIsReadAsItWasLoaded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		exp := tree()[0]
		exp.Version = 1
		got, err := find(t, db, s, 1, 30)
		must(t, err)
		if !reflect.DeepEqual(got, exp) {
			t.Errorf("got  %+v\nwant %+v", got, exp)
		}
		_, err = find(t, db, s, 1, 99)
		want(t, fault.KindOf(err), fault.Missing)
		_, err = find(t, db, s, 2, 30) // another city
		want(t, fault.KindOf(err), fault.Missing)
	})
}

func TestTreeKeepsTheOrderOfThePack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		load(t, db, s, 1, tree()[1:]...) // a slice comes twice
		open, err := s.Tree(context.Background(), 1)
		must(t, err)
		want(t, ids(open), " N 2 7")
		all, err := s.All(context.Background(), 1)
		must(t, err)
		want(t, ids(all), " N 2 7 8")
		none, err := s.Tree(context.Background(), 2)
		must(t, err)
		want(t, len(none), 0)
	})
}

func TestMessageKeepsTheVersionOfItsTopic(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		places, s := setup(t, db)
		ctx := context.Background()
		renamed := tree()[2]
		renamed.Name = topic.Name{"ru": "Фонарь не работает"}
		load(t, db, s, 2, renamed)
		name := func() string {
			got, err := find(t, db, s, 1, 7)
			must(t, err)
			return got.Name["ru"]
		}
		to := func(version int64) {
			must(t, db.Do(ctx, func(tx *sqldb.Tx) error { return places.SwitchIn(tx, 1, version) }))
		}
		want(t, name(), "Не горит фонарь")
		to(2)
		want(t, name(), "Фонарь не работает")
		must(t, db.View(ctx, func(tx *sqldb.Tx) error {
			old, err := s.AtIn(tx, 1, topic.Ref{ID: 7, Version: 1})
			must(t, err)
			want(t, old.Name["ru"], "Не горит фонарь")
			_, err = s.AtIn(tx, 1, topic.Ref{ID: 7, Version: 5})
			want(t, fault.KindOf(err), fault.Missing)
			return nil
		}))
		_, err := find(t, db, s, 1, 30)
		want(t, fault.KindOf(err), fault.Missing)
		to(1)
		want(t, name(), "Не горит фонарь")
		forget := func(version int64) error {
			return db.Do(ctx, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, version) })
		}
		want(t, fault.KindOf(forget(1)), fault.Conflict)
		must(t, forget(2))
		must(t, db.View(ctx, func(tx *sqldb.Tx) error {
			_, err := s.AtIn(tx, 1, topic.Ref{ID: 7, Version: 2})
			want(t, fault.KindOf(err), fault.Missing)
			return nil
		}))
	})
}

func TestTopicsAreFoundByTheWordsOfPeople(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for query, exp := range map[string]string{
			"лифт":                " N",
			"застряли в лифте":    " N",
			"фонари не горят":     " 7",
			"темно":               " 7",
			"фона":                " 7",
			"в парадной не топят": " 2",
			"дом":                 " N 2",
			"трамвай":             "",
			"старая":              "", // only in a closed one
			"":                    "",
			"?!":                  "",
			"трамвай пропал вообще": "",
		} {
			found, err := s.Search(context.Background(), 1, "ru", query)
			must(t, err)
			if got := ids(found); !strings.HasPrefix(got, exp) || exp == "" && got != "" {
				t.Errorf("%q: got %q, want %q", query, got, exp)
			}
		}
		found, err := s.Search(context.Background(), 1, "en", "dark lamp")
		must(t, err)
		want(t, ids(found), " 7")
		found, err = s.Search(context.Background(), 1, "kk", "лифт") // no names in it
		must(t, err)
		want(t, ids(found), " N")
	})
}

func TestTopicsThatCannotBeRightAreNotLoaded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		_, s := setup(t, db)
		for exp, change := range map[string]func(*topic.Topic){
			"topic.load_id":       func(t *topic.Topic) { t.Category = 0 },
			"topic.load_name":     func(t *topic.Topic) { t.Name = nil },
			"topic.load_widget":   func(t *topic.Topic) { t.Widget = "map" },
			"topic.load_evidence": func(t *topic.Topic) { t.Evidence = "song" },
			"topic.load_season":   func(t *topic.Topic) { t.SeasonTo = "" },
		} {
			bad := tree()[0]
			change(&bad)
			err := db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, 2, []topic.Topic{tree()[1], bad}) })
			want(t, fault.Of(err).Fields[0].Name+" "+fault.Of(err).Phrase, "row:2 "+exp)
		}
	})
}

func TestSeasonMayRunOverTheNewYear(t *testing.T) {
	t.Parallel()
	winter := tree()[0]
	for day, exp := range map[string]bool{"2026-10-15": false, "2026-10-16": true, "2026-12-31": true, "2027-04-15": true, "2027-04-16": false} {
		date, err := time.Parse(time.DateOnly, day)
		must(t, err)
		if winter.InSeason(date) != exp {
			t.Errorf("%s: %v", day, !exp)
		}
	}
}

func FuzzParseExtras(f *testing.F) {
	for _, seed := range []string{"", "stairs;floor", "apartment!;phone!", ";;", "roof"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		extras, err := topic.ParseExtras(s, nil)
		if err != nil {
			return
		}
		for _, e := range extras {
			if !strings.Contains(s, e.Name) {
				t.Errorf("%q gave %q", s, e.Name)
			}
		}
	})
}

func BenchmarkFind(b *testing.B) {
	db := kit.SQLite(b)
	places := place.New(db)
	placetest.Town(b, db, places, 1)
	s := topic.New(db)
	must(b, db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.Load(tx, 1, 1, tree()) }))
	must(b, db.View(context.Background(), func(tx *sqldb.Tx) error {
		for b.Loop() {
			if _, err := s.FindIn(tx, 1, 30); err != nil {
				return err
			}
		}
		return nil
	}))
}
