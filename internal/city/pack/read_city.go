package pack

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
)

const cityFile = "city.toml"

// cityToml is city.toml as it is written.
type cityToml struct {
	ID        string            `toml:"id"`
	Name      map[string]string `toml:"name"`
	Zone      string            `toml:"zone"`
	Languages []string          `toml:"languages"`
	Main      string            `toml:"main_language"`
	Bounds    []float64         `toml:"bounds"`
	Center    []float64         `toml:"center"`
	Phones    struct {
		Emergency  string `toml:"emergency"`
		Dispatcher string `toml:"dispatcher"`
	} `toml:"phones"`
	Limits struct {
		MessagesPerDay     int  `toml:"messages_per_day"`
		MessagesPerAddress int  `toml:"messages_per_address"`
		AutoCloseDays      int  `toml:"auto_close_days"`
		AskBeforeCloseDays int  `toml:"ask_before_close_days"`
		QuestionDays       int  `toml:"question_days"`
		RepeatDays         int  `toml:"repeat_days"`
		Photos             int  `toml:"photos"`
		PhotoMB            int  `toml:"photo_mb"`
		RefuseRepeats      bool `toml:"refuse_repeats"`
	} `toml:"limits"`
	SignIn struct {
		SMS    bool     `toml:"sms"`
		Email  bool     `toml:"email"`
		Second string   `toml:"second_factor"`
		Roles  []string `toml:"second_factor_roles"`
	} `toml:"sign_in"`
	Appeal struct {
		URL  string            `toml:"url"`
		Name map[string]string `toml:"name"`
	} `toml:"appeal"`
	Map struct {
		Source      string            `toml:"source"`
		URL         string            `toml:"url"`
		Style       string            `toml:"style"`
		File        string            `toml:"file"`
		MaxZoom     int               `toml:"max_zoom"`
		Attribution map[string]string `toml:"attribution"`
	} `toml:"map"`
	Terms struct {
		OnDayOff       string `toml:"on_day_off"`
		NextWorkingDay bool   `toml:"next_working_day"`
		Closes         string `toml:"closes"`
		ShortenedBy    int    `toml:"shortened_by_minutes"`
	} `toml:"terms"`
}

// keyOfCity is what a city may be called: it stands in host names and paths.
var keyOfCity = regexp.MustCompile(`^[a-z][a-z0-9-]{0,62}$`)

var keyOfLanguage = regexp.MustCompile(`^[a-z]{2,3}$`)

func (r *reading) city() {
	// Until something better is read: names are looked for in Russian.
	r.pack.City = place.City{Languages: []string{"ru"}, Main: "ru", Settings: place.DefaultSettings()}
	data, ok := r.bytes(cityFile, "")
	if !ok {
		return
	}
	c := cityParser{r: r, text: string(data)}
	c.defaults()
	meta, err := toml.Decode(c.text, &c.raw)
	if err != nil {
		var at toml.ParseError
		line := 0
		if errors.As(err, &at) {
			line = at.Position.Line
		}
		r.fail(cityFile, line, "", "pack.toml", err.Error())
		return
	}
	c.meta = meta
	c.read()
}

// cityParser turns city.toml into a city.
type cityParser struct {
	r    *reading
	text string
	raw  cityToml
	meta toml.MetaData
}

// defaults are what decoding leaves where the file says nothing.
func (c *cityParser) defaults() {
	s := place.DefaultSettings()
	l := &c.raw.Limits
	l.MessagesPerDay, l.MessagesPerAddress = s.MessagesPerDay, s.MessagesPerAddress
	l.AutoCloseDays, l.AskBeforeCloseDays = s.AutoCloseDays, s.AskBeforeCloseDays
	l.QuestionDays, l.RepeatDays = s.QuestionDays, s.RepeatDays
	l.Photos, l.PhotoMB, l.RefuseRepeats = s.Photos, s.PhotoMB, s.RefuseRepeats
	c.raw.Phones.Emergency, c.raw.Phones.Dispatcher = s.Emergency, s.Dispatcher
	c.raw.SignIn.SMS, c.raw.SignIn.Email, c.raw.SignIn.Second = s.SMS, s.Email, s.SecondFactor
}

func (c *cityParser) fail(key, reason string, args ...any) {
	c.r.fail(cityFile, c.line(key), key, reason, args...)
}

// line finds a key: its table, then the line in it that begins with its name.
func (c *cityParser) line(key string) int {
	table, name := "", key
	if i := strings.LastIndex(key, "."); i >= 0 {
		table, name = key[:i], key[i+1:]
	}
	current, n, best := "", 0, 0
	for line := range strings.Lines(c.text) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") && !strings.Contains(line, "=") {
			current = strings.Trim(line, "[] ")
			if current == key || current == table {
				best = n
			}
			continue
		}
		left, _, ok := strings.Cut(line, "=")
		left = strings.TrimSpace(left)
		if ok && (current == table && left == name || current == "" && left == key) {
			return n
		}
	}
	return best
}

