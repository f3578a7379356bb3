package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
)

type verifyCommand struct {
	NoBoard bool `help:"Leave out the rows of lists, map and statistics."`
	Sample  int  `help:"Look at about so many problems, spread over all, and at no sum over the city." placeholder:"N"`
}

// Run folds every feed and compares. Exit code 1 when anything differs.
func (c *verifyCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.verify(con, a, city) })
}

func (c *verifyCommand) verify(con *console, a *app.App, city place.City) error {
	n, flaws, stale, err := c.look(con, a, city.ID)
	if err != nil {
		return err
	}
	for i, f := range flaws {
		if i == 50 {
			fmt.Fprintf(con.err, "and %d more\n", len(flaws)-i)
			break
		}
		fmt.Fprintf(con.err, "problem %d: %s\n", f.Number, f.What)
	}
	for _, number := range stale[:min(len(stale), 20)] {
		if number == 0 {
			fmt.Fprintln(con.err, "cells of the map do not hold what the board's rows say: gorod board counts them anew")
			continue
		}
		fmt.Fprintf(con.err, "board row of problem %d is stale or missing\n", number)
	}
	fmt.Fprintf(con.out, "%d problems, %d flaws, %d stale board rows\n", n, len(flaws), len(stale))
	if len(flaws)+len(stale) > 0 {
		return errSaid
	}
	return nil
}

// look verifies all problems, or a sample of them.
func (c *verifyCommand) look(con *console, a *app.App, city int64) (n int, flaws []problem.Flaw, stale []int64, err error) {
	if c.Sample > 0 {
		keys, err := a.Problems.Sample(con.ctx, city, c.Sample)
		if err != nil {
			return 0, nil, nil, err
		}
		if flaws, err = a.Problems.VerifySome(con.ctx, city, keys); err == nil && !c.NoBoard {
			stale, err = a.Board.VerifySome(con.ctx, city, keys)
		}
		return len(keys), flaws, stale, err
	}
	bar := newBar(con.err, "verified")
	n, flaws, err = a.Problems.Verify(con.ctx, city, func(done int) { bar.set(done, 0) })
	bar.end()
	if err == nil && !c.NoBoard {
		stale, err = a.Board.Verify(con.ctx, city)
	}
	return n, flaws, stale, err
}

type exportCommand struct {
	Out string `help:"File to write; standard output when left out." type:"path"`
}

// Run writes the canonical export: personal texts included, so it is for
// moving and comparing databases, not for publishing.
func (c *exportCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.export(con, a, city) })
}

func (c *exportCommand) export(con *console, a *app.App, city place.City) error {
	out := con.out
	if c.Out != "" {
		file, err := os.OpenFile(c.Out, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close()
		out = file
	}
	return writeExport(con, a, city.ID, out)
}

func writeExport(con *console, a *app.App, city int64, out io.Writer) error {
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	if err := a.Problems.Export(con.ctx, city, func(e problem.Exported) error { return encoder.Encode(e) }); err != nil {
		return err
	}
	return buffered.Flush()
}

type boardCommand struct{}

// Run rebuilds the projections of the board.
func (boardCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		bar := newBar(con.err, "board")
		defer bar.end()
		return a.Board.Rebuild(con.ctx, city.ID, func(done int) { bar.set(done, 0) })
	})
}
