package resident

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// LoadConsents makes texts of the pack the current ones. A text that is there
// already stays as it is; older ones are kept for ever, because consents were
// given to them. Purpose, Language and Text of each are read.
func (s *Service) LoadConsents(tx *sqldb.Tx, city int64, texts []ConsentText) error {
	for _, t := range texts {
		if t.Purpose == "" || t.Language == "" || strings.TrimSpace(t.Text) == "" {
			return fault.Invalid.New("resident.consent_empty", t.Purpose, t.Language)
		}
		t.Version = VersionOf(t.Text)
		if err := putConsentText(tx, city, t); err != nil {
			return fmt.Errorf("write text of consent %s.%s: %w", t.Purpose, t.Language, err)
		}
	}
	return nil
}

// ConsentText is what a page shows for a purpose now, in the language or else
// in the main one; Missing where the city has no such purpose.
func (s *Service) ConsentText(ctx context.Context, city int64, purpose, language, main string) (ConsentText, error) {
	var t ConsentText
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		t, err = currentText(tx, city, purpose, language)
		if errors.Is(err, sqldb.ErrNoRow) {
			t, err = currentText(tx, city, purpose, main)
		}
		return err
	})
	if errors.Is(err, sqldb.ErrNoRow) {
		return t, fault.Missing.New("resident.consent_missing")
	}
	return t, err
}

// Consent records that who agreed: an account, or the sender of the message
// that a follow link opens. See ConsentIn.
func (s *Service) Consent(ctx context.Context, who Who, a Agreement, from From) (Consent, error) {
	var c Consent
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		c, err = s.ConsentIn(tx, who, a, from)
		return err
	})
	return c, err
}

// ConsentIn records one consent. The version must be that of the text shown
// now: one that is not known is Missing (resident.consent_missing), one that was
// replaced while it was read is a Conflict (resident.consent_changed), and the
// page shows the new text. Agreeing again to what holds changes nothing.
func (s *Service) ConsentIn(tx *sqldb.Tx, who Who, a Agreement, from From) (Consent, error) {
	person, problem, err := holderKeys(who)
	if err != nil {
		return Consent{}, err
	}
	text, err := consentText(tx, who.City, a)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Consent{}, fault.Missing.New("resident.consent_missing")
	}
	if err != nil {
		return Consent{}, fmt.Errorf("read text of consent: %w", err)
	}
	if !text.Current {
		return Consent{}, fault.Conflict.New("resident.consent_changed")
	}
	given, err := consentsOf(tx, who.City, person, problem, consentsShown)
	if err != nil {
		return Consent{}, fmt.Errorf("read consents: %w", err)
	}
	for _, c := range given {
		if c.Withdrawn.IsZero() && c.Purpose == a.Purpose && c.Version == a.Version && c.Language == a.Language {
			return c, nil
		}
	}
	key, err := tx.NewID()
	if err != nil {
		return Consent{}, err
	}
	c := Consent{ID: key, Person: person, Problem: problem, Purpose: a.Purpose, Version: a.Version, Language: a.Language,
		Address: from.Address}
	if err := insertConsent(tx, who.City, c); err != nil {
		return Consent{}, fmt.Errorf("write consent: %w", err)
	}
	return findConsent(tx, who.City, key)
}

// holderKeys is in whose name a consent is given.
func holderKeys(who Who) (person, problem int64, err error) {
	switch {
	case who.ID != 0:
		return who.ID, 0, nil
	case who.Problem != 0:
		return 0, who.Problem, nil
	}
	return 0, 0, fault.Denied.New("resident.consent_nobody")
}

// Withdraw takes back all consents of a purpose; Missing where none holds. Who
// relies on the consent hears of it (ConsentWithdrawn).
func (s *Service) Withdraw(ctx context.Context, who Who, purpose string) error {
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		n, err := s.WithdrawIn(tx, who, purpose)
		if err == nil && n == 0 {
			return fault.Missing.New("resident.consent_none")
		}
		return err
	})
}

// WithdrawIn is Withdraw in the caller's transaction; it tells how many consents
// held until then. None is no error: who withdraws twice has withdrawn.
func (s *Service) WithdrawIn(tx *sqldb.Tx, who Who, purpose string) (int, error) {
	person, problem, err := holderKeys(who)
	if err != nil {
		return 0, err
	}
	given, err := holding(tx, who.City, person, problem, purpose)
	if err != nil {
		return 0, fmt.Errorf("read consents: %w", err)
	}
	if len(given) == 0 {
		return 0, nil
	}
	if err := withdrawConsents(tx, who.City, person, problem, purpose); err != nil {
		return 0, fmt.Errorf("withdraw consents: %w", err)
	}
	for _, key := range given {
		news := event.Event{City: who.City, Kind: ConsentWithdrawn, Subject: key}
		if err := s.Bus.Publish(tx, news); err != nil {
			return 0, err
		}
	}
	return len(given), nil
}

// consentsShown bounds the list of what one holder agreed to.
const consentsShown = 200

// Consents lists what who agreed to, with the texts, the newest first and the
// withdrawn ones too.
func (s *Service) Consents(ctx context.Context, who Who) ([]Consent, error) {
	person, problem, err := holderKeys(who)
	if err != nil {
		return nil, err
	}
	var list []Consent
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		list, err = consentsOf(tx, who.City, person, problem, consentsShown)
		return err
	})
	return list, err
}

// ConsentedIn tells whether a consent for a purpose holds: of a person, or,
// where person is 0, given with a message.
func (s *Service) ConsentedIn(tx *sqldb.Tx, city, person, problem int64, purpose string) (bool, error) {
	if person != 0 {
		problem = 0
	}
	given, err := holding(tx, city, person, problem, purpose)
	return len(given) > 0, err
}

// FindConsentIn reads one consent, for who hears of its withdrawal.
func (s *Service) FindConsentIn(tx *sqldb.Tx, city, consent int64) (Consent, error) {
	c, err := findConsent(tx, city, consent)
	if errors.Is(err, sqldb.ErrNoRow) {
		return c, fault.Missing.New("resident.consent_missing")
	}
	return c, err
}
