package suggest

// A forest of small trees ranks the candidate topics of a message: each tree
// adds a number to the score of a candidate by its features, and the softmax
// over the candidates of one message is fitted by gradient boosting.

// node is a question of a tree, or one of its answers.
type node struct {
	feature int16 // -1: a leaf
	bin     uint8 // up to it: left
	left    int16
	right   int16
	value   float32 // of a leaf
}

type tree []node

// forest is never changed once it was grown.
type forest struct {
	cuts  [][]float32 // by feature: the upper ends of its bins, rising
	trees []tree
}

// bins is into how many parts a feature is cut at most.
const bins = 64

// binOf is the number of the bin of a value.
func binOf(cuts []float32, v float32) uint8 {
	low, high := 0, len(cuts)
	for low < high {
		if middle := (low + high) / 2; v <= cuts[middle] {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return uint8(low)
}

func (t tree) of(row []uint8) float32 {
	i := int16(0)
	for t[i].feature >= 0 {
		if row[t[i].feature] <= t[i].bin {
			i = t[i].left
		} else {
			i = t[i].right
		}
	}
	return t[i].value
}

// score gives the scores of candidates, whose features stand row by row.
func (f *forest) score(values []float32, row []uint8, out []float32) {
	for i := range out {
		v := values[i*features : (i+1)*features]
		for k := range row {
			row[k] = binOf(f.cuts[k], v[k])
		}
		s := startOf(v)
		for _, t := range f.trees {
			s += t.of(row)
		}
		out[i] = s
	}
}

// rankAll scores the candidates of a message, whose features stand in t.values.
func (a *archive) rankAll(t *thought) {
	a.sifted.Do(func() { a.sieve = newSieve(&a.forest) })
	if a.sieve == nil {
		a.forest.score(t.values, t.row[:], t.scores)
		return
	}
	a.sieve.score(&t.sieve, t.values, t.scores)
}

// startOf is the score of a candidate before any tree: the mean of what the two
// linear parts say.
func startOf(v []float32) float32 { return 0.5*v[fText] + 0.5*v[fJoint] }
