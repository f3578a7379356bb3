package generate

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"time"

	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/id"
)

// What the recording could not show, for the portal publishes only what was
// accepted: set by hand. Of a hundred messages so many are refused, taken back,
// or answered with a question to the author.
const (
	refusedShare   = 0.06
	withdrawnShare = 0.01
	askedShare     = 0.03
	repliedShare   = 0.7 // of the questions
)

// world is what all histories have in common. It never changes.
type world struct {
	plan     Plan
	fitted   *Fitted
	shop     *problem.Workshop
	zone     *time.Location
	lang     string
	silence  time.Duration // after which an answered problem closes
	ahead    time.Duration // before that the residents are asked
	question int           // days that a question waits
	calendar calendar
	menu     menu
	spots    *spots
	courses  courses
	phrases  phrases
	joined   course
	people   int64 // authors
	orgs     []org.ID
	clauses  []string
}

// beat is one step of a history at its time.
type beat struct {
	step byte
	at   time.Time
}

// life makes one history.
type life struct {
	*world
	dice   *rand.Rand
	h      *problem.History
	topic  int // position in the menu, the one that the history ends with
	left   int // corrections of the topic that are to come
	now    int // position of the topic as it is
	author int64
	joins  int64
}

// dice of a history: they depend on the seed and its number alone.
func (w *world) dice(i int64) *rand.Rand { return rand.New(rand.NewPCG(w.plan.Seed, uint64(i))) }

// history makes the i-th problem.
func (w *world) history(i, key, number int64) (*problem.History, error) {
	dice := w.dice(i)
	l := &life{world: w, dice: dice, h: w.shop.Begin(key, reader{dice})}
	sent := w.calendar.at(dice, i, w.plan.Problems)
	if !sent.Before(w.plan.Until) { // the last hour is a part of one
		sent = w.plan.Until.Add(-time.Microsecond)
	}
	l.topic = w.menu.pick(dice, sent.In(w.zone))
	l.author = w.person(w.fitted.Authors.Curve.pick(dice))
	beats := l.beats(sent)
	for _, b := range beats {
		if b.step == 't' {
			l.left++
		}
	}
	l.now = l.topic
	if l.left > 0 {
		l.now = w.menu.other(dice, l.topic)
	}
	for _, b := range beats {
		if !b.at.Before(w.plan.Until) {
			break
		}
		if err := l.do(b, number); err != nil {
			return l.h, fmt.Errorf("history %d, step %c at %s: %w", i, b.step, b.at.Format(time.RFC3339), err)
		}
	}
	l.h.End(w.plan.Until)
	return l.h, nil
}

// person is the account of the author at a share of all: a key that no account
// has.
func (w *world) person(share float64) int64 { return 1<<61 | (int64(share*float64(w.people)) + 1) }

// beats lays the steps of a history out in time.
func (l *life) beats(sent time.Time) []beat {
	steps := l.course()
	beats := []beat{{'s', sent}}
	at := sent
	var answered, planned time.Time
	for i := 1; i < len(steps); i++ {
		step, before := steps[i], steps[i-1]
		wait := l.fitted.delay(l.dice, before, step)
		if (step == 'g' || step == 'i') && (before == 'a' || before == 'r') {
			wait = time.Duration(float64(wait) * l.menu.pace[l.topic])
		}
		at = at.Add(max(wait, time.Second))
		switch {
		case step == 'g' && !planned.IsZero():
			at = later(at, planned.Add(l.around(planned)))
			planned = time.Time{}
		case step == 'p' && before == 'g':
			answered = at
		case step == 'p' && before == 'i':
			planned = at.Add(l.days())
		case step == 'z':
			at = beats[i-1].at.AddDate(0, 0, max(l.question, 1)).Add(time.Hour)
		case (step == 'c' || step == 'd' || step == 'v') && at.Sub(answered) >= l.silence:
			at = answered.Add(time.Duration(l.dice.Float64() * float64(l.silence-time.Hour)))
		case step == 'l':
			beats = append(beats, beat{'k', l.night(answered.Add(l.silence - l.ahead))})
			at = l.night(answered.Add(l.silence))
		}
		beats = append(beats, beat{step, at.Truncate(time.Microsecond)})
	}
	beats = l.extras(beats)
	slices.SortStableFunc(beats, func(a, b beat) int { return cmp.Compare(a.at.UnixMicro(), b.at.UnixMicro()) })
	return beats
}

