package view

import "strconv"

// Still is a small map that stands still: paths of the ground around a place,
// one unit a metre, with a pin in the middle. Its colours are the page's
// (css/still.css), so that it needs no script and follows every theme.
type Still struct {
	Width, Height int // of the viewBox
	Paths         []StillPath
	Label         string // what it shows, in words
}

// StillPath is everything of one class: green, water, stream, building, rail,
// path, lane, street, main.
type StillPath struct{ Class, D string }

// X is the middle.
func (s Still) X() int { return s.Width / 2 }

// Y is the middle.
func (s Still) Y() int { return s.Height / 2 }

// Picture is a map that stands still with what a list selects on it, for who
// has no scripts, and on paper.
type Picture struct {
	Still
	Marks []Pin
	Moves []MapLink // closer, farther, and the four sides
}

// Pin is one problem of a picture, or a group of Count.
type Pin struct {
	X, Y   int
	Number int64 // of one problem
	Count  int   // of a group
	Tone   string
	URL    string
	Label  string // what a screen reader says
}

// Sign is what stands in the mark beside its colour.
func (m Pin) Sign() string {
	if m.Number == 0 {
		return strconv.Itoa(m.Count)
	}
	return SignOf(m.Tone)
}

// Radius is that of the mark's circle: larger for more.
func (m Pin) Radius() int {
	switch {
	case m.Count >= 1000:
		return 26
	case m.Count >= 100:
		return 21
	case m.Count >= 10:
		return 17
	}
	return 13
}

// SignOf is the sign that goes with a tone: nothing is said by colour alone
// (asset/ts/map_tone.ts has the same).
func SignOf(tone string) string {
	switch tone {
	case "work":
		return "•"
	case "done":
		return "✓"
	case "late":
		return "!"
	case "wait":
		return "?"
	}
	return "–"
}

// MapLink is a link of the map: a move, a mode, a period, a line of the legend.
type MapLink struct {
	Text string
	URL  string
	On   bool   // it is the chosen one; URL then takes it back
	Tone string // of a line of the legend
}

// Sign is that of the tone.
func (l MapLink) Sign() string { return SignOf(l.Tone) }

// AreaRow is one area of the heat map, in numbers.
type AreaRow struct {
	ID    string
	Name  string
	URL   string // the list of it
	Page  string // its page
	Count int
	Open  int
	Late  int
	Step  int // 0 to 4: how dark it is drawn
}
