package web

import (
	"slices"

	"gorod/internal/channel/web/view"
	"gorod/internal/city/moderation"
	"gorod/internal/city/reading"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// someSure is the probability below which a proposal is hardly one: that it
// differs from the author's choice says nothing.
const someSure = 0.2

// sureOf says a probability in words; empty for what the model did not propose.
func (s *Server) sureOf(v *visit, o moderation.Offer) string {
	if o.Rank == 0 {
		return ""
	}
	words := "least"
	for _, level := range []struct {
		from float64
		name string
	}{{0.95, "most"}, {0.8, "much"}, {0.5, "half"}, {someSure, "some"}} {
		if o.P >= level.from {
			words = level.name
			break
		}
	}
	return s.say(v, "staff_web.sure."+words)
}

// becauseOf are the reasons for a topic as short phrases: words first, then what
// was known beside the text, each once.
func (s *Server) becauseOf(n *names, reasons []suggest.Reason) []string {
	var words, rest []string
	for _, r := range reasons {
		if r.Kind == suggest.SaidWord {
			words = append(words, r.Text)
			continue
		}
		phrase := s.say(n.v, "staff_web.because."+string(r.Kind))
		if name := n.topicName(r.Topic); name != "" && (r.Kind == suggest.SaidAuthor || r.Kind == suggest.SaidSpot) {
			phrase = s.say(n.v, "staff_web.because."+string(r.Kind)+"_topic", name)
		}
		if !slices.Contains(rest, phrase) {
			rest = append(rest, phrase)
		}
	}
	return append(words, rest...)
}

// topicName is a topic of the pack in the reader's language; empty when it is
// lost.
func (n *names) topicName(id topic.ID) string {
	if n.book == nil {
		return ""
	}
	return n.v.text(n.book.topics[id].Name)
}

// choiceOf says what the author was offered and took, and whether the model
// would say the same. nil where neither is known.
func (s *Server) choiceOf(n *names, c moderation.Case) *view.ModerationChoice {
	out := &view.ModerationChoice{}
	for _, o := range c.Offers {
		if o.Author {
			out.Agrees = o.Rank == 1
		}
		if o.Rank == 1 {
			out.Judged, out.Lost = true, o.P < someSure
		}
	}
	if a := c.Audit; a != nil {
		out.Said = s.choiceText(n.v, *a)
		for i, p := range a.Offered {
			name := n.topicName(p.Topic)
			if name == "" {
				name = "№ " + plainNumber(int64(p.Topic))
			}
			out.Offered = append(out.Offered, view.ModerationOffered{Name: name, Percent: percent(p.P), Taken: i+1 == a.Taken()})
		}
		if name, ok := n.book.object(a.Asked); ok && a.Asked != 0 {
			out.Answered = n.v.text(name)
		}
	}
	if !out.Judged && c.Audit == nil {
		return nil
	}
	return out
}

// choiceText is one sentence about what the author did.
func (s *Server) choiceText(v *visit, a suggest.Audit) string {
	switch taken := a.Taken(); {
	case len(a.Offered) == 0:
		return s.say(v, "staff_web.choice.nothing")
	case taken == 0:
		return s.say(v, "staff_web.choice.by_hand", len(a.Offered))
	case len(a.Offered) == 1:
		return s.say(v, "staff_web.choice.only")
	default:
		return s.say(v, "staff_web.choice.taken", len(a.Offered), taken)
	}
}

// maxParts is how many problems of one text are listed.
const maxParts = 5

// findingsOf is what the machine noticed in the words, for the moderator alone.
func (s *Server) findingsOf(v *visit, words string, f reading.Findings) view.ModerationFindings {
	var out view.ModerationFindings
	for _, d := range f.Danger {
		out.Danger = append(out.Danger, s.say(v, "staff_web.danger."+string(d.Kind)))
	}
	kinds := map[reading.Kind]bool{}
	for _, span := range f.Obscene {
		if !kinds[span.Kind] {
			kinds[span.Kind] = true
			out.Obscene = append(out.Obscene, s.say(v, "staff_web.obscene."+string(span.Kind)))
		}
	}
	for _, p := range f.Parts[:min(len(f.Parts), maxParts)] {
		if p.Start >= 0 && p.Start < p.End && p.End <= len(words) {
			out.Parts = append(out.Parts, excerpt(reading.Mask(words[p.Start:p.End])))
		}
	}
	if len(out.Parts) < 2 {
		out.Parts = nil
	}
	return out
}
