package notice_test

import (
	"bytes"
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
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), resident.Migrations(), notice.Migrations())

const (
	city    = residenttest.City
	problem = 77
)

// told is what these tests let be told, by entry of the feed.
type told map[int64]notice.Subject

func (f told) Subject(_ context.Context, _, _, seq int64) (notice.Subject, error) {
	s, ok := f[seq]
	if !ok {
		return s, fault.Missing.New("problem.missing")
	}
	return s, nil
}

// bench is a service with a caught outbox and a clock that the test moves.
type bench struct {
	*notice.Service
	people   *resident.Service
	subjects told
	town     notice.Town
	clock    *sqldbtest.Clock
	runner   *job.Runner
	bus      *event.Bus
	failed   []string
}

func setup(t *testing.T, db *sqldb.DB) *bench {
	t.Helper()
	phrases, err := locale.Shipped()
	must(t, err)
	clock := sqldbtest.NewClock(sqldbtest.Start)
	db = db.At(clock.Now)
	b := &bench{subjects: told{}, clock: clock, bus: &event.Bus{}}
	for _, kind := range notice.Events() {
		b.bus.On("problem."+kind, notice.TellJob)
	}
	b.bus.On(resident.CodeAsked, notice.CodeJob)
	b.bus.On(resident.LinkAsked, notice.CodeJob)
	b.bus.On(resident.PersonErased, notice.ForgetJob)
	b.people = residenttest.Service(db, b.bus)
	catcher := notice.Catcher{DB: db, City: city}
	b.town = notice.Town{
		Name: map[string]string{"ru": "Заречный", "en": "Zarechny"}, Main: "ru", Zone: time.FixedZone("MSK", 3*3600),
		EnterURL: "https://zarechny.example/signin/link/", OffURL: "https://zarechny.example/off/",
		SettingsURL: "https://zarechny.example/cabinet", Mail: catcher, Phones: catcher,
	}
	b.Service = notice.New(notice.Service{DB: db, Subjects: b.subjects, People: b.people, Phrases: phrases,
		Key:  bytes.Repeat([]byte{9}, 32),
		Town: func(context.Context, int64) (notice.Town, error) { return b.town, nil },
	})
	b.runner = &job.Runner{DB: db, Handlers: b.Jobs(), Done: func(_ context.Context, j job.Job, _ time.Duration, err error) {
		if err != nil {
			b.failed = append(b.failed, j.Kind+": "+err.Error())
		}
	}}
	return b
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// resident makes an account by e-mail or phone.
func (b *bench) resident(t *testing.T, contact string) resident.Who {
	t.Helper()
	ctx, nobody, ways := context.Background(), residenttest.Nobody(), resident.Ways{SMS: true, Email: true}
	from := resident.From{Language: "ru"}
	var in resident.Entered
	if strings.Contains(contact, "@") {
		_, err := b.people.AskLink(ctx, nobody, contact, ways, from)
		must(t, err)
		b.work(t)
		link := b.caught(t)[0].Links[0].URL
		in, err = b.people.EnterLink(ctx, nobody, strings.TrimPrefix(link, b.town.EnterURL), "", from)
		must(t, err)
	} else {
		ticket, err := b.people.AskCode(ctx, nobody, contact, ways, from)
		must(t, err)
		b.work(t)
		in, err = b.people.EnterCode(ctx, nobody, ticket.ID, b.caught(t)[0].Text[:6], "", from)
		must(t, err)
	}
	return in.Person.Who(city)
}

// happen publishes an entry of the feed and does what is due.
func (b *bench) happen(t *testing.T, seq int64, s notice.Subject) {
	t.Helper()
	b.subjects[seq] = s
	b.publish(t, seq, s.Event)
	b.work(t)
}

func (b *bench) publish(t *testing.T, seq int64, kind string) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		return b.bus.Publish(tx, event.Event{City: city, Kind: "problem." + kind, Subject: problem, Seq: seq})
	}))
}

func (b *bench) work(t *testing.T) {
	t.Helper()
	_, err := b.runner.Drain(context.Background())
	must(t, err)
}

// caught is the outbox, the newest first.
func (b *bench) caught(t *testing.T) []notice.Caught {
	t.Helper()
	page, err := b.Caught(context.Background(), resident.Machine(city), "", 0, 200)
	must(t, err)
	return page.Caught
}

