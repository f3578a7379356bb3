package web

import (
	"strings"
	"time"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
)

// ownField is a field that only this topic's form has, as it was filled in.
func (s *Server) ownField(v *visit, d *draft, e topic.Extra) view.Field {
	f := view.Field{Name: e.Input(), Label: v.text(e.Label), Hint: v.text(e.Hint), Value: d.form.get(e.Input()), Required: e.Required,
		Error: d.errors.For(e.Input()), Autocomplete: "off"}
	switch e.Kind {
	case topic.DateField:
		f.Type, f.Max = "date", v.Now.In(v.zone()).Format(time.DateOnly)
	case topic.NumberField:
		f.InputMode, f.Short = "numeric", true
	case topic.LongField:
		f.Long = true
	case topic.ChoiceField:
		for _, c := range e.Choices {
			f.Options = append(f.Options, view.Option{Value: c.Value, Label: v.text(c.Label), Checked: c.Value == f.Value})
		}
	}
	return f
}

// answersIn are the answers of a form to the topic's own fields; nil where there
// are none.
func answersIn(f *form, t topic.Topic) map[string]string {
	var answers map[string]string
	for _, e := range t.OwnFields() {
		given := strings.TrimSpace(f.get(e.Input()))
		if given == "" {
			continue
		}
		if answers == nil {
			answers = map[string]string{}
		}
		answers[e.Name] = given
	}
	return answers
}

// ownAnswers is what an author answered to the questions that a topic's form asks
// beside the text, for the author's own eyes.
func (s *Server) ownAnswers(v *visit, t topic.Topic, c problem.Contact) []view.StaffFact {
	var list []view.StaffFact
	for _, f := range [][2]string{{"apartment", c.Apartment}, {"stairs", c.Stairs}, {"floor", c.Floor}} {
		if f[1] != "" {
			list = append(list, view.StaffFact{Name: s.say(v, "web.extra."+f[0]), Text: f[1]})
		}
	}
	return append(list, v.answered(t, c)...)
}

// answered are the answers to a topic's own fields in words, in the order of the
// form.
func (v *visit) answered(t topic.Topic, c problem.Contact) []view.StaffFact {
	var list []view.StaffFact
	for _, e := range t.OwnFields() {
		if given := c.Answers[e.Name]; given != "" {
			said := e.Said(given, string(v.Lang), v.City.Main)
			if e.Kind == topic.DateField {
				said, _ = plainDay(v, given)
			}
			list = append(list, view.StaffFact{Name: v.text(e.Label), Text: said})
		}
	}
	return list
}
