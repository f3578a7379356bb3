package problem

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"gorod/internal/city/deadline"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/routing"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// Workshop makes whole histories in memory, by the very functions that decide
// and fold when people do it: decide, apply, routing, deadline. It holds what
// they need to know of a city and reads no table. It is for loads of made-up
// problems, and safe for many goroutines.
type Workshop struct {
	city     place.City
	rules    deadline.Rules
	terms    deadline.Terms
	routes   routing.Rules
	topics   map[topic.ID]topic.Topic
	managers map[place.HouseID]org.ID
	plain    bool
}

// WorkshopOptions say how a Workshop works.
type WorkshopOptions struct {
	// Managers are the managing companies of houses, for routing.
	Managers map[place.HouseID]org.ID
	// Plain leaves out how each due date was computed (Dues.Steps): the dates
	// are the same, feeds are a third shorter.
	Plain bool
}

// Workshop reads what is in force in a city.
func (s *Service) Workshop(ctx context.Context, city int64, o WorkshopOptions) (*Workshop, error) {
	w := &Workshop{managers: o.Managers, plain: o.Plain, topics: map[topic.ID]topic.Topic{}}
	all, err := s.Topics.All(ctx, city)
	if err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	for _, t := range all {
		w.topics[t.ID] = t
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		if w.city, err = s.Places.CityIn(tx, city); err != nil {
			return err
		}
		if w.rules, w.terms, err = s.Deadlines.RulesIn(tx, city); err != nil {
			return fmt.Errorf("read terms: %w", err)
		}
		if w.routes, err = s.Routes.RulesIn(tx, city); err != nil {
			return fmt.Errorf("read routing: %w", err)
		}
		return nil
	})
	return w, err
}

// Act is a command with who gives it and when. Of a Send the place is Where,
// already found, and number and outside id are given with the command.
type Act struct {
	At      time.Time
	By      Actor
	Command Command
	Where   place.Place
}

// History is a problem that was made in a Workshop.
type History struct {
	ID      int64
	State   State
	events  []Event
	texts   []written
	joiners []joiner
	passed  Moment
	next    int64
	random  id.Source
}

type joiner struct {
	who    string
	person int64
	at     Moment
}

// HistoryKeys is how many keys a history takes at most, from its own on: the
// texts have those after it.
const HistoryKeys = 32

// Begin begins a history with a key; it uses that and the HistoryKeys-1 after
// it. Salts come from random.
func (w *Workshop) Begin(key int64, random io.Reader) *History {
	return &History{ID: key, State: State{Status: Draft}, next: key + 1, random: id.Source{Rand: random}}
}

// Do gives a command to a history. What the rules refuse is a fault, as it is
// to people; who may do what, limits and keys of retries are not asked for.
func (w *Workshop) Do(h *History, a Act) error {
	f, err := w.facts(h, a)
	if err != nil {
		return err
	}
	text, err := h.write(a)
	if err != nil {
		return err
	}
	f.Text = text
	changes, err := decide(h.State, a.Command, f)
	if err != nil {
		return err
	}
	var events []Event
	h.State, events = unfold(h.State, changes, f)
	h.events = append(h.events, events...)
	if join, ok := a.Command.(Join); ok {
		h.joiners = append(h.joiners, joiner{join.Key, a.By.Person, f.Now})
	}
	return nil
}

// write gives the words of a command a key and a commitment.
func (h *History) write(a Act) (TextRef, error) {
	body, signer := words(a.Command)
	if body == "" {
		return TextRef{}, nil
	}
	if h.next >= h.ID+HistoryKeys {
		return TextRef{}, fmt.Errorf("a history with more than %d texts", HistoryKeys-1)
	}
	text := written{key: h.next, resident: a.By.Part == AsAuthor || a.By.Part == AsJoined || isSend(a.Command),
		body: body, salt: h.random.Salt(), signer: signer}
	h.next++
	h.texts = append(h.texts, text)
	return text.ref(), nil
}

