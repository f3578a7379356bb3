package suggest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"slices"
	"time"

	"gorod/internal/city/topic"
)

// ErrShort says that an archive is too short to learn from anything but texts.
var ErrShort = errors.New("the archive is too short")

// How a model is trained on an archive; ADR 9 has the figures. The archive is
// gone through in stages: each is judged by parts that were trained on what was
// sent before, and the forest learns from those judgements only.
const (
	// leastArchive is how many messages an archive needs.
	leastArchive = 2000
	// stageDays is how long a stage is, in days, and stagesMost how many there are
	// at most; the first stage begins when firstShare of all has been sent.
	stageDays, stagesMost, firstShare = 30, 3, 0.2
	// Both readers of the text are heard together: the linear one needs fewer
	// passes beside the net than the joint part does.
	textPasses, netStagePasses, jointPasses, coarsePasses = 4, 4, 5, 5
	// stageFades is how much less each older stage counts in the forest.
	stageFades  = 0.7
	jointRows   = 300_000
	jointBudget = 3_500_000
	// trainingRubbish is how much may lie about while an archive is learned, in per
	// cent of what is held.
	trainingRubbish = 20
	// gatherBlock is how many messages are looked up side by side.
	gatherBlock = 512
)

// TrainArchive makes a model of examples and of an archive of messages, oldest
// first, and judges it on the newest stage of the archive (30 days, or a quarter
// of it): that one is predicted by what came before, then joins the training,
// unless o.Apart keeps it out. tree may not be nil. ErrShort is given for fewer
// than 2,000 messages, and ctx's error when it is called off.
func TrainArchive(ctx context.Context, examples []Example, messages []Message, tree Tree, o Options) (*Model, Report, error) {
	if len(messages) < leastArchive {
		return nil, Report{}, fmt.Errorf("%d messages: %w", len(messages), ErrShort)
	}
	o = o.defaults(len(messages))
	o.Tree = tree
	// What is held is large and lives long: a collector that waits for as much
	// rubbish again would double the peak, beside a city that is being served.
	defer debug.SetGCPercent(debug.SetGCPercent(trainingRubbish))
	p, err := newCourse(examples, messages, o)
	if err != nil {
		return nil, Report{}, err
	}
	return p.run(ctx)
}

// course is the training on one archive.
type course struct {
	messages []Message
	wheres   []where
	memory   *memory
	counts   *counts
	model    *Model
	text     *trainer
	joint    *trainer
	object   *trainer
	category *trainer
	listener *netTrainer
	examples int // lessons that come before those of the messages
	ends     []int
	done     int // steps
	ledger   *ledger
	options  Options
}

func newCourse(examples []Example, messages []Message, o Options) (*course, error) {
	all := slices.Clone(examples)
	for i := range messages {
		all = append(all, messages[i].example())
	}
	topics := topicsOf(all)
	if len(topics) < 2 {
		return nil, errNoExamples
	}
	if len(topics) > maxTopics {
		return nil, fmt.Errorf("%d topics, at most %d are known apart", len(topics), maxTopics)
	}
	c := &course{messages: messages, examples: len(examples), options: o, ledger: newLedger(), wheres: make([]where, len(messages))}
	c.model = textModel(linear{topics: topics}, o.Tree)
	c.model.archive = &archive{joint: linear{topics: topics}, confused: newSteps()}
	c.memory, c.counts = newMemory(&c.model.branches), newCounts(&c.model.branches)
	c.stages()
	if len(c.ends) < 3 {
		return nil, fmt.Errorf("%d stages: %w", len(c.ends)-1, ErrShort)
	}
	c.prepare(all)
	return c, nil
}

// example is a message as its text teaches it.
func (m *Message) example() Example {
	e := Example{Topic: m.Topic, Text: m.Text, Weight: 1}
	if m.Corrected {
		e.Weight = correctedWeight
	}
	return e
}

