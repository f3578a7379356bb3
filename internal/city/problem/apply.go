package problem

import (
	"slices"

	"gorod/internal/city/org"
)

// apply folds one event into a state. It never refuses: what is in the feed
// has happened. Only decide refuses.
func apply(s State, e Event) State {
	s.Seq = e.Seq
	s.Changed = e.At
	switch d := e.Data.(type) {
	case Sent, TopicChanged, Asked, Replied, Lapsed, Accepted, Refused, TakenBack:
		return applyModeration(s, e)
	case Redirected, RedirectAsked, RedirectDeclined, Given, SentBack, Passed:
		return applyWork(s, e)
	case Disputed:
		s.Messages = append(slices.Clip(s.Messages), Message{Num: d.Message, Text: d.Text.ID, Photos: d.Photos, At: e.At})
		s.Status, s.Dues, s.Shown, s.SolvedAsked = Moderation, d.Dues, 0, false
	case Solved:
		s.Confirmations++
		s = closed(s, Confirmed, e.At)
	case SolvedOnSpot:
		s = closed(s, Controlled, e.At)
	case FellSilent:
		s = closed(s, Silent, e.At)
	case SolvedAsked:
		s.SolvedAsked = true
	case Reopened:
		s.Status, s.Closed, s.SolvedAsked, s.Dues = Work, 0, false, d.Dues
		s.ReopenedTimes++
	case DueMoved:
		s.Dues.Promised, s.Dues.Work, s.Dues.Unknown = d.To, d.To, ""
	case TextHidden:
		s.HiddenTexts = append(slices.Clip(s.HiddenTexts), d.Text)
	case PhotoHidden:
		s.HiddenPhotos = append(slices.Clip(s.HiddenPhotos), d.Photo)
	case TextShown:
		s.HiddenTexts = without(s.HiddenTexts, d.Text)
	case PhotoShown:
		s.HiddenPhotos = without(s.HiddenPhotos, d.Photo)
	case Erased:
		s.Erased, s.Author = true, 0
	case ContactGiven:
		s.Contacts++
	case ContactForgotten:
	case Claimed:
		s.Author = e.By.Person
	case Joined:
		s.Joined++
	case Left:
		s.Joined--
	case Noted:
	}
	return s
}

// without is a list with one key left out; nil when none remains, as in a row
// that never had one.
func without(list []int64, key int64) []int64 {
	var rest []int64
	for _, k := range list {
		if k != key {
			rest = append(rest, k)
		}
	}
	return rest
}

func closed(s State, status Status, at Moment) State {
	if s.Closed == 0 {
		s.Closed = at
	}
	s.Status = status
	return s
}

func applyModeration(s State, e Event) State {
	switch d := e.Data.(type) {
	case Sent:
		s.Status, s.Number, s.UID = Moderation, d.Number, d.UID
		s.Topic, s.Object, s.Branch, s.Public = d.Topic, d.Object, d.Branch, d.Public
		s.Place, s.Channel, s.Author, s.Mended = d.Place, d.Channel, e.By.Person, d.Mended
		s.Messages = []Message{{Num: 1, Text: d.Text.ID, Photos: d.Photos, At: e.At}}
		s.Dues, s.Original, s.Created = d.Dues, d.Dues.Promised, e.At
	case TopicChanged:
		s.Topic, s.Object, s.Branch, s.Public = d.To, d.Object, d.Branch, d.Public
		if s.Status == "" {
			s.Status = Draft
		}
		if d.Dues != nil {
			s.Dues = *d.Dues
		}
	case Asked:
		s.Status, s.AskedAt, s.Until = Question, e.At, d.Until
	case Replied:
		s.Replies = append(slices.Clip(s.Replies), Message{Text: d.Text.ID, Photos: d.Photos, At: e.At})
		s = unasked(s, d.Dues)
	case Lapsed:
		s = unasked(s, d.Dues)
	case Accepted:
		s.Status, s.Accepted, s.Routing, s.Dues = Work, e.At, d.Routing, d.Dues
		s = judge(s, "accepted")
	case Refused:
		s = judge(s, "rejected")
		s = dropMessage(s, Rejected, e.At)
	case TakenBack:
		s = judge(s, "withdrawn")
		s = dropMessage(s, Withdrawn, e.At)
	}
	return s
}

func unasked(s State, dues *Dues) State {
	s.Status, s.AskedAt, s.Until = Moderation, 0, 0
	if dues != nil {
		s.Dues = *dues
	}
	return s
}

// judge writes the verdict on the newest message.
func judge(s State, verdict string) State {
	s.Messages = slices.Clone(s.Messages)
	if n := len(s.Messages); n > 0 {
		s.Messages[n-1].Verdict = verdict
	}
	return s
}

// dropMessage ends a problem whose only message was refused; when it was a
// dispute the answer stands, and the silence after it is counted anew.
func dropMessage(s State, end Status, at Moment) State {
	s.AskedAt, s.Until = 0, 0
	if len(s.Messages) > 1 {
		s.Status, s.Answered = Answered, at
		return s
	}
	return closed(s, end, at)
}

func applyWork(s State, e Event) State {
	switch d := e.Data.(type) {
	case Redirected:
		if s.Status == Review {
			s = decideAnswer(s, "dropped", 0)
			s.Status, s.Back = s.Back, ""
		}
		for _, o := range []org.ID{d.From.Executor, d.From.Coordinator} {
			if o != "" && o != d.To.Executor && o != d.To.Coordinator && !slices.Contains(s.Earlier, o) {
				s.Earlier = append(slices.Clip(s.Earlier), o)
			}
		}
		s.Routing, s.RedirectWanted = d.To, false
		s.Redirects++
		if d.Due != 0 {
			s.Dues.Promised, s.Dues.Work, s.Dues.Unknown = d.Due, d.Due, ""
			if s.Status == Interim {
				s.Shown = d.Due
			}
		}
	case RedirectAsked:
		s.RedirectWanted = true
	case RedirectDeclined:
		s.RedirectWanted = false
	case Given:
		if s.Status == Review {
			s = decideAnswer(s, "dropped", 0)
		} else {
			s.Back = s.Status
		}
		s.Answers = append(slices.Clip(s.Answers), Answer{Num: d.Answer, Message: d.Message, Interim: d.Interim,
			Outcome: d.Outcome, Org: d.Org, Text: d.Text.ID, Photos: d.Photos, Planned: d.Planned, At: e.At})
		s.Status, s.Dues.Review, s.RedirectWanted = Review, d.Due, false
		s.Routing.Executor = d.Org // who answers is who did it
	case SentBack:
		s = decideAnswer(s, "returned", 0)
		s.Status, s.Back = s.Back, ""
		s.Returned++
	case Passed:
		last := s.Answers[len(s.Answers)-1]
		s = decideAnswer(s, "passed", e.At)
		s.Back = ""
		if last.Interim {
			s.Status, s.Shown = Interim, last.Planned
			return s
		}
		s.Status, s.Answered, s.Shown = Answered, e.At, 0
	}
	return s
}

// decideAnswer writes the verdict on the newest answer.
func decideAnswer(s State, verdict string, passed Moment) State {
	s.Answers = slices.Clone(s.Answers)
	if n := len(s.Answers); n > 0 {
		s.Answers[n-1].Verdict, s.Answers[n-1].Passed = verdict, passed
	}
	return s
}

// fold makes the state that a feed tells.
func fold(events []Event) State {
	s := State{Status: Draft}
	for _, e := range events {
		s = apply(s, e)
	}
	return s
}
