package notice

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/base32"
	"errors"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/locale"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "notice", Files: files} }

// Service tells people what happened.
type Service struct {
	DB       *sqldb.DB
	Subjects Subjects
	Sights   Sights // what subscriptions may be told; nil: there are none
	People   *resident.Service
	// Town tells how a city sends and what its pages are called.
	Town    func(ctx context.Context, city int64) (Town, error)
	Phrases *locale.Catalog
	// Key is a secret of at least 32 bytes that signs the links to unsubscribe.
	Key []byte

	letters *template.Template
}

const minKey = 32

// New makes a service; the fields of Service say what each part is for. A key
// that is too short is a mistake of who starts the program.
func New(s Service) *Service {
	if len(s.Key) < minKey {
		panic(fmt.Sprintf("notice: the key has %d bytes, %d are needed", len(s.Key), minKey))
	}
	s.letters = template.Must(template.New("letter").Parse(letterHTML))
	return &s
}

// Settings are what a person hears; the defaults where nothing was set.
func (s *Service) Settings(ctx context.Context, who resident.Who) (Settings, error) {
	var set Settings
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		p, err := s.People.PersonIn(tx, who.City, who.ID)
		if err != nil {
			return err
		}
		set, err = settingsOf(tx, who.City, p)
		return err
	})
	return set, err
}

func settingsOf(tx *sqldb.Tx, city int64, p resident.Person) (Settings, error) {
	set, err := findSettings(tx, city, p.ID)
	if errors.Is(err, sqldb.ErrNoRow) {
		return DefaultSettings(p.Email != ""), nil
	}
	if err != nil {
		return set, fmt.Errorf("read settings of person %d: %w", p.ID, err)
	}
	return set, nil
}

const dayMinutes = 24 * 60

// Set changes what a person hears. Quiet hours outside the day are a fault at
// the field "quiet".
func (s *Service) Set(ctx context.Context, who resident.Who, set Settings) error {
	for _, m := range []int{set.QuietFrom, set.QuietTo} {
		if m < 0 || m >= dayMinutes {
			return fault.Invalid.Field("quiet", "notice.quiet_wrong")
		}
	}
	set.Email, set.SMS = clean(set.Email), clean(set.SMS)
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if _, err := s.People.PersonIn(tx, who.City, who.ID); err != nil {
			return err
		}
		return putSettings(tx, who.City, who.ID, set)
	})
}

// Off says what a link to unsubscribe stops: with a person all e-mail to them,
// or, where they choose so, all about the problem, or the letters of one of their
// subscriptions; without one all about the message that was sent without an
// account.
type Off struct {
	Person       int64
	Problem      int64
	Subscription int64
}

// OffToken is the secret of a link to unsubscribe: what it is about, and proof
// that we wrote it. It is not stored and works as long as the key does.
func (s *Service) OffToken(city int64, off Off) string {
	about := "p" + strconv.FormatInt(off.Person, 36)
	switch {
	case off.Person == 0:
		about = "m" + strconv.FormatInt(off.Problem, 36)
	case off.Problem != 0:
		about = "b" + about[1:] + "." + strconv.FormatInt(off.Problem, 36)
	case off.Subscription != 0:
		about = "s" + about[1:] + "." + strconv.FormatInt(off.Subscription, 36)
	}
	mac := hmac.New(sha256.New, s.Key)
	fmt.Fprintf(mac, "gorod unsubscribe:%d:%s", city, about)
	letters := base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
	return about + "-" + letters.EncodeToString(mac.Sum(nil)[:20])
}

// CheckOff tells what the secret of a link would stop; Missing for one that we
// never wrote.
func (s *Service) CheckOff(city int64, token string) (Off, error) {
	about, _, _ := strings.Cut(token, "-")
	off := readOff(about)
	if off == (Off{}) || !hmac.Equal([]byte(s.OffToken(city, off)), []byte(token)) {
		return Off{}, fault.Missing.New("notice.off_unknown")
	}
	return off, nil
}

// readOff reads what stands before the proof of a token; zero when it is nothing
// that OffToken writes.
func readOff(about string) Off {
	if len(about) < 2 {
		return Off{}
	}
	first, second, both := strings.Cut(about[1:], ".")
	n, err := strconv.ParseInt(first, 36, 64)
	if err != nil || n <= 0 {
		return Off{}
	}
	switch {
	case about[0] == 'p' && !both:
		return Off{Person: n}
	case about[0] == 'm' && !both:
		return Off{Problem: n}
	case (about[0] == 'b' || about[0] == 's') && both:
		of, err := strconv.ParseInt(second, 36, 64)
		switch {
		case err != nil || of <= 0:
			return Off{}
		case about[0] == 'b':
			return Off{Person: n, Problem: of}
		}
		return Off{Person: n, Subscription: of}
	}
	return Off{}
}

