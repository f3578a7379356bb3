package suggest

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Stored is a training of a city as the database keeps it.
type Stored struct {
	Version int64
	Created int64 // microseconds UTC
	Pack    int64 // version of the pack whose rows it learned
	Kept    bool  // false: judged and not promoted, or replaced long since
	Report  Report

	parts int64
}

// Lesson sizes.
const (
	// fewLessons is how many new decided messages make a new training worth the
	// while, and the least that can judge it.
	fewLessons = 50
	// maxLessons bounds what is learned from: the newest of them. 100,000 is
	// twice what was measured with.
	maxLessons = 100_000
	readSlice  = 1000
	// partSize keeps every transaction that writes a model short.
	partSize = 1 << 20
	// keepModels is how many promoted models are kept for the way back.
	keepModels = 5
	killedFor  = 24 * time.Hour
)

// Learned says what came of a training.
type Learned struct {
	Promoted bool
	Version  int64 // of the model that was trained; 0: there was nothing new
	Report   Report
	// Champion is how the model in use did on the same messages as the new one
	// (Report.Judged); of no messages where there was none.
	Champion Score
}

// LearnPack trains the model of a version of a city's pack, and of the city's
// decided messages where there are any, and makes it the current one. It is
// called when a pack has been loaded. Rows of fewer than two topics are an
// Invalid fault.
func (s *Service) LearnPack(ctx context.Context, city, pack int64) (Report, error) {
	m, err := s.material(ctx, city, pack)
	if err != nil {
		return Report{}, err
	}
	judge := m.judging(0)
	model, report, err := s.train(ctx, city, m, judge, nil)
	if err != nil {
		return Report{}, err
	}
	if _, err := s.save(ctx, city, pack, report, model); err != nil {
		return Report{}, err
	}
	return report, nil
}

// Learn trains a challenger on the pack and all decided messages, holds it and
// the model in use against the newest messages, which neither has seen, and
// promotes it if it is not worse. Without a model in use it is Missing: a pack
// comes first.
func (s *Service) Learn(ctx context.Context, city int64, progress func(share float64)) (Learned, error) {
	var champion Stored
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		version, err := pointer(tx, city)
		if err != nil || version == 0 {
			return err
		}
		champion, err = modelOf(tx, city, version)
		return err
	})
	if err != nil {
		return Learned{}, fmt.Errorf("find model in use: %w", err)
	}
	if champion.Version == 0 {
		return Learned{}, fault.Missing.New("suggest.no_model")
	}
	m, err := s.material(ctx, city, champion.Pack)
	if err != nil {
		return Learned{}, err
	}
	judge := m.judging(champion.Report.Until)
	if len(judge) == 0 {
		return s.learnOutdated(ctx, city, champion)
	}
	return s.challenge(ctx, city, champion, m, judge, progress)
}

// learnOutdated trains a city's model anew where there are no new messages to
// judge by, if this program cannot read the one in use any more.
func (s *Service) learnOutdated(ctx context.Context, city int64, champion Stored) (Learned, error) {
	held, err := s.load(ctx, city, nil)
	if err != nil || !held.outdated {
		return Learned{Report: champion.Report}, err
	}
	report, err := s.LearnPack(ctx, city, champion.Pack)
	if err != nil {
		return Learned{}, err
	}
	return Learned{Promoted: true, Report: report}, nil
}

func (s *Service) challenge(ctx context.Context, city int64, champion Stored, m material, judge []Message, progress func(float64)) (Learned, error) {
	held, err := s.load(ctx, city, nil)
	if err != nil {
		return Learned{}, err
	}
	model, report, err := s.train(ctx, city, m, judge, progress)
	if err != nil {
		return Learned{}, err
	}
	// A champion that another version of this program wrote says nothing any more.
	if held.model != nil {
		report.Champion = held.model.JudgeArchive(m.lessons[:len(m.lessons)-len(judge)], judge)
	}
	learned := Learned{Report: report, Champion: report.Champion}
	learned.Promoted = held.model == nil || notWorse(report.Judged, learned.Champion)
	if !learned.Promoted {
		model = nil
	}
	learned.Version, err = s.save(ctx, city, champion.Pack, report, model)
	return learned, err
}

// notWorse compares two models on the same messages. The log-loss sees the
// whole distribution and is steady on few messages; the first proposal is what
// people see and may not fall by more than one in a hundred.
func notWorse(challenger, champion Score) bool {
	if challenger.Top1 >= champion.Top1 && challenger.LogLoss <= champion.LogLoss {
		return true
	}
	return challenger.LogLoss < champion.LogLoss && challenger.Top1 >= champion.Top1-0.01
}

// material is what there is to learn from.
type material struct {
	rows    []Row
	lessons []Message // oldest first
}

func (s *Service) material(ctx context.Context, city, pack int64) (material, error) {
	var m material
	for after := int64(-1); ; {
		var slice []Row
		err := s.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
			slice, err = rowsAfter(tx, city, pack, after, readSlice)
			return err
		})
		if err != nil {
			return material{}, fmt.Errorf("read examples of pack %d: %w", pack, err)
		}
		m.rows = append(m.rows, slice...)
		if len(slice) < readSlice {
			break
		}
		after = slice[len(slice)-1].Num
	}
	if topics := m.topics(); len(topics) < 2 {
		return material{}, fault.Invalid.New("suggest.too_few_topics", len(topics))
	}
	return m, s.lessons(ctx, city, &m)
}

func (m material) topics() map[topic.ID]bool {
	topics := map[topic.ID]bool{}
	for _, r := range m.rows {
		topics[r.Topic] = true
	}
	return topics
}

