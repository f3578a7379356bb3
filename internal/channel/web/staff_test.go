package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

const (
	roadHole   = topic.ID(9)   // МКУ «Дорожная служба», in Zarechye under kom-blago
	streetLamp = topic.ID(271) // МУП «Горсвет», the same
	coldWater  = topic.ID(46)  // asks for phone and flat, goes to the waterworks
)

// desks is the town with a clock that the test moves.
type desks struct {
	*webtest.Town
	t     *testing.T
	clock *sqldbtest.Clock
	keys  int
}

func atDesks(t *testing.T, test func(t *testing.T, d *desks)) {
	t.Helper()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		clock := sqldbtest.NewClock(sqldbtest.Start)
		test(t, &desks{Town: webtest.New(t, db.At(clock.Now)), t: t, clock: clock})
	})
}

func (d *desks) key() string {
	d.keys++
	return fmt.Sprintf("staff-test-key-%032d", d.keys)
}

// sent is a message that an account has sent, with a photo where its topic asks
// for one.
func (d *desks) sent(author int64, about topic.ID, words string, metresNorth float64) problem.Card {
	d.t.Helper()
	return d.do(resident.Who{City: d.Here.ID, ID: author}, 0, d.message(about, words, metresNorth))
}

func (d *desks) message(about topic.ID, words string, metresNorth float64) problem.Send {
	d.t.Helper()
	p := geo.Point{Lat: 58.3065 + metresNorth/111_200, Lon: 36.8968}
	c := problem.Send{Text: words, Topic: about, Place: place.Draft{Point: p, Mark: place.FreePoint}, Channel: "web"}
	if about == coldWater {
		c.Place = place.Draft{Mark: place.OnBuilding, House: 1001, Point: geo.Point{Lat: 58.30708, Lon: 36.896807}}
		c.Contact = problem.Contact{Phone: "+79215554112", Apartment: "41", Name: "Анна", Email: "anna@example.org"}
	} else {
		photo, err := d.Media.Upload(context.Background(), d.Here.ID, d.key(), webtest.Photo(d.t, "lamp-dark.jpg"))
		if err != nil {
			d.t.Fatal(err)
		}
		c.Photos = []int64{photo.ID}
	}
	return c
}

func (d *desks) do(who resident.Who, id int64, c problem.Command) problem.Card {
	d.t.Helper()
	out, err := d.Problems.Do(context.Background(), who, problem.Order{Problem: id, Command: c, Key: d.key()})
	if err != nil {
		d.t.Fatalf("%T: %v", c, err)
	}
	return d.card(out.Problem)
}

func (d *desks) card(id int64) problem.Card {
	d.t.Helper()
	card, err := d.Problems.FindByID(context.Background(), resident.Machine(d.Here.ID), id)
	if err != nil {
		d.t.Fatal(err)
	}
	return card
}

