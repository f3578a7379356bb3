package topic

import (
	"fmt"
	"time"
)

// ID names a topic for ever, across all versions; in a real city it is the
// number of the city's own classifier.
type ID int64

// Ref is a topic as it stood in one version of the tree. A message keeps the
// Ref that it was sent under.
type Ref struct {
	ID      ID    `json:"id"`
	Version int64 `json:"version"`
}

// Name is a text in every language of the pack, by language code.
type Name map[string]string

// In is the text in a language, else in the main language, and which language
// that is, so that a page can mark it.
func (n Name) In(lang, main string) (text, shown string) {
	if s := n[lang]; s != "" {
		return s, lang
	}
	return n[main], main
}

// Widget says how the place of a topic is marked (domain.md 1.2: 1, 2, 4, 5).
type Widget string

// The ways to mark a place.
const (
	OnBuilding   Widget = "building" // the resident picks a house
	FreePoint    Widget = "point"    // a street or open ground; a house is refused
	NearBuilding Widget = "near"     // a point together with the nearest house
)

// Evidence says what has to be attached.
type Evidence string

// The kinds of evidence. Everything but None needs at least one photo or scan.
const (
	NoEvidence Evidence = "none"
	Photo      Evidence = "photo"
	Document   Evidence = "document"
	Receipt    Evidence = "receipt"
	Bill       Evidence = "bill"
	Act        Evidence = "act"
	Screenshot Evidence = "screenshot"
	Panorama   Evidence = "panorama"
)

// Frequency is how often a city hears of a topic, beside others: knowledge of
// topics, for a city that has no messages of its own to count yet.
type Frequency string

// The frequencies. Most topics are Usual.
const (
	Usual  Frequency = ""
	Common Frequency = "common"
	Rare   Frequency = "rare"
)

// Day is a day of any year, as MM-DD; it sorts as text.
type Day string

// Topic is a leaf of the tree in one version. Its JSON is what the table of
// topics keeps.
type Topic struct {
	Ref
	Object       ID        `json:"object,omitempty"` // the first level
	ObjectName   Name      `json:"object_name,omitempty"`
	Category     ID        `json:"category,omitempty"` // the second level
	CategoryName Name      `json:"category_name,omitempty"`
	Name         Name      `json:"name,omitempty"` // the third: the reason itself
	Widget       Widget    `json:"widget,omitempty"`
	Evidence     Evidence  `json:"evidence,omitempty"`
	Help         Name      `json:"help,omitempty"`  // what to show or check, before sending
	First        Name      `json:"first,omitempty"` // what to do first (call the dispatcher), may be empty
	Synonyms     Name      `json:"synonyms,omitempty"`
	Frequency    Frequency `json:"frequency,omitempty"`
	Extras       []Extra   `json:"extras,omitempty"`
	// Objects are the kinds of city objects that a problem of this topic may be
	// about (lamp, stop): the form looks for one near the point.
	Objects     []string `json:"objects,omitempty"`
	Public      bool     `json:"public,omitempty"`       // may the card be shown to everyone
	Open        bool     `json:"open,omitempty"`         // false: kept for old messages, not offered any more
	Proposal    bool     `json:"proposal,omitempty"`     // a wish, not a complaint
	ConfirmedID bool     `json:"confirmed_id,omitempty"` // only with an identity that the state has confirmed
	SeasonFrom  Day      `json:"season_from,omitempty"`  // empty: all year
	SeasonTo    Day      `json:"season_to,omitempty"`
	Season      Name     `json:"season,omitempty"`      // the text that explains the season
	Interim     bool     `json:"interim,omitempty"`     // an interim answer is allowed
	Extension   bool     `json:"extension,omitempty"`   // the term may be extended
	ReplacedBy  ID       `json:"replaced_by,omitempty"` // where a closed topic went; 0 if nowhere
}

// Path is "object · category" in a language, for lists of topics.
func (t Topic) Path(lang, main string) string {
	object, _ := t.ObjectName.In(lang, main)
	category, _ := t.CategoryName.In(lang, main)
	return object + " · " + category
}

// InSeason tells whether messages are taken on a date of the city's zone. A
// season may run over the new year: 16 October to 15 April.
func (t Topic) InSeason(date time.Time) bool {
	if t.SeasonFrom == "" || t.SeasonTo == "" {
		return true
	}
	day := Day(date.Format("01-02"))
	if t.SeasonFrom <= t.SeasonTo {
		return t.SeasonFrom <= day && day <= t.SeasonTo
	}
	return day >= t.SeasonFrom || day <= t.SeasonTo
}

// NeedsPhoto tells whether a message without any attachment is refused.
func (t Topic) NeedsPhoto() bool { return t.Evidence != NoEvidence && t.Evidence != "" }

// Asks tells whether the form has an extra field, so that an executor may see
// what was typed there.
func (t Topic) Asks(field string) bool {
	for _, e := range t.Extras {
		if e.Name == field {
			return true
		}
	}
	return false
}

func knownExtra(name string) bool {
	switch name {
	case "stairs", "floor", "apartment", "phone":
		return true
	}
	return false
}

// ParseDay reads MM-DD; empty means none.
func ParseDay(text string) (Day, error) {
	if text == "" {
		return "", nil
	}
	// A leap year, so that 29 February is a day.
	if _, err := time.Parse("2006-01-02", "2024-"+text); err != nil {
		return "", fmt.Errorf("%q is not a day as MM-DD", text)
	}
	return Day(text), nil
}
