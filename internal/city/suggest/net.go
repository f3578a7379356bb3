package suggest

import (
	"math"
	"slices"
)

// The shape of the net. Figures are in doc.go.
const (
	netDim     = 64  // numbers by which a word is described
	netFilters = 128 // phrases of each width that are listened for
	netWidths  = 3   // a phrase is one, two or three words
	netSlots   = 1 + 2 + 3
	netHeard   = netWidths * netFilters // how loudly each phrase was heard
	netPooled  = netHeard + netDim      // and the sum of the words
	netRow     = netSlots * netFilters  // what one word adds to all phrases

	// netWords bounds how many words of a text are listened to: the first two
	// thirds and the last third of so many.
	netWords = 48
	// netCommon is how many of the most frequent words have what they add to
	// phrases worked out beforehand. They are nine of ten words that are written.
	netCommon = 3000
)

// firstSlot is where the slots of phrases of a width begin: a phrase of three
// words has a slot for its first, its second and its third.
func firstSlot(width int) int { return width * (width - 1) / 2 }

// net is the second reader of a text: a small convolutional network. A word is
// the sum of a vector of its stem and the mean of the vectors of its 3–5-grams,
// so that a misspelt word is near the right one; phrases of one to three words
// are listened for by filters, of which the loudest place in the text counts;
// what was heard gives the scores of the topics.
//
// Unlike the linear part it hears «не горит» and «горит» as different things
// wherever they stand, and shares what it learned between words alike.
//
// A net is never changed once made and safe for many goroutines.
type net struct {
	classes int
	share   float32 // in the mean of scores; the linear part has the rest
	// known are the buckets of stems and, after those, of n-grams that have a vector;
	// their rows are in the same order. A net in training says by bucket which row it
	// has (-1: none) and is prepared from that.
	known   rank
	row     []int32
	vectors []int8    // rows of netDim
	scale   []float32 // of each row
	filters []float32 // netDim rows of netRow
	level   []float32 // netHeard, added to phrases
	out     []float32 // netPooled rows of classes
	bias    []float32 // of the classes

	hashes     []uint64 // of frequent words, sorted
	voices     []int8   // their vectors
	voiceScale []float32
	// What is made of them when the net is made or read:
	common map[uint64]int32 // hash of a frequent word: its place in ready
	ready  []float32        // by place: the vector (netDim) and what it adds (netRow)
}

// prepare works out what frequent words add to phrases.
func (n *net) prepare() {
	if n.row != nil {
		n.known = newRank(2 * buckets)
		for id, r := range n.row {
			if r >= 0 {
				n.known.add(id)
			}
		}
		n.row = nil
	}
	n.known.count()
	n.common = make(map[uint64]int32, len(n.hashes))
	n.ready = make([]float32, len(n.hashes)*netStep)
	for i, h := range n.hashes {
		n.common[h] = int32(i)
		word := n.ready[i*netStep : (i+1)*netStep]
		for d := range netDim {
			word[d] = n.voiceScale[i] * float32(n.voices[i*netDim+d])
		}
		project(n.filters, word[:netDim], word[netDim:])
	}
}

// netWork is what scoring one text needs.
type netWork struct {
	places []int32   // by word: its place in ready, or -1-its place in fresh
	fresh  []float32 // as ready, of the words that are not common
	sum    [netFilters]float32
	pooled [netPooled]float32
	ids    []uint32
}

const netStep = netDim + netRow

// wordKey is by which common words are known; it tells nothing of the word.
func wordKey(token, stem string) uint64 {
	h := hashText(hashByte(hashStart, 'c'), token)
	if token == "" {
		h = hashText(h, stem)
	}
	return h
}

// clip leaves out the middle of a text of many words.
func clip(n int, keep func(i int)) {
	for i := range n {
		if n <= netWords || i < netWords*2/3 || i >= n-netWords/3 {
			keep(i)
		}
	}
}

// scores fills out with the raw scores of a text, cut by tokenize; known tells
// whether any word had a vector.
func (n *net) scores(w *netWork, tokens, stems []string, out []float32) (known bool) {
	w.places, w.fresh = w.places[:0], w.fresh[:0]
	clip(len(tokens), func(i int) {
		if at, ok := n.common[wordKey(tokens[i], stems[i])]; ok {
			w.places = append(w.places, at)
			known = true
			return
		}
		at := len(w.fresh)
		w.fresh = slices.Grow(w.fresh, netStep)[:at+netStep]
		if !n.describe(w, tokens[i], stems[i], w.fresh[at:at+netDim]) {
			w.fresh = w.fresh[:at]
			w.places = append(w.places, unvoiced)
			return
		}
		known = true
		project(n.filters, w.fresh[at:at+netDim], w.fresh[at+netDim:])
		w.places = append(w.places, int32(-1-at/netStep))
	})
	n.listen(w)
	copy(out, n.bias)
	addRows(out, n.out, w.pooled[:])
	return known
}

