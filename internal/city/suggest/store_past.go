package suggest

import (
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
)

// news is what became of a problem: another topic, or 0: it was erased.
type news struct {
	problem int64
	topic   topic.ID
}

func insertNews(tx *sqldb.Tx, city int64, n news) error {
	_, err := tx.Exec(`
		INSERT INTO suggest_news (city, problem, topic, at)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (city, problem) DO UPDATE SET
			topic = CASE WHEN suggest_news.topic = 0 THEN 0 ELSE excluded.topic END, at = excluded.at`,
		city, n.problem, int64(n.topic), tx.Micros())
	return err
}

// newsSince lists at most limit news from a moment on; who gets as many as that
// reads everything anew.
func newsSince(tx *sqldb.Tx, city, at int64, limit int) ([]news, error) {
	return sqldb.List(tx, func(s sqldb.Scanner) (news, error) {
		var n news
		err := s.Scan(&n.problem, &n.topic)
		return n, err
	}, `
		SELECT problem, topic
		FROM suggest_news
		WHERE city = $1 AND at >= $2
		ORDER BY at
		LIMIT $3`, city, at, limit)
}

func sweepNews(tx *sqldb.Tx, city, before int64) error {
	_, err := tx.Exec(`DELETE FROM suggest_news WHERE city = $1 AND at < $2`, city, before)
	return err
}
