package place

import (
	"errors"
	"fmt"
	"slices"
	"sync"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/id"
	"gorod/internal/platform/sqldb"
)

// Edition names exactly one state of one dictionary of a city. It changes with
// every slice that is loaded and every edit, so what was read under it never
// becomes wrong: not by a roll-back, not by another node.
type Edition struct {
	City    int64
	Version int64
	stamp   string // "": nothing was loaded
}

// Loaded tells whether anything was loaded.
func (e Edition) Loaded() bool { return e.stamp != "" }

// CurrentIn is the edition of a dictionary that is in force: one look at two
// primary keys. A city that is not there is a Missing fault.
func CurrentIn(tx *sqldb.Tx, city int64, dictionary string) (Edition, error) {
	e, err := currentEdition(tx, city, dictionary)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Edition{}, fault.Missing.New("place.no_city")
	}
	if err != nil {
		return Edition{}, fmt.Errorf("read edition of %s: %w", dictionary, err)
	}
	return e, nil
}

// AtIn is the edition of a dictionary under any version.
func AtIn(tx *sqldb.Tx, city, version int64, dictionary string) (Edition, error) {
	e, err := editionAt(tx, city, version, dictionary)
	if errors.Is(err, sqldb.ErrNoRow) {
		return Edition{City: city, Version: version}, nil
	}
	if err != nil {
		return Edition{}, fmt.Errorf("read edition of %s: %w", dictionary, err)
	}
	return e, nil
}

// ChangedIn says that a dictionary was loaded or edited in this transaction.
// The stamp is never shown or replayed: the machine's own randomness will do.
func ChangedIn(tx *sqldb.Tx, city, version int64, dictionary string) error {
	if err := putStamp(tx, city, version, dictionary, id.Source{}.Secret()); err != nil {
		return fmt.Errorf("stamp %s: %w", dictionary, err)
	}
	return nil
}

// ForgottenIn says that a version of a dictionary is deleted. The version in
// force is refused: the city would stand without it.
func ForgottenIn(tx *sqldb.Tx, city, version int64, dictionary string) error {
	e, err := CurrentIn(tx, city, dictionary)
	if err != nil {
		return err
	}
	if e.Version == version {
		return fault.Conflict.New("place.version_in_force", version)
	}
	if err := dropStamp(tx, city, version, dictionary); err != nil {
		return fmt.Errorf("drop stamp of %s: %w", dictionary, err)
	}
	return nil
}

// Slice is how many rows one call of a loader takes.
const Slice = 500

// CheckSlice refuses a load that would hold the database for too long, or that
// names no version.
func CheckSlice(version int64, rows int) error {
	if version <= 0 {
		return fmt.Errorf("load %d rows under version %d: versions begin with 1", rows, version)
	}
	if rows > Slice {
		return fmt.Errorf("load %d rows at once: a slice has at most %d", rows, Slice)
	}
	return nil
}

// Editions keeps in memory what was made of a dictionary, the last used
// editions of each city. The zero Editions is ready for use by many goroutines.
type Editions[T any] struct {
	Keep int // editions of a city; 0: 3, the one in force and what is compared with it
	mu   sync.Mutex
	kept map[int64][]kept[T] // by city; the last used at the end
}

type kept[T any] struct {
	edition Edition
	value   T
}

// Find gives what is kept of an edition.
func (s *Editions[T]) Find(e Edition) (T, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := s.kept[e.City]
	for i := len(list) - 1; i >= 0; i-- {
		if found := list[i]; found.edition == e {
			copy(list[i:], list[i+1:])
			list[len(list)-1] = found
			return found.value, true
		}
	}
	var none T
	return none, false
}

// Get gives what is kept of an edition, or reads it. Of an edition under which
// nothing was loaded nothing is kept.
func (s *Editions[T]) Get(e Edition, read func() (T, error)) (T, error) {
	if value, ok := s.Find(e); ok {
		return value, nil
	}
	value, err := read()
	if err == nil && e.Loaded() {
		s.put(e, value)
	}
	return value, err
}

func (s *Editions[T]) put(e Edition, value T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[int64][]kept[T]{}
	}
	// An edition replaces the earlier one of its version.
	list := slices.DeleteFunc(s.kept[e.City], func(k kept[T]) bool { return k.edition.Version == e.Version })
	list = append(list, kept[T]{e, value})
	most := s.Keep
	if most == 0 {
		most = 3
	}
	if len(list) > most {
		list = slices.Delete(list, 0, len(list)-most)
	}
	s.kept[e.City] = list
}
