package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/house"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

// switchedOff announces an outage in some houses, for so many hours from an hour
// ago.
func switchedOff(t *testing.T, town *webtest.Town, what house.Resource, key string, hours int, houses ...place.HouseID) house.Outage {
	t.Helper()
	now := town.DB.Now()
	o, err := town.Houses.Announce(context.Background(), machine(town), house.OutageDraft{Resource: what, Kind: house.Planned, From: now.Add(-time.Hour),
		To: now.Add(time.Duration(hours) * time.Hour), Source: "hot-water", Key: key, OrgText: "Теплосеть «Север»", Reason: "Меняют трубу", Houses: houses}, resident.From{})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// firstHouse is a house that is managed by a company.
func firstHouse(t *testing.T, town *webtest.Town) house.Row {
	t.Helper()
	page, err := town.Houses.List(context.Background(), town.Here.ID, house.Filter{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range page.Rows {
		if row.Manager != "" {
			return row
		}
	}
	t.Fatal("no house has a company")
	return house.Row{}
}

func houseAddress(row house.Row) string {
	return "/house/" + strconv.FormatInt(int64(row.House.ID), 10)
}

func TestTheHousePageSaysWhatIsOffWhomToCallAndWhatIsOpen(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		guest := town.Guest()
		page := guest.Get(houseAddress(row)).Is(http.StatusOK).Has("#off ~ p", "ничего не отключено").Has("#open ~ p", "нет")
		if len(page.All(".duty-phone")) != 1 || !strings.HasPrefix(page.Attr(".duty-phone", "href"), "tel:") {
			t.Error("nobody to call")
		}
		if len(page.All(".answers li")) < 3 {
			t.Error("who answers for what is not told")
		}
		page.Has(".answers", "почему")

		switchedOff(t, town, house.HotWater, "a", 48, row.House.ID)
		number := sendAt(t, town, row.House.ID)
		guest.Get(houseAddress(row)).Has(".outage-now", "Горячая вода").Has(".outage-now", "Включат:").Has(".outage-now", "Теплосеть «Север»").
			Has(".outage-now", "Меняют трубу").Has("#open", "1").Has(".lines", "№")
		guest.Get(houseAddress(row)+"/problems").Is(http.StatusOK).Has(".lines", "№")
		if csv := guest.Get(houseAddress(row) + "/problems.csv").Is(http.StatusOK); !strings.Contains(csv.Body, number) {
			t.Error("the table lacks the problem")
		}
		guest.Get("/problem/"+number).Has(`.page-head a[href="`+houseAddress(row)+`"]`, "")
		guest.Get("/house/999999999").Is(http.StatusNotFound)
		guest.Get("/house/abc").Is(http.StatusNotFound)
		guest.Get("/?house="+strconv.FormatInt(int64(row.House.ID), 10)).Is(http.StatusOK).Has("#place-known", "Место")
	})
}

// sendAt sends and accepts a message about a house.
func sendAt(t *testing.T, town *webtest.Town, id place.HouseID) string {
	t.Helper()
	receipt, err := town.Problems.Do(context.Background(), machine(town), problem.Order{Command: problem.Send{Text: "В подъезде не горит свет", Topic: 259, Channel: "web",
		Place: place.Draft{House: id, Mark: place.OnBuilding}}, Key: "send-at-" + strconv.FormatInt(int64(id), 10)})
	if err != nil {
		t.Fatal(err)
	}
	number := strconv.FormatInt(receipt.Number, 10)
	staff(t, town, number, problem.Accept{})
	return number
}

func TestHousesAreFoundByWhatIsKnownOfThem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		guest := town.Guest()
		guest.Get("/houses").Is(http.StatusOK).Has("th", row.House.Number)
		guest.Get("/houses?off=1").Is(http.StatusOK).Has(".empty", "не нашли")
		switchedOff(t, town, house.Power, "p", 5, row.House.ID)
		off := guest.Get("/houses?off=1").Is(http.StatusOK).Has("tbody", "отключено: Электричество")
		if n := len(off.All("tbody tr")); n != 1 {
			t.Errorf("%d houses are off", n)
		}
		sendAt(t, town, row.House.ID)
		if n := len(guest.Get("/houses?open=1").Is(http.StatusOK).All("tbody tr")); n != 1 {
			t.Errorf("%d houses have open problems", n)
		}
		guest.Get("/houses?year_from=abc").Is(http.StatusUnprocessableEntity).Has(".errors", "целое число")
		guest.Get("/houses?year_from=1990&year_to=1980").Has(".errors", "меньше")
		guest.Get("/houses?company="+string(row.Manager)).Is(http.StatusOK).Has("tbody", row.House.Number)
		csv := guest.Get("/houses.csv?off=1").Is(http.StatusOK).Body
		if lines := strings.Count(csv, "\n"); lines != 2 || !strings.Contains(csv, "power") {
			t.Errorf("the table is\n%s", csv)
		}
	})
}

