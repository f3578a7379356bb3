package pack_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), place.Migrations(), topic.Migrations(), org.Migrations(), resident.Migrations(),
	deadline.Migrations(), routing.Migrations(), pack.Migrations())

func read(t testing.TB, fsys fs.FS) (*pack.Pack, pack.Report) {
	t.Helper()
	p, r := pack.Read(fsys)
	if err := r.Err(); err != nil {
		t.Fatalf("%v:\n%s", err, all(r))
	}
	return p, r
}

// bring imports a pack and must succeed.
func bring(t testing.TB, s *pack.Service, fsys fs.FS) pack.Result {
	t.Helper()
	p, r := read(t, fsys)
	result, err := s.Import(t.Context(), p, r, nil)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// topicName tells which version is in force by the name of topic 8.
func topicName(t testing.TB, s *pack.Service, city int64) string {
	t.Helper()
	list, err := s.Topics.All(t.Context(), city)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range list {
		if one.ID == 8 {
			return one.Name["ru"]
		}
	}
	return ""
}

// renamed is the tiny pack with another name of topic 8 and another limit.
func renamed(name string) fs.FS {
	files := packtest.With("topics.csv", "Яма,", name+",")
	files["city.toml"] = packtest.With("city.toml", "messages_per_day = 10", "messages_per_day = 3")["city.toml"]
	return files
}

func states(t testing.TB, s *pack.Service, city int64) []pack.State {
	t.Helper()
	versions, err := s.Versions(t.Context(), city)
	if err != nil {
		t.Fatal(err)
	}
	var list []pack.State
	for _, v := range versions {
		list = append(list, v.State)
	}
	return list
}

func TestAVersionKeepsABoundedReport(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		files := packtest.Files()
		head, rows, _ := strings.Cut(string(files["examples.csv"].Data), "\n")
		var more strings.Builder
		for i := range pack.MaxProblems + 20 {
			fmt.Fprintf(&more, ",extra%d", i)
		}
		blank := strings.Repeat(",", pack.MaxProblems+20)
		files["examples.csv"] = &fstest.MapFile{Data: []byte(head + more.String() + "\n" + strings.ReplaceAll(strings.TrimSpace(rows), "\n", blank+"\n") + blank + "\n")}
		p, r := read(t, files)
		if r.Warnings != pack.MaxProblems+20 || r.More() != 0 {
			t.Fatalf("%d warnings, %d not listed", r.Warnings, r.More())
		}
		result, err := s.Import(t.Context(), p, r, nil)
		if err != nil {
			t.Fatal(err)
		}
		versions, err := s.Versions(t.Context(), result.City)
		if err != nil || len(versions[0].Report.Problems) != pack.MaxProblems || versions[0].Report.More() != 20 {
			t.Errorf("%d are kept, %v", len(versions[0].Report.Problems), err)
		}
	})
}

func TestTheFirstImportMakesACity(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		p, r := read(t, packtest.Files())
		heard := 0
		result, err := s.Import(t.Context(), p, r, func(done, total int) {
			if done < heard || done > total {
				t.Errorf("progress went from %d to %d of %d", heard, done, total)
			}
			heard = done
		})
		if err != nil {
			t.Fatal(err)
		}
		if result.Version != 1 || result.Unchanged || result.Rows == 0 || heard != result.Rows {
			t.Errorf("result: %+v, heard of %d rows", result, heard)
		}
		c, err := s.Places.CityByKey(t.Context(), "tiny")
		if err != nil {
			t.Fatal(err)
		}
		if c.ID != result.City || c.Version != 1 || c.Name["en"] != "Kroshkino" || c.Settings.MessagesPerDay != 10 {
			t.Errorf("city: %+v", c)
		}
		found, err := s.Places.Search(t.Context(), c.ID, "мостовая 2к1", 3)
		if err != nil || len(found) == 0 || found[0].House.ID != 102 {
			t.Errorf("found %v, %v", found, err)
		}
		everythingIsThere(t, db, s, c.ID)
	})
}