// given is a problem that has an answer which the residents may read.
func (d *desks) given(about topic.ID, words string) problem.Card {
	d.t.Helper()
	city := resident.Machine(d.Here.ID)
	card := d.sent(901, about, words, 0)
	d.do(city, card.ID, problem.Accept{})
	d.do(city, card.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали яму, проезд открыт."})
	return d.do(city, card.ID, problem.Pass{})
}

func path(desk string, card problem.Card) string {
	return "/staff/" + desk + "/" + strconv.FormatInt(card.State.Number, 10)
}

// acts are the acts in the audit log, the newest first.
func (d *desks) acts() []string {
	d.t.Helper()
	list, err := d.Residents.Audit(context.Background(), resident.Machine(d.Here.ID), resident.AuditFilter{Limit: 100})
	if err != nil {
		d.t.Fatal(err)
	}
	var acts []string
	for _, a := range list {
		acts = append(acts, fmt.Sprintf("%s %s %s", a.Act.Action, a.Act.Object, a.Act.Result))
	}
	return acts
}

func (d *desks) audited(action string, card problem.Card) {
	d.t.Helper()
	want := fmt.Sprintf("%s problem:%d done", action, card.State.Number)
	for _, act := range d.acts() {
		if act == want {
			return
		}
	}
	d.t.Errorf("the audit log lacks %q: %v", want, d.acts())
}

func TestAModeratorCorrectsTheTopicAndAccepts(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		near := d.sent(901, streetLamp, "темно у остановки", 40)
		card := d.sent(900, roadHole, "не горит фонарь, звоните 8 921 123-45-67", 0)
		moderator := d.As("moderator-1")
		moderator.Get("/staff").Is(200).Has(".desk-link", "Проверить сообщения").Has(".desk-count", "2")
		page := moderator.Get(path("moderation", card) + "?find=освещение").Is(200)
		page.Has(".message-text", "не горит фонарь").Has("mark.masked", "123-45-67").Lacks("#public_text", "123-45-67").Has(".message-about", "телефон")
		page.Has(".route-who", "Дорожная служба").Has(".route", "Правило").Has(".queue-head", "2").Has(".topic-name", "освещение")
		form := page.Form("#accept")
		form.Set("topic", "271")
		form.Set("verdict", "accept")
		form.Set("hide_text", "1")
		form.Add("hide_photo", page.Attr("input[name=hide_photo]", "value"))
		moderator.Post(path("moderation", card), form).Next().Is(200).Has("[data-flash]", "Приняли").Has(".queue-foot", "1")
		moderator.Post(path("moderation", card), form).Is(http.StatusSeeOther) // a second click
		got := d.card(card.ID).State
		if got.Topic.ID != streetLamp || got.Routing.Executor != "gorsvet" || got.Status != problem.Work || len(got.HiddenTexts) != 1 || len(got.HiddenPhotos) != 1 {
			t.Errorf("the problem is %+v", got)
		}
		d.audited("message_accepted", card)
		moderator.Get(path("moderation", card)).Is(200).Has(".note", "уже не ждёт").Lacks("button", "Принять")
		moderator.Get(path("moderation", near)).Is(200).Has(".similar-list", "40 м")
	})
}

func TestAModeratorRejectsAndTheAuthorSeesWhatToDoNext(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		anna := d.Resident("anna@example.org")
		mail := d.person("anna@example.org")
		card := d.sent(mail, roadHole, "тут всё плохо", 0)
		moderator := d.As("moderator-1")
		page := moderator.Get(path("moderation", card)).Is(200)
		form := page.Form("#reject")
		form.Set("verdict", "reject")
		again := moderator.Post(path("moderation", card), form).Is(422).Has("#reject .field-error", "Выберите пункт правил")
		if !strings.Contains(again.Attr("#reject", "class"), "is-open") {
			t.Error("the panel is shut though something is wrong in it")
		}
		form = again.Form("#reject")
		form.Set("verdict", "reject")
		form.Set("clause", "2.1")
		form.Set("text_2.1", "На снимке только небо. Снимите яму.")
		moderator.Post(path("moderation", card), form).Next().Is(200).Has("[data-flash]", "Отклонили")
		if got := d.card(card.ID).State.Status; got != problem.Rejected {
			t.Fatalf("the problem is %s", got)
		}
		d.audited("message_rejected", card)
		anna.Get("/problem/"+strconv.FormatInt(card.State.Number, 10)).Is(200).Has("main", "На снимке только небо").Has("main a", "отправить")
	})
}

// person finds an account by what it came in with.
func (d *desks) person(email string) int64 {
	d.t.Helper()
	var id int64
	err := d.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		id, err = sqldb.One(tx, sqldb.Int, `SELECT id FROM person WHERE city = $1 AND email = $2`, d.Here.ID, email)
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

func TestAQuestionStopsTheClock(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "яма", 0)
		moderator := d.As("moderator-1")
		form := moderator.Get("/staff/moderation").Is(200).Form("#ask")
		form.Set("verdict", "ask")
		moderator.Post(path("moderation", card), form).Is(422).Has("#ask .field-error", "Выберите")
		form.Set("question", "place")
		form.Set("text_place", "У какого дома?")
		moderator.Post(path("moderation", card), form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State.Status; got != problem.Question {
			t.Errorf("the problem is %s", got)
		}
	})
}

