package moderation

import (
	"fmt"
	"slices"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// Form is what every verdict carries.
type Form struct {
	Problem int64  // key of the problem
	Version int64  // Seq that the moderator saw
	Key     string // of the form: the keys of the commands are made from it
}

// Hiding is what the moderator keeps from being published.
type Hiding struct {
	Text   bool    // the words of the newest message
	Photos []int64 // of them
}

// Acceptance is the verdict «accept».
type Acceptance struct {
	Topic  topic.ID // 0: the one it has
	Hiding Hiding
}

// Refusal is the verdict «reject».
type Refusal struct {
	Clause string   // its code
	Text   string   // what the author reads
	Known  []string // codes of the clauses that the city's rules have
	Hiding Hiding
}

// Repeated is the clause of messages that somebody else sent before. It stands
// beside those of every pack: its text names the other problem and is made when
// the verdict is given.
const Repeated = "repeat"

// Repeat is the verdict «duplicate».
type Repeat struct {
	Of   int64  // public number of the other problem
	Text string // what the author reads; it names the other number
}

// step is one command of a verdict; name makes its key.
type step struct {
	name    string
	command problem.Command
}

// hiding are the commands that keep things from being published. What is hidden
// already is left out, so that a second verdict on the same message can say the
// same.
func hiding(s problem.State, h Hiding) []step {
	var steps []step
	m := s.LastMessage()
	if h.Text && m.Text != 0 && !slices.Contains(s.HiddenTexts, m.Text) {
		steps = append(steps, step{"hide-text", problem.HideText{Text: m.Text}})
	}
	for _, photo := range h.Photos {
		if slices.Contains(m.Photos, photo) && !slices.Contains(s.HiddenPhotos, photo) {
			steps = append(steps, step{fmt.Sprintf("hide-photo-%d", photo), problem.HidePhoto{Photo: photo}})
		}
	}
	return steps
}

// acceptance are the commands of «accept». The topic goes first: a rule that
// refuses it refuses all.
func acceptance(s problem.State, a Acceptance) []step {
	var steps []step
	if a.Topic != 0 && a.Topic != s.Topic.ID {
		steps = append(steps, step{"topic", problem.ChangeTopic{To: a.Topic}})
	}
	steps = append(steps, hiding(s, a.Hiding)...)
	return append(steps, step{"accept", problem.Accept{}})
}

// refusal are the commands of «reject».
func refusal(s problem.State, r Refusal) ([]step, error) {
	if err := checkClause(r.Clause, r.Known); err != nil {
		return nil, err
	}
	steps := hiding(s, r.Hiding)
	return append(steps, step{"reject", problem.Reject{Clause: r.Clause, Text: r.Text}}), nil
}

// checkClause refuses a clause that the city's rules do not have: a refusal has
// to stand on something.
func checkClause(code string, known []string) error {
	switch {
	case code == "":
		return fault.Invalid.Field("clause", "moderation.clause_missing")
	case !slices.Contains(known, code):
		return fault.Invalid.Field("clause", "moderation.no_such_clause", code)
	}
	return nil
}

// checkRepeat refuses a duplicate of nothing, of itself or of something that is
// over: who joins it would wait for an answer that is not coming.
func checkRepeat(card, other problem.Card) error {
	switch {
	case other.ID == card.ID:
		return fault.Invalid.Field("duplicate_number", "moderation.duplicate_of_itself")
	case !other.State.Status.Open():
		return fault.Closed.Field("duplicate_number", "moderation.duplicate_closed", other.State.Number)
	}
	return nil
}

// asSeen undoes what later events did to the parts that a verdict is planned on.
// A retry of a verdict that was half carried out then plans the same commands,
// whose keys tell which of them are done.
func asSeen(card problem.Card, version int64) problem.Card {
	if version == 0 {
		return card
	}
	later := Since(card, version)
	slices.Reverse(later)
	for _, e := range later {
		switch d := e.Data.(type) {
		case problem.TopicChanged:
			card.State.Topic = d.From
		case problem.TextHidden:
			card.State.HiddenTexts = without(card.State.HiddenTexts, d.Text)
		case problem.PhotoHidden:
			card.State.HiddenPhotos = without(card.State.HiddenPhotos, d.Photo)
		}
	}
	return card
}

func without(list []int64, key int64) []int64 {
	return slices.DeleteFunc(slices.Clone(list), func(k int64) bool { return k == key })
}
