package locale_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
)

// load makes a catalogue of file name and text pairs.
func load(t *testing.T, files map[string]string) *locale.Catalog {
	t.Helper()
	c, err := locale.Load(folder(files))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func want(t *testing.T, got, exp string) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %q\nwant %q", got, exp)
	}
}

func TestShippedLanguagesSayTheSame(t *testing.T) {
	t.Parallel()
	c, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	if gaps := c.Gaps(); len(gaps) > 0 {
		t.Errorf("%d phrases differ between the languages:\n%s", len(gaps), strings.Join(gaps, "\n"))
	}
}

func TestEveryKindOfFaultHasASentence(t *testing.T) {
	t.Parallel()
	c, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range fault.Kinds() {
		for _, lang := range locale.Langs() {
			if key := "fault." + kind.Error(); !c.Has(lang, key) {
				t.Errorf("%s lacks %s", lang, key)
			}
		}
	}
}

var sample = map[string]string{
	"ru/problem.toml": `
text_too_long = "Текст длиннее {0} знаков"
near = "{0}: рядом {1}"
braces = "{{0}} значит {0}"
days_left = {one = "остался {0} день", few = "осталось {0} дня", many = "осталось {0} дней"}
near_you = {one = "{0}: {1} дом", few = "{0}: {1} дома", many = "{0}: {1} домов", other = "{0}: {1} дома"}
only_ru = "только по-русски, {0}"
[state]
open = "в работе"
other = "иное"
`,
	"en/problem.toml": `
text_too_long = "The text is longer than {0} characters"
near = "{0}: {1} nearby"
days_left = {one = "{0} day left", other = "{0} days left"}
`,
}

func TestPhraseIsSaid(t *testing.T) {
	t.Parallel()
	c := load(t, sample)
	type counted int
	for name, tt := range map[string]struct {
		lang locale.Lang
		key  string
		args []any
		exp  string
	}{
		"plain":                                  {locale.RU, "problem.state.open", nil, "в работе"},
		"a group may have a key named as a form": {locale.RU, "problem.state.other", nil, "иное"},
		"thousands in Russian":                   {locale.RU, "problem.text_too_long", []any{12345}, "Текст длиннее 12\u202f345 знаков"},
		"thousands in English":                   {locale.EN, "problem.text_too_long", []any{1234567}, "The text is longer than 1,234,567 characters"},
		"negative":                               {locale.EN, "problem.text_too_long", []any{-1500}, "The text is longer than −1,500 characters"},
		"own integer type":                       {locale.EN, "problem.text_too_long", []any{counted(1500)}, "The text is longer than 1,500 characters"},
		"decimal":                                {locale.RU, "problem.near", []any{1.5, 0.126}, "1,5: рядом 0,13"},
		"string is left alone":                   {locale.RU, "problem.near", []any{"2026", "1000"}, "2026: рядом 1000"},
		"moment and length":                      {locale.EN, "problem.near", []any{time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), 200 * time.Minute}, "Friday, 20 November 2026: 3 h 20 min nearby"},
		"missing argument stays visible":         {locale.RU, "problem.near", []any{"а"}, "а: рядом {1}"},
		"doubled braces":                         {locale.RU, "problem.braces", []any{7}, "{0} значит 7"},
		"one":                                    {locale.RU, "problem.days_left", []any{21}, "остался 21 день"},
		"few":                                    {locale.RU, "problem.days_left", []any{102}, "осталось 102 дня"},
		"many":                                   {locale.RU, "problem.days_left", []any{uint8(12)}, "осталось 12 дней"},
		"minus one is one":                       {locale.RU, "problem.days_left", []any{-1}, "остался −1 день"},
		"fraction without its own form":          {locale.RU, "problem.days_left", []any{1.5}, "осталось 1,5 дня"},
		"English one":                            {locale.EN, "problem.days_left", []any{1}, "1 day left"},
		"English other":                          {locale.EN, "problem.days_left", []any{21}, "21 days left"},
		"first whole number chooses":             {locale.RU, "problem.near_you", []any{"двор", 5}, "двор: 5 домов"},
		"a duration does not choose":             {locale.RU, "problem.near_you", []any{time.Hour, 1}, "1 ч: 1 дом"},
		"missing in English falls back":          {locale.EN, "problem.only_ru", []any{1234}, "только по-русски, 1\u202f234"},
		"missing everywhere":                     {locale.EN, "problem.oops", nil, "⟦problem.oops⟧"},
		"unknown language":                       {"kk", "problem.state.open", nil, "в работе"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want(t, c.T(tt.lang, tt.key, tt.args...), tt.exp)
		})
	}
}

