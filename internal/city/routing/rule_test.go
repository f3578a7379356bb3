package routing_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t *testing.T, got, exp T) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %v\nwant %v", got, exp)
	}
}

var today = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// lift is a broken lift in house 101.
func lift() routing.Ask {
	return routing.Ask{
		Topic:   topic.Topic{Ref: topic.Ref{ID: 30}, Category: 20, Object: 10},
		Place:   place.Place{House: 101, District: "west", Municipality: "mo-west"},
		Manager: "uk-1",
		On:      today,
	}
}

func TestMostSpecificRuleWins(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		rules []routing.Rule
		exp   string // executor and reasons
		next  org.ID
	}{
		"topic before category": {
			[]routing.Rule{{ID: 1, Category: 20, Executor: "b"}, {ID: 2, Topic: 30, Executor: "a"}},
			"a topic city", "b",
		},
		"category before object": {
			[]routing.Rule{{ID: 1, Object: 10, Executor: "b"}, {ID: 2, Category: 20, Executor: "a"}},
			"a category city", "b",
		},
		"object before any": {
			[]routing.Rule{{ID: 1, Executor: "b"}, {ID: 2, Object: 10, Executor: "a"}},
			"a object city", "b",
		},
		"topic in the city before category in the house": {
			[]routing.Rule{{ID: 1, Category: 20, House: 101, Executor: "b"}, {ID: 2, Topic: 30, Executor: "a"}},
			"a topic city", "b",
		},
		"house before municipality": {
			[]routing.Rule{{ID: 1, Area: "mo-west", Executor: "b"}, {ID: 2, House: 101, Executor: "a"}},
			"a any_topic house", "b",
		},
		"municipality before district": {
			[]routing.Rule{{ID: 1, Area: "west", Executor: "b"}, {ID: 2, Area: "mo-west", Executor: "a"}},
			"a any_topic municipality", "b",
		},
		"district before city": {
			[]routing.Rule{{ID: 1, Area: "town", Executor: "b"}, {ID: 2, Area: "west", Executor: "a"}},
			"a any_topic district", "b",
		},
		"newer before older": {
			[]routing.Rule{{ID: 1, Executor: "b", From: "2020-01-01"}, {ID: 2, Executor: "a", From: "2026-11-20"}},
			"a any_topic city", "b",
		},
		"what is not in force yet does not count": {
			[]routing.Rule{{ID: 1, Executor: "a"}, {ID: 2, Topic: 30, Executor: "b", From: "2026-11-21"}},
			"a any_topic city", "",
		},
		"lower id at last": {
			[]routing.Rule{{ID: 2, Executor: "b"}, {ID: 1, Executor: "a"}},
			"a any_topic city", "b",
		},
		"house of another area": {
			[]routing.Rule{{ID: 1, House: 101, Area: "east", Executor: "b"}, {ID: 2, Executor: "a"}},
			"a any_topic city", "",
		},
		"managing company": {
			[]routing.Rule{{ID: 1, Object: 10, Executor: routing.Manager}, {ID: 2, Executor: "b"}},
			"uk-1 object city manager", "b",
		},
		"other topic, other house, other area": {
			[]routing.Rule{{ID: 1, Topic: 31, Executor: "b"}, {ID: 2, House: 7, Executor: "b"}, {ID: 3, Area: "east", Executor: "b"}},
			" nobody", "",
		},
		"no rule at all": {nil, " nobody", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d, err := routing.NewRules(7, tt.rules, "town").Decide(lift())
			must(t, err)
			want(t, string(d.Executor)+why(d), tt.exp)
			want(t, d.Missing, d.Executor == "")
			want(t, d.Version, 7)
			next := org.ID("")
			if d.RunnerUp != nil {
				next = d.RunnerUp.Executor
			}
			want(t, next, tt.next)
		})
	}
}

func why(d routing.Decision) string {
	var b strings.Builder
	for _, key := range d.Why {
		b.WriteString(" " + strings.TrimPrefix(key, "routing.why."))
	}
	return b.String()
}

