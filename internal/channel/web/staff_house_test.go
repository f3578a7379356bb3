package web_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"gorod/internal/city/house"
	"gorod/internal/city/resident"
)

// typedAt is a moment as an input of the town's clock takes it.
func (d *desks) typedAt(at time.Time) string { return at.In(d.Here.Zone).Format("2006-01-02T15:04") }

func TestACompanyTellsItsHousesOfAnOutageAndEndsIt(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		berega := d.As("exec-berega")
		page := berega.Get("/staff/houses").Is(200).Has("h1", "Дома и отключения").Has(".empty", "отключать не собираются")
		page.Has(".staff-header", "Дома")
		form := berega.Get("/staff/houses?tell=outage").Is(200).Form("form[action='/staff/houses/outages']")
		form.Set("resource", "hot_water")
		form.Set("kind", "emergency")
		form.Set("from", d.typedAt(d.DB.Now().Add(-time.Hour)))
		form.Set("reason", "Течь в подвале")
		form.Set("addresses", "ул. Мостовая, д. 1, корп. 1; ул. Мостовая, д. 99; ул. Несуществующая, д. 5")
		page = berega.Post("/staff/houses/outages", form).Is(422).Has("#houses .note", "99").Has("#houses .note", "есуществующая")
		again := page.Form("form[action='/staff/houses/outages']")
		if again.Get("reason") != "Течь в подвале" || again.Get("addresses") == "" {
			t.Errorf("what was typed is lost: %v", again)
		}
		page.Has("#resource option[selected]", "Горячая вода").Has("#kind option[selected]", "Авария")
		again["resource"], again["kind"] = form["resource"], form["kind"] // a browser sends what is selected
		again.Set("partly", "1")
		berega.Post("/staff/houses/outages", again).Is(http.StatusSeeOther)
		berega.Post("/staff/houses/outages", again).Is(http.StatusSeeOther) // a second click
		page = berega.Get("/staff/houses").Is(200).Has(".outage", "Течь в подвале")
		if n := len(page.All(".outage")); n != 1 {
			t.Errorf("a second click made %d outages", n)
		}
		d.Guest().Get("/house/1001").Is(200).Has(".outage", "Течь в подвале").Has(".outage", "УК «Берега»")
		action := page.Attr(".outages form", "action")

		// The end is moved, then somebody else tries, then it is over.
		move := page.Form("form[action='" + action + "']")
		move.Set("do", "move")
		move.Set("to", d.typedAt(d.DB.Now().Add(3*time.Hour)))
		berega.Post(action, move).Is(http.StatusSeeOther)
		move.Set("to", "завтра")
		berega.Post(action, move).Is(422).Has(".field-error", "Не поняли время")
		move.Set("do", "end")
		move.Set("to", "")
		d.As("exec-nashdom").Post(action, move).Is(http.StatusForbidden)
		d.As("moderator-1").Post(action, move).Is(http.StatusForbidden)
		berega.Post(action, move).Is(http.StatusSeeOther)
		berega.Get("/staff/houses").Is(200).Has(".empty", "отключать не собираются")
		seen := map[string]bool{}
		for _, act := range d.acts() {
			kind, _, _ := cutTwice(act)
			seen[kind] = true
		}
		for _, want := range []string{"outage_told", "outage_ended", "desk_refused"} {
			if !seen[want] {
				t.Errorf("the audit log lacks %s: %v", want, d.acts())
			}
		}
		d.As("admin").Get("/staff/audit").Is(200).Has("tbody", "Сообщено об отключении").Has("tbody", "Отключение закончилось")
	})
}

func cutTwice(act string) (action, object, result string) {
	fields := [3]string{}
	at := 0
	for _, c := range act {
		if c == ' ' && at < 2 {
			at++
			continue
		}
		fields[at] += string(c)
	}
	return fields[0], fields[1], fields[2]
}

