// Package webtest walks through the city's pages in tests, as a person would:
//
//	town := webtest.New(t, db)
//	page := town.Guest().Get("/")
//	page.Has("h1", "Что случилось?")
//
// The city behind the pages is the invented town of Zarechny on a real database,
// with real services; nothing is replaced but the clock, which is the
// database's. A visitor keeps cookies and sends them back, knows nothing of
// scripts, and checks of every page that it obeys the policy (no inline script
// or style) and that every phrase is in the catalogue.
package webtest

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"gorod/internal/channel/web"
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
	"gorod/internal/platform/event"
	"gorod/internal/platform/id"
	"gorod/internal/platform/job"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
	"gorod/packs"
)

// Password is the one of every account of the town's staff.
const Password = "лодка плывёт по реке"

const key = "0123456789abcdef0123456789abcdef"

// Town is the city behind the pages.
type Town struct {
	web.City
	Here    place.City
	Handler http.Handler
	Log     *bytes.Buffer // of the requests, as JSON lines
	t       testing.TB
	runner  *job.Runner
	lock    *sync.Mutex
}

// read is the pack, read once a process.
var read = sync.OnceValues(func() (*pack.Pack, pack.Report) { return pack.Read(packs.Zarechny()) })

// phrases are the shipped ones, read once a process.
var phrases = sync.OnceValues(locale.Shipped)

// Prepare brings the town into force in a migrated database, and its staff into
// their accounts: sqldbtest.Kit.Prepared does it once for all tests of a package.
func Prepare(db *sqldb.DB) error { return load(context.Background(), base(db, &event.Bus{})) }

// New builds the services over a database of the town. One that is migrated and
// empty is prepared first.
func New(t testing.TB, db *sqldb.DB) *Town {
	t.Helper()
	bus := &event.Bus{}
	town := &Town{City: services(t, db, bus), Log: &bytes.Buffer{}, t: t, lock: &sync.Mutex{}}
	cities, err := town.Places.Cities(t.Context())
	town.must(err)
	if len(cities) == 0 {
		town.must(load(t.Context(), town.City))
		cities, err = town.Places.Cities(t.Context())
		town.must(err)
	}
	town.Here = cities[0]
	cat, err := phrases()
	town.must(err)
	town.Handler, err = web.New(town.City, cat, slog.New(slog.NewJSONHandler(locked{town.lock, town.Log}, nil)))
	town.must(err)
	for _, kind := range append(problem.News(), deadline.Passed) {
		bus.On(kind, board.JobRefresh)
	}
	bus.On(resident.PersonErased, notice.ForgetJob)
	town.runner = &job.Runner{DB: db, Handlers: map[string]job.Handler{
		board.JobRefresh: town.Board.Refresh, notice.ForgetJob: town.Notices.Jobs()[notice.ForgetJob],
	}}
	return town
}

// locked makes a buffer safe for requests at once.
type locked struct {
	lock *sync.Mutex
	to   io.Writer
}

// Write writes a line.
func (l locked) Write(b []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.to.Write(b)
}

// base are the services by which a town comes into a database.
func base(db *sqldb.DB, bus *event.Bus) web.City {
	c := web.City{DB: db, Places: place.New(db), Topics: topic.New(db), Orgs: org.New(db),
		Settings: web.Settings{PublicURL: "http://town.example", SecretKey: key, Demo: true}}
	c.Deadlines = deadline.New(db, c.Places)
	c.Routes = routing.New(db, c.Places)
	c.Residents = resident.New(resident.Service{DB: db, Bus: bus, Key: []byte(key), Argon: resident.Argon{Memory: 64, Passes: 1, Lanes: 1},
		Policy: resident.CityPolicy(c.Places)})
	c.Houses = house.New(house.Service{DB: db, Places: c.Places, Orgs: c.Orgs, Residents: c.Residents, Bus: bus})
	c.Packs = pack.New(db, nil, pack.Owners{Places: c.Places, Topics: c.Topics, Organisations: c.Orgs, Deadlines: c.Deadlines, Routes: c.Routes, Residents: c.Residents, Houses: c.Houses})
	return c
}

