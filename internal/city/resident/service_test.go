package resident_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), resident.Migrations())

const city = residenttest.City

// office is where requests of these tests come from.
func office() resident.From {
	return resident.From{Address: "203.0.113.7", Agent: "Firefox, Linux", Language: "ru"}
}

// bench is a service under a clock that the test moves.
type bench struct {
	*resident.Service
	clock *sqldbtest.Clock
}

func setup(db *sqldb.DB) *bench {
	clock := sqldbtest.NewClock(sqldbtest.Start)
	bus := &event.Bus{}
	for _, kind := range []string{resident.CodeAsked, resident.LinkAsked, resident.ConsentWithdrawn, resident.PersonErased} {
		bus.On(kind, "heard."+kind)
	}
	return &bench{residenttest.Service(db.At(clock.Now), bus), clock}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// add makes an account of the staff with the password of the tests.
func (b *bench) add(t *testing.T, login string, roles ...resident.Role) resident.Person {
	t.Helper()
	p, _, err := b.AddPerson(context.Background(), residenttest.Administrator(), residenttest.Draft(login, roles...), office())
	must(t, err)
	must(t, b.SetPassword(context.Background(), resident.Machine(city), login, residenttest.Password))
	p, err = b.Person(context.Background(), residenttest.Administrator(), p.ID)
	must(t, err)
	return p
}

func (b *bench) signIn(t *testing.T, login string) resident.Entered {
	t.Helper()
	in, err := b.SignIn(context.Background(), city, login, residenttest.Password, "", office())
	must(t, err)
	return in
}

// heard lists the subjects of an event, oldest first.
func (b *bench) heard(t *testing.T, kind string) []int64 {
	t.Helper()
	var subjects []int64
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		jobs, err := job.List(tx, city, job.Ready, 100)
		for _, j := range jobs {
			if j.Kind == "heard."+kind {
				e, err := job.Unpack[event.Event](j)
				if err != nil {
					return err
				}
				subjects = append(subjects, e.Subject)
			}
		}
		return err
	}))
	return subjects
}

func TestStaffComeInByLoginAndPassword(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator, resident.Controller)
		for _, login := range []string{"vera", " VERA ", "vera@zarechny.example"} {
			in, err := b.SignIn(ctx, city, login, residenttest.Password, "", office())
			if err != nil {
				t.Fatalf("%q: %v", login, err)
			}
			who, person, err := b.Who(ctx, city, in.Token)
			must(t, err)
			if who.ID != p.ID || !who.Has(resident.Moderator) || !who.Has(resident.Controller) || who.Org != "adm" || person.Name == "" {
				t.Errorf("%q came in as %+v", login, who)
			}
		}
	})
}

func TestWhoDoesNotKnowThePasswordLearnsNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		b.add(t, "oleg", resident.Moderator)
		must(t, b.Block(ctx, residenttest.Administrator(), p.ID, true, office()))
		answer := func(login, password string) string {
			_, err := b.SignIn(ctx, city, login, password, "", office())
			return fmt.Sprint(err)
		}
		want := answer("oleg", "not this one at all")
		for _, login := range []string{"vera", "nobody", "", "oleg@zarechny.example", "' OR 1=1 --"} {
			if got := answer(login, "not this one at all"); got != want {
				t.Errorf("login %q is answered %q, another %q", login, got, want)
			}
		}
		if got := answer("nobody", ""); got != want {
			t.Errorf("an empty password of nobody: %q", got)
		}
		_, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", office())
		kindIs(t, err, fault.Denied, "resident.blocked")
	})
}

func TestAnUnknownLoginTakesAsLongAsAKnownOne(t *testing.T) {
	db := kit.SQLite(t)
	slow := resident.New(resident.Service{DB: db, Key: make([]byte, 32), Limits: resident.Limits{Failures: 1000, AddressFailures: 1000}})
	_, _, err := slow.AddPerson(context.Background(), residenttest.Administrator(), residenttest.Draft("vera", resident.Moderator), office())
	must(t, err)
	// The fastest of many tries in turn: both meet the same noise of the machine.
	fastest := map[string]time.Duration{"vera": time.Hour, "nobody": time.Hour}
	for range 12 {
		for login, best := range fastest {
			start := time.Now()
			slow.SignIn(context.Background(), city, login, "not this one at all", "", office())
			fastest[login] = min(best, time.Since(start))
		}
	}
	known, unknown := fastest["vera"], fastest["nobody"]
	if unknown < known/3 || known < unknown/3 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
	if unknown < 5*time.Millisecond {
		t.Errorf("%v: nothing was hashed", unknown)
	}
}