func TestACompanyWritesToItsOwnHousesOnly(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		berega := d.As("exec-berega")
		form := berega.Get("/staff/houses?tell=news").Is(200).Form("form[action='/staff/houses/notices']")
		form.Set("title", "Собрание жителей")
		form.Set("text", "В субботу в 12 часов.")
		berega.Post("/staff/houses/notices", form).Is(http.StatusSeeOther)
		berega.Post("/staff/houses/notices", form).Is(http.StatusSeeOther)
		form = berega.Get("/staff/houses?tell=cleaning").Is(200).Form("form[action='/staff/houses/notices']")
		form.Set("what", "stairs")
		form["days"] = []string{"1", "4"}
		form.Set("opens", "12:00")
		form.Set("closes", "09:00")
		berega.Post("/staff/houses/notices", form).Is(422).Has(".field-error", "раньше")
		form.Set("closes", "14:00")
		form["days"] = []string{"1", "4"}
		berega.Post("/staff/houses/notices", form).Is(http.StatusSeeOther)
		page := berega.Get("/staff/houses").Is(200).Has("#notices-title ~ ul", "Собрание жителей").Has("#notices-title ~ ul", "пн, чт, 12:00–14:00")
		if n := len(page.All("#notices-title ~ ul > li")); n != 2 {
			t.Errorf("%d are listed", n)
		}
		d.Guest().Get("/house/1001").Is(200).Has("main", "Собрание жителей").Has("main", "12:00–14:00")

		// A house of another company, by its address.
		other := house.Row{}
		rows, err := d.Houses.List(context.Background(), d.Here.ID, house.Filter{Manager: "uk-nashdom", Limit: 1})
		if err != nil || len(rows.Rows) == 0 {
			t.Fatal(rows, err)
		}
		other = rows.Rows[0]
		form = berega.Get("/staff/houses?tell=news").Form("form[action='/staff/houses/notices']")
		form.Del("all")
		form.Set("title", "Чужим")
		form.Set("addresses", other.House.Address)
		berega.Post("/staff/houses/notices", form).Is(422).Has(".errors", "не ваш")
		outage := berega.Get("/staff/houses?tell=outage").Form("form[action='/staff/houses/outages']")
		outage.Set("addresses", other.House.Address)
		outage.Set("resource", "power")
		outage.Set("kind", "planned")
		berega.Post("/staff/houses/outages", outage).Is(422).Has(".errors", "не ваш")
		// The name of another organisation in the form changes nothing.
		outage.Set("org", "uk-nashdom")
		berega.Post("/staff/houses/outages", outage).Is(422).Has(".errors", "не ваш")

		withdraw := page.Attr("#notices-title ~ ul form", "action")
		keys := page.Form("form[action='" + withdraw + "']")
		d.As("exec-nashdom").Post(withdraw, keys).Is(http.StatusForbidden)
		d.As("operator-1").Post(withdraw, keys).Is(http.StatusForbidden)
		berega.Post(withdraw, keys).Is(http.StatusSeeOther)
		berega.Get("/staff/houses").Is(200).Lacks("#notices-title ~ ul", "12:00–14:00")
	})
}

func TestTheCitysOperatorTellsOfAnybodysOutage(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		operator := d.As("operator-1")
		operator.Get("/staff/houses").Is(200).Lacks("main", "Новость")
		operator.Get("/staff/houses?tell=news").Is(http.StatusForbidden)
		form := operator.Get("/staff/houses?tell=outage&org=vodokanal").Is(200).Form("form[action='/staff/houses/outages']")
		form.Set("resource", "cold_water")
		form.Set("kind", "planned")
		form.Set("from", d.typedAt(d.DB.Now().Add(24*time.Hour)))
		form.Set("to", d.typedAt(d.DB.Now().Add(30*time.Hour)))
		form.Set("addresses", "ул. Мостовая, д. 1, корп. 1")
		operator.Post("/staff/houses/outages", form).Is(http.StatusSeeOther)
		list, err := d.Houses.Current(context.Background(), d.Here.ID, d.DB.Now(), house.OutageFilter{})
		if err != nil || len(list) != 1 || list[0].Org != "vodokanal" {
			t.Fatalf("%+v, %v", list, err)
		}
		action := "/staff/houses/outages/" + strconv.FormatInt(list[0].ID, 10)
		page := operator.Get("/staff/houses").Is(200).Has(".outage", "Водоканал")
		keys := page.Form("form[action='" + action + "']")
		keys.Set("do", "cancel")
		d.As("exec-vodokanal").Post(action, keys).Is(http.StatusSeeOther)
		if o, err := d.Houses.Outage(context.Background(), d.Here.ID, list[0].ID); err != nil || o.Status(d.DB.Now()) != house.Cancelled {
			t.Errorf("%+v, %v", o, err)
		}
		keys.Set("do", "end")
		operator.Post(action, keys).Is(http.StatusGone)
		d.Guest().Post(action, keys).Is(http.StatusForbidden)
		if _, err := d.Houses.End(context.Background(), resident.Who{City: d.Here.ID, ID: 901}, list[0].ID, d.DB.Now(), resident.From{}); err == nil {
			t.Error("a resident ended an outage")
		}
	})
}
