package main

import (
	"encoding/json"
	"fmt"
	"os"

	"gorod/internal/app"
	"gorod/internal/app/replay"
	"gorod/internal/city/place"
)

type replayCommand struct {
	File    string `arg:"" help:"Histories: gzip, a JSON object a line." type:"existingfile"`
	Workers int    `help:"Histories at once." default:"16"`
	Limit   int    `help:"Histories at most; 0 is all."`
	JSON    bool   `help:"The report as JSON."`
	NoBoard bool   `help:"Do not rebuild the rows of lists, map and statistics afterwards."`
}

// Run replays the file into the city and prints what happened.
func (c *replayCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error { return c.replay(con, a, city) })
}

func (c *replayCommand) replay(con *console, a *app.App, city place.City) error {
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	bar := newBar(con.err, "replayed")
	runner := a.Replay(city.ID)
	runner.Workers, runner.Limit = c.Workers, c.Limit
	runner.Progress = bar.set
	report, err := runner.Run(con.ctx, file)
	bar.end()
	if err != nil {
		return err
	}
	if !c.NoBoard {
		if _, err := a.Problems.Quiet().TellPassed(con.ctx, city.ID); err != nil {
			return err
		}
		bar := newBar(con.err, "board")
		if err := a.Board.Rebuild(con.ctx, city.ID, func(done int) { bar.set(done, report.Replayed) }); err != nil {
			return err
		}
		bar.end()
	}
	return c.print(con, report)
}

func (c *replayCommand) print(con *console, r *replay.Report) error {
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(r)
	}
	fmt.Fprintf(con.out, "replayed %d histories in %.1f s: %.0f a second\n", r.Replayed, r.Seconds, r.PerSecond)
	sections := []struct {
		title  string
		counts map[string]int
	}{
		{"entries of the file", r.Events}, {"commands given", r.Commands}, {"entries that confirm a command", r.Traces},
		{"states at the end", r.States}, {"not represented", r.NotRepresented},
	}
	for _, s := range sections {
		fmt.Fprintln(con.out, s.title+":")
		for _, k := range sortedKeys(s.counts) {
			fmt.Fprintf(con.out, "  %7d %s\n", s.counts[k], k)
		}
	}
	fmt.Fprintf(con.out, "refused: %d, status differs from the file: %d\n", r.Refused, r.StatusDiffers)
	for _, e := range r.Examples {
		fmt.Fprintln(con.out, "  "+e)
	}
	return nil
}
