package resident_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

func TestOnlyAdministratorsTouchPeopleAndTheAuditLog(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		for name, who := range map[string]resident.Who{
			"a resident":   residenttest.Anna(),
			"nobody":       residenttest.Nobody(),
			"a moderator":  p.Who(city),
			"an author":    {City: city, Problem: 7},
			"a controller": residenttest.Staff(5, "adm", resident.Controller),
		} {
			_, _, add := b.AddPerson(ctx, who, residenttest.Draft("x1", resident.Moderator), office())
			_, list := b.People(ctx, who, resident.PeopleFilter{})
			_, log := b.Audit(ctx, who, resident.AuditFilter{})
			_, reset := b.ResetPassword(ctx, who, p.ID, office())
			edit := b.EditPerson(ctx, who, p.ID, residenttest.Draft("vera", resident.Administrator), office())
			for i, err := range []error{add, list, log, reset, edit, b.Block(ctx, who, p.ID, true, office()), b.SetPassword(ctx, who, "vera", residenttest.Password)} {
				if f := fault.Of(err); f == nil || f.Kind != fault.Denied {
					t.Errorf("%s may do number %d: %v", name, i, err)
				}
			}
		}
		_, err := b.Person(ctx, p.Who(city), p.ID)
		must(t, err)
	})
}

func TestAnAdministratorChangesPeople(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		admin := b.add(t, "admin", resident.Administrator)
		who := admin.Who(city)
		p := b.add(t, "vera", resident.Moderator)
		session := b.signIn(t, "vera")
		d := residenttest.Draft("vera.s", resident.Executor, resident.Coordinator)
		d.Areas, d.Version = []string{"sloboda", "tsentr"}, p.Version
		must(t, b.EditPerson(ctx, who, p.ID, d, office()))
		kindIs(t, b.EditPerson(ctx, who, p.ID, d, office()), fault.Conflict, "resident.changed_meanwhile")
		now, _, err := b.Who(ctx, city, session.Token)
		must(t, err)
		if !now.Has(resident.Executor) || now.Has(resident.Moderator) || !now.Covers("sloboda") || now.Covers("zarechye") {
			t.Errorf("the new rights do not work at once: %+v", now)
		}
		d.Version, d.Login = p.Version+1, "admin"
		kindIs(t, b.EditPerson(ctx, who, p.ID, d, office()), fault.Conflict, "resident.login_taken")
		_, _, err = b.AddPerson(ctx, who, residenttest.Draft("ADMIN", resident.Moderator), office())
		kindIs(t, err, fault.Conflict, "resident.login_taken")
		kindIs(t, b.Block(ctx, who, admin.ID, true, office()), fault.Denied, "resident.own_block")
		own := residenttest.Draft("admin", resident.Moderator)
		own.Version = admin.Version
		kindIs(t, b.EditPerson(ctx, who, admin.ID, own, office()), fault.Denied, "resident.own_role")
		must(t, b.Block(ctx, who, p.ID, true, office()))
		_, _, err = b.Who(ctx, city, session.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		must(t, b.Block(ctx, who, p.ID, false, office()))
		_, _, err = b.Who(ctx, city, session.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		kindIs(t, b.Block(ctx, resident.Who{City: 2, ID: 1, Roles: []resident.Role{resident.Administrator}}, p.ID, true, office()),
			fault.Missing, "resident.person_missing")
	})
}

