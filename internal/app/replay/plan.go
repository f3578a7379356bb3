package replay

import (
	"fmt"
	"hash/fnv"
	"strings"
	"time"

	"gorod/internal/city/org"
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
func Plan(h History, names Names) (Script, error) {
	p := planner{h: h, names: names, script: Script{Traces: map[string]int{}}}
	for i, e := range h.Events {
		at, err := timeOf(e.At)
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
	h        History
	names    Names
	at       time.Time
	script   Script
	messages int
	// answered: the newest status is an answer or an end; waiting: an answer
	// was given and has not passed.
	answered, waiting bool
	topic             topic.ID // as the commands so far have it
}

func (p *planner) do(e Entry, author bool, c problem.Command) {
	p.script.Steps = append(p.script.Steps, Step{At: p.at, Author: author, Command: c, From: e.Type})
}

func (p *planner) trace(e Entry) { p.script.Traces[e.Type]++ }

func (p *planner) gap(format string, args ...any) {
	p.script.Gaps = append(p.script.Gaps, Gap{Problem: p.h.ID, Reason: fmt.Sprintf(format, args...)})
}

func (p *planner) entry(i int, e Entry) error {
	switch e.Type {
	case typePetition:
		p.petition(e)
	case typeStatus:
		return p.status(i, e)
	case typeAnswer:
		return p.answer(e)
	case typeRoute:
		return p.route(e)
	case typeChange:
		p.change(e)
	case typeConclusion:
		if !e.Resolved {
			p.gap("a people's controller's «not solved»")
			return nil
		}
		p.do(e, false, problem.ConfirmOnSpot{})
	case typeReopen:
		p.trace(e) // its words went with the reopening
	case typeDueChange:
		due, err := timeOf(e.NewDue)
		if err != nil {
			return err
		}
		p.do(e, false, problem.SetDue{Due: due})
	default:
		p.gap("unknown type of entry %s", e.Type)
	}
	return nil
}

func (p *planner) petition(e Entry) {
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
		case e.Type == typePetition:
			sent = true
		case e.Type == typeChange && e.Change != nil:
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

func (p *planner) status(i int, e Entry) error {
	switch e.Name {
	case nameModeration:
		p.trace(e) // a message always waits for moderation
	case nameWork:
		if p.answered {
			p.answered = false
			p.do(e, false, problem.Reopen{Text: p.nextComment(i)})
			return nil
		}
		p.do(e, false, problem.Accept{})
	case nameInterim:
		p.waiting = false
		p.do(e, false, problem.Pass{})
	case nameAnswered:
		if !p.waiting {
			// Two histories: the answer itself was taken out of the file when
			// control reopened the problem.
			p.do(e, false, problem.Give{Org: p.executor(), Outcome: problem.Done})
			p.script.Traces["answer missing from the file"]++
		}
		p.waiting, p.answered = false, true
		p.do(e, false, problem.Pass{})
	case nameConfirmed:
		p.do(e, true, problem.Confirm{})
	case nameSilent:
		// The portal closed 119 of 16,562 before its own 20 days had passed.
		p.do(e, false, problem.CloseSilently{Imported: true})
	case nameControlled:
		p.trace(e) // the conclusion before it said so
	default:
		p.gap("unknown status %s", e.Name)
	}
	return nil
}

// nextComment is what the entry after this one says about a reopening.
func (p *planner) nextComment(i int) string {
	if i+1 < len(p.h.Events) && p.h.Events[i+1].Type == typeReopen {
		return p.h.Events[i+1].Comment
	}
	return ""
}

func (p *planner) answer(e Entry) error {
	by, ok := p.names.Org(e.Org)
	if !ok {
		p.gap("an answer of an organisation that the pack does not have: %s", e.Org)
		by = p.executor()
	}
	give := problem.Give{Org: by, Outcome: problem.Done, Text: e.Body}
	if e.Kind == kindInterim {
		planned, err := timeOf(e.Interim)
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
	for _, b := range []*Body{p.h.Responsible.Executor, p.h.Responsible.Coordinator} {
		if b != nil {
			if id, ok := p.names.Org(b.Name); ok {
				return id
			}
		}
	}
	return ""
}

func (p *planner) route(e Entry) error {
	r, err := ParseRoute(e.Comment)
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

func (p *planner) change(e Entry) {
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
		p.gap("a change from a topic that the pack does not have: %s", e.Change.Old)
		return
	}
	p.topic = to
	p.do(e, false, problem.ChangeTopic{To: to})
}

// endOf is the status that the file says last.
func endOf(h History) problem.Status {
	end := problem.Draft
	for _, e := range h.Events {
		if e.Type != typeStatus {
			continue
		}
		switch e.Name {
		case nameModeration:
			end = problem.Moderation
		case nameWork:
			end = problem.Work
		case nameInterim:
			end = problem.Interim
		case nameAnswered:
			end = problem.Answered
		case nameConfirmed:
			end = problem.Confirmed
		case nameSilent:
			end = problem.Silent
		case nameControlled:
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
func (s Step) who(city int64, h History) resident.Who {
	w := resident.Machine(city)
	if s.Author {
		w.ID = personOf(h.Author)
	}
	return w
}

// canonicalName is how names are compared: without quotes, case, doubled spaces
// and spaces around hyphens and numbers.
func canonicalName(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`"«»„“”'`, r) {
			return -1
		}
		return r
	}, strings.ToLower(name))
	name = strings.Join(strings.Fields(name), " ")
	return strings.NewReplacer(" -", "-", "- ", "-", "№ ", "№").Replace(name)
}
