package moderation

import (
	"cmp"
	"math"
	"slices"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/problem"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/text"
)

const (
	// Radius is how near an open problem of the same topic has to be, in metres,
	// to be shown as a likely duplicate.
	Radius = 150
	// maxSimilar is how many of them a desk shows.
	maxSimilar = 5
	// offered is how many proposals of the model a desk shows.
	offered = 3
)

// Proposal is a topic that the model proposes, and the words that spoke for it.
type Proposal struct {
	Topic   topic.ID
	P       float64 // calibrated probability, 0 to 1
	Because []string
}

// Queue is what waits, the most urgent first.
type Queue struct {
	Items  []problem.Item
	Count  int64 // all that wait; counting stops at a bound of package problem
	Oldest time.Duration
}

// Route is where a message under a topic would go and until when an answer
// would be promised if it were accepted now.
type Route struct {
	Decision routing.Decision
	Promise  deadline.Promise
}

// Offer is a topic that the moderator may put.
type Offer struct {
	Topic   topic.Topic
	P       float64 // 0: the model did not propose it
	Because []string
	Author  bool // the author chose it
	Current bool // the message has it now
	Found   bool // it comes from the moderator's search
	Route   Route
}

// Similar is an open problem near by.
type Similar struct {
	problem.Item
	Topic  topic.Topic
	Metres int
}

// History is what an account sent before the message on the desk.
type History struct {
	Known    bool // false: sent without an account
	Sent     int
	Accepted int
	Rejected int
	Today    int // within 24 hours, this one included
}

// Case is the message on the desk.
type Case struct {
	Card     problem.Card
	Offers   []Offer
	Similar  []Similar
	Author   History
	Disputed *problem.Answer // the answer that this message disagrees with
}

// Desk is what a moderator sees.
type Desk struct {
	Queue Queue
	Case  *Case // nil: nothing waits
}

// Hint is something about an answer that the machine noticed.
type Hint string

// The hints.
const (
	NoPhotoAfter Hint = "no_photo_after" // the topic asks for evidence, the answer «done» shows none
	SameAnswer   Hint = "same_answer"    // the words of an earlier answer to this problem
	VeryShort    Hint = "very_short"     // no sentence at all
	LateAnswer   Hint = "late_answer"    // written after its term
)

// ReviewCase is the answer on the desk with the message that it answers.
type ReviewCase struct {
	Card   problem.Card
	Topic  topic.Topic
	Answer problem.Answer
	Hints  []Hint
}

// ReviewDesk is what a reader of answers sees.
type ReviewDesk struct {
	Queue Queue
	Case  *ReviewCase // nil: nothing waits
}

// oldest is how long the oldest of a queue has been waiting.
func oldest(items []problem.Item, now time.Time) time.Duration {
	var longest time.Duration
	for _, item := range items {
		longest = max(longest, now.Sub(WaitsSince(item.State)))
	}
	return longest
}

// WaitsSince is when what is waiting came in: the answer under review, else the
// newest message.
func WaitsSince(s problem.State) time.Time {
	if answer, waits := s.Pending(); waits {
		return answer.At.Time()
	}
	return s.LastMessage().At.Time()
}

// chosen is the topic that the author sent the problem under; ok is false when
// the feed does not tell.
func chosen(card problem.Card) (topic.Ref, bool) {
	for _, e := range card.Feed {
		if sent, ok := e.Data.(problem.Sent); ok {
			return sent.Topic, true
		}
	}
	return topic.Ref{}, false
}

// candidate is a topic that may be on offer, before it was looked up.
type candidate struct {
	id      topic.ID
	p       float64
	because []string
	found   bool
}

// candidates lists each topic once: the message's own, the author's, those of
// the model by probability, those of a search.
func candidates(current, author topic.ID, proposals []Proposal, found []topic.ID) []candidate {
	proposals = slices.Clone(proposals)
	slices.SortStableFunc(proposals, func(a, b Proposal) int { return cmp.Compare(b.P, a.P) })
	proposals = proposals[:min(len(proposals), offered)]
	list := []candidate{{id: current}}
	if author != 0 && author != current {
		list = append(list, candidate{id: author})
	}
	at := func(id topic.ID) int {
		return slices.IndexFunc(list, func(c candidate) bool { return c.id == id })
	}
	for _, p := range proposals {
		if i := at(p.Topic); i >= 0 {
			list[i].p, list[i].because = p.P, p.Because
			continue
		}
		list = append(list, candidate{id: p.Topic, p: p.P, because: p.Because})
	}
	for _, id := range found {
		if at(id) < 0 {
			list = append(list, candidate{id: id, found: true})
		}
	}
	return list
}

