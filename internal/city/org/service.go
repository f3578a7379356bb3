package org

import (
	"cmp"
	"context"
	"embed"
	"fmt"
	"maps"
	"slices"
	"strings"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/text"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "org", Files: files} }

const dictionary = "organisation"

// Service answers who acts for the city.
type Service struct {
	db    *sqldb.DB
	books place.Editions[*book]
}

// New makes a service over a database.
func New(db *sqldb.DB) *Service { return &Service{db: db} }

// book is every organisation of one edition. It never changes.
type book struct {
	all   []Organisation // by id
	byID  map[ID]int
	words [][]string // the folded words of each
}

func newBook(all []Organisation) *book {
	// The engines sort text differently; ids are sorted here, by bytes.
	slices.SortFunc(all, func(a, b Organisation) int { return cmp.Compare(a.ID, b.ID) })
	b := &book{all: all, byID: make(map[ID]int, len(all)), words: make([][]string, len(all))}
	for i, o := range all {
		b.byID[o.ID] = i
		b.words[i] = append(b.words[i], text.Tokens(string(o.ID)+" "+o.INN)...)
		for _, names := range []map[string]string{o.Name, o.Short} {
			for _, lang := range slices.Sorted(maps.Keys(names)) {
				b.words[i] = append(b.words[i], text.Tokens(names[lang])...)
			}
		}
	}
	return b
}

func (s *Service) bookIn(tx *sqldb.Tx, city int64) (*book, place.Edition, error) {
	e, err := place.CurrentIn(tx, city, dictionary)
	if err != nil {
		return nil, e, err
	}
	b, err := s.books.Get(e, func() (*book, error) {
		all, err := readAll(tx, city, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read organisations: %w", err)
		}
		return newBook(all), nil
	})
	return b, e, err
}

// FindIn gives an organisation, open or closed; one that is not there is a
// Missing fault. Organisations are shared: change a copy.
func (s *Service) FindIn(tx *sqldb.Tx, city int64, id ID) (Organisation, error) {
	b, _, err := s.bookIn(tx, city)
	if err != nil {
		return Organisation{}, err
	}
	i, ok := b.byID[id]
	if !ok {
		return Organisation{}, fault.Missing.New("org.missing")
	}
	return b.all[i], nil
}

// SomeIn gives those of the ids that are there, open or closed, with one look at
// the database. Organisations are shared: change a copy.
func (s *Service) SomeIn(tx *sqldb.Tx, city int64, ids []ID) (map[ID]Organisation, error) {
	b, _, err := s.bookIn(tx, city)
	if err != nil {
		return nil, err
	}
	found := make(map[ID]Organisation, len(ids))
	for _, id := range ids {
		if i, ok := b.byID[id]; ok {
			found[id] = b.all[i]
		}
	}
	return found, nil
}

// Filter narrows a list; the zero Filter is the first page of all open ones.
type Filter struct {
	Kind   Kind // "" any
	Parent ID   // "" any
	Closed bool // the closed ones too
	After  ID   // the last one of the page before
	Limit  int  // 0: 100; at most 1000
}

func (f Filter) takes(o Organisation) bool {
	return (f.Kind == "" || o.Kind == f.Kind) && (f.Parent == "" || o.Parent == f.Parent) && (f.Closed || o.Open) && o.ID > f.After
}

// List gives a page in the order of ids.
func (s *Service) List(ctx context.Context, city int64, f Filter) ([]Organisation, error) {
	b, err := s.view(ctx, city)
	if err != nil {
		return nil, err
	}
	limit := min(cmp.Or(f.Limit, 100), 1000)
	var page []Organisation
	for _, o := range b.all {
		if len(page) == limit {
			break
		}
		if f.takes(o) {
			page = append(page, o)
		}
	}
	return page, nil
}

func (s *Service) view(ctx context.Context, city int64) (*book, error) {
	var b *book
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		b, _, err = s.bookIn(tx, city)
		return err
	})
	return b, err
}

