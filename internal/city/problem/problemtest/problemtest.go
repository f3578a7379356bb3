// Package problemtest makes a city of one street for the tests of problem and
// of those downstream of it: two districts, three topics, three organisations,
// rules, terms and the calendar of 2026.
package problemtest

import (
	"context"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/id"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"

	"github.com/paulmach/orb"
)

// The topics of the test city.
const (
	Lamp    topic.ID = 271 // a free point or a house; interim answers allowed; public
	Pothole topic.ID = 54  // a free point only; needs a photo
	Private topic.ID = 29  // in a flat: not public; asks for apartment and phone
	Snow    topic.ID = 77  // only from 15 November to 31 March
)

// The two houses and a point in the open.
const (
	House    place.HouseID = 1
	FarHouse place.HouseID = 2
)

// Square is a point in the open, in the district «west».
var Square = geo.Point{Lat: 58.3000, Lon: 36.8900}

// Schema is what the tests' databases need.
func Schema() []sqldb.Migrations {
	return []sqldb.Migrations{job.Migrations(), place.Migrations(), topic.Migrations(), org.Migrations(),
		deadline.Migrations(), routing.Migrations(), problem.Migrations()}
}

// Town is a city with its services under a clock that the test moves.
type Town struct {
	*problem.Service
	Clock *sqldbtest.Clock
	key   int
}

// dice is repeatable randomness for several goroutines.
type dice struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// Read implements io.Reader.
func (d *dice) Read(b []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.source.Read(b)
}

// City is the key of the test city.
const City = 1

// New loads the city into an empty database.
func New(tb testing.TB, db *sqldb.DB) *Town {
	tb.Helper()
	clock := sqldbtest.NewClock(sqldbtest.Start)
	db = db.At(clock.Now)
	places := place.New(db)
	town := &Town{Clock: clock, Service: problem.New(problem.Service{
		DB: db, Places: places, Topics: topic.New(db), Routes: routing.New(db, places), Deadlines: deadline.New(db, places),
		Bus: &event.Bus{}, IDs: id.Source{Rand: &dice{source: rand.NewChaCha8([32]byte{7})}}, FollowKey: []byte("a key of thirty-two bytes at least"),
	})}
	town.load(tb)
	return town
}

func (town *Town) load(tb testing.TB) {
	tb.Helper()
	must(tb, town.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		settings := place.DefaultSettings()
		settings.MessagesPerDay, settings.AutoCloseDays, settings.AskBeforeCloseDays, settings.QuestionDays = 10, 20, 3, 5
		settings.RefuseRepeats = true
		zone, err := time.LoadLocation("Europe/Moscow")
		if err != nil {
			return err
		}
		city := place.City{ID: City, Key: "test", Name: name("Пробный"), Zone: zone, Languages: []string{"ru", "en"}, Main: "ru",
			Bounds: box(36.88, 58.29, 36.92, 58.31), Center: Square, Settings: settings}
		if err := town.Places.SaveCityIn(tx, city); err != nil {
			return err
		}
		for _, load := range []func(*sqldb.Tx) error{town.loadPlaces, town.loadTopics, town.loadRules, town.loadTerms} {
			if err := load(tx); err != nil {
				return err
			}
		}
		return town.Places.SwitchIn(tx, City, 1)
	}))
}

func (town *Town) loadPlaces(tx *sqldb.Tx) error {
	shape := func(b geo.Box) geo.Shape {
		return geo.Shape{orb.Polygon{orb.Ring{{b.Min.Lon, b.Min.Lat}, {b.Max.Lon, b.Min.Lat}, {b.Max.Lon, b.Max.Lat}, {b.Min.Lon, b.Max.Lat}, {b.Min.Lon, b.Min.Lat}}}}
	}
	err := town.Places.LoadAreas(tx, City, 1, []place.AreaShape{
		{Area: place.Area{ID: "west", Kind: "district", Name: name("Запад")}, Shape: shape(box(36.88, 58.29, 36.90, 58.31))},
		{Area: place.Area{ID: "east", Kind: "district", Name: name("Восток")}, Shape: shape(box(36.90, 58.29, 36.92, 58.31))},
	})
	if err != nil {
		return err
	}
	return town.Places.LoadHouses(tx, City, 1, []place.House{
		{ID: House, Street: "ул. Садовая", Number: "14", Address: "ул. Садовая, д. 14", Point: geo.Point{Lat: 58.3005, Lon: 36.8905}, District: "west", Purpose: "apartment"},
		{ID: FarHouse, Street: "ул. Лесная", Number: "2", Address: "ул. Лесная, д. 2", Point: geo.Point{Lat: 58.3050, Lon: 36.9150}, District: "east", Purpose: "apartment"},
	})
}

func (town *Town) loadTopics(tx *sqldb.Tx) error {
	base := func(id topic.ID, title string) topic.Topic {
		return topic.Topic{Ref: topic.Ref{ID: id, Version: 1}, Object: 2, ObjectName: name("Двор"), Category: 20, CategoryName: name("Благоустройство"),
			Name: name(title), Widget: topic.NearBuilding, Evidence: topic.NoEvidence, Public: true, Open: true, Interim: true}
	}
	pothole := base(Pothole, "Яма")
	pothole.Widget, pothole.Evidence = topic.FreePoint, topic.Photo
	flat := base(Private, "Холодно в квартире")
	flat.Widget, flat.Public, flat.Interim = topic.OnBuilding, false, false
	flat.Extras = []topic.Extra{{Name: "apartment", Required: true}, {Name: "phone", Required: true}}
	snow := base(Snow, "Не убран снег")
	snow.SeasonFrom, snow.SeasonTo = "11-15", "03-31"
	return town.Topics.Load(tx, City, 1, []topic.Topic{base(Lamp, "Не горит фонарь"), pothole, flat, snow})
}

