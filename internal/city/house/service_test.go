package house_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"gorod/internal/city/house"
	"gorod/internal/city/org"
	"gorod/internal/city/place"
	"gorod/internal/city/place/placetest"
	"gorod/internal/city/resident"
	"gorod/internal/platform/event"
	"gorod/internal/platform/fault"
	"gorod/internal/platform/job"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(job.Migrations(), place.Migrations(), org.Migrations(), resident.Migrations(), house.Migrations())

// noon is when the tests happen.
var noon = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

type world struct {
	db    *sqldb.DB
	clock *sqldbtest.Clock
	s     *house.Service
	city  place.City
}

// street are the houses of the tests' town: Садовая has odd and even, a corner,
// buildings and letters; Речной one of each.
func street() []place.House {
	base := placetest.Houses()[0]
	make := func(id place.HouseID, street, number, building, letter string) place.House {
		h := base
		h.ID, h.Street, h.Number, h.Building, h.Structure, h.Letter = id, street, number, building, "", letter
		h.Address = strings.TrimSpace("г. Город, " + street + ", д. " + number + " " + building + " " + letter)
		h.Purpose, h.Manager, h.Year, h.Floors, h.Flats = "apartment", "uk-1", 1970, 5, 60
		return h
	}
	list := []place.House{
		make(501, "ул. Садовая", "1", "", ""), make(502, "ул. Садовая", "2", "", ""), make(503, "ул. Садовая", "3", "", ""),
		make(504, "ул. Садовая", "4/12", "", ""), make(505, "ул. Садовая", "5", "1", ""), make(506, "ул. Садовая", "5", "2", ""),
		make(507, "ул. Садовая", "7", "", "А"), make(508, "ул. Садовая", "7", "", "Б"), make(509, "ул. Садовая", "10", "", ""),
		make(520, "пер. Речной", "3", "", ""), make(521, "пер. Речной", "11", "", ""),
	}
	list[9].Manager, list[9].Floors, list[9].Year = "", 2, 1890
	return list
}

func setup(t testing.TB, db *sqldb.DB, bus *event.Bus) *world {
	t.Helper()
	clock := sqldbtest.NewClock(noon)
	db = db.At(clock.Now)
	w := &world{db: db, clock: clock}
	places, orgs := place.New(db), org.New(db)
	w.city = placetest.Town(t, db, places, 1)
	w.s = house.New(house.Service{DB: db, Places: places, Orgs: orgs, Bus: bus,
		Residents: resident.New(resident.Service{DB: db, Key: []byte("key of the tests, long enough to be one")})})
	ctx := context.Background()
	must(t, db.Do(ctx, func(tx *sqldb.Tx) error {
		if err := places.LoadHouses(tx, 1, 1, street()); err != nil {
			return err
		}
		return orgs.Load(tx, 1, 1, []org.Organisation{
			{ID: "uk-1", Kind: org.Company, Name: map[string]string{"ru": "УК Один"}, Dispatcher: "2-00-01", Open: true},
			{ID: "teplo", Kind: org.Supplier, Name: map[string]string{"ru": "Теплосеть"}, Open: true},
		})
	}))
	must(t, db.Do(ctx, func(tx *sqldb.Tx) error {
		return w.s.LoadTopics(tx, 1, 1, []house.TopicResource{{Topic: 22, Resource: house.HotWater}})
	}))
	return w
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T comparable](t testing.TB, got, wanted T) {
	t.Helper()
	if got != wanted {
		t.Errorf("got %v, want %v", got, wanted)
	}
}

func refused(t testing.TB, err error, kind fault.Kind) {
	t.Helper()
	if !errors.Is(err, kind) {
		t.Errorf("got %v, want a fault of the kind %v", err, kind)
	}
}

