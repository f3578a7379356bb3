package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// witness is a model that says what it is told to and writes down what it was
// shown. Topics below 20 are of object 1, the others of object 2.
type witness struct {
	says    func(in suggest.Input) suggest.Advice
	learned []string // texts that it was trained on
	steps   []string // in order: ask TEXT, keep TEXT
	asked   []suggest.Input
	kept    []suggest.Message
}

func (w *witness) Remember(m suggest.Message) {
	w.steps = append(w.steps, "keep "+m.Text)
	w.kept = append(w.kept, m)
}

func (w *witness) Advise(in suggest.Input) suggest.Advice {
	w.steps = append(w.steps, "ask "+in.Text)
	w.asked = append(w.asked, in)
	if w.says == nil {
		return suggest.Advice{}
	}
	return w.says(in)
}

func (w *witness) Fetch(suggest.Input, func() time.Duration) time.Duration { return 0 }

func (w *witness) Sure(suggest.Input) float64 { return 0.9 }

func (w *witness) Seen(text string) bool {
	return slices.ContainsFunc(w.learned, func(s string) bool { return suggest.Print(s) == suggest.Print(text) })
}

func (w *witness) ObjectOf(id topic.ID) topic.ID {
	switch {
	case id <= 0 || id >= 100:
		return 0
	case id < 20:
		return 1
	}
	return 2
}

// message is one that was sent in November 2026.
func message(id int64, text string, when time.Time, final topic.ID) suggest.Message {
	return suggest.Message{Problem: id, Topic: final, Known: []suggest.Knowledge{{At: when, Topic: final}},
		Input: suggest.Input{Text: text, At: when, Author: "a", District: "d", Area: "m", Lat: 58.12345, Lon: 36.98765, Pin: suggest.NearBuilding}}
}