func TestRussianPluralForms(t *testing.T) {
	t.Parallel()
	c := load(t, map[string]string{"ru/a.toml": `n = {one="one", few="few", many="many", other="other"}`})
	for exp, numbers := range map[string][]int{
		"one":  {1, 21, 31, 101, 1001, 1_000_021},
		"few":  {2, 3, 4, 22, 24, 102, 1003},
		"many": {0, 5, 11, 12, 13, 14, 19, 20, 25, 100, 111, 112, 1000, 1014},
	} {
		for _, n := range numbers {
			if got := c.T(locale.RU, "a.n", n); got != exp {
				t.Errorf("%d is %s, want %s", n, got, exp)
			}
		}
	}
	want(t, c.T(locale.RU, "a.n", 1.5), "other")
}

func TestLoadNamesFileAndKeyOfWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ file, text, exp string }{
		"named placeholder":  {"ru/a.toml", `b = "до {name}"`, "phrase a.b in ru/a.toml: placeholder {name}"},
		"large placeholder":  {"ru/a.toml", `b = "в {2026}"`, "placeholder {2026}"},
		"padded placeholder": {"ru/a.toml", `b = "{01}"`, "placeholder {01}"},
		"lone brace":         {"en/a.toml", `b = "100}"`, "phrase a.b in en/a.toml: a lone brace"},
		"open brace":         {"en/a.toml", `b = "{0"`, "a lone brace"},
		"missing form":       {"ru/a.toml", `b = {one="x", many="y"}`, `phrase a.b in ru/a.toml: lacks the plural form "few"`},
		"foreign form":       {"en/a.toml", `b = {one="x", few="z", other="y"}`, `has the plural form "few", which en does not have`},
		"misspelt form":      {"ru/a.toml", `b = {one="x", fwe="z", many="y"}`, "beside keys that are no plural forms"},
		"form with no text":  {"ru/a.toml", `b = {one="x", few=2, many="y"}`, "phrase a.b.few in ru/a.toml: is int64"},
		"value with no text": {"ru/a.toml", `[g]` + "\n" + `b = 5`, "phrase a.g.b in ru/a.toml: is int64"},
		"empty":              {"ru/a.toml", `b = " "`, "phrase a.b in ru/a.toml: is empty"},
		"no TOML":            {"ru/a.toml", `b = `, "read phrases ru/a.toml:"},
		"unknown language":   {"xx/a.toml", `b = "c"`, `read phrases xx/a.toml: language "xx"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := locale.Load(folder(map[string]string{tt.file: tt.text}))
			if err == nil || !strings.Contains(err.Error(), tt.exp) {
				t.Errorf("got error %v\nwant one with %q", err, tt.exp)
			}
		})
	}
}

func TestLoadReportsAllMistakesAtOnce(t *testing.T) {
	t.Parallel()
	_, err := locale.Load(folder(map[string]string{"ru/a.toml": "b = \"{x}\"\nc = \"{y}\"", "en/a.toml": "b = \"{z}\""}))
	for _, exp := range []string{"{x}", "{y}", "{z}"} {
		if err == nil || !strings.Contains(err.Error(), exp) {
			t.Errorf("error %v does not name %s", err, exp)
		}
	}
}

func TestGapsNameMissingPhrasesAndDifferentArguments(t *testing.T) {
	t.Parallel()
	c := load(t, map[string]string{
		"ru/a.toml": "same = \"{1} {0}\"\nru = \"да\"\nargs = \"{0}\"",
		"en/a.toml": "same = \"{0} {1}\"\nen = \"yes\"\nargs = \"{1}\"",
	})
	want(t, strings.Join(c.Gaps(), "\n"), "a.args: ru shows arguments [0], en shows [1]\na.en: missing in ru\na.ru: missing in en")
	want(t, strings.Join(c.Keys(), " "), "a.args a.en a.ru a.same")
}

func FuzzPhrase(f *testing.F) {
	for _, s := range []string{"{0} из {1}", "{{0}}", "}", "{", "{0", "{-1}", "{9}{10}", "", "ё{{}}{3}"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, text string, n int) {
		quoted := strings.NewReplacer("'''", "", "\r", "").Replace(text)
		c, err := locale.Load(folder(map[string]string{"ru/a.toml": "b = '''\n" + quoted + "'''"}))
		if err != nil {
			return
		}
		said := c.T(locale.RU, "a.b", n)
		if !strings.ContainsAny(quoted, "{}") && said != quoted {
			t.Errorf("said %q for the plain text %q", said, quoted)
		}
	})
}

func BenchmarkT(b *testing.B) {
	c, err := locale.Load(folder(sample))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		c.T(locale.RU, "problem.days_left", 12345)
	}
}
