package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
)

// planted are personal data of people who were never asked.
func planted() []string {
	return []string{"Кудимов", "Кудимова", "Остап", "8 911 555-66-77", "555-66-77", "кв. 77", "О777ОО178", "ostap_k", "Лампин"}
}

const (
	plantedWords  = "Сосед Кудимов Остап Ильич из кв. 77 разбил фонарь у ворот, его машина О777ОО178, ник @ostap_k, звоните 8 911 555-66-77."
	plantedAnswer = "Лампу заменил мастер Лампин П.П., вопросы ему по телефону 8 911 555-66-77; житель кв. 77 Кудимов О.И. согласен."
)

// plantedProblem is a message, a dispute and answers that name people, with a
// landmark that does.
func plantedProblem(d *desks) problem.Card {
	d.t.Helper()
	city := resident.Machine(d.Here.ID)
	send := d.message(streetLamp, plantedWords, 0)
	send.Place.Landmark = "у ворот Кудимова О.И., кв. 77"
	card := d.do(resident.Who{City: d.Here.ID, ID: 901}, 0, send)
	d.do(city, card.ID, problem.Accept{})
	d.do(city, card.ID, problem.Give{Org: "gorsvet", Outcome: problem.Done, Text: plantedAnswer})
	card = d.do(city, card.ID, problem.Pass{})
	d.do(city, card.ID, problem.Dispute{Text: "Не горит! " + plantedWords, Channel: "web"})
	card = d.do(city, card.ID, problem.Accept{})
	d.Settle()
	return card
}

// TestNobodyPublishesWhatAMessageSaysOfOthers walks every address at which
// words of people leave for the public.
func TestNobodyPublishesWhatAMessageSaysOfOthers(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		card := plantedProblem(d)
		number := strconv.FormatInt(card.State.Number, 10)
		p := card.State.Place.Point
		box := fmt.Sprintf("%f,%f,%f,%f", p.Lon-0.01, p.Lat-0.01, p.Lon+0.01, p.Lat+0.01)
		guest := d.Guest()
		addresses := []string{"/", "/problem/" + number, "/map", "/map?n=100", "/map?view=map", "/map?box=" + box, "/map.csv", "/map.atom",
			"/map/tile/0/0/0.mvt", "/map?box=" + box, "/map?q=" + url.QueryEscape("фонарь ворот"), "/map.atom?q=" + url.QueryEscape("фонарь"), "/stats", "/stats.json", "/data",
			fmt.Sprintf("/near?lat=%f&lon=%f&topic=%d", p.Lat, p.Lon, streetLamp)}
		for _, lang := range []string{"ru", "en"} {
			guest.Lang = lang
			for _, address := range addresses {
				noneOf(t, guest.Get(address).Is(http.StatusOK))
			}
		}
		guest.Lang = "ru"
		guest.Get("/problem/"+number).Has(".feed", "[имя скрыто]").Has(".feed", "[квартира скрыта]").Has(".feed", "[телефон скрыт]").
			Has(".feed", "[номер машины скрыт]").Has(".feed", "[профиль скрыт]").Has("main", "разбил фонарь у ворот")
		if feed := guest.Get("/map.atom"); !strings.Contains(feed.Body, "<summary>Сосед [имя скрыто] из [квартира скрыта]") {
			t.Errorf("the feed lacks the words around the marks: %s", feed.Body)
		}

		// Who joined reads no more than a guest, on the page and in their own list.
		neighbour := d.Resident("neighbour@example.org")
		neighbour.Post("/problem/"+number+"/join", neighbour.Get("/problem/"+number).Form(`form[action$="/join"]`))
		noneOf(t, neighbour.Get("/problem/"+number).Is(http.StatusOK))
		noneOf(t, neighbour.Get("/cabinet").Is(http.StatusOK).Has("main", "у ворот [имя скрыто]"))
	})
}

func noneOf(t *testing.T, p *webtest.Page) {
	t.Helper()
	for _, word := range planted() {
		if i := strings.Index(p.Body, word); i >= 0 {
			t.Errorf("%q is public: …%s…", word, strings.ToValidUTF8(p.Body[max(0, i-80):min(len(p.Body), i+80)], ""))
		}
	}
}

func TestASearchDoesNotFindWhatIsMasked(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		plantedProblem(d)
		guest := d.Guest()
		if n := len(guest.Get("/map?q=" + url.QueryEscape("разбил")).All("[data-line]")); n != 1 {
			t.Fatalf("%d problems are found by a word of the text", n)
		}
		for _, word := range []string{"Кудимов", "Остап", "Ильич", "5556677", "555-66-77", "О777ОО178", "ostap_k", "Лампин"} {
			if n := len(guest.Get("/map?q=" + url.QueryEscape(word)).All("[data-line]")); n > 0 {
				t.Errorf("%q finds %d problems", word, n)
			}
		}
	})
}

func TestAuthorAndStaffReadTheWordsThemselves(t *testing.T) {
	t.Parallel()
	atDesks(t, func(t *testing.T, d *desks) {
		author := d.Guest()
		number := numberOf(t, sendWords(t, author, plantedWords))
		author.Get("/problem/"+number).Has(".feed", "Сосед Кудимов Остап Ильич из кв. 77")
		moderator := d.As("moderator-1")
		moderator.Get("/problem/"+number).Has(".feed", "Сосед Кудимов Остап Ильич из кв. 77")
		// The desk shows where the masks will be, and what everyone will read.
		moderator.Get("/staff/moderation/"+number).Is(http.StatusOK).Has("mark.masked", "(имя)").Has("main", "Сосед [имя скрыто] из [квартира скрыта]")
	})
}

// sendWords sends the usual message with other words.
func sendWords(t *testing.T, v *webtest.Visitor, words string) *webtest.Page {
	t.Helper()
	form := filled(t, v)
	form.Set("text", words)
	return v.PostFiles("/report", form, webtest.File{Name: "lamp.jpg", Data: webtest.Photo(t, "lamp-dark.jpg")}).Next().Is(http.StatusOK)
}
