package view_test

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/html"

	"gorod/internal/channel/web/view"
	"gorod/internal/platform/locale"
)

// plainAssets serves files under their own names.
type plainAssets struct{}

func (plainAssets) URL(name string) string { return "/assets/" + name }

func renderer(t testing.TB) *view.Renderer {
	t.Helper()
	cat, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	r, err := view.New(cat, plainAssets{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestEveryStory renders every page in every state and language once and looks
// at the result in three ways.
func TestEveryStory(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	for _, s := range view.Stories() {
		for _, lang := range locale.Langs() {
			t.Run(string(lang)+"/"+s.Name+"/"+s.State, func(t *testing.T) {
				t.Parallel()
				var page bytes.Buffer
				if err := r.Render(&page, s.In(lang)); err != nil {
					t.Fatal(err)
				}
				doc, err := html.Parse(bytes.NewReader(page.Bytes()))
				if err != nil {
					t.Fatal(err)
				}
				saysOnlyWhatTheCatalogueKnows(t, page.String())
				obeysTheStrictPolicy(t, doc)
				canBeReadWithAScreenReader(t, doc)
			})
		}
	}
}

func saysOnlyWhatTheCatalogueKnows(t *testing.T, page string) {
	if i := strings.Index(page, "⟦"); i >= 0 {
		t.Errorf("a phrase is missing: %.60s", page[i:])
	}
	for _, bad := range []string{"ZgotmplZ", "%!", "<no value>"} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("the page has %q: %.80s", bad, page[max(0, i-60):])
		}
	}
}

func obeysTheStrictPolicy(t *testing.T, doc *html.Node) {
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "style" || n.Data == "script" && attr(n, "src") == "" || has(n, "style") {
			t.Errorf("<%s> is inline", n.Data)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") {
				t.Errorf("<%s %s> is an inline handler", n.Data, a.Key)
			}
			if a.Key == "src" && !strings.HasPrefix(a.Val, "/") {
				t.Errorf("<%s src=%q> is not of this site", n.Data, a.Val)
			}
		}
	}
}

func canBeReadWithAScreenReader(t *testing.T, doc *html.Node) {
	ids, labels := idsOf(t, doc)
	headings := 0
	for n := range doc.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		checkReferences(t, n, ids)
		checkNamed(t, n, labels)
		if n.Data == "h1" {
			headings++
		}
	}
	if headings != 1 {
		t.Errorf("the page has %d headings of the first level", headings)
	}
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func idsOf(t *testing.T, doc *html.Node) (ids, labels map[string]bool) {
	ids, labels = map[string]bool{}, map[string]bool{}
	for n := range doc.Descendants() {
		if id := attr(n, "id"); n.Type == html.ElementNode && id != "" {
			if ids[id] {
				t.Errorf("id %q stands twice", id)
			}
			ids[id] = true
		}
		if n.Data == "label" {
			labels[attr(n, "for")] = true
		}
	}
	return ids, labels
}

func checkReferences(t *testing.T, n *html.Node, ids map[string]bool) {
	for _, name := range []string{"aria-describedby", "aria-labelledby", "for", "aria-controls"} {
		for id := range strings.FieldsSeq(attr(n, name)) {
			if !ids[id] {
				t.Errorf("<%s %s=%q> points to nothing", n.Data, name, id)
			}
		}
	}
	if href := attr(n, "href"); n.Data == "a" && strings.HasPrefix(href, "#") && !ids[href[1:]] {
		t.Errorf("link %q leads nowhere", href)
	}
}

func checkNamed(t *testing.T, n *html.Node, labels map[string]bool) {
	switch n.Data {
	case "img":
		if !has(n, "alt") {
			t.Errorf("picture %q has no words", attr(n, "src"))
		}
		if !has(n, "width") || !has(n, "height") {
			t.Errorf("picture %q has no size: the page would jump", attr(n, "src"))
		}
	case "a", "button", "summary":
		if words(n) == "" && attr(n, "aria-label") == "" {
			t.Errorf("<%s href=%q> has no words", n.Data, attr(n, "href"))
		}
		if n.Data == "a" && attr(n, "href") == "" {
			t.Errorf("link %q has no address", words(n))
		}
	case "input", "textarea", "select":
		if attr(n, "type") != "hidden" && !labelled(n, labels) {
			t.Errorf("<%s name=%q> has no label", n.Data, attr(n, "name"))
		}
	}
}

