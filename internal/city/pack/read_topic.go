package pack

import (
	"strconv"

	"gorod/internal/city/topic"
)

func topicID(n int64) topic.ID { return topic.ID(n) }

func (r *reading) topics() {
	r.each(sheet{
		file:   "topics.csv",
		must:   []string{"id", "object_id", "category_id", "widget"},
		mustIn: []string{"object", "category", "name"},
		may: []string{"evidence", "public", "open", "season_from", "season_to", "extra", "esia", "proposal", "interim",
			"extension", "replaced_by", "synonyms.ru", "synonyms.en", "frequency", "objects"},
		mayIn: []string{"help", "season", "first"},
	}, func(w *row) {
		t := w.topic()
		if !w.broken {
			w.r.pack.Topics = append(w.r.pack.Topics, t)
			w.keep()
		}
	})
	r.checkReplaced()
}

func (w *row) topic() topic.Topic {
	t := topic.Topic{
		Ref: topic.Ref{ID: topic.ID(w.id("topic", "id"))}, Object: w.branch("object"), Category: w.branch("category"),
		ObjectName: topic.Name(w.names("object", true)), CategoryName: topic.Name(w.names("category", true)),
		Name: topic.Name(w.names("name", true)), Help: topic.Name(w.names("help", false)), First: topic.Name(w.names("first", false)),
		Season: topic.Name(w.names("season", false)), Synonyms: topic.Name(w.names("synonyms", false)),
		Widget: topic.Widget(w.one("widget", string(topic.OnBuilding), string(topic.FreePoint), string(topic.NearBuilding))),
		Public: w.flag("public", true), Open: w.flag("open", true), Proposal: w.flag("proposal", false),
		ConfirmedID: w.flag("esia", false), Interim: w.flag("interim", true), Extension: w.flag("extension", true),
		ReplacedBy: topic.ID(w.number("replaced_by", 1, 1<<53)), Evidence: topic.NoEvidence,
	}
	if w.text("evidence") != "" {
		t.Evidence = topic.Evidence(w.one("evidence", "none", "photo", "document", "receipt", "bill", "act", "screenshot", "panorama"))
	}
	if w.text("frequency") != "" {
		t.Frequency = topic.Frequency(w.one("frequency", string(topic.Common), string(topic.Rare)))
	}
	extras, err := topic.ParseExtras(w.text("extra"), w.r.fields)
	if err != nil {
		w.fail("extra", "pack.extra", w.text("extra"))
	}
	t.Extras = extras
	t.SeasonFrom, t.SeasonTo = w.day("season_from"), w.day("season_to")
	if (w.text("season_from") == "") != (w.text("season_to") == "") {
		w.fail("season_from", "pack.half_season")
	}
	t.Objects = w.list("objects")
	for _, kind := range t.Objects {
		w.known("kind of objects", "objects", kind, "pack.no_such_kind")
	}
	w.branchesAgree(t)
	return t
}

// branch is the id of a topic's object or category.
func (w *row) branch(kind string) topic.ID {
	if w.need(kind+"_id") == "" {
		return 0
	}
	return topic.ID(w.number(kind+"_id", 1, 1<<53))
}

// branchesAgree refuses one id under two names, and a category under two
// objects: the tree would have two faces.
func (w *row) branchesAgree(t topic.Topic) {
	main := w.r.pack.City.Main
	for _, b := range []struct{ kind, id, is string }{
		{"object", strconv.FormatInt(int64(t.Object), 10), t.ObjectName[main]},
		{"category", strconv.FormatInt(int64(t.Category), 10), strconv.FormatInt(int64(t.Object), 10) + "/" + t.CategoryName[main]},
	} {
		first, again := w.r.note(b.kind, b.id, w.line)
		if _, same := w.r.note(b.kind+" is", b.id+"\x00"+b.is, w.line); again && !same {
			w.fail(b.kind+"_id", "pack.branch_differs", b.id, strconv.Itoa(first))
		}
	}
}

func (w *row) day(field string) topic.Day {
	d, err := topic.ParseDay(w.text(field))
	if err != nil {
		w.fail(field, "pack.not_day", w.text(field))
	}
	return d
}

func (r *reading) checkReplaced() {
	for i, t := range r.pack.Topics {
		if t.ReplacedBy == 0 {
			continue
		}
		line := r.lines["topics.csv"][i]
		id := strconv.FormatInt(int64(t.ReplacedBy), 10)
		if !r.knows("topic", id) || t.ReplacedBy == t.ID {
			r.fail("topics.csv", line, "replaced_by", "pack.no_such_topic", id)
		}
		if t.Open {
			r.warn("topics.csv", line, "replaced_by", "pack.replaced_but_open", strconv.FormatInt(int64(t.ID), 10))
		}
	}
}
