package pack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"gorod/internal/city/deadline"
	"gorod/internal/city/place"
	"gorod/internal/city/resident"
	"gorod/internal/platform/sqldb"
)

// slice is what one transaction of an import writes.
type slice struct {
	rows int
	put  func(tx *sqldb.Tx, city, version int64) error
}

// begin opens a new version. One that another import left half loaded is
// abandoned first: if that import is still at work it notices with its next
// slice.
func (s *Service) begin(ctx context.Context, city int64, p *Pack, report Report) (int64, error) {
	packed, err := json.Marshal(settingsOf(p.City))
	if err != nil {
		return 0, fmt.Errorf("write settings: %w", err)
	}
	if err := s.clean(ctx, city); err != nil {
		return 0, err
	}
	v := Version{Hash: p.Hash, State: Loading, Counts: report.Counts, Report: report.brief()}
	err = s.db.Do(ctx, func(tx *sqldb.Tx) error {
		last, err := lastVersion(tx, city)
		if err != nil {
			return err
		}
		v.Number = last + 1
		return insertVersion(tx, city, v, string(packed))
	})
	if err != nil {
		return 0, fmt.Errorf("open a version: %w", err)
	}
	return v.Number, nil
}

// clean abandons a version that is loading and deletes the rows of abandoned
// ones; it may be broken off and done again.
func (s *Service) clean(ctx context.Context, city int64) error {
	err := s.db.Do(ctx, func(tx *sqldb.Tx) error {
		v, err := readInState(tx, city, Loading)
		if errors.Is(err, sqldb.ErrNoRow) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = setState(tx, city, v.Number, Loading, Abandoned)
		return err
	})
	if err != nil {
		return fmt.Errorf("abandon a version that is half loaded: %w", err)
	}
	versions, err := s.Versions(ctx, city)
	if err != nil {
		return err
	}
	for _, v := range versions {
		if v.State != Abandoned || v.Counts == nil {
			continue
		}
		if err := s.forget(ctx, city, v.Number); err != nil {
			return fmt.Errorf("delete abandoned version %d: %w", v.Number, err)
		}
	}
	return nil
}

// forget deletes what an abandoned import wrote, in short transactions.
func (s *Service) forget(ctx context.Context, city, version int64) error {
	for more := true; more; {
		err := s.db.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			more, err = s.Places.ForgetSome(tx, city, version)
			return err
		})
		if err != nil {
			return err
		}
	}
	return s.db.Do(ctx, func(tx *sqldb.Tx) error {
		for _, owner := range []interface {
			Forget(tx *sqldb.Tx, city, version int64) error
		}{s.Topics, s.Organisations, s.Deadlines, s.Routes} {
			if err := owner.Forget(tx, city, version); err != nil {
				return err
			}
		}
		if s.Houses != nil {
			if err := s.Houses.Forget(tx, city, version); err != nil {
				return err
			}
		}
		if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
			return err
		}
		if err := forget(tx, city, version); err != nil {
			return err
		}
		return dropCounts(tx, city, version)
	})
}

// load writes a version slice by slice. Each transaction first makes sure that
// the version is still loading.
func (s *Service) load(ctx context.Context, city, version int64, p *Pack, rows prints, progress func(done, total int)) (int, error) {
	slices, err := s.slices(p, rows)
	if err != nil {
		return 0, err
	}
	total, done := 0, 0
	for _, part := range slices {
		total += part.rows
	}
	for _, part := range slices {
		err := s.db.Do(ctx, func(tx *sqldb.Tx) error {
			ours, err := setState(tx, city, version, Loading, Loading)
			if err != nil {
				return err
			}
			if !ours {
				return overtaken(version)
			}
			return part.put(tx, city, version)
		})
		if err != nil {
			return done, err
		}
		done += part.rows
		if progress != nil {
			progress(done, total)
		}
	}
	return done, nil
}

// slices cuts a pack into what fits one short transaction each.
func (s *Service) slices(p *Pack, rows prints) ([]slice, error) {
	var list []slice
	list = append(list, cut(p.Areas, s.Places.LoadAreas)...)
	list = append(list, cut(p.Streets, s.Places.LoadStreets)...)
	list = append(list, cut(p.Houses, s.Places.LoadHouses)...)
	list = append(list, cut(p.Kinds, s.Places.LoadKinds)...)
	list = append(list, cut(p.Objects, s.Places.LoadObjects)...)
	land, err := s.landSlices(p)
	if err != nil {
		return nil, err
	}
	list = append(list, land...)
	list = append(list, cut(p.Organisations, s.Organisations.Load)...)
	list = append(list, cut(p.Topics, s.Topics.Load)...)
	list = append(list, cut(p.Routes, s.Routes.Load)...)
	list = append(list, cut(p.Terms, func(tx *sqldb.Tx, city, version int64, terms []deadline.Rule) error {
		return s.Deadlines.Load(tx, city, version, deadline.Rows{Terms: terms})
	})...)
	list = append(list, cut(p.Years, func(tx *sqldb.Tx, city, version int64, years []deadline.Year) error {
		return s.Deadlines.Load(tx, city, version, deadline.Rows{Years: years})
	})...)
	list = append(list, cut(p.Examples, insertExamples)...)
	if s.Houses != nil {
		list = append(list, cut(p.Passports, s.Houses.LoadPassports)...)
		list = append(list, cut(p.Companies, s.Houses.LoadCompanies)...)
		list = append(list, cut(p.Resources, s.Houses.LoadTopics)...)
	}
	blobs, err := blobSlices(p, rows)
	if err != nil {
		return nil, err
	}
	list = append(list, blobs...)
	return append(list, textSlices(p)...), nil
}

