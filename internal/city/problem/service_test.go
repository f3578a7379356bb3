package problem_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(problemtest.Schema()...)

func each(t *testing.T, test func(t *testing.T, town *problemtest.Town)) {
	t.Helper()
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) { test(t, problemtest.New(t, db)) })
}

func TestTheWholeJourneyOfADisputedProblem(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		key := sent.Problem
		town.Clock.Pass(16 * time.Hour)
		town.Give(t, problemtest.Moderator, key, problem.Accept{})
		town.Give(t, problemtest.Electrican, key, problemtest.Signed("Лампа работает"))
		town.Give(t, problemtest.Moderator, key, problem.SendBack{Text: "Приложите фото"})
		town.Give(t, problemtest.Electrican, key, problemtest.Signed("Заменили лампу"))
		town.Give(t, problemtest.Moderator, key, problem.Pass{})
		town.Clock.Pass(24 * time.Hour)
		town.Give(t, problemtest.Anna, key, problem.Dispute{Text: "Снова темно", Channel: "web"})
		town.Give(t, problemtest.Moderator, key, problem.Accept{})
		town.Give(t, problemtest.Electrican, key, problemtest.Signed("Заменили кабель"))
		town.Give(t, problemtest.Moderator, key, problem.Pass{})
		last := town.Give(t, problemtest.Anna, key, problem.Confirm{})
		if last.Status != problem.Confirmed || last.Number != sent.Number {
			t.Errorf("ended as %+v", last)
		}
		card, err := town.Find(context.Background(), problemtest.Guest, sent.Number)
		must(t, err)
		var kinds []string
		for _, e := range card.Feed {
			kinds = append(kinds, fmt.Sprintf("%T", e.Data)[len("problem."):])
		}
		want := "Sent Accepted Given Passed Disputed Accepted Given Passed Solved"
		if got := strings.Join(kinds, " "); got != want {
			t.Errorf("everyone reads\n%s, want\n%s", got, want)
		}
		clean(t, town, 1)
	})
}

func TestTheFirstPromiseStaysWhenTheDateMoves(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		// Sent on Friday 20 November: checked on Monday 23, ten working days to
		// 7 December, one more for the answer.
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		if got := day(sent.Due); got != "2026-12-08" {
			t.Errorf("promised %s", got)
		}
		town.Clock.Pass(time.Hour)
		accepted := town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		if got := day(accepted.Due); got != "2026-12-07" {
			t.Errorf("accepted on the same day, promised %s", got)
		}
		c := card(t, town, problemtest.Moderator, sent.Number)
		if day(c.State.Original) != "2026-12-08" {
			t.Errorf("the first promise became %s", day(c.State.Original))
		}
	})
}

func TestAQuestionStopsTheClockAndLapsesByItself(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Ask{Text: "Какой фонарь?"})
		town.Clock.Pass(4 * 24 * time.Hour) // to Tuesday: Monday was lost to the question
		replied := town.Give(t, problemtest.Anna, sent.Problem, problem.Reply{Text: "У арки"})
		if replied.Due <= sent.Due || replied.Status != problem.Moderation {
			t.Errorf("promised %s before the question, %s after it", day(sent.Due), day(replied.Due))
		}
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Ask{Text: "А высота?"})
		for _, want := range []int{0, 1} {
			n, err := town.LapseQuestions(context.Background(), problemtest.City)
			must(t, err)
			if n != want {
				t.Errorf("%d questions lapsed, want %d", n, want)
			}
			town.Clock.Pass(5*24*time.Hour + time.Minute)
		}
	})
}

