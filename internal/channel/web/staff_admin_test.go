package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/notice"
	"gorod/internal/city/pack"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/event"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/packs"
)

func TestAnAdministratorKeepsPeopleOrganisationsAndJobs(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		admin := d.As("admin")
		form := admin.Get("/staff/people/new").Is(200).Form("form[action='/staff/people/new']")
		form.Set("name", "Ладога Пётр")
		form.Set("login", "exec-dorogi")
		form.Set("roles", "executor")
		form.Set("organisation", "dorogi")
		page := admin.Post("/staff/people/new", form).Is(422).Has(".field-error", "занят")
		form = page.Form("form[action='/staff/people/new']")
		if form.Get("name") != "Ладога Пётр" {
			t.Errorf("what was typed is lost: %v", form)
		}
		form.Set("login", "ladoga")
		form.Set("roles", "executor")
		form.Set("organisation", "dorogi")
		page = admin.Post("/staff/people/new", form).Is(200).Has(".secret", "-")
		secret := page.All(".secret")[0]
		newcomer := d.Guest()
		newcomer.Post("/signin/staff", webtest.Form{"login": {"ladoga"}, "password": {secret}}).Is(http.StatusSeeOther)
		admin.Get("/staff/people?q=ладога").Is(200).Has("tbody", "исполнитель").Has("tbody", "Дорожная служба")

		form = admin.Get("/staff/organisations/dorogi").Is(200).Form("section form[action='/staff/organisations/dorogi']")
		stale := webtest.Form{}
		for name, values := range form {
			stale[name] = values
		}
		form.Set("phone", "2-99-99")
		admin.Post("/staff/organisations/dorogi", form).Is(http.StatusSeeOther)
		stale["phone"] = []string{"2-00-00"}
		admin.Post("/staff/organisations/dorogi", stale).Is(http.StatusConflict).Has(".conflict", "2-99-99").Has("#phone", "2-00-00")

		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		form = admin.Get("/staff/organisations/dorogi").Form("section form[action='/staff/organisations/dorogi']")
		form.Set("closed", "1")
		admin.Post("/staff/organisations/dorogi", form).Is(422).Has(".field-error", "1 проблему")
		form.Set("heir", "chisto")
		admin.Post("/staff/organisations/dorogi", form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State; got.Routing.Executor != "chisto" || len(got.Earlier) != 1 {
			t.Errorf("the heir did not take over: %+v", got.Routing)
		}
		admin.Get("/staff/jobs").Is(200).Has("h1", "Фоновые")
		admin.Get("/staff/pack").Is(200).Has("tbody", "Темы").Has("main", "первая версия").Has(".note", "Нет календаря на 2027 год")
		admin.Get("/staff").Is(200).Has(".note", "Нет календаря на 2027 год")
		admin.Get("/staff/audit").Is(200).Has("tbody", "Добавлен человек").Has("tbody", "Ладога")
		admin.Get("/staff/audit?from=2026-11-27&to=2026-11-20").Is(200).Has(".field-error", "раньше первого")
		admin.Get("/staff/audit.csv").Is(200)
		admin.Get("/staff/outbox").Is(200)
	})
}

func TestDeadJobsAreRetriedOrDropped(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "яма", 0)
		err := d.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			for range 2 {
				args := job.Args(event.Event{City: d.Here.ID, Kind: "problem.sent", Subject: card.ID})
				if err := job.Add(tx, job.Job{City: d.Here.ID, Kind: "notice.send", Args: args}); err != nil {
					return err
				}
			}
			_, err := tx.Exec(`UPDATE job SET state = 'dead', error = 'connection refused' WHERE kind = 'notice.send'`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		admin := d.As("admin")
		page := admin.Get("/staff/jobs").Is(200).Has(".dead-list", "connection refused").Has(".dead-list a", strconv.FormatInt(card.State.Number, 10)).Has("h2", "2")
		form := page.Form("form[action='/staff/jobs/drop']")
		admin.Post("/staff/jobs/drop", form).Is(422) // nothing is named
		form.Set("job", page.Attr("form[action='/staff/jobs/drop'] button", "value"))
		page = admin.Post("/staff/jobs/drop", form).Next().Is(200).Has("h2", "1")
		admin.Post("/staff/jobs/retry", page.Form("form[action='/staff/jobs/retry']")).Next().Is(200).Has("h2", "Всё получается").Has("tbody", "Письма и СМС")
	})
}

func TestTheJobsPageCountsWhatWasDone(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		admin := d.As("admin")
		err := d.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			return job.Add(tx, job.Job{City: d.Here.ID, Kind: "board.refresh"})
		})
		if err != nil {
			t.Fatal(err)
		}
		runner := job.Runner{DB: d.DB, Handlers: map[string]job.Handler{"board.refresh": func(context.Context, job.Job) error { return nil }}}
		if _, err := runner.Drain(context.Background()); err != nil {
			t.Fatal(err)
		}
		admin.Get("/staff/jobs").Is(200).Has("thead", "За сутки").Has("tbody tr:first-child", "Списки и карта")
	})
}

func TestThePackGoesBackToTheVersionBefore(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		p, report := pack.Read(packs.Zarechny())
		p.Hash, p.Clauses = "another", p.Clauses[:3]
		if _, err := d.Packs.Import(context.Background(), p, report, nil); err != nil {
			t.Fatal(err)
		}
		admin := d.As("admin")
		page := admin.Get("/staff/pack").Is(200).Has("h2", "Версия 2").Has("button", "Вернуть версию 1")
		form := page.Form("form[action='/staff/pack/back']")
		admin.Post("/staff/pack/back", form).Is(422).Has(".field-error", "понимаете")
		form.Set("sure", "1")
		admin.Post("/staff/pack/back", form).Next().Is(200).Has("h2", "Версия 1")
		admin.Post("/staff/pack/back", form).Is(http.StatusConflict).Has(".conflict li", "Версия 1")
		if got := strings.Join(d.acts(), "\n"); !strings.Contains(got, "pack_switched pack:1 done") {
			t.Errorf("the log is %s", got)
		}
	})
}

func TestTheOutboxIsOpenInADemonstrationOnly(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		err := notice.Catcher{DB: d.DB, City: d.Here.ID}.Deliver(context.Background(), notice.Mail{To: "anna@example.org", Subject: "Получили", Text: "Спасибо!\n\nСледите.",
			Links: []notice.Link{{Label: "Открыть", URL: "http://town.example/problem/1"}, {Label: "Чужое", URL: "http://evil.example/x"}}})
		if err != nil {
			t.Fatal(err)
		}
		page := d.Guest().Get("/staff/outbox").Is(200).Has(".queue-list", "anna@example.org")
		letter := d.Guest().Get(page.Attr(".queue-list a", "href")).Is(200).Has(".letter", "Следите").Has(".letter a", "Открыть").Lacks(".letter a", "Чужое")
		if got := letter.Attr(".letter ul a", "href"); got != "/problem/1" {
			t.Errorf("the link leads to %s", got)
		}
	})
}