// to lists who got something, sorted.
func (b *bench) to(t *testing.T) string {
	t.Helper()
	var list []string
	for _, c := range b.caught(t) {
		list = append(list, c.To)
	}
	slices.Sort(list)
	return strings.Join(list, " ")
}

func (b *bench) clear(t *testing.T) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`DELETE FROM outbox_caught`)
		return err
	}))
}

// lamp is an entry of a problem with everything that may be told.
func lamp(event string) notice.Subject {
	return notice.Subject{
		Number: 24017, Topic: map[string]string{"ru": "Не горит фонарь", "en": "Street light is out"}, Address: "Садовая улица, 14",
		Event: event, Org: map[string]string{"ru": "Горсвет", "en": "City Light"},
		Due: time.Date(2026, 12, 8, 20, 59, 59, 0, time.UTC),
		Links: notice.Links{Page: "https://zarechny.example/problem/24017",
			Confirm: "https://zarechny.example/problem/24017?confirm=1", Dispute: "https://zarechny.example/problem/24017?dispute=1"},
	}
}

func TestTheAuthorGetsALetterThatSaysWhatHappened(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		anna := b.resident(t, "anna@zarechny.example")
		b.clear(t)
		s := lamp("passed")
		s.Author, s.Text = anna.ID, "Заменили лампу.\nСветло!"
		b.happen(t, 5, s)
		got := b.caught(t)
		if len(got) != 1 || got[0].To != "anna@zarechny.example" {
			t.Fatalf("caught %+v, failed %v", got, b.failed)
		}
		letter := got[0]
		if letter.Subject != "№\u00a024\u202f017: пришёл ответ. Проблема решена?" {
			t.Errorf("subject %q", letter.Subject)
		}
		for _, part := range []string{"Здравствуйте!", "Не горит фонарь · Садовая улица, 14", "Заменили лампу.", "Занимается: Горсвет.",
			"Да, решена", s.Links.Confirm, "Нет, не решена", s.Links.Dispute, "https://zarechny.example/off/b", "https://zarechny.example/cabinet"} {
			if !strings.Contains(letter.Text, part) {
				t.Errorf("the text lacks %q:\n%s", part, letter.Text)
			}
			if !strings.Contains(strings.ReplaceAll(letter.HTML, "&amp;", "&"), part) {
				t.Errorf("the HTML lacks %q:\n%s", part, letter.HTML)
			}
		}
		if len(letter.Links) != 4 || letter.Links[1].Label != "Нет, не решена" {
			t.Errorf("links %+v", letter.Links)
		}
	})
}

func TestWhatPeopleWroteIsNoMarkup(t *testing.T) {
	t.Parallel()
	b := setup(t, kit.SQLite(t))
	anna := b.resident(t, "anna@zarechny.example")
	s := lamp("asked")
	s.Author, s.Text, s.Address = anna.ID, `<script>alert(1)</script>`, `"><img src=x>`
	s.Links.Page = "javascript:alert(1)"
	b.happen(t, 2, s)
	html := b.caught(t)[0].HTML
	for _, bad := range []string{"<script", "<img", `href="javascript:`} {
		if strings.Contains(html, bad) {
			t.Errorf("%s is in\n%s", bad, html)
		}
	}
}

