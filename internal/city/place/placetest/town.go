// Package placetest makes small cities for the tests of other packages.
package placetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
)

// West and East are points in the two districts of every town, Outside is in
// neither.
var (
	West    = geo.Point{Lat: 58.005, Lon: 36.004}
	East    = geo.Point{Lat: 58.005, Lon: 36.014}
	Outside = geo.Point{Lat: 58.005, Lon: 36.030}
)

// City describes a town that was not saved yet.
func City(id int64, key string) place.City {
	settings := place.DefaultSettings()
	return place.City{
		ID: id, Key: key, Name: map[string]string{"ru": "Заречный", "en": "Zarechny"},
		Zone: zone(), Languages: []string{"ru", "en"}, Main: "ru", Settings: settings,
		Bounds: geo.Box{Min: geo.Point{Lat: 58, Lon: 36}, Max: geo.Point{Lat: 58.01, Lon: 36.02}},
		Center: geo.Point{Lat: 58.005, Lon: 36.01},
	}
}

// zone is Moscow time without the machine's list of zones.
func zone() *time.Location {
	moscow, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		panic("placetest: " + err.Error())
	}
	return moscow
}

// Areas are two districts side by side and a municipality in the western one.
func Areas(key string) []place.AreaShape {
	return []place.AreaShape{
		area(key, place.WholeCity, "", "Город", 36, 36.02),
		area("west", place.District, key, "Западный", 36, 36.01),
		area("east", place.District, key, "Восточный", 36.01, 36.02),
		area("mo-west", place.Municipality, "west", "Округ 1", 36, 36.005),
	}
}

func area(id, kind, parent, name string, west, east float64) place.AreaShape {
	return place.AreaShape{
		Area:  place.Area{ID: place.AreaID(id), Kind: kind, Parent: place.AreaID(parent), Name: map[string]string{"ru": name}},
		Shape: geo.Shape{{{{west, 58}, {east, 58}, {east, 58.01}, {west, 58.01}, {west, 58}}}},
	}
}

// Houses are a few buildings: 101 and 102 in the west, 103 in the east, 104 on
// the border with the areas that its register says.
func Houses() []place.House {
	return []place.House{
		{ID: 101, Street: "Садовая улица", Number: "14", Address: "ул. Садовая, д. 14", Point: West, District: "west", Municipality: "mo-west", Purpose: "apartment", Manager: "uk-1", Floors: 5, Entrances: 3, Flats: 60, Year: 1974},
		{ID: 102, Street: "Садовая улица", Number: "14", Building: "2", Letter: "А", Address: "ул. Садовая, д. 14, корп. 2, лит. А", Point: geo.Point{Lat: 58.0055, Lon: 36.004}, District: "west", Purpose: "private"},
		{ID: 103, Street: "проспект Просвещения", Number: "5", Address: "пр. Просвещения, д. 5", Point: East, District: "east", Purpose: "apartment", Manager: "uk-2"},
		{ID: 104, Street: "Садовый переулок", Number: "1/21", Address: "пер. Садовый, д. 1/21", Point: geo.Point{Lat: 58.0055, Lon: 36.02}, District: "east", Purpose: "public"},
	}
}

// Load writes areas and houses under a version.
func Load(tx *sqldb.Tx, places *place.Service, city, version int64, key string) error {
	if err := places.LoadAreas(tx, city, version, Areas(key)); err != nil {
		return err
	}
	return places.LoadHouses(tx, city, version, Houses())
}

// Town makes a town with version 1 in force.
func Town(tb testing.TB, db *sqldb.DB, places *place.Service, city int64) place.City {
	tb.Helper()
	c := City(city, fmt.Sprintf("town-%d", city))
	err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
		if err := places.SaveCityIn(tx, c); err != nil {
			return err
		}
		if err := Load(tx, places, city, 1, c.Key); err != nil {
			return err
		}
		return places.SwitchIn(tx, city, 1)
	})
	if err != nil {
		tb.Fatal(err)
	}
	c.Version = 1
	return c
}
