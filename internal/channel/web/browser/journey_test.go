//go:build browser

package browser

import (
	"context"
	"strings"
	"testing"
	"time"

	"gorod/internal/app"

	"github.com/chromedp/chromedp"
)

const (
	darkYard  = "Во дворе третий день не горит фонарь у детской площадки"
	lampTopic = "271" // «Неисправно освещение» of the classifier; МУП «Горсвет» answers
	mail      = "anna@example.org"
)

func TestTheJourneyOfADisputedProblem(t *testing.T) {
	town := inTown(t)
	anna := person(t, "anna", town.url)
	number, link := anna.reports()

	moderator := town.staff(t, "moderator-1")
	moderator.correctsAndAccepts(number)
	executor, reviewer := town.staff(t, "exec-gorsvet"), town.staff(t, "reviewer")
	executor.answers(number, "Заменили лампу, фонарь горит.", "lamp-lit.jpg")
	reviewer.passes(number)

	later := person(t, "anna on another device", town.url)
	later.disputes(link, "Не горит. Приезжали днём, вечером опять темно.")
	moderator.acceptsTheDispute(number)
	executor.answers(number, "Нашли обрыв кабеля, заменили, проверили вечером.", "lamp-lit.jpg")
	reviewer.passes(number)
	later.confirms(link)

	town.hasPlainFeed(t, number)
	town.hasTold(t, number, mail)
	town.verifies(t)
}

// staff signs somebody in at the door of the staff.
func (town *town) staff(t *testing.T, login string) *tab {
	t.Helper()
	p := person(t, login, town.url)
	p.open("/signin/staff")
	p.write("#login", login)
	p.write("#password", app.DemoPassword)
	p.click(".narrow form button")
	p.until("the desk", `location.pathname === "/staff"`)
	return p
}

// reports sends a message about a lamp as a guest, under a topic that is not
// the right one.
func (p *tab) reports() (number, link string) {
	p.t.Helper()
	p.open("/")
	p.sees("h1", "Что случилось?")
	p.click("#text")
	p.write("#text", darkYard)
	p.sees("[data-suggest] .tile-choice", "освещение")
	p.until("more than one proposal", `document.querySelectorAll("[data-suggest] .tile-choice").length > 1`)
	p.click(`[data-suggest] .tile-choice:has(input:not([value="` + lampTopic + `"]))`)
	p.write("#address", "Садовая, 14")
	p.sees("#address-options li", "Садовая")
	p.click("#address-options li")
	p.sees("#place-known", "Садовая")
	p.attach("#photos", "lamp-dark.jpg")
	p.until("the photo that has arrived", `document.querySelector("[data-photos-list] li canvas, [data-photos-list] li img") !== null`)
	p.write("#contact_email", mail)
	const asked = "[data-contact] [name=consent]:not(:checked)"
	for ask[bool](p, `document.querySelector("`+asked+`") !== null`) {
		p.click(asked)
	}
	p.click("[data-send]")
	p.sees("h1", "Получили")
	return p.sentPage()
}

// sentPage reads what a guest takes away: number, code and link.
func (p *tab) sentPage() (number, link string) {
	p.t.Helper()
	number = digits(p.text(".number-line"))
	if number == "" {
		p.fail("no number")
	}
	link = ask[string](p, `document.querySelector("a.secret").href`)
	if !strings.HasPrefix(link, p.url+"/follow/") {
		p.fail("the secret link is %q", link)
	}
	if code := p.text("section[aria-labelledby=follow] b"); len(code) < 6 {
		p.fail("the code is %q", code)
	}
	return number, link
}

// correctsAndAccepts does by the keyboard what the desk writes on its buttons.
func (p *tab) correctsAndAccepts(number string) {
	p.t.Helper()
	p.open("/staff/moderation/" + number)
	p.sees(".message-text", darkYard)
	p.keysBound()
	key := ask[string](p, `document.querySelector('#topic [value="`+lampTopic+`"]').dataset.key ?? ""`)
	p.press(key)
	p.until("the topic chosen by its key", `document.querySelector('#topic [value="`+lampTopic+`"]').checked`)
	p.sees(".route", "Горсвет")
	p.press("\r")
	p.sees("[data-flash]", "")
}

