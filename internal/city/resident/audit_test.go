package resident_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/sqldb"
)

func (b *bench) note(t *testing.T, action resident.Action, object string) {
	t.Helper()
	act := resident.Act{Action: action, Object: object}
	must(t, b.AuditNow(context.Background(), residenttest.Staff(5, "adm", resident.Moderator), act, office()))
}

func TestTheLogTellsWhoDidWhatAndWhetherItWasAllowed(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.SignIn(ctx, city, "nobody", "wrong wrong wrong", "", office())
		b.clock.Pass(time.Hour)
		b.add(t, "vera", resident.Moderator) // added, password set
		b.signIn(t, "vera")
		b.clock.Pass(time.Hour)
		b.note(t, "problem.rejected", "problem:7")
		list := func(f resident.AuditFilter) []resident.AuditEntry {
			entries, err := b.Audit(ctx, residenttest.Administrator(), f)
			must(t, err)
			return entries
		}
		all := list(resident.AuditFilter{})
		if len(all) != 5 || all[0].Act.Action != "problem.rejected" || all[0].Person != 5 || len(all[0].Roles) != 1 {
			t.Fatalf("log %+v", all)
		}
		if all[4].Act.Result != resident.Denied || all[4].Address == "" || all[4].Address == "203.0.113.7" {
			t.Errorf("the failure is %+v", all[4])
		}
		if n := len(list(resident.AuditFilter{Action: resident.SignedIn})); n != 2 {
			t.Errorf("%d sign-ins", n)
		}
		if n := len(list(resident.AuditFilter{Action: resident.SignedIn, Result: resident.Denied})); n != 1 {
			t.Errorf("%d failures", n)
		}
		if n := len(list(resident.AuditFilter{Person: 5})); n != 1 {
			t.Errorf("%d acts of one person", n)
		}
		start := b.clock.Now().Add(-2 * time.Hour)
		if n := len(list(resident.AuditFilter{From: start.Add(time.Minute), To: b.clock.Now()})); n != 3 {
			t.Errorf("%d acts in between", n)
		}
		if page := list(resident.AuditFilter{Before: all[1].Seq, Limit: 2}); len(page) != 2 || page[0].Seq != all[2].Seq {
			t.Errorf("the next page is %+v", page)
		}
		other, err := b.Audit(ctx, resident.Who{City: 2, ID: 1, Roles: []resident.Role{resident.Administrator}}, resident.AuditFilter{})
		must(t, err)
		if len(other) != 0 {
			t.Error("another city reads this log")
		}
	})
}

func TestAChainThatWasTouchedIsFound(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		for i, c := range []struct {
			name, statement string // of the city $1
			broken          int64
		}{
			{"nothing", `SELECT CAST($1 AS BIGINT)`, 0},
			{"another object", `UPDATE audit SET object = 'problem:8' WHERE city = $1 AND seq = 3`, 3},
			{"another person", `UPDATE audit SET person = 6 WHERE city = $1 AND seq = 2`, 2},
			{"a letter moved between columns", `UPDATE audit SET object = 'problem:', detail = '4' WHERE city = $1 AND seq = 5`, 5},
			{"a later time", `UPDATE audit SET at = at + 1 WHERE city = $1 AND seq = 6`, 6},
			{"a row removed", `DELETE FROM audit WHERE city = $1 AND seq = 4`, 4},
			{"the newest row removed", `DELETE FROM audit WHERE city = $1 AND seq = 6`, 6},
			{"the first row removed", `DELETE FROM audit WHERE city = $1 AND seq = 1`, 1},
			{"all rows removed", `DELETE FROM audit WHERE city = $1`, 1},
			{"the newest hash replaced", `UPDATE audit_head SET sum = 'x' WHERE city = $1`, 7},
		} {
			town := int64(100 + i)
			for i := range 6 {
				act := resident.Act{Action: "looked", Object: fmt.Sprint("problem:", i)}
				must(t, b.AuditNow(ctx, resident.Who{City: town, ID: 5}, act, office()))
			}
			must(t, b.DB.Do(ctx, func(tx *sqldb.Tx) error { _, err := tx.Exec(c.statement, town); return err }))
			var heard int64
			state, err := b.CheckAudit(ctx, town, func(done int64) { heard = done })
			must(t, err)
			if state.Broken != c.broken {
				t.Errorf("%s: broken at %d, want %d", c.name, state.Broken, c.broken)
			}
			if c.broken == 0 {
				rows, head, err := b.AuditHead(ctx, town)
				must(t, err)
				if rows != 6 || heard != 6 || state.Rows != 6 || head != state.Head || head == "" {
					t.Errorf("%d rows, %d heard, head %q and %q", rows, heard, head, state.Head)
				}
			}
		}
	})
}

func TestManyWritersMakeOneChain(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				err := b.DB.Do(ctx, func(tx *sqldb.Tx) error {
					act := resident.Act{Action: "looked", Object: fmt.Sprint("problem:", i)}
					if err := b.AuditIn(tx, resident.Machine(city), act, resident.From{}); err != nil {
						return err
					}
					if i%3 == 0 {
						return errors.New("refused after all")
					}
					return nil
				})
				if (err != nil) != (i%3 == 0) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		state, err := b.CheckAudit(ctx, city, nil)
		must(t, err)
		if state.Rows != 40 || state.Broken != 0 {
			t.Errorf("%+v", state)
		}
	})
}