// similar puts what is near in order: the message's own topic first, then by
// distance; each problem once.
func similar(card problem.Card, near []problem.Item) []Similar {
	var list []Similar
	for _, item := range near {
		known := slices.ContainsFunc(list, func(s Similar) bool { return s.ID == item.ID })
		if known || item.ID == card.ID {
			continue
		}
		metres := card.State.Place.Point.Distance(item.State.Place.Point)
		list = append(list, Similar{Item: item, Metres: int(math.Round(metres))})
	}
	own := card.State.Topic.ID
	rank := func(s Similar) int {
		if s.State.Topic.ID == own {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(list, func(a, b Similar) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Metres, b.Metres))
	})
	return list[:min(len(list), maxSimilar)]
}

// history counts what an account sent before a message.
func history(author, problemID int64, mine []problem.Item, now time.Time) History {
	h := History{Known: author != 0}
	if !h.Known {
		return h
	}
	day := now.Add(-24 * time.Hour)
	for _, item := range mine {
		if item.State.Author != author {
			continue // joined, not sent
		}
		for i, m := range item.State.Messages {
			if m.At.Time().After(day) {
				h.Today++
			}
			if item.ID == problemID && i == len(item.State.Messages)-1 {
				continue // the one on the desk
			}
			h.Sent++
			switch m.Verdict {
			case "accepted":
				h.Accepted++
			case "rejected":
				h.Rejected++
			}
		}
	}
	return h
}

// disputed is the answer that the newest message disagrees with.
func disputed(s problem.State) *problem.Answer {
	if len(s.Messages) < 2 {
		return nil
	}
	for i := len(s.Answers) - 1; i >= 0; i-- {
		if a := s.Answers[i]; a.Verdict == "passed" && !a.Interim {
			return &a
		}
	}
	return nil
}

// shortAnswer is under how many characters an answer says nothing: a twentieth
// of the median of real ones (314: domain.md 0).
const shortAnswer = 16

// hints are what the machine noticed about an answer. Words gives the text of a
// key.
func hints(s problem.State, answer problem.Answer, t topic.Topic, words func(int64) string) []Hint {
	var list []Hint
	if answer.Outcome == problem.Done && !answer.Interim && len(answer.Photos) == 0 && t.Evidence == topic.Photo {
		list = append(list, NoPhotoAfter)
	}
	body := text.Fold(words(answer.Text))
	for _, earlier := range s.Answers {
		if earlier.Num != answer.Num && body != "" && text.Fold(words(earlier.Text)) == body {
			list = append(list, SameAnswer)
			break
		}
	}
	if len([]rune(body)) < shortAnswer {
		list = append(list, VeryShort)
	}
	if s.Dues.Work != 0 && answer.At > s.Dues.Work {
		list = append(list, LateAnswer)
	}
	return list
}

// Since lists what happened to a problem after a version that somebody saw: what
// a page tells who came second.
func Since(card problem.Card, version int64) []problem.Entry {
	var later []problem.Entry
	for _, e := range card.Feed {
		if e.Seq > version {
			later = append(later, e)
		}
	}
	return later
}

// Decided is how many verdicts a person gave since a moment and how long one
// took on average: the pauses between them, without those for tea.
func Decided(at []time.Time) (n int, mean time.Duration) {
	slices.SortFunc(at, time.Time.Compare)
	var sum time.Duration
	gaps := 0
	for i := 1; i < len(at); i++ {
		if gap := at[i].Sub(at[i-1]); gap < 5*time.Minute {
			sum += gap
			gaps++
		}
	}
	if gaps > 0 {
		mean = sum / time.Duration(gaps)
	}
	return len(at), mean
}
