package web_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// accepted is a problem in work whose sender nobody counts.
func (d *desks) accepted(words string) problem.Card {
	d.t.Helper()
	c := problem.Send{Text: words, Topic: coldWater, Channel: "web", Contact: problem.Contact{Phone: "+79215554112", Apartment: "41"},
		Place: place.Draft{Mark: place.OnBuilding, House: 1001, Point: geo.Point{Lat: 58.30708, Lon: 36.896807}}}
	sent := d.do(resident.Who{City: d.Here.ID}, 0, c)
	return d.do(resident.Machine(d.Here.ID), sent.ID, problem.Accept{})
}

// rows are the lines of a table without its head.
func rows(body string) []string { return strings.Split(strings.TrimSpace(body), "\n")[1:] }

func TestALongListOfAControllerIsWholeOnItsPagesAndInItsTable(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		const many = 103
		for i := range many {
			d.accepted("нет воды, случай " + strconv.Itoa(i))
		}
		d.clock.Pass(60 * 24 * time.Hour)
		controller := d.As("controller-zhi")
		page := controller.Get("/staff/control").Is(200).Has(".tiles", strconv.Itoa(many))
		seen := len(page.All("tbody tr td a"))
		next := controller.Get(page.Attr(".pager a[rel=next]", "href")).Is(200).Has(".pager", "Назад")
		if got := seen + len(next.All("tbody tr td a")); got != many {
			t.Errorf("two pages show %d of %d", got, many)
		}
		if got := len(rows(controller.Get("/staff/control-list.csv?list=late").Is(200).Body)); got != many {
			t.Errorf("the table has %d of %d", got, many)
		}
	})
}

func TestAControllerLooksAtTheirOwnFirst(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.accepted("нет воды") // the housing inspection controls it
		d.clock.Pass(60 * 24 * time.Hour)
		d.As("controller-zhi").Get("/staff/control").Is(200).Has("tbody", "проср")
		above := d.As("reviewer")
		above.Get("/staff/control").Is(200).Has(".empty", "Ничего не просрочено").Has("#whose", "Все организации")
		above.Get("/staff/control?whose=all").Is(200).Has("tbody", "проср")
		if got := len(rows(above.Get("/staff/control-list.csv?list=late&whose=all").Is(200).Body)); got != 1 {
			t.Errorf("the table has %d rows", got)
		}
	})
}

func TestAnswersThatAreNotFixesAndTheirRepeatsAreListsOfTheirOwn(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city, anna := resident.Machine(d.Here.ID), resident.Who{City: d.Here.ID, ID: 901}
		card := d.given(roadHole, "яма у моста")
		controller := d.As("controller-zarechye")
		counts := func(want string) {
			t.Helper()
			if got := fmt.Sprint(controller.Get("/staff/control").Is(200).All(".tile-count")[2:4]); got != want {
				t.Errorf("disputed and again: %s, want %s", got, want)
			}
		}
		counts("[0 0]")
		d.do(anna, card.ID, problem.Dispute{Text: "Яма на месте", Channel: "web"})
		counts("[1 0]")
		d.do(city, card.ID, problem.Accept{})
		d.do(city, card.ID, problem.Give{Org: "dorogi", Outcome: problem.Done, Text: "Заделали ещё раз."})
		d.do(city, card.ID, problem.Pass{})
		counts("[0 0]")
		d.do(anna, card.ID, problem.Dispute{Text: "И опять на месте", Channel: "web"})
		counts("[1 1]")
		controller.Get("/staff/control?list=repeated").Is(200).Has("tbody", "2 несогласия")
	})
}

func TestTheFiguresOfOrganisationsCoverThirtyDaysAndAreATable(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		d.given(roadHole, "яма")
		d.Settle()
		controller := d.As("controller-zarechye")
		controller.Get("/staff/control").Is(200).Has(".control-table", "Дорожная служба").Has(".control-table", "100 %")
		table := controller.Get("/staff/control.csv").Is(200).Body
		if got := rows(table); len(got) != 1 || !strings.HasPrefix(got[0], "dorogi,") || !strings.HasSuffix(strings.TrimSpace(got[0]), ",0,0,1,1,1,1,0,0,0,0,0") {
			t.Errorf("the table is\n%s", table)
		}
	})
}

func TestAWorkListIsNarrowedWhole(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		city := resident.Machine(d.Here.ID)
		d.do(city, d.sent(900, roadHole, "первая яма", 0).ID, problem.Accept{})
		d.clock.Pass(60 * 24 * time.Hour)
		d.do(city, d.sent(901, roadHole, "вторая яма", 0).ID, problem.Accept{})
		executor := d.As("exec-dorogi")
		executor.Get("/staff/work").Is(200).Has("h1", "2 проблемы")
		executor.Get("/staff/work?due=late").Is(200).Has(".work-list", "№ 1").Lacks(".work-list", "№ 2")
		executor.Get("/staff/work?state=interim").Is(200).Has(".desk-empty", "")
		executor.Get("/staff/work?topic=9").Is(200).Has(".work-list", "№ 2")
		executor.Get("/staff/work?topic=271").Is(200).Has(".desk-empty", "")
	})
}

