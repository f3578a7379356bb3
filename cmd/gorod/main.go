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
	"syscall"

	"gorod/internal/app"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"

	"github.com/alecthomas/kong"
)

// commands are all commands with the flags that each of them takes.
type commands struct {
	Config string `help:"Settings file (TOML)." placeholder:"FILE" env:"GOROD_CONFIG"`
	DB     string `help:"Database: path of a SQLite file, or postgres://…; goes before the settings." placeholder:"DSN" name:"db"`
	City   string `help:"Key of the city, where a database holds several." placeholder:"KEY"`

	Serve  serveCommand  `cmd:"" group:"Run" help:"Serve the city."`
	Demo   demoCommand   `cmd:"" group:"Run" help:"Make an invented town with people and problems, and serve it."`
	Import importCommand `cmd:"" group:"City" help:"Load a pack: everything that makes a city, as a folder of tables."`
	Pack   packCommand   `cmd:"" group:"City" help:"Make packs from other sources."`
	Route  routeCommand  `cmd:"" group:"City" help:"Explain who is responsible for a topic at a place."`
	Replay replayCommand `cmd:"" group:"Data" help:"Send recorded histories of a portal through the city's own commands."`
	Verify verifyCommand `cmd:"" group:"Data" help:"Fold every feed again and compare it with what is stored."`
	Export exportCommand `cmd:"" group:"Data" help:"Write all problems as lines of JSON, the same for the same history."`
	Board  boardCommand  `cmd:"" group:"Data" help:"Rebuild the rows that lists, map and statistics read."`

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

// Exit codes: 0 done, 1 refused or failed, 2 wrong usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var cmd commands
	exited := -1
	parser, err := kong.New(&cmd, kong.Name("gorod"), kong.Description("Gorod: an open city platform."),
		kong.Writers(stdout, stderr), kong.UsageOnError(), kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		fmt.Fprintln(stderr, "gorod: error:", err)
		return 2
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 {
		return exited // --help was printed
	}
	if err != nil {
		fmt.Fprintln(stderr, "gorod: error:", err)
		return 2
	}
	if err := parsed.Run(&console{ctx: ctx, out: stdout, err: stderr, flags: &cmd}); err != nil {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(stderr, "gorod: error:", sentence(err))
		}
		return 1
	}
	return 0
}

// errSaid ends a command that has already told what is wrong.
var errSaid = errors.New("said already")

// console is what a command works with.
type console struct {
	ctx      context.Context
	out, err io.Writer
	flags    *commands
}

// settings reads the settings, with --db before them all.
func (c *console) settings(change ...string) (*conf.Settings, error) {
	environ := append(os.Environ(), change...)
	if c.flags.DB != "" {
		environ = append(environ, "GOROD_DATABASE="+c.flags.DB)
	}
	return conf.Load(c.flags.Config, environ)
}

// open opens the city of the settings for a command.
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
	return cat.T(locale.EN, f.Phrase, f.Args...) + " (" + err.Error() + ")"
}
