package web_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

func TestAModeratorHidesWhatIsPublishedAndShowsItAgain(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма, спросите Петрова", 0).ID, problem.Accept{})
		public, whole := "/problem/"+strconv.FormatInt(card.State.Number, 10), path("problem", card)
		guest, moderator := d.Guest(), d.As("moderator-1")
		photo := guest.Get(public).Is(200).Has(".feed", "Петрова").Attr(".feed img", "src")
		guest.Get(photo).Is(200)

		moderator.Get(public).Has("main a", "рабочем месте")
		page := moderator.Get(whole).Is(200).Has(".whole-story", "Петрова")
		form := page.Form(".hiding form")
		form.Set("do", "hide")
		moderator.Post(whole+"/hide", form).Is(422).Has(".hiding .field-error", "почему")
		form.Set("reason", "названа фамилия соседа")
		moderator.Post(whole+"/hide", form).Next().Is(200).Has("[data-flash]", "скрыли").Has(".tag", "скрыт")
		d.audited("text_hidden", card)
		guest.Get(public).Is(200).Lacks("main", "Петрова").Lacks("main", "фамилия соседа").Has(".feed", "Текст скрыл")

		form = moderator.Get(whole).Form("figure .hiding form")
		form.Set("do", "hide")
		form.Set("reason", "видно номер машины")
		moderator.Post(whole+"/hide", form).Is(http.StatusSeeOther)
		d.audited("photo_hidden", card)
		guest.Get(photo).Is(http.StatusNotFound)

		for _, selector := range []string{".hiding form", "figure .hiding form"} {
			form = moderator.Get(whole).Form(selector)
			form.Set("do", "show")
			form.Set("reason", "ошиблись")
			moderator.Post(whole+"/hide", form).Is(http.StatusSeeOther)
		}
		d.audited("text_shown", card)
		d.audited("photo_shown", card)
		guest.Get(public).Is(200).Has(".feed", "Петрова").Has(".feed", "показали снова")
		guest.Get(photo).Is(200)
	})
}

func TestAReviewerHidesAPhotoOfAnAnswerBeforeResidentsSeeIt(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		d.do(city, card.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали, звоните Колеину домой."})
		reviewer := d.As("controller-zarechye")
		reviewer.Get(path("answers", card)).Is(200).Has("main a", "Скрыть текст или фото")
		answer := d.card(card.ID).State.Answers[0].Text
		form := reviewer.Get(path("problem", card)).Is(200).Has(".whole-story", "Колеину").Form(".hiding form")
		form.Set("what", "text:"+strconv.FormatInt(answer, 10))
		form.Set("do", "hide")
		form.Set("reason", "домашний телефон")
		reviewer.Post(path("problem", card)+"/hide", form).Is(http.StatusSeeOther)
		d.do(city, card.ID, problem.Pass{})
		d.Guest().Get("/problem/"+strconv.FormatInt(card.State.Number, 10)).Is(200).Lacks("main", "Колеину")

		executor := d.As("exec-dorogi")
		form.Set("key", d.key())
		executor.Post(path("problem", card)+"/hide", form).Is(http.StatusForbidden)
		executor.Get(path("problem", card)).Is(200).Lacks("main", "Скрыть")
		if to := d.As("exec-chisto").Get(path("problem", card)).To(); to != "/problem/"+strconv.FormatInt(card.State.Number, 10) {
			t.Errorf("another organisation is led to %q", to)
		}
	})
}

