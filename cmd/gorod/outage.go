package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"gorod/internal/app"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/platform/locale"
)

type outagesCommand struct {
	Import outagesImport `cmd:"" help:"Take a list of outages that a utility publishes; taking it again changes nothing."`
	List   outagesList   `cmd:"" help:"List the outages that are announced or going on."`
}

type outagesImport struct {
	File         string `arg:"" help:"The list: a table (CSV)." type:"existingfile"`
	Layout       string `help:"What the list looks like: hot-water, power or cold-water." enum:"hot-water,power,cold-water" required:""`
	Source       string `help:"Name under which its outages are known again; else the layout." placeholder:"NAME"`
	Organisation string `help:"Who stops the resource: an id of the pack." placeholder:"ID"`
	Complete     bool   `help:"The list is all there is: call off what was announced before and is not in it."`
	DryRun       bool   `help:"Only say what would be found."`
	JSON         bool   `name:"json" help:"Report as JSON."`
}

// Run takes a list of outages and tells what could not be matched.
func (c *outagesImport) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		how := house.ListImport{Layout: house.Layout(c.Layout), Source: c.Source, Org: org.ID(c.Organisation), Complete: c.Complete, DryRun: c.DryRun}
		report, err := a.Houses.ImportOutages(con.ctx, city.ID, how, file)
		if err != nil {
			return err
		}
		return tellHouses(con, report, c.File, c.JSON, c.DryRun)
	})
}

type outagesList struct {
	Over bool `help:"Those over in the last 30 days too."`
	JSON bool `name:"json" help:"As JSON, an outage a line."`
}

// Run lists the outages of the city.
func (c *outagesList) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error {
		now := a.DB.Now()
		filter := house.OutageFilter{Over: c.Over, Limit: 500}
		for {
			list, err := a.Houses.Current(con.ctx, city.ID, now, filter)
			if err != nil {
				return err
			}
			for _, o := range list {
				if c.JSON {
					if err := json.NewEncoder(con.out).Encode(o); err != nil {
						return err
					}
					continue
				}
				until := "?"
				if end, expected := o.End(); !expected {
					until = end.In(city.Zone).Format("2006-01-02 15:04")
				}
				fmt.Fprintf(con.out, "%-9s  %-10s  %-10s  %s – %s  %5d houses  %s\n", o.Status(now), o.Resource, o.Kind,
					o.Start().In(city.Zone).Format("2006-01-02 15:04"), until, o.Houses, strings.TrimSpace(string(o.Org)+" "+o.Reason))
			}
			if len(list) < filter.Limit {
				return nil
			}
			filter.After = list[len(list)-1].ID
		}
	})
}

type houseCommand struct {
	Passports passportsCommand `cmd:"" help:"Take passports of houses from a register, as CSV or XML."`
}

type passportsCommand struct {
	File   string `arg:"" help:"The register." type:"existingfile"`
	Format string `help:"csv or xml; told from the file when left out." enum:"csv,xml," default:""`
	Source string `help:"Who says so, where the rows do not."`
	AsOf   string `help:"The day of the data, where the rows do not say." placeholder:"YYYY-MM-DD"`
	DryRun bool   `help:"Only say what would be found."`
	JSON   bool   `name:"json" help:"Report as JSON."`
}

// Run takes passports of houses and tells what could not be matched.
func (c *passportsCommand) Run(con *console) error {
	return withCity(con, app.Options{}, func(a *app.App, city place.City) error {
		file, err := os.Open(c.File)
		if err != nil {
			return err
		}
		defer file.Close()
		how := house.PassportImport{Format: c.Format, Source: c.Source, AsOf: c.AsOf, DryRun: c.DryRun}
		report, err := a.Houses.ImportPassports(con.ctx, city.ID, how, file)
		if err != nil {
			return err
		}
		return tellHouses(con, report, c.File, c.JSON, c.DryRun)
	})
}

// tellHouses prints what an import did; a file that was kept out ends the
// command.
func tellHouses(con *console, r house.Report, file string, asJSON, dry bool) error {
	var err error
	if asJSON {
		err = json.NewEncoder(con.out).Encode(r)
	} else {
		err = writeHouses(con.out, r, file, dry)
	}
	if err == nil && r.Fatal > 0 {
		fmt.Fprintf(con.err, "gorod: error: %d mistakes in %s; nothing was imported\n", r.Fatal, file)
		return errSaid
	}
	return err
}

func writeHouses(out io.Writer, r house.Report, file string, dry bool) error {
	cat, err := locale.Shipped()
	if err != nil {
		return fmt.Errorf("read phrases: %w", err)
	}
	for _, t := range r.Troubles {
		where := file
		if t.Line > 0 {
			where = fmt.Sprintf("%s:%d", where, t.Line)
		}
		if t.Column > 0 {
			where = fmt.Sprintf("%s:%d", where, t.Column)
		}
		field := ""
		if t.Field != "" {
			field = t.Field + ": "
		}
		fmt.Fprintf(out, "%s: %s%s\n", where, field, cat.T(locale.EN, t.Reason, t.Args...))
	}
	if r.More > 0 {
		fmt.Fprintf(out, "and %d more\n", r.More)
	}
	if r.Fatal > 0 {
		return nil
	}
	fmt.Fprintf(out, "%d rows, %d addresses, %d of them matched (%.1f %%), %d houses\n", r.Rows, r.Addresses, r.Matched, 100*r.Share(), r.Houses)
	if dry {
		_, err := fmt.Fprintln(out, "Nothing was changed.")
		return err
	}
	_, err = fmt.Fprintf(out, "%d new, %d changed, %d unchanged, %d called off\n", r.Added, r.Changed, r.Unchanged, r.Cancelled)
	return err
}