func TestFiveFailuresLockAnAccountForAQuarterOfAnHour(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		for _, login := range []string{"vera", "nobody"} {
			for i := range 5 {
				_, err := b.SignIn(ctx, city, login, "wrong wrong wrong", "", resident.From{})
				kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
				b.clock.Pass(time.Duration(i) * time.Second)
			}
			_, err := b.SignIn(ctx, city, login, residenttest.Password, "", resident.From{})
			kindIs(t, err, fault.Limited, "resident.locked")
		}
		b.clock.Pass(14 * time.Minute)
		_, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", resident.From{})
		kindIs(t, err, fault.Limited, "resident.locked")
		b.clock.Pass(61 * time.Second)
		b.signIn(t, "vera")
		for range 4 { // a success clears what was counted
			b.SignIn(ctx, city, "vera", "wrong wrong wrong", "", resident.From{})
		}
		b.signIn(t, "vera")
	})
}

func TestManyTriesAtOnceWinNothing(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, "vera", resident.Moderator)
		var wg sync.WaitGroup
		var mu sync.Mutex
		answers := map[string]int{}
		for i := range 40 {
			wg.Go(func() {
				_, err := b.SignIn(context.Background(), city, "vera", fmt.Sprint("guess number ", i), "", resident.From{})
				mu.Lock()
				defer mu.Unlock()
				answers[fault.Of(err).Phrase]++
			})
		}
		wg.Wait()
		if answers["resident.sign_in_wrong"] != 5 || answers["resident.locked"] != 35 {
			t.Errorf("answers %v", answers)
		}
	})
}

func TestAnAddressThatTriesManyLoginsIsLocked(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		for range 3 { // an own account does not wash the address clean
			b.signIn(t, "vera")
		}
		for i := range 20 {
			_, err := b.SignIn(ctx, city, fmt.Sprint("login-", i), "the same password", "", office())
			kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
		}
		_, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", office())
		kindIs(t, err, fault.Limited, "resident.locked")
		_, err = b.SignIn(ctx, city, "vera", residenttest.Password, "", resident.From{Address: "203.0.113.8"})
		must(t, err)
	})
}

func TestATokenOpensOnlyItsOwnCity(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		in := b.signIn(t, "vera")
		for name, ask := range map[string]func() (resident.Who, resident.Person, error){
			"another city":  func() (resident.Who, resident.Person, error) { return b.Who(ctx, 2, in.Token) },
			"no token":      func() (resident.Who, resident.Person, error) { return b.Who(ctx, city, "") },
			"another token": func() (resident.Who, resident.Person, error) { return b.Who(ctx, city, in.Token[1:]+"0") },
		} {
			who, person, err := ask()
			kindIs(t, err, fault.Denied, "resident.session_over")
			if who.ID != 0 || who.Staff() || person.ID != 0 {
				t.Errorf("%s is %+v", name, who)
			}
		}
		if _, err := b.SignIn(ctx, 2, "vera", residenttest.Password, "", office()); err == nil {
			t.Error("the login opens another city")
		}
	})
}

func TestEachSignInMakesANewTokenAndEndsTheOld(t *testing.T) {
	t.Parallel()
	// Session fixation: a token that was planted in a browser must not become
	// that of the person who signs in there.
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		planted := b.signIn(t, "vera")
		in, err := b.SignIn(ctx, city, "vera", residenttest.Password, planted.Token, office())
		must(t, err)
		if in.Token == planted.Token || len(in.Token) != 32 {
			t.Errorf("token %q", in.Token)
		}
		_, _, err = b.Who(ctx, city, planted.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		_, err = b.SignIn(ctx, city, "vera", residenttest.Password, "a token nobody made, thirty-two..", office())
		must(t, err)
		stored, err := rows(db, `SELECT token FROM session`)
		must(t, err)
		if slices.Contains(stored, in.Token) {
			t.Error("the token itself is in the database")
		}
	})
}

func rows(db *sqldb.DB, query string) ([]string, error) {
	var list []string
	err := db.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		list, err = sqldb.List(tx, sqldb.Text, query)
		return err
	})
	return list, err
}

func TestASessionEndsWhenItIsNotUsedAndAfterAShift(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		idle := b.signIn(t, "vera")
		b.clock.Pass(7*time.Hour + 59*time.Minute)
		_, _, err := b.Who(ctx, city, idle.Token)
		must(t, err)
		b.clock.Pass(4 * time.Hour) // used meanwhile, but the shift is 12 hours
		_, _, err = b.Who(ctx, city, idle.Token)
		must(t, err)
		b.clock.Pass(2 * time.Minute)
		_, _, err = b.Who(ctx, city, idle.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")

		unused := b.signIn(t, "vera")
		b.clock.Pass(8 * time.Hour)
		_, _, err = b.Who(ctx, city, unused.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
	})
}

