package moderation

import (
	"slices"
	"testing"
	"time"

	"gorod/internal/city/problem"
	"gorod/internal/city/repeat"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
)

var noon = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

func at(d time.Duration) problem.Moment { return problem.Moment(noon.Add(d).UnixMicro()) }

func TestEachTopicIsOfferedOnceTheModelsFirst(t *testing.T) {
	t.Parallel()
	proposals := []Proposal{{Topic: 3, P: 0.1}, {Topic: 2, P: 0.7, Because: []suggest.Reason{{Kind: suggest.SaidWord, Text: "фонарь"}}}, {Topic: 4, P: 0.05}, {Topic: 5, P: 0.01}}
	list := candidates(1, 2, proposals, []topic.ID{3, 6})
	var ids []topic.ID
	for _, c := range list {
		ids = append(ids, c.id)
	}
	if want := []topic.ID{2, 3, 4, 1, 6}; !slices.Equal(ids, want) {
		t.Fatalf("offered %v, want %v", ids, want)
	}
	if list[0].p != 0.7 || len(list[0].because) != 1 || list[0].rank != 1 || list[2].rank != 3 || list[3].rank != 0 {
		t.Errorf("the proposals lost their place or what spoke for them: %+v", list)
	}
	if list[1].found || !list[4].found {
		t.Error("a proposed topic is no find of the search, a found one is")
	}
}

func like(id int64, p float64, metres int) repeat.Likeness {
	return repeat.Likeness{Item: problem.Item{ID: id}, P: p, Metres: metres}
}

func TestWhatIsSimilarStandsByProbabilityThenByDistanceEachOnce(t *testing.T) {
	t.Parallel()
	list := likeliest([]repeat.Likeness{like(2, 0.2, 3), like(3, 0.9, 40), like(4, 0.2, 1), like(3, 0.4, 40)})
	var ids []int64
	for _, l := range list {
		ids = append(ids, l.ID)
	}
	if want := []int64{3, 4, 2}; !slices.Equal(ids, want) || list[0].P != 0.9 {
		t.Errorf("similar are %v, want %v: the likeliest first, each once, by its best topic", ids, want)
	}
}

func sent(id, author int64, messages ...problem.Message) problem.Item {
	return problem.Item{ID: id, State: problem.State{Author: author, Messages: messages}}
}

func TestHistoryCountsWhatTheAccountSentBefore(t *testing.T) {
	t.Parallel()
	mine := []problem.Item{
		sent(1, 5, problem.Message{At: at(-time.Hour)}), // on the desk
		sent(2, 5, problem.Message{At: at(-50 * time.Hour), Verdict: "accepted"}, problem.Message{At: at(-2 * time.Hour), Verdict: "rejected"}),
		sent(3, 6, problem.Message{At: at(-time.Hour), Verdict: "accepted"}), // joined, not sent
	}
	want := History{Known: true, Sent: 2, Accepted: 1, Rejected: 1, Today: 2}
	if h := history(5, 1, mine, noon); h != want {
		t.Errorf("history is %+v, want %+v", h, want)
	}
	if h := history(0, 1, nil, noon); h.Known {
		t.Error("nothing binds two messages without an account")
	}
}

func TestHintsTellWhatAReaderMayMiss(t *testing.T) {
	t.Parallel()
	words := func(key int64) string {
		return map[int64]string{1: "Заменили лампу, фонарь горит.", 2: "ЗАМЕНИЛИ лампу, фонарь горит.", 3: "Готово"}[key]
	}
	photo := topic.Topic{Evidence: topic.Photo}
	for _, c := range []struct {
		name   string
		state  problem.State
		answer problem.Answer
		topic  topic.Topic
		want   []Hint
	}{
		{"a good answer", problem.State{}, problem.Answer{Outcome: problem.Done, Text: 1, Photos: []int64{9}}, photo, nil},
		{"done without a photo", problem.State{}, problem.Answer{Outcome: problem.Done, Text: 1}, photo, []Hint{NoPhotoAfter}},
		{"an interim one needs none", problem.State{}, problem.Answer{Outcome: problem.Done, Interim: true, Text: 1}, photo, nil},
		{"a topic that asks for none", problem.State{}, problem.Answer{Outcome: problem.Done, Text: 1}, topic.Topic{}, nil},
		{"the same words again", problem.State{Answers: []problem.Answer{{Num: 1, Text: 2}}}, problem.Answer{Num: 2, Text: 1}, topic.Topic{}, []Hint{SameAnswer}},
		{"one word", problem.State{}, problem.Answer{Text: 3}, topic.Topic{}, []Hint{VeryShort}},
		{"after its term", problem.State{Dues: problem.Dues{Work: at(0)}}, problem.Answer{Text: 1, At: at(time.Minute)}, topic.Topic{}, []Hint{LateAnswer}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := hints(c.state, c.answer, c.topic, words); !slices.Equal(got, c.want) {
				t.Errorf("hints are %v, want %v", got, c.want)
			}
		})
	}
}

