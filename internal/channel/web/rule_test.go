package web

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"gorod/internal/city/reading"
	"gorod/internal/platform/fault"
)

func TestEveryKindOfFaultHasAStatus(t *testing.T) {
	t.Parallel()
	var kinds []fault.Kind
	for _, a := range answers() {
		kinds = append(kinds, a.kind)
		if http.StatusText(a.status) == "" || a.status < 400 {
			t.Errorf("%s is told as %d", a.kind, a.status)
		}
	}
	if !slices.Equal(kinds, fault.Kinds()) {
		t.Errorf("the table has %v, the kinds are %v", kinds, fault.Kinds())
	}
}

func TestDangerIsRecognised(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"В подъезде сильно пахнет газом":                       true,
		"запах газа на лестнице":                               true,
		"дым идёт из подвала":                                  true,
		"Пожар в соседнем доме!":                               true,
		"искрит щиток на этаже":                                true,
		"оборванный провод лежит на дорожке, провод оборвался": true,
		"ребёнок упал в открытый люк":                          true,
		"люди застряли в лифте":                                true,
		"во дворе третий день не горит фонарь":                 false,
		"не горит свет в подъезде":                             false,
		"яма на дороге":                                        false,
		"вытоптали газон у дома":                               false,
		"газета в почтовом ящике, запах краски":                false,
		"упало дерево на газон":                                false,
		"не работает лифт":                                     false,
		"":                                                     false,
	} {
		if got := len(reading.Dangers(text)) > 0; got != want {
			t.Errorf("%q: danger %v", text, got)
		}
	}
}

func TestMarkdownIsSafe(t *testing.T) {
	t.Parallel()
	heading, body := markdown("# Правила\n\nТекст **важно** и [ссылка](https://a.example/x?a=1&b=2).\nДальше <script>x</script>\n\n" +
		"## Списки\n\n- раз\n- два [зло](javascript:alert)\n\n1. первый\n2. второй\n\nКонец [тут](/rules) [там](//evil.example)\n")
	if heading != "Правила" {
		t.Errorf("heading %q", heading)
	}
	want := "<p>Текст <strong>важно</strong> и <a href=\"https://a.example/x?a=1&amp;b=2\">ссылка</a>. Дальше &lt;script&gt;x&lt;/script&gt;</p>\n" +
		"<h2>Списки</h2>\n<ul>\n<li>раз</li>\n<li>два зло</li>\n</ul>\n<ol>\n<li>первый</li>\n<li>второй</li>\n</ol>\n<p>Конец <a href=\"/rules\">тут</a> там</p>\n"
	if string(body) != want {
		t.Errorf("got\n%s\nwant\n%s", body, want)
	}
}

func FuzzMarkdown(f *testing.F) {
	for _, seed := range []string{"# a\n- b\n1. c", "[a](javascript:b)", "**a*b**", "<script>", "[a](/\"onclick=b)", "[<](/b)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		_, body := markdown(text)
		lower := strings.ToLower(string(body))
		for _, bad := range []string{"<script", "<img", "href=\"javascript", "href=\"data", "\" on"} {
			if strings.Contains(lower, bad) {
				t.Fatalf("%q became %s", text, body)
			}
		}
	})
}

func TestBackLeadsToThisSiteOnly(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"/map?q=1": "/map?q=1", "//evil.example": "", "https://evil.example": "", "/\\evil.example": "", "": "", "map": "", "/a\nb": "",
	} {
		if got := backOf(typed); got != want {
			t.Errorf("%q leads to %q", typed, got)
		}
	}
}

func TestSignedTextsCannotBeForged(t *testing.T) {
	t.Parallel()
	k := signer{master: []byte("0123456789abcdef0123456789abcdef")}
	signed := k.sign("follow", "1-2-3-4")
	if body, ok := k.open("follow", signed); !ok || body != "1-2-3-4" {
		t.Error("what was signed does not open")
	}
	for _, forged := range []string{"", ".", "1-2-3-4", strings.Replace(signed, "2", "3", 1), signed + "x"} {
		if _, ok := k.open("follow", forged); ok {
			t.Errorf("%q opens", forged)
		}
	}
	if _, ok := k.open("sent", signed); ok {
		t.Error("a text signed for one purpose opens for another")
	}
}
