package web_test

import (
	"net/http"
	"testing"

	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

func TestWhoWasSlowerGetsBackWhatTheyTyped(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		lost := func(t *testing.T, desk, who string, card problem.Card, selector string, typed map[string]string, faster func(), words string) {
			t.Helper()
			person := d.As(who)
			form := person.Get(path(desk, card)).Is(200).Form(selector)
			faster()
			for input, value := range typed {
				form.Set(input, value)
			}
			page := person.Post(path(desk, card), form).Is(http.StatusConflict).Has(".conflict textarea", words).Has(".conflict", "не записали")
			page.Lacks(".conflict", "осталось на месте").Lacks(".conflict", "остался на месте")
		}
		message := d.sent(900, roadHole, "яма", 0)
		lost(t, "moderation", "moderator-2", message, "#reject", map[string]string{"verdict": "reject", "clause": "2.1", "text_2.1": "Видно только небо."},
			func() { d.do(city, message.ID, problem.Accept{}) }, "Видно только небо")

		lost(t, "coordination", "coord-blago", message, "#give", map[string]string{"verdict": "give", "organisation": "chisto", "reason": "Это уборка."}, func() {
			d.do(city, message.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали яму."})
			d.do(city, message.ID, problem.Pass{})
		}, "Это уборка")

		answer := d.do(city, d.sent(901, roadHole, "вторая яма", 0).ID, problem.Accept{})
		d.do(city, answer.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали и вторую."})
		lost(t, "answers", "reviewer", answer, "#return", map[string]string{"verdict": "return", "reason": "no_point", "text_no_point": "А когда заделали?"},
			func() { d.do(city, answer.ID, problem.Pass{}) }, "А когда заделали")

		lost(t, "control", "people-1", answer, "#check form", map[string]string{"verdict": "confirm", "text": "Асфальт ровный."},
			func() { d.do(resident.Who{City: d.Here.ID, ID: 901}, answer.ID, problem.Confirm{}) }, "Асфальт ровный")
	})
}

func TestAnExecutorWhoLosesTheProblemWhileWritingKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		executor := d.As("exec-dorogi")
		form := executor.Get(path("work", card)).Is(200).Form(".answer-form")
		d.do(city, card.ID, problem.Redirect{Executor: "chisto", Reason: "это уборка"})
		form.Set("outcome", "absent")
		form.Set("text", "Приехали, ямы на месте нет: её заделали раньше.")
		executor.Post(path("work", card), form).Is(http.StatusForbidden).Has("textarea", "её заделали раньше").Has("main", "не записали")
	})
}

func TestASearchForgetsNothingThatWasDecided(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "темно", 0)
		moderator := d.As("moderator-1")
		page := moderator.Get(path("moderation", card)).Is(200)
		form := page.Form("#accept")
		form.Set("verdict", "search")
		form.Set("find", "освещение")
		form.Set("hide_text", "1")
		form.Add("hide_photo", page.Attr("input[name=hide_photo]", "value"))
		form.Set("clause", "2.1")
		form.Set("text_2.1", "Видно только небо.")
		page = moderator.Post(path("moderation", card), form).Is(200).Has(".topic-name", "освещение").Has("#clause textarea", "Видно только небо")
		page.Has("input[name=hide_text][checked]", "").Has("input[name=hide_photo][checked]", "").Has("input[name=find][value=освещение]", "")
		d.do(resident.Machine(d.Here.ID), card.ID, problem.Accept{})

		coordinator := d.As("coord-blago")
		give := coordinator.Get(path("coordination", card)).Is(200).Form("#give")
		give.Set("verdict", "search")
		give.Set("reason", "Это уборка, не ремонт.")
		give.Set("q", "чистый город")
		page = coordinator.Post(path("coordination", card), give).Is(200).Has(".topic-name", "Чистый город")
		if got := page.Form("#give").Get("reason"); got != "Это уборка, не ремонт." {
			t.Errorf("the reason that was typed is %q", got)
		}
	})
}

func TestACoordinatorHandsOverUnasked(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "яма", 0)
		coordinator := d.As("coord-blago")
		coordinator.Get(path("coordination", card)).Is(http.StatusNotFound) // a moderator has not seen it
		coordinator.Get(path("work", card)).Is(http.StatusNotFound)
		d.do(resident.Machine(d.Here.ID), card.ID, problem.Accept{})
		page := coordinator.Get(path("coordination", card)+"?q=дорожная").Is(200).Has(".note", "Сейчас занимается: Дорожная служба")
		page.Lacks("main", "просит передать").Lacks("button", "Оставить").Lacks(".topic-name", "Дорожная служба").Lacks("main", "292").Has(".trace", "менее точное")
		form := page.Form("#give")
		form.Set("verdict", "give")
		form.Set("organisation", "dorogi")
		form.Set("reason", "Пусть ещё раз посмотрят.")
		coordinator.Post(path("coordination", card), form).Is(422).Has(".field-error", "уже у этой организации")
		form.Set("organisation", "chisto")
		coordinator.Post(path("coordination", card), form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State; got.Routing.Executor != "chisto" || got.Redirects != 1 {
			t.Errorf("the problem is %+v", got)
		}
		public := d.Guest().Get("/problem/"+path("", card)[len("/staff//"):]).Is(200).Has(".feed", "Чистый город").Has(".feed", "Дорожная служба")
		public.Lacks("main", "ещё раз посмотрят")
	})
}
