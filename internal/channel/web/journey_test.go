package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/notice"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/schema"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(migrations()...).Prepared(webtest.Prepare)

// migrations are the tables of the whole city; those of notices too while the
// list of all does not name them.
func migrations() []sqldb.Migrations {
	list := schema.Migrations()
	if !slices.ContainsFunc(list, func(m sqldb.Migrations) bool { return m.Owner == notice.Migrations().Owner }) {
		list = append(list, notice.Migrations())
	}
	return list
}

// each runs a walk through the town on both engines.
func each(t *testing.T, walk func(t *testing.T, town *webtest.Town)) {
	t.Helper()
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) { walk(t, webtest.New(t, db)) })
}

// onOne is each for what no database has a part in: one engine is enough.
func onOne(t *testing.T, walk func(t *testing.T, town *webtest.Town)) {
	t.Helper()
	t.Parallel()
	walk(t, webtest.New(t, kit.SQLite(t)))
}

const darkYard = "Во дворе третий день не горит фонарь у детской площадки"

// lampTopic is «Неисправно освещение» of the classifier.
const lampTopic = "271"

// filled is the form as it stands after topic and house were found.
func filled(t *testing.T, v *webtest.Visitor) webtest.Form {
	t.Helper()
	form := v.Get("/").Is(http.StatusOK).Form("form[data-report]")
	form.Set("text", darkYard)
	form.Set("topic", lampTopic)
	form.Set("manual", "1")
	form.Set("address", "Садовая 14")
	form.Set("step", "find_place")
	page := v.PostFiles("/report", form).Is(http.StatusOK)
	form = page.Form("form[data-report]")
	if form.Get("house") == "" {
		form.Set("house", page.Attr("input[name=house]", "value"))
	}
	form.Set("step", "send")
	return form
}

// send sends a message as a guest and gives its page after sending.
func send(t *testing.T, v *webtest.Visitor) *webtest.Page {
	t.Helper()
	return v.PostFiles("/report", filled(t, v), webtest.File{Name: "lamp.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Next().Is(http.StatusOK)
}

// numberOf is the number on the page after sending.
func numberOf(t *testing.T, sent *webtest.Page) string {
	t.Helper()
	number := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, sent.All(".number-line")[0])
	if number == "" {
		t.Fatal("no number on the page")
	}
	return number
}

// staff gives a command as the city's staff would at their desk.
func staff(t *testing.T, town *webtest.Town, number string, commands ...problem.Command) {
	t.Helper()
	for _, c := range commands {
		who := resident.Machine(town.Here.ID)
		card, err := town.Problems.Find(context.Background(), who, atoi(number))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := town.Problems.Do(context.Background(), who, problem.Order{Problem: card.ID, Command: c, Key: id.Source{}.Secret()}); err != nil {
			t.Fatalf("%T: %v", c, err)
		}
	}
	town.Settle()
}

func atoi(s string) int64 {
	n := int64(0)
	for _, c := range s {
		n = n*10 + int64(c-'0')
	}
	return n
}

func TestAGuestSendsInPlainSteps(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := guest.Get("/").Is(http.StatusOK).Has("h1", "Что случилось?").Form("form[data-report]")
		form.Set("text", darkYard)
		form.Set("step", "pick_topic")
		tree := guest.PostFiles("/report", form).Is(http.StatusOK).Has("h1", "Выберите тему")
		form = tree.Form("form[data-topic-pick]")
		form.Set("q", "освещение")
		form.Set("step", "pick_topic")
		tree = guest.PostFiles("/report", form).Is(http.StatusOK)
		form = tree.Form("form[data-topic-pick]")
		form.Set("topic", lampTopic)
		form.Set("step", "topic_chosen")
		page := guest.PostFiles("/report", form).Is(http.StatusOK).Has("textarea", darkYard)
		form = page.Form("form[data-report]")
		if form.Get("topic") != lampTopic {
			t.Fatalf("the chosen topic is %q", form.Get("topic"))
		}
		form.Set("address", "садовая 14")
		form.Set("step", "find_place")
		page = guest.PostFiles("/report", form).Is(http.StatusOK).Has("textarea", darkYard)
		form = page.Form("form[data-report]")
		if form.Get("house") == "" {
			form.Set("house", page.Attr("[data-houses] input", "value"))
		}
		form.Set("step", "add_photos")
		page = guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Is(http.StatusOK).Has("textarea", darkYard)
		guest.Get(page.Attr("[data-photos-list] img", "src")).Is(http.StatusOK)
		form = page.Form("form[data-report]")
		form.Set("step", "send")
		sent := guest.PostFiles("/report", form).Next().Is(http.StatusOK)
		sent.Has("h1", "Получили").Has(".next", "Проверим").Has("summary", "как посчитан срок").Has("a.secret", "/follow/")

		again := guest.PostFiles("/report", form)
		if again.To() != "/sent/"+numberOf(t, sent) {
			t.Errorf("sending again leads to %s", again.To())
		}
		card := guest.Get("/problem/"+numberOf(t, sent)).Is(http.StatusOK).Has(".event-text", darkYard)
		if len(card.All(".photos img")) != 1 {
			t.Error("the author does not see the photo")
		}
		town.Guest().Get("/problem/" + numberOf(t, sent)).Is(http.StatusNotFound)
	})
}

