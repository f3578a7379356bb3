package topic

import (
	"context"
	"embed"
	"fmt"
	"slices"

	"gorod/internal/city/place"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations are the tables of this package.
func Migrations() sqldb.Migrations { return sqldb.Migrations{Owner: "topic", Files: files} }

const dictionary = "topic"

// Service answers what can be reported.
type Service struct {
	db    *sqldb.DB
	trees place.Editions[*tree]
}

// New makes a service over a database.
func New(db *sqldb.DB) *Service {
	// Cards of some years ago name some versions of then.
	return &Service{db: db, trees: place.Editions[*tree]{Keep: 12}}
}

// tree is every topic of one edition. It never changes.
type tree struct {
	all   []Topic // in the order of the pack
	open  []Topic
	byID  map[ID]int
	words map[string]*finder // by language
}

func newTree(all []Topic) *tree {
	t := &tree{all: all, byID: make(map[ID]int, len(all)), words: map[string]*finder{}}
	for i, topic := range all {
		t.byID[topic.ID] = i
		if topic.Open {
			t.open = append(t.open, topic)
		}
	}
	for _, lang := range languages(t.open) {
		t.words[lang] = newFinder(t.open, lang)
	}
	return t
}

// find gives a topic; a Missing fault where there is none.
func (t *tree) find(id ID) (Topic, error) {
	i, ok := t.byID[id]
	if !ok {
		return Topic{}, fault.Missing.New("topic.missing")
	}
	return t.all[i], nil
}

func (s *Service) treeOf(tx *sqldb.Tx, e place.Edition) (*tree, error) {
	return s.trees.Get(e, func() (*tree, error) {
		all, err := readAll(tx, e.City, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read topics of version %d: %w", e.Version, err)
		}
		return newTree(all), nil
	})
}

func (s *Service) currentIn(tx *sqldb.Tx, city int64) (*tree, error) {
	e, err := place.CurrentIn(tx, city, dictionary)
	if err != nil {
		return nil, err
	}
	return s.treeOf(tx, e)
}

func (s *Service) view(ctx context.Context, city int64) (*tree, error) {
	var t *tree
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		t, err = s.currentIn(tx, city)
		return err
	})
	return t, err
}

// FindIn gives a topic as it stands now, open or closed; a topic that is not
// there is a Missing fault. Topics are shared: change a copy.
func (s *Service) FindIn(tx *sqldb.Tx, city int64, id ID) (Topic, error) {
	t, err := s.currentIn(tx, city)
	if err != nil {
		return Topic{}, err
	}
	return t.find(id)
}

// AtIn gives a topic as it stood in a version that is still loaded.
func (s *Service) AtIn(tx *sqldb.Tx, city int64, ref Ref) (Topic, error) {
	e, err := place.AtIn(tx, city, ref.Version, dictionary)
	if err != nil {
		return Topic{}, err
	}
	t, err := s.treeOf(tx, e)
	if err != nil {
		return Topic{}, err
	}
	return t.find(ref.ID)
}

// Tree lists the topics that are offered now, in the order of the pack.
func (s *Service) Tree(ctx context.Context, city int64) ([]Topic, error) {
	t, err := s.view(ctx, city)
	if err != nil {
		return nil, err
	}
	return slices.Clone(t.open), nil
}

// All lists the closed topics too.
func (s *Service) All(ctx context.Context, city int64) ([]Topic, error) {
	t, err := s.view(ctx, city)
	if err != nil {
		return nil, err
	}
	return slices.Clone(t.all), nil
}

// Search finds open topics by their words in a language, the best first, at
// most 20; in the main language of the city where the pack has no words in the
// one that was asked for.
func (s *Service) Search(ctx context.Context, city int64, lang, query string) ([]Topic, error) {
	t, err := s.view(ctx, city)
	if err != nil {
		return nil, err
	}
	if f, ok := t.words[lang]; ok {
		return f.find(query), nil
	}
	var found []Topic
	for _, other := range languages(t.open) {
		if found = t.words[other].find(query); len(found) > 0 {
			break
		}
	}
	return found, nil
}

// Load writes a slice of topics under a version; repeating it changes nothing.
// Order is that of loading. A topic that cannot be right is an Invalid fault
// with a field "row:N", counted from 1, for each.
func (s *Service) Load(tx *sqldb.Tx, city, version int64, rows []Topic) error {
	if err := place.CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, t := range rows {
		if phrase := t.wrong(); phrase != "" {
			form.Add(fmt.Sprintf("row:%d", i+1), phrase, int64(t.ID))
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	last, err := lastPosition(tx, city, version)
	if err != nil {
		return fmt.Errorf("look for the last topic: %w", err)
	}
	for i, t := range rows {
		t.Version = version
		if err := put(tx, city, last+int64(i)+1, t); err != nil {
			return fmt.Errorf("load topic %d: %w", t.ID, err)
		}
	}
	return place.ChangedIn(tx, city, version, dictionary)
}

// wrong is the phrase of what cannot be right in a topic, "" when it can.
func (t Topic) wrong() string {
	switch {
	case t.ID <= 0 || t.Object <= 0 || t.Category <= 0:
		return "topic.load_id"
	case len(t.Name) == 0 || len(t.ObjectName) == 0 || len(t.CategoryName) == 0:
		return "topic.load_name"
	case !slices.Contains([]Widget{OnBuilding, FreePoint, NearBuilding}, t.Widget):
		return "topic.load_widget"
	case !slices.Contains([]Evidence{"", NoEvidence, Photo, Document, Receipt, Bill, Act, Screenshot, Panorama}, t.Evidence):
		return "topic.load_evidence"
	case (t.SeasonFrom == "") != (t.SeasonTo == ""):
		return "topic.load_season"
	}
	return ""
}

// Forget deletes a version; the one in force is refused with a Conflict.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	if err := place.ForgottenIn(tx, city, version, dictionary); err != nil {
		return err
	}
	if err := forget(tx, city, version); err != nil {
		return fmt.Errorf("forget topics of version %d: %w", version, err)
	}
	return nil
}
