package resident_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

func both() resident.Ways { return resident.Ways{SMS: true, Email: true} }

// newest is what the gateway would send for the newest entry of a kind.
func (b *bench) newest(t *testing.T, kind string) (int64, resident.Letter) {
	t.Helper()
	asked := b.heard(t, kind)
	if len(asked) == 0 {
		t.Fatal("nothing was asked for")
	}
	entry := asked[len(asked)-1]
	letter, err := b.Letter(context.Background(), city, entry)
	must(t, err)
	return entry, letter
}

// byPhone brings a resident in by code.
func (b *bench) byPhone(t *testing.T, phone string) resident.Entered {
	t.Helper()
	ctx := context.Background()
	ticket, err := b.AskCode(ctx, residenttest.Nobody(), phone, both(), office())
	must(t, err)
	_, letter := b.newest(t, resident.CodeAsked)
	in, err := b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, letter.Secret.Reveal(), "", office())
	must(t, err)
	return in
}

func TestACodeOpensAnAccountAndMakesItTheFirstTime(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		ticket, err := b.AskCode(ctx, residenttest.Nobody(), "8 (921) 345-67-89", both(), office())
		must(t, err)
		if ticket.To != "+7 ••• •••-67-89" || !ticket.Expires.Equal(b.clock.Now().Add(10*time.Minute)) {
			t.Errorf("ticket %+v", ticket)
		}
		entry, letter := b.newest(t, resident.CodeAsked)
		code := letter.Secret.Reveal()
		if len(code) != 6 || letter.To != "+79213456789" || letter.Language != "ru" || letter.Kind != resident.Code {
			t.Errorf("letter %+v", letter)
		}
		for _, table := range []string{"entry", "job"} {
			stored, err := rows(db, map[string]string{"entry": `SELECT door || code || sealed FROM entry`, "job": `SELECT args FROM job`}[table])
			must(t, err)
			if all := strings.Join(stored, "\n"); strings.Contains(all, code) || strings.Contains(all, ticket.ID) {
				t.Errorf("the code or the ticket is readable in %s", table)
			}
		}
		must(t, b.LetterSent(ctx, city, entry))
		_, err = b.Letter(ctx, city, entry)
		kindIs(t, err, fault.Missing, "resident.code_over")
		first, err := b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, " "+code[:3]+" "+code[3:], "", office())
		must(t, err)
		who, person, err := b.Who(ctx, city, first.Token)
		must(t, err)
		if !first.New || who.ID == 0 || who.Staff() || string(person.Phone) != "+79213456789" || person.Language != "ru" {
			t.Errorf("came in as %+v, %+v", who, first)
		}
		_, err = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, code, "", office())
		kindIs(t, err, fault.Closed, "resident.code_over")
		if again := b.byPhone(t, "+7 921 345 67 89"); again.New || again.Person.ID != who.ID {
			t.Error("the second code made another account")
		}
	})
}

func TestFiveWrongCodesEndTheCode(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		ticket, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.CodeAsked)
		right := letter.Secret.Reveal()
		wrong := "000000"
		if right == wrong {
			wrong = "000001"
		}
		for left := 4; left > 0; left-- {
			_, err := b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, wrong, "", office())
			kindIs(t, err, fault.Invalid, "resident.code_wrong")
			if f := fault.Of(err); f.Args[0] != left || f.Fields[0].Name != "code" {
				t.Errorf("%v tries left, want %d", f.Args, left)
			}
		}
		_, err = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, wrong, "", office())
		kindIs(t, err, fault.Closed, "resident.code_over")
		_, err = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, right, "", office())
		kindIs(t, err, fault.Closed, "resident.code_over")
	})
}

func TestACodeNeedsItsTicketItsCityAndItsTime(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		ticket, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.CodeAsked)
		code := letter.Secret.Reveal()
		for range 6 { // a stranger without the ticket uses up no tries
			_, err = b.EnterCode(ctx, residenttest.Nobody(), "not the ticket", code, "", resident.From{Address: "198.51.100.1"})
			kindIs(t, err, fault.Closed, "resident.code_over")
		}
		_, err = b.EnterCode(ctx, resident.Who{City: 2}, ticket.ID, code, "", office())
		kindIs(t, err, fault.Closed, "resident.code_over")
		_, err = b.EnterLink(ctx, residenttest.Nobody(), ticket.ID, "", office())
		kindIs(t, err, fault.Closed, "resident.link_over")
		b.clock.Pass(10 * time.Minute)
		_, err = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, code, "", office())
		kindIs(t, err, fault.Closed, "resident.code_over")
	})
}

func TestGuessingCodesOfManyPhonesLocksTheAddress(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		var last error
		for i := range 5 {
			ticket, err := b.AskCode(ctx, residenttest.Nobody(), fmt.Sprint("+7921345678", i), both(), office())
			must(t, err)
			for range 5 {
				_, last = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, "no code", "", office())
			}
		}
		kindIs(t, last, fault.Limited, "resident.locked")
	})
}

func TestThreeCodesAnHourGoToOnePhone(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		ask := func() error {
			_, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), resident.From{})
			return err
		}
		var wg sync.WaitGroup
		errs := make([]error, 10)
		for i := range errs {
			wg.Go(func() { errs[i] = ask() })
		}
		wg.Wait()
		sent := 0
		for _, err := range errs {
			if err == nil {
				sent++
			} else {
				kindIs(t, err, fault.Limited, "resident.asked_too_often")
			}
		}
		if sent != 3 || len(b.heard(t, resident.CodeAsked)) != 3 {
			t.Errorf("%d codes were sent", sent)
		}
		b.clock.Pass(time.Hour)
		must(t, ask())
		b.clock.Pass(40 * time.Minute)
		must(t, ask())
		ticket, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), resident.From{})
		must(t, err)
		if wait := ticket.Again.Sub(b.clock.Now()); wait != 20*time.Minute {
			t.Errorf("again in %v", wait)
		}
		b.clock.Pass(20 * time.Minute)
		must(t, ask())
	})
}

