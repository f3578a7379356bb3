package problem

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
)

// day is the distance at which the tests' clock moves, in the feed's unit.
const day = Moment(24 * time.Hour / time.Microsecond)

// begin is a Friday evening in the feed's unit.
var begin = moment(time.Date(2026, 11, 20, 15, 42, 0, 0, time.UTC))

// commands has one sensible command of every verb.
func commands() []Command {
	soon := begin.Time().AddDate(1, 0, 0)
	return []Command{
		Send{Text: "яма", Photos: []int64{1}}, ChangeTopic{To: 2}, Ask{Text: "где именно?"}, Reply{Text: "у арки", Photos: []int64{2}},
		Lapse{}, Accept{}, Reject{Clause: "2.1", Text: "не видно"}, Withdraw{}, Redirect{Executor: "roads"},
		RequestRedirect{Reason: "не наша"}, DeclineRedirect{Reason: "ваша"}, Give{Org: "roads", Outcome: Done, Text: "сделали", Photos: []int64{3}},
		Give{Org: "roads", Interim: true, Text: "сделаем", Planned: soon}, SendBack{Text: "не то"}, Pass{}, Confirm{},
		ConfirmOnSpot{Text: "видел"}, CloseSilently{}, AskSolved{}, Dispute{Text: "не сделали"}, Reopen{Text: "проверили"},
		SetDue{Due: soon, Reason: "мороз"}, HideText{Text: 1, Reason: "брань"}, HidePhoto{Photo: 1, Reason: "лица"},
		ShowText{Text: 1, Reason: "ошиблись"}, ShowPhoto{Photo: 1, Reason: "ошиблись"}, Erase{},
		GiveContact{Contact: Contact{Email: "anna@example.org"}}, ForgetContact{}, Claim{}, Join{Key: "a:1"}, Leave{Key: "a:1"}, Note{Text: "позвонить"},
	}
}

// world gives the facts that a command meets: a clock that moves on and keys
// that are never used twice.
type world struct {
	now  Moment
	text int64
}

func (w *world) facts() Facts {
	w.text++
	return Facts{
		Now: w.now, By: Actor{Part: AsCity}, Text: TextRef{ID: w.text},
		Topic:   topic.Topic{Ref: topic.Ref{ID: topic.ID(w.text), Version: 1}, Public: true, Interim: true},
		Number:  24017,
		UID:     "u",
		Routing: Routing{Executor: "light", Coordinator: "works", Controller: "district", Rule: 112},
		Dues:    Dues{Moderation: w.now + day, Work: w.now + 11*day, Review: w.now + 12*day, Promised: w.now + 12*day},
		Until:   w.now + 5*day,
		Review:  w.now + day,
		Silence: 20 * int64(day), AskAhead: 3 * int64(day),
	}
}

// try gives a command and returns the state after it.
func (w *world) try(s State, c Command) (State, []Event, error) {
	f := w.facts()
	changes, err := decide(s, c, f)
	if err != nil {
		return s, nil, err
	}
	after, events := unfold(s, changes, f)
	return after, events, nil
}

// reach leads a fresh problem to a status by the commands named.
func reach(t *testing.T, list ...Command) State {
	t.Helper()
	w := &world{now: begin}
	s := State{Status: Draft}
	for _, c := range list {
		w.now += 30 * day
		var err error
		if s, _, err = w.try(s, c); err != nil {
			t.Fatalf("%s: %v", c.verb(), err)
		}
	}
	return s
}

func statusPaths() map[Status][]Command {
	sent := []Command{Send{Text: "яма", Photos: []int64{1}}}
	work := append(slices.Clone(sent), Accept{})
	answer := Give{Org: "roads", Outcome: Done, Text: "сделали"}
	interim := Give{Org: "roads", Interim: true, Text: "весной", Planned: begin.Time().AddDate(10, 0, 0)}
	answered := append(slices.Clone(work), answer, Pass{})
	with := func(base []Command, more ...Command) []Command { return append(slices.Clone(base), more...) }
	return map[Status][]Command{
		Draft: nil, Moderation: sent, Question: with(sent, Ask{Text: "?"}), Work: work, Interim: with(work, interim, Pass{}),
		Review: with(work, answer), Answered: answered, Rejected: with(sent, Reject{Clause: "2.1"}), Withdrawn: with(sent, Withdraw{}),
		Confirmed: with(answered, Confirm{}), Controlled: with(answered, ConfirmOnSpot{}), Silent: with(answered, CloseSilently{}),
	}
}

