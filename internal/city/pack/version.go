package pack

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
)

// State says where a version of a pack stands.
type State string

// The states of a version.
const (
	Loading   State = "loading"   // rows are being written; nobody sees them
	Current   State = "current"   // in force
	Previous  State = "previous"  // was in force and can be again
	Abandoned State = "abandoned" // its import broke off; its rows are deleted
)

// Version is one import of a city's pack.
type Version struct {
	Number int64
	Hash   string
	State  State
	Begun  time.Time
	Loaded time.Time // zero until it was switched to for the first time
	Counts map[string]int
	Report Report
}

// Result is what an import did.
type Result struct {
	City      int64
	Version   int64 // the version in force afterwards
	Unchanged bool  // exactly this content was in force already
	Rows      int   // rows written
	Changes   []Change
}

// Change counts what an import changes in one kind of rows.
type Change struct {
	Kind    string `json:"kind"` // topics, houses, …: as in Report.Counts
	Added   int    `json:"added"`
	Removed int    `json:"removed"`
	Changed int    `json:"changed"`
}

// prints are fingerprints of rows: by kind, then by id.
type prints map[string]map[string]string

// printsOf takes the fingerprints of everything that an import loads.
func printsOf(p *Pack) (prints, error) {
	m := prints{}
	text := func(n int64) string { return strconv.FormatInt(n, 10) }
	var failed error
	put := func(kind, id string, row any) {
		packed, err := json.Marshal(row)
		if err != nil && failed == nil {
			failed = fmt.Errorf("take the fingerprint of %s %s: %w", kind, id, err)
		}
		if m[kind] == nil {
			m[kind] = map[string]string{}
		}
		// Nine bytes: that two of a million rows share one is out of the question.
		sum := sha256.Sum256(packed)
		m[kind][id] = base64.RawStdEncoding.EncodeToString(sum[:9])
	}
	put("city", "city", settingsOf(p.City))
	for _, t := range p.Topics {
		put("topics", text(int64(t.ID)), t)
	}
	for _, t := range p.Terms {
		put("terms", fmt.Sprint(t.Topic, t.Stage, t.From), t)
	}
	for _, y := range p.Years {
		put("calendars", strconv.Itoa(y.Number), y)
	}
	for _, a := range p.Areas {
		put("areas", string(a.ID), a)
	}
	for _, h := range p.Houses {
		put("houses", text(int64(h.ID)), h)
	}
	for _, s := range p.Streets {
		put("streets", text(s.ID), s)
	}
	for _, o := range p.Objects {
		put("objects", o.ID, o)
	}
	for _, k := range p.Kinds {
		put("kinds", k.ID, k)
	}
	for _, o := range p.Organisations {
		put("organisations", string(o.ID), o)
	}
	for _, o := range p.People {
		put("people", o.ID, o)
	}
	for _, h := range p.Passports {
		put("passports", text(int64(h.House)), h)
	}
	for _, c := range p.Companies {
		put("companies", string(c.Org), c)
	}
	for _, t := range p.Resources {
		put("resources", text(int64(t.Topic)), t)
	}
	for _, c := range p.Cleaning {
		put("cleaning", c.Retry, c)
	}
	for _, r := range p.Routes {
		put("routes", text(r.ID), r)
	}
	printTexts(p, put)
	return m, failed
}

func printTexts(p *Pack, put func(kind, id string, row any)) {
	for _, c := range p.Clauses {
		put("clauses", c.Code, c)
	}
	for i, s := range p.Steps {
		put("steps", strconv.Itoa(i), s)
	}
	for _, t := range p.Templates {
		put("templates", t.ID, t)
	}
	for _, e := range p.Examples {
		put("examples", strconv.FormatInt(e.ID, 10), e)
	}
	for _, t := range p.Texts {
		put("texts", t.Name+"."+t.Lang, t)
	}
	for _, l := range p.Layers {
		put("layers", l.Name, l.Body)
	}
}

// compare counts what differs, by kind in order of the alphabet; kinds without
// a difference are left out.
func compare(before, after prints) []Change {
	kinds := maps.Clone(before)
	if kinds == nil {
		kinds = prints{}
	}
	maps.Copy(kinds, after)
	var changes []Change
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		c := Change{Kind: kind}
		for id, sum := range after[kind] {
			was, there := before[kind][id]
			switch {
			case !there:
				c.Added++
			case was != sum:
				c.Changed++
			}
		}
		for id := range before[kind] {
			if _, there := after[kind][id]; !there {
				c.Removed++
			}
		}
		if c != (Change{Kind: kind}) {
			changes = append(changes, c)
		}
	}
	return changes
}

// settings is a city as pack_version keeps it.
type settings struct {
	Name      map[string]string `json:"name"`
	Zone      string            `json:"zone"`
	Languages []string          `json:"languages"`
	Main      string            `json:"main"`
	Bounds    geo.Box           `json:"bounds"`
	Center    geo.Point         `json:"center"`
	Settings  place.Settings    `json:"settings"`
}

func settingsOf(c place.City) settings {
	zone := ""
	if c.Zone != nil {
		zone = c.Zone.String()
	}
	return settings{c.Name, zone, c.Languages, c.Main, c.Bounds, c.Center, c.Settings}
}

// apply puts the settings of a version onto a city.
func (s settings) apply(c place.City) (place.City, error) {
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return c, fmt.Errorf("read zone of city %s: %w", c.Key, err)
	}
	c.Name, c.Zone, c.Languages, c.Main = s.Name, zone, s.Languages, s.Main
	c.Bounds, c.Center, c.Settings = s.Bounds, s.Center, s.Settings
	return c, nil
}

func squeeze(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(body); err != nil {
		return nil, err
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func unsqueeze(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(z)
	if err != nil {
		return nil, err
	}
	return body, z.Close()
}