func TestADuplicateJoinsByItsButton(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		other := d.sent(901, roadHole, "яма у дома 1", 30)
		card := d.sent(900, roadHole, "яма", 0)
		moderator := d.As("moderator-1")
		page := moderator.Get(path("moderation", card)).Is(200).Has(".similar-list", "30 м").Has(".similar-list", "яма у дома 1")
		form := page.Form("#duplicate")
		form.Set("verdict", "duplicate")
		form.Set("duplicate_number", "999999")
		page = moderator.Post(path("moderation", card), form).Is(422).Has("#duplicate .field-error", "нет")
		if got := page.Attr("#duplicate_number", "value"); got != "999999" {
			t.Errorf("the number that was typed is %q", got)
		}
		form = page.Form("#duplicate")
		form.Set("join", strconv.FormatInt(other.State.Number, 10))
		form.Del("duplicate_number")
		moderator.Post(path("moderation", card), form).Next().Is(200).Has("[data-flash]", "присоединился")
		if got := d.card(other.ID).State.Joined; got != 1 {
			t.Errorf("%d joined", got)
		}
		if got := d.card(card.ID).State.Status; got != problem.Rejected {
			t.Errorf("the duplicate is %s", got)
		}
	})
}

func TestTheSecondOfTwoModeratorsIsToldWhatChanged(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "темно", 0)
		first, second := d.As("moderator-1"), d.As("moderator-2")
		one, two := first.Get(path("moderation", card)).Form("#accept"), second.Get(path("moderation", card)).Form("#accept")
		one.Set("verdict", "accept")
		one.Set("topic", "271")
		first.Post(path("moderation", card), one).Is(http.StatusSeeOther)
		two.Set("verdict", "accept")
		second.Post(path("moderation", card), two).Is(http.StatusConflict).Has(".conflict", "Соколова").Has(".conflict li", "Тема теперь").Has(".conflict li", "Горсвет")
		if got := d.card(card.ID).State; got.Seq != 3 || got.Topic.ID != streetLamp {
			t.Errorf("the problem is %+v", got)
		}
	})
}

func TestAnExecutorAnswersWithAPhotoAndTheReviewerReturnsThenPasses(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма на дороге", 0).ID, problem.Accept{})
		executor, reviewer := d.As("exec-dorogi"), d.As("reviewer")
		executor.Get("/staff/work").Is(200).Has("h1", "1 проблема").Has(".work-topic", "Повреждения дорожного")
		page := executor.Get(path("work", card)).Is(200).Has("h1", "Повреждения дорожного").Has(".steps-list", "правило")
		form := page.Form(".answer-form")
		form.Set("outcome", "done")
		form.Set("text", "Сделали.")
		again := executor.Post(path("work", card), form).Is(422).Has(".field-error", "подробнее").Has(".field-error", "Приложите фото")
		form = again.Form(".answer-form")
		if form.Get("text") != "Сделали." || form.Get("outcome") != "done" {
			t.Errorf("what was typed is lost: %v", form)
		}
		form.Set("text", "Сделали то, что просили. ")
		photo := webtest.File{Name: "after.jpg", Data: webtest.Photo(t, "pothole-mended.jpg")}
		again = executor.PostFiles(path("work", card), form, photo, webtest.File{Name: "a.txt", Data: []byte("no photo")}).Is(422).Has(".field-error", "не фотография")
		form = again.Form(".answer-form")
		if len(form["photo"]) != 1 {
			t.Fatalf("the good photo was not kept: %v", form)
		}
		executor.PostFiles(path("work", card), form).Next().Is(200).Has("[data-flash]", "ушёл на проверку")
		executor.PostFiles(path("work", card), form).Is(http.StatusSeeOther) // a second click
		d.audited("answer_given", card)
		if got := d.card(card.ID).State; got.Status != problem.Review || len(got.Answers) != 1 || len(got.Answers[0].Photos) != 1 {
			t.Fatalf("the problem is %+v", got)
		}

		page = reviewer.Get("/staff/answers").Is(200).Has(".before-after", "яма на дороге").Has(".before-after", "Сделали то")
		form = page.Form("#return")
		form.Set("verdict", "return")
		form.Set("reason", "no_point")
		reviewer.Post(path("answers", card), form).Next().Is(200).Has("[data-flash]", "Вернули")
		d.audited("answer_returned", card)
		page = executor.Get(path("work", card)).Is(200).Has(".note", "что сделали и когда")

		form = page.Form(".answer-form")
		form.Set("outcome", "planned")
		form.Set("text", "Засыпали щебнем, асфальт положим позже.")
		form.Set("planned", "2027-12-01")
		executor.Post(path("work", card), form).Is(422).Has(".field-error", "не позже")
		form.Set("planned", "2026-12-01")
		executor.Post(path("work", card), form).Is(http.StatusSeeOther)
		form = reviewer.Get(path("answers", card)).Is(200).Has(".earlier", "Сделали то").Form("form.verdicts")
		form.Set("verdict", "pass")
		reviewer.Post(path("answers", card), form).Next().Is(200).Has("[data-flash]", "увидит житель")
		d.audited("answer_passed", card)
		if got := d.card(card.ID).State; got.Status != problem.Interim || got.Shown == 0 {
			t.Errorf("the problem is %+v", got)
		}
		executor.Get("/staff/work?state=interim").Is(200).Has(".work-item", "обещано")
	})
}