// stages parts the archive: ends[i] is how many messages were sent before the
// end of stage i; what comes before the first stage is only learned.
func (c *course) stages() {
	n := len(c.messages)
	first, last := c.messages[0].At, c.messages[n-1].At
	length := min(stageDays*24*time.Hour, last.Sub(first)/4)
	c.ends = []int{n}
	for i := range stagesMost {
		from := last.Add(-length * time.Duration(i+1))
		end, _ := slices.BinarySearchFunc(c.messages, from, func(m Message, at time.Time) int { return m.At.Compare(at) })
		if float64(end) < firstShare*float64(n) || end == c.ends[0] {
			break
		}
		c.ends = slices.Insert(c.ends, 0, end)
	}
}

// prepare remembers all messages and makes the lessons of both linear parts.
func (c *course) prepare(all []Example) {
	c.rare()
	c.model.prints = printsOf(all)
	for i := range c.messages {
		c.wheres[i] = whereOf(&c.messages[i].Input)
		var s sign
		tokens, stems := tokenize(c.messages[i].Text)
		c.model.archive.rarity.sign(&s, tokens, stems)
		c.memory.add(0, &c.wheres[i], &s, c.model.known(&c.messages[i]))
	}
	full, short := make([]lesson, len(all)), make([]lesson, len(all))
	parallel(c.options.Workers, len(all), func(from, to int) {
		var t thought
		for i := from; i < to; i++ {
			e := &all[i]
			t.tokens, t.stems = tokenize(e.Text)
			t.take(t.tokens, t.stems)
			if n := i - c.examples; n >= 0 {
				c.model.archive.rarity.sign(&t.sight.sign, t.tokens, t.stems)
				c.memory.glance(&t.sight, &c.wheres[n], int32(n))
				c.model.branches.readContext(&t.vector, &t.glimpse, t.stems, &t.sight, &c.wheres[n])
			}
			l := lesson{vector: t.vector.clone(), class: int32(c.model.text.find(e.Topic)), weight: float32(e.Weight)}
			if e.Weight == 0 {
				l.weight = 1
			}
			full[i], short[i] = l, l
			short[i].vector = l.textOnly()
		}
	})
	c.text = c.trainer(short, c.options)
	c.listener = newNetTrainer(c.options, netKnobsOf(len(all)), c.model.text.topics, all)
	o := c.options
	o.knobs.maxRows, o.knobs.budget = jointRows, jointBudget
	c.joint = c.trainer(full, o)
	c.object = c.coarser(full, c.model.branches.object, c.model.branches.objects)
	c.category = c.coarser(full, c.model.branches.category, c.model.branches.categories)
}

func (c *course) trainer(lessons []lesson, o Options) *trainer {
	o.Progress = nil
	t := &trainer{options: o, topics: c.model.text.topics, train: lessons}
	t.prepare()
	return t
}

// rare counts how rare the terms of the archive are.
func (c *course) rare() {
	counts := map[uint32]int32{}
	var terms []uint32
	for i := range c.messages {
		tokens, stems := tokenize(c.messages[i].Text)
		terms = appendTerms(terms[:0], tokens, stems)
		for _, term := range terms {
			counts[term]++
		}
	}
	c.model.archive.texts = len(c.messages)
	c.model.archive.rarity = newRarity(len(c.messages), counts)
}