// course draws the steps.
func (l *life) course() string {
	switch u := l.dice.Float64(); {
	case u < refusedShare:
		return "sx"
	case u < refusedShare+withdrawnShare:
		return "sw"
	case u < refusedShare+withdrawnShare+askedShare:
		if l.dice.Float64() < repliedShare {
			return "sqy" + l.courses.pick(l.dice)[1:]
		}
		return "sqz" + l.courses.pick(l.dice)[1:]
	}
	return l.courses.pick(l.dice)
}

// around is how far from its planned date a final answer comes.
func (l *life) around(planned time.Time) time.Duration {
	days := -3 * l.dice.Float64()
	if l.dice.IntN(5) == 0 {
		days = 20 * l.dice.Float64()
	}
	return time.Duration(days * 24 * float64(time.Hour))
}

// days is how far away the date of an interim answer is.
func (l *life) days() time.Duration {
	days := max(l.fitted.quantile(l.dice, l.fitted.PlannedDays), 1)
	return time.Duration(days * 24 * float64(time.Hour))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// night is the next half past one after a moment: when the city closes what
// nobody reacts to.
func (l *life) night(at time.Time) time.Time {
	here := at.In(l.zone)
	slot := time.Date(here.Year(), here.Month(), here.Day(), 1, 30, 0, 0, l.zone)
	if slot.Before(at) {
		slot = time.Date(here.Year(), here.Month(), here.Day()+1, 1, 30, 0, 0, l.zone)
	}
	return slot.Add(time.Duration(l.dice.IntN(600)) * time.Second).UTC()
}

// extras adds who joins, between acceptance and the last step.
func (l *life) extras(beats []beat) []beat {
	n := len(l.joined.pick(l.dice))
	if n == 0 {
		return beats
	}
	from := slices.IndexFunc(beats, func(b beat) bool { return b.step == 'a' })
	if from < 0 {
		return beats
	}
	start, end := beats[from].at, beats[len(beats)-1].at
	if width := end.Sub(start); width > time.Minute {
		for range n {
			at := start.Add(time.Duration(l.dice.Float64() * float64(width-time.Minute))).Truncate(time.Microsecond)
			beats = append(beats, beat{'j', at})
		}
	}
	return beats
}

// city and author are who acts.
func city() problem.Actor { return problem.Actor{Part: problem.AsCity} }

func (l *life) by() problem.Actor { return problem.Actor{Part: problem.AsAuthor, Person: l.author} }

// do gives the command of a beat.
func (l *life) do(b beat, number int64) error {
	act := problem.Act{At: b.at, By: city()}
	switch b.step {
	case 's', 'd', 'y', 'w', 'c', 'j':
		l.resident(&act, b, number)
	default:
		l.staff(&act, b)
	}
	if act.Command == nil {
		return nil
	}
	return l.shop.Do(l.h, act)
}

// resident is what authors and those who join do.
func (l *life) resident(act *problem.Act, b beat, number int64) {
	act.By = l.by()
	t := l.menu.topics[l.now]
	switch b.step {
	case 's':
		act.Where = l.spots.pick(l.dice, t)
		act.Command = problem.Send{Text: l.phrases.message(l.dice, t, l.lang), Topic: t.ID, Manual: l.dice.IntN(3) == 0,
			Channel: draw(l.dice, channels()), Number: number, UID: id.Source{Rand: reader{l.dice}}.UUID(b.at)}
	case 'd':
		act.Command = problem.Dispute{Text: l.phrases.again(l.dice, t, l.lang), Channel: "web"}
	case 'y':
		act.Command = problem.Reply{Text: draw(l.dice, replies())}
	case 'w':
		act.Command = problem.Withdraw{}
	case 'c':
		act.Command = problem.Confirm{}
	case 'j':
		l.joins++
		person := l.author ^ l.joins<<40
		act.By = problem.Actor{Part: problem.AsJoined, Person: person}
		act.Command = problem.Join{Key: fmt.Sprintf("p:%d", person)}
	}
}

func channels() []string { return []string{"web", "web", "web", "web", "api", "api", "phone"} }

// staff is what moderators, organisations and the schedule do.
func (l *life) staff(act *problem.Act, b beat) {
	switch b.step {
	case 't':
		l.correct(act)
	case 'q':
		act.Command = problem.Ask{Text: draw(l.dice, questions())}
	case 'z':
		act.Command = problem.Lapse{}
	case 'a':
		act.Command = problem.Accept{}
	case 'x':
		act.Command = problem.Reject{Clause: draw(l.dice, l.clauses), Text: draw(l.dice, refusals())}
	case 'r':
		act.Command = problem.Redirect{Executor: l.orgs[l.dice.IntN(len(l.orgs))], Reason: draw(l.dice, handovers())}
	case 'g':
		outcome := l.outcome()
		act.Command = problem.Give{Org: l.executor(), Outcome: outcome, Text: l.phrases.answer(l.dice, outcome), Signer: l.signer()}
	case 'i':
		act.Command = problem.Give{Org: l.executor(), Interim: true, Planned: b.at.Add(l.days()), Text: l.phrases.interim(l.dice), Signer: l.signer()}
	case 'p':
		act.Command = problem.Pass{}
	case 'v':
		act.Command = problem.ConfirmOnSpot{}
	case 'k':
		act.Command = problem.AskSolved{}
	case 'l':
		act.Command = problem.CloseSilently{}
	case 'o':
		act.Command = problem.Reopen{Text: draw(l.dice, disputes())}
	case 'u':
		act.Command = problem.SetDue{Due: b.at.Add(l.days()), Reason: draw(l.dice, delaysSaid())}
	}
}

// correct puts another topic, the last time the one that is right.
func (l *life) correct(act *problem.Act) {
	l.left--
	to := l.topic
	if l.left > 0 || to == l.now {
		to = l.menu.other(l.dice, l.now)
	}
	if to == l.now {
		return
	}
	l.now = to
	act.Command = problem.ChangeTopic{To: l.menu.topics[to].ID}
}

func (l *life) executor() org.ID {
	return cmp.Or(l.h.State.Routing.Executor, l.h.State.Routing.Coordinator, l.orgs[0])
}

func (l *life) signer() problem.Signer {
	list := signers()
	return list[l.dice.IntN(len(list))]
}

// outcome of an answer: the portal writes «done» over nearly all.
func (l *life) outcome() problem.Outcome {
	switch n := l.dice.IntN(100); {
	case n < 82:
		return problem.Done
	case n < 89:
		return problem.Planned
	case n < 93:
		return problem.Refusal
	case n < 96:
		return problem.NotOurs
	}
	return problem.Absent
}

// reader gives dice as bytes, for salts and outside ids.
type reader struct{ dice *rand.Rand }

// Read implements io.Reader.
func (r reader) Read(b []byte) (int, error) {
	n := len(b)
	for len(b) >= 8 {
		binary.LittleEndian.PutUint64(b, r.dice.Uint64())
		b = b[8:]
	}
	for rest := r.dice.Uint64(); len(b) > 0; b = b[1:] {
		b[0], rest = byte(rest), rest>>8
	}
	return n, nil
}

var _ io.Reader = reader{}

// crowd is a table of how many join, as sequences of so many letters.
func crowd(f *Fitted) course {
	var list []Sequence
	for _, n := range sortedKeys(f.Joined) {
		list = append(list, Sequence{Steps: string(make([]byte, n)), N: f.Joined[n]})
	}
	return newCourse(list)
}

func sortedKeys(m map[int]int) []int {
	keys := make([]int, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func managersOf(houses []place.House) map[place.HouseID]org.ID {
	list := map[place.HouseID]org.ID{}
	for _, h := range houses {
		if h.Manager != "" {
			list[h.ID] = org.ID(h.Manager)
		}
	}
	return list
}

func topicsOpen(all []topic.Topic) bool {
	return slices.ContainsFunc(all, func(t topic.Topic) bool { return t.Open })
}
