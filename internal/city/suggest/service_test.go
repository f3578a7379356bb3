package suggest_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), suggest.Migrations())

var background = context.Background()

// archive are the decided messages of cities, as package app gives them.
type archive map[int64][]suggest.Message

func (a archive) Decided(_ *sqldb.Tx, city, before int64, limit int) ([]suggest.Message, error) {
	var list []suggest.Message
	for _, l := range slices.Backward(a[city]) {
		if (before == 0 || l.Problem < before) && len(list) < limit {
			list = append(list, l)
		}
	}
	return list, nil
}

func (a archive) Sent(_ *sqldb.Tx, city, after int64, limit int) ([]suggest.Message, error) {
	var list []suggest.Message
	for _, l := range a[city] {
		if l.Problem > after && len(list) < limit {
			list = append(list, l)
		}
	}
	return list, nil
}

func (a archive) SentBefore(_ *sqldb.Tx, city int64, n int) (int64, error) {
	if at := len(a[city]) - n; at > 0 {
		return a[city][at-1].Problem, nil
	}
	return 0, nil
}

func treeOf(context.Context, int64) (suggest.Tree, error) { return parity{}, nil }

type bench struct {
	*suggest.Service
	clock   *sqldbtest.Clock
	archive archive
}

func setup(db *sqldb.DB) bench {
	b := bench{clock: sqldbtest.NewClock(sqldbtest.Start), archive: archive{}}
	b.Service = suggest.New(suggest.Service{DB: db.At(b.clock.Now), Lessons: b.archive, Tree: treeOf, Seed: 1, Workers: 2})
	return b
}

// again is another process on the same database.
func (b bench) again() bench {
	b.Service = suggest.New(suggest.Service{DB: b.DB, Lessons: b.archive, Tree: treeOf, Seed: 1, Workers: 2})
	return b
}

func (b bench) do(t *testing.T, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	must(t, b.DB.Do(background, fn))
}

func (b bench) load(t *testing.T, city, version int64, rows ...suggest.Row) {
	t.Helper()
	b.do(t, func(tx *sqldb.Tx) error { return b.Load(tx, city, version, rows...) })
}

// start gives a city its pack and its first model.
func (b bench) start(t *testing.T, city int64) {
	t.Helper()
	b.load(t, city, 1, rows()...)
	_, err := b.LearnPack(background, city, 1)
	must(t, err)
}

func (b bench) propose(t *testing.T, city int64, text string) suggest.Advice {
	t.Helper()
	a, err := b.Propose(background, city, suggest.Input{Text: text})
	must(t, err)
	return a
}

func (b bench) wantFirst(t *testing.T, city int64, text string, exp topic.ID) {
	t.Helper()
	a := b.propose(t, city, text)
	if len(a.Best) == 0 || a.Best[0].Topic != exp {
		t.Errorf("%q in city %d: %v, want %d first", text, city, a.Best, exp)
	}
}

// decide adds n decided messages to the archive of a city.
func (b bench) decide(city int64, n int, id topic.ID, text string) {
	for i := range n {
		key := int64(len(b.archive[city]) + 1)
		b.archive[city] = append(b.archive[city], suggest.Message{Problem: key, Topic: id, Input: suggest.Input{Text: fmt.Sprintf("%s %s", text, []string{"во дворе", "у дома", "опять", "давно"}[i%4])}})
	}
}

func TestACityWithoutAModelStopsNobody(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		if a := b.propose(t, 1, "яма"); a.Model != 0 || a.Best != nil || a.Shown != nil {
			t.Errorf("got %v", a)
		}
		words, err := b.Explain(background, 1, suggest.Input{Text: "яма"}, hole, 3)
		if words != nil || err != nil {
			t.Errorf("got %v, %v", words, err)
		}
		_, err = b.Learn(background, 1, nil)
		if f := fault.Of(err); !errors.Is(err, fault.Missing) || f.Phrase != "suggest.no_model" {
			t.Errorf("learning: %v", err)
		}
		_, err = b.LearnPack(background, 1, 1)
		if f := fault.Of(err); !errors.Is(err, fault.Invalid) || f.Phrase != "suggest.too_few_topics" {
			t.Errorf("learning a pack without rows: %v", err)
		}
		must(t, b.HandleLearn(background, job.Job{City: 1}))
	})
}

func TestAPackTeachesACityOnItsFirstDay(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		for name, b := range map[string]bench{"the process that learned": b, "another one": b.again()} {
			t.Log(name)
			b.wantFirst(t, 1, "Не светит фонарь", lamp)
			a := b.propose(t, 1, "Не светит фонарь")
			if a.Model == 0 || len(a.Shown) == 0 {
				t.Errorf("got %v", a)
			}
			words, err := b.Explain(background, 1, suggest.Input{Text: "у нас яма"}, hole, 1)
			must(t, err)
			if len(words) != 1 || words[0].Text != "яма" {
				t.Errorf("because of %v", words)
			}
		}
	})
}

func TestLoadingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.load(t, 1, 1, rows()...)
		one, err := b.LearnPack(background, 1, 1)
		must(t, err)
		b.load(t, 1, 1, rows()...)
		two, err := b.LearnPack(background, 1, 1)
		must(t, err)
		if one != two {
			t.Errorf("%v, then %v", one, two)
		}
		b.do(t, func(tx *sqldb.Tx) error { return b.Forget(tx, 1, 1) })
		if _, err := b.LearnPack(background, 1, 1); !errors.Is(err, fault.Invalid) {
			t.Errorf("rows that were forgotten: %v", err)
		}
		b.wantFirst(t, 1, "Не светит фонарь", lamp)
	})
}

func TestTwoCitiesKnowNothingOfEachOther(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		other := rows()
		for i := range other {
			other[i].Topic += 100
		}
		b.load(t, 2, 1, other...)
		_, err := b.LearnPack(background, 2, 1)
		must(t, err)
		b.wantFirst(t, 1, "яма", hole)
		b.wantFirst(t, 2, "яма", hole+100)
		b.do(t, func(tx *sqldb.Tx) error {
			must(t, b.Forget(tx, 2, 1))
			must(t, b.RecordIn(tx, 1, 7, suggest.Audit{Chosen: hole}))
			must(t, b.EraseIn(tx, 2, 7))
			_, found, err := b.AuditIn(tx, 1, 7)
			if !found {
				t.Error("city 2 erased a record of city 1")
			}
			return err
		})
		_, err = b.LearnPack(background, 1, 1)
		must(t, err)
	})
}

func TestDecidedMessagesAreLearned(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		before := b.propose(t, 1, "колдобина").Model

		b.decide(1, suggest.FewLessons-1, hole, "колдобина")
		got, err := b.Learn(background, 1, nil)
		must(t, err)
		if got.Version != 0 || got.Promoted {
			t.Errorf("too few lessons and yet %v", got)
		}

		b.decide(1, 2*suggest.FewLessons, hole, "колдобина")
		b.decide(1, 5, 999, "чего нет в дереве")
		got, err = b.Learn(background, 1, nil)
		must(t, err)
		if !got.Promoted || got.Report.Judged.N != suggest.FewLessons || got.Champion.N != suggest.FewLessons {
			t.Errorf("got %+v", got)
		}
		if got.Report.Judged.Top1 <= got.Champion.Top1 {
			t.Errorf("first %v, before %v", got.Report.Judged.Top1, got.Champion.Top1)
		}
		a := b.propose(t, 1, "колдобина")
		if a.Model == before || a.Model != got.Version || a.Best[0].Topic != hole {
			t.Errorf("got %v", a)
		}

		got, err = b.Learn(background, 1, nil)
		must(t, err)
		if got.Version != 0 {
			t.Errorf("nothing new and yet %v", got)
		}
	})
}

func TestAWorseModelIsNotPromoted(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		// What was decided long ago says the opposite of what is decided now.
		b.decide(1, 400, trash, "яма")
		b.decide(1, 60, hole, "яма")
		before := b.propose(t, 1, "яма").Model
		got, err := b.Learn(background, 1, nil)
		must(t, err)
		if got.Promoted || got.Version == 0 {
			t.Errorf("got %+v", got)
		}
		if a := b.propose(t, 1, "яма"); a.Model != before || a.Best[0].Topic != hole {
			t.Errorf("got %v", a)
		}
		list, current, err := b.Models(background, 1, 10)
		must(t, err)
		if len(list) != 2 || current != before {
			t.Fatalf("%d trainings, model %d", len(list), current)
		}
		if err := b.Use(background, 1, got.Version); !errors.Is(err, fault.Missing) || fault.Of(err).Phrase != "suggest.no_such_model" {
			t.Errorf("used although it was not kept: %v", err)
		}
	})
}

func TestAPromotionCanBeTakenBack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		old := b.propose(t, 1, "яма").Model
		changed := rows()
		for i := range changed {
			if changed[i].Topic == hole {
				changed[i].Topic = 77
			}
		}
		b.load(t, 1, 2, changed...)
		_, err := b.LearnPack(background, 1, 2)
		must(t, err)
		b.wantFirst(t, 1, "яма", 77)
		must(t, b.Use(background, 1, old))
		b.wantFirst(t, 1, "яма", hole)
	})
}

