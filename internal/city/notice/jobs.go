package notice

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

// The kinds of jobs of this package.
const (
	// TellJob finds out who hears of an event of a problem (Events).
	TellJob = "notice.tell"
	// SendJob sends one letter or SMS.
	SendJob = "notice.send"
	// CodeJob sends a code or link to come in (resident.CodeAsked, LinkAsked).
	CodeJob = "notice.code"
	// ForgetJob drops settings and choices of an erased person (resident.PersonErased).
	ForgetJob = "notice.forget"
	// SweepJob drops old rows, of all cities.
	SweepJob = "notice.sweep"
	// MatchJob finds the subscriptions that an event concerns (SubscriptionEvents).
	MatchJob = "notice.match"
	// DigestJob writes the letter of one subscription.
	DigestJob = "notice.digest"
)

const (
	notesKept  = 180 * 24 * time.Hour
	caughtKept = 30 * 24 * time.Hour
	itemsKept  = 60 * 24 * time.Hour
	sweepSlice = 500
	// tellSlice keeps the database's one writer free for others.
	tellSlice = 100
)

type errand struct {
	Note int64 `json:"note"`
}

// Jobs are the handlers of this package.
func (s *Service) Jobs() map[string]job.Handler {
	return map[string]job.Handler{
		TellJob: s.tell, SendJob: s.send, CodeJob: s.code, ForgetJob: s.forget, SweepJob: s.sweep,
		MatchJob: s.match, DigestJob: s.digest,
	}
}

// Schedule is what comes again and again, once for all cities.
func (s *Service) Schedule() []job.Scheduled {
	return []job.Scheduled{{Name: SweepJob, Kind: SweepJob, Slot: job.Every(24 * time.Hour)}}
}

// theAuthor names an author without an account; people are p:<key>.
const theAuthor = "author"

// tell writes one row for everyone who shall hear of an event.
func (s *Service) tell(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil {
		return err
	}
	subject, err := s.Subjects.Subject(ctx, e.City, e.Subject, e.Seq)
	if errors.Is(err, fault.Missing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read subject: %w", err)
	}
	kind := kindOf(subject.Event, subject.Interim)
	if kind == "" {
		return nil
	}
	town, err := s.Town(ctx, e.City)
	if err != nil {
		return fmt.Errorf("read town: %w", err)
	}
	all := recipients(kind, subject)
	for len(all) > 0 {
		n := min(len(all), tellSlice)
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error { return s.note(tx, e, kind, subject, town, all[:n]) })
		if err != nil {
			return err
		}
		all = all[n:]
	}
	if kind.forAuthor() || kind == AskSolved || !subject.Public {
		return nil // who watches has no word to give
	}
	return s.tellWatchers(ctx, e, kind, subject, town)
}

// tellWatchers goes on with tell, a slice of people at a time. Who was told as
// author or joined has a row already.
func (s *Service) tellWatchers(ctx context.Context, e event.Event, kind Kind, subject Subject, town Town) error {
	after := int64(0)
	for {
		var people []int64
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			if people, err = watchers(tx, e.City, e.Subject, after, tellSlice); err != nil {
				return fmt.Errorf("list who watches: %w", err)
			}
			var names []string
			for _, person := range people {
				if person != subject.Actor {
					names = append(names, nameOf(person))
				}
			}
			return s.note(tx, e, kind, subject, town, names)
		})
		if err != nil || len(people) < tellSlice {
			return err
		}
		after = people[len(people)-1]
	}
}

// nameOf is how a row names a person.
func nameOf(person int64) string { return "p:" + strconv.FormatInt(person, 10) }

// recipients are who hears of a kind; nobody hears of what they did.
func recipients(k Kind, s Subject) []string {
	var list []string
	if s.Event == contactGiven {
		if s.Author == 0 {
			list = append(list, theAuthor)
		}
		return list
	}
	add := func(person int64) {
		if person != 0 && (person != s.Actor || k == Sent) {
			list = append(list, nameOf(person))
		}
	}
	add(s.Author)
	if s.Author == 0 && (!s.ByAuthor || k == Sent) {
		list = append(list, theAuthor)
	}
	if k.forAuthor() {
		return list
	}
	for _, person := range s.Joined {
		if person != s.Author {
			add(person)
		}
	}
	return list
}

