package suggest

// addFourSSE adds four lists, each times its number of by, to sums; n, their
// length, is a multiple of 4. SSE is part of every amd64 processor. Every number
// is rounded as plain Go does it, in the same order: nothing but the time
// differs.
//
//go:noescape
func addFourSSE(sums, a, b, c, d *float32, by *[4]float32, n int)

// addScaledSSE adds x times a to sums; n is a multiple of 4.
//
//go:noescape
func addScaledSSE(sums, a *float32, x float32, n int)

// addFour adds four rows, each times its number of by, to sums.
func addFour(sums []float32, rows *[4][]float32, by *[4]float32) {
	n := len(sums)
	a, b, c, d := rows[0][:n], rows[1][:n], rows[2][:n], rows[3][:n]
	whole := n &^ 3
	if whole > 0 {
		addFourSSE(&sums[0], &a[0], &b[0], &c[0], &d[0], by, whole)
	}
	for i := whole; i < n; i++ {
		sums[i] += (by[0]*a[i] + by[1]*b[i]) + (by[2]*c[i] + by[3]*d[i])
	}
}

// addScaled adds x times b to a.
func addScaled(a, b []float32, x float32) {
	b = b[:len(a)]
	whole := len(a) &^ 3
	if whole > 0 {
		addScaledSSE(&a[0], &b[0], x, whole)
	}
	for i := whole; i < len(a); i++ {
		a[i] += x * b[i]
	}
}
