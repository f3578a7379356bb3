// Package remote carries commands of the CLI to the server that has the
// database. A town's SQLite file is owned by one process; a command that would
// write while it serves is done by it, and the CLI shows what it says.
//
// A server opens a Door, a unix socket that only its own user may use. The CLI
// knocks with a Call: its arguments and its folder. What the command prints
// comes back as it is printed, then the exit code. When the CLI is told to
// stop, or is gone, the command is told to stop.
package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Call is a command as the CLI was given it.
type Call struct {
	Args     []string `json:"args"`               // without the name of the program
	Dir      string   `json:"dir"`                // absolute; relative paths of Args begin here
	Terminal bool     `json:"terminal,omitempty"` // standard error is a terminal
}

// ErrNobody says that no server listens at a socket: there is none, or the one
// that made it is dead.
var ErrNobody = errors.New("no server listens")

const (
	// patience is how long the CLI waits for the end of a command that it
	// cancelled. The server goes on ending it.
	patience = 20 * time.Second
	// longPath is where a path becomes too long for the address of a socket:
	// 108 bytes on Linux, 104 on the BSDs, with the zero at the end.
	longPath = 100
)

// Send has a call done by the server that listens at path, copies what it
// says and returns its exit code. When ctx ends the command is cancelled, and
// its last words and its code are still waited for.
func Send(ctx context.Context, path string, c Call, stdout, stderr io.Writer) (int, error) {
	if err := ctx.Err(); err != nil {
		return 0, err
	}
	address, release, err := addressOf(path)
	if err != nil {
		return 0, fmt.Errorf("%w at %s: %w", ErrNobody, path, err)
	}
	defer release()
	conn, err := net.Dial("unix", address)
	if err != nil {
		return 0, fmt.Errorf("%w at %s: %w", ErrNobody, path, err)
	}
	defer conn.Close()
	if err := writeFrame(conn, frame{Call: &c}); err != nil {
		return 0, fmt.Errorf("ask the server: %w", err)
	}
	stop := context.AfterFunc(ctx, func() {
		conn.SetDeadline(time.Now().Add(patience))
		writeFrame(conn, frame{Cancel: true}) // a server that is gone is noticed by the reader
	})
	defer stop()
	for {
		f, err := readFrame(conn)
		if err == nil && f.Code != nil {
			return *f.Code, nil
		}
		if err == nil {
			err = f.show(stdout, stderr)
		}
		if err != nil {
			return 0, lost(ctx, err)
		}
	}
}

// show copies what a command printed to where the CLI prints.
func (f frame) show(stdout, stderr io.Writer) error {
	out, piece := stdout, f.Out
	if len(f.Err) > 0 {
		out, piece = stderr, f.Err
	}
	if len(piece) == 0 {
		return errFrame
	}
	_, err := out.Write(piece)
	return err
}

// lost says what is known of a command whose end was not heard.
func lost(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("the command was cancelled, but the server has not ended it yet: %w", err)
	}
	return fmt.Errorf("the server did not say how the command ended; look before you repeat it: %w", err)
}

// addressOf gives a path in a form that fits the address of a socket. A long
// one goes by way of its open folder, where the system has /proc.
func addressOf(path string) (address string, release func(), err error) {
	if len(path) < longPath {
		return path, func() {}, nil
	}
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return "", nil, err
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", dir.Fd(), filepath.Base(path)), func() { dir.Close() }, nil
}
