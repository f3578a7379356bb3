package notice_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/notice"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/city/topic"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// seen is what these tests let subscriptions be told, by subject.
type seen map[int64]notice.Sight

func (f seen) Sight(_ context.Context, e event.Event) (notice.Sight, error) {
	s, ok := f[e.Subject]
	if !ok {
		return s, fault.Missing.New("problem.missing")
	}
	return s, nil
}

// watching is a bench whose subscriptions are told of what seen holds.
func watching(t *testing.T, db *sqldb.DB) (*bench, seen) {
	b, sights := setup(t, db), seen{}
	b.Sights = sights
	for _, kind := range notice.SubscriptionEvents() {
		b.bus.On(kind, notice.MatchJob)
	}
	b.subjects[1] = notice.Subject{} // nothing that the author hears
	return b, sights
}

// come publishes an event and does what is due at once.
func (b *bench) come(t *testing.T, kind string, subject, seq int64) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		return b.bus.Publish(tx, event.Event{City: city, Kind: kind, Subject: subject, Seq: seq})
	}))
	b.work(t)
}

var yard = geo.Point{Lat: 58.3000, Lon: 36.9000}

// near is a problem so many metres north of the yard.
func near(metres float64) notice.Sight {
	return notice.Sight{News: notice.NewProblem, Object: 3, Topic: 31, Title: map[string]string{"ru": "Не горит фонарь"}, Where: "ул. Садовая, д. 4", Path: "/problem/24017",
		Spots: []notice.Spot{{Point: geo.Point{Lat: yard.Lat + metres/111_195, Lon: yard.Lon}, House: 1004, Areas: []place.AreaID{"mo-zarechye", "zarechye"}}}}
}

func circle(pace notice.Pace, news ...notice.News) notice.Subscription {
	return notice.Subscription{Name: "Наш двор", Pace: pace, News: news, Scope: notice.Scope{Center: yard, Radius: 300}}
}

func TestWhoWatchesAPlaceIsToldWhatHappensThere(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		_, err := b.Subscribe(ctx, anna, "k1", circle(notice.AtOnce, notice.NewProblem))
		must(t, err)
		b.clear(t)
		sights[1], sights[2], sights[3] = near(200), near(400), near(100)
		answer := near(10)
		answer.News = notice.AnswerNews
		sights[4] = answer
		for subject := range int64(4) {
			b.come(t, "problem.accepted", subject+1, 2)
		}
		b.come(t, "problem.accepted", 3, 2) // delivered twice
		if got := b.to(t); got != "" {
			t.Errorf("a letter went before its neighbours were gathered: to %q", got)
		}
		b.clock.Pass(11 * time.Minute)
		b.work(t)
		letters := b.caught(t)
		if len(letters) != 1 || strings.Count(letters[0].Text, "Новая проблема: Не горит фонарь · ул. Садовая, д. 4") != 2 {
			t.Fatalf("want one letter of the two within 300 m, got %d: %+v", len(letters), letters)
		}
		if !strings.Contains(letters[0].Text, "https://zarechny.example/problem/24017\n") || letters[0].Subject != "Наш двор: что нового" {
			t.Errorf("the letter is\n%s\n%s", letters[0].Subject, letters[0].Text)
		}
		b.clear(t)
		b.clock.Pass(24 * time.Hour)
		b.work(t)
		if got := b.to(t); got != "" {
			t.Errorf("the same is told again to %q", got)
		}
	})
}

func TestALetterADayGoesInTheMorningOfTheCity(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		_, err := b.Subscribe(ctx, anna, "k1", circle(notice.Daily, notice.NewProblem))
		must(t, err)
		b.clear(t)
		sights[1] = near(10)
		b.come(t, "problem.accepted", 1, 2)
		for hours := 1; ; hours++ {
			if hours > 25 {
				t.Fatal("no letter within a day")
			}
			b.clock.Pass(time.Hour)
			b.work(t)
			if b.to(t) == "" {
				continue
			}
			if hour := b.DB.Now().In(b.town.Zone).Hour(); hour != 8 {
				t.Errorf("the letter went at %d o'clock", hour)
			}
			break
		}
	})
}

func TestAnOutageDoesNotWait(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		sub := circle(notice.AtOnce, notice.NewProblem, notice.OutageNews)
		sub.Scope = notice.Scope{House: 1004}
		_, err := b.Subscribe(ctx, anna, "k1", sub)
		must(t, err)
		b.clear(t)
		off := near(0)
		off.News, off.Object, off.Topic, off.Path = notice.OutageNews, 0, 0, "/outages#5"
		off.Title, off.Until = map[string]string{"ru": "нет горячей воды"}, b.DB.Now().Add(48*time.Hour)
		for i := range 900 { // more houses than one statement asks for
			off.Spots = append(off.Spots, notice.Spot{House: place.HouseID(5000 + i)})
		}
		off.Spots[0], off.Spots[len(off.Spots)-1] = off.Spots[len(off.Spots)-1], off.Spots[0]
		sights[1], sights[5] = near(10), off
		b.come(t, "problem.accepted", 1, 2)
		b.come(t, "house.outage_announced", 5, 1)
		letters := b.caught(t)
		if len(letters) != 1 || !strings.Contains(letters[0].Text, "Отключение: нет горячей воды · ул. Садовая, д. 4 · до ") {
			t.Fatalf("caught %+v", letters)
		}
		if !strings.Contains(letters[0].Text, "Новая проблема") {
			t.Error("what waited did not come along")
		}
	})
}

