package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

// lightFails is a problem at a house, taken by the city.
func lightFails(t *testing.T, town *webtest.Town) (number string, house int64) {
	t.Helper()
	number = numberOf(t, send(t, town.Resident("boris@example.org")))
	staff(t, town, number, problem.Accept{})
	town.Settle()
	card, err := town.Problems.Find(context.Background(), resident.Machine(town.Here.ID), atoi(number))
	if err != nil {
		t.Fatal(err)
	}
	return number, int64(card.State.Place.House)
}

func TestAPersonWatchesAHouseAndSeesWhatHappensThere(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		number, house := lightFails(t, town)
		town.Guest().Get("/watch").Is(http.StatusOK).Has("main", "сначала войдите")
		if to := town.Guest().Get("/watch/new?house=" + strconv.FormatInt(house, 10)).To(); !strings.HasPrefix(to, "/signin?back=%2Fwatch%2Fnew") {
			t.Errorf("a guest is led to %s", to)
		}
		anna := town.Resident("anna@example.org")
		page := anna.Get("/watch/new?house="+strconv.FormatInt(house, 10)).Is(http.StatusOK).Has("#found ~ p[role=status]", "За 30 дней — 1 проблема.")
		form := page.Form("form[data-watch]")
		if form.Get("by") != "house" || form.Get("name") == "" || form.Get("pace") != "daily" || len(form["news"]) != 4 {
			t.Fatalf("the form proposes %v", form)
		}
		form.Set("name", "Наш дом")
		address := anna.Post("/watch/new", form).To()
		saved := anna.Get(address).Is(http.StatusOK).Has(".flash", "Сохранили").Has("h1", "Наш дом").Has("#found ~ .lines", "Садовая")
		if again := anna.Post("/watch/new", form).To(); again != address {
			t.Errorf("a second press made %s beside %s", again, address)
		}
		anna.Get("/watch").Has(".watch-row", "Наш дом")
		feed := strings.TrimPrefix(saved.Attr("a[type='application/atom+xml']", "href"), "http://town.example")
		if atom := town.Guest().Get(feed).Is(http.StatusOK); !strings.Contains(atom.Body, "/problem/"+number) {
			t.Errorf("the feed lacks the problem: %s", atom.Body)
		}
		town.Resident("vera@example.org").Get(address).Is(http.StatusNotFound)
		gone := saved.Form("form[data-watch]")
		gone.Set("delete", "1")
		anna.Post(address, gone).Next().Is(http.StatusOK).Has(".flash", "удалили").Has("main", "Подписок пока нет")
		town.Guest().Get(feed).Is(http.StatusNotFound)
	})
}

func TestAWatchedPlaceThatCannotBeFoundIsSaidAtItsField(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		anna := town.Resident("anna@example.org")
		form := anna.Get("/watch/new").Is(http.StatusOK).Form("form[data-watch]")
		form.Set("name", "Двор")
		anna.Post("/watch/new", form).Is(http.StatusUnprocessableEntity).Has("#address-error", "без него не понять")
		form.Set("address", "Несуществующая 140")
		anna.Post("/watch/new", form).Is(http.StatusUnprocessableEntity).Has("#address-error", "не нашли")
		form.Set("address", "")
		form.Set("by", "ring")
		form.Set("ring", "58.29,36.89 58.31,36.91 58.29,36.91 58.31,36.89")
		anna.Post("/watch/new", form).Is(http.StatusUnprocessableEntity).Has("#ring-error", "пересекаются")
		form.Set("ring", "58.29,36.88 58.31,36.88 58.31,36.92 58.29,36.92")
		form.Set("check", "1")
		looked := anna.Post("/watch/new", form).Is(http.StatusOK).Has("#found ~ p", "участок на карте, 4 точки")
		if looked.Attr("[data-ring]", "value") != "58.29,36.88 58.31,36.88 58.31,36.92 58.29,36.92" {
			t.Error("the outline was lost by looking")
		}
		anna.Get("/watch").Has("main", "Подписок пока нет")
	})
}

func TestAnotherSiteShowsAPartOfTheCity(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		_, house := lightFails(t, town)
		guest := town.Guest()
		page := guest.Get("/embed/list?house="+strconv.FormatInt(house, 10)).Is(http.StatusOK).Has("h1", "Садовая").Has(".lines", "Садовая")
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors *") || page.Header.Get("Set-Cookie") != "" {
			t.Errorf("policy %q, cookie %q", policy, page.Header.Get("Set-Cookie"))
		}
		guest.Get("/embed/list?l=en").Is(http.StatusOK).Has("h1", "What people report")
		if page := guest.Get("/map").Is(http.StatusOK); !strings.Contains(page.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Error("other pages may be framed too")
		}
		form := guest.Get("/embed/report?house=" + strconv.FormatInt(house, 10)).Is(http.StatusOK).Form("form")
		form.Set("text", "Во дворе не горит фонарь")
		form.Set("step", "find_topic")
		guest.Post("/report", form).Is(http.StatusOK).Has("form[data-report]", "Садовая")
		guest.Get("/embed/all").Is(http.StatusNotFound)
		guest.Get("/embed?show=map&house=нет+такой+улицы+5").Is(http.StatusOK).Has("#house-error", "не нашли")
		code := guest.Get("/embed?show=map&area=zarechye").Is(http.StatusOK).Has("#code ~ pre", `data-show="map" data-area="zarechye"`)
		if code.Attr("iframe", "src") != "/embed/map?area=zarechye&l=ru" {
			t.Errorf("the example is %s", code.Attr("iframe", "src"))
		}
	})
}
