package suggest

import (
	"context"
	"fmt"
	"slices"
)

// How a forest is grown; ADR 9 has the figures.
const (
	forestTrees  = 160
	forestLeaves = 16
	forestRate   = 0.08
	leastHess    = 4.0 // second derivatives that a leaf needs
	lambda       = 4.0 // by which the values of leaves are shrunk
	leastGain    = 1e-3
	cutSample    = 20_000 // rows that cuts are read off
	aloneRows    = 2000   // a node of fewer rows is summed by one worker
	treeShare    = 2      // each tree learns from one message of so many
)

// ledger is what a forest learns from: rows are candidates, groups are messages.
type ledger struct {
	pages  [][]float32 // pageRows rows each, so that none moves as the ledger grows
	count  int         // rows
	group  []int32     // first row of each group, and the end
	right  []int32     // row of the right topic, by group; -1: not among them
	weight []float32   // by group
}

func newLedger() *ledger { return &ledger{group: []int32{0}} }

// pageRows is how many rows stand on a page.
const pageRows = 4096

func (l *ledger) rows() int { return l.count }

// row gives the values of a row.
func (l *ledger) row(r int) []float32 {
	at := r % pageRows * features
	return l.pages[r/pageRows][at : at+features]
}

// add appends whole rows.
func (l *ledger) add(values []float32) {
	for row := range slices.Chunk(values, features) {
		if l.count%pageRows == 0 {
			l.pages = append(l.pages, make([]float32, pageRows*features))
		}
		l.count++
		copy(l.row(l.count-1), row)
	}
}

// bounds is where the values of feature f begin and end a bin.
func (l *ledger) cuts(f int) []float32 {
	n := l.rows()
	var list []float32
	for r := 0; r < n; r += max(1, n/cutSample) {
		list = append(list, l.row(r)[f])
	}
	slices.Sort(list)
	var cuts []float32
	if differ := slices.Compact(slices.Clone(list)); len(differ) <= bins {
		for i := 0; i+1 < len(differ); i++ {
			cuts = append(cuts, (differ[i]+differ[i+1])/2)
		}
		return cuts
	}
	for b := 1; b < bins; b++ {
		if v := list[len(list)*b/bins]; len(cuts) == 0 || v > cuts[len(cuts)-1] {
			cuts = append(cuts, v)
		}
	}
	return cuts
}

// grower grows a forest over a ledger.
type grower struct {
	*ledger
	workers    int
	data       []uint8 // bins, row by row
	score      []float32
	grad, hess []float32
}

// boost grows a forest. The same ledger gives the same forest, whatever the
// number of workers.
func boost(ctx context.Context, l *ledger, workers int) (forest, error) {
	n := l.rows()
	f := forest{cuts: make([][]float32, features)}
	parallel(workers, features, func(from, to int) {
		for k := from; k < to; k++ {
			f.cuts[k] = l.cuts(k)
		}
	})
	g := &grower{ledger: l, workers: workers, data: make([]uint8, n*features), score: make([]float32, n), grad: make([]float32, n), hess: make([]float32, n)}
	parallel(workers, n, func(from, to int) {
		for r := from; r < to; r++ {
			row := l.row(r)
			for k, v := range row {
				g.data[r*features+k] = binOf(f.cuts[k], v)
			}
			g.score[r] = startOf(row)
		}
	})
	for range forestTrees {
		if err := ctx.Err(); err != nil {
			return forest{}, fmt.Errorf("grow forest: %w", err)
		}
		g.gradients()
		t := g.grow(len(f.trees))
		f.trees = append(f.trees, t)
		parallel(workers, n, func(from, to int) {
			for r := from; r < to; r++ {
				g.score[r] += t.of(g.data[r*features : (r+1)*features])
			}
		})
	}
	return f, nil
}

// gradients are those of the softmax over the candidates of each message.
func (g *grower) gradients() {
	parallel(g.workers, len(g.group)-1, func(from, to int) {
		for i := from; i < to; i++ {
			a, b := g.group[i], g.group[i+1]
			p, weight := g.grad[a:b], g.weight[i]
			if len(p) == 0 {
				continue
			}
			copy(p, g.score[a:b])
			softmax(p)
			if g.right[i] < 0 {
				weight = 0
			}
			for j, q := range p {
				g.hess[int(a)+j] = weight * max(q*(1-q), 1e-6)
				if a+int32(j) == g.right[i] {
					q--
				}
				p[j] = weight * q
			}
		}
	})
}

