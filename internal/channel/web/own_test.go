package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// voteStolen sends what is never public from a person's account.
func voteStolen(t *testing.T, town *webtest.Town) string {
	t.Helper()
	ctx := context.Background()
	var who resident.Who
	err := town.DB.View(ctx, func(tx *sqldb.Tx) error {
		id, err := sqldb.One(tx, sqldb.Int, `SELECT max(id) FROM person`)
		who = resident.Who{City: town.Here.ID, ID: id}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	photo, err := town.Media.Upload(ctx, town.Here.ID, "minutes-photo-key-0000000000000000000000", webtest.Photo(t, "lamp-dark.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	out, err := town.Problems.Do(ctx, who, problem.Order{Key: "minutes-key-00000000000000000000000000", Command: problem.Send{
		Text: "Подпись в протоколе не моя.", Topic: 110, Channel: "web", Photos: []int64{photo.ID},
		Place: place.Draft{Mark: place.OnBuilding, House: 1001, Point: geo.Point{Lat: 58.30708, Lon: 36.896807}},
		Contact: problem.Contact{Apartment: "41",
			Answers: map[string]string{"own_statement": "did_not_vote", "minutes_number": "2/26", "meeting_date": "2025-09-12"}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(out.Number)
}

func TestAnAuthorReadsTheirOwnAnswersAndNobodyElseDoes(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		anna := town.Resident("anna@example.org")
		number := voteStolen(t, town)
		anna.Get("/problem/"+number).Is(http.StatusOK).Has("#own ~ dl", "41").Has("#own ~ dl", "12 сентября").Has("#own ~ dl", "2/26").
			Has("#own ~ dl", "не голосовал").Has("#own ~ p", "не публикуются")
		town.Resident("boris@example.org").Get("/problem/" + number).Is(http.StatusNotFound)
		town.Guest().Get("/problem/" + number).Is(http.StatusNotFound)
	})
}

func TestAFormSaysThatAMessageIsNeverPublic(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		form := town.Guest().Get("/").Form("form[data-report]")
		form.Set("text", "Подделали протокол собрания, я не голосовал за новую управляющую компанию")
		form.Set("topic", "110")
		form.Set("step", "find_topic")
		town.Guest().Post("/report", form).Is(http.StatusOK).Has("[data-advice]", "не публикуем")
	})
}

func TestAHouseSaysFirstWhatBrokeAndNamesNoProgram(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		now := town.DB.Now()
		for key, what := range map[string]house.Resource{"planned": house.Lift, "emergency": house.HotWater} {
			from := now.Add(-time.Hour)
			if what == house.Lift {
				from = now.AddDate(0, 0, -7)
			}
			_, err := town.Houses.Announce(context.Background(), machine(town), house.OutageDraft{Resource: what, Kind: house.Kind(key), From: from,
				To: now.AddDate(0, 0, 3), Source: "inner-name", Key: key, OrgText: "Теплосеть «Север»", Houses: []place.HouseID{row.House.ID}}, resident.From{})
			if err != nil {
				t.Fatal(err)
			}
		}
		page := town.Guest().Get(houseAddress(row)).Is(http.StatusOK).Has(".house-call", "звоните")
		water, lift := strings.Index(page.Body, ">Горячая вода<"), strings.Index(page.Body, ">Лифт<")
		if water < 0 || lift < water {
			t.Errorf("hot water stands at %d, the lift at %d", water, lift)
		}
		for _, body := range []string{page.Body, town.Guest().Get("/outages").Is(http.StatusOK).Body} {
			if strings.Contains(body, "inner-name") {
				t.Error("a page names the source as programs do")
			}
		}
		if to := page.Attr("#watch ~ p a", "href"); to != "/watch/new?house="+strings.TrimPrefix(houseAddress(row), "/house/") {
			t.Errorf("the house is watched at %s", to)
		}
	})
}
