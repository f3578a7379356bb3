//go:build browser

package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// vague fits topics of several kinds of places: the page asks which is meant.
const vague = "мусор"

func TestTopicsAreProposedWhileTyping(t *testing.T) {
	town := inTown(t)
	p := person(t, "who types", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	ask[chromedp.Void](p, `addEventListener("click", (e) => e.target.matches("[data-send]") && (globalThis.sends = true), true)`)
	p.write("#text", "во дворе третий день не горит фонарь")
	p.sees("[data-suggest] .tile-choice b", "освещение")
	p.sees("[data-suggest] .tile-choice .covers", "Например")
	p.sees("[data-suggest] .tile-choice", "Ответ до")
	p.until("a picture of the object", `document.querySelector("[data-suggest] .icon use")?.getAttribute("href").includes("objects")`)
	p.until("one sentence said aloud", `/^предлагаем \d тем/.test(document.querySelector("p.sr[role=status]")?.textContent ?? "")`)
	p.until("the text only in bodies", `performance.getEntriesByType("resource").every((r) => !decodeURI(r.name).includes("фонарь"))`)
	p.click("[data-suggest] .tile-choice")
	p.until("the chosen card sets what is needed", `document.querySelector("[data-suggest] [data-advice]") !== null`)
}

// TestAStaleAnswerNeverOverwritesALaterOne holds back the answer to the first
// text until the answer to the second has been drawn.
func TestAStaleAnswerNeverOverwritesALaterOne(t *testing.T) {
	town := inTown(t)
	p := person(t, "who changes their mind", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	ask[chromedp.Void](p, `(() => {
		const ask = globalThis.fetch;
		globalThis.held = [];
		globalThis.fetch = async (to, init) => {
			if (!String(to).startsWith("/suggest") || globalThis.held.length > 0) return ask(to, init);
			let go;
			const wait = new Promise((r) => (go = r));
			globalThis.held.push(go);
			const answer = await ask(to, {...init, signal: undefined}); // not even giving it up keeps it from coming
			await wait;
			globalThis.came = true;
			return answer;
		};
	})()`)
	p.write("#text", "яма на дороге")
	p.until("the first question held back", `globalThis.held.length === 1`)
	p.write("#text", " нет, не работает домофон в подъезде")
	p.sees("[data-suggest] .tile-choice b", "домофон")
	before := p.text("[data-suggest]")
	ask[chromedp.Void](p, `globalThis.held[0]()`)
	p.until("the first answer come", `globalThis.came`)
	ask[bool](p, `new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(() => r(true))))`, chromedp.EvalAwaitPromise)
	if after := p.text("[data-suggest]"); after != before {
		p.fail("the stale answer was drawn: %q instead of %q", after, before)
	}
}

func TestTheQuestionIsAnsweredByTheKeyboard(t *testing.T) {
	town := inTown(t)
	p := person(t, "who has no mouse", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.write("#text", vague)
	p.sees("[data-question] legend", "Уточните одно")
	if n := ask[int](p, `document.querySelectorAll("[data-question] button").length`); n < 3 || n > 6 {
		p.fail("%d answers are offered", n)
	}
	for i := 0; !ask[bool](p, `document.activeElement?.matches("[data-question] button")`); i++ {
		if i > 8 {
			p.fail("Tab does not lead to the question")
		}
		p.press(kb.Tab)
	}
	said := strings.TrimSpace(ask[string](p, `document.activeElement.textContent`))
	p.press(kb.Enter)
	p.sees("[data-answered]", said)
	p.until("no second question", `document.querySelector("[data-question]") === null`)
	p.until("the focus on the first card", `document.activeElement?.name === "topic"`)
	p.until("the answer in the form", `document.querySelector("[name=object]").value !== "" && document.querySelector("[name=asked]").value !== ""`)
	p.click("[data-answered] button")
	p.sees("[data-question] legend", "Уточните одно")
}

func TestTheQuestionIsAnsweredWithoutJavaScript(t *testing.T) {
	town := inTown(t)
	p := person(t, "who has no scripts", town.url)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.open("/")
	p.write("#text", vague)
	p.click("button[value=find_topic]")
	p.sees("[data-question] legend", "Уточните одно")
	p.click("[data-question] button")
	p.sees("[data-answered]", "Вы уточнили")
	p.sees("[data-suggest] .tile-choice", "")
}

func TestTwoProblemsAreSentApart(t *testing.T) {
	town := inTown(t)
	p := person(t, "who has two troubles", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.write("#text", "В третьем подъезде не работает домофон, дверь открыта. И ещё на дороге у дома глубокая яма, пробили колесо")
	p.sees("[data-notices]", "здесь две проблемы")
	p.click("[name=split]")
	p.sees(".note-plain", "Вторую проблему сохранили")
	p.sees("[data-suggest] .tile-choice", "домофон")
	p.write("#address", "Садовая, 14")
	p.sees("#address-options li", "Садовая")
	p.click("#address-options li")
	p.click("[data-suggest] .tile-choice")
	p.write("#stairs", "3")
	p.click("[data-send]")
	p.sees("h1", "Получили")
	p.click(`a[href="/"].button`)
	p.sees("h1", "Что случилось?")
	p.until("the second text at the same place", `document.querySelector("#text").value.startsWith("На дороге") && document.querySelector("#address").value.includes("Садовая")`)
}

func TestTheTreeIsSearchedAndWalkedByTheKeyboard(t *testing.T) {
	town := inTown(t)
	p := person(t, "who chooses by hand", town.url)
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.write("#text", "не знаю, как назвать")
	p.click("[data-suggest] [value=pick_topic]")
	p.sees("h1", "Выберите тему")
	p.until("that the page listens", `!document.querySelector(".muted[data-js]").hidden`)
	p.write("#q", "мусор")
	p.sees(".tile-choice mark", "усор")
	p.until("only what was found", `[...document.querySelectorAll(".tree .tile-choice")].filter((c) => c.getClientRects().length > 0).length < 60`)
	p.press(kb.ArrowDown)
	p.until("the first topic", `document.activeElement?.matches(".tile-choice input")`)
	p.press(kb.ArrowDown)
	p.press(kb.ArrowUp)
	p.press(kb.Escape)
	p.until("the search again", `document.activeElement?.id === "q"`)
	p.press(kb.ArrowDown)
	chosen := ask[string](p, `document.activeElement.value`)
	p.press(kb.Enter)
	p.sees("h1", "Что случилось?")
	p.until("the topic that was chosen", `document.querySelector('[name=topic]:checked')?.value === "`+chosen+`"`)
}

// TestNothingMovesUnderWhoTypes: proposals come under the text, and what is below
// has its room from the first letter on.
func TestNothingMovesUnderWhoTypes(t *testing.T) {
	town := inTown(t)
	for _, width := range []int64{360, 1280} {
		p := person(t, "who looks at the screen", town.url)
		p.do("take a window", chromedp.EmulateViewport(width, 780))
		p.open("/")
		p.sees("h1", "Что случилось?")
		ask[chromedp.Void](p, `document.fonts.ready.then(() => {
			globalThis.moved = [];
			new PerformanceObserver((l) => moved.push(...l.getEntries().filter((e) => !e.hadRecentInput).map((e) => e.value + " " + e.sources.map((s) => s.node?.outerHTML?.slice(0, 90)).join(", ")))).observe({type: "layout-shift"});
		})`, chromedp.EvalAwaitPromise)
		top := `document.querySelector("#text").getBoundingClientRect().top`
		before := ask[float64](p, top)
		p.write("#text", "во дворе третий день не горит фонарь")
		p.sees("[data-suggest] .tile-choice b", "освещение")
		if after := ask[float64](p, top); after != before {
			p.fail("the text itself moved from %v to %v", before, after)
		}
		if moved := ask[[]string](p, `moved`); len(moved) > 0 {
			p.fail("at %d px: %s", width, strings.Join(moved, "; "))
		}
	}
}
