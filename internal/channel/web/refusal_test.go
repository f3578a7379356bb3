package web_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
)

func TestNothingTypedIsLost(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		t.Run("a text without a place", func(t *testing.T) {
			form := guest.Get("/").Form("form[data-report]")
			form.Set("text", darkYard)
			form.Set("topic", lampTopic)
			form.Set("manual", "1")
			form.Set("contact_phone", "12")
			form.Set("step", "send")
			page := guest.PostFiles("/report", form).Is(http.StatusUnprocessableEntity)
			page.Has("textarea", darkYard).Has("#address-error", "Укажите место").Has("#contact_phone-error", "").Has("#errors", "согласие")
			if got := page.Attr("input[name=contact_phone]", "value"); got != "12" {
				t.Errorf("the phone became %q", got)
			}
		})
		t.Run("a file that is no picture", func(t *testing.T) {
			page := guest.PostFiles("/report", filled(t, guest), webtest.File{Name: "a.jpg", Data: []byte("#!/bin/sh\necho no")}).Is(http.StatusUnprocessableEntity)
			page.Has("textarea", darkYard).Has("#photos-error", "не фотография")
		})
		t.Run("a file of forty megabytes", func(t *testing.T) {
			page := guest.PostFiles("/report", filled(t, guest), webtest.File{Name: "a.jpg", Data: make([]byte, 40<<20)}).Is(http.StatusUnprocessableEntity)
			page.Has("textarea", darkYard).Has("#photos-error", "МБ")
		})
		t.Run("a topic that needs a photo", func(t *testing.T) {
			guest.PostFiles("/report", filled(t, guest)).Is(http.StatusUnprocessableEntity).Has("textarea", darkYard).Has("#photos-error", "")
		})
		t.Run("another encoding", func(t *testing.T) {
			form := filled(t, guest)
			form.Set("text", "\xd4\xee\xed\xe0\xf0\xfc") // «Фонарь» in windows-1251
			guest.PostFiles("/report", form).Is(http.StatusUnprocessableEntity).Has("#text-error", "кодировке")
		})
		t.Run("a text that is too long", func(t *testing.T) {
			form := filled(t, guest)
			form.Set("text", strings.Repeat("темно ", 300))
			guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).
				Is(http.StatusUnprocessableEntity).Has("textarea", "темно темно").Has("#text-error", "")
		})
		t.Run("a place beyond the border", func(t *testing.T) {
			form := filled(t, guest)
			form.Set("house", "")
			form.Set("lat", "59.93")
			form.Set("lon", "30.31")
			form.Set("address", "")
			guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).
				Is(http.StatusUnprocessableEntity).Has("textarea", darkYard).Has("#address-error", "")
		})
	})
}

func TestBodiesBeyondMeasureAreRefused(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		r := httptest.NewRequest(http.MethodPost, "/prefs", bytes.NewReader(make([]byte, 100<<20)))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		guest.Do(r).Is(http.StatusRequestEntityTooLarge).Has("h1", "большой")
		r = httptest.NewRequest(http.MethodPost, "/prefs", struct{ *bytes.Reader }{bytes.NewReader(make([]byte, 2<<20))})
		r.ContentLength = -1 // not declared: it is cut off while it is read
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		guest.Do(r).Is(http.StatusRequestEntityTooLarge)
		r = httptest.NewRequest(http.MethodPost, "/report", strings.NewReader("text"))
		r.Header.Set("Content-Type", "text/plain")
		guest.Do(r).Is(http.StatusUnprocessableEntity)
	})
}

func TestAScriptInATextIsText(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		form := filled(t, guest)
		form.Set("text", `<script>alert(1)</script> "><img src=x onerror=alert(2)> темно`)
		form.Set("address", `"><script>alert(3)</script>`)
		number := numberOf(t, guest.PostFiles("/report", form, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Next().Is(http.StatusOK))
		staff(t, town, number, problem.Accept{})
		for _, address := range []string{"/problem/" + number, "/map?q=" + "%3Cscript%3Ealert(1)%3C/script%3E", "/", "/?text=%3Cscript%3Ealert(1)%3C/script%3E"} {
			page := guest.Get(address).Is(http.StatusOK)
			if strings.Contains(page.Body, "<script>alert") || strings.Contains(page.Body, "<img src=x") {
				t.Errorf("%s runs a script", address)
			}
		}
		guest.Get("/problem/"+number).Has(".event-text", "<script>alert(1)</script>")
	})
}

func TestSecretsOfOthersOpenNothing(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		sent := send(t, guest)
		number := numberOf(t, sent)
		photo := guest.Get("/problem/"+number).Attr(".photos img", "src")
		guest.Get(photo).Is(http.StatusOK)
		stranger := town.Guest()
		for _, address := range []string{photo, strings.Replace(photo, "thumb", "full", 1), "/problem/" + number, "/problem/" + number + "/mend",
			"/problem/" + number + "/erase", "/follow/0000000000000000000000000000000k", "/problem/999999999", "/problem/x", "/unsubscribe/x",
			"/photos/unknown/full", "/assets/manifest.json", "/nothing"} {
			if page := stranger.Get(address); page.Status != http.StatusNotFound {
				t.Errorf("%s: %d", address, page.Status)
			}
		}
		form := guest.Get("/problem/" + number).Form(`form[action$="/withdraw"]`)
		stranger.Post("/problem/"+number+"/withdraw", form).Is(http.StatusNotFound)
		form.Set("secret", "0000000000000000000000000000000k")
		stranger.Post("/problem/"+number+"/withdraw", form).Is(http.StatusNotFound)
		form = filled(t, stranger)
		form.Set("photo", strings.Split(photo, "/")[2])
		stranger.PostFiles("/report", form).Is(http.StatusUnprocessableEntity).Has("#photos-error", "")
		stranger.Post("/signin/staff", webtest.Form{"login": {"moderator-1"}, "password": {"x"}}).Is(http.StatusForbidden).Has("#login-error", "")

		staff(t, town, number, problem.Accept{})
		stranger.Get(photo).Is(http.StatusOK)
		staff(t, town, number, problem.HidePhoto{Photo: photoOf(t, town, number), Reason: "лицо"})
		stranger.Get(photo).Is(http.StatusNotFound)

		link := sent.Attr("a.secret", "href")
		secret := link[strings.LastIndex(link, "/")+1:]
		answer := town.Guest().Get("/follow/" + secret)
		if to := answer.To(); to != "/problem/"+number {
			t.Errorf("the link leads to %s", to)
		}
		if policy := answer.Header.Get("Referrer-Policy"); policy != "no-referrer" {
			t.Errorf("the link's page tells where it was: %s", policy)
		}
		if log := town.Logged(); strings.Contains(log, secret) || strings.Contains(log, darkYard) || !strings.Contains(log, "GET /follow/{secret}") {
			t.Error("the log holds a secret or a text, or no pattern")
		}
	})
}

