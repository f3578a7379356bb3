package notice

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"gorod/internal/platform/sqldb"
)

const subscriptionColumns = `id, person, token, pace, body, created`

func scanSubscription(row sqldb.Scanner) (Subscription, error) {
	var s Subscription
	var body string
	var created int64
	if err := row.Scan(&s.ID, &s.Person, &s.Token, &s.Pace, &body, &created); err != nil {
		return s, err
	}
	s.Created = time.UnixMicro(created).UTC()
	if err := json.Unmarshal([]byte(body), &s); err != nil {
		return s, fmt.Errorf("read subscription %d: %w", s.ID, err)
	}
	return s, nil
}

func putSubscription(tx *sqldb.Tx, city int64, s Subscription) error {
	body, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("write subscription: %w", err)
	}
	_, err = tx.Exec(`
		INSERT INTO notice_subscription (city, id, person, token, pace, body, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (city, id) DO UPDATE SET pace = excluded.pace, body = excluded.body`,
		city, s.ID, s.Person, s.Token, string(s.Pace), string(body), tx.Micros())
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM notice_subscription_key WHERE city = $1 AND subscription = $2`, city, s.ID); err != nil {
		return err
	}
	for _, key := range s.Scope.keys() {
		if _, err := tx.Exec(`INSERT INTO notice_subscription_key (city, key, subscription) VALUES ($1, $2, $3)`, city, key, s.ID); err != nil {
			return err
		}
	}
	return nil
}

func dropSubscription(tx *sqldb.Tx, city, id int64) error {
	for _, table := range []string{"notice_item", "notice_subscription_key"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE city = $1 AND subscription = $2`, city, id); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`DELETE FROM notice_subscription WHERE city = $1 AND id = $2`, city, id)
	return err
}

func subscriptionByID(tx *sqldb.Tx, city, id int64) (Subscription, error) {
	return sqldb.One(tx, scanSubscription, `
		SELECT `+subscriptionColumns+`
		FROM notice_subscription
		WHERE city = $1 AND id = $2`, city, id)
}

func subscriptionByToken(tx *sqldb.Tx, city int64, token string) (Subscription, error) {
	return sqldb.One(tx, scanSubscription, `
		SELECT `+subscriptionColumns+`
		FROM notice_subscription
		WHERE city = $1 AND token = $2`, city, token)
}

func subscriptionsOf(tx *sqldb.Tx, city, person int64) ([]Subscription, error) {
	return sqldb.List(tx, scanSubscription, `
		SELECT `+subscriptionColumns+`
		FROM notice_subscription
		WHERE city = $1 AND person = $2
		ORDER BY id
		LIMIT $3`, city, person, MaxSubscriptions)
}

// keysTogether is how many keys one statement asks for: both engines stay far
// below their limits of parameters.
const keysTogether = 200

// subscriptionsAt lists the subscriptions behind the one given that have one of
// the keys, by id.
func subscriptionsAt(tx *sqldb.Tx, city int64, keys []string, after int64, limit int) ([]Subscription, error) {
	args := []any{city, after, limit}
	var marks strings.Builder
	for i, key := range keys {
		args = append(args, key)
		fmt.Fprintf(&marks, "%s$%d", ", "[:2*min(i, 1)], len(args))
	}
	return sqldb.List(tx, scanSubscription, `
		SELECT `+subscriptionColumns+`
		FROM notice_subscription
		WHERE city = $1 AND id > $2 AND id IN (
			SELECT subscription FROM notice_subscription_key WHERE city = $1 AND key IN (`+marks.String()+`))
		ORDER BY id
		LIMIT $3`, args...)
}

// item is one thing that a subscription has to tell.
type item struct {
	news         News
	subject, seq int64
}

// insertItem tells whether the subscription did not know it yet.
func insertItem(tx *sqldb.Tx, city, subscription int64, i item) (bool, error) {
	n, err := tx.Exec(`
		INSERT INTO notice_item (city, subscription, news, subject, seq, at, sent)
		VALUES ($1, $2, $3, $4, $5, $6, 0)
		ON CONFLICT DO NOTHING`, city, subscription, string(i.news), i.subject, i.seq, tx.Micros())
	return n > 0, err
}

func waitingItems(tx *sqldb.Tx, city, subscription int64, limit int) ([]item, error) {
	return sqldb.List(tx, func(row sqldb.Scanner) (item, error) {
		var i item
		err := row.Scan(&i.news, &i.subject, &i.seq)
		return i, err
	}, `
		SELECT news, subject, seq
		FROM notice_item
		WHERE city = $1 AND subscription = $2 AND sent = 0
		ORDER BY at, subject, seq, news
		LIMIT $3`, city, subscription, limit)
}

func settleItem(tx *sqldb.Tx, city, subscription int64, i item) error {
	_, err := tx.Exec(`
		UPDATE notice_item SET sent = $6
		WHERE city = $1 AND subscription = $2 AND news = $3 AND subject = $4 AND seq = $5 AND sent = 0`,
		city, subscription, string(i.news), i.subject, i.seq, tx.Micros())
	return err
}

// sweepItems drops what was told, or never fetched, before a moment, of all
// cities, a slice at a time.
func sweepItems(tx *sqldb.Tx, before int64, limit int) (int64, error) {
	return tx.Exec(`
		DELETE FROM notice_item WHERE (city, subscription, news, subject, seq) IN (
			SELECT city, subscription, news, subject, seq FROM notice_item WHERE at <= $1 LIMIT $2)`, before, limit)
}
