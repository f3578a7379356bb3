package pack

import (
	"maps"
	"slices"
	"strconv"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
)

// check looks at what can only be seen once everything was read.
func (r *reading) check() {
	r.checkAreas()
	r.checkOverlaps()
	r.checkHouses()
	r.checkTerms()
	r.checkRoutes()
}

func (r *reading) checkAreas() {
	districts := 0
	for i, a := range r.pack.Areas {
		if a.Kind == place.District {
			districts++
		}
		if a.Parent != "" && (!r.knows("area", string(a.Parent)) || a.Parent == a.ID) {
			r.fail(r.fileOfArea(a.ID), r.lines["areas"][i], "parent", "pack.no_such_area", string(a.Parent))
		}
	}
	if districts == 0 && len(r.pack.Areas) > 0 {
		r.fail("areas", 0, "", "pack.no_districts")
	}
}

func (r *reading) fileOfArea(id place.AreaID) string {
	for _, file := range r.glob("areas/*.geojson") {
		if r.knows("file of area", string(id)+"\x00"+file) {
			return file
		}
	}
	return "areas"
}

// checkTerms tells which open topics would have no due date.
func (r *reading) checkTerms() {
	if len(r.pack.Terms) == 0 {
		return // said once, as a default
	}
	terms, err := deadline.NewTerms(r.pack.Terms)
	if err != nil {
		return // each row of it was complained about
	}
	today := slices.MaxFunc(r.pack.Terms, func(a, b deadline.Rule) int { return a.From.Since(b.From) }).From
	for i, t := range r.pack.Topics {
		if !t.Open {
			continue
		}
		for _, stage := range deadline.Stages() {
			if _, found := terms.Find(topicKey(t), stage, today); !found {
				r.warn("topics.csv", r.lines["topics.csv"][i], "id", "pack.topic_without_term", strconv.FormatInt(int64(t.ID), 10), string(stage))
			}
		}
	}
}

func topicKey(t topic.Topic) deadline.TopicKey {
	text := func(id topic.ID) string { return strconv.FormatInt(int64(id), 10) }
	return deadline.TopicKey{ID: text(t.ID), Category: text(t.Category), Object: text(t.Object)}
}

// checkRoutes tells which open topics nobody would get, and which rules can
// never win. A rule for a topic beats one for its category, object or for any
// topic, wherever the place is (see package routing); so a rule is dead when
// every topic of its scope has a more special rule that covers all its places.
func (r *reading) checkRoutes() {
	if len(r.pack.Routes) == 0 {
		return
	}
	places := map[Scope]map[string]bool{}
	for _, route := range r.pack.Routes {
		if places[scopeOf(route)] == nil {
			places[scopeOf(route)] = map[string]bool{}
		}
		places[scopeOf(route)][r.spot(route)] = true
	}
	everywhere := func(s Scope) bool { return places[s][""] }
	under := map[Scope][]topic.Topic{}
	for i, t := range r.pack.Topics {
		chain := scopesOf(t)
		for _, s := range chain {
			under[s] = append(under[s], t)
		}
		if t.Open && !slices.ContainsFunc(chain, everywhere) {
			r.warn("topics.csv", r.lines["topics.csv"][i], "id", "pack.topic_without_route", strconv.FormatInt(int64(t.ID), 10))
		}
	}
	for i, route := range r.pack.Routes {
		topics := under[scopeOf(route)]
		beaten := func(t topic.Topic) bool { return r.beaten(route, t, places) }
		if len(topics) == 0 || !slices.ContainsFunc(topics, func(t topic.Topic) bool { return !beaten(t) }) {
			r.warn("routing.csv", r.lines["routing.csv"][i], "topic", "pack.route_dead", strconv.FormatInt(route.ID, 10))
		}
	}
}

func scopeOf(route routing.Rule) Scope {
	return Scope{Topic: route.Topic, Category: route.Category, Object: route.Object}
}

// spot is the place of a rule as a key; "" is everywhere. The area that is the
// whole city is everywhere too.
//
// A rule for one kind of place only, or for who owns the object, never takes all
// of a place: it has keys of its own.
func (r *reading) spot(route routing.Rule) string {
	part := ""
	if route.Where != "" {
		part = " where " + string(route.Where)
	}
	if route.Executor == routing.Owner {
		part += " " + string(routing.Owner)
	}
	switch {
	case route.House != 0:
		return "house " + strconv.FormatInt(int64(route.House), 10) + part
	case route.Area != "" && !r.knows("area:"+place.WholeCity, string(route.Area)):
		return "area " + string(route.Area) + part
	}
	return part
}

// scopesOf are the scopes that hold a topic, the most special first.
func scopesOf(t topic.Topic) []Scope {
	return []Scope{{Topic: t.ID}, {Category: t.Category}, {Object: t.Object}, {}}
}

// beaten tells whether a more special rule takes all places of this one for a
// topic: the very same place, the area round it, or everywhere.
func (r *reading) beaten(route routing.Rule, t topic.Topic, places map[Scope]map[string]bool) bool {
	around := r.around(route)
	for _, s := range scopesOf(t) {
		if s == scopeOf(route) {
			return false
		}
		for _, a := range around {
			if places[s][a] {
				return true
			}
		}
	}
	return false
}

// around are the places that hold the place of a rule.
func (r *reading) around(route routing.Rule) []string {
	keys := map[string]bool{"": true, r.spot(route): true}
	area := route.Area
	for range len(r.pack.Areas) { // parents may run in a circle in a broken pack
		i := slices.IndexFunc(r.pack.Areas, func(a place.AreaShape) bool { return a.ID == area })
		if area == "" || i < 0 {
			break
		}
		keys["area "+string(area)] = true
		area = r.pack.Areas[i].Parent
	}
	return slices.Sorted(maps.Keys(keys))
}