// sums are those of the derivatives of some rows.
type sums struct{ g, h float32 }

// bud is a leaf that may be split.
type bud struct {
	node    int16
	rows    []int32
	hist    []sums // by feature and bin
	g, h    float64
	gain    float64
	feature int
	bin     int
}

// chosen are the rows of the messages that a tree learns from.
func (g *grower) chosen(tree int) []int32 {
	rows := make([]int32, 0, g.rows()/treeShare+g.rows()/16)
	for i := range len(g.group) - 1 {
		h := (uint64(i)*uint64(forestTrees) + uint64(tree)) * 0x9e3779b97f4a7c15
		if h>>33%treeShare != 0 {
			continue
		}
		for r := g.group[i]; r < g.group[i+1]; r++ {
			rows = append(rows, r)
		}
	}
	return rows
}

// grow makes one tree, always splitting the leaf that gains most.
func (g *grower) grow(number int) tree {
	rows := g.chosen(number)
	t := tree{{feature: -1}}
	root := &bud{rows: rows}
	g.fill(root)
	root.split()
	open := []*bud{root}
	for len(open) < forestLeaves {
		best := -1
		for i, b := range open {
			if b.gain > leastGain && (best < 0 || b.gain > open[best].gain) {
				best = i
			}
		}
		if best < 0 {
			break
		}
		b := open[best]
		left, right := g.part(b)
		left.node, right.node = int16(len(t)), int16(len(t)+1)
		t[b.node] = node{feature: int16(b.feature), bin: uint8(b.bin), left: left.node, right: right.node}
		t = append(t, node{feature: -1}, node{feature: -1})
		open[best] = left
		open = append(open, right)
	}
	for _, b := range open {
		t[b.node].value = float32(-b.g/(b.h+lambda)) * forestRate
	}
	return t
}

// part splits a bud. The sums of the greater half are those of all without the
// smaller.
func (g *grower) part(b *bud) (left, right *bud) {
	other := make([]int32, 0, len(b.rows)/2)
	kept := b.rows[:0]
	for _, r := range b.rows {
		if g.data[int(r)*features+b.feature] <= uint8(b.bin) {
			kept = append(kept, r)
		} else {
			other = append(other, r)
		}
	}
	left, right = &bud{rows: kept}, &bud{rows: other}
	small, big := left, right
	if len(kept) > len(other) {
		small, big = right, left
	}
	g.fill(small)
	big.hist = b.hist
	for i, s := range small.hist {
		big.hist[i].g -= s.g
		big.hist[i].h -= s.h
	}
	big.g, big.h = b.g-small.g, b.h-small.h
	left.split()
	right.split()
	return left, right
}

// fill sums the derivatives of the rows of a bud by feature and bin. Features
// are shared out, so that every sum is always taken in the same order.
func (g *grower) fill(b *bud) {
	b.hist = make([]sums, features*bins)
	workers := g.workers
	if len(b.rows) < aloneRows {
		workers = 1
	}
	parallel(workers, features, func(from, to int) {
		if from == to {
			return
		}
		for _, r := range b.rows {
			grad, hess := g.grad[r], g.hess[r]
			row := g.data[int(r)*features+from : int(r)*features+to]
			for k, v := range row {
				s := &b.hist[(from+k)*bins+int(v)]
				s.g += grad
				s.h += hess
			}
		}
	})
	for _, s := range b.hist[:bins] {
		b.g += float64(s.g)
		b.h += float64(s.h)
	}
}

// split finds the question that gains most.
func (b *bud) split() {
	b.gain = 0
	base := b.g * b.g / (b.h + lambda)
	for f := range features {
		var g, h float64
		for bin, s := range b.hist[f*bins : f*bins+bins-1] {
			g += float64(s.g)
			h += float64(s.h)
			rest, restH := b.g-g, b.h-h
			if h < leastHess || restH < leastHess {
				continue
			}
			if gain := g*g/(h+lambda) + rest*rest/(restH+lambda) - base; gain > b.gain {
				b.gain, b.feature, b.bin = gain, f, bin
			}
		}
	}
}
