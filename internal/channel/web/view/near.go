package view

import (
	"strings"
	"time"
)

// Near is a problem that the message being written may repeat.
type Near struct {
	Number int64
	URL    string
	Topic  string
	Metres int
	Since  time.Time
	State  State
	Joined int
	Sure   bool     // very likely the same: asked about before sending
	Own    bool     // the visitor sent it: there is nothing to join
	Same   []string // words that both have
	Over   string   // answered, closed; empty: somebody still works on it
	OverAt time.Time
	Lat    float64 // where it is
	Lon    float64
}

// Title names what the card says first: own, sure or perhaps.
func (n Near) Title() string {
	switch {
	case n.Own:
		return "own"
	case n.Sure:
		return "sure"
	}
	return "perhaps"
}

// Here tells whether the two marks are one spot.
func (n Near) Here() bool { return n.Metres < 10 }

// Joins tells whether there is something to join.
func (n Near) Joins() bool { return !n.Own && n.Over != "closed" }

// Do names what the button does: join, or disagree with the answer.
func (n Near) Do() string {
	if n.Over == "answered" {
		return "still"
	}
	return "join"
}

// Words are those that both messages have, as a list.
func (n Near) Words() string { return strings.Join(n.Same, ", ") }
