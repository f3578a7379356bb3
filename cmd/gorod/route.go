package main

import (
	"fmt"
	"strings"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

type routeCommand struct {
	Topic int64   `arg:"" help:"Number of the topic."`
	House int64   `help:"Number of the house."`
	Lat   float64 `help:"Latitude of a point."`
	Lon   float64 `help:"Longitude of a point."`
}

// Run explains who is responsible, which rule decided and what came second.
func (c *routeCommand) Run(con *console) error {
	a, err := con.open(app.Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer a.Close()
	city, err := a.City(con.ctx, con.flags.City)
	if err != nil {
		return err
	}
	cat, err := locale.Shipped()
	if err != nil {
		return err
	}
	return a.DB.View(con.ctx, func(tx *sqldb.Tx) error {
		t, err := a.Topics.FindIn(tx, city.ID, topic.ID(c.Topic))
		if err != nil {
			return err
		}
		draft := place.Draft{Point: geo.Point{Lat: c.Lat, Lon: c.Lon}, Mark: place.FreePoint, House: place.HouseID(c.House)}
		if c.House != 0 {
			draft.Mark = place.OnBuilding
		}
		where, err := a.Places.LocateIn(tx, city.ID, draft)
		if err != nil {
			return err
		}
		d, err := a.Routes.RouteIn(tx, city.ID, t, where, tx.Now())
		if err != nil {
			return err
		}
		name, _ := t.Name.In("ru", city.Main)
		fmt.Fprintf(con.out, "%s (%s)\n%s %s %s\n", name, t.Path("ru", city.Main), where.Address, where.District, where.Municipality)
		printDecision(con, "", d)
		for _, why := range d.Why {
			fmt.Fprintln(con.out, "  because: "+cat.T(locale.EN, why))
		}
		if d.RunnerUp != nil {
			printDecision(con, "runner-up: ", *d.RunnerUp)
		}
		return nil
	})
}

func printDecision(con *console, label string, d routing.Decision) {
	if d.Missing {
		fmt.Fprintln(con.out, label+"no rule names an executor: it waits in the coordinators' queue")
	}
	fmt.Fprintf(con.out, "%srule %d: executor %s, coordinator %s, controller %s %s\n", label, d.Rule, d.Executor, d.Coordinator, d.Controller,
		strings.TrimSpace(d.Note["ru"]))
}
