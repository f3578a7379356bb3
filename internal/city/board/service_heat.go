package board

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// The kinds of areas that Areas counts by.
const (
	ByDistrict     = byDistrict
	ByMunicipality = byMunicipality
)

// Areas counts what fits a filter by area of a kind, ByDistrict or
// ByMunicipality; areas without any are left out. Newest is as in a Tally.
// Another kind is Invalid.
func (s *Service) Areas(ctx context.Context, city int64, f Filter, kind string) (list map[string]Counts, newest int, err error) {
	if kind != byDistrict && kind != byMunicipality {
		return nil, 0, fault.Invalid.Field("kind", "board.no_kind")
	}
	f = f.onMap(city)
	list = map[string]Counts{}
	err = s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		var parts []areaCount
		d, whole, ok, err := periodOf(tx, city, f, c.Zone)
		if err != nil {
			return err
		}
		if f.kept() && ok {
			parts, err = countedAreas(tx, city, f, d, whole, kind)
		} else {
			parts, newest, err = s.chosenAreas(tx, city, f, kind)
		}
		sums := map[string]counts{}
		for _, p := range parts {
			sums[p.area] = sums[p.area].plus(p.counts, 1)
		}
		for area, n := range sums {
			if few := n.only(f); few.n > 0 {
				list[area] = few.public()
			}
		}
		return err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("count areas: %w", err)
	}
	return list, newest, nil
}

func countedAreas(tx *sqldb.Tx, city int64, f Filter, d days, whole bool, kind string) ([]areaCount, error) {
	spans, rest := []int64{0}, []days(nil)
	if !whole {
		spans, rest = spansOf(d, areaLeast)
	}
	list, err := areas(tx, city, kind, int64(f.Object), spans)
	for _, r := range rest {
		if err != nil {
			break
		}
		var more []areaCount
		more, err = looseAreas(tx, city, kind, int64(f.Object), r)
		list = append(list, more...)
	}
	return list, err
}

// chosenAreas counts a selection, row by row.
func (s *Service) chosenAreas(tx *sqldb.Tx, city int64, f Filter, kind string) ([]areaCount, int, error) {
	chosen, err := s.selections.get(tx, city, f)
	if err != nil {
		return nil, 0, err
	}
	keys := make([]int64, len(chosen.hits))
	for i, h := range chosen.hits {
		keys[i] = h.problem
	}
	list, err := byKeys(tx, city, keys, "f."+areaColumn(kind)+", f.standing, f.late", func(r sqldb.Scanner) (areaCount, error) {
		var c areaCount
		var standing Standing
		var late int64
		err := r.Scan(&c.area, &standing, &late)
		c.counts = one(standing, late == 1)
		return c, err
	})
	list = slices.DeleteFunc(list, func(c areaCount) bool { return c.area == "" })
	return list, chosen.newest, err
}

// Hexagon is a cell of the hexagonal map with what it holds.
type Hexagon struct {
	Counts
	Corners [6]geo.Point // from the east, counter-clockwise
	Q, R    int          // its place in the grid of its size
}

// The hexagons have four sizes, by zoom: their radius is a sixteenth of a tile
// of these zooms, 32 pixels, and up to 64 before the next size begins. They lie
// in the plane of the map, so they are smaller on the ground in the north.
func hexZooms() [4]int { return [4]int{9, 11, 13, 15} }

// hexCells is by how much finer than the tile of their zoom the cells are that
// are added up to hexagons, each to that in which its middle lies.
const hexCells = 5

// hexZoom is the zoom that gives the size of hexagons at a zoom. Where days are
// asked for the smallest is left out: its cells are not counted by days.
func hexZoom(zoom int, dated bool) int {
	chosen := 0
	for _, z := range hexZooms() {
		if chosen == 0 || z <= zoom && !(dated && z > 13) {
			chosen = z
		}
	}
	return chosen
}

// Hexagons reads the hexagons that a tile touches, each with all that it holds,
// in the order of their places. An address off the map is Missing.
func (s *Service) Hexagons(ctx context.Context, city int64, f Filter, z, x, y int) ([]Hexagon, error) {
	if z < 0 || z > MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, fault.Missing.New("board.no_tile")
	}
	f = f.onMap(city)
	base := hexZoom(z, !f.From.IsZero() || !f.To.IsZero())
	radius := 1 / float64(int64(1)<<base) / 16
	side := 1 / float64(int64(1)<<z)
	west, north := float64(x)*side, float64(y)*side
	within := func(column, row, more float64) bool {
		return column > west-more && column < west+side+more && row > north-more && row < north+side+more
	}
	sums := map[[2]int]counts{}
	err := s.DB.View(ctx, func(tx *sqldb.Tx) error {
		c, err := s.Places.CityIn(tx, city)
		if err != nil {
			return err
		}
		level := base + hexCells
		box := geo.Box{
			Min: geo.Point{Lat: latitudeAt(min(north+side+2*radius, 1)), Lon: max(west-2*radius, 0)*360 - 180},
			Max: geo.Point{Lat: latitudeAt(max(north-2*radius, 0)), Lon: min(west+side+2*radius, 1)*360 - 180},
		}
		list, _, err := s.cellsOf(tx, city, f, c.Zone, 0, cover(box, level+level%2), level)
		for _, cell := range list {
			p := cell.point()
			at := hexAt((p.Lon+180)/360, southward(p.Lat), radius)
			sums[at] = sums[at].plus(cell.counts, 1)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read hexagons of tile %d/%d/%d: %w", z, x, y, err)
	}
	var out []Hexagon
	for at, n := range sums {
		column, row := hexMiddle(at, radius)
		if within(column, row, radius) {
			out = append(out, Hexagon{Counts: n.public(), Corners: hexCorners(column, row, radius), Q: at[0], R: at[1]})
		}
	}
	slices.SortFunc(out, func(a, b Hexagon) int { return cmp.Or(cmp.Compare(a.R, b.R), cmp.Compare(a.Q, b.Q)) })
	return out, nil
}

// hexAt is the hexagon of a point of the square map, in axial coordinates, with
// corners to the east and west: the cube of the three axes is rounded and the
// axis with the largest error follows from the others.
func hexAt(column, row, radius float64) [2]int {
	q := 2.0 / 3 * column / radius
	r := (-1.0/3*column + math.Sqrt(3)/3*row) / radius
	s := -q - r
	roundQ, roundR, roundS := math.Round(q), math.Round(r), math.Round(s)
	switch errQ, errR, errS := math.Abs(roundQ-q), math.Abs(roundR-r), math.Abs(roundS-s); {
	case errQ > errR && errQ > errS:
		roundQ = -roundR - roundS
	case errR > errS:
		roundR = -roundQ - roundS
	}
	return [2]int{int(roundQ), int(roundR)}
}

// hexMiddle is the middle of a hexagon on the square map.
func hexMiddle(at [2]int, radius float64) (column, row float64) {
	q, r := float64(at[0]), float64(at[1])
	return radius * 1.5 * q, radius * math.Sqrt(3) * (q/2 + r)
}

func hexCorners(column, row, radius float64) (corners [6]geo.Point) {
	for i := range corners {
		angle := float64(i) * math.Pi / 3
		corners[i] = geo.Point{Lat: latitudeAt(row - radius*math.Sin(angle)), Lon: (column+radius*math.Cos(angle))*360 - 180}
	}
	return corners
}
