package story

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(problemtest.Schema()...)

func player(t *testing.T, db *sqldb.DB) (*Player, *problemtest.Town) {
	t.Helper()
	town := problemtest.New(t, db)
	city, err := town.Places.CityByKey(context.Background(), "test")
	must(t, err)
	return &Player{City: city, Problems: town.Service, Photos: fstest.MapFS{}, Staff: map[string]resident.Person{
		"vera": {ID: 1, Staff: true, Login: "vera", Name: "Вера", Roles: []resident.Role{resident.Moderator}},
		"petr": {ID: 2, Staff: true, Login: "petr", Name: "Пётр", Org: "light", Roles: []resident.Role{resident.Executor}, Position: map[string]string{"ru": "мастер"}},
	}}, town
}

// sceneOf is a message about a lamp, so many days ago at ten, and what follows.
func sceneOf(key string, day int, then ...pack.Act) pack.Scene {
	return pack.Scene{Key: key, Day: day, Time: "10:00", Text: "Темно: " + key, Topic: problemtest.Lamp,
		Lat: problemtest.Square.Lat, Lon: problemtest.Square.Lon, Mark: place.FreePoint, Then: then}
}

func act(after, do, by string) pack.Act {
	return pack.Act{After: after, Do: do, By: by, Text: "Слова"}
}

// played gives the states of all problems, the first sent first.
func played(t *testing.T, town *problemtest.Town) []problem.State {
	t.Helper()
	var list []problem.State
	must(t, town.Keys(context.Background(), problemtest.City, 100, func(keys []int64) error {
		return town.DB.View(context.Background(), func(tx *sqldb.Tx) error {
			for _, key := range keys {
				s, _, err := town.PeekIn(tx, problemtest.City, key)
				if err != nil {
					return err
				}
				list = append(list, s)
			}
			return nil
		})
	}))
	return list
}

func TestAStoryIsPlayedInTheOrderOfTimeUpToNow(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		p, town := player(t, db)
		var moments []time.Time
		p.Between = func(_ context.Context, at time.Time) error { moments = append(moments, at); return nil }
		whole := sceneOf("whole", -10, act("16h", "accept", "vera"), act("2d", "interim", "petr"), act("1h", "pass", "vera"),
			act("2d", "answer", "petr"), act("2h", "pass", "vera"), act("1h", "confirm", "anna"))
		whole.Joined = 2
		whole.Then[1].PlannedIn = "3d"
		disputed := sceneOf("disputed", -9, act("16h", "accept", "vera"), act("1d", "answer", "petr"), act("2h", "pass", "vera"),
			act("1h", "dispute", "boris"))
		waiting := sceneOf("waiting", -1, act("20d", "accept", "vera"))
		later := sceneOf("later", 0)
		later.Time = "23:30" // now is 18:42
		n, refused, err := p.Play(context.Background(), []pack.Scene{waiting, later, disputed, whole}, sqldbtest.Start)
		must(t, err)
		states := played(t, town)
		if n != 15 || len(refused) > 0 || len(states) != 3 {
			t.Fatalf("played %d steps of %d problems, refused %v", n, len(states), refused)
		}
		if !slices.IsSortedFunc(moments, time.Time.Compare) || len(moments) != n {
			t.Errorf("moments %v", moments)
		}
		first := states[0]
		if first.Status != problem.Confirmed || first.Joined != 2 || first.Created.Time().Format("2006-01-02 15:04") != "2026-11-10 07:00" ||
			!first.Answers[0].Interim || first.Answers[0].Planned.Time().Format("01-02") != "11-15" {
			t.Errorf("the whole scene: %+v", first)
		}
		if states[1].Status != problem.Moderation || len(states[1].Messages) != 2 || states[2].Status != problem.Moderation {
			t.Errorf("disputed %s with %d messages, waiting %s", states[1].Status, len(states[1].Messages), states[2].Status)
		}
		if _, flaws, err := town.Verify(context.Background(), problemtest.City, nil); err != nil || len(flaws) > 0 {
			t.Errorf("%v, flaws %v", err, flaws)
		}
	})
}

func TestARefusedStepEndsItsSceneAlone(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		p, town := player(t, db)
		hasty := sceneOf("hasty", -5, act("1h", "confirm", "anna"), act("1h", "accept", "vera"))
		calm := sceneOf("calm", -4, act("1h", "accept", "vera"))
		n, refused, err := p.Play(context.Background(), []pack.Scene{hasty, calm}, sqldbtest.Start)
		must(t, err)
		if n != 3 || len(refused) != 1 || !errors.Is(refused[0], fault.Closed) || !strings.Contains(refused[0].Error(), "scene hasty, confirm") {
			t.Fatalf("played %d, refused %v", n, refused)
		}
		if s := played(t, town); s[0].Status != problem.Moderation || s[1].Status != problem.Work {
			t.Errorf("hasty %s, calm %s", s[0].Status, s[1].Status)
		}
	})
}

func TestAStoryThatMakesNoSenseIsNotPlayed(t *testing.T) {
	t.Parallel()
	late, photo := sceneOf("bad", -1), sceneOf("bad", -1)
	late.Time = "25:00"
	photo.Photos = []string{"nothing.jpg"}
	for name, tt := range map[string]struct {
		scene pack.Scene
		want  string
	}{
		"no time of the day": {late, "25:00"},
		"no wait":            {sceneOf("bad", -1, act("soon", "accept", "vera")), "step 1"},
		"nobody's login":     {sceneOf("bad", -1, act("1h", "accept", "nobody")), "nobody"},
		"no such step":       {sceneOf("bad", -1, act("1h", "dance", "vera")), "dance"},
		"no planned date":    {sceneOf("bad", -1, act("1h", "interim", "petr")), "planned_in"},
		"no such photo":      {photo, "nothing.jpg"},
	} {
		p, _ := player(t, kit.SQLite(t))
		_, _, err := p.Play(context.Background(), []pack.Scene{tt.scene}, sqldbtest.Start)
		if err == nil || !strings.Contains(err.Error(), "scene bad") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
