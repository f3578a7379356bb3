package suggest

import (
	"math"
	"slices"
)

// sign is what is kept of a text to compare it with others: the hashes of its
// stems and pairs of stems, sorted, and their common length. The weight of a
// term is the same in every text, so that the cosine of two needs the weights of
// one of them only.
type sign struct {
	terms  []uint32
	weight []float32  // of unit length together
	length float32    // before that
	filter [64]uint64 // a bit by which a term that is not there is told mostly
}

// rarity knows how telling a term is.
type rarity struct {
	of     map[uint32]float32
	unseen float32 // of a term that was in fewer than two texts
}

func newRarity(texts int, counts map[uint32]int32) rarity {
	r := rarity{of: make(map[uint32]float32, len(counts)/3), unseen: unseenRarity(texts)}
	for term, n := range counts {
		if n > 1 {
			r.of[term] = rarityOf(texts, n)
		}
	}
	return r
}

func rarityOf(texts int, n int32) float32 { return float32(math.Log(float64(texts+1) / float64(n))) }

func unseenRarity(texts int) float32 { return rarityOf(texts, 1) }

// pairWeight is how much a pair of stems counts beside a stem.
const pairWeight = 0.5

// appendTerms appends the terms of a text that was cut into tokens and stems.
func appendTerms(terms []uint32, tokens, stems []string) []uint32 {
	last := ""
	for i, stem := range stems {
		if tokens[i] == "" { // a number
			last = ""
			continue
		}
		terms = append(terms, uint32(hashText(hashByte(hashStart, 'w'), stem)>>16)<<1)
		if last != "" {
			terms = append(terms, uint32(hashText(hashByte(hashText(hashByte(hashStart, 'p'), last), ' '), stem)>>16)<<1|1)
		}
		last = stem
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// sign fills g by a text that was cut; it reuses what g has.
func (r *rarity) sign(g *sign, tokens, stems []string) {
	g.terms = appendTerms(g.terms[:0], tokens, stems)
	g.weight = g.weight[:0]
	g.filter = [64]uint64{}
	sum := float32(0)
	for _, term := range g.terms {
		g.filter[term>>7%64] |= 1 << (term >> 1 % 64)
		w, known := r.of[term]
		if !known {
			w = r.unseen
		}
		if term&1 == 1 {
			w *= pairWeight
		}
		g.weight = append(g.weight, w)
		sum += w * w
	}
	g.length = float32(math.Sqrt(float64(sum)))
	if sum > 0 {
		for i := range g.weight {
			g.weight[i] /= g.length
		}
	}
}

// like is the cosine of a text with one that has these terms and this length.
func (g *sign) like(terms []uint32, length float32) float32 {
	if length == 0 {
		return 0
	}
	var sum float32
	from := 0
	for _, term := range terms {
		if g.filter[term>>7%64]&(1<<(term>>1%64)) == 0 {
			continue
		}
		at, found := slices.BinarySearch(g.terms[from:], term)
		if from += at; found {
			sum += g.weight[from] * g.weight[from]
			from++
		}
	}
	return sum * g.length / length
}
