package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/platform/sqldb"
)

// lamp is a photo as the file of a form.
func lamp(t *testing.T) webtest.File {
	t.Helper()
	return webtest.File{Name: "lamp.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}
}

// withPhoto is a form that is ready to be sent, its photo taken before.
func withPhoto(t *testing.T, v *webtest.Visitor) webtest.Form {
	t.Helper()
	form := filled(t, v)
	form.Set("contact_phone", "+7 921 000-11-22")
	form.Set("consent", v.Get("/").Attr("input[name=consent]", "value"))
	form.Set("step", "add_photos")
	form = v.PostFiles("/report", form, lamp(t)).Is(http.StatusOK).Form("form[data-report]")
	form.Set("step", "send")
	return form
}

// holdsAll tells whether the page still has everything of the form.
func holdsAll(t *testing.T, page *webtest.Page, form webtest.Form) webtest.Form {
	t.Helper()
	again := page.Form("form[data-report]")
	for _, name := range []string{"text", "topic", "house", "contact_phone", "consent"} {
		if got := again.Get(name); got != form.Get(name) || got == "" {
			t.Errorf("%s was %q and is %q", name, form.Get(name), got)
		}
	}
	if len(again["photo"]) != len(form["photo"]) || len(page.All("[data-photos-list] img")) != len(form["photo"]) {
		t.Errorf("photos were %q and are %q", form["photo"], again["photo"])
	}
	again.Set("step", "send")
	return again
}

func TestEveryCopyOfADoubleTapLeadsToTheSameMessage(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		form := filled(t, town.Guest())
		var all sync.WaitGroup
		leads := make([]string, 4)
		for i := range leads {
			all.Go(func() { leads[i] = town.Guest().PostFiles("/report", form, lamp(t)).To() })
		}
		all.Wait()
		later := town.Guest().PostFiles("/report", form, lamp(t)).To()
		for _, to := range leads {
			if to != later || !strings.HasPrefix(to, "/sent/") {
				t.Errorf("copies lead to %q, the last one to %s", leads, later)
				break
			}
		}
	})
}

func TestAFormThatWasSentAndChangedIsAnotherMessage(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := withPhoto(t, guest)
		first := guest.PostFiles("/report", form).Next().Is(http.StatusOK)
		form.Set("text", darkYard+", и второй тоже погас") // the button Back
		page := guest.PostFiles("/report", form).Is(http.StatusConflict).Has("#errors", "уже ушло").Has("#errors a", numberOf(t, first))
		second := holdsAll(t, page, form)
		if second.Get("key") == form.Get("key") {
			t.Fatal("the key is the old one")
		}
		guest.Get(page.Attr("[data-photos-list] img", "src")).Is(http.StatusOK)
		second.Set("lat", "58.3000")
		second.Set("lon", "36.9000")
		second.Set("house", "")
		second.Set("address", "")
		if n := numberOf(t, guest.PostFiles("/report", second).Next().Is(http.StatusOK)); n == numberOf(t, first) {
			t.Error("nothing new was sent")
		}
		script := town.Guest()
		script.Accept = "application/json"
		if said := script.PostFiles("/report", second); said.Status != http.StatusCreated && said.Status != http.StatusConflict {
			t.Errorf("a script is told %d", said.Status)
		}
	})
}

// settings changes what the city has decided.
func settings(t *testing.T, town *webtest.Town, perDay int) {
	t.Helper()
	err := town.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		c, err := town.Places.CityIn(tx, town.Here.ID)
		if err != nil {
			return err
		}
		c.Settings.MessagesPerDay = perDay
		return town.Places.SaveCityIn(tx, c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestOneMessageTooManyStaysInItsForm(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		settings(t, town, 1)
		guest := town.Guest()
		send(t, guest)
		form := withPhoto(t, guest)
		page := guest.PostFiles("/report", form).Is(http.StatusTooManyRequests).Has("#errors", "За сутки можно отправить").Has("#errors", "осталось на этой странице")
		form = holdsAll(t, page, form)
		settings(t, town, 2)
		guest.PostFiles("/report", form).Next().Is(http.StatusOK)
		send(t, town.Guest()) // a neighbour behind the same address
	})
}