func (s *Service) note(tx *sqldb.Tx, e event.Event, kind Kind, subject Subject, town Town, recipients []string) error {
	for _, recipient := range recipients {
		r, err := s.reader(tx, e.City, e.Subject, recipient, subject)
		if err != nil {
			return err
		}
		for _, way := range r.settings.ways(kind, r.email, r.phone, town) {
			if err := s.enqueue(tx, e, recipient, way, r.settings, town); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) enqueue(tx *sqldb.Tx, e event.Event, recipient string, way Way, set Settings, town Town) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	fresh, err := insertNote(tx, e.City, note{id: id, problem: e.Subject, seq: e.Seq, recipient: recipient, way: way})
	if err != nil || !fresh {
		return err
	}
	at := tx.Now()
	if way == SMS {
		at = set.after(at, town.Zone)
	}
	return job.Add(tx, job.Job{City: e.City, Kind: SendJob, Args: job.Args(errand{id}), RunAt: at})
}

// reader is one recipient as they are now: no address means that they are told
// nothing.
type reader struct {
	email    see.Email
	phone    see.Phone
	language string
	settings Settings
	off      Off
	part     part
}

// part is in which part somebody hears of a problem.
type part string

// The parts. Who only watches has no word on whether it is solved.
const (
	asAuthor  part = "author"
	asJoined  part = "joined"
	asWatcher part = "watching"
)

// partOf is the part of a person with an account.
func partOf(person int64, s Subject) part {
	switch {
	case person == s.Author:
		return asAuthor
	case slices.Contains(s.Joined, person):
		return asJoined
	}
	return asWatcher
}

func (s *Service) reader(tx *sqldb.Tx, city, problem int64, recipient string, subject Subject) (reader, error) {
	if recipient == theAuthor {
		off, err := isOff(tx, city, problem)
		if err != nil || off || subject.Author != 0 {
			return reader{}, err
		}
		c := subject.Contact
		return reader{email: c.Email, phone: c.Phone, language: c.Language,
			settings: DefaultSettings(c.Email != ""), off: Off{Problem: problem}, part: asAuthor}, nil
	}
	id, err := strconv.ParseInt(strings.TrimPrefix(recipient, "p:"), 10, 64)
	if err != nil {
		return reader{}, fmt.Errorf("read recipient %q: %w", recipient, job.ErrHopeless)
	}
	p, err := s.People.PersonIn(tx, city, id)
	if errors.Is(err, fault.Missing) || err == nil && (p.Erased || p.Blocked) {
		return reader{}, nil
	}
	if err != nil {
		return reader{}, err
	}
	choice, err := choiceOf(tx, city, problem, id)
	if err != nil {
		return reader{}, err
	}
	as := partOf(id, subject)
	if choice == Silence || as == asWatcher && (choice != Watch || !subject.Public) {
		return reader{}, nil
	}
	set, err := settingsOf(tx, city, p)
	r := reader{email: p.Email, phone: p.Phone, language: p.Language, settings: set, off: Off{Person: id, Problem: problem}, part: as}
	if p.Staff {
		r.phone = "" // the telephone of an office takes no SMS
	}
	return r, err
}

// send sends one note as things stand now.
func (s *Service) send(ctx context.Context, j job.Job) error {
	args, err := job.Unpack[errand](j)
	if err != nil {
		return err
	}
	var n note
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		n, err = findNote(tx, j.City, args.Note)
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) || err == nil && n.state != "waiting" {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read notice %d: %w", args.Note, err)
	}
	state, err := s.deliver(ctx, j.City, n)
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return settleNote(tx, j.City, n.id, state) })
}

