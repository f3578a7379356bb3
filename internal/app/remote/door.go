package remote

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"
)

const (
	// visitors is how many commands run at once; more wait for their turn.
	visitors = 8
	// callTime is how long a visitor may take to say what it wants.
	callTime = 10 * time.Second
	// pieceTime is how long a visitor may take to take what it is told. A
	// stopped CLI must not hold up a command that holds up others.
	pieceTime = 10 * time.Second
)

// Run does a call and returns its exit code. stderr tells by a method
// Terminal() bool whether a person looks at it.
type Run func(ctx context.Context, c Call, stdout, stderr io.Writer) int

// Door is the open socket of a server.
type Door struct {
	listener net.Listener
	release  func()
	log      *slog.Logger
}

// Open makes the socket at path, for this user alone. Only the owner of the
// database may call it: a socket that is there already was left by a server
// that was killed, and is replaced. Anything else of that name stays, and is
// an error.
func Open(path string, log *slog.Logger) (*Door, error) {
	switch info, err := os.Lstat(path); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open socket: %w", err)
	case info.Mode()&fs.ModeSocket == 0:
		return nil, fmt.Errorf("open socket: %s is something else", path)
	default:
		if err := os.Remove(path); err != nil {
			return nil, fmt.Errorf("remove the socket of an earlier server: %w", err)
		}
	}
	address, release, err := addressOf(path)
	if err != nil {
		return nil, fmt.Errorf("open socket: %w", err)
	}
	// The mode is given before the socket has a name, where the system can
	// (Linux), and in any case after: nobody else gets in between.
	private := net.ListenConfig{Control: func(_, _ string, c syscall.RawConn) error {
		return c.Control(func(fd uintptr) { syscall.Fchmod(int(fd), 0o600) })
	}}
	listener, err := private.Listen(context.Background(), "unix", address)
	if err != nil {
		release()
		return nil, fmt.Errorf("open socket %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		listener.Close()
		release()
		return nil, fmt.Errorf("keep the socket private: %w", err)
	}
	return &Door{listener: listener, release: release, log: log}, nil
}

// Serve lets visitors in until the context ends, which also cancels what they
// asked for; it returns when all of that has ended and the socket is gone.
func (d *Door) Serve(ctx context.Context, run Run) {
	defer d.release()
	ended := context.AfterFunc(ctx, func() { d.listener.Close() })
	defer ended()
	var visits sync.WaitGroup
	defer visits.Wait()
	free := make(chan struct{}, visitors)
	for {
		free <- struct{}{}
		conn, err := d.listener.Accept()
		if err != nil && ctx.Err() != nil {
			return
		}
		if err != nil {
			// Out of files, most likely: the city comes first, the next may do.
			d.log.Warn("a command of the CLI was not let in", "error", err)
			<-free
			select {
			case <-time.After(time.Second):
				continue
			case <-ctx.Done():
				return
			}
		}
		visits.Go(func() {
			d.visit(ctx, conn, run)
			<-free
		})
	}
}

func (d *Door) visit(ctx context.Context, conn net.Conn, run Run) {
	defer conn.Close()
	conn.SetReadDeadline(time.Now().Add(callTime))
	first, err := readFrame(conn)
	if err != nil || first.Call == nil {
		if !errors.Is(err, io.EOF) { // else somebody only looked whether we are here
			d.log.Warn("a visitor of the socket was not understood", "error", err)
		}
		return
	}
	conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		readFrame(conn) // a cancel, or the end of the visitor
		cancel()
	}()
	s := &speaker{conn: conn, broken: cancel}
	code := d.safely(ctx, *first.Call, run, s)
	s.say(frame{Code: &code})
}

// safely keeps a command that panics from taking the city with it.
func (d *Door) safely(ctx context.Context, c Call, run Run, s *speaker) (code int) {
	stderr := &stream{speaker: s, wrong: true, terminal: c.Terminal}
	defer func() {
		if thrown := recover(); thrown != nil {
			d.log.Error("a command of the CLI broke", "panic", fmt.Sprint(thrown), "stack", string(debug.Stack()))
			fmt.Fprintln(stderr, "gorod: error: the command broke; the server's log says where")
			code = 1
		}
	}()
	return run(ctx, c, &stream{speaker: s}, stderr)
}

// speaker writes frames to a visitor, from several goroutines.
type speaker struct {
	mu     sync.Mutex
	conn   net.Conn
	broken func() // hears that the visitor takes nothing any more
	err    error
}

func (s *speaker) say(f frame) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return s.err
	}
	s.conn.SetWriteDeadline(time.Now().Add(pieceTime))
	if s.err = writeFrame(s.conn, f); s.err != nil {
		s.broken()
	}
	return s.err
}

// stream is the standard output or error of a command.
type stream struct {
	speaker  *speaker
	wrong    bool // standard error
	terminal bool
}

// Terminal tells whether a person looks at it.
func (s *stream) Terminal() bool { return s.terminal }

func (s *stream) Write(p []byte) (int, error) {
	for done := 0; done < len(p); {
		piece := p[done:min(len(p), done+maxPiece)]
		f := frame{Out: piece}
		if s.wrong {
			f = frame{Err: piece}
		}
		if err := s.speaker.say(f); err != nil {
			return done, err
		}
		done += len(piece)
	}
	return len(p), nil
}