func TestPhotosOfAFurtherMessageOutliveItsMistakes(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		address := "/problem/" + number
		noPicture := webtest.File{Name: "b.jpg", Data: []byte("#!/bin/sh\necho no, this is none at all")}
		staff(t, town, number, problem.Ask{Text: "У какого подъезда?"})

		form := guest.Get(address).Form(`form[action$="/reply"]`)
		form.Set("reply", "У второго")
		page := guest.PostFiles(address+"/reply", form, lamp(t), noPicture).Is(http.StatusUnprocessableEntity).Has("#photos-error", "не фотография").Has("textarea", "У второго")
		guest.Get(page.Attr("[data-photos-list] img", "src")).Is(http.StatusOK)
		form = page.Form(`form[action$="/reply"]`)
		photo := form.Get("photo")
		form.Set("remove", photo)
		guest.PostFiles(address+"/reply", form).Is(http.StatusOK).Lacks("form", "Фото 1").Has("textarea", "У второго")
		form.Del("remove")
		guest.PostFiles(address+"/reply", form).Next().Is(http.StatusOK)
		if page := guest.Get(address); !strings.Contains(page.Body, "/photos/"+photo) {
			t.Error("the reply lost its photo")
		}

		answer := problem.Give{Text: "Заменили лампу.", Outcome: problem.Done, Signer: problem.Signer{Name: "И. Лампин", Position: "мастер", Phone: "2-14-80"}}
		staff(t, town, number, problem.Accept{}, answer, problem.Pass{})
		form = guest.Get(address + "?dispute=1").Form("form[data-dispute]")
		page = guest.PostFiles(address+"/dispute", form, lamp(t)).Is(http.StatusUnprocessableEntity).Has("#text-error", "Напишите")
		form = page.Form("form[data-dispute]")
		photo = form.Get("photo")
		form.Set("text", "Опять темно")
		guest.PostFiles(address+"/dispute", form).Next().Is(http.StatusOK)
		if page := guest.Get(address); photo == "" || !strings.Contains(page.Body, "/photos/"+photo) {
			t.Errorf("the dispute lost its photo %q", photo)
		}
	})
}

func TestALateDisputeIsGivenBackWithWhatIsTrue(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		answer := problem.Give{Text: "Заменили лампу.", Outcome: problem.Done, Signer: problem.Signer{Name: "И. Лампин", Position: "мастер", Phone: "2-14-80"}}
		staff(t, town, number, problem.Accept{}, answer, problem.Pass{})
		here, there := guest.Get("/problem/"+number+"?dispute=1").Form("form[data-dispute]"), guest.Get("/problem/"+number+"?dispute=1").Form("form[data-dispute]")
		here.Set("text", "Опять темно")
		guest.PostFiles("/problem/"+number+"/dispute", here).Next().Is(http.StatusOK)
		there.Set("text", "И ещё кое-что")
		page := guest.PostFiles("/problem/"+number+"/dispute", there, lamp(t)).Is(http.StatusGone)
		page.Has("#errors", "проверяет модератор").Has("[data-kept]", "И ещё кое-что").Has("h1", "")
		if page.Attr("[data-kept] img", "src") == "" {
			t.Error("the photo is gone")
		}
	})
}

func TestAFormThatCameHalfIsShownAgain(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := filled(t, guest)
		form.Set("key", "tampered")
		page := guest.PostFiles("/report", form, lamp(t)).Is(http.StatusUnprocessableEntity).Has("#errors", "не целиком").Has("textarea", darkYard)
		form = page.Form("form[data-report]")
		if form.Get("house") == "" || form.Get("photo") == "" || len(form.Get("key")) < 22 {
			t.Errorf("the form is %v", form)
		}
		form.Set("step", "send")
		number := numberOf(t, guest.PostFiles("/report", form).Next().Is(http.StatusOK))
		staff(t, town, number, problem.Ask{Text: "У какого подъезда?"})
		reply := guest.Get("/problem/" + number).Form(`form[action$="/reply"]`)
		reply.Set("key", "short")
		reply.Set("reply", "У второго")
		guest.PostFiles("/problem/"+number+"/reply", reply, lamp(t)).Is(http.StatusUnprocessableEntity).Has("#errors", "не целиком").Has("textarea", "У второго").Has("form", "Фото 1")

		form = filled(t, guest)
		form.Set("text", strings.Repeat("темно ", 300_000))
		page = guest.PostFiles("/report", form).Is(http.StatusUnprocessableEntity).Has("#text-error", "длинно")
		if kept := page.Form("form[data-report]").Get("text"); !strings.HasPrefix(kept, "темно темно") || len(kept) > 20_000 {
			t.Errorf("%d bytes are kept", len(kept))
		}
		form.Set("text", strings.Repeat("темно ", 300))
		form.Set("step", "next")
		form.Del("house")
		guest.PostFiles("/report", form).Is(http.StatusUnprocessableEntity).Has("#text-error", "из 1")
	})
}

// endless is a body that goes on as long as it is read.
type endless struct{ head, left int64 }

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, fmt.Errorf("read to the end of %d bytes", e.head)
	}
	p = p[:min(int64(len(p)), e.left)]
	for i := range p {
		p[i] = 'a'
	}
	e.left -= int64(len(p))
	return len(p), nil
}