func TestTheAuthorOfARepeatIsLedToTheOtherProblem(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		anna := d.Resident("anna@example.org")
		other := d.do(resident.Machine(d.Here.ID), d.sent(901, roadHole, "яма у дома 1", 30).ID, problem.Accept{})
		card := d.sent(d.person("anna@example.org"), roadHole, "и тут яма", 0)
		moderator := d.As("moderator-1")
		form := moderator.Get(path("moderation", card)).Is(200).Form("#duplicate")
		form.Set("join", strconv.FormatInt(other.State.Number, 10))
		form.Set("verdict", "duplicate")
		moderator.Post(path("moderation", card), form).Is(303)

		page := anna.Get("/problem/"+strconv.FormatInt(card.State.Number, 10)).Is(200).
			Has(".event h3", "уже сообщили").Has(".event", "в работе").Has(".next-steps", "следите за той").Lacks("main", "repeat")
		if got := page.Attr(".next-steps a", "href"); got != "/problem/"+strconv.FormatInt(other.State.Number, 10) {
			t.Errorf("the first step leads to %s", got)
		}
		anna.Get("/problem/"+strconv.FormatInt(other.State.Number, 10)).Is(200).Has("main", "яма у дома 1")
		mend := anna.Get("/problem/" + strconv.FormatInt(card.State.Number, 10) + "/mend").Is(200)
		if got := mend.Form("form[action='/report']").Get("text"); got != "и тут яма" {
			t.Errorf("the text to mend is %q", got)
		}
		moderator.Get(path("moderation", card)).Is(200)
	})
}

func TestARepeatOfWhatIsNotPublicTellsNothingOfIt(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		anna := d.Resident("anna@example.org")
		other := d.sent(901, roadHole, "яма, ещё не проверена", 30)
		card := d.sent(d.person("anna@example.org"), roadHole, "и тут яма", 0)
		d.do(resident.Machine(d.Here.ID), card.ID, problem.Reject{Clause: "repeat", Text: "Об этом уже сообщили.", Of: other.State.Number})
		anna.Get("/problem/"+strconv.FormatInt(card.State.Number, 10)).Is(200).
			Has(".next-steps", "видят только те").Has(".next-steps", "не то же самое").Lacks("main", "не проверена")
	})
}

func TestARefusalLeadsFirstToWhatItsClauseNames(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		anna := d.Resident("anna@example.org")
		for clause, first := range map[string]string{"2.1": "отправьте ещё раз", "4.1": "обращение", "5.1": "112", "6.3": "обращение"} {
			card := d.sent(d.person("anna@example.org"), roadHole, "яма "+clause, 0)
			d.do(resident.Machine(d.Here.ID), card.ID, problem.Reject{Clause: clause, Text: "Почему: " + clause})
			page := anna.Get("/problem/" + strconv.FormatInt(card.State.Number, 10)).Is(200)
			if got := page.All(".next-steps li"); len(got) == 0 || !strings.Contains(got[0], first) {
				t.Errorf("%s leads to %q, want %q first", clause, got, first)
			}
			if clause == "6.3" {
				page.Lacks(".next-steps", "отправьте ещё раз")
			}
		}
	})
}

func TestARefusalIsWrittenInTheLanguageOfItsAuthor(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		_ = d.Resident("anna@example.org")
		reader := d.person("anna@example.org")
		if err := d.speaks(reader, "en"); err != nil {
			t.Fatal(err)
		}
		card := d.sent(reader, roadHole, "a hole", 0)
		moderator := d.As("moderator-1")
		page := moderator.Get(path("moderation", card)).Is(200).Has("#reject .note", "по-английски").Has("#reject", "Не видно проблемы").Has("#ask", "На вашем языке")
		if got := page.Attr("#clause-2\\.1", "lang"); got != "en" {
			t.Errorf("the text is marked %q", got)
		}
		form := page.Form("#reject")
		form.Set("verdict", "reject")
		form.Set("clause", "2.1")
		moderator.Post(path("moderation", card), form).Is(303)
		got := d.card(card.ID)
		if last := got.Feed[len(got.Feed)-1]; !strings.HasPrefix(last.Text.Body, "The picture does not show") {
			t.Errorf("the author reads %q", last.Text.Body)
		}

		second := d.sent(reader, roadHole, "another hole", 0)
		other := d.do(resident.Machine(d.Here.ID), d.sent(901, roadHole, "яма", 30).ID, problem.Accept{})
		form = moderator.Get(path("moderation", second)).Is(200).Form("#duplicate")
		form.Set("verdict", "duplicate")
		form.Set("duplicate_number", strconv.FormatInt(other.State.Number, 10))
		moderator.Post(path("moderation", second), form).Is(303)
		got = d.card(second.ID)
		if last := got.Feed[len(got.Feed)-1]; !strings.HasPrefix(last.Text.Body, "This has been reported already") {
			t.Errorf("the author reads %q", last.Text.Body)
		}
	})
}

// speaks sets the language of an account.
func (d *desks) speaks(person int64, lang string) error {
	return d.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`UPDATE person SET language = $1 WHERE city = $2 AND id = $3`, lang, d.Here.ID, person)
		return err
	})
}
