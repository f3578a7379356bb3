package suggest

import (
	"slices"
	"strings"
	"testing"
)

func vectorOf(s string) vector {
	var v vector
	v.read(s)
	return v.clone()
}

func TestSpellingsOfOneTextAreOneVector(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"case and ё":        {"Ещё не горит СВЕТ", "еще не горит свет"},
		"latin look-alikes": {"Cвeт нe гopит", "свет не горит"},
		"punctuation":       {"Яма, во дворе!!!", "яма во дворе"},
		"another number":    {"подъезд 2, квартира 15", "подъезд 7, квартира 38"},
		"what is too long":  {strings.Repeat("яма ", maxRead), strings.Repeat("яма ", 3*maxRead)},
		"repetition":        {"мусор мусор мусор", "мусор мусор мусор мусор"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, b := vectorOf(pair[0]), vectorOf(pair[1])
			if a.ends != b.ends || !slices.Equal(a.ids, b.ids) {
				t.Errorf("%q and %q differ", pair[0], pair[1])
			}
		})
	}
}

func TestFormsOfAWordShareItsStem(t *testing.T) {
	t.Parallel()
	a, b := vectorOf("лестница"), vectorOf("лестницу")
	if !slices.Equal(a.of(words), b.of(words)) {
		t.Error("the stems differ")
	}
	if slices.Equal(a.of(grams), b.of(grams)) {
		t.Error("the n-grams do not")
	}
}

func TestGramsOfAWord(t *testing.T) {
	t.Parallel()
	for word, n := range map[string]int{"": 0, "я": 1, "яма": 3 + 2 + 1, "двор": 4 + 3 + 2} {
		if got := len(appendGrams(nil, word)); got != n {
			t.Errorf("%q has %d n-grams, want %d", word, got, n)
		}
	}
	if got := len(appendGrams(nil, strings.Repeat("ы", 1000))); got > 3*(maxWord+2) {
		t.Errorf("a word of 1000 letters has %d n-grams", got)
	}
}

func TestATypoKeepsMostOfAWord(t *testing.T) {
	t.Parallel()
	a, b := vectorOf("канализация"), vectorOf("канализацыя")
	same := 0
	for _, id := range b.of(grams) {
		if slices.Contains(a.of(grams), id) {
			same++
		}
	}
	if share := float64(same) / float64(len(b.of(grams))); share < 0.6 {
		t.Errorf("only %.2f of the n-grams are left", share)
	}
}

func FuzzVector(f *testing.F) {
	for _, s := range []string{"", "яма", "Cвет 12к3 ещё", "\xff\xd0", "🤷🏻‍♀️", "שלום עולם", "e\u0301\u200b", strings.Repeat("ы", 5000), "٣٤ 12"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := vectorOf(s)
		again := vectorOf(s)
		if !slices.Equal(v.ids, again.ids) || v.ends != again.ends {
			t.Fatal("read twice, two vectors")
		}
		if v.ends[kinds-1] != len(v.ids) {
			t.Fatalf("ends %v of %d", v.ends, len(v.ids))
		}
		for kind := range kinds {
			ids := v.of(kind)
			if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
				t.Fatalf("kind %d is no sorted set", kind)
			}
			if len(ids) > 0 && ids[len(ids)-1] >= buckets {
				t.Fatal("outside the buckets")
			}
		}
	})
}
