package suggest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// parity puts topics of one parity under one object.
type parity struct{}

func (parity) ObjectOf(t topic.ID) topic.ID   { return 100 + t%2 }
func (parity) CategoryOf(t topic.ID) topic.ID { return 200 + t%4 }

// dawn is when the archive of the tests begins.
var dawn = time.Date(2026, 1, 10, 6, 0, 0, 0, time.UTC)

// step is the time between two of its messages.
const step = 40 * time.Minute

// habits is an archive of four topics. Most authors mostly write about one of
// them, most spots mostly have one; a third of the texts says nothing.
func habits(n int) []suggest.Message {
	texts := []string{"не горит фонарь во дворе", "яма на дороге", "мусор у дома не вывезли", "снег не убран с тротуара"}
	chance := rand.New(rand.NewPCG(1, 1))
	list := make([]suggest.Message, n)
	for i := range list {
		c := chance.IntN(4)
		mostly := func() int {
			if chance.IntN(10) == 0 {
				return chance.IntN(4)
			}
			return c
		}
		m := suggest.Message{Problem: int64(i + 1), Topic: lamp + topic.ID(c)}
		m.Text, m.At, m.Author = texts[mostly()], dawn.Add(time.Duration(i)*step), fmt.Sprintf("author-%d", mostly()+4*chance.IntN(5))
		m.Lat, m.Lon, m.District, m.Area = 58.30+0.01*float64(mostly()), 36.90+0.001*float64(chance.IntN(5)), "north", "centre"
		m.Pin = []suggest.Pin{suggest.OnBuilding, suggest.FreePoint}[c%2]
		if chance.IntN(3) == 0 {
			m.Text = "уберите пожалуйста"
		}
		m.Corrected = i%10 == 0
		list[i] = m
	}
	return list
}

const enough = 2100

var learned = sync.OnceValues(func() (*suggest.Model, error) {
	m, _, err := suggest.TrainArchive(context.Background(), small(), habits(enough), parity{}, suggest.Options{Seed: 1, Workers: 2})
	return m, err
})

// remembering is a model of the archive with all of it in memory.
func remembering(t testing.TB) (*suggest.Model, *suggest.Past) {
	t.Helper()
	m, err := learned()
	must(t, err)
	p := m.Past()
	for _, msg := range habits(enough) {
		p.Remember(msg)
	}
	return m, p
}

// terse is a message that says nothing by itself.
func terse(author string) suggest.Input {
	return suggest.Input{Text: "уберите пожалуйста", At: dawn.Add(enough * step), Author: author}
}

func firstOf(list []suggest.Proposal) topic.ID {
	if len(list) == 0 {
		return -1
	}
	return list[0].Topic
}

func TestAHabitSettlesWhatATerseTextLeavesOpen(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	for author, exp := range map[string]topic.ID{"author-2": trash, "author-3": snow, "author-4": lamp} {
		if got := firstOf(p.Suggest(terse(author), 3)); got != exp {
			t.Errorf("%s: topic %d, want %d", author, got, exp)
		}
	}
}

func TestASpotSettlesItForWhoIsNotKnown(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	in := terse("")
	in.Lat, in.Lon, in.District, in.Area = 58.32, 36.902, "north", "centre"
	if got := firstOf(p.Suggest(in, 1)); got != trash {
		t.Errorf("topic %d", got)
	}
}

func TestTextAndSpotOutweighAHabit(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	in := terse("author-2")
	in.Lat, in.Lon, in.District, in.Area = 58.30, 36.901, "north", "centre"
	in.Text = "не горит фонарь во дворе"
	if got := firstOf(p.Suggest(in, 1)); got != lamp {
		t.Errorf("topic %d", got)
	}
}

func TestAnAnswerLeavesTheTopicsOfItsObject(t *testing.T) {
	t.Parallel()
	m, p := remembering(t)
	in := terse("")
	in.Object = 100 + hole%2
	list := p.Suggest(in, 10)
	if len(list) != 2 {
		t.Errorf("got %v", list)
	}
	for _, got := range list {
		if m.ObjectOf(got.Topic) != in.Object {
			t.Errorf("topic %d is of object %d", got.Topic, m.ObjectOf(got.Topic))
		}
	}
	if a := p.Advise(in); a.Ask != nil {
		t.Error("it asks again")
	}
}

