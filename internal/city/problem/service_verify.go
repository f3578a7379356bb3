package problem

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// Flaw is something that Verify found wrong with a problem.
type Flaw struct {
	Number int64
	What   string
}

// Verify folds the feed of every problem of a city and compares the result
// with the stored row, checks every step against the table, and every text
// against its commitment. Progress, when not nil, hears how many were looked
// at.
func (s *Service) Verify(ctx context.Context, city int64, progress func(done int)) (checked int, flaws []Flaw, err error) {
	after := int64(0)
	for {
		var rows []row
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			rows, err = page(tx, city, after, slice)
			if err != nil {
				return err
			}
			for _, r := range rows {
				after = r.id
				what, err := inspect(tx, city, r)
				if err != nil {
					return fmt.Errorf("problem %d: %w", r.state.Number, err)
				}
				for _, w := range what {
					flaws = append(flaws, Flaw{Number: r.state.Number, What: w})
				}
			}
			return nil
		})
		if err != nil {
			return checked, flaws, err
		}
		checked += len(rows)
		if progress != nil {
			progress(checked)
		}
		if len(rows) < slice {
			return checked, flaws, nil
		}
	}
}

func inspect(tx *sqldb.Tx, city int64, r row) ([]string, error) {
	events, err := feed(tx, city, r.id)
	if err != nil {
		return nil, err
	}
	flaws := inspectFeed(events)
	want, err := columnsOf(city, r.id, fold(events))
	if err != nil {
		return nil, err
	}
	have, err := storedColumns(tx, city, r.id)
	if err != nil {
		return nil, err
	}
	for i := range want {
		if fmt.Sprint(want[i]) != have[i] {
			flaws = append(flaws, fmt.Sprintf("%s is %s, the feed says %v", columnNames[i], have[i], want[i]))
		}
	}
	broken, err := inspectTexts(tx, city, r.id, events)
	return append(flaws, broken...), err
}

// inspectFeed looks for gaps and for steps that the table does not have.
func inspectFeed(events []Event) []string {
	var flaws []string
	s := State{Status: Draft}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			flaws = append(flaws, fmt.Sprintf("event %d has number %d", i+1, e.Seq))
		}
		from := s.Status
		s = apply(s, e)
		verb := causeOf(e.Data)
		if !slices.Contains(steps()[from][verb], s.Status) {
			flaws = append(flaws, fmt.Sprintf("event %d: %s led from %s to %s, which the table does not have", e.Seq, verb, from, s.Status))
		}
	}
	return flaws
}

// inspectTexts holds each text that is still there against its commitment.
func inspectTexts(tx *sqldb.Tx, city, problem int64, events []Event) ([]string, error) {
	rows, err := salted(tx, city, problem)
	if err != nil {
		return nil, err
	}
	var flaws []string
	for _, e := range events {
		ref := TextOf(e.Data)
		if ref.ID == 0 {
			continue
		}
		t, found := rows[ref.ID]
		switch {
		case !found:
			flaws = append(flaws, fmt.Sprintf("event %d points to text %d, which is not there", e.Seq, ref.ID))
		case t.erased:
		default:
			salt, err := hex.DecodeString(t.salt)
			if err != nil || id.Commitment(salt, t.body) != ref.Commitment {
				flaws = append(flaws, fmt.Sprintf("text %d is not the one that event %d committed to", ref.ID, e.Seq))
			}
		}
	}
	return flaws, nil
}

// causeOf is the command that causes an event.
func causeOf(d Data) Verb {
	switch d.(type) {
	case Sent:
		return DoSend
	case TopicChanged:
		return DoChangeTopic
	case Asked:
		return DoAsk
	case Replied:
		return DoReply
	case Lapsed:
		return DoLapse
	case Accepted:
		return DoAccept
	case Refused:
		return DoReject
	case TakenBack:
		return DoWithdraw
	case Redirected:
		return DoRedirect
	case RedirectAsked:
		return DoRequestRedirect
	case RedirectDeclined:
		return DoDeclineRedirect
	case Given:
		return DoAnswer
	case SentBack:
		return DoReturn
	case Passed:
		return DoPass
	}
	return causeOfEnd(d)
}

func causeOfEnd(d Data) Verb {
	switch d.(type) {
	case Solved:
		return DoConfirm
	case SolvedOnSpot:
		return DoConfirmOnSpot
	case SolvedAsked:
		return DoAskSolved
	case FellSilent:
		return DoCloseSilently
	case Disputed:
		return DoDispute
	case Reopened:
		return DoReopen
	case DueMoved:
		return DoSetDue
	case TextHidden:
		return DoHideText
	case PhotoHidden:
		return DoHidePhoto
	case TextShown:
		return DoShowText
	case PhotoShown:
		return DoShowPhoto
	case Erased:
		return DoErase
	case ContactGiven:
		return DoGiveContact
	case ContactForgotten:
		return DoForgetContact
	case Claimed:
		return DoClaim
	case Joined:
		return DoJoin
	case Left:
		return DoLeave
	}
	return DoNote
}

// Exported is one problem as an export writes it: canonical, without the keys
// of this database, so that two databases with the same history give the same
// bytes.
type Exported struct {
	Number int64           `json:"number"`
	UID    string          `json:"uid"`
	State  json.RawMessage `json:"state"`
	Feed   []ExportedEvent `json:"feed"`
}

// ExportedEvent is one entry of the feed in an export.
type ExportedEvent struct {
	Seq  int64           `json:"seq"`
	Kind Kind            `json:"kind"`
	At   Moment          `json:"at"`
	Part Part            `json:"part"`
	Org  string          `json:"org,omitempty"`
	Data json.RawMessage `json:"data"`
	Text string          `json:"text,omitempty"`
}

// Export gives every problem of a city to a function, in the order of their
// numbers. Personal texts are included: it is for comparing and moving whole
// databases, not for publishing.
func (s *Service) Export(ctx context.Context, city int64, each func(Exported) error) error {
	after := int64(0)
	for {
		var batch []Exported
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			batch = nil
			rows, err := pageByNumber(tx, city, after, slice)
			if err != nil {
				return err
			}
			for _, r := range rows {
				e, err := exported(tx, city, r)
				if err != nil {
					return fmt.Errorf("export problem %d: %w", r.state.Number, err)
				}
				batch = append(batch, e)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for _, e := range batch {
			after = e.Number
			if err := each(e); err != nil {
				return err
			}
		}
		if len(batch) < slice {
			return nil
		}
	}
}

func exported(tx *sqldb.Tx, city int64, r row) (Exported, error) {
	events, err := feed(tx, city, r.id)
	if err != nil {
		return Exported{}, err
	}
	list, err := texts(tx, city, r.id)
	if err != nil {
		return Exported{}, err
	}
	anon := newNames(list)
	out := Exported{Number: r.state.Number, UID: r.state.UID, State: anon.state(r.state)}
	for _, e := range events {
		out.Feed = append(out.Feed, anon.event(e))
	}
	return out, nil
}
