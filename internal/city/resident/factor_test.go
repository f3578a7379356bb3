package resident_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

const formKey = "a-key-that-a-form-carried-along-1"

// phone is an authenticator app.
type phone struct {
	b      *bench
	secret string
}

// code is what the app shows after a while.
func (p phone) code(t *testing.T, later time.Duration) string {
	t.Helper()
	code, err := totp.GenerateCode(p.secret, p.b.clock.Now().Add(later))
	must(t, err)
	return code
}

// enrol sets up a second factor in a session.
func (b *bench) enrol(t *testing.T, in resident.Entered) (phone, []see.Secret) {
	t.Helper()
	ctx, who := context.Background(), in.Person.Who(city)
	must(t, b.StartSecond(ctx, who, in.Token))
	state, err := b.SecondOf(ctx, who, in.Token, "Заречный")
	must(t, err)
	p := phone{b, strings.ReplaceAll(state.Secret.Reveal(), " ", "")}
	codes, err := b.ConfirmSecond(ctx, who, in.Token, p.code(t, 0), formKey, office())
	must(t, err)
	b.clock.Pass(time.Minute)
	return p, codes
}

// half types the password and gives the ticket for the code.
func (b *bench) half(t *testing.T, login string) string {
	t.Helper()
	in := b.signIn(t, login)
	if in.Second == "" || in.Token != "" || in.Person.ID != 0 {
		t.Fatalf("the password alone gives %+v", in)
	}
	return in.Second
}

func TestASecondFactorIsAskedForAfterThePassword(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		elsewhere := b.signIn(t, "vera")
		in := b.signIn(t, "vera")
		app, codes := b.enrol(t, in)
		if len(codes) != 10 {
			t.Errorf("%d recovery codes", len(codes))
		}
		_, _, err := b.Who(ctx, city, elsewhere.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		if _, _, err = b.Who(ctx, city, in.Token); err != nil {
			t.Errorf("the session that set it up ended: %v", err)
		}
		ticket := b.half(t, "vera")
		must(t, b.CheckSecond(ctx, city, ticket))
		_, _, err = b.Who(ctx, city, ticket)
		kindIs(t, err, fault.Denied, "resident.session_over")
		_, err = b.EnterSecond(ctx, city, ticket, "000000", "", office())
		kindIs(t, err, fault.Invalid, "resident.second_wrong")
		code := app.code(t, 0)
		second, err := b.EnterSecond(ctx, city, ticket, code[:3]+" "+code[3:], "", office())
		must(t, err)
		who, person, err := b.Who(ctx, city, second.Token)
		must(t, err)
		if !who.Has(resident.Moderator) || !person.Second {
			t.Errorf("came in as %+v", who)
		}
		_, err = b.EnterSecond(ctx, city, ticket, app.code(t, 30*time.Second), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
	})
}

func TestACodeWorksOnceEvenForTwoAtOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		app, _ := b.enrol(t, b.signIn(t, "vera"))
		tickets := []string{b.half(t, "vera"), b.half(t, "vera"), b.half(t, "vera")}
		var wg sync.WaitGroup
		errs := make([]error, len(tickets))
		code := app.code(t, 0)
		for i, ticket := range tickets {
			wg.Go(func() { _, errs[i] = b.EnterSecond(ctx, city, ticket, code, "", resident.From{}) })
		}
		wg.Wait()
		in := 0
		for _, err := range errs {
			if err == nil {
				in++
				continue
			}
			kindIs(t, err, fault.Invalid, "resident.second_used")
		}
		if in != 1 {
			t.Errorf("one code let %d in: %v", in, errs)
		}
		_, err := b.EnterSecond(ctx, city, b.half(t, "vera"), app.code(t, -30*time.Second), "", resident.From{})
		kindIs(t, err, fault.Invalid, "resident.second_used") // an older one does not work after a newer
		b.clock.Pass(30 * time.Second)
		_, err = b.EnterSecond(ctx, city, b.half(t, "vera"), app.code(t, 0), "", resident.From{})
		must(t, err)
	})
}