var (
	ctx     = context.Background()
	machine = resident.Machine(1)
	utility = resident.Who{City: 1, ID: 7, Org: "teplo", Roles: []resident.Role{resident.Executor}}
	company = resident.Who{City: 1, ID: 8, Org: "uk-1", Roles: []resident.Role{resident.Executor}}
	nobody  = resident.Who{City: 1, ID: 9}
)

func hot(from, to time.Time, houses ...place.HouseID) house.OutageDraft {
	return house.OutageDraft{Resource: house.HotWater, Kind: house.Planned, From: from, To: to, Key: "k-1", Source: "list", Org: "teplo", Houses: houses}
}

func TestResidentIsToldOfAKnownOutageBeforeSending(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		_, err := w.s.Announce(ctx, utility, hot(noon.Add(-time.Hour), noon.Add(5*time.Hour), 501, 502), resident.From{})
		must(t, err)
		known := func(at place.HouseID, topic int64, now time.Time) int {
			list, err := w.s.Known(ctx, 1, at, 22, now)
			if topic != 22 {
				list, err = w.s.Known(ctx, 1, at, 23, now)
			}
			must(t, err)
			return len(list)
		}
		want(t, known(501, 22, noon), 1)
		want(t, known(503, 22, noon), 0)                   // another house
		want(t, known(501, 23, noon), 0)                   // another topic
		want(t, known(501, 22, noon.Add(6*time.Hour)), 0)  // over
		want(t, known(501, 22, noon.Add(-2*time.Hour)), 0) // to come
		list, err := w.s.OutagesAt(ctx, 1, 501, noon.Add(29*24*time.Hour))
		must(t, err)
		want(t, len(list), 1)
		list, err = w.s.OutagesAt(ctx, 1, 501, noon.Add(31*24*time.Hour))
		must(t, err)
		want(t, len(list), 0)
	})
}

func TestOutageToldAgainChangesOnlyWhatDiffers(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		d := hot(noon.Add(time.Hour), noon.Add(5*time.Hour), 502, 501, 501)
		o, err := w.s.Announce(ctx, machine, d, resident.From{})
		must(t, err)
		want(t, o.Houses, 2)
		again, err := w.s.Announce(ctx, machine, d, resident.From{})
		must(t, err)
		want(t, again.Seq, 1)
		d.To, d.Houses = noon.Add(9*time.Hour), []place.HouseID{502, 503}
		moved, err := w.s.Announce(ctx, machine, d, resident.From{})
		must(t, err)
		want(t, moved.ID, o.ID)
		want(t, moved.Seq, 2)
		changes, err := w.s.History(ctx, 1, o.ID)
		must(t, err)
		want(t, len(changes), 2)
		want(t, changes[1].What+" "+changes[1].Detail, "moved to=2026-11-20T14:00:00Z;houses=2")
		at, err := w.s.OutagesAt(ctx, 1, 501, noon)
		must(t, err)
		want(t, len(at), 0)
		houses, err := w.s.HousesOf(ctx, 1, o.ID, 0, 0)
		must(t, err)
		want(t, len(houses), 2)
	})
}

func TestAManagingCompanyTellsOfOutagesInItsOwnHousesOnly(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		d := hot(noon, noon.Add(time.Hour), 501, 502)
		d.Org, d.Source = "uk-1", house.StaffSource
		_, err := w.s.Announce(ctx, company, d, resident.From{})
		must(t, err)
		d.Key, d.Houses = "k-2", []place.HouseID{501, 520} // 520 has no company
		_, err = w.s.Announce(ctx, company, d, resident.From{})
		refused(t, err, fault.Invalid)
		operator := resident.Who{City: 1, ID: 10, Roles: []resident.Role{resident.Operator}}
		_, err = w.s.Announce(ctx, operator, d, resident.From{})
		must(t, err) // the city's own dispatcher may name any house
		ids, err := w.s.Managed(ctx, 1, "uk-1")
		must(t, err)
		want(t, len(ids), 11)
		none, err := w.s.Managed(ctx, 1, "")
		must(t, err)
		want(t, len(none), 0)
	})
}

