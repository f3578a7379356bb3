package routing

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// Manager as an executor means the managing company of the house.
const Manager org.ID = "@manager"

// Owner as an executor means the owner of the object of the city that a problem
// is about. A rule with it is for problems about an object only.
const Owner org.ID = "@owner"

// Day is a date as YYYY-MM-DD, without a zone; it sorts as text.
type Day string

// DayOf is the date that a moment shows in its own zone.
func DayOf(t time.Time) Day { return Day(t.Format(time.DateOnly)) }

// Rule says who answers for what, where, from a day on. Of Topic, Category and
// Object at most one is set, and none means any; the same goes for a place: with
// neither Area nor House it is the whole city, with both the house must lie in
// the area.
type Rule struct {
	ID          int64
	Topic       topic.ID
	Category    topic.ID
	Object      topic.ID
	Area        place.AreaID
	House       place.HouseID
	Where       place.Ground // kind of place; "": any
	Executor    org.ID       // or Manager, or Owner
	Coordinator org.ID       // may be empty
	Controller  org.ID       // may be empty
	Note        map[string]string
	From        Day // the first day on which it holds; "" for always
}

// Ask is what has to be routed.
type Ask struct {
	Topic   topic.Topic
	Place   place.Place
	Manager org.ID       // managing company of the house, "" unknown
	Owner   org.ID       // owner of the object of the place, "" unknown
	Ground  place.Ground // what kind of place it is, "" unknown
	On      time.Time    // in the city's zone
}

// Decision says who answers, and why.
type Decision struct {
	Executor    org.ID
	Coordinator org.ID
	Controller  org.ID
	Rule        int64 // the rule that won; 0: none
	Note        map[string]string
	Version     int64 // of the rules
	// RunnerUp is what would have been decided without the winning rule; nil
	// when nothing would.
	RunnerUp *Decision
	// Why lists phrase keys in the order in which they are said.
	Why []string
	// Missing: no rule names an executor. Coordinator and Controller are those
	// of the best rule, if there was one.
	Missing bool
}

// Reasons, as phrase keys.
const (
	whyTopic          = "routing.why.topic"
	whyCategory       = "routing.why.category"
	whyObject         = "routing.why.object"
	whyAnyTopic       = "routing.why.any_topic"
	whyHouse          = "routing.why.house"
	whyMunicipality   = "routing.why.municipality"
	whyDistrict       = "routing.why.district"
	whyCity           = "routing.why.city"
	whyManager        = "routing.why.manager"
	whyManagerUnknown = "routing.why.manager_unknown"
	whyNobody         = "routing.why.nobody"
	whyOwner          = "routing.why.owner"
	whyOwnerUnknown   = "routing.why.owner_unknown"
	whyGround         = "routing.why.ground_" // with the kind of place
)

// Rules are a city's rules in one version. They never change once made and may
// be used by many goroutines.
type Rules struct {
	version int64
	// byKey lists the rules of each key, the newest first, of equally new ones
	// the lowest id first.
	byKey map[key][]*Rule
	// grounds tells whether any rule asks for the kind of place.
	grounds bool
}

// key is what a rule is looked up by: of topic, category and object one level
// with its id, and the house or else the area, or neither.
type key struct {
	level topicLevel
	topic topic.ID
	area  place.AreaID
	house place.HouseID
}

type topicLevel uint8

const (
	byTopic topicLevel = iota
	byCategory
	byObject
	byNothing
)

// NewRules makes rules. Areas that are the whole city, such as its outline on
// the map, are named: a rule for one of them is a rule for the city.
func NewRules(version int64, rules []Rule, wholeCity ...place.AreaID) Rules {
	r := Rules{version: version, byKey: make(map[key][]*Rule, len(rules))}
	for _, rule := range slices.Clone(rules) {
		if slices.Contains(wholeCity, rule.Area) {
			rule.Area = ""
		}
		k := rule.key()
		r.grounds = r.grounds || rule.Where != ""
		r.byKey[k] = append(r.byKey[k], &rule)
	}
	for _, list := range r.byKey {
		slices.SortFunc(list, func(a, b *Rule) int {
			return cmp.Or(cmp.Compare(a.width(), b.width()), cmp.Compare(b.From, a.From), cmp.Compare(a.ID, b.ID))
		})
	}
	return r
}

// width is how little a rule narrows down beside its topic and area: 0 for one
// about a kind of place and the owners of objects, 2 for one about neither.
func (r *Rule) width() int {
	width := 0
	if r.Where == "" {
		width++
	}
	if r.Executor != Owner {
		width++
	}
	return width
}