// everythingIsThere asks each owner for something of the tiny pack.
func everythingIsThere(t *testing.T, db *sqldb.DB, s *pack.Service, city int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		o, err := s.Organisations.FindIn(tx, city, "uk")
		if err != nil || o.INN != "7801000001" {
			t.Errorf("organisation %+v, %v", o, err)
		}
		one, err := s.Topics.FindIn(tx, city, 8)
		if err != nil {
			return err
		}
		d, err := s.Routes.RouteIn(tx, city, one, place.Place{House: 101, District: "north"}, sqldbtest.Start)
		if err != nil || d.Executor != "uk" || d.Rule != 2 {
			t.Errorf("decision %+v, %v", d, err)
		}
		promise, err := s.Deadlines.PromiseIn(tx, city, deadline.TopicKey{ID: "8", Category: "2", Object: "1"}, sqldbtest.Start, nil, deadline.Processing)
		if err != nil || !promise.Known() {
			t.Errorf("promise %+v, %v", promise, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheSameContentAgainChangesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		bring(t, s, packtest.Files())
		again := bring(t, s, packtest.Files())
		if !again.Unchanged || again.Version != 1 || again.Rows != 0 {
			t.Errorf("result: %+v", again)
		}
		if got := states(t, s, again.City); !slices.Equal(got, []pack.State{pack.Current}) {
			t.Errorf("versions: %v", got)
		}
	})
}

func TestANewPackBecomesAVersionThatCanBeTakenBack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		city := bring(t, s, packtest.Files()).City
		second := bring(t, s, renamed("Провал"))
		wants := []pack.Change{{Kind: "city", Changed: 1}, {Kind: "topics", Changed: 1}}
		if second.Version != 2 || !slices.Equal(second.Changes, wants) {
			t.Errorf("result: %+v", second)
		}
		inForce := func(name string, limit int, want ...pack.State) {
			t.Helper()
			c, err := s.Places.CityByKey(t.Context(), "tiny")
			if err != nil {
				t.Fatal(err)
			}
			if got := topicName(t, s, city); got != name || c.Settings.MessagesPerDay != limit {
				t.Errorf("topic %s, limit %d; want %s, %d", got, c.Settings.MessagesPerDay, name, limit)
			}
			if got := states(t, s, city); !slices.Equal(got, want) {
				t.Errorf("versions: %v, want %v", got, want)
			}
		}
		inForce("Провал", 3, pack.Current, pack.Previous)
		if version, err := s.Back(t.Context(), city); err != nil || version != 1 {
			t.Errorf("back to %d, %v", version, err)
		}
		inForce("Яма", 10, pack.Previous, pack.Current)
		if _, err := s.Back(t.Context(), city); !errors.Is(err, fault.Missing) {
			t.Errorf("back before the first: %v", err)
		}
		if err := s.Switch(t.Context(), city, 2); err != nil {
			t.Error(err)
		}
		inForce("Провал", 3, pack.Current, pack.Previous)
		if err := s.Switch(t.Context(), city, 2); err != nil {
			t.Errorf("switch to what is in force: %v", err)
		}
		if err := s.Switch(t.Context(), city, 9); !errors.Is(err, fault.Missing) {
			t.Errorf("switch to nowhere: %v", err)
		}
		inForce("Провал", 3, pack.Current, pack.Previous)
	})
}

func TestADryRunCountsAndChangesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		p, _ := read(t, packtest.Files())
		changes, err := s.Diff(t.Context(), p)
		if err != nil || !slices.Contains(changes, pack.Change{Kind: "houses", Added: 2}) {
			t.Errorf("a new city: %v, %v", changes, err)
		}
		if cities, err := s.Places.Cities(t.Context()); err != nil || len(cities) != 0 {
			t.Errorf("a dry run made %v, %v", cities, err)
		}
		bring(t, s, packtest.Files())
		files := packtest.With("houses.csv", "102,", "103,")
		files["routing.csv"] = packtest.With("routing.csv", "102", "103")["routing.csv"]
		p, _ = read(t, files)
		changes, err = s.Diff(t.Context(), p)
		want := []pack.Change{{Kind: "houses", Added: 1, Removed: 1}, {Kind: "routes", Changed: 1}}
		if err != nil || !slices.Equal(changes, want) {
			t.Errorf("changes: %v, %v; want %v", changes, err, want)
		}
	})
}

func TestAnImportThatBreaksOffLeavesTheOldVersionAndIsCleaned(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		city := bring(t, s, packtest.Files()).City
		p, r := read(t, renamed("Провал"))
		for slice := 1; ; slice++ {
			ctx, stop := context.WithCancel(t.Context())
			n := 0
			_, err := s.Import(ctx, p, r, func(int, int) {
				if n++; n == slice {
					stop()
				}
			})
			stop()
			if err == nil {
				break // more slices were asked for than there are
			}
			if got := topicName(t, s, city); got != "Яма" {
				t.Fatalf("stopped after slice %d: topic %s", slice, got)
			}
			if slice > 100 {
				t.Fatal("never ends")
			}
		}
		if got := topicName(t, s, city); got != "Провал" {
			t.Errorf("topic %s", got)
		}
		got := states(t, s, city)
		if len(got) < 10 || got[0] != pack.Current || got[len(got)-1] != pack.Previous {
			t.Errorf("versions: %v", got)
		}
		nothingIsLeft(t, db, got)
	})
}

