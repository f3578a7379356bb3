//go:build browser

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gorod/packs"

	"github.com/chromedp/chromedp"
)

// patience is how long a person waits for a page to do what it should. The
// machine of a test may be busy with other packages.
const patience = 20 * time.Second

// tab is a person with a browser of their own: the cookies are apart.
type tab struct {
	t    *testing.T
	name string
	ctx  context.Context
	url  string
}

// person opens a tab for somebody; url is the site they are on.
func person(t *testing.T, name, url string) *tab {
	t.Helper()
	needChromium(t)
	parent, err := shared.chromium()
	if err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	ctx, stop := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	p := &tab{t: t, name: name, ctx: ctx, url: url}
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab for %s: %v", name, err)
	}
	return p
}

func (p *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail("%s: %v", what, err)
	}
}

// open goes to an address of the site, or to a whole one.
func (p *tab) open(address string) {
	p.t.Helper()
	if strings.HasPrefix(address, "/") {
		address = p.url + address
	}
	p.do("open "+address, chromedp.Navigate(address))
}

// click presses what a person would press: the first that is shown.
func (p *tab) click(selector string) {
	p.t.Helper()
	p.until("something to click at "+selector, shown(selector, ""))
	p.do("click "+selector, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector), chromedp.NodeVisible))
}

func (p *tab) write(selector, words string) {
	p.t.Helper()
	p.do("write into "+selector, chromedp.SendKeys(chromedp.CSS(selector), words, chromedp.NodeVisible))
}

func (p *tab) press(keys string) {
	p.t.Helper()
	p.do(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys))
}

// attach chooses photos of the invented town.
func (p *tab) attach(selector string, photos ...string) {
	p.t.Helper()
	dir := p.t.TempDir()
	var files []string
	for _, name := range photos {
		body, err := readPhoto(name)
		if err != nil {
			p.t.Fatal(err)
		}
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, body, 0o600); err != nil {
			p.t.Fatal(err)
		}
		files = append(files, file)
	}
	p.do("choose photos", chromedp.SetUploadFiles(chromedp.CSS(selector), files))
}

func readPhoto(name string) ([]byte, error) {
	file, err := packs.Zarechny().Open("photos/" + name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	body := make([]byte, info.Size())
	for n := 0; n < len(body); {
		m, err := file.Read(body[n:])
		if n += m; err != nil {
			return body, err
		}
	}
	return body, nil
}

// sees waits until something at the selector is shown and says the words.
func (p *tab) sees(selector, words string) {
	p.t.Helper()
	p.until(fmt.Sprintf("%q at %s", words, selector), shown(selector, words))
}

// shown is an expression: is something at the selector drawn, with these words?
func shown(selector, words string) string {
	return fmt.Sprintf(`[...document.querySelectorAll(%s)].some((e) => e.getClientRects().length > 0 &&
		e.textContent.replace(/[\s\u00a0]+/g, " ").includes(%s))`, quoted(selector), quoted(words))
}

// until asks the page again and again whether an expression is true. A page that
// is just going away gives no answer; the next one will.
func (p *tab) until(what, expression string) {
	p.t.Helper()
	if !p.soon(expression, patience) {
		p.fail("does not see %s", what)
	}
}

func (p *tab) soon(expression string, limit time.Duration) bool {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, limit)
	defer stop()
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for {
		if yes, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!(`+expression+`)`)); err == nil && yes {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
}

// ask evaluates an expression in a tab.
func ask[T any](p *tab, expression string, options ...chromedp.EvaluateOption) T {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		p.fail("ask %.80s: %v", expression, err)
	}
	return v
}

// text is what is written at the selector.
func (p *tab) text(selector string) string {
	p.t.Helper()
	p.until("anything at "+selector, shown(selector, ""))
	return ask[string](p, fmt.Sprintf(`document.querySelector(%s).textContent.trim()`, quoted(selector)))
}

// keysBound waits until the desk listens to the keyboard, which its own list of
// keys shows, and until it takes Enter: not for a moment after it was drawn, so
// that a second Enter meant for the message before decides nothing.
func (p *tab) keysBound() {
	p.t.Helper()
	p.until("the desk", `document.readyState === "complete"`)
	ask[chromedp.Void](p, `document.activeElement?.blur()`)
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	for !ask[bool](p, `document.querySelector("dialog.keys[open]") !== null`) {
		if ctx.Err() != nil {
			p.fail("the keys of the desk do nothing")
		}
		p.press("?")
		p.soon(`document.querySelector("dialog.keys[open]")`, 300*time.Millisecond)
	}
	from := ask[float64](p, `performance.now()`)
	ask[chromedp.Void](p, `document.querySelector("dialog.keys").close()`)
	p.until("that Enter counts", fmt.Sprintf(`!document.querySelector("dialog") && performance.now() > %f + 450`, from))
	ask[chromedp.Void](p, `document.activeElement?.blur()`)
}

// fail ends the test with what the person has before their eyes.
func (p *tab) fail(format string, args ...any) {
	p.t.Helper()
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	page, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.href + "\n" + document.querySelector("main, body").innerText`))
	if err != nil {
		page = err.Error()
	}
	if dir := os.Getenv("BROWSER_PICTURES"); dir != "" {
		if picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(80)); err == nil {
			_ = os.WriteFile(filepath.Join(dir, p.t.Name()+".jpg"), picture, 0o600) // a help for who looks for the cause
		}
	}
	p.t.Fatalf("%s: %s\nThe page is %.3000s", p.name, fmt.Sprintf(format, args...), page)
}

func quoted(s string) string {
	body, err := json.Marshal(s)
	if err != nil {
		return `""`
	}
	return string(body)
}