func TestEachHearsWhatConcernsThem(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		anna, boris := b.resident(t, "anna@z.example"), b.resident(t, "boris@z.example")
		vera, _, err := b.people.AddPerson(context.Background(), residenttest.Administrator(), residenttest.Draft("vera", resident.Executor), resident.From{})
		must(t, err)
		seq := int64(0)
		for _, c := range []struct {
			event   string
			interim bool
			actor   int64
			want    string
		}{
			{"sent", false, anna.ID, "anna@z.example"},
			{"accepted", false, vera.ID, "anna@z.example boris@z.example"},
			{"asked", false, vera.ID, "anna@z.example"},
			{"refused", false, vera.ID, "anna@z.example"},
			{"redirected", false, vera.ID, "anna@z.example boris@z.example"},
			{"passed", true, vera.ID, "anna@z.example boris@z.example"},
			{"passed", false, vera.ID, "anna@z.example boris@z.example"},
			{"solved_asked", false, 0, "anna@z.example boris@z.example"},
			{"solved", false, boris.ID, "anna@z.example"},
			{"solved", false, anna.ID, "boris@z.example"},
			{"solved_on_spot", false, vera.ID, "anna@z.example boris@z.example"},
			{"fell_silent", false, 0, "anna@z.example boris@z.example"},
		} {
			b.clear(t)
			seq++
			s := lamp(c.event)
			s.Author, s.Joined, s.Actor, s.Interim, s.ByAuthor = anna.ID, []int64{boris.ID, anna.ID}, c.actor, c.interim, c.actor == anna.ID
			b.happen(t, seq, s)
			if got := b.to(t); got != c.want {
				t.Errorf("%s by %d went to %q, want %q", c.event, c.actor, got, c.want)
			}
			for _, letter := range b.caught(t) {
				if strings.Contains(letter.Subject+letter.Text, "⟦") {
					t.Errorf("%s: a phrase is missing in\n%s", c.event, letter.Text)
				}
			}
		}
		b.clear(t)
		b.happen(t, 99, lamp("noted"))
		if got := b.to(t); got != "" {
			t.Errorf("a note among staff went to %s", got)
		}
	})
}

func TestAnAuthorWithoutAnAccountGetsThePrivateLink(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		s := lamp("sent")
		s.Contact = notice.Contact{Email: "guest@z.example", Language: "en"}
		s.Private = notice.Links{Page: "https://zarechny.example/f/secret"}
		s.ByAuthor = true
		b.happen(t, 1, s)
		letter := b.caught(t)[0]
		for _, part := range []string{"Hello,", "Street light is out", "https://zarechny.example/f/secret", "Do not pass it on", "Expect the answer by 8 December."} {
			if !strings.Contains(letter.Text, part) {
				t.Errorf("no %q in\n%s", part, letter.Text)
			}
		}
		s.Event, s.Text = "solved", ""
		b.happen(t, 2, s)
		if n := len(b.caught(t)); n != 1 {
			t.Errorf("%d letters: the author was told what they did themselves", n)
		}
	})
}

func TestAnEventThatComesTwiceTellsOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		s := lamp("accepted")
		s.Contact.Email = "guest@z.example"
		b.happen(t, 2, s)
		b.happen(t, 2, s)
		if n := len(b.caught(t)); n != 1 {
			t.Errorf("%d letters", n)
		}
	})
}

func TestWhatWasHiddenOrErasedMeanwhileIsNotSent(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna := b.resident(t, "anna@z.example")
		b.clear(t)
		down := &flaky{Post: b.town.Mail, down: true}
		b.town.Mail = down
		s := lamp("asked")
		s.Author, s.Text = anna.ID, "Какой это подъезд?"
		b.happen(t, 2, s)
		stored := fmt.Sprint(texts(t, db, `SELECT args || error FROM job`), texts(t, db, `SELECT recipient || way || state FROM notice`))
		if strings.Contains(stored, "anna@") || strings.Contains(stored, "подъезд") || !strings.Contains(stored, "the server is down") {
			t.Errorf("queued: %s", stored)
		}
		s.Text = "" // hidden by a moderator
		b.subjects[2] = s
		down.down = false
		b.clock.Pass(time.Minute)
		b.work(t)
		got := b.caught(t)
		if len(got) != 1 || strings.Contains(got[0].Text, "подъезд") {
			t.Fatalf("sent %+v", got)
		}

		b.clear(t)
		down.down = true
		b.happen(t, 3, s)
		must(t, b.people.Block(ctx, residenttest.Administrator(), anna.ID, true, resident.From{}))
		down.down = false
		b.clock.Pass(time.Minute)
		b.work(t)
		if got := b.to(t); got != "" {
			t.Errorf("somebody blocked was told: %s", got)
		}
		must(t, b.people.Block(ctx, residenttest.Administrator(), anna.ID, false, resident.From{}))
		down.down = true
		b.happen(t, 4, s)
		must(t, b.people.Erase(ctx, anna, anna.ID, resident.From{}))
		down.down = false
		b.clock.Pass(time.Minute)
		b.work(t)
		if got := b.to(t); got != "" {
			t.Errorf("a letter went to %s", got)
		}
	})
}

// flaky is a post whose server may be down.
type flaky struct {
	notice.Post
	down bool
}

