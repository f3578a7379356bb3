package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/portal"
	"gorod/internal/city/resident"
	"gorod/internal/platform/sqldb"
	"gorod/packs"
)

type importCommand struct {
	Folder string `arg:"" help:"The pack." type:"existingdir"`
	DryRun bool   `help:"Validate and say what would change; change nothing." xor:"what"`
	Back   bool   `help:"Take the last switch back instead: the version before is in force again." xor:"what"`
}

// Run validates a pack, shows what changes, and loads it as a new version.
func (c *importCommand) Run(con *console) error {
	if c.DryRun {
		return c.compare(con)
	}
	return withApp(con, app.Options{}, func(a *app.App) error { return c.load(con, a) })
}

// read validates the pack and tells what is wrong with it.
func (c *importCommand) read(con *console) (*pack.Pack, pack.Report, error) {
	p, report := pack.Read(os.DirFS(c.Folder))
	if err := printReport(con, report, c.Folder); err != nil {
		return p, report, err
	}
	if report.Errors > 0 {
		fmt.Fprintf(con.err, "gorod: error: %d broken rows; nothing was changed\n", report.Errors)
		return p, report, errSaid
	}
	return p, report, nil
}

// compare says what an import would change. It only reads, so it goes on beside
// a server, and where there is no database yet it makes none.
func (c *importCommand) compare(con *console) error {
	p, _, err := c.read(con)
	if err != nil {
		return err
	}
	var changes []pack.Change
	err = withApp(con, app.Options{ReadOnly: true}, func(a *app.App) error {
		changes, err = a.WouldChange(con.ctx, p)
		return err
	})
	if errors.Is(err, sqldb.ErrNoDatabase) {
		changes, err = pack.Fresh(p)
	}
	if err != nil {
		return err
	}
	printChanges(con, changes)
	return nil
}

func (c *importCommand) load(con *console, a *app.App) error {
	if c.Back {
		return c.back(con, a)
	}
	start := time.Now()
	p, report, err := c.read(con)
	if err != nil {
		return err
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

func (c *importCommand) back(con *console, a *app.App) error {
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

// printReport tells of a pack what a person should know before it is loaded.
func printReport(con *console, r pack.Report, folder string) error {
	held, err := tellReport(con.err, r, false)
	if held > 0 {
		fmt.Fprintf(con.err, "Every one of them: gorod pack check --all %s\n", folder)
	}
	return err
}

func printChanges(con *console, changes []pack.Change) {
	for _, c := range changes {
		fmt.Fprintf(con.out, "%-16s +%d −%d ~%d\n", c.Kind, c.Added, c.Removed, c.Changed)
	}
}

type packCommand struct {
	Portal portalCommand `cmd:"" help:"Make the pack of St. Petersburg from the portal's observed data."`
	OSM    osmCommand    `cmd:"" name:"osm" help:"Make the pack of any city from an extract of OpenStreetMap."`
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
	All    bool   `help:"Name every row, also where many have the same reason."`
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
		held, err := tellReport(con.err, report, c.All)
		if err != nil {
			return err
		}
		if held > 0 {
			fmt.Fprintln(con.err, "--all names every one of them.")
		}
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
