package osm

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestNumbersOfHousesAreTakenApart(t *testing.T) {
	t.Parallel()
	for in, exp := range map[string]string{
		"12":   "12|||",
		"10к3": "10|3||",
		"10К3": "10|3||", "10 к3": "10|3||", "10 к. 3": "10|3||", "10к 3": "10|3||", "10, корп. 3": "10|3||",
		"10 к3 с1": "10|3|1|", "10к3с1": "10|3|1|", "10с1": "10||1|", "10 стр. 2": "10||2|", "10 строение 2": "10||2|",
		"10 литА": "10|||А", "10 лит А": "10|||А", "10литБ": "10|||Б", "10 лит. б": "10|||Б", "10, литера В": "10|||В",
		"дом 10, корпус 3, литера А": "10|3||А", "д. 5": "5|||", "вл. 7 стр. 1": "7||1|",
		"1/21": "1/21|||", "1/21к2": "1/21|2||", "1 / 21": "1/21|||", "5-7": "5-7|||", "5–7": "5-7|||",
		"10А": "10А|||", "10а": "10А|||", "10 а": "10А|||", "10с": "10С|||", "10А к2": "10А|2||", "10 к2А": "10|2А||", "12Ак1": "12А|1||",
		"1;3": "1|||", "12a": "12A|||", "7/9А": "7/9А|||",
		"": "", "А": "", "без номера": "", "к3": "",
	} {
		n, ok := parseNumber(in)
		got := ""
		if ok {
			got = strings.Join([]string{n.house, n.building, n.structure, n.letter}, "|")
		}
		if got != exp {
			t.Errorf("%q: got %q, want %q", in, got, exp)
		}
	}
	n, _ := parseNumber("10 к3 с1 литА")
	if got, exp := n.String(), "д. 10, корп. 3, стр. 1, лит. А"; got != exp {
		t.Errorf("got %q, want %q", got, exp)
	}
}

func FuzzNumber(f *testing.F) {
	for _, s := range []string{"10к3", "10 к3 с1", "1/21", "литА", "10А;12", "\xff1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n, ok := parseNumber(s)
		if ok && (n.house == "" || utf8.ValidString(s) && !utf8.ValidString(n.String())) {
			t.Errorf("%q became %q", s, n)
		}
	})
}