func TestCodesAreCountedWithPasswords(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		app, _ := b.enrol(t, b.signIn(t, "vera"))
		for range 2 {
			_, err := b.SignIn(ctx, city, "vera", "not this one at all", "", office())
			kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
		}
		for range 3 { // the right password in between takes nothing back
			_, err := b.EnterSecond(ctx, city, b.half(t, "vera"), "000000", "", office())
			kindIs(t, err, fault.Invalid, "resident.second_wrong")
		}
		_, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", office())
		kindIs(t, err, fault.Limited, "resident.locked")
		b.clock.Pass(15*time.Minute + time.Second)
		ticket := b.half(t, "vera")
		for range 5 {
			_, err := b.EnterSecond(ctx, city, ticket, "0123-4567-89ab-cdef", "", office())
			kindIs(t, err, fault.Invalid, "resident.second_wrong")
		}
		_, err = b.EnterSecond(ctx, city, ticket, app.code(t, 0), "", office())
		kindIs(t, err, fault.Limited, "resident.locked")
		b.clock.Pass(15*time.Minute + time.Second)
		_, err = b.EnterSecond(ctx, city, ticket, app.code(t, 0), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
		_, err = b.EnterSecond(ctx, city, b.half(t, "vera"), app.code(t, 0), "", office())
		must(t, err)
	})
}

func TestATicketIsShortLivedAndEndsWithThePassword(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		app, _ := b.enrol(t, b.signIn(t, "vera"))
		late := b.half(t, "vera")
		_, err := b.EnterSecond(ctx, 2, late, app.code(t, 0), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
		b.clock.Pass(10 * time.Minute)
		_, err = b.EnterSecond(ctx, city, late, app.code(t, 0), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
		old := b.half(t, "vera")
		_, err = b.ResetPassword(ctx, residenttest.Administrator(), p.ID, office())
		must(t, err)
		_, err = b.EnterSecond(ctx, city, old, app.code(t, 0), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
		must(t, b.SetPassword(ctx, resident.Machine(city), "vera", residenttest.Password))
		blocked := b.half(t, "vera")
		must(t, b.Block(ctx, residenttest.Administrator(), p.ID, true, office()))
		_, err = b.EnterSecond(ctx, city, blocked, app.code(t, 0), "", office())
		kindIs(t, err, fault.Denied, "resident.blocked")
	})
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		_, codes := b.enrol(t, b.signIn(t, "vera"))
		code := codes[3].Reveal()
		in, err := b.EnterSecond(ctx, city, b.half(t, "vera"), strings.ToUpper(code), "", office())
		must(t, err)
		_, err = b.EnterSecond(ctx, city, b.half(t, "vera"), code, "", office())
		kindIs(t, err, fault.Invalid, "resident.second_wrong")
		state, err := b.SecondOf(ctx, in.Person.Who(city), in.Token, "Заречный")
		must(t, err)
		if state.Left != 9 || !state.On || state.Secret != "" {
			t.Errorf("state %+v", state)
		}
		log, err := b.Audit(ctx, residenttest.Administrator(), resident.AuditFilter{Action: resident.RecoveryUsed})
		must(t, err)
		if len(log) != 1 || log[0].Act.Detail != "left=9" {
			t.Errorf("log %+v", log)
		}
	})
}

