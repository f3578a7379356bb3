package repeat_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"gorod/internal/city/place"
	"gorod/internal/city/problem"
	"gorod/internal/city/problem/problemtest"
	"gorod/internal/city/repeat"
	"gorod/internal/city/resident"
	"gorod/internal/platform/geo"
	"gorod/internal/platform/sqldb"
	"gorod/internal/platform/sqldbtest"
)

var kit = sqldbtest.New(problemtest.Schema()...)

// street is a town where things are reported.
type street struct {
	*problemtest.Town
	find   *repeat.Service
	people int64 // who reported so far: the first is Anna
	t      *testing.T
}

func each(t *testing.T, test func(s *street)) {
	t.Helper()
	t.Parallel()
	kit.Each(t, func(t *testing.T, db *sqldb.DB) {
		town := problemtest.New(t, db)
		test(&street{Town: town, find: &repeat.Service{DB: town.DB, Topics: town.Topics, Problems: town.Service}, t: t})
	})
}

// lamp reports a lamp so many metres north of the square, and a moderator
// accepts it.
func (s *street) lamp(said string, metres float64) problem.Receipt {
	s.t.Helper()
	s.people++
	sent := s.sent(resident.Who{City: problemtest.City, ID: problemtest.Anna.ID + s.people - 1}, said, metres)
	s.Give(s.t, problemtest.Moderator, sent.Problem, problem.Accept{})
	return sent
}

func (s *street) sent(who resident.Who, said string, metres float64) problem.Receipt {
	s.t.Helper()
	return s.Give(s.t, who, 0, problem.Send{Text: said, Topic: problemtest.Lamp, Channel: "web",
		Place: place.Draft{Point: north(metres), Mark: place.FreePoint}})
}

func north(metres float64) geo.Point {
	return geo.Point{Lat: problemtest.Square.Lat + metres/111_195, Lon: problemtest.Square.Lon}
}

// like asks what a message about a lamp at the square repeats.
func (s *street) like(said string, change ...func(*repeat.Query)) []repeat.Likeness {
	s.t.Helper()
	q := repeat.Query{Text: said, Topic: problemtest.Lamp, Point: problemtest.Square, At: s.Clock.Now(), Days: 30}
	for _, f := range change {
		f(&q)
	}
	list, err := s.find.Find(context.Background(), problemtest.City, q)
	if err != nil {
		s.t.Fatal(err)
	}
	return list
}

func numbers(list []repeat.Likeness) []int64 {
	var out []int64
	for _, l := range list {
		out = append(out, l.State.Number)
	}
	return out
}

func TestWhatIsTheSameStandsFirstWithItsWordsAndDistance(t *testing.T) {
	each(t, func(s *street) {
		other := s.lamp("Плафон разбит, осколки", 18)
		same := s.lamp("У детской площадки не горит фонарь", 6)
		far := s.lamp("Не горит фонарь у площадки", 300)
		list := s.like("не горит фонарь около площадки")
		if got := numbers(list); !slices.Equal(got, []int64{same.Number, other.Number}) {
			s.t.Fatalf("found %v, want %d, then %d, and not %d", got, same.Number, other.Number, far.Number)
		}
		first := list[0]
		if !first.Sure() || first.Metres != 6 || first.Closed || !slices.Equal(first.Same, []string{"площадки", "фонарь", "горит"}) {
			s.t.Errorf("it is told as P %.2f, %d m, closed %v, common words %q", first.P, first.Metres, first.Closed, first.Same)
		}
		if list[1].Sure() || list[1].P >= first.P {
			s.t.Errorf("other words at a distance have P %.2f", list[1].P)
		}
	})
}

func TestResidentsAreToldOnlyOfWhatEveryoneMaySee(t *testing.T) {
	each(t, func(s *street) {
		waiting := s.sent(problemtest.Anna, "не горит фонарь", 2)
		if got := s.like("не горит фонарь"); len(got) != 0 {
			s.t.Errorf("a message that no moderator has read yet is told of: %v", numbers(got))
		}
		staff := s.like("не горит фонарь", func(q *repeat.Query) { q.Hidden = true })
		if got := numbers(staff); !slices.Equal(got, []int64{waiting.Number}) {
			s.t.Errorf("the staff find %v", got)
		}
		if got := s.like("не горит фонарь", func(q *repeat.Query) { q.Hidden, q.Except = true, waiting.Problem }); len(got) != 0 {
			s.t.Errorf("a message repeats itself: %v", numbers(got))
		}
	})
}

