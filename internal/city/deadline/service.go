package deadline

import (
	"embed"
	"fmt"
	"strconv"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package: term, calendar_year and
// calendar_override, each under a version of the pack.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "deadline", Files: files} }

const dictionary = "deadline"

// Service gives the pure rules of this package what a city has loaded: terms,
// calendar, and how it counts (place.Settings).
type Service struct {
	places *place.Service
	books  place.Editions[book]
}

// New makes a service. The database is that of places; it is asked for so that
// all services are made alike.
func New(_ *sqldb.DB, places *place.Service) *Service { return &Service{places: places} }

// book is what is loaded under one edition. It never changes.
type book struct {
	terms    Terms
	calendar *Calendar
}

// RulesIn gives how a city counts time now, and its table of terms.
func (s *Service) RulesIn(tx *sqldb.Tx, city int64) (Rules, Terms, error) {
	c, err := s.places.CityIn(tx, city)
	if err != nil {
		return Rules{}, Terms{}, err
	}
	e, err := place.CurrentIn(tx, city, dictionary)
	if err != nil {
		return Rules{}, Terms{}, err
	}
	b, err := s.books.Get(e, func() (book, error) { return readBook(tx, city, e.Version) })
	if err != nil {
		return Rules{}, Terms{}, err
	}
	rules := Rules{
		Zone: c.Zone, Calendar: b.calendar, OnDayOff: OnDayOff(c.Settings.OnDayOff),
		Receipt: Receipt{
			NextWorkingDay: c.Settings.NextWorkingDay,
			Closes:         time.Duration(c.Settings.ClosesMinutes) * time.Minute,
			ShortenedBy:    time.Duration(c.Settings.ShortenedByMins) * time.Minute,
		},
	}
	return rules, b.terms, nil
}

// PromiseIn computes when a topic's stages are due, the first beginning with an
// event, under the terms that hold on the day of the event. A term or a year
// that is not loaded makes the promise Unknown and is no error: a message is
// never refused for want of a date.
func (s *Service) PromiseIn(tx *sqldb.Tx, city int64, key TopicKey, event time.Time, pauses []Pause, stages ...Stage) (Promise, error) {
	rules, terms, err := s.RulesIn(tx, city)
	if err != nil {
		return Promise{}, err
	}
	plan := terms.Plan(key, DateOf(event, rules.Zone), stages...)
	return rules.Promise(event, plan, pauses...), nil
}

// Rows are a slice of what Load takes.
type Rows struct {
	Terms     []Rule
	Years     []Year
	Overrides []Override
}

// Load writes a slice under a version; repeating it changes nothing. What the
// rules of NewTerms and NewCalendar refuse, alone or together with what is
// loaded already, is an Invalid fault and must be rolled back.
func (s *Service) Load(tx *sqldb.Tx, city, version int64, rows Rows) error {
	if err := place.CheckSlice(version, len(rows.Terms)+len(rows.Years)+len(rows.Overrides)); err != nil {
		return err
	}
	if _, err := NewTerms(rows.Terms); err != nil {
		return err
	}
	if _, err := NewCalendar("", rows.Years, rows.Overrides); err != nil {
		return err
	}
	if err := put(tx, city, version, rows); err != nil {
		return err
	}
	if _, err := readBook(tx, city, version); err != nil {
		return err
	}
	return place.ChangedIn(tx, city, version, dictionary)
}

func put(tx *sqldb.Tx, city, version int64, rows Rows) error {
	for _, r := range rows.Terms {
		if err := putTerm(tx, city, version, r); err != nil {
			return fmt.Errorf("load term of %s: %w", r.Stage, err)
		}
	}
	for _, y := range rows.Years {
		if err := putYear(tx, city, version, y); err != nil {
			return fmt.Errorf("load calendar of %d: %w", y.Number, err)
		}
	}
	for _, o := range rows.Overrides {
		if err := putOverride(tx, city, version, o); err != nil {
			return fmt.Errorf("load days from %s: %w", o.First, err)
		}
	}
	return nil
}

// readBook reads all that is loaded under a version. The calendar is named
// after the version of the pack.
func readBook(tx *sqldb.Tx, city, version int64) (book, error) {
	rules, err := readTerms(tx, city, version)
	if err != nil {
		return book{}, fmt.Errorf("read terms: %w", err)
	}
	years, err := readYears(tx, city, version)
	if err != nil {
		return book{}, fmt.Errorf("read calendar: %w", err)
	}
	overrides, err := readOverrides(tx, city, version)
	if err != nil {
		return book{}, fmt.Errorf("read declared days: %w", err)
	}
	var b book
	if b.terms, err = NewTerms(rules); err != nil {
		return book{}, err
	}
	b.calendar, err = NewCalendar(strconv.FormatInt(version, 10), years, overrides)
	return b, err
}

// Forget deletes a version; the one in force is refused with a Conflict.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
		return err
	}
	if err := forget(tx, city, version); err != nil {
		return fmt.Errorf("forget terms of version %d: %w", version, err)
	}
	return nil
}
