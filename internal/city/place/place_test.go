package place_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(place.Migrations())

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t *testing.T, got, exp T) {
	t.Helper()
	if got != exp {
		t.Errorf("got  %v\nwant %v", got, exp)
	}
}

func do(t testing.TB, db *sqldb.DB, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	must(t, db.Do(context.Background(), fn))
}

func view(t testing.TB, db *sqldb.DB, fn func(tx *sqldb.Tx) error) {
	t.Helper()
	must(t, db.View(context.Background(), fn))
}

// refused tells the field and phrase of a fault.
func refused(err error) string {
	f := fault.Of(err)
	if f == nil {
		return fmt.Sprint(err)
	}
	if len(f.Fields) == 0 {
		return f.Kind.Error() + " " + f.Phrase
	}
	return f.Kind.Error() + " " + f.Fields[0].Name + " " + f.Phrase
}

func TestCityIsReadAsItWasSaved(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		exp := placetest.Town(t, db, s, 1)
		got, err := s.CityByKey(context.Background(), "town-1")
		must(t, err)
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(exp)
		want(t, string(a), string(b))
		want(t, got.Zone.String(), "Europe/Moscow")
		_, err = s.CityByKey(context.Background(), "nowhere")
		want(t, refused(err), "missing place.no_city")
	})
}

func TestChangedSettingsAreSeenAtOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, other := place.New(db), place.New(db) // another node
		c := placetest.Town(t, db, s, 1)
		limit := func(s *place.Service) (n int) {
			view(t, db, func(tx *sqldb.Tx) error {
				c, err := s.CityIn(tx, 1)
				n = c.Settings.MessagesPerDay
				return err
			})
			return n
		}
		want(t, limit(s), 10)
		want(t, limit(other), 10)
		c.Settings.MessagesPerDay = 3
		failure := errors.New("changed their mind")
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			must(t, s.SaveCityIn(tx, c))
			got, err := s.CityIn(tx, 1)
			must(t, err)
			want(t, got.Settings.MessagesPerDay, 3)
			return failure
		})
		want(t, errors.Is(err, failure), true)
		want(t, limit(s), 10)
		do(t, db, func(tx *sqldb.Tx) error { return s.SaveCityIn(tx, c) })
		want(t, limit(s), 3)
		want(t, limit(other), 3)
	})
}

func TestTheListOfCitiesIsFreshHereAtOnceAndElsewhereInASecond(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		clock := sqldbtest.NewClock(sqldbtest.Start)
		db = db.At(clock.Now)
		s, other := place.New(db), place.New(db) // another node
		c := placetest.Town(t, db, s, 1)
		limit := func(s *place.Service) int {
			cities, err := s.Cities(context.Background())
			must(t, err)
			return cities[0].Settings.MessagesPerDay
		}
		want(t, limit(s), 10)
		want(t, limit(other), 10)
		c.Settings.MessagesPerDay = 3
		do(t, db, func(tx *sqldb.Tx) error { return s.SaveCityIn(tx, c) })
		want(t, limit(s), 3)
		clock.Pass(time.Second)
		want(t, limit(other), 3)
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			c.Settings.MessagesPerDay = 4
			must(t, s.SaveCityIn(tx, c))
			return errors.New("changed their mind")
		})
		want(t, err.Error(), "changed their mind")
		want(t, limit(s), 3)
	})
}

func TestCityThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		for name, tt := range map[string]struct {
			change func(*place.City)
			exp    string
		}{
			"no number":             {func(c *place.City) { c.ID = 0 }, "invalid id place.city_id"},
			"no key":                {func(c *place.City) { c.Key = "" }, "invalid key place.city_key"},
			"key of another":        {func(c *place.City) { c.Key = "town-1" }, "conflict key place.city_key_taken"},
			"no zone":               {func(c *place.City) { c.Zone = nil }, "invalid zone place.city_zone"},
			"unknown main language": {func(c *place.City) { c.Main = "kk" }, "invalid main_language place.city_language"},
			"no name":               {func(c *place.City) { c.Name = nil }, "invalid name place.city_name"},
			"bounds elsewhere":      {func(c *place.City) { c.Center.Lat = 10 }, "invalid bounds place.city_bounds"},
		} {
			c := placetest.City(2, "town-2")
			tt.change(&c)
			err := db.Do(context.Background(), func(tx *sqldb.Tx) error { return s.SaveCityIn(tx, c) })
			if got := refused(err); got != tt.exp {
				t.Errorf("%s: got %s, want %s", name, got, tt.exp)
			}
		}
		cities, err := s.Cities(context.Background())
		must(t, err)
		want(t, len(cities), 1)
	})
}