func hear(t *testing.T, w *witness, history, messages []suggest.Message, know Know) Report {
	t.Helper()
	r, err := judge(t.Context(), w, history, messages, know, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestEachMessageIsReadBeforeItIsRememberedAndAfterAllEarlierOnes(t *testing.T) {
	t.Parallel()
	w := &witness{}
	messages := []suggest.Message{message(3, "third", at(3, 9, 0), 10), message(1, "first", at(1, 9, 0), 10)}
	history := []suggest.Message{message(4, "later than all", at(4, 9, 0), 10), message(2, "second", at(2, 9, 0), 10), message(3, "third", at(3, 9, 0), 10)}
	r := hear(t, w, history, messages, Habit)
	want := []string{"ask first", "keep first", "keep second", "ask third", "keep third"}
	if !slices.Equal(w.steps, want) {
		t.Errorf("steps %q, want %q", w.steps, want)
	}
	if r.N != 2 || r.Remembered != 3 {
		t.Errorf("judged %d, remembered %d", r.N, r.Remembered)
	}
}

func TestWhatStaffMadeOfAMessageIsNotToldBeforeTheyDid(t *testing.T) {
	t.Parallel()
	m := message(1, "text", at(1, 9, 0), 10)
	m.Corrected = true
	m.Known = []suggest.Knowledge{{At: at(1, 9, 0), Topic: 11}, {At: at(2, 9, 0), Topic: 10}}
	for _, know := range Levels() {
		w := &witness{}
		r := hear(t, w, []suggest.Message{m}, []suggest.Message{message(2, "next", at(1, 10, 0), 10)}, know)
		if kept := w.kept[0]; kept.Topic != 11 || kept.Corrected || kept.Known[1].At.Before(at(2, 9, 0)) {
			t.Errorf("%s: remembered as %+v", know, kept)
		}
		if r.Chosen != 1 {
			t.Errorf("%s: %v chose rightly", know, r.Chosen)
		}
	}
	if m.Topic != 10 || !m.Corrected {
		t.Errorf("the message itself was changed: %+v", m)
	}
}

func TestALevelTellsNoMoreThanItSays(t *testing.T) {
	t.Parallel()
	whole := message(1, "text", at(1, 9, 0), 10).Input
	honest := whole
	honest.Pin, honest.Lat, honest.Lon = suggest.NoPin, 58.123, 36.988
	for know, want := range map[Know]suggest.Input{Text: {Text: "text"}, Habit: honest, Question: honest, Mark: whole} {
		w := &witness{}
		hear(t, w, nil, []suggest.Message{message(1, "text", at(1, 9, 0), 10), message(2, "text", at(2, 9, 0), 10)}, know)
		got := w.asked[0]
		got.Lat, got.Lon = math.Round(got.Lat*1e6)/1e6, math.Round(got.Lon*1e6)/1e6
		if got != want {
			t.Errorf("%s: told %+v, want %+v", know, got, want)
		}
		if kept := w.kept[0]; know != Mark && (kept.Pin != suggest.NoPin || kept.Lat == whole.Lat) || know == Mark && kept.Pin != whole.Pin {
			t.Errorf("%s: remembered %+v", know, kept.Input)
		}
	}
}

func TestAQuestionIsAnsweredOnlyByWhatItOffers(t *testing.T) {
	t.Parallel()
	doubt := func(objects ...topic.ID) func(suggest.Input) suggest.Advice {
		return func(in suggest.Input) suggest.Advice {
			if in.Object == 2 {
				return suggest.Advice{Best: []suggest.Proposal{{Topic: 21, P: 0.95}}}
			}
			return suggest.Advice{Best: []suggest.Proposal{{Topic: 11, P: 0.5}, {Topic: 21, P: 0.4}}, Ask: &suggest.Question{Objects: objects}}
		}
	}
	ours := []suggest.Message{message(1, "text", at(1, 9, 0), 21)}
	r := hear(t, &witness{says: doubt(1, 2)}, nil, ours, Question)
	if r.Top1 != 1 || r.Asked != 1 || r.OffList != 0 || r.ShareAtP95 != 1 {
		t.Errorf("offered: %+v", r)
	}
	r = hear(t, &witness{says: doubt(1, 3)}, nil, ours, Question)
	if r.Top1 != 0 || r.Top3 != 1 || r.Asked != 1 || r.OffList != 1 {
		t.Errorf("not offered: %+v", r)
	}
	r = hear(t, &witness{says: doubt(1, 2)}, nil, ours, Habit)
	if r.Top1 != 0 || r.Asked != 0 {
		t.Errorf("nobody may ask at this level: %+v", r)
	}
}

func TestATextIsUnseenWhenNeitherTheModelNorTheHistoryHasIt(t *testing.T) {
	t.Parallel()
	w := &witness{says: func(suggest.Input) suggest.Advice { return suggest.Advice{Best: []suggest.Proposal{{Topic: 10, P: 1}}} }}
	history := []suggest.Message{message(1, "Ёлка — упала, чей двор", at(1, 9, 0), 10), message(2, "Яма", at(9, 9, 0), 10)}
	messages := []suggest.Message{
		message(3, "ЕЛКА упала! чеи  двор", at(2, 9, 0), 10), // seen
		message(4, "Яма", at(3, 9, 0), 11),                   // not yet
		message(5, "Яма", at(4, 9, 0), 10),                   // only in the messages
		message(6, "яма.", at(10, 9, 0), 10),                 // seen
	}
	r := hear(t, w, history, messages, Text)
	if r.Unseen != (Part{2, 0.5, 0.5}) || r.N != 4 {
		t.Errorf("unseen %+v of %d", r.Unseen, r.N)
	}
	w.learned = []string{"ель упала", "яма?"}
	if r = hear(t, w, nil, messages, Text); r.Unseen.N != 1 {
		t.Errorf("by a model that learned the word: %+v", r.Unseen)
	}
}

func TestScoringLookingUpAndRememberingAreMeasuredApart(t *testing.T) {
	t.Parallel()
	slow := &sluggish{}
	slow.says = func(suggest.Input) suggest.Advice { slow.used += 5 * time.Millisecond; return suggest.Advice{} }
	r, err := judge(t.Context(), slow, []suggest.Message{message(1, "x", at(1, 9, 0), 10)}, []suggest.Message{message(2, "y", at(2, 9, 0), 10)}, Habit,
		Options{CPU: func() time.Duration { return slow.used }})
	if err != nil || r.CPU != 3 || r.Context != 2 || r.Remember != 1 {
		t.Errorf("scoring %v ms, looking up %v ms, remembering %v ms, %v", r.CPU, r.Context, r.Remember, err)
	}
}

// sluggish takes time for everything.
type sluggish struct {
	witness
	used time.Duration
}

func (s *sluggish) Remember(m suggest.Message) {
	s.used += time.Millisecond
	s.witness.Remember(m)
}

func (s *sluggish) Fetch(_ suggest.Input, clock func() time.Duration) time.Duration {
	start := clock()
	s.used += 2 * time.Millisecond
	return clock() - start
}

func TestNothingToJudgeIsAnError(t *testing.T) {
	t.Parallel()
	if _, err := judge(t.Context(), &witness{}, nil, nil, Habit, Options{}); err == nil {
		t.Error("no messages were judged")
	}
	if _, err := Judge(t.Context(), nil, nil, []suggest.Message{message(1, "x", at(1, 9, 0), 10)}, "hearsay", Options{}); err == nil {
		t.Error("a level that there is not was judged")
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := judge(ctx, &witness{}, nil, []suggest.Message{message(1, "x", at(1, 9, 0), 10)}, Habit, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("called off: %v", err)
	}
}

func TestProgressEndsWithAll(t *testing.T) {
	t.Parallel()
	said := ""
	_, err := judge(t.Context(), &witness{}, []suggest.Message{message(1, "x", at(1, 9, 0), 10)}, []suggest.Message{message(2, "y", at(2, 9, 0), 10)}, Habit,
		Options{Progress: func(done, total int) { said += fmt.Sprintf("%d/%d ", done, total) }})
	if err != nil || said != "1/2 2/2 " {
		t.Errorf("%q, %v", said, err)
	}
}