// deliver renders and sends; it says "dropped" where nobody wants it any more.
func (s *Service) deliver(ctx context.Context, city int64, n note) (state string, err error) {
	subject, err := s.Subjects.Subject(ctx, city, n.problem, n.seq)
	if errors.Is(err, fault.Missing) {
		return "dropped", nil
	}
	if err != nil {
		return "", fmt.Errorf("read subject: %w", err)
	}
	town, err := s.Town(ctx, city)
	if err != nil {
		return "", fmt.Errorf("read town: %w", err)
	}
	var r reader
	var now time.Time
	if err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		now = tx.Now()
		r, err = s.reader(tx, city, n.problem, n.recipient, subject)
		return err
	}); err != nil {
		return "", err
	}
	kind := kindOf(subject.Event, subject.Interim)
	wanted := false
	for _, way := range r.settings.ways(kind, r.email, r.phone, town) {
		wanted = wanted || way == n.way
	}
	if !wanted {
		return "dropped", nil
	}
	v := speak(s.Phrases, town, r.language)
	if n.way == SMS {
		return "sent", town.Phones.Send(ctx, string(r.phone), v.short(kind, subject, r.part))
	}
	l := v.write(kind, subject, r.part, now)
	off := town.OffURL + s.OffToken(city, r.off)
	l.Small = []Link{{v.say("off"), off}}
	if r.off.Person != 0 && town.SettingsURL != "" {
		l.Small = append([]Link{{v.say("settings"), town.SettingsURL}}, l.Small...)
	}
	mail, err := s.mail(l, fmt.Sprintf("notice-%d-%d", city, n.id), r.email)
	if err != nil {
		return "", err
	}
	mail.Unsubscribe = off
	return "sent", town.Mail.Deliver(ctx, mail)
}

func (s *Service) mail(l letter, id string, to see.Email) (Mail, error) {
	html, err := l.html(s.letters)
	return Mail{ID: id, To: to, Language: l.Lang, Subject: l.Subject, Text: l.text(), HTML: html,
		Links: append(append([]Link{}, l.Links...), l.Small...)}, err
}

// code sends what opens the door, unless it is too late for it.
func (s *Service) code(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil {
		return err
	}
	l, err := s.People.Letter(ctx, e.City, e.Subject)
	if errors.Is(err, fault.Missing) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("open code: %w", err)
	}
	town, err := s.Town(ctx, e.City)
	if err != nil {
		return fmt.Errorf("read town: %w", err)
	}
	if err := s.door(ctx, e, l, town); err != nil {
		return err
	}
	return s.People.LetterSent(ctx, e.City, e.Subject)
}

func (s *Service) door(ctx context.Context, e event.Event, l resident.Letter, town Town) error {
	v := speak(s.Phrases, town, l.Language)
	if l.Kind == resident.Code {
		if town.Phones == nil {
			return fmt.Errorf("the city has no SMS gateway: %w", job.ErrHopeless)
		}
		return town.Phones.Send(ctx, l.To, v.code(l.Secret.Reveal()))
	}
	if town.Mail == nil {
		return fmt.Errorf("the city has no mail server: %w", job.ErrHopeless)
	}
	minutes := int(l.Expires.Sub(s.DB.Now()).Round(time.Minute) / time.Minute)
	letter := v.enter(town.EnterURL+l.Secret.Reveal(), max(minutes, 1))
	mail, err := s.mail(letter, fmt.Sprintf("entry-%d-%d", e.City, e.Subject), see.Email(l.To))
	if err != nil {
		return err
	}
	return town.Mail.Deliver(ctx, mail)
}

func (s *Service) forget(ctx context.Context, j job.Job) error {
	e, err := job.Unpack[event.Event](j)
	if err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if err := dropChoices(tx, e.City, e.Subject); err != nil {
			return err
		}
		if err := dropSubscriptions(tx, e.City, e.Subject); err != nil {
			return err
		}
		return dropSettings(tx, e.City, e.Subject)
	})
}

func (s *Service) sweep(ctx context.Context, _ job.Job) error {
	for {
		var n int64
		err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			n, err = sweep(tx, tx.Now().Add(-notesKept).UnixMicro(), tx.Now().Add(-caughtKept).UnixMicro(), sweepSlice)
			if err != nil {
				return err
			}
			items, err := sweepItems(tx, tx.Now().Add(-itemsKept).UnixMicro(), sweepSlice)
			n += items
			return err
		})
		if err != nil {
			return fmt.Errorf("sweep notices: %w", err)
		}
		if n == 0 {
			return nil
		}
	}
}