func TestACoordinatorHandsOverAndTheEarlierOrganisationStays(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "фонарь наклонился", 0).ID, problem.Accept{})
		executor, coordinator := d.As("exec-dorogi"), d.As("coord-blago")
		form := executor.Get(path("work", card)).Is(200).Form("form[action$=redirect]")
		executor.Post(path("work", card)+"/redirect", form).Is(422).Has(".field-error", "причину")
		form.Set("reason", "balance")
		form.Set("text", "Опора на балансе Горсвета.")
		form.Set("to", "Горсвет")
		executor.Post(path("work", card)+"/redirect", form).Next().Is(200).Has("[data-flash]", "Попросили")
		executor.Get(path("work", card)).Is(200).Has("main", "решает координатор")

		page := coordinator.Get("/staff/coordination").Is(200).Has(".note", "Опора на балансе").Has(".topic-name", "Горсвет").Has(".trace", "Правило 54")
		form = page.Form("#give")
		form.Set("verdict", "give")
		form.Set("organisation", "gorsvet")
		form.Set("reason", "")
		coordinator.Post(path("coordination", card), form).Is(422).Has("#give .field-error", "Напишите")
		form.Set("reason", "Опора освещения: это Горсвет.")
		coordinator.Post(path("coordination", card), form).Next().Is(200).Has("[data-flash]", "Передали").Has(".desk-empty", "нечего")
		got := d.card(card.ID).State
		if got.Routing.Executor != "gorsvet" || len(got.Earlier) != 1 || got.Earlier[0] != "dorogi" {
			t.Errorf("the problem is %+v", got)
		}
		d.audited("redirect_given", card)
		executor.Get(path("work", card)).Is(http.StatusForbidden)
		d.As("exec-gorsvet").Get("/staff/work").Is(200).Has("h1", "1 проблема")
	})
}

func TestACoordinatorMayLeaveItWhereItIs(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.do(resident.Machine(d.Here.ID), d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		d.do(resident.Who{City: d.Here.ID, ID: 77, Org: "dorogi", Roles: []resident.Role{resident.Executor}}, card.ID, problem.RequestRedirect{Reason: "не наша"})
		coordinator := d.As("coord-blago")
		form := coordinator.Get(path("coordination", card)).Is(200).Form("#give")
		form.Set("verdict", "keep")
		form.Set("reason", "Дорога ваша.")
		coordinator.Post(path("coordination", card), form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State; got.RedirectWanted || got.Routing.Executor != "dorogi" {
			t.Errorf("the problem is %+v", got)
		}
	})
}