func TestAHundredMegabytesAreRefusedAndNotKept(t *testing.T) {
	town := webtest.New(t, kit.SQLite(t)) // not beside others: memory is measured
	guest := town.Guest()
	const giant = 100 << 20
	long := "--x\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n"
	for name, r := range map[string]*http.Request{
		"declared, words":   post("application/x-www-form-urlencoded", &endless{head: giant, left: giant}, giant),
		"undeclared, words": post("application/x-www-form-urlencoded", &endless{head: giant, left: giant}, -1),
		"one long value":    post("multipart/form-data; boundary=x", strings.NewReader(long+strings.Repeat("a", giant)+"\r\n--x--\r\n"), -1),
		"declared, photos":  post("multipart/form-data; boundary=x", &endless{head: giant, left: 4 * giant}, 4*giant),
	} {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		page := guest.Do(r)
		runtime.ReadMemStats(&after)
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 24 {
			t.Errorf("%s: %d MB", name, used)
		}
		if name == "one long value" {
			page.Is(http.StatusUnprocessableEntity).Has("#text-error", "длинно")
			continue
		}
		page.Is(http.StatusRequestEntityTooLarge).Has("h1", "большой")
		if strings.Contains(page.Body, "сохранили") {
			t.Errorf("%s: says that something was kept", name)
		}
	}
}

func post(kind string, body interface{ Read([]byte) (int, error) }, length int64) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/report", body)
	r.Header.Set("Content-Type", kind)
	r.ContentLength = length
	return r
}

func TestTheFormSaysWhatExactlyIsMissing(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := filled(t, guest)
		form.Set("topic", "99999")
		guest.PostFiles("/report", form, lamp(t)).Is(http.StatusUnprocessableEntity).Has("#errors", "Такой темы больше нет")

		form = filled(t, guest)
		form.Set("house", "")
		form.Set("lat", "")
		form.Set("lon", "")
		form.Set("address", "садовая")
		form.Set("contact_phone", "12")
		form.Set("consent", guest.Get("/").Attr("input[name=consent]", "value"))
		page := guest.PostFiles("/report", form, lamp(t)).Is(http.StatusUnprocessableEntity).Has("#address-error", "Выберите дом").Has("[data-houses] legend", "номер дома")
		if page.Form("form[data-report]").Get("consent") == "" {
			t.Error("the consent has to be ticked again")
		}
		form.Set("step", "find_place")
		guest.PostFiles("/report", form).Has("[data-houses] legend", "номер дома")

		page = guest.PostFiles("/report", webtest.Form{"key": form["key"], "text": {""}, "step": {"find_topic"}}).Is(http.StatusUnprocessableEntity)
		page.Has("#text-error", "Напишите")
		if len(page.All("#errors")) != 0 {
			t.Error("one sentence stands twice in one view")
		}
		anna := town.Resident("anna@example.org")
		anna.Get("/").Has("form[data-report]", "Ответ пришлём сюда: a")
	})
}

func TestSigningInLeadsBackToTheProblem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		number := numberOf(t, send(t, guest))
		staff(t, town, number, problem.Accept{})
		guest.Headers = map[string]string{"Referer": "http://town.example/problem/" + number}
		form := guest.Get("/signin").Form("form")
		guest.Headers = nil
		if form.Get("back") != "/problem/"+number {
			t.Errorf("back is %q", form.Get("back"))
		}
		enter := func(back string) string {
			v := town.Guest()
			v.Post("/signin", webtest.Form{"email": {fmt.Sprintf("anna%d@example.org", len(back))}, "step": {"mail"}, "back": {back}}).Is(http.StatusOK)
			return v.Post("/signin/link", webtest.Form{"secret": {lastSecret(t, town)}}).To()
		}
		if to := enter("/problem/" + number + "#news"); to != "/problem/"+number+"#news" {
			t.Errorf("a letter's link leads to %s", to)
		}
		for _, elsewhere := range []string{"https://evil.example/", "//evil.example/", "/\\evil.example", ""} {
			if to := enter(elsewhere); to != "/cabinet" {
				t.Errorf("%q leads to %s", elsewhere, to)
			}
		}
		anna := town.Resident("anna@example.org")
		anna.Get("/signin/password").Is(http.StatusNotFound)
	})
}

// lastSecret is that of the newest letter's link.
func lastSecret(t *testing.T, town *webtest.Town) string {
	t.Helper()
	ctx := context.Background()
	var entry int64
	err := town.DB.View(ctx, func(tx *sqldb.Tx) (err error) {
		entry, err = sqldb.One(tx, sqldb.Int, `SELECT max(id) FROM entry WHERE city = $1`, town.Here.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	letter, err := town.Residents.Letter(ctx, town.Here.ID, entry)
	if err != nil {
		t.Fatal(err)
	}
	return letter.Secret.Reveal()
}
