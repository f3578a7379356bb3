package notice_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"gorod/internal/platform/sqldb"
)

func TestOldRowsAreSwept(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b := setup(t, db)
		s := lamp("accepted")
		s.Contact.Email = "guest@z.example"
		b.happen(t, 2, s)
		b.clock.Pass(181 * 24 * time.Hour)
		s.Event = "passed"
		b.happen(t, 3, s)
		b.runner.Schedule = b.Schedule()
		b.work(t)
		if got := texts(t, db, `SELECT CAST(seq AS TEXT) FROM notice`); !slices.Equal(got, []string{"3"}) {
			t.Errorf("rows %v", got)
		}
		if n := len(b.caught(t)); n != 1 {
			t.Errorf("%d caught", n)
		}
	})
}

func TestManyWhoJoinedAreAllTold(t *testing.T) {
	t.Parallel()
	b := setup(t, kit.SQLite(t))
	s := lamp("accepted")
	for i := range 130 {
		must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`
				INSERT INTO person (city, id, staff, name, login, phone, email, language, org, position, password, password_until,
					must_change, blocked, erased, created, seen, version, pack, pack_sum)
				VALUES ($1, $2, 0, '', '', '', $3, 'ru', '', '{}', '', 0, 0, 0, 0, 1, 0, 1, '', '')`, city, 5000+i, fmt.Sprintf("r%d@z.example", i))
			return err
		}))
		s.Joined = append(s.Joined, int64(5000+i))
	}
	b.happen(t, 2, s)
	if n := len(b.caught(t)); n != 130 {
		t.Errorf("%d letters", n)
	}
}
