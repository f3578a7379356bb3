package house

import (
	"slices"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// CompanyFacts are what of a company the list of organisations does not hold. Source is
// what tells them, AsOf the day of it (YYYY-MM-DD).
type CompanyFacts struct {
	Org           org.ID            `json:"org"`
	Licence       string            `json:"licence,omitempty"`
	LicenceSince  string            `json:"licence_since,omitempty"` // YYYY-MM-DD
	Site          string            `json:"site,omitempty"`
	Reception     map[string]string `json:"reception,omitempty"`  // hours in which residents are received
	Dispatcher    string            `json:"dispatcher,omitempty"` // 24-hour emergency phone, where it is another than the organisation's
	DispatcherOrg org.ID            `json:"dispatcher_org,omitempty"`
	Source        string            `json:"source,omitempty"`
	AsOf          string            `json:"as_of,omitempty"`
}

// Company is an organisation that manages houses.
type Company struct {
	org.Organisation
	Facts  CompanyFacts
	Houses int // that it manages
	Flats  int // in them, as far as is known
}

// Dispatcher is the emergency dispatcher (АДС) of a house, round the clock.
type Dispatcher struct {
	Phone string // "" nobody is known
	Org   org.ID // whose it is; "" the city's
	City  bool   // the city's own dispatcher, for the company's is not known
}

// Known tells whether there is anybody to call.
func (d Dispatcher) Known() bool { return d.Phone != "" }

// Card is everything that this package knows of a house at a moment.
type Card struct {
	House      place.House
	Passport   Passport // Known tells whether there is one
	Company    Company
	Managed    bool // there is a company
	Dispatcher Dispatcher
	Outages    []Outage // active first, then announced by their beginning, then over and cancelled, the latest first
	Cleaning   []Entry
	News       []Entry // the latest first, at most 20
	Works      []Entry // by their beginning
}

// Filter narrows the list of houses; zero fields take all.
type Filter struct {
	Area      place.AreaID // district or municipality
	Manager   org.ID
	NoManager bool   // only those whose company is unknown
	Street    string // as typed: each word begins a word of the street
	Purpose   string
	YearFrom  int
	YearTo    int
	FloorFrom int
	FloorTo   int
	Lifts     string // "", yes, no
	Alarm     string // "", yes, no
	After     place.HouseID
	Limit     int // 0: 50; at most 200
}

// Row is one house of a list.
type Row struct {
	House   place.House
	Built   int // of the passport, else of the list of houses; 0 unknown
	Floors  int
	Flats   int
	Lifts   int // -1 unknown
	Alarm   bool
	Manager org.ID
}

// Page is a page of houses in the order of streets and numbers.
type Page struct {
	Rows  []Row
	Total int           // of all pages, exact
	Next  place.HouseID // After of the next page; 0: this is the last
}

// Group is a branch of the tree of topics (object, category) with one topic that
// stands for it: ask package routing about that topic at the house, and show
// who answers for the branch. (Routing and house stand side by side in the order
// of capabilities, so pages put them together.)
type Group struct {
	Object   topic.Name
	Category topic.Name
	Topic    topic.Topic
}

// Groups picks the topics that stand for their categories: of topics that are
// open, public and about a building; the common ones first, then those of the
// pack's order. Objects and categories keep the order of the pack.
func Groups(topics []topic.Topic) []Group {
	var list []Group
	at := map[topic.ID]int{}
	for _, t := range topics {
		if !t.Open || !t.Public || t.Widget != topic.OnBuilding {
			continue
		}
		i, ok := at[t.Category]
		if !ok {
			at[t.Category] = len(list)
			list = append(list, Group{t.ObjectName, t.CategoryName, t})
			continue
		}
		if t.Frequency == topic.Common && list[i].Topic.Frequency != topic.Common {
			list[i].Topic = t
		}
	}
	return slices.Clip(list)
}