func (f *flaky) Deliver(ctx context.Context, m notice.Mail) error {
	if f.down {
		return errors.New("the server is down")
	}
	return f.Post.Deliver(ctx, m)
}

func texts(t *testing.T, db *sqldb.DB, query string) []string {
	t.Helper()
	var list []string
	must(t, db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		list, err = sqldb.List(tx, sqldb.Text, query)
		return err
	}))
	return list
}

func TestAnSMSGoesOnlyWhereSomethingIsAskedAndNotAtNight(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		anna := b.resident(t, "+79213456789")
		b.clear(t)
		s := lamp("accepted")
		s.Author = anna.ID
		b.happen(t, 2, s)
		s.Event = "passed"
		b.happen(t, 3, s) // 18:42
		if got := b.caught(t); len(got) != 1 || got[0].Way != notice.SMS || got[0].Text !=
			"№\u00a024\u202f017: пришёл ответ. Проблема решена? Не горит фонарь. https://zarechny.example/problem/24017" ||
			got[0].Links[0].URL != s.Links.Page {
			t.Fatalf("caught %+v", got)
		}
		b.clear(t)
		b.clock.Pass(4 * time.Hour) // 22:42
		s.Event = "solved_asked"
		b.happen(t, 4, s)
		b.clock.Pass(9 * time.Hour) // 7:42
		b.work(t)
		if n := len(b.caught(t)); n != 0 {
			t.Error("somebody was woken up")
		}
		b.clock.Pass(18 * time.Minute)
		b.work(t)
		if n := len(b.caught(t)); n != 1 {
			t.Errorf("%d SMS in the morning", n)
		}
	})
}

func TestPeopleChooseWhatTheyHear(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna := b.resident(t, "anna@z.example")
		b.clear(t)
		set, err := b.Settings(ctx, anna)
		must(t, err)
		if len(set.Email) != len(notice.Kinds()) || len(set.SMS) != 0 || set.QuietFrom != 22*60 {
			t.Errorf("defaults %+v", set)
		}
		must(t, b.Set(ctx, anna, notice.Settings{Email: []notice.Kind{"nonsense", notice.Closed, notice.Answered}, QuietFrom: 60, QuietTo: 120}))
		set, err = b.Settings(ctx, anna)
		must(t, err)
		if !slices.Equal(set.Email, []notice.Kind{notice.Answered, notice.Closed}) || set.QuietTo != 120 {
			t.Errorf("kept %+v", set)
		}
		for i, event := range []string{"accepted", "passed", "fell_silent"} {
			s := lamp(event)
			s.Author = anna.ID
			b.happen(t, int64(i+1), s)
		}
		if n := len(b.caught(t)); n != 2 {
			t.Errorf("%d letters", n)
		}
		for _, bad := range []notice.Settings{{QuietFrom: -1}, {QuietTo: 1440}} {
			if err := b.Set(ctx, anna, bad); !errors.Is(err, fault.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
		if err := b.Set(ctx, residenttest.Nobody(), set); !errors.Is(err, fault.Missing) {
			t.Errorf("nobody has settings: %v", err)
		}
	})
}

func TestTheLinkInALetterStopsThemWithoutSigningIn(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		anna := b.resident(t, "anna@z.example")
		token := func() string {
			links := b.caught(t)[0].Links
			return strings.TrimPrefix(links[len(links)-1].URL, b.town.OffURL)
		}
		s := lamp("accepted")
		s.Author = anna.ID
		b.happen(t, 2, s)
		mine := token()
		s.Author, s.Contact.Email = 0, "guest@z.example"
		b.happen(t, 3, s)
		guests := token()
		for _, bad := range []string{"", "-", "p", "p1", mine + "0", mine[:len(mine)-1], "p" + guests[1:], "m" + mine[1:], strings.ToUpper(mine)} {
			if _, err := b.Unsubscribe(ctx, city, bad); !errors.Is(err, fault.Missing) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		if _, err := b.Unsubscribe(ctx, 2, mine); !errors.Is(err, fault.Missing) {
			t.Errorf("another city: %v", err)
		}
		for range 2 {
			off, err := b.Unsubscribe(ctx, city, mine)
			must(t, err)
			if off.Person != anna.ID {
				t.Errorf("off %+v", off)
			}
			off, err = b.Unsubscribe(ctx, city, guests)
			must(t, err)
			if off.Problem != problem {
				t.Errorf("off %+v", off)
			}
		}
		b.clear(t)
		b.happen(t, 4, s)
		s.Author = anna.ID
		b.happen(t, 5, s)
		if got := b.to(t); got != "" {
			t.Errorf("letters still go to %s", got)
		}
	})
}

