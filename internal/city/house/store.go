package house

import (
	"encoding/json"
	"fmt"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// micros is a moment as it is stored; the zero time is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

func scanPassport(row sqldb.Scanner) (Passport, error) {
	var p Passport
	var body string
	if err := row.Scan(&body); err != nil {
		return p, err
	}
	if err := json.Unmarshal([]byte(body), &p); err != nil {
		return p, fmt.Errorf("read passport: %w", err)
	}
	return p, nil
}

func readPassport(tx *sqldb.Tx, city, version int64, house place.HouseID) (Passport, error) {
	return sqldb.One(tx, scanPassport, `
		SELECT body
		FROM house_passport
		WHERE city = $1 AND version = $2 AND house = $3`, city, version, house)
}

// short is what the list of houses needs of a passport.
type short struct {
	house         place.HouseID
	built, floors int
	lifts, flats  int // lifts -1 unknown
	alarm         bool
	manager       org.ID
	asOf          string
}

func scanShort(row sqldb.Scanner) (short, error) {
	var s short
	var alarm int64
	err := row.Scan(&s.house, &s.built, &s.floors, &s.lifts, &s.flats, &alarm, &s.manager, &s.asOf)
	s.alarm = alarm != 0
	return s, err
}

// readShorts reads a page of passports in the order of houses.
func readShorts(tx *sqldb.Tx, city, version int64, after place.HouseID, limit int) ([]short, error) {
	return sqldb.List(tx, scanShort, `
		SELECT house, built, floors, lifts, flats, alarm, manager, as_of
		FROM house_passport
		WHERE city = $1 AND version = $2 AND house > $3
		ORDER BY house
		LIMIT $4`, city, version, after, limit)
}

func putPassport(tx *sqldb.Tx, city, version int64, p Passport) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	lifts, alarm := -1, 0
	if p.Lifts != nil {
		lifts = *p.Lifts
	}
	if p.Alarm != nil && *p.Alarm {
		alarm = 1
	}
	_, err = tx.Exec(`
		INSERT INTO house_passport (city, version, house, built, floors, lifts, flats, alarm, manager, as_of, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (city, version, house) DO UPDATE
		SET built = excluded.built, floors = excluded.floors, lifts = excluded.lifts, flats = excluded.flats,
			alarm = excluded.alarm, manager = excluded.manager, as_of = excluded.as_of, body = excluded.body`,
		city, version, p.House, p.Built, p.FloorsMax, lifts, p.Flats, alarm, string(p.Manager), p.AsOf, string(body))
	return err
}

// mostCompanies and mostTopics bound lists that have a row an organisation and
// a row a topic.
const (
	mostCompanies = 50_000
	mostTopics    = 5000
)

func scanCompany(row sqldb.Scanner) (CompanyFacts, error) {
	var c CompanyFacts
	var body string
	if err := row.Scan(&body); err != nil {
		return c, err
	}
	if err := json.Unmarshal([]byte(body), &c); err != nil {
		return c, fmt.Errorf("read company: %w", err)
	}
	return c, nil
}

func readCompanies(tx *sqldb.Tx, city, version int64) ([]CompanyFacts, error) {
	return sqldb.List(tx, scanCompany, `
		SELECT body
		FROM house_company
		WHERE city = $1 AND version = $2
		ORDER BY org
		LIMIT $3`, city, version, mostCompanies)
}

func putCompany(tx *sqldb.Tx, city, version int64, c CompanyFacts) error {
	body, err := json.Marshal(c)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`
		INSERT INTO house_company (city, version, org, body)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, org) DO UPDATE SET body = excluded.body`, city, version, string(c.Org), string(body))
	return err
}

// TopicResource says that a topic tells of the absence of a resource.
type TopicResource struct {
	Topic    topic.ID `json:"topic"`
	Resource Resource `json:"resource"`
}

func scanTopic(row sqldb.Scanner) (TopicResource, error) {
	var t TopicResource
	err := row.Scan(&t.Topic, &t.Resource)
	return t, err
}

func readTopics(tx *sqldb.Tx, city, version int64) ([]TopicResource, error) {
	return sqldb.List(tx, scanTopic, `
		SELECT topic, resource
		FROM house_topic
		WHERE city = $1 AND version = $2
		ORDER BY topic
		LIMIT $3`, city, version, mostTopics)
}

func putTopic(tx *sqldb.Tx, city, version int64, t TopicResource) error {
	_, err := tx.Exec(`
		INSERT INTO house_topic (city, version, topic, resource)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, version, topic) DO UPDATE SET resource = excluded.resource`,
		city, version, int64(t.Topic), string(t.Resource))
	return err
}

func forgetVersion(tx *sqldb.Tx, city, version int64) error {
	for _, table := range []string{"house_passport", "house_company", "house_topic"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE city = $1 AND version = $2`, city, version); err != nil {
			return fmt.Errorf("empty %s: %w", table, err)
		}
	}
	return nil
}