func labelled(n *html.Node, labels map[string]bool) bool {
	if attr(n, "aria-label") != "" || attr(n, "aria-labelledby") != "" || labels[attr(n, "id")] && has(n, "id") {
		return true
	}
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == "label" {
			return true
		}
	}
	return false
}

func words(n *html.Node) string {
	var b strings.Builder
	for c := range n.Descendants() {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
		b.WriteString(attr(c, "alt"))
	}
	return strings.TrimSpace(b.String())
}

// noFile fails as a connection does that breaks.
type noFile struct{ wrote int }

func (w *noFile) Write(p []byte) (int, error) { w.wrote += len(p); return 0, io.ErrClosedPipe }

type brokenPage struct{ view.Base }

func (brokenPage) Template() string { return "home.html" } // it has none of the home page's fields

func TestATemplateErrorSendsNothing(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	var page bytes.Buffer
	if err := r.Render(&page, brokenPage{}); err == nil || page.Len() > 0 {
		t.Errorf("error %v, sent %d bytes", err, page.Len())
	}
	if err := r.Render(&noFile{}, view.FollowPage{}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a broken connection gives %v", err)
	}
}

func TestPagesRenderedAtOnceKeepTheirLanguage(t *testing.T) {
	t.Parallel()
	r := renderer(t)
	story := view.Stories()[0]
	var wg sync.WaitGroup
	for i := range 40 {
		lang, says := locale.RU, "Что случилось?"
		if i%2 == 1 {
			lang, says = locale.EN, "What is wrong?"
		}
		wg.Go(func() {
			var page bytes.Buffer
			if err := r.Render(&page, story.In(lang)); err != nil || !strings.Contains(page.String(), says) {
				t.Errorf("%s: %v", lang, err)
			}
		})
	}
	wg.Wait()
}

func TestLanguageLinkNeverLeavesTheSite(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{
		"/map?area=z&lang=ru":   "/map?area=z&lang=en",
		"//evil.example/x":      "/x?lang=en",
		"https://evil.example/": "/?lang=en",
		"/\\evil.example":       "/evil.example?lang=en",
		"":                      "/?lang=en",
		"%zz":                   "/?lang=en",
	} {
		if got := (view.Base{Path: path}).LangURL(locale.EN); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

func TestEveryStateHasItsWords(t *testing.T) {
	t.Parallel()
	cat, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{
		"moderation", "question", "rejected", "withdrawn", "work", "work_until", "interim", "interim_until",
		"review", "answered", "closed_author", "closed_controller", "closed_auto", "disputed", "late",
	} {
		for _, lang := range locale.Langs() {
			if !cat.Has(lang, "state."+code) {
				t.Errorf("%s has no words for the state %s", lang, code)
			}
		}
	}
}

func TestSilenceIsNotCountedAsSolved(t *testing.T) {
	t.Parallel()
	fates := view.StatsTotals{Answered: 100, Confirmed: 30, Silent: 60, Disputed: 10}.Fates()
	for _, f := range fates {
		if f.Key == "silent" && (f.Count != 60 || f.Bar.Tone == "done") {
			t.Errorf("silence is drawn as %+v", f)
		}
	}
}

// TestDump writes the stories as files, to be looked at: GOROD_DUMP=folder.
func TestDump(t *testing.T) {
	dir := os.Getenv("GOROD_DUMP")
	if dir == "" {
		t.Skip("GOROD_DUMP is not set")
	}
	r := renderer(t)
	for _, s := range view.Stories() {
		for _, lang := range locale.Langs() {
			name := strings.NewReplacer(" ", "_", ",", "", "/", "_").Replace(s.Name+"-"+s.State) + "." + string(lang) + ".html"
			var page bytes.Buffer
			if err := r.Render(&page, s.In(lang)); err != nil {
				t.Error(err)
				continue
			}
			if err := os.WriteFile(filepath.Join(dir, name), page.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func BenchmarkRender(b *testing.B) {
	r := renderer(b)
	for _, name := range []string{"problem/disputed and closed", "list/hundred", "home/filled in"} {
		for _, s := range view.Stories() {
			if s.Name+"/"+s.State != name {
				continue
			}
			b.Run(name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := r.Render(io.Discard, s.Page); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