func names(steps []step) []string {
	var list []string
	for _, s := range steps {
		list = append(list, s.name)
	}
	return list
}

func TestAVerdictIsItsCommandsInOrder(t *testing.T) {
	t.Parallel()
	state := problem.State{Topic: topic.Ref{ID: 7}, Messages: []problem.Message{{Num: 1, Text: 3, Photos: []int64{4, 5}}}, HiddenPhotos: []int64{5}}
	all := Hiding{Text: true, Photos: []int64{4, 5, 99}}
	if got, want := names(acceptance(state, Acceptance{Topic: 8, Hiding: all})), []string{"topic", "hide-text", "hide-photo-4", "accept"}; !slices.Equal(got, want) {
		t.Errorf("steps are %v, want %v", got, want)
	}
	if got := names(acceptance(state, Acceptance{Topic: 7})); !slices.Equal(got, []string{"accept"}) {
		t.Errorf("the same topic is no change: %v", got)
	}
	steps, err := refusal(state, Refusal{Clause: "2.1", Known: []string{"2.1"}})
	if got := names(steps); err != nil || !slices.Equal(got, []string{"reject"}) {
		t.Errorf("steps are %v, %v", got, err)
	}
	for _, clause := range []string{"", "9.9"} {
		if _, err := refusal(state, Refusal{Clause: clause, Known: []string{"2.1"}}); err == nil {
			t.Errorf("clause %q stands in no rules and was taken", clause)
		}
	}
}

func TestARetryPlansOnWhatTheModeratorSaw(t *testing.T) {
	t.Parallel()
	card := problem.Card{
		State: problem.State{Topic: topic.Ref{ID: 8}, HiddenTexts: []int64{3}, HiddenPhotos: []int64{4}, Messages: []problem.Message{{Text: 3, Photos: []int64{4}}}},
		Feed: []problem.Entry{
			{Event: problem.Event{Seq: 1, Data: problem.Sent{}}},
			{Event: problem.Event{Seq: 2, Data: problem.TopicChanged{From: topic.Ref{ID: 7}, To: topic.Ref{ID: 8}}}},
			{Event: problem.Event{Seq: 3, Data: problem.TextHidden{Text: 3}}},
			{Event: problem.Event{Seq: 4, Data: problem.PhotoHidden{Photo: 4}}},
		},
	}
	a := Acceptance{Topic: 8, Hiding: Hiding{Text: true, Photos: []int64{4}}}
	want := []string{"topic", "hide-text", "hide-photo-4", "accept"}
	if got := names(acceptance(asSeen(card, 1).State, a)); !slices.Equal(got, want) {
		t.Errorf("a retry plans %v, want %v", got, want)
	}
	if got := names(acceptance(asSeen(card, 4).State, a)); !slices.Equal(got, []string{"accept"}) {
		t.Errorf("who saw it done plans %v", got)
	}
	if got := len(Since(card, 2)); got != 2 {
		t.Errorf("since 2 there are %d entries, want 2", got)
	}
}

func TestThePaceLeavesOutPauses(t *testing.T) {
	t.Parallel()
	n, mean := Decided([]time.Time{noon.Add(20 * time.Second), noon, noon.Add(time.Hour), noon.Add(time.Hour + 10*time.Second)})
	if n != 4 || mean != 15*time.Second {
		t.Errorf("%d verdicts at %v each, want 4 at 15s", n, mean)
	}
}
