package suggest

import (
	"math"
	"slices"
)

// model rounds and prunes what was learned: the weights that move scores least
// go first, weighed by how many texts have their feature.
func (t *trainer) model() linear {
	k := len(t.topics)
	m := newLinear(t.topics)
	m.bias, m.scale, m.share = slices.Clone(t.bias), make([]float32, k), t.options.knobs.share
	t.center(m.bias)
	for r := range t.rows() {
		for c, w := range t.weights[r*k : r*k+k] {
			m.scale[c] = max(m.scale[c], float32(math.Abs(float64(w))))
		}
	}
	for c := range m.scale {
		m.scale[c] = max(m.scale[c], 1e-6) / 127
	}
	floor := t.floor()
	var classes []uint16
	var weights []int8
	for r := range t.rows() {
		classes, weights = classes[:0], weights[:0]
		for c, w := range t.weights[r*k : r*k+k] {
			q := math.Round(float64(w / m.scale[c]))
			if q == 0 || float32(math.Abs(float64(w))) < floor {
				continue
			}
			classes, weights = append(classes, uint16(c)), append(weights, int8(q))
		}
		m.add(int(t.bucket[r]), classes, weights)
	}
	m.settle()
	return m
}

// center takes the mean out of scores: it changes no probability, and keeps
// the rounding fine.
func (t *trainer) center(list []float32) {
	var sum float32
	for _, v := range list {
		sum += v
	}
	for i := range list {
		list[i] -= sum / float32(len(list))
	}
}

// floor is the size below which weights are left out so that the model keeps
// its budget. It is read off a histogram.
func (t *trainer) floor() float32 {
	const bins, top = 4096, 4
	var counts [bins]int
	for _, w := range t.weights {
		counts[min(bins-1, int(math.Abs(float64(w))/top*bins))]++
	}
	kept := 0
	for bin := bins - 1; bin > 0; bin-- {
		if kept += counts[bin]; kept > t.options.knobs.budget {
			return float32(bin+1) * top / bins
		}
	}
	return t.options.knobs.least
}
