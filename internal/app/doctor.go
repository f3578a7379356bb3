package app

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/schema"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// Finding is what an examination says of one part of the city.
type Finding struct {
	Part string
	Says string
	Sick bool // something does not work
	Warn bool // it works, and will not for long if nobody does anything
}

// Examine looks at everything that a city needs to be well.
func (a *App) Examine(ctx context.Context) []Finding {
	list := []Finding{a.examineSchema(ctx), a.examineQueue(ctx), a.examineDisk()}
	cities, err := a.Places.Cities(ctx)
	if err != nil {
		return append(list, Finding{Part: "cities", Says: err.Error(), Sick: true})
	}
	if len(cities) == 0 {
		return append(list, Finding{Part: "cities", Says: "none yet: import a pack", Sick: true})
	}
	for _, c := range cities {
		list = append(list, a.examineCity(ctx, c)...)
	}
	return list
}

func (a *App) examineSchema(ctx context.Context) Finding {
	pending, err := a.DB.Pending(ctx, schema.Migrations()...)
	switch {
	case err != nil:
		return Finding{Part: "schema", Says: err.Error(), Sick: true}
	case len(pending) > 0:
		return Finding{Part: "schema", Says: fmt.Sprintf("%d steps behind this program; they are made at the next start", len(pending)), Sick: true}
	}
	return Finding{Part: "schema", Says: "up to date, " + a.DB.Engine().String()}
}

func (a *App) examineQueue(ctx context.Context) Finding {
	var counts map[job.State]int64
	var oldest time.Duration
	err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if counts, err = job.Waiting(tx); err != nil {
			return err
		}
		oldest, err = job.Oldest(tx)
		return err
	})
	if err != nil {
		return Finding{Part: "queue", Says: err.Error(), Sick: true}
	}
	says := fmt.Sprintf("%d waiting, %d running, %d dead letters; the oldest due job waits %s",
		counts[job.Ready], counts[job.Running], counts[job.Dead], oldest.Round(time.Second))
	return Finding{Part: "queue", Says: says, Sick: oldest > lateJob || counts[job.Dead] > 0}
}

func (a *App) examineDisk() Finding {
	f := Finding{Part: "data", Says: a.Settings.Data}
	info, err := os.Stat(a.Settings.Data)
	if err != nil {
		return Finding{Part: "data", Says: err.Error(), Sick: true}
	}
	f.Says += " " + info.Mode().String()
	f.Sick = !info.IsDir()
	if a.DB.Engine() == sqldb.SQLite {
		if info, err = os.Stat(a.Settings.Database); err == nil && info.Mode().Perm()&0o007 != 0 {
			f.Says += fmt.Sprintf("; %s may be read by everyone on this machine (%s)", a.Settings.Database, info.Mode())
			f.Sick = true
		}
	}
	return f
}

// examineCalendar warns of a year that will be missing, and finds the city sick
// from 1 December on (domain.md 5).
func examineCalendar(c place.City, calendar *deadline.Calendar, today deadline.Date) Finding {
	f := Finding{Part: c.Key + " calendar", Says: "years " + fmt.Sprint(calendar.Years())}
	if year, missing := calendar.Missing(today); missing {
		f.Says += fmt.Sprintf("; %d is missing: dates in it are unknown; add calendar/%d.xml to the pack and import it", year, year)
		_, month, _ := today.Civil()
		f.Sick = year == today.Year() || month == time.December
		f.Warn = !f.Sick
	}
	return f
}

// examinePack warns of a pack that an earlier version of Gorod has loaded: what
// only this version reads out of it is missing.
func (a *App) examinePack(ctx context.Context, c place.City) Finding {
	f := Finding{Part: c.Key + " pack"}
	versions, err := a.Packs.Versions(ctx, c.ID)
	if err != nil {
		f.Says, f.Sick = err.Error(), true
		return f
	}
	for _, v := range versions {
		if v.State != pack.Current {
			continue
		}
		f.Says = fmt.Sprintf("version %d", v.Number)
		if v.Stale() {
			f.Says += ": loaded by an earlier version of Gorod, so kinds of objects, land, streets and passports may be missing; import the same pack again"
			f.Warn = true
		}
	}
	return f
}

func (a *App) examineCity(ctx context.Context, c place.City) []Finding {
	var list []Finding
	err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		rules, _, err := a.Deadlines.RulesIn(tx, c.ID)
		if err != nil {
			return err
		}
		list = append(list, examineCalendar(c, rules.Calendar, deadline.DateOf(tx.Now(), c.Zone)))
		return nil
	})
	if err != nil {
		list = append(list, Finding{Part: c.Key, Says: err.Error(), Sick: true})
	}
	list = append(list, a.examinePack(ctx, c))
	_, current, err := a.Suggest.Models(ctx, c.ID, 1)
	switch {
	case err != nil:
		list = append(list, Finding{Part: c.Key + " model", Says: err.Error(), Sick: true})
	case current == 0:
		list = append(list, Finding{Part: c.Key + " model", Says: "none: no topics are proposed", Sick: true})
	default:
		list = append(list, Finding{Part: c.Key + " model", Says: fmt.Sprintf("version %d", current)})
	}
	return list
}
