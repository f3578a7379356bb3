//go:build browser

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// drawn is whether the map is there, and not only what the server drew.
const drawn = `document.querySelector(".map-canvas:not(.map-coming) canvas") !== null`

// listed are the numbers of the problems in the list.
const listed = `[...document.querySelectorAll("[data-part=side] [data-line]")].map((line) => line.dataset.number).join(" ")`

// onMap opens an address with a map and waits for it.
func (p *tab) onMap(address string) {
	p.t.Helper()
	p.open(address)
	p.until("the map drawn", drawn)
}

// asksTiles waits until the map has asked how much fits a filter, which it does
// when it puts the tiles of the filter on.
func (p *tab) asksTiles(filter string) {
	p.t.Helper()
	p.until("tiles with "+filter, `performance.getEntriesByType("resource").some((r) => new URL(r.name).pathname === "/map/count" && new URL(r.name).search.includes(`+quoted(filter)+`))`)
}

// pressMap clicks so many pixels right of and below the middle of the map.
func (p *tab) pressMap(right, down float64) {
	p.t.Helper()
	ask[chromedp.Void](p, `document.querySelector(".map-canvas").scrollIntoView({block: "center"})`)
	at := ask[[]float64](p, `(() => { const r = document.querySelector(".map-canvas").getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()`)
	p.do("press the map", chromedp.MouseClickXY(at[0]+right, at[1]+down))
}

func TestMapAndListShowTheSameSelection(t *testing.T) {
	town := inTown(t)
	p := person(t, "who looks at the map", town.url)
	p.onMap("/map?view=map")
	p.asksTiles("")
	whole := ask[string](p, listed)
	p.click(`.legend a[href*="state=solved"]`)
	p.until("the filter in the address", `location.search.includes("state=solved")`)
	p.asksTiles("state=solved")
	p.until("another list", listed+` !== `+quoted(whole))
	p.until("solved ones only", `[...document.querySelectorAll("[data-part=side] [data-line] .chip")].every((c) => /решено/i.test(c.textContent))`)
	p.until("the form saying the same", `document.querySelector("form[data-filters] [name=state]").value === "solved"`)
	p.until("the legend saying the same", `document.querySelector(".legend [aria-current]")?.textContent.includes("решено")`)
	ask[chromedp.Void](p, `history.back()`)
	p.until("the whole list again", `!location.search.includes("state") && `+listed+` === `+quoted(whole))
	p.until("the form empty again", `document.querySelector("form[data-filters] [name=state]").value === ""`)
}

func TestALinkToTheMapKeepsViewAndFilter(t *testing.T) {
	town := inTown(t)
	p := person(t, "who got a link", town.url)
	p.onMap("/map?view=map&at=58.2995,36.8985,15&state=open")
	p.until("the list of what is in view", `document.querySelector("[data-box]").value !== "" && document.querySelector("[data-at]").value.startsWith("58.2995,36.8985,15")`)
	p.asksTiles("state=open")
	p.until("the filter marked", `document.querySelector(".legend [aria-current]")?.textContent.includes("в работе")`)
	whole := ask[int](p, `document.querySelectorAll("[data-part=side] [data-line]").length`)
	if whole == 0 {
		p.fail("nothing is open in the middle of the town")
	}
	link := ask[string](p, `location.href`)
	again := person(t, "who got it from them", town.url)
	again.onMap(link)
	again.until("the same list", fmt.Sprintf(`document.querySelectorAll("[data-part=side] [data-line]").length === %d`, whole))
	again.until("the same view", `location.search.includes("at=58.2995%2C36.8985%2C15")`)
}

func TestTheMapIsWalkedByTheKeyboard(t *testing.T) {
	town := inTown(t)
	p := person(t, "who has no mouse", town.url)
	p.onMap("/map?view=map&at=58.2995,36.8985,16")
	p.until("the list of the view", `document.querySelector("[data-box]").value !== ""`)
	before := ask[string](p, `document.querySelector("[data-box]").value`)
	ask[chromedp.Void](p, `document.querySelector(".map-canvas canvas").focus()`)
	p.press(kb.ArrowRight)
	p.until("the map moved, and the list with it", `document.querySelector("[data-box]").value !== `+quoted(before)+` && !location.search.includes("36.8985%2C16")`)
	p.press("=") // the key of the plus; with Shift, two steps
	p.until("the map closer", `/at=[^&]*%2C17/.test(location.search)`)
	p.press(kb.Tab)
	p.until("the way on to the buttons of the map", `document.activeElement?.closest(".map-tools") !== null`)
}

func TestAPointOnTheMapOpensItsCard(t *testing.T) {
	town := inTown(t)
	p := person(t, "who presses a point", town.url)
	number := town.anyProblem(t)
	p.open("/map")
	at := ask[string](p, `document.querySelector("[data-line][data-number='`+number+`']").dataset.at`)
	p.onMap("/map?view=map&at=" + at + ",18")
	p.until("the problem in the list", `document.querySelector("[data-part=side] [data-line]") !== null`)
	for range 20 { // its tile may still be on the way
		p.pressMap(0, 0)
		if p.soon(`document.querySelector(".map-card a") !== null`, patience/20) {
			break
		}
	}
	p.sees(".map-card", "Открыть карточку")
	if link := ask[string](p, `document.querySelector(".map-card a").pathname`); !strings.HasPrefix(link, "/problem/") && !strings.HasPrefix(link, "/map") {
		p.fail("the card leads to %s", link)
	}
	p.click(".map-card .buttons button")
	p.until("the card closed", `document.querySelector(".map-card") === null`)
}

