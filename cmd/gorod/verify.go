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
}

// Run folds every feed and compares. Exit code 1 when anything differs.
func (c *verifyCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.verify(con, a, city) })
}

func (c *verifyCommand) verify(con *console, a *app.App, city place.City) error {
	bar := newBar(con.err, "verified")
	n, flaws, err := a.Problems.Verify(con.ctx, city.ID, func(done int) { bar.set(done, 0) })
	bar.end()
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
	var stale []int64
	if !c.NoBoard {
		if stale, err = a.Board.Verify(con.ctx, city.ID); err != nil {
			return err
		}
		for _, number := range stale[:min(len(stale), 20)] {
			if number == 0 {
				fmt.Fprintln(con.err, "cells of the map do not hold what the board's rows say: gorod board counts them anew")
				continue
			}
			fmt.Fprintf(con.err, "board row of problem %d is stale or missing\n", number)
		}
	}
	fmt.Fprintf(con.out, "%d problems, %d flaws, %d stale board rows\n", n, len(flaws), len(stale))
	if len(flaws)+len(stale) > 0 {
		return errSaid
	}
	return nil
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
