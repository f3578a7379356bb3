package web_test

import (
	"net/http"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
)

func TestAddressesSayWhatIsNotThere(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		guest := town.Guest()
		guest.Accept = "application/json"
		for _, tt := range []struct {
			query string
			parts []string
		}{
			{"мостовая 2", []string{`"fit":"exact"`, `"area":"Заречье"`}},
			{"ьостовая 2", []string{`"guessed":true`, `"note":"Такого адреса не нашли`}},
			{"мостовая 999", []string{`"fit":"other"`, `"note":"Дома 999 на этой улице нет, есть `}},
			{"rhbdjq gth 1", []string{"Кривой"}},
			{strings.Repeat("мостовая ", 200), []string{`"houses":[`}},
		} {
			page := guest.Get("/addresses?q=" + strings.ReplaceAll(tt.query, " ", "+"))
			page.Is(http.StatusOK)
			for _, part := range tt.parts {
				if !strings.Contains(page.Body, part) {
					t.Errorf("%.40q: %s lacks %s", tt.query, page.Body, part)
				}
			}
		}
	})
}

func TestFormOffersNearestNumbersWithoutScript(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		page := town.Guest().Post("/report", webtest.Form{"step": {"find_place"}, "text": {"яма"}, "address": {"мостовая 999"}})
		for _, part := range []string{"Дома 999 на этой улице нет, есть", `name="house"`} {
			if !strings.Contains(page.Body, part) {
				t.Errorf("the form lacks %s", part)
			}
		}
	})
}
