package view

// EmbedPage is shown inside a page of another site: a list or a map of the
// problems of an area or a house, or the beginning of the form. It sets no
// cookie, and its links open a page of their own.
type EmbedPage struct {
	Base
	Show    string // list, map, report
	Heading string
	URL     string // the whole page of ours, in a window of its own
	Lines   []Line
	Map     MapSlot
	Picture *Picture
	Key     string // of the form
	House   string // that the form is about; empty: the resident says where
	Address string
	MaxText int
}

// Template implements Page.
func (EmbedPage) Template() string { return "embed.html" }

// EmbedCodePage tells webmasters how to put a part of the city on their pages:
// GET /embed.
type EmbedCodePage struct {
	Base
	Show   []Option
	Areas  []Option
	House  Field
	Errors FieldErrors
	Script string // the line to copy
	Frame  string // the same without a script
	Try    string // address of the frame, shown below
}

// Template implements Page.
func (EmbedCodePage) Template() string { return "embed_code.html" }
