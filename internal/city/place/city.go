package place

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
)

// City is one of the cities of this database. It is shared by all who read it:
// change a copy.
type City struct {
	ID        int64  // small, given once; leads every key
	Key       string // the pack's id, such as zarechny
	Name      map[string]string
	Zone      *time.Location
	Languages []string
	Main      string // the language that every text of the pack has
	Bounds    geo.Box
	Center    geo.Point
	Version   int64 // of the dictionaries in force; 0: none yet
	Settings  Settings
}

// Settings are what a city decides for itself. Zero limits mean no limit.
type Settings struct {
	MessagesPerDay     int  `json:"messages_per_day"`      // of one account or device in 24 hours
	MessagesPerAddress int  `json:"messages_per_address"`  // of one network address: hundreds may share it
	AutoCloseDays      int  `json:"auto_close_days"`       // after which an answered problem closes by itself
	AskBeforeCloseDays int  `json:"ask_before_close_days"` // how long before that the author is asked
	QuestionDays       int  `json:"question_days"`         // how long a question to the author stays open
	RepeatDays         int  `json:"repeat_days"`           // how long after closing a problem is still shown to who reports the like
	Photos             int  `json:"photos"`                // with one message
	PhotoMB            int  `json:"photo_mb"`
	RefuseRepeats      bool `json:"refuse_repeats"` // the same author, topic and place while the first is open

	Emergency  string `json:"emergency"`  // phone for danger to people, such as 112
	Dispatcher string `json:"dispatcher"` // phone for accidents in houses

	SMS   bool `json:"sms"` // ways to sign in
	Email bool `json:"email"`

	// The second factor of the staff: off, offered (also "") or required, and of
	// which roles; none means all. Package resident says what each does.
	SecondFactor      string   `json:"second_factor,omitempty"`
	SecondFactorRoles []string `json:"second_factor_roles,omitempty"`

	AppealURL   string            `json:"appeal_url"` // where statutory appeals (59-ФЗ) go
	AppealName  map[string]string `json:"appeal_name"`
	Attribution map[string]string `json:"attribution"` // of the map
	Map         MapSource         `json:"map"`

	// How terms are counted: see package deadline.
	OnDayOff        string `json:"on_day_off"`       // "", next, previous
	NextWorkingDay  bool   `json:"next_working_day"` // what comes when nobody works counts from the next working day
	ClosesMinutes   int    `json:"closes_minutes"`   // end of the working day after midnight; 0: hours do not matter
	ShortenedByMins int    `json:"shortened_by_minutes"`
}

// DefaultSettings are those that a pack leaves out: the rules of the portal
// that domain.md 1.5 and 1.7 describe.
func DefaultSettings() Settings {
	return Settings{
		MessagesPerDay: 10, MessagesPerAddress: 300, AutoCloseDays: 20, AskBeforeCloseDays: 3, QuestionDays: 5, RepeatDays: 30,
		Photos: 10, PhotoMB: 15, RefuseRepeats: true, Emergency: "112", Email: true,
		SecondFactor: "offered",
	}
}

// Check refuses a city that could not work, all that is wrong at once.
func (c City) Check() error {
	var form fault.Form
	if c.ID <= 0 {
		form.Add("id", "place.city_id")
	}
	if c.Key == "" {
		form.Add("key", "place.city_key")
	}
	if c.Zone == nil {
		form.Add("zone", "place.city_zone")
	}
	if !slices.Contains(c.Languages, c.Main) {
		form.Add("main_language", "place.city_language", c.Main)
	}
	if c.Name[c.Main] == "" {
		form.Add("name", "place.city_name", c.Main)
	}
	if !c.Bounds.Valid() || !c.Bounds.Contains(c.Center) {
		form.Add("bounds", "place.city_bounds")
	}
	return form.Err()
}

// cityBody is a city as its row keeps it.
type cityBody struct {
	Name      map[string]string `json:"name"`
	Zone      string            `json:"zone"`
	Languages []string          `json:"languages"`
	Main      string            `json:"main"`
	Bounds    [4]float64        `json:"bounds"` // west, south, east, north
	Center    geo.Point         `json:"center"`
	Settings  Settings          `json:"settings"`
}

func (c City) body() (string, error) {
	b := c.Bounds
	packed, err := json.Marshal(cityBody{
		Name: c.Name, Zone: c.Zone.String(), Languages: c.Languages, Main: c.Main,
		Bounds: [4]float64{b.Min.Lon, b.Min.Lat, b.Max.Lon, b.Max.Lat}, Center: c.Center, Settings: c.Settings,
	})
	if err != nil {
		return "", fmt.Errorf("write city %s: %w", c.Key, err)
	}
	return string(packed), nil
}

// city reads a row.
func (r cityRow) city() (City, error) {
	var b cityBody
	if err := json.Unmarshal([]byte(r.body), &b); err != nil {
		return City{}, fmt.Errorf("read city %s: %w", r.key, err)
	}
	zone, err := time.LoadLocation(b.Zone)
	if err != nil {
		return City{}, fmt.Errorf("read zone of city %s: %w", r.key, err)
	}
	return City{
		ID: r.id, Key: r.key, Version: r.version,
		Name: b.Name, Zone: zone, Languages: b.Languages, Main: b.Main, Center: b.Center, Settings: b.Settings,
		Bounds: geo.Box{Min: geo.Point{Lon: b.Bounds[0], Lat: b.Bounds[1]}, Max: geo.Point{Lon: b.Bounds[2], Lat: b.Bounds[3]}},
	}, nil
}
