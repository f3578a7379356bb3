package place

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// ObjectNear is an object and how far it is.
type ObjectNear struct {
	Object Object
	Metres float64
}

// ObjectIn reads an object of the version in force; one that is not there is a
// Missing fault at the field "object".
func (s *Service) ObjectIn(tx *sqldb.Tx, city int64, id string) (Object, error) {
	e, err := CurrentIn(tx, city, objectDictionary)
	if err != nil {
		return Object{}, err
	}
	o, err := readObject(tx, city, e.Version, id)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Object{}, fault.Missing.Field("object", "place.no_such_object")
	}
	if err != nil {
		return Object{}, fmt.Errorf("read object %s: %w", id, err)
	}
	return o, nil
}

// Object is ObjectIn in a transaction of its own, with the kind of the object.
func (s *Service) Object(ctx context.Context, city int64, id string) (Object, ObjectKind, error) {
	var o Object
	var kind ObjectKind
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		if o, err = s.ObjectIn(tx, city, id); err != nil {
			return err
		}
		kinds, err := s.KindsIn(tx, city)
		kind, _ = kinds.Find(o.Kind)
		return err
	})
	return o, kind, err
}

// KindsIn gives the kinds of objects in force; DefaultObjectKinds where the
// version lists none.
func (s *Service) KindsIn(tx *sqldb.Tx, city int64) (ObjectKinds, error) {
	e, err := CurrentIn(tx, city, objectDictionary)
	if err != nil {
		return nil, err
	}
	return s.kinds.Get(e, func() (ObjectKinds, error) {
		kinds, err := readKinds(tx, city, e.Version)
		if err != nil {
			return nil, fmt.Errorf("read kinds of objects: %w", err)
		}
		if len(kinds) == 0 {
			return DefaultObjectKinds(), nil
		}
		return kinds, nil
	})
}

// Kinds is KindsIn in a transaction of its own.
func (s *Service) Kinds(ctx context.Context, city int64) (ObjectKinds, error) {
	var kinds ObjectKinds
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		var err error
		kinds, err = s.KindsIn(tx, city)
		return err
	})
	return kinds, err
}

// ObjectsNear finds the n objects of a kind ("" for any) nearest to a point,
// under the limits of Near.
func (s *Service) ObjectsNear(ctx context.Context, city int64, kind string, p geo.Point, n int, maxMetres float64) ([]ObjectNear, error) {
	var near []ObjectNear
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		e, err := CurrentIn(tx, city, objectDictionary)
		if err != nil {
			return err
		}
		near, err = objectsNear(tx, e, kind, p, n, maxMetres)
		return err
	})
	return near, err
}

func objectsNear(tx *sqldb.Tx, e Edition, kind string, p geo.Point, n int, maxMetres float64) ([]ObjectNear, error) {
	found, err := nearest(p, n, maxMetres, func(cells geo.Range) ([]Object, error) {
		return readObjects(tx, e.City, e.Version, kind, cells)
	}, func(o Object) geo.Point { return o.Point })
	if err != nil {
		return nil, fmt.Errorf("look for objects nearby: %w", err)
	}
	near := make([]ObjectNear, 0, len(found))
	for _, f := range found {
		near = append(near, ObjectNear{f.thing, f.metres})
	}
	return near, nil
}

// ObjectsFor finds at most n objects of the kinds that a topic is about, each
// within the reach of its kind, the nearest first. No kinds: nothing.
func (s *Service) ObjectsFor(ctx context.Context, city int64, kinds []string, p geo.Point, n int) ([]ObjectNear, error) {
	var near []ObjectNear
	if len(kinds) == 0 {
		return nil, nil
	}
	err := s.db.View(ctx, func(tx *sqldb.Tx) error {
		e, err := CurrentIn(tx, city, objectDictionary)
		if err != nil {
			return err
		}
		known, err := s.KindsIn(tx, city)
		if err != nil {
			return err
		}
		for _, id := range kinds {
			kind, _ := known.Find(id)
			found, err := objectsNear(tx, e, id, p, n, kind.Reach())
			if err != nil {
				return err
			}
			near = append(near, found...)
		}
		return nil
	})
	slices.SortStableFunc(near, func(a, b ObjectNear) int { return cmp.Compare(a.Metres, b.Metres) })
	return near[:min(n, len(near))], err
}

// objectOf reads the object of a draft and refuses one that is too far off.
func (s *Service) objectOf(tx *sqldb.Tx, c City, d Draft) (Object, error) {
	o, err := readObject(tx, c.ID, c.Version, d.Object)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Object{}, fault.Invalid.Field("object", "place.no_such_object")
	}
	if err != nil {
		return Object{}, fmt.Errorf("read object %s: %w", d.Object, err)
	}
	kinds, err := s.KindsIn(tx, c.ID)
	if err != nil {
		return Object{}, err
	}
	kind, _ := kinds.Find(o.Kind)
	if !d.Trusted && o.Point.Distance(d.Point) > kind.Reach() {
		return Object{}, fault.Invalid.Field("object", "place.object_far", int(kind.Reach()))
	}
	return o, nil
}

// LoadKinds writes the kinds of objects of a version, as LoadAreas does.
func (s *Service) LoadKinds(tx *sqldb.Tx, city, version int64, rows []ObjectKind) error {
	if err := CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	seen := map[string]bool{}
	for i, k := range rows {
		if k.ID == "" || seen[k.ID] {
			form.Add(row(i), "place.load_kind", k.ID)
		}
		seen[k.ID] = true
	}
	if err := form.Err(); err != nil {
		return err
	}
	if err := putKinds(tx, city, version, rows); err != nil {
		return fmt.Errorf("load kinds of objects: %w", err)
	}
	return ChangedIn(tx, city, version, objectDictionary)
}
