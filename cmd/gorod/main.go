// Command gorod is the open city platform: one binary that serves a town from
// an embedded database or a metropolis from PostgreSQL, and the tools around
// it. `gorod help` lists the commands.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"

	"github.com/alecthomas/kong"
)

// commands are all commands with the flags that each of them takes.
type commands struct {
	Config string `help:"Settings file (TOML)." placeholder:"FILE" env:"GOROD_CONFIG"`
	DB     string `help:"Database: path of a SQLite file, or postgres://…; goes before the settings." placeholder:"DSN" name:"db"`
	City   string `help:"Key of the city, where a database holds several." placeholder:"KEY"`

	Version kong.VersionFlag `help:"Show which gorod this is."`

	Serve    serveCommand    `cmd:"" group:"Run" help:"Serve the city."`
	Demo     demoCommand     `cmd:"" group:"Run" help:"Make an invented town with people and problems, and serve it."`
	Import   importCommand   `cmd:"" group:"City" help:"Load a pack: everything that makes a city, as a folder of tables."`
	Pack     packCommand     `cmd:"" group:"City" help:"Make packs from other sources."`
	Route    routeCommand    `cmd:"" group:"City" help:"Explain who is responsible for a topic at a place."`
	Here     hereCommand     `cmd:"" group:"City" help:"Tell what is at each point of a table: areas, nearest house, kind of place."`
	Outages  outagesCommand  `cmd:"" group:"City" help:"Take lists of outages of water, power and heat, and list them."`
	House    houseCommand    `cmd:"" group:"City" help:"Take passports of houses."`
	Replay   replayCommand   `cmd:"" group:"Data" help:"Send recorded histories of a portal through the city's own commands."`
	Generate generateCommand `cmd:"" group:"Data" help:"Fill the city with made-up problems and their whole feeds, as many as a metropolis has."`
	Verify   verifyCommand   `cmd:"" group:"Data" help:"Fold every feed again and compare it with what is stored."`
	Export   exportCommand   `cmd:"" group:"Data" help:"Write all problems as lines of JSON, the same for the same history."`
	Board    boardCommand    `cmd:"" group:"Data" help:"Rebuild the rows that lists, map and statistics read."`
	Erase    eraseCommand    `cmd:"" group:"Data" help:"Erase the author's words, photos and contacts from a problem for good (152-ФЗ)."`

	Train    trainCommand    `cmd:"" group:"Topics" help:"Train a model that proposes topics, into a file."`
	Suggest  suggestCommand  `cmd:"" group:"Topics" help:"Propose topics for a text, and say why."`
	Evaluate evaluateCommand `cmd:"" group:"Topics" help:"Judge a model by messages as they came in."`
	Models   modelsCommand   `cmd:"" group:"Topics" help:"List the trainings of the city, go back to an earlier model, train now."`

	Storybook storybookCommand `cmd:"" group:"Run" help:"Serve every page in every state."`
	Doctor    doctorCommand    `cmd:"" group:"Operate" help:"Check schema, queue, data folder, calendars and models."`
	Jobs      jobsCommand      `cmd:"" group:"Operate" help:"List dead letters, retry or drop them."`
	Settings  settingsCommand  `cmd:"" name:"config" group:"Operate" help:"Show every setting, its value and where it came from."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	return (&console{ctx: ctx, out: stdout, err: stderr, args: args}).run()
}

// console is what a command works with.
type console struct {
	ctx      context.Context
	out, err io.Writer
	args     []string
	flags    *commands
	given    []conf.Flag // settings that flags of the command stand for
	name     string      // of the command, without what it was given
	server   *app.App    // the one that does the command for another process; see remote.go
}

// run parses the arguments and runs the command that they name. Exit codes: 0
// done, 1 refused or failed, 2 wrong usage.
func (c *console) run(more ...kong.Option) int {
	c.flags = &commands{}
	exited := -1
	parser, err := kong.New(c.flags, append(more, kong.Name("gorod"), kong.Description("Gorod: an open city platform."),
		kong.Writers(c.out, c.err), kong.UsageOnError(), kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Vars{"version": version()})...)
	if err != nil {
		fmt.Fprintln(c.err, "gorod: error:", err)
		return 2
	}
	args := c.args
	if len(args) > 0 && args[0] == "help" { // gorod help outages import
		args = append(slices.Clone(args[1:]), "--help")
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help was printed
	}
	if err != nil {
		fmt.Fprintln(c.err, "gorod: error:", err)
		return 2
	}
	if err = c.mayRun(parsed.Command()); err == nil {
		err = parsed.Run(c)
	}
	var elsewhere ended
	switch {
	case err == nil:
		return 0
	case errors.As(err, &elsewhere):
		return int(elsewhere)
	case !errors.Is(err, errSaid):
		fmt.Fprintln(c.err, "gorod: error:", sentence(err))
	}
	return 1
}

// errSaid ends a command that has already told what is wrong.
var errSaid = errors.New("said already")

// settings reads the settings, with the flags before them all.
func (c *console) settings() (*conf.Settings, error) {
	given := c.given
	if c.flags.DB != "" {
		given = append(given, conf.Flag{Key: "database", Text: c.flags.DB, From: "flag --db"})
	}
	return conf.Load(c.flags.Config, os.Environ(), given...)
}

// withCity opens the city that a command is about: the way of all commands
// that need one. options say whether it only reads.
func withCity(con *console, options app.Options, do func(*app.App, place.City) error) error {
	return withApp(con, options, func(a *app.App) error {
		city, err := a.City(con.ctx, con.flags.City)
		if err != nil {
			return err
		}
		return do(a, city)
	})
}

// withApp opens the database for a command, which may have no city yet. A
// command that writes to a database which a server has is done by that server:
// then do is not called here.
func withApp(con *console, options app.Options, do func(*app.App) error) error {
	if con.server != nil {
		return do(con.server)
	}
	a, err := con.open(options)
	if errors.Is(err, sqldb.ErrInUse) {
		return con.forward(err)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	return do(a)
}

// open opens the database of the settings.
func (c *console) open(options app.Options) (*app.App, error) {
	settings, err := c.settings()
	if err != nil {
		return nil, err
	}
	log, err := see.Logger(c.err, settings.Log.Format, settings.Log.Level)
	if err != nil {
		return nil, err
	}
	return app.Open(c.ctx, settings, log, options)
}

// sentence is an error in words: the phrase of a fault, else the error.
func sentence(err error) string {
	f := fault.Of(err)
	if f == nil {
		return err.Error()
	}
	cat, broken := locale.Shipped()
	if broken != nil || !cat.Has(locale.EN, f.Phrase) {
		return err.Error()
	}
	said := cat.T(locale.EN, f.Phrase, f.Args...)
	for _, field := range f.Fields {
		if field.Phrase != f.Phrase {
			said += " " + field.Name + ": " + cat.T(locale.EN, field.Phrase, field.Args...)
		}
	}
	if errors.Is(err, sqldb.ErrNoDatabase) || len(f.Fields) > 0 {
		return said // all that there is to know
	}
	return said + " (" + err.Error() + ")"
}
