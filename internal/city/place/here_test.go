package place_test

import (
	"context"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// at is a point so many metres east and north of the middle of the town.
func at(c place.City, east, north float64) geo.Point {
	return geo.Point{Lat: c.Center.Lat + north/111_194.9, Lon: c.Center.Lon + east/58_940}
}

func outline(c place.City, west, south, east, north float64) geo.Shape {
	corner := func(x, y float64) [2]float64 { p := at(c, x, y); return [2]float64{p.Lon, p.Lat} }
	return geo.Shape{{{corner(west, south), corner(east, south), corner(east, north), corner(west, north), corner(west, south)}}}
}

// quarter is a block round a yard, a street south of it, a park to the east, a
// pond in the park, a railway to the north.
func quarter(c place.City) []place.Land {
	return []place.Land{
		{Kind: place.Building, House: 101, Shape: outline(c, 0, 0, 60, 12)},
		{Kind: place.Building, Shape: outline(c, 0, 48, 60, 60)},
		{Kind: place.Building, Shape: outline(c, 48, 12, 60, 48)},
		{Kind: place.Road, Class: "main", Name: "ул. Садовая", Lines: [][]geo.Point{{at(c, -300, -20), at(c, 400, -20)}}},
		{Kind: place.Road, Class: "path", Name: "аллея", Lines: [][]geo.Point{{at(c, 110, 0), at(c, 190, 0)}}},
		{Kind: place.Green, Class: "park", Name: "Мельничный парк", Shape: outline(c, 100, -4, 200, 100)},
		{Kind: place.Green, Class: "meadow", Shape: outline(c, -200, 20, -100, 100)},
		{Kind: place.Water, Class: "pond", Name: "пруд", Shape: outline(c, 150, 50, 190, 90)},
		{Kind: place.Rail, Lines: [][]geo.Point{{at(c, -300, 120), at(c, 400, 120)}}},
	}
}

func TestThePlaceOfAPointIsToldFromTheMap(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		c := placetest.Town(t, db, s, 1)
		lie := func(east, north float64) place.Lie {
			here, err := s.Here(context.Background(), 1, at(c, east, north))
			must(t, err)
			return here.Lie
		}
		want(t, lie(25, 30).Ground, place.UnknownLie) // no map yet
		do(t, db, func(tx *sqldb.Tx) error { return s.LoadLand(tx, 1, 1, 0, quarter(c)) })
		for _, tt := range []struct {
			east, north float64
			ground      place.Ground
			name        string
		}{
			{25, 30, place.InYard, ""}, {30, 6, place.InHouse, ""}, {20, -12, place.OnStreet, "ул. Садовая"},
			{130, 20, place.InPark, "Мельничный парк"}, {130, 1, place.InPark, "Мельничный парк"}, {160, 60, place.AtWater, "пруд"},
			{145, 60, place.InPark, "Мельничный парк"}, {0, 118, place.OnRail, ""}, {-150, 60, place.InTheOpen, ""},
		} {
			got := lie(tt.east, tt.north)
			if got.Ground != tt.ground || got.Name != tt.name {
				t.Errorf("at %g, %g: %s %q, want %s %q", tt.east, tt.north, got.Ground, got.Name, tt.ground, tt.name)
			}
		}
		yard := lie(25, 30)
		want(t, yard.Street, "ул. Садовая")
		want(t, int(yard.Metres+0.5), 50)
	})
}

func TestHereNamesTheAreasAndHousesAndABatchAgrees(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		here, err := s.Here(context.Background(), 1, placetest.West)
		must(t, err)
		var areas string
		for _, a := range here.Areas {
			areas += string(a.ID) + " "
		}
		want(t, areas, "mo-west west town-1 ")
		want(t, len(here.Houses), 2)
		want(t, here.Houses[0].House.ID, place.HouseID(101))
		out, err := s.Here(context.Background(), 1, placetest.Outside)
		must(t, err)
		want(t, out.Inside, false)
		want(t, len(out.Houses)+len(out.Areas), 0)
		ask, err := s.Everywhere(context.Background(), 1)
		must(t, err)
		spot := ask(placetest.West)
		want(t, spot.House, place.HouseID(101))
		want(t, spot.Address, "ул. Садовая, д. 14")
		want(t, len(spot.Areas), 3)
		want(t, ask(placetest.Outside).Inside, false)
	})
}
