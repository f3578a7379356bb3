package problem

import (
	"slices"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/topic"
)

// State is a problem as its feed tells it. It holds ids, dates and counts, no
// text of a person.
type State struct {
	Status  Status      `json:"status"`
	Seq     int64       `json:"seq"` // number of the last event: the optimistic version
	Number  int64       `json:"number"`
	UID     string      `json:"uid"`
	Topic   topic.Ref   `json:"topic"`
	Object  topic.ID    `json:"object"`
	Branch  topic.ID    `json:"category"`
	Public  bool        `json:"public"` // the topic lets everyone see the card
	Place   place.Place `json:"place"`
	Channel string      `json:"channel"`
	Author  int64       `json:"author,omitempty"` // person; 0: sent without an account
	Mended  int64       `json:"mended,omitempty"`

	Routing Routing  `json:"routing"`
	Earlier []org.ID `json:"earlier,omitempty"` // who had it before, oldest first

	Messages []Message `json:"messages,omitempty"`
	Replies  []Message `json:"replies,omitempty"` // answers of the author to questions
	Answers  []Answer  `json:"answers,omitempty"`
	Back     Status    `json:"back,omitempty"` // where a return from review leads

	Dues     Dues   `json:"dues"`
	Original Moment `json:"original,omitempty"` // the first promise, for history
	Shown    Moment `json:"shown,omitempty"`    // the planned date of an interim answer, while it counts
	AskedAt  Moment `json:"asked,omitempty"`    // of the open question
	Until    Moment `json:"until,omitempty"`    // the question's term

	Created  Moment `json:"created"`
	Accepted Moment `json:"accepted,omitempty"` // the newest message
	Answered Moment `json:"answered,omitempty"` // the newest final answer passed
	Closed   Moment `json:"closed,omitempty"`
	Changed  Moment `json:"changed"`

	Joined         int     `json:"joined,omitempty"`
	Contacts       int     `json:"contacts,omitempty"` // how often one was given after sending
	Redirects      int     `json:"redirects,omitempty"`
	Returned       int     `json:"returned,omitempty"`
	ReopenedTimes  int     `json:"reopened,omitempty"`
	RedirectWanted bool    `json:"redirect_wanted,omitempty"`
	SolvedAsked    bool    `json:"solved_asked,omitempty"`
	Confirmations  int     `json:"confirmations,omitempty"`
	HiddenTexts    []int64 `json:"hidden_texts,omitempty"`
	HiddenPhotos   []int64 `json:"hidden_photos,omitempty"`
	Erased         bool    `json:"erased,omitempty"`
}

// Message is what a resident sent: number 1 opened the problem, later ones
// dispute an answer.
type Message struct {
	Num     int     `json:"num"`
	Text    int64   `json:"text"`
	Photos  []int64 `json:"photos,omitempty"`
	At      Moment  `json:"at"`
	Verdict string  `json:"verdict,omitempty"` // accepted, rejected, withdrawn
}

// Answer is what an organisation gave back.
type Answer struct {
	Num     int     `json:"num"`
	Message int     `json:"message"`
	Interim bool    `json:"interim,omitempty"`
	Outcome Outcome `json:"outcome,omitempty"`
	Org     org.ID  `json:"org"`
	Text    int64   `json:"text"`
	Photos  []int64 `json:"photos,omitempty"`
	Planned Moment  `json:"planned,omitempty"`
	At      Moment  `json:"at"`
	Passed  Moment  `json:"passed,omitempty"`
	Verdict string  `json:"verdict,omitempty"` // passed, returned, dropped
}

// Due is the date that a page shows: the planned date of an interim answer
// while there is one, else the promise; 0 when unknown.
func (s State) Due() Moment {
	if s.Status == Interim && s.Shown != 0 {
		return s.Shown
	}
	return s.Dues.Promised
}

// StageDue is when the stage the problem is in now is due: what the queue of
// the people in charge is sorted by.
func (s State) StageDue() Moment {
	switch s.Status {
	case Moderation:
		return s.Dues.Moderation
	case Question:
		return s.Until
	case Work:
		return s.Dues.Work
	case Interim:
		if s.Shown != 0 {
			return s.Shown
		}
		return s.Dues.Work
	case Review:
		return s.Dues.Review
	}
	return 0
}

// Visible tells whether everyone may open the card.
func (s State) Visible() bool {
	switch s.Status {
	case Draft, Moderation, Question, Rejected, Withdrawn:
		// Before a moderator has seen a message nobody else does. A disputed
		// problem has been public and stays so.
		return s.Public && s.Accepted != 0
	}
	return s.Public
}

// LastMessage is the newest message.
func (s State) LastMessage() Message {
	if len(s.Messages) == 0 {
		return Message{}
	}
	return s.Messages[len(s.Messages)-1]
}

// SentBack tells whether the newest answer was given back to its executor.
func (s State) SentBack() bool {
	return len(s.Answers) > 0 && s.Answers[len(s.Answers)-1].Verdict == "returned"
}

// Pending is the answer that waits for its review.
func (s State) Pending() (Answer, bool) {
	if s.Status != Review || len(s.Answers) == 0 {
		return Answer{}, false
	}
	return s.Answers[len(s.Answers)-1], true
}

// holdsText tells whether a text belongs to the feed of this problem.
func (s State) holdsText(id int64) bool {
	for _, m := range slices.Concat(s.Messages, s.Replies) {
		if m.Text == id {
			return true
		}
	}
	return slices.ContainsFunc(s.Answers, func(a Answer) bool { return a.Text == id })
}

func (s State) holdsPhoto(id int64) bool {
	for _, m := range slices.Concat(s.Messages, s.Replies) {
		if slices.Contains(m.Photos, id) {
			return true
		}
	}
	return slices.ContainsFunc(s.Answers, func(a Answer) bool { return slices.Contains(a.Photos, id) })
}
