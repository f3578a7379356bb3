package suggest

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gorod/internal/city/topic"
)

// netLesson is a text ready for training.
type netLesson struct {
	words  []int32 // kinds of words, in their order
	class  int32
	weight float32
}

// wordKind is a word as training knows it.
type wordKind struct {
	key   uint64
	count int32
	ids   []uint32 // buckets of its stem and n-grams, until rows are given
	stem  int32    // row; -1: none
	grams []int32
}

// tensor is a matrix of weights that is trained by Adam.
type tensor struct {
	w, mean, square []float32
}

func newTensor(n int) tensor {
	return tensor{w: make([]float32, n), mean: make([]float32, n), square: make([]float32, n)}
}

// netTrainer trains a net. Whatever is added up is added in the same order on
// any number of workers.
type netTrainer struct {
	knobs   netKnobs
	seed    uint64
	classes int
	lessons []netLesson
	kinds   []wordKind
	found   map[uint64]int32 // by wordKey
	counts  []int32          // by bucket: texts that have it
	row     []int32          // by bucket
	workers int

	vectors, means []float32 // by row
	heat           []float32
	filters        tensor // netRow rows of netDim
	turned         []float32
	level          tensor
	out            tensor
	bias           tensor

	pool  crew
	texts []netText
	words []netWord
	local []int32 // by kind of word: its place in words
	links []link
	head  []int32 // by row: the first link
	rows  []int32 // touched rows
	step  int
	rate  float32
	coins coins
}

// netWord is a word of a batch, wherever in it it is written.
type netWord struct {
	kind   int32
	stem   bool
	vector [netDim]float32
	keep   [netDim]float32
	adds   []float32 // netRow
	slope  [netDim]float32
	uses   [][2]int32 // text and place
}

// netText is a text of a batch.
type netText struct {
	lesson *netLesson
	words  []int32 // places in words
	pooled [netPooled]float32
	keep   [netPooled]float32
	where  [netHeard]int32 // start of the loudest phrase
	sum    [netFilters]float32
	p      []float32
	slope  [netPooled]float32
	inner  []float32 // by word: the slope of its vector
}

// link says that a word of the batch uses a row.
type link struct {
	word, next int32
}

// coins is a quick source of chance (splitmix64).
type coins uint64

