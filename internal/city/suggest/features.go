package suggest

import (
	"slices"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// The kinds of features. Each kind is normalised by itself, so that the many
// n-grams of a long text do not drown its few words.
const (
	words   = iota // stems
	pairs          // neighbouring stems
	grams          // runs of 3 to 5 characters within a word, its ends marked
	habits         // who sent it, and what they sent before
	places         // where it is, and what was reported there
	times          // when it was sent
	crosses        // words with author and place
	kinds
)

const (
	// bucketBits is the size of the feature space: 2^20 buckets. For texts alone
	// 2^18 are as good (73.7 % of February 2021 right first, 73.6 % with 2^20, 73.5 %
	// with 2^17); the crosses of words with place and author need the room.
	bucketBits = 20
	buckets    = 1 << bucketBits

	// maxRead bounds how much of a text is read, in bytes: about 1,500 letters.
	// The longest of 48,832 real messages has 1,855 bytes, the median 88.
	maxRead = 3 << 10
	// maxWord bounds the n-grams of one word, in characters.
	maxWord          = 32
	minGram, maxGram = 3, 5
)

// vector is a text as the model sees it: sets of buckets, one set a kind,
// sorted. How often a word is repeated says nothing about the topic.
type vector struct {
	ids  []uint32
	ends [kinds]int
}

// of gives the buckets of one kind.
func (v *vector) of(kind int) []uint32 {
	from := 0
	if kind > 0 {
		from = v.ends[kind-1]
	}
	return v.ids[from:v.ends[kind]]
}

// read replaces the vector by that of a text; it reuses what it has. It is a
// pure function of the text.
func (v *vector) read(s string) {
	tokens, stems := tokenize(s)
	v.take(tokens, stems)
}

// take is read of a text that was cut already.
func (v *vector) take(tokens, stems []string) {
	v.ids = v.ids[:0]
	for _, stem := range stems {
		v.ids = append(v.ids, wordID(stem))
	}
	v.close(words)
	for i := 1; i < len(stems); i++ {
		v.ids = append(v.ids, pairID(stems[i-1], stems[i]))
	}
	v.close(pairs)
	for _, token := range tokens {
		v.ids = appendGrams(v.ids, token)
	}
	v.close(grams)
	for kind := habits; kind < kinds; kind++ {
		v.ends[kind] = len(v.ids)
	}
}

// textOnly is a vector without its context.
func (v vector) textOnly() vector {
	v.ids = v.ids[:v.ends[grams]:v.ends[grams]]
	for kind := habits; kind < kinds; kind++ {
		v.ends[kind] = len(v.ids)
	}
	return v
}

// close ends a kind: sorts its buckets and drops repetitions.
func (v *vector) close(kind int) {
	from := 0
	if kind > 0 {
		from = v.ends[kind-1]
	}
	slices.Sort(v.ids[from:])
	v.ids = v.ids[:from+len(slices.Compact(v.ids[from:]))]
	v.ends[kind] = len(v.ids)
}

// clone keeps a copy that is no longer than it must be.
func (v *vector) clone() vector {
	return vector{ids: slices.Clone(v.ids), ends: v.ends}
}

// tokenize cuts the readable part of a text into folded words and their stems,
// one for one. Numbers become their length: that somebody writes a flat or a
// telephone says something, which one says nothing.
func tokenize(s string) (tokens, stems []string) {
	if len(s) > maxRead {
		s = s[:maxRead]
	}
	tokens, stems = text.Tokens(s), text.Stems(s)
	for i, token := range tokens {
		if isNumber(token) {
			tokens[i] = ""
			stems[i] = numberShapes[min(len(token), len(numberShapes))-1]
		}
	}
	return tokens, stems
}

var numberShapes = [...]string{"0", "00", "000", "0000", "00000"}

func isNumber(token string) bool { return token[0] >= '0' && token[0] <= '9' }

// FNV-1a, spelt out so that a run of characters is hashed as it grows.
const (
	hashStart = 14695981039346656037
	hashPrime = 1099511628211
)

func hashByte(h uint64, b byte) uint64 { return (h ^ uint64(b)) * hashPrime }

func hashText(h uint64, s string) uint64 {
	for i := range len(s) {
		h = hashByte(h, s[i])
	}
	return h
}

// bucketOf mixes a hash down to a bucket.
func bucketOf(h uint64) uint32 {
	h ^= h >> 33
	h *= 0xff51afd7ed558ccd
	h ^= h >> 33
	return uint32(h & (buckets - 1))
}

func wordID(stem string) uint32 {
	return bucketOf(hashText(hashByte(hashStart, 'w'), stem))
}

func pairID(a, b string) uint32 {
	h := hashText(hashByte(hashStart, 'p'), a)
	return bucketOf(hashText(hashByte(h, ' '), b))
}

// appendGrams appends the buckets of the runs of 3 to 5 characters of a word
// with its ends marked: of «яма» they are <ям, яма, ма>, <яма, яма>, <яма>.
func appendGrams(ids []uint32, word string) []uint32 {
	if word == "" {
		return ids
	}
	var starts [maxWord + 3]int
	var marked [maxWord*utf8.UTFMax + 2]byte
	at := append(marked[:0], '<')
	n := 1 // characters so far, the mark included; starts[0] is 0
	for _, r := range word {
		if n > maxWord {
			break
		}
		starts[n] = len(at)
		at = utf8.AppendRune(at, r)
		n++
	}
	starts[n] = len(at)
	at = append(at, '>')
	n++
	starts[n] = len(at)
	for i := 0; i+minGram <= n; i++ {
		h := hashByte(hashStart, 'g')
		for j := i; j < min(i+maxGram, n); j++ {
			for _, b := range at[starts[j]:starts[j+1]] {
				h = hashByte(h, b)
			}
			if j-i+1 >= minGram {
				ids = append(ids, bucketOf(h))
			}
		}
	}
	return ids
}
