// Package web is the city's pages: what residents and staff see in a browser,
// and the few JSON answers that the pages' own scripts ask for.
//
// A handler decodes the request, calls one method of a capability, fills one
// struct of package view and renders it. It returns an error instead of writing
// one: answerError (fault.go) is the only place that turns a refusal into a
// page or JSON, by one table. All routes stand in routes.go, all middleware in
// middleware.go, each with its order explained.
//
// Rules:
//   - Every page is whole without JavaScript. A form in steps is several submit
//     buttons of one form; what was typed travels along and is never lost.
//   - Every form carries a key made here: sending it twice does nothing twice.
//   - A page about a person is never stored or indexed, and never compressed:
//     compression beside a reflected text could tell a secret (BREACH).
//   - Secrets leave the address bar at once: a follow link sets a cookie and
//     redirects. Logs know the pattern of a route only (package see).
//   - No address of another host is ever in a page; the policy says so too.
package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/board"
	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/media"
	"gorod/internal/city/moderation"
	"gorod/internal/city/notice"
	"gorod/internal/city/org"
	"gorod/internal/city/pack"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/id"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

// City is what the pages need of the city; every service is required.
type City struct {
	DB        *sqldb.DB
	Places    *place.Service
	Topics    *topic.Service
	Orgs      *org.Service
	Residents *resident.Service
	Problems  *problem.Service
	Desk      *moderation.Service
	Board     *board.Service
	Houses    *house.Service
	Routes    *routing.Service
	Deadlines *deadline.Service
	Media     *media.Service
	Notices   *notice.Service
	Suggest   *suggest.Service
	Packs     *pack.Service
	IDs       id.Source
	Metrics   *see.Metrics // nil counts nothing
	Settings  Settings
}

// Settings are what the channel was told.
type Settings struct {
	PublicURL string     // scheme://host without a slash at the end
	Demo      bool       // nothing is sent anywhere: the pages say so
	Past      bool       // the demo's clock is set back: the pages say which day it is
	SecretKey see.Secret // signs cookies and makes pseudonyms; at least 32 bytes
	// Hosts maps host names to keys of cities. A host that is not here gets the
	// only city there is, or the first.
	Hosts map[string]string
	// TrustedProxies may say for whom they ask (X-Forwarded-For).
	TrustedProxies []netip.Prefix
	// Unlimited switches the rate limits off: load tests and replays only.
	Unlimited bool
	// MapDir is the folder with the PMTiles archive of a city that configured one.
	MapDir string
}

// Server answers requests. It is made by New.
type Server struct {
	City
	cat    *locale.Catalog
	log    *slog.Logger
	pages  *view.Renderer
	assets *assets
	rates  *rates
	keys   signer
	mux    *http.ServeMux
	books  dictionaries
	maps   mapCache
	forms  choiceBook
	stills stillMaps
}

// Channel answers all requests of the pages.
type Channel struct {
	http.Handler
	server *Server
}

// New makes the channel. It fails when a template or an asset is broken or a
// service is missing.
func New(city City, cat *locale.Catalog, log *slog.Logger) (*Channel, error) {
	s, err := newServer(city, cat, log)
	if err != nil {
		return nil, err
	}
	return &Channel{s.handler(), s}, nil
}

func newServer(city City, cat *locale.Catalog, log *slog.Logger) (*Server, error) {
	if city.DB == nil || city.Places == nil || city.Problems == nil || city.Residents == nil {
		return nil, errors.New("make web channel: a service is missing")
	}
	if len(city.Settings.SecretKey.Reveal()) < 32 {
		return nil, errors.New("make web channel: the secret key is shorter than 32 bytes")
	}
	built, err := shippedAssets()
	if err != nil {
		return nil, err
	}
	if !built.built() {
		log.Warn("the front end is not built: pages come without style and scripts; run `make web`")
	}
	pages, err := view.New(cat, built)
	if err != nil {
		return nil, fmt.Errorf("make web channel: %w", err)
	}
	s := &Server{
		City: city, cat: cat, log: log, pages: pages, assets: built,
		rates: newRates(city.Settings.Unlimited, city.DB.Now),
		keys:  signer{master: []byte(city.Settings.SecretKey.Reveal())},
		mux:   http.NewServeMux(),
	}
	for _, r := range s.routes() {
		s.mux.Handle(r.pattern, s.serve(r))
	}
	return s, nil
}