func TestUnknownManagerLeavesItToTheNextRule(t *testing.T) {
	t.Parallel()
	rules := []routing.Rule{
		{ID: 1, Topic: 30, Executor: routing.Manager, Coordinator: "kom", Controller: "zhi", Note: map[string]string{"ru": "Дом ведёт УК."}},
		{ID: 2, Executor: "adm"},
	}
	ask := lift()
	ask.Manager = ""
	d, err := routing.NewRules(1, rules).Decide(ask)
	must(t, err)
	want(t, string(d.Executor)+why(d), "adm manager_unknown any_topic city")
	want(t, d.Rule, 2)

	d, err = routing.NewRules(1, rules[:1]).Decide(ask)
	must(t, err)
	want(t, d.Missing, true)
	want(t, string(d.Coordinator+d.Controller)+why(d)+d.Note["ru"], "komzhi manager_unknown nobodyДом ведёт УК.")
}

func TestDayMustBeGiven(t *testing.T) {
	t.Parallel()
	if _, err := routing.NewRules(1, nil).Decide(routing.Ask{}); err == nil {
		t.Error("no error")
	}
}

// scan is the definition in slow words: of all rules that match, the least by
// rank of topic, rank of place, newest day, id.
func scan(rules []routing.Rule, ask routing.Ask) (executors []org.ID, ids []int64) {
	type ranked struct {
		rank string
		rule routing.Rule
	}
	var list []ranked
	for _, r := range rules {
		topicRank, placeRank := 3, 3
		switch {
		case r.Topic != 0 && r.Topic == ask.Topic.ID:
			topicRank = 0
		case r.Category != 0 && r.Category == ask.Topic.Category:
			topicRank = 1
		case r.Object != 0 && r.Object == ask.Topic.Object:
			topicRank = 2
		case r.Topic != 0 || r.Category != 0 || r.Object != 0:
			continue
		}
		inArea := r.Area == ask.Place.Municipality || r.Area == ask.Place.District
		switch {
		case r.House != 0 && (r.House != ask.Place.House || r.Area != "" && !inArea):
			continue
		case r.House != 0:
			placeRank = 0
		case r.Area != "" && r.Area == ask.Place.Municipality:
			placeRank = 1
		case r.Area != "" && r.Area == ask.Place.District:
			placeRank = 2
		case r.Area != "":
			continue
		}
		if r.From > routing.DayOf(ask.On) {
			continue
		}
		newest := 99_999_999
		if r.From != "" {
			day := 0
			fmt.Sscan(strings.ReplaceAll(string(r.From), "-", ""), &day)
			newest -= day
		}
		list = append(list, ranked{fmt.Sprintf("%d%d%08d%012d", topicRank, placeRank, newest, r.ID), r})
	}
	slices.SortFunc(list, func(a, b ranked) int { return strings.Compare(a.rank, b.rank) })
	for _, l := range list {
		executor := l.rule.Executor
		if executor == routing.Manager {
			executor = ask.Manager
		}
		if executor != "" {
			executors, ids = append(executors, executor), append(ids, l.rule.ID)
		}
	}
	return executors, ids
}

// chance makes rules and questions of few values, so that they often meet.
func chance(r *rand.Rand) (rule func(id int64) routing.Rule, ask func() routing.Ask) {
	areas := []place.AreaID{"", "mo-1", "mo-2", "d-1", "d-2"}
	rule = func(id int64) routing.Rule {
		out := routing.Rule{ID: id, Executor: org.ID(fmt.Sprintf("org-%d", r.IntN(50))), Area: areas[r.IntN(len(areas))]}
		switch n := topic.ID(1 + r.IntN(200)); r.IntN(4) {
		case 0:
			out.Topic = n
		case 1:
			out.Category = n % 30
		case 2:
			out.Object = n % 5
		}
		if r.IntN(3) == 0 {
			out.House = place.HouseID(r.IntN(500))
		}
		if r.IntN(5) == 0 {
			out.Executor = routing.Manager
		}
		if r.IntN(2) == 0 {
			out.From = routing.DayOf(today.AddDate(0, 0, r.IntN(400)-350))
		}
		return out
	}
	ask = func() routing.Ask {
		id := topic.ID(1 + r.IntN(200))
		a := routing.Ask{Topic: topic.Topic{Ref: topic.Ref{ID: id}, Category: id % 30, Object: id % 5}, On: today.AddDate(0, 0, r.IntN(100)-50)}
		a.Place = place.Place{House: place.HouseID(r.IntN(500)), Municipality: []place.AreaID{"", "mo-1", "mo-2"}[r.IntN(3)], District: []place.AreaID{"d-1", "d-2"}[r.IntN(2)]}
		if r.IntN(2) == 0 {
			a.Manager = "uk-1"
		}
		return a
	}
	return rule, ask
}