func (r *Rule) key() key {
	k := key{level: byNothing, area: r.Area, house: r.House}
	switch {
	case r.Topic != 0:
		k.level, k.topic = byTopic, r.Topic
	case r.Category != 0:
		k.level, k.topic = byCategory, r.Category
	case r.Object != 0:
		k.level, k.topic = byObject, r.Object
	}
	if r.House != 0 {
		k.area = "" // told apart by fits
	}
	return k
}

// Decide finds who answers. The only error is a day that was not given.
func (r Rules) Decide(ask Ask) (Decision, error) {
	if ask.On.IsZero() {
		return Decision{}, errors.New("route without a day")
	}
	s := search{rules: r, ask: ask, day: DayOf(ask.On)}
	s.run()
	return s.decision(), nil
}

// search walks over what matches, the best first, until it has a winner and a
// runner-up.
type search struct {
	rules   Rules
	ask     Ask
	day     Day
	found   []Decision // with an executor, at most two
	best    *Rule      // the best match, with or without an executor
	without []string   // why matches before the winner had no executor
}

func (s *search) run() {
	topics := [...]struct {
		level topicLevel
		id    topic.ID
		why   string
	}{
		{byTopic, s.ask.Topic.ID, whyTopic},
		{byCategory, s.ask.Topic.Category, whyCategory},
		{byObject, s.ask.Topic.Object, whyObject},
		{byNothing, 0, whyAnyTopic},
	}
	at := s.ask.Place
	places := [...]struct {
		key key
		why string
		ok  bool
	}{
		{key{house: at.House}, whyHouse, at.House != 0},
		{key{area: at.Municipality}, whyMunicipality, at.Municipality != ""},
		{key{area: at.District}, whyDistrict, at.District != ""},
		{key{}, whyCity, true},
	}
	for _, t := range topics {
		if t.id == 0 && t.level != byNothing {
			continue // an id that is not known matches nothing, not «any»
		}
		for _, p := range places {
			if !p.ok {
				continue
			}
			p.key.level, p.key.topic = t.level, t.id
			if s.take(s.rules.byKey[p.key], t.why, p.why) {
				return
			}
		}
	}
}

// take looks at rules of one rank; true when there is nothing left to find.
func (s *search) take(rules []*Rule, reasons ...string) (done bool) {
	for _, rule := range rules {
		if rule.From > s.day || !s.fits(rule) {
			continue
		}
		if s.best == nil {
			s.best = rule
		}
		executor, why, unknown := rule.Executor, slices.Clip(reasons), whyManagerUnknown
		if rule.Where != "" {
			why = append(why, whyGround+string(rule.Where))
		}
		switch executor {
		case Manager:
			executor, why = s.ask.Manager, append(why, whyManager)
		case Owner:
			executor, why, unknown = s.ask.Owner, append(why, whyOwner), whyOwnerUnknown
		}
		if executor == "" {
			if len(s.found) == 0 && !slices.Contains(s.without, unknown) {
				s.without = append(s.without, unknown)
			}
			continue
		}
		s.found = append(s.found, Decision{
			Executor: executor, Coordinator: rule.Coordinator, Controller: rule.Controller,
			Rule: rule.ID, Note: rule.Note, Version: s.rules.version, Why: slices.Clone(why),
		})
		if len(s.found) == 2 {
			return true
		}
	}
	return false
}

// fits tells whether a rule for a house holds in the area that it names too, one
// for a kind of place at this kind, and one for owners about an object.
func (s *search) fits(rule *Rule) bool {
	if rule.Where != "" && rule.Where != s.ask.Ground || rule.Executor == Owner && s.ask.Place.Object == "" {
		return false
	}
	return rule.House == 0 || rule.Area == "" || slices.Contains(s.ask.Place.Areas(), rule.Area)
}

func (s *search) decision() Decision {
	if len(s.found) == 0 {
		d := Decision{Version: s.rules.version, Missing: true, Why: []string{whyNobody}}
		if s.best != nil {
			d.Rule, d.Note = s.best.ID, s.best.Note
			d.Coordinator, d.Controller = s.best.Coordinator, s.best.Controller
			d.Why = append(slices.Clone(s.without), whyNobody)
		}
		return d
	}
	d := s.found[0]
	d.Why = append(slices.Clone(s.without), d.Why...)
	if len(s.found) == 2 {
		d.RunnerUp = &s.found[1]
	}
	return d
}