// nothingIsLeft looks for rows of abandoned versions in every table that has
// versions.
func nothingIsLeft(t *testing.T, db *sqldb.DB, newestFirst []pack.State) {
	t.Helper()
	tables := []string{
		"city_area", "house", "city_street", "city_object", "topic", "organisation", "routing_rule", "term", "calendar_year", "dictionary",
		"pack_print", "pack_text", "pack_clause", "pack_template", "pack_step", "pack_example", "pack_layer",
	}
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		for _, table := range tables {
			for i, state := range newestFirst {
				n, err := sqldb.One(tx, sqldb.Int, "SELECT COUNT(*) FROM "+table+" WHERE version = $1", len(newestFirst)-i)
				if err != nil {
					return err
				}
				if (n == 0) != (state == pack.Abandoned) {
					t.Errorf("%s has %d rows of version %d, which is %s", table, n, len(newestFirst)-i, state)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOfTwoImportsAtATimeTheLaterWins(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		city := bring(t, s, packtest.Files()).City
		p, r := read(t, renamed("Провал"))
		once := false
		_, err := s.Import(t.Context(), p, r, func(int, int) {
			if !once {
				once = true
				bring(t, s, renamed("Дыра"))
			}
		})
		if !errors.Is(err, fault.Conflict) {
			t.Errorf("the earlier import: %v", err)
		}
		if got := topicName(t, s, city); got != "Дыра" {
			t.Errorf("topic %s", got)
		}
		nothingIsLeft(t, db, states(t, s, city)) // the earlier one wrote nothing after it was overtaken
	})
}

func TestAPackWithErrorsIsRefused(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		p, r := pack.Read(packtest.With("topics.csv", "near", "far"))
		if _, err := s.Import(t.Context(), p, r, nil); !errors.Is(err, fault.Invalid) {
			t.Errorf("import: %v", err)
		}
		if cities, err := s.Places.Cities(t.Context()); err != nil || len(cities) != 0 {
			t.Errorf("cities %v, %v", cities, err)
		}
	})
}

func TestTwoCitiesInOneDatabaseDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		one := bring(t, s, packtest.Files()).City
		files := packtest.With("city.toml", `id = "tiny"`, `id = "small"`)
		files["topics.csv"] = packtest.With("topics.csv", "Яма,", "Провал,")["topics.csv"]
		files["clauses.csv"] = packtest.With("clauses.csv", "2.1", "7.1")["clauses.csv"]
		other := bring(t, s, files).City
		if one == other {
			t.Fatal("both cities have one number")
		}
		if a, b := topicName(t, s, one), topicName(t, s, other); a != "Яма" || b != "Провал" {
			t.Errorf("topics %s and %s", a, b)
		}
		clauses, err := s.Clauses(t.Context(), one)
		if err != nil || clauses[0].Code != "2.1" {
			t.Errorf("clauses %v, %v", clauses, err)
		}
		if _, err := s.Back(t.Context(), other); !errors.Is(err, fault.Missing) {
			t.Errorf("back in a city of one version: %v", err)
		}
	})
}

func TestTextsAndListsAreThereForPages(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		files := packtest.Files()
		delete(files, "texts/about.en.md")
		city := bring(t, s, files).City
		ctx := t.Context()
		rules, err := s.TextOf(ctx, city, "rules", "en")
		if err != nil || rules.Lang != "en" || rules.Body != "# Rules\n" {
			t.Errorf("rules: %+v, %v", rules, err)
		}
		about, err := s.TextOf(ctx, city, "about", "en")
		if err != nil || about.Lang != "ru" || about.Body != "# О Крошкине\n" {
			t.Errorf("a text without a translation: %+v, %v", about, err)
		}
		if _, err := s.TextOf(ctx, city, "consent/nothing", "ru"); !errors.Is(err, fault.Missing) {
			t.Errorf("a text that is not there: %v", err)
		}
		templates, err := s.Templates(ctx, city, topic.Topic{Ref: topic.Ref{ID: 8}, Category: 2, Object: 1})
		if err != nil || len(templates) != 2 || templates[0].ID != "hole" {
			t.Errorf("templates: %v, %v", templates, err)
		}
		steps, err := s.NextSteps(ctx, city, "emergency")
		if err != nil || len(steps) != 1 || steps[0].Value != "112" {
			t.Errorf("next steps: %v, %v", steps, err)
		}
		layers, err := s.Layers(ctx, city)
		if err != nil || !slices.Equal(layers, []string{"buildings", "roads"}) {
			t.Errorf("layers: %v, %v", layers, err)
		}
		body, err := s.BaseMap(ctx, city, "roads")
		if err != nil || !json.Valid(body) || string(body) != string(files["base/roads.geojson"].Data) {
			t.Errorf("roads: %s, %v", body, err)
		}
		if _, err := s.BaseMap(ctx, city, "sea"); !errors.Is(err, fault.Missing) {
			t.Errorf("a layer that is not there: %v", err)
		}
		clausesAndExamples(t, db, s, city)
	})
}

