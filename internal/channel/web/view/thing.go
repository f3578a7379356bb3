package view

import "strings"

// Thing is an object of the city that a message may be about: a lamp, a stop.
type Thing struct {
	ID      string
	Kind    string // «Фонарь»
	Number  string // as it is painted on it; empty: unknown
	Name    string // where it stands, as the city writes it; empty: unknown
	Letter  string // one sign of its kind; empty: none
	Metres  int    // from the place
	Fields  []ThingField
	Checked bool
	Open    []ThingProblem // open problems at it, the newest first
	More    int            // open problems that are not listed
}

// ThingField is one of the object's own fields in words: «Высота», «8 м».
type ThingField struct{ Name, Value string }

// ThingProblem is a problem at an object.
type ThingProblem struct {
	Number int64
	URL    string
	Topic  string
	State  State
	Joins  bool // a visitor can join it
}

// URL is the address of the object's page.
func (t Thing) URL() string { return ThingURL(t.ID) }

// Known tells whether there is an object.
func (t Thing) Known() bool { return t.ID != "" }

// Title is what the object is called: «Фонарь Л-001».
func (t Thing) Title() string {
	if t.Number == "" {
		return t.Kind
	}
	return t.Kind + " " + t.Number
}

// Facts are what is known of the object, each in a few words.
func (t Thing) Facts() []string {
	var list []string
	if t.Name != "" {
		list = append(list, t.Name)
	}
	for _, f := range t.Fields {
		list = append(list, f.Name+": "+f.Value)
	}
	return list
}

// Short is Facts in a line.
func (t Thing) Short() string { return strings.Join(t.Facts(), " · ") }

// Things are the objects that the form offers.
type Things struct {
	List []Thing
	None bool   // the author has said that it is none of them
	Kept string // what was chosen, while there is nothing to choose among
}

// ObjectPage is the page of one object of the city.
type ObjectPage struct {
	Base
	Thing   Thing
	Address string // of the nearest house; empty: none is near
	Owner   Organisation
	Still   *Still // nil: the pack has no geometry near
	Report  string // address of the form with this object filled in
	Lines   []Line // open problems, the newest first
	Past    []Line
}

// Template implements Page.
func (ObjectPage) Template() string { return "object.html" }