func TestTheDatabaseAndTheLogHoldNoSecretOfTheSecondFactor(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		app, codes := b.enrol(t, b.signIn(t, "vera"))
		ticket := b.half(t, "vera")
		_, err := b.EnterSecond(ctx, city, ticket, codes[0].Reveal(), "", office())
		must(t, err)
		ticket = b.half(t, "vera")
		for table, columns := range map[string]string{
			"second_factor": "sealed", "recovery_code": "sum", "second_ticket": "door", "audit": "action || object || detail", "session": "token",
		} {
			list, err := rows(db, "SELECT "+columns+" FROM "+table)
			must(t, err)
			all := strings.ToLower(strings.Join(list, "\n"))
			for _, marker := range []string{app.secret, codes[0].Reveal(), strings.ReplaceAll(codes[1].Reveal(), "-", ""), ticket} {
				if strings.Contains(all, strings.ToLower(marker)) {
					t.Errorf("%s is in %s", marker, table)
				}
			}
		}
		state := resident.Enrolment{Secret: "GEZD", URI: "otpauth://x"}
		if printed := fmt.Sprintf("%v %+v %s", state, state, codes[0]); strings.Contains(printed, "GEZD") || strings.Contains(printed, codes[0].Reveal()) {
			t.Errorf("printed as %s", printed)
		}
	})
}

func TestSettingUpBelongsToOneSessionAndEnds(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		in, other := b.signIn(t, "vera"), b.signIn(t, "vera")
		who := in.Person.Who(city)
		must(t, b.StartSecond(ctx, who, in.Token))
		first, err := b.SecondOf(ctx, who, in.Token, "Заречный")
		must(t, err)
		must(t, b.StartSecond(ctx, who, in.Token))
		if again, _ := b.SecondOf(ctx, who, in.Token, "Заречный"); again.Secret != first.Secret || again.Secret == "" {
			t.Error("begun twice, the secret that was read is no good")
		}
		if seen, _ := b.SecondOf(ctx, who, other.Token, "Заречный"); seen.Secret != "" || seen.URI != "" {
			t.Error("another session sees the secret")
		}
		app := phone{b, strings.ReplaceAll(first.Secret.Reveal(), " ", "")}
		_, err = b.ConfirmSecond(ctx, who, other.Token, app.code(t, 0), formKey, office())
		kindIs(t, err, fault.Closed, "resident.second_stale")
		_, err = b.ConfirmSecond(ctx, who, in.Token, "000000", formKey, office())
		kindIs(t, err, fault.Invalid, "resident.second_wrong")
		if again := b.signIn(t, "vera"); again.Second != "" {
			t.Error("what is not set up yet is asked for")
		}
		b.clock.Pass(30 * time.Minute)
		_, err = b.ConfirmSecond(ctx, who, in.Token, app.code(t, 0), formKey, office())
		kindIs(t, err, fault.Closed, "resident.second_stale")
		must(t, b.StartSecond(ctx, who, in.Token))
		if later, _ := b.SecondOf(ctx, who, in.Token, "Заречный"); later.Secret == first.Secret || later.Secret == "" {
			t.Error("an old secret is shown again")
		}
		kindIs(t, b.StartSecond(ctx, residenttest.Nobody(), ""), fault.Denied, "resident.session_over")
		anna := b.byPhone(t, "+79213456789")
		kindIs(t, b.StartSecond(ctx, anna.Person.Who(city), anna.Token), fault.Denied, "resident.second_staff")
	})
}

func TestAFormThatIsSentTwiceShowsTheSameRecoveryCodes(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		in := b.signIn(t, "vera")
		app, codes := b.enrol(t, in)
		who := in.Person.Who(city)
		again, err := b.ConfirmSecond(ctx, who, in.Token, "whatever it was", formKey, office())
		must(t, err)
		if fmt.Sprint(reveal(again)) != fmt.Sprint(reveal(codes)) {
			t.Error("other codes")
		}
		_, err = b.ConfirmSecond(ctx, who, in.Token, app.code(t, 0), "another-form-with-another-key", office())
		kindIs(t, err, fault.Conflict, "resident.second_already")
		kindIs(t, b.StartSecond(ctx, who, in.Token), fault.Conflict, "resident.second_already")
		b.clock.Pass(10 * time.Minute)
		_, err = b.ConfirmSecond(ctx, who, in.Token, "", formKey, office())
		kindIs(t, err, fault.Conflict, "resident.second_already")

		const renewal = "a-key-that-a-form-carried-along-2"
		fresh, err := b.RenewRecovery(ctx, who, residenttest.Password, app.code(t, 0), renewal, office())
		must(t, err)
		same, err := b.RenewRecovery(ctx, who, residenttest.Password, app.code(t, 0), renewal, office())
		must(t, err)
		if fmt.Sprint(reveal(same)) != fmt.Sprint(reveal(fresh)) || reveal(fresh)[0] == reveal(codes)[0] {
			t.Error("renewed codes are not the form's own")
		}
		_, err = b.EnterSecond(ctx, city, b.half(t, "vera"), codes[0].Reveal(), "", office())
		kindIs(t, err, fault.Invalid, "resident.second_wrong")
		_, err = b.EnterSecond(ctx, city, b.half(t, "vera"), fresh[0].Reveal(), "", office())
		must(t, err)
	})
}

