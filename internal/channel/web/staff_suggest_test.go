package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/suggest"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// proposed sends a message of an account with what was offered for it.
func (d *desks) proposed(words string, chosen topic.ID, byHand bool, offered ...topic.ID) problem.Card {
	d.t.Helper()
	c := d.message(chosen, words, 0)
	c.Model, c.Manual = 5, byHand
	for i, id := range offered {
		c.Offered = append(c.Offered, problem.Offer{Topic: id, P: 0.9 / float64(i*9+1)})
	}
	return d.do(resident.Who{City: d.Here.ID, ID: int64(90_000 + d.keys)}, 0, c)
}

// learned gives the town its first model and another one over it.
func (d *desks) learned() (first int64) {
	d.t.Helper()
	var rows []suggest.Row
	for i, words := range []string{"яма на дороге", "провалился асфальт", "выбоина у дома", "разбит асфальт", "ямы на проезде", "колесо попало в яму"} {
		rows = append(rows, suggest.Row{Num: int64(i), Topic: roadHole, Kind: suggest.Sample, Text: words})
	}
	for i, words := range []string{"не горит фонарь", "темно во дворе", "фонарь погас", "нет света на улице", "лампа мигает", "столб без света"} {
		rows = append(rows, suggest.Row{Num: int64(100 + i), Topic: streetLamp, Kind: suggest.Sample, Text: words})
	}
	ctx := context.Background()
	err := d.DB.Do(ctx, func(tx *sqldb.Tx) error { return d.Suggest.Load(tx, d.Here.ID, 77, rows...) })
	for range 2 {
		if err == nil {
			_, err = d.Suggest.LearnPack(ctx, d.Here.ID, 77)
		}
		d.clock.Pass(time.Minute)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	list, _, err := d.Suggest.Models(ctx, d.Here.ID, 10)
	if err != nil || len(list) != 2 {
		d.t.Fatalf("%d models, %v", len(list), err)
	}
	return list[1].Version
}

func TestAnAnalystSeesHowWellTopicsAreProposed(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		analyst := d.As("analyst")
		analyst.Get("/staff").Is(200).Has("main a", "Подсказки тем")
		analyst.Get("/staff/suggest").Is(200).Has(".empty", "никто ничего не отправлял").Lacks("button", "Скачать")
		for range 6 {
			d.taken(d.proposed("яма", roadHole, false, roadHole, streetLamp))
		}
		d.taken(d.proposed("темно", streetLamp, true, roadHole))
		page := analyst.Get("/staff/suggest?weeks=4").Is(200).Has(".pills [aria-current]", "4 недели")
		page.Has(".figures", "7").Has(".figure", "86 %").Has("#by-week ~ .table", "12").Has("#by-topic ~ .table", "Повреждения дорожного").Has(".empty", "Ни одной")
		page.Lacks("button", "Вернуть") // an administrator's
		one := analyst.Get("/staff/suggest?weeks=4&topic=271").Is(200).Has(".figures", "1").Lacks("h2", "По темам")
		if got := one.Attr("option[selected]", "value"); got != "271" {
			t.Errorf("the topic that is shown is %q", got)
		}
		csv := analyst.Get("/staff/suggest/topics.csv?weeks=4").Is(200).Body
		if want := "\n9,Повреждения дорожного"; !strings.Contains(csv, want) || !strings.Contains(csv, ",6,6,6,0,0,0,0,0,0,0,0,0,6,6,6,12") {
			t.Errorf("the table is %s", csv)
		}
		for _, table := range []string{"weeks", "worse", "models"} {
			if page := analyst.Get("/staff/suggest/" + table + ".csv").Is(200); !strings.HasPrefix(page.Header.Get("Content-Type"), "text/csv") {
				t.Errorf("%s is %s", table, page.Header.Get("Content-Type"))
			}
		}
		analyst.Get("/staff/suggest/other.csv").Is(404)
		d.As("moderator-1").Get("/staff/suggest").Is(http.StatusForbidden)
		analyst.Get("/staff/suggest?lang=en").Next().Is(200).Has("h1", "Suggestions").Has(".figure", "86%")
	})
}

// taken is a problem that a moderator accepted.
func (d *desks) taken(card problem.Card) problem.Card {
	d.t.Helper()
	return d.do(resident.Machine(d.Here.ID), card.ID, problem.Accept{})
}

func TestAnAdministratorBringsAModelBackAndTheLogKnows(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		first := d.learned()
		address := "/staff/suggest/models/" + strconv.FormatInt(first, 10)
		admin, analyst := d.As("admin"), d.As("analyst")
		analyst.Get("/staff/suggest").Is(200).Has(".model", "можно вернуть").Lacks("button", "Вернуть")
		page := admin.Get("/staff/suggest").Is(200).Has(".model.is-current", "работает")
		form := page.Form("form[action='" + address + "']")
		admin.Post(address, form).Is(422).Has(".errors", "понимаете")
		form.Set("sure", "1")
		analyst.Post(address, form).Is(http.StatusForbidden)
		admin.Post("/staff/suggest/models/4242424242", form).Is(422).Has(".errors", "больше нет")
		admin.Post(address, form).Next().Is(200).Has("[data-flash]", "Снова работает").Has(".model.is-current", "модель "+strconv.FormatInt(first, 10))
		if _, now, err := d.Suggest.Models(context.Background(), d.Here.ID, 1); err != nil || now != first {
			t.Errorf("in use is %d, %v", now, err)
		}
		if got := strings.Join(d.acts(), "\n"); !strings.Contains(got, "model_switched model:"+strconv.FormatInt(first, 10)+" done") {
			t.Errorf("the log is %s", got)
		}
	})
}

