package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"gorod/internal/channel/web"
	"gorod/internal/city/moderation"
	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/id"
	"gorod/internal/platform/job"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"

	"github.com/prometheus/client_golang/prometheus"
)

// Timeouts of the HTTP server. Photos come over bad networks: a body may take
// minutes, headers may not.
const (
	headerTime   = 10 * time.Second
	bodyTime     = 5 * time.Minute
	answerTime   = 5 * time.Minute
	idleTime     = 2 * time.Minute
	shutdownTime = 20 * time.Second
)

// Serve serves the city until the context ends: pages, the work of the queue,
// and what the CLI asks for. Ready hears the address once all are taken.
func (a *App) Serve(ctx context.Context, ready func(address string)) error {
	registry := see.Registry()
	metrics, err := see.NewMetrics(registry)
	if err != nil {
		return fmt.Errorf("make metrics: %w", err)
	}
	pages, err := a.pages(metrics)
	if err != nil {
		return err
	}
	cities, err := a.Places.Cities(ctx)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", a.Settings.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	ctx, stop := context.WithCancel(ctx)
	var workers sync.WaitGroup
	workers.Go(func() { a.work(ctx, cities, a.jobDone(metrics)) })
	workers.Go(func() { a.followSuggest(ctx, cities) })
	workers.Go(func() { pages.Warm(ctx) })
	if door := a.openDoor(); door != nil {
		workers.Go(func() { door.Serve(ctx, a.command) })
	}
	server := &http.Server{Handler: a.handler(pages, registry), ReadHeaderTimeout: headerTime, ReadTimeout: bodyTime, WriteTimeout: answerTime, IdleTimeout: idleTime}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	ready("http://" + listener.Addr().String())
	select {
	case err = <-failed:
	case <-ctx.Done():
		// Requests in hand are answered, then the queue comes to rest.
		late, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
		err = server.Shutdown(late)
		cancel()
	}
	stop()
	workers.Wait()
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return err
}

func (a *App) jobDone(metrics *see.Metrics) func(context.Context, job.Job, time.Duration, error) {
	report := see.Jobs(a.Log, metrics)
	return func(ctx context.Context, j job.Job, took time.Duration, err error) {
		report(ctx, see.Job{ID: j.ID, Kind: j.Kind, Attempt: j.Attempt}, took, err)
	}
}

// Runner works on the queue of these cities.
func (a *App) Runner(cities []place.City) *job.Runner {
	return &job.Runner{DB: a.DB, Handlers: a.handlers(), Schedule: a.schedule(cities), Workers: a.Settings.Workers}
}

func (a *App) pages(metrics *see.Metrics) (*web.Channel, error) {
	cat, err := locale.Shipped()
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	return web.New(a.web(metrics), cat, a.Log)
}

// handler is everything that the program answers over HTTP.
func (a *App) handler(pages *web.Channel, registry *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /healthz", see.Healthz())
	mux.Handle("GET /readyz", see.Readyz(a.checks()...))
	mux.Handle("GET /metrics", see.MetricsPage(registry, a.Settings.Metrics.Token))
	mux.Handle("/", pages)
	return mux
}

func (a *App) web(metrics *see.Metrics) web.City {
	return web.City{
		DB: a.DB, Places: a.Places, Topics: a.Topics, Orgs: a.Orgs, Residents: a.Residents, Problems: a.Problems,
		Desk: &moderation.Service{DB: a.DB, Problems: a.Problems, Topics: a.Topics, Routes: a.Routes, Deadlines: a.Deadlines,
			Advise: moderation.Adviser(a.Suggest), Audits: a.Suggest.AuditIn},
		Board: a.Board, Houses: a.Houses, Routes: a.Routes, Deadlines: a.Deadlines, Media: a.Media, Notices: a.Notices, Suggest: a.Suggest,
		Packs: a.Packs, IDs: id.Source{}, Metrics: metrics,
		Settings: web.Settings{PublicURL: a.Settings.PublicURL, Demo: a.Settings.Demo, Past: a.past, SecretKey: a.Key, TrustedProxies: a.Settings.TrustedProxies,
			MapDir: filepath.Join(a.Settings.Data, "map")},
	}
}

// lateJob is how long a due job may wait before the node is not ready: the
// queue stands still.
const lateJob = 15 * time.Minute

func (a *App) checks() []see.Check {
	return []see.Check{
		{Name: "database", Test: func(ctx context.Context) error {
			return a.DB.View(ctx, func(tx *sqldb.Tx) error { _, err := sqldb.One(tx, sqldb.Int, `SELECT 1`); return err })
		}},
		{Name: "queue", Test: func(ctx context.Context) error {
			return a.DB.View(ctx, func(tx *sqldb.Tx) error {
				late, err := job.Oldest(tx)
				if err == nil && late > lateJob {
					return fmt.Errorf("the oldest due job waits for %s", late.Round(time.Second))
				}
				return err
			})
		}},
		{Name: "disk", Test: func(context.Context) error {
			probe := filepath.Join(a.Settings.Data, ".probe")
			if err := os.WriteFile(probe, nil, 0o600); err != nil {
				return fmt.Errorf("write to data folder: %w", err)
			}
			return os.Remove(probe)
		}},
	}
}

// openNotices says how letters and SMS go out: in a demo into the catcher, else
// as the settings say.
func (a *App) openNotices(cat *locale.Catalog) {
	a.Notices = notice.New(notice.Service{DB: a.DB, Subjects: subjects{a}, Sights: sights{a, cat}, People: a.Residents, Town: a.town, Phrases: cat, Key: []byte(a.Key.Reveal())})
	for _, kind := range notice.Events() {
		a.Bus.On(problem.NewsPrefix+kind, notice.TellJob)
	}
	a.Bus.On(resident.CodeAsked, notice.CodeJob)
	a.Bus.On(resident.LinkAsked, notice.CodeJob)
	a.Bus.On(resident.PersonErased, notice.ForgetJob)
}

func (a *App) town(ctx context.Context, city int64) (notice.Town, error) {
	var c place.City
	err := a.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		c, err = a.Places.CityIn(tx, city)
		return err
	})
	if err != nil {
		return notice.Town{}, err
	}
	t := notice.Town{Name: c.Name, Main: c.Main, Zone: c.Zone, EnterURL: a.Settings.PublicURL + "/signin/link/",
		OffURL: a.Settings.PublicURL + "/unsubscribe/", SettingsURL: a.Settings.PublicURL + "/cabinet"}
	if a.Settings.Demo {
		catcher := notice.Catcher{DB: a.DB, City: city}
		t.Mail, t.Phones = catcher, catcher
		return t, nil
	}
	t.Mail, t.Phones = a.post(c), a.gateway()
	return t, nil
}
