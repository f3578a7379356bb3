package problem_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/platform/sqldb"
)

func TestProblemsOfAnObjectAreFoundAtIt(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		must(t, town.DB.Do(ctx, func(tx *sqldb.Tx) error {
			return town.Places.LoadObjects(tx, problemtest.City, 1, []place.Object{{ID: "lamp-1", Kind: "lamp", Number: "Л-001", Point: problemtest.Square}})
		}))
		m := problemtest.Message()
		m.Place.Object = "lamp-1"
		numbers := func(list []problem.Item, err error) string {
			must(t, err)
			said := ""
			for _, it := range list {
				said += fmt.Sprint(it.State.Number, " ", it.State.Place.Object, "; ")
			}
			return said
		}
		expect := func(open, all string) {
			t.Helper()
			if got := numbers(town.AtObject(ctx, problemtest.City, "lamp-1")); got != open {
				t.Errorf("open: %q, want %q", got, open)
			}
			if got := numbers(town.OfObject(ctx, problemtest.City, "lamp-1")); got != all {
				t.Errorf("all: %q, want %q", got, all)
			}
		}
		first := town.Give(t, problemtest.Anna, 0, m)
		town.Clock.Pass(time.Hour)
		town.Give(t, problemtest.Moderator, town.Give(t, problemtest.Guest, 0, problemtest.Message()).Problem, problem.Accept{})
		expect("", "") // not moderated yet, and another one without an object
		town.Give(t, problemtest.Moderator, first.Problem, problem.Accept{})
		second := town.Give(t, problemtest.Boris, 0, m)
		town.Give(t, problemtest.Moderator, second.Problem, problem.Accept{})
		a, b := fmt.Sprint(first.Number, " lamp-1; "), fmt.Sprint(second.Number, " lamp-1; ")
		expect(b+a, b+a)
		town.Give(t, problemtest.Electrican, first.Problem, problemtest.Signed("Заменили лампу"))
		town.Give(t, problemtest.Moderator, first.Problem, problem.Pass{})
		town.Give(t, problemtest.Anna, first.Problem, problem.Confirm{})
		expect(b, b+a)
		if got := numbers(town.AtObject(ctx, problemtest.City, "")); got != "" {
			t.Errorf("no object has %q", got)
		}
	})
}
