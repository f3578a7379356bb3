package media

import (
	"image"
	"math/bits"

	"golang.org/x/image/draw"
)

// Hash is the difference hash of a picture: reduced to 9 × 8 grey cells, one
// bit for each pair of neighbours in a row, set where it gets brighter to the
// right. It survives re-encoding, scaling and brightness; it does not survive
// turning, mirroring or cropping.
type Hash uint64

const (
	hashRows = 8
	hashBits = 8 // a row
)

// hashOf wants a small picture: the kernel reads every pixel of it.
func hashOf(m image.Image) Hash {
	cells := image.NewGray(image.Rect(0, 0, hashBits+1, hashRows))
	draw.BiLinear.Scale(cells, cells.Rect, m, m.Bounds(), draw.Src, nil)
	var h Hash
	for y := range hashRows {
		row := cells.Pix[y*cells.Stride:]
		for x := range hashBits {
			h <<= 1
			if row[x] < row[x+1] {
				h |= 1
			}
		}
	}
	return h
}

// Hamming counts the bits in which two hashes differ: 0 to 64.
func Hamming(a, b Hash) int { return bits.OnesCount64(uint64(a ^ b)) }

// similarWithin is how far two hashes of one photo may lie apart.
//
// Measured by TestTheSamePhotoIsRecognised and TestDifferentPhotosAreNotAlike
// on made-up scenes: copies (saved again at quality 30, at a third of the size,
// a quarter brighter) differ in 0 to 4 bits, different scenes in 14 and more.
// Unrelated hashes differ in 32 ± 4 bits: one pair in 10^11 is within 6 by
// chance. Photos of one yard share sky and ground and come nearer, so we stay
// close to the copies: a near miss costs a moderator a look, a false alarm
// would call an honest resident's photo a copy.
const similarWithin = 6

// Similar says whether two hashes are likely of the same photo. It is an aid
// for a person who decides, never a reason to refuse. Pictures without detail
// (a lens cap, a white wall) are similar to nothing: all of them have one hash.
func Similar(a, b Hash) bool {
	return !a.plain() && !b.plain() && Hamming(a, b) <= similarWithin
}

// plain hashes have hardly a bit set, or hardly one clear: no or one gradient.
func (h Hash) plain() bool {
	n := bits.OnesCount64(uint64(h))
	return n <= similarWithin || n >= 64-similarWithin
}
