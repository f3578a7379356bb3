package suggest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"

	"gorod/internal/city/topic"
)

// Example is a text whose topic is known.
type Example struct {
	Topic topic.ID
	Text  string
	// Weight is how much it counts; 0 means 1.
	Weight float64
}

// Options of Train. The zero value is what was measured to be best.
type Options struct {
	// Seed makes the order of the examples; the same seed, examples and options
	// give the same model, whatever the number of workers.
	Seed uint64
	// Judge are examples to calibrate on and to be judged by, newest last. When
	// nil a tenth of the examples, chosen by the seed, is taken for it. They join
	// the training after they have judged.
	Judge []Example
	// Apart keeps the judging examples out of the model for good.
	Apart bool
	// Passes over the examples; 0: as many as their number asks for, 4 to 20. The
	// net goes over them less often.
	Passes int
	// Workers is how many goroutines train; 0 means as many as there are cores.
	Workers int
	// Tree lets the model ask which object a problem is about; nil: it never asks.
	Tree Tree
	// Prior is how often a city hears of a topic, in natural logarithms, beside
	// one of usual frequency (0, also where nothing is said): knowledge of topics
	// for a city that has no messages yet, whose examples are as many for every
	// topic. It is no part of the calibration.
	Prior map[topic.ID]float64
	// Progress is told the share that is done, 0 to 1; nil: nobody asks.
	Progress func(share float64)

	// fresh is the message of an archive from which on its report judges; messages
	// before were seen by the model that it is compared with.
	fresh    int
	knobs    knobs
	netKnobs netKnobs
}

// knobs are what was tuned by measurement and nobody needs to turn again.
type knobs struct {
	rate     float32        // of Adagrad
	decay    float32        // by which weights shrink in a pass (L2)
	smooth   float32        // of the labels: residents and staff err too
	share    [kinds]float32 // of each kind of feature in a text
	minCount int            // texts that must have a feature
	maxRows  int            // features that are trained at most
	budget   int            // weights that are kept at most
	least    float32        // size below which a weight is not kept
}

func defaultKnobs() knobs {
	return knobs{
		rate: 0.5, decay: 0.005, smooth: 0,
		share:    [kinds]float32{words: 1, pairs: 0.6, grams: 1.3, habits: 0.6, places: 0.4, times: 0.2, crosses: 0.5},
		minCount: 2, maxRows: 150_000, budget: 2_300_000, least: 0.01,
	}
}

// batch is how many examples are scored before their corrections are applied.
// It is part of the result, unlike the number of workers.
const batch = 16

// Errors of Train.
var (
	errNoExamples = errors.New("fewer than two topics have examples")
)

// Train makes a model of examples and judges it on those held out. It gives
// ctx's error when it is called off; no model comes of fewer than two topics.
func Train(ctx context.Context, examples []Example, o Options) (*Model, Report, error) {
	o = o.defaults(len(examples))
	judge := o.Judge
	if judge == nil {
		examples, judge = holdOut(examples, o.Seed)
	}
	t, err := newTrainer(examples, judge, o)
	if err != nil {
		return nil, Report{}, err
	}
	n := t.netOf(examples, judge)
	t.total = t.efforts(n)
	if err := t.runAll(ctx, n, false); err != nil {
		return nil, Report{}, err
	}
	m := textModel(t.model(), o.Tree)
	m.net = n.made()
	report := m.calibrate(judge)
	report.Examples, report.Topics, report.Features = len(examples), len(t.topics), t.rows()
	if !o.Apart && len(judge) > 0 {
		if err := t.runAll(ctx, n, true); err != nil {
			return nil, Report{}, err
		}
		m.text, m.net, report.Examples = t.model(), n.made(), len(examples)+len(judge)
	}
	m.expect(o.Prior)
	m.prints = printsOf(examples)
	if !o.Apart {
		m.prints = printsOf(examples, judge)
	}
	report.Weights, report.Bytes = m.text.size, len(m.Encode())
	return m, report, nil
}

// textModel is a model that knows texts only, not yet judged.
func textModel(text linear, tree Tree) *Model {
	m := &Model{text: text}
	for level := range m.levels {
		m.levels[level] = judged{curve: straight(), limits: defaultLimits()}
	}
	m.plant(tree)
	return m
}

// The passes in which the judging examples join, at a part of the rate.
const (
	lastPasses = 2
	lastRate   = 0.4
)

func (o Options) defaults(examples int) Options {
	if o.Passes == 0 {
		o.Passes = min(20, max(4, 160_000/max(1, examples)))
	}
	if o.Workers == 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.knobs == (knobs{}) {
		o.knobs = defaultKnobs()
	}
	return o
}

// holdOut takes every tenth example, by the seed, out of a topic that can
// spare one.
func holdOut(examples []Example, seed uint64) (train, judge []Example) {
	order := rand.New(rand.NewPCG(seed, 1)).Perm(len(examples))
	left := map[topic.ID]int{}
	for _, e := range examples {
		left[e.Topic]++
	}
	out := make([]bool, len(examples))
	want := len(examples) / 10
	for _, i := range order {
		if want == 0 {
			break
		}
		if t := examples[i].Topic; left[t] >= 5 {
			left[t]--
			out[i] = true
			want--
		}
	}
	for i, e := range examples {
		if out[i] {
			judge = append(judge, e)
		} else {
			train = append(train, e)
		}
	}
	return train, judge
}

