package view

import "time"

// StaffCommand is what every form of a staff page sends along: where it goes,
// what it is about, and the hidden keys: the version its reader saw and the
// idempotency key that makes a second click harmless.
type StaffCommand struct {
	Action  string // address the form is posted to
	Problem string // outer id of the problem, empty where the form is not about one
	Keys
}

// StaffConflict says that somebody was faster: who, when, what is different
// now, and where to read the fresh state. What was typed stays in the form where
// Kept says so; where the form is gone Typed shows it, to be copied.
type StaffConflict struct {
	Who     string
	At      time.Time
	Changes []string
	Href    string
	Kept    bool
	Typed   []StaffFact
}

// StaffTypedPage gives back what was written by hand when its form cannot be
// shown any more.
type StaffTypedPage struct {
	Base
	Why   string
	Typed []StaffFact
	Back  string // the desk
}

// Template names the page's file.
func (StaffTypedPage) Template() string { return "staff/typed.html" }

// StaffChoice is one entry of a list to choose from: an option of a select, a
// radio button with a note, or a link that filters, with how many it leaves.
type StaffChoice struct {
	Value    string
	Label    string
	Note     string
	Href     string
	Count    int
	Selected bool
}

// StaffTemplate is a ready text: a clause of the rules with what to tell the
// author, a question, an answer. Text is what will be sent unless edited.
type StaffTemplate struct {
	Code     string
	Title    string
	Text     string
	Selected bool

	Lang         string // of Text, where it is not the page's
	Own          string // the same in the reader's language; empty: Text is
	Untranslated bool   // the city's data lack it in the author's language
}

// StaffPhoto is a photo that may be kept from publishing.
type StaffPhoto struct {
	Photo
	Hidden bool
}

// StaffRun is a stretch of a message. Mask names what everyone else reads a
// mark for: a kind of package reading ("phone", "email", "contact", "flat",
// "name", "plate", "document", "code"); empty is plain text.
type StaffRun struct {
	Text string
	Mask string
}

// StaffPlace is where it is and how the author marked it: Mark is "building",
// "near" or "free". Map is the address of a still picture for readers without
// scripts, MapHref the page with the map.
type StaffPlace struct {
	Address  string
	Area     string
	Mark     string
	Lat, Lon float64
	Map      string
	MapHref  string
	HouseURL string // page of the house; empty: the place is no house
	Thing    Thing  // the object of the city that it is about; unknown: none
}

// StaffFact is a named line of a card, such as the flat and the phone that a
// topic asks for.
type StaffFact struct {
	Name string
	Text string
}

// StaffQueueItem is one line of a queue on the left.
type StaffQueueItem struct {
	Href    string
	Excerpt string
	Address string
	Waiting time.Duration
	Dispute bool // it disagrees with an answer
	Late    bool // longer than the term of the check
	Current bool
}

// StaffQueue is the list on the left of the desk pages, oldest first.
type StaffQueue struct {
	Items  []StaffQueueItem
	Count  int           // all that wait, not only the listed
	Oldest time.Duration // how long the oldest has been waiting
	More   string        // address of the rest, empty when all are listed
}

// StaffAnswer is an answer as its readers see it, with who stands behind it.
// Outcome is "done", "planned", "refused" or "not_ours".
type StaffAnswer struct {
	At           time.Time
	Organisation string
	Signed       string // position, name, work phone
	Outcome      string
	Interim      bool
	Planned      time.Time // of an interim answer
	Text         string
	Photos       []Photo
	Returned     string // why it was given back, where it was
}

// StaffVoice is what a resident said: the message or a dispute of an answer.
type StaffVoice struct {
	At     time.Time
	Author string
	Runs   []StaffRun
	Photos []Photo
}

// StaffStep is one line of a short feed: when, what, by whom.
type StaffStep struct {
	At   time.Time
	Text string
	Who  string
}

// StaffPager leads to the neighbouring pages of a list; empty at its ends.
type StaffPager struct {
	Earlier string
	Later   string
}
