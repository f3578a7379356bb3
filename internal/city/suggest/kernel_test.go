package suggest

import (
	"math/rand/v2"
	"testing"
)

func TestRowsAreAddedAsPlainGoAddsThem(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	list := func(n int) []float32 {
		l := make([]float32, n)
		for i := range l {
			l[i] = float32(r.NormFloat64())
		}
		return l
	}
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
