package suggest

import (
	"slices"
	"testing"
)

func TestAReaderIsToldWhatTellsSomething(t *testing.T) {
	t.Parallel()
	all := []Reason{{Kind: SaidWord, Text: "фонарь", Weight: 5}, {Kind: SaidWord, Text: "Не", Weight: 2}, {Kind: SaidSpot, Weight: 1},
		{Kind: SaidWord, Text: "в", Weight: 1}, {Kind: SaidWord, Text: "горит", Weight: 0.9}, {Kind: SaidWord, Text: "двор", Weight: 0.02}}
	told := func(n int) []string {
		var list []string
		for _, r := range Telling(all, n) {
			list = append(list, string(r.Kind)+" "+r.Text)
		}
		return list
	}
	want := []string{string(SaidWord) + " фонарь", string(SaidSpot) + " ", string(SaidWord) + " горит"}
	if got := told(5); !slices.Equal(got, want) {
		t.Errorf("told %q", got)
	}
	if got := told(2); !slices.Equal(got, want[:2]) {
		t.Errorf("of two told %q", got)
	}
}