func photoOf(t *testing.T, town *webtest.Town, number string) int64 {
	t.Helper()
	card, err := town.Problems.Find(t.Context(), machine(town), atoi(number))
	if err != nil {
		t.Fatal(err)
	}
	return card.State.Messages[0].Photos[0]
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		guest.Headers = map[string]string{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
		guest.Post("/prefs", webtest.Form{"size": {"huge"}}).Is(http.StatusForbidden).Has("main", "другой сайт")
		guest.Headers = map[string]string{"Origin": "http://town.example", "Sec-Fetch-Site": "same-origin"}
		guest.Post("/prefs", webtest.Form{"size": {"huge"}}).Is(http.StatusSeeOther)
	})
}

func TestEveryAnswerHasItsHeaders(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		for _, address := range []string{"/", "/nothing", "/robots.txt", "/staff", "/suggest?text=фонарь"} {
			h := guest.Get(address).Header
			for name, want := range map[string]string{"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff",
				"Referrer-Policy": "same-origin", "Permissions-Policy": "geolocation=(self)", "X-Request-Id": ""} {
				if got := h.Get(name); got == "" || !strings.Contains(got, want) {
					t.Errorf("%s: %s is %q", address, name, got)
				}
			}
		}
	})
}

func TestAPersonsPagesAreNeitherKeptNorCompressed(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		anna := town.Resident("anna@example.org")
		anna.Headers = map[string]string{"Accept-Encoding": "gzip"}
		if h := anna.Get("/cabinet").Header; h.Get("Cache-Control") != "no-store" || h.Get("Content-Encoding") != "" {
			t.Errorf("the cabinet: %v", h)
		}
		if h := anna.Get("/").Header; h.Get("Content-Encoding") != "gzip" {
			t.Errorf("the home page is not compressed: %v", h)
		}
	})
}

func TestTooManyTriesAreSlowedDown(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		last := 0
		for range 40 {
			last = guest.Post("/follow", webtest.Form{"number": {"1"}, "code": {"x"}}).Status
		}
		if last != http.StatusTooManyRequests {
			t.Errorf("the fortieth try: %d", last)
		}
		other := town.Guest()
		other.Address = "203.0.113.9:1"
		other.Post("/follow", webtest.Form{"number": {"1"}, "code": {"x"}}).Is(http.StatusUnprocessableEntity)
	})
}

func TestScriptsGetJSON(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		guest.Accept = "application/json"
		want := func(page *webtest.Page, status int, parts ...string) {
			t.Helper()
			page.Is(status)
			for _, part := range parts {
				if !strings.Contains(page.Body, part) {
					t.Errorf("%s lacks %s", page.Body, part)
				}
			}
		}
		want(guest.Post("/suggest", webtest.Form{"text": {"пахнет газом в подъезде"}}), http.StatusOK, `"danger":true`, `tel:112`)
		want(guest.Get("/suggest?topic="+lampTopic), http.StatusOK, `"id":"`+lampTopic+`"`, `"due":"20`)
		want(guest.Get("/addresses?q=садовая+14"), http.StatusOK, "Садовая")
		want(guest.Get("/here?lat=58.2995&lon=36.8985&accuracy=250"), http.StatusOK, `"inside":true`, `"rough":true`)
		want(guest.Get("/here?lat=59.9&lon=30.3"), http.StatusOK, `"inside":false`)
		want(guest.Get("/here?lat=x"), http.StatusUnprocessableEntity, `"fields"`)
		want(guest.Get("/near?lat=58.2995&lon=36.8985"), http.StatusOK, `"near":[]`)
		page := town.Guest()
		form := filled(t, page)
		form.Set("text", "")
		want(guest.PostFiles("/report", form), http.StatusUnprocessableEntity, `"text":`)
		photos := guest.PostFiles("/photos", webtest.Form{"key": form["key"]}, webtest.File{Name: "a.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")})
		want(photos, http.StatusOK, `"photos":[{"id":"`)
		want(guest.PostFiles("/photos", webtest.Form{"key": form["key"]}, webtest.File{Name: "a.jpg", Data: []byte("no")}), http.StatusUnprocessableEntity, "не фотография")
		form.Set("text", darkYard)
		id := strings.Split(strings.Split(photos.Body, `"id":"`)[1], `"`)[0]
		form.Set("photo", id)
		want(guest.PostFiles("/report", form), http.StatusCreated, `"number":`, `"follow":"http://town.example/follow/`)
		want(guest.PostFiles("/report", form), http.StatusCreated, `"again":true`)
	})
}
