package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
)

var readyAnswer = problem.Give{Org: "gorsvet", Text: "Заменили лампу.", Outcome: problem.Done, Signer: problem.Signer{Name: "И. Лампин"}}

func TestAGuestWhoJoinedIsKnownByTheBrowser(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		number := numberOf(t, send(t, town.Guest()))
		staff(t, town, number, problem.Accept{})
		address := "/problem/" + number
		guest, neighbour := town.Guest(), town.Guest() // one address, one program
		form := guest.Get(address).Is(http.StatusOK).Form(`form[action$="/join"]`)
		answer := guest.Post(address+"/join", form)
		mark := markOf(t, answer)
		page := answer.Next().Is(http.StatusOK).Has(".flash", "голос учли").Lacks(".flash", "сообщим, когда ответят")
		page.Has(`form[action$="/leave"]`, "Забрать").Has("#news a", "Войдите").Has(".facts", "1 житель")
		if cache := page.Header.Get("Cache-Control"); cache != "no-store" {
			t.Errorf("the page of who joined is kept: %s", cache)
		}
		town.Guest().Post(address+"/join", form) // the same form at once, before its cookie came back
		neighbour.Get(address).Has(`form[action$="/join"]`, "У меня тоже").Has(".facts", "1 житель")

		form = guest.Get(address).Form(`form[action$="/leave"]`)
		guest.Post(address+"/leave", form).Next().Has(`form[action$="/join"]`, "У меня тоже").Lacks(".facts", "1 житель").Lacks(".feed", "Присоединил")
		form = guest.Get(address).Form(`form[action$="/join"]`)
		guest.Post(address+"/join", form).Next().Has(".facts", "1 житель")

		staff(t, town, number, readyAnswer, problem.Pass{})
		guest.Get(address).Has("[data-judge]", "Проблема решена?")
		if len(neighbour.Get(address).All("[data-judge]")) > 0 {
			t.Error("who did not join is asked")
		}
		forged := town.Guest()
		forged.Headers = map[string]string{"Cookie": "gorod_device=" + strings.Split(mark, ".")[0] + ".forgedforgedforgedforg"}
		if len(forged.Get(address).All("[data-judge]")) > 0 {
			t.Error("a forged mark opens the judge's form")
		}
		form = guest.Get(address + "?dispute=1").Form("form[data-dispute]")
		form.Set("text", "У нас по-прежнему темно")
		guest.PostFiles(address+"/dispute", form).Next().Is(http.StatusOK).Has(".chip", "не согласились")
	})
}

// markOf is the mark of a browser that an answer sets.
func markOf(t *testing.T, p *webtest.Page) string {
	t.Helper()
	for _, line := range p.Header.Values("Set-Cookie") {
		if c, err := http.ParseSetCookie(line); err == nil && c.Name == "gorod_device" {
			return c.Value
		}
	}
	t.Fatal("the browser got no mark")
	return ""
}

func TestAQuestionNamesItsTermAndStopsTheClock(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		guest.Get("/problem/"+number).Has(".promise", "Ответ до")
		staff(t, town, number, problem.Ask{Text: "С какой стороны дома?"})
		until := cardOf(t, town, number).State.Until.Time().In(town.Here.Zone)
		guest.Get("/problem/"+number).Has(".promise", "Ждём ответа автора до").Has(".promise", dayOf(until)).Has(".promise", "Срок стоит").Lacks(".promise", "Ответ до")
		guest.Get("/sent/"+number).Has("section", "есть вопрос к автору").Lacks("main", "Ответ до")
	})
}

func cardOf(t *testing.T, town *webtest.Town, number string) problem.Card {
	t.Helper()
	card, err := town.Problems.Find(context.Background(), machine(town), atoi(number))
	if err != nil {
		t.Fatal(err)
	}
	return card
}

// dayOf is a day without its month: 27.
func dayOf(at time.Time) string { return at.Format("2") }

func TestNoDateStandsWhereNoneIsTrue(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		staff(t, town, number, problem.Reject{Clause: "2.1", Text: "Не видно, какой фонарь."})
		guest.Get("/problem/"+number).Has(".promise", "не передано").Lacks(".promise", "Ответ до").Lacks(".promise", "как посчитан").
			Has(".say", "Не видно, какой фонарь").Has(".say", "Что можно сделать")
		guest.Get("/sent/"+number).Is(http.StatusOK).Lacks("main", "Ответ до").Lacks("main", "Проверим").Has("section", "не передано")

		number = numberOf(t, send(t, guest))
		staff(t, town, number, problem.Accept{}, readyAnswer, problem.Pass{})
		guest.Get("/problem/"+number).Has(".promise", "Ответили в тот же день").Has(".promise", "Обещали до").Lacks(".promise", "Ответ до")
		staff(t, town, number, problem.Dispute{Text: "Не горит", Channel: "web"})
		guest.Get("/problem/"+number).Has(".promise", "не согласились").Has(".promise", "Ответ до").Has(".promise", "Прошлый ответ обещали до").Lacks(".promise", "Ответили")
		staff(t, town, number, problem.Accept{}, readyAnswer, problem.Pass{}, problem.Confirm{})
		guest.Get("/problem/"+number).Has(".promise", "решено").Lacks(".promise", "Ответ до")

		number = numberOf(t, send(t, guest))
		guest.Post("/problem/"+number+"/withdraw", guest.Get("/problem/"+number).Form(`form[action$="/withdraw"]`)).Next().Has(".promise", "отозвал").Lacks(".promise", "Ответ до")
	})
}