// lesson is an example ready for training.
type lesson struct {
	vector
	class  int32
	weight float32
}

// trainer is a softmax over the rows of a table: one row a feature, one column
// a topic. Each row has its own rate (Adagrad over the whole row, which takes
// a two hundredth of the memory of a rate for each weight).
type trainer struct {
	options Options
	topics  []topic.ID
	train   []lesson
	judge   []lesson
	row     []int32 // by bucket; -1: not trained
	bucket  []uint32
	weights []float32
	heat    []float32 // by row: the sum of squared gradients
	bias    []float32
	biasSum float32

	effort, total float64 // done and to do, in passes of this part

	pool crew
	work [batch]scratch
}

// scratch is what one example of a batch needs.
type scratch struct {
	rows []int32
	x    []float32
	p    []float32
	list []int32 // classes whose correction is worth applying
	heat float32
}

func newTrainer(examples, judge []Example, o Options) (*trainer, error) {
	t := &trainer{options: o, topics: topicsOf(examples, judge)}
	if len(t.topics) < 2 {
		return nil, errNoExamples
	}
	if len(t.topics) > maxTopics {
		return nil, fmt.Errorf("%d topics, at most %d are known apart", len(t.topics), maxTopics)
	}
	t.train, t.judge = t.lessons(examples), t.lessons(judge)
	t.prepare()
	return t, nil
}

// prepare makes the table for the lessons.
func (t *trainer) prepare() {
	t.chooseRows()
	k := len(t.topics)
	t.weights = make([]float32, t.rows()*k)
	t.heat = make([]float32, t.rows())
	t.bias = make([]float32, k)
	for i := range t.work {
		t.work[i].p = make([]float32, k)
	}
}

func topicsOf(lists ...[]Example) []topic.ID {
	var topics []topic.ID
	for _, list := range lists {
		for _, e := range list {
			topics = append(topics, e.Topic)
		}
	}
	slices.Sort(topics)
	return slices.Compact(topics)
}

func (t *trainer) rows() int { return len(t.bucket) }

func (t *trainer) lessons(examples []Example) []lesson {
	list := make([]lesson, len(examples))
	parallel(t.options.Workers, len(examples), func(from, to int) {
		var v vector
		for i := from; i < to; i++ {
			e := examples[i]
			class, _ := slices.BinarySearch(t.topics, e.Topic)
			v.read(e.Text)
			list[i] = lesson{vector: v.clone(), class: int32(class), weight: float32(e.Weight)}
			if e.Weight == 0 {
				list[i].weight = 1
			}
		}
	})
	return list
}

// chooseRows gives a row to every feature that enough texts have, the most
// frequent first where there are too many.
func (t *trainer) chooseRows() {
	counts := make([]int32, buckets)
	for _, list := range [][]lesson{t.train, t.judge} {
		for i := range list {
			for _, id := range list[i].ids {
				counts[id]++
			}
		}
	}
	for b, n := range counts {
		if n >= int32(t.options.knobs.minCount) {
			t.bucket = append(t.bucket, uint32(b))
		}
	}
	if limit := t.options.knobs.maxRows; len(t.bucket) > limit {
		slices.SortStableFunc(t.bucket, func(a, b uint32) int { return int(counts[b] - counts[a]) })
		t.bucket = t.bucket[:limit]
		slices.Sort(t.bucket)
	}
	t.row = make([]int32, buckets)
	for b := range t.row {
		t.row[b] = -1
	}
	for r, b := range t.bucket {
		t.row[b] = int32(r)
	}
}

// restart forgets what was learned.
func (t *trainer) restart() {
	clear(t.weights)
	clear(t.heat)
	clear(t.bias)
	t.biasSum = 0
}

// run goes over the lessons so many times, at a rate that falls to nothing.
func (t *trainer) run(ctx context.Context, list []lesson, passes int, rate float32, before int) error {
	t.pool = newCrew(t.options.Workers)
	defer t.pool.dismiss()
	random := rand.New(rand.NewPCG(t.options.Seed, uint64(2+before)))
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	for pass := range passes {
		random.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < len(order); from += batch {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("train: %w", err)
			}
			done := (float32(pass) + float32(from)/float32(len(order))) / float32(passes)
			t.step(list, order[from:min(from+batch, len(order))], t.options.knobs.rate*rate*(1-done))
		}
		t.shrink()
		t.effort++
		t.tell()
	}
	return nil
}

// tell tells the share that is done; a total of 0: somebody else counts.
func (t *trainer) tell() {
	if t.options.Progress != nil && t.total > 0 {
		t.options.Progress(min(1, t.effort/t.total))
	}
}

