package house

import (
	"fmt"
	"slices"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// LoadPassports writes a slice of passports under a version; repeating it
// changes nothing. One that cannot be right is an Invalid fault with a field
// "row:N", counted from 1, for each.
func (s *Service) LoadPassports(tx *sqldb.Tx, city, version int64, rows []Passport) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	return putPassports(tx, city, version, rows)
}

func putPassports(tx *sqldb.Tx, city, version int64, rows []Passport) error {
	var form fault.Form
	for i, p := range rows {
		if p.House <= 0 {
			form.Add(fmt.Sprintf("row:%d", i+1), "house.load_passport", int64(p.House))
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, p := range rows {
		if err := putPassport(tx, city, version, p); err != nil {
			return fmt.Errorf("load passport of house %d: %w", p.House, err)
		}
	}
	return place.ChangedIn(tx, city, version, passportDictionary)
}

// LoadCompanies writes a slice of facts of companies, as LoadPassports does.
func (s *Service) LoadCompanies(tx *sqldb.Tx, city, version int64, rows []CompanyFacts) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	for _, c := range rows {
		if err := putCompany(tx, city, version, c); err != nil {
			return fmt.Errorf("load company %s: %w", c.Org, err)
		}
	}
	return place.ChangedIn(tx, city, version, bookDictionary)
}

// LoadTopics writes a slice of topics that tell of resources, as LoadPassports
// does.
func (s *Service) LoadTopics(tx *sqldb.Tx, city, version int64, rows []TopicResource) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, t := range rows {
		if t.Topic <= 0 || !slices.Contains(Resources(), t.Resource) {
			form.Add(fmt.Sprintf("row:%d", i+1), "house.load_topic", int64(t.Topic))
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, t := range rows {
		if err := putTopic(tx, city, version, t); err != nil {
			return fmt.Errorf("load resource of topic %d: %w", t.Topic, err)
		}
	}
	return place.ChangedIn(tx, city, version, bookDictionary)
}

// Forget deletes a version; the one in force is refused with a Conflict.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	for _, dictionary := range []string{passportDictionary, bookDictionary} {
		if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
			return err
		}
	}
	if err := forgetVersion(tx, city, version); err != nil {
		return fmt.Errorf("forget passports of version %d: %w", version, err)
	}
	return nil
}