// lessons reads the newest decided messages. Those whose topic the pack does
// not have any more are left out: such a topic must not be proposed.
func (s *Service) lessons(ctx context.Context, city int64, m *material) error {
	if s.Lessons == nil {
		return nil
	}
	topics := m.topics()
	for before := int64(0); len(m.lessons) < maxLessons; {
		var slice []Message
		err := s.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
			slice, err = s.Lessons.Decided(tx, city, before, readSlice)
			return err
		})
		if err != nil {
			return fmt.Errorf("read decided messages: %w", err)
		}
		for _, l := range slice {
			if topics[l.Topic] && l.Text != "" {
				m.lessons = append(m.lessons, l)
			}
		}
		if len(slice) < readSlice {
			break
		}
		before = slice[len(slice)-1].Problem
	}
	slices.Reverse(m.lessons)
	return nil
}

// judging are the newest lessons, a tenth of all, that came after a key: the
// model in use has learned everything up to it. None where they are too few.
func (m material) judging(after int64) []Message {
	first := len(m.lessons) - max(fewLessons, len(m.lessons)/10)
	for first >= 0 && first < len(m.lessons) && m.lessons[first].Problem <= after {
		first++
	}
	if first < 0 || len(m.lessons)-first < fewLessons {
		return nil
	}
	return m.lessons[first:]
}

// train learns all of the material and is judged by the end of its lessons, or,
// without any, by a tenth of the pack's sample messages: names and synonyms
// are not what residents write. Lessons enough also teach what author, place and
// time say.
func (s *Service) train(ctx context.Context, city int64, m material, judge []Message, progress func(float64)) (*Model, Report, error) {
	// What a training took goes back to the operating system at once: the next one
	// comes a day later.
	defer debug.FreeOSMemory()
	o := Options{Seed: s.Seed, Workers: s.Workers, Progress: progress}
	if s.Tree != nil {
		var err error
		if o.Tree, err = s.Tree(ctx, city); err != nil {
			return nil, Report{}, fmt.Errorf("read topics: %w", err)
		}
	}
	model, report, err := m.train(ctx, judge, o)
	if err != nil {
		return nil, Report{}, err
	}
	report.Lessons = len(m.lessons)
	if n := len(m.lessons); n > 0 {
		report.Until = m.lessons[n-1].Problem
	}
	return model, report, nil
}

func (m material) train(ctx context.Context, judge []Message, o Options) (*Model, Report, error) {
	if len(judge) == 0 && len(m.lessons) == 0 {
		return TrainPack(ctx, m.rows, o)
	}
	if o.Tree != nil {
		o.fresh = len(m.lessons) - len(judge)
		model, report, err := TrainArchive(ctx, Examples(m.rows), m.lessons, o.Tree, o)
		if !errors.Is(err, ErrShort) {
			return model, report, err
		}
	}
	o.Prior = priorOf(m.rows, len(m.lessons))
	if len(judge) == 0 {
		samples, examples := parted(m.rows)
		samples, o.Judge = holdOut(samples, o.Seed)
		return Train(ctx, slices.Concat(examples, samples, lessonsOf(m.lessons)), o)
	}
	o.Judge = lessonsOf(judge)
	return Train(ctx, slices.Concat(Examples(m.rows), lessonsOf(m.lessons[:len(m.lessons)-len(judge)])), o)
}

func lessonsOf(messages []Message) []Example {
	examples := make([]Example, len(messages))
	for i := range messages {
		examples[i] = messages[i].example()
	}
	return examples
}

// save writes a model in slices, then, in one short transaction, its row and
// the pointer. Killed before that, the model in use stays, and the slices are
// swept a day later. A model of nil leaves only its report.
func (s *Service) save(ctx context.Context, city, pack int64, report Report, model *Model) (int64, error) {
	stored := Stored{Pack: pack, Report: report}
	if err := s.DB.Do(ctx, func(tx *sqldb.Tx) (err error) {
		stored.Version, err = tx.NewID()
		return err
	}); err != nil {
		return 0, fmt.Errorf("number a model: %w", err)
	}
	if model != nil {
		n, err := s.saveParts(ctx, city, stored.Version, model.Encode())
		if err != nil {
			return 0, err
		}
		stored.parts = n
	}
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error { return finish(tx, city, stored) })
	if err != nil {
		return 0, fmt.Errorf("save model %d: %w", stored.Version, err)
	}
	s.forget(city)
	return stored.Version, nil
}

func (s *Service) saveParts(ctx context.Context, city, version int64, packed []byte) (int64, error) {
	n := 0
	for slice := range slices.Chunk(packed, partSize) {
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error { return insertPart(tx, city, version, n, slice) })
		if err != nil {
			return 0, fmt.Errorf("save part %d of model %d: %w", n, version, err)
		}
		n++
	}
	return int64(n), nil
}

// finish makes what was written the current model, if all of it is there.
func finish(tx *sqldb.Tx, city int64, stored Stored) error {
	have, err := countParts(tx, city, stored.Version)
	if err != nil {
		return err
	}
	if have != stored.parts {
		return fmt.Errorf("%d of its %d parts are there", have, stored.parts)
	}
	if err := insertModel(tx, city, stored); err != nil {
		return err
	}
	if stored.parts > 0 {
		if err := point(tx, city, stored.Version); err != nil {
			return err
		}
	}
	if err := sweepNews(tx, city, tx.Now().Add(-newsKept).UnixMicro()); err != nil {
		return err
	}
	return sweep(tx, city, keepModels, tx.Now().Add(-killedFor).UnixMicro())
}
