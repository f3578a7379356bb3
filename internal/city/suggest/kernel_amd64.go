package suggest

import "golang.org/x/sys/cpu"

// wide tells whether processor and system have registers of eight numbers (AVX).
// Every number is rounded as plain Go does it, in the same order: nothing but the
// time differs.
var wide = cpu.X86.HasAVX

// addFourSSE adds four lists, each times its number of by, to sums; n, their
// length, is a multiple of 4. SSE is part of every amd64 processor.
//
//go:noescape
func addFourSSE(sums, a, b, c, d *float32, by *[4]float32, n int)

// addFourAVX does the same; n is a multiple of 8.
//
//go:noescape
func addFourAVX(sums, a, b, c, d *float32, by *[4]float32, n int)

// addScaledSSE adds x times a to sums; n is a multiple of 4.
//
//go:noescape
func addScaledSSE(sums, a *float32, x float32, n int)

// addScaledAVX does the same; n is a multiple of 8.
//
//go:noescape
func addScaledAVX(sums, a *float32, x float32, n int)

// adamAVX moves n weights, a multiple of 8.
//
//go:noescape
func adamAVX(w, mean, square, slope *float32, p *pace, n int)

// louderAVX compares n numbers, a multiple of 8.
//
//go:noescape
func louderAVX(loudest *float32, where *int32, sum *float32, start int32, n int)

// followAVX moves n weights, a multiple of 8.
//
//go:noescape
func followAVX(w, mean, slope *float32, near, by float32, n int)

// awaitSSE asks for n numbers.
//
//go:noescape
func awaitSSE(list *float32, n int)

// await tells the processor that a list will be read soon.
func await(list []float32) {
	if len(list) > 0 {
		awaitSSE(&list[0], len(list))
	}
}

// addFour adds four rows, each times its number of by, to sums.
func addFour(sums []float32, rows *[4][]float32, by *[4]float32) {
	n := len(sums)
	a, b, c, d := rows[0][:n], rows[1][:n], rows[2][:n], rows[3][:n]
	done := n &^ 3
	switch {
	case wide && n >= 8:
		done = whole(n)
		addFourAVX(&sums[0], &a[0], &b[0], &c[0], &d[0], by, done)
	case done > 0:
		addFourSSE(&sums[0], &a[0], &b[0], &c[0], &d[0], by, done)
	}
	for i := done; i < n; i++ {
		sums[i] += (by[0]*a[i] + by[1]*b[i]) + (by[2]*c[i] + by[3]*d[i])
	}
}

// addScaled adds x times b to a.
func addScaled(a, b []float32, x float32) {
	b = b[:len(a)]
	done := len(a) &^ 3
	switch {
	case wide && len(a) >= 8:
		done = whole(len(a))
		addScaledAVX(&a[0], &b[0], x, done)
	case done > 0:
		addScaledSSE(&a[0], &b[0], x, done)
	}
	for i := done; i < len(a); i++ {
		a[i] += x * b[i]
	}
}

// adam moves weights against their slope.
func adam(w, mean, square, slope []float32, p *pace) {
	mean, square, slope = mean[:len(w)], square[:len(w)], slope[:len(w)]
	n := 0
	if wide && len(w) >= 8 {
		n = whole(len(w))
		adamAVX(&w[0], &mean[0], &square[0], &slope[0], p, n)
	}
	adamPlain(w[n:], mean[n:], square[n:], slope[n:], p)
}

// louder keeps what is louder than the loudest so far, and where that was.
func louder(loudest []float32, where []int32, sum []float32, start int32) {
	where, sum = where[:len(loudest)], sum[:len(loudest)]
	n := 0
	if wide && len(loudest) >= 8 {
		n = whole(len(loudest))
		louderAVX(&loudest[0], &where[0], &sum[0], start, n)
	}
	louderPlain(loudest[n:], where[n:], sum[n:], start)
}

// follow moves means towards slopes, and weights against the means.
func follow(w, mean, slope []float32, near, by float32) {
	mean, slope = mean[:len(w)], slope[:len(w)]
	n := 0
	if wide && len(w) >= 8 {
		n = whole(len(w))
		followAVX(&w[0], &mean[0], &slope[0], near, by, n)
	}
	followPlain(w[n:], mean[n:], slope[n:], near, by)
}
