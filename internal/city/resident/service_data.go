package resident

import (
	"context"
	"fmt"
	"time"

	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Data is everything this package holds about a person, as a file for them
// (152-ФЗ, article 14). Its field names are part of what people get: additions
// only.
type Data struct {
	Name     string        `json:"name,omitempty"`
	Login    string        `json:"login,omitempty"`
	Phone    string        `json:"phone,omitempty"`
	Email    string        `json:"email,omitempty"`
	Language string        `json:"language,omitempty"`
	Org      string        `json:"organisation,omitempty"`
	Roles    []Role        `json:"roles,omitempty"`
	Areas    []string      `json:"areas,omitempty"`
	Second   bool          `json:"second_factor,omitempty"`
	Created  time.Time     `json:"created"`
	Seen     time.Time     `json:"last_sign_in,omitzero"`
	Sessions []DataSession `json:"sessions,omitempty"`
	Consents []DataConsent `json:"consents,omitempty"`
}

// DataSession is a place where the person is signed in.
type DataSession struct {
	Agent   string    `json:"program"`
	Created time.Time `json:"since"`
	Seen    time.Time `json:"last_used"`
}

// DataConsent is a consent with the text that was shown.
type DataConsent struct {
	Purpose   string    `json:"purpose"`
	Language  string    `json:"language"`
	Version   string    `json:"version"`
	Text      string    `json:"text"`
	At        time.Time `json:"given"`
	Address   string    `json:"network_address,omitempty"`
	Withdrawn time.Time `json:"withdrawn,omitzero"`
}

// mayHandle: one's own data, or an administrator's duty.
func mayHandle(who Who, person int64) error {
	if who.ID != 0 && who.ID == person {
		return nil
	}
	return mayAdminister(who)
}

// Export gathers what is known about a person; it is audited. What other
// packages hold (messages, notices) they export themselves.
func (s *Service) Export(ctx context.Context, who Who, person int64, from From) (Data, error) {
	if err := mayHandle(who, person); err != nil {
		return Data{}, err
	}
	var d Data
	err := s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		var err error
		if d, err = s.dataIn(tx, who.City, person); err != nil {
			return err
		}
		return s.AuditIn(tx, who, Act{Action: DataExported, Object: personObject(person)}, from)
	})
	return d, err
}

func (s *Service) dataIn(tx *sqldb.Tx, city, person int64) (Data, error) {
	p, err := s.PersonIn(tx, city, person)
	if err != nil {
		return Data{}, err
	}
	d := Data{Name: p.Name, Login: p.Login, Phone: string(p.Phone), Email: string(p.Email), Language: p.Language,
		Org: p.Org, Roles: p.Roles, Areas: p.Areas, Second: p.Second, Created: p.Created, Seen: p.Seen}
	sessions, err := sessionsOf(tx, city, person, sessionsShown)
	if err != nil {
		return d, fmt.Errorf("read sessions: %w", err)
	}
	for _, one := range sessions {
		d.Sessions = append(d.Sessions, DataSession{Agent: one.Agent, Created: one.Created, Seen: one.Seen})
	}
	consents, err := consentsOf(tx, city, person, 0, consentsShown)
	if err != nil {
		return d, fmt.Errorf("read consents: %w", err)
	}
	for _, c := range consents {
		d.Consents = append(d.Consents, DataConsent{Purpose: c.Purpose, Language: c.Language, Version: c.Version, Text: c.Text,
			At: c.At, Address: c.Address, Withdrawn: c.Withdrawn})
	}
	return d, nil
}

// Erase removes a person's data: a resident's own, or on an administrator's
// word. Packages that hold more hear PersonErased and erase theirs.
func (s *Service) Erase(ctx context.Context, who Who, person int64, from From) error {
	if err := mayHandle(who, person); err != nil {
		return err
	}
	return s.DB.Do(ctx, func(tx *sqldb.Tx) error {
		p, err := s.PersonIn(tx, who.City, person)
		if err != nil {
			return err
		}
		if p.Staff && who.ID == person {
			// The office keeps the record of who worked for it.
			return fault.Denied.New("resident.staff_erase")
		}
		if p.Erased {
			return nil
		}
		if err := s.EraseIn(tx, who.City, person); err != nil {
			return err
		}
		return s.AuditIn(tx, who, Act{Action: DataErased, Object: personObject(person)}, from)
	})
}

// EraseIn blanks an account, ends its sessions and consents, forgets the codes
// that were asked for, and tells the others (PersonErased). A register of
// erasures calls it again after a backup was restored.
func (s *Service) EraseIn(tx *sqldb.Tx, city, person int64) error {
	p, err := s.PersonIn(tx, city, person)
	if err != nil {
		return err
	}
	if err := eraseEntries(tx, city, string(p.Phone), string(p.Email)); err != nil {
		return fmt.Errorf("erase codes of person %d: %w", person, err)
	}
	if _, err := endSessions(tx, city, person, 0); err != nil {
		return fmt.Errorf("end sessions of person %d: %w", person, err)
	}
	if err := eraseConsents(tx, city, person, 0); err != nil {
		return fmt.Errorf("erase consents of person %d: %w", person, err)
	}
	if _, err := dropSecond(tx, city, person); err != nil {
		return fmt.Errorf("erase second factor of person %d: %w", person, err)
	}
	if err := erasePerson(tx, city, person); err != nil {
		return fmt.Errorf("erase person %d: %w", person, err)
	}
	return s.Bus.Publish(tx, event.Event{City: city, Kind: PersonErased, Subject: person, Seq: p.Version})
}

// EraseSenderIn forgets who sent a message without an account: the address in
// the consents that were given with it.
func (s *Service) EraseSenderIn(tx *sqldb.Tx, city, problem int64) error {
	return eraseConsents(tx, city, 0, problem)
}