func TestEveryPageOfTheListComesOnce(t *testing.T) {
	onOne(t, func(t *testing.T, town *webtest.Town) {
		all, err := town.Houses.List(context.Background(), town.Here.ID, house.Filter{})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		guest := town.Guest()
		guest.Headers = map[string]string{"X-Forwarded-For": "10.0.0.1"}
		for address := "/houses"; address != ""; {
			page := guest.Get(address).Is(http.StatusOK)
			for _, name := range page.All("tbody th") {
				seen[name] = true
			}
			address = ""
			if len(page.All(`a[rel="next"]`)) > 0 {
				address = page.Attr(`a[rel="next"]`, "href")
			}
		}
		if len(seen) < all.Total*95/100 || len(seen) > all.Total {
			t.Errorf("%d of %d houses were listed", len(seen), all.Total)
		}
	})
}

func TestACompanyWithFewAnswersGetsNoPercent(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		guest := town.Guest()
		address := "/company/" + string(row.Manager)
		guest.Get(address).Is(http.StatusOK).Has(".record-table", "мало данных").Has("#houses", "").Lacks(".record-table", "%")
		guest.Get("/companies").Is(http.StatusOK).Has("#how", "Как считаем").Has("tbody", "мало данных")
		guest.Get("/companies?sort=-houses").Has(`th[aria-sort="descending"]`, "Домов")
		guest.Get("/companies.csv").Is(http.StatusOK)
		guest.Get(address + "/problems").Is(http.StatusOK)
		guest.Get(address + "/problems.csv").Is(http.StatusOK)
		guest.Get("/company/nobody").Is(http.StatusNotFound)
	})
}

func TestOutagesOfTheCityStandInThreeParts(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		guest := town.Guest()
		guest.Get("/outages").Is(http.StatusOK).Has(".empty", "Ничего не отключено")
		switchedOff(t, town, house.HotWater, "now", 10, row.House.ID)
		ended := switchedOff(t, town, house.Gas, "ended", 10, row.House.ID)
		if _, err := town.Houses.End(context.Background(), machine(town), ended.ID, town.DB.Now(), resident.From{}); err != nil {
			t.Fatal(err)
		}
		page := guest.Get("/outages").Is(http.StatusOK).Has("#now", "1").Has("#over", "1").Has(".outage-now", "Горячая вода").Has(".outage-past", "Газ")
		page.Has(".outage-houses a", row.House.Number)
		guest.Get("/outages?resource=power").Has(".empty", "Ничего не отключено")
		if csv := guest.Get("/outages.csv").Is(http.StatusOK).Body; !strings.Contains(csv, "hot_water") {
			t.Errorf("the table is\n%s", csv)
		}
		if feed := guest.Get("/outages.atom").Is(http.StatusOK).Body; !strings.Contains(feed, "Горячая вода") || strings.Contains(feed, "Газ") {
			t.Errorf("the feed is\n%s", feed)
		}
	})
}

func TestWhoReportsAKnownOutageIsToldBeforeSendingAndNeverStopped(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		row := firstHouse(t, town)
		o := switchedOff(t, town, house.HotWater, "known", 30, row.House.ID)
		guest := town.Guest()
		form := guest.Get("/?topic=22&house="+strconv.FormatInt(int64(row.House.ID), 10)).Is(http.StatusOK).
			Has("[data-known]", "Горячей воды в доме нет по графику").Has("[data-duty]", "Звоните, если").Form("form[data-report]")
		form.Del("outage") // as if nobody had been told yet
		form.Set("text", "Нет горячей воды с утра")
		form.Set("topic", "22")
		form.Set("phone", "+7 900 000-00-00")
		form.Set("apartment", "5")
		form.Set("step", "send")
		told := guest.PostFiles("/report", form).Is(http.StatusOK).Has("#errors", "Горячей воды в доме нет").Has("#errors", "Всё равно отправить").
			Has("#errors", "Теплосеть «Север»")
		form = told.Form("form[data-report]")
		if form.Get("outage") != strconv.FormatInt(o.ID, 10) {
			t.Fatalf("the form carries %v", form)
		}
		form.Set("step", "send")
		number := numberOf(t, guest.PostFiles("/report", form).Next().Is(http.StatusOK))
		town.As("moderator-1").Get("/staff/moderation/"+number).Is(http.StatusOK).Has(".note", "Известное отключение")
		known := guest.Get("/known?topic=22&house=" + strconv.FormatInt(int64(row.House.ID), 10)).Is(http.StatusOK).Body
		if !strings.Contains(known, "Горячей воды") || !strings.Contains(known, `"duty"`) {
			t.Errorf("scripts are told %s", known)
		}
		if other := guest.Get("/known?topic=271&house=" + strconv.FormatInt(int64(row.House.ID), 10)).Is(http.StatusOK).Body; strings.Contains(other, "Горячей") {
			t.Errorf("a lamp is explained: %s", other)
		}
	})
}