func TestLocate(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		for name, tt := range map[string]struct {
			draft place.Draft
			exp   place.Place
			fault string
		}{
			"building lends its point": {
				draft: place.Draft{Mark: place.OnBuilding, House: 101, Point: geo.Point{Lat: 1, Lon: 1}, Landmark: " у  второго подъезда "},
				exp:   place.Place{Point: placetest.West, Mark: place.OnBuilding, House: 101, Address: "ул. Садовая, д. 14", District: "west", Municipality: "mo-west", Landmark: "у второго подъезда"},
			},
			"building on the border is where its register says": {
				draft: place.Draft{Mark: place.OnBuilding, House: 104},
				exp:   place.Place{Point: geo.Point{Lat: 58.0055, Lon: 36.02}, Mark: place.OnBuilding, House: 104, Address: "пер. Садовый, д. 1/21", District: "east"},
			},
			"near a building the point stays": {
				draft: place.Draft{Mark: place.NearBuilding, House: 101, Point: geo.Point{Lat: 58.0051, Lon: 36.006}},
				exp:   place.Place{Point: geo.Point{Lat: 58.0051, Lon: 36.006}, Mark: place.NearBuilding, House: 101, Address: "ул. Садовая, д. 14", District: "west"},
			},
			"in the open": {
				draft: place.Draft{Mark: place.FreePoint, Point: placetest.East},
				exp:   place.Place{Point: placetest.East, Mark: place.FreePoint, District: "east"},
			},
			"outside":             {draft: place.Draft{Mark: place.FreePoint, Point: placetest.Outside}, fault: "invalid place place.outside"},
			"no number":           {draft: place.Draft{Mark: place.FreePoint, Point: geo.Point{Lat: math.NaN(), Lon: 36}}, fault: "invalid place place.no_point"},
			"no mark":             {draft: place.Draft{Point: placetest.West}, fault: "invalid place place.no_mark"},
			"no such house":       {draft: place.Draft{Mark: place.OnBuilding, House: 999}, fault: "invalid house place.no_such_house"},
			"house not named":     {draft: place.Draft{Mark: place.OnBuilding, Point: placetest.West}, fault: "invalid house place.house_needed"},
			"house too far":       {draft: place.Draft{Mark: place.NearBuilding, House: 103, Point: placetest.West}, fault: "invalid house place.house_far"},
			"landmark is a novel": {draft: place.Draft{Mark: place.OnBuilding, House: 101, Landmark: fmt.Sprintf("%0300d", 1)}, fault: "invalid landmark place.landmark"},
		} {
			view(t, db, func(tx *sqldb.Tx) error {
				got, err := s.LocateIn(tx, 1, tt.draft)
				if tt.fault != "" {
					if refused(err) != tt.fault {
						t.Errorf("%s: got %s, want %s", name, refused(err), tt.fault)
					}
					return nil
				}
				if err != nil || got != tt.exp {
					t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, got, tt.exp)
				}
				return nil
			})
		}
	})
}

func TestCityWithoutAreasIsItsBounds(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := place.New(db), context.Background()
		do(t, db, func(tx *sqldb.Tx) error { return s.SaveCityIn(tx, placetest.City(1, "bare")) })
		want(t, s.Inside(ctx, 1, placetest.West), true)
		want(t, s.Inside(ctx, 1, placetest.Outside), false)
		want(t, s.Inside(ctx, 2, placetest.West), false)
		found, err := s.Search(ctx, 1, "садовая 14", 10)
		must(t, err)
		want(t, len(found), 0)
	})
}