func (town *Town) loadRules(tx *sqldb.Tx) error {
	return town.Routes.Load(tx, City, 1, []routing.Rule{
		{ID: 1, Executor: "admin", Coordinator: "admin", Controller: "admin", Note: name("всё остальное")},
		{ID: 112, Topic: Lamp, Executor: "light", Coordinator: "works", Controller: "admin", Note: name("освещение")},
		{ID: 113, Topic: Pothole, Executor: "roads", Coordinator: "works", Controller: "admin", Note: name("дороги")},
	})
}

func (town *Town) loadTerms(tx *sqldb.Tx) error {
	term := func(key deadline.TopicKey, stage deadline.Stage, amount int) deadline.Rule {
		return deadline.Rule{Topic: key, Stage: stage, Term: deadline.Term{Amount: amount, Unit: deadline.WorkingDays}}
	}
	year, err := deadline.ParseCalendar(strings.NewReader(calendar2026))
	if err != nil {
		return err
	}
	return town.Deadlines.Load(tx, City, 1, deadline.Rows{
		Years: []deadline.Year{year},
		Terms: []deadline.Rule{
			term(deadline.TopicKey{}, deadline.Moderation, 1), term(deadline.TopicKey{}, deadline.Processing, 10),
			term(deadline.TopicKey{}, deadline.Review, 1),
		},
	})
}

// calendar2026 has what November and December 2026 need: facts of the
// production calendar of Russia.
const calendar2026 = `<?xml version="1.0" encoding="UTF-8"?>
<calendar year="2026" lang="ru" country="ru" date="2025.09.30">
<holidays><holiday id="7" title="День народного единства"/><holiday id="1" title="Новогодние каникулы"/></holidays>
<days><day d="11.03" t="2"/><day d="11.04" t="1" h="7"/><day d="12.31" t="1" f="01.04"/></days>
</calendar>`

// The people of the test city.
var (
	Anna       = resident.Who{City: City, ID: 1001}
	Boris      = resident.Who{City: City, ID: 1002}
	Guest      = resident.Who{City: City}
	Moderator  = resident.Who{City: City, ID: 2001, Roles: []resident.Role{resident.Moderator}}
	Electrican = resident.Who{City: City, ID: 2002, Org: "light", Roles: []resident.Role{resident.Executor}}
	Roadman    = resident.Who{City: City, ID: 2003, Org: "roads", Roles: []resident.Role{resident.Executor}}
	Works      = resident.Who{City: City, ID: 2004, Org: "works", Roles: []resident.Role{resident.Coordinator}}
	Control    = resident.Who{City: City, ID: 2005, Org: "admin", Roles: []resident.Role{resident.Controller}}
	People     = resident.Who{City: City, ID: 2006, Roles: []resident.Role{resident.PeopleController}}
	EastOnly   = resident.Who{City: City, ID: 2007, Roles: []resident.Role{resident.Moderator}, Areas: []string{"east"}}
)

// Message is a sound message about a lamp.
func Message() problem.Send {
	return problem.Send{Text: "Во дворе не горит фонарь", Topic: Lamp, Channel: "web",
		Place: place.Draft{Point: Square, Mark: place.NearBuilding, House: House}}
}

// Signed is a sound final answer.
func Signed(text string) problem.Give {
	return problem.Give{Outcome: problem.Done, Text: text, Signer: problem.Signer{Position: "мастер", Name: "И. Б. Лампин", Phone: "2-14-80"}}
}

// Key is a fresh retry key.
func (town *Town) Key() string {
	town.key++
	return strings.Repeat("k", 24) + string(rune('a'+town.key%26)) + strings.Repeat("x", town.key/26)
}

// Give lets a person give a command and expects that it is done.
func (town *Town) Give(tb testing.TB, who resident.Who, key int64, c problem.Command) problem.Receipt {
	tb.Helper()
	r, err := town.Do(context.Background(), who, problem.Order{Problem: key, Command: c, Key: town.Key()})
	if err != nil {
		tb.Fatalf("%s: %v", problem.VerbOf(c), err)
	}
	return r
}

// Refused lets a person give a command and returns why it was refused.
func (town *Town) Refused(tb testing.TB, who resident.Who, key int64, c problem.Command) error {
	tb.Helper()
	_, err := town.Do(context.Background(), who, problem.Order{Problem: key, Command: c, Key: town.Key()})
	if err == nil {
		tb.Fatalf("%s was not refused", problem.VerbOf(c))
	}
	return err
}

// Answered leads a lamp's problem of Anna's to a passed answer.
func (town *Town) Answered(tb testing.TB) int64 {
	tb.Helper()
	key := town.Give(tb, Anna, 0, Message()).Problem
	town.Give(tb, Moderator, key, problem.Accept{})
	town.Give(tb, Electrican, key, Signed("Заменили лампу"))
	town.Give(tb, Moderator, key, problem.Pass{})
	return key
}

func name(ru string) map[string]string { return map[string]string{"ru": ru, "en": ru} }

func box(minLon, minLat, maxLon, maxLat float64) geo.Box {
	return geo.Box{Min: geo.Point{Lat: minLat, Lon: minLon}, Max: geo.Point{Lat: maxLat, Lon: maxLon}}
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
