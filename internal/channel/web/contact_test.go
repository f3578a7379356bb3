package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/notice"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/sqldb"
)

// keptContact is what the city keeps of how the author is reached, and whether
// the consent for it holds.
func keptContact(t *testing.T, town *webtest.Town, number string) (c problem.Contact, agreed bool, key int64) {
	t.Helper()
	ctx := context.Background()
	card, err := town.Problems.Find(ctx, resident.Machine(town.Here.ID), atoi(number))
	if err == nil {
		err = town.DB.View(ctx, func(tx *sqldb.Tx) error {
			if c, err = town.Problems.ContactIn(tx, town.Here.ID, card.ID); err != nil {
				return err
			}
			agreed, err = town.Residents.ConsentedIn(tx, town.Here.ID, 0, card.ID, "contact")
			return err
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	return c, agreed, card.ID
}

const contactForm = `form[action="/report/contact"]`

func TestAContactIsLeftOnThePageAfterSending(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		sent := send(t, guest)
		number := numberOf(t, sent)
		form := sent.Form(contactForm)
		if len(form["consent"]) != 0 {
			t.Error("the consent is ticked before anybody did")
		}
		form.Set("contact_email", "anna@example.org")
		page := guest.Post("/report/contact", form).Is(http.StatusUnprocessableEntity).Has(".errors, .field-error", "Отметьте согласие")
		if got := page.Attr("#contact_email", "value"); got != "anna@example.org" {
			t.Errorf("what was typed became %q", got)
		}
		form = page.Form(contactForm)
		form.Set("consent", page.Attr("input[name=consent]", "value"))
		form.Set("contact_phone", "12")
		guest.Post("/report/contact", form).Is(http.StatusUnprocessableEntity).Has("#contact_phone-error", "елефон")
		form.Set("contact_phone", "")
		guest.Post("/report/contact", form).Next().Is(http.StatusOK).Has(".flash", "пришлём туда").Has(".note-done", "an•••@example.org").Lacks("main", "anna@")
		c, agreed, _ := keptContact(t, town, number)
		if c.Email != "anna@example.org" || !agreed {
			t.Errorf("kept %+v, consent %v", c, agreed)
		}
		guest.Post("/report/contact", form).Next().Is(http.StatusOK) // pressed twice
		form.Set("contact_email", "boris@example.org")
		guest.Post("/report/contact", form).Is(http.StatusConflict) // another form under the same key
		if c, _, _ := keptContact(t, town, number); c.Email != "anna@example.org" {
			t.Errorf("a spent form changed the contact to %+v", c)
		}
	})
}

func TestTheFormOfAContactWorksWithTheSecretAlone(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		sent := send(t, town.Guest())
		form := sent.Form(contactForm)
		form.Set("contact_phone", "8 921 345-67-89")
		form.Set("consent", sent.Attr("input[name=consent]", "value"))
		stranger := town.Guest()
		bare := webtest.Form{}
		for name, values := range form {
			if name != "secret" {
				bare[name] = values
			}
		}
		stranger.Post("/report/contact", bare).Is(http.StatusNotFound)
		stranger.Post("/report/contact", form).Next().Is(http.StatusOK)
		if c, agreed, _ := keptContact(t, town, numberOf(t, sent)); c.Phone != "+79213456789" || !agreed {
			t.Errorf("kept %+v, consent %v", c, agreed)
		}
	})
}

func TestTheAuthorChangesTheContactOnThePageOfTheProblem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		address := "/problem/" + number
		card := guest.Get(address).Is(http.StatusOK).Has("#news summary", "Прислать ответ").Lacks("#news button", "новостях")
		form := card.Form("#news details form")
		form.Set("contact_phone", "+7 921 345-67-89")
		page := guest.Post(address+"/contact", form).Is(http.StatusUnprocessableEntity).Has("#news .field-error", "согласие")
		if len(page.All("#news details[open]")) != 1 {
			t.Error("the form with the mistake is shut")
		}
		form.Set("consent", card.Attr("#news input[name=consent]", "value"))
		card = guest.Post(address+"/contact", form).Next().Is(http.StatusOK).Has("#news", "•••-67-89").Has(".event", "куда прислать ответ")
		form = card.Form("#news details form")
		if len(card.All("#news input[name=consent]")) != 0 {
			t.Error("a consent that holds is asked for again")
		}
		guest.Post(address+"/contact", form).Is(http.StatusUnprocessableEntity).Has("#contact_phone-error", "куда писать")
		form.Set("contact_email", "anna@example.org")
		guest.Post(address+"/contact", form).Next().Is(http.StatusOK).Has("#news", "an•••@example.org")
		if c, _, _ := keptContact(t, town, number); c.Phone != "" || c.Email != "anna@example.org" {
			t.Errorf("kept %+v", c)
		}
		staff(t, town, number, problem.Accept{})
		town.Guest().Get(address).Is(http.StatusOK).Lacks(".event", "куда прислать ответ").Lacks("main", "example.org").Has("#news a", "Войдите")
		town.Guest().Post(address+"/contact", form).Is(http.StatusForbidden)
		town.Guest().Post(address+"/contact", webtest.Form{}).Is(http.StatusForbidden)
		guest.Post(address+"/notify", webtest.Form{"news": {"off"}}).Next().Is(http.StatusOK).Has("#news", "не пишем").Has("#news button", "Сообщать мне")
		guest.Post(address+"/notify", webtest.Form{"news": {"on"}}).Next().Is(http.StatusOK).Has("#news", "an•••@example.org")
		guest.Post(address+"/notify", webtest.Form{"news": {"maybe"}}).Is(http.StatusUnprocessableEntity)
	})
}

