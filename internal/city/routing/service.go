package routing

import (
	"embed"
	"errors"
	"fmt"
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "routing", Files: files} }

const dictionary = "routing"

// Service decides who answers for what.
type Service struct {
	places *place.Service
	rules  place.Editions[Rules]
}

// New makes a service. The database is that of places; it is asked for so that
// all services are made alike.
func New(_ *sqldb.DB, places *place.Service) *Service { return &Service{places: places} }

// RulesIn gives the rules in force.
func (s *Service) RulesIn(tx *sqldb.Tx, city int64) (Rules, error) {
	e, err := place.CurrentIn(tx, city, dictionary)
	if err != nil {
		return Rules{}, err
	}
	return s.rules.Get(e, func() (Rules, error) { return s.read(tx, city, e.Version) })
}

func (s *Service) read(tx *sqldb.Tx, city, version int64) (Rules, error) {
	rules, err := readAll(tx, city, version)
	if err != nil {
		return Rules{}, fmt.Errorf("read routing rules: %w", err)
	}
	// The area that is the whole city has the pack's id for it.
	c, err := s.places.CityIn(tx, city)
	if err != nil {
		return Rules{}, err
	}
	areas, err := s.places.AreasIn(tx, city)
	if err != nil {
		return Rules{}, err
	}
	whole := []place.AreaID{place.AreaID(c.Key)}
	for _, a := range areas {
		if a.Kind == place.WholeCity {
			whole = append(whole, a.ID)
		}
	}
	return NewRules(version, rules, whole...), nil
}

// RouteIn decides who answers for a topic at a place. That nobody does is a
// decision too (Missing), not an error.
func (s *Service) RouteIn(tx *sqldb.Tx, city int64, t topic.Topic, at place.Place, now time.Time) (Decision, error) {
	rules, err := s.RulesIn(tx, city)
	if err != nil {
		return Decision{}, err
	}
	c, err := s.places.CityIn(tx, city)
	if err != nil {
		return Decision{}, err
	}
	ask := Ask{Topic: t, Place: at, On: now.In(c.Zone)}
	if at.House != 0 {
		house, err := s.places.HouseIn(tx, city, at.House)
		if err != nil && !errors.Is(err, fault.Missing) {
			return Decision{}, err
		}
		// A house that the new version no longer has has no manager either.
		ask.Manager = org.ID(house.Manager)
	}
	if at.Object != "" {
		object, err := s.places.ObjectIn(tx, city, at.Object)
		if err != nil && !errors.Is(err, fault.Missing) {
			return Decision{}, err
		}
		ask.Owner = org.ID(object.Owner)
	}
	if rules.grounds {
		lie, err := s.places.LieIn(tx, city, at.Point)
		if err != nil {
			return Decision{}, err
		}
		ask.Ground = lie.Ground
	}
	return rules.Decide(ask)
}

// Load writes a slice of rules under a version; repeating it changes nothing. A
// rule that cannot be right is an Invalid fault with a field "row:N", counted
// from 1, for each.
func (s *Service) Load(tx *sqldb.Tx, city, version int64, rows []Rule) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, r := range rows {
		if phrase := r.wrong(); phrase != "" {
			form.Add(fmt.Sprintf("row:%d", i+1), phrase, r.ID)
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, r := range rows {
		if err := put(tx, city, version, r); err != nil {
			return fmt.Errorf("load rule %d: %w", r.ID, err)
		}
	}
	return place.ChangedIn(tx, city, version, dictionary)
}

// wrong is the phrase of what cannot be right in a rule, "" when it can.
func (r Rule) wrong() string {
	levels := 0
	for _, id := range []topic.ID{r.Topic, r.Category, r.Object} {
		if id != 0 {
			levels++
		}
	}
	switch {
	case r.ID <= 0:
		return "routing.load_id"
	case levels > 1:
		return "routing.load_topic"
	case r.Executor == "":
		return "routing.load_executor"
	case r.Where != "" && !slices.Contains(place.Grounds(), r.Where):
		return "routing.load_where"
	case r.From != "" && !r.From.valid():
		return "routing.load_day"
	}
	return ""
}

func (d Day) valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil
}

// Forget deletes a version; the one in force is refused with a Conflict.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
		return err
	}
	if err := forget(tx, city, version); err != nil {
		return fmt.Errorf("forget rules of version %d: %w", version, err)
	}
	return nil
}
