package evaluate

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

// flat is a tree of six topics in two objects.
type flat struct{}

func (flat) Seen(string) bool                { return false }
func (flat) ObjectOf(id topic.ID) topic.ID   { return 1 + id%2 }
func (flat) CategoryOf(id topic.ID) topic.ID { return 10 + id%3 }

// town invents an archive: authors have their habits, spots have theirs, and
// staff corrects every fifth message a day later.
func town(n int) []suggest.Message {
	random := rand.New(rand.NewPCG(7, 7))
	said := []string{"яма на дороге", "не горит фонарь", "мусор у дома", "снег не убран", "сломана скамейка", "течёт труба"}
	loose := []string{"опять", "сделайте", "когда это кончится", "просьба убрать", "уже неделю", "невозможно пройти"}
	start := at(1, 0, 0).AddDate(0, -5, 0)
	list := make([]suggest.Message, n)
	for i := range list {
		author, spot := random.IntN(40), random.IntN(60)
		final := topic.ID(1 + (author+spot+random.IntN(2))%6)
		text := loose[random.IntN(len(loose))] + " " + loose[random.IntN(len(loose))]
		if random.IntN(3) > 0 {
			text = said[final-1] + " " + text
		}
		sent := start.Add(time.Duration(i) * (150 * 24 * time.Hour / time.Duration(n)))
		m := suggest.Message{Problem: int64(i + 1), Topic: final, Known: []suggest.Knowledge{{At: sent, Topic: final}}, Input: suggest.Input{
			Text: text, At: sent, Author: fmt.Sprint(author), Lat: 58 + float64(spot)/200, Lon: 36, District: fmt.Sprint(spot % 5), Area: fmt.Sprint(spot % 9),
			Pin: suggest.Pin(1 + final%3)}}
		if i%5 == 0 {
			m.Corrected = true
			m.Known = []suggest.Knowledge{{At: sent, Topic: 1 + final%6}, {At: sent.Add(24 * time.Hour), Topic: final}}
		}
		list[i] = m
	}
	return list
}

// opinions are what a model says of each of the messages.
func opinions(t *testing.T, m *suggest.Model, history, messages []suggest.Message, know Know) []string {
	t.Helper()
	e, err := examine(t.Context(), pupilOf(m), history, messages, know, Options{})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, v := range e.list {
		list = append(list, fmt.Sprintf("%d %.9f", v.first, v.p))
	}
	return list
}

func TestOnlyWhatWasKnownMakesAProposal(t *testing.T) {
	t.Parallel()
	all := town(2360)
	history, messages, later := all[:2200], all[2200:2300], all[2300:]
	m, _, err := suggest.TrainArchive(t.Context(), nil, history, flat{}, suggest.Options{Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	end := messages[len(messages)-1].At
	for _, know := range Levels() {
		want := opinions(t, m, history, messages, know)
		if distinct := slices.Compact(slices.Sorted(slices.Values(want))); len(distinct) < 10 {
			t.Fatalf("%s: it says the same of all: %q", know, distinct)
		}
		same := func(what string, got []string) {
			t.Helper()
			for i := range want {
				if got[i] != want[i] {
					t.Errorf("%s: %s: message %d is %s, was %s", know, what, i, got[i], want[i])
					return
				}
			}
		}
		same("messages that come later", opinions(t, m, history, append(slices.Clone(messages), later...), know))
		same("a history that goes on", opinions(t, m, all, messages, know))
		if know != Question { // the answer is that of the right topic
			same("corrections that come later", opinions(t, m, rewritten(history, end), rewritten(messages, end), know))
		}
	}
	if slices.Equal(opinions(t, m, history, messages, Habit), opinions(t, m, nil, messages, Habit)) {
		t.Error("the history tells nothing")
	}
	for know, least := range map[Know]float64{Text: 0.5, Habit: 0.5, Question: 0.6, Mark: 0.6} {
		r, err := Judge(t.Context(), m, history, messages, know, Options{})
		if err != nil || r.Top1 < least || r.N != len(messages) {
			t.Errorf("%s: first %v of %d, %v", know, r.Top1, r.N, err)
		}
	}
}

// rewritten is a past in which staff makes something else of every message once
// the end has come.
func rewritten(list []suggest.Message, end time.Time) []suggest.Message {
	list = slices.Clone(list)
	for i := range list {
		then := Until(list[i:i+1], end.Add(time.Second))[0]
		list[i].Known = append(slices.Clone(then.Known), suggest.Knowledge{At: end.Add(time.Hour), Topic: 1 + then.Topic%6})
		list[i].Topic, list[i].Corrected = 1+then.Topic%6, true
	}
	return list
}
