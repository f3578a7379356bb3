package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"gorod/internal/platform/text"
)

func want(t *testing.T, got, exp string) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %q\nwant %q", got, exp)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ in, exp string }{
		"case and ё":                       {"ЁЛКА ещё", "елка еще"},
		"decomposed ё and й":               {"е\u0308лка и\u0306од", "елка йод"},
		"stress":                           {"за\u0301мок", "замок"},
		"Latin in Russian words":           {"Cвет, 10 мeтpoв oт вxoдa", "свет, 10 метров от входа"},
		"Latin capitals":                   {"BОДА HЕТ", "вода нет"},
		"Latin words stay":                 {"Tele2 TOP ace", "tele2 top ace"},
		"an address glued to a word stays": {"подъездеhttp://cat.ru", "подъездеhttp://cat.ru"},
		"letter of a house":                {"дом 12A, 53k2", "дом 12а, 53к2"},
		"Latin after a digit stays":        {"B7NA9308", "b7na9308"},
		"quotes and dashes":                {"«а» “б” ‚в‘ — – − ‑", `"а" "б" 'в' - - - -`},
		"invisible":                        {"при\u200bве\u00adт\ufeff", "привет"},
		"compatibility":                    {"ﬁ １２ м²", "fi 12 м2"},
		"number sign":                      {"школа № 5", "школа # 5"},
		"white space":                      {" \t а\u00a0\n\u2009 б \x00", "а б"},
		"invalid UTF-8":                    {"а\xff\xfeб", "а б"},
		"empty":                            {"", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, text.Fold(tt.in), tt.exp)
		})
	}
}

func TestTokens(t *testing.T) {
	t.Parallel()
	for in, exp := range map[string]string{
		"Будапештская 12к3":    "будапештская 12 к 3",
		"д.10литБ":             "д 10 лит б",
		"10 литр воды, 10литр": "10 литр воды 10 литр",
		"лита вкусна":          "лита вкусна",
		"2ой этаж, 5этаж":      "2 ой этаж 5 этаж",
		"Санкт-Петербург":      "санкт петербург",
		"подъездеhttp":         "подъезде http",
		"59.891118, 30.320139": "59 891118 30 320139",
		"🤷🏻‍♀️ Когда?!":        "когда",
		"":                     "",
		" ... ":                "",
		"дом 12A":              "дом 12 а",
		"қала ұлы":             "қала ұлы",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			want(t, strings.Join(text.Tokens(in), " "), exp)
		})
	}
}

func TestFormsOfAWordHaveOneStem(t *testing.T) {
	t.Parallel()
	for exp, words := range map[string][]string{
		"лестниц":  {"лестница", "Лестницу", "лестницами", "лестниц"},
		"елк":      {"ёлка", "елки", "Ёлкой"},
		"освещен":  {"освещение", "освещения"},
		"wi":       {"Wi"},
		"lighting": {"Lighting"},
		"":         {"", " "},
	} {
		for _, word := range words {
			want(t, text.Stem(word), exp)
		}
	}
}

func TestStemsKeepOrderAndRepetitions(t *testing.T) {
	t.Parallel()
	want(t, strings.Join(text.Stems("Ямы на дороге, яма у дома 12к3. Fix!"), " "), "ям на дорог ям у дом 12 к 3 fix")
}

func TestStemsAreNeverLongerThanADatabaseTakes(t *testing.T) {
	t.Parallel()
	for _, stem := range text.Stems(strings.Repeat("ж", 5000) + " " + strings.Repeat("7", 5000)) {
		if n := utf8.RuneCountInString(stem); n > 64 {
			t.Errorf("a stem has %d letters", n)
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Ёлка", "12к3 10литБ", "\xff", "е\u0308\u0308", "İıßϴ", "ᄀ\u0301ᅡ", "№", "ΐ", "ſt", "\u1e9b\u0323", "аͅ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		folded := text.Fold(s)
		if !utf8.ValidString(folded) {
			t.Errorf("Fold(%q) = %q is not UTF-8", s, folded)
		}
		if again := text.Fold(folded); again != folded {
			t.Errorf("Fold(%q) = %q, again %q", s, folded, again)
		}
		for _, token := range text.Tokens(s) {
			if token == "" || !strings.Contains(folded, token) {
				t.Errorf("token %q is not a part of %q", token, folded)
			}
		}
		for _, stem := range text.Stems(s) {
			if stem == "" || strings.ContainsAny(stem, " \n") || !utf8.ValidString(stem) {
				t.Errorf("stem %q of %q", stem, s)
			}
		}
	})
}

const message = `Добрый день! На лестнице №3 (кв. 40-80) уже 2ой месяц не горит cвет, просьба заменить лампы.
Адрес: Будапештская ул., д. 12к3, литера А. Звоните: 8 (911) 123-45-67.`

func BenchmarkFold(b *testing.B) {
	for b.Loop() {
		text.Fold(message)
	}
}

func BenchmarkStems(b *testing.B) {
	for b.Loop() {
		text.Stems(message)
	}
}