func TestOutageIsEndedByThoseWhoMay(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		bus := &event.Bus{}
		for _, kind := range house.AllNews() {
			bus.On(kind, "test."+kind)
		}
		w := setup(t, db, bus)
		_, err := w.s.Announce(ctx, nobody, hot(noon, time.Time{}, 501), resident.From{})
		refused(t, err, fault.Denied)
		_, err = w.s.Announce(ctx, company, hot(noon, time.Time{}, 501), resident.From{})
		refused(t, err, fault.Denied) // not theirs
		o, err := w.s.Announce(ctx, utility, hot(noon, time.Time{}, 501), resident.From{})
		must(t, err)
		end, expected := o.End()
		want(t, end, noon.Add(house.OpenEnded))
		want(t, expected, true)
		w.clock.Pass(2 * time.Hour)
		_, err = w.s.End(ctx, nobody, o.ID, w.clock.Now(), resident.From{})
		refused(t, err, fault.Denied)
		_, err = w.s.End(ctx, utility, o.ID, noon.Add(-time.Hour), resident.From{})
		refused(t, err, fault.Invalid)
		o, err = w.s.End(ctx, utility, o.ID, noon.Add(time.Hour), resident.From{})
		must(t, err)
		want(t, o.Status(w.clock.Now()), house.Over)
		o, err = w.s.End(ctx, utility, o.ID, noon.Add(time.Hour), resident.From{})
		must(t, err)
		want(t, o.Seq, 2)
		_, err = w.s.Cancel(ctx, utility, o.ID, resident.From{})
		refused(t, err, fault.Closed)
		must(t, w.db.View(ctx, func(tx *sqldb.Tx) error {
			list, err := job.List(tx, 1, job.Ready, 10)
			want(t, len(list), 2)
			want(t, list[0].Kind+" "+list[1].Kind, "test.house.outage_announced test.house.outage_over")
			return err
		}))
	})
}

func TestOutageWhoseEndHasPassedIsToldToBeOverOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		o, err := w.s.Announce(ctx, machine, hot(noon, noon.Add(time.Hour), 501), resident.From{})
		must(t, err)
		for range 3 {
			w.clock.Pass(time.Hour)
			must(t, w.s.Sweep(ctx, job.Job{City: 1}))
		}
		changes, err := w.s.History(ctx, 1, o.ID)
		must(t, err)
		want(t, len(changes), 2)
		want(t, changes[1].What, "over")
		list, err := w.s.Current(ctx, 1, w.clock.Now(), house.OutageFilter{})
		must(t, err)
		want(t, len(list), 0)
		list, err = w.s.Current(ctx, 1, w.clock.Now(), house.OutageFilter{Over: true, Resource: house.HotWater})
		must(t, err)
		want(t, len(list), 1)
	})
}

const coldList = `начало;окончание;адреса отключаемых объектов
21 ноября 2026 09:00;21 ноября 2026 17:00;Садовая ул., дома 1, 2–10 чётные, корп. 1; пер. Речной от дома 3 до дома 11
22 ноября 2026 09:00;22 ноября 2026 12:30;ул. Садовая, 5; ул. Лунная, 7; ул. Садовая, д. 7
`

func TestListOfColdWaterIsTakenOnce(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		how := house.ListImport{Layout: house.ColdWaterList, Org: "teplo"}
		take := func(list string) house.Report {
			t.Helper()
			report, err := w.s.ImportOutages(ctx, 1, how, strings.NewReader(list))
			must(t, err)
			return report
		}
		r := take(coldList)
		want(t, r.Added, 2)
		want(t, r.Addresses, 5)
		want(t, r.Matched, 3)
		want(t, r.Houses, 8) // 501 502 504 509 520 521 and the two of 7
		want(t, len(r.Troubles), 2)
		want(t, r.Troubles[0].Reason+" "+r.Troubles[1].Reason, "house.miss_building house.miss_street")
		want(t, r.Troubles[1].Line, 3)
		want(t, take(coldList).Unchanged, 2)
		broken := take(strings.Replace(coldList, "22 ноября", "32 ноября", 1))
		want(t, broken.Fatal, 1)
		want(t, broken.Added+broken.Unchanged, 0)
		how.Complete = true
		first, _, _ := strings.Cut(coldList, "\n22")
		want(t, take(first+"\n").Cancelled, 1)
		r = take(coldList) // it is back
		want(t, r.Changed, 1)
		want(t, r.Unchanged, 1)
	})
}

