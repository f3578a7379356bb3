package resident

import (
	"context"
	"crypto/hmac"
	"errors"
	"fmt"
	"strings"
	"time"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/see"
	"gorod/internal/platform/sqldb"
)

const codeDigits = 6

// AskCode sends a code to a phone. Who is nobody for a sign-in; a resident who
// is signed in adds the phone to the account instead. Refusals:
// resident.phone_wrong, resident.way_closed, resident.asked_too_often.
func (s *Service) AskCode(ctx context.Context, who Who, phone string, ways Ways, from From) (Ticket, error) {
	number, err := ParsePhone(phone)
	if err != nil {
		return Ticket{}, err
	}
	if !ways.SMS {
		return Ticket{}, fault.Denied.Field("phone", "resident.way_closed")
	}
	code, ticket := s.IDs.Code(codeDigits), s.IDs.Secret()
	e := entry{kind: Code, door: id.Hash(ticket), contact: string(number)}
	asked, err := s.ask(ctx, who, e, code, s.Limits.CodeLife, "phone", CodeAsked, from)
	asked.ID, asked.To = ticket, Masked(number)
	return asked, err
}

// AskLink sends a link to an e-mail address; otherwise as AskCode.
func (s *Service) AskLink(ctx context.Context, who Who, email string, ways Ways, from From) (Ticket, error) {
	address, err := ParseEmail(email)
	if err != nil {
		return Ticket{}, err
	}
	if !ways.Email {
		return Ticket{}, fault.Denied.Field("email", "resident.way_closed")
	}
	secret := s.IDs.Secret()
	e := entry{kind: Link, door: id.Hash(secret), contact: string(address)}
	asked, err := s.ask(ctx, who, e, secret, s.Limits.LinkLife, "email", LinkAsked, from)
	asked.To = string(address)
	return asked, err
}

// ask writes an entry and tells who sends it.
func (s *Service) ask(ctx context.Context, who Who, e entry, secret string, life time.Duration, field, news string, from From) (Ticket, error) {
	e.person, e.language, e.address = who.ID, from.Language, s.Pseudonym(from.Address)
	var asked Ticket
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		if err := s.mayAsk(tx, who.City, e, field); err != nil {
			return err
		}
		var err error
		if e.id, err = tx.NewID(); err != nil {
			return err
		}
		until := tx.Now().Add(life)
		e.expires = until.UnixMicro()
		if e.kind == Code {
			e.code = s.keys.code(who.City, e.id, secret)
		}
		if e.sealed, err = s.keys.seal("letter", who.City, e.id, secret, s.IDs.Salt()); err != nil {
			return fmt.Errorf("seal code: %w", err)
		}
		if err := insertEntry(tx, who.City, e); err != nil {
			return fmt.Errorf("write entry: %w", err)
		}
		if err := closeOlder(tx, who.City, e.contact, e.address, e.id); err != nil {
			return fmt.Errorf("close older entries: %w", err)
		}
		asked = Ticket{Expires: until}
		if asked.Again, err = s.again(tx, who.City, e); err != nil {
			return err
		}
		return s.Bus.Publish(tx, event.Event{City: who.City, Kind: news, Subject: e.id})
	})
	return asked, err
}

// mayAsk counts what was asked for in the last hour; whoever asks for the same
// contact at the same moment waits for this transaction.
func (s *Service) mayAsk(tx *sqldb.Tx, city int64, e entry, field string) error {
	hourAgo := tx.Now().Add(-time.Hour).UnixMicro()
	if err := takeTurn(tx, city, "k:"+id.Hash(e.contact)); err != nil {
		return fmt.Errorf("wait for turn: %w", err)
	}
	n, err := countAsksOf(tx, city, e.contact, hourAgo)
	if err != nil {
		return fmt.Errorf("count codes of an hour: %w", err)
	}
	if n >= int64(s.Limits.Asks) {
		return fault.Limited.Field(field, "resident.asked_too_often")
	}
	if e.address == "" {
		return nil
	}
	if err := takeTurn(tx, city, "f:"+e.address); err != nil {
		return fmt.Errorf("wait for turn: %w", err)
	}
	n, err = countAsksFrom(tx, city, e.address, hourAgo)
	if err != nil {
		return fmt.Errorf("count codes of an address: %w", err)
	}
	if n >= int64(s.Limits.AddressAsks) {
		return fault.Limited.Field(field, "resident.asked_too_often")
	}
	return nil
}

