package pack

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// HouseScene is something that happens to houses in the invented life of a
// demonstration: an outage, news of a company, or works.
type HouseScene struct {
	Do        string         `json:"do"` // outage, news, work
	Key       string         `json:"key"`
	Day       int            `json:"day"`   // of the beginning, from today; negative: ago
	Time      string         `json:"time"`  // 09:00 in the city
	Hours     int            `json:"hours"` // planned length; 0: not told
	Told      int            `json:"told"`  // how many hours before the beginning it was announced
	EndHours  int            `json:"end_hours"`
	Off       bool           `json:"off"` // called off an hour after it was announced
	Resource  house.Resource `json:"resource"`
	Kind      house.Kind     `json:"kind"`
	Org       org.ID         `json:"org"`       // who stops it, or the company that tells
	Addresses string         `json:"addresses"` // "": all houses of the company
	Title     string         `json:"title"`
	Text      string         `json:"text"`
}

// houseStoryFile is the invented life of houses: an object a line.
const houseStoryFile = "house_story.ndjson"

// passports reads house_passports.csv: a house by its id, and the columns of the
// register of apartment houses (domain.md 6.2).
func (r *reading) passports() {
	r.each(sheet{
		file: "house_passports.csv", lacking: "pack.no_passports", must: []string{"id"}, may: house.PassportColumns(),
	}, func(w *row) {
		id := w.id("passport", "id")
		w.known("house", "id", strconv.FormatInt(id, 10), "pack.no_such_house")
		w.known("organisation", "manager", w.text("manager"), "pack.no_such_organisation")
		p, wrong := house.ReadPassport(place.HouseID(id), w.text)
		for _, x := range wrong {
			w.fail(x.Field, x.Reason, x.Args...)
		}
		if !w.broken {
			w.r.pack.Passports = append(w.r.pack.Passports, p)
			w.keep()
		}
	})
}

// companies reads companies.csv: what organisations.csv does not tell of those
// who manage houses.
func (r *reading) companies() {
	r.each(sheet{
		file: "companies.csv", lacking: "pack.no_companies", must: []string{"organisation"},
		may:   []string{"licence", "licence_since", "site", "dispatcher", "dispatcher_organisation", "source", "as_of"},
		mayIn: []string{"reception"},
	}, func(w *row) {
		c := house.CompanyFacts{
			Org: org.ID(w.name("company", "organisation")), Licence: w.text("licence"), LicenceSince: w.isoDay("licence_since"),
			Site: w.text("site"), Reception: w.names("reception", false), Dispatcher: w.text("dispatcher"),
			DispatcherOrg: org.ID(w.text("dispatcher_organisation")), Source: w.text("source"), AsOf: w.isoDay("as_of"),
		}
		w.known("organisation", "organisation", string(c.Org), "pack.no_such_organisation")
		w.known("organisation", "dispatcher_organisation", string(c.DispatcherOrg), "pack.no_such_organisation")
		if c.Site != "" && !strings.HasPrefix(c.Site, "https://") {
			w.fail("site", "pack.url", c.Site)
		}
		if !w.broken {
			w.r.pack.Companies = append(w.r.pack.Companies, c)
			w.keep()
		}
	})
}

func (w *row) isoDay(field string) string {
	if d := w.date(field); d.IsZero() {
		return ""
	}
	return w.text(field)
}

// resources reads outage_topics.csv: which topics say that a resource is
// missing, so that a known outage is told before a message is sent.
func (r *reading) resources() {
	words := make([]string, 0, len(house.Resources()))
	for _, one := range house.Resources() {
		words = append(words, string(one))
	}
	r.each(sheet{file: "outage_topics.csv", lacking: "pack.no_resources", must: []string{"topic", "resource"}}, func(w *row) {
		t := house.TopicResource{Topic: topic.ID(w.id("topic of a resource", "topic")), Resource: house.Resource(w.one("resource", words...))}
		w.known("topic", "topic", strconv.FormatInt(int64(t.Topic), 10), "pack.no_such_topic")
		if !w.broken {
			w.r.pack.Resources = append(w.r.pack.Resources, t)
			w.keep()
		}
	})
}

