package board

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/topic"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

// Bench makes the rows of problems whose histories were made in a
// problem.Workshop, as Refresh would, reading no table. It is safe for many
// goroutines.
type Bench struct {
	city   place.City
	topics map[topic.ID]topic.Topic
}

// Bench reads what it needs of a city.
func (s *Service) Bench(ctx context.Context, city int64) (*Bench, error) {
	b := &Bench{topics: map[topic.ID]topic.Topic{}}
	all, err := s.Topics.All(ctx, city)
	if err != nil {
		return nil, fmt.Errorf("read topics: %w", err)
	}
	for _, t := range all {
		b.topics[t.ID] = t
	}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		b.city, err = s.Places.CityIn(tx, city)
		return err
	})
	return b, err
}

// Sheaf is rows of the board, made ready apart from the database.
type Sheaf struct {
	facts [][]any
	keys  []int64
	stems []string
}

// Add puts the row of a history, and its words where everyone may read it.
func (b *Bench) Add(sheaf *Sheaf, h *problem.History) {
	if h.State.Status == problem.Draft {
		return
	}
	f := fact{problem: h.ID, state: h.State, passed: h.Passed()}
	judge(&f, b.city.Zone)
	if h.State.Visible() {
		public := h.State.PublicTexts(h.Texts())
		f.photo = h.State.FirstPhoto()
		if len(public) > 0 {
			f.excerpt = text.Excerpt(public[0], excerptLength)
		}
		words := append([]string{strconv.FormatInt(h.State.Number, 10), h.State.Place.Address}, public...)
		for _, lang := range b.city.Languages {
			words = append(words, b.topics[h.State.Topic.ID].Name[lang])
		}
		f.stems = Words(b.city.ID, strings.Join(words, " "))
	}
	sheaf.facts = append(sheaf.facts, f.known().args(b.city.ID))
	if f.stems != "" {
		sheaf.keys = append(sheaf.keys, h.ID)
		sheaf.stems = append(sheaf.stems, f.stems)
	}
}

// LoadIn writes the rows. The cells of the map are counted once all rows are
// there: CountCells.
func (r *Sheaf) LoadIn(tx *sqldb.Tx) error {
	if err := tx.CopyIn("board_fact", factColumns(), r.facts); err != nil {
		return fmt.Errorf("load rows of the board: %w", err)
	}
	if err := loadStems(tx, r.keys, r.stems); err != nil {
		return fmt.Errorf("load words of the board: %w", err)
	}
	return nil
}

// BulkTables are the tables that a load of rows fills: those whose indexes are
// better made afterwards.
func BulkTables() []string { return []string{"board_fact", "board_search"} }

// CountCells counts the cells of the map anew from the rows, by queries over
// all of them: after a load.
func (s *Service) CountCells(ctx context.Context, city int64, progress func(done, total int)) error {
	steps := cellSteps()
	for i, step := range steps {
		if progress != nil {
			progress(i, len(steps))
		}
		if err := s.DB.Do(ctx, func(tx *sqldb.Tx) error { return step(tx, city) }); err != nil {
			return fmt.Errorf("count cells of the map: %w", err)
		}
	}
	return nil
}

// VerifySome is Verify of the problems with some keys; the cells of the map are
// left out, for counting them reads all of the city.
func (s *Service) VerifySome(ctx context.Context, city int64, keys []int64) (differ []int64, err error) {
	for from := 0; from < len(keys); from += rebuildSlice {
		err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
			list, err := s.differing(tx, city, keys[from:min(from+rebuildSlice, len(keys))])
			differ = append(differ, list...)
			return err
		})
		if err != nil {
			return differ, err
		}
	}
	return differ, nil
}
