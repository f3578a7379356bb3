package main

import (
	"fmt"
	"io"
	"strings"

	"gorod/internal/app"
	"gorod/internal/city/org"
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
	// Object comes without a point: the place is the object's own.
	Object string `help:"Id of an object of the city that it is about, such as a lamp."`
}

// Run explains who is responsible, which rule decided and what came second.
func (c *routeCommand) Run(con *console) error {
	return withCity(con, app.Options{ReadOnly: true}, func(a *app.App, city place.City) error { return c.explain(con, a, city) })
}

func (c *routeCommand) explain(con *console, a *app.App, city place.City) error {
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
		if c.Object != "" {
			o, err := a.Places.ObjectIn(tx, city.ID, c.Object)
			if err != nil {
				return err
			}
			draft.Object = o.ID
			if draft.Point == (geo.Point{}) {
				draft.Point = o.Point
			}
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
		lie, err := a.Places.LieIn(tx, city.ID, where.Point)
		if err != nil {
			return err
		}
		fmt.Fprintf(con.out, "%s (%s)\n%s %s %s\n", name, t.Path("ru", city.Main), where.Address, where.District, where.Municipality)
		fmt.Fprintln(con.out, strings.TrimSpace(fmt.Sprintf("kind of place: %s %s %s", orNone(string(lie.Ground)), lie.Name, where.Object)))
		names, err := a.Orgs.SomeIn(tx, city.ID, organisationsOf(d))
		if err != nil {
			return err
		}
		say := decisionTeller{out: con.out, names: names, main: city.Main}
		say.tell("", d)
		for _, why := range d.Why {
			fmt.Fprintln(con.out, "  because: "+cat.T(locale.EN, why))
		}
		if d.RunnerUp != nil {
			say.tell("runner-up: ", *d.RunnerUp)
		}
		return nil
	})
}

func orNone(word string) string {
	if word == "" {
		return "unknown"
	}
	return word
}

func organisationsOf(d routing.Decision) []org.ID {
	ids := []org.ID{d.Executor, d.Coordinator, d.Controller}
	if d.RunnerUp != nil {
		ids = append(ids, organisationsOf(*d.RunnerUp)...)
	}
	return ids
}

// decisionTeller prints decisions with the names of organisations.
type decisionTeller struct {
	out   io.Writer
	names map[org.ID]org.Organisation
	main  string // language of the city
}

func (t decisionTeller) tell(label string, d routing.Decision) {
	if d.Missing {
		fmt.Fprintln(t.out, label+"no rule names an executor: it waits in the coordinators' queue")
	}
	fmt.Fprintf(t.out, "%srule %d: executor %s, coordinator %s, controller %s", label, d.Rule, t.of(d.Executor), t.of(d.Coordinator), t.of(d.Controller))
	if note := strings.TrimSpace(d.Note[t.main]); note != "" {
		fmt.Fprintf(t.out, ". %s", note)
	}
	fmt.Fprintln(t.out)
}

// of is an organisation by id and name.
func (t decisionTeller) of(id org.ID) string {
	if id == "" {
		return "none"
	}
	if o, known := t.names[id]; known {
		return fmt.Sprintf("%s (%s)", id, o.ShortName(t.main, t.main))
	}
	return string(id)
}