func (c *coins) next() uint64 {
	*c += 0x9e3779b97f4a7c15
	z := uint64(*c)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

func (c *coins) toss(p float64) bool { return float64(c.next()>>11)/(1<<53) < p }

// drop fills keep with noughts, in the share p, and what makes up for them.
func (c *coins) drop(keep []float32, p float64) {
	limit := uint64(p * 256)
	x := float32(1 / (1 - float64(limit)/256))
	var bits uint64
	for i := range keep {
		if i%8 == 0 {
			bits = c.next()
		}
		keep[i] = x
		if bits&255 < limit {
			keep[i] = 0
		}
		bits >>= 8
	}
}

// newNetTrainer reads lists of examples of topics (sorted).
// Stems and n-grams of all the lists are known to the net.
func newNetTrainer(o Options, knobs netKnobs, topics []topic.ID, lists ...[]Example) *netTrainer {
	t := &netTrainer{knobs: knobs, seed: o.Seed, workers: o.Workers, classes: len(topics), coins: coins(o.Seed*2 + 1)}
	for _, list := range lists {
		t.read(list, topics)
	}
	t.giveRows()
	t.start()
	return t
}

// restart forgets what was learned.
func (t *netTrainer) restart() {
	clear(t.means)
	clear(t.heat)
	t.step, t.coins = 0, coins(t.seed*2+1)
	t.start()
}

// run goes over the first n lessons so many times, at a rate that falls to
// nothing. Progress is told, after each pass, the share that is done.
func (t *netTrainer) run(ctx context.Context, n, passes int, rate float32, progress func(share float64)) error {
	t.pool = newCrew(t.workers)
	defer t.pool.dismiss()
	random := rand.New(rand.NewPCG(t.seed, uint64(7+t.step)))
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	all := float32(n * passes)
	for pass := range passes {
		random.Shuffle(n, func(i, j int) { order[i], order[j] = order[j], order[i] })
		for from := 0; from < n; from += t.knobs.batch {
			if err := ctx.Err(); err != nil {
				return fmt.Errorf("train: %w", err)
			}
			done := float32(pass*n+from) / all
			t.learn(order[from:min(from+t.knobs.batch, n)], t.knobs.rate*rate*(1-done))
		}
		progress(float64(pass+1) / float64(passes))
	}
	return nil
}

// start gives all weights their first, random values.
func (t *netTrainer) start() {
	random := rand.New(rand.NewPCG(t.seed, 6))
	for i := range t.vectors {
		t.vectors[i] = float32(random.NormFloat64()) * 0.1
	}
	t.filters, t.turned = newTensor(netRow*netDim), make([]float32, netRow*netDim)
	for width := 1; width <= netWidths; width++ {
		far := 1 / math.Sqrt(float64(width*netDim))
		from, to := firstSlot(width)*netFilters*netDim, firstSlot(width+1)*netFilters*netDim
		for i := from; i < to; i++ {
			t.filters.w[i] = float32((2*random.Float64() - 1) * far)
			t.turned[i%netDim*netRow+i/netDim] = t.filters.w[i]
		}
	}
	t.level, t.out, t.bias = newTensor(netHeard), newTensor(netPooled*t.classes), newTensor(t.classes)
	far := 1 / math.Sqrt(float64(netPooled))
	for i := range t.out.w {
		t.out.w[i] = float32((2*random.Float64() - 1) * far)
	}
	t.local = make([]int32, len(t.kinds))
	for i := range t.local {
		t.local[i] = -1
	}
	for i := range t.head {
		t.head[i] = -1
	}
	t.texts = make([]netText, t.knobs.batch)
	for i := range t.texts {
		t.texts[i].p = make([]float32, t.classes)
	}
}

// learn goes one step: what the texts of a batch teach.
func (t *netTrainer) learn(order []int, rate float32) {
	t.step++
	t.rate = rate * float32(math.Sqrt(1-math.Pow(fading, float64(t.step)))/(1-math.Pow(lasting, float64(t.step))))
	words := t.gather(order)
	texts := t.texts[:len(order)]
	t.pool.share(len(words), func(from, to int) {
		for i := from; i < to; i++ {
			t.voice(i)
		}
	})
	t.pool.share(len(texts), func(from, to int) {
		for i := from; i < to; i++ {
			t.hear(&texts[i], i)
		}
	})
	t.pool.share(netHeard, func(from, to int) {
		for f := from; f < to; f++ {
			t.moveFilter(texts, f)
		}
	})
	t.pool.share(netPooled, func(from, to int) {
		slope := make([]float32, t.classes)
		for i := from; i < to; i++ {
			t.moveOut(texts, i, slope)
		}
	})
	t.moveBias(texts)
	t.pool.share(len(words), func(from, to int) {
		for i := from; i < to; i++ {
			t.blame(&words[i])
		}
	})
	t.link(words)
	t.pool.share(len(t.rows), func(from, to int) {
		for _, r := range t.rows[from:to] {
			t.moveRow(r)
		}
	})
	for _, r := range t.rows {
		t.head[r] = -1
	}
}

// gather lists the words of a batch, each once.
func (t *netTrainer) gather(order []int) []netWord {
	n := 0
	for i, at := range order {
		text := &t.texts[i]
		text.lesson, text.words = &t.lessons[at], text.words[:0]
		for j, kind := range text.lesson.words {
			last := j == len(text.lesson.words)-1 && len(text.words) == 0
			if !last && t.coins.toss(t.knobs.dropWord) {
				continue
			}
			if t.local[kind] < 0 {
				if n == len(t.words) {
					t.words = append(t.words, netWord{adds: make([]float32, netRow)})
				}
				w := &t.words[n]
				w.kind, w.uses = kind, w.uses[:0]
				w.stem = t.kinds[kind].stem >= 0 && !t.coins.toss(t.knobs.dropStem)
				t.local[kind] = int32(n)
				n++
			}
			w := &t.words[t.local[kind]]
			w.uses = append(w.uses, [2]int32{int32(i), int32(len(text.words))})
			text.words = append(text.words, t.local[kind])
		}
	}
	for i := range n {
		t.local[t.words[i].kind] = -1
	}
	return t.words[:n]
}

// luck is the source of chance of one thing in one step.
func (t *netTrainer) luck(thing int) coins {
	return coins(t.seed ^ uint64(t.step)*0x9e3779b97f4a7c15 ^ uint64(thing)<<40)
}

// voice makes the vector of a word and what it adds to phrases.
func (t *netTrainer) voice(i int) {
	w := &t.words[i]
	kind := &t.kinds[w.kind]
	clear(w.vector[:])
	for _, r := range kind.grams {
		addTo(w.vector[:], t.vectors[int(r)*netDim:int(r+1)*netDim])
	}
	x := 1 / float32(max(1, len(kind.grams)))
	for d := range w.vector {
		w.vector[d] *= x
	}
	if w.stem {
		addTo(w.vector[:], t.vectors[int(kind.stem)*netDim:int(kind.stem+1)*netDim])
	}
	luck := t.luck(1 + i)
	luck.drop(w.keep[:], t.knobs.dropIn)
	for d := range w.vector {
		w.vector[d] *= w.keep[d]
	}
	project(t.turned, w.vector[:], w.adds)
}

// hear goes through one text, forth to its score and back to its words.
func (t *netTrainer) hear(x *netText, i int) {
	t.listen(x)
	luck := t.luck(-1 - i)
	luck.drop(x.keep[:], t.knobs.dropOut)
	for j := range x.pooled {
		x.pooled[j] *= x.keep[j]
	}
	copy(x.p, t.bias.w)
	addRows(x.p, t.out.w, x.pooled[:])
	softmax(x.p)
	smooth := t.knobs.smooth
	for c := range x.p {
		label := smooth / float32(t.classes)
		if int32(c) == x.lesson.class {
			label += 1 - smooth
		}
		x.p[c] = (x.p[c] - label) * x.lesson.weight / float32(t.knobs.batch)
	}
	for j := range x.slope {
		x.slope[j] = 0
		if x.keep[j] != 0 && (x.pooled[j] != 0 || j >= netHeard) {
			x.slope[j] = x.keep[j] * dot(t.out.w[j*t.classes:(j+1)*t.classes], x.p)
		}
	}
	t.goBack(x)
}

// listen is that of a net, and remembers where each phrase was loudest.
func (t *netTrainer) listen(x *netText) {
	clear(x.pooled[:])
	for width := 1; width <= netWidths; width++ {
		base := (width - 1) * netFilters
		loudest, where := x.pooled[base:base+netFilters], x.where[base:base+netFilters]
		for start := 1 - width; start < len(x.words); start++ {
			copy(x.sum[:], t.level.w[base:])
			for j := range width {
				if at := start + j; at >= 0 && at < len(x.words) {
					from := (firstSlot(width) + j) * netFilters
					addTo(x.sum[:], t.words[x.words[at]].adds[from:from+netFilters])
				}
			}
			louder(loudest, where, x.sum[:], int32(start))
		}
	}
	sum := x.pooled[netHeard:]
	for _, w := range x.words {
		addTo(sum, t.words[w].vector[:])
	}
	by := valueOf(1, len(x.words))
	for i := range sum {
		sum[i] *= by
	}
}

// goBack finds how the words of a text should have been.
func (t *netTrainer) goBack(x *netText) {
	n := len(x.words) * netDim
	x.inner = slices.Grow(x.inner[:0], n)[:n]
	by := valueOf(1, len(x.words))
	for j := range x.words {
		for d := range netDim {
			x.inner[j*netDim+d] = x.slope[netHeard+d] * by
		}
	}
	for f := range netHeard {
		if x.slope[f] == 0 {
			continue
		}
		width := f/netFilters + 1
		for j := range width {
			if at := int(x.where[f]) + j; at >= 0 && at < len(x.words) {
				row := (firstSlot(width)+j)*netFilters + f%netFilters
				addScaled(x.inner[at*netDim:(at+1)*netDim], t.filters.w[row*netDim:(row+1)*netDim], x.slope[f])
			}
		}
	}
}

// moveFilter moves the weights of one filter.
func (t *netTrainer) moveFilter(texts []netText, f int) {
	var slope [netWidths][netDim]float32
	level := float32(0)
	width := f/netFilters + 1
	for i := range texts {
		x := &texts[i]
		if x.slope[f] == 0 {
			continue
		}
		level += x.slope[f]
		for j := range width {
			if at := int(x.where[f]) + j; at >= 0 && at < len(x.words) {
				addScaled(slope[j][:], t.words[x.words[at]].vector[:], x.slope[f])
			}
		}
	}
	for j := range width {
		row := (firstSlot(width)+j)*netFilters + f%netFilters
		t.adam(&t.filters, row*netDim, slope[j][:])
		for d := range netDim {
			t.turned[d*netRow+row] = t.filters.w[row*netDim+d]
		}
	}
	t.adam(&t.level, f, []float32{level})
}

// moveOut moves what one thing that was heard says of the topics.
func (t *netTrainer) moveOut(texts []netText, i int, slope []float32) {
	clear(slope)
	for j := range texts {
		if v := texts[j].pooled[i]; v != 0 {
			addScaled(slope, texts[j].p, v)
		}
	}
	t.adam(&t.out, i*t.classes, slope)
}

func (t *netTrainer) moveBias(texts []netText) {
	slope := make([]float32, t.classes)
	for j := range texts {
		addTo(slope, texts[j].p)
	}
	t.adam(&t.bias, 0, slope)
}

// How long Adam remembers slopes and their squares.
const (
	lasting = 0.9
	fading  = 0.999
)

// adam moves the weights from a place on against their slope.
func (t *netTrainer) adam(x *tensor, at int, slope []float32) {
	n := at + len(slope)
	adam(x.w[at:n], x.mean[at:n], x.square[at:n], slope, &pace{1 - lasting, 1 - fading, t.rate / 2, 1e-8})
}

// blame adds up how a word should have been in all its places.
func (t *netTrainer) blame(w *netWord) {
	clear(w.slope[:])
	for _, use := range w.uses {
		x := &t.texts[use[0]]
		addTo(w.slope[:], x.inner[int(use[1])*netDim:int(use[1]+1)*netDim])
	}
	for d := range w.slope {
		w.slope[d] *= w.keep[d]
	}
}

// link lists for every row which words of the batch use it.
func (t *netTrainer) link(words []netWord) {
	t.links, t.rows = t.links[:0], t.rows[:0]
	add := func(row, word int32) {
		if t.head[row] < 0 {
			t.rows = append(t.rows, row)
		}
		t.links = append(t.links, link{word: word, next: t.head[row]})
		t.head[row] = int32(len(t.links) - 1)
	}
	for i := range words {
		kind := &t.kinds[words[i].kind]
		if words[i].stem {
			add(kind.stem, int32(i))
		}
		for _, r := range kind.grams {
			add(r, int32(i))
		}
	}
}

// moveRow moves the vector of a stem or an n-gram. Adam, with one square for
// the whole row; rows that are not used stay as they are.
func (t *netTrainer) moveRow(r int32) {
	var slope [netDim]float32
	for at := t.head[r]; at >= 0; at = t.links[at].next {
		w := &t.words[t.links[at].word]
		kind := &t.kinds[w.kind]
		if kind.stem == r {
			addTo(slope[:], w.slope[:])
		} else {
			addScaled(slope[:], w.slope[:], 1/float32(len(kind.grams)))
		}
	}
	square := dot(slope[:], slope[:]) / netDim
	t.heat[r] += (1 - fading) * (square - t.heat[r])
	by := t.rate / (float32(math.Sqrt(float64(t.heat[r]))) + 1e-8)
	vector, mean := t.vectors[int(r)*netDim:int(r+1)*netDim], t.means[int(r)*netDim:int(r+1)*netDim]
	follow(vector, mean, slope[:], 1-lasting, by)
}

// net rounds what was trained.
func (t *netTrainer) net() *net {
	n := &net{
		classes: t.classes, share: t.knobs.share, row: t.row, scale: make([]float32, len(t.heat)), vectors: make([]int8, len(t.vectors)),
		filters: slices.Clone(t.turned), level: slices.Clone(t.level.w), out: slices.Clone(t.out.w), bias: slices.Clone(t.bias.w),
	}
	for r := range n.scale {
		n.scale[r] = round(t.vectors[r*netDim:(r+1)*netDim], n.vectors[r*netDim:])
	}
	common := slices.Clone(t.kinds)
	slices.SortStableFunc(common, func(a, b wordKind) int {
		return cmp.Or(cmp.Compare(b.count, a.count), cmp.Compare(a.key, b.key))
	})
	common = common[:min(len(common), netCommon)]
	slices.SortFunc(common, func(a, b wordKind) int { return cmp.Compare(a.key, b.key) })
	n.voices = make([]int8, len(common)*netDim)
	vector := make([]float32, netDim)
	for i, kind := range common {
		clear(vector)
		for _, r := range kind.grams {
			n.addVector(vector, r, 1/float32(len(kind.grams)))
		}
		if kind.stem >= 0 {
			n.addVector(vector, kind.stem, 1)
		}
		n.hashes = append(n.hashes, kind.key)
		n.voiceScale = append(n.voiceScale, round(vector, n.voices[i*netDim:]))
	}
	n.prepare()
	return n
}

// round writes a vector in whole numbers of -127 to 127 times a scale.
func round(vector []float32, to []int8) (scale float32) {
	for _, v := range vector {
		scale = max(scale, float32(math.Abs(float64(v))))
	}
	scale = max(scale, 1e-6) / 127
	for i, v := range vector {
		to[i] = int8(math.Round(float64(v / scale)))
	}
	return scale
}