// mix makes scores, which the linear part gave, the mean of both parts. heard is
// as long as scores and is overwritten. A nil net changes nothing.
func (n *net) mix(w *netWork, tokens, stems []string, heard, scores []float32) (known bool) {
	if n == nil {
		return false
	}
	known = n.scores(w, tokens, stems, heard)
	for c, v := range heard {
		scores[c] += n.share * (v - scores[c])
	}
	return known
}

// unvoiced is the place of a word of which nothing is known.
const unvoiced = math.MinInt32

// word gives the vector and the additions of the word at a place.
func (n *net) word(w *netWork, place int32) []float32 {
	switch {
	case place == unvoiced:
		return nil
	case place < 0:
		at := int(-1-place) * netStep
		return w.fresh[at : at+netStep]
	}
	at := int(place) * netStep
	return n.ready[at : at+netStep]
}

// describe makes the vector of a word; known tells whether there is any.
func (n *net) describe(w *netWork, token, stem string, vector []float32) (known bool) {
	clear(vector)
	if r := n.known.of(wordID(stem)); r >= 0 {
		known = true
		n.addVector(vector, int32(r), 1)
	}
	w.ids = appendGrams(w.ids[:0], token)
	count := 0
	for _, id := range w.ids {
		if n.known.of(buckets+id) >= 0 {
			count++
		}
	}
	if count == 0 {
		return known
	}
	for _, id := range w.ids {
		if r := n.known.of(buckets + id); r >= 0 {
			n.addVector(vector, int32(r), 1/float32(count))
		}
	}
	return true
}

func (n *net) addVector(vector []float32, row int32, x float32) {
	x *= n.scale[row]
	for i, v := range n.vectors[int(row)*netDim : int(row+1)*netDim] {
		vector[i] += x * float32(v)
	}
}

// listen fills w.pooled: the loudest of every phrase, and the sum of the words.
func (n *net) listen(w *netWork) {
	clear(w.pooled[:])
	for width := 1; width <= netWidths; width++ {
		loudest := w.pooled[(width-1)*netFilters : width*netFilters]
		for start := 1 - width; start < len(w.places); start++ {
			copy(w.sum[:], n.level[(width-1)*netFilters:])
			for j := range width {
				if at := start + j; at >= 0 && at < len(w.places) {
					if word := n.word(w, w.places[at]); word != nil {
						from := netDim + (firstSlot(width)+j)*netFilters
						addTo(w.sum[:], word[from:from+netFilters])
					}
				}
			}
			for f, v := range w.sum {
				loudest[f] = max(loudest[f], v)
			}
		}
	}
	sum := w.pooled[netHeard:]
	for _, place := range w.places {
		if word := n.word(w, place); word != nil {
			addTo(sum, word[:netDim])
		}
	}
	x := valueOf(1, len(w.places))
	for i := range sum {
		sum[i] *= x
	}
}

// project sets sums to the rows of a matrix, each by its number of x.
func project(matrix, x, sums []float32) {
	clear(sums)
	addRows(sums, matrix, x)
}

// addRows adds the rows of a matrix, each by its number of x, to sums: four at
// a time, those by nought left out.
func addRows(sums, matrix, x []float32) {
	k := len(sums)
	var rows [4][]float32
	var by [4]float32
	n := 0
	for i, v := range x {
		if v == 0 {
			continue
		}
		rows[n], by[n] = matrix[i*k:i*k+k], v
		if n++; n == 4 {
			addFour(sums, &rows, &by)
			n = 0
		}
	}
	for i := range n {
		addScaled(sums, rows[i], by[i])
	}
}

// addTo adds b to a.
func addTo(a, b []float32) { addScaled(a, b, 1) }

// dot is the sum of the products.
func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var p, q, r, s float32
	i := 0
	for ; i+4 <= len(a); i += 4 {
		u, v := a[i:i+4:i+4], b[i:i+4:i+4]
		p += u[0] * v[0]
		q += u[1] * v[1]
		r += u[2] * v[2]
		s += u[3] * v[3]
	}
	for ; i < len(a); i++ {
		p += a[i] * b[i]
	}
	return (p + q) + (r + s)
}