func TestWhatAMessageLacksIsSaidAtItsFields(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		change := func(f func(*problem.Send)) problem.Send { m := problemtest.Message(); f(&m); return m }
		cases := []struct {
			name, field, phrase string
			m                   problem.Send
		}{
			{"no words", "text", "problem.text_missing.send", change(func(m *problem.Send) { m.Text = " \n " })},
			{"too many words", "text", "problem.text_too_long", change(func(m *problem.Send) { m.Text = strings.Repeat("ой ", 500) })},
			{"no text at all", "text", "problem.text_broken", change(func(m *problem.Send) { m.Text = "\xff\xfe" })},
			{"a topic that is not there", "topic", "problem.no_such_topic", change(func(m *problem.Send) { m.Topic = 999 })},
			{"no photo where one is needed", "photos", "problem.photo_needed.photo", change(func(m *problem.Send) {
				m.Topic, m.Place = problemtest.Pothole, place.Draft{Point: problemtest.Square, Mark: place.FreePoint}
			})},
			{"a building for a street", "place", "problem.not_a_building", change(func(m *problem.Send) {
				m.Topic, m.Photos = problemtest.Pothole, []int64{1}
				m.Place = place.Draft{Point: problemtest.Square, Mark: place.OnBuilding, House: problemtest.House}
			})},
			{"no flat where it is asked", "apartment", "problem.extra_needed.apartment", change(func(m *problem.Send) {
				m.Topic, m.Contact = problemtest.Private, problem.Contact{Phone: "2-10-10"}
				m.Place = place.Draft{Mark: place.OnBuilding, House: problemtest.House, Point: problemtest.Square}
			})},
			{"another city", "place", "place.outside", change(func(m *problem.Send) { m.Place = place.Draft{Mark: place.FreePoint}; m.Place.Point.Lat = 59 })},
		}
		for _, c := range cases {
			f := fault.Of(town.Refused(t, problemtest.Anna, 0, c.m))
			if f == nil || len(f.Fields) == 0 || f.Fields[0].Name != c.field || f.Fields[0].Phrase != c.phrase {
				t.Errorf("%s: %v", c.name, f)
			}
		}
	})
}

func TestAClosedSeasonIsRefusedByTheCitysOwnDate(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Topic = problemtest.Snow
		town.Give(t, problemtest.Anna, 0, m) // 20 November
		town.Clock.Pass(132 * 24 * time.Hour)
		if f := fault.Of(town.Refused(t, problemtest.Boris, 0, m)); f.Phrase != "problem.out_of_season" { // 1 April
			t.Error(f)
		}
	})
}

func TestTheEleventhMessageOfADayIsRefusedWithAndWithoutAnAccount(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		for name, who := range map[string]resident.Who{"with": problemtest.Boris, "without": problemtest.Guest} {
			m := problemtest.Message()
			m.Sender = problem.Sender{Device: "a telephone"}
			for i := range 10 {
				m.Place.Point.Lat = 58.2950 + float64(i)*0.001 // each at another spot
				m.Place.Mark, m.Place.House = place.FreePoint, 0
				town.Give(t, who, 0, m)
			}
			m.Place.Point.Lat = 58.3080
			if err := town.Refused(t, who, 0, m); !errors.Is(err, fault.Limited) {
				t.Errorf("%s an account: %v", name, err)
			}
		}
		town.Clock.Pass(24*time.Hour + time.Minute)
		m := problemtest.Message()
		m.Sender = problem.Sender{Device: "a telephone"}
		town.Give(t, problemtest.Guest, 0, m)
	})
}

// Hundreds of people stand behind one address of a mobile operator.
func TestNeighboursBehindOneAddressDoNotUseUpEachOthersDay(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Place.Mark, m.Place.House = place.FreePoint, 0
		for i := range 30 {
			m.Place.Point.Lat = 58.2950 + float64(i)*0.0003
			m.Sender = problem.Sender{Device: fmt.Sprint("telephone ", i/10), Address: "an operator"}
			town.Give(t, problemtest.Guest, 0, m)
		}
		if f := fault.Of(town.Refused(t, problemtest.Guest, 0, m)); f == nil || f.Phrase != "problem.too_many_today" {
			t.Errorf("the same telephone: %v", f)
		}
		must(t, town.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			c, err := town.Places.CityIn(tx, problemtest.City)
			if err != nil {
				return err
			}
			c.Settings.MessagesPerAddress = 30
			return town.Places.SaveCityIn(tx, c)
		}))
		m.Sender.Device = "another telephone, or one that keeps no cookies"
		if f := fault.Of(town.Refused(t, problemtest.Guest, 0, m)); f == nil || f.Phrase != "problem.too_many_there" {
			t.Errorf("beyond the bound of the address: %v", f)
		}
		m.Sender.Address = "at home"
		town.Give(t, problemtest.Guest, 0, m)
	})
}

