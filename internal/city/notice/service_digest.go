package notice

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

// Sight is what may be told of an event to who watches its place, as things
// stand now.
type Sight struct {
	News   News
	Spots  []Spot   // one of a problem, as many as houses of an outage
	Object topic.ID // of a problem
	Topic  topic.ID
	Title  map[string]string // by language
	Where  string            // the address, or empty
	Path   string            // of its page
	Until  time.Time         // when an outage ends; zero: unknown, or none
}

// Sights tells what may be told of an event; package app has it from problem and
// house. Missing (package fault) says that nobody may be told, or not any more.
type Sights interface {
	Sight(ctx context.Context, e event.Event) (Sight, error)
}

// SubscriptionEvents lists the kinds of events that subscriptions tell of;
// package app subscribes MatchJob to them.
func SubscriptionEvents() []string {
	return []string{"problem.accepted", "problem.passed", "problem.solved", "problem.solved_on_spot",
		"house.outage_announced", "house.outage_changed", "house.outage_over", "house.news"}
}

// matchSlice is how many subscriptions one transaction writes to.
const matchSlice = 200

// match finds the subscriptions that an event concerns and notes it for them.
func (s *Service) match(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil || s.Sights == nil {
		return err
	}
	sight, err := s.Sights.Sight(ctx, e)
	if errors.Is(err, fault.Missing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read sight: %w", err)
	}
	town, err := s.Town(ctx, e.City)
	if err != nil {
		return fmt.Errorf("read town: %w", err)
	}
	keys := keysOf(sight.Spots)
	for len(keys) > 0 {
		n := min(len(keys), keysTogether)
		if err := s.matchKeys(ctx, e, sight, town, keys[:n]); err != nil {
			return err
		}
		keys = keys[n:]
	}
	return nil
}

// keysOf are the keys of all spots, each once.
func keysOf(spots []Spot) []string {
	var keys []string
	seen := map[string]bool{}
	for _, spot := range spots {
		for _, key := range spot.keys() {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key)
			}
		}
	}
	return keys
}

func (s *Service) matchKeys(ctx context.Context, e event.Event, sight Sight, town Town, keys []string) error {
	for after := int64(0); ; {
		var list []Subscription
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			if list, err = subscriptionsAt(tx, e.City, keys, after, matchSlice); err != nil {
				return fmt.Errorf("look for subscriptions: %w", err)
			}
			for _, sub := range list {
				if !sub.concerned(sight) {
					continue
				}
				if err := noteItem(tx, e, sub, sight.News, town); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(list) < matchSlice {
			return err
		}
		after = list[len(list)-1].ID
	}
}

// concerned tells whether a subscription wants to hear of a sight.
func (s Subscription) concerned(sight Sight) bool {
	wanted := false
	for _, n := range s.News {
		wanted = wanted || n == sight.News
	}
	if !wanted || sight.Topic != 0 && !s.Wants(sight.Object, sight.Topic) {
		return false
	}
	for _, spot := range sight.Spots {
		if s.Scope.Holds(spot) {
			return true
		}
	}
	return false
}

// noteItem writes what a subscription has to tell, and orders its next letter.
func noteItem(tx *sqldb.Tx, e event.Event, sub Subscription, news News, town Town) error {
	at := sub.Pace.due(tx.Now(), town.Zone, news)
	if at.IsZero() {
		return nil // its feed reads the city itself
	}
	fresh, err := insertItem(tx, e.City, sub.ID, item{news, e.Subject, e.Seq})
	if err != nil || !fresh {
		return err
	}
	// A letter that waits already takes this along, unless this cannot wait.
	key := fmt.Sprintf("%d", sub.ID)
	if news == OutageNews && sub.Pace == AtOnce {
		key += ":now"
	}
	return job.Add(tx, job.Job{City: e.City, Kind: DigestJob, Key: key, RunAt: at, Args: job.Args(digestArgs{sub.ID})})
}

type digestArgs struct {
	Subscription int64 `json:"subscription"`
}

// mostItems is how many things one letter lists; what is left comes with the
// next, or is seen on the map.
const mostItems = 50

// digest writes the letter of a subscription about all that waits.
func (s *Service) digest(ctx context.Context, j job.Job) error {
	args, err := job.Unpack[digestArgs](j)
	if err != nil || s.Sights == nil {
		return err
	}
	var sub Subscription
	var waiting []item
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		if sub, err = subscriptionByID(tx, j.City, args.Subscription); err != nil {
			return err
		}
		waiting, err = waitingItems(tx, j.City, sub.ID, mostItems+1)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read subscription %d: %w", args.Subscription, err)
	}
	if len(waiting) == 0 {
		return nil
	}
	more := len(waiting) > mostItems
	waiting = waiting[:min(len(waiting), mostItems)]
	if err := s.writeDigest(ctx, j.City, sub, waiting, more); err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		for _, i := range waiting {
			if err := settleItem(tx, j.City, sub.ID, i); err != nil {
				return fmt.Errorf("settle items of subscription %d: %w", sub.ID, err)
			}
		}
		if !more {
			return nil
		}
		return job.Add(tx, job.Job{City: j.City, Kind: DigestJob, Key: fmt.Sprintf("%d", sub.ID), RunAt: tx.Now().Add(soon), Args: job.Args(args)})
	})
}

