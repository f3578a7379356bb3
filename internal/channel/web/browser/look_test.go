//go:build browser

package browser

import (
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"gorod/internal/channel/web"
	"gorod/internal/channel/web/view"
	"gorod/internal/platform/locale"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// violation is one thing that axe-core finds wrong with a page.
type violation struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Nodes  []string `json:"nodes"`
}

// axeRun asks axe-core for everything of WCAG 2.2 AA and its good practices.
const axeRun = `axe.run(document, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})
	.then((r) => r.violations.map((v) => ({id: v.id, impact: v.impact ?? "", help: v.help,
		nodes: v.nodes.slice(0, 4).map((n) => n.html.slice(0, 300) + " — " + (n.failureSummary ?? "").replace(/\s+/g, " ").slice(0, 300))})))`

func TestNoStoryHasAnAxeViolation(t *testing.T) {
	needChromium(t)
	axe, err := os.ReadFile(filepath.Join("..", "..", "..", "..", "web", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		missing(t, "NO AXE-CORE: nothing was looked at (cd web && npm ci)")
	}
	cat, err := locale.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	stories, err := web.NewStorybook(cat)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(stories)
	defer server.Close()
	p := person(t, "axe", server.URL)
	english := map[string]bool{}
	for _, story := range view.Stories() {
		p.examine(string(axe), web.StoryURL(story, locale.RU))
		if !english[story.Name] {
			english[story.Name] = true
			p.examine(string(axe), web.StoryURL(story, locale.EN))
		}
	}
}

// examine runs axe-core on a page. DevTools evaluate it beside the page, so that
// the page keeps its Content-Security-Policy.
func (p *tab) examine(axe, address string) {
	p.t.Helper()
	p.open(address)
	ask[chromedp.Void](p, axe)
	for _, v := range ask[[]violation](p, axeRun, chromedp.EvalAwaitPromise) {
		p.t.Errorf("%s: %s (%s) %s\n\t%s", address, v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n\t"))
	}
}

// asked collects the hosts that a tab asks for anything.
type asked struct {
	mu    sync.Mutex
	hosts map[string]string // host to the first address
}

func (a *asked) hear(ev any) {
	sent, ok := ev.(*network.EventRequestWillBeSent)
	if !ok {
		return
	}
	u, err := url.Parse(sent.Request.URL)
	if err != nil || u.Host == "" { // data: and blob: go nowhere
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, ok := a.hosts[u.Hostname()]; !ok {
		a.hosts[u.Hostname()] = sent.Request.URL
	}
}

func TestNoPageContactsAnotherHost(t *testing.T) {
	town := inTown(t)
	staff := town.staff(t, "admin")
	guest := person(t, "a guest", town.url)
	heard := &asked{hosts: map[string]string{}}
	for _, p := range []*tab{guest, staff} {
		if err := chromedp.Listen(p.ctx, heard.hear); err != nil {
			t.Fatal(err)
		}
	}
	for _, address := range []string{"/", "/map", "/map?view=map", "/stats", "/problem/" + town.anyProblem(t), "/follow", "/signin",
		"/rules", "/about", "/privacy", "/data", "/prefs", "/source", "/houses", "/house/1107", "/house/1107/problems", "/companies", "/company/uk-berega",
		"/outages", "/object/lamp-1", "/areas", "/watch", "/embed", "/embed/list?house=1107", "/embed/map", "/embed/report"} {
		guest.open(address)
		guest.until("the whole page", "true")
	}
	for _, address := range []string{"/staff", "/staff/people", "/staff/organisations", "/staff/pack", "/staff/jobs", "/staff/audit", "/staff/outbox"} {
		staff.open(address)
		staff.until("the whole page", "true")
	}
	heard.mu.Lock()
	defer heard.mu.Unlock()
	if heard.hosts["127.0.0.1"] == "" {
		t.Error("no request was heard at all")
	}
	for host, address := range heard.hosts {
		if host != "127.0.0.1" {
			t.Errorf("a page asks %s: %s", host, address)
		}
	}
}

func TestNothingMovesSideways(t *testing.T) {
	town := inTown(t)
	guest := person(t, "a guest with a small telephone", town.url)
	guest.sendsQuickly()
	sent := ask[string](guest, `location.pathname`)
	moderator := town.staff(t, "moderator-2")
	pages := []struct {
		who     *tab
		address string
	}{
		{guest, "/"}, {guest, "/map"}, {guest, "/problem/" + town.anyProblem(t)}, {guest, sent}, {moderator, "/staff/moderation"},
		{guest, "/houses"}, {guest, "/house/1107"}, {guest, "/companies"}, {guest, "/company/uk-berega"}, {guest, "/outages"},
		{guest, "/object/lamp-1"}, {guest, "/areas"}, {guest, "/watch"}, {guest, "/embed"},
	}
	for _, page := range pages {
		page.who.do("make the window small", chromedp.EmulateViewport(360, 740))
		page.who.open(page.address)
		for _, size := range []string{"100%", "200%"} {
			ask[chromedp.Void](page.who, `document.documentElement.style.fontSize = "`+size+`"`)
			if wide := ask[[]string](page.who, sideways); len(wide) > 0 {
				t.Errorf("%s with letters of %s is wider than the window:\n\t%s", page.address, size, strings.Join(wide, "\n\t"))
			}
		}
	}
}

// TestNothingMovesByItself: a page stands still from its first picture on, while
// typeface and scripts come: who presses a button presses that button.
func TestNothingMovesByItself(t *testing.T) {
	town := inTown(t)
	problem := "/problem/" + town.anyProblem(t)
	for _, width := range []int64{360, 1280} {
		for _, address := range []string{"/", "/stats", "/about", problem} {
			p := person(t, "who comes for the first time", town.url)
			p.do("take a window", chromedp.EmulateViewport(width, 780))
			p.open(address)
			if moved := ask[[]string](p, moves, chromedp.EvalAwaitPromise); len(moved) > 0 {
				t.Errorf("%s at %d px moves:\n\t%s", address, width, strings.Join(moved, "\n\t"))
			}
		}
	}
}

// moves lists what the browser has seen moving (layout-shift) until the typeface
// was there and two more pictures were drawn.
const moves = `new Promise((tell) => {
	const seen = [];
	const note = (list) => seen.push(...list.map((e) => e.value.toFixed(4) + " " +
		e.sources.map((s) => s.node?.outerHTML?.slice(0, 80) ?? "").join(", ")));
	const watch = new PerformanceObserver((list) => note(list.getEntries()));
	watch.observe({type: "layout-shift", buffered: true});
	document.fonts.ready.then(() => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => {
		note(watch.takeRecords());
		tell(seen);
	}))));
})`

// sideways lists what sticks out on the right, if the page can be moved there.
const sideways = `(() => {
	const width = document.documentElement.clientWidth;
	if (document.scrollingElement.scrollWidth <= width) return [];
	const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 0.5);
	return ["the page reaches " + document.scrollingElement.scrollWidth + " of " + width,
		...out.slice(0, 8).map((e) => e.outerHTML.slice(0, 160) + " reaches " + Math.round(e.getBoundingClientRect().right))];
})()`

// anyProblem is the number of a problem that everybody may read.
func (town *town) anyProblem(t *testing.T) string {
	t.Helper()
	p := person(t, "who looks for a problem", town.url)
	p.open("/map")
	return digits(ask[string](p, `document.querySelector("[data-line]").dataset.number`))
}

// sendsQuickly sends a message in the shortest way, to see the page after it.
func (p *tab) sendsQuickly() {
	p.t.Helper()
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.write("#text", darkYard)
	p.sees("[data-suggest] .tile-choice", "освещение")
	p.click(`[data-suggest] .tile-choice:has([value="` + lampTopic + `"])`)
	p.write("#address", "Садовая, 14")
	p.click("#address-options li")
	p.attach("#photos", "lamp-dark.jpg")
	p.until("the photo", `document.querySelector("[data-photos-list] li") !== null`)
	p.click("[data-send]")
	p.sees("h1", "Получили")
}