func TestAnAnsweredDisputeKeepsThePromiseOfItsOwn(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(0, topic.ID(atoi(lampTopic)), darkYard, 0)
		number := plainNumber(card)
		staff(t, d.Town, number, problem.Accept{}, readyAnswer, problem.Pass{})
		first := cardOf(t, d.Town, number).State.Dues.Promised.Time().In(d.Here.Zone)
		d.clock.Pass(10 * 24 * time.Hour)
		staff(t, d.Town, number, problem.Dispute{Text: "Не горит", Channel: "web"})
		second := cardOf(t, d.Town, number).State.Dues.Promised.Time().In(d.Here.Zone)
		if !second.After(first) {
			t.Fatalf("the new promise %v is not after %v", second, first)
		}
		page := d.Guest().Get("/problem/"+number).Is(http.StatusOK).Has(".promise", "Ответ до "+second.Format("2")+" ")
		page.Has(".promise", "Прошлый ответ обещали до "+first.Format("2")+" ")
		// A dispute that is refused leaves the first answer and its own promise.
		staff(t, d.Town, number, problem.Reject{Clause: "2.1", Text: "Горит."})
		d.Guest().Get("/problem/"+number).Has(".promise", "Ответили в тот же день").Has(".promise", "Обещали до "+first.Format("2")+" ")
	})
}

func TestWhatIsOverdueSaysNothingUntrue(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(0, topic.ID(atoi(lampTopic)), darkYard, 0)
		number := plainNumber(card)
		staff(t, d.Town, number, problem.Accept{})
		d.clock.Pass(40 * 24 * time.Hour)
		d.Guest().Get("/problem/"+number).Has(".promise", "просрочено").Has(".promise", "ответа ещё нет").Lacks(".promise", "напомнили")
	})
}

func TestPeopleWhoJoinedStayOnTheirDays(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(0, topic.ID(atoi(lampTopic)), darkYard, 0)
		number := plainNumber(card)
		staff(t, d.Town, number, problem.Accept{})
		for _, key := range []string{"a:1", "a:2"} {
			d.do(resident.Who{City: d.Here.ID}, card.ID, problem.Join{Key: key})
		}
		d.clock.Pass(48 * time.Hour)
		d.do(resident.Who{City: d.Here.ID}, card.ID, problem.Join{Key: "a:3"})
		got := strings.Join(d.Guest().Get("/problem/"+number).Is(http.StatusOK).All(".event-quiet h3"), "; ")
		if got != "Присоединились 2 жителя; Присоединился 1 житель" {
			t.Errorf("the feed says %s", got)
		}
	})
}

func TestAConsentIsWithdrawnOnThePageOfTheMessage(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		sent := send(t, guest)
		number := numberOf(t, sent)
		form := sent.Form(contactForm)
		form.Set("contact_email", "anna@example.org")
		form.Set("consent", sent.Attr("input[name=consent]", "value"))
		guest.Post("/report/contact", form).Next().Is(http.StatusOK)
		address := "/problem/" + number
		form = guest.Get(address).Is(http.StatusOK).Form(`form[action$="/consent"]`)
		town.Guest().Post(address+"/consent", form).Is(http.StatusNotFound)
		for range 2 { // once more changes nothing
			guest.Post(address+"/consent", form).Next().Is(http.StatusOK).Has(".flash", "Согласие отозвали")
		}
		c, agreed, key := keptContact(t, town, number)
		if agreed || !c.Blank() {
			t.Errorf("kept %+v, agreed %v", c, agreed)
		}
		list, err := town.Residents.Consents(context.Background(), resident.Who{City: town.Here.ID, Problem: key})
		if err != nil || len(list) != 1 || list[0].Withdrawn.IsZero() {
			t.Errorf("the record says %+v, %v", list, err)
		}
		page := guest.Get(address).Has(".event-quiet", "отозвал согласие")
		if n := len(page.All(".event-quiet")); n != 2 { // left, withdrawn
			t.Errorf("%d remarks in the feed", n)
		}
		if len(page.All(`form[action$="/consent"]`)) > 0 {
			t.Error("what was withdrawn is offered again")
		}
	})
}

