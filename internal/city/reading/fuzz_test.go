package reading_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gorod/internal/city/reading"
)

// FuzzRead: whatever people send, nothing panics, every span is a range of
// whole characters in order, and what is masked twice is masked once.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"кв. 1 8 911 123-45-67 a@b.c 4111 1111 1111 1111", "a@b.c@d.e", "кв 1,2,3-4", "8\u200b911", "\xff8 911 123 45 67", "12кв12кв12", "Иванов И.И. и Пётр Петрович",
		"код код 12 34 домофон 15к", "[телефон скрыт] 12", "@ab@cdef", "сосед Иванов Иван", "х*й бл@ сууука", "и ещё, во-вторых: 1) 2)", "горит горит дом", "а123вс78 а 123 вс 78",
		"восемь девятьсот 11 12 13 14 15", "😀 кв. 5 \u202eабв", "[", "[имя скрыто", "тел. 12345 6789012", "снилс 123-123-123 12 12", "в 12 кв 12 кв",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		found := reading.Read(s)
		for _, spans := range [][]reading.Span{found.Personal, found.Obscene} {
			checkSpans(t, s, spans)
		}
		for _, d := range found.Danger {
			if d.Start < 0 || d.End <= d.Start || d.End > len(s) {
				t.Errorf("danger %+v of %q", d, s)
			}
		}
		last := 0
		for _, p := range found.Parts {
			if p.Start < last || p.End <= p.Start || p.End > len(s) {
				t.Errorf("parts %+v of %q", found.Parts, s)
			}
			last = p.End
		}
		once := reading.Mask(s)
		if !utf8.ValidString(once) {
			t.Errorf("%q masked is %q", s, once)
		}
		if twice := reading.Mask(once); twice != once {
			t.Errorf("%q masked once is %q, twice %q", s, once, twice)
		}
		if again := reading.Read(s); !slices.Equal(again.Personal, found.Personal) {
			t.Errorf("%q is read as %v and as %v", s, found.Personal, again.Personal)
		}
	})
}

func checkSpans(t *testing.T, s string, spans []reading.Span) {
	t.Helper()
	end := 0
	for _, span := range spans {
		if span.Start < end || span.End <= span.Start || span.End > len(s) {
			t.Fatalf("spans %v of %q", spans, s)
		}
		if utf8.ValidString(s) && (!utf8.RuneStart(s[span.Start]) || span.End < len(s) && !utf8.RuneStart(s[span.End])) {
			t.Errorf("span %v of %q cuts a character", span, s)
		}
		end = span.End
	}
}

func BenchmarkRead(b *testing.B) {
	for name, s := range map[string]string{
		"usual":    strings.Repeat("Во дворе дома третий день не горит фонарь у детской площадки, вечером темно. ", 2),
		"personal": "Сосед Иванов Иван Иванович из кв. 15 ставит машину А123ВС178 на газон, мой телефон 8 (911) 123-45-67, почта ivan@mail.ru",
		"long":     strings.Repeat("У дома 5 по улице Маршала Жукова, кв. 12, искрит провод; и ещё Иванов И.И. 8 911 123-45-67 не отвечает. ", 500),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			for b.Loop() {
				reading.Read(s)
			}
		})
	}
}