func TestTheSameProblemTwiceIsRefusedToItsAuthorOnly(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		first := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		f := fault.Of(town.Refused(t, problemtest.Anna, 0, problemtest.Message()))
		if f.Phrase != "problem.sent_already" || f.Args[0] != first.Number {
			t.Errorf("got %v %v", f, f.Args)
		}
		town.Give(t, problemtest.Boris, 0, problemtest.Message())
		elsewhere := problemtest.Message()
		elsewhere.Place = place.Draft{Point: problemtest.Square, Mark: place.FreePoint}
		elsewhere.Place.Point.Lat += 0.001 // 111 m
		town.Give(t, problemtest.Anna, 0, elsewhere)
	})
}

func TestPeopleMayDoWhatTheirPartAllows(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		key := town.Answered(t)
		denied := []struct {
			name string
			who  resident.Who
			c    problem.Command
		}{
			{"a stranger confirms", problemtest.Boris, problem.Confirm{}},
			{"a guest disputes", problemtest.Guest, problem.Dispute{Text: "нет"}},
			{"an executor confirms", problemtest.Electrican, problem.Confirm{}},
			{"a moderator of another district hides a photo", problemtest.EastOnly, problem.HidePhoto{Photo: 1, Reason: "x"}},
			{"an author reopens", problemtest.Anna, problem.Reopen{Text: "x"}},
			{"a stranger erases", problemtest.Boris, problem.Erase{}},
		}
		for _, d := range denied {
			if err := town.Refused(t, d.who, key, d.c); !errors.Is(err, fault.Denied) {
				t.Errorf("%s: %v", d.name, err)
			}
		}
		town.Give(t, problemtest.Boris, key, problem.Join{Key: problem.JoinKey(problemtest.Boris, "")})
		if err := town.Refused(t, problemtest.Boris, key, problem.Join{Key: problem.JoinKey(problemtest.Boris, "")}); !errors.Is(err, fault.Conflict) {
			t.Errorf("joined twice: %v", err)
		}
		town.Give(t, problemtest.Boris, key, problem.Leave{Key: problem.JoinKey(problemtest.Boris, "")})
		if err := town.Refused(t, problemtest.Boris, key, problem.Dispute{Text: "нет"}); !errors.Is(err, fault.Denied) {
			t.Errorf("who left has no word: %v", err)
		}
		town.Give(t, problemtest.Boris, key, problem.Join{Key: problem.JoinKey(problemtest.Boris, "")})
		// Who joined has the author's word after an answer.
		town.Give(t, problemtest.Boris, key, problem.Dispute{Text: "у меня тоже не горит", Channel: "web"})
	})
}

func TestAMessageWithoutAnAccountBelongsToNobodyElse(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Guest, 0, problemtest.Message())
		if err := town.Refused(t, problemtest.Guest, sent.Problem, problem.Withdraw{}); !errors.Is(err, fault.Missing) {
			t.Errorf("another guest: %v", err)
		}
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		town.Give(t, problemtest.Electrican, sent.Problem, problemtest.Signed("Готово"))
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Pass{})
		if err := town.Refused(t, problemtest.Guest, sent.Problem, problem.Confirm{}); !errors.Is(err, fault.Denied) {
			t.Errorf("another guest: %v", err)
		}
	})
}

func TestADisputeGoesBackToWhoAnswered(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		town.Give(t, problemtest.Works, sent.Problem, problem.Redirect{Executor: "roads", Reason: "Опора на дороге"})
		town.Give(t, problemtest.Roadman, sent.Problem, problemtest.Signed("Починили"))
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Pass{})
		town.Give(t, problemtest.Anna, sent.Problem, problem.Dispute{Text: "нет", Channel: "web"})
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		if c := card(t, town, problemtest.Moderator, sent.Number); c.State.Routing.Executor != "roads" {
			t.Errorf("went to %s", c.State.Routing.Executor)
		}
	})
}

func TestAnotherOrganisationCannotAnswer(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		if err := town.Refused(t, problemtest.Roadman, sent.Problem, problemtest.Signed("не наше")); !errors.Is(err, fault.Denied) {
			t.Errorf("before it was accepted: %v", err)
		}
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		if err := town.Refused(t, problemtest.Roadman, sent.Problem, problemtest.Signed("не наше")); !errors.Is(err, fault.Denied) {
			t.Error(err)
		}
		town.Give(t, problemtest.Electrican, sent.Problem, problem.RequestRedirect{Reason: "Это дорожники"})
		town.Give(t, problemtest.Works, sent.Problem, problem.Redirect{Executor: "roads", Reason: "Опора на дороге"})
		town.Give(t, problemtest.Roadman, sent.Problem, problemtest.Signed("Починили"))
		if c := card(t, town, problemtest.Moderator, sent.Number); len(c.State.Earlier) != 1 || c.State.Earlier[0] != "light" {
			t.Errorf("earlier %v", c.State.Earlier)
		}
	})
}