func (c *cityParser) read() {
	for _, key := range c.meta.Undecoded() {
		c.r.warn(cityFile, c.line(key.String()), key.String(), "pack.key_unknown", key.String())
	}
	c.languages()
	city := &c.r.pack.City
	city.Key = c.raw.ID
	if !keyOfCity.MatchString(c.raw.ID) {
		c.fail("id", "pack.city_id", c.raw.ID)
	}
	zone, err := time.LoadLocation(c.raw.Zone)
	if err != nil || c.raw.Zone == "" || c.raw.Zone == "Local" {
		c.fail("zone", "pack.zone", c.raw.Zone)
	} else {
		city.Zone = zone
	}
	city.Name = c.names("name", c.raw.Name, true)
	c.bounds()
	c.settings()
}

func (c *cityParser) languages() {
	city := &c.r.pack.City
	city.Languages, city.Main = c.raw.Languages, c.raw.Main
	for _, lang := range c.raw.Languages {
		if !keyOfLanguage.MatchString(lang) {
			c.fail("languages", "pack.language", lang)
		}
	}
	if len(city.Languages) == 0 {
		city.Languages = []string{"ru"}
		c.r.defaulted(cityFile, "languages", "pack.defaulted", "ru")
	}
	if city.Main == "" {
		city.Main = city.Languages[0]
		c.r.defaulted(cityFile, "main_language", "pack.defaulted", city.Main)
	}
	if !slices.Contains(city.Languages, city.Main) {
		c.fail("main_language", "pack.main_language", city.Main)
	}
}

// names keeps the city's languages of a table and tells which are missing.
func (c *cityParser) names(key string, raw map[string]string, must bool) map[string]string {
	city := c.r.pack.City
	for _, lang := range slices.Sorted(maps.Keys(raw)) {
		if !slices.Contains(city.Languages, lang) {
			c.r.warn(cityFile, c.line(key+"."+lang), key+"."+lang, "pack.key_unknown", key+"."+lang)
		}
	}
	if must && strings.TrimSpace(raw[city.Main]) == "" {
		c.fail(key+"."+city.Main, "pack.empty")
	}
	for _, lang := range city.Languages {
		if len(raw) > 0 && raw[lang] == "" && lang != city.Main {
			c.r.warn(cityFile, c.line(key), key+"."+lang, "pack.untranslated", 1, key+"."+lang)
		}
	}
	return raw
}

func (c *cityParser) bounds() {
	b, m := c.raw.Bounds, c.raw.Center
	if len(b) != 4 {
		c.fail("bounds", "pack.bounds")
		return
	}
	box := geo.Box{Min: geo.Point{Lon: b[0], Lat: b[1]}, Max: geo.Point{Lon: b[2], Lat: b[3]}}
	if !box.Valid() {
		c.fail("bounds", "pack.bounds")
		return
	}
	city := &c.r.pack.City
	city.Bounds = box
	city.Center = geo.Point{Lat: (b[1] + b[3]) / 2, Lon: (b[0] + b[2]) / 2}
	switch {
	case len(m) == 0:
		c.r.defaulted(cityFile, "center", "pack.defaulted", fmt.Sprintf("%.5f, %.5f", city.Center.Lat, city.Center.Lon))
	case len(m) != 2 || !box.Contains(geo.Point{Lon: m[0], Lat: m[1]}):
		c.fail("center", "pack.center")
	default:
		city.Center = geo.Point{Lon: m[0], Lat: m[1]}
	}
}