func TestOfAHiddenMessageNoWordIsTold(t *testing.T) {
	each(t, func(s *street) {
		sent := s.lamp("не горит фонарь у площадки", 2)
		card, err := s.FindByID(context.Background(), problemtest.Moderator, sent.Problem)
		if err != nil {
			s.t.Fatal(err)
		}
		s.Give(s.t, problemtest.Moderator, sent.Problem, problem.HideText{Text: card.State.Messages[0].Text})
		if list := s.like("не горит фонарь у площадки"); len(list) != 1 || len(list[0].Same) != 0 || list[0].Text != "" {
			s.t.Errorf("told is %+v", list)
		}
	})
}

func TestWhatWasClosedIsToldForAsLongAsTheCitySays(t *testing.T) {
	each(t, func(s *street) {
		sent := s.lamp("не горит фонарь", 2)
		s.Give(s.t, problemtest.Electrican, sent.Problem, problemtest.Signed("Заменили лампу"))
		s.Give(s.t, problemtest.Moderator, sent.Problem, problem.Pass{})
		if list := s.like("не горит фонарь"); len(list) != 1 || list[0].Closed || list[0].State.Status != problem.Answered {
			s.t.Fatalf("what is answered is open still: %+v", list)
		}
		s.Give(s.t, problemtest.Anna, sent.Problem, problem.Confirm{})
		s.Clock.Pass(29 * 24 * time.Hour)
		if list := s.like("не горит фонарь"); len(list) != 1 || !list[0].Closed {
			s.t.Errorf("29 days later: %+v", list)
		}
		if list := s.like("не горит фонарь", func(q *repeat.Query) { q.Days = 0 }); len(list) != 0 {
			s.t.Error("a city that says 0 is told of open problems only")
		}
		s.Clock.Pass(2 * 24 * time.Hour)
		if list := s.like("не горит фонарь"); len(list) != 0 {
			s.t.Errorf("31 days later: %+v", list)
		}
	})
}

func TestAProblemOfTheHouseIsLookedForInTheHouseOnly(t *testing.T) {
	each(t, func(s *street) {
		s.lamp("не горит лампа над подъездом", 3)
		inside := s.Give(s.t, problemtest.Boris, 0, problem.Send{Text: "не горит лампа над подъездом", Topic: problemtest.Lamp, Channel: "web",
			Place: place.Draft{House: problemtest.House, Mark: place.NearBuilding, Point: north(40)}})
		s.Give(s.t, problemtest.Moderator, inside.Problem, problem.Accept{})
		got := numbers(s.like("над подъездом не горит лампа", func(q *repeat.Query) { q.House, q.Inside = problemtest.House, true }))
		if !slices.Equal(got, []int64{inside.Number}) {
			s.t.Errorf("found %v, want what was reported at the house: %d", got, inside.Number)
		}
	})
}

func TestBeforeATopicIsChosenTheProposedOnesAreEnough(t *testing.T) {
	each(t, func(s *street) {
		sent := s.lamp("не горит фонарь", 2)
		proposed := func(q *repeat.Query) {
			q.Topic, q.Proposed = 0, []repeat.Proposed{{Topic: problemtest.Lamp, Category: 20, Object: 2, P: 0.8}}
		}
		if got := numbers(s.like("фонарь не горит", proposed)); !slices.Equal(got, []int64{sent.Number}) {
			s.t.Errorf("found %v", got)
		}
		nothing := func(q *repeat.Query) { q.Topic = 0 }
		if got := s.like("фонарь не горит", nothing); len(got) != 0 {
			s.t.Errorf("with neither topic nor proposals: %v", numbers(got))
		}
	})
}

func TestWithoutAPlaceNothingIsFoundAndAnotherCityIsAnotherCity(t *testing.T) {
	each(t, func(s *street) {
		s.lamp("не горит фонарь", 2)
		if got := s.like("не горит фонарь", func(q *repeat.Query) { q.Point = geo.Point{Lat: 91} }); len(got) != 0 {
			s.t.Errorf("off the earth: %v", numbers(got))
		}
		list, err := s.find.Find(context.Background(), problemtest.City+1, repeat.Query{Text: "не горит фонарь", Topic: problemtest.Lamp, Point: problemtest.Square, At: s.Clock.Now()})
		if err != nil || len(list) != 0 {
			s.t.Errorf("in another city: %v, %v", numbers(list), err)
		}
	})
}

func TestATelephoneInAMessageOfOthersIsNoWordToFindItBy(t *testing.T) {
	each(t, func(s *street) {
		s.lamp("Звоните Петрову +7 921 123-45-67", 2)
		list := s.like("Петров 8 (921) 123-45-67", func(q *repeat.Query) { q.Least = 0.001 })
		for _, l := range list {
			for _, w := range l.Same {
				if len(w) > 0 && w[0] >= '0' && w[0] <= '9' {
					s.t.Errorf("told is %q", l.Same)
				}
			}
		}
	})
}