func TestWhatHasNoExecutorWaitsForItsCoordinator(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		d.do(city, card.ID, problem.Redirect{Coordinator: "kom-zhkh", Reason: "Двор дома."})
		d.As("coord-blago").Get("/staff/coordination").Is(200).Has(".desk-empty", "нечего")
		coordinator := d.As("coord-zhkh")
		page := coordinator.Get("/staff/coordination?q=наш+дом").Is(200).Has(".note", "Исполнителя нет").Has(".topic-name", "Наш дом").Has(".pills", "Без исполнителя")
		form := page.Form("#give")
		form.Set("verdict", "give")
		form.Set("reason", "Двор этого дома.")
		form.Del("organisation")
		page = coordinator.Post(path("coordination", card), form).Is(422).Has(".field-error", "Выберите организацию")
		if got := page.Form("#give").Get("reason"); got != "Двор этого дома." {
			t.Errorf("the reason that was typed is %q", got)
		}
		form.Set("organisation", "uk-nashdom")
		coordinator.Post(path("coordination", card), form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State.Routing; got.Executor != "uk-nashdom" || got.Coordinator != "kom-zhkh" {
			t.Errorf("routed to %+v", got)
		}
	})
}

func TestAControllerSeesWhatIsOverdueReopensAndMovesADate(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		late := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		answered := d.given(roadHole, "ещё яма")
		d.clock.Pass(60 * 24 * time.Hour)
		controller := d.As("controller-zarechye")
		controller.Get("/staff").Is(200).Has(".desk-note", "1 просрочено")
		page := controller.Get("/staff/control").Is(200).Has(".tiles", "просрочено сейчас").Has("tbody", "Дорожная служба").Has(".chip-late", "просрочено")
		page.Lacks("main", "ещё яма")
		controller.Get("/staff/control.csv").Is(200)

		form := controller.Get(path("control", answered)).Is(200).Has("#check", "Заделали яму").Lacks("#check button", "Подтвердить").Form("#check form")
		form.Set("verdict", "reopen")
		controller.Post(path("control", answered), form).Is(422).Has("#check .field-error", "Напишите")
		form.Set("text", "Яма на месте, засыпана песком.")
		controller.Post(path("control", answered), form).Next().Is(200).Has("[data-flash]", "Вернули")
		if got := d.card(answered.ID).State; got.Status != problem.Work || got.ReopenedTimes != 1 {
			t.Errorf("the problem is %+v", got)
		}
		d.audited("problem_reopened", answered)

		form = controller.Get(path("control", late)).Is(200).Form("#check form")
		form.Set("verdict", "due")
		form.Set("due", "2026-01-01")
		form.Set("due_reason", "Нужен мороз: асфальт в дождь не кладут.")
		page = controller.Post(path("control", late), form).Is(422).Has(".field-error", "в прошлом")
		form = page.Form("#check form")
		if form.Get("due_reason") == "" {
			t.Error("the reason is lost")
		}
		form.Set("verdict", "due")
		form.Set("due", "2027-03-01")
		controller.Post(path("control", late), form).Is(http.StatusSeeOther)
		if got := d.card(late.ID).State.Dues.Promised.Time(); got.In(d.Here.Zone).Format(time.DateOnly) != "2027-03-01" {
			t.Errorf("the promise is %v", got)
		}
		d.audited("due_moved", late)
	})
}

func TestAPeoplesControllerConfirmsOnTheSpot(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.given(roadHole, "яма у школы")
		people := d.As("people-1")
		form := people.Get(path("control", card)).Is(200).Has(".tiles", "на месте").Lacks("#check button", "Вернуть").Form("#check form")
		form.Set("verdict", "confirm")
		form.Set("text", "Был на месте, асфальт ровный.")
		people.Post(path("control", card), form).Next().Is(200)
		if got := d.card(card.ID).State.Status; got != problem.Controlled {
			t.Errorf("the problem is %s", got)
		}
		d.audited("problem_confirmed", card)
	})
}

