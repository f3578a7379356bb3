package web_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/org"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

const (
	lampSaid  = "У остановки не горит фонарь, третий день темно"
	lampAgain = "не горит фонарь у остановки, темно"
	spotLat   = "58.3065"
	spotLon   = "36.8968"
)

// reportedLamp is a lamp at the spot that a moderator has accepted.
func reportedLamp(d *desks) problem.Card {
	d.t.Helper()
	card := d.sent(900, streetLamp, lampSaid, 4)
	return d.do(resident.Machine(d.Here.ID), card.ID, problem.Accept{})
}

// answeredLamp is the same with an answer that the residents have.
func answeredLamp(d *desks) problem.Card {
	d.t.Helper()
	card, city := reportedLamp(d), resident.Machine(d.Here.ID)
	signer := problem.Signer{Position: "мастер", Name: "И. Лампин"}
	d.do(city, card.ID, problem.Give{Org: org.ID("gorsvet"), Outcome: problem.Done, Text: "Заменили лампу, фонарь горит.", Signer: signer})
	return d.do(city, card.ID, problem.Pass{})
}

// typedAtSpot is the form as somebody fills it in without a script and sends at once.
func typedAtSpot(t *testing.T, v *webtest.Visitor, said string) webtest.Form {
	t.Helper()
	form := v.Get("/").Is(http.StatusOK).Form("form[data-report]")
	for name, value := range map[string]string{"text": said, "topic": lampTopic, "manual": "1", "lat": spotLat, "lon": spotLon, "mark": "point", "step": "send"} {
		form.Set(name, value)
	}
	return form
}

var darkLamp = func(t *testing.T) webtest.File {
	return webtest.File{Name: "lamp.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}
}

func TestALikelyRepetitionIsAskedAboutOnceBeforeItIsSent(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		first := reportedLamp(d)
		number := strconv.FormatInt(first.State.Number, 10)
		guest := d.Guest()
		page := guest.PostFiles("/report", typedAtSpot(t, guest, lampAgain), darkLamp(t)).Is(http.StatusOK)
		page.Has("[data-errors]", "Похоже, об этом уже сообщили").Has("[data-errors]", "здесь же").Has("[data-errors]", "Общие слова: ")
		if got := page.Attr("[data-errors] button[name=join]", "value"); got != number {
			t.Errorf("offered to join %s, want %s", got, number)
		}
		page.Has("[data-errors] button[value=send]", "Это другое").Has("textarea", lampAgain)
		again := page.Form("form[data-report]")
		again.Set("step", "send")
		guest.PostFiles("/report", again).Next().Has("h1", "Получили")
	})
}

func TestOnePressJoinsInsteadAndASecondChangesNothing(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		first := reportedLamp(d)
		guest := d.Guest()
		form := guest.PostFiles("/report", typedAtSpot(t, guest, lampAgain), darkLamp(t)).Is(http.StatusOK).Form("form[data-report]")
		form.Set("join", strconv.FormatInt(first.State.Number, 10))
		for range 2 {
			guest.PostFiles("/report", form).Next().Has("h1", "Вы присоединились")
		}
		if got := d.card(first.ID).State.Joined; got != 1 {
			t.Errorf("%d have joined, want 1", got)
		}
		form.Del("join")
		form.Set("step", "send")
		guest.PostFiles("/report", form).Next().Has("h1", "Получили")
	})
}

func TestWhatIsNearIsShownBeforeSendingAndThenNotAskedAbout(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		reportedLamp(d)
		guest := d.Guest()
		form := typedAtSpot(t, guest, lampAgain)
		form.Set("step", "find_topic")
		page := guest.PostFiles("/report", form, darkLamp(t)).Is(http.StatusOK).Has("[data-near]", "Похоже, об этом уже сообщили")
		page.Has("[data-near] button[name=join]", "То же самое — присоединиться")
		form = page.Form("form[data-report]")
		form.Set("step", "send")
		guest.PostFiles("/report", form).Next().Has("h1", "Получили")
	})
}