// run goes through the stages: learn what was sent before, predict the stage.
// The newest judges a forest of the others, and then joins them.
func (c *course) run(ctx context.Context) (*Model, Report, error) {
	last := len(c.ends) - 2
	var judge exam
	for i := range last + 1 {
		if err := c.learn(ctx, c.ends[i]); err != nil {
			return nil, Report{}, err
		}
		if i < last {
			c.collect(c.ends[i], c.ends[i+1], float32(math.Pow(stageFades, float64(last-i))), nil)
			continue
		}
		f, err := boost(ctx, c.ledger, c.options.Workers)
		if err != nil {
			return nil, Report{}, err
		}
		c.tell()
		c.model.archive.forest, c.model.archive.marks = f, c.marks(c.ends[i])
		judge = exam{first: c.ends[i], group: len(c.ledger.right), row: c.ledger.rows()}
		c.collect(c.ends[i], c.ends[i+1], 1, &judge)
	}
	report := c.examine(&judge)
	report.Examples, report.Topics, report.Features = c.examples+len(c.messages), len(c.model.text.topics), c.joint.rows()
	if c.options.Apart {
		c.keep()
	} else {
		if err := c.learn(ctx, len(c.messages)); err != nil {
			return nil, Report{}, err
		}
		c.keep()
		c.model.archive.marks = c.marks(len(c.messages))
		f, err := boost(ctx, c.ledger, c.options.Workers)
		if err != nil {
			return nil, Report{}, err
		}
		c.model.archive.forest = f
	}
	c.tell()
	report.Weights, report.Bytes = c.model.text.size+c.model.archive.joint.size, len(c.model.Encode())
	return c.model, report, nil
}

// keep makes the linear parts of what was learned.
func (c *course) keep() {
	c.model.text, c.model.archive.joint = c.text.model(), c.joint.model()
	c.model.archive.coarse = coarse{object: c.object.model(), category: c.category.model()}
	// The forest that is grown next needs the room.
	c.text, c.joint, c.object, c.category, c.listener = nil, nil, nil, nil, nil
}

// learn trains all parts on the examples and the first messages, from nothing:
// going on from the stage before would learn its messages by heart. Each part has
// one worker, so that none waits for another after each batch.
func (c *course) learn(ctx context.Context, messages int) error {
	n := c.examples + messages
	part := func(t *trainer, passes int) func() error {
		return func() error {
			t.options.Workers = 1
			t.restart()
			return t.run(ctx, t.train[:n], passes, 1, 0)
		}
	}
	listen := func() error {
		c.listener.workers = 1
		c.listener.restart()
		return c.listener.run(ctx, n, netStagePasses, 1, func(float64) {})
	}
	// The longest come first.
	errs := together(c.options.Workers, listen, part(c.joint, jointPasses), part(c.text, textPasses),
		part(c.object, coarsePasses), part(c.category, coarsePasses))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("first %d messages: %w", messages, err)
	}
	c.model.net = c.listener.net()
	c.tell()
	return nil
}

// together does things side by side, so many at a time.
func together(workers int, things ...func() error) []error {
	errs := make([]error, len(things))
	next := make(chan int, len(things))
	for i := range things {
		next <- i
	}
	close(next)
	workers = min(workers, len(things))
	parallel(workers, workers, func(int, int) {
		for i := range next {
			errs[i] = things[i]()
		}
	})
	return errs
}

// tell tells how much is done, in steps.
func (c *course) tell() {
	c.done++
	steps := len(c.ends) - 1 + 2
	if !c.options.Apart {
		steps++
	}
	if c.options.Progress != nil {
		c.options.Progress(min(1, float64(c.done)/float64(steps)))
	}
}

// marks counts how the places of the first messages were marked, by topic.
func (c *course) marks(messages int) [][pins]float32 {
	n := make([][pins]float64, len(c.model.text.topics))
	for i := range messages {
		if class := c.model.text.find(c.messages[i].Topic); class >= 0 {
			n[class][c.wheres[i].pin]++
		}
	}
	out := make([][pins]float32, len(n))
	for class := range n {
		all := n[class][OnBuilding] + n[class][NearBuilding] + n[class][FreePoint]
		for pin := OnBuilding; pin < pins; pin++ {
			out[class][pin] = logOf((n[class][pin] + 0.02) / (all + 0.06))
		}
	}
	return out
}

// topicOf is the topic of a class; -1 of one that is not known.
func (m *Model) topicOf(class int) topic.ID {
	if class < 0 {
		return -1
	}
	return m.text.topics[class]
}