func TestAreasAreDrawnAsGeoJSON(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		body, err := s.AreaShapes(context.Background(), 1)
		must(t, err)
		var file struct {
			Features []struct {
				Properties map[string]string
				Geometry   struct {
					Type        string
					Coordinates [][][][2]float64
				}
			}
		}
		must(t, json.Unmarshal(body, &file))
		want(t, len(file.Features), 4)
		first := file.Features[0]
		want(t, first.Properties["name.ru"]+first.Properties["id"]+first.Properties["kind"], "Восточныйeastdistrict")
		want(t, first.Geometry.Coordinates[0][0][0], [2]float64{36.01, 58})
		areas, err := s.Areas(context.Background(), 1)
		must(t, err)
		want(t, len(areas), 4)
	})
}

func TestNearestHousesComeFirst(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := place.New(db), context.Background()
		placetest.Town(t, db, s, 1)
		near, err := s.Near(ctx, 1, placetest.West, 2, 1000)
		must(t, err)
		want(t, len(near), 2)
		want(t, near[0].House.ID, 101)
		want(t, near[1].House.ID, 102)
		want(t, math.Round(near[1].Metres), 56)
		near, err = s.Near(ctx, 1, placetest.West, 10, 50)
		must(t, err)
		want(t, len(near), 1)
		near, err = s.Near(ctx, 1, geo.Point{Lat: math.NaN()}, 10, 50)
		must(t, err)
		want(t, len(near), 0)
	})
}

func TestObjectsNearby(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := place.New(db), context.Background()
		placetest.Town(t, db, s, 1)
		lamp := place.Object{ID: "lamp-1", Kind: "lamp", Number: "Л-001", Name: map[string]string{"ru": "Фонарь"}, Point: placetest.West, Owner: "gorsvet"}
		stop := place.Object{ID: "stop-1", Kind: "stop", Point: geo.Point{Lat: 58.0052, Lon: 36.004}}
		do(t, db, func(tx *sqldb.Tx) error { return s.LoadObjects(tx, 1, 1, []place.Object{lamp, stop}) })
		all, err := s.ObjectsNear(ctx, 1, "", geo.Point{Lat: 58.0053, Lon: 36.004}, 5, 100)
		must(t, err)
		want(t, len(all), 2)
		want(t, all[0].Object.ID, "stop-1")
		lamps, err := s.ObjectsNear(ctx, 1, "lamp", placetest.West, 5, 100)
		must(t, err)
		want(t, len(lamps), 1)
		want(t, lamps[0].Object.Number+lamps[0].Object.Name["ru"]+lamps[0].Object.Owner, "Л-001Фонарьgorsvet")
	})
}

func TestTwoCitiesDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := place.New(db), context.Background()
		placetest.Town(t, db, s, 1)
		// The same version in both, so that only the city tells them apart.
		do(t, db, func(tx *sqldb.Tx) error {
			must(t, s.SaveCityIn(tx, placetest.City(2, "other")))
			must(t, s.LoadHouses(tx, 2, 1, []place.House{{ID: 900, Street: "Речная улица", Number: "1", Address: "ул. Речная, д. 1", Point: placetest.West}}))
			must(t, s.LoadStreets(tx, 1, 1, []place.Street{{ID: 1, Name: map[string]string{"ru": "Речная"}, Aliases: []string{"Прибрежная"}}}))
			must(t, s.LoadObjects(tx, 1, 1, []place.Object{{ID: "lamp-1", Kind: "lamp", Point: placetest.West}}))
			return s.SwitchIn(tx, 2, 1)
		})
		for query, exp := range map[string]int{"садовая 14": 0, "речная 1": 1, "прибрежная 1": 0} {
			found, err := s.Search(ctx, 2, query, 5)
			must(t, err)
			want(t, len(found), exp)
		}
		near, err := s.Near(ctx, 2, placetest.West, 5, 500)
		must(t, err)
		want(t, len(near), 1)
		want(t, near[0].House.ID, 900)
		objects, err := s.ObjectsNear(ctx, 2, "", placetest.West, 5, 500)
		must(t, err)
		want(t, len(objects), 0)
		areas, err := s.Areas(ctx, 2)
		must(t, err)
		want(t, len(areas), 0)
		view(t, db, func(tx *sqldb.Tx) error {
			_, err := s.HouseIn(tx, 2, 101)
			want(t, refused(err), "missing house place.no_such_house")
			_, err = s.HouseIn(tx, 1, 101)
			return err
		})
		// Forgetting in one city leaves the other alone.
		do(t, db, func(tx *sqldb.Tx) error {
			must(t, s.LoadHouses(tx, 2, 2, placetest.Houses()))
			must(t, s.SwitchIn(tx, 2, 2))
			return s.Forget(tx, 2, 1)
		})
		near, err = s.Near(ctx, 1, placetest.West, 5, 500)
		must(t, err)
		want(t, len(near), 2)
	})
}

