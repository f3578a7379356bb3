package evaluate

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"gorod/internal/city/topic"
)

// told is a verdict on a message of topic final, of which first was proposed
// with probability p.
func told(final, first topic.ID, p float64) verdict {
	v := verdict{topic: final, chosen: final, first: first, p: p, at: at(2, 9, 0), words: 4, sure: 0.9}
	if final == first {
		v.place = 1
	}
	return v
}

func reportOf(list ...verdict) Report {
	e := exam{model: &witness{}, know: Habit, list: list}
	return e.report()
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestAccuracyCountsPlaces(t *testing.T) {
	t.Parallel()
	second := told(10, 11, 0.5)
	second.place = 2
	wrong := told(10, 11, 0.5)
	wrong.chosen = 12
	if r := reportOf(told(10, 10, 0.9), second, wrong, told(10, 0, 0)); r.Part != (Part{4, 0.25, 0.5}) || r.Chosen != 0.75 {
		t.Errorf("%+v, %v chosen rightly", r.Part, r.Chosen)
	}
}

// Topic 10: five messages, four found, one more claimed: F1 = 8 / (5 + 5).
// Topic 11: five messages, all found, one more claimed: F1 = 10 / (5 + 6).
// Topic 12 has four messages and does not count.
func TestMacroF1IsTheMeanOfTopicsWithEnoughMessages(t *testing.T) {
	t.Parallel()
	var list []verdict
	for range 4 {
		list = append(list, told(10, 10, 1), told(12, 12, 1))
	}
	list[1] = told(12, 10, 1)
	list = append(list, told(10, 11, 1))
	for range 5 {
		list = append(list, told(11, 11, 1))
	}
	r := reportOf(list...)
	if want := (0.8 + 10.0/11) / 2; !near(r.MacroF1, want) || r.MacroTopics != 2 {
		t.Errorf("macro-F1 %v of %d topics, want %v", r.MacroF1, r.MacroTopics, want)
	}
	if len(r.Topics) != 2 || r.Topics[0].Taken != 11 && r.Topics[0].Taken != 10 || r.Topics[0].TakenN != 1 {
		t.Errorf("worst topics %+v", r.Topics)
	}
}

// 30 messages make 15 bins of two. The lower 15 claim 0.5 and none is right:
// seven bins are 0.5 off, the upper seven claim 1 and are right, the middle one
// claims 0.75 and is right in half: 0.25 off.
func TestCalibrationErrorIsTheMeanDistanceOfBins(t *testing.T) {
	t.Parallel()
	var list []verdict
	for range 15 {
		list = append(list, told(10, 11, 0.5), told(10, 10, 1))
	}
	r := reportOf(list...)
	if want := (7*0.5 + 0.25) / 15; !near(r.ECE, want) || len(r.Reliability) != 15 {
		t.Errorf("error %v in %d bins, want %v", r.ECE, len(r.Reliability), want)
	}
	if b := r.Reliability[7]; b != (Claim{2, 0.75, 0.5}) {
		t.Errorf("the middle bin is %+v", b)
	}
	if r := reportOf(told(10, 10, 0.8)); !near(r.ECE, 0.2) || len(r.Reliability) != 1 {
		t.Errorf("of one message: %v in %d bins", r.ECE, len(r.Reliability))
	}
}

func TestWhatIsDecidedAloneGoesByTheModelsOwnThreshold(t *testing.T) {
	t.Parallel()
	// The threshold of the witness is 0.9: three are above, two of them right. In
	// hindsight 0.95 takes two, both right; with the third it is 2 of 3.
	r := reportOf(told(10, 10, 0.99), told(10, 10, 0.95), told(10, 11, 0.9), told(10, 10, 0.89), told(10, 0, 0))
	if !near(r.ShareAtP95, 0.6) || !near(r.PrecisionAtP95, 2.0/3) || !near(r.ShareAtP95Hindsight, 0.4) || r.Sure != 0.9 {
		t.Errorf("alone %v, right %v, in hindsight %v by %v", r.ShareAtP95, r.PrecisionAtP95, r.ShareAtP95Hindsight, r.Sure)
	}
	// Two with one probability stand or fall together.
	if r := reportOf(told(10, 10, 0.95), told(10, 11, 0.95)); r.ShareAtP95Hindsight != 0 {
		t.Errorf("half of a tie was taken: %v", r.ShareAtP95Hindsight)
	}
}

func TestTextsAreSortedByTheirWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, "!!! 🙂": 0, "яма": 1, "яма, 12к3": 2, "ул.Мира, д.5": 4, "а-б в": 3} {
		if got := words(text); got != want {
			t.Errorf("%q has %d words, want %d", text, got, want)
		}
	}
	var list []verdict
	for _, n := range []int{0, 2, 3, 5, 6, 10, 11, 20, 21, 500} {
		v := told(10, 10, 1)
		v.words = n
		list = append(list, v)
	}
	two := Part{2, 1, 1}
	if r := reportOf(list...); r.ByWords != (ByWords{two, two, two, two, two}) {
		t.Errorf("%+v", r.ByWords)
	}
}

func TestWeeksBeginOnMondays(t *testing.T) {
	t.Parallel()
	on := func(day, hour, minute int, first topic.ID) verdict {
		v := told(10, first, 1)
		v.at = at(day, hour, minute)
		return v
	}
	r := reportOf(on(9, 0, 0, 10), on(8, 23, 59, 10), on(2, 0, 0, 11))
	if len(r.Weeks) != 2 || r.Weeks[0] != (Week{"2026-11-02", Part{2, 0.5, 0.5}}) || r.Weeks[1] != (Week{"2026-11-09", Part{1, 1, 1}}) {
		t.Errorf("%+v", r.Weeks)
	}
}

func TestObjectsAreCountedByWhatWasProposed(t *testing.T) {
	t.Parallel()
	object := func(v verdict) verdict {
		w := &witness{}
		v.object, v.taken = w.ObjectOf(v.topic), w.ObjectOf(v.first)
		return v
	}
	r := reportOf(object(told(21, 21, 1)), object(told(21, 10, 1)), object(told(22, 21, 1)), object(told(10, 0, 0)))
	want := Confusion{[]topic.ID{2, 1, 0}, [][]int{{2, 1, 0}, {0, 0, 1}, {0, 0, 0}}}
	got, _ := json.Marshal(r.Objects)
	if body, _ := json.Marshal(want); string(got) != string(body) {
		t.Errorf("%s, want %s", got, body)
	}
}

func TestTheReportHasTheNamesThatWerePromised(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(reportOf(told(10, 11, 1)))
	if err != nil {
		t.Fatal(err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"n", "top1", "top3", "unseen", "macro_f1", "ece", "share_at_p95", "precision_at_p95", "share_at_p95_hindsight", "asked", "cpu_ms", "by_words", "weeks", "topics", "objects"} {
		if fields[name] == nil {
			t.Errorf("%s is missing in %s", name, body)
		}
	}
	for _, name := range []string{"n", "top1", "top3"} {
		if !strings.Contains(string(fields["unseen"]), `"`+name+`"`) {
			t.Errorf("unseen is %s", fields["unseen"])
		}
	}
	if !strings.HasPrefix(string(fields["by_words"]), `{"1-2":`) {
		t.Errorf("by_words is %s", fields["by_words"])
	}
}
