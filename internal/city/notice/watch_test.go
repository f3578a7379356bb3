package notice_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/notice"
	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

func TestWhoWatchesHearsWhatWhoJoinedHears(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna, vera := b.resident(t, "anna@z.example"), b.resident(t, "vera@z.example")
		must(t, b.Choose(ctx, vera, problem, notice.Watch))
		must(t, b.Choose(ctx, vera, problem, notice.Watch)) // pressed twice
		for i, c := range []struct {
			event  string
			public bool
			actor  int64
			want   string
		}{
			{"sent", false, anna.ID, "anna@z.example"},
			{"accepted", true, 0, "anna@z.example vera@z.example"},
			{"asked", true, 0, "anna@z.example"},
			{"passed", true, 0, "anna@z.example vera@z.example"},
			{"solved_asked", true, 0, "anna@z.example"},
			{"solved", true, vera.ID, "anna@z.example"},
			{"redirected", false, 0, "anna@z.example"}, // the topic is not public any more
			{"passed", true, 0, "anna@z.example vera@z.example"},
		} {
			b.clear(t)
			s := lamp(c.event)
			s.Author, s.Public, s.Actor = anna.ID, c.public, c.actor
			b.happen(t, int64(i+1), s)
			if got := b.to(t); got != c.want {
				t.Errorf("%d. %s went to %q, want %q", i+1, c.event, got, c.want)
			}
		}
		letters := b.caught(t)
		i := slices.IndexFunc(letters, func(c notice.Caught) bool { return c.To == "vera@z.example" })
		if !strings.Contains(letters[i].Text, "Вы следите за этой проблемой") {
			t.Errorf("the letter does not say why it came:\n%s", letters[i].Text)
		}
		if strings.Contains(letters[i].Subject+letters[i].Text, "решена") || !strings.Contains(letters[i].Text, "/problem/24017\n") {
			t.Errorf("somebody who has no word is asked for it:\n%s", letters[i].Text)
		}
		must(t, b.Choose(ctx, vera, problem, notice.Unsaid))
		b.clear(t)
		s := lamp("fell_silent")
		s.Author, s.Public = anna.ID, true
		b.happen(t, 20, s)
		if got := b.to(t); got != "anna@z.example" {
			t.Errorf("who stopped watching: %q", got)
		}
	})
}

func TestWhatIsNotPublicAnyMoreWhenALetterGoesIsKeptFromWhoWatches(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna, vera := b.resident(t, "anna@z.example"), b.resident(t, "vera@z.example")
		must(t, b.Choose(ctx, vera, problem, notice.Watch))
		b.clear(t)
		down := &flaky{Post: b.town.Mail, down: true}
		b.town.Mail = down
		s := lamp("accepted")
		s.Author, s.Public = anna.ID, true
		b.happen(t, 2, s)
		s.Public = false
		b.subjects[2] = s
		down.down = false
		b.clock.Pass(time.Minute)
		b.work(t)
		if got := b.to(t); got != "anna@z.example" {
			t.Errorf("letters to %q", got)
		}
	})
}

func TestASilencedProblemSendsNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna, boris := b.resident(t, "anna@z.example"), b.resident(t, "boris@z.example")
		for _, who := range []resident.Who{anna, boris} {
			must(t, b.Choose(ctx, who, problem, notice.Silence))
		}
		seq := int64(0)
		tell := func(event string) string {
			b.clear(t)
			seq++
			s := lamp(event)
			s.Author, s.Joined, s.Public = anna.ID, []int64{boris.ID}, true
			b.happen(t, seq, s)
			return b.to(t)
		}
		for _, event := range []string{"accepted", "asked", "passed", "solved_asked"} {
			if got := tell(event); got != "" {
				t.Errorf("%s went to %q", event, got)
			}
		}
		must(t, b.Choose(ctx, anna, problem, notice.Unsaid))
		if got := tell("passed"); got != "anna@z.example" {
			t.Errorf("after it was switched on: %q", got)
		}
		choice, err := b.Choice(ctx, boris, problem)
		must(t, err)
		if choice != notice.Silence {
			t.Errorf("boris said %q", choice)
		}
	})
}

func TestAnAuthorWithoutAnAccountSilencesTheirProblemOnly(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		author := resident.Who{City: city, Problem: problem}
		s := lamp("accepted")
		s.Contact.Email = "guest@z.example"
		for seq, choice := range []notice.Choice{notice.Silence, notice.Unsaid} {
			b.clear(t)
			must(t, b.Choose(ctx, author, problem, choice))
			got, err := b.Choice(ctx, author, problem)
			must(t, err)
			b.happen(t, int64(seq+1), s)
			if got != choice || (b.to(t) == "") != (choice == notice.Silence) {
				t.Errorf("%q: choice %q, letters to %q", choice, got, b.to(t))
			}
		}
		for _, who := range []resident.Who{residenttest.Nobody(), {City: city, Problem: 999}} {
			if err := b.Choose(ctx, who, problem, notice.Watch); !errors.Is(err, fault.Denied) {
				t.Errorf("%+v: %v", who, err)
			}
		}
	})
}