func TestOneAddressCannotSpendTheCitysMoneyOnCodes(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		for i := range 30 {
			_, err := b.AskCode(ctx, residenttest.Nobody(), fmt.Sprintf("+792134567%02d", i), both(), office())
			must(t, err)
		}
		_, err := b.AskLink(ctx, residenttest.Nobody(), "anna@zarechny.example", both(), office())
		kindIs(t, err, fault.Limited, "resident.asked_too_often")
	})
}

func TestAWayThatTheCityDoesNotOfferIsClosed(t *testing.T) {
	t.Parallel()
	b, ctx := setup(kit.SQLite(t)), context.Background()
	_, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", resident.Ways{Email: true}, office())
	kindIs(t, err, fault.Denied, "resident.way_closed")
	_, err = b.AskLink(ctx, residenttest.Nobody(), "anna@zarechny.example", resident.Ways{SMS: true}, office())
	kindIs(t, err, fault.Denied, "resident.way_closed")
}

func TestALinkWorksOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		_, err := b.AskLink(ctx, residenttest.Nobody(), "Anna@Zarechny.example", both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.LinkAsked)
		secret := letter.Secret.Reveal()
		for range 2 { // a mail program looks first
			email, err := b.CheckLink(ctx, city, secret)
			must(t, err)
			if email != "anna@zarechny.example" {
				t.Errorf("the link is of %s", string(email))
			}
		}
		_, err = b.CheckLink(ctx, 2, secret)
		kindIs(t, err, fault.Closed, "resident.link_over")
		var wg sync.WaitGroup
		errs := make([]error, 8)
		for i := range errs {
			wg.Go(func() { _, errs[i] = b.EnterLink(ctx, residenttest.Nobody(), secret, "", office()) })
		}
		wg.Wait()
		opened := 0
		for _, err := range errs {
			if err == nil {
				opened++
			} else {
				kindIs(t, err, fault.Closed, "resident.link_over")
			}
		}
		if opened != 1 {
			t.Errorf("the link opened %d times", opened)
		}
	})
}

func TestALinkIsOverAfterHalfAnHour(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		_, err := b.AskLink(ctx, residenttest.Nobody(), "anna@zarechny.example", both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.LinkAsked)
		b.clock.Pass(30 * time.Minute)
		_, err = b.EnterLink(ctx, residenttest.Nobody(), letter.Secret.Reveal(), "", office())
		kindIs(t, err, fault.Closed, "resident.link_over")
	})
}

func TestNoCodeOrLinkOpensAnAccountOfTheStaff(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		d := residenttest.Draft("vera", resident.Administrator)
		d.Phone = "+79213456789"
		p, _, err := b.AddPerson(ctx, residenttest.Administrator(), d, office())
		must(t, err)
		if in := b.byPhone(t, "+79213456789"); in.Person.ID == p.ID || in.Person.Staff {
			t.Error("a code opened it")
		}
		_, err = b.AskLink(ctx, residenttest.Nobody(), d.Email, both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.LinkAsked)
		in, err := b.EnterLink(ctx, residenttest.Nobody(), letter.Secret.Reveal(), "", office())
		must(t, err)
		if in.Person.ID == p.ID || in.Person.Staff {
			t.Error("a link opened it")
		}
	})
}

func TestAResidentAddsAnAddressToTheAccount(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		anna := b.byPhone(t, "+79213456789").Person.Who(city)
		boris := b.byPhone(t, "+79210000000").Person.Who(city)
		ask := func(who resident.Who) string {
			_, err := b.AskLink(ctx, who, "anna@zarechny.example", both(), resident.From{})
			must(t, err)
			_, letter := b.newest(t, resident.LinkAsked)
			return letter.Secret.Reveal()
		}
		_, err := b.EnterLink(ctx, boris, ask(anna), "", office())
		kindIs(t, err, fault.Denied, "resident.other_account")
		b.clock.Pass(time.Hour)
		in, err := b.EnterLink(ctx, anna, ask(anna), "", office())
		must(t, err)
		if !in.Added || in.Token != "" || in.Person.Email != "anna@zarechny.example" || in.Person.Phone != "+79213456789" {
			t.Errorf("the account is %+v", in)
		}
		_, err = b.EnterLink(ctx, boris, ask(boris), "", office())
		kindIs(t, err, fault.Conflict, "resident.contact_taken")
	})
}

func TestABlockedResidentStaysOutside(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		in := b.byPhone(t, "+79213456789")
		must(t, b.Block(ctx, residenttest.Administrator(), in.Person.ID, true, office()))
		ticket, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), office())
		must(t, err)
		_, letter := b.newest(t, resident.CodeAsked)
		_, err = b.EnterCode(ctx, residenttest.Nobody(), ticket.ID, letter.Secret.Reveal(), "", office())
		kindIs(t, err, fault.Denied, "resident.blocked")
	})
}

func TestACodeUnderAnotherKeyIsSimplyOver(t *testing.T) {
	t.Parallel()
	b, ctx := setup(kit.SQLite(t)), context.Background()
	_, err := b.AskCode(ctx, residenttest.Nobody(), "+79213456789", both(), office())
	must(t, err)
	entry, _ := b.newest(t, resident.CodeAsked)
	other := resident.New(resident.Service{DB: b.DB, Key: make([]byte, 32), Argon: residenttest.Cheap()})
	if _, err := other.Letter(ctx, city, entry); !errors.Is(err, fault.Missing) {
		t.Errorf("got %v", err)
	}
}