// cut makes slices of at most place.Slice rows.
func cut[T any](rows []T, put func(tx *sqldb.Tx, city, version int64, rows []T) error) []slice {
	var list []slice
	for len(rows) > 0 {
		part := rows[:min(len(rows), place.Slice)]
		rows = rows[len(part):]
		list = append(list, slice{len(part), func(tx *sqldb.Tx, city, version int64) error { return put(tx, city, version, part) }})
	}
	return list
}

// blobSlices are the large values, a transaction each, compressed beforehand:
// a transaction may run twice and must be short.
func blobSlices(p *Pack, rows prints) ([]slice, error) {
	body, err := json.Marshal(rows)
	if err == nil {
		body, err = squeeze(body)
	}
	if err != nil {
		return nil, fmt.Errorf("write fingerprints: %w", err)
	}
	list := []slice{{1, func(tx *sqldb.Tx, city, version int64) error { return insertPrint(tx, city, version, body) }}}
	for _, l := range p.Layers {
		packed, err := squeeze(l.Body)
		if err != nil {
			return nil, fmt.Errorf("compress layer %s: %w", l.Name, err)
		}
		list = append(list, slice{1, func(tx *sqldb.Tx, city, version int64) error {
			return insertLayer(tx, city, version, l.Name, packed)
		}})
	}
	return list, nil
}

// textSlices are the short lists and texts. The last of them says that they
// are there.
func textSlices(p *Pack) []slice {
	list := cut(p.Texts, func(tx *sqldb.Tx, city, version int64, texts []Text) error {
		for _, t := range texts {
			if err := insertText(tx, city, version, t); err != nil {
				return fmt.Errorf("write text %s.%s: %w", t.Name, t.Lang, err)
			}
		}
		return nil
	})
	list = append(list, cutList(clauseTable, p.Clauses)...)
	list = append(list, cutList(templateTable, p.Templates)...)
	list = append(list, cutList(stepTable, p.Steps)...)
	return append(list, slice{0, func(tx *sqldb.Tx, city, version int64) error {
		return place.ChangedIn(tx, city, version, dictionary)
	}})
}

func cutList[T any](table listTable, rows []T) []slice {
	at := 0
	var list []slice
	for len(rows) > 0 {
		part, from := rows[:min(len(rows), place.Slice)], at
		rows, at = rows[len(part):], at+len(part)
		list = append(list, slice{len(part), func(tx *sqldb.Tx, city, version int64) error {
			return insertList(tx, table, city, version, from, part)
		}})
	}
	return list
}

// LoadPeople makes or changes the accounts of the pack's people and tells how
// many. Accounts have no versions, so this is no part of Import: a switch back
// never takes an account away, and doing it again changes nothing. demo is the
// password that new accounts get in a demonstration, the zero value none.
func (s *Service) LoadPeople(ctx context.Context, city int64, people []resident.PackPerson, demo resident.DemoPassword) (int, error) {
	total := 0
	for len(people) > 0 {
		part := people[:min(len(people), place.Slice)]
		people = people[len(part):]
		n := 0
		err := s.db.Do(ctx, func(tx *sqldb.Tx) error {
			var err error
			n, err = s.Residents.Load(tx, city, part, demo)
			return err
		})
		if err != nil {
			return total, err
		}
		total += n
	}
	return total, nil
}

// book is every text and list of one edition. It never changes.
type book struct {
	clauses   []Clause
	templates []Template
	steps     []NextStep
	texts     map[textKey]string
}

type textKey struct{ name, lang string }

func readBook(tx *sqldb.Tx, city, version int64) (*book, error) {
	b := &book{texts: map[textKey]string{}}
	var err error
	if b.clauses, err = readList[Clause](tx, clauseTable, city, version); err != nil {
		return nil, fmt.Errorf("read clauses: %w", err)
	}
	if b.templates, err = readList[Template](tx, templateTable, city, version); err != nil {
		return nil, fmt.Errorf("read templates: %w", err)
	}
	if b.steps, err = readList[NextStep](tx, stepTable, city, version); err != nil {
		return nil, fmt.Errorf("read next steps: %w", err)
	}
	texts, err := readTexts(tx, city, version)
	if err != nil {
		return nil, fmt.Errorf("read texts: %w", err)
	}
	for _, t := range texts {
		b.texts[textKey{t.Name, t.Lang}] = t.Body
	}
	return b, nil
}

func (s *Service) bookIn(tx *sqldb.Tx, city int64) (*book, error) {
	e, err := place.CurrentIn(tx, city, dictionary)
	if err != nil {
		return nil, err
	}
	return s.books.Get(e, func() (*book, error) { return readBook(tx, city, e.Version) })
}

func (s *Service) book(ctx context.Context, city int64) (*book, error) {
	var b *book
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		b, err = s.bookIn(tx, city)
		return err
	})
	return b, err
}