// facts are what circumstances are to Service.Do.
func (w *Workshop) facts(h *History, a Act) (Facts, error) {
	f := Facts{Now: moment(a.At), By: a.By, Silence: days(w.city.Settings.AutoCloseDays), AskAhead: days(w.city.Settings.AskBeforeCloseDays)}
	s := h.State
	switch c := a.Command.(type) {
	case Send:
		t, ok := w.topics[c.Topic]
		if !ok {
			return f, fault.Invalid.Field("topic", "problem.no_such_topic")
		}
		f.Topic, f.Place, f.UID, f.Number = t, Sent{Place: a.Where}, c.UID, c.Number
		return f, w.dues(t, a.At, nil, &f)
	case ChangeTopic:
		t, ok := w.topics[c.To]
		if !ok {
			return f, fault.Invalid.Field("topic", "problem.no_such_topic")
		}
		f.Topic = t
		return f, w.dues(t, s.LastMessage().At.Time(), nil, &f)
	case Accept:
		return f, w.accept(s, a, &f)
	case Ask:
		f.Until = moment(a.At.AddDate(0, 0, max(w.city.Settings.QuestionDays, 1)))
	case Reply, Lapse:
		pause := []deadline.Pause{{From: s.AskedAt.Time(), To: a.At}}
		return f, w.dues(w.topics[s.Topic.ID], s.LastMessage().At.Time(), pause, &f)
	case Dispute:
		return f, w.dues(w.topics[s.Topic.ID], a.At, nil, &f)
	case Reopen:
		return f, w.dues(w.topics[s.Topic.ID], a.At, nil, &f, deadline.Processing, deadline.Review)
	case Give:
		f.Topic = w.topics[s.Topic.ID]
		f.Review = moment(w.promise(f.Topic, a.At, nil, deadline.Review).Due)
	}
	return f, nil
}

func (w *Workshop) accept(s State, a Act, f *Facts) error {
	f.Topic = w.topics[s.Topic.ID]
	d, err := w.routes.Decide(routing.Ask{Topic: f.Topic, Place: s.Place, Manager: w.managers[s.Place.House], On: a.At.In(w.city.Zone)})
	if err != nil {
		return err
	}
	f.Routing = Routing{Executor: d.Executor, Coordinator: d.Coordinator, Controller: d.Controller, Rule: d.Rule, Version: d.Version}
	if len(s.Messages) > 1 && s.Routing.Executor != "" {
		f.Routing = s.Routing
	}
	return w.dues(f.Topic, a.At, nil, f, deadline.Processing, deadline.Review)
}

func (w *Workshop) promise(t topic.Topic, from time.Time, pauses []deadline.Pause, stages ...deadline.Stage) deadline.Promise {
	return w.rules.Promise(from, w.terms.Plan(termKey(t), deadline.DateOf(from, w.rules.Zone), stages...), pauses...)
}

func (w *Workshop) dues(t topic.Topic, from time.Time, pauses []deadline.Pause, f *Facts, stages ...deadline.Stage) error {
	if len(stages) == 0 {
		stages = deadline.Stages()
	}
	p := w.promise(t, from, pauses, stages...)
	f.Dues = datesOf(p)
	if w.plain {
		return nil
	}
	steps, err := json.Marshal(p)
	f.Dues.Steps = steps
	return err
}

// End says which moment the history was made until: of a promise that has passed
// by then it counts as told (TellPassed), so that the first run of that job
// does not tell of a whole city.
func (h *History) End(until time.Time) {
	s := h.State
	h.passed = 0
	if due := s.Due(); s.Status.Open() && s.Status != Answered && due != 0 && due < moment(until) {
		h.passed = due
	}
}

// Passed is the promise of which it counts as told that it passed, as PassedIn
// gives it.
func (h *History) Passed() Moment { return h.passed }

// Texts are what people wrote in the history, as PeekIn gives it.
func (h *History) Texts() []Text {
	list := make([]Text, len(h.texts))
	for i, t := range h.texts {
		list[i] = Text{ID: t.key, Body: t.body, Resident: t.resident, Signer: t.signer}
	}
	return list
}

// BulkTables are the tables that a load of histories fills: those whose indexes
// are better made afterwards.
func BulkTables() []string {
	return []string{"problem", "problem_event", "problem_text", "problem_joined"}
}

// BulkKept are the indexes of those tables that are better kept up to date
// while histories are loaded in the order of their sending into SQLite: their
// entries come at few places, or are few.
func BulkKept() []string {
	return []string{"problem_number", "problem_uid", "problem_new", "problem_queue", "problem_answered", "problem_executor", "problem_coordinator",
		"problem_disputed", "problem_sent_back", "problem_redirected", "problem_asked", "problem_passed", "problem_city_object", "problem_text_problem"}
}

// Sheaf is histories as rows, made ready apart from the database.
type Sheaf struct{ problems, events, texts, joiners [][]any }

// Add puts a history of a city.
func (b *Sheaf) Add(city int64, h *History) error {
	row, err := columnsOf(city, h.ID, h.State)
	if err != nil {
		return err
	}
	b.problems = append(b.problems, append(row, int64(h.passed)))
	for _, e := range h.events {
		row, err := eventColumns(city, h.ID, e)
		if err != nil {
			return err
		}
		b.events = append(b.events, row)
	}
	for i := range h.texts {
		row, err := textColumns(city, h.ID, &h.texts[i])
		if err != nil {
			return err
		}
		b.texts = append(b.texts, row)
	}
	for _, j := range h.joiners {
		b.joiners = append(b.joiners, []any{city, h.ID, j.who, j.person, int64(j.at)})
	}
	return nil
}

