package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"time"

	"gorod/internal/app"
	"gorod/internal/app/remote"

	"github.com/alecthomas/kong"
)

// ended is the exit code of a command that a server did.
type ended int

func (e ended) Error() string { return fmt.Sprintf("the server ended the command with %d", int(e)) }

// forward has the command of this process done by the server that has the
// database. Where who has it is no server, or not one yet, busy says so.
func (c *console) forward(busy error) error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	dir, err := os.Getwd()
	if err != nil {
		return fmt.Errorf("find the working folder: %w", err)
	}
	code, err := remote.Send(c.ctx, app.SocketPath(settings), remote.Call{Args: c.args, Dir: dir, Terminal: isTerminal(c.err)}, c.out, c.err)
	switch {
	case errors.Is(err, remote.ErrNobody):
		return busy
	case err != nil:
		return err
	case code != 0:
		return ended(code)
	}
	return nil
}

// inServer does a command of another process on the city of this server. The
// database and the settings are the server's; --db and --config led here.
func inServer(ctx context.Context, a *app.App, call remote.Call, stdout, stderr io.Writer) int {
	start := time.Now()
	c := &console{ctx: ctx, out: stdout, err: stderr, args: call.Args, server: a}
	code := c.run(rooted(call.Dir)...)
	a.Log.Info("a command of the CLI was done", "command", c.name, "code", code, "took", time.Since(start))
	return code
}

// mayRun refuses inside a server what is not meant for it: commands that open
// the city in a way of their own, and those that do without one.
func (c *console) mayRun(command string) error {
	c.name = command
	if c.server == nil {
		return nil
	}
	switch command {
	case "import <folder>", "replay <file>", "board", "jobs retry <id>", "jobs drop <id>", "erase <number>",
		"outages import <file>", "house passports <file>", "models use <version>", "models learn":
		return nil
	}
	return fmt.Errorf("a running server does not do %q: stop the server first", command)
}

// rooted makes paths begin in a folder other than the one of this process.
func rooted(dir string) []kong.Option {
	read := kong.MapperFunc(func(ctx *kong.DecodeContext, target reflect.Value) error {
		var path string
		if err := ctx.Scan.PopValueInto("file", &path); err != nil {
			return err
		}
		if !filepath.IsAbs(path) && !strings.HasPrefix(path, "~/") {
			path = filepath.Join(dir, path)
		}
		target.SetString(kong.ExpandPath(path))
		return nil
	})
	var options []kong.Option
	for _, kind := range []string{"path", "existingfile", "existingdir"} {
		options = append(options, kong.NamedMapper(kind, read))
	}
	return options
}
