package suggest

import (
	"encoding/binary"
	"slices"
	"unicode"
)

// Print is a text in short, the same for texts that differ in case,
// punctuation, spaces, ё and й only. Two of 50,000 texts have one print by chance
// in every second archive or so; nobody reads a text off it.
func Print(text string) uint32 {
	h := uint64(hashStart)
	for _, r := range text {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		switch r = unicode.ToLower(r); r {
		case 'ё':
			r = 'е'
		case 'й':
			r = 'и'
		}
		h = hashByte(hashByte(hashByte(h, byte(r)), byte(r>>8)), byte(r>>16))
	}
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	return uint32(h >> 32)
}

// Seen tells whether a model was trained on a text: whoever judges it has to
// know, because what was learned by heart proves nothing.
func (m *Model) Seen(text string) bool {
	_, found := slices.BinarySearch(m.prints, Print(text))
	return found
}

// printsOf are the prints of texts, sorted, each once.
func printsOf(lists ...[]Example) []uint32 {
	var prints []uint32
	for _, list := range lists {
		for i := range list {
			prints = append(prints, Print(list[i].Text))
		}
	}
	slices.Sort(prints)
	return slices.Compact(prints)
}

func appendPrints(b []byte, prints []uint32) []byte {
	b = binary.AppendUvarint(b, uint64(len(prints)))
	before := uint32(0)
	for _, p := range prints {
		b = binary.AppendUvarint(b, uint64(p-before))
		before = p
	}
	return b
}

func (r *reader) prints() []uint32 {
	n := r.number(len(r.rest) + 1)
	prints := make([]uint32, 0, n)
	at := 0
	for i := 0; i < n && !r.bad; i++ {
		step := r.number(1<<32 - at)
		r.bad = r.bad || i > 0 && step == 0
		at += step
		prints = append(prints, uint32(at))
	}
	return prints
}