func TestDesksAreShutWithoutTheRole(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := d.sent(900, roadHole, "яма", 0)
		guest, author, executor := d.Guest(), d.Resident("anna@example.org"), d.As("exec-dorogi")
		for _, page := range []string{"moderation", "answers", "coordination", "control", "people", "organisations", "pack", "jobs", "audit", "audit.csv", "control.csv"} {
			if to := guest.Get("/staff/" + page).To(); !strings.HasPrefix(to, "/signin/staff") {
				t.Errorf("%s sends a guest to %s", page, to)
			}
			author.Get("/staff/" + page).Is(http.StatusForbidden)
			executor.Get("/staff/" + page).Is(http.StatusForbidden)
		}
		for _, p := range []string{path("moderation", card), path("answers", card), path("coordination", card), path("control", card), "/staff/people/new", "/staff/pack/back", "/staff/jobs/drop"} {
			executor.Post(p, webtest.Form{"verdict": {"accept"}, "key": {d.key()}}).Is(http.StatusForbidden)
		}
		if got := d.card(card.ID).State.Status; got != problem.Moderation {
			t.Errorf("the problem is %s", got)
		}
		if !strings.Contains(strings.Join(d.acts(), "\n"), "desk_refused POST /staff/moderation/{number} denied") {
			t.Errorf("the tries are not in the log: %v", d.acts())
		}
	})
}

func TestAnotherOrganisationsExecutorGetsNothing(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		public := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		private := d.sent(900, streetLamp, "темно", -400)
		other := d.As("exec-chisto")
		other.Get("/staff/work").Is(200).Has("h2", "Всё сделано")
		other.Get(path("work", public)).Is(http.StatusForbidden)
		other.Get(path("work", private)).Is(http.StatusNotFound)
		form := d.As("exec-dorogi").Get(path("work", public)).Form(".answer-form")
		form.Set("outcome", "absent")
		form.Set("text", "Приехали, ямы на месте нет.")
		form.Set("key", d.key())
		other.Post(path("work", public), form).Is(http.StatusForbidden)
		if got := d.card(public.ID).State; len(got.Answers) != 0 {
			t.Errorf("a stranger answered: %+v", got.Answers)
		}
	})
}

func TestPhoneAndFlatAreSeenOnlyWhereTheTopicAsksForThem(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		asks := d.do(city, d.sent(900, coldWater, "вода ржавая", 0).ID, problem.Accept{})
		page := d.As("exec-vodokanal").Get(path("work", asks)).Is(200).Has(".facts", "41").Has(".facts", "+79215554112")
		page.Lacks("main", "anna@example.org")
		d.audited("contact_seen", asks)
		silent := d.sent(900, roadHole, "яма, кв. 7, звоните 8 921 555-41-12", 0)
		silent = d.do(city, silent.ID, problem.Accept{})
		executor := d.As("exec-dorogi")
		executor.Get(path("work", silent)).Is(200).Lacks("main", "555-41-12").Lacks("main", "921 555").Lacks("dl.facts", "41")
	})
}

func TestAnAnswerThatComesSecondKeepsItsWords(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		card := d.do(city, d.sent(900, roadHole, "яма", 0).ID, problem.Accept{})
		executor := d.As("exec-dorogi")
		form := executor.Get(path("work", card)).Is(200).Form(".answer-form")
		d.do(city, card.ID, problem.SetDue{Due: sqldbtest.Start.AddDate(0, 1, 0), Reason: "праздники"})
		form.Set("outcome", "absent")
		form.Set("text", "Приехали, ямы на месте нет: её заделали раньше.")
		page := executor.Post(path("work", card), form).Is(http.StatusConflict).Has(".conflict li", "Срок перенесли")
		form = page.Form(".answer-form")
		if !strings.HasPrefix(form.Get("text"), "Приехали") || form.Get("outcome") != "absent" {
			t.Errorf("what was typed is lost: %v", form)
		}
		executor.Post(path("work", card), form).Is(http.StatusSeeOther)
		if got := d.card(card.ID).State; len(got.Answers) != 1 || got.Answers[0].Outcome != problem.Absent {
			t.Errorf("the problem is %+v", got)
		}
	})
}