func clausesAndExamples(t *testing.T, db *sqldb.DB, s *pack.Service, city int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *sqldb.Tx) error {
		c, err := s.ClauseIn(tx, city, "4.1")
		if err != nil || c.Next != "appeal" || c.Short["en"] != "Not the city" {
			t.Errorf("clause: %+v, %v", c, err)
		}
		if _, err := s.ClauseIn(tx, city, "9.9"); !errors.Is(err, fault.Missing) {
			t.Errorf("a clause that is not there: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	first, err := s.Examples(t.Context(), city, 0, 1)
	if err != nil || len(first) != 1 || first[0].Topic != 8 {
		t.Fatalf("examples: %v, %v", first, err)
	}
	rest, err := s.Examples(t.Context(), city, first[0].ID, 10)
	if err != nil || len(rest) != 1 || rest[0].Text != "Темно, фонарь не горит" {
		t.Errorf("examples: %v, %v", rest, err)
	}
	before, err := s.Edition(t.Context(), city)
	if err != nil || !before.Loaded() {
		t.Errorf("edition %+v, %v", before, err)
	}
	bring(t, s, renamed("Провал"))
	if after, err := s.Edition(t.Context(), city); err != nil || after == before {
		t.Errorf("edition stayed %+v, %v", after, err)
	}
}

func TestEverySwitchIsTold(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		bus := &event.Bus{}
		bus.On(pack.Switched, "learn")
		s := packtest.Service(db, bus, nil)
		city := bring(t, s, packtest.Files()).City
		bring(t, s, packtest.Files())
		bring(t, s, renamed("Провал"))
		err := db.View(t.Context(), func(tx *sqldb.Tx) error {
			n, err := sqldb.One(tx, sqldb.Int, "SELECT COUNT(*) FROM job WHERE city = $1 AND kind = 'learn'", city)
			if n != 2 {
				t.Errorf("%d jobs for two switches", n)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestPeopleOfThePackGetAccountsOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, residenttest.Service(db, nil))
		city := bring(t, s, packtest.Files()).City
		p, _ := read(t, packtest.Files())
		for i, want := range []int{2, 0} {
			if n, err := s.LoadPeople(t.Context(), city, p.People, resident.DemoPassword{}); err != nil || n != want {
				t.Errorf("time %d: %d accounts, %v", i+1, n, err)
			}
		}
	})
}

func TestTheInventedTownIsImported(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		c := packtest.Import(t, s, os.DirFS(town))
		if again := bring(t, s, os.DirFS(town)); !again.Unchanged {
			t.Errorf("again: %+v", again)
		}
		tree, err := s.Topics.Tree(t.Context(), c.ID)
		if err != nil || len(tree) < 190 {
			t.Errorf("%d topics, %v", len(tree), err)
		}
	})
}

// A version that an earlier Gorod has loaded lacks what only this one reads: the
// same pack again brings it.
func TestAnUnchangedPackIsLoadedAgainAfterAnUpgrade(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := packtest.Service(db, nil, nil)
		first := bring(t, s, packtest.Files())
		err := db.Do(t.Context(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE pack_version SET hash = substr(hash, 3) WHERE city = $1`, first.City)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if v, err := s.Versions(t.Context(), first.City); err != nil || !v[0].Stale() {
			t.Errorf("nobody sees that the version is old: %+v, %v", v, err)
		}
		again := bring(t, s, packtest.Files())
		if again.Unchanged || again.Version == first.Version {
			t.Errorf("the pack was not loaded again: %+v", again)
		}
		v, err := s.Versions(t.Context(), first.City)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range v {
			if one.State == pack.Current && one.Stale() {
				t.Error("the new version is old too")
			}
		}
		if third := bring(t, s, packtest.Files()); !third.Unchanged {
			t.Errorf("a second import changes something: %+v", third)
		}
	})
}
