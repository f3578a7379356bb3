package remote

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// open serves calls at a socket until the test ends or close is called.
func open(t *testing.T, path string, run Run) (shut func()) {
	t.Helper()
	door, err := Open(path, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		door.Serve(ctx, run)
	}()
	shut = func() {
		cancel()
		<-done
	}
	t.Cleanup(shut)
	return shut
}

func place(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "s.sock")
}

func TestACommandIsDoneAndHeardAsItWasGiven(t *testing.T) {
	t.Parallel()
	path := place(t)
	want := Call{Args: []string{"import", "--city=зелёный", "a b"}, Dir: "/somewhere", Terminal: true}
	long := strings.Repeat("длинно ", 3*maxPiece/10)
	open(t, path, func(_ context.Context, c Call, stdout, stderr io.Writer) int {
		if !reflect.DeepEqual(c, want) {
			t.Errorf("asked for %+v", c)
		}
		if seen, ok := stderr.(interface{ Terminal() bool }); !ok || !seen.Terminal() {
			t.Error("standard error is no terminal")
		}
		for i := range 3 {
			fmt.Fprintf(stdout, "out %d\n", i)
			fmt.Fprintf(stderr, "err %d\n", i)
		}
		fmt.Fprint(stdout, long)
		return 3
	})
	var stdout, stderr bytes.Buffer
	code, err := Send(t.Context(), path, want, &stdout, &stderr)
	if err != nil || code != 3 {
		t.Errorf("exit code %d, %v", code, err)
	}
	if stdout.String() != "out 0\nout 1\nout 2\n"+long || stderr.String() != "err 0\nerr 1\nerr 2\n" {
		t.Errorf("heard %.40q and %.40q", stdout.String(), stderr.String())
	}
}

func TestACancelledCommandIsHeardToItsEnd(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, func(ctx context.Context, _ Call, stdout, stderr io.Writer) int {
		fmt.Fprintln(stdout, "begun")
		<-ctx.Done()
		fmt.Fprintln(stderr, "gorod: error:", ctx.Err())
		return 1
	})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var stderr bytes.Buffer
	code, err := Send(ctx, path, Call{}, writer(func() { cancel() }), &stderr)
	if err != nil || code != 1 || stderr.String() != "gorod: error: context canceled\n" {
		t.Errorf("exit code %d, %v, said %q", code, err, stderr.String())
	}
}

// writer does something whenever something is written.
type writer func()

func (w writer) Write(p []byte) (int, error) {
	w()
	return len(p), nil
}

func TestACommandWhoseVisitorIsGoneIsCancelled(t *testing.T) {
	t.Parallel()
	path := place(t)
	cancelled := make(chan struct{})
	open(t, path, func(ctx context.Context, _ Call, stdout, _ io.Writer) int {
		fmt.Fprintln(stdout, "begun")
		<-ctx.Done()
		close(cancelled)
		return 1
	})
	conn, err := net.Dial("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := writeFrame(conn, frame{Call: &Call{}}); err != nil {
		t.Fatal(err)
	}
	if _, err := readFrame(conn); err != nil {
		t.Fatal(err)
	}
	conn.Close()
	<-cancelled
}

func TestAServerThatStopsCancelsWhatItWasAskedForAndTakesItsSocketAway(t *testing.T) {
	t.Parallel()
	path := place(t)
	begun := make(chan struct{})
	var ended atomic.Bool
	shut := open(t, path, func(ctx context.Context, _ Call, _, _ io.Writer) int {
		close(begun)
		<-ctx.Done()
		runtime.Gosched() // the rest of a command takes a while
		ended.Store(true)
		return 1
	})
	code := make(chan int, 1)
	go func() {
		c, err := Send(context.Background(), path, Call{}, io.Discard, io.Discard)
		if err != nil {
			t.Error(err)
		}
		code <- c
	}()
	<-begun
	shut()
	if !ended.Load() {
		t.Error("it stopped before the command had ended")
	}
	if c := <-code; c != 1 {
		t.Errorf("exit code %d", c)
	}
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the socket: %v", err)
	}
}

func TestACommandThatPanicsEndsAlone(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, func(_ context.Context, c Call, stdout, _ io.Writer) int {
		if len(c.Args) == 0 {
			panic("a mistake of ours")
		}
		return 0
	})
	var stderr bytes.Buffer
	if code, err := Send(t.Context(), path, Call{}, io.Discard, &stderr); err != nil || code != 1 || !strings.Contains(stderr.String(), "broke") {
		t.Errorf("exit code %d, %v, said %q", code, err, stderr.String())
	}
	if code, err := Send(t.Context(), path, Call{Args: []string{"fine"}}, io.Discard, io.Discard); err != nil || code != 0 {
		t.Errorf("the next: exit code %d, %v", code, err)
	}
}