func TestPeopleAreFoundByNameLoginAndRole(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		who := residenttest.Administrator()
		for i := range 7 {
			d := residenttest.Draft(fmt.Sprint("exec-", i), resident.Executor)
			d.Name = fmt.Sprint("Рябинин Олег ", i)
			_, _, err := b.AddPerson(ctx, who, d, office())
			must(t, err)
		}
		b.add(t, "vera", resident.Moderator)
		count := func(f resident.PeopleFilter) int {
			list, err := b.People(ctx, who, f)
			must(t, err)
			return len(list)
		}
		if count(resident.PeopleFilter{}) != 8 || count(resident.PeopleFilter{Role: resident.Executor}) != 7 ||
			count(resident.PeopleFilter{Query: "РЯБИНИН олег"}) != 7 || count(resident.PeopleFilter{Query: "vera"}) != 1 ||
			count(resident.PeopleFilter{Query: "Соколова", Role: resident.Executor}) != 0 || count(resident.PeopleFilter{Query: "100%"}) != 0 {
			t.Error("the filters count wrong")
		}
		var seen []int64
		for after := int64(0); ; {
			list, err := b.People(ctx, who, resident.PeopleFilter{After: after, Limit: 3})
			must(t, err)
			if len(list) == 0 {
				break
			}
			for _, p := range list {
				seen = append(seen, p.ID)
			}
			after = seen[len(seen)-1]
		}
		if len(seen) != 8 || len(slices.Compact(slices.Sorted(slices.Values(seen)))) != 8 {
			t.Errorf("pages gave %v", seen)
		}
		names, err := b.Names(ctx, city, append(seen, 424242))
		must(t, err)
		if len(names) != 8 || names[seen[0]] != "Рябинин Олег 0" {
			t.Errorf("names %v", names)
		}
	})
}

func TestABindingThatDoesNotExistIsRefused(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(db)
		b.Bound = func(_ *sqldb.Tx, _ int64, org string, areas []string) error {
			if org != "adm" {
				return fault.Invalid.Field("organisation", "resident.org_needed")
			}
			return nil
		}
		d := residenttest.Draft("vera", resident.Moderator)
		d.Org = "moon"
		_, _, err := b.AddPerson(context.Background(), residenttest.Administrator(), d, office())
		kindIs(t, err, fault.Invalid, "resident.org_needed")
	})
}

func TestThePackBringsPeopleOnceAndKeepsWhatAdministratorsChanged(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		demo, err := b.Demo(ctx, residenttest.Password)
		must(t, err)
		pack := []resident.PackPerson{residenttest.PackPerson("vera", resident.Moderator), residenttest.PackPerson("oleg", resident.Executor)}
		pack[1].Areas = []string{"tsentr"}
		load := func(password resident.DemoPassword) int {
			var n int
			must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error {
				var err error
				n, err = b.Load(tx, city, pack, password)
				return err
			}))
			return n
		}
		if load(demo) != 2 || load(demo) != 0 {
			t.Error("the second load is not empty")
		}
		vera := b.signIn(t, "vera")
		if oleg := b.signIn(t, "oleg"); !slices.Equal(oleg.Person.Areas, []string{"tsentr"}) || oleg.Person.MustChange {
			t.Errorf("oleg is %+v", oleg.Person)
		}
		d := residenttest.Draft("vera", resident.Analyst)
		d.Version = vera.Person.Version
		must(t, b.EditPerson(ctx, residenttest.Administrator(), vera.Person.ID, d, office()))
		if load(demo) != 0 {
			t.Error("an unchanged pack changed something")
		}
		who, _, err := b.Who(ctx, city, vera.Token)
		must(t, err)
		if !who.Has(resident.Analyst) {
			t.Error("the administrator's change was lost")
		}
		pack[0].Roles = []resident.Role{resident.Operator}
		if load(demo) != 1 {
			t.Error("the changed row was not loaded")
		}
		pack = []resident.PackPerson{residenttest.PackPerson("nina", resident.Moderator)}
		load(resident.DemoPassword{})
		_, err = b.SignIn(ctx, city, "nina", residenttest.Password, "", office())
		kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
		_, err = b.Demo(ctx, "demo")
		kindIs(t, err, fault.Invalid, "resident.password_short")
	})
}

