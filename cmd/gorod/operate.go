package main

import (
	"fmt"
	"strconv"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

type doctorCommand struct{}

// Run checks what a city needs to be well. Exit code 1 when something is not; a
// warning leaves it 0.
func (doctorCommand) Run(con *console) error {
	return withApp(con, app.Options{ReadOnly: true, Behind: true}, func(a *app.App) error {
		sick := 0
		for _, f := range a.Examine(con.ctx) {
			mark := "ok  "
			switch {
			case f.Sick:
				mark = "SICK"
				sick++
			case f.Warn:
				mark = "WARN"
			}
			fmt.Fprintf(con.out, "%s  %-12s %s\n", mark, f.Part, f.Says)
		}
		if sick > 0 {
			return errSaid
		}
		return nil
	})
}

type jobsCommand struct {
	List  jobsListCommand  `cmd:"" default:"1" help:"List dead letters."`
	Retry jobsRetryCommand `cmd:"" help:"Give a dead letter another life."`
	Drop  jobsDropCommand  `cmd:"" help:"Delete a dead letter."`
}

type jobsListCommand struct{}

// Run lists the dead letters of the city.
func (jobsListCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error {
		return a.DB.View(con.ctx, func(tx *sqldb.Tx) error {
			list, err := job.List(tx, city.ID, job.Dead, 200)
			for _, j := range list {
				fmt.Fprintf(con.out, "%d  %s  %s  tries %d  %s\n", j.ID, j.Created.Format("2006-01-02 15:04"), j.Kind, j.Attempt, j.Error)
			}
			if err == nil && len(list) == 0 {
				fmt.Fprintln(con.out, "No dead letters.")
			}
			return err
		})
	})
}

type jobsRetryCommand struct {
	ID string `arg:"" help:"Number of the job."`
}

// Run retries a dead letter.
func (c *jobsRetryCommand) Run(con *console) error { return actOn(con, c.ID, job.Retry) }

type jobsDropCommand struct {
	ID string `arg:"" help:"Number of the job."`
}

// Run drops a dead letter.
func (c *jobsDropCommand) Run(con *console) error { return actOn(con, c.ID, job.Drop) }

func actOn(con *console, id string, act func(tx *sqldb.Tx, city, id int64) error) error {
	key, err := strconv.ParseInt(id, 10, 64)
	if err != nil {
		return fmt.Errorf("%q is no number of a job", id)
	}
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		return a.DB.Do(con.ctx, func(tx *sqldb.Tx) error { return act(tx, city.ID, key) })
	})
}