func (p *tab) acceptsTheDispute(number string) {
	p.t.Helper()
	p.open("/staff/moderation/" + number)
	p.sees(".said", "")
	p.sees(".message-text", "вечером опять темно")
	p.keysBound()
	p.press("\r")
	p.sees("[data-flash]", "")
}

func (p *tab) answers(number, words, photo string) {
	p.t.Helper()
	p.open("/staff/work")
	p.click(`a[href*="/staff/work/` + number + `"]`)
	p.sees("h1", "освещение")
	p.click(".outcomes label:has([value=done])")
	p.write("#text", words)
	p.attach("#photos", photo)
	p.click(".answer-form .buttons button")
	p.sees("[data-flash]", "")
}

func (p *tab) passes(number string) {
	p.t.Helper()
	p.open("/staff/answers/" + number)
	p.sees(".before-after .voice", "фонарь")
	p.keysBound()
	p.press("\r")
	p.sees("[data-flash]", "увидит житель")
}

func (p *tab) disputes(link, words string) {
	p.t.Helper()
	p.open(link)
	p.sees("[data-judge]", "Проблема решена?")
	p.click("[data-judge] a[href*=dispute]")
	p.write("form[data-dispute] #text", words)
	p.attach("form[data-dispute] #photos", "lamp-dark.jpg")
	p.click("form[data-dispute] button")
	p.sees(".flash", "Получили")
	p.sees(".chip", "не согласились")
}

func (p *tab) confirms(link string) {
	p.t.Helper()
	p.open(link)
	p.sees("[data-judge]", "Проблема решена?")
	p.click("[data-judge] form button")
	p.sees(".chip", "подтвердил житель")
}

// hasPlainFeed looks at the problem as anybody may.
func (town *town) hasPlainFeed(t *testing.T, number string) {
	t.Helper()
	p := person(t, "a passer-by", town.url)
	p.open("/problem/" + number)
	for _, step := range []string{darkYard, "Уточнили тему", "Заменили лампу", "вечером опять темно", "обрыв кабеля"} {
		p.sees("[data-feed] .event", step)
	}
	p.sees("[data-feed] .event", "Лампин")
	if n := ask[int](p, `document.querySelectorAll("[data-feed] .photos img").length`); n != 4 {
		p.fail("%d photos in the feed, not the four that were added", n)
	}
	p.sees(".chip", "подтвердил житель")
}

// hasTold looks for the letters that the demo has caught: what a guest who left
// an address hears of each step.
func (town *town) hasTold(t *testing.T, number, to string) {
	t.Helper()
	p := town.staff(t, "admin")
	p.open("/staff/outbox")
	ctx, stop := context.WithTimeout(p.ctx, patience)
	defer stop()
	for subject, times := range map[string]int{"сообщение у нас": 1, "взяли в работу": 2, "пришёл ответ": 2} {
		about := `[...document.querySelectorAll(".queue-list a")].filter((a) => [` + quoted("№ "+number+": "+subject) + `, ` + quoted(to) +
			`].every((words) => a.textContent.replace(/\u00a0/g, " ").includes(words))).length`
		for ask[int](p, about) != times {
			if ctx.Err() != nil {
				p.fail("not %d letters «%s» to %s", times, subject, to)
			}
			p.do("look again", chromedp.Reload())
		}
	}
	p.click(".queue-list a")
	p.sees(".letter", "№ "+number)
	p.until("a link to the problem", `[...document.querySelectorAll(".letter a")].some((a) => a.href.startsWith("`+town.url+`/follow/"))`)
}

func (town *town) verifies(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	n, flaws, err := town.app.Problems.Verify(ctx, town.city.ID, func(int) {})
	if err != nil || n < 100 || len(flaws) > 0 {
		t.Errorf("verified %d problems: %v, %v", n, flaws, err)
	}
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
