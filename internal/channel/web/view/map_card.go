package view

// MapCard is a problem in short, for the map to show beside its sign: a part of
// a page, without head and menu.
type MapCard struct {
	Base
	Line    Line
	Excerpt string // the beginning of what was written; empty when hidden
}

// Template implements Page.
func (MapCard) Template() string { return "map_card.html" }
