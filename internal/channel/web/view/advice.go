package view

// Question is asked where the text fits topics of several kinds of places and
// one answer settles it. It is asked once: Asked travels along with the answer.
type Question struct {
	Asked   string   // the objects offered, as the hidden input carries them
	Options []Object // two to five; «другое» follows by itself
}

// Object is a first level of the tree to choose.
type Object struct {
	ID   string
	Name string
	Icon string // its picture, a name in objects.svg; empty: none
}

// Answered is what the resident said to the Question. The zero Answered: it was
// not asked, or not answered.
type Answered struct {
	Asked  string // the objects that were offered
	Object string // its id; 0: none of them
	Name   string // empty with 0
}

// Notice is what reading the text has found: worth a word before it is sent, no
// reason to refuse it.
type Notice struct {
	Kind   string // personal, rude
	Text   string
	Quotes []Quote
}

// Quote is a piece of the text.
type Quote struct {
	Said string
	What string // телефон, квартира, имя
}

// Piece is a part of a sentence; a telephone number can be called.
type Piece struct {
	Text string
	Call bool
}

// SentFirst is the first of two messages that were written as one: it is on its
// way, and the form holds the second.
type SentFirst struct {
	Number    int64
	URL       string
	Code      string // empty: it was shown before, or there is an account
	FollowURL string
}

// Told says how the topics of a page came to be there, for its words.
func (p HomePage) Told() string {
	switch {
	case p.Manual:
		return "yours"
	case len(p.Topics) == 1:
		return "sure"
	}
	return "guess"
}
