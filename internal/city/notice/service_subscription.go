package notice

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"strings"

	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Subscribe keeps what a person wants to hear of a place and gives its key. The
// form's key makes a second try give the first subscription. Guests are Denied;
// mistakes are Invalid faults at the fields of Check; more than
// MaxSubscriptions are a Limited fault.
func (s *Service) Subscribe(ctx context.Context, who resident.Who, key string, sub Subscription) (Subscription, error) {
	if who.ID == 0 {
		return sub, fault.Denied.New("notice.sign_in_first")
	}
	sub.Name = strings.TrimSpace(sub.Name)
	if err := sub.Check(); err != nil {
		return sub, err
	}
	sub.Person, sub.Token = who.ID, s.feedToken(who, key)
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		known, err := subscriptionByToken(tx, who.City, sub.Token)
		if err == nil {
			sub = known
			return nil
		}
		if !errors.Is(err, sqldb.ErrNoRow) {
			return fmt.Errorf("look for subscription: %w", err)
		}
		own, err := subscriptionsOf(tx, who.City, who.ID)
		if err != nil {
			return fmt.Errorf("list subscriptions: %w", err)
		}
		if len(own) >= MaxSubscriptions {
			return fault.Limited.New("notice.subscription_many", MaxSubscriptions)
		}
		if sub.ID, err = tx.NewID(); err != nil {
			return err
		}
		sub.Created = tx.Now()
		return putSubscription(tx, who.City, sub)
	})
	return sub, err
}

// feedToken is the secret of the feed of a subscription that a person made with
// a key: nobody else can compute it.
func (s *Service) feedToken(who resident.Who, key string) string {
	mac := hmac.New(sha256.New, s.Key)
	fmt.Fprintf(mac, "gorod subscription:%d:%d:%s", who.City, who.ID, key)
	letters := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
	return letters.EncodeToString(mac.Sum(nil)[:20])
}

// ChangeSubscription puts other wishes in the place of a person's own
// subscription; its feed keeps its address. Another's is Missing.
func (s *Service) ChangeSubscription(ctx context.Context, who resident.Who, sub Subscription) error {
	sub.Name = strings.TrimSpace(sub.Name)
	if err := sub.Check(); err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		old, err := ownSubscription(tx, who, sub.ID)
		if err != nil {
			return err
		}
		sub.Person, sub.Token = old.Person, old.Token
		return putSubscription(tx, who.City, sub)
	})
}

// EndSubscription deletes a person's own subscription with its feed; one that is
// not there is deleted already.
func (s *Service) EndSubscription(ctx context.Context, who resident.Who, id int64) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		_, err := ownSubscription(tx, who, id)
		if errors.Is(err, fault.Missing) {
			return nil
		}
		if err != nil {
			return err
		}
		return dropSubscription(tx, who.City, id)
	})
}

func ownSubscription(tx *sqldb.Tx, who resident.Who, id int64) (Subscription, error) {
	sub, err := subscriptionByID(tx, who.City, id)
	if errors.Is(err, sqldb.ErrNoRow) || err == nil && (who.ID == 0 || sub.Person != who.ID) {
		return sub, fault.Missing.New("notice.subscription_missing")
	}
	if err != nil {
		return sub, fmt.Errorf("read subscription %d: %w", id, err)
	}
	return sub, nil
}

// Subscription reads a person's own subscription; another's is Missing.
func (s *Service) Subscription(ctx context.Context, who resident.Who, id int64) (Subscription, error) {
	var sub Subscription
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		sub, err = ownSubscription(tx, who, id)
		return err
	})
	return sub, err
}

// Subscriptions lists what a person subscribed to, the oldest first.
func (s *Service) Subscriptions(ctx context.Context, who resident.Who) ([]Subscription, error) {
	var list []Subscription
	if who.ID == 0 {
		return nil, nil
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = subscriptionsOf(tx, who.City, who.ID)
		return err
	})
	return list, err
}

// SubscriptionByToken reads the subscription of a feed's secret: who knows it
// may read, and nothing else. Missing where there is none.
func (s *Service) SubscriptionByToken(ctx context.Context, city int64, token string) (Subscription, error) {
	var sub Subscription
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		sub, err = subscriptionByToken(tx, city, token)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return sub, fault.Missing.New("notice.subscription_missing")
	}
	return sub, err
}

// muteSubscription is what a link to unsubscribe does: no letters any more; the
// feed and the words stay, so that a slip can be undone in the cabinet.
func muteSubscription(tx *sqldb.Tx, city, person, id int64) error {
	sub, err := subscriptionByID(tx, city, id)
	if errors.Is(err, sqldb.ErrNoRow) || err == nil && sub.Person != person {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read subscription %d: %w", id, err)
	}
	sub.Pace = Feed
	return putSubscription(tx, city, sub)
}

// dropSubscriptions ends all of a person's: who is erased wants nothing.
func dropSubscriptions(tx *sqldb.Tx, city, person int64) error {
	list, err := subscriptionsOf(tx, city, person)
	if err != nil {
		return fmt.Errorf("list subscriptions of person %d: %w", person, err)
	}
	for _, sub := range list {
		if err := dropSubscription(tx, city, sub.ID); err != nil {
			return err
		}
	}
	return nil
}
