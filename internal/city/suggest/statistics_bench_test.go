package suggest_test

import (
	"net/url"
	"testing"

	"gorod/internal/city/suggest"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

// BenchmarkStatistics counts a year of a metropolis: a million records of 52
// weeks and 200 topics; the thirteen newest weeks, which the page opens with,
// are a quarter of them:
//
//	go test -run - -bench Statistics -benchtime 5x ./internal/city/suggest
func BenchmarkStatistics(b *testing.B) {
	engines := map[string]func(testing.TB) *sqldb.DB{"sqlite": kit.SQLite, "postgres": kit.Postgres}
	for _, name := range []string{"sqlite", "postgres"} {
		b.Run(name, func(b *testing.B) {
			db := engines[name](b)
			s := suggest.New(suggest.Service{DB: db})
			now := sqldbtest.Start.UTC()
			last := suggest.WeekOf(now)
			fillAudit(b, db, last)
			for _, c := range []struct {
				name  string
				weeks suggest.Week
			}{{"13 weeks", 13}, {"year", 52}} {
				b.Run(c.name, func(b *testing.B) {
					for b.Loop() {
						st, err := s.Statistics(background, 1, last-c.weeks+1, last, 0, now)
						must(b, err)
						if st.All.Messages < 200_000 {
							b.Fatalf("%d messages", st.All.Messages)
						}
					}
				})
			}
		})
	}
}

// fillAudit writes a million records in which the outcomes are spread as they
// are in a real year: most take the first, some are corrected.
func fillAudit(b *testing.B, db *sqldb.DB, last suggest.Week) {
	b.Helper()
	const slice = 50_000
	for from := 0; from < 1_000_000; from += slice {
		must(b, db.Do(background, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`
				INSERT INTO suggest_audit (city, problem, at, model, offered, chosen, manual, corrected_to, corrected_at, week, final, outcome, asked, decided)
				WITH RECURSIVE n (i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($2 AS BIGINT))
				SELECT 1, i, 0, 1, '[{"topic":1,"p":0.9}]', 1, 0, 0, 0, CAST($3 AS BIGINT) - i % 52, 1 + (i * 7919) % 200,
					CASE i % 10 WHEN 0 THEN 256 WHEN 1 THEN 256 + 64 + 3 + 4 WHEN 2 THEN 256 + 3 + 8 + 32 WHEN 3 THEN 256 + 3 WHEN 4 THEN 128 + 256 + 3 + 4 + 16 ELSE 256 + 1 + 4 + 16 END, 0, 1
				FROM n`, from+1, from+slice, int64(last))
			return err
		}))
	}
	if db.Engine() != sqldb.Postgres {
		return
	}
	// What autovacuum does within minutes.
	address, err := url.Parse(sqldbtest.Server(b))
	must(b, err)
	must(b, db.View(background, func(tx *sqldb.Tx) error {
		address.Path, err = sqldb.One(tx, sqldb.Text, `SELECT current_database()`)
		return err
	}))
	must(b, sqldb.Administer(background, address.String(), "VACUUM ANALYZE suggest_audit"))
}
