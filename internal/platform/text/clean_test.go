package text_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

func TestClean(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, exp string }{
		"line ends":                {"а\r\nб\rв\u2028г\vд", "а\nб\nв\nг\nд"},
		"control characters":       {"а\x00б\x1bв\u0081\tг", "абв г"},
		"direction and invisible":  {"а\u202eб\u200bв\ufeff", "абв"},
		"emoji keep their joiners": {"🤷🏻‍♀️", "🤷🏻‍♀️"},
		"composed":                 {"и\u0306", "й"},
		"space around":             {" \n\n  а  \n  б \n ", "а\n  б"},
		"three blank lines stay":   {"а\n\n\n\nб", "а\n\n\n\nб"},
		"four become three":        {"а\n\n \n\n\nб", "а\n\n\n\nб"},
		"only space":               {" \r\n\t ", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := text.Clean(tt.in, 100)
			if err != nil {
				t.Fatal(err)
			}
			want(t, got, tt.exp)
		})
	}
}

func TestTrimMakesOneLine(t *testing.T) {
	t.Parallel()
	got, err := text.Trim("  Иван\r\n\t Петров\u00a0\x00 ", 11)
	if err != nil {
		t.Fatal(err)
	}
	want(t, got, "Иван Петров")
}

func TestTextThatIsNotUTF8IsRefused(t *testing.T) {
	t.Parallel()
	if _, err := text.Clean("\xcf\xf0\xe8", 100); !errors.Is(err, text.ErrEncoding) {
		t.Errorf("Clean: %v", err)
	}
	if _, err := text.Trim("\xcf\xf0\xe8", 100); !errors.Is(err, text.ErrEncoding) {
		t.Errorf("Trim: %v", err)
	}
}

func TestLongTextIsRefusedWithItsLength(t *testing.T) {
	t.Parallel()
	_, err := text.Clean(" "+strings.Repeat("ы", 12)+" ", 10)
	var long text.ErrTooLong
	if !errors.As(err, &long) || long != (text.ErrTooLong{Max: 10, Have: 12}) {
		t.Errorf("got %v", err)
	}
	if _, err := text.Clean(" "+strings.Repeat("ы", 10)+" ", 10); err != nil {
		t.Errorf("a text of just the right length: %v", err)
	}
}

func TestExcerpt(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in    string
		runes int
		exp   string
	}{
		"short":                       {"не горит свет", 13, "не горит свет"},
		"cut after a word":            {"не горит свет", 12, "не горит…"},
		"cut at the very end of word": {"не горит свет", 9, "не горит…"},
		"one letter less":             {"не горит свет", 8, "не…"},
		"punctuation goes":            {"яма, опять яма", 6, "яма…"},
		"lines become one":            {"а\n\nб  в", 9, "а б в"},
		"a long word is cut inside":   {"водоканализационный", 6, "водок…"},
		"an emoji is not cut inside":  {"яма🤷🏻‍♀️🤷🏻‍♀️🤷🏻‍♀️", 6, "яма🤷…"},
		"a joined emoji goes whole":   {"яма👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 7, "яма…"},
		"only a mark":                 {"водоканал", 1, "…"},
		"nothing":                     {"водоканал", 0, ""},
		"less than nothing":           {"водоканал", -3, ""},
		"nothing of nothing":          {"", 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, text.Excerpt(tt.in, tt.runes), tt.exp)
		})
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"а\r\nб", " \n\n\n\n\n\nа", "\xff", "🤷🏻‍♀️", "e\u0301\u200b\u0301", "\u2000\u0344", "\u200d \u200d"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, n int) {
		for name, clean := range map[string]func(string, int) (string, error){"Clean": text.Clean, "Trim": text.Trim} {
			got, err := clean(s, 1<<20)
			if err != nil {
				continue
			}
			if again, err := clean(got, 1<<20); err != nil || again != got {
				t.Errorf("%s(%q) = %q, again %q, %v", name, s, got, again, err)
			}
			if !utf8.ValidString(got) || strings.ContainsAny(got, "\r\x00") || strings.Contains(got, "\n\n\n\n\n") {
				t.Errorf("%s(%q) = %q", name, s, got)
			}
		}
		short := text.Excerpt(s, n)
		if !utf8.ValidString(short) || utf8.RuneCountInString(short) > max(n, 0) {
			t.Errorf("Excerpt(%q, %d) = %q", s, n, short)
		}
	})
}
