package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"gorod/internal/app"
	"gorod/internal/platform/conf"
	"gorod/packs"
)

type serveCommand struct{}

// Run serves until it is told to stop.
func (serveCommand) Run(con *console) error {
	a, err := con.open(app.Options{Commands: inServer})
	if err != nil {
		return err
	}
	defer a.Close()
	return a.Serve(con.ctx, func(address string) { fmt.Fprintln(con.out, "Gorod listens on", address) })
}

type demoCommand struct {
	Dir    string `help:"Folder of the demo; delete it to begin anew." default:"./data/demo" type:"path"`
	Pack   string `help:"Another pack than the invented town." type:"existingdir"`
	Listen string `help:"Address to listen on, before the settings." placeholder:"HOST:PORT"`
}

// settings are what a demo has of its own; the rest is as everywhere. --db,
// where it is given, goes before the database here.
func (c *demoCommand) settings() []conf.Flag {
	const made = "command demo"
	given := []conf.Flag{
		{Key: "data", Text: c.Dir, From: "flag --dir"}, {Key: "demo", Text: "true", From: made},
		{Key: "database", Text: filepath.Join(c.Dir, "gorod.db"), From: made},
	}
	if c.Listen != "" {
		given = append(given, conf.Flag{Key: "listen", Text: c.Listen, From: "flag --listen"})
	}
	return given
}

// Run makes the demo where there is none and serves it.
func (c *demoCommand) Run(con *console) error {
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return err
	}
	var files fs.FS = packs.Zarechny()
	if c.Pack != "" {
		files = os.DirFS(c.Pack)
	}
	if err := app.SetDemoClock(c.Dir, files, time.Now()); err != nil {
		return err
	}
	con.given = c.settings()
	a, err := con.open(app.Options{Commands: inServer})
	if err != nil {
		return err
	}
	defer a.Close()
	bar := newBar(con.err, "")
	city, err := a.Demo(con.ctx, files, app.Telling{Say: func(line string) { bar.end(); fmt.Fprintln(con.err, line) }, Bar: bar.of})
	bar.end()
	if err != nil {
		return err
	}
	signIns, err := a.SignIns(con.ctx, city)
	if err != nil {
		return err
	}
	return a.Serve(con.ctx, func(address string) {
		fmt.Fprintf(con.out, "\n  %s is open: %s\n\n", city.Name[city.Main], address)
		fmt.Fprintf(con.out, "  Residents need no account. To sign in as one: any telephone or e-mail;\n  the code arrives at %s/staff/outbox (as admin).\n\n", address)
		if len(signIns) > 0 {
			fmt.Fprintf(con.out, "  Staff sign in at %s/signin/staff, password %s:\n", address, app.DemoPassword)
			for _, s := range signIns {
				fmt.Fprintf(con.out, "    %-18s %s\n", s.Role, s.Login)
			}
		}
		fmt.Fprintln(con.out, "\n  Ctrl-C ends it.")
	})
}
