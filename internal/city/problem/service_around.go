package problem

import (
	"context"
	"slices"

	"gorod/internal/city/place"
	"gorod/internal/city/topic"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// Neighbourhood says where to look for what was reported.
type Neighbourhood struct {
	House  place.HouseID // what lies at this house; 0: by the point
	Point  geo.Point
	Metres float64 // around the point, a little more in the corners
	// Since leaves out what was closed before; what is open is always in.
	Since   Moment
	Except  int64 // key of a problem to leave out
	Visible bool  // only what everyone may see
}

// Trace is the little of a problem that tells whether a message repeats it.
type Trace struct {
	ID, Number            int64
	Status                Status
	Topic, Branch, Object topic.ID // leaf, category and object of the tree
	Point                 geo.Point
	House                 place.HouseID
	CityObject            string // id of the object of the city that it is about, "": none
	Author                int64  // person; 0: without an account
	Created               Moment
	Answered, Closed      Moment // 0: not yet
}

// Around lists what is open, or was closed lately, in a neighbourhood: at most
// 300 problems, the newest first. Problems whose message was refused or taken
// back are never among them.
func (s *Service) Around(ctx context.Context, city int64, n Neighbourhood) ([]Trace, error) {
	var list []Trace
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		list, err = around(tx, city, n)
		return err
	})
	return list, err
}

// FirstTexts reads the first 600 characters of the message that opened each of
// the problems, hidden ones too: they are for comparing, not for showing.
func (s *Service) FirstTexts(ctx context.Context, city int64, keys []int64) (map[int64]string, error) {
	var bodies map[int64]string
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		bodies, err = firstTexts(tx, city, keys)
		return err
	})
	return bodies, err
}

// Items reads problems by their keys, in that order, with the beginning of their
// newest message where it is not hidden. It asks nobody's right: the caller has
// chosen what its reader may see.
func (s *Service) Items(ctx context.Context, city int64, keys []int64) ([]Item, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var items []Item
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		rows, err := some(tx, city, keys)
		if err != nil {
			return err
		}
		slices.SortFunc(rows, func(a, b row) int { return slices.Index(keys, a.id) - slices.Index(keys, b.id) })
		items, err = itemsOf(tx, city, rows)
		return err
	})
	return items, err
}

// FirstHidden tells whether the message that opened the problem is hidden.
func (s State) FirstHidden() bool {
	return len(s.Messages) > 0 && slices.Contains(s.HiddenTexts, s.Messages[0].Text)
}