func TestWhatIsKnownAboutAPersonIsExportedAndErased(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.texts(t, "Согласен, звоните.")
		in := b.byPhone(t, "+79213456789")
		who := in.Person.Who(city)
		must(t, b.SetProfile(ctx, who, "Анна", "ru"))
		_, err := b.Consent(ctx, who, b.agreement(t), office())
		must(t, err)
		d, err := b.Export(ctx, who, who.ID, office())
		must(t, err)
		if d.Name != "Анна" || d.Phone != "+79213456789" || len(d.Sessions) != 1 || len(d.Consents) != 1 ||
			d.Consents[0].Text != "Согласен, звоните." || d.Consents[0].Address != "203.0.113.7" {
			t.Errorf("export %+v", d)
		}
		_, err = b.Export(ctx, residenttest.Anna(), who.ID, office())
		kindIs(t, err, fault.Denied, "resident.not_administrator")
		kindIs(t, b.Erase(ctx, residenttest.Anna(), who.ID, office()), fault.Denied, "resident.not_administrator")
		must(t, b.Erase(ctx, who, who.ID, office()))
		_, _, err = b.Who(ctx, city, in.Token)
		kindIs(t, err, fault.Denied, "resident.session_over")
		if got := b.heard(t, resident.PersonErased); !slices.Equal(got, []int64{who.ID}) {
			t.Errorf("heard of %v", got)
		}
		for _, marker := range []string{"Анна", "9213456789", "203.0.113.7"} {
			if where := everywhere(t, db, marker); where != "" {
				t.Errorf("%s is still in %s", marker, where)
			}
		}
		if again := b.byPhone(t, "+79213456789"); again.Person.ID == who.ID || !again.New {
			t.Error("the phone opens the erased account")
		}
	})
}

// everywhere looks for a planted marker in all tables of this package.
func everywhere(t *testing.T, db *sqldb.DB, marker string) string {
	t.Helper()
	for table, columns := range map[string]string{
		"person":     "name || phone || email || login || position || password",
		"entry":      "contact || address || sealed",
		"consent":    "address",
		"audit":      "object || detail || address",
		"session":    "agent",
		"signin_try": "subject",
		"job":        "args",
	} {
		list, err := rows(db, "SELECT "+columns+" FROM "+table)
		must(t, err)
		if strings.Contains(strings.Join(list, "\n"), marker) {
			return table
		}
	}
	return ""
}

func TestStaffAreErasedByAnAdministratorOnly(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		p := b.add(t, "vera", resident.Moderator)
		kindIs(t, b.Erase(ctx, p.Who(city), p.ID, office()), fault.Denied, "resident.staff_erase")
		must(t, b.Erase(ctx, residenttest.Administrator(), p.ID, office()))
		must(t, b.Erase(ctx, residenttest.Administrator(), p.ID, office()))
		_, err := b.SignIn(ctx, city, "vera", residenttest.Password, "", office())
		kindIs(t, err, fault.Denied, "resident.sign_in_wrong")
	})
}

func TestTheSweepDropsOnlyWhatHasEnded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.add(t, "vera", resident.Moderator)
		b.signIn(t, "vera")
		anna := b.byPhone(t, "+79213456789")
		runner := &job.Runner{DB: b.DB, Handlers: b.Jobs(), Schedule: b.Schedule()}
		b.clock.Pass(25 * time.Hour)
		_, err := runner.Drain(ctx)
		must(t, err)
		counts, err := rows(db, `
			SELECT CAST((SELECT count(*) FROM session) AS TEXT) || ' ' || CAST((SELECT count(*) FROM entry) AS TEXT)
				|| ' ' || CAST((SELECT count(*) FROM signin_try) AS TEXT)`)
		must(t, err)
		if counts[0] != "1 0 0" {
			t.Errorf("sessions, entries, tries: %s", counts[0])
		}
		_, _, err = b.Who(ctx, city, anna.Token)
		must(t, err)
	})
}

func TestTheExportHasStableNames(t *testing.T) {
	t.Parallel()
	body, err := json.Marshal(resident.Data{Name: "Анна"})
	must(t, err)
	if string(body) != `{"name":"Анна","created":"0001-01-01T00:00:00Z"}` {
		t.Error(string(body))
	}
}
