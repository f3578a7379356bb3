package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gorod/internal/channel/web/webtest"
	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// personalWord stands for what is personal.
const personalWord = "ПОМЕТКАличноеслово"

// keeping lists the columns of the whole database in which personalWord stands.
func keeping(t *testing.T, town *webtest.Town) []string {
	t.Helper()
	columns := `SELECT m.name || ' ' || p.name FROM sqlite_master m, pragma_table_info(m.name) p WHERE m.type = 'table' ORDER BY 1`
	if town.DB.Engine() == sqldb.Postgres {
		columns = `SELECT table_name || ' ' || column_name FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY 1`
	}
	var found []string
	err := town.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		list, err := sqldb.List(tx, sqldb.Text, columns)
		if err != nil {
			return err
		}
		for _, one := range list {
			table, column, _ := strings.Cut(one, " ")
			n, err := sqldb.One(tx, sqldb.Int, fmt.Sprintf(`SELECT COUNT(*) FROM "%s" WHERE CAST("%s" AS TEXT) LIKE '%%%s%%'`, table, column, personalWord))
			if err != nil {
				return fmt.Errorf("%s: %w", one, err)
			}
			if n > 0 {
				found = append(found, table+"."+column)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// What somebody answered about a falsified vote, how they are called and what
// they named their subscription is in their own file, nowhere public, in no log,
// and gone from the whole database after they ask for it.
func TestWhatIsPersonalStaysWithThePersonAndGoesWithThem(t *testing.T) {
	each(t, func(t *testing.T, town *webtest.Town) {
		ctx := context.Background()
		anna := town.Resident("anna@example.org")
		form := anna.Get("/cabinet").Form(`form[action="/cabinet/contact"]`)
		form.Set("name", personalWord)
		anna.Post("/cabinet/contact", form).Next().Is(http.StatusOK)
		var who resident.Who
		err := town.DB.View(ctx, func(tx *sqldb.Tx) error {
			id, err := sqldb.One(tx, sqldb.Int, `SELECT id FROM person WHERE name = $1`, personalWord)
			who = resident.Who{City: town.Here.ID, ID: id}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		photo, err := town.Media.Upload(ctx, town.Here.ID, "privacy-photo-key-0000000000000000000000", webtest.Photo(t, "lamp-dark.jpg"))
		if err != nil {
			t.Fatal(err)
		}
		out, err := town.Problems.Do(ctx, who, problem.Order{Key: "privacy-key-00000000000000000000000000", Command: problem.Send{
			Text: "Голос подделали, " + personalWord, Topic: 110, Channel: "web", Photos: []int64{photo.ID},
			Place: place.Draft{Mark: place.OnBuilding, House: 1001, Point: geo.Point{Lat: 58.30708, Lon: 36.896807}},
			Contact: problem.Contact{Name: personalWord, Apartment: "41", Email: "anna@example.org",
				Answers: map[string]string{"own_statement": "did_not_vote", "minutes_number": personalWord}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		sub := anna.Get("/watch/new?house=1001").Is(http.StatusOK).Form("form[data-watch]")
		sub.Set("name", personalWord)
		anna.Post("/watch/new", sub).Is(http.StatusSeeOther)
		town.Settle()

		file := anna.Get("/cabinet/export").Is(http.StatusOK).Body
		if n := strings.Count(file, personalWord); n < 5 || !strings.Contains(file, `"subscriptions"`) {
			t.Errorf("the file holds %d of what is theirs: %s", n, file)
		}
		if strings.Contains(file, "token") || strings.Contains(file, "/watch/feed/") {
			t.Error("the file holds the secret of a feed")
		}
		for _, address := range []string{"/", "/map", "/map.csv", "/map.atom", "/house/1001", "/house/1001/problems", "/house/1001/problems.csv", "/stats.json", "/houses.csv", "/data"} {
			if body := town.Guest().Get(address).Body; strings.Contains(body, personalWord) {
				t.Errorf("%s shows what is personal", address)
			}
		}
		number := fmt.Sprint(out.Number)
		if page := town.Guest().Get("/problem/" + number); page.Status == http.StatusOK && strings.Contains(page.Body, personalWord) {
			t.Error("a stranger reads the problem")
		}
		for _, column := range keeping(t, town) {
			if strings.HasPrefix(column, "job.") || strings.HasPrefix(column, "board") || strings.HasPrefix(column, "audit") {
				t.Errorf("%s holds what is personal", column)
			}
		}

		erase := anna.Get("/cabinet/erase").Is(http.StatusOK).Form("form")
		anna.Post("/cabinet/erase", erase).Next().Is(http.StatusOK)
		town.Settle()
		if left := keeping(t, town); len(left) > 0 {
			t.Errorf("after the erasure it still stands in %v", left)
		}
		if strings.Contains(town.Logged(), personalWord) {
			t.Error("the log holds what is personal")
		}
	})
}
