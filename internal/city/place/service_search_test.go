package place_test

import (
	"context"
	"fmt"
	"testing"

	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/platform/sqldb"
)

// houses of streets whose names are easily mixed up.
func houses() []place.House {
	var list []place.House
	add := func(street, number, building, structure, letter string) {
		id := place.HouseID(len(list) + 1)
		address := fmt.Sprintf("%s %s к%s с%s л%s", street, number, building, structure, letter)
		list = append(list, place.House{ID: id, Street: street, Number: number, Building: building, Structure: structure, Letter: letter,
			Address: address, Settlement: "Санкт-Петербург", Point: placetest.West, District: "west"})
	}
	add("17-я линия В.О.", "8", "", "", "Б")
	add("17-я линия В.О.", "80", "", "", "А")
	add("8-я линия В.О.", "17", "", "", "А")
	add("Большой проспект В.О.", "12", "", "", "А")
	add("Большая Садовая улица", "12", "", "", "")
	add("Садовая улица", "12", "3", "", "А")
	add("Садовая улица", "12", "", "", "Б")
	add("Садовая улица", "2", "", "", "")
	add("Садовый переулок", "12", "", "", "")
	add("проспект Ветеранов", "12", "3", "", "А")
	add("проспект Ветеранов", "12", "", "2", "")
	add("проспект Ветеранов", "123", "", "", "А")
	add("7-я Советская улица", "1", "", "", "А")
	add("1-я Советская улица", "7", "", "", "А")
	add("набережная реки Фонтанки", "10", "", "", "Б")
	add("Набережная улица", "10", "", "", "")
	add("1-я Красноармейская улица", "1/21", "", "", "Д")
	add("Московское шоссе", "5", "", "", "")
	add("Московский проспект", "5", "", "", "")
	add("бульвар Новаторов", "11", "2", "", "")
	add("улица Ткачей", "3А", "", "", "")
	return list
}

func TestAddressesAreFoundAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		do(t, db, func(tx *sqldb.Tx) error {
			must(t, s.LoadHouses(tx, 1, 2, houses()))
			must(t, s.LoadAreas(tx, 1, 2, placetest.Areas("town-1")))
			must(t, s.LoadStreets(tx, 1, 2, []place.Street{
				{ID: 1, Name: map[string]string{"ru": "Ткачей", "en": "Tkachey"}, Kind: "ул", Aliases: []string{"Ткацкая слобода"}},
			}))
			return s.SwitchIn(tx, 1, 2)
		})
		for query, exp := range map[string]string{
			"17 линия 8":                        "17-я линия В.О. 8 к с лБ",
			"17-я линия ВО, д. 8, лит. Б":       "17-я линия В.О. 8 к с лБ",
			"в.о. 17 линия д 8":                 "17-я линия В.О. 8 к с лБ",
			"8 линия 17":                        "8-я линия В.О. 17 к с лА",
			"17 линия 8б":                       "17-я линия В.О. 8 к с лБ",
			"17я линия 80":                      "17-я линия В.О. 80 к с лА",
			"садовая 12к3":                      "Садовая улица 12 к3 с лА",
			"садовая 12 корпус 3 литера а":      "Садовая улица 12 к3 с лА",
			"ул. Садовая, 12 литБ":              "Садовая улица 12 к с лБ",
			"12 садовая":                        "Садовая улица 12 к с лБ",
			"на Садовой 2":                      "Садовая улица 2 к с л",
			"садовый пер 12":                    "Садовый переулок 12 к с л",
			"б. садовая 12":                     "Большая Садовая улица 12 к с л",
			"большой пр 12":                     "Большой проспект В.О. 12 к с лА",
			"пр-т Ветеранов 12к3":               "проспект Ветеранов 12 к3 с лА",
			"ветеранов 12 стр 2":                "проспект Ветеранов 12 к с2 л",
			"ветеранов 12 с2":                   "проспект Ветеранов 12 к с2 л",
			"ветер 123":                         "проспект Ветеранов 123 к с лА",
			"ветеранов пр, д. 12, к. 3, кв. 15": "проспект Ветеранов 12 к3 с лА",
			"7-я советская 1":                   "7-я Советская улица 1 к с лА",
			"1 советская 7":                     "1-я Советская улица 7 к с лА",
			"советская 7":                       "1-я Советская улица 7 к с лА",
			"наб. р. Фонтанки 10б":              "набережная реки Фонтанки 10 к с лБ",
			"фонтанка 10":                       "набережная реки Фонтанки 10 к с лБ",
			"набережная 10":                     "Набережная улица 10 к с л",
			"1-я Красноармейская 1/21 литера Д": "1-я Красноармейская улица 1/21 к с лД",
			"красноармейская 1":                 "1-я Красноармейская улица 1/21 к с лД",
			"московское ш 5":                    "Московское шоссе 5 к с л",
			"московский пр-кт 5":                "Московский проспект 5 к с л",
			"б-р новаторов 11 корп 2":           "бульвар Новаторов 11 к2 с л",
			"новаторов 11 корпу":                "бульвар Новаторов 11 к2 с л",
			"ткачей 3а":                         "улица Ткачей 3А к с л",
			"ткацкая слобода 3":                 "улица Ткачей 3А к с л",
			"Tkachey 3":                         "улица Ткачей 3А к с л",
			"г. Санкт-Петербург, ул. Ткачей 3":  "улица Ткачей 3А к с л",
			"Заречный, ткачей 3":                "улица Ткачей 3А к с л",
			"ткач":                              "улица Ткачей 3А к с л",
			"невский 12":                        "",
			"садовая ветеранов 12":              "",
			"12":                                "",
			"":                                  "",
			"!!!":                               "",
			"9-я советская 1":                   "",
			"1-я Красноармейская 1":             "1-я Красноармейская улица 1/21 к с лД",
			"седьмая советская 1":               "7-я Советская улица 1 к с лА",
			"сдаовая 12к3":                      "Садовая улица 12 к3 с лА",
			"cfljdfz 12r3":                      "Садовая улица 12 к3 с лА",
			"ul. Tkachej 3a":                    "улица Ткачей 3А к с л",
			"проспектветеранов 123":             "проспект Ветеранов 123 к с лА",
			"московскй прспект 5":               "Московский проспект 5 к с л",
			"Россия, 190000, СПб, Московское шоссе, дом 5": "Московское шоссе 5 к с л",
			"западный район садовая 2":                     "Садовая улица 2 к с л",
			"пожалуйста вызовите дворника садовая":         "",
		} {
			found, err := s.Search(context.Background(), 1, query, 5)
			must(t, err)
			got := ""
			if len(found) > 0 {
				got = found[0].House.Address
				want(t, found[0].Fit != place.OtherHouse, true)
				want(t, found[0].Area["ru"], "Западный")
			}
			if got != exp {
				t.Errorf("%q\ngot  %s\nwant %s", query, got, exp)
			}
		}
	})
}

func TestStreetAloneGivesItsFirstHouses(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		do(t, db, func(tx *sqldb.Tx) error {
			must(t, s.LoadHouses(tx, 1, 2, houses()))
			must(t, s.LoadAreas(tx, 1, 2, placetest.Areas("town-1")))
			return s.SwitchIn(tx, 1, 2)
		})
		found, err := s.Search(context.Background(), 1, "садовая ул", 6)
		must(t, err)
		var numbers string
		for _, f := range found[:3] {
			numbers += f.House.Street[:len("Садовая")] + f.House.Number + " "
		}
		want(t, numbers, "Садовая2 Садовая12 Большая12 ")
		found, err = s.Search(context.Background(), 1, "с", 3)
		must(t, err)
		want(t, len(found) > 0, true)
	})
}

// metropolis loads a city of many houses.
func metropolis(tb testing.TB, db *sqldb.DB, s *place.Service, houses, streets int) []place.House {
	placetest.Town(tb, db, s, 1)
	list := place.BigCity(houses, streets)
	for from := 0; from < len(list); from += place.Slice {
		do(tb, db, func(tx *sqldb.Tx) error {
			return s.LoadHouses(tx, 1, 2, list[from:min(len(list), from+place.Slice)])
		})
	}
	do(tb, db, func(tx *sqldb.Tx) error { return s.SwitchIn(tx, 1, 2) })
	return list
}