func TestAProblemIsFoundByItsNumberFromEveryDesk(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		operator := d.As("operator-1")
		operator.Get("/staff").Is(200).Has("main", "Вы оператор").Lacks("main", "не дали").Has("main a", "Сообщить за звонящего").Has("main label", "Номер")
		d.As("analyst").Get("/staff").Is(200).Has("main", "Вы аналитик").Lacks("main", "не дали").Has("main a", "Статистика")
		d.As("moderator-1").Get("/staff").Is(200).Has("h1", "Вера Павловна").Lacks("h1", "Соколова").Has("main a", "Сменить пароль").Has("main button", "Выйти")
		number := strconv.FormatInt(card.State.Number, 10)
		if to := operator.Get("/staff/find?q=" + "%E2%84%96+" + number).To(); to != "/staff/problem/"+number {
			t.Errorf("the number leads to %q", to)
		}
		operator.Get("/staff/problem/"+number).Is(200).Has("h1", "Повреждения дорожного")
		operator.Get("/staff/find?q=999999").Is(200).Has(".field-error, .errors", "999999")
		if to := operator.Get("/staff/find?q=садовая").To(); to != "/map?q=%D1%81%D0%B0%D0%B4%D0%BE%D0%B2%D0%B0%D1%8F" {
			t.Errorf("words lead to %q", to)
		}
	})
}

func TestWhatWasAnsweredIsStillOnTheExecutorsList(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		executor := d.As("exec-dorogi")
		executor.Get(path("work", card)).Is(200).Lacks("main", "сначала обещали") // nothing was moved
		d.do(city, card.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали яму вчера."})
		executor.Get("/staff/work?state=review").Is(200).Has(".work-item", "на проверке")
		executor.Get(path("work", card)).Is(200).Has(".note", "ждёт проверки").Lacks("main", "ответ до").Has("main", "Заделали яму вчера")
		d.do(city, card.ID, problem.Pass{})
		executor.Get("/staff/work?state=answered").Is(200).Has(".work-item", "ответили")
		executor.Get(path("work", card)).Is(200).Has(".chip", "ответили").Lacks("main", "срок неизвестен")
	})
}

func TestADateThatWasMovedSaysWhatItWas(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		d.do(city, card.ID, problem.SetDue{Due: d.clock.Now().Add(90 * 24 * time.Hour), Reason: "мороз"})
		d.As("exec-dorogi").Get(path("work", card)).Is(200).Has("main", "сначала обещали")
	})
}

func TestADecidedMessageSaysWhatBecameOfIt(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		page := d.As("moderator-1").Get(path("moderation", card)).Is(200).Has(".note", "уже не ждёт").Has("main a", "Вся история").Has("main", "Дорожная служба")
		page.Lacks("main", "Кому передадим")
	})
}

func TestNobodyIsToldThatALetterWentWhereNoneCan(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(0, roadHole, "яма", 0)
		moderator := d.As("moderator-1")
		form := moderator.Get(path("moderation", card)).Is(200).Has("#ask", "не оставил").Has("#reject", "Написать автору некуда").Form("#reject")
		form.Set("verdict", "reject")
		form.Set("clause", "2.1")
		moderator.Post(path("moderation", card), form).Next().Is(200).Has("[data-flash]", "некуда").Lacks("[data-flash]", "написали")
	})
}

func TestAPasswordOfOneDayLeadsToANewOne(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		admin := d.As("admin")
		number := strconv.FormatInt(d.staff("moderator-2"), 10)
		page := admin.Post("/staff/people/"+number+"/password", admin.Get("/staff/people/"+number).Is(200).Form("form[action$=password]"))
		secret := page.Is(200).All("code.secret")[0]
		fresh := d.Guest()
		fresh.Post("/signin/staff", webtest.Form{"login": {"moderator-2"}, "password": {secret}})
		if to := fresh.Get("/staff/moderation").To(); to != "/signin/password" {
			t.Errorf("the desk leads to %q", to)
		}
		for _, own := range []string{"/cabinet", "/staff/security"} {
			if to := fresh.Get(own).To(); to != "/signin/password" {
				t.Errorf("%s leads to %q", own, to)
			}
		}
		fresh.Post("/staff/security/start", webtest.Form{}).Is(http.StatusForbidden)
	})
}

// staff finds who works here by login.
func (d *desks) staff(login string) int64 {
	d.t.Helper()
	people, err := d.Residents.People(context.Background(), resident.Machine(d.Here.ID), resident.PeopleFilter{Query: login, Limit: 1})
	if err != nil || len(people) == 0 {
		d.t.Fatalf("%s: %v", login, err)
	}
	return people[0].ID
}