func TestTheResidentHasTheLastWord(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		sent := send(t, guest)
		number := numberOf(t, sent)
		link := strings.TrimPrefix(sent.Attr("a.secret", "href"), "http://town.example")
		answer := problem.Give{Text: "Заменили лампу.", Outcome: problem.Done, Signer: problem.Signer{Name: "И. Лампин", Position: "мастер", Phone: "2-14-80"}}
		staff(t, town, number, problem.Accept{}, answer, problem.Pass{})

		later := town.Guest() // another device, by the link
		card := later.Get(link).Next().Is(http.StatusOK).Has("[data-judge]", "Проблема решена?").Has(".event", "И. Лампин, мастер")
		if cache := card.Header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("the author's page is kept: %s", cache)
		}
		card = later.Get("/problem/" + number + "?dispute=1")
		form := card.Form("form[data-dispute]")
		form.Set("text", "")
		later.PostFiles("/problem/"+number+"/dispute", form).Is(http.StatusUnprocessableEntity).Has(".field-error", "")
		form.Set("text", "Не горит. Приезжали днём.")
		later.PostFiles("/problem/"+number+"/dispute", form).Next().Is(http.StatusOK).Has(".flash", "Получили").Has(".chip", "не согласились")

		staff(t, town, number, problem.Accept{}, answer, problem.Pass{})
		card = later.Get("/problem/" + number).Is(http.StatusOK)
		later.Post("/problem/"+number+"/confirm", card.Form("[data-judge] form")).Next().Is(http.StatusOK).Has(".chip", "решено, подтвердил житель")
	})
}

func TestDangerShowsWhomToCallFirst(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := guest.Get("/").Form("form[data-report]")
		form.Set("text", "В подъезде пахнет газом")
		form.Set("step", "find_topic")
		page := guest.PostFiles("/report", form).Is(http.StatusOK).Has("[data-danger]:not([hidden])", "112")
		if got := page.Attr(`[data-danger] a[href="tel:2-10-04"]`, "class"); got == "" {
			t.Error("the town's own dispatcher is not offered")
		}
		form.Set("text", "Не горит фонарь")
		if page := guest.PostFiles("/report", form); len(page.All("[data-danger]:not([hidden])")) > 0 {
			t.Error("a lamp is no danger")
		}
	})
}

func TestNumberAndCodeOpenAProblem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		sent := send(t, town.Guest())
		number, code := numberOf(t, sent), sent.All("section b")
		other := town.Guest()
		other.Post("/follow", webtest.Form{"number": {number}, "code": {"000000"}}).Is(http.StatusUnprocessableEntity).Has("#code-error", "не подошли")
		other.Post("/follow", webtest.Form{"number": {"№ " + number}, "code": {code[len(code)-1]}}).Next().Is(http.StatusOK).Has(".note", "личную ссылку")
	})
}

func TestSomebodyElseJoinsAndSeesNoPersonalData(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := filled(t, guest)
		form.Set("text", darkYard+", звоните +7 921 555-44-33")
		number := numberOf(t, guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Next())
		staff(t, town, number, problem.Accept{})

		other := town.Guest()
		other.Address = "198.51.100.7:99"
		card := other.Get("/problem/"+number).Is(http.StatusOK).Has(".event-text", "не горит фонарь").Lacks("main", "555-44-33")
		guest.Get("/problem/"+number).Has(".event-text", "555-44-33")
		other.Post("/problem/"+number+"/join", card.Form("form.actions")).Next().Is(http.StatusOK).Has(".flash", "присоединились")
		town.Settle()
		other.Get("/problem/"+number).Has(".facts", "1 житель")
		other.Get("/map").Is(http.StatusOK).Has("[data-line]", "Садовая")
		other.Get("/map.csv").Is(http.StatusOK)
		other.Get("/map.atom").Is(http.StatusOK)
		other.Get("/map/tile/5/19/9.mvt").Is(http.StatusOK)
	})
}