func TestAnotherProcessNoticesTheNewModel(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		other := b.again()
		old := other.propose(t, 1, "яма").Model
		_, err := b.LearnPack(background, 1, 1)
		must(t, err)
		if got := other.propose(t, 1, "яма").Model; got != old {
			t.Error("it looked before its time")
		}
		b.clock.Pass(11 * time.Second)
		if got := other.propose(t, 1, "яма").Model; got == old {
			t.Error("it did not notice")
		}
	})
}

func TestATrainingKilledBeforeItsPointerChangesNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		old := b.propose(t, 1, "яма").Model
		m, _ := train(t, small(), suggest.Options{Seed: 9})
		must(t, b.SaveOnlyParts(background, 1, 1<<40, m))

		after := b.again()
		if got := after.propose(t, 1, "яма").Model; got != old {
			t.Errorf("model %d, want %d", got, old)
		}
		if err := after.Use(background, 1, 1<<40); !errors.Is(err, fault.Missing) {
			t.Errorf("half a model is used: %v", err)
		}
		_, err := after.LearnPack(background, 1, 1)
		must(t, err)
		wantParts(t, b, 3) // somebody may still be writing it
		b.clock.Pass(25 * time.Hour)
		_, err = after.LearnPack(background, 1, 1)
		must(t, err)
		wantParts(t, b, 3) // three whole models, the half one is gone
		for range 4 {
			b.clock.Pass(time.Hour)
			_, err = after.LearnPack(background, 1, 1)
			must(t, err)
		}
		wantParts(t, b, 5) // the oldest two are gone too
		after.wantFirst(t, 1, "яма", hole)
	})
}

func wantParts(t *testing.T, b bench, exp int64) {
	t.Helper()
	must(t, b.DB.View(background, func(tx *sqldb.Tx) error {
		n, err := sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM suggest_part WHERE city = $1`, 1)
		if n != exp {
			t.Errorf("%d parts, want %d", n, exp)
		}
		return err
	}))
}

func TestADamagedModelLeavesTheOneInHand(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.start(t, 1)
		b.wantFirst(t, 1, "яма", hole)
		other := b.again()
		_, err := other.LearnPack(background, 1, 1)
		must(t, err)
		b.do(t, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE suggest_part SET bytes = $1 WHERE city = $2`, []byte("nonsense"), 1)
			return err
		})
		b.clock.Pass(time.Minute)
		b.wantFirst(t, 1, "яма", hole)
		if _, err := other.again().Propose(background, 1, suggest.Input{Text: "яма"}); err == nil {
			t.Error("a fresh process does not complain")
		}
	})
}

func TestTheAuditSaysWhatWasOfferedChosenAndCorrected(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		offered := []suggest.Proposal{{Topic: hole, P: 0.5}, {Topic: snow, P: 0.25}}
		find := func() (a suggest.Audit, found bool) {
			must(t, b.DB.View(background, func(tx *sqldb.Tx) (err error) {
				a, found, err = b.AuditIn(tx, 1, 7)
				return err
			}))
			return a, found
		}
		record := func(a suggest.Audit) {
			b.do(t, func(tx *sqldb.Tx) error { return b.RecordIn(tx, 1, 7, a) })
		}
		correct := func(problem int64, to topic.ID) {
			b.do(t, func(tx *sqldb.Tx) error { return b.CorrectedIn(tx, 1, problem, to) })
		}
		record(suggest.Audit{Model: 3, Offered: offered, Chosen: lamp, Manual: true})
		record(suggest.Audit{Model: 4, Chosen: hole}) // a retry changes nothing
		correct(8, hole)                              // no record, no matter
		a, found := find()
		if !found || a.Model != 3 || a.Chosen != lamp || !a.Manual || !slices.Equal(a.Offered, offered) ||
			a.At != sqldbtest.Start.UnixMicro() || a.CorrectedTo != 0 {
			t.Errorf("got %+v", a)
		}
		b.clock.Pass(time.Hour)
		correct(7, trash)
		if a, _ := find(); a.CorrectedTo != trash || a.CorrectedAt != sqldbtest.Start.Add(time.Hour).UnixMicro() {
			t.Errorf("got %+v", a)
		}
		news, err := json.Marshal(event.Event{City: 1, Subject: 7})
		must(t, err)
		must(t, b.HandleErase(background, job.Job{City: 1, Args: news}))
		if a, found := find(); found {
			t.Errorf("after erasure: %+v", a)
		}
	})
}

func TestTheAuditFollowsItsTransaction(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		undone := errors.New("the message was refused")
		err := b.DB.Do(background, func(tx *sqldb.Tx) error {
			must(t, b.RecordIn(tx, 1, 7, suggest.Audit{Chosen: hole}))
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		must(t, b.DB.View(background, func(tx *sqldb.Tx) error {
			_, found, err := b.AuditIn(tx, 1, 7)
			if found {
				t.Error("a record without its message")
			}
			return err
		}))
	})
}