func TestWhatMayNotBeToldAnyMoreIsLeftOut(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		_, err := b.Subscribe(ctx, anna, "k1", circle(notice.AtOnce, notice.NewProblem))
		must(t, err)
		b.clear(t)
		sights[1] = near(10)
		b.come(t, "problem.accepted", 1, 2)
		delete(sights, 1) // hidden meanwhile
		b.clock.Pass(time.Hour)
		b.work(t)
		if got := b.to(t); got != "" {
			t.Errorf("what is hidden was told to %q", got)
		}
	})
}

func TestTheLinkOfALetterSilencesItsSubscriptionAlone(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		first, err := b.Subscribe(ctx, anna, "k1", circle(notice.AtOnce, notice.NewProblem))
		must(t, err)
		second := circle(notice.AtOnce, notice.NewProblem)
		second.Name = "Дом"
		second.Scope = notice.Scope{House: 1004}
		_, err = b.Subscribe(ctx, anna, "k2", second)
		must(t, err)
		_, err = b.Service.Unsubscribe(ctx, city, b.OffToken(city, notice.Off{Person: anna.ID, Subscription: first.ID}))
		must(t, err)
		b.clear(t)
		sights[1] = near(10)
		b.come(t, "problem.accepted", 1, 2)
		b.clock.Pass(time.Hour)
		b.work(t)
		letters := b.caught(t)
		if len(letters) != 1 || letters[0].Subject != "Дом: что нового" {
			t.Errorf("caught %+v", letters)
		}
		if set, err := b.Settings(ctx, anna); err != nil || len(set.Email) == 0 {
			t.Errorf("the other letters were stopped too: %v, %v", set, err)
		}
	})
}

func TestTryingAgainMakesNoSecondSubscription(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, _ := watching(t, db)
		ctx, anna, vera := context.Background(), b.resident(t, "anna@z.example"), b.resident(t, "vera@z.example")
		first, err := b.Subscribe(ctx, anna, "k1", circle(notice.Daily, notice.NewProblem))
		must(t, err)
		again, err := b.Subscribe(ctx, anna, "k1", circle(notice.Daily, notice.NewProblem))
		must(t, err)
		hers, err := b.Subscribe(ctx, vera, "k1", circle(notice.Daily, notice.NewProblem))
		must(t, err)
		if again.ID != first.ID || hers.ID == first.ID || hers.Token == first.Token {
			t.Errorf("first %d, again %d, hers %d", first.ID, again.ID, hers.ID)
		}
		if _, err := b.Subscription(ctx, vera, first.ID); !errors.Is(err, fault.Missing) {
			t.Errorf("another's subscription is read: %v", err)
		}
		first.Name = "Чужое"
		if err := b.ChangeSubscription(ctx, vera, first); !errors.Is(err, fault.Missing) {
			t.Errorf("another's subscription is changed: %v", err)
		}
		must(t, b.EndSubscription(ctx, vera, first.ID))
		if list, err := b.Subscriptions(ctx, anna); err != nil || len(list) != 1 || list[0].Name != "Наш двор" {
			t.Errorf("Anna has %+v, %v", list, err)
		}
		for i := range notice.MaxSubscriptions {
			_, err = b.Subscribe(ctx, anna, fmt.Sprint("more", i), circle(notice.Feed, notice.NewProblem))
		}
		if !errors.Is(err, fault.Limited) {
			t.Errorf("one too many: %v", err)
		}
		must(t, b.EndSubscription(ctx, anna, first.ID))
		must(t, b.EndSubscription(ctx, anna, first.ID))
	})
}

func TestAnErasedPersonHasNoSubscriptions(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, _ := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		sub, err := b.Subscribe(ctx, anna, "k1", circle(notice.Daily, notice.NewProblem))
		must(t, err)
		must(t, b.people.Erase(ctx, anna, anna.ID, resident.From{}))
		b.work(t)
		if _, err := b.SubscriptionByToken(ctx, city, sub.Token); !errors.Is(err, fault.Missing) {
			t.Errorf("the subscription of an erased person is still there: %v", err)
		}
	})
}

