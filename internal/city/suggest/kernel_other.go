//go:build !amd64

package suggest

// addFour adds four rows, each times its number of by, to sums. Products are
// rounded before they are added, so that a model is the same on every processor.
func addFour(sums []float32, rows *[4][]float32, by *[4]float32) {
	n := len(sums)
	a, b, c, d := rows[0][:n], rows[1][:n], rows[2][:n], rows[3][:n]
	p, q, r, s := by[0], by[1], by[2], by[3]
	for i := range sums {
		sums[i] += float32(float32(p*a[i])+float32(q*b[i])) + float32(float32(r*c[i])+float32(s*d[i]))
	}
}

// addScaled adds x times b to a.
func addScaled(a, b []float32, x float32) {
	b = b[:len(a)]
	for i := range a {
		a[i] += float32(x * b[i])
	}
}

// adam moves weights against their slope.
func adam(w, mean, square, slope []float32, p *pace) { adamPlain(w, mean, square, slope, p) }

// louder keeps what is louder than the loudest so far, and where that was.
func louder(loudest []float32, where []int32, sum []float32, start int32) {
	louderPlain(loudest, where, sum, start)
}

// follow moves means towards slopes, and weights against the means.
func follow(w, mean, slope []float32, near, by float32) { followPlain(w, mean, slope, near, by) }

// await tells the processor that a list will be read soon.
func await([]float32) {}
