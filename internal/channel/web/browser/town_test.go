//go:build browser

package browser

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"gorod/internal/app"
	"gorod/internal/city/place"
	"gorod/internal/platform/conf"
	"gorod/packs"

	"github.com/chromedp/chromedp"
)

// stage is what all tests of the package share: one Chromium and one invented
// town, each made when it is first asked for.
type stage struct {
	dir   string
	ctx   context.Context
	stops []func()

	chromium func() (context.Context, error)
	town     func() (*town, error)
}

// town is a running city.
type town struct {
	app  *app.App
	city place.City
	url  string
}

var shared *stage

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "gorod-browser-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := context.WithCancel(context.Background())
	shared = &stage{dir: dir, ctx: ctx}
	shared.chromium = sync.OnceValues(shared.startChromium)
	shared.town = sync.OnceValues(shared.openTown)
	defer func() {
		for i := len(shared.stops) - 1; i >= 0; i-- {
			shared.stops[i]()
		}
		stop()
		_ = os.RemoveAll(dir) // a folder of the system's temporary files
	}()
	return m.Run()
}

// chromium is where the browser is, "" where there is none.
func chromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// startChromium starts the browser: without a window, and without any of what
// it does on its own over the network.
func (s *stage) startChromium() (context.Context, error) {
	options := []chromedp.ExecAllocatorOption{chromedp.ExecPath(chromium()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("accept-lang", "ru-RU,ru")}
	for _, flag := range []string{"headless", "no-sandbox", "disable-gpu", "enable-unsafe-swiftshader", "disable-quic", "no-first-run", "disable-background-networking",
		"disable-component-update", "disable-sync", "disable-dev-shm-usage", "mute-audio"} {
		options = append(options, chromedp.Flag(flag, true))
	}
	ctx, stop := chromedp.NewExecAllocator(s.ctx, options...)
	s.stops = append(s.stops, stop)
	ctx, stop = chromedp.NewContext(ctx)
	s.stops = append(s.stops, stop)
	return ctx, chromedp.Do(ctx)
}

// openTown makes the invented town with its five weeks of life, and serves it.
func (s *stage) openTown() (*town, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	settings, err := conf.Load("", []string{"GOROD_DATA=" + s.dir, "GOROD_DATABASE=" + filepath.Join(s.dir, "gorod.db"),
		"GOROD_DEMO=true", "GOROD_LISTEN=" + address, "GOROD_PUBLIC_URL=http://" + address})
	if err != nil {
		return nil, err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := app.Open(s.ctx, settings, log, app.Options{})
	if err != nil {
		return nil, err
	}
	s.stops = append(s.stops, func() { _ = a.Close() })
	city, err := a.Demo(s.ctx, packs.Zarechny(), app.Telling{Say: func(string) {}})
	if err != nil {
		return nil, err
	}
	url, err := s.serve(a)
	return &town{app: a, city: city, url: url}, err
}

// serve serves the city until the tests are over.
func (s *stage) serve(a *app.App) (string, error) {
	ctx, stop := context.WithCancel(s.ctx)
	ready, done := make(chan string, 1), make(chan error, 1)
	go func() { done <- a.Serve(ctx, func(address string) { ready <- address }) }()
	select {
	case url := <-ready:
		s.stops = append(s.stops, func() { stop(); <-done })
		return url, nil
	case err := <-done:
		stop()
		return "", errors.Join(errors.New("the city does not serve"), err)
	case <-time.After(time.Minute):
		stop()
		return "", errors.New("the city does not serve within a minute")
	}
}

// freeAddress is an address that nobody listens on. The links of letters hold
// it, so it is known before the city serves.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

// inTown is the running town; needs a browser, else it would be of no use.
func inTown(t *testing.T) *town {
	t.Helper()
	needChromium(t)
	town, err := shared.town()
	if err != nil {
		t.Fatal(err)
	}
	return town
}

func needChromium(t *testing.T) {
	t.Helper()
	if chromium() == "" {
		missing(t, "NO CHROMIUM on this machine: nothing was tried in a browser (Debian: apt-get install chromium)")
	}
}

// missing ends a test that cannot be tried here; where every change is checked
// that is a failure.
func missing(t *testing.T, what string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(what)
	}
	t.Skip(what)
}