func TestListsOfHotWaterAndPowerAreTaken(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		hotList := "График\n№,район,улица,дом,корпус/литера,период 1,период 2\n" +
			"1,,Садовая ул.,5,1,01.12.2026 - 14.12.2026,-\n2,,ул. Садовая,7,А,01.12.2026 - 14.12.2026,20.12.2026 - 21.12.2026\n3,,ул. Садовая,100,,01.12.2026 - 14.12.2026,\n"
		r, err := w.s.ImportOutages(ctx, 1, house.ListImport{Layout: house.HotWaterList}, strings.NewReader(hotList))
		must(t, err)
		want(t, r.Added, 2)
		want(t, r.Houses, 2)
		list, err := w.s.OutagesAt(ctx, 1, 507, noon)
		must(t, err)
		want(t, len(list), 2)
		want(t, list[0].Kind, house.Preventive)
		want(t, list[0].To.Sub(list[0].From), 14*24*time.Hour)
		power := "date_start;time_start;date_end;time_end;улица, дома\n21-11-2026;09:00;21-11-2026;16:30;ул. Садовая, д. 1, 3-7 (нечет), 10\n"
		r, err = w.s.ImportOutages(ctx, 1, house.ListImport{Layout: house.PowerList}, strings.NewReader(power))
		must(t, err)
		want(t, r.Houses, 7)
		want(t, len(r.Troubles), 0)
	})
}

func TestCompanyTellsItsOwnHouses(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		news := house.EntryDraft{Kind: house.News, Retry: "form-1", Org: "uk-1", Title: "Красим", Houses: []place.HouseID{501}}
		_, err := w.s.Write(ctx, utility, news, resident.From{})
		refused(t, err, fault.Denied)
		foreign := news
		foreign.Houses = []place.HouseID{520}
		_, err = w.s.Write(ctx, company, foreign, resident.From{})
		refused(t, err, fault.Invalid)
		e, err := w.s.Write(ctx, company, news, resident.From{})
		must(t, err)
		again, err := w.s.Write(ctx, company, news, resident.From{})
		must(t, err)
		want(t, again.ID, e.ID)
		other := news
		other.Title = "Белим"
		_, err = w.s.Write(ctx, company, other, resident.From{})
		refused(t, err, fault.Conflict)
		schedule := house.EntryDraft{Kind: house.Cleaning, Retry: "c", Org: "uk-1", All: true, What: "stairs", Days: []time.Weekday{5, 1}, Opens: "09:00", Closes: "08:00"}
		_, err = w.s.Write(ctx, company, schedule, resident.From{})
		refused(t, err, fault.Invalid)
		schedule.Closes = "12:00"
		_, err = w.s.Write(ctx, company, schedule, resident.From{})
		must(t, err)
		card, err := w.s.CardAt(ctx, 1, 501, noon)
		must(t, err)
		want(t, len(card.News), 1)
		want(t, len(card.Cleaning), 1)
		want(t, card.Dispatcher.Phone, "2-00-01")
		want(t, card.Company.Houses, 11) // with the town's own
		card, err = w.s.CardAt(ctx, 1, 502, noon)
		must(t, err)
		want(t, len(card.News), 0)
		must(t, w.s.Withdraw(ctx, company, e.ID, resident.From{}))
		card, err = w.s.CardAt(ctx, 1, 501, noon)
		must(t, err)
		want(t, len(card.News), 0)
		entries, err := w.s.Entries(ctx, 1, "uk-1", "", 0, 0)
		must(t, err)
		want(t, len(entries), 1)
	})
}