func TestOfAnAnsweredProblemThePageToDisagreeIsShownWithWhatWasWritten(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := answeredLamp(d)
		guest := d.Guest()
		page := guest.PostFiles("/report", typedAtSpot(t, guest, lampAgain), darkLamp(t)).Is(http.StatusOK)
		page.Has("[data-errors]", "Не исправлено? Скажите об этом").Has("[data-errors] button[name=join]", "Не исправлено — сказать")
		form := page.Form("form[data-report]")
		form.Set("join", strconv.FormatInt(card.State.Number, 10))
		page = guest.PostFiles("/report", form).Is(http.StatusOK).Has("textarea[name=text]", lampAgain)
		dispute := page.Form(`form[action$="/dispute"]`)
		guest.PostFiles("/problem/"+strconv.FormatInt(card.State.Number, 10)+"/dispute", dispute).Next().Has(".flash", "")
		if got := d.card(card.ID).State; got.Status != problem.Moderation || len(got.Messages) != 2 || len(got.Messages[1].Photos) != 1 {
			t.Errorf("the dispute left %s with %d messages: %+v", got.Status, len(got.Messages), got.Messages)
		}
	})
}

func TestWhoReportedItIsToldSoAndOfferedNothingToJoin(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		guest := d.Guest()
		number := sentNumber(t, guest.PostFiles("/report", typedAtSpot(t, guest, lampSaid), darkLamp(t)).Next().Is(http.StatusOK))
		card, err := d.Problems.Find(t.Context(), resident.Machine(d.Here.ID), number)
		if err != nil {
			t.Fatal(err)
		}
		d.do(resident.Machine(d.Here.ID), card.ID, problem.Accept{})
		page := guest.PostFiles("/report", typedAtSpot(t, guest, lampAgain), darkLamp(t)).Is(http.StatusOK)
		page.Has("[data-errors]", "Похоже, вы уже сообщали об этом").Lacks("[data-errors]", "присоединиться").Has("[data-errors]", "Это другое")
	})
}

func sentNumber(t *testing.T, page *webtest.Page) int64 {
	t.Helper()
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, page.Attr(`input[name=number]`, "value"))
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAScriptIsToldWhatIsNearInTheWordsOfThePage(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		reportedLamp(d)
		guest := d.Guest()
		about := webtest.Form{}
		for name, value := range map[string]string{"topic": lampTopic, "lat": spotLat, "lon": spotLon, "text": lampAgain} {
			about.Set(name, value)
		}
		said := func(page *webtest.Page, parts ...string) {
			t.Helper()
			for _, part := range parts {
				if page.Is(http.StatusOK); !strings.Contains(page.Body, part) {
					t.Errorf("%s lacks %s", page.Body, part)
				}
			}
		}
		said(guest.Post("/near", about), `"chance":"sure"`, `"title":"Похоже, об этом уже сообщили"`, "здесь же", "в работе до",
			`"join":"То же самое — присоединиться"`, `"same":"Общие слова: остановки`)
		guest.Lang = "en"
		said(guest.Post("/near", about), `"title":"This seems to be reported already"`)
		said(guest.Get("/near?topic="+lampTopic+"&lat="+spotLat+"&lon="+spotLon), `"chance":"`)
		said(guest.Get("/near?topic="+lampTopic+"&house=999999999"), `"near":[]`)
		guest.Get("/near?topic=" + lampTopic + "&lat=400&lon=1").Is(http.StatusUnprocessableEntity)
	})
}

func TestTheModeratorSeesWhatAMessageRepeats(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		first := reportedLamp(d)
		second := d.sent(901, streetLamp, lampAgain, 0)
		d.As("moderator-1").Get("/staff/moderation/"+strconv.FormatInt(second.State.Number, 10)).Is(http.StatusOK).
			Has(".similar-list", strconv.FormatInt(first.State.Number, 10))
	})
}