func TestASubscriptionThatCannotWorkIsRefusedAtItsField(t *testing.T) {
	t.Parallel()
	corner := func(lat, lon float64) geo.Point { return geo.Point{Lat: lat, Lon: lon} }
	square := []geo.Point{corner(58.29, 36.89), corner(58.29, 36.91), corner(58.31, 36.91), corner(58.31, 36.89)}
	bow := []geo.Point{square[0], square[2], square[1], square[3]}
	for _, c := range []struct {
		name, field string
		change      func(*notice.Subscription)
	}{
		{"nothing wrong", "", func(*notice.Subscription) {}},
		{"a square", "", func(s *notice.Subscription) { s.Scope = notice.Scope{Ring: square} }},
		{"no place", "scope", func(s *notice.Subscription) { s.Scope = notice.Scope{} }},
		{"two places", "scope", func(s *notice.Subscription) { s.Scope.House = 1 }},
		{"a circle nowhere", "scope", func(s *notice.Subscription) { s.Scope.Center = geo.Point{} }},
		{"a circle too small", "radius", func(s *notice.Subscription) { s.Scope.Radius = 10 }},
		{"a circle too large", "radius", func(s *notice.Subscription) { s.Scope.Radius = 9000 }},
		{"two corners", "ring", func(s *notice.Subscription) { s.Scope = notice.Scope{Ring: square[:2]} }},
		{"a bow", "ring", func(s *notice.Subscription) { s.Scope = notice.Scope{Ring: bow} }},
		{"half a country", "ring", func(s *notice.Subscription) {
			s.Scope = notice.Scope{Ring: []geo.Point{corner(50, 30), corner(50, 40), corner(60, 35)}}
		}},
		{"no name", "name", func(s *notice.Subscription) { s.Name = "" }},
		{"no pace", "pace", func(s *notice.Subscription) { s.Pace = "hourly" }},
		{"no news", "news", func(s *notice.Subscription) { s.News = nil }},
		{"topics without end", "topics", func(s *notice.Subscription) { s.Topics = make([]topic.ID, notice.MaxTopics+1) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := circle(notice.Daily, notice.NewProblem)
			c.change(&s)
			err := s.Check()
			var f *fault.Fault
			switch {
			case c.field == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.field != "" && (!errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Name != c.field):
				t.Errorf("want a fault at %s, got %v", c.field, err)
			}
		})
	}
}

// What the keys find must be what the shapes hold: a place inside is always
// found, whatever the shape.
func TestAPlaceInsideAlwaysFindsItsSubscription(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, sights := watching(t, db)
		ctx, anna := context.Background(), b.resident(t, "anna@z.example")
		chance := rand.New(rand.NewPCG(4, 2))
		around := func(metres float64) geo.Point {
			return geo.Point{Lat: yard.Lat + (chance.Float64()-0.5)*metres/55_000, Lon: yard.Lon + (chance.Float64()-0.5)*metres/29_000}
		}
		var subs []notice.Subscription
		for i := range 40 {
			s := circle(notice.Daily, notice.NewProblem)
			if i%2 == 0 {
				s.Scope.Center, s.Scope.Radius = around(3000), notice.MinRadius+chance.IntN(3000)
			} else {
				a, c := around(3000), around(3000)
				s.Scope = notice.Scope{Ring: []geo.Point{a, {Lat: a.Lat, Lon: c.Lon}, c}}
			}
			made, err := b.Subscribe(ctx, anna, fmt.Sprint(i), s)
			must(t, err)
			subs = append(subs, made)
		}
		for subject := range int64(60) {
			s := near(0)
			s.Spots[0] = notice.Spot{Point: around(4000)}
			sights[subject+1] = s
			b.come(t, "problem.accepted", subject+1, 2)
			for _, sub := range subs {
				if got, want := b.told(t, sub.ID, subject+1), sub.Scope.Holds(s.Spots[0]); got != want {
					t.Errorf("subscription %+v and place %v: told %t, want %t", sub.Scope, s.Spots[0].Point, got, want)
				}
			}
		}
	})
}

func (b *bench) told(t *testing.T, subscription, subject int64) bool {
	t.Helper()
	n := int64(0)
	must(t, b.DB.View(context.Background(), func(tx *sqldb.Tx) error {
		var err error
		n, err = sqldb.One(tx, sqldb.Int, `SELECT count(*) FROM notice_item WHERE city = $1 AND subscription = $2 AND subject = $3`, city, subscription, subject)
		return err
	}))
	return n == 1
}

func FuzzRing(f *testing.F) {
	f.Add("58.29,36.89 58.29,36.91 58.31,36.91")
	f.Add("58,36 NaN,1 , 1e999,2")
	f.Fuzz(func(t *testing.T, text string) {
		ring, err := notice.ParseRing(text)
		if err != nil {
			return
		}
		s := circle(notice.Feed, notice.NewProblem)
		s.Scope = notice.Scope{Ring: ring}
		if s.Check() != nil {
			return
		}
		again, err := notice.ParseRing(notice.WriteRing(ring))
		if err != nil || len(again) > len(ring) {
			t.Errorf("%q was read as %v and written so that it is read as %v, %v", text, ring, again, err)
		}
		s.Scope.Holds(notice.Spot{Point: yard})
	})
}
