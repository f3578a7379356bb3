package web_test

import (
	"net/http"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
)

const twoProblems = "Во дворе третий день не горит фонарь у детской площадки. И ещё на дороге у дома глубокая яма, пробили колесо"

func TestWhatIsTypedStaysOutOfAddressesAndLogs(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		guest.Accept = "application/json"
		said := guest.Post("/suggest", webtest.Form{"text": {"не горит фонарь, звоните +7 921 000-11-22"}}).Is(http.StatusOK)
		if !strings.Contains(said.Body, `"kind":"personal"`) || !strings.Contains(said.Body, "+7 921 000-11-22") {
			t.Errorf("the phone is not noticed: %s", said.Body)
		}
		if got := said.Header.Get("Cache-Control"); got != "no-store" {
			t.Errorf("it may be kept: %s", got)
		}
		if strings.Contains(town.Log.String(), "921") {
			t.Error("the log has the phone")
		}
		if said := guest.Get("/suggest?text=фонарь").Is(http.StatusOK); !strings.Contains(said.Body, `"topics":[]`) {
			t.Errorf("a text in an address is read: %s", said.Body)
		}
		guest.Headers = map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
		guest.Post("/suggest", webtest.Form{"text": {"фонарь"}}).Is(http.StatusForbidden)
	})
}

func TestTheAnswerToTheQuestionTravelsAlong(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := guest.Get("/").Form("form[data-report]")
		form.Set("text", "темно вечером")
		form.Set("asked", "1 2 3")
		form.Set("answer", "2")
		page := guest.PostFiles("/report", form).Is(http.StatusOK).Has("[data-answered]", "Двор").Lacks("form", "Уточните одно")
		form = page.Form("form[data-report]")
		if form.Get("object") != "2" || form.Get("asked") != "1 2 3" {
			t.Errorf("the answer is %q to %q", form.Get("object"), form.Get("asked"))
		}
		form.Set("step", "find_place")
		form.Set("address", "Садовая 14")
		form = guest.PostFiles("/report", form).Has("[data-answered]", "Двор").Form("form[data-report]")
		form.Set("answer", "0")
		form = guest.PostFiles("/report", form).Has("[data-answered]", "ничего из предложенного").Form("form[data-report]")
		form.Set("answer", "again")
		form = guest.PostFiles("/report", form).Is(http.StatusOK).Lacks("form", "Вы уточнили").Form("form[data-report]")
		if form.Get("object") != "" {
			t.Errorf("the answer stayed: %q", form.Get("object"))
		}
		form.Set("asked", "1 2 3")
		form.Set("answer", "18") // was not among what was offered
		guest.PostFiles("/report", form).Is(http.StatusOK).Has("[data-answered]", "ничего из предложенного")
	})
}

func TestTwoProblemsAreSentOneAfterTheOtherWithoutScripts(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := withPhoto(t, guest)
		form.Set("text", twoProblems)
		form.Set("step", "find_topic")
		page := guest.PostFiles("/report", form).Is(http.StatusOK).Has("[data-notices]", "здесь две проблемы").Has("[data-notices]", "пробили колесо")
		form = page.Form("form[data-report]")
		form.Set("split", "1")
		page = guest.PostFiles("/report", form).Is(http.StatusOK).Lacks("[data-notices]", "две проблемы").Has("form", "Вторую проблему сохранили")
		form = page.Form("form[data-report]")
		if strings.Contains(form.Get("text"), "яма") || !strings.HasPrefix(form.Get("rest"), "На дороге") {
			t.Fatalf("parted into %q and %q", form.Get("text"), form.Get("rest"))
		}

		together := page.Form("form[data-report]")
		together.Set("unsplit", "1")
		whole := guest.PostFiles("/report", together).Is(http.StatusOK).Form("form[data-report]")
		if whole.Get("rest") != "" || !strings.Contains(whole.Get("text"), "яма") || !strings.Contains(whole.Get("text"), "фонарь") {
			t.Errorf("put together as %q", whole.Get("text"))
		}

		form.Set("step", "send")
		page = guest.PostFiles("/report", form).Is(http.StatusOK).Has("#first", "Первое отправили").Has("#first", "Код")
		second := page.Form("form[data-report]")
		if !strings.HasPrefix(second.Get("text"), "На дороге") || second.Get("house") != form.Get("house") || second.Get("key") == form.Get("key") ||
			second.Get("contact_phone") == "" || second.Get("photo") != "" || second.Get("rest") != "" {
			t.Errorf("the second form: %v", second)
		}
		again := guest.PostFiles("/report", form).Is(http.StatusOK).Has("#first", "Первое отправили")
		if again.Form("form[data-report]").Get("text") != second.Get("text") {
			t.Error("the second problem is lost on a reload")
		}
	})
}

func TestATopicThatIsNotTakenSaysWhyInTheTree(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := guest.Get("/").Form("form[data-report]")
		form.Set("step", "pick_topic")
		page := guest.PostFiles("/report", form).Is(http.StatusOK).Has(".tile-off .why-not", "")
		if len(page.All(".tile-off input[disabled]")) != len(page.All(".tile-off")) {
			t.Error("a topic that is not taken can be chosen")
		}
		form.Set("q", "street lamp") // in the other language of the town
		guest.PostFiles("/report", form).Is(http.StatusOK).Has("[data-found]", "Нашл")
	})
}

func TestAnAuthorFindsTheirLastTopicsAboveTheTree(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		anna := town.Resident("anna@example.org")
		form := anna.Get("/").Form("form[data-report]")
		form.Set("step", "pick_topic")
		anna.PostFiles("/report", form).Is(http.StatusOK).Lacks("form", "Вы недавно писали")
		send(t, anna)
		anna.PostFiles("/report", form).Is(http.StatusOK).Has("[data-recent]", "освещение")
		town.Guest().PostFiles("/report", form).Is(http.StatusOK).Lacks("form", "Вы недавно писали")
	})
}