func BenchmarkLocate(b *testing.B) {
	db := kit.SQLite(b)
	s := place.New(db)
	placetest.Town(b, db, s, 1)
	draft := place.Draft{Mark: place.NearBuilding, House: 101, Point: placetest.West}
	view(b, db, func(tx *sqldb.Tx) error {
		for b.Loop() {
			if _, err := s.LocateIn(tx, 1, draft); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkCity(b *testing.B) {
	db := kit.SQLite(b)
	s := place.New(db)
	placetest.Town(b, db, s, 1)
	view(b, db, func(tx *sqldb.Tx) error {
		for b.Loop() {
			if _, err := s.CityIn(tx, 1); err != nil {
				return err
			}
		}
		return nil
	})
}

func BenchmarkNear(b *testing.B) {
	db := kit.SQLite(b)
	s := place.New(db)
	metropolis(b, db, s, 14_399, 1_447)
	for b.Loop() {
		if _, err := s.Near(context.Background(), 1, placetest.West, 5, 300); err != nil {
			b.Fatal(err)
		}
	}
}

func TestWhatIsNotThereIsNeverShownAsIfItWere(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		s := place.New(db)
		placetest.Town(t, db, s, 1)
		list := houses()
		add := func(settlement, street, number, building string, district place.AreaID) {
			id := place.HouseID(len(list) + 1)
			list = append(list, place.House{ID: id, Street: street, Number: number, Building: building, Address: settlement + ", " + street + ", " + number,
				Settlement: settlement, Point: placetest.West, District: district})
		}
		add("посёлок Дальний", "Садовая улица", "12", "", "east")
		add("Заречный", "улица Мира", "5", "", "west")
		add("Заречный", "улица Мира", "5", "", "east")
		add("Заречный", "улица Мира", "9-11", "", "east")
		do(t, db, func(tx *sqldb.Tx) error {
			must(t, s.LoadHouses(tx, 1, 2, list))
			must(t, s.LoadAreas(tx, 1, 2, placetest.Areas("town-1")))
			return s.SwitchIn(tx, 1, 2)
		})
		for _, tt := range []struct {
			query, number string
			fit           place.Fit
			guessed       bool
			settlement    string
		}{
			{"московское ш 5", "5", place.Exact, false, "Санкт-Петербург"},
			{"московское ш 7", "5", place.OtherHouse, false, "Санкт-Петербург"},
			{"ветеранов 999", "123", place.OtherHouse, false, "Санкт-Петербург"},
			{"ветеранов 12 корпус 7", "12", place.OtherHouse, false, "Санкт-Петербург"},
			{"маскофское ш 5", "5", place.Exact, true, "Санкт-Петербург"},
			{"красноармейская 1", "1/21", place.Longer, false, "Санкт-Петербург"},
			{"ветеранов 1", "123", place.Begun, false, "Санкт-Петербург"},
			{"новаторов", "11", place.OnlyStreet, false, "Санкт-Петербург"},
			{"новаторов ул 11", "11", place.Longer, true, "Санкт-Петербург"}, // it is a boulevard
			{"дальний садовая 12", "12", place.Exact, false, "посёлок Дальний"},
			{"садовая 12 восточный район", "12", place.Exact, false, "посёлок Дальний"},
			{"мира 11", "9-11", place.Longer, false, "Заречный"},
		} {
			found, err := s.Search(context.Background(), 1, tt.query, 5)
			must(t, err)
			if len(found) == 0 {
				t.Errorf("%q: nothing", tt.query)
				continue
			}
			f := found[0]
			if f.House.Number != tt.number || f.Fit != tt.fit || f.Guessed != tt.guessed || f.House.Settlement != tt.settlement {
				t.Errorf("%q: %s of %s is %s, guessed %v, of %s", tt.query, f.House.Number, f.House.Street, f.Fit, f.Guessed, f.House.Settlement)
			}
		}
		// Two buildings have one address: both are shown.
		found, err := s.Search(context.Background(), 1, "мира 5", 5)
		must(t, err)
		want(t, len(found), 2)
		want(t, found[0].House.ID != found[1].House.ID && found[0].Sure() && found[1].Sure(), true)
		want(t, found[0].Asked, "5")
	})
}