func TestAMessageIsAddedToTheCabinetByNumberAndCode(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		sent := send(t, town.Guest())
		number, codes := numberOf(t, sent), sent.All("section b")
		code := codes[len(codes)-1]
		anna := town.Resident("anna@example.org")
		link := anna.Get("/cabinet").Is(http.StatusOK).Attr(`#mine ~ p a[href="/follow"]`, "href")
		form := anna.Get(link).Is(http.StatusOK).Has(".page-head", "Добавим").Form(`form[action="/follow"]`)
		form.Set("number", number)
		form.Set("code", code)
		anna.Post("/follow", form).Next().Is(http.StatusOK).Has(".flash", "среди ваших")
		anna.Get("/cabinet").Has(`section[aria-labelledby="mine"]`, "Садовая")
		anna.Post("/follow", form).Next().Is(http.StatusOK)

		vera := town.Resident("vera@example.org")
		form.Set("key", vera.Get(link).Form(`form[action="/follow"]`).Get("key"))
		vera.Post("/follow", form).Next().Is(http.StatusOK)
		vera.Get("/cabinet").Lacks(`section[aria-labelledby="mine"]`, "Садовая")
	})
}

func TestNothingIsOfferedToMendAfterAnErasure(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		anna := town.Resident("anna@example.org")
		number := numberOf(t, send(t, anna))
		staff(t, town, number, problem.Reject{Clause: "2.1", Text: "Не видно."})
		address := "/problem/" + number
		anna.Get(address).Has("main", "отправить снова")
		guest := town.Guest()
		own := send(t, guest)
		guestNumber := numberOf(t, own)
		guest.Get("/").Has("main", "Ваши сообщения на этом устройстве")
		staff(t, town, guestNumber, problem.Reject{Clause: "2.1", Text: "Не видно."}, problem.Erase{})
		guest.Get("/problem/"+guestNumber).Is(http.StatusOK).Lacks("main", "отправить снова").Lacks("main", "текст сохранили")
		guest.Get("/problem/" + guestNumber + "/mend").Is(http.StatusNotFound)
		if to := guest.Get("/sent/" + guestNumber).To(); to != "/problem/"+guestNumber {
			t.Errorf("the page after sending leads to %s", to)
		}
	})
}

func TestTheFiguresAgreeEverywhere(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		// Fifteen messages: twelve answered at once, three past their promise
		// without an answer: 12 of 15 promises were kept.
		lamp := topic.ID(atoi(lampTopic))
		for i := range 15 {
			card := d.sent(0, lamp, darkYard, float64(i%3))
			staff(t, d.Town, plainNumber(card), problem.Accept{})
			if i < 12 {
				staff(t, d.Town, plainNumber(card), readyAnswer, problem.Pass{})
			}
		}
		d.clock.Pass(25 * 24 * time.Hour)
		if _, err := d.Problems.TellPassed(context.Background(), d.Here.ID); err != nil { // as each minute
			t.Fatal(err)
		}
		d.Settle()
		guest := d.Guest()
		guest.Get("/").Is(http.StatusOK).Has(".figures", "80 %")
		guest.Get("/stats").Is(http.StatusOK).Has(".figures", "80 %").Lacks(".figures", "100 %").Has("table", "80 %")
		for address, want := range map[string]string{"/stats.json": `"promised":15,"on_time":12`, "/stats/topics.csv": ",15,12,15,12,", "/stats/areas.csv": ",15,12,15,12,"} {
			if page := guest.Get(address).Is(http.StatusOK); !strings.Contains(page.Body, want) {
				t.Errorf("%s lacks %s: %s", address, want, page.Body)
			}
		}
	})
}

func plainNumber(card problem.Card) string { return strconv.FormatInt(card.State.Number, 10) }

func TestWhoOverseesIsToldByNameAndNoChangeIsNoNews(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		staff(t, town, number, problem.Accept{}, problem.Redirect{Coordinator: "otdel-torg"}, problem.Redirect{Coordinator: "kom-soc"})
		address := "/problem/" + number
		page := guest.Get(address).Is(http.StatusOK).Has(".event", "он выберет исполнителя").
			Has(".event", "Теперь за этим следит: Социальный комитет").Has(".event", "Раньше следили: Отдел торговли")
		told := len(page.All(".event"))
		staff(t, town, number, problem.Redirect{Coordinator: "kom-soc"}) // an import may say so
		if now := len(guest.Get(address).All(".event")); now != told {
			t.Errorf("%d entries became %d", told, now)
		}
	})
}
