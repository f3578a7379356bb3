package suggest

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"testing"

	"gorod/internal/city/topic"
)

// many are enough examples of two topics for a net: the same words, of which
// only the order says which topic it is, and words that say nothing.
func many() []Example {
	var examples []Example
	for i := range netLeast {
		a, b := "вода", "труба"
		if i%2 == 1 {
			a, b = b, a
		}
		text := fmt.Sprintf("слово%c %s %s улица%c", 'а'+rune(i%7), a, b, 'а'+rune(i%11))
		examples = append(examples, Example{Topic: topic.ID(10 + i%2), Text: text})
	}
	return examples
}

func netOf(t testing.TB, seed uint64, workers int) *net {
	t.Helper()
	n := newNetTrainer(Options{Seed: seed, Workers: workers}, netKnobsOf(netLeast), []topic.ID{10, 11}, many())
	if err := n.run(context.Background(), netLeast, 3, 1, func(float64) {}); err != nil {
		t.Fatal(err)
	}
	return n.net()
}

func scoresOf(n *net, text string) []float32 {
	out := make([]float32, n.classes)
	tokens, stems := tokenize(text)
	n.scores(new(netWork), tokens, stems, out)
	return out
}

func TestANetHearsTheOrderOfWords(t *testing.T) {
	t.Parallel()
	n := netOf(t, 1, 2)
	for text, class := range map[string]int{"вода труба": 0, "там труба вода течет": 1} {
		if s := scoresOf(n, text); s[class] <= s[1-class] {
			t.Errorf("%q: %v", text, s)
		}
	}
}

func TestTheSameTrainingGivesTheSameNet(t *testing.T) {
	t.Parallel()
	one := netOf(t, 3, 1).append(nil)
	if !bytes.Equal(one, netOf(t, 3, 3).append(nil)) {
		t.Error("one worker and three give different nets")
	}
	if bytes.Equal(one, netOf(t, 4, 1).append(nil)) {
		t.Error("two seeds give one net")
	}
}

func TestANetIsReadAsItWasWritten(t *testing.T) {
	t.Parallel()
	n := netOf(t, 1, 2)
	packed := n.append(nil)
	r := reader{rest: packed}
	again := r.net(n.classes)
	if r.bad || len(r.rest) != 0 || !bytes.Equal(again.append(nil), packed) {
		t.Fatal("it is read differently")
	}
	const text = "вода и незнакомка"
	if a, b := scoresOf(n, text), scoresOf(again, text); !slices.Equal(a, b) {
		t.Errorf("%v became %v", a, b)
	}
}

func TestANetThatIsCutOffIsRefused(t *testing.T) {
	t.Parallel()
	packed := netOf(t, 1, 2).append(nil)
	for n := 1; n < len(packed); n += 997 {
		if r := (reader{rest: packed[:n]}); r.net(2) != nil && !r.bad {
			t.Errorf("%d bytes of %d were read", n, len(packed))
		}
	}
}

func TestTheMiddleOfALongTextIsLeftOut(t *testing.T) {
	t.Parallel()
	kept := 0
	clip(10_000, func(int) { kept++ })
	if kept != netWords {
		t.Errorf("%d words are kept, want %d", kept, netWords)
	}
}

func TestWhatIsExpectedIsMoreProbable(t *testing.T) {
	t.Parallel()
	o := Options{Seed: 1, Passes: 2}
	plain, _, err := Train(context.Background(), many(), o)
	if err != nil {
		t.Fatal(err)
	}
	o.Prior = map[topic.ID]float64{11: 1}
	expected, _, err := Train(context.Background(), many(), o)
	if err != nil {
		t.Fatal(err)
	}
	odds := func(m *Model) float64 {
		p := map[topic.ID]float64{}
		for _, x := range m.Suggest(Input{Text: "труба"}, 2) {
			p[x.Topic] = x.P
		}
		return math.Log(p[11] / p[10])
	}
	if got := odds(expected) - odds(plain); got < 0.99 {
		t.Errorf("the odds rose by %v, want 1 or more", got)
	}
}

// FuzzNet reads a net of any bytes: it never panics, and what is read is
// written the same.
func FuzzNet(f *testing.F) {
	f.Add(netOf(f, 1, 2).append(nil)[:4000])
	f.Add([]byte{0})
	f.Fuzz(func(t *testing.T, b []byte) {
		r := reader{rest: b}
		if n := r.net(2); n != nil && !r.bad {
			scoresOf(n, "вода труба")
		}
	})
}
