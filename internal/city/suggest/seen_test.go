package suggest_test

import (
	"testing"

	"gorod/internal/city/suggest"
)

func TestAModelKnowsWhichTextsTaughtIt(t *testing.T) {
	t.Parallel()
	taught := small()[0].Text
	m, _ := train(t, small(), suggest.Options{Seed: 1})
	again, err := suggest.Decode(m.Encode())
	must(t, err)
	for _, m := range []*suggest.Model{m, again} {
		if !m.Seen(taught) || !m.Seen("  "+taught+"!!") {
			t.Errorf("%q is not known", taught)
		}
		if m.Seen(taught + " и ещё слово") {
			t.Error("a text that it never saw is taken for one that it did")
		}
	}
}

func TestOnlyLettersAndDigitsMakeAPrint(t *testing.T) {
	t.Parallel()
	if suggest.Print("Ёлка — УПАЛА, чей двор?") != suggest.Print("елка упала чеи двор") {
		t.Error("case, punctuation, ё and й make another text")
	}
	if suggest.Print("дом 12") == suggest.Print("дом 13") {
		t.Error("two houses are one text")
	}
}
