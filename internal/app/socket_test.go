package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"testing"

	"gorod/internal/app"
	"gorod/internal/app/remote"
	"gorod/internal/city/pack"
	"gorod/internal/city/pack/packtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/platform/conf"
)

// jobLog hands on the kinds of the jobs that were done.
type jobLog struct {
	slog.Handler
	kinds chan string
}

func (l jobLog) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool {
		if r.Message == "job" && a.Key == "kind" {
			select {
			case l.kinds <- a.Value.String():
			default:
			}
		}
		return true
	})
	return nil
}

func (l jobLog) Enabled(context.Context, slog.Level) bool { return true }

// importer does what `gorod import` does, with tiny's pack, and says which
// version is in force.
func importer(ctx context.Context, a *app.App, c remote.Call, stdout, stderr io.Writer) int {
	files := packtest.Files()
	if len(c.Args) > 0 {
		files = packtest.With("topics.csv", "Яма,Pothole", c.Args[0]+",Pothole")
	}
	p, report := pack.Read(files)
	result, err := a.ImportPack(ctx, p, report, resident.DemoPassword{}, nil)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	fmt.Fprint(stdout, result.Version)
	return 0
}

// TestACityThatCameThroughTheSocketIsServedWhole: its schedule begins, and what
// the server keeps in memory follows a later import at once.
func TestACityThatCameThroughTheSocketIsServedWhole(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	dir := t.TempDir()
	settings, err := conf.Load("", []string{"GOROD_DATA=" + dir, "GOROD_DATABASE=" + filepath.Join(dir, "gorod.db"), "GOROD_LISTEN=127.0.0.1:0"})
	must(t, err)
	log := jobLog{slog.DiscardHandler, make(chan string, 100)}
	a, err := app.Open(ctx, settings, slog.New(log), app.Options{Commands: importer})
	must(t, err)
	defer a.Close()
	served := make(chan error, 1)
	open := make(chan struct{})
	go func() { served <- a.Serve(ctx, func(string) { close(open) }) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	<-open
	model := int64(0)
	for i, args := range [][]string{nil, {"Ямища"}} {
		code, err := remote.Send(ctx, app.SocketPath(settings), remote.Call{Args: args}, io.Discard, t.Output())
		if err != nil || code != 0 {
			t.Fatalf("import %d: exit code %d, %v", i, code, err)
		}
		city, err := a.City(ctx, tiny)
		must(t, err)
		advice, err := a.Suggest.Propose(ctx, city.ID, suggest.Input{Text: "яма у подъезда"})
		if err != nil || advice.Model <= model || city.Version != int64(i+1) {
			t.Errorf("version %d: model %d is asked after %d, %v", city.Version, advice.Model, model, err)
		}
		model = advice.Model
	}
	for kind := range log.kinds {
		if kind == problem.JobSilence {
			break // a job that only a city's own schedule has
		}
	}
}

func TestPostgresNeedsNoSocket(t *testing.T) {
	t.Parallel()
	settings, err := conf.Load("", []string{"GOROD_DATABASE=postgres://db.example/gorod"})
	must(t, err)
	if path := app.SocketPath(settings); path != "" {
		t.Errorf("the socket is %s", path)
	}
}
