package pack

import (
	"strings"

	"gorod/internal/city/deadline"
	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
)

// Pack is a folder that was read: rows that could be understood, in the order
// of their files.
type Pack struct {
	// City is the city as the pack describes it; ID and Version are zero.
	City          place.City
	Topics        []topic.Topic // without their versions
	Terms         []deadline.Rule
	Years         []deadline.Year
	Areas         []place.AreaShape
	Houses        []place.House
	Streets       []place.Street
	Objects       []place.Object
	Kinds         []place.ObjectKind // of objects, the usual ones where the pack lists none
	Passports     []house.Passport
	Companies     []house.CompanyFacts
	Resources     []house.TopicResource
	Cleaning      []house.EntryDraft
	Organisations []org.Organisation
	People        []resident.PackPerson
	Routes        []routing.Rule
	Clauses       []Clause
	Steps         []NextStep
	Templates     []Template
	Examples      []Example
	Texts         []Text
	Layers        []Layer
	Photos        []string // names of files below photos/
	Story         []Scene
	HouseStory    []HouseScene
	// Hash names exactly this content as this version reads it: formatPrefix and
	// SHA-256 over all files that an import loads, hexadecimal.
	Hash string
}

// formatPrefix begins each hash with the number of what an import reads out of a
// pack. It is raised when a new version of Gorod reads more out of the same
// files: an import of an unchanged pack then brings it into a database that an
// earlier version has filled. Hashes without a prefix are of format 1, which knew
// neither kinds of objects, land, streets nor passports.
const formatPrefix = "2:"

// Stale tells whether a version was loaded by an earlier version of Gorod, which
// did not read all that this one does: importing the pack again brings the rest.
func (v Version) Stale() bool { return !strings.HasPrefix(v.Hash, formatPrefix) }

// HistoriesFile is where a pack may hold recorded histories of its city: gzip,
// a JSON object a line. An import does not read it; a demo replays it.
const HistoriesFile = "histories.ndjson.gz"

// Scope is which topics a row is about: one, a category, an object, or any.
// At most one field is set.
type Scope struct {
	Topic    topic.ID `json:"topic,omitempty"`
	Category topic.ID `json:"category,omitempty"`
	Object   topic.ID `json:"object,omitempty"`
}

// Holds tells whether a topic is in the scope.
func (s Scope) Holds(t topic.Topic) bool {
	return s == Scope{} || s.Topic == t.ID && t.ID != 0 || s.Category == t.Category && s.Category != 0 || s.Object == t.Object && s.Object != 0
}

// Clause is a reason for which a message is refused, from the city's rules.
type Clause struct {
	Code  string            `json:"code"`
	Short map[string]string `json:"short"` // for the moderator's list
	Text  map[string]string `json:"text"`  // what the author reads, with what to do next
	Next  string            `json:"next"`  // mend, call, appeal, none
}

// NextStep is what a person is offered where the city's way ends.
type NextStep struct {
	When  string            `json:"when"` // season, nothing_fits, rejected, emergency
	Kind  string            `json:"kind"` // mend, call, appeal, site
	Text  map[string]string `json:"text"`
	Value string            `json:"value"` // a phone or an address
}

// Template is an answer written beforehand. Its text may name {address},
// {topic}, {number}, {date} and {organisation}.
type Template struct {
	ID      string            `json:"id"`
	Scope   Scope             `json:"scope"`
	Outcome string            `json:"outcome"` // done, planned, refused, not_ours
	Text    map[string]string `json:"text"`
}

// Example is a text of which the topic is known: the suggestion learns from it.
// Topic 0 is a text that no topic is about.
type Example struct {
	ID    int64 // in the order of the pack, from 1
	Topic topic.ID
	Text  string
}

// Text is a page of the city in one language, as Markdown.
type Text struct {
	Name string // rules, about, consent/contact
	Lang string
	Body string
}

// Layer is a part of the map's own geometry: water, green, roads, buildings.
type Layer struct {
	Name string
	Body []byte // GeoJSON
}

// Scene is one problem of the invented life of a demonstration.
type Scene struct {
	Key    string            `json:"key"`
	Day    int               `json:"day"`  // from today; negative: ago
	Time   string            `json:"time"` // 18:42 in the city
	Author string            `json:"author"`
	Via    string            `json:"via"`
	Text   string            `json:"text"`
	Topic  topic.ID          `json:"topic"`
	Chosen topic.ID          `json:"chosen"` // what the resident picked, 0: the topic itself
	House  place.HouseID     `json:"house"`
	Lat    float64           `json:"lat"`
	Lon    float64           `json:"lon"`
	Mark   place.Mark        `json:"mark"`
	Photos []string          `json:"photos"`
	Extra  map[string]string `json:"extra"`
	Joined int               `json:"joined"`
	Then   []Act             `json:"then"`
}

// Act is one step of a Scene.
type Act struct {
	After     string   `json:"after"` // from the step before: 16h, 3d
	Do        string   `json:"do"`
	By        string   `json:"by"`
	Text      string   `json:"text"`
	Topic     topic.ID `json:"topic"`
	To        org.ID   `json:"to"`
	Reason    string   `json:"reason"`
	Clause    string   `json:"clause"`
	Outcome   string   `json:"outcome"`
	PlannedIn string   `json:"planned_in"`
	Photos    []string `json:"photos"`
}