func reveal(codes []see.Secret) []string {
	var out []string
	for _, c := range codes {
		out = append(out, c.Reveal())
	}
	return out
}

func TestSwitchingOffTakesPasswordAndCode(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		in := b.signIn(t, "vera")
		app, _ := b.enrol(t, in)
		who := in.Person.Who(city)
		kindIs(t, b.DropSecond(ctx, who, "not this one at all", app.code(t, 0), office()), fault.Invalid, "resident.password_wrong")
		kindIs(t, b.DropSecond(ctx, who, residenttest.Password, "000000", office()), fault.Invalid, "resident.second_wrong")
		waiting := b.half(t, "vera")
		code := app.code(t, 0)
		must(t, b.DropSecond(ctx, who, residenttest.Password, code, office()))
		must(t, b.DropSecond(ctx, who, residenttest.Password, code, office()))
		_, err := b.EnterSecond(ctx, city, waiting, app.code(t, 30*time.Second), "", office())
		kindIs(t, err, fault.Closed, "resident.second_over")
		if in := b.signIn(t, "vera"); in.Token == "" {
			t.Error("the code is still asked for")
		}
		_, err = b.RenewRecovery(ctx, who, residenttest.Password, code, formKey, office())
		kindIs(t, err, fault.Missing, "resident.second_none")
		in = b.signIn(t, "vera")
		app, _ = b.enrol(t, in)
		for range 5 {
			kindIs(t, b.DropSecond(ctx, in.Person.Who(city), residenttest.Password, "000000", office()), fault.Invalid, "resident.second_wrong")
		}
		kindIs(t, b.DropSecond(ctx, in.Person.Who(city), residenttest.Password, app.code(t, 0), office()), fault.Limited, "resident.locked")
	})
}

func TestAnAdministratorResetsTheSecondFactorOfAnother(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		in := b.signIn(t, "vera")
		b.enrol(t, in)
		admin := residenttest.Administrator()
		kindIs(t, b.ResetSecond(ctx, p.Who(city), p.ID, office()), fault.Denied, "resident.not_administrator")
		kindIs(t, b.ResetSecond(ctx, residenttest.Staff(p.ID, "adm", resident.Administrator), p.ID, office()), fault.Denied, "resident.own_second")
		kindIs(t, b.ResetSecond(ctx, resident.Who{City: 2, ID: 1, Roles: admin.Roles}, p.ID, office()), fault.Missing, "resident.person_missing")
		must(t, b.ResetSecond(ctx, admin, p.ID, office()))
		_, _, err := b.Who(ctx, city, in.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		after := b.signIn(t, "vera")
		must(t, b.ResetSecond(ctx, admin, p.ID, office())) // nothing to take away: nobody is thrown out
		_, _, err = b.Who(ctx, city, after.Token)
		must(t, err)
		log, err := b.Audit(ctx, admin, resident.AuditFilter{Action: resident.SecondReset})
		must(t, err)
		if len(log) != 1 || log[0].Act.Object != fmt.Sprintf("person:%d", p.ID) {
			t.Errorf("log %+v", log)
		}
	})
}

