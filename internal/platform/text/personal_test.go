package text_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

// found shows what was found in a text, each with its kind.
func found(s string) string {
	var all []string
	for _, span := range text.PersonalData(s) {
		all = append(all, string(span.Kind)+":"+s[span.Start:span.End])
	}
	return strings.Join(all, "|")
}

func TestPersonalDataIsFound(t *testing.T) {
	t.Parallel()
	for in, exp := range map[string]string{
		"звоните 8 (911) 123-45-67 вечером": "phone:8 (911) 123-45-67",
		"+7 911 123 45 67":                      "phone:+7 911 123 45 67",
		"тел.89111234567.":                      "phone:89111234567",
		"+7(812)123-45-67, 12 этаж":             "phone:+7(812)123-45-67",
		"8-911-1234567 12 подъезд":              "phone:8-911-1234567",
		"мой 911 123-45-67":                     "phone:911 123-45-67",
		"на баке 79111234567 не отвечает":       "phone:79111234567",
		"дом. 123-45-67":                        "phone:123-45-67",
		"８ ９１１ １２３‑４５‑６７":                       "phone:８ ９１１ １２３‑４５‑６７",
		"8\u00a0911\u200b\u00a0123–45–67":       "phone:8\u00a0911\u200b\u00a0123–45–67",
		"пишите ivan.petrov+gorod@mail.spb.ru!": "email:ivan.petrov+gorod@mail.spb.ru",
		"иван@почта.рф":                         "email:иван@почта.рф",
		"кв. 12":                                "flat:кв. 12",
		"д. 5, КВ12, вода":                      "flat:КВ12",
		"в квартире номер 16 зеркально":         "flat:квартире номер 16",
		"квартира № 7":                          "flat:квартира № 7",
		"кв. 832,833, 834 и 12":                 "flat:кв. 832,833, 834 и 12",
		"кв 5 этаж 3":                           "flat:кв 5",
		"кв 5, 3 этаж":                          "flat:кв 5",
		"от 157кв течёт":                        "flat:157кв",
		"в 12-й квартире шумят":                 "flat:12-й квартире",
		"дом 5 квартира 12":                     "flat:квартира 12",
		"kв. 12":                                "flat:kв. 12",
		"flat 12":                               "flat:flat 12",
		"кв 5 8 911 123-45-67":                  "flat:кв 5|phone:8 911 123-45-67",
		"карта 4111 1111 1111 1111 12/28":       "card:4111 1111 1111 1111",
		"2200000000000004":                      "card:2200000000000004",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			want(t, found(in), exp)
		})
	}
}

func TestWhatOnlyLooksPersonalIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"coordinates":                "59.891118, 30.320139, 59.8911123456",
		"free line":                  "8 800 123-45-67, 8 (800) 1234567",
		"tax number":                 "ИНН 7814739668, ИНН 9701234567",
		"tax number without a word":  "9701234564",
		"number of a request":        "заявка 7887802790391 и 897957",
		"date":                       "15.03.2021 в 16:04, 2021-03-15",
		"staircase":                  "парадная (кв. 40–80), кв 81 - 82, квартиры с 5, кв. 9 по 13",
		"square metres":              "120кв.м, 120 кв. метров, 12 кв м, кв. м 5",
		"quarter of a year":          "сделать в 4 кв. 2020",
		"quarter of a town":          "квартал 5, сквер 12, сквера 3",
		"flats of an entrance":       "стояк над квартирами 3 подъезда, квартиры 2-го этажа",
		"house before a flat":        "в доме 5 квартира затоплена",
		"a card without check digit": "4111 1111 1111 1112",
		"house numbers":              "дома 2 4 6 8 10 12 14 16 18 27",
		"no mail":                    "мы @ они, a@b, @gorod.ru",
		"other script of №":          "парадная № 12",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, found(in), "")
		})
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		in    string
		spans []text.Span
		exp   string
	}{
		"first two stay":             {"тел. 89111234567!", []text.Span{{Start: 8, End: 19, Kind: text.Phone}}, "тел. 89•••••••••!"},
		"no digit of a flat stays":   {"5кв и кв7", []text.Span{{Start: 0, End: 5, Kind: text.Flat}, {Start: 9, End: 14, Kind: text.Flat}}, "•к• и кв•"},
		"any order":                  {"abcdef", []text.Span{{Start: 3, End: 6}, {Start: 0, End: 3}}, "ab•de•"},
		"overlaps keep nothing more": {"abcdef", []text.Span{{Start: 0, End: 4}, {Start: 2, End: 6}}, "ab••••"},
		"outside":                    {"abcd", []text.Span{{Start: -5, End: 3}, {Start: 9, End: 99}, {Start: 3, End: 2}}, "ab•d"},
		"inside a character":         {"яяяя", []text.Span{{Start: 1, End: 7}}, "яя••"},
		"invalid UTF-8":              {"\xffa\xff", nil, "\ufffda\ufffd"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, text.Mask(tt.in, tt.spans), tt.exp)
		})
	}
}

// everyKind is a line without personal data that holds what each kind has.
var everyKind = strings.Repeat("1x", 13) + " @ - кв kв кb kb ap flat\n"

func FuzzPersonalData(f *testing.F) {
	for _, s := range []string{message, "кв. 1 8 911 123-45-67 a@b.c 4111 1111 1111 1111", "a@b.c@d.e", "кв 1,2,3-4", "8\u200b911", "\xff8 911 123 45 67", "12кв12кв12"} {
		f.Add(s, 1, 5)
	}
	f.Fuzz(func(t *testing.T, s string, from, to int) {
		end := 0
		spans := text.PersonalData(s)
		for _, span := range spans {
			if span.Start < end || span.End <= span.Start || span.End > len(s) {
				t.Fatalf("spans %v of %q", spans, s)
			}
			if !utf8.RuneStart(s[span.Start]) || span.End < len(s) && utf8.ValidString(s) && !utf8.RuneStart(s[span.End]) {
				t.Errorf("span %v of %q cuts a character", span, s)
			}
			end = span.End
		}
		// A look before the search leaves nothing out: after a line that has
		// something of every kind the same is found.
		after := text.PersonalData(everyKind + s)
		for i := range after {
			after[i].Start, after[i].End = after[i].Start-len(everyKind), after[i].End-len(everyKind)
		}
		if !slices.Equal(after, spans) {
			t.Errorf("in %q alone %v, after a line of all kinds %v", s, spans, after)
		}
		for _, masked := range []string{text.Mask(s, spans), text.Mask(s, append(spans, text.Span{Start: from, End: to}))} {
			if !utf8.ValidString(masked) || utf8.RuneCountInString(masked) != utf8.RuneCountInString(s) {
				t.Errorf("%q masked is %q", s, masked)
			}
		}
	})
}

func BenchmarkPersonalData(b *testing.B) {
	for b.Loop() {
		text.PersonalData(message)
	}
}