func TestMoreVisitorsThanPlacesAllHaveTheirTurn(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, func(_ context.Context, _ Call, stdout, _ io.Writer) int {
		fmt.Fprintln(stdout, "done")
		return 0
	})
	var all sync.WaitGroup
	for range 3 * visitors {
		all.Go(func() {
			if code, err := Send(t.Context(), path, Call{}, io.Discard, io.Discard); err != nil || code != 0 {
				t.Errorf("exit code %d, %v", code, err)
			}
		})
	}
	all.Wait()
}

func TestOnlyItsUserMayUseTheSocket(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, nil)
	info, err := os.Lstat(path)
	if err != nil || info.Mode() != os.ModeSocket|0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// leave makes the socket that a killed server leaves behind.
func leave(t *testing.T, path string) {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	l.Close()
}

func TestTheSocketOfAKilledServerIsNobodyAndIsReplaced(t *testing.T) {
	t.Parallel()
	path := place(t)
	if _, err := Send(t.Context(), path, Call{}, nil, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("without a socket: %v", err)
	}
	leave(t, path)
	if _, err := Send(t.Context(), path, Call{}, nil, nil); !errors.Is(err, ErrNobody) {
		t.Errorf("with a dead one: %v", err)
	}
	open(t, path, func(context.Context, Call, io.Writer, io.Writer) int { return 0 })
	if code, err := Send(t.Context(), path, Call{}, nil, nil); err != nil || code != 0 {
		t.Errorf("with a new one: exit code %d, %v", code, err)
	}
}

func TestAFileInThePlaceOfTheSocketIsKept(t *testing.T) {
	t.Parallel()
	path := place(t)
	if err := os.WriteFile(path, []byte("dear"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(path, slog.New(slog.DiscardHandler)); err == nil || !strings.Contains(err.Error(), "something else") {
		t.Errorf("error %v", err)
	}
	if body, err := os.ReadFile(path); err != nil || string(body) != "dear" {
		t.Errorf("the file holds %q, %v", body, err)
	}
}

func TestAFolderMayHaveALongName(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		t.Skip("this system has no /proc")
	}
	dir := filepath.Join(t.TempDir(), strings.Repeat("город/", 30))
	if err := os.MkdirAll(dir, 0o750); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "gorod.db.sock")
	leave := open(t, path, func(context.Context, Call, io.Writer, io.Writer) int { return 0 })
	if code, err := Send(t.Context(), path, Call{}, nil, nil); err != nil || code != 0 {
		t.Errorf("exit code %d, %v", code, err)
	}
	leave()
	if _, err := os.Lstat(path); !os.IsNotExist(err) {
		t.Errorf("the socket: %v", err)
	}
}

func TestWhatIsNoCallIsShownTheDoor(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, func(context.Context, Call, io.Writer, io.Writer) int {
		t.Error("it was done")
		return 0
	})
	for name, body := range map[string]string{
		"a web page":      "GET / HTTP/1.1\r\n\r\n",
		"nothing at all":  "",
		"an empty frame":  "\x00\x00\x00\x00",
		"a huge frame":    "\xff\xff\xff\xff{}",
		"no JSON":         "\x00\x00\x00\x04cats",
		"a cancel":        "\x00\x00\x00\x0f{\"cancel\":true}",
		"half a frame":    "\x00\x00\x00\x0f{\"cancel\"",
		"an unknown word": "\x00\x00\x00\x0b{\"cat\":true}",
		"two words":       "\x00\x00\x00\x18{\"cancel\":true,\"code\":1} ",
		"two values":      "\x00\x00\x00\x11{\"cancel\":true}{}",
	} {
		conn, err := net.Dial("unix", path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(body)); err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.UnixConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		if answer, err := io.ReadAll(conn); len(answer) > 0 {
			t.Errorf("%s: answered %q, %v", name, answer, err)
		}
		conn.Close()
	}
}

func TestACommandLineThatIsTooLongIsRefusedBeforeItIsSent(t *testing.T) {
	t.Parallel()
	path := place(t)
	open(t, path, nil)
	_, err := Send(t.Context(), path, Call{Args: []string{strings.Repeat("a", maxFrame)}}, nil, nil)
	if !errors.Is(err, errFrame) {
		t.Errorf("error %v", err)
	}
}

// FuzzFrame: whatever comes over the socket is refused, or is a frame that is
// read again as it is written.
func FuzzFrame(f *testing.F) {
	code := 1
	for _, seed := range []frame{{Call: &Call{Args: []string{"board"}, Dir: "/"}}, {Cancel: true}, {Out: []byte("a")}, {Err: []byte("b")}, {Code: &code}} {
		var b bytes.Buffer
		if err := writeFrame(&b, seed); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Add([]byte("\x00\x04\x00\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := readFrame(bytes.NewReader(data))
		if err != nil {
			return
		}
		var b bytes.Buffer
		if err := writeFrame(&b, got); err != nil {
			if errors.Is(err, errFrame) {
				return // what JSON escapes may grow past the limit
			}
			t.Fatal(err)
		}
		again, err := readFrame(&b)
		if err != nil || !reflect.DeepEqual(again, got) {
			t.Errorf("%+v is read again as %+v, %v", got, again, err)
		}
	})
}
