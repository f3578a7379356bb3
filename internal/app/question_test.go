package app_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/sqldbtest"
)

func TestALetterWithAQuestionNamesItsTermAndNobody(t *testing.T) {
	t.Parallel()
	ctx, dir := context.Background(), t.TempDir()
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db"), "GOROD_DEMO=true"})
	must(t, err)
	a, err := app.Open(ctx, settings, slog.New(slog.DiscardHandler), app.Options{Clock: func() time.Time { return sqldbtest.Start }})
	must(t, err)
	defer a.Close()
	city, err := a.Demo(ctx, excerpt(t), app.Telling{Say: func(string) {}})
	must(t, err)
	machine := resident.Machine(city.ID)
	asked := int64(0)
	must(t, a.Problems.Keys(ctx, city.ID, 100, func(keys []int64) error {
		for _, key := range keys {
			card, err := a.Problems.FindByID(ctx, machine, key)
			if err != nil {
				return err
			}
			if asked == 0 && card.State.Status == problem.Moderation {
				asked = key
			}
		}
		return nil
	}))
	if asked == 0 {
		t.Fatal("nothing waits for a moderator")
	}
	_, err = a.Problems.Do(ctx, machine, problem.Order{Problem: asked, Command: problem.Ask{Text: "Где именно? Мастер Кудимов О.И., 8 911 555-66-77."}})
	must(t, err)
	card, err := a.Problems.FindByID(ctx, machine, asked)
	must(t, err)
	told, err := a.Notices.Subjects.Subject(ctx, city.ID, asked, card.State.Seq)
	must(t, err)
	if want := card.State.Until.Time(); told.Event != "asked" || told.Text != "Где именно? Мастер [имя скрыто], [телефон скрыт]." || !told.Due.Equal(want) || told.Due.Equal(card.State.Dues.Promised.Time()) {
		t.Errorf("%s is told with %v and %q, want %v", told.Event, told.Due, told.Text, want)
	}
}
