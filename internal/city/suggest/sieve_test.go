package suggest

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// grown is a forest of random trees over random cuts.
func grown(r *rand.Rand, leaves int) *forest {
	f := &forest{cuts: make([][]float32, features)}
	for k := range f.cuts {
		for range r.IntN(bins) {
			f.cuts[k] = append(f.cuts[k], float32(r.IntN(9)-4)/2+float32(r.IntN(3)))
		}
		slices.Sort(f.cuts[k])
		f.cuts[k] = slices.Compact(f.cuts[k])
	}
	for range 20 {
		t := tree{{feature: -1, value: r.Float32()}}
		for n := 1; n < leaves; n++ {
			ends := []int{}
			for i := range t {
				if t[i].feature < 0 {
					ends = append(ends, i)
				}
			}
			i := ends[r.IntN(len(ends))]
			t[i] = node{feature: int16(r.IntN(features)), bin: uint8(r.IntN(bins)), left: int16(len(t)), right: int16(len(t) + 1)}
			t = append(t, node{feature: -1, value: r.Float32()}, node{feature: -1, value: r.Float32()})
		}
		f.trees = append(f.trees, t)
	}
	return f
}

func TestASieveScoresAsWalkingTheTreesDoes(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	for leaves := 1; leaves <= treeLeaves; leaves++ {
		f := grown(r, leaves)
		s := newSieve(f)
		var w, plain sieveWork
		for _, n := range []int{0, 1, 7, lanes, lanes + 5} {
			values := make([]float32, n*features)
			for i := range values {
				values[i] = float32(r.IntN(17)-8) / 2
			}
			exp, got := make([]float32, n), make([]float32, n)
			f.score(values, make([]uint8, features), exp)
			if s.score(&w, values, got); !slices.Equal(exp, got) {
				t.Fatalf("%d leaves, %d candidates: %v, want %v", leaves, n, got, exp)
			}
		}
		plain.leaves = make([][lanes]uint16, len(s.ends))
		if s.plain(&w.bins, plain.leaves); !slices.Equal(plain.leaves, w.leaves) {
			t.Fatalf("%d leaves: plain Go leaves others", leaves)
		}
	}
	if newSieve(grown(r, treeLeaves+1)) != nil {
		t.Error("trees of too many leaves are taken")
	}
}

func TestABinIsFoundByKeys(t *testing.T) {
	t.Parallel()
	s := newSieve(&forest{cuts: slices.Repeat([][]float32{{-1, 0, 0.5, 99}}, features)})
	for _, v := range []float32{-2, -1, -0.5, float32(math.Copysign(0, -1)), 0, 1e-30, 0.5, 0.6, 99, 100} {
		if got, exp := binOfKey(&s.cuts[0], keyOf(v)), binOf([]float32{-1, 0, 0.5, 99}, v); got != int64(exp) {
			t.Errorf("%v is in bin %d, want %d", v, got, exp)
		}
	}
}

func TestRowsOfBytesAreSummedAsTheyAre(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(5, 6))
	for _, width := range []int{16, 48, 64, 80, 208} {
		whole := make([]int8, 9*width)
		for i := range whole {
			whole[i] = int8(r.IntN(255) - 127)
		}
		sums, exp := make([]int16, width), make([]int16, width)
		rows := []uint32{8, 0, 3, 3, 5}
		for i := range exp {
			for _, row := range rows {
				exp[i] += int16(whole[int(row)*width+i])
			}
		}
		sumRows(sums, whole, nil)
		if sumRows(sums, whole, rows); !slices.Equal(sums, exp) {
			t.Errorf("width %d: %v, want %v", width, sums, exp)
		}
	}
}

// TestRowsOfAnyLengthAreKept has more topics than a page, and rows of few of them
// and of most.
func TestRowsOfAnyLengthAreKept(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 8))
	const classes = 1300
	l := newLinear(numbers(classes))
	l.bias, l.scale = make([]float32, classes), slices.Repeat([]float32{1}, classes)
	for kind := range l.share {
		l.share[kind] = 1
	}
	exp := make([]float32, classes)
	var v vector
	for bucket := 5; bucket < 400; bucket += 7 {
		var known []uint16
		var weights []int8
		share := r.Float64() * r.Float64()
		for c := range classes {
			if r.Float64() < share {
				known, weights = append(known, uint16(c)), append(weights, 127)
				exp[c] += 127
			}
		}
		l.add(bucket, known, weights)
		v.ids = append(v.ids, uint32(bucket))
	}
	l.settle()
	v.ids = append(v.ids, 6, buckets-1) // of which nothing is known
	for kind := range v.ends {
		v.ends[kind] = len(v.ids)
	}
	got := make([]float32, classes)
	if !l.score(&v, new(linearWork), got) {
		t.Error("nothing is known")
	}
	x := valueOf(1, len(v.ids))
	for c := range exp {
		if got[c] != x*exp[c] {
			t.Fatalf("class %d: %v, want %v", c, got[c], x*exp[c])
		}
	}
	read := (&reader{rest: l.append(nil)}).linear(l.topics)
	if !slices.Equal(read.whole, l.whole) || !slices.Equal(read.spare, l.spare) || !slices.Equal(read.from, l.from) || read.size != l.size {
		t.Error("it is read differently")
	}
}