func TestWhyItWasHandedOverIsAMatterOfTheStaff(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		town.Give(t, problemtest.Works, sent.Problem, problem.Redirect{Executor: "roads", Reason: "Опять путают опоры"})
		text := card(t, town, problemtest.Moderator, sent.Number).State.Messages[0].Text
		town.Give(t, problemtest.Moderator, sent.Problem, problem.HideText{Text: text, Reason: "телефон соседа"})
		for who, reads := range map[string]bool{"guest": false, "author": false, "moderator": true, "coordinator": true} {
			reader := map[string]resident.Who{"guest": problemtest.Guest, "author": problemtest.Anna, "moderator": problemtest.Moderator, "coordinator": problemtest.Works}[who]
			var told []string
			for _, e := range card(t, town, reader, sent.Number).Feed {
				switch e.Data.(type) {
				case problem.Redirected, problem.TextHidden:
					told = append(told, e.Text.Body)
				}
			}
			want := []string{"", ""}
			if reads {
				want = []string{"Опять путают опоры", "телефон соседа"}
			}
			if !slices.Equal(told, want) {
				t.Errorf("%s reads %q", who, told)
			}
		}
	})
}

func TestACoordinatorReadsNothingBeforeAModeratorHas(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Topic = problemtest.Lamp
		sent := town.Give(t, problemtest.Anna, 0, m)
		if _, err := town.Find(t.Context(), problemtest.Works, sent.Number); !errors.Is(err, fault.Missing) {
			t.Errorf("in moderation: %v", err)
		}
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		if c := card(t, town, problemtest.Works, sent.Number); !c.Staff {
			t.Error("accepted, and still not the coordinator's")
		}
	})
}

func TestWhatIsNotPublicIsMissingToStrangers(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Topic, m.Contact = problemtest.Private, problem.Contact{Phone: "2-10-10", Apartment: "12", Email: "anna@example.org"}
		m.Place = place.Draft{Mark: place.OnBuilding, House: problemtest.House, Point: problemtest.Square}
		sent := town.Give(t, problemtest.Anna, 0, m)
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Accept{})
		for _, who := range []resident.Who{problemtest.Guest, problemtest.Boris, problemtest.Electrican} {
			if _, err := town.Find(context.Background(), who, sent.Number); !errors.Is(err, fault.Missing) {
				t.Errorf("%+v: %v", who, err)
			}
		}
		executor := resident.Who{City: problemtest.City, ID: 3, Org: "admin", Roles: []resident.Role{resident.Executor}}
		c := card(t, town, executor, sent.Number).Contact
		if c == nil || c.Apartment != "12" || c.Phone != "2-10-10" || c.Email != "" {
			t.Errorf("the executor sees %+v: the topic asks for flat and phone only", c)
		}
		if c := card(t, town, problemtest.Anna, sent.Number).Contact; c == nil || c.Email == "" {
			t.Errorf("the author sees %+v", c)
		}
	})
}

func TestAFollowLinkIsTheAuthorOfOneProblem(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		sent, err := town.Do(ctx, problemtest.Guest, problem.Order{Command: problemtest.Message(), Key: town.Key()})
		must(t, err)
		other := town.Give(t, problemtest.Boris, 0, problemtest.Message())
		enter := func(f func(tx *sqldb.Tx) (resident.Who, bool, error)) (who resident.Who, ok bool, err error) {
			err = town.DB.Do(ctx, func(tx *sqldb.Tx) error { who, ok, err = f(tx); return err })
			return who, ok, err
		}
		who, _, err := enter(func(tx *sqldb.Tx) (resident.Who, bool, error) {
			w, err := town.Follow(tx, problemtest.Guest, sent.Secret)
			return w, true, err
		})
		must(t, err)
		town.Give(t, who, sent.Problem, problem.Withdraw{})
		if err := town.Refused(t, who, other.Problem, problem.Withdraw{}); !errors.Is(err, fault.Missing) {
			t.Errorf("the link opened another problem: %v", err)
		}
		byCode := func(code string) (bool, error) {
			_, ok, err := enter(func(tx *sqldb.Tx) (resident.Who, bool, error) {
				return town.FollowByCode(tx, problemtest.Guest, sent.Number, code)
			})
			return ok, err
		}
		if ok, err := byCode(sent.Code); !ok || err != nil {
			t.Errorf("the right code: %v %v", ok, err)
		}
		for range 10 {
			if ok, err := byCode("00000000"); ok || err != nil {
				t.Errorf("a wrong code: %v %v", ok, err)
			}
		}
		if _, err := byCode(sent.Code); !errors.Is(err, fault.Limited) {
			t.Errorf("after ten wrong codes: %v", err)
		}
	})
}