func services(t testing.TB, db *sqldb.DB, bus *event.Bus) web.City {
	t.Helper()
	folder, err := media.OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = folder.Close() })
	c := base(db, bus)
	c.Media = &media.Service{DB: db, Blobs: folder, Workshop: media.NewWorkshop(media.DefaultLimits(), 2, 256<<20), IDs: id.Source{}}
	c.Problems = problem.New(problem.Service{DB: db, Places: c.Places, Topics: c.Topics, Routes: c.Routes, Deadlines: c.Deadlines, Bus: bus, Photos: c.Media})
	c.Suggest = suggest.New(suggest.Service{DB: db})
	c.Problems.Proposals = suggest.Keeper{Suggest: c.Suggest, Places: c.Places}
	c.Desk = &moderation.Service{DB: db, Topics: c.Topics, Routes: c.Routes, Deadlines: c.Deadlines, Problems: c.Problems}
	c.Board = &board.Service{DB: db, Places: c.Places, Topics: c.Topics, Problems: c.Problems}
	cat, err := phrases()
	if err != nil {
		t.Fatal(err)
	}
	c.Notices = notice.New(notice.Service{DB: db, People: c.Residents, Phrases: cat, Key: []byte(key)})
	return c
}

func (town *Town) must(err error) {
	town.t.Helper()
	if err != nil {
		town.t.Fatal(err)
	}
}

// load brings pack, staff and consents in.
func load(ctx context.Context, c web.City) error {
	p, report := read()
	result, err := c.Packs.Import(ctx, p, report, nil)
	if err != nil {
		return err
	}
	demo, err := c.Residents.Demo(ctx, Password)
	if err != nil {
		return err
	}
	if _, err := c.Packs.LoadPeople(ctx, result.City, p.People, demo); err != nil {
		return err
	}
	var texts []resident.ConsentText
	for _, text := range p.Texts {
		if purpose, ok := strings.CutPrefix(text.Name, "consent/"); ok {
			texts = append(texts, resident.ConsentText{Purpose: purpose, Language: text.Lang, Text: text.Body})
		}
	}
	return c.DB.Do(ctx, func(tx *sqldb.Tx) error { return c.Residents.LoadConsents(tx, result.City, texts) })
}

// Settle does the jobs that wait: lists and figures know what happened then.
func (town *Town) Settle() {
	town.t.Helper()
	_, err := town.runner.Drain(context.Background())
	town.must(err)
}

// Photo is a picture of the pack.
func Photo(t testing.TB, name string) []byte {
	t.Helper()
	body, err := fs.ReadFile(packs.Zarechny(), "photos/"+name)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// Guest is a new visitor without an account.
func (town *Town) Guest() *Visitor {
	return &Visitor{town: town, t: town.t, cookies: map[string]string{}, Lang: "ru", Address: "192.0.2.1:1234"}
}

// As is a member of the staff who has signed in, by login.
func (town *Town) As(login string) *Visitor {
	town.t.Helper()
	v := town.Guest()
	v.Post("/signin/staff", Form{"login": {login}, "password": {Password}}).Is(http.StatusSeeOther)
	return v
}

// Resident is somebody with an account, who came in by a link to an address.
func (town *Town) Resident(email string) *Visitor {
	town.t.Helper()
	ctx := context.Background()
	v := town.Guest()
	_, err := town.Residents.AskLink(ctx, resident.Who{City: town.Here.ID}, email, resident.Ways{Email: true}, resident.From{Language: "ru"})
	town.must(err)
	var entry int64
	town.must(town.DB.View(ctx, func(tx *sqldb.Tx) error {
		entry, err = sqldb.One(tx, sqldb.Int, `SELECT max(id) FROM entry WHERE city = $1`, town.Here.ID)
		return err
	}))
	letter, err := town.Residents.Letter(ctx, town.Here.ID, entry)
	town.must(err)
	v.Post("/signin/link", Form{"secret": {letter.Secret.Reveal()}}).Is(http.StatusSeeOther)
	return v
}

// Logged is the log of requests so far.
func (town *Town) Logged() string {
	town.lock.Lock()
	defer town.lock.Unlock()
	return town.Log.String()
}

func (town *Town) serve(r *http.Request) *http.Response {
	w := httptest.NewRecorder()
	town.Handler.ServeHTTP(w, r)
	return w.Result()
}
