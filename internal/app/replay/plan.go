// Package replay sends recorded histories of the portal «Наш Санкт-Петербург»
// through the city's own commands, with a clock that follows the file.
//
// Nothing is written around the state machine: each entry of a history is
// either a command (send, accept, redirect, answer, …) or the trace of one
// that was given just before, and is then checked against the state. What
// cannot be said in commands is counted by its reason, never invented.
//
// A replay that was interrupted goes on where it stopped: the first command of
// a history carries a retry key, and each further command makes exactly one
// entry in the feed, so the version of the problem tells how many were done.
package replay

import (
	"fmt"
	"hash/fnv"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/pack/portal/history"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
)

// Names resolves what the file calls by name.
type Names interface {
	Topic(path string) (topic.ID, bool)
	Org(name string) (org.ID, bool)
}

// Step is one command of a history.
type Step struct {
	At      time.Time
	Author  bool // given by the author, else by the city
	Command problem.Command
	From    string // type of the entry it stands for
}

// Gap is something that commands cannot say.
type Gap struct {
	Problem int64
	Reason  string
}

// Script is a history as commands.
type Script struct {
	Steps  []Step
	Traces map[string]int // entries that only confirm the command before them, by type
	Gaps   []Gap
	End    problem.Status // what the file says last
}

// Plan turns a history into commands.
func Plan(h history.History, names Names) (Script, error) {
	p := planner{h: h, names: names, script: Script{Traces: map[string]int{}}}
	for i, e := range h.Events {
		at, err := history.Time(e.At)
		if err != nil {
			return Script{}, fmt.Errorf("history %d, event %d: %w", h.ID, i+1, err)
		}
		p.at = at
		if err := p.entry(i, e); err != nil {
			return Script{}, fmt.Errorf("history %d, event %d: %w", h.ID, i+1, err)
		}
	}
	p.script.End = endOf(h)
	if len(p.script.Steps) == 0 {
		p.gap("a history in which nobody does anything")
	}
	return p.script, nil
}

type planner struct {
	h        history.History
	names    Names
	at       time.Time
	script   Script
	messages int
	// answered: the newest status is an answer or an end; waiting: an answer
	// was given and has not passed.
	answered, waiting bool
	topic             topic.ID // as the commands so far have it
}

func (p *planner) do(e history.Entry, author bool, c problem.Command) {
	p.script.Steps = append(p.script.Steps, Step{At: p.at, Author: author, Command: c, From: e.Type})
}

func (p *planner) trace(e history.Entry) { p.script.Traces[e.Type]++ }

func (p *planner) gap(format string, args ...any) {
	p.script.Gaps = append(p.script.Gaps, Gap{Problem: p.h.ID, Reason: fmt.Sprintf(format, args...)})
}

func (p *planner) entry(i int, e history.Entry) error {
	switch e.Type {
	case history.TypePetition:
		p.petition(e)
	case history.TypeStatus:
		return p.status(i, e)
	case history.TypeAnswer:
		return p.answer(e)
	case history.TypeRoute:
		return p.route(e)
	case history.TypeChange:
		p.change(e)
	case history.TypeConclusion:
		if !e.Resolved {
			p.gap("a people's controller's «not solved»")
			return nil
		}
		p.do(e, false, problem.ConfirmOnSpot{})
	case history.TypeReopen:
		p.trace(e) // its words went with the reopening
	case history.TypeDueChange:
		due, err := history.Time(e.NewDue)
		if err != nil {
			return err
		}
		p.do(e, false, problem.SetDue{Due: due})
	default:
		p.gap("unknown type of entry %s", e.Type)
	}
	return nil
}

func (p *planner) petition(e history.Entry) {
	p.messages++
	if p.messages > 1 {
		p.answered = false
		p.do(e, true, problem.Dispute{Text: e.Body, Channel: "portal"})
		return
	}
	p.topic = p.firstTopic()
	p.do(e, true, problem.Send{
		Text: e.Body, Topic: p.topic, Manual: true, Place: p.place(), Channel: "portal",
		Number: p.h.ID, UID: uidOf(p.h.ID),
	})
}

// firstTopic is what the resident chose: the old topic of the first change
// after the message, else the topic of the end.
func (p *planner) firstTopic() topic.ID {
	sent := false
	last := ""
	for _, e := range p.h.Events {
		switch {
		case e.Type == history.TypePetition:
			sent = true
		case e.Type == history.TypeChange && e.Change != nil:
			if sent {
				if id, ok := p.names.Topic(e.Change.Old); ok {
					return id
				}
			}
			last = e.Change.Current
		}
	}
	if id, ok := p.names.Topic(last); ok {
		return id
	}
	return topic.ID(p.h.Reason)
}

// place gives the mark back: on a building, near one, or free.
func (p *planner) place() place.Draft {
	d := place.Draft{Point: geo.Point{Lat: p.h.Lat, Lon: p.h.Lon}, Mark: place.FreePoint, Trusted: true}
	switch {
	case p.h.Building != nil:
		d.Mark, d.House = place.OnBuilding, place.HouseID(*p.h.Building)
	case p.h.NearestBuilding != nil:
		d.Mark, d.House = place.NearBuilding, place.HouseID(p.h.NearestBuilding.ID)
	}
	return d
}

