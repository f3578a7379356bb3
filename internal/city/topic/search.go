package topic

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"gorod/internal/platform/text"
)

// languages are those in which topics have names, sorted.
func languages(topics []Topic) []string {
	known := map[string]bool{}
	for _, t := range topics {
		for lang := range t.Name {
			known[lang] = true
		}
	}
	return slices.Sorted(maps.Keys(known))
}

// finder finds topics by their words in one language.
type finder struct {
	topics []Topic
	stems  []map[string]float64 // of each topic: the weight of each stem
	rarity map[string]float64
}

// How much a word says about a topic, by where it stands. The reason says most;
// synonyms are the people's own words for it.
const (
	inName     = 1.0
	inSynonym  = 0.9
	inCategory = 0.4
	inObject   = 0.3
)

func newFinder(topics []Topic, lang string) *finder {
	f := &finder{topics: topics, stems: make([]map[string]float64, len(topics)), rarity: map[string]float64{}}
	for i, t := range topics {
		stems := map[string]float64{}
		for _, part := range []struct {
			words  string
			weight float64
		}{{t.Name[lang], inName}, {t.Synonyms[lang], inSynonym}, {t.CategoryName[lang], inCategory}, {t.ObjectName[lang], inObject}} {
			for _, stem := range text.Stems(part.words) {
				stems[stem] = max(stems[stem], part.weight)
			}
		}
		f.stems[i] = stems
		for stem := range stems {
			f.rarity[stem]++
		}
	}
	for stem, n := range f.rarity {
		f.rarity[stem] = math.Log(1 + float64(len(topics))/n)
	}
	return f
}

// mostFound is as many as a person looks through.
const mostFound = 20

// find ranks topics by the rarity of the words that they share with the query.
// The last word may be unfinished. A topic must share half of what the query
// says; among equals the order of the pack stays.
func (f *finder) find(query string) []Topic {
	asked := text.Stems(query)
	if len(asked) == 0 {
		return nil
	}
	type scored struct {
		topic int
		score float64
	}
	var list []scored
	for i, stems := range f.stems {
		score, whole := 0.0, 0.0
		for j, stem := range asked {
			rarity, known := f.rarity[stem]
			weight := stems[stem]
			if j == len(asked)-1 && weight == 0 {
				var began bool
				if weight, began = startedBy(stems, unfinished(query, stem)); began {
					rarity, known = max(rarity, 1), true
				}
			}
			if !known {
				rarity = 1
			}
			score += rarity * weight
			whole += rarity
		}
		if score >= whole/2*inObject && score > 0 {
			list = append(list, scored{i, score})
		}
	}
	slices.SortStableFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	found := make([]Topic, 0, min(len(list), mostFound))
	for _, s := range list[:min(len(list), mostFound)] {
		found = append(found, f.topics[s.topic])
	}
	return found
}

// unfinished is the last word as it was typed: its stem may have lost letters
// that the whole word keeps.
func unfinished(query, stem string) string {
	tokens := text.Tokens(query)
	last := tokens[len(tokens)-1]
	if len(stem) < len(last) {
		return stem
	}
	return last
}

// startedBy gives the best weight of a stem that begins with some letters, three
// of them at least.
func startedBy(stems map[string]float64, start string) (weight float64, found bool) {
	if len([]rune(start)) < 3 {
		return 0, false
	}
	for stem, w := range stems {
		if strings.HasPrefix(stem, start) {
			weight, found = max(weight, w*0.8), true
		}
	}
	return weight, found
}