func TestHeatIsShownByAreasAndHexagons(t *testing.T) {
	town := inTown(t)
	p := person(t, "who compares districts", town.url)
	p.onMap("/map?view=map")
	p.click(`[data-part=modes] a[href*="mode=area"]`)
	p.sees(".area-rows caption", "То же в числах")
	p.until("the mode in the address", `location.search.includes("mode=area")`)
	if rows := ask[int](p, `document.querySelectorAll("[data-area]").length`); rows != 3 {
		p.fail("%d districts are compared, the town has 3", rows)
	}
	p.click(`[data-part=modes] a[href*="mode=hex"]`)
	p.until("no table of districts", `document.querySelector(".area-rows") === null && location.search.includes("mode=hex")`)
	p.sees("[data-part=legend]", "шестиугольник")
	p.onMap("/map?view=map&mode=area&state=open")
	p.sees(".area-rows", "Центр")
	p.sees(".legend [aria-current]", "в работе")
}

func TestProblemsNearMe(t *testing.T) {
	town := inTown(t)
	p := person(t, "who stands at the cathedral", town.url)
	p.onMap("/map?view=map")
	ask[chromedp.Void](p, `navigator.geolocation.getCurrentPosition = (tell) => tell({coords: {latitude: 58.2999, longitude: 36.8996, accuracy: 10}})`)
	p.click("[data-near] button")
	p.until("the place around them", `location.search.includes("at=58.2999%2C36.8996%2C16")`)
	p.sees(".map-near", "●")
	p.sees("[data-part=side]", "только то, что видно")
}

func TestTheMapWithoutJavaScript(t *testing.T) {
	town := inTown(t)
	p := person(t, "a guest without scripts", town.url)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.open("/map?view=map")
	p.sees("[data-part=side] [data-line]", "№")
	p.until("signs to press", `document.querySelectorAll("[data-picture] svg a").length > 5 && getComputedStyle(document.querySelector(".mark")).visibility === "visible"`)
	p.click(`.moves a`)
	p.until("a closer picture of a part", `location.search.includes("box=") && document.querySelectorAll("[data-picture] path").length > 2`)
	p.sees("[data-part=side]", "только то, что видно")
}

func TestThePinShowsWhatWasReportedNear(t *testing.T) {
	town := inTown(t)
	p := person(t, "who puts a pin", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.write("#text", darkYard)
	p.click(`[data-suggest] .tile-choice:has([value="` + lampTopic + `"])`)
	p.click("[data-place] [data-map]")
	p.until("the map drawn", drawn)
	p.until("the keyboard on the pin", `document.activeElement?.matches("[data-picker] canvas")`)
	p.press(kb.ArrowRight)
	p.sees("[data-picker] [role=status]", "ул.")
	p.until("what is like it near", `performance.getEntriesByType("resource").some((r) => r.name.includes("/near?"))`)
	p.press("\r")
	p.until("the place taken", `document.querySelector("[data-picker]") === null && document.querySelector("[name=lat]").value !== ""`)
}

func TestAnOutlineIsDrawnAndKept(t *testing.T) {
	town := inTown(t)
	p := town.staff(t, "people-1")
	p.open("/watch/new")
	if !ask[bool](p, `document.querySelector("[data-outline]") !== null`) {
		p.fail("no form of a subscription")
	}
	p.click("[data-outline] label")
	p.until("the map drawn", drawn)
	const corners = `document.querySelector("[data-ring]").value.split(" ").filter(Boolean).length`
	p.pressMap(-100, -60)
	p.until("the first corner", corners+" === 1")
	p.pressMap(100, -60)
	p.pressMap(100, 60)
	p.until("three corners", corners+" === 3")
	p.sees("[data-outline] [role=status]", "Участок замкнут")
	ask[chromedp.Void](p, `document.querySelector("[data-outline] canvas").focus()`)
	p.press(kb.ArrowLeft)
	p.press("\r")
	p.until("a corner put by the keyboard", corners+" === 4 && location.pathname === '/watch/new'")
	p.press(kb.Backspace)
	p.until("it taken back", corners+" === 3")
	ring := ask[string](p, `document.querySelector("[data-ring]").value`)
	ask[chromedp.Void](p, `document.querySelector("#name").value = "Мой квартал"`)
	p.click("[data-watch] .button-main")
	p.until("the subscription", `/^\/watch(\/\d+)?$/.test(location.pathname)`)
	p.open("/watch")
	p.click(".watch-row a")
	p.until("the outline again", `document.querySelector("[data-ring]").value !== "" && document.querySelector("[data-outline] input[type=radio]").checked`)
	p.until("the map with it", drawn)
	if kept := ask[string](p, `document.querySelector("[data-ring]").value`); strings.Fields(kept)[0] != strings.Fields(ring)[0] {
		p.fail("the outline was %s and is %s", ring, kept)
	}
}

func TestTheMapLivesInAFrameOfAnotherSite(t *testing.T) {
	town := inTown(t)
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, `<!doctype html><title>Двор</title><iframe src="%s/embed/map?l=ru" width="600" height="900" sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox"></iframe>
			<script>addEventListener("message", (e) => (globalThis.said = JSON.stringify(e.data)))</script>`, town.url)
	}))
	defer other.Close()
	p := person(t, "a reader of another site", other.URL)
	p.open("/")
	p.until("its height told", `(globalThis.said ?? "").includes("height")`)
	p.onMap(town.url + "/embed/map?l=ru")
	p.until("every link in a window of its own", `document.querySelector("base").target === "_blank"`)
	p.until("no complaint", `document.querySelector(".map-off") === null`)
}
