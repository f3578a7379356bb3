package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/portal"
	"gorod/internal/city/resident"
	"gorod/packs"
)

type importCommand struct {
	Folder string `arg:"" help:"The pack." type:"existingdir"`
	DryRun bool   `help:"Validate and say what would change; change nothing."`
	Back   bool   `help:"Take the last switch back instead: the version before is in force again."`
}

// Run validates a pack, shows what changes, and loads it as a new version.
func (c *importCommand) Run(con *console) error {
	a, err := con.open(app.Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	start := time.Now()
	p, report := pack.Read(os.DirFS(c.Folder))
	printReport(con, report)
	if report.Errors > 0 {
		fmt.Fprintf(con.err, "gorod: error: %d broken rows; nothing was changed\n", report.Errors)
		return errSaid
	}
	if c.Back {
		return c.back(con, a, p)
	}
	if c.DryRun {
		changes, err := a.Packs.Diff(con.ctx, p)
		if err != nil {
			return err
		}
		printChanges(con, changes)
		return nil
	}
	bar := newBar(con.err, "loading")
	result, err := a.ImportPack(con.ctx, p, report, resident.DemoPassword{}, bar.set)
	bar.end()
	if err != nil {
		return err
	}
	if result.Unchanged {
		fmt.Fprintf(con.out, "Nothing changed: exactly this pack is in force (version %d).\n", result.Version)
		return nil
	}
	printChanges(con, result.Changes)
	fmt.Fprintf(con.out, "Version %d is in force; %d rows in %.1f s.\n", result.Version, result.Rows, time.Since(start).Seconds())
	return nil
}

func (c *importCommand) back(con *console, a *app.App, p *pack.Pack) error {
	city, err := a.City(con.ctx, con.flags.City)
	if err != nil {
		return err
	}
	version, err := a.Packs.Back(con.ctx, city.ID)
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "Version %d is in force again.\n", version)
	return nil
}

func printReport(con *console, r pack.Report) {
	for _, p := range r.Problems {
		place := p.File
		if p.Line > 0 {
			place = fmt.Sprintf("%s:%d", place, p.Line)
		}
		fmt.Fprintf(con.err, "%s: %s: %s %s\n", place, p.Severity, p.Field, p.Reason)
	}
	if more := r.More(); more > 0 {
		fmt.Fprintf(con.err, "and %d more\n", more)
	}
	if len(r.Defaulted) > 0 {
		fmt.Fprintf(con.err, "%d things that the pack leaves out have a default\n", len(r.Defaulted))
	}
}

func printChanges(con *console, changes []pack.Change) {
	for _, c := range changes {
		fmt.Fprintf(con.out, "%-16s +%d −%d ~%d\n", c.Kind, c.Added, c.Removed, c.Changed)
	}
}

type packCommand struct {
	Portal portalCommand `cmd:"" help:"Make the pack of St. Petersburg from the portal's observed data."`
	Check  checkCommand  `cmd:"" help:"Validate a pack."`
}

type portalCommand struct {
	Source string `arg:"" help:"Folder with ourspb/, geo/ and calendar/." type:"existingdir"`
	Out    string `arg:"" help:"Folder to write; made anew." type:"path"`
}

// Run writes the pack and its REPORT.md.
func (c *portalCommand) Run(con *console) error {
	start := time.Now()
	err := portal.Build(c.Source, packs.Zarechny(), c.Out, func(line string) { fmt.Fprintln(con.err, line) })
	if err != nil {
		return err
	}
	fmt.Fprintf(con.out, "%s is ready in %.1f s; what had to be defaulted stands in REPORT.md.\n", c.Out, time.Since(start).Seconds())
	return nil
}

type checkCommand struct {
	Folder string `arg:"" help:"The pack." type:"existingdir"`
	JSON   bool   `help:"The whole report as JSON."`
}

// Run validates a pack without a database.
func (c *checkCommand) Run(con *console) error {
	_, report := pack.Read(os.DirFS(c.Folder))
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		if err := encoder.Encode(report); err != nil {
			return err
		}
	} else {
		printReport(con, report)
		for _, kind := range sortedKeys(report.Counts) {
			fmt.Fprintf(con.out, "%-16s %d\n", kind, report.Counts[kind])
		}
	}
	if report.Errors > 0 {
		fmt.Fprintf(con.err, "gorod: error: %d broken rows\n", report.Errors)
		return errSaid
	}
	return nil
}