// cleaning reads cleaning.csv: schedules of companies for all their houses, or
// for those that are listed.
func (r *reading) cleaning() {
	r.each(sheet{
		file: "cleaning.csv", lacking: "pack.no_cleaning", must: []string{"id", "organisation", "what"},
		may: []string{"houses", "days", "opens", "closes", "season_from", "season_to", "note"},
	}, func(w *row) {
		d := house.EntryDraft{
			Kind: house.Cleaning, Retry: w.name("cleaning", "id"), Org: org.ID(w.need("organisation")), What: w.one("what", house.CleaningWhat()...),
			Opens: w.text("opens"), Closes: w.text("closes"), SeasonFrom: topic.Day(w.text("season_from")), SeasonTo: topic.Day(w.text("season_to")),
			Text: w.text("note"), Source: house.PackSource,
		}
		w.known("organisation", "organisation", string(d.Org), "pack.no_such_organisation")
		for _, name := range w.list("days") {
			i := slices.Index([]string{"su", "mo", "tu", "we", "th", "fr", "sa"}, name)
			if i < 0 {
				w.fail("days", "pack.not_listed", name, "mo, tu, we, th, fr, sa, su")
				continue
			}
			d.Days = append(d.Days, time.Weekday(i))
		}
		for _, id := range w.list("houses") {
			n, err := strconv.ParseInt(id, 10, 64)
			if err != nil {
				w.fail("houses", "pack.not_number", id)
				continue
			}
			w.known("house", "houses", id, "pack.no_such_house")
			d.Houses = append(d.Houses, place.HouseID(n))
		}
		d.All = len(d.Houses) == 0
		for _, x := range d.Check() {
			w.fail(x.Field, x.Reason, x.Args...)
		}
		if !w.broken {
			w.r.pack.Cleaning = append(w.r.pack.Cleaning, d)
			w.keep()
		}
	})
}

// houseStory reads the invented life of houses; a pack of a real city has none.
func (r *reading) houseStory() {
	data, err := readFile(r.fsys, houseStoryFile)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		r.fail(houseStoryFile, 0, "", "pack.file_unreadable", err.Error())
		return
	}
	for i, line := range bytes.Split(data, []byte("\n")) {
		if len(bytes.TrimSpace(line)) > 0 {
			r.houseScene(i+1, line)
		}
	}
}

func (r *reading) houseScene(n int, line []byte) {
	var s HouseScene
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&s)
	if err == nil {
		if _, after := decoder.Token(); !errors.Is(after, io.EOF) {
			err = errors.New("something follows the object")
		}
	}
	if err != nil {
		r.fail(houseStoryFile, n, "", "pack.json", err.Error())
		return
	}
	before := r.report.Errors
	fail := func(field, reason string, args ...any) { r.fail(houseStoryFile, n, field, reason, args...) }
	if s.Key == "" {
		fail("key", "pack.empty")
	} else if first, twice := r.note("house scene", s.Key, n); twice {
		fail("key", "pack.twice", s.Key, strconv.Itoa(first))
	}
	if _, err := time.Parse("15:04", s.Time); err != nil {
		fail("time", "pack.not_time", s.Time)
	}
	if !r.knows("organisation", string(s.Org)) {
		fail("org", "pack.no_such_organisation", string(s.Org))
	}
	switch s.Do {
	case "outage":
		if !slices.Contains(house.Resources(), s.Resource) || !slices.Contains(house.Kinds(), s.Kind) || s.Addresses == "" {
			fail("resource", "pack.house_scene")
		}
	case "news", "work":
		if s.Title == "" {
			fail("title", "pack.empty")
		}
	default:
		fail("do", "pack.not_listed", s.Do, "outage, news, work")
	}
	if _, left := house.ParseAddresses(s.Addresses); len(left) > 0 {
		fail("addresses", "house.miss_read", strings.Join(left, "; "))
	}
	if r.report.Errors == before {
		r.pack.HouseStory = append(r.pack.HouseStory, s)
	}
}
