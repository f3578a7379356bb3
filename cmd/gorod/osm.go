package main

import (
	"encoding/json"
	"fmt"
	"time"

	"gorod/internal/city/pack/osm"
	"gorod/packs"
)

type osmCommand struct {
	File string `arg:"" help:"Extract: city.osm.pbf, or city.osm (XML)." type:"existingfile"`
	Out  string `arg:"" help:"Folder to write; made anew." type:"path"`

	Boundary          string `help:"The city's boundary: number of its relation, r1 or w1, or a name; otherwise the largest city or town." placeholder:"NAME"`
	ID                string `help:"Key of the city; otherwise its English name." placeholder:"KEY"`
	Zone              string `help:"Time zone of the city, which no map says." placeholder:"Europe/Moscow"`
	CityLevel         int    `help:"admin_level of the city; otherwise any." placeholder:"N"`
	DistrictLevel     int    `help:"admin_level of its districts; otherwise the next below the city that has any." placeholder:"N"`
	MunicipalityLevel int    `help:"admin_level of its municipalities; otherwise the next below the districts." placeholder:"N"`
	JSON              bool   `help:"The whole report as JSON."`
}

// Run writes the pack and its REPORT.md.
func (c *osmCommand) Run(con *console) error {
	start := time.Now()
	bar := newBar(con.err, "")
	result, err := osm.Build(con.ctx, c.File, packs.Zarechny(), c.Out, osm.Options{
		City: c.Boundary, ID: c.ID, Zone: c.Zone, CityLevel: c.CityLevel, DistrictLevel: c.DistrictLevel, MunicipalityLevel: c.MunicipalityLevel,
		Say: func(line string) { bar.end(); fmt.Fprintln(con.err, line) }, Progress: bar.of,
	})
	bar.end()
	if err != nil {
		return err
	}
	if c.JSON {
		encoder := json.NewEncoder(con.out)
		encoder.SetIndent("", "  ")
		return encoder.Encode(result)
	}
	for _, n := range result.Notes {
		fmt.Fprintf(con.err, "\n%s: %s\n", n.Title, n.Text)
		for i, item := range n.Items {
			if i == shownItems {
				fmt.Fprintf(con.err, "  and %d more: see REPORT.md\n", len(n.Items)-i)
				break
			}
			fmt.Fprintf(con.err, "  %s\n", item)
		}
	}
	fmt.Fprintln(con.err)
	counts := result.Check.Counts
	for _, kind := range sortedKeys(counts) {
		fmt.Fprintf(con.out, "%-16s %d\n", kind, counts[kind])
	}
	fmt.Fprintf(con.out, "%s is ready in %.1f s, %d warnings; what had to be defaulted stands in REPORT.md.\n", c.Out, time.Since(start).Seconds(),
		result.Check.Warnings)
	return nil
}

// shownItems is how many items of a section are said; all stand in REPORT.md.
const shownItems = 12