// UnsubscribeOne stops what comes about the problem of the letter, and nothing
// else; Missing for a link that names none. It needs no sign-in and may be
// called again.
func (s *Service) UnsubscribeOne(ctx context.Context, city int64, token string) (Off, error) {
	off, err := s.CheckOff(city, token)
	if err != nil {
		return off, err
	}
	if off.Problem == 0 {
		return off, fault.Missing.New("notice.off_unknown")
	}
	return off, s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if off.Person == 0 {
			return putOff(tx, city, off.Problem)
		}
		return putChoice(tx, city, off.Problem, off.Person, Silence)
	})
}

// Unsubscribe stops all that the link is about. It needs no sign-in and may be
// called again.
func (s *Service) Unsubscribe(ctx context.Context, city int64, token string) (Off, error) {
	off, err := s.CheckOff(city, token)
	if err != nil {
		return off, err
	}
	return off, s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		switch {
		case off.Person == 0:
			return putOff(tx, city, off.Problem)
		case off.Subscription != 0:
			return muteSubscription(tx, city, off.Person, off.Subscription)
		}
		p, err := s.People.PersonIn(tx, city, off.Person)
		if err != nil {
			return err
		}
		set, err := settingsOf(tx, city, p)
		if err != nil {
			return err
		}
		set.Email = nil
		return putSettings(tx, city, off.Person, set)
	})
}

// Caught is a letter or an SMS that a demo would have sent.
type Caught struct {
	ID      int64
	Way     Way
	To      string
	Subject string
	Text    string
	HTML    string
	Links   []Link
	At      time.Time
}

// Catcher is a Post and a Gateway that send nothing: what would have gone out
// is kept for the page of a demo.
type Catcher struct {
	DB   *sqldb.DB
	City int64
}

// Deliver implements Post.
func (c Catcher) Deliver(ctx context.Context, m Mail) error {
	return c.keep(ctx, Caught{Way: Email, To: string(m.To), Subject: m.Subject, Text: m.Text, HTML: m.HTML, Links: m.Links})
}

// Send implements Gateway.
func (c Catcher) Send(ctx context.Context, phone, text string) error {
	caught := Caught{Way: SMS, To: phone, Text: text}
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, "https://") || strings.HasPrefix(word, "http://") {
			caught.Links = append(caught.Links, Link{Label: word, URL: word})
		}
	}
	return c.keep(ctx, caught)
}

func (c Catcher) keep(ctx context.Context, caught Caught) error {
	return c.DB.Do(ctx, func(tx *sqldb.Tx) error { return insertCaught(tx, c.City, caught) })
}

// CaughtPage is a part of the caught outbox and how many there are by way.
type CaughtPage struct {
	Caught []Caught
	Count  map[Way]int64 // up to 1000 each
}

const caughtMost = 1000

// Caught lists what was caught, the newest first: of one way or of both, older
// than the key before (0: from the newest). For administrators, and in a demo,
// where nothing in it is real, for whom the caller lets in as System.
func (s *Service) Caught(ctx context.Context, who resident.Who, way Way, before int64, limit int) (CaughtPage, error) {
	page := CaughtPage{Count: map[Way]int64{}}
	if err := mayLook(who); err != nil {
		return page, err
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if page.Caught, err = listCaught(tx, who.City, way, before, min(max(limit, 1), 200)); err != nil {
			return err
		}
		for _, w := range []Way{Email, SMS} {
			if page.Count[w], err = countCaught(tx, who.City, w, caughtMost); err != nil {
				return err
			}
		}
		return nil
	})
	return page, err
}

// FindCaught reads one caught letter; rights as of Caught.
func (s *Service) FindCaught(ctx context.Context, who resident.Who, letter int64) (Caught, error) {
	var c Caught
	if err := mayLook(who); err != nil {
		return c, err
	}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		c, err = findCaught(tx, who.City, letter)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return c, fault.Missing.New("notice.caught_missing")
	}
	return c, err
}

func mayLook(who resident.Who) error {
	if who.System || who.Has(resident.Administrator) {
		return nil
	}
	return fault.Denied.New("notice.not_administrator")
}
