// Package app puts the city together: it is the only package that knows all
// others. It opens the database, builds the services, says who listens to what
// and what comes when, starts and stops.
package app

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/media"
	"gorod/internal/city/notice"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/schema"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/conf"
	"gorod/internal/platform/event"
	"gorod/internal/platform/id"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

// App is the city with all its services, over one database.
type App struct {
	Settings  *conf.Settings
	Log       *slog.Logger
	DB        *sqldb.DB
	Bus       *event.Bus
	Places    *place.Service
	Topics    *topic.Service
	Orgs      *org.Service
	Residents *resident.Service
	Deadlines *deadline.Service
	Routes    *routing.Service
	Houses    *house.Service
	Problems  *problem.Service
	Board     *board.Service
	Packs     *pack.Service
	Media     *media.Service
	Suggest   *suggest.Service
	Notices   *notice.Service
	Key       see.Secret // signs cookies and makes pseudonyms

	past     bool // the clock is set back: a demo of recorded histories
	commands Commands
	changed  chan struct{} // hears that a command of the CLI was done
}

// suggestSeed makes trainings repeatable.
const suggestSeed = 20261121

// Options of Open. The zero value is right for a server.
type Options struct {
	Clock    func() time.Time // when nil that of the data folder, mostly the world's
	ReadOnly bool             // beside a running server; nothing is migrated or made
	Behind   bool             // ReadOnly opens a database too whose schema is behind this program: for who examines it
	Commands Commands         // what Serve does for the CLI; nothing when nil
}

// Open opens the database of the settings, brings its schema up to date and
// builds the services.
func Open(ctx context.Context, settings *conf.Settings, log *slog.Logger, options Options) (*App, error) {
	past := false
	if options.Clock == nil {
		kept, err := keptClock(settings.Data)
		if err != nil {
			return nil, err
		}
		options.Clock, past = kept, kept != nil
	}
	db, err := sqldb.Open(ctx, settings.Database, sqldb.Options{Clock: options.Clock, ReadOnly: options.ReadOnly})
	if err != nil {
		return nil, err
	}
	a, err := build(ctx, db, settings, log, options)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	a.past = past
	return a, nil
}

func build(ctx context.Context, db *sqldb.DB, settings *conf.Settings, log *slog.Logger, options Options) (*App, error) {
	if !options.ReadOnly {
		applied, err := db.Migrate(ctx, schema.Migrations()...)
		if err != nil {
			return nil, fmt.Errorf("bring the schema up to date: %w", err)
		}
		if len(applied) > 0 {
			log.Info("schema brought up to date", "steps", len(applied), "newest", applied[len(applied)-1])
		}
	}
	if options.ReadOnly && !options.Behind {
		pending, err := db.Pending(ctx, schema.Migrations()...)
		if err != nil {
			return nil, fmt.Errorf("look at the schema: %w", err)
		}
		if len(pending) > 0 {
			return nil, fmt.Errorf("the database is %d steps behind this program: start gorod serve (or demo) with it once, or import a pack; both bring it up to date", len(pending))
		}
	}
	key, err := secretKey(settings, options.ReadOnly)
	if err != nil {
		return nil, err
	}
	a := &App{Settings: settings, Log: log, DB: db, Bus: &event.Bus{}, Key: key,
		commands: options.Commands, changed: make(chan struct{}, 1)}
	if a.Media, err = openMedia(db, settings, options.ReadOnly); err != nil {
		return nil, err
	}
	a.Places = place.New(db)
	a.Topics = topic.New(db)
	a.Orgs = org.New(db)
	a.Deadlines = deadline.New(db, a.Places)
	a.Routes = routing.New(db, a.Places)
	a.Residents = resident.New(resident.Service{DB: db, Bus: a.Bus, Key: []byte(key.Reveal()), Policy: resident.CityPolicy(a.Places)})
	a.Houses = house.New(house.Service{DB: db, Places: a.Places, Orgs: a.Orgs, Residents: a.Residents, Bus: a.Bus})
	a.Problems = problem.New(problem.Service{DB: db, Places: a.Places, Topics: a.Topics, Routes: a.Routes,
		Deadlines: a.Deadlines, Bus: a.Bus, IDs: id.Source{}, Photos: a.Media, FollowKey: []byte(key.Reveal())})
	a.Suggest = suggest.New(suggest.Service{DB: db, Lessons: lessons{a.Problems, a.Places}, Tree: a.treeOf, Seed: suggestSeed})
	a.Problems.Proposals = suggest.Keeper{Suggest: a.Suggest, Places: a.Places}
	a.Board = &board.Service{DB: db, Places: a.Places, Topics: a.Topics, Problems: a.Problems}
	a.Packs = pack.New(db, a.Bus, pack.Owners{Places: a.Places, Topics: a.Topics, Organisations: a.Orgs,
		Deadlines: a.Deadlines, Routes: a.Routes, Houses: a.Houses, Residents: a.Residents})
	cat, err := locale.Shipped()
	if err != nil {
		return nil, fmt.Errorf("read phrases: %w", err)
	}
	a.openNotices(cat)
	a.subscribe()
	return a, nil
}

// Close ends what Open began.
func (a *App) Close() error { return a.DB.Close() }

// City finds the city that a command is about: the one with the key, or the
// only one.
func (a *App) City(ctx context.Context, key string) (place.City, error) {
	if key != "" {
		return a.Places.CityByKey(ctx, key)
	}
	cities, err := a.Places.Cities(ctx)
	if err != nil {
		return place.City{}, err
	}
	switch len(cities) {
	case 0:
		return place.City{}, errors.New("there is no city in this database yet: import a pack first (gorod import FOLDER)")
	case 1:
		return cities[0], nil
	}
	keys := make([]string, len(cities))
	for i, c := range cities {
		keys[i] = c.Key
	}
	return place.City{}, fmt.Errorf("there are several cities in this database; name one with --city: %s", strings.Join(keys, ", "))
}

// secretKey is the one of the settings, else the one kept in the data folder,
// made at the first start. Who only reads keeps none: it signs nothing.
func secretKey(settings *conf.Settings, readOnly bool) (see.Secret, error) {
	if settings.SecretKey.Reveal() != "" {
		return settings.SecretKey, nil
	}
	path := filepath.Join(settings.Data, "secret.key")
	if body, err := os.ReadFile(path); err == nil {
		return see.Secret(strings.TrimSpace(string(body))), nil
	} else if !os.IsNotExist(err) {
		return "", fmt.Errorf("read secret key: %w", err)
	}
	var b [32]byte
	rand.Read(b[:])
	key := hex.EncodeToString(b[:])
	if readOnly {
		return see.Secret(key), nil
	}
	if err := os.MkdirAll(settings.Data, 0o750); err != nil {
		return "", fmt.Errorf("make data folder: %w", err)
	}
	if err := os.WriteFile(path, []byte(key+"\n"), 0o600); err != nil {
		return "", fmt.Errorf("keep secret key: %w", err)
	}
	return see.Secret(key), nil
}