func TestWhoIsLostAsksOneQuestion(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	a := p.Advise(terse(""))
	if a.Ask == nil || len(a.Ask.Objects) != 2 {
		t.Fatalf("got %v", a)
	}
	in := terse("author-1")
	in.Text, in.Lat, in.Lon, in.District, in.Area = "яма на дороге", 58.31, 36.901, "north", "centre"
	if a := p.Advise(in); a.Ask != nil {
		t.Errorf("of a clear text it asks %v", a.Ask)
	}
}

func TestReasonsNameTheAuthorsPast(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	in := terse("author-2")
	in.Lat, in.Lon = 58.32, 36.902
	kinds := map[suggest.ReasonKind]topic.ID{}
	for _, r := range p.Explain(in, trash, 10) {
		if r.Weight <= 0 {
			t.Errorf("%v spoke against it", r)
		}
		kinds[r.Kind] = r.Topic
	}
	if kinds[suggest.SaidAuthor] != trash {
		t.Errorf("got %v", kinds)
	}
	if list := p.Explain(in, 999, 3); list != nil {
		t.Errorf("of a topic that it does not know: %v", list)
	}
}

func TestNothingOfTheFutureIsKnown(t *testing.T) {
	t.Parallel()
	m, p := remembering(t)
	in := terse("newcomer")
	before := p.Suggest(in, 4)
	later := suggest.Message{Problem: 1 << 40, Topic: snow, Input: in}
	later.At = in.At.Add(time.Hour)
	p.Remember(later)
	for i, got := range p.Suggest(in, 4) {
		if got != before[i] {
			t.Errorf("%v became %v by what was sent later", before[i], got)
		}
	}
	// A correction counts from when staff made it.
	q := m.Past()
	msg := suggest.Message{Problem: 5, Topic: snow, Input: in, Corrected: true}
	msg.At = in.At.Add(-time.Hour)
	msg.Known = []suggest.Knowledge{{At: msg.At, Topic: hole}, {At: in.At.Add(time.Hour), Topic: snow}}
	q.Remember(msg)
	if got := firstOf(q.Suggest(in, 1)); got != hole {
		t.Errorf("topic %d, nobody had put it yet", got)
	}
	in.At = in.At.Add(2 * time.Hour)
	if got := firstOf(q.Suggest(in, 1)); got != snow {
		t.Errorf("topic %d after the correction", got)
	}
}

func TestAForgottenProblemLeavesNoTrace(t *testing.T) {
	t.Parallel()
	_, p := remembering(t)
	in := terse("marked-author")
	before := p.Suggest(in, 4)
	msg := suggest.Message{Problem: 77_777, Topic: snow, Input: in}
	msg.Text, msg.At = "шурмундия квадратная уберите пожалуйста", in.At.Add(-72*time.Hour)
	p.Remember(msg)
	if !suggest.Traces(p, "marked-author", "шурмундия") {
		t.Fatal("nothing was remembered")
	}
	p.Forget(77_777)
	if suggest.Traces(p, "marked-author", "шурмундия") {
		t.Error("author or words are still there")
	}
	for i, got := range p.Suggest(in, 4) {
		if d := got.P - before[i].P; got.Topic != before[i].Topic || d > 0.05 || d < -0.05 {
			t.Errorf("%v, before it was remembered %v", got, before[i])
		}
	}
	p.Forget(77_777)
	p.Forget(0)
}

func TestAMemoryHoldsTheNewestOnly(t *testing.T) {
	t.Parallel()
	m, err := learned()
	must(t, err)
	p := suggest.SmallPast(m, 300)
	for _, msg := range habits(1000) {
		p.Remember(msg)
	}
	if n := p.Len(); n < 300 || n > 330 {
		t.Errorf("it holds %d", n)
	}
	if got := firstOf(p.Suggest(terse("author-2"), 1)); got != trash {
		t.Errorf("topic %d", got)
	}
}

