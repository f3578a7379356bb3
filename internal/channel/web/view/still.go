package view

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