func TestSilenceAsksFirstAndThenClosesApart(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		town.Answered(t)
		want := []struct{ asked, closed int }{{0, 0}, {1, 0}, {0, 0}, {0, 1}, {0, 0}}
		for i, pass := range []time.Duration{16, 2, 1, 2, 1} {
			town.Clock.Pass(pass * 24 * time.Hour)
			asked, closed, err := town.EndSilence(context.Background(), problemtest.City)
			must(t, err)
			if asked != want[i].asked || closed != want[i].closed {
				t.Errorf("run %d asked %d and closed %d, want %+v", i+1, asked, closed, want[i])
			}
		}
		clean(t, town, 1)
	})
}

// marker is planted as personal data; after an erasure nothing may hold it.
const marker = "Zxq-марк-7"

func TestAnErasureLeavesNoTraceAndAWholeFeed(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		m := problemtest.Message()
		m.Text, m.Contact = "Пишет "+marker, problem.Contact{Email: marker + "@example.org", Phone: marker}
		sent := town.Give(t, problemtest.Anna, 0, m)
		town.Give(t, problemtest.Moderator, sent.Problem, problem.Ask{Text: "Где?"})
		town.Give(t, problemtest.Anna, sent.Problem, problem.Reply{Text: marker + " у арки"})
		town.Give(t, problemtest.Anna, sent.Problem, problem.Erase{})
		for _, column := range []string{"body FROM problem_text", "contact FROM problem_contact", "data FROM problem_event", "state FROM problem", "outcome FROM problem_command"} {
			must(t, town.DB.View(context.Background(), func(tx *sqldb.Tx) error {
				list, err := sqldb.List(tx, sqldb.Text, "SELECT "+column)
				if strings.Contains(strings.Join(list, "\n"), marker) {
					t.Errorf("%s still holds the marker", column)
				}
				return err
			}))
		}
		if c := card(t, town, problemtest.Moderator, sent.Number); !c.State.Erased || c.State.Author != 0 {
			t.Errorf("state %+v", c.State)
		}
		clean(t, town, 1)
	})
}

func TestAHiddenTextIsReadByStaffOnly(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		key := town.Answered(t)
		c := card(t, town, problemtest.Moderator, 0, key)
		town.Give(t, problemtest.Moderator, key, problem.HideText{Text: c.State.Messages[0].Text, Reason: "брань"})
		seenBy := func(who resident.Who) string { return card(t, town, who, 0, key).Feed[0].Text.Body }
		if seenBy(problemtest.Guest) != "" || seenBy(problemtest.Moderator) == "" {
			t.Errorf("guest reads %q, moderator reads %q", seenBy(problemtest.Guest), seenBy(problemtest.Moderator))
		}
	})
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		town.Answered(t)
		clean(t, town, 1)
		for _, crime := range []string{
			`UPDATE problem SET due = due + 1`,
			`UPDATE problem_text SET body = 'подменили' WHERE id = (SELECT min(id) FROM problem_text)`,
			`DELETE FROM problem_event WHERE seq = 2`,
		} {
			must(t, town.DB.Do(context.Background(), func(tx *sqldb.Tx) error { _, err := tx.Exec(crime); return err }))
			before := len(flaws(t, town))
			if before == 0 {
				t.Errorf("not found: %s", crime)
			}
		}
	})
}