// step scores a batch and applies what it teaches. Examples are shared out for
// the first half, topics for the second, so that the sum of a weight is always
// taken in the same order.
func (t *trainer) step(list []lesson, order []int, rate float32) {
	t.pool.share(len(order), func(from, to int) {
		for i := from; i < to; i++ {
			t.score(&list[order[i]], &t.work[i])
		}
	})
	used := t.work[:len(order)]
	t.pool.share(len(t.topics), func(from, to int) {
		for i := range used {
			t.correct(&used[i], rate, int32(from), int32(to))
		}
	})
	for i := range used {
		w := &used[i]
		for j, r := range w.rows {
			t.heat[r] += w.x[j] * w.x[j] * w.heat
		}
		t.biasSum += w.heat
	}
}

// score makes the gradient of one example by its scores: p minus the label.
func (t *trainer) score(l *lesson, w *scratch) {
	k := len(t.topics)
	t.gather(l, w)
	t.add(w)
	softmax(w.p)
	smooth := t.options.knobs.smooth
	w.heat, w.list = 0, w.list[:0]
	for c := range w.p {
		label := smooth / float32(k)
		if int32(c) == l.class {
			label += 1 - smooth
		}
		g := (w.p[c] - label) * l.weight
		w.p[c] = 0
		// Late in training all but a few topics are left alone: half the time.
		if g > negligible || g < -negligible {
			w.p[c] = g
			w.heat += g * g
			w.list = append(w.list, int32(c))
		}
	}
}

const (
	negligible = 1e-3
	// denseFrom is the share of topics, as one of so many, from which on all of
	// them are corrected: eight side by side are as quick as two one by one.
	denseFrom = 5
)

// gather lists the trained features of an example with their values.
func (t *trainer) gather(l *lesson, w *scratch) {
	w.rows, w.x = w.rows[:0], w.x[:0]
	for kind := range kinds {
		ids := l.of(kind)
		x := valueOf(t.options.knobs.share[kind], len(ids))
		for _, id := range ids {
			if r := t.row[id]; r >= 0 {
				w.rows = append(w.rows, r)
				w.x = append(w.x, x)
			}
		}
	}
}

// valueOf is what each feature of a kind counts in a text that has n of them.
func valueOf(share float32, n int) float32 {
	if n == 0 {
		return 0
	}
	return share / float32(math.Sqrt(float64(n)))
}

// correct moves the weights of the topics from..to against the gradient.
func (t *trainer) correct(w *scratch, rate float32, from, to int32) {
	k := int32(len(t.topics))
	first, _ := slices.BinarySearch(w.list, from)
	last, _ := slices.BinarySearch(w.list, to)
	list := w.list[first:last]
	dense := len(w.list)*denseFrom >= int(k)
	for j, r := range w.rows {
		step := rate * w.x[j] / float32(math.Sqrt(float64(t.heat[r]+1e-2)))
		row := t.weights[int(r)*int(k) : int(r)*int(k)+int(k)]
		if dense {
			addScaled(row[from:to], w.p[from:to], -step)
			continue
		}
		for _, c := range list {
			row[c] -= step * w.p[c]
		}
	}
	step := 0.1 * rate / float32(math.Sqrt(float64(t.biasSum+1)))
	for _, c := range list {
		t.bias[c] -= step * w.p[c]
	}
}

// shrink is the L2 part, once a pass.
func (t *trainer) shrink() {
	keep := 1 - t.options.knobs.decay
	t.pool.share(len(t.weights), func(from, to int) {
		for i := from; i < to; i++ {
			t.weights[i] *= keep
		}
	})
}

// ahead is how many rows are asked for before they are added: they stand all
// over a table that is greater than any cache.
const ahead = 8

// add sums the rows of an example into its scores, four at a time: the scores
// are read and written once for all four.
func (t *trainer) add(w *scratch) {
	k := len(t.topics)
	copy(w.p, t.bias)
	row := func(j int) []float32 { return t.weights[int(w.rows[j])*k:][:k] }
	for j := range min(ahead, len(w.rows)) {
		await(row(j))
	}
	j := 0
	for ; j+4 <= len(w.rows); j += 4 {
		for i := j + ahead; i < min(j+ahead+4, len(w.rows)); i++ {
			await(row(i))
		}
		rows := [4][]float32{row(j), row(j + 1), row(j + 2), row(j + 3)}
		addFour(w.p[:k], &rows, (*[4]float32)(w.x[j:j+4]))
	}
	for ; j < len(w.rows); j++ {
		addScaled(w.p[:k], row(j), w.x[j])
	}
}

// softmax turns scores into probabilities, in place.
func softmax(s []float32) {
	top := slices.Max(s)
	var sum float32
	for i, v := range s {
		e := float32(math.Exp(float64(v - top)))
		s[i] = e
		sum += e
	}
	for i := range s {
		s[i] /= sum
	}
}

// parallel does independent work over 0..n in as many parts as workers.
func parallel(workers, n int, do func(from, to int)) {
	var wait sync.WaitGroup
	for i := range workers {
		wait.Go(func() { do(n*i/workers, n*(i+1)/workers) })
	}
	wait.Wait()
}
