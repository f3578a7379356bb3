package suggest

import "math"

// Where the processor has no wide registers, or the program was not written for
// it, these do the same. Products are rounded before they are added, so that a
// model is the same on every processor.

// whole is the part of a length that is gone through in eights.
func whole(n int) int { return n &^ 7 }

// pace is how far Adam goes: 1 less what it remembers of slopes and of their
// squares, the rate, and what keeps it from dividing by nought.
type pace struct{ lasting, fading, rate, least float32 }

func adamPlain(w, mean, square, slope []float32, p *pace) {
	mean, square, slope = mean[:len(w)], square[:len(w)], slope[:len(w)]
	for i, g := range slope {
		mean[i] += float32(p.lasting * (g - mean[i]))
		square[i] += float32(p.fading * (float32(g*g) - square[i]))
		w[i] -= float32(p.rate*mean[i]) / (float32(math.Sqrt(float64(square[i]))) + p.least)
	}
}

// louderPlain keeps what is louder than the loudest so far, and where that was.
func louderPlain(loudest []float32, where []int32, sum []float32, start int32) {
	where, sum = where[:len(loudest)], sum[:len(loudest)]
	for i, v := range sum {
		if v > loudest[i] {
			loudest[i], where[i] = v, start
		}
	}
}

// followPlain moves means towards slopes, and weights against the means.
func followPlain(w, mean, slope []float32, near, by float32) {
	mean, slope = mean[:len(w)], slope[:len(w)]
	for i, g := range slope {
		mean[i] += float32(near * (g - mean[i]))
		w[i] -= float32(by * mean[i])
	}
}