func TestTheExportHoldsWhatEveryoneMayReadAndNobody(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		const mark = "семнадцатый жёлтый экскаватор"
		public := d.taken(d.proposed("яма, звоните 8 921 123-45-67, рядом "+mark, roadHole, false, roadHole, streetLamp))
		d.proposed("ещё не проверено", roadHole, false, roadHole)
		hidden := d.taken(d.proposed("скрытый текст", roadHole, false, roadHole))
		d.do(resident.Machine(d.Here.ID), hidden.ID, problem.HideText{Text: hidden.State.Messages[0].Text, Reason: "имя"})
		analyst := d.As("analyst")
		export := func() []suggest.Specimen {
			form := analyst.Get("/staff/suggest?weeks=4").Is(200).Form("form[action='/staff/suggest/export']")
			page := analyst.Post("/staff/suggest/export", form).Is(200)
			for _, secret := range []string{"123-45-67", `"number"`, `"problem"`, `"at"`, public.State.UID, strconv.FormatInt(public.State.Author, 10)} {
				if strings.Contains(page.Body, secret) {
					t.Errorf("the export has %q: %s", secret, page.Body)
				}
			}
			var list []suggest.Specimen
			for line := range strings.Lines(page.Body) {
				var one suggest.Specimen
				if err := json.Unmarshal([]byte(line), &one); err != nil {
					t.Fatal(err)
				}
				list = append(list, one)
			}
			return list
		}
		list := export()
		if len(list) != 1 {
			t.Fatalf("exported %+v", list)
		}
		one := list[0]
		if !strings.Contains(one.Text, mark) || one.Model != 5 || one.Chosen != roadHole || one.Taken != 1 || one.Manual || one.Corrected || len(one.Offered) != 2 {
			t.Errorf("exported %+v", one)
		}
		for _, degrees := range []float64{one.Lat, one.Lon} {
			if text := strconv.FormatFloat(degrees, 'f', -1, 64); len(text) > len("59.99") {
				t.Errorf("the place is told as %s", text)
			}
		}
		if again := export(); again[0].ID == one.ID {
			t.Error("two exports can be joined by their ids")
		}
		if got := strings.Join(d.acts(), "\n"); strings.Count(got, "suggestions_exported weeks:4 done") != 2 {
			t.Errorf("the log is %s", got)
		}
		d.do(resident.Machine(d.Here.ID), public.ID, problem.Erase{})
		if list := export(); len(list) != 0 {
			t.Errorf("after the erasure %+v", list)
		}
		news, err := json.Marshal(event.Event{City: d.Here.ID, Subject: public.ID})
		if err == nil {
			err = d.Suggest.HandleErase(context.Background(), job.Job{City: d.Here.ID, Args: news})
		}
		if err != nil {
			t.Fatal(err)
		}
		d.As("moderator-1").Post("/staff/suggest/export", webtest.Form{}).Is(http.StatusForbidden)
	})
}

func TestAModeratorSeesTheModelsViewBesideTheResidentsChoice(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.learned()
		card := d.proposed("не горит фонарь, искрит оголённый провод", roadHole, false, roadHole, streetLamp)
		d.clock.Pass(time.Minute)
		alike := d.proposed("яма на дороге", roadHole, true, roadHole)
		moderator := d.As("moderator-1")
		page := moderator.Get("/staff/moderation").Is(200).Has(".topic-agree", "модель считает иначе")
		page.Has(".choice summary", "Жителю подсказали 2 темы, взял 1-ю").Has(".choice-taken", "Повреждения дорожного").Has(".choice-taken", "90 %")
		page.Has(".topic:has(#topic-0) .topic-why", "фонарь").Has(".topic:has(#topic-0) .topic-note", "%")
		page.Has(".topic-author", "выбрал житель").Has(".note-danger", "провода")
		if got := page.Attr("input[data-key='1']", "value"); got != strconv.Itoa(int(streetLamp)) {
			t.Errorf("key 1 takes %s, want the model's first", got)
		}
		if got := page.Attr("input[name=topic][checked]", "value"); got != strconv.Itoa(int(roadHole)) {
			t.Errorf("chosen is %s, want what the resident chose", got)
		}
		form := page.Form("#accept")
		form.Set("topic", strconv.Itoa(int(streetLamp)))
		form.Set("verdict", "accept")
		next := moderator.Post(path("moderation", card), form).Next().Is(200) // the next one is there at once
		next.Has(".message-text", "яма на дороге").Has(".topic-agree", "модель согласна").Has(".choice summary", "выбрал сам, хотя подсказали 1 тему")
		err := d.DB.View(context.Background(), func(tx *sqldb.Tx) error {
			a, found, err := d.Suggest.AuditIn(tx, d.Here.ID, card.ID)
			if !found || a.CorrectedTo != streetLamp || a.DecidedAt == 0 || a.Right() != 2 {
				t.Errorf("the record is %+v", a)
			}
			if b, _, _ := d.Suggest.AuditIn(tx, d.Here.ID, alike.ID); b.DecidedAt != 0 {
				t.Errorf("nobody decided %+v", b)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestSeveralProblemsInOneMessageMayBeAskedAbout(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "Во дворе не горит фонарь у третьего подъезда. И ещё на дороге глубокая яма, машины бьют колёса.", 0)
		moderator := d.As("moderator-1")
		page := moderator.Get(path("moderation", card)).Is(200).Has("#parts-title", "2 проблемы")
		form := page.Has("#question", "О какой проблеме речь?").Form("#ask")
		form.Set("verdict", "ask")
		form.Set("question", "split")
		moderator.Post(path("moderation", card), form).Next().Is(200).Has("[data-flash]", "Спросили")
	})
}
