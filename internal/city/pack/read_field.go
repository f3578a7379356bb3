package pack

import (
	"strings"

	"gorod/internal/city/topic"
)

// ownFields reads fields.csv: what the forms of topics may ask for besides what
// every city knows. The answers of a choice stand in choices, what they are called
// in choices.xx, in the same order.
func (r *reading) ownFields() {
	r.fields = map[string]topic.Extra{}
	r.each(sheet{
		file: "fields.csv", lacking: "pack.no_fields",
		must: []string{"id", "kind"}, may: []string{"choices"}, mustIn: []string{"label"}, mayIn: []string{"hint", "choices"},
	}, func(w *row) {
		var kinds []string
		for _, k := range topic.FieldKinds() {
			kinds = append(kinds, string(k))
		}
		e := topic.Extra{Name: w.name("field of topics", "id"), Kind: topic.FieldKind(w.one("kind", kinds...)),
			Label: w.names("label", true), Hint: w.names("hint", false), Choices: w.choices()}
		if !w.broken && topic.CheckField(e) != nil {
			w.fail("id", "pack.bad_field", e.Name)
		}
		if !w.broken {
			r.fields[e.Name] = e
			w.keep()
		}
	})
}

// choices are the answers of a field, each with a name in every language that has
// names at all.
func (w *row) choices() []topic.Choice {
	values := w.list("choices")
	list := make([]topic.Choice, len(values))
	for i, value := range values {
		list[i] = topic.Choice{Value: value, Label: topic.Name{}}
	}
	for lang, names := range w.names("choices", len(values) > 0) {
		parts := strings.Split(names, ";")
		if len(parts) != len(values) {
			w.fail("choices."+lang, "pack.choices_differ", len(values), len(parts))
			continue
		}
		for i, name := range parts {
			list[i].Label[lang] = strings.TrimSpace(name)
		}
	}
	return list
}