const passportsXML = `<?xml version="1.0"?>
<passports_houses>
 <passports_houses><address>ул. Садовая, д. 1</address><data_buildingdate>до 1917</data_buildingdate><data_buildingarea/><comm_num>3</comm_num></passports_houses>
 <passports_houses><address>ул. Садовая, д. 1</address><data_buildingdate>до 1917</data_buildingdate><data_buildingarea/><comm_num>5</comm_num></passports_houses>
 <passports_houses><address>ул. Садовая, д. 5</address><data_buildingdate>1970</data_buildingdate></passports_houses>
</passports_houses>`

func TestImportedPassportsStandBesideThoseOfThePack(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		must(t, w.db.Do(ctx, func(tx *sqldb.Tx) error {
			return w.s.LoadPassports(tx, 1, 1, []house.Passport{{House: 501, Walls: "Кирпичные", AsOf: "2025-01-01"}, {House: 502, Built: 1955}})
		}))
		r, err := w.s.ImportPassports(ctx, 1, house.PassportImport{AsOf: "2026-01-01"}, strings.NewReader(passportsXML))
		must(t, err)
		want(t, r.Added, 1)
		want(t, r.Matched, 2)
		want(t, r.Troubles[0].Reason, "house.miss_building")
		card, err := w.s.CardAt(ctx, 1, 501, noon)
		must(t, err)
		want(t, card.Passport.Built, 1917)
		want(t, card.Passport.CommunalFlats, 2)
		want(t, card.Passport.Walls, "") // the younger one, whole
		csv := "address,built_year,elevators_count,floor_count_max,is_alarm\n\"ул. Садовая, 10\",1999 г.,2,\"9\",да\n\"ул. Садовая, 2\",неизвестно,много,5,нет\n"
		r, err = w.s.ImportPassports(ctx, 1, house.PassportImport{}, strings.NewReader(csv))
		must(t, err)
		want(t, r.Added, 2)
		want(t, r.Troubles[0].Field+" "+r.Troubles[0].Reason, "elevators_count house.not_count")
		want(t, r.Troubles[0].Line*10+r.Troubles[0].Column, 33)
		page, err := w.s.List(ctx, 1, house.Filter{YearFrom: 1990, Lifts: "yes", Alarm: "yes", FloorFrom: 9})
		must(t, err)
		want(t, page.Total, 1)
		want(t, page.Rows[0].House.ID, 509)
		for _, broken := range []string{"<a><b></a>", "<a></a>", "no,such\n1,2\n", "address\n\"unclosed", "\xff\xfe"} {
			r, err = w.s.ImportPassports(ctx, 1, house.PassportImport{}, strings.NewReader(broken))
			must(t, err)
			want(t, r.Fatal > 0, true)
			want(t, r.Added, 0)
		}
	})
}

func TestHousesAreListedInTheOrderOfPeople(t *testing.T) {
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		w := setup(t, db, nil)
		var got []string
		filter := house.Filter{Street: "садов", Limit: 4}
		for {
			page, err := w.s.List(ctx, 1, filter)
			must(t, err)
			want(t, page.Total, 12)
			for _, r := range page.Rows {
				got = append(got, r.House.Number+r.House.Building+r.House.Letter)
			}
			if page.Next == 0 {
				break
			}
			filter.After = page.Next
		}
		want(t, strings.Join(got, " "), "1 2 3 4/12 51 52 7А 7Б 10 14 142А 1/21")
		page, err := w.s.List(ctx, 1, house.Filter{NoManager: true, YearTo: 1900})
		must(t, err)
		want(t, page.Total, 1)
		page, err = w.s.List(ctx, 1, house.Filter{Manager: "no-such"})
		must(t, err)
		want(t, page.Total, 0)
	})
}
