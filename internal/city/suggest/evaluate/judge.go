package evaluate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// Know is how much of a message a model is told.
type Know string

// The levels; doc.go says what each of them tells.
const (
	Text     Know = "text"
	Habit    Know = "habit"
	Question Know = "question"
	Mark     Know = "mark"
)

// Levels are all levels, from the least to the most.
func Levels() []Know { return []Know{Text, Habit, Question, Mark} }

// Options of Judge.
type Options struct {
	// CPU is the processor time that this process has used so far; nil: no time
	// is measured.
	CPU func() time.Duration
	// Progress is told how many messages of all, remembered or judged, are done;
	// nil: nobody asks.
	Progress func(done, total int)
}

// judged is what Judge needs of a model.
type judged interface {
	// Remember takes a message that was sent, in the order of sending.
	Remember(m suggest.Message)
	// Advise reads a message that is being written.
	Advise(in suggest.Input) suggest.Advice
	// Fetch does the part of Advise that looks up earlier messages, and says how
	// much of a clock it took.
	Fetch(in suggest.Input, clock func() time.Duration) time.Duration
	// Sure is the probability from which on the model decides such a message alone.
	Sure(in suggest.Input) float64
	// Seen tells whether the model was trained on a text.
	Seen(text string) bool
	// ObjectOf is the first level of a topic; 0: the model does not know it.
	ObjectOf(id topic.ID) topic.ID
}

// Judge goes through messages in the order of sending and asks the model about
// each with what was known then. The history is only remembered. No messages
// are an error, as is a level that there is not; a called off context gives its
// error.
func Judge(ctx context.Context, m *suggest.Model, history, messages []suggest.Message, know Know, o Options) (Report, error) {
	if !slices.Contains(Levels(), know) {
		return Report{}, fmt.Errorf("%q is no level of knowledge", know)
	}
	return judge(ctx, pupilOf(m), history, messages, know, o)
}

// sent is a message of the timeline, judged or only remembered.
type sent struct {
	*suggest.Message
	judged bool
}

func judge(ctx context.Context, m judged, history, messages []suggest.Message, know Know, o Options) (Report, error) {
	e, err := examine(ctx, m, history, messages, know, o)
	if err != nil {
		return Report{}, err
	}
	return e.report(), nil
}

// examine goes through everything that was sent.
func examine(ctx context.Context, m judged, history, messages []suggest.Message, know Know, o Options) (*exam, error) {
	if len(messages) == 0 {
		return nil, errors.New("there are no messages to judge by")
	}
	if o.CPU == nil {
		o.CPU = func() time.Duration { return 0 }
	}
	all := timeline(history, messages)
	e := &exam{model: m, know: know, cpu: o.CPU, seen: map[uint32]bool{}}
	for i, s := range all {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("judge: %w", err)
		}
		if s.judged {
			e.ask(s.Message)
		} else {
			e.seen[suggest.Print(s.Text)] = true
		}
		e.remember(s.Message)
		if o.Progress != nil {
			o.Progress(i+1, len(all))
		}
	}
	return e, nil
}

// timeline joins history and messages by the time of sending, up to the last
// message. A message of both is judged, and remembered once.
func timeline(history, messages []suggest.Message) []sent {
	both := make(map[int64]bool, len(messages))
	list := make([]sent, 0, len(history)+len(messages))
	last := messages[0].At
	for i := range messages {
		both[messages[i].Problem] = true
		list = append(list, sent{&messages[i], true})
		if messages[i].At.After(last) {
			last = messages[i].At
		}
	}
	for i := range history {
		if !both[history[i].Problem] && !history[i].At.After(last) {
			list = append(list, sent{&history[i], false})
		}
	}
	slices.SortStableFunc(list, func(a, b sent) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Problem, b.Problem))
	})
	return list
}

// verdict is what a model said of one message.
type verdict struct {
	topic  topic.ID // the right one
	object topic.ID // its first level
	chosen topic.ID // by the resident
	at     time.Time
	words  int
	seen   bool // its text was learned from, or stands in the history

	place int      // 1 to 3: where the right topic stands; 0: not there
	first topic.ID // proposed first; 0: nothing was
	taken topic.ID // the first level of first
	p     float64  // of first
	sure  float64  // the model's threshold for such a message
}

// exam is a judgement on its way.
type exam struct {
	model   judged
	know    Know
	cpu     func() time.Duration
	seen    map[uint32]bool
	list    []verdict
	asked   int
	offList int

	scoring, context, keeping time.Duration
	remembered                int
}

// ask has the model read a message that it does not know yet.
func (e *exam) ask(m *suggest.Message) {
	in := known(m.Input, e.know)
	advice := e.advise(in)
	object := e.model.ObjectOf(m.Topic)
	if e.know == Question && advice.Ask != nil {
		e.asked++
		if object != 0 && slices.Contains(advice.Ask.Objects, object) {
			in.Object = object
			advice = e.advise(in)
		} else {
			e.offList++
		}
	}
	v := verdict{topic: m.Topic, object: object, chosen: m.Topic, at: m.At, words: words(m.Text), seen: e.model.Seen(m.Text) || e.seen[suggest.Print(m.Text)]}
	if len(m.Known) > 0 {
		v.chosen = m.Known[0].Topic
	}
	best := slices.DeleteFunc(slices.Clone(advice.Best), func(p suggest.Proposal) bool { return p.Topic == suggest.Nothing })
	best = best[:min(3, len(best))]
	if len(best) > 0 {
		v.first, v.p, v.taken = best[0].Topic, best[0].P, e.model.ObjectOf(best[0].Topic)
	}
	v.sure = e.model.Sure(in)
	v.place = 1 + slices.IndexFunc(best, func(p suggest.Proposal) bool { return p.Topic == m.Topic })
	e.list = append(e.list, v)
}

// advise counts what the advice costs: looking up is done once more for it, when
// everything is at hand, so rather too little is taken off the scoring.
func (e *exam) advise(in suggest.Input) suggest.Advice {
	start := e.cpu()
	advice := e.model.Advise(in)
	all := e.cpu() - start
	fetched := min(all, e.model.Fetch(in, e.cpu))
	e.scoring += all - fetched
	e.context += fetched
	return advice
}

func (e *exam) remember(m *suggest.Message) {
	start := e.cpu()
	e.model.Remember(remembered(*m, e.know))
	e.keeping += e.cpu() - start
	e.remembered++
}

// known is what a level tells of a message.
func known(in suggest.Input, know Know) suggest.Input {
	switch know {
	case Text:
		return suggest.Input{Text: in.Text}
	case Mark:
		return in
	}
	return rounded(in)
}

// rounded takes the mark away and all of the place but a thousandth of a
// degree.
func rounded(in suggest.Input) suggest.Input {
	in.Pin = suggest.NoPin
	in.Lat, in.Lon = math.Round(in.Lat*1000)/1000, math.Round(in.Lon*1000)/1000
	return in
}

// remembered is what may be kept of a message when it is sent: its author's
// choice. What came of it later stands in Known, with the time from which on
// it may be looked at.
func remembered(m suggest.Message, know Know) suggest.Message {
	if know != Mark {
		m.Input = rounded(m.Input)
	}
	if len(m.Known) > 0 {
		m.Topic, m.Corrected = m.Known[0].Topic, false
	}
	return m
}

// words counts what stands between spaces and punctuation.
func words(text string) int {
	n := 0
	for range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		n++
	}
	return n
}