func TestManyAskWhileOneRemembers(t *testing.T) {
	t.Parallel()
	m, err := learned()
	must(t, err)
	p := suggest.SmallPast(m, 200)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			for i := range 150 {
				in := terse(fmt.Sprintf("author-%d", i%20))
				in.At = dawn.Add(time.Duration(i) * 3 * step)
				p.Advise(in)
				if i%50 == 0 {
					p.Explain(in, snow, 3)
				}
			}
		})
	}
	for i, msg := range habits(500) {
		p.Remember(msg)
		if i%9 == 0 {
			p.Forget(msg.Problem - 3)
			p.Recall(msg.Problem-2, snow)
		}
	}
	wait.Wait()
}

func TestATextOnlyModelRemembersNothing(t *testing.T) {
	t.Parallel()
	m, _ := train(t, small(), suggest.Options{Seed: 1})
	p := m.Past()
	p.Remember(habits(1)[0])
	if p.Len() != 0 {
		t.Error("it did")
	}
	in := suggest.Input{Text: "яма на дороге", Author: "a", At: dawn, Lat: 58, Lon: 36}
	if a, b := p.Suggest(in, 3), m.Suggest(in, 3); len(a) != 3 || a[0] != b[0] {
		t.Errorf("%v, by the text %v", a, b)
	}
}

func TestAnArchiveTrainedOnAnyNumberOfWorkersGivesOneModel(t *testing.T) {
	t.Parallel()
	one, err := learned()
	must(t, err)
	three, _, err := suggest.TrainArchive(context.Background(), small(), habits(enough), parity{}, suggest.Options{Seed: 1, Workers: 3})
	must(t, err)
	if !bytes.Equal(one.Encode(), three.Encode()) {
		t.Error("two workers and three give different models")
	}
}

func TestAModelOfAnArchiveIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	m, p := remembering(t)
	packed := m.Encode()
	again, err := suggest.Decode(packed)
	must(t, err)
	if !bytes.Equal(again.Encode(), packed) {
		t.Error("it is written differently")
	}
	q := again.Past()
	for _, msg := range habits(enough) {
		q.Remember(msg)
	}
	in := terse("author-1")
	in.Pin, in.Lat, in.Lon = suggest.OnBuilding, 58.3, 36.9
	a, b := p.Suggest(in, 4), q.Suggest(in, 4)
	for i := range a {
		if a[i] != b[i] {
			t.Errorf("%v became %v", a[i], b[i])
		}
	}
}

func TestAShortArchiveIsRefused(t *testing.T) {
	t.Parallel()
	_, _, err := suggest.TrainArchive(context.Background(), small(), habits(300), parity{}, suggest.Options{})
	if !errors.Is(err, suggest.ErrShort) {
		t.Errorf("got %v", err)
	}
}

func TestTrainingOnAnArchiveCanBeCalledOff(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	o := suggest.Options{Progress: func(share float64) {
		if share > 0.5 {
			cancel()
		}
	}}
	if _, _, err := suggest.TrainArchive(ctx, small(), habits(enough), parity{}, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func FuzzPast(f *testing.F) {
	_, p := remembering(f)
	for _, s := range []string{"яма", "", "\xff", "🤷🏻‍♀️ שלום", strings.Repeat("яма ", 25_000), strings.Repeat("a", 100_000)} {
		f.Add(s, "author-1", 58.3, 36.9, int64(1_770_000_000), uint8(1), int64(100))
		f.Add(s, s, -1e300, 1e300, int64(-1<<62), uint8(200), int64(-5))
	}
	f.Fuzz(func(t *testing.T, s, author string, lat, lon float64, at int64, pin uint8, object int64) {
		in := suggest.Input{Text: s, Author: author, Lat: lat, Lon: lon, At: time.Unix(at, 0), Pin: suggest.Pin(pin), Object: topic.ID(object), District: author, Area: s}
		start := time.Now()
		a := p.Advise(in)
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d bytes took %s", len(s), took)
		}
		for _, got := range a.Best {
			if !(got.P > 0 && got.P <= 1.0001) {
				t.Fatalf("P %v", got.P)
			}
		}
		p.Explain(in, hole, 3)
		p.Remember(suggest.Message{Input: in, Problem: at, Topic: topic.ID(object)})
		p.Forget(at)
	})
}
