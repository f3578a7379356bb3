package main

import (
	"fmt"
	"runtime/debug"
	"time"

	"gorod/internal/app"
	"gorod/internal/app/generate"
	"gorod/internal/city/place"
)

type generateCommand struct {
	Problems     int64     `help:"How many problems." required:""`
	Seed         uint64    `help:"Another seed makes another city." default:"1"`
	Years        int       `help:"Years of history, up to --until." default:"6"`
	Until        time.Time `help:"Last day, as 2026-11-20; now when left out." format:"2006-01-02"`
	Plain        bool      `help:"Leave out how each due date was computed: the dates stay, a third less disk."`
	IntoNonempty bool      `help:"Fill a city that has problems already."`
}

// Run fills the city. It needs the database for itself; one that was interrupted
// goes on with the same flags.
func (c *generateCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error { return c.fill(con, a, city) })
}

func (c *generateCommand) fill(con *console, a *app.App, city place.City) error {
	until := c.Until
	if until.IsZero() {
		until = a.DB.Now().UTC().Truncate(time.Second)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // little lives long: half a gigabyte for a tenth of the time
	bar := newBar(con.err, "histories")
	g := &generate.Generator{DB: a.DB, City: city, Places: a.Places, Topics: a.Topics, Orgs: a.Orgs, Packs: a.Packs,
		Problems: a.Problems, Board: a.Board, IntoNonempty: c.IntoNonempty,
		Progress: func(stage string, done, total int) { bar.of(stage, done, total) }}
	report, err := g.Run(con.ctx, generate.Plan{Problems: c.Problems, Seed: c.Seed, Years: c.Years, Plain: c.Plain, Until: until})
	bar.end()
	if err != nil {
		return err
	}
	if report.Resumed {
		fmt.Fprintln(con.out, "went on with a load that had been interrupted")
	}
	took := report.Rows + report.Cells + report.Indexes + report.Settle
	fmt.Fprintf(con.out, "%d problems in the city; this run took %.0f s: rows %.0f s, cells of the map %.0f s, indexes %.0f s, making it durable %.0f s\n",
		report.Made, took.Seconds(), report.Rows.Seconds(), report.Cells.Seconds(), report.Indexes.Seconds(), report.Settle.Seconds())
	return nil
}
