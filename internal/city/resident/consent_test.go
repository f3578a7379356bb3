package resident_test

import (
	"context"
	"testing"
	"time"

	"gorod/internal/city/resident"
	"gorod/internal/city/resident/residenttest"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
)

// texts loads a text of the purpose contact.
func (b *bench) texts(t *testing.T, text string) {
	t.Helper()
	must(t, b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		return b.LoadConsents(tx, city, []resident.ConsentText{{Purpose: "contact", Language: "ru", Text: text}})
	}))
}

// agreement is a form of the text that is shown now.
func (b *bench) agreement(t *testing.T) resident.Agreement {
	t.Helper()
	shown, err := b.ConsentText(context.Background(), city, "contact", "en", "ru")
	must(t, err)
	return resident.Agreement{Purpose: shown.Purpose, Language: shown.Language, Version: shown.Version}
}

func TestAConsentProvesWhatWasShown(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.texts(t, "Звоните мне.")
		for _, who := range []resident.Who{residenttest.Anna(), {City: city, Problem: 7}} {
			c, err := b.Consent(ctx, who, b.agreement(t), office())
			must(t, err)
			if c.Text != "Звоните мне." || c.Version != resident.VersionOf("Звоните мне.") || c.Address != "203.0.113.7" ||
				!c.At.Equal(b.clock.Now()) || !c.Withdrawn.IsZero() || c.Person != who.ID || c.Problem != who.Problem {
				t.Errorf("consent %+v", c)
			}
			again, err := b.Consent(ctx, who, b.agreement(t), office())
			must(t, err)
			if again.ID != c.ID {
				t.Error("the same consent was written twice")
			}
		}
		_, err := b.Consent(ctx, residenttest.Nobody(), b.agreement(t), office())
		kindIs(t, err, fault.Denied, "resident.consent_nobody")
	})
}

func TestATextThatChangedMeanwhileIsShownAgain(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.texts(t, "Звоните мне.")
		old := b.agreement(t)
		first, err := b.Consent(ctx, residenttest.Anna(), old, office())
		must(t, err)
		b.texts(t, "Звоните и пишите мне.")
		b.texts(t, "Звоните и пишите мне.")
		_, err = b.Consent(ctx, resident.Who{City: city, Problem: 7}, old, office())
		kindIs(t, err, fault.Conflict, "resident.consent_changed")
		invented := old
		invented.Version = "0123456789abcdef0123456789abcdef"
		_, err = b.Consent(ctx, residenttest.Anna(), invented, office())
		kindIs(t, err, fault.Missing, "resident.consent_missing")
		_, err = b.Consent(ctx, resident.Who{City: 2, ID: 901}, b.agreement(t), office())
		kindIs(t, err, fault.Missing, "resident.consent_missing")
		b.clock.Pass(time.Minute)
		_, err = b.Consent(ctx, residenttest.Anna(), b.agreement(t), office())
		must(t, err)
		list, err := b.Consents(ctx, residenttest.Anna())
		must(t, err)
		if len(list) != 2 || list[1].ID != first.ID || list[1].Text != "Звоните мне." || list[0].Text != "Звоните и пишите мне." {
			t.Errorf("consents %+v", list)
		}
	})
}

func TestWithdrawingEndsAConsentAndKeepsTheProof(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.texts(t, "Звоните мне.")
		anna := residenttest.Anna()
		c, err := b.Consent(ctx, anna, b.agreement(t), office())
		must(t, err)
		holds := func() bool {
			var ok bool
			must(t, b.DB.View(ctx, func(tx *sqldb.Tx) error {
				var err error
				ok, err = b.ConsentedIn(tx, city, anna.ID, 0, "contact")
				return err
			}))
			return ok
		}
		if !holds() {
			t.Error("the consent does not hold")
		}
		kindIs(t, b.Withdraw(ctx, resident.Who{City: city, ID: 902}, "contact"), fault.Missing, "resident.consent_none")
		b.clock.Pass(time.Hour)
		must(t, b.Withdraw(ctx, anna, "contact"))
		kindIs(t, b.Withdraw(ctx, anna, "contact"), fault.Missing, "resident.consent_none")
		if holds() {
			t.Error("the consent still holds")
		}
		list, err := b.Consents(ctx, anna)
		must(t, err)
		if len(list) != 1 || !list[0].Withdrawn.Equal(b.clock.Now()) || list[0].Address != "203.0.113.7" {
			t.Errorf("the proof is %+v", list)
		}
		if got := b.heard(t, resident.ConsentWithdrawn); len(got) != 1 || got[0] != c.ID {
			t.Errorf("heard %v", got)
		}
		must(t, b.DB.View(ctx, func(tx *sqldb.Tx) error {
			found, err := b.FindConsentIn(tx, city, c.ID)
			if found.Person != anna.ID {
				t.Errorf("found %+v", found)
			}
			return err
		}))
	})
}

func TestTheSenderOfAnErasedMessageIsForgotten(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		b, ctx := setup(db), context.Background()
		b.texts(t, "Звоните мне.")
		_, err := b.Consent(ctx, resident.Who{City: city, Problem: 7}, b.agreement(t), office())
		must(t, err)
		news := job.Job{City: city, Kind: resident.SenderJob, Args: job.Args(event.Event{City: city, Kind: "problem.erased", Subject: 7, Seq: 3})}
		must(t, b.Jobs()[resident.SenderJob](ctx, news))
		if where := everywhere(t, db, "203.0.113.7"); where != "" {
			t.Errorf("the address is still in %s", where)
		}
	})
}

func TestAnEmptyTextIsNoConsent(t *testing.T) {
	t.Parallel()
	b := setup(kit.SQLite(t))
	err := b.DB.Do(context.Background(), func(tx *sqldb.Tx) error {
		return b.LoadConsents(tx, city, []resident.ConsentText{{Purpose: "contact", Language: "ru", Text: " \n"}})
	})
	kindIs(t, err, fault.Invalid, "resident.consent_empty")
}