func TestDecisionIsThatOfTheSlowScan(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 11))
	rule, ask := chance(r)
	for _, n := range []int{0, 3, 40, 8000} {
		rules := make([]routing.Rule, n)
		for i := range rules {
			rules[i] = rule(int64(n - i))
		}
		before := slices.Clone(rules)
		fast := routing.NewRules(1, rules)
		for range 200 {
			a := ask()
			executors, ids := scan(rules, a)
			d, err := fast.Decide(a)
			must(t, err)
			want(t, d.Missing, len(ids) == 0)
			if len(ids) > 0 && (d.Rule != ids[0] || d.Executor != executors[0]) {
				t.Fatalf("%d rules, %+v\ngot  %d %s\nwant %d %s", n, a, d.Rule, d.Executor, ids[0], executors[0])
			}
			if (d.RunnerUp != nil) != (len(ids) > 1) || d.RunnerUp != nil && d.RunnerUp.Rule != ids[1] {
				t.Fatalf("%d rules, %+v\nrunner-up %+v\nwant %v", n, a, d.RunnerUp, ids)
			}
		}
		if !reflect.DeepEqual(rules, before) {
			t.Error("the rules given were changed")
		}
	}
}

func BenchmarkDecide(b *testing.B) {
	rule, ask := chance(rand.New(rand.NewPCG(7, 11)))
	rules := make([]routing.Rule, 8000)
	for i := range rules {
		rules[i] = rule(int64(i + 1))
	}
	fast := routing.NewRules(1, rules)
	asks := make([]routing.Ask, 1000)
	for i := range asks {
		asks[i] = ask()
	}
	for i := 0; b.Loop(); i++ {
		if _, err := fast.Decide(asks[i%len(asks)]); err != nil {
			b.Fatal(err)
		}
	}
}

func TestARuleForAKindOfPlaceGoesBeforeOneForAny(t *testing.T) {
	t.Parallel()
	rules := routing.NewRules(1, []routing.Rule{
		{ID: 1, Executor: "roads", From: "2026-01-01"}, {ID: 2, Where: place.InYard, Executor: "yards"}, {ID: 3, Area: "west", Executor: "west"},
		{ID: 4, Area: "west", Where: place.InPark, Executor: "parks"},
	})
	for _, tt := range []struct {
		ground   place.Ground
		district place.AreaID
		exp      string
	}{
		{place.InYard, "east", "yards routing.why.any_topic routing.why.city routing.why.ground_yard"},
		{place.OnStreet, "east", "roads routing.why.any_topic routing.why.city"},
		{place.UnknownLie, "east", "roads routing.why.any_topic routing.why.city"},
		{place.InYard, "west", "west routing.why.any_topic routing.why.district"},
		{place.InPark, "west", "parks routing.why.any_topic routing.why.district routing.why.ground_park"},
	} {
		d, err := rules.Decide(routing.Ask{Topic: topic.Topic{Ref: topic.Ref{ID: 30}}, Place: place.Place{District: tt.district}, Ground: tt.ground, On: today})
		must(t, err)
		want(t, strings.Join(append([]string{string(d.Executor)}, d.Why...), " "), tt.exp)
	}
}

func TestTheOwnerOfAnObjectAnswersForIt(t *testing.T) {
	t.Parallel()
	rules := routing.NewRules(1, []routing.Rule{{ID: 1, Topic: 30, Executor: "light"}, {ID: 2, Topic: 30, Executor: routing.Owner}})
	for _, tt := range []struct {
		object string
		owner  org.ID
		exp    string
	}{
		{"lamp-1", "uk-1", "uk-1 routing.why.topic routing.why.city routing.why.owner"},
		{"lamp-1", "", "light routing.why.owner_unknown routing.why.topic routing.why.city"},
		{"", "", "light routing.why.topic routing.why.city"},
	} {
		d, err := rules.Decide(routing.Ask{Topic: topic.Topic{Ref: topic.Ref{ID: 30}}, Place: place.Place{Object: tt.object}, Owner: tt.owner, On: today})
		must(t, err)
		want(t, strings.Join(append([]string{string(d.Executor)}, d.Why...), " "), tt.exp)
	}
}