func TestSwitchAndSwitchBack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s, ctx := place.New(db), context.Background()
		placetest.Town(t, db, s, 1)
		first := func() string {
			found, err := s.Search(ctx, 1, "новая 1", 5)
			must(t, err)
			if len(found) == 0 {
				return ""
			}
			return found[0].House.Address
		}
		want(t, first(), "")
		built := place.House{ID: 500, Street: "Новая улица", Number: "1", Address: "ул. Новая, д. 1", Point: placetest.East}
		do(t, db, func(tx *sqldb.Tx) error { return s.LoadHouses(tx, 1, 2, []place.House{built}) })
		want(t, first(), "")
		do(t, db, func(tx *sqldb.Tx) error { return s.SwitchIn(tx, 1, 2) })
		want(t, first(), "ул. Новая, д. 1")
		// Another slice under the version in force is seen too.
		built.ID, built.Address = 501, "ул. Новая, д. 1, корп. 0"
		do(t, db, func(tx *sqldb.Tx) error {
			built.Building = "0"
			return s.LoadHouses(tx, 1, 2, []place.House{built})
		})
		found, err := s.Search(ctx, 1, "новая 1 к0", 5)
		must(t, err)
		want(t, len(found), 1)
		do(t, db, func(tx *sqldb.Tx) error { return s.SwitchIn(tx, 1, 1) })
		want(t, first(), "")
		err = db.Do(ctx, func(tx *sqldb.Tx) error { return s.SwitchIn(tx, 1, 9) })
		want(t, refused(err), "missing place.no_version")
		err = db.Do(ctx, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, 1) })
		want(t, refused(err), "conflict place.version_in_force")
		do(t, db, func(tx *sqldb.Tx) error { return s.Forget(tx, 1, 2) })
		err = db.Do(ctx, func(tx *sqldb.Tx) error { return s.SwitchIn(tx, 1, 2) })
		want(t, refused(err), "missing place.no_version")
	})
}

func TestWhatWasRolledBackIsNotRemembered(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		failure := errors.New("the file ended early")
		err := db.Do(context.Background(), func(tx *sqldb.Tx) error {
			must(t, s.LoadAreas(tx, 1, 1, []place.AreaShape{{
				Area:  place.Area{ID: "mirage", Kind: place.District, Name: map[string]string{"ru": "Мираж"}},
				Shape: placetest.Areas("x")[0].Shape,
			}}))
			areas, err := s.AreasIn(tx, 1)
			must(t, err)
			want(t, len(areas), 5)
			return failure
		})
		want(t, errors.Is(err, failure), true)
		areas, err := s.Areas(context.Background(), 1)
		must(t, err)
		want(t, len(areas), 4)
	})
}

func TestRowsThatCannotBeRightAreNotLoaded(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		for exp, load := range map[string]func(tx *sqldb.Tx) error{
			"invalid row:1 place.load_area": func(tx *sqldb.Tx) error { return s.LoadAreas(tx, 1, 2, make([]place.AreaShape, 1)) },
			"invalid row:2 place.load_house": func(tx *sqldb.Tx) error {
				return s.LoadHouses(tx, 1, 2, append(placetest.Houses()[:1], place.House{ID: 7}))
			},
			"invalid row:1 place.load_street":                    func(tx *sqldb.Tx) error { return s.LoadStreets(tx, 1, 2, make([]place.Street, 1)) },
			"invalid row:1 place.load_object":                    func(tx *sqldb.Tx) error { return s.LoadObjects(tx, 1, 2, make([]place.Object, 1)) },
			"load 501 rows at once: a slice has at most 500":     func(tx *sqldb.Tx) error { return s.LoadHouses(tx, 1, 2, make([]place.House, 501)) },
			"load 0 rows under version 0: versions begin with 1": func(tx *sqldb.Tx) error { return s.LoadHouses(tx, 1, 0, nil) },
		} {
			want(t, refused(db.Do(context.Background(), load)), exp)
		}
	})
}
