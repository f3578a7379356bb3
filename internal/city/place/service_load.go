package place

import (
	"fmt"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/sqldb"
)

// Street is a name under which houses stand, with the other names that people
// know it by.
type Street struct {
	ID      int64
	Name    map[string]string
	Kind    string // ул, пр, пер, …
	Aliases []string
}

// LoadAreas writes a slice of areas under a version; repeating it changes
// nothing. A row that cannot be right is an Invalid fault with a field "row:N",
// counted from 1, for each.
func (s *Service) LoadAreas(tx *sqldb.Tx, city, version int64, rows []AreaShape) error {
	if err := CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, a := range rows {
		if a.ID == "" || !knownArea(a.Kind) || len(a.Shape) == 0 {
			form.Add(row(i), "place.load_area", string(a.ID))
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, a := range rows {
		if err := putShape(tx, city, version, a); err != nil {
			return fmt.Errorf("load area %s: %w", a.ID, err)
		}
	}
	return ChangedIn(tx, city, version, areaDictionary)
}

// LoadHouses writes a slice of houses, as LoadAreas does.
func (s *Service) LoadHouses(tx *sqldb.Tx, city, version int64, rows []House) error {
	if err := CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	seen := map[HouseID]bool{}
	for i, h := range rows {
		if h.ID <= 0 || h.Address == "" || !h.Point.Valid() || seen[h.ID] {
			form.Add(row(i), "place.load_house", int64(h.ID))
		}
		seen[h.ID] = true
	}
	if err := form.Err(); err != nil {
		return err
	}
	if err := putHouses(tx, city, version, rows); err != nil {
		return fmt.Errorf("load houses: %w", err)
	}
	return ChangedIn(tx, city, version, houseDictionary)
}

// LoadStreets writes a slice of streets, as LoadAreas does.
func (s *Service) LoadStreets(tx *sqldb.Tx, city, version int64, rows []Street) error {
	if err := CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	for i, st := range rows {
		if st.ID <= 0 || len(st.Name) == 0 {
			form.Add(row(i), "place.load_street", st.ID)
		}
	}
	if err := form.Err(); err != nil {
		return err
	}
	for _, st := range rows {
		if err := putStreet(tx, city, version, st); err != nil {
			return fmt.Errorf("load street %d: %w", st.ID, err)
		}
	}
	return ChangedIn(tx, city, version, houseDictionary)
}

// LoadObjects writes a slice of objects, as LoadAreas does.
func (s *Service) LoadObjects(tx *sqldb.Tx, city, version int64, rows []Object) error {
	if err := CheckSlice(version, len(rows)); err != nil {
		return err
	}
	var form fault.Form
	seen := map[string]bool{}
	for i, o := range rows {
		if o.ID == "" || o.Kind == "" || !o.Point.Valid() || seen[o.ID] {
			form.Add(row(i), "place.load_object", o.ID)
		}
		seen[o.ID] = true
	}
	if err := form.Err(); err != nil {
		return err
	}
	if err := putObjects(tx, city, version, rows); err != nil {
		return fmt.Errorf("load objects: %w", err)
	}
	return ChangedIn(tx, city, version, objectDictionary)
}

func row(i int) string { return fmt.Sprintf("row:%d", i+1) }

// Forget deletes a version of everything here; the version in force is refused
// with a Conflict. Of a large city call ForgetSome first until nothing is left.
func (s *Service) Forget(tx *sqldb.Tx, city, version int64) error {
	for more := true; more; {
		var err error
		if more, err = s.ForgetSome(tx, city, version); err != nil {
			return err
		}
	}
	return nil
}

// ForgetSome deletes some rows of a version, few enough for one short
// transaction, and tells whether there may be more.
func (s *Service) ForgetSome(tx *sqldb.Tx, city, version int64) (more bool, err error) {
	for _, dictionary := range []string{areaDictionary, houseDictionary, objectDictionary, landDictionary} {
		if err := ForgottenIn(tx, city, version, dictionary); err != nil {
			return false, err
		}
	}
	const atOnce = 5000
	left := int64(atOnce)
	for _, table := range []string{"house", "city_object", "city_object_kind", "city_land", "city_street", "city_area"} {
		n, err := forgetSome(tx, table, city, version, int(left))
		if err != nil {
			return false, fmt.Errorf("forget version %d of %s: %w", version, table, err)
		}
		if left -= n; left == 0 {
			return true, nil
		}
	}
	return false, nil
}