func TestWhoMustHaveASecondFactorHasNoRolesUntilItIsSetUp(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		policy := resident.PolicyOf("required", []string{"moderator"})
		b.Policy = func(*sqldb.Tx, int64) (resident.Policy, error) { return policy, nil }
		b.add(t, "vera", resident.Moderator)
		b.add(t, "oleg", resident.Analyst)
		if in := b.signIn(t, "oleg"); in.Person.MustEnrol || !in.Person.Who(city).Staff() {
			t.Error("a role that need not is held up")
		}
		in := b.signIn(t, "vera")
		who, person, err := b.Who(ctx, city, in.Token)
		must(t, err)
		if who.Staff() || !person.MustEnrol || !in.Person.MustEnrol || who.ID == 0 {
			t.Errorf("without a second factor: %+v", who)
		}
		app, _ := b.enrol(t, in)
		if who, _, _ = b.Who(ctx, city, in.Token); !who.Has(resident.Moderator) {
			t.Errorf("with a second factor: %+v", who)
		}
		must(t, b.DropSecond(ctx, who, residenttest.Password, app.code(t, 0), office()))
		if who, _, _ = b.Who(ctx, city, in.Token); who.Staff() {
			t.Error("switched off, the roles stay")
		}
		b.clock.Pass(time.Minute)
		b.enrol(t, in)
		policy.Mode = resident.SecondOff
		if off := b.signIn(t, "vera"); off.Token == "" {
			t.Error("a city that does without asks for a code")
		}
		kindIs(t, b.StartSecond(ctx, b.signIn(t, "oleg").Person.Who(city), b.signIn(t, "oleg").Token), fault.Closed, "resident.second_off")
		broken := errors.New("no city")
		b.Policy = func(*sqldb.Tx, int64) (resident.Policy, error) { return resident.Policy{}, broken }
		if _, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", office()); !errors.Is(err, broken) {
			t.Errorf("without a policy: %v", err)
		}
	})
}

func TestAfterAnotherKeyOnlyRecoveryCodesOpen(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		app, codes := b.enrol(t, b.signIn(t, "vera"))
		other := &bench{resident.New(resident.Service{DB: b.DB, Key: bytes.Repeat([]byte{8}, 32), Argon: residenttest.Cheap()}), b.clock}
		_, err := other.EnterSecond(ctx, city, other.half(t, "vera"), app.code(t, 0), "", office())
		kindIs(t, err, fault.Closed, "resident.second_unreadable")
		_, err = other.EnterSecond(ctx, city, other.half(t, "vera"), codes[0].Reveal(), "", office())
		must(t, err)
	})
}

func TestErasureAndTheSweepForgetTheSecondFactor(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		b.enrol(t, b.signIn(t, "vera"))
		b.half(t, "vera")
		must(t, b.Erase(ctx, residenttest.Administrator(), p.ID, office()))
		counts := func() string {
			t.Helper()
			list, err := rows(db, `
				SELECT CAST((SELECT count(*) FROM second_factor) AS TEXT) || ' ' || CAST((SELECT count(*) FROM recovery_code) AS TEXT)
					|| ' ' || CAST((SELECT count(*) FROM second_ticket) AS TEXT)`)
			must(t, err)
			return list[0]
		}
		if got := counts(); got != "0 0 0" {
			t.Errorf("erased: %s", got)
		}
		b.add(t, "oleg", resident.Moderator)
		b.enrol(t, b.signIn(t, "oleg"))
		b.half(t, "oleg")
		b.add(t, "nina", resident.Moderator)
		nina := b.signIn(t, "nina")
		must(t, b.StartSecond(ctx, nina.Person.Who(city), nina.Token))
		b.clock.Pass(time.Hour)
		runner := &job.Runner{DB: b.DB, Handlers: b.Jobs(), Schedule: b.Schedule()}
		_, err := runner.Drain(ctx)
		must(t, err)
		if got := counts(); got != "1 10 0" {
			t.Errorf("swept: %s", got)
		}
	})
}