func TestEveryEntryIsNewsForWhoListens(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		for _, kind := range problem.News() {
			town.Bus.On(kind, "test.hear")
		}
		town.Answered(t)
		must(t, town.DB.View(context.Background(), func(tx *sqldb.Tx) error {
			jobs, err := job.List(tx, problemtest.City, job.Ready, 10)
			if len(jobs) != 4 {
				t.Errorf("%d pieces of news for four entries", len(jobs))
			}
			for _, j := range jobs {
				if strings.Contains(string(j.Args), "фонарь") {
					t.Errorf("a job carries words: %s", j.Args)
				}
			}
			return err
		}))
	})
}

func TestQueuesShowTheMostUrgentFirstAndOnlyOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		ctx := context.Background()
		first := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		town.Clock.Pass(24 * time.Hour * 4)
		second := town.Give(t, problemtest.Boris, 0, problemtest.Message())
		items, err := town.Queue(ctx, problemtest.Moderator, problem.Queue{Statuses: []problem.Status{problem.Moderation}, Limit: 10})
		must(t, err)
		if len(items) != 2 || items[0].ID != first.Problem || items[1].ID != second.Problem || items[0].Text == "" {
			t.Errorf("queue %+v", items)
		}
		items, err = town.Queue(ctx, problemtest.EastOnly, problem.Queue{Statuses: []problem.Status{problem.Moderation}, Limit: 10})
		must(t, err)
		if len(items) != 0 {
			t.Errorf("the moderator of the east sees %d messages of the west", len(items))
		}
		if _, err := town.Queue(ctx, problemtest.Anna, problem.Queue{}); !errors.Is(err, fault.Denied) {
			t.Error(err)
		}
		near, err := town.Around(ctx, problemtest.City, problem.Neighbourhood{Point: problemtest.Square, Metres: 50, Except: first.Problem})
		must(t, err)
		if len(near) != 1 || near[0].ID != second.Problem {
			t.Errorf("near %+v", near)
		}
		mine, err := town.Mine(ctx, problemtest.Boris, 10)
		must(t, err)
		if len(mine) != 1 {
			t.Errorf("mine %+v", mine)
		}
	})
}

func TestOneCityDoesNotSeeAnothers(t *testing.T) {
	each(t, func(t *testing.T, town *problemtest.Town) {
		sent := town.Give(t, problemtest.Anna, 0, problemtest.Message())
		elsewhere := problemtest.Moderator
		elsewhere.City = 2
		if _, err := town.Find(context.Background(), elsewhere, sent.Number); !errors.Is(err, fault.Missing) {
			t.Error(err)
		}
	})
}

func TestTheSameHistoryIsExportedAlikeByBothEngines(t *testing.T) {
	t.Parallel()
	export := func(db *sqldb.DB) string {
		town := problemtest.New(t, db)
		key := town.Answered(t)
		town.Give(t, problemtest.Anna, key, problem.Dispute{Text: "нет", Channel: "web"})
		var b strings.Builder
		must(t, town.Export(context.Background(), problemtest.City, func(e problem.Exported) error {
			fmt.Fprintln(&b, e.Number, string(e.State), fmt.Sprintf("%+v", e.Feed))
			return nil
		}))
		return b.String()
	}
	if a, b := export(kit.SQLite(t)), export(kit.Postgres(t)); a != b || a == "" {
		t.Errorf("SQLite gives\n%s\nPostgreSQL gives\n%s", a, b)
	}
}

func card(t *testing.T, town *problemtest.Town, who resident.Who, number int64, key ...int64) problem.Card {
	t.Helper()
	var c problem.Card
	var err error
	if len(key) > 0 {
		c, err = town.FindByID(context.Background(), who, key[0])
	} else {
		c, err = town.Find(context.Background(), who, number)
	}
	must(t, err)
	return c
}

func flaws(t *testing.T, town *problemtest.Town) []problem.Flaw {
	t.Helper()
	_, found, err := town.Verify(context.Background(), problemtest.City, nil)
	must(t, err)
	return found
}

// clean expects that the database verifies.
func clean(t *testing.T, town *problemtest.Town, problems int) {
	t.Helper()
	n, found, err := town.Verify(context.Background(), problemtest.City, nil)
	must(t, err)
	if n != problems || len(found) > 0 {
		t.Errorf("verified %d problems, flaws %v", n, found)
	}
}

func day(m problem.Moment) string { return m.Time().Add(3 * time.Hour).Format("2006-01-02") }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
