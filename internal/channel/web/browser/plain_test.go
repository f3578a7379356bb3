//go:build browser

package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestSendingWithoutJavaScript(t *testing.T) {
	town := inTown(t)
	p := person(t, "a guest without scripts", town.url)
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.open("/")
	p.until("the plain button, which scripts hide", shown("[data-nojs] button[value=find_topic]", ""))
	p.write("#text", darkYard)
	p.click("button[value=find_topic]")
	p.sees("[data-suggest] .tile-choice", "освещение")
	p.click("button[value=pick_topic].button-link")
	p.sees("h1", "Выберите тему")
	p.write("#q", "освещение")
	p.click(".place-row button[value=pick_topic]")
	p.click(`fieldset.choices .tile-choice:has([value="` + lampTopic + `"])`)
	p.click("button[value=topic_chosen]")
	p.until("the topic that was picked", `document.querySelector('[name=topic][value="`+lampTopic+`"]')?.checked`)
	p.write("#address", "Садовая, 14")
	p.click("button[value=find_place]")
	p.sees("[data-houses] legend", "Какой дом?") // two streets of the town have the name
	p.click("[data-houses] label")
	p.attach("#photos", "lamp-dark.jpg")
	p.click("button[value=add_photos]")
	p.until("the photo", `document.querySelector("[data-photos-list] img")?.naturalWidth > 0`)
	p.click("[data-send]")
	p.sees("h1", "Получили")
	number, link := p.sentPage()
	p.open(link)
	p.until("the problem's own page", `location.pathname === "/problem/`+number+`"`)
	p.sees(".event-text", darkYard)
}
