package moderation

import (
	"cmp"
	"slices"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/problem"
	"gorod/internal/city/reading"
	"gorod/internal/city/routing"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/text"
)

const (
	// offered is how many proposals of the model a desk shows.
	offered = 3
)

// Proposal is a topic that the model proposes, and what spoke for it.
type Proposal struct {
	Topic   topic.ID
	P       float64 // calibrated probability, 0 to 1
	Because []suggest.Reason
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
	Rank    int     // its place among the proposals, from 1; 0: it is none
	Because []suggest.Reason
	Author  bool // the author chose it
	Current bool // the message has it now
	Found   bool // it comes from the moderator's search
	Route   Route
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
	Card    problem.Card
	Offers  []Offer
	Similar []Similar
	Author  History
	// Audit is what the author was offered and took; nil where nothing is known.
	Audit    *suggest.Audit
	Disputed *problem.Answer // the answer that this message disagrees with
	// Findings are what was noticed in the words of the newest message: danger,
	// personal data that everyone else will read marks for, foul words, and
	// several problems in one. All are hints; nothing is deleted.
	Findings reading.Findings
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
	rank    int
	because []suggest.Reason
	found   bool
}

// candidates lists each topic once: those of the model by probability, so that
// the same key always takes the same place among them, then the message's own,
// the author's, those of a search.
func candidates(current, author topic.ID, proposals []Proposal, found []topic.ID) []candidate {
	proposals = slices.Clone(proposals)
	slices.SortStableFunc(proposals, func(a, b Proposal) int { return cmp.Compare(b.P, a.P) })
	proposals = proposals[:min(len(proposals), offered)]
	var list []candidate
	at := func(id topic.ID) int {
		return slices.IndexFunc(list, func(c candidate) bool { return c.id == id })
	}
	for _, p := range proposals {
		if at(p.Topic) < 0 {
			list = append(list, candidate{id: p.Topic, p: p.P, rank: len(list) + 1, because: p.Because})
		}
	}
	for _, id := range []topic.ID{current, author} {
		if id != 0 && at(id) < 0 {
			list = append(list, candidate{id: id})
		}
	}
	for _, id := range found {
		if at(id) < 0 {
			list = append(list, candidate{id: id, found: true})
		}
	}
	return list
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
