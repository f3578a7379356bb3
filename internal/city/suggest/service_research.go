package suggest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// Specimen is a message as it is given to researchers: docs/SUGGESTION_DATA.md
// says what each field means and what is left out.
type Specimen struct {
	ID        string     `json:"id"`   // random, another one in each export
	Week      string     `json:"week"` // its Monday, by the city's calendar
	District  string     `json:"district,omitempty"`
	Lat       float64    `json:"lat"` // to a hundredth of a degree
	Lon       float64    `json:"lon"`
	Text      string     `json:"text"` // personal data covered
	Model     int64      `json:"model"`
	Offered   []Proposal `json:"offered"` // as shown, the best first
	Asked     topic.ID   `json:"asked,omitempty"`
	Chosen    topic.ID   `json:"chosen"`
	Manual    bool       `json:"manual"`
	Taken     int        `json:"taken"` // which of the offered, from 1; 0: by hand
	Final     topic.ID   `json:"final"`
	Corrected bool       `json:"corrected"`
}

// Feeds gives what is known of a problem; package problem's service does.
type Feeds interface {
	PeekIn(tx *sqldb.Tx, city, problem int64) (problem.State, []problem.Text, error)
}

// Export says what is exported and how its texts are covered.
type Export struct {
	City     int64
	From, To Week // To included
	Feeds    Feeds
	// Mask covers personal data in a text. Without it nothing is exported.
	Mask func(string) string
}

// exportSlice is how many records one short transaction reads.
const exportSlice = 200

// Research gives each record of some weeks whose message everyone may read:
// accepted, of a public topic, not hidden, not erased. No author, number or
// exact place is in it. Between two slices nothing is held, so that a slow
// reader stops nobody; what is erased meanwhile is left out.
func (s *Service) Research(ctx context.Context, e Export, each func(Specimen) error) error {
	if e.Mask == nil {
		return fault.Closed.New("suggest.export_unmasked")
	}
	for after := int64(0); ; {
		var slice []kept
		var out []Specimen
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			var err error
			out = nil
			if slice, err = auditsAfter(tx, e.City, after, e.From, e.To, exportSlice); err != nil {
				return err
			}
			for _, k := range slice {
				one, ok, err := specimenIn(tx, e, k)
				if err != nil {
					return fmt.Errorf("problem %d: %w", k.problem, err)
				}
				if ok {
					out = append(out, one)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("export proposals: %w", err)
		}
		for _, one := range out {
			one.Text = e.Mask(one.Text)
			if err := each(one); err != nil {
				return err
			}
		}
		if len(slice) < exportSlice {
			return nil
		}
		after = slice[len(slice)-1].problem
	}
}

// specimenIn reads one record with its message; ok is false for what not
// everyone may read. The text is not covered yet.
func specimenIn(tx *sqldb.Tx, e Export, k kept) (Specimen, bool, error) {
	state, texts, err := e.Feeds.PeekIn(tx, e.City, k.problem)
	if errors.Is(err, fault.Missing) {
		return Specimen{}, false, nil
	}
	if err != nil {
		return Specimen{}, false, err
	}
	words, public := publicWords(state, texts)
	if !public {
		return Specimen{}, false, nil
	}
	hundredth := func(degrees float64) float64 { return math.Round(degrees*100) / 100 }
	return Specimen{
		ID: id.Source{}.Secret(), Week: k.Week.Monday(time.UTC).Format(time.DateOnly), District: string(state.Place.District),
		Lat: hundredth(state.Place.Point.Lat), Lon: hundredth(state.Place.Point.Lon), Text: words,
		Model: k.Model, Offered: slices.Concat([]Proposal{}, k.Offered), Asked: k.Asked, Chosen: k.Chosen, Manual: k.Manual,
		Taken: k.Taken(), Final: k.Final(), Corrected: k.Final() != k.Chosen,
	}, true, nil
}

// publicWords is the first message of a problem if everyone may read it.
func publicWords(state problem.State, texts []problem.Text) (string, bool) {
	if !state.Visible() || state.Accepted == 0 || len(state.Messages) == 0 {
		return "", false
	}
	first := state.Messages[0]
	if first.Verdict != "accepted" || slices.Contains(state.HiddenTexts, first.Text) {
		return "", false
	}
	for _, t := range texts {
		if t.ID == first.Text {
			return t.Body, !t.Erased && t.Body != ""
		}
	}
	return "", false
}