// LoadIn writes the rows of histories. Nobody is told: what lists, letters and
// statistics need is the loader's to make.
func (b *Sheaf) LoadIn(tx *sqldb.Tx) error {
	for _, t := range []struct {
		table   string
		columns []string
		rows    [][]any
	}{
		{"problem", append(columnNames[:], "passed"), b.problems}, {"problem_event", eventColumnNames(), b.events},
		{"problem_text", textColumnNames(), b.texts}, {"problem_joined", joinedColumnNames(), b.joiners},
	} {
		if err := tx.CopyIn(t.table, t.columns, t.rows); err != nil {
			return fmt.Errorf("load %s: %w", t.table, err)
		}
	}
	return nil
}

// Loading is a load of made-up histories: which keys it has, and how far it came.
type Loading struct {
	First, Last int64 // keys, Last excluded
	Number      int64 // first public number
	Plan        string
	Made        int64 // histories whose rows are written
	Stage       LoadStage
}

// LoadStage is what a load is about to do.
type LoadStage string

// The stages of a load.
const (
	LoadRows    LoadStage = "rows"
	LoadIndexes LoadStage = "indexes"
	LoadBoard   LoadStage = "board"
	LoadDone    LoadStage = "done"
)

// OpenLoad finds the load of a city that is not done; nil: there is none.
func (s *Service) OpenLoad(ctx context.Context, city int64) (*Loading, error) {
	var list []Loading
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = openLoads(tx, city)
		return err
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// Empty tells whether a city has no problem at all.
func (s *Service) Empty(ctx context.Context, city int64) (bool, error) {
	var keys []int64
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		keys, err = keysAfter(tx, city, 0, 1)
		return err
	})
	return len(keys) == 0, err
}

// BeginLoad reserves keys and public numbers for n histories and writes the
// load down. The plan is what was asked for, to be compared when it goes on.
func (s *Service) BeginLoad(ctx context.Context, city, n int64, plan string) (*Loading, error) {
	number, err := s.DB.Reserve(ctx, fmt.Sprintf("problem_number_%d", city), n)
	if err != nil {
		return nil, fmt.Errorf("reserve public numbers: %w", err)
	}
	first, err := s.DB.Reserve(ctx, "row", n*HistoryKeys)
	if err != nil {
		return nil, fmt.Errorf("reserve keys: %w", err)
	}
	load := &Loading{First: first, Last: first + n*HistoryKeys, Number: number, Plan: plan, Stage: LoadRows}
	return load, s.DB.Do(ctx, func(tx *sqldb.Tx) error { return insertLoad(tx, city, *load) })
}

// KeepLoadIn writes down how far a load came, in the transaction that brought
// it there.
func (s *Service) KeepLoadIn(tx *sqldb.Tx, city int64, l Loading) error {
	return updateLoad(tx, city, l)
}

// Sample gives the keys of about n problems of a city, spread over all of them.
func (s *Service) Sample(ctx context.Context, city int64, n int) ([]int64, error) {
	var keys []int64
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		first, last, err := keyRange(tx, city)
		if err != nil {
			return err
		}
		keys = keys[:0]
		for i := range int64(n) {
			at := first + int64(float64(last-first)*float64(i)/float64(max(n-1, 1)))
			next, err := keysAfter(tx, city, at-1, 1)
			if err != nil {
				return err
			}
			if len(next) > 0 && (len(keys) == 0 || keys[len(keys)-1] != next[0]) {
				keys = append(keys, next[0])
			}
		}
		return nil
	})
	return keys, err
}

// VerifySome is Verify of the problems with some keys.
func (s *Service) VerifySome(ctx context.Context, city int64, keys []int64) (flaws []Flaw, err error) {
	for from := 0; from < len(keys); from += slice {
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			for _, key := range keys[from:min(from+slice, len(keys))] {
				r, err := findByID(tx, city, key)
				if err != nil {
					return err
				}
				what, err := inspect(tx, city, r)
				if err != nil {
					return fmt.Errorf("problem %d: %w", r.state.Number, err)
				}
				for _, w := range what {
					flaws = append(flaws, Flaw{Number: r.state.Number, What: w})
				}
			}
			return nil
		})
		if err != nil {
			return flaws, err
		}
	}
	return flaws, nil
}
