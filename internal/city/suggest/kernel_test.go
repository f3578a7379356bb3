package suggest

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestRowsAreAddedAsPlainGoAddsThem(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	list := listsOf(r)
	for n := range 40 {
		sums, by := list(n), [4]float32(list(4))
		rows := [4][]float32{list(n), list(n), list(n), list(n)}
		exp := make([]float32, n)
		for i := range exp {
			exp[i] = sums[i] + (float32(float32(by[0]*rows[0][i])+float32(by[1]*rows[1][i])) + float32(float32(by[2]*rows[2][i])+float32(by[3]*rows[3][i])))
			exp[i] += float32(by[0] * rows[1][i])
		}
		addFour(sums, &rows, &by)
		addScaled(sums, rows[1], by[0])
		for i := range exp {
			if sums[i] != exp[i] {
				t.Fatalf("%d of %d: %v, want %v", i, n, sums[i], exp[i])
			}
		}
	}
}

func listsOf(r *rand.Rand) func(n int) []float32 {
	return func(n int) []float32 {
		l := make([]float32, n)
		for i := range l {
			l[i] = float32(r.NormFloat64())
		}
		return l
	}
}

func TestWeightsMoveAsPlainGoMovesThem(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	list := listsOf(r)
	for n := range 40 {
		w, mean, square, slope := list(n), list(n), list(n), list(n)
		for i := range square {
			square[i] *= square[i]
		}
		p := &pace{0.1, 0.001, 0.003, 1e-8}
		exp := [3][]float32{slices.Clone(w), slices.Clone(mean), slices.Clone(square)}
		adamPlain(exp[0], exp[1], exp[2], slope, p)
		adam(w, mean, square, slope, p)
		followPlain(exp[0], exp[1], slope, 0.1, 0.5)
		follow(w, mean, slope, 0.1, 0.5)
		for k, got := range [][]float32{w, mean, square} {
			if !slices.Equal(got, exp[k]) {
				t.Fatalf("%d of %d: %v, want %v", k, n, got, exp[k])
			}
		}
	}
}

func TestTheLoudestIsWhatPlainGoFinds(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	list := listsOf(r)
	for n := range 40 {
		loudest, sum, where := list(n), list(n), make([]int32, n)
		exp, at := slices.Clone(loudest), slices.Clone(where)
		louderPlain(exp, at, sum, -2)
		louder(loudest, where, sum, -2)
		if !slices.Equal(loudest, exp) || !slices.Equal(where, at) {
			t.Fatalf("%d: %v at %v, want %v at %v", n, loudest, where, exp, at)
		}
	}
}
