package repeat

import (
	"math"
	"slices"
	"strings"
	"testing"
	"testing/quick"
	"unicode/utf8"

	"gorod/internal/platform/geo"
)

var corner = geo.Point{Lat: 58.3, Lon: 36.89}

// away is so many metres north of the corner.
func away(metres float64) geo.Point {
	return geo.Point{Lat: corner.Lat + metres/111_320, Lon: corner.Lon}
}

func lampAt(p geo.Point, said string) side {
	return side{topic: 1, category: 10, object: 100, point: p, words: readWords(said), crowd: 1}
}

func TestTheSameWordsAboutTheSameTopicAtTheSameSpotAreSurelyARepetition(t *testing.T) {
	t.Parallel()
	if p := likeness(lampAt(corner, "Не горит фонарь у детской площадки"), lampAt(away(5), "фонарь у площадки не горит")); p < Sure {
		t.Errorf("P is %.2f", p)
	}
}

func TestOtherWordsAtTheSameSpotArePerhapsOne(t *testing.T) {
	t.Parallel()
	if p := likeness(lampAt(corner, "темно"), lampAt(away(20), "фонарь моргает и гаснет")); p < Perhaps || p >= Sure {
		t.Errorf("P is %.2f", p)
	}
}

func TestWhatIsFarOrOfAnotherTopicIsNone(t *testing.T) {
	t.Parallel()
	said := "Не горит фонарь"
	if p := likeness(lampAt(corner, said), lampAt(away(140), said)); p >= Perhaps {
		t.Errorf("140 m away P is %.2f", p)
	}
	other := lampAt(away(3), "Переполнена урна")
	other.topic = 2
	if p := likeness(lampAt(corner, said), other); p >= Perhaps {
		t.Errorf("of another topic P is %.2f", p)
	}
}

func TestEachSignMovesTheProbabilityTheWayItShould(t *testing.T) {
	t.Parallel()
	now := lampAt(corner, "нет света на лестнице")
	base := lampAt(away(20), "не горит лампа на лестнице")
	for _, c := range []struct {
		name  string
		less  side
		lower bool
	}{
		{"farther away", func() side { s := base; s.point = away(60); return s }(), true},
		{"another topic of the category", func() side { s := base; s.topic = 2; return s }(), true},
		{"no common word", func() side { s := base; s.words = readWords("течёт крыша"); return s }(), true},
		{"only one names a storey", func() side {
			s := base
			s.words = readWords("не горит лампа на лестнице, 3 этаж")
			return s
		}(), true},
		{"one of many there", func() side { s := base; s.crowd = 9; return s }(), true},
		{"answered by then", func() side { s := base; s.over = true; return s }(), true},
		{"at the very spot", func() side { s := base; s.point = away(8); return s }(), false},
	} {
		if got, want := likeness(now, c.less), likeness(now, base); got < want != c.lower {
			t.Errorf("%s: P is %.3f, without it %.3f", c.name, got, want)
		}
	}
}

func TestBeforeATopicIsChosenTheProposedOnesCountByTheirProbability(t *testing.T) {
	t.Parallel()
	earlier := lampAt(away(5), "не горит фонарь")
	chosen, proposed := lampAt(corner, "фонарь не горит"), lampAt(corner, "фонарь не горит")
	proposed.topic, proposed.proposed = 0, []Proposed{{1, 10, 100, 0.7}, {2, 10, 100, 0.2}}
	if a, b := likeness(chosen, earlier), likeness(proposed, earlier); b >= a || b < Perhaps {
		t.Errorf("chosen %.2f, proposed %.2f", a, b)
	}
}

func TestEntrancesAndStoreysAreUnderstoodAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for said, want := range map[string][]string{
		"3 подъезд": {"3"}, "3-й подъезд": {"3"}, "в подъезде №3": {"3"}, "парадная 03": {"3"}, "2ая парадная": {"2"},
		"дом 3": nil, "кв. 12": nil, "подъезд": nil, "1 и 2 подъезды": {"2"},
	} {
		if got := readWords(said).spots[entrance]; !slices.Equal(got, want) {
			t.Errorf("%q names entrances %q, want %q", said, got, want)
		}
	}
	if got := readWords("на 11 этаже темно").spots[storey]; !slices.Equal(got, []string{"11"}) {
		t.Errorf("storeys are %q", got)
	}
}

func TestCommonWordsAreToldAsTheyAreWrittenAndNeverNumbers(t *testing.T) {
	t.Parallel()
	a, b := readWords("Просьба убрать граффити с забора, 79211234567"), readWords("граффити на заборе 79211234567, просьба закрасить")
	if got := same(a, b); !slices.Equal(got, []string{"граффити", "забора"}) {
		t.Errorf("common words are %q", got)
	}
}

func TestAnyTextGivesAProbability(t *testing.T) {
	t.Parallel()
	check := func(a, b string) bool {
		x, y := lampAt(corner, a), lampAt(corner, b)
		p := likeness(x, y)
		back := likeness(y, x)
		return p >= 0 && p <= 1 && math.Abs(p-back) < 1e-9
	}
	if err := quick.Check(check, nil); err != nil {
		t.Error(err)
	}
	if !check(strings.Repeat("яма ", 30_000), "яма") || !check("\xff\xfe", "🕳️") {
		t.Error("P is no probability")
	}
}

func FuzzReadWords(f *testing.F) {
	f.Add("3-й подъезд, 2 этаж: не горит лампа")
	f.Add("\u202eобратно\u200d")
	f.Add("\xff")
	f.Fuzz(func(t *testing.T, s string) {
		w := readWords(s)
		if a := alike(w, w); a < 0 || a > 1.000001 {
			t.Fatalf("a text is like itself by %f", a)
		}
		for _, said := range same(w, w) {
			if !utf8.ValidString(said) {
				t.Fatalf("%q is told", said)
			}
		}
	})
}