func TestWhoLeavesAContactWantsToHear(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		sent := send(t, guest)
		number := numberOf(t, sent)
		_, _, key := keptContact(t, town, number)
		author := resident.Who{City: town.Here.ID, Problem: key}
		if err := town.Notices.Choose(context.Background(), author, key, notice.Silence); err != nil {
			t.Fatal(err)
		}
		form := sent.Form(contactForm)
		form.Set("contact_email", "anna@example.org")
		form.Set("consent", sent.Attr("input[name=consent]", "value"))
		guest.Post("/report/contact", form).Next().Is(http.StatusOK)
		if choice, err := town.Notices.Choice(context.Background(), author, key); err != nil || choice != notice.Unsaid {
			t.Errorf("still %q, %v", choice, err)
		}
	})
}

func TestACityOnAnotherGroundAsksForNoConsent(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		if err := town.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`UPDATE consent_text SET current = 0 WHERE city = $1 AND purpose = 'contact'`, town.Here.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		guest := town.Guest()
		form := filled(t, guest)
		form.Set("contact_phone", "+7 921 345-67-89")
		number := numberOf(t, guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Next().Is(http.StatusOK))
		form = guest.Get("/problem/" + number).Form("#news details form")
		form.Set("contact_email", "anna@example.org")
		guest.Post("/problem/"+number+"/contact", form).Next().Is(http.StatusOK).Has("#news", "an•••@example.org")
	})
}

func TestAnybodySignedInSwitchesTheNewsOfOneProblem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		anna, vera := town.Resident("anna@example.org"), town.Resident("vera@example.org")
		number := numberOf(t, send(t, anna))
		staff(t, town, number, problem.Accept{})
		address := "/problem/" + number
		flip := func(v *webtest.Visitor, press, then string) {
			t.Helper()
			page := v.Get(address).Is(http.StatusOK).Has("#news button", press)
			form := page.Form(`#news form[action$="/notify"]`)
			form.Set("news", page.Attr("#news button[name=news]", "value"))
			v.Post(address+"/notify", form).Next().Is(http.StatusOK).Has("#news button", then)
		}
		const on, off = "Сообщать мне о новостях", "Не сообщать о новостях"
		flip(vera, on, off)
		vera.Get("/cabinet").Is(http.StatusOK).Has(`section[aria-labelledby="watched"] .line, section[aria-labelledby="watched"]`, "Садовая")
		vera.Get("/cabinet/export").Is(http.StatusOK)
		flip(vera, off, on)
		vera.Get("/cabinet").Lacks("h2", "Вы следите")
		flip(anna, off, on) // the author's own
		flip(anna, on, off)
		vera.Post(address+"/join", vera.Get(address).Form(`form[action$="/join"]`)).Next().Has("#news button", off)
		flip(vera, off, on)

		guest := town.Guest()
		link := guest.Get(address).Attr("#news a", "href")
		if link != "/signin?back=%2Fproblem%2F"+number+"%23news" {
			t.Errorf("a guest is sent to %s", link)
		}
		guest.Get(link).Is(http.StatusOK)
		if to := guest.Post(address+"/notify", webtest.Form{"news": {"on"}}).To(); !strings.HasPrefix(to, "/signin?back=") {
			t.Errorf("a guest's switch leads to %s", to)
		}
		staff(t, town, number, problem.Give{Org: "gorsvet", Outcome: problem.Done, Text: "Готово"}, problem.Pass{}, problem.Confirm{})
		anna.Get(address).Is(http.StatusOK).Lacks("h2", "Новости об этом")
	})
}

func TestALettersLinkOffersOneProblemOrAll(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		ctx := context.Background()
		anna := town.Resident("anna@example.org")
		number := numberOf(t, send(t, anna))
		_, _, key := keptContact(t, town, number)
		card, err := town.Problems.FindByID(ctx, resident.Machine(town.Here.ID), key)
		if err != nil {
			t.Fatal(err)
		}
		token := town.Notices.OffToken(town.Here.ID, notice.Off{Person: card.State.Author, Problem: key})
		page := town.Guest().Get("/unsubscribe/"+token).Is(http.StatusOK).Has("button", "Не писать об этой проблеме").Has("button", "никаких писем")
		form := page.Form("form")
		form.Set("only", page.Attr("button[name=only]", "value"))
		town.Guest().Post("/unsubscribe/"+token, form).Next().Has(".flash", "Об этой проблеме")
		who := resident.Who{City: town.Here.ID, ID: card.State.Author}
		settings := func() int {
			set, err := town.Notices.Settings(ctx, who)
			if err != nil {
				t.Fatal(err)
			}
			return len(set.Email)
		}
		if choice, err := town.Notices.Choice(ctx, who, key); err != nil || choice != notice.Silence || settings() == 0 {
			t.Errorf("choice %q, %v, %d kinds of letters", choice, err, settings())
		}
		town.Guest().Post("/unsubscribe/"+token, webtest.Form{"List-Unsubscribe": {"One-Click"}}).Is(http.StatusSeeOther)
		if settings() != 0 {
			t.Error("one click of the mail program left letters")
		}
	})
}