func TestPeopleSeeAndEndTheirOwnSessionsOnly(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		b.add(t, "oleg", resident.Moderator)
		other := b.signIn(t, "oleg")
		first := b.signIn(t, "vera")
		b.clock.Pass(time.Second)
		here := b.signIn(t, "vera")
		who := here.Person.Who(city)
		list, err := b.Sessions(ctx, who, here.Token)
		must(t, err)
		if len(list) != 2 || !list[0].This || list[1].This || list[0].Agent != "Firefox, Linux" {
			t.Fatalf("sessions %+v", list)
		}
		foreign, err := b.Sessions(ctx, other.Person.Who(city), other.Token)
		must(t, err)
		kindIs(t, b.EndSession(ctx, who, foreign[0].ID, office()), fault.Missing, "resident.session_missing")
		must(t, b.EndOthers(ctx, who, here.Token, office()))
		_, _, err = b.Who(ctx, city, first.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		must(t, b.EndSession(ctx, who, list[0].ID, office()))
		_, _, err = b.Who(ctx, city, here.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		must(t, b.SignOut(ctx, city, other.Token, office()))
		must(t, b.SignOut(ctx, city, other.Token, office()))
		_, _, err = b.Who(ctx, city, other.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
	})
}

func TestTheSixthSessionOfOnePersonEndsTheOldest(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		var all []resident.Entered
		for range 6 {
			all = append(all, b.signIn(t, "vera"))
			b.clock.Pass(time.Second)
		}
		_, _, err := b.Who(ctx, city, all[0].Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		_, _, err = b.Who(ctx, city, all[1].Token)
		must(t, err)
	})
}

func TestATemporaryPasswordGivesNoRolesUntilItIsChanged(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		_, once, err := b.AddPerson(ctx, residenttest.Administrator(), residenttest.Draft("vera", resident.Moderator), office())
		must(t, err)
		temporary := once.Password.Reveal()
		if len(temporary) != 19 || strings.Contains(fmt.Sprint(once), temporary) {
			t.Errorf("password %q is shown by fmt as %v", temporary, once)
		}
		in, err := b.SignIn(ctx, city, "vera", temporary, "", office())
		must(t, err)
		who, person, err := b.Who(ctx, city, in.Token)
		must(t, err)
		if who.Staff() || !person.MustChange || who.ID == 0 {
			t.Errorf("came in as %+v", who)
		}
		kindIs(t, b.ChangePassword(ctx, who, in.Token, "not this one", residenttest.Password, office()), fault.Invalid, "resident.password_not_old")
		kindIs(t, b.ChangePassword(ctx, who, in.Token, temporary, temporary, office()), fault.Invalid, "resident.password_same")
		kindIs(t, b.ChangePassword(ctx, who, in.Token, temporary, "short", office()), fault.Invalid, "resident.password_short")
		elsewhere, err := b.SignIn(ctx, city, "vera", temporary, "", office())
		must(t, err)
		must(t, b.ChangePassword(ctx, who, in.Token, temporary, residenttest.Password, office()))
		who, _, err = b.Who(ctx, city, in.Token)
		must(t, err)
		if !who.Has(resident.Moderator) {
			t.Error("no roles after the change")
		}
		_, _, err = b.Who(ctx, city, elsewhere.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		_, err = b.SignIn(ctx, city, "vera", temporary, "", office())
		kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
	})
}

func TestATemporaryPasswordIsOverAfterThreeDays(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		session := b.signIn(t, "vera")
		once, err := b.ResetPassword(ctx, residenttest.Administrator(), p.ID, office())
		must(t, err)
		_, _, err = b.Who(ctx, city, session.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		b.clock.Pass(72 * time.Hour)
		_, err = b.SignIn(ctx, city, "vera", once.Password.Reveal(), "", office())
		kindIs(t, err, fault.Closed, "resident.password_over")
	})
}

func TestAHashOfAnOldCostIsRenewedAtSignIn(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.add(t, "vera", resident.Moderator)
		dearer := resident.New(resident.Service{DB: db, Key: make([]byte, 32), Argon: resident.Argon{Memory: 128, Passes: 1, Lanes: 1}})
		for range 2 {
			_, err := dearer.SignIn(context.Background(), city, "vera", residenttest.Password, "", office())
			must(t, err)
		}
		stored, err := rows(db, `SELECT password FROM person`)
		must(t, err)
		if !strings.Contains(stored[0], "$m=128,t=1,p=1$") {
			t.Errorf("stored as %s", stored[0])
		}
	})
}