// again is when the next code can be asked for: after half a minute, which an
// SMS may need, or when the oldest that counts is an hour old.
func (s *Service) again(tx *sqldb.Tx, city int64, e entry) (time.Time, error) {
	soon := tx.Now().Add(30 * time.Second)
	nth, err := nthAsk(tx, city, e.contact, tx.Now().Add(-time.Hour).UnixMicro(), s.Limits.Asks-1)
	if errors.Is(err, sqldb.ErrNoRow) {
		return soon, nil
	}
	if err != nil {
		return soon, fmt.Errorf("find when to ask again: %w", err)
	}
	return moment(nth).Add(time.Hour), nil
}

// EnterCode redeems a code. Before is the token that the browser had; its
// session ends. Refusals, at the field "code": resident.code_wrong with the
// tries that are left, resident.code_over, resident.locked.
func (s *Service) EnterCode(ctx context.Context, who Who, ticket, code, before string, from From) (Entered, error) {
	door, address := id.Hash(ticket), "a:"+s.Pseudonym(from.Address)
	code = strings.Join(strings.Fields(code), "")
	return s.redeem(ctx, func(tx *sqldb.Tx) (Entered, error, error) {
		if address != "a:" {
			free, err := takeTry(tx, who.City, address, s.Limits.AddressFailures, tx.Now().Add(-s.Limits.Lock).UnixMicro())
			if err != nil || !free {
				return Entered{}, s.locked(), err
			}
		}
		e, err := tryEntry(tx, who.City, Code, door, s.Limits.CodeTries)
		if errors.Is(err, sqldb.ErrNoRow) {
			return Entered{}, fault.Closed.Field("code", "resident.code_over"), nil
		}
		if err != nil {
			return Entered{}, nil, err
		}
		left := s.Limits.CodeTries - int(e.tries)
		switch right := hmac.Equal([]byte(s.keys.code(who.City, e.id, code)), []byte(e.code)); {
		case !right && left == 0:
			return Entered{}, fault.Closed.Field("code", "resident.code_over"), nil
		case !right:
			return Entered{}, fault.Invalid.Field("code", "resident.code_wrong", left), nil
		}
		if err := untry(tx, who.City, address); err != nil {
			return Entered{}, nil, err
		}
		return s.enter(tx, who, e, before, from)
	})
}

// CheckLink tells whether the secret of a link would open the door, and for
// which address, without using it up: mail programs follow links before people.
func (s *Service) CheckLink(ctx context.Context, city int64, secret string) (see.Email, error) {
	var e entry
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		e, err = openEntry(tx, city, Link, id.Hash(secret))
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return "", linkOver()
	}
	return see.Email(e.contact), err
}

// EnterLink redeems the secret of a link, once (resident.link_over); otherwise
// as EnterCode.
func (s *Service) EnterLink(ctx context.Context, who Who, secret, before string, from From) (Entered, error) {
	return s.redeem(ctx, func(tx *sqldb.Tx) (Entered, error, error) {
		e, err := openEntry(tx, who.City, Link, id.Hash(secret))
		if errors.Is(err, sqldb.ErrNoRow) {
			return Entered{}, linkOver(), nil
		}
		if err != nil {
			return Entered{}, nil, err
		}
		return s.enter(tx, who, e, before, from)
	})
}

func linkOver() error { return fault.Closed.New("resident.link_over") }

// redeem runs a try whose refusal must be counted: what it wrote is committed,
// then the refusal is given.
func (s *Service) redeem(ctx context.Context, try func(*sqldb.Tx) (in Entered, refusal, err error)) (Entered, error) {
	var in Entered
	var refusal error
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		in, refusal, err = try(tx)
		return err
	})
	if err != nil {
		return Entered{}, fmt.Errorf("redeem code or link: %w", err)
	}
	if refusal != nil {
		return Entered{}, refusal
	}
	return in, nil
}

