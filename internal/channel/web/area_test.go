package web_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
)

// messagesFrom sends and accepts messages about houses of one district and gives
// a house's municipality.
func messagesFrom(t *testing.T, town *webtest.Town, district place.AreaID, n int) (municipality place.AreaID) {
	t.Helper()
	sent := 0
	err := town.Places.EveryHouse(context.Background(), town.Here.ID, func(houses []place.House) error {
		for _, h := range houses {
			if h.District == district && sent < n {
				sent++
				municipality = h.Municipality
				sendAt(t, town, h.ID)
			}
		}
		return nil
	})
	if err != nil || sent != n {
		t.Fatalf("sent %d of %d: %v", sent, n, err)
	}
	return municipality
}

// table reads a page of CSV as rows by the names of their columns.
func table(t *testing.T, page *webtest.Page) []map[string]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(page.Is(http.StatusOK).Body)).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows: %v", len(rows), err)
	}
	var list []map[string]string
	for _, row := range rows[1:] {
		one := map[string]string{}
		for i, name := range rows[0] {
			one[name] = row[i]
		}
		list = append(list, one)
	}
	return list
}

func TestThePageOfAnAreaHasTheNumbersOfTheStatistics(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		ward := messagesFrom(t, town, "sloboda", 3)
		messagesFrom(t, town, "tsentr", 1)
		guest := town.Guest()
		stats := table(t, guest.Get("/stats/areas.csv?period=30"))
		for _, row := range stats {
			numbers := table(t, guest.Get("/area/"+row["district_id"]+"/numbers.csv"))
			if len(numbers) != 3 || numbers[0]["period"] != "30" {
				t.Fatalf("periods of %s: %v", row["district_id"], numbers)
			}
			for name, value := range row {
				if name != "district_id" && name != "district" && numbers[0][name] != value {
					t.Errorf("%s of %s: %s, the statistics say %s", name, row["district_id"], numbers[0][name], value)
				}
			}
		}
		page := guest.Get("/area/sloboda").Is(http.StatusOK).Has("h1", "Слобода").Has(".area-table", "Получили сообщений").Has(".area-table", "мало данных").
			Has("#below ~ .table-cards", "Подлесье").Has("#newest ~ .lines", "№").Has("#topics-received ~ .bars", "3").Has(".area-months", "3")
		if got := page.Attr("#topics-received ~ .bars a", "href"); !strings.Contains(got, "area=sloboda") || !strings.Contains(got, "topic=259") {
			t.Errorf("a topic leads to %s", got)
		}
		for _, start := range []string{"/map.atom?", "/map?area=sloboda&at=", "/map?", "/embed?", "/outages?", "/houses?", "/areas/compare?", "/area/sloboda/months.csv", "/area/sloboda/topics.csv", "/area/mo-podlesye"} {
			if link := page.Attr(`main a[href^="`+start+`"]`, "href"); link == "" {
				t.Errorf("no link to %s", start)
			} else {
				guest.Get(link).Is(http.StatusOK)
			}
		}
		guest.Get("/area/"+string(ward)).Is(http.StatusOK).Has(".page-head", "Слобода").Has("#newest ~ .lines", "№")
		guest.Get("/area/zarechny").Is(http.StatusNotFound)
		guest.Get("/area/nowhere").Is(http.StatusNotFound)
		guest.Get("/area/nowhere/numbers.csv").Is(http.StatusNotFound)
		guest.Get("/area/zarechye").Is(http.StatusOK).Has(".note", "ещё никто не писал")
	})
}

func TestAreasAreSortedByLinks(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		messagesFrom(t, town, "sloboda", 3)
		messagesFrom(t, town, "tsentr", 1)
		guest := town.Guest()
		for sort, want := range map[string]string{"": "Заречье", "-name": "Центр", "-received": "Слобода", "received": "Заречье", "-on_time": "Заречье", "dirigible": "Заречье"} {
			page := guest.Get("/areas?sort=" + sort).Is(http.StatusOK)
			if got := page.All(".area-list tbody tr:first-child th")[0]; got != want {
				t.Errorf("sorted by %q the first is %q, want %q", sort, got, want)
			}
			if n := len(page.All(".area-list tbody tr")); n != 7 {
				t.Errorf("%d areas", n)
			}
		}
		guest.Get("/areas?period=year").Has("nav [aria-current]", "")
		if rows := table(t, guest.Get("/areas.csv")); len(rows) != 7 {
			t.Errorf("%d rows", len(rows))
		}
	})
}

func TestAreasAreComparedByTheSameFigures(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		messagesFrom(t, town, "sloboda", 12)
		guest := town.Guest()
		guest.Get("/areas/compare").Is(http.StatusOK).Has(".empty", "Выберите")
		page := guest.Get("/areas/compare?a=sloboda&b=zarechye&c=sloboda&d=nowhere").Is(http.StatusOK).Has(".area-table", "мало данных").Has("#divided ~ ul", "Слобода")
		if n := len(page.All(".area-table thead th")); n != 3 {
			t.Errorf("%d columns", n)
		}
		rows := table(t, guest.Get("/areas/compare.csv?a=sloboda&b=zarechye"))
		if len(rows) != 2 || rows[0]["received"] != "12" || rows[1]["received"] != "0" {
			t.Fatalf("%v", rows)
		}
		houses, _ := strconv.ParseFloat(rows[0]["houses"], 64)
		rate, err := strconv.ParseFloat(rows[0]["messages_per_100_houses"], 64)
		if err != nil || houses == 0 || rate < 1200/houses-0.06 || rate > 1200/houses+0.06 {
			t.Errorf("%v for each hundred of %v houses: %v", rate, houses, err)
		}
		if rows[1]["messages_per_100_houses"] != "" || rows[0]["messages_per_10000_flats_in_them"] != "" {
			t.Errorf("a rate of too little: %v", rows)
		}
		page.Has(".area-table tbody tr:nth-child(11) td:nth-child(2)", strings.ReplaceAll(strconv.FormatFloat(rate, 'f', -1, 64), ".", ","))
	})
}

func TestOtherPagesLeadToAreas(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		number := sendAt(t, town, firstHouse(t, town).House.ID)
		guest := town.Guest()
		for _, address := range []string{"/problem/" + number, "/stats", "/map?view=map&mode=area"} {
			if len(guest.Get(address).Is(http.StatusOK).All(`main a[href^="/area/"]`)) == 0 {
				t.Errorf("%s leads to no area", address)
			}
		}
		if guest.Get("/").Attr(`footer a[href="/areas"]`, "href") == "" {
			t.Error("the footer has no areas")
		}
	})
}
