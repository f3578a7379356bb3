package topic

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// FieldKind is what may be typed into a topic's own field.
type FieldKind string

// The kinds of fields.
const (
	TextField   FieldKind = "text"   // one line
	LongField   FieldKind = "long"   // some paragraphs
	DateField   FieldKind = "date"   // a day that has come already, YYYY-MM-DD
	NumberField FieldKind = "number" // a whole number, not below zero
	ChoiceField FieldKind = "choice" // one of Choices
)

// FieldKinds lists all of them.
func FieldKinds() []FieldKind {
	return []FieldKind{TextField, LongField, DateField, NumberField, ChoiceField}
}

// Choice is one answer that a field offers.
type Choice struct {
	Value string `json:"value"`
	Label Name   `json:"label"`
}

// Extra is a further field that the form of a topic asks for: one of those that
// every city knows (stairs, floor, apartment, phone), or one of the pack's own,
// which has a Kind and says what it is called. What is typed there is seen by the
// author and by the staff whose work it is, never by everyone.
type Extra struct {
	Name     string    `json:"name"`
	Required bool      `json:"required,omitempty"`
	Kind     FieldKind `json:"kind,omitempty"` // empty: known to every city
	Label    Name      `json:"label,omitempty"`
	Hint     Name      `json:"hint,omitempty"`
	Choices  []Choice  `json:"choices,omitempty"`
}

// ownInput begins the names of inputs of own fields: a pack cannot take the name
// of another input of the form.
const ownInput = "f-"

// Own tells whether the pack itself made the field.
func (e Extra) Own() bool { return e.Kind != "" }

// Input is the name of the field in a form, and in what a fault says of it.
func (e Extra) Input() string {
	if e.Own() {
		return ownInput + e.Name
	}
	return e.Name
}

// The longest answers, in characters.
const (
	MaxLine = 200
	MaxLong = 2000
)

// oldest is the first day that a date may be.
const oldest = "1900-01-01"

// Flaw says what is wrong with an answer to an own field, as the end of a phrase
// key: missing, long, date, number, choice; "" when nothing is. today is the day
// in the city's zone.
func (e Extra) Flaw(value string, today time.Time) string {
	if value == "" {
		if e.Required {
			return "missing"
		}
		return ""
	}
	switch e.Kind {
	case DateField:
		day, err := time.Parse(time.DateOnly, value)
		if err != nil || value < oldest || day.Format(time.DateOnly) > today.Format(time.DateOnly) {
			return "date"
		}
	case NumberField:
		if n, err := strconv.ParseInt(value, 10, 64); err != nil || n < 0 || n > 1e15 {
			return "number"
		}
	case ChoiceField:
		if !slices.ContainsFunc(e.Choices, func(c Choice) bool { return c.Value == value }) {
			return "choice"
		}
	case LongField:
		if utf8.RuneCountInString(value) > MaxLong {
			return "long"
		}
	default:
		if utf8.RuneCountInString(value) > MaxLine || strings.ContainsAny(value, "\r\n") {
			return "long"
		}
	}
	return ""
}

// Said is an answer in words: the label of a choice, else what was typed.
func (e Extra) Said(value, lang, main string) string {
	for _, c := range e.Choices {
		if c.Value == value {
			said, _ := c.Label.In(lang, main)
			return said
		}
	}
	return value
}

// OwnFields are the fields of the form that the pack made.
func (t Topic) OwnFields() []Extra {
	var own []Extra
	for _, e := range t.Extras {
		if e.Own() {
			own = append(own, e)
		}
	}
	return own
}

// fieldName is what a field of a pack may be called.
var fieldName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// CheckField refuses a field that could not work.
func CheckField(e Extra) error {
	switch {
	case !fieldName.MatchString(e.Name) || knownExtra(e.Name):
		return fmt.Errorf("field %q: a name of its own, of small letters, digits and _", e.Name)
	case !slices.Contains(FieldKinds(), e.Kind):
		return fmt.Errorf("field %q: unknown kind %q", e.Name, e.Kind)
	case (e.Kind == ChoiceField) != (len(e.Choices) > 1):
		return fmt.Errorf("field %q: a choice has two answers or more, and nothing else has any", e.Name)
	}
	return nil
}

// ParseExtras reads "stairs;apartment!;meeting_date!", where ! means required. A
// name that is not known to every city is looked for among the pack's own.
func ParseExtras(text string, own map[string]Extra) ([]Extra, error) {
	var extras []Extra
	for part := range strings.SplitSeq(text, ";") {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		name, required := strings.CutSuffix(part, "!")
		e, ok := own[name]
		if !ok && !knownExtra(name) {
			return nil, fmt.Errorf("unknown extra field %q", name)
		}
		if slices.ContainsFunc(extras, func(e Extra) bool { return e.Name == name }) {
			return nil, fmt.Errorf("extra field %q twice", name)
		}
		e.Name, e.Required = name, required
		extras = append(extras, e)
	}
	return extras, nil
}
