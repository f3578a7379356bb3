package suggest

import (
	"time"

	"gorod/internal/city/topic"
)

// Pin is how a resident set the place of a message before any topic was shown.
type Pin uint8

// The kinds of marks. They follow the widgets of topics (domain.md 1.2): a
// house itself, a point near a house, a point on a street or open ground.
const (
	NoPin Pin = iota // not known, or not set yet
	OnBuilding
	NearBuilding
	FreePoint
	pins
)

// Input is what is known of a message while it is being written. Whatever is
// zero is not known; the text alone is enough.
type Input struct {
	Text string
	// At is when it is sent, in the zone of the city: hour and season speak.
	At time.Time
	// Author tells one author from another; it is no name and no address, and
	// means nothing outside of one city. Empty: nobody knows who writes.
	Author string
	// Lat and Lon are the place in degrees of WGS 84. The model rounds them to a
	// thousandth of a degree: the exact point of an archived message gives away
	// what staff made of it.
	Lat, Lon float64
	// District and Area are the keys of the two levels of areas around the place.
	District, Area string
	Pin            Pin
	// Object is the author's answer to a Question: only topics of this object
	// are meant. 0: not asked, or not answered.
	Object topic.ID
}

// Message is a message that was sent: what the model learns from, and what it
// remembers of authors and places.
type Message struct {
	Input
	Problem int64 // key of the problem; grows with the time of sending
	// Topic is the one it has now, Corrected that staff had to put it.
	Topic     topic.ID
	Corrected bool
	// Known says from when on it was known to have which topic, oldest first: the
	// author's choice at sending, then each change by staff. It keeps a judgement
	// of past months from knowing what nobody knew then. Empty: Topic, always.
	Known []Knowledge
}

// Knowledge is the topic of a message from a moment on.
type Knowledge struct {
	At    time.Time
	Topic topic.ID
}

// Question is asked where the model is lost between objects and the answer
// would settle it: «В доме, во дворе, на улице?»
type Question struct {
	// Objects are the first levels of the tree to choose from, the likeliest
	// first, two to five.
	Objects []topic.ID
}

// Reason is one thing that spoke for a topic.
type Reason struct {
	Kind   ReasonKind `json:"kind"`
	Text   string     `json:"text,omitempty"`  // the word, of SaidWord
	Topic  topic.ID   `json:"topic,omitempty"` // the earlier topic, of SaidAuthor and SaidSpot
	Weight float64    `json:"weight"`          // how much it raised the topic above the average of all
}

// ReasonKind is the kind of evidence that a reason is made of.
type ReasonKind string

// The kinds of reasons.
const (
	SaidWord    ReasonKind = "word"    // a word of the text
	SaidAuthor  ReasonKind = "author"  // the author wrote about it before
	SaidSpot    ReasonKind = "spot"    // it was reported here before
	SaidAround  ReasonKind = "around"  // it is usual in this part of the city
	SaidSimilar ReasonKind = "similar" // alike messages were about it
	SaidSeason  ReasonKind = "season"  // it is usual in these days and hours
	SaidPin     ReasonKind = "pin"     // the way the place was marked
	SaidObject  ReasonKind = "object"  // the author's answer to the question
)