func TestAContactLeftAfterwardsIsToldThereAndNowhereElse(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		boris := b.resident(t, "boris@z.example")
		must(t, b.Choose(ctx, boris, problem, notice.Watch))
		b.clear(t)
		s := lamp("contact_given")
		s.Contact = notice.Contact{Email: "guest@z.example", Language: "ru"}
		s.Private = notice.Links{Page: "https://zarechny.example/follow/secret"}
		s.ByAuthor, s.Public, s.Joined = true, true, []int64{boris.ID}
		b.happen(t, 3, s)
		got := b.caught(t)
		if len(got) != 1 || got[0].To != "guest@z.example" || got[0].Subject != "№\u00a024\u202f017: будем писать сюда" || !strings.Contains(got[0].Text, s.Private.Page) {
			t.Fatalf("caught %+v", got)
		}
		b.clear(t)
		s.Contact = notice.Contact{Phone: "+79213456789"}
		b.happen(t, 4, s)
		s.Author, s.Contact = boris.ID, notice.Contact{}
		b.happen(t, 5, s)
		if got := b.to(t); got != "" {
			t.Errorf("an SMS that asks nothing, or a letter to an account: %q", got)
		}
	})
}

func TestTheLinkInALetterMayStopOneProblemOnly(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna := b.resident(t, "anna@z.example")
		s := lamp("accepted")
		s.Author = anna.ID
		b.happen(t, 2, s)
		links := b.caught(t)[0].Links
		token := strings.TrimPrefix(links[len(links)-1].URL, b.town.OffURL)
		off, err := b.CheckOff(city, token)
		must(t, err)
		if off != (notice.Off{Person: anna.ID, Problem: problem}) {
			t.Errorf("off %+v", off)
		}
		for range 2 {
			if _, err := b.UnsubscribeOne(ctx, city, token); err != nil {
				t.Fatal(err)
			}
		}
		for _, bad := range []string{"", token + "0", "p" + token[1:], strings.Replace(token, ".", "", 1)} {
			if _, err := b.UnsubscribeOne(ctx, city, bad); !errors.Is(err, fault.Missing) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		b.clear(t)
		b.happen(t, 3, s)
		set, err := b.Settings(ctx, anna)
		must(t, err)
		if b.to(t) != "" || len(set.Email) == 0 {
			t.Errorf("letters to %q, of other problems: %v", b.to(t), set.Email)
		}
	})
}

func TestTheChoicesOfAnErasedPersonAreForgotten(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna, boris := b.resident(t, "anna@z.example"), b.resident(t, "boris@z.example")
		for i, who := range []resident.Who{anna, anna, boris} {
			must(t, b.Choose(ctx, who, int64(100+i), notice.Watch))
			b.clock.Pass(1)
		}
		keys, err := b.Watched(ctx, anna)
		must(t, err)
		if len(keys) != 2 {
			t.Errorf("anna watches %v", keys)
		}
		must(t, b.people.Erase(ctx, anna, anna.ID, resident.From{}))
		b.work(t)
		if got := texts(t, db, `SELECT CAST(person AS TEXT) FROM notice_watch`); !slices.Equal(got, []string{fmt.Sprint(boris.ID)}) {
			t.Errorf("rows of %v", got)
		}
	})
}

func TestManyWhoWatchAreAllTold(t *testing.T) {
	t.Parallel()
	b := setup(t, kit.SQLite(t))
	s := lamp("accepted")
	s.Public = true
	for i := range 230 {
		must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			if _, err := tx.Exec(`
				INSERT INTO person (city, id, staff, name, login, phone, email, language, org, position, password, password_until,
					must_change, blocked, erased, created, seen, version, pack, pack_sum)
				VALUES ($1, $2, 0, '', '', '', $3, 'ru', '', '{}', '', 0, 0, 0, 0, 1, 0, 1, '', '')`, city, 5000+i, fmt.Sprintf("r%d@z.example", i)); err != nil {
				return err
			}
			return b.ChooseIn(tx, resident.Who{City: city, ID: int64(5000 + i)}, problem, notice.Watch)
		}))
	}
	b.happen(t, 2, s)
	if n := len(b.caught(t)); n != 200 { // caught lists 200 at most
		t.Errorf("%d letters", n)
	}
	if rows := texts(t, b.DB, `SELECT recipient FROM notice WHERE state = 'sent'`); len(rows) != 230 {
		t.Errorf("%d were told", len(rows))
	}
}
