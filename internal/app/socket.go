package app

import (
	"context"
	"io"
	"slices"
	"sync"
	"time"

	"gorod/internal/app/remote"
	"gorod/internal/city/place"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// Commands does a command of the CLI on the city of a running server and
// returns its exit code.
type Commands func(ctx context.Context, a *App, c remote.Call, stdout, stderr io.Writer) int

// SocketPath is where the server of a SQLite database hears the CLI: beside
// the database, as its lock is, so that whoever finds one finds the other.
// Empty for PostgreSQL, which many processes may write to.
func SocketPath(settings *conf.Settings) string {
	if sqldb.IsPostgres(settings.Database) {
		return ""
	}
	return settings.Database + ".sock"
}

// openDoor opens the socket for the CLI; nil when there is none to be. A city
// that cannot have one is served all the same.
func (a *App) openDoor() *remote.Door {
	path := SocketPath(a.Settings)
	if a.commands == nil || path == "" {
		return nil
	}
	door, err := remote.Open(path, a.Log)
	if err != nil {
		a.Log.Warn("commands of the CLI cannot reach this server", "error", err)
		return nil
	}
	return door
}

// command does what the CLI asks for, and lets the queue know: there may be
// another city now.
func (a *App) command(ctx context.Context, c remote.Call, stdout, stderr io.Writer) int {
	code := a.commands(ctx, a, c, stdout, stderr)
	select {
	case a.changed <- struct{}{}:
	default:
	}
	return code
}

// citiesAge is how often a node looks whether another one made a city.
const citiesAge = time.Minute

// work runs the queue until the context ends, with the schedule of the cities
// that there are: when one comes, or changes its clock, it begins anew.
func (a *App) work(ctx context.Context, cities []place.City, done func(context.Context, job.Job, time.Duration, error)) {
	for ctx.Err() == nil {
		until, stop := context.WithCancel(ctx)
		runner := a.Runner(cities)
		runner.Done = done
		var running sync.WaitGroup
		running.Go(func() { runner.Run(until) })
		cities = a.nextCities(ctx, cities)
		stop()
		running.Wait()
	}
}

// nextCities waits until the cities have another schedule than these, or the
// context ends.
func (a *App) nextCities(ctx context.Context, known []place.City) []place.City {
	alike := func(x, y place.City) bool {
		return x.ID == y.ID && x.Key == y.Key && x.Zone.String() == y.Zone.String()
	}
	ticker := time.NewTicker(citiesAge)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return known
		case <-a.changed:
		case <-ticker.C:
		}
		now, err := a.Places.Cities(ctx)
		if err == nil && !slices.EqualFunc(known, now, alike) {
			return now
		}
		if err != nil && ctx.Err() == nil {
			a.Log.Warn("the cities could not be listed; their schedule stays", "error", err)
		}
	}
}