// Search finds organisations each of whose asked words begins a word of the id,
// the INN or a name in any language: the open ones first, then by how many of
// their words were not asked for, then by id.
func (s *Service) Search(ctx context.Context, city int64, query string, limit int) ([]Organisation, error) {
	b, err := s.view(ctx, city)
	asked := text.Tokens(query)
	if err != nil || len(asked) == 0 || limit <= 0 {
		return nil, err
	}
	type hit struct {
		at, exact int
	}
	var hits []hit
	for i := range b.all {
		if exact, ok := match(asked, b.words[i]); ok {
			hits = append(hits, hit{i, exact})
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int {
		return cmp.Or(
			closedLast(b.all[x.at], b.all[y.at]),
			cmp.Compare(y.exact, x.exact),
			cmp.Compare(len(b.words[x.at]), len(b.words[y.at])),
		)
	})
	var found []Organisation
	for _, h := range hits[:min(limit, len(hits))] {
		found = append(found, b.all[h.at])
	}
	return found, nil
}

func closedLast(a, b Organisation) int {
	switch {
	case a.Open == b.Open:
		return 0
	case a.Open:
		return -1
	}
	return 1
}

// match tells whether every asked word begins one of the words, and how many of
// them are whole.
func match(asked, words []string) (exact int, ok bool) {
	for _, a := range asked {
		if slices.Contains(words, a) {
			exact++
			continue
		}
		if !slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, a) }) {
			return 0, false
		}
	}
	return exact, true
}

// wrong is the phrase of what cannot be right in an organisation and the field
// that it concerns; "" when it can.
func (o Organisation) wrong() (field, phrase string) {
	switch {
	case o.ID == "" || strings.HasPrefix(string(o.ID), "@"):
		return "id", "org.bad_id"
	case !slices.Contains([]Kind{Authority, Institution, Company, Supplier, Inspectorate}, o.Kind):
		return "kind", "org.bad_kind"
	case len(o.Name) == 0:
		return "name", "org.bad_name"
	case o.Parent == o.ID:
		return "parent", "org.own_parent"
	case o.INN != "" && !isINN(o.INN):
		return "inn", "org.bad_inn"
	}
	return "", ""
}

// isINN tells whether a tax number has the length of one: 10 digits of a firm,
// 12 of a person. The check digit is not looked at: packs of invented cities
// have invented numbers.
func isINN(s string) bool {
	return (len(s) == 10 || len(s) == 12) && strings.Trim(s, "0123456789") == ""
}

// SaveIn writes an organisation of the version in force, new or edited. What is
// wrong with it is an Invalid fault at the field. The caller has seen that an
// administrator asks.
func (s *Service) SaveIn(tx *sqldb.Tx, city int64, o Organisation) error {
	if field, phrase := o.wrong(); phrase != "" {
		return fault.Invalid.Field(field, phrase)
	}
	b, e, err := s.bookIn(tx, city)
	if err != nil {
		return err
	}
	if e.Version == 0 {
		return fault.Conflict.New("org.no_version")
	}
	if _, ok := b.byID[o.Parent]; o.Parent != "" && !ok {
		return fault.Invalid.Field("parent", "org.no_parent")
	}
	if err := put(tx, city, e.Version, o); err != nil {
		return fmt.Errorf("write organisation %s: %w", o.ID, err)
	}
	return place.ChangedIn(tx, city, e.Version, dictionary)
}

// Load writes a slice of organisations under a version; repeating it changes
// nothing. One that cannot be right is an Invalid fault with a field "row:N",
// counted from 1, for each.
func (s *Service) Load(tx *sqldb.Tx, city, version int64, rows []Organisation) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, o := range rows {
		if _, phrase := o.wrong(); phrase != "" {
			form.Add(fmt.Sprintf("row:%d", i+1), phrase)
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, o := range rows {
		if err := put(tx, city, version, o); err != nil {
			return fmt.Errorf("load organisation %s: %w", o.ID, err)
		}
	}
	return place.ChangedIn(tx, city, version, dictionary)
}

// Forget deletes a version; the one in force is refused with a Conflict.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
		return err
	}
	if err := forget(tx, city, version); err != nil {
		return fmt.Errorf("forget organisations of version %d: %w", version, err)
	}
	return nil
}