func TestEveryStatusCanBeReached(t *testing.T) {
	t.Parallel()
	for status, path := range statusPaths() {
		if got := reach(t, path...).Status; got != status {
			t.Errorf("the path to %s led to %s", status, got)
		}
	}
}

func TestTheTableDecidesWhatIsPossibleInEveryStatus(t *testing.T) {
	t.Parallel()
	for status, path := range statusPaths() {
		for _, c := range commands() {
			w := &world{now: begin + 3000*day}
			before := reach(t, path...)
			after, events, err := w.try(before, c)
			goals, listed := steps()[status][c.verb()]
			switch {
			case !listed && !errors.Is(err, fault.Closed):
				t.Errorf("%s in %s is not in the table, yet got %v", c.verb(), status, err)
			case !listed && len(events) != 0:
				t.Errorf("%s in %s was refused and left events", c.verb(), status)
			case listed && err == nil && !slices.Contains(goals, after.Status):
				t.Errorf("%s led from %s to %s; the table says %v", c.verb(), status, after.Status, goals)
			}
		}
	}
}

func TestEveryLineOfTheTableHasAReasonAndIsUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, line := range Table() {
		key := string(line.From) + "/" + string(line.Verb)
		if line.Why == "" || seen[key] || len(line.To) == 0 {
			t.Errorf("line %s", key)
		}
		seen[key] = true
	}
	for _, v := range Verbs() {
		if !slices.ContainsFunc(Table(), func(l Transition) bool { return l.Verb == v }) {
			t.Errorf("no status allows %s", v)
		}
	}
}

func TestARefusedDisputeLeavesTheAnswerStanding(t *testing.T) {
	t.Parallel()
	answered := statusPaths()[Answered]
	for _, end := range []Command{Reject{Clause: "2.1"}, Withdraw{}} {
		s := reach(t, append(slices.Clone(answered), Dispute{Text: "нет"}, end)...)
		if s.Status != Answered || s.Answers[0].Verdict != "passed" {
			t.Errorf("after %s the problem is %s", end.verb(), s.Status)
		}
		if s.Answered != s.Changed {
			t.Errorf("after %s the silence is counted from before the dispute", end.verb())
		}
	}
}

func TestAnInterimAnswerMovesOnlyTheShownDate(t *testing.T) {
	t.Parallel()
	work := reach(t, statusPaths()[Work]...)
	s := reach(t, statusPaths()[Interim]...)
	if s.Due() != s.Shown || s.Dues.Promised != work.Dues.Promised || s.Original != work.Original {
		t.Errorf("shown %v, promised %v, original %v", s.Due(), s.Dues.Promised, s.Original)
	}
	s = reach(t, append(statusPaths()[Interim], Give{Org: "roads", Outcome: Done, Text: "готово"}, Pass{})...)
	if s.Shown != 0 {
		t.Error("the planned date outlived the final answer")
	}
}

func TestARedirectKeepsTheEarlierOrganisationAndDropsAWaitingAnswer(t *testing.T) {
	t.Parallel()
	s := reach(t, append(statusPaths()[Review], Redirect{Executor: "bridges", Coordinator: "transport"})...)
	if s.Status != Work || s.Answers[0].Verdict != "dropped" {
		t.Errorf("%s, answer %q", s.Status, s.Answers[0].Verdict)
	}
	if !slices.Contains(s.Earlier, "roads") || !slices.Contains(s.Earlier, "works") || s.Routing.Executor != "bridges" {
		t.Errorf("earlier %v, now %v", s.Earlier, s.Routing)
	}
}

func TestAFinalAnswerReplacesTheInterimOneThatWaits(t *testing.T) {
	t.Parallel()
	interim := Give{Org: "roads", Interim: true, Text: "весной", Planned: begin.Time().AddDate(10, 0, 0)}
	s := reach(t, append(statusPaths()[Work], interim, Give{Org: "roads", Outcome: Done, Text: "готово"}, Pass{})...)
	if s.Status != Answered || s.Answers[0].Verdict != "dropped" || s.Answers[1].Verdict != "passed" {
		t.Errorf("%s, answers %+v", s.Status, s.Answers)
	}
}

func TestAnAnswerReturnedGoesBackToWhereItCameFrom(t *testing.T) {
	t.Parallel()
	final := Give{Org: "roads", Outcome: Done, Text: "готово"}
	for from, want := range map[Status]Status{Work: Work, Interim: Interim} {
		s := reach(t, append(statusPaths()[from], final, SendBack{Text: "нет фото"})...)
		if s.Status != want || s.Answers[len(s.Answers)-1].Verdict != "returned" {
			t.Errorf("from %s back to %s", from, s.Status)
		}
	}
}

