package suggest

import (
	"slices"

	"gorod/internal/city/topic"
)

// netKnobs are what was tuned by measurement.
type netKnobs struct {
	rate     float32 // of the vectors; filters and topics learn at half of it
	smooth   float32 // of the labels
	dropWord float64 // share of words that a text loses in a pass
	dropStem float64 // share of words that lose their stem
	dropIn   float64 // share of the numbers of a word's vector
	dropOut  float64 // share of what was heard
	minStem  int     // texts that must have a stem
	minGram  int     // words of texts that must have an n-gram
	batch    int
	share    float32 // of the net in the mean of scores
}

// netKnobsOf gives the knobs for so many examples: what learns from few must
// forget more of each, and be listened to less.
func netKnobsOf(examples int) netKnobs {
	k := netKnobs{
		rate: 0.006, dropWord: 0.1, dropStem: 0.05, dropIn: 0.2, dropOut: 0.4,
		minStem: 2, minGram: 3, batch: 64, share: 0.65,
	}
	if examples < netFew {
		k.rate, k.share = 0.004, 0.4
		k.dropWord, k.dropStem, k.dropIn, k.dropOut = 0.3, 0.15, 0.3, 0.5
		k.minStem, k.minGram = 1, 2
	}
	return k
}

// netFew is up to how many examples there are few: a pack has some thousand.
const netFew = 15_000

// read makes lessons of examples.
func (t *netTrainer) read(examples []Example, topics []topic.ID) {
	if t.found == nil {
		t.found, t.counts = map[uint64]int32{}, make([]int32, 2*buckets)
	}
	var used []int32
	for _, e := range examples {
		tokens, stems := tokenize(e.Text)
		class, _ := slices.BinarySearch(topics, e.Topic)
		l := netLesson{class: int32(class), weight: float32(e.Weight)}
		if e.Weight == 0 {
			l.weight = 1
		}
		clip(len(tokens), func(i int) { l.words = append(l.words, t.kindOf(tokens[i], stems[i])) })
		t.lessons = append(t.lessons, l)
		used = append(used[:0], l.words...)
		slices.Sort(used)
		for _, kind := range slices.Compact(used) {
			for _, id := range t.kinds[kind].ids {
				t.counts[id]++
			}
		}
	}
}

// kindOf counts a word, and gives its number.
func (t *netTrainer) kindOf(token, stem string) int32 {
	key := wordKey(token, stem)
	kind, known := t.found[key]
	if !known {
		kind = int32(len(t.kinds))
		t.found[key] = kind
		ids := appendGrams([]uint32{wordID(stem)}, token)
		for i := range ids[1:] {
			ids[1+i] += buckets
		}
		t.kinds = append(t.kinds, wordKind{key: key, ids: ids})
	}
	t.kinds[kind].count++
	return kind
}

// giveRows gives rows to the stems and n-grams that are frequent enough.
func (t *netTrainer) giveRows() {
	t.row = make([]int32, len(t.counts))
	rows := int32(0)
	for id, n := range t.counts {
		least := t.knobs.minStem
		if id >= buckets {
			least = t.knobs.minGram
		}
		t.row[id] = -1
		if n >= int32(least) {
			t.row[id] = rows
			rows++
		}
	}
	t.heat, t.head = make([]float32, rows), make([]int32, rows)
	t.vectors, t.means = make([]float32, int(rows)*netDim), make([]float32, int(rows)*netDim)
	for k := range t.kinds {
		kind := &t.kinds[k]
		kind.stem = t.row[kind.ids[0]]
		for _, id := range kind.ids[1:] {
			if r := t.row[id]; r >= 0 {
				kind.grams = append(kind.grams, r)
			}
		}
		kind.ids = nil
	}
	t.found, t.counts = nil, nil
}
