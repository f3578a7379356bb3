package pack

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/platform/fault"
)

func itoa(n int) string { return strconv.Itoa(n) }

func (r *reading) routes() {
	r.each(sheet{
		file: "routing.csv", must: []string{"id", "topic", "area", "house", "executor", "coordinator", "controller"},
		may: []string{"valid_from", "where"}, mayIn: []string{"note"},
	}, func(w *row) {
		route := w.route()
		if !w.broken {
			w.r.pack.Routes = append(w.r.pack.Routes, route)
			w.keep()
		}
	})
}

func (w *row) route() routing.Rule {
	scope := w.scope("topic")
	route := routing.Rule{
		ID: w.id("route", "id"), Topic: scope.Topic, Category: scope.Category, Object: scope.Object, Note: w.names("note", false),
		Executor: org.ID(w.text("executor")), Coordinator: org.ID(w.text("coordinator")), Controller: org.ID(w.text("controller")),
	}
	if area := w.need("area"); area != "*" {
		route.Area = place.AreaID(area)
		w.known("area", "area", area, "pack.no_such_area")
	}
	if house := w.need("house"); house != "*" {
		route.House = place.HouseID(w.number("house", 1, 1<<62))
		w.known("house", "house", house, "pack.no_such_house")
	}
	if w.text("where") != "" {
		var grounds []string
		for _, g := range place.Grounds() {
			grounds = append(grounds, string(g))
		}
		route.Where = place.Ground(w.one("where", grounds...))
	}
	if from := w.date("valid_from"); !from.IsZero() {
		route.From = routing.Day(from.String())
	}
	if w.need("executor"); route.Executor != routing.Manager && route.Executor != routing.Owner {
		w.known("organisation", "executor", string(route.Executor), "pack.no_such_organisation")
	}
	w.known("organisation", "coordinator", string(route.Coordinator), "pack.no_such_organisation")
	w.known("organisation", "controller", string(route.Controller), "pack.no_such_organisation")
	key := strings.Join([]string{w.text("topic"), w.text("area"), w.text("house"), w.text("where"), w.text("valid_from"), ownerOnly(route)}, " ")
	w.unique("route of", "topic", key)
	return route
}

// ownerOnly tells a rule for the owners of objects from the one for everything
// else at the same place.
func ownerOnly(route routing.Rule) string {
	if route.Executor == routing.Owner {
		return string(routing.Owner)
	}
	return ""
}

func (r *reading) terms() {
	r.each(sheet{
		file: "terms.csv", lacking: "pack.no_terms", must: []string{"topic", "stage", "amount", "unit"}, may: []string{"valid_from"},
	}, func(w *row) {
		rule := deadline.Rule{
			Topic: w.scope("topic").key(), From: w.date("valid_from"),
			Stage: deadline.Stage(w.one("stage", string(deadline.Moderation), string(deadline.Processing), string(deadline.Review))),
			Term:  deadline.Term{Amount: int(w.number("amount", 0, deadline.MaxAmount)), Unit: deadline.Unit(w.text("unit"))},
		}
		w.need("amount")
		if refused := fault.Of(rule.Term.Check()); refused != nil && !w.broken {
			w.fail(refused.Fields[0].Name, refused.Phrase, refused.Args...)
		}
		w.unique("term", "topic", strings.Join([]string{w.text("topic"), w.text("stage"), w.text("valid_from")}, " "))
		if !w.broken {
			w.r.pack.Terms = append(w.r.pack.Terms, rule)
			w.keep()
		}
	})
}

// key is the scope as deadlines know it.
func (s Scope) key() deadline.TopicKey {
	text := func(id int64) string {
		if id == 0 {
			return ""
		}
		return strconv.FormatInt(id, 10)
	}
	return deadline.TopicKey{ID: text(int64(s.Topic)), Category: text(int64(s.Category)), Object: text(int64(s.Object))}
}

func (r *reading) clauses() {
	r.each(sheet{
		file: "clauses.csv", lacking: "pack.no_clauses", must: []string{"code", "next"}, mustIn: []string{"short", "text"},
	}, func(w *row) {
		c := Clause{
			Code: w.name("clause", "code"), Short: w.names("short", true), Text: w.names("text", true),
			Next: w.one("next", "mend", "call", "appeal", "none"),
		}
		if !w.broken {
			w.r.pack.Clauses = append(w.r.pack.Clauses, c)
			w.keep()
		}
	})
}

func (r *reading) steps() {
	r.each(sheet{
		file: "next_steps.csv", lacking: "pack.no_steps", must: []string{"when", "kind"}, may: []string{"value"}, mustIn: []string{"text"},
	}, func(w *row) {
		s := NextStep{
			When: w.one("when", "season", "nothing_fits", "rejected", "emergency"), Kind: w.one("kind", "mend", "call", "appeal", "site"),
			Text: w.names("text", true), Value: w.text("value"),
		}
		if s.Kind == "call" {
			w.need("value")
		}
		// What stands behind a link must not be a script.
		if link := s.Kind == "appeal" || s.Kind == "site"; link && !strings.HasPrefix(s.Value, "https://") {
			w.fail("value", "pack.url", s.Value)
		}
		if !w.broken {
			w.r.pack.Steps = append(w.r.pack.Steps, s)
			w.keep()
		}
	})
}

// placeholder is what a template may fill in.
var placeholder = regexp.MustCompile(`\{[^{}]*\}`)

func placeholders() []string {
	return []string{"{address}", "{topic}", "{number}", "{date}", "{organisation}"}
}

func (r *reading) templates() {
	r.each(sheet{
		file: "templates.csv", lacking: "pack.no_templates", must: []string{"id", "topic", "outcome"}, mustIn: []string{"text"},
	}, func(w *row) {
		t := Template{
			ID: w.name("template", "id"), Scope: w.scope("topic"), Text: w.names("text", true),
			Outcome: w.one("outcome", "done", "planned", "refused", "not_ours"),
		}
		for _, lang := range w.r.pack.City.Languages {
			for _, found := range placeholder.FindAllString(t.Text[lang], -1) {
				if !slices.Contains(placeholders(), found) {
					w.fail("text."+lang, "pack.placeholder", found, strings.Join(placeholders(), " "))
				}
			}
		}
		if !w.broken {
			w.r.pack.Templates = append(w.r.pack.Templates, t)
			w.keep()
		}
	})
}

func (r *reading) examples() {
	r.each(sheet{file: "examples.csv", lacking: "pack.no_examples", must: []string{"topic", "text"}}, func(w *row) {
		e := Example{ID: int64(len(w.r.pack.Examples) + 1), Topic: topicID(w.number("topic", 0, 1<<53)), Text: w.need("text")}
		if id := w.need("topic"); e.Topic != 0 { // 0: no topic is about it
			w.known("topic", "topic", id, "pack.no_such_topic")
		}
		if !w.broken {
			w.r.pack.Examples = append(w.r.pack.Examples, e)
			w.keep()
		}
	})
}
