package app_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// tinyTown opens a city of the tiny pack under a clock.
func tinyTown(t *testing.T, clock func() time.Time) (*app.App, place.City) {
	t.Helper()
	dir := t.TempDir()
	settings, err := conf.Load("", []string{"GOROD_DATABASE=" + filepath.Join(dir, "gorod.db")})
	must(t, err)
	a, err := app.Open(t.Context(), settings, slog.New(slog.DiscardHandler), app.Options{Clock: clock})
	must(t, err)
	t.Cleanup(func() { must(t, a.Close()) })
	p, report := pack.Read(packtest.Files())
	_, err = a.ImportPack(t.Context(), p, report, resident.DemoPassword{}, nil)
	must(t, err)
	city, err := a.City(t.Context(), "")
	must(t, err)
	return a, city
}

func TestTheDoctorWarnsInNovemberAndIsAlarmedInDecember(t *testing.T) {
	t.Parallel()
	var now time.Time
	now = time.Date(2026, time.October, 31, 9, 0, 0, 0, time.UTC)
	a, _ := tinyTown(t, func() time.Time { return now })
	for _, day := range []struct {
		month, day int
		warn, sick bool
	}{{10, 31, false, false}, {11, 1, true, false}, {11, 30, true, false}, {12, 1, false, true}, {13, 5, false, true}} {
		now = time.Date(2026, time.Month(day.month), day.day, 9, 0, 0, 0, time.UTC)
		list := a.Examine(t.Context())
		i := slices.IndexFunc(list, func(f app.Finding) bool { return f.Part == "tiny calendar" })
		if i < 0 || list[i].Warn != day.warn || list[i].Sick != day.sick || strings.Contains(list[i].Says, "2027 is missing") != (day.warn || day.sick) {
			t.Errorf("on %s the doctor says %+v", now.Format(time.DateOnly), list)
		}
	}
}

func TestAnErasureTakesAllThatTheSenderLeft(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	now := time.Date(2026, time.November, 20, 9, 0, 0, 0, time.UTC)
	a, city := tinyTown(t, func() time.Time { return now })
	guest := resident.Who{City: city.ID}
	sent, err := a.Problems.Do(ctx, guest, problem.Order{Key: "a-key-of-a-form-that-is-long-enough", Command: problem.Send{
		Topic: 9, Text: "Темно у дома, звоните", Place: place.Draft{Point: geo.Point{Lat: 60.06, Lon: 30.05}, Mark: place.FreePoint},
		Contact: problem.Contact{Phone: "+79213456789", Stairs: "1", Language: "ru"},
	}, With: func(tx *sqldb.Tx, key int64) error {
		text, err := a.Residents.ConsentText(ctx, city.ID, "contact", "ru", "ru")
		if err != nil {
			return err
		}
		_, err = a.Residents.ConsentIn(tx, resident.Who{City: city.ID, Problem: key}, resident.Agreement{Purpose: "contact", Language: "ru", Version: text.Version},
			resident.From{Address: "192.0.2.7"})
		return err
	}})
	must(t, err)
	for _, reason := range []string{"", " ", "two\nlines", strings.Repeat("a", 201), "anna@example.org"} {
		if _, err := a.Erase(ctx, city, sent.Number, reason); !errors.Is(err, fault.Invalid) {
			t.Errorf("the reason %q gave %v", reason, err)
		}
	}
	if _, err := a.Erase(ctx, city, sent.Number+1, "request 51"); !errors.Is(err, fault.Missing) {
		t.Errorf("a problem that is not there gave %v", err)
	}
	done, err := a.Erase(ctx, city, sent.Number, "request 51 of 12.11.2026")
	if err != nil || done != (app.Erased{Texts: 1, Contact: true}) {
		t.Fatalf("erased %+v, %v", done, err)
	}
	machine := resident.Machine(city.ID)
	card, err := a.Problems.Find(ctx, machine, sent.Number)
	must(t, err)
	if left := fmt.Sprintf("%+v %+v", card.Feed, card.Contact); strings.Contains(left, "звоните") || strings.Contains(left, "345") || !card.State.Erased {
		t.Errorf("left is %s", left)
	}
	consents, err := a.Residents.Consents(ctx, resident.Who{City: city.ID, Problem: sent.Problem})
	must(t, err)
	for _, c := range consents {
		if c.Address != "" {
			t.Errorf("the consent still has the address: %+v", c)
		}
	}
	if again, err := a.Erase(ctx, city, sent.Number, "request 51 of 12.11.2026"); err != nil || again != (app.Erased{Before: true}) {
		t.Errorf("again: %+v, %v", again, err)
	}
	log, err := a.Residents.Audit(ctx, machine, resident.AuditFilter{Action: resident.DataErased})
	if err != nil || len(log) != 1 || log[0].Act.Object != fmt.Sprintf("problem:%d", sent.Number) || log[0].Act.Detail != "reason=request 51 of 12.11.2026" {
		t.Errorf("the log says %+v, %v", log, err)
	}
}