// writeDigest sends the letter, unless nobody can get it or nothing is left that
// may be told.
func (s *Service) writeDigest(ctx context.Context, city int64, sub Subscription, waiting []item, more bool) error {
	town, err := s.Town(ctx, city)
	if err != nil {
		return fmt.Errorf("read town: %w", err)
	}
	var r reader
	var now time.Time
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		now = tx.Now()
		p, err := s.People.PersonIn(tx, city, sub.Person)
		if err == nil && !p.Erased && !p.Blocked {
			r = reader{email: p.Email, language: p.Language}
		}
		return err
	})
	if errors.Is(err, fault.Missing) || err == nil && (r.email == "" || town.Mail == nil || sub.Pace == Feed) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read person of subscription %d: %w", sub.ID, err)
	}
	v := speak(s.Phrases, town, r.language)
	rows, err := s.rowsOf(ctx, v, city, sub, waiting, now)
	if err != nil || len(rows) == 0 {
		return err
	}
	home := strings.TrimSuffix(town.SettingsURL, "/cabinet")
	l := letter{
		Lang: string(v.lang), Subject: v.say("digest.subject", sub.Name),
		Before: []string{v.say("hello"), v.say("digest.text", sub.Name)}, Rows: rows,
		Links: []Link{{v.say("digest.button"), home + fmt.Sprintf("/watch/%d", sub.ID)}},
		Why:   v.say("digest.why", town.name(string(v.lang))),
	}
	if more {
		l.After = []string{v.say("digest.more")}
	}
	off := town.OffURL + s.OffToken(city, Off{Person: sub.Person, Subscription: sub.ID})
	l.Small = []Link{{v.say("settings"), home + "/watch"}, {v.say("digest.off"), off}}
	last := waiting[len(waiting)-1]
	mail, err := s.mail(l, fmt.Sprintf("digest-%d-%d-%d-%d", city, sub.ID, last.subject, last.seq), r.email)
	if err != nil {
		return err
	}
	mail.Unsubscribe = off
	return town.Mail.Deliver(ctx, mail)
}

// rowsOf are the lines of what may still be told, a thing once: of several items
// of one thing the last.
func (s *Service) rowsOf(ctx context.Context, v voice, city int64, sub Subscription, waiting []item, now time.Time) ([]Link, error) {
	var rows []Link
	for i, it := range waiting {
		again := false
		for _, later := range waiting[i+1:] {
			again = again || later.news == it.news && later.subject == it.subject
		}
		if again {
			continue
		}
		sight, err := s.Sights.Sight(ctx, event.Event{City: city, Kind: kindOfNews(it.news), Subject: it.subject, Seq: it.seq})
		if errors.Is(err, fault.Missing) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read sight: %w", err)
		}
		if sub.concerned(sight) {
			rows = append(rows, v.row(sight, now))
		}
	}
	return rows, nil
}

// kindOfNews is an event by which Sights finds again what an item was about.
func kindOfNews(n News) string {
	switch n {
	case NewProblem:
		return "problem.accepted"
	case AnswerNews:
		return "problem.passed"
	case OutageNews:
		return "house.outage_changed"
	}
	return "house.news"
}

// row is one line of a letter: what, where, until when.
func (v voice) row(s Sight, now time.Time) Link {
	parts := []string{v.say("digest."+string(s.News)) + " " + v.in(s.Title)}
	if s.Where != "" {
		parts = append(parts, s.Where)
	}
	if !s.Until.IsZero() {
		parts = append(parts, v.say("digest.until", locale.DateTime(v.lang, s.Until.In(v.town.Zone), now.In(v.town.Zone))))
	}
	return Link{Label: strings.Join(parts, " · "), URL: strings.TrimSuffix(v.town.SettingsURL, "/cabinet") + s.Path}
}