func (c *cityParser) settings() {
	raw, s := c.raw, &c.r.pack.City.Settings
	l := raw.Limits
	for _, limit := range []struct {
		name  string
		value int
		to    *int
		max   int
	}{
		{"messages_per_day", l.MessagesPerDay, &s.MessagesPerDay, 10_000},
		{"messages_per_address", l.MessagesPerAddress, &s.MessagesPerAddress, 1_000_000},
		{"auto_close_days", l.AutoCloseDays, &s.AutoCloseDays, 3650},
		{"ask_before_close_days", l.AskBeforeCloseDays, &s.AskBeforeCloseDays, 3650},
		{"question_days", l.QuestionDays, &s.QuestionDays, 3650},
		{"repeat_days", l.RepeatDays, &s.RepeatDays, 3650},
		{"photos", l.Photos, &s.Photos, 100},
		{"photo_mb", l.PhotoMB, &s.PhotoMB, 100},
	} {
		c.missing("limits."+limit.name, limit.value)
		if limit.value < 0 || limit.value > limit.max {
			c.fail("limits."+limit.name, "pack.out_of_range", fmt.Sprint(limit.value), "0", fmt.Sprint(limit.max))
		}
		*limit.to = limit.value
	}
	if l.AskBeforeCloseDays > l.AutoCloseDays {
		c.fail("limits.ask_before_close_days", "pack.out_of_range", fmt.Sprint(l.AskBeforeCloseDays), "0", fmt.Sprint(l.AutoCloseDays))
	}
	c.missing("limits.refuse_repeats", l.RefuseRepeats)
	c.missing("phones.emergency", raw.Phones.Emergency)
	c.missing("sign_in.email", raw.SignIn.Email)
	c.missing("sign_in.sms", raw.SignIn.SMS)
	s.RefuseRepeats = l.RefuseRepeats
	s.Emergency, s.Dispatcher = raw.Phones.Emergency, raw.Phones.Dispatcher
	s.SMS, s.Email = raw.SignIn.SMS, raw.SignIn.Email
	c.secondFactor(s)
	s.AppealURL, s.AppealName = raw.Appeal.URL, c.names("appeal.name", raw.Appeal.Name, raw.Appeal.URL != "")
	if s.AppealURL != "" && !strings.HasPrefix(s.AppealURL, "https://") {
		c.fail("appeal.url", "pack.url", s.AppealURL)
	}
	c.mapSource(s)
	c.counting(s)
}

// mapSource reads where the ground of the map comes from. A ground of others
// says whose it is: their licences ask for it.
func (c *cityParser) mapSource(s *place.Settings) {
	raw := c.raw.Map
	s.Map = place.MapSource{Kind: place.MapKind(raw.Source), URL: raw.URL, Style: raw.Style, File: raw.File, MaxZoom: raw.MaxZoom}
	foreign := s.Map.Kind != "" && s.Map.Kind != place.MapOfPack
	s.Attribution = c.names("map.attribution", raw.Attribution, foreign)
	if raw.MaxZoom < 0 || raw.MaxZoom > 24 {
		c.fail("map.max_zoom", "pack.out_of_range", fmt.Sprint(raw.MaxZoom), "0", "24")
	}
	key, phrase := s.Map.Check()
	switch {
	case phrase == "pack.not_listed":
		c.fail("map."+key, phrase, raw.Source, listed(place.MapKinds()))
	case phrase == "pack.url":
		c.fail("map."+key, phrase, map[string]string{"url": raw.URL, "style": raw.Style}[key])
	case phrase != "":
		c.fail("map."+key, phrase)
	}
}

// secondFactor reads who of the staff signs in with a second factor.
func (c *cityParser) secondFactor(s *place.Settings) {
	raw := c.raw.SignIn
	if !slices.Contains(resident.SecondModes(), resident.SecondMode(raw.Second)) {
		c.fail("sign_in.second_factor", "pack.not_listed", raw.Second, listed(resident.SecondModes()))
	}
	for _, role := range raw.Roles {
		if !slices.Contains(resident.Roles(), resident.Role(role)) {
			c.fail("sign_in.second_factor_roles", "pack.not_listed", role, listed(resident.Roles()))
		}
	}
	s.SecondFactor, s.SecondFactorRoles = raw.Second, raw.Roles
}

func listed[T ~string](values []T) string {
	names := make([]string, len(values))
	for i, v := range values {
		names[i] = string(v)
	}
	return strings.Join(names, ", ")
}

// missing tells which default a setting has that the pack leaves out.
func (c *cityParser) missing(key string, value any) {
	if !c.meta.IsDefined(strings.Split(key, ".")...) {
		c.r.defaulted(cityFile, key, "pack.defaulted", fmt.Sprint(value))
	}
}

// counting reads how terms are counted.
func (c *cityParser) counting(s *place.Settings) {
	t := c.raw.Terms
	if !slices.Contains([]string{"", "next", "previous"}, t.OnDayOff) {
		c.fail("terms.on_day_off", "pack.not_listed", t.OnDayOff, "next, previous")
	}
	s.OnDayOff, s.NextWorkingDay, s.ShortenedByMins = t.OnDayOff, t.NextWorkingDay, t.ShortenedBy
	if t.Closes == "" {
		return
	}
	closes, err := time.Parse("15:04", t.Closes)
	if err != nil {
		c.fail("terms.closes", "pack.not_time", t.Closes)
		return
	}
	s.ClosesMinutes = closes.Hour()*60 + closes.Minute()
	if t.ShortenedBy < 0 || t.ShortenedBy > s.ClosesMinutes {
		c.fail("terms.shortened_by_minutes", "pack.out_of_range", fmt.Sprint(t.ShortenedBy), "0", fmt.Sprint(s.ClosesMinutes))
	}
}
