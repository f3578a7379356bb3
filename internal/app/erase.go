package app

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/resident"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Erased says what an erasure took away.
type Erased struct {
	Texts, Photos int
	Contact       bool
	Account       bool // the author has one; it stays
	Before        bool // it was done before: nothing was left to erase
}

// maxReason bounds the reason of an erasure, in letters.
const maxReason = 200

// Erase takes the author's words, photos and contacts out of a problem for
// good, on paper's word: for who has neither account nor link (152-ФЗ, articles
// 14 and 21). What other people and the city said stays, and the feed says
// what happened. The reason is kept in the audit log, which nobody can erase:
// it names the request, not the person. Doing it again changes nothing.
func (a *App) Erase(ctx context.Context, city place.City, number int64, reason string) (Erased, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || utf8.RuneCountInString(reason) > maxReason || strings.ContainsFunc(reason, unicode.IsControl) {
		return Erased{}, fault.Invalid.Field("reason", "erase.reason", maxReason)
	}
	if strings.Contains(reason, "@") {
		return Erased{}, fault.Invalid.Field("reason", "erase.contact")
	}
	machine := resident.Machine(city.ID)
	card, err := a.Problems.Find(ctx, machine, number)
	if err != nil {
		return Erased{}, err
	}
	if card.State.Erased {
		return Erased{Before: true}, nil
	}
	_, err = a.Problems.Do(ctx, machine, problem.Order{Problem: card.ID, Command: problem.Erase{}, With: func(tx *sqldb.Tx, key int64) error {
		if err := a.Residents.EraseSenderIn(tx, city.ID, key); err != nil {
			return fmt.Errorf("forget the sender of problem %d: %w", key, err)
		}
		act := resident.Act{Action: resident.DataErased, Object: fmt.Sprintf("problem:%d", number), Detail: "reason=" + reason}
		return a.Residents.AuditIn(tx, machine, act, resident.From{})
	}})
	return whatGoes(card), err
}

// whatGoes counts what a problem holds of its author.
func whatGoes(card problem.Card) Erased {
	e := Erased{Contact: card.Contact != nil && !card.Contact.Blank(), Account: card.State.Author != 0}
	seen := map[int64]bool{}
	for _, entry := range card.Feed {
		if entry.Text.Resident && !entry.Text.Erased && !seen[entry.Text.ID] {
			seen[entry.Text.ID] = true
			e.Texts++
		}
	}
	for _, m := range append(card.State.Messages, card.State.Replies...) {
		e.Photos += len(m.Photos)
	}
	return e
}