func TestSilenceClosesOnlyAfterItsTermAndAsksBefore(t *testing.T) {
	t.Parallel()
	s := reach(t, statusPaths()[Answered]...)
	cases := []struct {
		after Moment
		c     Command
		ok    bool
	}{
		{17*day - 1, AskSolved{}, false}, {17 * day, AskSolved{}, true},
		{20*day - 1, CloseSilently{}, false}, {20 * day, CloseSilently{}, true},
	}
	for _, c := range cases {
		w := &world{now: s.Answered + c.after}
		if _, _, err := w.try(s, c.c); (err == nil) != c.ok {
			t.Errorf("%s after %d days: %v", c.c.verb(), c.after/day, err)
		}
	}
}

func TestAClosedProblemIsCountedByHowItEnded(t *testing.T) {
	t.Parallel()
	for status, solved := range map[Status]bool{Confirmed: true, Controlled: true, Silent: false, Rejected: false, Withdrawn: false} {
		s := reach(t, statusPaths()[status]...)
		if s.Status.Solved() != solved || s.Closed == 0 || s.Status.Open() {
			t.Errorf("%s: solved %v, closed %v", status, s.Status.Solved(), s.Closed)
		}
	}
}

func TestNobodySeesAMessageBeforeAModeratorHas(t *testing.T) {
	t.Parallel()
	want := map[Status]bool{Work: true, Interim: true, Review: true, Answered: true, Confirmed: true, Controlled: true, Silent: true}
	for status, path := range statusPaths() {
		if got := reach(t, path...).Visible(); got != want[status] {
			t.Errorf("%s: visible %v", status, got)
		}
	}
	disputed := reach(t, append(statusPaths()[Answered], Dispute{Text: "нет"})...)
	if !disputed.Visible() {
		t.Error("a disputed problem disappeared")
	}
}

func TestWhatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	past := begin.Time().AddDate(-1, 0, 0)
	byStaff := func(f *Facts) { f.By.Part = AsStaff }
	cases := []struct {
		name string
		s    State
		c    Command
		f    func(*Facts)
		want string
	}{
		{"an interim answer where the topic has none", reach(t, statusPaths()[Work]...), Give{Interim: true, Planned: past.AddDate(5, 0, 0)},
			func(f *Facts) { f.Topic.Interim, f.By.Part = false, AsStaff }, "problem.interim_not_allowed"},
		{"an interim answer without a date", reach(t, statusPaths()[Work]...), Give{Interim: true}, nil, "problem.planned_missing"},
		{"an interim answer planned for yesterday", reach(t, statusPaths()[Work]...), Give{Interim: true, Planned: past},
			func(f *Facts) { f.By.Part = AsStaff }, "problem.planned_in_the_past"},
		{"a refusal without a clause", reach(t, statusPaths()[Moderation]...), Reject{}, nil, "problem.clause_missing"},
		{"a redirect to nobody", reach(t, statusPaths()[Work]...), Redirect{}, nil, "problem.redirect_nowhere"},
		{"the same topic again", reach(t, statusPaths()[Moderation]...), ChangeTopic{To: 1}, func(f *Facts) { f.Topic.ID = 1 }, "problem.same_topic"},
		{"joining one's own problem", func() State { s := reach(t, statusPaths()[Work]...); s.Author = 7; return s }(), Join{Key: "p:7"},
			func(f *Facts) { f.By = Actor{Part: AsJoined, Person: 7} }, "problem.own_problem"},
		{"hiding another problem's text", reach(t, statusPaths()[Work]...), HideText{Text: 999}, nil, "problem.no_such_text"},
		{"hiding another problem's photo", reach(t, statusPaths()[Work]...), HidePhoto{Photo: 999}, nil, "problem.no_such_photo"},
		{"showing a text that is not hidden", reach(t, statusPaths()[Work]...), ShowText{Text: 1}, nil, "problem.no_such_text"},
		{"showing a photo that is not hidden", reach(t, statusPaths()[Work]...), ShowPhoto{Photo: 1}, nil, "problem.no_such_photo"},
		{"handing it to who has it", reach(t, statusPaths()[Work]...), Redirect{Executor: "light"}, byStaff, "problem.redirect_same"},
		{"naming all who have it", reach(t, statusPaths()[Work]...), Redirect{Executor: "light", Coordinator: "works", Controller: "district"}, byStaff, "problem.redirect_same"},
	}
	for _, c := range cases {
		w := &world{now: begin + 900*day}
		f := w.facts()
		if c.f != nil {
			c.f(&f)
		}
		_, err := decide(c.s, c.c, f)
		if got := fault.Of(err); got == nil || got.Phrase != c.want {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestAHandOverMayKeepTheExecutorAndChangeTheRest(t *testing.T) {
	t.Parallel()
	w := &world{now: begin + 900*day}
	for name, c := range map[string]Redirect{
		"another controller": {Executor: "light", Controller: "inspection"}, "another coordinator": {Executor: "light", Coordinator: "housing"},
		"the same with another date": {Executor: "light", Due: begin.Time().AddDate(3, 0, 0)},
	} {
		after, events, err := w.try(reach(t, statusPaths()[Work]...), c)
		if err != nil || len(events) != 1 || after.Routing.Executor != "light" {
			t.Errorf("%s: %v, executor %s", name, err, after.Routing.Executor)
		}
	}
}

func TestWhatWasHiddenIsShownAgain(t *testing.T) {
	t.Parallel()
	path := statusPaths()[Work]
	hidden := reach(t, append(path, HideText{Text: 1}, HidePhoto{Photo: 1})...)
	if len(hidden.HiddenTexts) != 1 || len(hidden.HiddenPhotos) != 1 {
		t.Fatalf("hidden: %v, %v", hidden.HiddenTexts, hidden.HiddenPhotos)
	}
	shown := reach(t, append(path, HideText{Text: 1}, HidePhoto{Photo: 1}, ShowText{Text: 1}, ShowPhoto{Photo: 1})...)
	if len(shown.HiddenTexts) != 0 || len(shown.HiddenPhotos) != 0 {
		t.Errorf("still hidden: %v, %v", shown.HiddenTexts, shown.HiddenPhotos)
	}
}

func TestEveryEntryThatACommandCausesHasItsSample(t *testing.T) {
	t.Parallel()
	known := News()
	for _, path := range statusPaths() {
		for _, c := range commands() {
			w := &world{now: begin + 3000*day}
			_, events, _ := w.try(reach(t, path...), c)
			for _, e := range events {
				if kind := NewsPrefix + KindOf(e.Data); !slices.Contains(known, kind) {
					t.Errorf("%s has no sample", kind)
				}
			}
		}
	}
}

func TestEveryKindOfEntryIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	for _, d := range samples() {
		kind, body, err := encode(d)
		if err != nil {
			t.Fatal(err)
		}
		back, err := decode(kind, feedVersion, body)
		if err != nil || !reflect.DeepEqual(back, d) {
			t.Errorf("%s came back as %#v, %v", kind, back, err)
		}
		if _, err := decode(kind, feedVersion+1, body); err == nil {
			t.Errorf("%s of an unknown version was read", kind)
		}
		if causeOf(d) == DoNote && kind != "noted" {
			t.Errorf("%s has no cause", kind)
		}
	}
}

// FuzzCommands gives random commands in a random order: no sequence reaches a
// step that the table does not have, what was refused changes nothing, and
// folding the feed gives the state.
func FuzzCommands(f *testing.F) {
	f.Add(uint64(1), 40)
	f.Add(uint64(20261120), 200)
	f.Fuzz(func(t *testing.T, seed uint64, length int) {
		r := rand.New(rand.NewPCG(seed, 7))
		w := &world{now: begin}
		s := State{Status: Draft}
		var feed []Event
		for range min(max(length, 0), 300) {
			w.now += Moment(r.Int64N(int64(25 * day)))
			list := commands()
			c := list[r.IntN(len(list))]
			before, _ := json.Marshal(s)
			after, events, err := w.try(s, c)
			if err != nil {
				if now, _ := json.Marshal(s); string(now) != string(before) {
					t.Fatalf("%s was refused and changed the state", c.verb())
				}
				continue
			}
			feed = append(feed, events...)
			s = after
		}
		if flaws := inspectFeed(feed); len(flaws) > 0 {
			t.Fatal(flaws)
		}
		want, _ := json.Marshal(s)
		if got, _ := json.Marshal(fold(feed)); string(got) != string(want) {
			t.Fatalf("the feed tells\n%s\nthe state is\n%s", got, want)
		}
	})
}

func FuzzDecode(f *testing.F) {
	for _, d := range samples() {
		kind, body, _ := encode(d)
		f.Add(string(kind), body)
	}
	f.Fuzz(func(t *testing.T, kind, body string) {
		d, err := decode(Kind(kind), feedVersion, body)
		if err == nil && d.kind() != Kind(kind) {
			t.Fatalf("%s was read as %s", kind, d.kind())
		}
	})
}