func (p *planner) status(i int, e history.Entry) error {
	switch e.Name {
	case history.NameModeration:
		p.trace(e) // a message always waits for moderation
	case history.NameWork:
		if p.answered {
			p.answered = false
			p.do(e, false, problem.Reopen{Text: p.nextComment(i)})
			return nil
		}
		p.do(e, false, problem.Accept{})
	case history.NameInterim:
		p.waiting = false
		p.do(e, false, problem.Pass{})
	case history.NameAnswered:
		if !p.waiting {
			// Two histories: the answer itself was taken out of the file when
			// control reopened the problem.
			p.do(e, false, problem.Give{Org: p.executor(), Outcome: problem.Done})
			p.script.Traces["answer missing from the file"]++
		}
		p.waiting, p.answered = false, true
		p.do(e, false, problem.Pass{})
	case history.NameConfirmed:
		p.do(e, true, problem.Confirm{})
	case history.NameSilent:
		// The portal closed 119 of 16,562 before its own 20 days had passed.
		p.do(e, false, problem.CloseSilently{Imported: true})
	case history.NameControlled:
		p.trace(e) // the conclusion before it said so
	default:
		p.gap("unknown status %s", e.Name)
	}
	return nil
}

// nextComment is what the entry after this one says about a reopening.
func (p *planner) nextComment(i int) string {
	if i+1 < len(p.h.Events) && p.h.Events[i+1].Type == history.TypeReopen {
		return p.h.Events[i+1].Comment
	}
	return ""
}

func (p *planner) answer(e history.Entry) error {
	by, ok := p.names.Org(e.Org)
	if !ok {
		p.gap("an answer of an organisation that the pack does not have: %s", e.Org)
		by = p.executor()
	}
	give := problem.Give{Org: by, Outcome: problem.Done, Text: e.Body}
	if e.Kind == history.KindInterim {
		planned, err := history.Time(e.Interim)
		if err != nil {
			return err
		}
		give.Interim, give.Outcome, give.Planned = true, "", planned
	}
	p.waiting = true
	p.do(e, false, give)
	return nil
}

func (p *planner) executor() org.ID {
	for _, b := range []*history.Body{p.h.Responsible.Executor, p.h.Responsible.Coordinator} {
		if b != nil {
			if id, ok := p.names.Org(b.Name); ok {
				return id
			}
		}
	}
	return ""
}

func (p *planner) route(e history.Entry) error {
	r, err := history.ParseRoute(e.Comment)
	if err != nil {
		return err
	}
	c := problem.Redirect{Due: r.Due, Controller: p.body(r.Controller), Coordinator: p.body(r.Coordinator)}
	if c.Controller == "" && c.Coordinator == "" {
		return nil
	}
	p.waiting = false
	p.do(e, false, c)
	return nil
}

// body finds the organisation that a redirect names; none where it names none.
func (p *planner) body(name string) org.ID {
	if name == "" {
		return ""
	}
	id, ok := p.names.Org(name)
	if !ok {
		p.gap("a redirect to an organisation that the pack does not have: %s", name)
	}
	return id
}

func (p *planner) change(e history.Entry) {
	if e.Change == nil {
		p.gap("a change of topic without topics")
		return
	}
	to, ok := p.names.Topic(e.Change.Current)
	if !ok {
		p.gap("a change to a topic that the pack does not have: %s", e.Change.Current)
		return
	}
	if to == p.topic {
		from, ok := p.names.Topic(e.Change.Old)
		if !ok || from == to {
			p.gap("a change from a topic that the pack does not have: %s", e.Change.Old)
			return
		}
		// One history: the same change twice before the first message, so the
		// topic was put back in between.
		p.do(e, false, problem.ChangeTopic{To: from})
		p.script.Traces["change back missing from the file"]++
	}
	p.topic = to
	p.do(e, false, problem.ChangeTopic{To: to})
}

// endOf is the status that the file says last.
func endOf(h history.History) problem.Status {
	end := problem.Draft
	for _, e := range h.Events {
		if e.Type != history.TypeStatus {
			continue
		}
		switch e.Name {
		case history.NameModeration:
			end = problem.Moderation
		case history.NameWork:
			end = problem.Work
		case history.NameInterim:
			end = problem.Interim
		case history.NameAnswered:
			end = problem.Answered
		case history.NameConfirmed:
			end = problem.Confirmed
		case history.NameSilent:
			end = problem.Silent
		case history.NameControlled:
			end = problem.Controlled
		}
	}
	return end
}

// uidOf is an outside id that is the same in every replay: version 8 of RFC
// 9562 with the portal's number in it.
func uidOf(id int64) string { return fmt.Sprintf("00000000-0000-8000-8000-%012x", id) }

// personOf stands for a pseudonym of the file: a key that no account has.
func personOf(pseudonym string) int64 {
	h := fnv.New64a()
	h.Write([]byte(pseudonym))
	return int64(h.Sum64()>>1) | 1<<61
}

// who gives a step: the city for staff's commands, and for the author's the
// city on behalf of the pseudonym.
func (s Step) who(city int64, h history.History) resident.Who {
	w := resident.Machine(city)
	if s.Author {
		w.ID = personOf(h.Author)
	}
	return w
}