func TestCodesAndLinksGoOutAndAreForgotten(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		b.clock.Pass(8 * time.Hour) // 2:42 at night: who asks for a code is awake
		anna := b.resident(t, "+79213456789")
		sms := b.caught(t)[0]
		if sms.To != "+79213456789" || !strings.HasSuffix(sms.Text, " — код для входа, Заречный. Никому его не говорите.") {
			t.Errorf("SMS %q", sms.Text)
		}
		if sealed := texts(t, db, `SELECT sealed FROM entry WHERE sealed <> ''`); len(sealed) != 0 {
			t.Error("the code was kept after it had been sent")
		}
		_, err := b.people.AskLink(ctx, residenttest.Nobody(), "clara@z.example", resident.Ways{Email: true}, resident.From{})
		must(t, err)
		b.work(t)
		if sealed := texts(t, db, `SELECT sealed FROM entry WHERE sealed <> ''`); len(sealed) != 0 {
			t.Error("the link was kept after it had been sent")
		}
		if boris := b.resident(t, "boris@z.example"); boris.ID == anna.ID || boris.ID == 0 {
			t.Error("the link opened the wrong account")
		}
		letter := b.caught(t)[0]
		if letter.Subject != "Вход на портал «Заречный»" || !strings.Contains(letter.Text, "30 минут") || strings.Contains(letter.Text, "/off/") {
			t.Errorf("letter %s\n%s", letter.Subject, letter.Text)
		}
		b.town.Phones = broken{}
		ticket, err := b.people.AskCode(ctx, residenttest.Nobody(), "+79210000000", resident.Ways{SMS: true}, resident.From{})
		must(t, err)
		b.work(t)
		b.clock.Pass(11 * time.Minute)
		b.town.Phones = notice.Catcher{DB: db, City: city}
		b.clear(t)
		b.work(t)
		if len(b.caught(t)) != 0 || ticket.ID == "" {
			t.Error("a code was sent after its end")
		}
		if left := texts(t, db, `SELECT kind FROM job`); len(left) != 0 {
			t.Errorf("left in the queue: %v", left)
		}
	})
}

// broken is a gateway that never answers.
type broken struct{}

func (broken) Send(context.Context, string, string) error { return errors.New("silence") }

func TestOnlyAdministratorsReadTheCaughtOutbox(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(t, db), context.Background()
		b.resident(t, "anna@z.example")
		b.resident(t, "+79213456789")
		for _, who := range []resident.Who{residenttest.Nobody(), residenttest.Anna(), residenttest.Staff(5, "adm", resident.Moderator)} {
			_, list := b.Caught(ctx, who, "", 0, 10)
			_, one := b.FindCaught(ctx, who, 1)
			if !errors.Is(list, fault.Denied) || !errors.Is(one, fault.Denied) {
				t.Errorf("%+v: %v, %v", who, list, one)
			}
		}
		page, err := b.Caught(ctx, residenttest.Administrator(), notice.Email, 0, 10)
		must(t, err)
		if len(page.Caught) != 1 || page.Count[notice.Email] != 1 || page.Count[notice.SMS] != 1 {
			t.Errorf("page %+v", page)
		}
		older, err := b.Caught(ctx, residenttest.Administrator(), "", b.caught(t)[0].ID, 10)
		must(t, err)
		if len(older.Caught) != 1 || older.Caught[0].Way != notice.Email {
			t.Errorf("older %+v", older)
		}
		one, err := b.FindCaught(ctx, residenttest.Administrator(), page.Caught[0].ID)
		must(t, err)
		if one.To != "anna@z.example" {
			t.Errorf("found %+v", one)
		}
		if _, err := b.FindCaught(ctx, resident.Machine(2), one.ID); !errors.Is(err, fault.Missing) {
			t.Errorf("another city: %v", err)
		}
	})
}

func TestAShortKeyStopsTheProgram(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("links to unsubscribe could be guessed")
		}
	}()
	notice.New(notice.Service{Key: []byte("short")})
}