// enter uses an entry up: it opens the account of the contact, or adds the
// contact to the account of who asked.
func (s *Service) enter(tx *sqldb.Tx, who Who, e entry, before string, from From) (in Entered, refusal, err error) {
	first, err := useEntry(tx, who.City, e.id)
	if err != nil {
		return in, nil, err
	}
	if !first {
		return in, linkOver(), nil
	}
	if e.person != 0 {
		return s.add(tx, who, e)
	}
	p, fresh, err := s.personOf(tx, who.City, e)
	if err != nil {
		return in, nil, err
	}
	if p.Blocked {
		return in, fault.Denied.New("resident.blocked"), nil
	}
	in, err = s.open(tx, who.City, p, before, from)
	in.New = fresh
	return in, nil, err
}

// add gives the account of who asked the contact that was just proved.
func (s *Service) add(tx *sqldb.Tx, who Who, e entry) (in Entered, refusal, err error) {
	if who.ID != e.person {
		// The link was opened where somebody else is signed in, or nobody is.
		return in, fault.Denied.New("resident.other_account"), nil
	}
	p, err := s.PersonIn(tx, who.City, who.ID)
	if err != nil {
		return in, nil, err
	}
	if p.Staff {
		return in, fault.Denied.New("resident.staff_contact"), nil
	}
	holder, err := s.holderOf(tx, who.City, e)
	if err != nil {
		return in, nil, err
	}
	if holder.ID != 0 && holder.ID != p.ID {
		return in, fault.Conflict.New("resident.contact_taken"), nil
	}
	phone, email := e.contacts()
	if err := addContact(tx, who.City, p.ID, phone, email); err != nil {
		return in, nil, err
	}
	p, err = s.PersonIn(tx, who.City, who.ID)
	return Entered{Person: p, Added: true}, nil, err
}

func (e entry) contacts() (see.Phone, see.Email) {
	if e.kind == Code {
		return see.Phone(e.contact), ""
	}
	return "", see.Email(e.contact)
}

// holderOf is the resident who has the contact; the zero Person when none.
func (s *Service) holderOf(tx *sqldb.Tx, city int64, e entry) (Person, error) {
	find := byEmail
	if e.kind == Code {
		find = byPhone
	}
	p, err := find(tx, city, e.contact)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Person{}, nil
	}
	return p, err
}

// personOf finds the resident of a contact, or makes the account.
func (s *Service) personOf(tx *sqldb.Tx, city int64, e entry) (p Person, fresh bool, err error) {
	p, err = s.holderOf(tx, city, e)
	if err != nil || p.ID != 0 {
		return p, false, err
	}
	key, err := tx.NewID()
	if err != nil {
		return p, false, err
	}
	p = Person{ID: key, Language: e.language}
	p.Phone, p.Email = e.contacts()
	fresh, err = insertPerson(tx, city, p, "", "")
	if err != nil {
		return p, false, fmt.Errorf("write person: %w", err)
	}
	p, err = s.holderOf(tx, city, e) // ours, or that of who was faster
	return p, fresh, err
}

// Letter opens what has to be sent for an entry; Missing once it was sent,
// used or is over, and then there is nothing to send any more.
func (s *Service) Letter(ctx context.Context, city, entryID int64) (Letter, error) {
	var l Letter
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		e, err := findEntry(tx, city, entryID)
		if errors.Is(err, sqldb.ErrNoRow) || err == nil && (e.sealed == "" || e.used != 0 || e.expires <= tx.Micros()) {
			return fault.Missing.New("resident.code_over")
		}
		if err != nil {
			return fmt.Errorf("read entry %d: %w", entryID, err)
		}
		l = Letter{Kind: e.kind, To: e.contact, Language: e.language, Expires: moment(e.expires)}
		l.Secret, err = s.keys.unseal("letter", city, entryID, e.sealed)
		if err != nil {
			return fault.Missing.New("resident.code_over").Because(fmt.Errorf("open code of entry %d: %w", entryID, err))
		}
		return nil
	})
	return l, err
}

// LetterSent forgets the code of an entry: it is on its way.
func (s *Service) LetterSent(ctx context.Context, city, entryID int64) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error { return blankLetter(tx, city, entryID) })
}