func TestARefusedMessageIsMendedAndSentAgain(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		staff(t, town, number, problem.Reject{Clause: "2.1", Text: "Не видно, какой фонарь."})
		card := guest.Get("/problem/"+number).Is(http.StatusOK).Has(".event", "Не видно").Has(".next-steps a", "Поправить")
		page := guest.Get(card.Attr(`.next-steps a[href$="/mend"]`, "href")).Is(http.StatusOK).Has("textarea", darkYard)
		form := page.Form("form[data-report]")
		form.Set("text", darkYard+", опора 12")
		form.Set("step", "send")
		again := numberOf(t, guest.PostFiles("/report", form).Next().Is(http.StatusOK))
		found, err := town.Problems.Find(context.Background(), resident.Machine(town.Here.ID), atoi(again))
		if err != nil || found.State.Mended == 0 || len(found.State.Messages[0].Photos) != 1 {
			t.Errorf("the new problem: mended %d, %v", found.State.Mended, err)
		}
	})
}

func TestAnAccountByALinkHasItsCabinet(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		town.Guest().Get("/cabinet").Is(http.StatusSeeOther)
		anna := town.Resident("anna@example.org")
		anna.Get("/cabinet").Is(http.StatusOK).Has("h1", "Мои сообщения").Has(".empty", "Пока ничего")
		number := numberOf(t, send(t, anna))
		page := anna.Get("/cabinet").Has("[data-line]", "Садовая")
		form := page.Form(`form[action="/cabinet/contact"]`)
		form.Set("name", "Анна С.")
		anna.Post("/cabinet/contact", form).Next().Is(http.StatusOK).Has(".tools", "Анна С.")
		form = anna.Get("/cabinet").Form(`form[action="/cabinet/notify"]`)
		form.Del("notify")
		anna.Post("/cabinet/notify", form).Next().Is(http.StatusOK).Has(".flash", "Сохранили")
		anna.Get("/cabinet/export").Is(http.StatusOK)

		form = anna.Get("/problem/" + number + "/erase").Is(http.StatusOK).Form("form")
		anna.Post("/problem/"+number+"/erase", form).Next().Is(http.StatusOK).Lacks("main", "третий день")
		form = anna.Get("/cabinet/erase").Is(http.StatusOK).Form("form")
		anna.Post("/cabinet/erase", form).Next().Is(http.StatusOK).Has(".flash", "удалены")
		anna.Get("/cabinet").Is(http.StatusSeeOther)
	})
}

func TestPlainPagesInBothLanguages(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		for _, lang := range []string{"ru", "en"} {
			guest := town.Guest()
			guest.Lang = lang
			for _, address := range []string{"/", "/map", "/map?view=map&q=фонарь", "/stats", "/rules", "/about", "/privacy", "/consent/contact",
				"/data", "/source", "/prefs", "/follow", "/signin", "/signin/staff"} {
				page := guest.Get(address).Is(http.StatusOK)
				if got := page.Attr("html", "lang"); got != lang {
					t.Errorf("%s is in %s", address, got)
				}
			}
			for _, address := range []string{"/stats.json", "/stats/topics.csv", "/stats/areas.csv", "/map/style.json", "/map/style.json?theme=dark",
				"/map/base/water.geojson", "/map/base/areas.geojson", "/manifest.webmanifest", "/robots.txt"} {
				guest.Get(address).Is(http.StatusOK)
			}
			guest.Get("/map/base/secrets.geojson").Is(http.StatusNotFound)
		}
		guest := town.Guest()
		if to := guest.Get("/rules?lang=en").To(); to != "/rules" {
			t.Errorf("the language switch leads to %s", to)
		}
		guest.Get("/rules").Is(http.StatusOK).Has("h1", "The rules")
		guest.Post("/prefs", webtest.Form{"size": {"huge"}, "colors": {"blue"}, "font": {"x"}, "step": {"save"}, "back": {"//evil.example"}})
		if page := guest.Get("/"); page.Attr("html", "data-size") != "huge" || page.Attr("html", "data-font") != "" {
			t.Error("the way of reading is not remembered")
		}
	})
}

func machine(town *webtest.Town) resident.Who { return resident.Machine(town.Here.ID) }
