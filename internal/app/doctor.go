package app

import (
	"context"
	"fmt"
	"os"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/schema"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// Finding is what an examination says of one part of the city.
type Finding struct {
	Part string
	Says string
	Sick bool
}

// Examine looks at everything that a city needs to be well.
func (a *App) Examine(ctx context.Context) []Finding {
	list := []Finding{a.examineSchema(ctx), a.examineQueue(ctx), a.examineDisk()}
	cities, err := a.Places.Cities(ctx)
	if err != nil {
		return append(list, Finding{"cities", err.Error(), true})
	}
	if len(cities) == 0 {
		return append(list, Finding{"cities", "none yet: import a pack", true})
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
		return Finding{"schema", err.Error(), true}
	case len(pending) > 0:
		return Finding{"schema", fmt.Sprintf("%d steps behind this program; they are made at the next start", len(pending)), true}
	}
	return Finding{"schema", "up to date, " + a.DB.Engine().String(), false}
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
		return Finding{"queue", err.Error(), true}
	}
	says := fmt.Sprintf("%d waiting, %d running, %d dead letters; the oldest due job waits %s",
		counts[job.Ready], counts[job.Running], counts[job.Dead], oldest.Round(time.Second))
	return Finding{"queue", says, oldest > lateJob || counts[job.Dead] > 0}
}

func (a *App) examineDisk() Finding {
	info, err := os.Stat(a.Settings.Data)
	if err != nil {
		return Finding{"data", err.Error(), true}
	}
	return Finding{"data", a.Settings.Data + " " + info.Mode().String(), !info.IsDir()}
}

func (a *App) examineCity(ctx context.Context, c place.City) []Finding {
	var list []Finding
	err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		rules, _, err := a.Deadlines.RulesIn(tx, c.ID)
		if err != nil {
			return err
		}
		f := Finding{Part: c.Key + " calendar", Says: "years " + fmt.Sprint(rules.Calendar.Years())}
		if year, missing := rules.Calendar.Missing(deadline.DateOf(tx.Now(), c.Zone)); missing {
			f.Says += fmt.Sprintf("; %d is missing: dates in it are unknown", year)
			f.Sick = true
		}
		list = append(list, f)
		return nil
	})
	if err != nil {
		list = append(list, Finding{c.Key, err.Error(), true})
	}
	_, current, err := a.Suggest.Models(ctx, c.ID, 1)
	switch {
	case err != nil:
		list = append(list, Finding{c.Key + " model", err.Error(), true})
	case current == 0:
		list = append(list, Finding{c.Key + " model", "none: no topics are proposed", true})
	default:
		list = append(list, Finding{c.Key + " model", fmt.Sprintf("version %d", current), false})
	}
	return list
}
